//! What is asked of a profile.

use serde::{Deserialize, Serialize};

use crate::data::{Date, Schema};
use crate::error::{Problems, Result};

/// What is known of the columns beforehand, and where the limits of the findings lie. Everything may be left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProfileConfig {
    /// Column of the outcome: 1 (or true) when the event happened, else 0. Leaks are only looked for with it.
    pub target: Option<String>,
    /// The fields as they are meant. Their missing codes count as missing; special codes are counted by themselves and are
    /// no suspects.
    pub schema: Option<Schema>,
    /// Values that single columns may have.
    pub expected: Vec<Expected>,
    /// Columns whose value is only known once the outcome is.
    pub known_after: Vec<String>,
    /// Column of the day of the decision: days of other columns after it were not known then.
    pub decision_date: Option<String>,
    /// Today: later days are findings. The clock is an argument; without it no day is in the future.
    pub as_of: Option<Date>,
    /// Distinct numbers, days and levels of a column that are told apart, 16 to 2²⁴. Default 65,536. Up to it everything is
    /// exact; beyond it near numbers share a cell, and the levels kept are a sample by hash.
    pub max_distinct: usize,
    /// Distinct rows that are told apart, 16 to 2²⁶. Default 2²¹. Beyond it the duplicate rows are estimated on a sample of
    /// the distinct rows by hash.
    pub max_rows: usize,
    /// The most levels that are listed for a column, 1 to 10,000. Default 50.
    pub top_levels: usize,
    /// The fewest rows of a level that is listed, at least 1. Default 5: rarer levels might name single persons.
    pub least_level_rows: u64,
    /// Share of missing values above which a column is a finding, in [0, 1]. Default 0.5.
    pub max_missing: f64,
    /// AUC of one column alone from which it is suspected of knowing the outcome, in (0.5, 1]. Default 0.95.
    pub max_auc: f64,
    /// Information value of one column alone from which it is suspected, above 0. Default 3.
    pub max_iv: f64,
}

/// Values that a column may have. Bounds belong to the range.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Expected {
    /// Name of the column.
    pub column: String,
    /// Least number.
    pub minimum: Option<f64>,
    /// Greatest number.
    pub maximum: Option<f64>,
    /// First day.
    pub earliest: Option<Date>,
    /// Last day.
    pub latest: Option<Date>,
    /// All levels.
    pub levels: Option<Vec<String>>,
}

impl Default for ProfileConfig {
    fn default() -> Self {
        ProfileConfig {
            target: None,
            schema: None,
            expected: Vec::new(),
            known_after: Vec::new(),
            decision_date: None,
            as_of: None,
            max_distinct: 1 << 16,
            max_rows: 1 << 21,
            top_levels: 50,
            least_level_rows: 5,
            max_missing: 0.5,
            max_auc: 0.95,
            max_iv: 3.0,
        }
    }
}

impl ProfileConfig {
    /// Checks every setting.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let mut require = |ok: bool, field: &str, what: &str, remedy: &str| problems.require(ok, field, what, remedy);
        let distinct = (16..=1 << 24).contains(&self.max_distinct);
        require(distinct, "max_distinct", "must lie between 16 and 16,777,216", "use for example 65536");
        let rows = (16..=1 << 26).contains(&self.max_rows);
        require(rows, "max_rows", "must lie between 16 and 67,108,864", "use for example 2097152");
        require((1..=10_000).contains(&self.top_levels), "top_levels", "must lie between 1 and 10,000", "use for example 50");
        require(self.least_level_rows >= 1, "least_level_rows", "must be at least 1", "use for example 5");
        require((0.0..=1.0).contains(&self.max_missing), "max_missing", "must lie between 0 and 1", "use for example 0.5");
        let auc = self.max_auc > 0.5 && self.max_auc <= 1.0;
        require(auc, "max_auc", "must lie above 0.5 and not above 1", "use for example 0.95");
        require(self.max_iv > 0.0 && self.max_iv.is_finite(), "max_iv", "must be above 0", "use for example 3");
        for (at, one) in self.expected.iter().enumerate() {
            let place = if one.column.is_empty() { "expected" } else { one.column.as_str() };
            require(!one.column.is_empty(), place, "a column is needed", "name the column");
            let again = self.expected[..at].iter().any(|other| other.column == one.column);
            require(!again, place, "what is expected of the column stands twice", "say it once");
            let finite = [one.minimum, one.maximum].into_iter().flatten().all(f64::is_finite);
            require(finite, place, "a bound is not finite", "leave out a bound that does not hold");
            let rising = one.minimum.zip(one.maximum).is_none_or(|(low, high)| low <= high)
                && one.earliest.zip(one.latest).is_none_or(|(first, last)| first <= last);
            require(rising, place, "the bounds are in the wrong order", "exchange them");
        }
        if let Some(schema) = &self.schema {
            problems.absorb("schema", schema.validate());
        }
        problems.into_result()
    }
}
