//! What the rejected applicants might have done.

use pyo3::prelude::*;
use scoreline::Error;
use scoreline::model::{self, RejectMethod, ScoreBand};

use super::{counts, rows, units};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting};

/// A band of scores in rows: accepted non-events and events, rejected, their mean PD.
type Band = (f64, f64, f64, f64);

fn bands(bands: Vec<Band>) -> Result<Vec<ScoreBand>, Error> {
    let band = |(non_events, events, rejected, pd)| {
        Ok(ScoreBand { accepted: counts(non_events, events)?, rejected: units("rejected", rejected)?, pd })
    };
    bands.into_iter().map(band).collect()
}

/// The band of event rates over several methods, given as JSON.
#[pyfunction]
pub(crate) fn reject_band<'py>(py: Python<'py>, score_bands: Vec<Band>, methods: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let methods: Vec<RejectMethod> = setting("methods", methods)?;
        plain(py, &model::reject_band(&bands(score_bands)?, &methods)?)
    })
}

/// Non-events and events of each band, in rows, with the rejected ones added by a method, given as JSON.
#[pyfunction]
pub(crate) fn reject_augment(score_bands: Vec<Band>, method: &str) -> Result<Vec<(f64, f64)>, Fault> {
    guard(|| {
        let method: RejectMethod = setting("method", method)?;
        Ok(method.augment(&bands(score_bands)?)?.into_iter().map(rows).collect())
    })
}
