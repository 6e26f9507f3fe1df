//! Adding up one column in memory, for notebooks and small data.

use super::super::{Observed, Values};
use crate::data::{Column, Field, Kind, Value, WEIGHT_ONE};
use crate::error::{Error, Problem, Result};
use crate::stats::{LevelTallies, Tally, ValueTallies};

/// What one column holds, by value or level, special code and missing.
pub(in crate::binning) struct Counted<T> {
    values: ValueTallies<T>,
    levels: Option<LevelTallies<T>>,
    special: Vec<T>,
    missing: T,
}

impl<T: Tally> Counted<T> {
    /// Adds up the column; `rows` holds what the tally takes of each row, `weight` the weight of each row in units of
    /// 2⁻²⁰ (1 for all, when absent). Every distinct number has a cell of its own.
    ///
    /// # Errors
    /// `InvalidData` when the lengths differ, the column is of another kind than the field, or holds an infinite number.
    pub(in crate::binning) fn new(field: &Field, column: &Column<'_>, rows: &[T::Row], weight: Option<&[u64]>) -> Result<Self> {
        column.check_kind(field)?;
        if rows.len() != column.len() || weight.is_some_and(|weight| weight.len() != rows.len()) {
            let problem = Problem::new("column, target and weight differ in length", "pass one target and weight a row");
            return Err(Error::data(problem.field(&field.name)));
        }
        let by_level = matches!(field.kind, Kind::Category | Kind::Flag);
        let mut counted = Counted {
            values: ValueTallies::new(rows.len()),
            levels: by_level.then(LevelTallies::default),
            special: vec![T::default(); field.special.len()],
            missing: T::default(),
        };
        let (mut values, mut given, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for (at, &row) in rows.iter().enumerate() {
            let weight = weight.and_then(|weight| weight.get(at)).copied().unwrap_or(WEIGHT_ONE);
            let value = field.check(column.value(at)).map_err(|error| error.at_row(at))?;
            if let Some(code) = field.special.iter().position(|special| special.code.matches(value)) {
                counted.special[code].add_row(row, weight);
                continue;
            }
            match (value, &mut counted.levels) {
                (Value::Missing, _) => counted.missing.add_row(row, weight),
                (Value::Category(level), Some(levels)) => levels.observe(level, row, weight)?,
                (Value::Flag(flag), Some(levels)) => levels.observe(if flag { "true" } else { "false" }, row, weight)?,
                (number, _) => {
                    values.push(number.as_number());
                    given.push(row);
                    weights.push(weight);
                }
            }
        }
        counted.values.observe(&values, &given, &weights);
        Ok(counted)
    }

    /// Hands what was counted to `bin`.
    pub(in crate::binning) fn bin<R>(&self, field: &Field, bin: impl FnOnce(&Observed<'_, T>) -> R) -> R {
        let special: Vec<(&str, T)> =
            field.special.iter().map(|special| special.name.as_str()).zip(self.special.iter().cloned()).collect();
        let levels: Vec<(&str, T)> =
            self.levels.iter().flat_map(LevelTallies::levels).map(|(level, tally)| (level.as_str(), tally.clone())).collect();
        let values = match self.levels {
            Some(_) => Values::Category { levels: &levels },
            None => Values::Numeric { cells: self.values.cells(), exact: self.values.is_exact() },
        };
        bin(&Observed { values, special: &special, missing: self.missing.clone() })
    }
}
