//! Repayment schedules and annualised rates.

use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, UInt32Array};
use pyo3::prelude::*;
use scoreline::pricing::{
    self as core, DatedFlow, DayCount, Flow, Money, RegZTolerance, Roots, ScheduleRow, ScheduleTerms, TimeBase, UnitFlow,
    UnitPeriod,
};
use scoreline::{Date, Error, Problem};

use crate::error::Fault;
use crate::guard::guard;
use crate::pipeline::{Table, money_column};
use crate::plain::{plain, setting};

/// A column of amounts.
type Part = (&'static str, fn(&ScheduleRow) -> Money);

/// A repayment schedule.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct Schedule(core::Schedule);

#[pymethods]
impl Schedule {
    #[new]
    fn new(terms: &str) -> Result<Self, Fault> {
        guard(|| Ok(Schedule(setting::<ScheduleTerms>("terms", terms)?.schedule()?)))
    }

    fn plain<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| plain(py, &self.0))
    }

    fn table(&self) -> Result<Table, Fault> {
        guard(|| {
            let rows = &self.0.rows;
            let numbers: UInt32Array = rows.iter().map(|row| row.number).collect::<Vec<_>>().into();
            let due: Date32Array = rows.iter().map(|row| row.due.map(Date::days)).collect();
            let mut columns: Vec<(String, ArrayRef)> =
                vec![("number".to_owned(), Arc::new(numbers)), ("due".to_owned(), Arc::new(due))];
            let parts: [Part; 8] = [
                ("opening", |row| row.opening),
                ("drawn", |row| row.drawn),
                ("interest", |row| row.interest),
                ("capitalised", |row| row.capitalised),
                ("principal", |row| row.principal),
                ("fee", |row| row.fee),
                ("payment", |row| row.payment),
                ("closing", |row| row.closing),
            ];
            let decimals = self.0.deducted.decimals();
            for (name, part) in parts {
                columns.push((name.to_owned(), money_column(rows.iter().map(|row| part(row).minor()), None, decimals)?));
            }
            Ok(Table::arrays(columns)?)
        })
    }

    fn period_flows(&self) -> Result<Vec<f64>, Fault> {
        guard(|| Ok(self.0.period_flows()))
    }

    fn annualised_rate<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| plain(py, &self.0.annualised_rate()?))
    }

    fn xirr(&self) -> Result<f64, Fault> {
        guard(|| Ok(self.0.xirr()?))
    }

    fn eu_apr<'py>(&self, py: Python<'py>, base: &str) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| plain(py, &self.0.eu_apr(named::<TimeBase>("base", base)?)?))
    }

    fn reg_z_apr(&self) -> Result<f64, Fault> {
        guard(|| Ok(self.0.reg_z_apr()?))
    }
}

/// A choice by its name.
pub(super) fn named<T: serde::de::DeserializeOwned>(field: &str, name: &str) -> Result<T, Error> {
    serde_json::from_value(name.into()).map_err(|error| {
        Error::config(Problem::new(format!("not a choice that is known: {error}"), "use one of those").field(field))
    })
}

/// Pairs of what is known of flows; an error when there are more of one than of the other.
fn pairs<T>(times: Vec<T>, amounts: Vec<f64>) -> Result<impl Iterator<Item = (T, f64)>, Error> {
    if times.len() != amounts.len() {
        return Err(Error::data(Problem::new("times and amounts differ in length", "pass one of each").field("flows")));
    }
    Ok(times.into_iter().zip(amounts))
}

fn flows(times: Vec<f64>, amounts: Vec<f64>) -> Result<Vec<Flow>, Error> {
    Ok(pairs(times, amounts)?.map(|(time, amount)| Flow { time, amount }).collect())
}

