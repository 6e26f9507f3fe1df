//! Returns on capital, caps and demand.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use scoreline::pricing::{
    self, BestPrice, CountryPack, Lifetime, LifetimeTerms, PastPrice, PriceGuard, PricedDeal, RateBasis, SegmentLadder, SinglePeriod,
    TakeUp,
};
use scoreline::{Error, Kind, Problem, Threads, Value};
use serde::Serialize;

use crate::data::{Input, Single, Wanted, needed_day};
use crate::error::Fault;
use crate::guard::guard;
use crate::pipeline::Table;
use crate::plain::{plain, setting};

/// What one year of a loan earns.
#[derive(Serialize)]
struct Year {
    net_income: f64,
    raroc: f64,
    eva: f64,
    break_even_rate: f64,
    waterfall: pricing::Waterfall,
}

/// What one year of a loan earns at a hurdle; `loan` is JSON.
#[pyfunction]
pub(crate) fn single_period<'py>(py: Python<'py>, loan: &str, hurdle: f64) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let loan: SinglePeriod = setting("loan", loan)?;
        loan.validate()?;
        if !hurdle.is_finite() {
            return Err(Error::data(Problem::new("must be finite", "pass a fraction per year").field("hurdle")).into());
        }
        let answer = Year {
            net_income: loan.net_income(),
            raroc: loan.raroc(),
            eva: loan.eva(hurdle),
            break_even_rate: loan.break_even_rate(hurdle),
            waterfall: loan.waterfall(hurdle),
        };
        plain(py, &answer)
    })
}

/// The rates at which a loan breaks even over its life; `terms` is JSON.
#[pyfunction]
pub(crate) fn lifetime_rate<'py>(py: Python<'py>, terms: &str, hurdle: f64) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let terms: LifetimeTerms = setting("terms", terms)?;
        plain(py, &Lifetime::new(&terms, hurdle)?.break_even_rate()?)
    })
}

/// What a loan earns over its life at a rate: the return, the waterfall and the months.
#[pyfunction]
pub(crate) fn lifetime_at<'py>(py: Python<'py>, terms: &str, hurdle: f64, rate: f64) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let terms: LifetimeTerms = setting("terms", terms)?;
        let loan = Lifetime::new(&terms, hurdle)?;
        plain(py, &(loan.at(rate)?, loan.waterfall(rate)?, loan.cash_flows(rate)?))
    })
}

/// The break-even rates of a table of loans.
#[pyfunction]
pub(crate) fn lifetime_rates(data: &Bound<'_, PyAny>, terms: &str, hurdle: f64, threads: usize) -> Result<Table, Fault> {
    guard(|| {
        let terms: LifetimeTerms = setting("terms", terms)?;
        let input = Input::read(data, &Wanted::All)?;
        Ok(data.py().detach(|| {
            let batches = input.batches(&Wanted::All)?.into_iter();
            let priced = batches.map(|(before, batch)| {
                let priced = terms.price_batch(&batch, hurdle, Threads::from_count(threads));
                Ok((before, priced.map_err(|error| error.after_rows(before))?))
            });
            Table::priced(priced.collect::<Result<_, Error>>()?)
        })?)
    })
}

/// The hurdle of the capital asset pricing model.
#[pyfunction]
pub(crate) fn capm_hurdle(risk_free: f64, beta: f64, premium: f64) -> Result<f64, Fault> {
    guard(|| Ok(pricing::capm_hurdle(risk_free, beta, premium)?))
}

/// The hurdle of common and preferred equity.
#[pyfunction]
pub(crate) fn weighted_hurdle(common: (f64, f64), preferred: (f64, f64)) -> Result<f64, Fault> {
    guard(|| Ok(pricing::weighted_hurdle([common, preferred])?))
}

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
        let (names, values) = (
            Single::read("terms", terms, Some(Kind::Category))?,
            Single::read("rates", rates, Some(Kind::Number))?.numbers()?,
        );
        let reasons = Single::read_optional("reasons", reasons)?;
        let names = names.column()?;
        let reasons = reasons.as_ref().map(Single::column).transpose()?;
        if names.len() != values.len() || reasons.as_ref().is_some_and(|reasons| reasons.len() != values.len()) {
            let problem = Problem::new("terms, rates and reasons differ in length", "pass one of each a deal");
            return Err(Error::data(problem.field("rates")).into());
        }
        let mut deals = Vec::with_capacity(values.len());
        for (row, &rate) in values.iter().enumerate() {
            let terms = text(names.value(row)).ok_or_else(|| {
                Error::data(Problem::new("the terms are missing", "say what makes risk and terms the same").field("terms").row(row))
            })?;
            let reason = reasons.as_ref().and_then(|reasons| text(reasons.value(row)));
            deals.push(PricedDeal { terms, rate, reason });
        }
        plain(rates.py(), &pricing::inconsistencies(&deals, tolerance)?)
    })
}

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
