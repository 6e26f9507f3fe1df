//! Values of the library as plain Python objects and back, by way of JSON: small things only.

use pyo3::intern;
use pyo3::prelude::*;
use scoreline::{Error, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Fault;

/// What `json.loads` makes of a value.
pub(crate) fn plain<'py>(py: Python<'py>, value: &impl Serialize) -> Result<Bound<'py, PyAny>, Fault> {
    Ok(py.import(intern!(py, "json"))?.call_method1(intern!(py, "loads"), (text(value)?,))?)
}

/// The value as JSON.
pub(crate) fn text(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|_| Error::internal("a result cannot be written as JSON"))
}

/// Reads a setting from JSON; `name` and the place within it are what messages name. These are settings, never records, so the
/// message may say what stands there.
pub(crate) fn setting<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, Error> {
    let mut reader = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let said = error.inner().to_string();
        // The text is what Python wrote of plain values, and only NaN and infinities are no JSON there.
        let what = match said.split(" at line ").next().unwrap_or_default() {
            "expected value" => "a finite value was expected".to_owned(),
            said => format!("the setting is not of the expected form: {said}"),
        };
        let path = error.path().to_string();
        let field = match path.trim_end_matches('?').trim_end_matches('.') {
            "" => name.to_owned(),
            path => format!("{name}.{path}"),
        };
        Error::config(Problem::new(what, "correct it").field(field))
    })
}
