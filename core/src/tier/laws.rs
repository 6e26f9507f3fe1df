//! What holds for every tier policy, and the published cases.

use proptest::prelude::*;

use super::*;
use crate::data::Date;

const CUTS: [f64; 3] = [0.01, 0.05, 0.2];

fn strong(effect: StrongEffect, on_missing: OnMissing) -> StrongRule {
    StrongRule { code: String::new(), when: "x".into(), effect, on_missing, reason: "r".into() }
}

fn weak(points: f64, group: Option<&str>) -> WeakRule {
    WeakRule { code: String::new(), when: "x".into(), points, group: group.map(Into::into), until: None, reason: "r".into() }
}

fn overlay(notches: u8) -> Overlay {
    Overlay {
        code: String::new(),
        when: "x".into(),
        notches,
        owner: "o".into(),
        from: Date::from_days(100),
        until: Date::from_days(200),
        on_missing: OnMissing::NoHit,
        reason: "r".into(),
    }
}

fn resolve(mut policy: TierPolicy) -> TierTable {
    policy.groups = vec![WeakGroup { name: "g".into(), cap: 1.5 }];
    let codes = policy.strong.iter_mut().map(|r| &mut r.code).chain(policy.weak.iter_mut().map(|r| &mut r.code));
    codes.chain(policy.overlays.iter_mut().map(|r| &mut r.code)).enumerate().for_each(|(i, code)| *code = format!("R{i}"));
    policy.resolve().unwrap()
}

fn rules(strong: Vec<StrongRule>, weak: Vec<WeakRule>, points_per_notch: f64, max_notches: u8) -> TierTable {
    resolve(TierPolicy { strong, weak, max_notches, points_per_notch, ..TierPolicy::from_cuts(CUTS) })
}

/// The tier of a PD when every strong and every weak rule has these conditions.
fn assign(table: &TierTable, pd: f64, strong: Option<bool>, weak: Option<bool>) -> TierResult {
    table.assign(Measured::pd(pd), &TierDay::default(), |kind, _| if kind == RuleKind::Strong { strong } else { weak })
}

fn golden(id: &str) -> serde_json::Value {
    let file: serde_json::Value = serde_json::from_str(include_str!("../../../tests/golden/tiers.json")).unwrap();
    file["cases"].as_array().unwrap().iter().find(|case| case["id"] == id).unwrap().clone()
}

