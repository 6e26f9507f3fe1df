//! From log-odds to PD.

use pyo3::prelude::*;
use scoreline::Kind;
use scoreline::model::{self, CalibrationConfig, UpperBound};

use super::{cells, risks};
use crate::arrow::Numbers;
use crate::data::Single;
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{setting, text};

/// A fitted calibration.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct Calibration(model::Calibration);

/// Learns a calibration; `config` is the JSON of a `CalibrationConfig`.
#[pyfunction]
#[pyo3(signature = (log_odds, target, config, weight = None))]
pub(crate) fn fit_calibration(
    py: Python<'_>,
    log_odds: &Bound<'_, PyAny>,
    target: &Bound<'_, PyAny>,
    config: &str,
    weight: Option<&Bound<'_, PyAny>>,
) -> Result<Calibration, Fault> {
    guard(|| {
        let config: CalibrationConfig = setting("calibration", config)?;
        let cells = cells(py, log_odds, target, weight)?;
        Ok(Calibration(py.detach(|| config.fit(&cells))?))
    })
}

#[pymethods]
impl Calibration {
    /// Reads what ``to_json`` wrote.
    #[staticmethod]
    fn from_json(text: &str) -> Result<Self, Fault> {
        guard(|| {
            let calibration: model::Calibration = setting("calibration", text)?;
            calibration.validate()?;
            Ok(Calibration(calibration))
        })
    }

    /// The steps as text.
    fn to_json(&self) -> Result<String, Fault> {
        guard(|| Ok(text(&self.0)?))
    }

    /// The PD at each of the log-odds.
    fn pd(&self, log_odds: &Bound<'_, PyAny>) -> Result<Numbers, Fault> {
        guard(|| self.each(log_odds, model::Calibration::apply))
    }

    /// The log-odds of that PD.
    fn log_odds(&self, log_odds: &Bound<'_, PyAny>) -> Result<Numbers, Fault> {
        guard(|| self.each(log_odds, model::Calibration::log_odds))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> Result<(Bound<'py, PyAny>, (String,)), Fault> {
        guard(|| Ok((slf.get_type().getattr("from_json")?, (slf.get().to_json()?,))))
    }
}

impl Calibration {
    fn each(&self, log_odds: &Bound<'_, PyAny>, of: fn(&model::Calibration, f64) -> f64) -> Result<Numbers, Fault> {
        let single = Single::read("log_odds", log_odds, Some(Kind::Number))?;
        let found = log_odds.py().detach(|| {
            let mut values = single.numbers()?;
            values.iter_mut().for_each(|value| *value = of(&self.0, *value));
            Ok::<_, scoreline::Error>(values)
        })?;
        Ok(Numbers::from(found))
    }
}

/// What is added to log-odds for another share of events.
#[pyfunction]
pub(crate) fn prior_shift(trained: f64, population: f64) -> Result<f64, Fault> {
    guard(|| Ok(model::prior_shift(trained, population)?))
}

/// What is added to log-odds so that the mean PD is `target`.
#[pyfunction]
#[pyo3(signature = (log_odds, target, weight = None))]
pub(crate) fn central_tendency_shift(
    log_odds: &Bound<'_, PyAny>,
    target: f64,
    weight: Option<&Bound<'_, PyAny>>,
) -> Result<f64, Fault> {
    guard(|| Ok(model::central_tendency_shift(&risks(log_odds, weight)?, target)?))
}

/// The share of events of a population without outcomes.
#[pyfunction]
#[pyo3(signature = (log_odds, trained, weight = None))]
pub(crate) fn estimate_prior(log_odds: &Bound<'_, PyAny>, trained: f64, weight: Option<&Bound<'_, PyAny>>) -> Result<f64, Fault> {
    guard(|| Ok(model::estimate_prior(&risks(log_odds, weight)?, trained)?))
}

/// The one-sided upper bound of a rate; without a method, the library's own.
#[pyfunction]
#[pyo3(signature = (events, rows, confidence, method = None))]
pub(crate) fn upper_bound(events: f64, rows: f64, confidence: f64, method: Option<&str>) -> Result<f64, Fault> {
    guard(|| {
        let method: Option<UpperBound> = method.map(|method| setting("method", &format!("{method:?}"))).transpose()?;
        Ok(method.unwrap_or_default().of(events, rows, confidence))
    })
}
