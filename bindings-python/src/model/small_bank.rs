//! Honest numbers from a few hundred cases.

use ndarray::Array2;
use pyo3::prelude::*;
use scoreline::model::{self, SampleSize, ShrunkenWoe};
use scoreline::stats::Counts;
use scoreline::{Error, Problem};

use super::{cells, counts};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting};

/// How many rows of the overall event rate each bin should be mixed with; bins are (non-events, events) in rows.
#[pyfunction]
pub(crate) fn shrinkage_strength(bins: Vec<(f64, f64)>) -> Result<f64, Fault> {
    guard(|| {
        let bins = bins.into_iter().map(|(non_events, events)| counts(non_events, events));
        Ok(model::shrinkage_strength(&bins.collect::<Result<Vec<Counts>, Error>>()?))
    })
}

/// The weight of evidence of a bin and its variance; `bin` and `all` are (non-events, events) in rows.
#[pyfunction]
pub(crate) fn shrunken_woe(bin: (f64, f64), all: (f64, f64), strength: f64) -> Result<(f64, f64), Fault> {
    guard(|| {
        let found = model::shrunken_woe(counts(bin.0, bin.1)?, counts(all.0, all.1)?, strength);
        let ShrunkenWoe { woe, variance } = found.ok_or_else(|| {
            let what = "the weight of evidence is not finite";
            Error::insufficient(Problem::new(what, "use a sample of both outcomes and a strength above 0"))
        })?;
        Ok((woe, variance))
    })
}

/// An AUC with its interval and variance.
#[pyfunction]
#[pyo3(signature = (log_odds, target, confidence, weight = None))]
pub(crate) fn auc_interval<'py>(
    py: Python<'py>,
    log_odds: &Bound<'py, PyAny>,
    target: &Bound<'py, PyAny>,
    confidence: f64,
    weight: Option<&Bound<'py, PyAny>>,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| plain(py, &model::auc_interval(&cells(py, log_odds, target, weight)?, confidence)?))
}

/// The interval of the PD of a case; `calibration` is the JSON of a `Calibration`.
#[pyfunction]
pub(crate) fn pd_interval<'py>(
    py: Python<'py>,
    beta: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    bins: Vec<(f64, f64)>,
    calibration: &str,
    confidence: f64,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let calibration: model::Calibration = setting("calibration", calibration)?;
        calibration.validate()?;
        let sides = (covariance.len(), covariance.first().map_or(0, Vec::len));
        let covariance = Array2::from_shape_vec(sides, covariance.into_iter().flatten().collect())
            .map_err(|_| Error::data(Problem::new("the rows differ in length", "pass a square matrix").field("covariance")))?;
        let bins: Vec<ShrunkenWoe> = bins.into_iter().map(|(woe, variance)| ShrunkenWoe { woe, variance }).collect();
        plain(py, &model::pd_interval(&beta, &covariance, &bins, &calibration, confidence)?)
    })
}

/// Whether a sample bears a card, and what is proposed when it does not.
#[pyfunction]
pub(crate) fn sample_size(non_events: f64, events: f64) -> Result<(String, Option<String>), Fault> {
    guard(|| {
        let size = SampleSize::of(counts(non_events, events)?);
        let name = crate::plain::text(&size)?.trim_matches('"').to_owned();
        Ok((name, size.problem().map(|problem| format!("{}; {}", problem.what, problem.remedy))))
    })
}
