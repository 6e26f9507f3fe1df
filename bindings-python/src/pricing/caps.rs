//! Caps as dated data, limits on changes, and the same price for the same risk.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use scoreline::pricing::{self, CountryPack, PastPrice, PriceGuard, PricedDeal, RateBasis};
use scoreline::{Error, Kind, Problem, Value};

use crate::data::{Single, needed_day};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting};

/// The text of the sample pack of a jurisdiction.
#[pyfunction]
pub(crate) fn cap_pack<'py>(py: Python<'py>, jurisdiction: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| plain(py, &CountryPack::load(jurisdiction)?))
}

/// The jurisdictions of which samples are shipped.
#[pyfunction]
pub(crate) fn cap_packs() -> Result<Vec<&'static str>, Fault> {
    guard(|| Ok(CountryPack::names()))
}

/// The caps of a product on a day; `pack` is JSON.
#[pyfunction]
pub(crate) fn caps_on<'py>(pack: &str, product: &str, day: &Bound<'py, PyAny>) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| plain(day.py(), &CountryPack::from_json(pack)?.caps_on(product, needed_day(day)?)?))
}

/// The caps that a deal exceeds; `pack` and `rates` are JSON.
#[pyfunction]
pub(crate) fn cap_breaches<'py>(
    pack: &str,
    product: &str,
    day: &Bound<'py, PyAny>,
    rates: &str,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let rates: BTreeMap<RateBasis, f64> = setting("rates", rates)?;
        plain(day.py(), &CountryPack::from_json(pack)?.breaches(product, needed_day(day)?, &rates)?)
    })
}

/// A price within the limits on changes; `config` and `past` are JSON.
#[pyfunction]
#[pyo3(signature = (config, target, needed, cap, past, today))]
pub(crate) fn guarded_price<'py>(
    config: &str,
    target: f64,
    needed: f64,
    cap: Option<f64>,
    past: &str,
    today: &Bound<'py, PyAny>,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let guard: PriceGuard = setting("guard", config)?;
        let past: Vec<PastPrice> = setting("past", past)?;
        plain(today.py(), &guard.quote(target, needed, cap, &past, needed_day(today)?)?)
    })
}

fn text(value: Value<'_>) -> Option<&str> {
    if let Value::Category(text) = value { Some(text) } else { None }
}

/// Deals on the same terms with different prices.
#[pyfunction]
#[pyo3(signature = (terms, rates, reasons, tolerance))]
pub(crate) fn inconsistencies<'py>(
    terms: &Bound<'py, PyAny>,
    rates: &Bound<'py, PyAny>,
    reasons: Option<&Bound<'py, PyAny>>,
    tolerance: f64,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let (names, values) =
            (Single::read("terms", terms, Some(Kind::Category))?, Single::read("rates", rates, Some(Kind::Number))?.numbers()?);
        let reasons = reasons.map(|reasons| Single::read("reasons", reasons, Some(Kind::Category))).transpose()?;
        let names = names.column()?;
        let reasons = reasons.as_ref().map(Single::column).transpose()?;
        if names.len() != values.len() || reasons.as_ref().is_some_and(|reasons| reasons.len() != values.len()) {
            let problem = Problem::new("terms, rates and reasons differ in length", "pass one of each a deal");
            return Err(Error::data(problem.field("rates")).into());
        }
        let mut deals = Vec::with_capacity(values.len());
        for (row, &rate) in values.iter().enumerate() {
            let terms = text(names.value(row)).ok_or_else(|| {
                Error::data(
                    Problem::new("the terms are missing", "say what makes risk and terms the same").field("terms").row(row),
                )
            })?;
            let reason = reasons.as_ref().and_then(|reasons| text(reasons.value(row)));
            deals.push(PricedDeal { terms, rate, reason });
        }
        plain(rates.py(), &pricing::inconsistencies(&deals, tolerance)?)
    })
}
