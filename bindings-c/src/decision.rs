//! The decision as C sees it.

use scoreline::Decision;
use scoreline::pricing::{Money, Price};

use crate::error::SCORELINE_OK;
use crate::output::Answer;
use crate::scorer::SCORELINE_NONE;

/// The most reasons of a decision.
pub const SCORELINE_MAX_REASONS: usize = 4;

/// In place of an amount of money: none.
pub const SCORELINE_NO_MONEY: i64 = i64::MIN;

/// Risk tier A, the best.
pub const SCORELINE_TIER_A: u32 = 0;
/// Risk tier B.
pub const SCORELINE_TIER_B: u32 = 1;
/// Risk tier C.
pub const SCORELINE_TIER_C: u32 = 2;
/// Risk tier D, the worst.
pub const SCORELINE_TIER_D: u32 = 3;

/// Client class A, worth most. It says nothing of risk.
pub const SCORELINE_CLASS_A: u32 = 0;
/// Client class B.
pub const SCORELINE_CLASS_B: u32 = 1;
/// Client class C, worth least.
pub const SCORELINE_CLASS_C: u32 = 2;

/// It is granted.
pub const SCORELINE_OUTCOME_APPROVE: u32 = 0;
/// A person decides.
pub const SCORELINE_OUTCOME_REFER: u32 = 1;
/// It is refused.
pub const SCORELINE_OUTCOME_DECLINE: u32 = 2;

/// The rate is the one that earns the hurdle, rounded up.
pub const SCORELINE_RATE_BOUND_HURDLE: u32 = 0;
/// The rate is the floor of the policy, rounded up.
pub const SCORELINE_RATE_BOUND_FLOOR: u32 = 1;
/// The rate is the legal cap, because rounding up would have exceeded it.
pub const SCORELINE_RATE_BOUND_CAP: u32 = 2;

/// A decision. What a model does not declare, and what lacks an input, is absent: NaN for doubles, SCORELINE_NO_MONEY for
/// money, SCORELINE_NONE for the rest. Money is a whole number of minor units; scoreline_scorer_decimals tells how many
/// decimals that are. Rates are fractions per year.
///
/// The caller sets `size`, best with SCORELINE_DECISION_INIT; in an array that of the first is enough, and the others
/// receive it. Later releases only add members at the end, and know each caller's release by `size`.
/// Member by member the layout is the same for every compiler: 136 bytes without gaps.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct CDecision {
    /// sizeof(scoreline_decision), set by the caller.
    pub size: u32,
    /// SCORELINE_OK, or why this row was not decided: then everything below is absent.
    pub status: u32,
    /// Score points; higher is safer.
    pub score: f64,
    /// Probability of the event, in [0, 1].
    pub pd: f64,
    /// Credit limit in minor units.
    pub limit: i64,
    /// Amount offered in minor units: the amount asked for, at most the limit.
    pub amount: i64,
    /// Monthly instalment in minor units.
    pub instalment: i64,
    /// Rate per year.
    pub rate: f64,
    /// Risk-adjusted return on capital at that rate.
    pub raroc: f64,
    /// When no legal price exists: the rate that would earn the hurdle.
    pub rate_needed: f64,
    /// When no legal price exists: the cap.
    pub rate_cap: f64,
    /// Risk tier: SCORELINE_TIER_…
    pub tier: u32,
    /// SCORELINE_OUTCOME_…
    pub outcome: u32,
    /// The limit candidate that binds; see scoreline_scorer_limit_name.
    pub limit_binding: u32,
    /// What the rate rests on: SCORELINE_RATE_BOUND_…
    pub rate_bound: u32,
    /// Reasons, most important first; see scoreline_scorer_reason_code.
    pub reasons: [u32; SCORELINE_MAX_REASONS],
    /// How many of them there are.
    pub reason_count: u32,
    /// Number of category fields of the card whose level was never seen in training.
    pub unseen: u32,
    /// Score of the expert card, 0 to 100.
    pub expert_score: f64,
    /// Worth of the client by that score: SCORELINE_CLASS_…
    pub client_class: u32,
    /// Nothing yet: 0.
    pub reserved: u32,
}

const SIZE: u32 = size_of::<CDecision>() as u32;

// SAFETY: repr(C), with size and status first.
unsafe impl Answer for CDecision {
    const NAME: &'static str = "scoreline_decision";

