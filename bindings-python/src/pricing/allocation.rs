//! What a fixed budget is lent to.

use pyo3::prelude::*;
use scoreline::pricing::{AllocationTerms, Candidate};

use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting};

/// The allocation of a budget over candidates; `candidates` and `terms` are JSON.
#[pyfunction]
pub(crate) fn allocate<'py>(py: Python<'py>, candidates: &str, terms: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let (candidates, terms): (Vec<Candidate>, AllocationTerms) =
            (setting("candidates", candidates)?, setting("terms", terms)?);
        plain(py, &py.detach(|| terms.allocate(&candidates))?)
    })
}
