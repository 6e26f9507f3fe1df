//! The whole book: expected credit losses, states of the economy, stress, vintages and the repricing gap.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array};
use pyo3::prelude::*;
use scoreline::portfolio::{
    self, EclPolicy, EclTerms, EclTotals, GapReport, GapRow, ProvisionBucket, RateShift, RepricingBucket, ScenarioLoss, Shock,
    StagingPolicy, StressPolicy, StressedExposure, VintageConfig, VintageRow,
};
use scoreline::pricing::Money;
use scoreline::tier::MigrationMatrix;
use scoreline::{Error, Kind, Problem, Threads, Value};

use crate::data::{Input, Single, Wanted};
use crate::error::Fault;
use crate::guard::guard;
use crate::pipeline::{Table, money_column};
use crate::plain::{plain, setting};

/// The losses of an exposure; `terms` is JSON.
#[pyfunction]
pub(crate) fn expected_credit_loss<'py>(py: Python<'py>, terms: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| plain(py, &setting::<EclTerms>("terms", terms)?.loss()?))
}

/// The stage of an exposure and its reason; `policy` is JSON.
#[pyfunction]
pub(crate) fn ifrs9_stage<'py>(
    py: Python<'py>,
    policy: &str,
    pd_expected: f64,
    pd_now: f64,
    days: f64,
    watched: bool,
    impaired: bool,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let policy: StagingPolicy = setting("staging", policy)?;
        plain(py, &policy.stage(pd_expected, pd_now, days, watched, impaired)?)
    })
}

/// Stages and losses of a table of exposures, and their totals; `policy` is JSON.
#[pyfunction]
pub(crate) fn ifrs9_book<'py>(
    data: &Bound<'py, PyAny>,
    policy: &str,
    threads: usize,
) -> Result<(Table, Bound<'py, PyAny>), Fault> {
    guard(|| {
        let policy: EclPolicy = setting("ecl", policy)?;
        let input = Input::read(data, &Wanted::All)?;
        let (table, report) = data.py().detach(|| {
            let mut totals = EclTotals::new(&policy);
            let batches = input.batches(&Wanted::All)?.into_iter();
            let parts = batches.map(|(before, batch)| {
                let part = policy.book(&batch, Threads::from_count(threads)).map_err(|error| error.after_rows(before))?;
                totals.merge(&part.totals)?;
                Ok((before, part))
            });
            let table = Table::losses(parts.collect::<Result<_, Error>>()?)?;
            Ok::<_, Error>((table, totals.report(&policy)))
        })?;
        Ok((table, plain(data.py(), &report)?))
    })
}

/// The loss over scenarios, as pairs of weight and loss.
#[pyfunction]
pub(crate) fn weighted_loss(scenarios: Vec<(f64, f64)>) -> Result<f64, Fault> {
    guard(|| {
        let scenarios: Vec<_> = scenarios.into_iter().map(|(weight, loss)| ScenarioLoss { weight, loss }).collect();
        Ok(portfolio::weighted_loss(&scenarios)?)
    })
}

/// The allowances of buckets, as pairs of gross amount and rate.
#[pyfunction]
pub(crate) fn provision_matrix(buckets: Vec<(f64, f64)>) -> Result<Vec<f64>, Fault> {
    guard(|| {
        let buckets: Vec<_> = buckets.into_iter().map(|(gross, rate)| ProvisionBucket { gross, rate }).collect();
        Ok(portfolio::provision_matrix(&buckets)?)
    })
}

/// PDs in a state of the economy.
#[pyfunction]
pub(crate) fn conditional_pds(pds: &Bound<'_, PyAny>, rho: f64, z: f64) -> Result<Vec<f64>, Fault> {
    guard(|| {
        let pds = Single::read("pd", pds, Some(Kind::Number))?.numbers()?;
        let pd = |(row, pd): (usize, &f64)| portfolio::conditional_pd(*pd, rho, z).map_err(|error| error.at_row(row));
        Ok(pds.iter().enumerate().map(pd).collect::<Result<_, Error>>()?)
    })
}

