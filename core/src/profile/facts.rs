//! The profile of a table: plain data.

use serde::{Deserialize, Serialize};

use super::finding::Finding;
use crate::data::{Date, Kind};

/// What a table holds and what should be looked at. Least and greatest numbers and days are values of the data; so are the
/// levels that are listed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Number of rows.
    pub rows: u64,
    /// Share of events in [0, 1]; absent without a target or without rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_rate: Option<f64>,
    /// Rows that are equal to an earlier row in every column; estimated where it is not exact.
    pub duplicate_rows: Tallied,
    /// The columns, in the order of their names.
    pub columns: Vec<ColumnProfile>,
    /// What should be looked at, the worst first.
    pub findings: Vec<Finding>,
}

/// A count that is exact up to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tallied {
    /// The count.
    pub count: u64,
    /// Whether the limit was kept: of distinct values there are then exactly so many, else at least so many.
    pub exact: bool,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnProfile {
    /// Name of the column.
    pub name: String,
    /// Kind of most values; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Rows without a value, declared missing codes included.
    pub missing: u64,
    /// The same as a share of all rows, in [0, 1].
    pub missing_share: f64,
    /// Rows with a declared special code.
    pub coded: u64,
    /// Distinct values of that kind.
    pub distinct: Tallied,
    /// Whether there is exactly one distinct value and nothing else but missing values.
    pub constant: bool,
    /// Numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<NumberFacts>,
    /// Days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<DayFacts>,
    /// Levels, or true and false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<LevelFacts>,
    /// The first column with the same content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<String>,
    /// Area under the ROC curve of the column by itself, in [0.5, 1], on rows with a value and in the better direction;
    /// levels are ordered by their event rate. Absent without a target or with fewer than 10 events or non-events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auc: Option<f64>,
    /// The same of whether the value is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_auc: Option<f64>,
    /// Information value over at most 20 groups of about equal size, or the levels, and the missing values, in nats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iv: Option<f64>,
}

/// Where the numbers of a column lie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberFacts {
    /// Least number.
    pub minimum: f64,
    /// Greatest number.
    pub maximum: f64,
    /// Percentiles 0 to 100: the least number that at least so many percent of the numbers do not exceed (Hyndman and Fan
    /// 1996, definition 1). Beyond the limit of distinct numbers each is the lower border of its cell.
    pub percentiles: Vec<f64>,
    /// Whether every number is whole.
    pub whole: bool,
}

impl NumberFacts {
    /// The quantile at `share`, in [0, 1], to the nearest percent.
    #[must_use]
    pub fn quantile(&self, share: f64) -> f64 {
        let at = (100.0 * share.clamp(0.0, 1.0)).round() as usize;
        self.percentiles.get(at).copied().unwrap_or(f64::NAN)
    }
}

/// Where the days of a column lie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayFacts {
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
    /// Percentiles 0 to 100, as in [`NumberFacts`].
    pub percentiles: Vec<Date>,
}

/// The levels of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelFacts {
    /// The most frequent levels with their rows, the most frequent first.
    pub top: Vec<LevelRows>,
    /// Rows of levels that are not listed.
    pub unlisted: u64,
}

/// A level and its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelRows {
    /// The level.
    pub level: String,
    /// Number of rows.
    pub rows: u64,
}

impl Profile {
    /// The column called `name`.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ColumnProfile> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// What was found about the column called `name`.
    pub fn findings_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().filter(move |finding| finding.column.as_deref() == Some(name))
    }
}
