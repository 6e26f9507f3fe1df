//! Limits of accounts in the book: increases by use and tier, decreases that never go below what is drawn.

use serde::{Deserialize, Serialize};

use super::policy::{Limit, floor_to_step};
use crate::error::{Problems, Result};
use crate::tier::RiskTier;

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

/// What is known of the limit of an account; NaN when missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// The limit.
    pub limit: f64,
    /// What is drawn.
    pub balance: f64,
    /// The utilisation that an increase asks for.
    pub utilisation: f64,
    /// Days since the limit last changed; NaN where it never did.
    pub days_since_change: f64,
    /// What forbids an increase; `None` where it cannot be told.
    pub unless: Option<bool>,
}

impl Line {
    /// Of the amounts in the order of [`LinePolicy::amounts`].
    pub(crate) fn of(amount: impl Fn(usize) -> f64, unless: Option<bool>) -> Self {
        Line { limit: amount(0), balance: amount(1), utilisation: amount(2), days_since_change: amount(3), unless }
    }
}

/// What becomes of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineChange {
    /// It stays.
    Keep,
    /// It rises.
    Increase,
    /// It falls.
    Decrease,
    /// The limit or the balance is missing or not usable, so it stays and a person must look.
    Unknown,
}

impl LineChange {
    /// Every change, in the order of its index.
    pub const ALL: [LineChange; 4] = [LineChange::Keep, LineChange::Increase, LineChange::Decrease, LineChange::Unknown];

    /// Its index in [`LineChange::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name used in files and answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            LineChange::Keep => "keep",
            LineChange::Increase => "increase",
            LineChange::Decrease => "decrease",
            LineChange::Unknown => "unknown",
        }
    }
}

/// What decided the new limit, or kept it from changing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineBinding {
    /// The tier asks for no change.
    Tier,
    /// The line is not used enough.
    Utilisation,
    /// The condition that forbids an increase holds or cannot be told.
    Condition,
    /// A strong rule declines or asks for a person.
    Rules,
    /// The last change is too recent.
    Cooldown,
    /// The largest share of one change.
    Share,
    /// What is drawn.
    Balance,
    /// The floor below which no limit falls.
    Floor,
    /// An input is missing or not usable.
    Missing,
    /// A candidate of the limit policy, by its index.
    Candidate(u8),
}

impl LineBinding {
    /// Names of the bindings that are not candidates, in the order of their codes.
    pub const NAMES: [&str; 9] =
        ["tier", "utilisation", "condition", "rules", "cooldown", "share", "balance", "floor", "missing"];

    /// Its number: 0 to 8 as in [`LineBinding::NAMES`], then the candidates.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            LineBinding::Tier => 0,
            LineBinding::Utilisation => 1,
            LineBinding::Condition => 2,
            LineBinding::Rules => 3,
            LineBinding::Cooldown => 4,
            LineBinding::Share => 5,
            LineBinding::Balance => 6,
            LineBinding::Floor => 7,
            LineBinding::Missing => 8,
            LineBinding::Candidate(i) => 9 + i,
        }
    }
}