/// The state in which a grade has a default rate.
#[pyfunction]
pub(crate) fn state_of(pd: f64, rho: f64, default_rate: f64) -> Result<f64, Fault> {
    guard(|| Ok(portfolio::state_of(pd, rho, default_rate)?))
}

/// A migration matrix in a state of the economy.
#[pyfunction]
pub(crate) fn conditional_matrix(average: Vec<Vec<f64>>, rho: f64, z: f64) -> Result<Vec<Vec<f64>>, Fault> {
    guard(|| Ok(portfolio::conditional_matrix(&average, rho, z)?))
}

/// The state that observed migrations speak for, and the distance that is left; `observed` is JSON.
#[pyfunction]
pub(crate) fn fit_state(average: Vec<Vec<f64>>, observed: &str, rho: f64) -> Result<(f64, f64), Fault> {
    guard(|| {
        let observed: MigrationMatrix = setting("observed", observed)?;
        let found = portfolio::fit_state(&average, &observed, rho)?;
        Ok((found.z, found.distance))
    })
}

fn numbers(name: &'static str, column: &Bound<'_, PyAny>) -> Result<Vec<f64>, Fault> {
    Ok(Single::read(name, column, Some(Kind::Number))?.numbers()?)
}

/// The columns `pd`, `lgd`, `ead` and `rate` of a book, of equal length.
fn exposures(book: &Bound<'_, PyAny>) -> Result<Vec<StressedExposure>, Fault> {
    let column = |name: &'static str| numbers(name, &book.get_item(name)?);
    let (pd, lgd, ead, rate) = (column("pd")?, column("lgd")?, column("ead")?, column("rate")?);
    if [lgd.len(), ead.len(), rate.len()] != [pd.len(); 3] {
        let problem = Problem::new("pd, lgd, ead and rate differ in length", "pass one of each an exposure");
        return Err(Error::data(problem.field("pd")).into());
    }
    let exposures = pd.iter().zip(&lgd).zip(&ead).zip(&rate);
    Ok(exposures.map(|(((&pd, &lgd), &ead), &rate)| StressedExposure { pd, lgd, ead, rate }).collect())
}

/// A book before and after a shock; `policy` and `shock` are JSON.
#[pyfunction]
pub(crate) fn stress<'py>(book: &Bound<'py, PyAny>, policy: &str, shock: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let (policy, shock): (StressPolicy, Shock) = (setting("policy", policy)?, setting("shock", shock)?);
        let (py, exposures) = (book.py(), exposures(book)?);
        plain(py, &py.detach(|| policy.stress(&exposures, &shock))?)
    })
}

/// The least part of a shock that breaks the hurdle.
#[pyfunction]
pub(crate) fn reverse_stress<'py>(
    book: &Bound<'py, PyAny>,
    policy: &str,
    shock: &str,
    most: f64,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let (policy, shock): (StressPolicy, Shock) = (setting("policy", policy)?, setting("shock", shock)?);
        let (py, exposures) = (book.py(), exposures(book)?);
        plain(py, &py.detach(|| policy.reverse(&exposures, &shock, most))?)
    })
}

