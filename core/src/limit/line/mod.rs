//! Limits of accounts in the book: increases by use and tier, decreases that never go below what is drawn.

mod outcome;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::policy::{Limit, floor_to_step};
use crate::error::{Problems, Result};
use crate::tier::RiskTier;

pub use outcome::{Line, LineBinding, LineChange, LineResult};

/// How the limit of an account follows its use and its tier. Amounts are in the currency of the file.
///
/// An increase goes to the limit plus a share of it, at most to the limit that the [`LimitPolicy`](super::LimitPolicy) gives; a
/// decrease goes towards that limit, at most by a share, and never below the balance.
///
/// ```
/// use scoreline::limit::{Limit, Line, LineBinding, LineChange, LinePolicy};
/// use scoreline::tier::RiskTier;
/// let policy: LinePolicy = serde_json::from_str(r#"{
///     "limit": "credit_limit", "balance": "balance", "utilisation": "utilisation_6m", "days_since_change": "days_since_change",
///     "increase": {"tiers": ["A", "B"], "utilisation_above": 0.7, "unless": "dpd_12m > 0", "share": 0.25, "cooldown_days": 180},
///     "decrease": {"tiers": ["C", "D"], "share": 0.5, "floor": 1000, "cooldown_days": 30},
///     "step": 500
/// }"#)?;
/// policy.validate()?;
/// let line = Line { limit: 20_000.0, balance: 16_000.0, utilisation: 0.85, days_since_change: f64::NAN, unless: Some(false) };
/// let allowed = Some(Limit::Known { amount: 30_000.0, binding: 0 });
/// let result = policy.review(RiskTier::A, false, line, allowed);
/// assert_eq!((result.change, result.limit, result.binding), (LineChange::Increase, 25_000.0, LineBinding::Share));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinePolicy {
    /// Expression of the limit that the account has.
    pub limit: String,
    /// Expression of what is drawn.
    pub balance: String,
    /// Expression of the utilisation that an increase asks for, a fraction, for example the mean of six months.
    pub utilisation: String,
    /// Expression of the days since the limit last changed; missing where it never did. Without it there is no cool-down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_since_change: Option<String>,
    /// When and how far limits rise; without it they never do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub increase: Option<Increase>,
    /// When and how far limits fall; without it they never do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decrease: Option<Decrease>,
    /// New limits are multiples of this amount, above 0.
    pub step: f64,
}

/// When and how far a limit rises.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Increase {
    /// Tiers in which it may.
    pub tiers: Vec<RiskTier>,
    /// The utilisation that must be passed, a fraction of at least 0.
    pub utilisation_above: f64,
    /// Condition that forbids it; it forbids too where it cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unless: Option<String>,
    /// Largest rise as a share of the limit, above 0, at most 10.
    pub share: f64,
    /// Days since the last change for which it waits.
    #[serde(default)]
    pub cooldown_days: u32,
}

/// When and how far a limit falls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decrease {
    /// Tiers in which it does.
    pub tiers: Vec<RiskTier>,
    /// Largest fall as a share of the limit, in (0, 1].
    pub share: f64,
    /// No limit falls below this amount.
    #[serde(default)]
    pub floor: f64,
    /// Days since the last change for which it waits.
    #[serde(default)]
    pub cooldown_days: u32,
}

impl LinePolicy {
    /// The expressions of [`Line`]: limit, balance, utilisation and days since the last change.
    #[must_use]
    pub fn amounts(&self) -> [Option<&str>; 4] {
        [Some(&self.limit), Some(&self.balance), Some(&self.utilisation), self.days_since_change.as_deref()]
    }

    /// The condition that forbids an increase.
    #[must_use]
    pub fn unless(&self) -> Option<&str> {
        self.increase.as_ref().and_then(|increase| increase.unless.as_deref())
    }

