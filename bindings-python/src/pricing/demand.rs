//! Who accepts a price, and the price that earns most.

use pyo3::prelude::*;
use scoreline::Error;
use scoreline::pricing::{self, BestPrice, SegmentLadder, TakeUp};

use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting};

/// Share and elasticity of demand at a rate; `curve` is JSON.
#[pyfunction]
pub(crate) fn take_up(curve: &str, rate: f64) -> Result<(f64, f64), Fault> {
    guard(|| {
        let curve: TakeUp = setting("take_up", curve)?;
        curve.validate()?;
        Ok((curve.share(rate), curve.elasticity(rate)))
    })
}

/// Calls back for what an accepted offer earns; the first exception is kept.
struct Earned<'a, 'py> {
    value: &'a Bound<'py, PyAny>,
    failed: Option<PyErr>,
}

impl Earned<'_, '_> {
    fn at(&mut self, rate: f64) -> f64 {
        if self.failed.is_some() {
            return f64::NAN;
        }
        let found = self.value.call1((rate,)).and_then(|found| found.extract::<f64>());
        found.unwrap_or_else(|error| {
            self.failed = Some(error);
            f64::NAN
        })
    }

    /// The result, unless the callback raised.
    fn outcome<T>(self, result: Result<T, Error>) -> Result<T, Fault> {
        match self.failed {
            Some(error) => Err(error.into()),
            None => Ok(result?),
        }
    }
}

/// Prices with what each earns.
#[pyfunction]
pub(crate) fn price_ladder<'py>(
    curve: &str,
    low: f64,
    high: f64,
    steps: usize,
    value: &Bound<'py, PyAny>,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let curve: TakeUp = setting("take_up", curve)?;
        let mut earned = Earned { value, failed: None };
        let found = pricing::price_ladder(&curve, low, high, steps, |rate| earned.at(rate));
        plain(value.py(), &earned.outcome(found)?)
    })
}

/// The price that earns most.
#[pyfunction]
pub(crate) fn best_price<'py>(
    curve: &str,
    needed: f64,
    cap: f64,
    steps: usize,
    value: &Bound<'py, PyAny>,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let curve: TakeUp = setting("take_up", curve)?;
        let mut earned = Earned { value, failed: None };
        let found: Result<BestPrice, Error> = pricing::best_price(&curve, needed, cap, steps, |rate| earned.at(rate));
        plain(value.py(), &earned.outcome(found)?)
    })
}

/// The efficient frontier over segments; `segments` is JSON.
#[pyfunction]
pub(crate) fn price_frontier<'py>(py: Python<'py>, segments: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let segments: Vec<SegmentLadder> = setting("segments", segments)?;
        plain(py, &pricing::efficient_frontier(&segments)?)
    })
}
