//! Counting one feature: what bins are made from, edited with and tabulated on.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::bins::{FeatureBins, Split};
use super::config::BinningConfig;
use super::fit::{PeriodCounts, bin, bin_over_time, ordinary};
use super::{Observed, Values};
use crate::data::{Column, Field, Kind, Labels, Special, Value};
use crate::error::{Error, Problem, Result};
use crate::parallel::Threads;
use crate::stats::{Counts, DEFAULT_MAX_LEVELS, LevelCounts, Summary, ValueCounter, ValueCounts};

/// The fewest rows that one task counts: each finds anew how precisely values can be told apart.
const TASK: usize = 1 << 18;

/// What was counted of one feature, owned: it can be stored, merged with the counts of other rows, and kept as long
/// as its bins are worked on. See [`observe`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObservedCounts {
    /// Rows with an ordinary value.
    pub values: ObservedValues,
    /// Rows with a special code, in the order in which the field declares the codes.
    pub special: Vec<SpecialCounts>,
    /// Rows without a value.
    pub missing: Counts,
}

/// What was counted of the ordinary values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ObservedValues {
    /// Numbers; days as days since 1970-01-01, flags as 0 and 1.
    Number {
        /// Counts by value.
        counts: ValueCounts,
    },
    /// Levels of a category.
    Category {
        /// Counts by level.
        counts: LevelCounts,
    },
}

/// What was counted of one special code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialCounts {
    /// What the code stands for, as the field declares it.
    pub name: String,
    /// Rows with the code.
    pub counts: Counts,
}

/// Counts one column: the start of bins for a single feature, and of a table of fixed bins on other rows.
///
/// `field` says which codes are special and which values are missing. Rows of weight 0 and rows that `labels` keeps
/// for testing are left out; to count those instead, turn `labels.test` around. Up to `capacity` distinct numbers are
/// told apart exactly ([`ValueCounts`]); [`DEFAULT_CAPACITY`](crate::stats::DEFAULT_CAPACITY) serves most fields. The result does not depend on `threads`.
///
/// ```
/// use scoreline::binning::{observe, BinningConfig};
/// use scoreline::{Batch, Column, Field, Kind, Labels, Threads};
/// let income = Column::numbers(vec![1.0, 2.0, 3.0, 4.0].repeat(25));
/// let bad = Column::numbers(vec![1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0].repeat(10));
/// let labels = Labels::read(&Batch::new(100).with("bad", bad)?, "bad", None, None)?;
/// let counts = observe(&Field::new("income", Kind::Number), &income, &labels, 4096, Threads::All)?;
/// let bins = counts.bin("income", &BinningConfig::default())?;
/// assert_eq!(bins.bins.iter().map(|bin| bin.events).sum::<f64>(), 40.0);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) when column and labels differ in length or the column is of another
/// kind than the field, naming the row where a value is infinite, and when there are too many levels.
pub fn observe(field: &Field, column: &Column<'_>, labels: &Labels, capacity: usize, threads: Threads) -> Result<ObservedCounts> {
    column.check_kind(field)?;
    let rows = column.len();
    if labels.event.len() != rows || labels.weight.len() != rows || labels.test.len() != rows {
        let what = "the column and the labels differ in length";
        return Err(Error::data(Problem::new(what, "pass one label for each row of the column").field(&field.name)));
    }
    let task = rows.div_ceil(threads.count()).max(TASK);
    let tasks: Vec<Range<usize>> = (0..rows.max(1)).step_by(task).map(|start| start..(start + task).min(rows)).collect();
    // Most columns are plain numbers, and looking at each cell would take longer than counting it.
    let plain = match column {
        Column::Number { values, validity: None } if field.missing.is_empty() && field.special.is_empty() => Some(&values[..]),
        _ => None,
    };
    let parts = threads.map(tasks, |rows| {
        let mut counter = Counter::new(field.kind, &field.special, capacity);
        let labelled = labels.event[rows.clone()].iter().zip(&labels.weight[rows.clone()]).zip(&labels.test[rows.clone()]);
        for (row, ((event, weight), test)) in rows.zip(labelled) {
            if *test || *weight == 0 {
                continue;
            }
            if let Some(value) = plain.map(|values| values[row]).filter(|value| value.is_finite()) {
                counter.add_number(value, *event, *weight);
            } else {
                let value = field.check(column.value(row)).map_err(|error| error.at_row(row))?;
                counter.add(value, *event, *weight).map_err(|error| error.in_field(&field.name))?;
            }
        }
        Ok(counter.finish())
    })?;
    let mut parts = parts.into_iter();
    let mut whole = parts.next().ok_or_else(|| Error::internal("counting without tasks"))?;
    parts.try_for_each(|part| whole.merge(&part)).map_err(|error| error.in_field(&field.name))?;
    Ok(whole)
}

/// Counts values one by one.
#[derive(Debug, Clone)]
pub(crate) struct Counter {
    values: Counting,
    codes: Vec<Special>,
    special: Vec<Counts>,
    missing: Counts,
}

#[derive(Debug, Clone)]
enum Counting {
    Numbers(ValueCounter),
    Levels(LevelCounts),
}

impl Counter {
    pub(crate) fn new(kind: Kind, special: &[Special], capacity: usize) -> Self {
        let values = match kind {
            Kind::Category => Counting::Levels(LevelCounts::new(DEFAULT_MAX_LEVELS)),
            _ => Counting::Numbers(ValueCounter::new(capacity)),
        };
        Counter { values, codes: special.to_vec(), special: vec![Counts::default(); special.len()], missing: Counts::default() }
    }

