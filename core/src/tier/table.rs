//! The tier policy in the form that assigns tiers without allocating.

use super::letter::{ByTier, RiskTier};
use super::policy::{StrongEffect, TierPolicy, thousandths};
use super::rules::{MAX_RULES, OnMissing, RuleHits, RuleSet};

/// A resolved [`TierPolicy`]; see [`TierPolicy::resolve`].
#[derive(Debug, Clone, PartialEq)]
pub struct TierTable {
    cuts: [f64; 3],
    strong: RuleSet,
    /// Strong rules that decline.
    decline: u64,
    /// Strong rules with a floor, by that floor.
    floors: ByTier<u64>,
    weak: RuleSet,
    /// Points of each weak rule in thousandths.
    points: Vec<u64>,
    /// Weak rules that share a cap in thousandths. A rule without a group is alone without a cap.
    groups: Vec<(u64, u64)>,
    /// Weak rules without a group.
    free: u64,
    per_notch: u64,
    max_notches: u8,
}

/// A tier and how it came about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TierResult {
    /// The risk tier.
    pub tier: RiskTier,
    /// The tier by the PD alone; never worse than `tier`.
    pub score_tier: RiskTier,
    /// Tiers that weak evidence asked for, before the worst tier stopped them.
    pub notches: u8,
    /// A strong rule declines.
    pub decline: bool,
    /// A person must look: a strong rule asks for it because an input is missing, or there is no PD.
    pub refer: bool,
    /// Strong rules.
    pub strong: RuleHits,
    /// Weak rules.
    pub weak: RuleHits,
}

impl TierTable {
    /// For a policy that was validated.
    pub(super) fn new(policy: &TierPolicy) -> Self {
        let mut decline = 0;
        let mut floors = ByTier::<u64>::default();
        for (i, rule) in policy.strong.iter().take(MAX_RULES).enumerate() {
            let bits = match rule.effect {
                StrongEffect::Decline {} => &mut decline,
                StrongEffect::Floor { tier: RiskTier::A } => &mut floors.a,
                StrongEffect::Floor { tier: RiskTier::B } => &mut floors.b,
                StrongEffect::Floor { tier: RiskTier::C } => &mut floors.c,
                StrongEffect::Floor { tier: RiskTier::D } => &mut floors.d,
            };
            *bits |= 1 << i;
        }
        let weak = || policy.weak.iter().take(MAX_RULES);
        let members = |name: Option<&str>| {
            weak().enumerate().filter(|(_, rule)| rule.group.as_deref() == name).fold(0, |bits, (i, _)| bits | 1 << i)
        };
        TierTable {
            cuts: policy.cuts,
            strong: RuleSet::new(policy.strong.iter().map(|rule| rule.on_missing)),
            decline,
            floors,
            weak: RuleSet::new(weak().map(|_| OnMissing::NoHit)),
            points: weak().map(|rule| thousandths(rule.points).unwrap_or(0)).collect(),
            groups: policy.groups.iter().map(|g| (members(Some(&g.name)), thousandths(g.cap).unwrap_or(0))).collect(),
            free: members(None),
            per_notch: thousandths(policy.points_per_notch).unwrap_or(u64::MAX),
            max_notches: policy.max_notches,
        }
    }

    /// The tier of the PD alone. A PD that is not a number is worst.
    #[inline]
    #[must_use]
    pub fn score_tier(&self, pd: f64) -> RiskTier {
        // Counting needs no branch that a processor could guess wrong. NaN is below no cut.
        let below: u8 = self.cuts.iter().map(|&cut| u8::from(pd < cut)).sum();
        RiskTier::A.worse_by(self.cuts.len() as u8 - below)
    }