/// The limit that follows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineResult {
    /// What becomes of it.
    pub change: LineChange,
    /// The new limit; that of the account where it stays, NaN where it is not known.
    pub limit: f64,
    /// What decided.
    pub binding: LineBinding,
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn policy() -> LinePolicy {
        LinePolicy {
            limit: "l".into(),
            balance: "b".into(),
            utilisation: "u".into(),
            days_since_change: Some("d".into()),
            increase: Some(Increase {
                tiers: vec![RiskTier::A, RiskTier::B],
                utilisation_above: 0.7,
                unless: Some("x".into()),
                share: 0.25,
                cooldown_days: 180,
            }),
            decrease: Some(Decrease { tiers: vec![RiskTier::C, RiskTier::D], share: 0.5, floor: 1_000.0, cooldown_days: 30 }),
            step: 500.0,
        }
    }

    fn line() -> Line {
        Line { limit: 20_000.0, balance: 16_200.0, utilisation: 0.85, days_since_change: f64::NAN, unless: Some(false) }
    }

    const ROOM: Option<Limit> = Some(Limit::Known { amount: 30_000.0, binding: 3 });

    #[test]
    fn golden_increase() {
        let file: serde_json::Value = serde_json::from_str(include_str!("../../../tests/golden/limits.json")).unwrap();
        let case = file["cases"].as_array().unwrap().iter().find(|case| case["id"] == "limit_step").unwrap();
        let input = |name: &str| case["inputs"][name].as_f64().unwrap();
        let mut policy = LinePolicy { step: input("round_to"), ..policy() };
        policy.increase.as_mut().unwrap().share = input("max_increase_pct");
        let tier = RiskTier::from_letter(case["inputs"]["tier"].as_str().unwrap().chars().next().unwrap()).unwrap();
        let unless = Some(input("dpd_12m") > 0.0);
        let line = Line { limit: input("limit"), utilisation: input("avg_util_6m"), unless, ..line() };
        let allowed = Some(Limit::Known { amount: input("policy_limit"), binding: 0 });
        assert_eq!(policy.review(tier, false, line, allowed).limit, case["expected"]["new_limit"].as_f64().unwrap());
    }

    #[test]
    fn each_bound_is_named() {
        let policy = policy();
        let up = |line: Line, allowed| {
            let result = policy.review(RiskTier::B, false, line, allowed);
            (result.change, result.limit, result.binding)
        };
        use LineBinding::*;
        use LineChange::*;
        assert_eq!(up(line(), ROOM), (Increase, 25_000.0, Share));
        assert_eq!(up(line(), Some(Limit::Known { amount: 22_300.0, binding: 1 })), (Increase, 22_000.0, Candidate(1)));
        assert_eq!(up(line(), Some(Limit::Known { amount: 20_400.0, binding: 1 })), (Keep, 20_000.0, Candidate(1)));
        assert_eq!(up(line(), Some(Limit::Unknown { candidate: 0 })), (Keep, 20_000.0, Missing));
        assert_eq!(up(Line { utilisation: 0.7, ..line() }, ROOM), (Keep, 20_000.0, Utilisation));
        assert_eq!(up(Line { utilisation: f64::NAN, ..line() }, ROOM), (Keep, 20_000.0, Missing));
        assert_eq!(up(Line { unless: Some(true), ..line() }, ROOM), (Keep, 20_000.0, Condition));
        assert_eq!(up(Line { unless: None, ..line() }, ROOM), (Keep, 20_000.0, Condition));
        assert_eq!(up(Line { days_since_change: 179.0, ..line() }, ROOM), (Keep, 20_000.0, Cooldown));
        assert_eq!(up(Line { days_since_change: 180.0, ..line() }, ROOM), (Increase, 25_000.0, Share));
        assert_eq!(policy.review(RiskTier::B, true, line(), ROOM).binding, Rules);
        let unknown = policy.review(RiskTier::B, false, Line { balance: f64::NAN, ..line() }, ROOM);
        assert_eq!((unknown.change, unknown.binding), (Unknown, Missing));

        let down = |line: Line, amount| {
            let result = policy.review(RiskTier::C, true, line, Some(Limit::Known { amount, binding: 2 }));
            (result.change, result.limit, result.binding)
        };
        assert_eq!(down(line(), 0.0), (Decrease, 16_500.0, Balance), "up to the next step");
        assert_eq!(down(Line { balance: 0.0, ..line() }, 0.0), (Decrease, 10_000.0, Share));
        assert_eq!(down(Line { balance: 0.0, ..line() }, 12_000.0), (Decrease, 12_000.0, Candidate(2)));
        assert_eq!(down(Line { balance: 0.0, limit: 1_500.0, ..line() }, 0.0), (Decrease, 1_000.0, Floor));
        assert_eq!(down(Line { balance: 25_000.0, ..line() }, 0.0), (Keep, 20_000.0, Balance), "overdrawn");
        assert_eq!(down(Line { days_since_change: 29.0, ..line() }, 0.0).2, Cooldown);
    }

    #[test]
    fn every_problem_is_listed_and_files_round_trip() {
        let good = policy();
        good.validate().unwrap();
        let text = serde_json::to_string(&good).unwrap();
        assert_eq!(serde_json::from_str::<LinePolicy>(&text).unwrap(), good);
        let mut bad = LinePolicy { step: 0.0, balance: " ".into(), days_since_change: None, ..good };
        bad.increase.as_mut().unwrap().tiers.push(RiskTier::C);
        bad.decrease.as_mut().unwrap().share = 1.5;
        // step, balance, two cool-downs, share, tiers
        assert_eq!(bad.validate().unwrap_err().problems().len(), 6);
    }

    fn lines() -> impl Strategy<Value = (RiskTier, bool, Line, Option<Limit>)> {
        let line = (0.0..1e5f64, 0.0..1.2e5f64, 0.0..1.5f64, prop::option::of(0.0..400.0f64), any::<Option<bool>>());
        let line = line.prop_map(|(limit, balance, utilisation, days, unless)| Line {
            limit,
            balance,
            utilisation,
            days_since_change: days.unwrap_or(f64::NAN),
            unless,
        });
        let allowed = prop::option::of((0.0..2e5f64).prop_map(|amount| Limit::Known { amount, binding: 0 }));
        (prop::sample::select(RiskTier::ALL.to_vec()), any::<bool>(), line, allowed)
    }

    proptest! {
        #[test]
        fn a_limit_never_falls_below_the_balance_and_never_rises_in_bad_tiers((tier, stopped, line, allowed) in lines()) {
            let result = policy().review(tier, stopped, line, allowed);
            match result.change {
                LineChange::Decrease => {
                    prop_assert!(result.limit >= line.balance && result.limit < line.limit && tier >= RiskTier::C);
                    prop_assert!(result.limit >= 1_000.0 && result.limit >= line.limit * 0.5 - 1e-6);
                }
                LineChange::Increase => {
                    prop_assert!(tier <= RiskTier::B && !stopped && line.utilisation > 0.7);
                    prop_assert!(result.limit <= line.limit * 1.25 + 1e-6);
                    if let Some(Limit::Known { amount, .. }) = allowed {
                        prop_assert!(result.limit <= amount + 1e-6);
                    }
                }
                LineChange::Keep => prop_assert_eq!(result.limit, line.limit),
                LineChange::Unknown => prop_assert!(false, "everything is known"),
            }
        }

        #[test]
        fn a_worse_tier_never_has_the_higher_limit((_, stopped, line, allowed) in lines()) {
            let limits = RiskTier::ALL.map(|tier| policy().review(tier, stopped, line, allowed).limit);
            prop_assert!(limits.is_sorted_by(|x, y| x >= y));
        }
    }
}
