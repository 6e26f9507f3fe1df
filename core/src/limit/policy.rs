//! The stored limit policy and the limit it gives.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::error::{Problems, Result};
use crate::pricing::{annuity_factor, whole_months};
use crate::tier::{ByTier, RiskTier};

/// A candidate this close below a multiple of the step, as a part of the step, counts as that multiple: 0.29 · 100,000
/// is 28,999.999999999996 in binary.
const STEP_NOISE: f64 = 1e-9;

/// The limit is the least of the candidates, rounded down to a step; below the minimum it is 0.
///
/// ```
/// use scoreline::limit::{Limit, LimitPolicy};
/// use scoreline::tier::RiskTier;
/// let policy: LimitPolicy = serde_json::from_str(r#"{
///     "candidates": [
///         {"name": "capacity", "rule": {"type": "debt_service", "income": "income", "debt": "monthly_debt",
///                                       "share": 0.5, "stressed_rate": 0.12}},
///         {"name": "tier", "rule": {"type": "by_tier", "A": 300000, "B": 200000, "C": 50000, "D": 0}}
///     ],
///     "step": 1000, "minimum": 5000
/// }"#)?;
/// policy.validate()?;
/// // Candidate 0 asks for its income (expression 0) and its debt (expression 1).
/// let limit = policy.least(RiskTier::B, 36.0, |_candidate, expression| [20_000.0, 4_000.0][expression]);
/// assert_eq!(limit, Limit::Known { amount: 180_000.0, binding: 0 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitPolicy {
    /// What bounds the limit; at least one, at most 64.
    pub candidates: Vec<LimitCandidate>,
    /// Limits are multiples of this amount, above 0.
    pub step: f64,
    /// Least limit worth granting; anything lower becomes 0.
    pub minimum: f64,
}

/// One bound of the limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitCandidate {
    /// Name, unique within the policy; the answer names the binding one.
    pub name: String,
    /// How its amount comes about.
    pub rule: LimitRule,
}

/// How the amount of a candidate comes about. Expressions are over the fields; amounts are in the currency of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum LimitRule {
    /// The value of an expression.
    Expression {
        /// The expression.
        amount: String,
    },
    /// An amount for each tier.
    ByTier(ByTier<f64>),
    /// The same amount for everyone.
    Fixed {
        /// The amount.
        amount: f64,
    },
    /// The loan whose instalments the applicant can carry: (share · income − debt) · annuity factor of the requested
    /// term at the stressed rate; nothing when existing debt takes the whole share.
    DebtService {
        /// Expression of the income per month.
        income: String,
        /// Expression of the existing debt service per month.
        debt: String,
        /// Highest share of income for debt service, in (0, 1].
        share: f64,
        /// Nominal rate per year at which the instalment is computed.
        stressed_rate: f64,
    },
}

impl LimitRule {
    /// The expressions that have to be evaluated for this candidate, by their index.
    #[must_use]
    pub fn expressions(&self) -> [Option<&str>; 2] {
        match self {
            LimitRule::Expression { amount } => [Some(amount), None],
            LimitRule::DebtService { income, debt, .. } => [Some(income), Some(debt)],
            LimitRule::ByTier(_) | LimitRule::Fixed { .. } => [None, None],
        }
    }

    /// The amount, or NaN when an input is missing or not usable.
    #[inline]
    fn amount(&self, tier: RiskTier, term_months: f64, value: impl Fn(usize) -> f64) -> f64 {
        match self {
            LimitRule::Expression { .. } => value(0),
            LimitRule::ByTier(amounts) => *amounts.get(tier),
            LimitRule::Fixed { amount } => *amount,
            LimitRule::DebtService { share, stressed_rate, .. } => match whole_months(term_months) {
                Some(months) => (share * value(0) - value(1)) * annuity_factor(stressed_rate / 12.0, months),
                None => f64::NAN,
            },
        }
    }
}

/// The answer to "how much".
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// Everything was known.
    Known {
        /// The limit, in the currency of the file; 0 when the least candidate stays below the minimum.
        amount: f64,
        /// Index of the least candidate; the first of them when several are equal.
        binding: u8,
    },
    /// A candidate could not be computed because an input is missing, so a person must look.
    Unknown {
        /// Index of the first such candidate.
        candidate: u8,
    },
}

impl LimitPolicy {
    /// The limit of a case in `tier` over `term_months` (NaN when missing). `value(candidate, expression)` gives the value
    /// of an expression of [`LimitRule::expressions`], NaN when missing. A missing or infinite candidate is never skipped.
    #[must_use]
    pub fn least(&self, tier: RiskTier, term_months: f64, value: impl Fn(usize, usize) -> f64) -> Limit {
        let (mut least, mut binding) = (f64::INFINITY, 0);
        for (i, candidate) in self.candidates.iter().enumerate() {
            let amount = candidate.rule.amount(tier, term_months, |expression| value(i, expression));
            if !amount.is_finite() {
                return Limit::Unknown { candidate: i as u8 };
            }
            if amount < least {
                (least, binding) = (amount, i as u8);
            }
        }
        let floored = floor_to_step(least.max(0.0), self.step);
        Limit::Known { amount: if floored < self.minimum { 0.0 } else { floored }, binding }
    }

