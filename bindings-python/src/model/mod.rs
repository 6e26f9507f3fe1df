//! From log-odds to PD and what small or selected samples need: thin calls of the library.

mod calibration;
mod low_default;
mod reject;
mod small_bank;

pub(crate) use calibration::{Calibration, central_tendency_shift, estimate_prior, fit_calibration, prior_shift, upper_bound};
pub(crate) use low_default::low_default_pds;
pub(crate) use reject::{reject_augment, reject_band};
pub(crate) use small_bank::{auc_interval, pd_interval, sample_size, shrinkage_strength, shrunken_woe};

use pyo3::prelude::*;
use scoreline::binning::{ObservedCounts, ObservedValues, observe};
use scoreline::data::{WEIGHT_ONE, WEIGHT_UNIT};
use scoreline::stats::{Cell, Counts, ValueCounts};
use scoreline::{Error, Field, Kind, Problem, Threads};

use crate::data::{Single, labels};
use crate::error::Fault;

/// Outcomes by distinct log-odds.
fn cells(
    py: Python<'_>,
    log_odds: &Bound<'_, PyAny>,
    target: &Bound<'_, PyAny>,
    weight: Option<&Bound<'_, PyAny>>,
) -> Result<Vec<Cell>, Fault> {
    Ok(value_counts(py, "log_odds", log_odds, target, weight)?.cells().to_vec())
}

/// Outcomes by distinct value; `name` is the argument the values were passed as.
pub(crate) fn value_counts(
    py: Python<'_>,
    name: &'static str,
    values: &Bound<'_, PyAny>,
    target: &Bound<'_, PyAny>,
    weight: Option<&Bound<'_, PyAny>>,
) -> Result<ValueCounts, Fault> {
    let values = Single::read(name, values, Some(Kind::Number))?;
    let target = Single::read("y", target, None)?;
    let weight = Single::read_optional("weight", weight)?;
    let counts = py.detach(|| {
        let labels = labels(&target, weight.as_ref())?;
        let column = values.column()?;
        let seen = observe(&Field::new(name, Kind::Number), &column, &labels, column.len(), Threads::One)?;
        match seen {
            ObservedCounts { values: ObservedValues::Number { counts }, missing, .. } if missing.total() == 0 => Ok(counts),
            _ => Err(Error::data(Problem::new("values are missing", "leave out the rows without a value").field(name))),
        }
    })?;
    Ok(counts)
}

/// Log-odds with their weights in rows; a weight of 1 when none is given.
fn risks(log_odds: &Bound<'_, PyAny>, weight: Option<&Bound<'_, PyAny>>) -> Result<Vec<(f64, f64)>, Fault> {
    let log_odds = Single::read("log_odds", log_odds, Some(Kind::Number))?.numbers()?;
    let weight = Single::read_optional("weight", weight)?;
    let weight = crate::data::weights(log_odds.len(), weight.as_ref())?;
    let of = |row: usize| weight.as_ref().and_then(|weight| weight.get(row)).map_or(1.0, |weight| *weight as f64 * WEIGHT_UNIT);
    Ok(log_odds.iter().enumerate().map(|(row, log_odds)| (*log_odds, of(row))).collect())
}

/// A number of rows in the library's unit of weight.
fn units(field: &str, rows: f64) -> Result<u64, Error> {
    let most = u64::MAX as f64 / WEIGHT_ONE as f64;
    if rows >= 0.0 && rows < most {
        return Ok((rows * WEIGHT_ONE as f64).round_ties_even() as u64);
    }
    Err(Error::data(Problem::new("a number of rows, 0 or more, was expected", "correct the count").field(field)))
}

/// Counts given in rows.
fn counts(non_events: f64, events: f64) -> Result<Counts, Error> {
    Ok(Counts { non_events: units("non_events", non_events)?, events: units("events", events)? })
}

/// Counts in rows: non-events, events.
fn rows(counts: Counts) -> (f64, f64) {
    (counts.non_events as f64 * WEIGHT_UNIT, counts.events as f64 * WEIGHT_UNIT)
}
