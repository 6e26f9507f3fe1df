//! The stored tier policy: score cuts, strong rules, weak rules and what stands around them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::hysteresis::Hysteresis;
use super::letter::{Direction, RiskTier};
use super::matrix::TierMatrix;
use super::measure::Measure;
use super::overlay::Overlay;
use super::rules::{MAX_RULES, OnMissing, check_rule};
use super::table::TierTable;
use crate::data::Date;
use crate::error::{Problems, Result};

/// How a PD or a score and the hits of rules become a [`RiskTier`]: cuts → matrix → weak evidence and overlays → strong rules;
/// and, for an account that has a tier already, how that tier follows ([`Hysteresis`]).
///
/// ```
/// use scoreline::tier::{Measured, RiskTier, RuleKind, TierDay, TierPolicy};
/// let policy: TierPolicy = serde_json::from_str(r#"{
///     "direction": "a_is_best",
///     "cuts": [0.01, 0.04, 0.12],
///     "strong": [{"code": "S1", "when": "days_past_due > 90", "effect": {"type": "floor", "tier": "D"},
///                 "on_missing": "refer", "reason": "Payments more than 90 days late"}],
///     "weak": [{"code": "W1", "when": "enquiries_6m > 6", "points": 1, "reason": "Many recent credit enquiries"}],
///     "points_per_notch": 1, "max_notches": 2
/// }"#)?;
/// let table = policy.resolve()?;
/// let hit = |kind, _index| Some(kind == RuleKind::Weak);
/// let result = table.assign(Measured::pd(0.02), &TierDay::default(), hit);
/// assert_eq!((result.score_tier, result.tier), (RiskTier::B, RiskTier::C));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierPolicy {
    /// Which letter is good.
    pub direction: Direction,
    /// What the cuts compare.
    #[serde(default, skip_serializing_if = "Measure::is_pd")]
    pub measure: Measure,
    /// Upper bounds of the PD per year of A, B and C, each in (0, 1) and rising: below the first is A, below the
    /// second B, below the third C, the rest D. A PD that equals a cut belongs to the worse tier. Or, where the measure is the
    /// score, the least points of A, B and C, falling; a score that equals a cut belongs to the better tier.
    pub cuts: [f64; 3],
    /// The tier by score tier and a second measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matrix: Option<TierMatrix>,
    /// Rules that decide by themselves; at most [`MAX_RULES`].
    #[serde(default)]
    pub strong: Vec<StrongRule>,
    /// Rules that add evidence; at most [`MAX_RULES`].
    #[serde(default)]
    pub weak: Vec<WeakRule>,
    /// Groups of weak rules that describe one fact and may not add up without bound.
    #[serde(default)]
    pub groups: Vec<WeakGroup>,
    /// Points of weak evidence that cost one tier; only whole multiples count. Above 0.
    #[serde(default = "one_point")]
    pub points_per_notch: f64,
    /// The most tiers that weak evidence can cost, 0 to 3.
    #[serde(default = "one_notch")]
    pub max_notches: u8,
    /// Temporary tightening for segments; at most [`MAX_RULES`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overlays: Vec<Overlay>,
    /// How the tier of an account that has one already follows; without it, at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hysteresis: Option<Hysteresis>,
}

fn one_point() -> f64 {
    1.0
}

fn one_notch() -> u8 {
    1
}

/// A rule that acts alone. It can never improve a tier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrongRule {
    /// Short code, unique within the policy.
    pub code: String,
    /// Condition: an expression over the fields.
    pub when: String,
    /// What a hit does.
    pub effect: StrongEffect,
    /// What a missing condition does.
    pub on_missing: OnMissing,
    /// The reason in words, for the applicant and the file.
    pub reason: String,
}

/// What a hit of a strong rule does. Where several hit, each is reported and the worst counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum StrongEffect {
    /// The tier is at least as bad as this one.
    Floor {
        /// The best tier that remains possible.
        tier: RiskTier,
    },
    /// The tier rises no further than this one. An account that has a better tier already keeps it; without a tier it is as a
    /// floor.
    Ceiling {
        /// The best tier that can be reached.
        tier: RiskTier,
    },
    /// The tier is at least as bad as this one, and the days that an upgrade must wait count from the last day of the hit.
    Override {
        /// The best tier that remains possible.
        tier: RiskTier,
    },
    /// The application is declined; the tier stays what it is.
    // A struct variant: serde lets unknown fields pass in tagged unit variants.
    Decline {},
}

/// A rule that adds points of adverse evidence. A missing condition adds none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeakRule {
    /// Short code, unique within the policy.
    pub code: String,
    /// Condition: an expression over the fields.
    pub when: String,
    /// Points that a hit adds, above 0, at most 1,000,000 and with at most three decimals.
    pub points: f64,
    /// Name of the [`WeakGroup`] that caps these points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The last day on which the rule counts; without it, it always does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The reason in words, for the applicant and the file.
    pub reason: String,
}

/// Weak rules that together can add no more than a cap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeakGroup {
    /// Name, as in [`WeakRule::group`].
    pub name: String,
    /// The most points that the rules of the group add together; like points of a rule.
    pub cap: f64,
}

/// Points as whole thousandths, so that their sum does not depend on the order of the rules.
pub(super) fn thousandths(points: f64) -> Option<u64> {
    let scaled = points * 1_000.0;
    let usable = points > 0.0 && points <= 1_000_000.0 && (scaled - scaled.round()).abs() < 1e-6 && scaled.round() >= 1.0;
    usable.then(|| scaled.round() as u64)
}

