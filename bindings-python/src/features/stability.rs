//! Figures of monthly series and of amounts by category.

use pyo3::prelude::*;
use scoreline::features::needs::FlowColumns;
use scoreline::features::stability::{self as core, CategoryMix};
use scoreline::features::{Month, MonthlySeries};
use scoreline::{Error, Kind, Problem, Schema, Value};

use crate::data::{Input, Single, Wanted};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting};

fn numbers(name: &'static str, values: &Bound<'_, PyAny>) -> Result<Vec<f64>, Fault> {
    Ok(Single::read(name, values, Some(Kind::Number))?.numbers()?)
}

fn month(field: &str, text: &str) -> Result<Month, Error> {
    Month::parse(text).map_err(|error| error.in_field(field))
}

fn series(values: &Bound<'_, PyAny>, start: &str) -> Result<MonthlySeries, Fault> {
    Ok(MonthlySeries::new(month("start", start)?, numbers("values", values)?)?)
}

/// Sums by month from `start` to `end`, given as `YYYY-MM`.
#[pyfunction]
pub(crate) fn monthly_sums(
    table: &Bound<'_, PyAny>,
    date: &str,
    amount: &str,
    start: &str,
    end: &str,
) -> Result<Vec<f64>, Fault> {
    guard(|| {
        let columns = FlowColumns { date: date.into(), amount: amount.into(), category: None };
        let wanted = Wanted::columns(&Schema { fields: columns.fields() }, []);
        let input = Input::read(table, &wanted)?;
        let mut flows = Vec::new();
        for (before, batch) in input.batches(&wanted)? {
            flows.extend(columns.flows(&batch).map_err(|error| input.advise(error, &wanted).after_rows(before))?);
        }
        let flows = flows.iter().map(|flow| (flow.date, flow.amount));
        Ok(MonthlySeries::sum(flows, month("start", start)?, month("end", end)?)?.values)
    })
}

/// How steady monthly inflows are.
#[pyfunction]
pub(crate) fn income_stability<'py>(inflows: &Bound<'py, PyAny>) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| plain(inflows.py(), &core::income_stability(&numbers("inflows", inflows)?)?))
}

/// The mix of amounts by category.
#[pyfunction]
pub(crate) fn category_mix<'py>(categories: &Bound<'py, PyAny>, amounts: &Bound<'py, PyAny>) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let names = Single::read("categories", categories, Some(Kind::Category))?;
        let (names, amounts) = (names.column()?, numbers("amounts", amounts)?);
        if names.len() != amounts.len() {
            let problem = Problem::new("categories and amounts differ in length", "pass one amount for each category");
            return Err(Error::data(problem.field("amounts")).into());
        }
        let pair = |(row, amount): (usize, &f64)| match names.value(row) {
            Value::Category(name) => Ok((name, *amount)),
            _ => Err(Error::data(Problem::new("a category is missing", "name it").field("categories").row(row))),
        };
        let pairs: Vec<(&str, f64)> = amounts.iter().enumerate().map(pair).collect::<Result<_, _>>()?;
        plain(categories.py(), &core::category_mix(pairs)?)
    })
}

/// How a mix shifts; both are the JSON of a mix.
#[pyfunction]
pub(crate) fn share_shift<'py>(py: Python<'py>, before: &str, after: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let (before, after): (CategoryMix, CategoryMix) = (setting("before", before)?, setting("after", after)?);
        plain(py, &core::share_shift(&before, &after))
    })
}

/// The season of a series that begins in the month `start`.
#[pyfunction]
pub(crate) fn seasonality<'py>(values: &Bound<'py, PyAny>, start: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| plain(values.py(), &core::seasonality(&series(values, start)?)?))
}

/// The `months` after a series, by the same months of its last year.
#[pyfunction]
pub(crate) fn seasonal_forecast<'py>(values: &Bound<'py, PyAny>, start: &str, months: usize) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| plain(values.py(), &core::seasonal_forecast(&series(values, start)?, months)?))
}