    fn absent(status: u32) -> Self {
        CDecision {
            size: SIZE,
            status,
            score: f64::NAN,
            pd: f64::NAN,
            limit: SCORELINE_NO_MONEY,
            amount: SCORELINE_NO_MONEY,
            instalment: SCORELINE_NO_MONEY,
            rate: f64::NAN,
            raroc: f64::NAN,
            rate_needed: f64::NAN,
            rate_cap: f64::NAN,
            tier: SCORELINE_NONE,
            outcome: SCORELINE_NONE,
            limit_binding: SCORELINE_NONE,
            rate_bound: SCORELINE_NONE,
            reasons: [SCORELINE_NONE; SCORELINE_MAX_REASONS],
            reason_count: 0,
            unseen: 0,
            expert_score: f64::NAN,
            client_class: SCORELINE_NONE,
            reserved: 0,
        }
    }
}

impl CDecision {
    pub(crate) fn new(decision: &Decision) -> Self {
        let minor = |money: Option<Money>| money.map_or(SCORELINE_NO_MONEY, Money::minor);
        let number = |index: Option<usize>| index.map_or(SCORELINE_NONE, |index| index as u32);
        let reasons = decision.reasons.as_slice();
        let mut new = CDecision {
            score: decision.score,
            pd: decision.pd,
            limit: minor(decision.limit),
            amount: minor(decision.amount),
            instalment: minor(decision.instalment),
            tier: number(decision.tier.map(|tier| tier.index())),
            outcome: number(decision.outcome.map(|outcome| outcome.index())),
            limit_binding: number(decision.binding.map(usize::from)),
            reason_count: reasons.len() as u32,
            unseen: u32::from(decision.unseen),
            expert_score: decision.expert_score.unwrap_or(f64::NAN),
            client_class: number(decision.client_class.map(|class| class.index())),
            ..CDecision::absent(SCORELINE_OK)
        };
        for (place, &reason) in new.reasons.iter_mut().zip(reasons) {
            *place = u32::from(reason);
        }
        match decision.price {
            Some(Price::Quote { rate, raroc, bound }) => {
                (new.rate, new.raroc, new.rate_bound) = (rate, raroc, bound.index() as u32);
            }
            Some(Price::NoLegalPrice { needed, cap }) => (new.rate_needed, new.rate_cap) = (needed, cap),
            Some(Price::Unknown) | None => {}
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scoreline::decision::MAX_REASONS;
    use scoreline::pipeline::{NO_MONEY, NONE};

    #[test]
    fn the_layout_is_the_documented_one() {
        assert_eq!((SIZE, align_of::<CDecision>()), (136, 8));
        assert_eq!(std::mem::offset_of!(CDecision, tier), 80);
        assert_eq!(std::mem::offset_of!(CDecision, unseen), 116);
        assert_eq!(std::mem::offset_of!(CDecision, client_class), 128);
    }

    #[test]
    fn constants_are_those_of_the_library() {
        assert_eq!((SCORELINE_MAX_REASONS, SCORELINE_NO_MONEY), (MAX_REASONS, NO_MONEY));
        assert!(u32::from(NONE) < SCORELINE_NONE);
        use scoreline::decision::Outcome;
        use scoreline::pricing::RateBound;
        use scoreline::tier::{ClientClass, RiskTier};
        let numbers = |indices: [usize; 3]| indices.map(|index| index as u32);
        assert_eq!(
            numbers(Outcome::ALL.map(Outcome::index)),
            [SCORELINE_OUTCOME_APPROVE, SCORELINE_OUTCOME_REFER, SCORELINE_OUTCOME_DECLINE]
        );
        assert_eq!(
            numbers(RateBound::ALL.map(RateBound::index)),
            [SCORELINE_RATE_BOUND_HURDLE, SCORELINE_RATE_BOUND_FLOOR, SCORELINE_RATE_BOUND_CAP]
        );
        assert_eq!(numbers(ClientClass::ALL.map(ClientClass::index)), [SCORELINE_CLASS_A, SCORELINE_CLASS_B, SCORELINE_CLASS_C]);
        let tiers = RiskTier::ALL.map(|tier| (tier.to_string(), tier.index() as u32));
        let known = [SCORELINE_TIER_A, SCORELINE_TIER_B, SCORELINE_TIER_C, SCORELINE_TIER_D];
        assert_eq!(tiers, [("A", known[0]), ("B", known[1]), ("C", known[2]), ("D", known[3])].map(|(n, i)| (n.to_owned(), i)));
    }
}
