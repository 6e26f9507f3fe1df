//! Capital: one exposure, columns of exposures, standardised weights.

use pyo3::prelude::*;
use scoreline::pricing::capital::{
    Each, Irb, IrbClass, IrbColumns, IrbExposure, IrbFramework, IrbRules, LoanSplit, Security, Seniority, StandardisedTable, wcdr,
};
use scoreline::{Column, Error, Kind, Problem, Threads, Value};
use serde::de::DeserializeOwned;

use crate::data::{Single, needed_day};
use crate::error::Fault;
use crate::guard::guard;
use crate::pipeline::Table;
use crate::plain::{plain, setting};

/// The names of the frameworks that come with the library.
#[pyfunction]
pub(crate) fn irb_frameworks() -> Result<Vec<String>, Fault> {
    guard(|| Ok(IrbFramework::all()?.into_iter().map(|one| one.name).collect()))
}

/// The numbers of a framework.
#[pyfunction]
pub(crate) fn irb_framework<'py>(py: Python<'py>, name: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| plain(py, &IrbFramework::named(name)?))
}

/// Capital of one exposure; `rules` and `exposure` are JSON.
#[pyfunction]
pub(crate) fn irb_capital<'py>(py: Python<'py>, rules: &str, exposure: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let (rules, exposure): (IrbRules, IrbExposure) = (setting("rules", rules)?, setting("exposure", exposure)?);
        plain(py, &Irb::new(&rules)?.capital(&exposure)?)
    })
}

/// PD and LGD of one exposure after their floors; `rules` and `exposure` are JSON.
#[pyfunction]
pub(crate) fn irb_floored(rules: &str, exposure: &str) -> Result<(f64, f64), Fault> {
    guard(|| {
        let (rules, exposure): (IrbRules, IrbExposure) = (setting("rules", rules)?, setting("exposure", exposure)?);
        Ok(Irb::new(&rules)?.floored(&exposure)?)
    })
}

/// The supervisory LGD of a class; `rules`, `class` and `seniority` are JSON.
#[pyfunction]
pub(crate) fn foundation_lgd(rules: &str, class: &str, seniority: &str) -> Result<Option<f64>, Fault> {
    guard(|| {
        let rules: IrbRules = setting("rules", rules)?;
        let (class, seniority): (IrbClass, Seniority) = (setting("asset_class", class)?, setting("seniority", seniority)?);
        Ok(rules.framework.foundation_lgd(class, seniority))
    })
}

/// An argument that is one value for all rows, or a column.
enum Argument<T> {
    All(T),
    Rows(Vec<T>),
}

impl<T: Copy> Argument<T> {
    fn each(&self) -> Each<'_, T> {
        match self {
            Argument::All(value) => Each::All(*value),
            Argument::Rows(values) => Each::Rows(values),
        }
    }
}

fn numbers(name: &'static str, values: Option<&Bound<'_, PyAny>>) -> Result<Argument<f64>, Fault> {
    let Some(values) = values else { return Ok(Argument::All(f64::NAN)) };
    match values.extract::<f64>() {
        Ok(value) => Ok(Argument::All(value)),
        Err(_) => Ok(Argument::Rows(Single::read(name, values, Some(Kind::Number))?.numbers()?)),
    }
}

/// Levels of a setting: their names are those of its stored form.
fn levels<T: DeserializeOwned + Copy>(name: &'static str, values: &Bound<'_, PyAny>) -> Result<Argument<T>, Fault> {
    let read = |text: &str| setting::<T>(name, &serde_json::Value::from(text).to_string());
    if let Ok(text) = values.extract::<String>() {
        return Ok(Argument::All(read(&text)?));
    }
    let column = Single::read(name, values, Some(Kind::Category))?;
    let column: Column<'_> = column.column()?;
    // Few names, many rows: each name is read once.
    let codes: &[i32] = if let Column::Dictionary { codes, validity: None, .. } = &column { codes } else { &[] };
    let mut by_code: Vec<Option<T>> = Vec::new();
    let mut by_name: Vec<(String, T)> = Vec::new();
    let mut rows = Vec::with_capacity(column.len());
    for row in 0..column.len() {
        let code = codes.get(row).and_then(|code| usize::try_from(*code).ok());
        if let Some(Some(value)) = code.and_then(|code| by_code.get(code)) {
            rows.push(*value);
            continue;
        }
        let Value::Category(text) = column.value(row) else {
            let problem = Problem::new("the value is missing", "name one of the levels");
            return Err(Error::data(problem.field(name).row(row)).into());
        };
        let value = match by_name.iter().find(|(name, _)| name == text) {
            Some((_, value)) => *value,
            None => {
                let value = read(text).map_err(|error| error.at_row(row))?;
                by_name.push((text.to_owned(), value));
                value
            }
        };
        if let Some(code) = code {
            by_code.resize(by_code.len().max(code + 1), None);
            by_code[code] = Some(value);
        }
        rows.push(value);
    }
    Ok(Argument::Rows(rows))
}

