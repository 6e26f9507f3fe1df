//! What the results of every batch have in common: rows that failed, and columns that are made once.

use napi::bindgen_prelude::{JsObjectValue, This};
use napi::{Env, JsValue, Property, PropertyAttributes, Unknown};
use napi_derive::napi;
use scoreline::Problem;

use crate::error::{self, Fault};

/// A row that could not be decided.
#[napi(object, object_from_js = false)]
pub struct RowError {
    /// Zero-based row.
    pub row: f64,
    /// The kind of error.
    #[napi(ts_type = "ErrorCode")]
    pub code: String,
    /// What is wrong. It never contains a value of the data.
    pub message: String,
    /// Everything that is wrong, with its place and remedy.
    pub problems: Vec<error::Problem>,
}

pub(crate) fn row_errors(errors: &[(usize, scoreline::Error)]) -> Vec<RowError> {
    let error = |(row, error): &(usize, scoreline::Error)| RowError {
        row: *row as f64,
        code: error.code().name().to_owned(),
        message: error.to_string(),
        problems: error.problems().iter().map(error::Problem::from).collect(),
    };
    errors.iter().map(error).collect()
}

/// What is said of a row beyond the end.
pub(crate) fn no_row() -> scoreline::Error {
    let problem = Problem::new("a row of the batch was expected", "pass a whole number from 0 to rows - 1");
    scoreline::Error::data(problem.field("row"))
}

/// Makes the property `name` of `this` once: from then on the object has it as its own.
pub(crate) fn once<'a, T: JsValue<'a>>(
    env: &'a Env,
    mut this: This<'a>,
    name: &str,
    make: impl FnOnce(&'a Env) -> napi::Result<T>,
) -> Result<Unknown<'a>, Fault> {
    let value = make(env)?.to_unknown();
    let own = Property::new().with_utf8_name(name)?.with_value(&value).with_property_attributes(PropertyAttributes::Enumerable);
    this.define_properties(&[own])?;
    Ok(value)
}
