//! Arguments are read here and not by napi, whose messages repeat the value that it was given.

use napi::Unknown;
use napi::bindgen_prelude::FromNapiValue;
use scoreline::{Error, Problem};

use crate::error::Fault;

/// The argument called `name` as `T`; `expected` says in words what it should be.
pub(crate) fn read<T: FromNapiValue>(value: Unknown<'_>, name: &str, expected: &str) -> Result<T, Fault> {
    T::from_unknown(value).map_err(|_| {
        let problem = Problem::new(format!("{expected} was expected"), format!("pass {expected}")).field(name);
        Error::data(problem).into()
    })
}
