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

/// Reads a setting from JSON; `field` names it in messages. These are settings, never records, so the message may say
/// what stands there.
pub(crate) fn setting<T: DeserializeOwned>(field: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| {
        let said = error.to_string();
        let said = said.split(" at line ").next().unwrap_or_default();
        Error::config(Problem::new(format!("the setting is not of the expected form: {said}"), "correct it").field(field))
    })
}
