//! Who accepts a price, and the price that earns most.

use pyo3::prelude::*;
use scoreline::Error;
use scoreline::pricing::{self, SegmentLadder, TakeUp};
use serde::Serialize;

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
}

/// Plain values of what `work` finds with a curve, which is JSON, unless the callback raised.
fn found<'py, T: Serialize>(
    value: &Bound<'py, PyAny>,
    curve: &str,
    work: impl FnOnce(&TakeUp, &mut dyn FnMut(f64) -> f64) -> Result<T, Error>,
) -> Result<Bound<'py, PyAny>, Fault> {
    let curve: TakeUp = setting("take_up", curve)?;
    let mut earned = Earned { value, failed: None };
    let found = work(&curve, &mut |rate| earned.at(rate));
    match earned.failed {
        Some(error) => Err(error.into()),
        None => plain(value.py(), &found?),
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
    guard(|| found(value, curve, |curve, earned| pricing::price_ladder(curve, low, high, steps, earned)))
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
    guard(|| found(value, curve, |curve, earned| pricing::best_price(curve, needed, cap, steps, earned)))
}

/// The efficient frontier over segments; `segments` is JSON.
#[pyfunction]
pub(crate) fn price_frontier<'py>(py: Python<'py>, segments: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let segments: Vec<SegmentLadder> = setting("segments", segments)?;
        plain(py, &pricing::efficient_frontier(&segments)?)
    })
}