    /// Checks everything except the expressions.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let amount = |x: f64| x >= 0.0 && x.is_finite();
        let count = (1..=64).contains(&self.candidates.len());
        problems.require(count, "limit.candidates", "1 to 64 candidates are needed", "name what bounds the limit");
        problems.require(self.step > 0.0 && self.step.is_finite(), "limit.step", "must be above 0", "use for example 100");
        problems.require(amount(self.minimum), "limit.minimum", "must be a finite amount, at least 0", "use 0 for none");
        let mut names = BTreeSet::new();
        for (i, candidate) in self.candidates.iter().enumerate() {
            let place = format!("limit.candidates[{i}]");
            problems.require(!candidate.name.trim().is_empty(), &place, "a candidate needs a name", "name it");
            problems.require(names.insert(candidate.name.as_str()), &place, "two candidates have the same name", "rename one");
            for text in candidate.rule.expressions().into_iter().flatten() {
                problems.require(!text.trim().is_empty(), &place, "an expression is needed", "write it over the fields");
            }
            match &candidate.rule {
                LimitRule::Expression { .. } => {}
                LimitRule::Fixed { amount: fixed } => {
                    problems.require(amount(*fixed), &place, "the amount must be finite and at least 0", "correct it");
                }
                LimitRule::ByTier(amounts) => {
                    let usable = amounts.iter().all(|(_, x)| amount(*x));
                    problems.require(usable, &place, "every amount must be finite and at least 0", "correct it");
                    let falling = amounts.a >= amounts.b && amounts.b >= amounts.c && amounts.c >= amounts.d;
                    problems.require(falling, &place, "a worse tier has a higher amount", "let the amounts fall from A to D");
                }
                LimitRule::DebtService { share, stressed_rate, .. } => {
                    problems.require(
                        *share > 0.0 && *share <= 1.0,
                        &place,
                        "the share must lie in (0, 1]",
                        "use for example 0.5",
                    );
                    let rate = (0.0..=10.0).contains(stressed_rate);
                    problems.require(rate, &place, "the stressed rate must lie in [0, 10]", "write a fraction per year");
                }
            }
        }
        problems.into_result()
    }
}

