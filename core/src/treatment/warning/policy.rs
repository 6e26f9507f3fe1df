//! The stored warning policy: indicators, levels and what a level leads to.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::table::WarningTable;
use crate::error::{Problems, Result};
use crate::tier::{MAX_RULES, OnMissing, check_rule};

/// The most levels.
const MAX_LEVELS: usize = 16;

/// How the hits of indicators become a level of warning and a response.
///
/// ```
/// use scoreline::treatment::warning::WarningPolicy;
/// let policy: WarningPolicy = serde_json::from_str(r#"{
///     "indicators": [
///         {"code": "I1", "when": "utilisation > 0.9", "severity": 20, "on_missing": "no_hit", "reason": "Limit nearly used up"},
///         {"code": "I2", "when": "days_past_due > 30", "severity": 60, "on_missing": "refer", "reason": "Late by a month"}
///     ],
///     "levels": [20, 60],
///     "responses": [
///         {"code": "watch", "review_days": 30, "reason": "Look again within a month"},
///         {"code": "freeze", "review_days": 3, "reason": "Stop further drawings and call"}
///     ]
/// }"#)?;
/// let result = policy.resolve()?.level(|indicator| Some(indicator == 0));
/// assert_eq!((result.level, result.severity), (1, 20));
/// assert_eq!(policy.response(result.level).map(|response| response.code.as_str()), Some("watch"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WarningPolicy {
    /// The indicators; at least one, at most [`MAX_RULES`].
    pub indicators: Vec<Indicator>,
    /// The least total severity of each level, rising strictly, the first above 0; at most 16. Less than the first is level 0:
    /// no warning.
    pub levels: Vec<u32>,
    /// What each level leads to, from level 1.
    pub responses: Vec<WarningResponse>,
}

/// A sign that something gets worse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Short code, unique within the policy.
    pub code: String,
    /// Condition: an expression over the fields.
    pub when: String,
    /// Points that a hit adds, 1 to 100.
    pub severity: u8,
    /// The reason in words, for the file.
    pub reason: String,
    /// What a missing condition does.
    pub on_missing: OnMissing,
}

/// What a level leads to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WarningResponse {
    /// Short code of the response, for the systems that carry it out.
    pub code: String,
    /// Days within which a person looks, 1 to 366.
    pub review_days: u32,
    /// The reason in words, for the file.
    pub reason: String,
}

impl WarningPolicy {
    /// What a level leads to; nothing at level 0.
    #[must_use]
    pub fn response(&self, level: u8) -> Option<&WarningResponse> {
        self.responses.get(usize::from(level).checked_sub(1)?)
    }

    /// Checks everything except the expressions.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let count = (1..=MAX_RULES).contains(&self.indicators.len());
        problems.require(count, "warning.indicators", "1 to 64 indicators are needed", "name what is watched");
        let mut codes = BTreeSet::new();
        for (i, indicator) in self.indicators.iter().enumerate() {
            let place = format!("warning.indicators[{i}]");
            check_rule(&mut problems, &mut codes, &place, &indicator.code, &indicator.when, &indicator.reason);
            let points = (1..=100).contains(&indicator.severity);
            problems.require(points, &place, "the severity must lie between 1 and 100", "give points");
        }
        let levels = (1..=MAX_LEVELS).contains(&self.levels.len());
        problems.require(levels, "warning.levels", "1 to 16 levels are needed", "list the least severity of each");
        let rising = self.levels.first().is_none_or(|first| *first > 0) && self.levels.windows(2).all(|pair| pair[0] < pair[1]);
        problems.require(rising, "warning.levels", "the levels must be above 0 and rise strictly", "sort them");
        let one_each = self.responses.len() == self.levels.len();
        problems.require(one_each, "warning.responses", "one response a level is needed", "say what each level leads to");
        for (i, response) in self.responses.iter().enumerate() {
            let place = format!("warning.responses[{i}]");
            problems.require(!response.code.trim().is_empty(), &place, "a response needs a code", "give it a short code");
            problems.require(!response.reason.trim().is_empty(), &place, "a response needs a reason", "say it in words");
            let days = (1..=366).contains(&response.review_days);
            problems.require(days, &place, "review_days must lie between 1 and 366", "give the days until a person looks");
        }
        problems.into_result()
    }

    /// The policy in the form that finds levels.
    ///
    /// # Errors
    /// As [`WarningPolicy::validate`].
    pub fn resolve(&self) -> Result<WarningTable> {
        self.validate()?;
        Ok(WarningTable::new(self))
    }
}
