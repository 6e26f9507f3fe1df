//! The pricing policy in the form that prices a loan without allocating.

use serde::{Deserialize, Serialize};

use super::annuity::whole_months;
use super::capital::expected_loss;
use super::policy::{PricingPolicy, steps_per_unit};
use super::raroc::SinglePeriod;
use crate::error::{Error, Problem, Result};
use crate::tier::{ByTier, RiskTier};

/// A rate this close above a step, as a part of the step, counts as that step: it is rounding noise.
const STEP_NOISE: f64 = 1e-9;

/// The answer to "what must this loan cost". Rates are nominal fractions per year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Price {
    /// A rate that meets the hurdle within the law.
    Quote {
        /// The quoted rate.
        rate: f64,
        /// RAROC after tax at that rate; not below the hurdle beyond rounding noise (10⁻⁹).
        raroc: f64,
        /// What set the rate.
        bound: RateBound,
    },
    /// The hurdle cannot be met within the law. The loan is declined, never silently repriced.
    NoLegalPrice {
        /// The break-even rate.
        needed: f64,
        /// The highest legal rate, after fees.
        cap: f64,
    },
    /// The requested amount or term is missing or not usable, so a person must look.
    Unknown,
}

/// What set a quoted rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateBound {
    /// The break-even rate, rounded up.
    Hurdle,
    /// The floor of the policy, rounded up.
    Floor,
    /// The legal cap, because rounding up would have exceeded it.
    Cap,
}

impl RateBound {
    /// Every bound, in the order of their indices.
    pub const ALL: [RateBound; 3] = [RateBound::Hurdle, RateBound::Floor, RateBound::Cap];

    /// 0 for the hurdle, 1 for the floor, 2 for the cap.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The bound with this index.
    #[must_use]
    pub fn from_index(index: usize) -> Option<Self> {
        RateBound::ALL.get(index).copied()
    }

    /// The name used in files and answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            RateBound::Hurdle => "hurdle",
            RateBound::Floor => "floor",
            RateBound::Cap => "cap",
        }
    }
}

/// A resolved [`PricingPolicy`]: prices by tier, for one day. See [`PricingPolicy::resolve`].
#[derive(Debug, Clone, PartialEq)]
pub struct PriceTable {
    tiers: ByTier<TierPrice>,
    fixed_cost: f64,
    floor: f64,
    /// Highest nominal rate: the cap less fees; infinite when the policy declares no cap.
    ceiling: f64,
    steps_per_unit: f64,
    hurdle: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct TierPrice {
    /// Break-even rate of a loan without fixed cost.
    base: f64,
    /// RAROC per unit of rate: (1 − tax) / K.
    slope: f64,
}

impl PriceTable {
    /// For a policy that was validated.
    pub(super) fn new(policy: &PricingPolicy, grade_pd: ByTier<f64>, cap: Option<f64>) -> Result<Self> {
        let tiers = ByTier::try_from_fn(|tier| {
            let pd = *grade_pd.get(tier);
            let k = if pd > 0.0 && pd < 1.0 { policy.capital.k(pd, policy.lgd)? } else { 0.0 };
            let slope = (1.0 - policy.tax) / k;
            if !(k > 0.0 && slope.is_finite()) {
                let what = format!("the PD of tier {tier} lies outside (0, 1) or leaves no capital");
                let problem = Problem::new(what, "give every tier a PD per year within (0, 1)");
                return Err(Error::config(problem.field("pricing.grade_pd")));
            }
            let loan = SinglePeriod {
                rate: 0.0,
                fees: policy.fees_rate,
                funding: policy.funding_rate,
                funding_base: policy.funding_base,
                opex: policy.opex_rate,
                expected_loss: expected_loss(pd, policy.lgd),
                capital: k,
                capital_benefit: policy.capital_benefit_rate,
                tax: policy.tax,
            };
            Ok(TierPrice { base: loan.break_even_rate(policy.hurdle), slope })
        })?;
        Ok(PriceTable {
            tiers,
            fixed_cost: policy.fixed_cost,
            floor: policy.floor_rate,
            ceiling: cap.map_or(f64::INFINITY, |cap| cap - policy.fees_rate),
            steps_per_unit: steps_per_unit(policy.rate_step)
                .ok_or_else(|| Error::internal("a price table was built from an unchecked policy"))?,
            hurdle: policy.hurdle,
        })
    }

