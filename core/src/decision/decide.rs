//! From the answers of the stages to an outcome with its reasons.

use super::policy::{DecisionPolicy, Outcome};
use crate::limit::Limit;
use crate::pricing::Price;
use crate::tier::{ByTier, MAX_RULES, RiskTier, RuleHits, RuleSet, StrongEffect, TierPolicy, TierResult, Told, ones};

/// The most reasons an answer carries.
pub const MAX_REASONS: usize = 4;

/// Something that speaks against an application. Numbers are indices of rules in their policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// A strong rule of the tier policy: it took effect, or asks for a person.
    Strong(u8),
    /// A rule of the decision policy: it took effect, or asks for a person.
    Policy(u8),
    /// A weak rule of the tier policy took effect.
    Weak(u8),
    /// An overlay of the tier policy took effect, or asks for a person.
    Overlay(u8),
    /// No legal price meets the hurdle.
    NoLegalPrice,
    /// The limit is 0: the least candidate stays below the minimum.
    LimitBelowMinimum,
    /// Amount, term, an input of the limit, or the PD is missing or not usable.
    MissingRequest,
    /// The tier, by the score alone, does not approve.
    Tier,
}

/// The answers of the earlier stages.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stages {
    /// The tier.
    pub tier: TierResult,
    /// The price; none when the pipeline has no pricing policy.
    pub price: Option<Price>,
    /// The limit; none when the pipeline has no limit policy.
    pub limit: Option<Limit>,
}

/// At most [`MAX_REASONS`] reason numbers, the most severe first, none twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reasons {
    ids: [u8; MAX_REASONS],
    len: usize,
}

impl Reasons {
    /// The reasons.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.ids.get(..self.len).unwrap_or(&[])
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Appends a reason that is not there yet; false when there is no room left.
    pub fn push(&mut self, id: u8) -> bool {
        if !self.as_slice().contains(&id)
            && let Some(slot) = self.ids.get_mut(self.len)
        {
            *slot = id;
            self.len += 1;
        }
        self.len < MAX_REASONS
    }
}

impl FromIterator<u8> for Reasons {
    fn from_iter<I: IntoIterator<Item = u8>>(ids: I) -> Self {
        let mut reasons = Reasons::default();
        ids.into_iter().all(|id| reasons.push(id));
        reasons
    }
}

/// The outcome and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The worst of all causes.
    pub outcome: Outcome,
    /// The rules of the decision policy.
    pub rules: RuleHits,
    /// Reasons from rules, price and limit; room that is left is for reasons from the score.
    pub reasons: Reasons,
}

/// Rules by what a hit leads to.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Severity {
    decline: u64,
    refer: u64,
    approve: u64,
}

impl Severity {
    fn of(outcomes: impl Iterator<Item = Outcome>) -> Self {
        let mut severity = Severity::default();
        for (i, outcome) in outcomes.take(MAX_RULES).enumerate() {
            *severity.bits_mut(outcome) |= 1 << i;
        }
        severity
    }

    fn bits_mut(&mut self, outcome: Outcome) -> &mut u64 {
        match outcome {
            Outcome::Decline => &mut self.decline,
            Outcome::Refer => &mut self.refer,
            Outcome::Approve => &mut self.approve,
        }
    }

    /// The rules among `found` that lead to `outcome`.
    fn among(&self, found: RuleHits, outcome: Outcome) -> u64 {
        match outcome {
            Outcome::Decline => found.hits & self.decline,
            Outcome::Refer => found.hits & self.refer | found.refer,
            Outcome::Approve => found.hits & self.approve,
        }
    }
}

/// A resolved [`DecisionPolicy`]; see [`DecisionPolicy::resolve`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DecisionTable {
    by_tier: ByTier<Outcome>,
    rules: RuleSet,
    policy: Severity,
    /// Strong rules: a floor leads to what its tier leads to.
    strong: Severity,
}

impl DecisionTable {
    /// For policies that were validated.
    pub(super) fn new(policy: &DecisionPolicy, tiers: &TierPolicy) -> Self {
        let effect = |effect: StrongEffect| match effect {
            StrongEffect::Decline {} => Outcome::Decline,
            StrongEffect::Floor { tier } | StrongEffect::Ceiling { tier } | StrongEffect::Override { tier } => {
                *policy.by_tier.get(tier)
            }
        };
        DecisionTable {
            by_tier: policy.by_tier,
            rules: RuleSet::new(policy.rules.iter().map(|rule| rule.on_missing)),
            policy: Severity::of(policy.rules.iter().map(|rule| rule.outcome)),
            strong: Severity::of(tiers.strong.iter().map(|rule| effect(rule.effect))),
        }
    }

