//! The stored decision policy.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::decide::DecisionTable;
use crate::error::{Problems, Result};
use crate::tier::{ByTier, MAX_RULES, OnMissing, TierPolicy, check_rule};

/// What happens to an application. The order is that of severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is granted.
    Approve,
    /// A person decides.
    Refer,
    /// It is refused.
    Decline,
}

impl Outcome {
    /// Every outcome, mildest first.
    pub const ALL: [Outcome; 3] = [Outcome::Approve, Outcome::Refer, Outcome::Decline];

    /// 0 for approve, 1 for refer, 2 for decline.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The outcome with this index.
    #[must_use]
    pub fn from_index(index: usize) -> Option<Self> {
        Outcome::ALL.get(index).copied()
    }

    /// The name used in files and answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Approve => "approve",
            Outcome::Refer => "refer",
            Outcome::Decline => "decline",
        }
    }
}

/// How tier, price, limit and rules become an [`Outcome`].
///
/// Besides what is stated here, these causes always count: a declining strong rule, no legal price and a limit of 0
/// decline; a rule that asks for a person, and a request without usable amount, term or limit input, refer.
///
/// ```
/// use scoreline::decision::{DecisionPolicy, Outcome, Stages};
/// use scoreline::tier::{Measured, TierDay, TierPolicy};
/// let tiers = TierPolicy::from_cuts([0.01, 0.04, 0.12]);
/// let policy: DecisionPolicy = serde_json::from_str(r#"{
///     "by_tier": {"A": "approve", "B": "approve", "C": "refer", "D": "decline"},
///     "rules": [{"code": "P1", "when": "age < 18", "outcome": "decline", "on_missing": "refer", "reason": "Under age"}]
/// }"#)?;
/// let table = policy.resolve(&tiers)?;
/// let tier = tiers.resolve()?.assign(Measured::pd(0.02), &TierDay::default(), |_, _| None);
/// let stages = Stages { tier, price: None, limit: None };
/// assert_eq!(table.decide(&stages, |_rule| Some(false), |_cause| None).outcome, Outcome::Approve);
/// let verdict = table.decide(&stages, |_rule| Some(true), |_cause| Some(7));
/// assert_eq!((verdict.outcome, verdict.reasons.as_slice()), (Outcome::Decline, &[7][..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionPolicy {
    /// The outcome of each tier when nothing else speaks against it.
    pub by_tier: ByTier<Outcome>,
    /// Rules that refer or decline whatever the risk; at most [`MAX_RULES`].
    #[serde(default)]
    pub rules: Vec<PolicyRule>,
}

/// A rule that refers or declines whatever the risk, for example for age or residence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyRule {
    /// Short code, unique within the policy.
    pub code: String,
    /// Condition: an expression over the fields.
    pub when: String,
    /// What a hit does: refer or decline.
    pub outcome: Outcome,
    /// What a missing condition does.
    pub on_missing: OnMissing,
    /// The reason in words, for the applicant and the file.
    pub reason: String,
}

impl DecisionPolicy {
    /// Checks everything except the expressions.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let ByTier { a, b, c, d } = self.by_tier;
        problems.require(
            a <= b && b <= c && c <= d,
            "decision.by_tier",
            "a worse tier has a better outcome",
            "let the outcomes go from approve towards decline",
        );
        problems.require(self.rules.len() <= MAX_RULES, "decision.rules", "too many rules", "keep at most 64");
        let mut codes = BTreeSet::new();
        for (i, rule) in self.rules.iter().enumerate() {
            let place = format!("decision.rules[{i}]");
            check_rule(&mut problems, &mut codes, &place, &rule.code, &rule.when, &rule.reason);
            let adverse = rule.outcome != Outcome::Approve;
            problems.require(adverse, &place, "a rule cannot approve", "use refer or decline");
        }
        problems.into_result()
    }

    /// The policy in the form that decides, together with the strong rules of `tiers`.
    ///
    /// # Errors
    /// As [`DecisionPolicy::validate`].
    pub fn resolve(&self, tiers: &TierPolicy) -> Result<DecisionTable> {
        self.validate()?;
        Ok(DecisionTable::new(self, tiers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_listed() {
        let rule = PolicyRule {
            code: "P".into(),
            when: String::new(),
            outcome: Outcome::Approve,
            on_missing: OnMissing::Refer,
            reason: "r".into(),
        };
        let by_tier = [Outcome::Approve, Outcome::Decline, Outcome::Refer, Outcome::Decline].into();
        let policy = DecisionPolicy { by_tier, rules: vec![rule.clone(), rule] };
        assert_eq!(policy.validate().unwrap_err().problems().len(), 1 + 2 + 2 + 1);
    }

    #[test]
    fn names_are_those_of_the_file() {
        for outcome in [Outcome::Approve, Outcome::Refer, Outcome::Decline] {
            assert_eq!(serde_json::to_string(&outcome).unwrap(), format!("\"{}\"", outcome.name()));
        }
    }
}