    /// The tier for a PD per year in [0, 1] and for the conditions of the strong and weak rules by their index in
    /// the policy; `None` means that an input is missing. Without a PD (NaN) the tier is D and is referred.
    #[inline]
    #[must_use]
    pub fn assign(&self, pd: f64, strong: impl Fn(usize) -> Option<bool>, weak: impl Fn(usize) -> Option<bool>) -> TierResult {
        let score_tier = self.score_tier(pd);
        let strong = self.strong.evaluate(strong);
        let weak = self.weak.evaluate(weak);
        let notches = if weak.hits == 0 { 0 } else { self.notches(weak.hits) };
        let mut tier = score_tier.worse_by(notches);
        if strong.hits != 0 {
            for (floor, bits) in self.floors.iter() {
                if strong.hits & bits != 0 {
                    tier = tier.max(floor);
                }
            }
        }
        let decline = strong.hits & self.decline != 0;
        TierResult { tier, score_tier, notches, decline, refer: strong.refer != 0 || pd.is_nan(), strong, weak }
    }

    fn notches(&self, hits: u64) -> u8 {
        let grouped: u64 = self.groups.iter().map(|(members, cap)| self.sum(hits & members).min(*cap)).sum();
        let whole = (grouped + self.sum(hits & self.free)) / self.per_notch;
        whole.min(u64::from(self.max_notches)) as u8
    }