    /// The outcome of a tier when nothing else speaks against it.
    #[must_use]
    pub fn by_tier(&self, tier: RiskTier) -> Outcome {
        *self.by_tier.get(tier)
    }

    /// Decides. `rule` gives the conditions of the policy's rules by index, `None` when an input is missing;
    /// `reason` numbers the causes, `None` for a cause without a reason of its own.
    ///
    /// Reasons come by severity: causes of a decline, then of a referral, then rules that took effect without changing
    /// the outcome; within a severity strong rules, policy rules, price, limit, request, weak rules, overlays, tier. The order of
    /// rules in the file matters for the order of reasons only, never for the outcome.
    #[must_use]
    pub fn decide(&self, stages: &Stages, rule: impl Fn(usize) -> Option<bool>, reason: impl Fn(Cause) -> Option<u8>) -> Verdict {
        self.decide_told(stages, self.rules.ask(rule), reason)
    }

    #[inline]
    pub(crate) fn decide_told(&self, stages: &Stages, told: Told, reason: impl Fn(Cause) -> Option<u8>) -> Verdict {
        let rules = self.rules.hits(told);
        let tier = &stages.tier;
        let no_price = matches!(stages.price, Some(Price::NoLegalPrice { .. }));
        let no_limit = matches!(stages.limit, Some(Limit::Known { amount, .. }) if amount <= 0.0);
        let incomplete =
            stages.price == Some(Price::Unknown) || matches!(stages.limit, Some(Limit::Unknown { .. })) || tier.unmeasured;

        let declines = tier.decline || no_price || no_limit || self.policy.among(rules, Outcome::Decline) != 0;
        let refers = tier.refer || incomplete || self.policy.among(rules, Outcome::Refer) != 0;
        let floor = match (declines, refers) {
            (true, _) => Outcome::Decline,
            (false, true) => Outcome::Refer,
            (false, false) => Outcome::Approve,
        };
        let outcome = floor.max(self.by_tier(tier.tier));

        let mut reasons = Reasons::default();
        let overlays = tier.overlays.hits | tier.overlays.refer;
        let quiet = tier.strong.hits | tier.strong.refer | tier.weak.hits | overlays | rules.hits | rules.refer == 0;
        if quiet && outcome == Outcome::Approve {
            return Verdict { outcome, rules, reasons };
        }
        for severity in [Outcome::Decline, Outcome::Refer, Outcome::Approve] {
            let single = |present: bool, cause: Cause, of: Outcome| (present && severity == of).then_some(cause);
            let from_tier = self.by_tier(tier.tier) == severity;
            let by_score = self.by_tier(tier.score_tier) == severity && severity != Outcome::Approve;
            let causes = ones(self.strong.among(tier.strong, severity))
                .map(Cause::Strong)
                .chain(ones(self.policy.among(rules, severity)).map(Cause::Policy))
                .chain(single(no_price, Cause::NoLegalPrice, Outcome::Decline))
                .chain(single(no_limit, Cause::LimitBelowMinimum, Outcome::Decline))
                .chain(single(incomplete, Cause::MissingRequest, Outcome::Refer))
                .chain(ones(if severity == Outcome::Refer { tier.overlays.refer } else { 0 }).map(Cause::Overlay))
                .chain(ones(if from_tier { tier.weak.hits } else { 0 }).map(Cause::Weak))
                .chain(ones(if from_tier { tier.overlays.hits } else { 0 }).map(Cause::Overlay))
                .chain((from_tier && by_score).then_some(Cause::Tier));
            for id in causes.filter_map(&reason) {
                if !reasons.push(id) {
                    return Verdict { outcome, rules, reasons };
                }
            }
        }
        Verdict { outcome, rules, reasons }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decision::PolicyRule;
    use crate::pricing::RateBound;
    use crate::tier::{Measured, OnMissing, RuleKind, StrongRule, TierDay, TierTable, WeakRule};

    fn assign(table: &TierTable, pd: f64, strong: impl Fn(usize) -> Option<bool>, weak: bool) -> TierResult {
        table.assign(
            Measured::pd(pd),
            &TierDay::default(),
            |kind, i| if kind == RuleKind::Strong { strong(i) } else { Some(weak) },
        )
    }

    const QUOTE: Price = Price::Quote { rate: 0.1, raroc: 0.12, bound: RateBound::Hurdle };
    const NO_PRICE: Price = Price::NoLegalPrice { needed: 0.3, cap: 0.24 };
    const LIMIT: Limit = Limit::Known { amount: 1_000.0, binding: 0 };
    const NO_LIMIT: Limit = Limit::Known { amount: 0.0, binding: 0 };

    /// Strong: 0 declines, 1 floors at C, 2 declines or refers when missing. Weak: one notch. Policy: 0 refers, 1
    /// declines, 2 declines or refers when missing.
    fn policies() -> (TierPolicy, DecisionPolicy) {
        let text = |text: &'static str| text.to_owned();
        let strong = |code: &'static str, effect, on_missing| StrongRule {
            code: text(code),
            when: text("x"),
            effect,
            on_missing,
            reason: text("r"),
        };
        let floor = StrongEffect::Floor { tier: RiskTier::C };
        let tiers = TierPolicy {
            strong: vec![
                strong("S0", StrongEffect::Decline {}, OnMissing::NoHit),
                strong("S1", floor, OnMissing::NoHit),
                strong("S2", StrongEffect::Decline {}, OnMissing::Refer),
            ],
            weak: vec![WeakRule { code: text("W0"), when: text("x"), points: 1.0, group: None, until: None, reason: text("r") }],
            ..TierPolicy::from_cuts([0.01, 0.05, 0.2])
        };
        let rule = |code: &'static str, outcome, on_missing| PolicyRule {
            code: text(code),
            when: text("x"),
            outcome,
            on_missing,
            reason: text("r"),
        };
        let rules = vec![
            rule("P0", Outcome::Refer, OnMissing::NoHit),
            rule("P1", Outcome::Decline, OnMissing::Hit),
            rule("P2", Outcome::Decline, OnMissing::Refer),
        ];
        let by_tier = [Outcome::Approve, Outcome::Approve, Outcome::Refer, Outcome::Decline].into();
        (tiers, DecisionPolicy { by_tier, rules })
    }

    fn tables() -> (TierTable, DecisionTable) {
        let (tiers, policy) = policies();
        (tiers.resolve().unwrap(), policy.resolve(&tiers).unwrap())
    }

    /// Numbers that sort by kind, so that a test can read them.
    fn number(cause: Cause) -> Option<u8> {
        Some(match cause {
            Cause::Strong(i) => i,
            Cause::Policy(i) => 10 + i,
            Cause::Weak(i) => 20 + i,
            Cause::Overlay(i) => 40 + i,
            Cause::NoLegalPrice => 30,
            Cause::LimitBelowMinimum => 31,
            Cause::MissingRequest => 32,
            Cause::Tier => 33,
        })
    }

    type Conditions = [Option<bool>; 3];
    const NO: Conditions = [Some(false); 3];

    fn run(pd: f64, strong: Conditions, weak: bool, rules: Conditions, price: Option<Price>, limit: Option<Limit>) -> Verdict {
        let (tiers, table) = tables();
        let tier = assign(&tiers, pd, |i| strong[i], weak);
        table.decide(&Stages { tier, price, limit }, |i| rules[i], number)
    }

    #[test]
    fn each_cause_alone_leads_where_it_should() {
        let yes = |i: usize, condition: Option<bool>| {
            let mut all = NO;
            all[i] = condition;
            all
        };
        let answer = |v: Verdict| (v.outcome, v.reasons.as_slice().to_vec());
        let alone = |pd, strong, rules, price, limit| answer(run(pd, strong, false, rules, price, limit));
        let (approve, refer, decline) = (Outcome::Approve, Outcome::Refer, Outcome::Decline);
        assert_eq!(alone(0.001, NO, NO, None, None), (approve, vec![]));
        assert_eq!(alone(0.001, NO, NO, Some(QUOTE), Some(LIMIT)), (approve, vec![]));
        assert_eq!(alone(0.1, NO, NO, None, None), (refer, vec![33]));
        assert_eq!(alone(0.5, NO, NO, None, None), (decline, vec![33]));
        assert_eq!(alone(0.001, yes(0, Some(true)), NO, None, None), (decline, vec![0]));
        assert_eq!(alone(0.001, yes(1, Some(true)), NO, None, None), (refer, vec![1]));
        assert_eq!(alone(0.001, yes(2, None), NO, None, None), (refer, vec![2]));
        assert_eq!(alone(0.001, NO, yes(0, Some(true)), None, None), (refer, vec![10]));
        assert_eq!(alone(0.001, NO, yes(1, None), None, None), (decline, vec![11]));
        assert_eq!(alone(0.001, NO, yes(2, None), None, None), (refer, vec![12]));
        assert_eq!(alone(0.001, NO, NO, Some(NO_PRICE), None), (decline, vec![30]));
        assert_eq!(alone(0.001, NO, NO, Some(Price::Unknown), None), (refer, vec![32]));
        assert_eq!(alone(0.001, NO, NO, None, Some(NO_LIMIT)), (decline, vec![31]));
        assert_eq!(alone(0.001, NO, NO, None, Some(Limit::Unknown { candidate: 0 })), (refer, vec![32]));
        assert_eq!(alone(f64::NAN, NO, NO, None, None), (decline, vec![33, 32]));
        assert_eq!(answer(run(0.001, NO, true, NO, None, None)), (approve, vec![20]), "A to B still approves, and says why");
        assert_eq!(answer(run(0.02, NO, true, NO, None, None)), (refer, vec![20]));
    }

    #[test]
    fn reasons_come_by_severity_without_repetition_and_at_most_four() {
        let all = [Some(true); 3];
        let verdict = run(0.1, all, true, all, Some(NO_PRICE), Some(NO_LIMIT));
        assert_eq!(verdict.reasons.as_slice(), [0, 2, 11, 12]);
        let verdict = run(0.1, [Some(false), Some(true), None], false, [Some(true), Some(false), None], Some(NO_PRICE), None);
        assert_eq!(verdict.reasons.as_slice(), [30, 1, 2, 10]);
        let (tiers, table) = tables();
        let stages = Stages { tier: assign(&tiers, 0.5, |_| Some(true), true), price: None, limit: None };
        let same = table.decide(&stages, |_| Some(true), |cause| (cause != Cause::Tier).then_some(9));
        assert_eq!(same.reasons.as_slice(), [9]);
    }

    fn conditions() -> impl Strategy<Value = Conditions> {
        prop::array::uniform3(any::<Option<bool>>())
    }

    fn prices() -> impl Strategy<Value = Option<Price>> {
        prop_oneof![Just(None), Just(Some(QUOTE)), Just(Some(NO_PRICE)), Just(Some(Price::Unknown))]
    }

    fn limits() -> impl Strategy<Value = Option<Limit>> {
        prop_oneof![Just(None), Just(Some(LIMIT)), Just(Some(NO_LIMIT)), Just(Some(Limit::Unknown { candidate: 0 }))]
    }

    proptest! {
        #[test]
        fn the_worst_of_all_causes_wins(
            pd in 0.0..0.4f64, strong in conditions(), weak in any::<bool>(), rules in conditions(), price in prices(), limit in limits(),
        ) {
            let alone = [
                run(pd, NO, false, NO, None, None), run(0.0, strong, false, NO, None, None), run(0.0, NO, false, rules, None, None),
                run(0.0, NO, false, NO, price, None), run(0.0, NO, false, NO, None, limit), run(pd, NO, weak, NO, None, None),
            ];
            let verdict = run(pd, strong, weak, rules, price, limit);
            prop_assert_eq!(Some(verdict.outcome), alone.iter().map(|v| v.outcome).max());
            prop_assert_eq!(verdict.outcome == Outcome::Approve || !verdict.reasons.as_slice().is_empty(), true);
        }

        #[test]
        fn a_hit_never_improves_the_outcome(
            pd in 0.0..0.4f64, strong in conditions(), weak in any::<bool>(), rules in conditions(), i in 0usize..3,
        ) {
            let before = run(pd, strong, weak, rules, None, None).outcome;
            let (mut more_strong, mut more_rules) = (strong, rules);
            (more_strong[i], more_rules[i]) = (Some(true), Some(true));
            prop_assert!(run(pd, more_strong, weak, rules, None, None).outcome >= before);
            prop_assert!(run(pd, strong, true, rules, None, None).outcome >= before);
            prop_assert!(run(pd, strong, weak, more_rules, None, None).outcome >= before);
        }

        #[test]
        fn the_order_of_rules_does_not_change_the_outcome(pd in 0.0..0.4f64, rules in conditions(), order in Just([0usize, 1, 2]).prop_shuffle()) {
            let (tiers, policy) = policies();
            let turned = DecisionPolicy { rules: order.iter().map(|i| policy.rules[*i].clone()).collect(), ..policy.clone() };
            let tier = assign(&tiers.resolve().unwrap(), pd, |_| Some(false), false);
            let stages = Stages { tier, price: None, limit: None };
            let one = policy.resolve(&tiers).unwrap().decide(&stages, |i| rules[i], number);
            let other = turned.resolve(&tiers).unwrap().decide(&stages, |i| rules[order[i]], number);
            prop_assert_eq!(one.outcome, other.outcome);
        }
    }
}
