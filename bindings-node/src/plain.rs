//! Values of the library as JSON and back: small things only.

use scoreline::{Error, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The value as JSON.
pub(crate) fn text(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|_| Error::internal("a result cannot be written as JSON"))
}

/// Reads the argument called `name` from JSON. What the parser says is left out but for the place: it may repeat a value.
pub(crate) fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| {
        let what = format!("the text is not of the expected form, at line {}, column {}", error.line(), error.column());
        Error::data(Problem::new(what, "pass JSON in the form that the library wrote").field(name))
    })
}