    /// At most 64 rules of at most 10⁹ thousandths, so it cannot overflow.
    fn sum(&self, hits: u64) -> u64 {
        super::ones(hits).filter_map(|i| self.points.get(usize::from(i))).sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tier::{StrongRule, WeakGroup, WeakRule};

    fn strong(effect: StrongEffect, on_missing: OnMissing) -> StrongRule {
        StrongRule { code: String::new(), when: "x".into(), effect, on_missing, reason: "r".into() }
    }

    fn weak(points: f64, group: Option<&str>) -> WeakRule {
        WeakRule { code: String::new(), when: "x".into(), points, group: group.map(Into::into), reason: "r".into() }
    }

    fn resolve(strong: Vec<StrongRule>, weak: Vec<WeakRule>, per_notch: f64, max_notches: u8) -> TierTable {
        let mut policy = TierPolicy { strong, weak, max_notches, ..TierPolicy::from_cuts([0.01, 0.05, 0.2]) };
        policy.points_per_notch = per_notch;
        policy.groups = vec![WeakGroup { name: "g".into(), cap: 1.5 }];
        let codes = policy.strong.iter_mut().map(|r| &mut r.code).chain(policy.weak.iter_mut().map(|r| &mut r.code));
        codes.enumerate().for_each(|(i, code)| *code = format!("R{i}"));
        policy.resolve().unwrap()
    }

    #[test]
    fn a_pd_on_a_cut_belongs_to_the_worse_tier() {
        let table = resolve(vec![], vec![], 1.0, 1);
        let tiers: Vec<char> =
            [0.0, 0.0099, 0.01, 0.05, 0.1999, 0.2, 1.0].iter().map(|pd| table.score_tier(*pd).letter()).collect();
        assert_eq!(tiers, ['A', 'A', 'B', 'C', 'C', 'D', 'D']);
        let unknown = table.assign(f64::NAN, |_| None, |_| None);
        assert_eq!((unknown.tier, unknown.refer), (RiskTier::D, true));
    }

    /// Case `matrix_rules` of the golden tier file: score tier B, one weak hit, at most two notches → C; a strong hit → D.
    #[test]
    fn golden_rule_engine() {
        let table = resolve(
            vec![strong(StrongEffect::Floor { tier: RiskTier::D }, OnMissing::NoHit)],
            vec![weak(1.0, None), weak(1.0, None), weak(1.0, None)],
            1.0,
            2,
        );
        let tier = |strong: bool, weak: usize| table.assign(0.02, |_| Some(strong), |i| Some(i < weak)).tier;
        assert_eq!((tier(false, 1), tier(true, 1), tier(false, 3)), (RiskTier::C, RiskTier::D, RiskTier::D));
        assert_eq!(table.assign(0.001, |_| Some(false), |_| Some(true)).tier, RiskTier::C, "the cap of two notches");
    }

    #[test]
    fn groups_cap_their_points() {
        // 1 + 1 in the group count as 1.5; with 0.4 beside them that is 1.9, below two notches of one point
        let table = resolve(vec![], vec![weak(1.0, Some("g")), weak(0.4, None), weak(1.0, Some("g"))], 1.0, 3);
        assert_eq!(table.assign(0.001, |_| None, |_| Some(true)).notches, 1);
        let table = resolve(vec![], vec![weak(1.0, Some("g")), weak(0.5, None), weak(1.0, Some("g"))], 1.0, 3);
        assert_eq!(table.assign(0.001, |_| None, |_| Some(true)).notches, 2);
    }

    #[test]
    fn missing_conditions_follow_the_declaration() {
        let rules = [OnMissing::Hit, OnMissing::NoHit, OnMissing::Refer].map(|m| strong(StrongEffect::Decline {}, m));
        let only = |i: usize| resolve(vec![rules[i].clone()], vec![weak(9.0, None)], 1.0, 3).assign(0.001, |_| None, |_| None);
        assert_eq!([0, 1, 2].map(|i| (only(i).decline, only(i).refer)), [(true, false), (false, false), (false, true)]);
        assert!(
            [0, 1, 2].iter().all(|i| only(*i).tier == RiskTier::A && only(*i).strong.missing == 1 && only(*i).weak.missing == 1)
        );
    }

    fn any_strong() -> impl Strategy<Value = (StrongRule, Option<bool>)> {
        let effect =
            prop_oneof![Just(StrongEffect::Decline {}), (0..4usize).prop_map(|i| StrongEffect::Floor { tier: RiskTier::ALL[i] })];
        let missing = prop_oneof![Just(OnMissing::Hit), Just(OnMissing::NoHit), Just(OnMissing::Refer)];
        (effect, missing, any::<Option<bool>>()).prop_map(|(effect, missing, when)| (strong(effect, missing), when))
    }

    fn any_weak() -> impl Strategy<Value = (WeakRule, Option<bool>)> {
        (1..3_000u32, any::<bool>(), any::<Option<bool>>())
            .prop_map(|(points, group, when)| (weak(f64::from(points) / 1_000.0, group.then_some("g")), when))
    }

    fn run(strong: &[(StrongRule, Option<bool>)], weak: &[(WeakRule, Option<bool>)], pd: f64) -> TierResult {
        let table = resolve(strong.iter().map(|r| r.0.clone()).collect(), weak.iter().map(|r| r.0.clone()).collect(), 0.7, 2);
        table.assign(pd, |i| strong[i].1, |i| weak[i].1)
    }

    proptest! {
        #[test]
        fn the_order_of_rules_does_not_matter(
            (strong, strong_turned) in prop::collection::vec(any_strong(), 0..8).prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle())),
            (weak, weak_turned) in prop::collection::vec(any_weak(), 0..8).prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle())),
            pd in 0.0..0.4,
        ) {
            let (one, other) = (run(&strong, &weak, pd), run(&strong_turned, &weak_turned, pd));
            prop_assert_eq!((one.tier, one.notches, one.decline, one.refer), (other.tier, other.notches, other.decline, other.refer));
            prop_assert_eq!(one.strong.hits.count_ones(), other.strong.hits.count_ones());
        }

        #[test]
        fn a_hit_never_improves(
            strong in prop::collection::vec(any_strong(), 1..8), weak in prop::collection::vec(any_weak(), 1..8),
            pd in 0.0..0.4, at in any::<prop::sample::Index>(),
        ) {
            let before = run(&strong, &weak, pd);
            prop_assert!(before.tier >= before.score_tier);
            let (mut more_strong, mut more_weak) = (strong.clone(), weak.clone());
            more_strong[at.index(strong.len())].1 = Some(true);
            more_weak[at.index(weak.len())].1 = Some(true);
            prop_assert!(run(&more_strong, &weak, pd).tier >= before.tier);
            prop_assert!(run(&strong, &more_weak, pd).tier >= before.tier);
            prop_assert!(run(&more_strong, &weak, pd).decline >= before.decline);
        }

        #[test]
        fn a_worse_pd_never_gives_a_better_tier(
            strong in prop::collection::vec(any_strong(), 0..6), weak in prop::collection::vec(any_weak(), 0..6),
            low in 0.0..1.0, high in 0.0..1.0,
        ) {
            let (low, high) = if low <= high { (low, high) } else { (high, low) };
            prop_assert!(run(&strong, &weak, low).tier <= run(&strong, &weak, high).tier);
        }
    }
}