impl TierPolicy {
    /// A policy of PD cuts only.
    #[must_use]
    pub fn from_cuts(cuts: [f64; 3]) -> Self {
        TierPolicy {
            direction: Direction::AIsBest,
            measure: Measure::Pd,
            cuts,
            matrix: None,
            strong: Vec::new(),
            weak: Vec::new(),
            groups: Vec::new(),
            points_per_notch: one_point(),
            max_notches: one_notch(),
            overlays: Vec::new(),
            hysteresis: None,
        }
    }

    /// Checks everything except the expressions.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        const POINTS: &str = "use a number above 0, at most 1,000,000, with at most three decimals";
        let mut problems = Problems::default();
        self.measure.check(&mut problems, "tier.cuts", self.cuts);
        if let Some(hysteresis) = &self.hysteresis {
            hysteresis.check(self.measure, self.cuts, &mut problems);
        }
        if let Some(matrix) = &self.matrix {
            matrix.check(&mut problems);
        }
        for (place, count) in [("tier.strong", self.strong.len()), ("tier.weak", self.weak.len())] {
            problems.require(count <= MAX_RULES, place, "too many rules", "keep at most 64 of a kind");
        }
        problems.require(thousandths(self.points_per_notch).is_some(), "tier.points_per_notch", "not usable as points", POINTS);
        problems.require(self.max_notches <= 3, "tier.max_notches", "there are only three tiers below A", "use 0 to 3");

        let mut codes = BTreeSet::new();
        for (i, rule) in self.strong.iter().enumerate() {
            check_rule(&mut problems, &mut codes, &format!("tier.strong[{i}]"), &rule.code, &rule.when, &rule.reason);
        }
        let mut names = BTreeSet::new();
        for (i, group) in self.groups.iter().enumerate() {
            let place = format!("tier.groups[{i}]");
            problems.require(!group.name.trim().is_empty(), &place, "a group needs a name", "name it");
            problems.require(names.insert(group.name.as_str()), &place, "two groups have the same name", "rename one");
            problems.require(thousandths(group.cap).is_some(), &place, "the cap is not usable as points", POINTS);
        }
        for (i, rule) in self.weak.iter().enumerate() {
            let place = format!("tier.weak[{i}]");
            check_rule(&mut problems, &mut codes, &place, &rule.code, &rule.when, &rule.reason);
            problems.require(thousandths(rule.points).is_some(), &place, "not usable as points", POINTS);
            let known = rule.group.as_deref().is_none_or(|group| names.contains(group));
            problems.require(known, &place, "the group is not declared", "declare it under tier.groups or correct the name");
        }
        Overlay::check(&self.overlays, &mut problems, &mut codes);
        problems.into_result()
    }

    /// The policy in the form that assigns tiers.
    ///
    /// # Errors
    /// As [`TierPolicy::validate`].
    pub fn resolve(&self) -> Result<TierTable> {
        self.validate()?;
        Ok(TierTable::new(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_listed() {
        let mut policy = TierPolicy::from_cuts([0.1, 0.05, 0.2]);
        policy.points_per_notch = 0.0;
        policy.max_notches = 4;
        policy.groups = vec![WeakGroup { name: "g".into(), cap: f64::NAN }];
        let weak = WeakRule {
            code: "W".into(),
            when: " ".into(),
            points: 0.0005,
            group: Some("h".into()),
            until: None,
            reason: String::new(),
        };
        policy.weak = vec![weak.clone(), weak];
        let error = policy.validate().unwrap_err();
        // cuts, points_per_notch, max_notches, cap; condition, reason, points, group twice; the second code
        assert_eq!(error.problems().len(), 4 + 2 * 4 + 1, "{error}");
        assert!(policy.resolve().is_err());
    }

    #[test]
    fn cuts_must_be_finite_and_strictly_rising() {
        assert!(TierPolicy::from_cuts([0.01, 0.04, 0.12]).validate().is_ok());
        for cuts in [[0.0, 0.1, 0.2], [0.1, 0.1, 0.2], [0.1, 0.2, 1.0], [0.1, f64::NAN, 0.3]] {
            assert!(TierPolicy::from_cuts(cuts).validate().is_err());
        }
    }

    #[test]
    fn files_say_everything_and_nothing_else() {
        let rule = r#"{"code":"S","when":"x > 1","effect":{"type":"decline"},"on_missing":"hit","reason":"r"}"#;
        let strong: StrongRule = serde_json::from_str(rule).unwrap();
        assert_eq!(strong.effect, StrongEffect::Decline {});
        assert_eq!(serde_json::to_string(&strong).unwrap(), rule);
        for bad in [
            rule.replace(r#","on_missing":"hit""#, ""),
            rule.replace(r#""type":"decline""#, r#""type":"decline","tier":"C""#),
            rule.replace("decline", "upgrade"),
        ] {
            assert!(serde_json::from_str::<StrongRule>(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn points_are_whole_thousandths() {
        assert_eq!(thousandths(0.1), Some(100));
        assert_eq!(thousandths(1_000_000.0), Some(1_000_000_000));
        for bad in [0.0, -1.0, 0.0001, 0.1234, 1e7, f64::NAN, f64::INFINITY] {
            assert_eq!(thousandths(bad), None, "{bad}");
        }
    }
}