/// Every rate per unit of time at which flows are worth nothing, rising.
#[pyfunction]
pub(crate) fn rates(times: Vec<f64>, amounts: Vec<f64>) -> Result<Vec<f64>, Fault> {
    guard(|| {
        Ok(match core::internal_rates(&flows(times, amounts)?)? {
            Roots::None => Vec::new(),
            Roots::One { rate } => vec![rate],
            Roots::Several { rates } => rates,
        })
    })
}

/// The only rate per unit of time at which flows are worth nothing.
#[pyfunction]
pub(crate) fn rate(times: Vec<f64>, amounts: Vec<f64>) -> Result<f64, Fault> {
    guard(|| Ok(core::internal_rates(&flows(times, amounts)?)?.one()?))
}

/// The only rate per year of 365 days; days are since 1970-01-01.
#[pyfunction]
pub(crate) fn xirr(days: Vec<i32>, amounts: Vec<f64>) -> Result<f64, Fault> {
    guard(|| {
        let flows = pairs(days, amounts)?.map(|(day, amount)| DatedFlow { date: Date::from_days(day), amount });
        Ok(core::xirr(&flows.collect::<Vec<_>>())?.one()?)
    })
}

/// The annualised rate of amounts one period apart.
#[pyfunction]
pub(crate) fn annualised_irr(py: Python<'_>, amounts: Vec<f64>, frequency: u32) -> Result<Bound<'_, PyAny>, Fault> {
    guard(|| plain(py, &core::annualised_irr(&amounts, frequency)?))
}

/// The annual percentage rate of charge of flows in years.
#[pyfunction]
pub(crate) fn eu_apr(py: Python<'_>, times: Vec<f64>, amounts: Vec<f64>) -> Result<Bound<'_, PyAny>, Fault> {
    guard(|| plain(py, &core::eu_apr(&flows(times, amounts)?)?))
}

/// Years between days under a base of the directives; days since 1970-01-01.
#[pyfunction]
pub(crate) fn eu_years(base: &str, from: i32, to: i32) -> Result<f64, Fault> {
    guard(|| Ok(named::<TimeBase>("base", base)?.years(Date::from_days(from), Date::from_days(to))))
}

/// Full unit-periods and the fraction that is left; `unit` is the JSON of a `UnitPeriod`, days are since 1970-01-01.
#[pyfunction]
pub(crate) fn unit_periods(unit: &str, from: i32, to: i32) -> Result<(u32, f64), Fault> {
    guard(|| Ok(setting::<UnitPeriod>("unit", unit)?.between(Date::from_days(from), Date::from_days(to))?))
}

/// The annual percentage rate of Regulation Z; `unit` is the JSON of a `UnitPeriod`.
#[pyfunction]
pub(crate) fn reg_z_apr(unit: &str, times: Vec<(u32, f64)>, amounts: Vec<f64>) -> Result<f64, Fault> {
    guard(|| {
        let unit: UnitPeriod = setting("unit", unit)?;
        let flows = pairs(times, amounts)?.map(|((units, fraction), amount)| UnitFlow { units, fraction, amount });
        Ok(core::reg_z_apr(&flows.collect::<Vec<_>>(), unit.per_year())?)
    })
}

/// Whether a disclosed rate is within the tolerance of Regulation Z.
#[pyfunction]
pub(crate) fn reg_z_allows(disclosed: f64, exact: f64, irregular: bool) -> Result<bool, Fault> {
    guard(|| {
        let tolerance = if irregular { RegZTolerance::Irregular } else { RegZTolerance::Regular };
        Ok(tolerance.allows(disclosed, exact))
    })
}

/// Days and fraction of a year between two days under a day count; days since 1970-01-01.
#[pyfunction]
pub(crate) fn day_count(kind: &str, from: i32, to: i32) -> Result<(i64, f64), Fault> {
    guard(|| {
        let (kind, from, to) = (named::<DayCount>("day_count", kind)?, Date::from_days(from), Date::from_days(to));
        Ok((kind.days(from, to), kind.fraction(from, to)?))
    })
}