/// The greatest multiple of `step` that does not exceed `amount`.
pub(super) fn floor_to_step(amount: f64, step: f64) -> f64 {
    (amount / step + STEP_NOISE).floor() * step
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fixed(amount: f64) -> LimitRule {
        LimitRule::Fixed { amount }
    }

    fn expression() -> LimitRule {
        LimitRule::Expression { amount: "x".into() }
    }

    fn debt_service(share: f64, stressed_rate: f64) -> LimitRule {
        LimitRule::DebtService { income: "i".into(), debt: "d".into(), share, stressed_rate }
    }

    fn policy(rules: Vec<LimitRule>, step: f64, minimum: f64) -> LimitPolicy {
        let named = rules.into_iter().enumerate().map(|(i, rule)| LimitCandidate { name: format!("c{i}"), rule });
        let policy = LimitPolicy { candidates: named.collect(), step, minimum };
        policy.validate().unwrap();
        policy
    }

    fn known(limit: Limit) -> f64 {
        match limit {
            Limit::Known { amount, .. } => amount,
            Limit::Unknown { .. } => f64::NAN,
        }
    }

    #[test]
    fn golden_limits() {
        let file: serde_json::Value = serde_json::from_str(include_str!("../../../tests/golden/limits.json")).unwrap();
        let case = |id: &str| file["cases"].as_array().unwrap().iter().find(|case| case["id"] == id).unwrap().clone();

        let dti = case("limit_dti");
        let input = |name: &str| dti["inputs"][name].as_f64().unwrap();
        for (name, rate) in [("max_loan", input("rate")), ("at_stress_rate_+3pp", input("rate") + 0.03)] {
            let policy = policy(vec![debt_service(input("dti_cap"), rate)], 1e-6, 0.0);
            let limit = policy.least(RiskTier::A, input("months"), |_, e| [input("income"), input("existing_debt_service")][e]);
            assert!((known(limit) - dti["expected"][name].as_f64().unwrap()).abs() < 2e-6, "{name}");
        }

        let step = case("limit_step");
        let input = |name: &str| step["inputs"][name].as_f64().unwrap();
        let policy = policy(vec![expression(), fixed(input("policy_limit"))], input("round_to"), 0.0);
        let raised = input("limit") * (1.0 + input("max_increase_pct"));
        assert_eq!(known(policy.least(RiskTier::A, f64::NAN, |_, _| raised)), step["expected"]["new_limit"].as_f64().unwrap());
    }

    #[test]
    fn a_missing_input_is_never_skipped() {
        let policy = policy(vec![fixed(1_000.0), expression(), debt_service(0.5, 0.1)], 1.0, 0.0);
        let least = |term: f64, amount: f64, income: f64| {
            policy.least(RiskTier::A, term, |c, e| [[0.0; 2], [amount; 2], [income, 0.0]][c][e])
        };
        assert_eq!(least(12.0, 500.0, 1e6), Limit::Known { amount: 500.0, binding: 1 });
        assert_eq!(least(12.0, 1_000.0, 1e6), Limit::Known { amount: 1_000.0, binding: 0 }, "the first of equal ones");
        assert_eq!(least(12.0, f64::NAN, f64::NAN), Limit::Unknown { candidate: 1 });
        assert_eq!(least(12.0, f64::INFINITY, 1e6), Limit::Unknown { candidate: 1 });
        assert_eq!(least(12.0, 500.0, f64::NAN), Limit::Unknown { candidate: 2 });
        assert_eq!(least(f64::NAN, 500.0, 1e6), Limit::Unknown { candidate: 2 });
    }

    #[test]
    fn steps_minimum_and_exhausted_capacity() {
        let least =
            |amount: f64, minimum: f64| known(policy(vec![expression()], 500.0, minimum).least(RiskTier::A, 1.0, |_, _| amount));
        assert_eq!([0.29 * 100_000.0, 28_999.0, 499.0, -3.0].map(|x| least(x, 0.0)), [29_000.0, 28_500.0, 0.0, 0.0]);
        assert_eq!([2_000.0, 1_999.0].map(|x| least(x, 2_000.0)), [2_000.0, 0.0]);
        let capacity = policy(vec![debt_service(0.5, 0.1)], 1.0, 0.0);
        assert_eq!(capacity.least(RiskTier::A, 12.0, |_, e| [1_000.0, 600.0][e]), Limit::Known { amount: 0.0, binding: 0 });
    }

    #[test]
    fn every_problem_is_listed_and_files_round_trip() {
        let rules = [
            LimitRule::ByTier([1.0, 2.0, 0.0, -1.0].into()),
            debt_service(0.0, -0.1),
            LimitRule::Expression { amount: " ".into() },
        ];
        let candidates = rules.into_iter().map(|rule| LimitCandidate { name: "c".into(), rule }).collect();
        let bad = LimitPolicy { candidates, step: 0.0, minimum: f64::NAN };
        assert_eq!(bad.validate().unwrap_err().problems().len(), 2 + 2 + 2 + 1 + 2);

        let good = policy(vec![LimitRule::ByTier([3.0, 2.0, 1.0, 0.0].into()), debt_service(0.5, 0.1)], 1.0, 0.0);
        let text = serde_json::to_string(&good).unwrap();
        assert_eq!(serde_json::from_str::<LimitPolicy>(&text).unwrap(), good);
        for bad in [text.replace("\"D\"", "\"E\""), text.replace("\"share\"", "\"portion\"")] {
            assert!(serde_json::from_str::<LimitPolicy>(&bad).is_err());
        }
    }

    proptest! {
        #[test]
        fn the_limit_is_the_least_candidate_floored(
            amounts in prop::collection::vec(0u32..5_000_000, 1..8), step in 1u32..1_000, minimum in 0u32..10_000,
        ) {
            let policy = policy(amounts.iter().map(|_| expression()).collect(), f64::from(step), f64::from(minimum));
            let limit = policy.least(RiskTier::B, 12.0, |c, _| f64::from(amounts[c]));
            let floored = amounts.iter().min().unwrap() / step * step;
            let want = if floored < minimum { 0 } else { floored };
            let binding = amounts.iter().position(|x| x == amounts.iter().min().unwrap()).unwrap() as u8;
            prop_assert_eq!(limit, Limit::Known { amount: f64::from(want), binding });
        }

        #[test]
        fn a_worse_tier_never_raises_the_limit(mut amounts in prop::array::uniform4(0.0..1e6f64), other in 0.0..1e6f64) {
            amounts.sort_by(|x, y| y.total_cmp(x));
            let policy = policy(vec![LimitRule::ByTier(amounts.into()), fixed(other)], 100.0, 0.0);
            let limits = RiskTier::ALL.map(|tier| known(policy.least(tier, 12.0, |_, _| 0.0)));
            prop_assert!(limits.is_sorted_by(|x, y| x >= y));
        }
    }
}
