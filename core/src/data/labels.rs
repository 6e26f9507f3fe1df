//! Targets and case weights of a training batch.

use super::batch::Batch;
use super::column::Column;
use super::split::SplitConfig;
use super::value::Value;
use crate::error::{Error, Problem, Result};

/// Case weights are multiples of 2⁻²⁰, so that weighted counts are integers and stay exact.
pub const WEIGHT_UNIT: f64 = 1.0 / 1_048_576.0;

/// A case weight of 1 in units of [`WEIGHT_UNIT`].
pub const WEIGHT_ONE: u64 = 1 << 20;

/// What is known of each row of a training batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Labels {
    /// Whether the event (default, say) happened.
    pub event: Vec<bool>,
    /// Case weight in units of 2⁻²⁰; 0 takes the row out.
    pub weight: Vec<u64>,
    /// Whether the row is kept for testing.
    pub test: Vec<bool>,
}

impl Labels {
    /// Reads target, weight and split from columns of the batch.
    ///
    /// The target is a number column of 0 and 1 or a flag column. Weights lie in [0, 2²⁰] and are
    /// rounded to the nearest multiple of 2⁻²⁰.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming column and row when a target is missing or
    /// neither 0 nor 1, or a weight is missing, negative or too large.
    pub fn read(batch: &Batch<'_>, target: &str, weight: Option<&str>, split: Option<&SplitConfig>) -> Result<Self> {
        let column = batch.column(target)?;
        let event = events(target, column, batch.rows())?;
        let weight = match weight {
            None => vec![WEIGHT_ONE; batch.rows()],
            Some(name) => {
                let column = batch.column(name)?;
                (0..batch.rows())
                    .map(|row| match column.value(row) {
                        Value::Number(w) if (0.0..=1_048_576.0).contains(&w) => Ok((w / WEIGHT_UNIT).round_ties_even() as u64),
                        _ => Err(at(
                            name,
                            row,
                            "a case weight must lie between 0 and 1,048,576",
                            "correct the weight; 0 takes the row out",
                        )),
                    })
                    .collect::<Result<_>>()?
            }
        };
        let test = match split {
            None => vec![false; batch.rows()],
            Some(split) => {
                let column = batch.column(&split.key)?;
                (0..batch.rows()).map(|row| split.is_test(column.value(row)).map_err(|e| e.at_row(row))).collect::<Result<_>>()?
            }
        };
        Ok(Labels { event, weight, test })
    }
}

fn events(target: &str, column: &Column<'_>, rows: usize) -> Result<Vec<bool>> {
    if let Column::Number { values, validity: None } = column
        && values.iter().all(|value| *value == 0.0 || *value == 1.0)
    {
        return Ok(values.iter().map(|value| *value == 1.0).collect());
    }
    let event = |row| match column.value(row) {
        Value::Number(0.0) | Value::Flag(false) => Ok(false),
        Value::Number(1.0) | Value::Flag(true) => Ok(true),
        _ => {
            let remedy = "code the event as 1 and the rest as 0, and leave out rows without an outcome";
            Err(at(target, row, "the target must be 0 or 1", remedy))
        }
    };
    (0..rows).map(event).collect()
}

fn at(field: &str, row: usize, what: &str, remedy: &str) -> Error {
    Error::data(Problem::new(what, remedy).field(field).row(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(target: Vec<f64>, weight: Vec<f64>) -> Batch<'static> {
        Batch::new(target.len()).with("y", Column::numbers(target)).unwrap().with("w", Column::numbers(weight)).unwrap()
    }

    #[test]
    fn weights_become_exact_integers() {
        let labels = Labels::read(&batch(vec![0.0, 1.0], vec![1.0, 0.5]), "y", Some("w"), None).unwrap();
        assert_eq!(labels.weight, [WEIGHT_ONE, WEIGHT_ONE / 2]);
        assert_eq!(labels.event, [false, true]);
    }

    #[test]
    fn wrong_targets_and_weights_name_column_and_row() {
        for (y, w, field) in
            [(2.0, 1.0, "y"), (f64::NAN, 1.0, "y"), (0.0, -1.0, "w"), (0.0, f64::INFINITY, "w"), (0.0, f64::NAN, "w")]
        {
            let error = Labels::read(&batch(vec![0.0, y], vec![1.0, w]), "y", Some("w"), None).unwrap_err();
            assert_eq!((error.problems()[0].field.as_deref(), error.problems()[0].row), (Some(field), Some(1)));
        }
    }
}