    /// Counts a row of a weight above 0.
    #[inline]
    pub(crate) fn add(&mut self, value: Value<'_>, event: bool, weight: u64) -> Result<()> {
        if let Some(special) = self.codes.iter().position(|special| special.code.matches(value)) {
            self.special[special].add_row(event, weight);
            return Ok(());
        }
        match (&mut self.values, value) {
            (_, Value::Missing) => self.missing.add_row(event, weight),
            (Counting::Levels(counts), Value::Category(level)) => counts.observe(level, event, weight)?,
            (Counting::Numbers(counter), value) => counter.add(value.as_number(), event, weight),
            (Counting::Levels(_), _) => return Err(Error::internal("a number was counted as a level")),
        }
        Ok(())
    }

    /// Counts a row of a weight above 0 with a finite number that is no special code.
    #[inline]
    fn add_number(&mut self, value: f64, event: bool, weight: u64) {
        if let Counting::Numbers(counter) = &mut self.values {
            counter.add(value, event, weight);
        }
    }

    pub(crate) fn finish(self) -> ObservedCounts {
        let values = match self.values {
            Counting::Numbers(counter) => ObservedValues::Number { counts: counter.finish() },
            Counting::Levels(counts) => ObservedValues::Category { counts },
        };
        let special = self.codes.into_iter().zip(self.special);
        let special = special.map(|(code, counts)| SpecialCounts { name: code.name, counts }).collect();
        ObservedCounts { values, special, missing: self.missing }
    }
}

impl ObservedCounts {
    /// Bins the feature called `name`; see [`bin`](super::bin()).
    ///
    /// # Errors
    /// Those of [`bin`](super::bin()).
    pub fn bin(&self, name: &str, config: &BinningConfig) -> Result<FeatureBins> {
        self.with(|observed| bin(name, observed, config))
    }

    /// Bins the feature called `name`, stable over the periods by whose names `periods` gives its counts, where the
    /// settings ask for that; see [`bin_over_time`](super::bin_over_time()).
    ///
    /// # Errors
    /// Those of [`bin_over_time`](super::bin_over_time()).
    pub fn bin_over_time(&self, name: &str, periods: &[(&str, &ObservedCounts)], config: &BinningConfig) -> Result<FeatureBins> {
        let aligned: Vec<Vec<Counts>> = periods.iter().map(|(_, period)| self.align(period)).collect();
        let named = periods.iter().zip(&aligned).map(|((name, _), counts)| PeriodCounts { name, counts });
        let named: Vec<PeriodCounts<'_>> = named.collect();
        self.with(|observed| bin_over_time(name, observed, &named, config))
    }

    /// The counts of a part of the rows by the cells or levels of the whole. A part may tell more values apart.
    fn align(&self, part: &ObservedCounts) -> Vec<Counts> {
        match (&self.values, &part.values) {
            (ObservedValues::Number { counts: whole }, ObservedValues::Number { counts: part }) => {
                let mut aligned = vec![Counts::default(); whole.cells().len()];
                for cell in part.cells() {
                    // A cell is named by its least value.
                    let at = whole.cells().partition_point(|known| known.value <= cell.value).saturating_sub(1);
                    if let Some(counts) = aligned.get_mut(at) {
                        counts.add(cell.counts);
                    }
                }
                aligned
            }
            (ObservedValues::Category { counts: whole }, ObservedValues::Category { counts: part }) => {
                whole.levels().keys().map(|level| part.levels().get(level).copied().unwrap_or_default()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Lends the counts in the form that bins are made from.
    pub fn with<R>(&self, work: impl FnOnce(&Observed<'_>) -> R) -> R {
        let special: Vec<(&str, Counts)> = self.special.iter().map(|special| (special.name.as_str(), special.counts)).collect();
        let levels: Vec<(&str, Counts)>;
        let values = match &self.values {
            ObservedValues::Number { counts } => Values::Numeric { cells: counts.cells(), exact: counts.is_exact() },
            ObservedValues::Category { counts } => {
                levels = counts.levels().iter().map(|(level, counts)| (level.as_str(), *counts)).collect();
                Values::Category { levels: &levels }
            }
        };
        work(&Observed { values, special: &special, missing: self.missing })
    }

    /// The counts of the bins that `split` makes: ordinary, special, missing.
    ///
    /// Where values share cells, a cut inside a cell leaves the whole cell below it, which misplaces at most the rows
    /// of one cell.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when numbers were counted and `split` has groups of levels, or
    /// the other way round, and when the weights are too large to be added.
    pub fn counts(&self, split: &Split) -> Result<Vec<Counts>> {
        let mut bins = self.with(|observed| ordinary(split, observed))?;
        bins.extend(self.special.iter().map(|special| special.counts));
        bins.push(self.missing);
        Ok(bins)
    }
}

impl Summary for ObservedCounts {
    /// # Errors
    /// Also [`InvalidData`](crate::ErrorCode::InvalidData) when both together have too many levels.
    fn merge(&mut self, other: &Self) -> Result<()> {
        let names = |seen: &Self| seen.special.iter().map(|special| special.name.clone()).collect::<Vec<_>>();
        let different = || {
            let remedy = "merge only what was counted of one feature with the same settings";
            Error::incompatible(Problem::new("the counts are of features of different kinds or special codes", remedy))
        };
        if names(self) != names(other) {
            return Err(different());
        }
        match (&mut self.values, &other.values) {
            (ObservedValues::Number { counts }, ObservedValues::Number { counts: other }) => counts.merge(other)?,
            (ObservedValues::Category { counts }, ObservedValues::Category { counts: other }) => counts.merge(other)?,
            _ => return Err(different()),
        }
        self.missing.add(other.missing);
        self.special.iter_mut().zip(&other.special).for_each(|(special, other)| special.counts.add(other.counts));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
