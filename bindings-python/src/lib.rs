//! The native half of the Python module `scoreline`. It converts inputs and outputs, maps errors and releases the
//! interpreter lock; everything that decides anything is in the crate `scoreline`.
#![deny(clippy::undocumented_unsafe_blocks)]

mod arrow;
mod error;
mod guard;

use pyo3::prelude::*;
use scoreline::{Date, Value};

use crate::error::Fault;
use crate::guard::guard;

/// The release of the library.
#[pyfunction]
fn version() -> Result<&'static str, Fault> {
    guard(|| Ok(env!("CARGO_PKG_VERSION")))
}

/// Days since 1970-01-01 of a calendar day written as `YYYY-MM-DD`.
#[pyfunction]
fn parse_date(text: &str) -> Result<i32, Fault> {
    guard(|| Ok(Date::parse(text)?.days()))
}

/// What the library sees in a table: name and kind of each column that it can read, and how many values are missing.
#[pyfunction]
fn describe(data: &Bound<'_, PyAny>) -> Result<Vec<(String, &'static str, usize)>, Fault> {
    guard(|| {
        let mut columns: Vec<(String, &'static str, usize)> = Vec::new();
        for (at, table) in arrow::read(data)?.iter().enumerate() {
            let schema = table.schema_ref();
            let batch = arrow::batch(table, |name| arrow::natural_kind(schema.field_with_name(name).ok()?.data_type()))?;
            for (place, (name, column)) in batch.columns().enumerate() {
                let missing = (0..batch.rows()).filter(|row| matches!(column.value(*row), Value::Missing)).count();
                match columns.get_mut(place).filter(|_| at > 0) {
                    Some((_, _, sum)) => *sum += missing,
                    None => columns.push((name.to_owned(), column.kind().name(), missing)),
                }
            }
        }
        Ok(columns)
    })
}

/// What `scoreline` imports as `scoreline._scoreline`.
#[pymodule]
mod _scoreline {
    #[pymodule_export]
    use super::{describe, parse_date, version};
}