fn letter(value: &serde_json::Value) -> RiskTier {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn what_lies_on_a_cut_belongs_to_the_worse_tier_by_pd_and_to_the_better_by_score() {
    let table = rules(vec![], vec![], 1.0, 1);
    let tiers = [0.0, 0.0099, 0.01, 0.05, 0.1999, 0.2, 1.0].map(|pd| table.score_tier(f64::NAN, pd).letter());
    assert_eq!(tiers, ['A', 'A', 'B', 'C', 'C', 'D', 'D']);
    let by_score = resolve(TierPolicy { measure: Measure::Score, ..TierPolicy::from_cuts([700.0, 640.0, 580.0]) });
    assert_eq!([700.0, 699.9, 640.0, 580.0, 579.9].map(|x| by_score.score_tier(x, 0.0).letter()), ['A', 'B', 'B', 'C', 'D']);
    let unknown = assign(&table, f64::NAN, None, None);
    assert_eq!((unknown.tier, unknown.refer, unknown.unmeasured), (RiskTier::D, true, true));
}

#[test]
fn golden_rule_engine() {
    let case = golden("matrix_rules");
    let inputs = &case["inputs"];
    let row = |tier: RiskTier| -> Vec<RiskTier> {
        inputs["matrix_rows_score_tier_cols_bureau"][tier.letter().to_string()].as_array().unwrap().iter().map(letter).collect()
    };
    let matrix = TierMatrix { by: "b".into(), bands: vec![1.0, 2.0], missing_column: 2, rows: RiskTier::ALL.map(row).into() };
    let table = resolve(TierPolicy {
        matrix: Some(matrix),
        strong: vec![strong(StrongEffect::Floor { tier: RiskTier::D }, OnMissing::NoHit)],
        weak: (0..3).map(|_| weak(1.0, None)).collect(),
        max_notches: case["expected"]["cap_notches"].as_u64().unwrap() as u8,
        ..TierPolicy::from_cuts(CUTS)
    });
    let bureau = inputs["case"]["bureau_col"].as_f64().unwrap() + 0.5;
    let tier = |strong: bool, hits: usize| {
        let rule = |kind, i: usize| Some(if kind == RuleKind::Strong { strong } else { i < hits });
        table.assign(Measured { bureau, ..Measured::pd(0.02) }, &TierDay::default(), rule)
    };
    assert_eq!(tier(false, 0).score_tier, letter(&inputs["case"]["score_tier"]));
    assert_eq!(tier(false, inputs["case"]["weak_hits"].as_u64().unwrap() as usize).tier, letter(&case["expected"]["final"]));
    assert_eq!(tier(true, 1).tier, letter(&case["expected"]["strong_case"]));
    assert_eq!(tier(false, 3).notches, 2, "the cap");
}

#[test]
fn golden_path_of_the_hysteresis() {
    let case = golden("hysteresis");
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
    let cuts: Vec<f64> = case["inputs"]["bounds_A_B_C"].as_array().unwrap().iter().map(number).collect();
    let cuts = [cuts[0], cuts[1], cuts[2]];
    let hysteresis = Some(Hysteresis::band(Measure::Score, cuts, number(&case["inputs"]["buffer"])));
    let table = resolve(TierPolicy { measure: Measure::Score, hysteresis, ..TierPolicy::from_cuts(cuts) });
    let mut standing = Standing { tier: letter(&case["inputs"]["start"]), since: Date::from_days(0) };
    let mut path = Vec::new();
    for (day, score) in case["inputs"]["scores"].as_array().unwrap().iter().enumerate() {
        let measured = Measured::score(number(score));
        let next = table.retier(Some(standing), Date::from_days(day as i32), measured, &TierDay::default(), |_, _| None).unwrap();
        standing = Standing { tier: next.tier(), since: next.since };
        path.push(next.tier());
    }
    let expected: Vec<RiskTier> = case["expected"]["tiers"].as_array().unwrap().iter().map(letter).collect();
    assert_eq!(path, expected);
}

#[test]
fn groups_cap_their_points() {
    // 1 + 1 in the group count as 1.5; with 0.4 beside them that is 1.9, below two notches of one point
    let notches = |free: f64| {
        let table = rules(vec![], vec![weak(1.0, Some("g")), weak(free, None), weak(1.0, Some("g"))], 1.0, 3);
        assign(&table, 0.001, None, Some(true)).notches
    };
    assert_eq!((notches(0.4), notches(0.5)), (1, 2));
}

#[test]
fn missing_conditions_follow_the_declaration() {
    let effects = [OnMissing::Hit, OnMissing::NoHit, OnMissing::Refer];
    let only = |on_missing| {
        let table = rules(vec![strong(StrongEffect::Decline {}, on_missing)], vec![weak(9.0, None)], 1.0, 3);
        assign(&table, 0.001, None, None)
    };
    assert_eq!(effects.map(|m| (only(m).decline, only(m).refer)), [(true, false), (false, false), (false, true)]);
    assert!(effects.into_iter().all(|m| only(m).tier == RiskTier::A && only(m).strong.missing == 1 && only(m).weak.missing == 1));
}

#[test]
fn what_has_ended_does_nothing_but_be_counted() {
    let mut old = weak(1.0, None);
    old.until = Some(Date::from_days(150));
    let policy = TierPolicy {
        weak: vec![old, weak(1.0, None)],
        overlays: vec![overlay(2)],
        max_notches: 3,
        ..TierPolicy::from_cuts(CUTS)
    };
    let table = resolve(policy);
    assert!(table.on(None).is_err());
    let on = |day: i32| {
        let day = table.on(Some(Date::from_days(day))).unwrap();
        let result = table.assign(Measured::pd(0.001), &day, |_, _| Some(true));
        (result.notches, result.weak.hits, result.overlays.hits, result.expired)
    };
    assert_eq!(on(99), (2, 0b11, 0, 0), "not yet");
    assert_eq!(on(150), (4, 0b11, 1, 0));
    assert_eq!(on(151), (3, 0b10, 1, 0));
    assert_eq!(on(201), (1, 0b10, 0, 1));
}

#[test]
fn contradictory_strong_rules_are_both_reported_and_the_worse_wins() {
    let effects = [StrongEffect::Floor { tier: RiskTier::B }, StrongEffect::Override { tier: RiskTier::D }];
    let table = rules(effects.map(|effect| strong(effect, OnMissing::NoHit)).to_vec(), vec![], 1.0, 1);
    let result = assign(&table, 0.001, Some(true), None);
    assert_eq!((result.tier, result.strong.hits), (RiskTier::D, 0b11));
}

/// Starts in `from` since day 0 and follows the PDs, one a day, all rules of one kind hitting where told.
fn follow(table: &TierTable, from: RiskTier, days: &[(f64, bool)]) -> Vec<(char, Held)> {
    let mut standing = Standing { tier: from, since: Date::from_days(0) };
    let step = |(day, &(pd, hit)): (usize, &(f64, bool))| {
        let today = Date::from_days(day as i32 + 1);
        let next = table.retier(Some(standing), today, Measured::pd(pd), &TierDay::default(), |_, _| Some(hit)).unwrap();
        standing = Standing { tier: next.tier(), since: next.since };
        (next.tier().letter(), next.held)
    };
    days.iter().enumerate().map(step).collect()
}

fn patient(strong: Vec<StrongRule>) -> TierTable {
    let hysteresis = Hysteresis {
        upgrade: Move { dwell_days: 3, share: 0.5 },
        downgrade: Move { dwell_days: 1, share: 1.0 },
        ..Hysteresis::band(Measure::Pd, CUTS, 0.25)
    };
    resolve(TierPolicy { strong, hysteresis: Some(hysteresis), ..TierPolicy::from_cuts(CUTS) })
}

#[test]
fn an_upgrade_waits_and_goes_part_of_the_way() {
    let table = patient(vec![]);
    let path = follow(&table, RiskTier::D, &[(0.001, false); 10]);
    use Held::{Dwell, No, Step};
    let expected = [('D', Dwell), ('D', Dwell), ('B', Step), ('B', Dwell), ('B', Dwell), ('A', No), ('A', No)];
    assert_eq!(path[..7], expected, "half of three tiers, rounded up, is two");
}

#[test]
fn a_floor_acts_at_once_and_an_override_restarts_the_wait() {
    for (effect, back) in [(StrongEffect::Floor { tier: RiskTier::D }, 5), (StrongEffect::Override { tier: RiskTier::D }, 7)] {
        let table = patient(vec![strong(effect, OnMissing::NoHit)]);
        let mut days = vec![(0.001, true); 5];
        days.extend([(0.001, false); 6]);
        let path = follow(&table, RiskTier::A, &days);
        assert!(path[..5].iter().all(|(tier, _)| *tier == 'D'), "{path:?}");
        assert_eq!(path.iter().skip(5).position(|(tier, _)| *tier != 'D').map(|at| at + 5), Some(back), "{path:?}");
    }
}

#[test]
fn a_ceiling_bars_the_way_up_and_takes_nothing_away() {
    let table = rules(vec![strong(StrongEffect::Ceiling { tier: RiskTier::C }, OnMissing::NoHit)], vec![], 1.0, 1);
    let one = |from| follow(&table, from, &[(0.001, true)])[0];
    assert_eq!(one(RiskTier::D), ('C', Held::No));
    assert_eq!(one(RiskTier::A), ('A', Held::Ceiling));
    assert_eq!(assign(&table, 0.001, Some(true), None).tier, RiskTier::C, "without a tier before it is a floor");
}

#[test]
fn distances_point_to_the_borders_that_count() {
    let table = patient(vec![]);
    let first = assign(&table, 0.02, None, None);
    assert!((first.to_better - 0.01).abs() < 1e-15 && (first.to_worse - 0.03).abs() < 1e-15);
    let standing = Some(Standing { tier: RiskTier::B, since: Date::from_days(0) });
    let next = table.retier(standing, Date::from_days(0), Measured::pd(0.02), &TierDay::default(), |_, _| None).unwrap().result;
    assert!((next.to_better - 0.012).abs() < 1e-15 && (next.to_worse - 0.0425).abs() < 1e-15);
    assert!(assign(&table, 0.001, None, None).to_better.is_nan() && assign(&table, 0.5, None, None).to_worse.is_nan());
}

#[test]
fn a_tier_from_the_future_is_an_error_of_the_account() {
    let table = patient(vec![]);
    let standing = Some(Standing { tier: RiskTier::B, since: Date::from_days(2) });
    let error = table.retier(standing, Date::from_days(1), Measured::pd(0.02), &TierDay::default(), |_, _| None).unwrap_err();
    assert_eq!(error.problems()[0].field.as_deref(), Some("since"));
}

fn any_tier() -> impl Strategy<Value = RiskTier> {
    prop::sample::select(RiskTier::ALL.to_vec())
}

fn any_strong() -> impl Strategy<Value = (StrongRule, Option<bool>)> {
    let effect = prop_oneof![
        Just(StrongEffect::Decline {}),
        any_tier().prop_map(|tier| StrongEffect::Floor { tier }),
        any_tier().prop_map(|tier| StrongEffect::Ceiling { tier }),
        any_tier().prop_map(|tier| StrongEffect::Override { tier }),
    ];
    let missing = prop_oneof![Just(OnMissing::Hit), Just(OnMissing::NoHit), Just(OnMissing::Refer)];
    (effect, missing, any::<Option<bool>>()).prop_map(|(effect, missing, when)| (strong(effect, missing), when))
}

fn any_weak() -> impl Strategy<Value = (WeakRule, Option<bool>)> {
    (1..3_000u32, any::<bool>(), any::<Option<bool>>())
        .prop_map(|(points, group, when)| (weak(f64::from(points) / 1_000.0, group.then_some("g")), when))
}

fn any_memory() -> impl Strategy<Value = Option<Hysteresis>> {
    let way = || (0..40u32, 1..=10u8).prop_map(|(dwell_days, share)| Move { dwell_days, share: f64::from(share) / 10.0 });
    let memory = (0.0..0.5, way(), way()).prop_map(|(width, upgrade, downgrade)| Hysteresis {
        upgrade,
        downgrade,
        ..Hysteresis::band(Measure::Pd, CUTS, width)
    });
    prop_oneof![Just(None), memory.prop_map(Some)]
}

type Strong = Vec<(StrongRule, Option<bool>)>;
type Weak = Vec<(WeakRule, Option<bool>)>;

/// A case with its rules, one overlay in force and, for some, a tier since day 120.
#[derive(Debug, Clone)]
struct Case {
    strong: Strong,
    weak: Weak,
    overlay: Option<bool>,
    memory: Option<Hysteresis>,
    standing: Option<RiskTier>,
}

fn any_case() -> impl Strategy<Value = Case> {
    let rules = (prop::collection::vec(any_strong(), 1..8), prop::collection::vec(any_weak(), 1..8), any::<Option<bool>>());
    (rules, any_memory(), prop::option::of(any_tier())).prop_map(|((strong, weak, overlay), memory, standing)| Case {
        strong,
        weak,
        overlay,
        memory,
        standing,
    })
}

impl Case {
    fn run(&self, pd: f64) -> Retiering {
        let policy = TierPolicy {
            strong: self.strong.iter().map(|r| r.0.clone()).collect(),
            weak: self.weak.iter().map(|r| r.0.clone()).collect(),
            overlays: vec![overlay(1)],
            points_per_notch: 0.7,
            max_notches: 2,
            hysteresis: self.memory,
            ..TierPolicy::from_cuts(CUTS)
        };
        let table = resolve(policy);
        let today = Date::from_days(150);
        let standing = self.standing.map(|tier| Standing { tier, since: Date::from_days(130) });
        let rule = |kind, i: usize| match kind {
            RuleKind::Strong => self.strong[i].1,
            RuleKind::Weak => self.weak[i].1,
            RuleKind::Overlay => self.overlay,
        };
        table.retier(standing, today, Measured::pd(pd), &table.on(Some(today)).unwrap(), rule).unwrap()
    }
}

proptest! {
    #[test]
    fn the_order_of_rules_does_not_matter(
        (case, strong, weak) in any_case().prop_flat_map(|case| {
            let (strong, weak) = (case.strong.clone(), case.weak.clone());
            (Just(case), Just(strong).prop_shuffle(), Just(weak).prop_shuffle())
        }),
        pd in 0.0..0.4,
    ) {
        let one = case.run(pd);
        let other = Case { strong, weak, ..case }.run(pd);
        let parts = |r: &Retiering| (r.result.tier, r.result.notches, r.result.decline, r.result.refer, r.since, r.held, r.forced);
        prop_assert_eq!(parts(&one), parts(&other));
        prop_assert_eq!(one.result.strong.hits.count_ones(), other.result.strong.hits.count_ones());
    }

    #[test]
    fn a_hit_never_improves(case in any_case(), pd in 0.0..0.4, at in any::<prop::sample::Index>()) {
        let before = case.run(pd);
        let (mut strong, mut weak) = (case.clone(), case.clone());
        let i = at.index(case.strong.len());
        strong.strong[i].1 = Some(true);
        weak.weak[at.index(case.weak.len())].1 = Some(true);
        prop_assert!(strong.run(pd).tier() >= before.tier());
        prop_assert!(strong.run(pd).result.decline >= before.result.decline);
        prop_assert!(weak.run(pd).tier() >= before.tier());
        let overlaid = Case { overlay: Some(true), ..case.clone() };
        prop_assert!(overlaid.run(pd).tier() >= before.tier());
        prop_assert!(before.result.strong.hits & (1 << i) == 0 || case.strong[i].1 != Some(false), "every hit is reported");
    }

    #[test]
    fn a_worse_pd_never_gives_a_better_tier(case in any_case(), low in 0.0..1.0, high in 0.0..1.0) {
        let (low, high) = if low <= high { (low, high) } else { (high, low) };
        prop_assert!(case.run(low).tier() <= case.run(high).tier());
    }

    #[test]
    fn a_worse_tier_before_never_gives_a_better_one(case in any_case(), pd in 0.0..0.4, tiers in (any_tier(), any_tier())) {
        let from = |tier| Case { standing: Some(tier), ..case.clone() }.run(pd).tier();
        prop_assert!(from(tiers.0.min(tiers.1)) <= from(tiers.0.max(tiers.1)));
    }

    #[test]
    fn something_holds_every_tier_that_is_not_the_indicated_one(case in any_case(), pd in 0.0..0.4) {
        let next = case.run(pd);
        prop_assert_eq!(next.tier() == next.indicated, next.held == Held::No, "{:?}", next);
    }

    #[test]
    fn without_memory_the_tier_is_the_indicated_one_but_for_ceilings(case in any_case(), pd in 0.0..0.4) {
        let next = Case { memory: None, ..case }.run(pd);
        prop_assert!(next.tier() == next.indicated || next.held == Held::Ceiling);
        prop_assert_eq!(next.tier() == next.indicated, next.held == Held::No);
        prop_assert!(next.held != Held::Ceiling || next.tier() < next.indicated, "a ceiling bars the way up");
    }
}