    /// The rate whose RAROC is the hurdle, for a loan of `amount` (above 0) in the currency of the policy.
    #[inline]
    #[must_use]
    pub fn break_even_rate(&self, tier: RiskTier, amount: f64) -> f64 {
        self.tiers.get(tier).base + self.fixed_cost / amount
    }

    /// RAROC after tax of a loan of `amount` (above 0) at `rate`.
    #[inline]
    #[must_use]
    pub fn raroc(&self, tier: RiskTier, amount: f64, rate: f64) -> f64 {
        self.hurdle + (rate - self.break_even_rate(tier, amount)) * self.tiers.get(tier).slope
    }

    /// The highest legal nominal rate on the day of the table; infinite when the policy declares no cap.
    #[must_use]
    pub fn ceiling(&self) -> f64 {
        self.ceiling
    }

    /// The price of a loan of `amount` over `term_months`; NaN stands for a missing value.
    ///
    /// The break-even rate, at least the floor, rounded up to the step; the ceiling itself when only the rounding or
    /// the floor exceeds it; [`Price::NoLegalPrice`] when the break-even rate does.
    #[inline]
    #[must_use]
    pub fn price(&self, tier: RiskTier, amount: f64, term_months: f64) -> Price {
        let needed = self.break_even_rate(tier, amount);
        if !(amount > 0.0 && amount.is_finite() && needed.is_finite()) || whole_months(term_months).is_none() {
            return Price::Unknown;
        }
        if needed > self.ceiling {
            return Price::NoLegalPrice { needed, cap: self.ceiling };
        }
        let (target, bound) = if needed < self.floor { (self.floor, RateBound::Floor) } else { (needed, RateBound::Hurdle) };
        let rounded = (target * self.steps_per_unit - STEP_NOISE).ceil() / self.steps_per_unit;
        let (rate, bound) = if rounded > self.ceiling { (self.ceiling, RateBound::Cap) } else { (rounded, bound) };
        let raroc = self.raroc(tier, amount, rate);
        // Without a cap, the fixed cost of a tiny amount can take the rate beyond the range of a double.
        if rate.is_finite() && raroc.is_finite() { Price::Quote { rate, raroc, bound } } else { Price::Unknown }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pricing::policy::tests::{day, policy};
    use crate::pricing::{BASEL_CONFIDENCE, CapitalModel, FundingBase, RateCap};

    fn table(policy: &PricingPolicy, pd: [f64; 4]) -> PriceTable {
        policy.resolve(pd.into(), day("2026-01-01")).unwrap()
    }

    fn capped(rate: f64, policy: PricingPolicy) -> PricingPolicy {
        let cap = RateCap { name: "c".into(), rate, from: day("2020-01-01"), until: None, source: "s".into() };
        PricingPolicy { caps: vec![cap], ..policy }
    }

    #[test]
    fn each_bound_is_reported() {
        let rate = |policy: &PricingPolicy, amount| match table(policy, [0.001, 0.03, 0.05, 0.2]).price(RiskTier::B, amount, 12.0)
        {
            Price::Quote { rate, bound, .. } => Some((rate, bound)),
            _ => None,
        };
        let fixed = PricingPolicy { fixed_cost: 100.0, ..policy() };
        assert_eq!(rate(&policy(), 1e4), Some((0.0758, RateBound::Hurdle)));
        assert_eq!(rate(&fixed, 1e4), Some((0.0858, RateBound::Hurdle)));
        assert_eq!(rate(&fixed, 30_001.0), Some((0.0792, RateBound::Hurdle)), "7.9133 % rounded up");
        assert_eq!(rate(&PricingPolicy { floor_rate: 0.1, ..policy() }, 1e4), Some((0.1, RateBound::Floor)));
        assert_eq!(rate(&capped(0.07915, fixed.clone()), 30_001.0), Some((0.07915, RateBound::Cap)));
        assert_eq!(rate(&capped(0.079, fixed), 30_001.0), None);
        let with_fees = PricingPolicy { fees_rate: 0.01, ..policy() };
        assert_eq!(table(&capped(0.16, with_fees.clone()), [0.2; 4]).ceiling(), 0.15);
        assert_eq!(rate(&with_fees, 1e4), Some((0.0658, RateBound::Hurdle)), "fees earn their part");
    }

    #[test]
    fn an_unusable_request_has_no_price() {
        let table = table(&PricingPolicy { fixed_cost: 100.0, ..policy() }, [0.001, 0.03, 0.05, 0.2]);
        for amount in [f64::NAN, 0.0, -5.0, f64::INFINITY, 1e-303, 1e-320] {
            assert_eq!(table.price(RiskTier::A, amount, 12.0), Price::Unknown);
        }
        for term in [f64::NAN, 0.0, 12.5, 1e9] {
            assert_eq!(table.price(RiskTier::A, 1e4, term), Price::Unknown);
        }
    }

    #[test]
    fn a_tier_needs_a_pd_and_capital() {
        for pd in [0.0, 1.0, f64::NAN, -0.1] {
            assert!(policy().resolve([0.01, 0.02, 0.03, pd].into(), day("2026-01-01")).is_err());
        }
    }

    fn any_policy() -> impl Strategy<Value = PricingPolicy> {
        let capital = prop_oneof![
            (0.01..0.3).prop_map(|share| CapitalModel::FixedShare { share }),
            (0.0..0.5).prop_map(|lgd_floor| CapitalModel::IrbOtherRetail {
                confidence: BASEL_CONFIDENCE,
                pd_floor: 0.0005,
                lgd_floor
            }),
        ];
        let rates = (0.0..0.1, 0.0..0.1, 0.0..500.0, 0.05..1.0, 0.0..0.5, 0.03..0.4);
        (capital, rates, 0.0..0.2, 0.02..0.6, any::<bool>()).prop_map(|(capital, rates, floor_rate, cap, less)| {
            let (funding_rate, opex_rate, fixed_cost, lgd, tax, hurdle) = rates;
            let funding_base = if less { FundingBase::EadLessCapital } else { FundingBase::Ead };
            let costs = PricingPolicy { funding_rate, opex_rate, fixed_cost, lgd, tax, hurdle, floor_rate, ..policy() };
            capped(cap, PricingPolicy { funding_base, capital, capital_benefit_rate: 0.0, ..costs })
        })
    }

    proptest! {
        #[test]
        fn a_quote_meets_the_hurdle_and_the_law(policy in any_policy(), pd in 0.0001..0.6f64, amount in 500.0..1e6f64) {
            let table = table(&policy, [pd; 4]);
            let r_min = table.break_even_rate(RiskTier::C, amount);
            prop_assert!((table.raroc(RiskTier::C, amount, r_min) - policy.hurdle).abs() < 1e-10);
            match table.price(RiskTier::C, amount, 24.0) {
                Price::Quote { rate, raroc, bound } => {
                    prop_assert!(rate <= policy.caps[0].rate && rate >= r_min - 1e-12);
                    prop_assert!(raroc >= policy.hurdle - 1e-9);
                    prop_assert!(bound == RateBound::Cap || rate >= policy.floor_rate - 1e-12);
                    // The affine form agrees with the full formula, the fixed cost being part of the operating cost.
                    let loan = SinglePeriod {
                        rate, fees: 0.0, funding: policy.funding_rate, funding_base: policy.funding_base,
                        opex: policy.opex_rate + policy.fixed_cost / amount, expected_loss: pd * policy.lgd,
                        capital: policy.capital.k(pd, policy.lgd).unwrap(), capital_benefit: 0.0, tax: policy.tax,
                    };
                    prop_assert!((loan.raroc() - raroc).abs() < 1e-9 * raroc.abs().max(1.0));
                }
                Price::NoLegalPrice { needed, cap } => prop_assert!(needed > cap && cap == policy.caps[0].rate && needed == r_min),
                Price::Unknown => prop_assert!(false, "the request was complete"),
            }
        }

        #[test]
        fn the_price_rises_with_the_pd(policy in any_policy(), low in 0.0001..0.6f64, high in 0.0001..0.6f64) {
            let (low, high) = if low <= high { (low, high) } else { (high, low) };
            // Holds while a unit of capital costs between nothing and a unit: 0 ≤ hurdle / (1 − tax) − benefit ≤ 1.
            let policy = PricingPolicy { funding_base: FundingBase::Ead, ..policy };
            let table = table(&policy, [low, high, high, high]);
            let [a, b] = [RiskTier::A, RiskTier::B].map(|tier| table.break_even_rate(tier, 1e4));
            prop_assert!(a <= b + 1e-15, "{} {}", a, b);
        }
    }
}
