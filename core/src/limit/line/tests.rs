//! Bounds of new limits, one by one and as laws.

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
    let file: serde_json::Value = serde_json::from_str(include_str!("../../../../tests/golden/limits.json")).unwrap();
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
