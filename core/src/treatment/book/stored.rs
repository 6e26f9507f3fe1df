//! The stored book.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::allowed::Allowed;
use super::axis::Axis;
use crate::data::Date;

/// What is done with an account in life: rows of a decision table over axes, of which exactly one answers every state.
///
/// ```
/// use scoreline::Value;
/// use scoreline::tier::RiskTier;
/// use scoreline::treatment::ActionBook;
/// let book: ActionBook = serde_json::from_str(r#"{
///     "axes": [{"name": "tier", "of": {"type": "tier"}},
///              {"name": "utilisation", "of": {"type": "number", "value": "balance / \"limit\""}}],
///     "rows": [
///         {"code": "INCREASE", "when": {"tier": ["A", "B"], "utilisation": [{"from": 0.7}]},
///          "actions": [{"code": "limit_increase", "channel": "app", "every_days": 90}], "review_days": 90,
///          "reason": "Low risk, high utilisation"},
///         {"code": "SELL", "when": {"tier": ["A", "B"], "utilisation": [{"below": 0.7}]},
///          "actions": [{"code": "cross_sell"}], "offers": ["top_up"], "review_days": 90, "reason": "Low risk"},
///         {"code": "RELIEF", "when": {"tier": ["C", "D"]}, "actions": [{"code": "offer_relief", "channel": "call"}],
///          "waiver_cap": 0.3, "review_days": 30, "reason": "Higher risk"}
///     ]
/// }"#)?;
/// let report = book.check()?;                      // nobody answers for tiers A and B when the utilisation is missing
/// assert_eq!(report.gaps[0].to_string(), "tier A or B, utilisation missing");
///
/// let mut total = book.clone();
/// total.rows[1].when.extend([("utilisation".to_owned(), serde_json::from_str(r#"[{"below": 0.7}, "missing"]"#)?)]);
/// let table = total.resolve()?;
/// let row = table.row(RiskTier::A, |_axis| Value::Missing);
/// assert_eq!(total.rows[usize::from(row)].code, "SELL");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionBook {
    /// What states are told apart by; at most [`MAX_AXES`](super::MAX_AXES).
    pub axes: Vec<Axis>,
    /// The answers; 1 to [`MAX_ROWS`](super::MAX_ROWS). Their order means nothing.
    pub rows: Vec<ActionRow>,
}

/// One answer, with the states it is for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionRow {
    /// Short code, unique within the book.
    pub code: String,
    /// What the row allows, by name of the axis; an axis that is not named allows everything, missing values included.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub when: BTreeMap<String, Vec<Allowed>>,
    /// What is done; at least one action.
    pub actions: Vec<Action>,
    /// The greatest share of interest and fees that may be waived, in [0, 1].
    #[serde(default)]
    pub waiver_cap: f64,
    /// Codes of the offers that may be made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<String>,
    /// Days to the next review, 1 to 36,500.
    pub review_days: u32,
    /// The reason in words, for the file.
    pub reason: String,
}

/// One thing that is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What, for example `limit_increase`.
    pub code: String,
    /// By which way, for example `sms`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Days from one time to the next, at least 1; once when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_days: Option<u32>,
}

impl ActionRow {
    /// The day of the next review of an account that the row answered for on `as_of`.
    ///
    /// ```
    /// use scoreline::Date;
    /// use scoreline::treatment::ActionRow;
    /// let row: ActionRow = serde_json::from_str(r#"{"code": "R", "actions": [{"code": "watch"}], "review_days": 30, "reason": "r"}"#)?;
    /// assert_eq!(row.next_review(Date::parse("2028-02-15")?).to_string(), "2028-03-16");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn next_review(&self, as_of: Date) -> Date {
        Date::from_days(as_of.days().saturating_add_unsigned(self.review_days))
    }
}