/// Vintages of columns of equal length: loan, vintage, month, days, granted and owed; `config` is JSON.
#[pyfunction]
pub(crate) fn vintages<'py>(
    loan: &Bound<'py, PyAny>,
    vintage: &Bound<'py, PyAny>,
    month: &Bound<'py, PyAny>,
    days: &Bound<'py, PyAny>,
    amounts: (Bound<'py, PyAny>, Bound<'py, PyAny>),
    config: &str,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let config: VintageConfig = setting("vintage", config)?;
        let (loans, names) =
            (Single::read("loan", loan, Some(Kind::Category))?, Single::read("vintage", vintage, Some(Kind::Category))?);
        let (loans, names) = (loans.column()?, names.column()?);
        let (months, days) = (numbers("month", month)?, numbers("days", days)?);
        let (granted, owed) = (numbers("granted", &amounts.0)?, numbers("owed", &amounts.1)?);
        let rows = loans.len();
        if [names.len(), months.len(), days.len(), granted.len(), owed.len()] != [rows; 5] {
            let problem = Problem::new("the columns differ in length", "pass one of each for a loan in a month");
            return Err(Error::data(problem.field("loan")).into());
        }
        let mut read = Vec::with_capacity(rows);
        for row in 0..rows {
            let (Value::Category(loan), Value::Category(vintage)) = (loans.value(row), names.value(row)) else {
                let problem = Problem::new("the loan or its vintage is missing", "fill it in, or leave the row out");
                return Err(Error::data(problem.field("loan").row(row)).into());
            };
            let month = months[row] as u32;
            if f64::from(month) != months[row] {
                let problem = Problem::new("a whole number of at least 0 was expected", "pass months on book");
                return Err(Error::data(problem.field("month").row(row)).into());
            }
            read.push(VintageRow { loan, vintage, month, days: days[row], granted: granted[row], owed: owed[row] });
        }
        plain(loan.py(), &portfolio::vintages(&read, &config)?)
    })
}

/// Amounts with so many decimals; a number that is not the double of one is refused.
fn amounts(name: &'static str, column: &Bound<'_, PyAny>, decimals: u32) -> Result<Vec<Money>, Fault> {
    let exact = |(row, value): (usize, &f64)| {
        let money = Money::round_half_up(*value, decimals);
        money.filter(|money| money.to_string().parse() == Ok(*value)).ok_or_else(|| {
            let what = format!("an amount with at most {decimals} decimals was expected");
            Error::data(Problem::new(what, "round it, or set `decimals`").field(name).row(row)).into()
        })
    };
    numbers(name, column)?.iter().enumerate().map(exact).collect()
}

/// The repricing gap of buckets, as a table, and its totals; `shift` is JSON.
#[pyfunction]
pub(crate) fn repricing_gap<'py>(
    months: &Bound<'py, PyAny>,
    assets: &Bound<'py, PyAny>,
    liabilities: &Bound<'py, PyAny>,
    decimals: u32,
    shift: &str,
    horizon: u32,
) -> Result<(Table, Bound<'py, PyAny>), Fault> {
    guard(|| {
        let (py, shift): (_, RateShift) = (months.py(), setting("shift", shift)?);
        let months = numbers("months", months)?;
        let (assets, liabilities) = (amounts("assets", assets, decimals)?, amounts("liabilities", liabilities, decimals)?);
        if [assets.len(), liabilities.len()] != [months.len(); 2] {
            let problem = Problem::new("months, assets and liabilities differ in length", "pass one of each a bucket");
            return Err(Error::data(problem.field("months")).into());
        }
        let buckets = months.into_iter().zip(assets).zip(liabilities);
        let buckets = buckets.map(|((months, assets), liabilities)| RepricingBucket { months, assets, liabilities });
        let found = portfolio::repricing_gap(&buckets.collect::<Vec<_>>(), &shift, horizon)?;
        Ok((gaps(&found)?, plain(py, &found)?))
    })
}

/// The buckets of a gap as a table.
fn gaps(found: &GapReport) -> Result<Table, Error> {
    let numbers = |number: fn(&GapRow) -> f64| -> ArrayRef {
        Arc::new(found.rows.iter().map(|row| Some(number(row))).collect::<Float64Array>())
    };
    let money =
        |amount: fn(&GapRow) -> Money| money_column(found.rows.iter().map(|row| amount(row).minor()), None, found.gap.decimals());
    let columns = [
        ("months", numbers(|row| row.months)),
        ("assets", money(|row| row.assets)?),
        ("liabilities", money(|row| row.liabilities)?),
        ("gap", money(|row| row.gap)?),
        ("cumulative", money(|row| row.cumulative)?),
        ("shift", numbers(|row| row.shift)),
        ("change", money(|row| row.change)?),
    ];
    Table::arrays(columns.map(|(name, column)| (name.to_owned(), column)))
}
