//! Temporary tightening for a segment, with an owner and an end.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::rules::{MAX_RULES, OnMissing, check_rule};
use crate::data::Date;
use crate::error::Problems;

/// A temporary tightening: while it is in force, cases that meet its condition lose tiers. It can never improve a tier, and
/// from its end on it does nothing but be counted.
///
/// ```
/// use scoreline::tier::{Measured, RiskTier, TierPolicy};
/// use scoreline::Date;
/// let policy: TierPolicy = serde_json::from_str(r#"{
///     "direction": "a_is_best", "cuts": [0.01, 0.05, 0.2],
///     "overlays": [{"code": "O1", "when": "industry = 'hotels'", "notches": 1, "owner": "credit risk committee",
///                   "from": "2026-01-01", "until": "2026-06-30", "on_missing": "no_hit", "reason": "Weak season"}]
/// }"#)?;
/// let table = policy.resolve()?;
/// let tier = |day: &str| -> scoreline::Result<RiskTier> {
///     Ok(table.assign(Measured::pd(0.001), &table.on(Some(Date::parse(day)?))?, |_, _| Some(true)).tier)
/// };
/// assert_eq!((tier("2026-06-30")?, tier("2026-07-01")?), (RiskTier::B, RiskTier::A));
/// assert!(table.on(None).is_err(), "what is dated needs a day");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    /// Short code, unique within the policy.
    pub code: String,
    /// Condition: an expression over the fields.
    pub when: String,
    /// Tiers that a hit costs, 1 to 3; they add to those of weak evidence, whose cap does not hold here.
    pub notches: u8,
    /// Who answers for it.
    pub owner: String,
    /// First day on which it is in force.
    pub from: Date,
    /// Last day on which it is in force.
    pub until: Date,
    /// What a missing condition does.
    pub on_missing: OnMissing,
    /// The reason in words, for the customer and the file.
    pub reason: String,
}

impl Overlay {
    pub(super) fn check<'a>(overlays: &'a [Overlay], problems: &mut Problems, codes: &mut BTreeSet<&'a str>) {
        problems.require(overlays.len() <= MAX_RULES, "tier.overlays", "too many overlays", "keep at most 64");
        for (i, overlay) in overlays.iter().enumerate() {
            let place = format!("tier.overlays[{i}]");
            check_rule(problems, codes, &place, &overlay.code, &overlay.when, &overlay.reason);
            problems.require((1..=3).contains(&overlay.notches), &place, "it must cost 1 to 3 tiers", "set notches");
            problems.require(!overlay.owner.trim().is_empty(), &place, "an overlay needs an owner", "say who answers for it");
            problems.require(overlay.from <= overlay.until, &place, "it ends before it begins", "correct from or until");
        }
    }
}