    /// The limit that follows in `tier`. `stopped` says that a strong rule declines or asks for a person; `allowed` is what
    /// the limit policy gives the account, where there is one.
    #[must_use]
    pub fn review(&self, tier: RiskTier, stopped: bool, line: Line, allowed: Option<Limit>) -> LineResult {
        let keep = |binding| LineResult { change: LineChange::Keep, limit: line.limit, binding };
        if !(line.limit >= 0.0 && line.limit.is_finite() && line.balance.is_finite()) {
            return LineResult { change: LineChange::Unknown, limit: line.limit, binding: LineBinding::Missing };
        }
        if let Some(decrease) = self.decrease.as_ref().filter(|decrease| decrease.tiers.contains(&tier)) {
            if line.days_since_change < f64::from(decrease.cooldown_days) {
                return keep(LineBinding::Cooldown);
            }
            return self.lower(decrease, line, allowed);
        }
        if let Some(increase) = self.increase.as_ref().filter(|increase| increase.tiers.contains(&tier)) {
            if stopped {
                return keep(LineBinding::Rules);
            }
            if line.utilisation.is_nan() {
                return keep(LineBinding::Missing);
            }
            if line.utilisation <= increase.utilisation_above {
                return keep(LineBinding::Utilisation);
            }
            if increase.unless.is_some() && line.unless != Some(false) {
                return keep(LineBinding::Condition);
            }
            if line.days_since_change < f64::from(increase.cooldown_days) {
                return keep(LineBinding::Cooldown);
            }
            return self.raise(increase, line, allowed);
        }
        keep(LineBinding::Tier)
    }

    fn raise(&self, increase: &Increase, line: Line, allowed: Option<Limit>) -> LineResult {
        let (mut target, mut binding) = (line.limit * (1.0 + increase.share), LineBinding::Share);
        match allowed {
            Some(Limit::Known { amount, binding: candidate }) if amount < target => {
                (target, binding) = (amount, LineBinding::Candidate(candidate));
            }
            Some(Limit::Unknown { .. }) => {
                return LineResult { change: LineChange::Keep, limit: line.limit, binding: LineBinding::Missing };
            }
            Some(Limit::Known { .. }) | None => {}
        }
        let limit = floor_to_step(target, self.step);
        if limit > line.limit && limit.is_finite() {
            LineResult { change: LineChange::Increase, limit, binding }
        } else {
            LineResult { change: LineChange::Keep, limit: line.limit, binding }
        }
    }

    fn lower(&self, decrease: &Decrease, line: Line, allowed: Option<Limit>) -> LineResult {
        let (mut target, mut binding) = (line.limit * (1.0 - decrease.share), LineBinding::Share);
        let mut raise = |amount: f64, by: LineBinding| {
            if amount > target {
                (target, binding) = (amount, by);
            }
        };
        if let Some(Limit::Known { amount, binding: candidate }) = allowed {
            raise(amount, LineBinding::Candidate(candidate));
        }
        raise(decrease.floor, LineBinding::Floor);
        raise(line.balance, LineBinding::Balance);
        // Up to the step: down would go below the balance.
        let below = floor_to_step(target, self.step);
        let limit = if below >= target { below } else { below + self.step };
        if limit < line.limit {
            LineResult { change: LineChange::Decrease, limit, binding }
        } else {
            LineResult { change: LineChange::Keep, limit: line.limit, binding }
        }
    }

    /// Checks everything except the expressions.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(self.step > 0.0 && self.step.is_finite(), "line.step", "must be above 0", "use for example 100");
        for (place, text) in
            ["line.limit", "line.balance", "line.utilisation", "line.days_since_change"].iter().zip(self.amounts())
        {
            let written = text.is_none_or(|text| !text.trim().is_empty());
            problems.require(written, place, "an expression is needed", "write it over the fields");
        }
        let (mut rising, mut falling) = (&[][..], &[][..]);
        if let Some(increase) = &self.increase {
            rising = &increase.tiers;
            let place = "line.increase";
            problems.require(increase.share > 0.0 && increase.share <= 10.0, place, "the share must lie in (0, 10]", "use 0.25");
            let used = increase.utilisation_above >= 0.0 && increase.utilisation_above.is_finite();
            problems.require(used, place, "the utilisation must be a fraction of at least 0", "use for example 0.7");
            let waits = increase.cooldown_days == 0 || self.days_since_change.is_some();
            problems.require(waits, place, "a cool-down needs the days since the last change", "name days_since_change");
        }
        if let Some(decrease) = &self.decrease {
            falling = &decrease.tiers;
            let place = "line.decrease";
            problems.require(decrease.share > 0.0 && decrease.share <= 1.0, place, "the share must lie in (0, 1]", "use 0.5");
            let floor = decrease.floor >= 0.0 && decrease.floor.is_finite();
            problems.require(floor, place, "the floor must be a finite amount, at least 0", "use 0 for none");
            let waits = decrease.cooldown_days == 0 || self.days_since_change.is_some();
            problems.require(waits, place, "a cool-down needs the days since the last change", "name days_since_change");
        }
        let apart = rising.iter().all(|up| falling.iter().all(|down| up < down));
        problems.require(apart, "line", "limits rise in a tier that is no better than one in which they fall", "part the tiers");
        problems.into_result()
    }
}
