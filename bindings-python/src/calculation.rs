//! Calculations by name, JSON in and JSON out.

use pyo3::prelude::*;
use scoreline::Threads;
use scoreline::calculation;

use crate::error::Fault;
use crate::guard::guard;

/// The calculations with what each gives.
#[pyfunction]
pub(crate) fn calculations() -> Result<Vec<(&'static str, &'static str)>, Fault> {
    guard(|| Ok(calculation::all().map(|one| (one.name, one.about)).collect()))
}

/// The answer to an input, both JSON.
#[pyfunction]
pub(crate) fn calculate(name: &str, input: &str) -> Result<String, Fault> {
    guard(|| Ok(calculation::calculate(name, input)?))
}

/// The answers to many inputs, one a line.
#[pyfunction]
pub(crate) fn calculate_lines(py: Python<'_>, name: &str, inputs: &str, threads: usize) -> Result<String, Fault> {
    guard(|| Ok(py.detach(|| calculation::calculate_lines(name, inputs, Threads::from_count(threads)))?))
}
