//! What was seen of a table, in a form that merges exactly.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::column::{ColumnSummary, Rows};
use super::config::ProfileConfig;
use super::distinct::{Distinct, Print, START, print, then};
use crate::data::{Batch, Column, Labels, WEIGHT_ONE};
use crate::error::{Error, Problem, Result};
use crate::parallel::Threads;
use crate::stats::{Counts, Summary};

/// What was seen of the rows of a table: one for each part of it, merged in any order; then
/// [`ProfileSummary::profile`].
///
/// ```
/// use scoreline::profile::{ProfileConfig, ProfileSummary};
/// use scoreline::stats::Summary;
/// use scoreline::{Batch, Column, Threads};
/// let config = ProfileConfig::default();
/// let seen = |income: Vec<f64>| ProfileSummary::observe(&Batch::new(2).with("income", Column::numbers(income))?, &config, Threads::One);
/// let mut all = seen(vec![1.0, f64::NAN])?;
/// all.merge(&seen(vec![4.0, 1.0])?)?;
/// assert_eq!(all.profile()?.columns[0].missing, 1);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileSummary {
    pub(super) config: ProfileConfig,
    pub(super) rows: Counts,
    pub(super) columns: BTreeMap<String, ColumnSummary>,
    pub(super) distinct_rows: Distinct<u64>,
}

impl ProfileSummary {
    /// Looks at every cell of a batch. The result does not depend on `threads`.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as for [`ProfileConfig::validate`];
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the target is absent, or missing or neither 0 nor 1 in a row.
    pub fn observe(batch: &Batch<'_>, config: &ProfileConfig, threads: Threads) -> Result<Self> {
        config.validate()?;
        let event = match &config.target {
            Some(target) => Labels::read(batch, target, None, None)?.event,
            None => vec![false; batch.rows()],
        };
        // In the order of the names: the order of a batch's columns does not matter.
        let columns: BTreeMap<&str, &Column<'_>> = batch.columns().collect();
        let mut prints: Vec<Print> = vec![START; batch.rows()];
        for column in columns.values() {
            prints.iter_mut().enumerate().for_each(|(row, all)| *all = then(*all, print(column.value(row))));
        }
        let mut distinct_rows = Distinct::new(config.max_rows);
        let mut rows = Counts::default();
        for (print, event) in prints.iter().zip(&event) {
            let mut one = Counts::default();
            one.add_row(*event, WEIGHT_ONE);
            rows.add(one);
            distinct_rows.add(print[0], print[1], one);
        }
        let columns = threads.map(columns.into_iter().collect(), |(name, column)| {
            let rows = Rows { event: &event, prints: &prints, decided: Rows::decided(batch, config, name) };
            Ok((name.to_owned(), ColumnSummary::of(name, column, &rows, config)))
        })?;
        Ok(ProfileSummary { config: config.clone(), rows, columns: columns.into_iter().collect(), distinct_rows })
    }
}

impl Summary for ProfileSummary {
    /// # Errors
    /// [`Incompatible`](crate::ErrorCode::Incompatible) also when the columns are others.
    fn merge(&mut self, other: &Self) -> Result<()> {
        if self.config != other.config {
            let problem =
                Problem::new("profiles of different settings cannot be merged", "look at all parts with one configuration");
            return Err(Error::incompatible(problem));
        }
        let only = |one: &Self, other: &Self| one.columns.keys().find(|name| !other.columns.contains_key(*name)).cloned();
        if let Some(name) = only(self, other).or_else(|| only(other, self)) {
            let problem = Problem::new("the column is not in every part of the table", "pass the same columns in every part");
            return Err(Error::incompatible(problem.field(name)));
        }
        // Parts of one configuration have equal capacities: nothing below can fail half-way.
        for (name, column) in &mut self.columns {
            if let Some(theirs) = other.columns.get(name) {
                column.merge(theirs).map_err(|error| error.in_field(name))?;
            }
        }
        self.rows.add(other.rows);
        self.distinct_rows.merge(&other.distinct_rows);
        Ok(())
    }
}