/// Capital of columns of exposures; `rules` is JSON.
#[pyfunction]
#[pyo3(signature = (rules, asset_class, pd, lgd, maturity, turnover, security, secured_share, best_estimate, threads))]
#[allow(clippy::too_many_arguments)]
pub(crate) fn irb_columns(
    rules: &str,
    asset_class: &Bound<'_, PyAny>,
    pd: &Bound<'_, PyAny>,
    lgd: &Bound<'_, PyAny>,
    maturity: Option<&Bound<'_, PyAny>>,
    turnover: Option<&Bound<'_, PyAny>>,
    security: &Bound<'_, PyAny>,
    secured_share: Option<&Bound<'_, PyAny>>,
    best_estimate: Option<&Bound<'_, PyAny>>,
    threads: usize,
) -> Result<Table, Fault> {
    guard(|| {
        let irb = Irb::new(&setting("rules", rules)?)?;
        let class = levels::<IrbClass>("asset_class", asset_class)?;
        let security_of = levels::<Security>("security", security)?;
        let column = Single::read("pd", pd, Some(Kind::Number))?.numbers()?;
        let (lgd, maturity) = (numbers("lgd", Some(lgd))?, numbers("maturity", maturity)?);
        let (turnover, share) = (numbers("turnover", turnover)?, numbers("secured_share", secured_share)?);
        let best = numbers("best_estimate", best_estimate)?;
        let columns = IrbColumns {
            maturity: maturity.each(),
            turnover: turnover.each(),
            security: security_of.each(),
            secured_share: share.each(),
            best_estimate: best.each(),
            ..IrbColumns::new(class.each(), &column, lgd.each())
        };
        let found = pd.py().detach(|| irb.columns(&columns, Threads::from_count(threads)))?;
        Ok(Table::capital(found)?)
    })
}

/// The loss rate of the worst year.
#[pyfunction]
pub(crate) fn worst_case_default_rate(pd: f64, correlation: f64, confidence: f64) -> Result<f64, Fault> {
    guard(|| Ok(wcdr(pd, correlation, confidence)?))
}

/// A standardised weight, by bucket or by loan to value; `own` is a table as JSON.
#[pyfunction]
#[pyo3(signature = (date, asset_class, bucket, ltv, name, own))]
pub(crate) fn standardised_weight<'py>(
    date: &Bound<'py, PyAny>,
    asset_class: &str,
    bucket: Option<&str>,
    ltv: Option<f64>,
    name: Option<&str>,
    own: Option<&str>,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let date_given = needed_day(date)?;
        let table = match own {
            Some(own) => {
                let table: StandardisedTable = setting("table", own)?;
                table.validate()?;
                table.in_force(date_given)?
            }
            None => StandardisedTable::on(name.unwrap_or_default(), date_given)?,
        };
        let weight = match (bucket, ltv) {
            (Some(bucket), None) => table.weight(asset_class, bucket)?,
            (None, Some(ltv)) => table.weight_by_ltv(asset_class, ltv)?,
            _ => {
                let problem = Problem::new("a bucket or a loan to value is needed, not both", "pass one of them");
                return Err(Error::config(problem.field("bucket")).into());
            }
        };
        let found =
            serde_json::json!({"weight": weight.weight, "k": weight.k(), "clause": weight.clause, "source": table.source});
        plain(date.py(), &found)
    })
}

/// Weight and secured part of a loan split at a share of the property; `split` is JSON.
#[pyfunction]
pub(crate) fn split_loan(split: &str) -> Result<(f64, f64), Fault> {
    guard(|| {
        let split: LoanSplit = setting("split", split)?;
        Ok((split.weight()?, split.secured()?))
    })
}
