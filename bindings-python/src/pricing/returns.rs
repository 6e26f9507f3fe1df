//! Returns on capital: of one year, over the life, and of tables of loans.

use pyo3::prelude::*;
use scoreline::pricing::{self, Lifetime, LifetimeTerms, SinglePeriod};
use scoreline::{Error, Problem, Threads};
use serde::Serialize;

use crate::data::{Input, Wanted};
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
        let answer = Year { net_income: loan.net_income(), raroc: loan.raroc(), eva: loan.eva(hurdle) };
        plain(py, &answer)
    })
}

/// The rate that earns a hurdle in one year, and what it is made of; `loan` is JSON.
#[pyfunction]
pub(crate) fn single_period_rate<'py>(py: Python<'py>, loan: &str, hurdle: f64) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let loan: SinglePeriod = setting("loan", loan)?;
        loan.validate()?;
        loan.check_hurdle(hurdle)?;
        plain(py, &(loan.break_even_rate(hurdle), loan.waterfall(hurdle)))
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

/// What a loan earns over its life at a rate: the return and the months.
#[pyfunction]
pub(crate) fn lifetime_at<'py>(py: Python<'py>, terms: &str, hurdle: f64, rate: f64) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let terms: LifetimeTerms = setting("terms", terms)?;
        let loan = Lifetime::new(&terms, hurdle)?;
        plain(py, &(loan.at(rate)?, loan.cash_flows(rate)?))
    })
}

/// What the break-even rate of a loan is made of; `terms` is JSON.
#[pyfunction]
pub(crate) fn lifetime_waterfall<'py>(py: Python<'py>, terms: &str, hurdle: f64, rate: f64) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let terms: LifetimeTerms = setting("terms", terms)?;
        plain(py, &Lifetime::new(&terms, hurdle)?.waterfall(rate)?)
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
