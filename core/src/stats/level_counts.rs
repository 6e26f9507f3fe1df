//! Events and non-events, or another tally, by level of a category.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::counts::Counts;
use super::summary::Summary;
use super::tally::Tally;
use crate::error::{Error, Problem, Result};

/// Distinct levels that one category may have unless asked otherwise.
pub const DEFAULT_MAX_LEVELS: usize = 100_000;

/// Events and non-events by level.
pub type LevelCounts = LevelTallies<Counts>;

/// What was added up at each level, in the order of the levels' bytes.
///
/// ```
/// use scoreline::stats::LevelCounts;
/// let mut counts = LevelCounts::default();
/// counts.observe("rent", true, 1).unwrap();
/// counts.observe("own", false, 1).unwrap();
/// assert_eq!(counts.levels().keys().collect::<Vec<_>>(), ["own", "rent"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound = "T: Tally")]
pub struct LevelTallies<T> {
    max_levels: usize,
    levels: BTreeMap<String, T>,
}

impl<T: Tally> Default for LevelTallies<T> {
    fn default() -> Self {
        LevelTallies::new(DEFAULT_MAX_LEVELS)
    }
}

impl<T: Tally> LevelTallies<T> {
    /// Nothing counted yet; at most `max_levels` distinct levels.
    #[must_use]
    pub fn new(max_levels: usize) -> Self {
        LevelTallies { max_levels, levels: BTreeMap::new() }
    }

    /// Adds a row, or many equal rows of one level by their total weight, in units of 2⁻²⁰
    /// ([`crate::data::WEIGHT_UNIT`]). A weight of 0 leaves no trace.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the level would be one too many; nothing is then counted.
    pub fn observe(&mut self, level: &str, row: T::Row, weight: u64) -> Result<()> {
        let mut tally = T::default();
        tally.add_row(row, weight);
        self.add(level, &tally)
    }

    /// What was counted, by level.
    #[must_use]
    pub fn levels(&self) -> &BTreeMap<String, T> {
        &self.levels
    }

    /// What was added up over all levels.
    #[must_use]
    pub fn total(&self) -> T {
        let mut total = T::default();
        self.levels.values().for_each(|tally| total.add(tally));
        total
    }

    fn add(&mut self, level: &str, tally: &T) -> Result<()> {
        if tally.weight() == 0 {
            return Ok(());
        }
        if let Some(known) = self.levels.get_mut(level) {
            known.add(tally);
            return Ok(());
        }
        self.room_for(1)?;
        self.levels.insert(level.to_owned(), tally.clone());
        Ok(())
    }

    fn room_for(&self, new: usize) -> Result<()> {
        if self.levels.len() + new <= self.max_levels {
            return Ok(());
        }
        Err(Error::data(Problem::new(
            format!("a category may have at most {} distinct levels", self.max_levels),
            "leave out a field that identifies single rows, or group its levels before training",
        )))
    }
}

impl<T: Tally> Summary for LevelTallies<T> {
    /// # Errors
    /// Also [`InvalidData`](crate::ErrorCode::InvalidData) when both together have too many levels.
    fn merge(&mut self, other: &Self) -> Result<()> {
        if self.max_levels != other.max_levels {
            return Err(Error::incompatible(Problem::new(
                format!("level counts bounded by {} and {} levels cannot be merged", self.max_levels, other.max_levels),
                "combine summaries of the same training only",
            )));
        }
        self.room_for(other.levels.keys().filter(|&level| !self.levels.contains_key(level)).count())?;
        other.levels.iter().try_for_each(|(level, tally)| self.add(level, tally))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_split_gives_the_counts_of_the_whole(
            rows in prop::collection::vec(("[a-c]{1,2}", any::<bool>(), 0..4u64, 0..3usize), 0..60)
        ) {
            let mut whole = LevelCounts::default();
            let mut parts = vec![LevelCounts::default(); 3];
            for (level, event, weight, part) in &rows {
                whole.observe(level, *event, *weight).unwrap();
                parts[*part].observe(level, *event, *weight).unwrap();
            }
            let (mut left, mut right) = (parts[0].clone(), parts[2].clone());
            left.merge(&parts[1]).unwrap();
            left.merge(&parts[2]).unwrap();
            right.merge(&parts[1]).unwrap();
            right.merge(&parts[0]).unwrap();
            prop_assert_eq!(&left, &whole);
            prop_assert_eq!(serde_json::to_string(&right).unwrap(), serde_json::to_string(&whole).unwrap());
            let events: u64 = rows.iter().filter(|r| r.1).map(|r| r.2).sum();
            prop_assert_eq!(whole.total().events, events);
        }
    }

    #[test]
    fn too_many_levels_are_refused_and_change_nothing() {
        let mut counts = LevelCounts::new(2);
        counts.observe("a", true, 1).unwrap();
        let mut other = counts.clone();
        counts.observe("b", true, 1).unwrap();
        let before = counts.clone();
        assert_eq!(counts.observe("c", true, 1).unwrap_err().code(), ErrorCode::InvalidData);
        other.observe("c", true, 1).unwrap();
        assert_eq!(counts.merge(&other).unwrap_err().code(), ErrorCode::InvalidData);
        assert_eq!(counts.merge(&LevelCounts::new(3)).unwrap_err().code(), ErrorCode::Incompatible);
        assert_eq!(counts, before);
        counts.observe("a", false, 5).unwrap();
        assert_eq!(counts.levels()["a"], Counts { non_events: 5, events: 1 });
    }
}
