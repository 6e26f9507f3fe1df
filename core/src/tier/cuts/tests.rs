//! Cuts against all cuts there are, and against reference values.

use proptest::prelude::*;

use super::*;
use crate::data::WEIGHT_ONE;
use crate::error::{Error, ErrorCode};
use crate::math::{ln, two_proportions};
use crate::stats::ValueCounts;

/// The value `place + 1` has these events and non-events.
fn counted(cells: &[(u64, u64)]) -> ValueCounts {
    let mut counts = ValueCounts::default();
    for (place, (events, non_events)) in cells.iter().enumerate() {
        let value = (place + 1) as f64;
        counts.observe(&[value, value], &[true, false], &[events * WEIGHT_ONE, non_events * WEIGHT_ONE]);
    }
    counts
}

fn optimum(tiers: usize, objective: CutObjective) -> CutConfig {
    CutConfig::new(CutMethod::Optimum { tiers, objective }, Orientation::RisesWithRisk)
}

/// How many values lie before each cut.
fn places(found: &TierCuts) -> Vec<usize> {
    found.cuts.iter().map(|cut| cut.floor() as usize).collect()
}

fn field(error: &Error) -> &str {
    error.problems()[0].field.as_deref().unwrap()
}

#[test]
fn golden_cuts() {
    let file: serde_json::Value = serde_json::from_str(include_str!("../../../../tests/golden/tiering.json")).unwrap();
    let mut seen = 0;
    for case in file["cases"].as_array().unwrap().iter().filter(|case| case["id"].as_str().unwrap().starts_with("tiers_")) {
        let list =
            |name: &str| -> Vec<u64> { case["inputs"][name].as_array().unwrap().iter().map(|x| x.as_u64().unwrap()).collect() };
        let cells: Vec<(u64, u64)> =
            list("bads").into_iter().zip(list("bins_best_to_worst_n")).map(|(bad, all)| (bad, all - bad)).collect();
        let tiers = case["inputs"]["k"].as_u64().unwrap() as usize;
        let config = CutConfig { min_rows: case["inputs"]["min_tier"].as_f64().unwrap(), ..optimum(tiers, CutObjective::Iv {}) };
        let found = config.fit(&counted(&cells)).unwrap();
        let want: Vec<usize> =
            case["expected"]["cuts_after_bin"].as_array().unwrap().iter().map(|x| x.as_u64().unwrap() as usize).collect();
        assert_eq!(places(&found), want, "{}", case["id"]);
        let iv = case["expected"]["iv"].as_f64().unwrap();
        assert!((found.objective.unwrap() - iv).abs() <= case["tol"].as_f64().unwrap(), "{}", case["id"]);
        seen += 1;
    }
    assert_eq!(seen, 3);
}

/// The best value over every set of cuts, by the words of the objectives.
fn brute_force(cells: &[(u64, u64)], config: &CutConfig) -> Option<f64> {
    let CutMethod::Optimum { tiers, objective } = config.method else { return None };
    let all = cells.iter().fold((0, 0), |sum, cell| (sum.0 + cell.0, sum.1 + cell.1));
    let (events, non_events) = (all.0 as f64, all.1 as f64);
    let mut best: Option<f64> = None;
    for set in 0u32..1 << (cells.len() - 1) {
        if set.count_ones() as usize + 1 != tiers {
            continue;
        }
        let mut found = vec![(0u64, 0u64)];
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 && set >> (place - 1) & 1 == 1 {
                found.push((0, 0));
            }
            let last = found.last_mut().unwrap();
            *last = (last.0 + cell.0, last.1 + cell.1);
        }
        let held = found.iter().all(|&(bad, good)| {
            let rows = (bad + good) as f64;
            rows > 0.0
                && rows >= config.min_rows
                && rows >= config.min_share * (events + non_events) * (1.0 - 1e-12)
                && bad as f64 >= config.min_events
                && (!matches!(objective, CutObjective::Iv {}) || (bad > 0 && good > 0))
        });
        let parted = found.windows(2).all(|pair| {
            let ((a, b), (c, d)) = (pair[0], pair[1]);
            let p = two_proportions((a as f64, b as f64), (c as f64, d as f64));
            a * (c + d) < c * (a + b) && config.max_p_value.is_none_or(|most| p.is_some_and(|p| p <= most))
        });
        if !held || !parted {
            continue;
        }
        let value = match objective {
            CutObjective::Iv {} => found
                .iter()
                .map(|&(bad, good)| {
                    let (b, g) = (bad as f64 / events, good as f64 / non_events);
                    (g - b) * ln(g / b)
                })
                .sum(),
            // The greatest distance of the cumulative shares.
            CutObjective::Ks {} => {
                let mut sums = (0.0, 0.0);
                found.iter().fold(0.0, |most: f64, &(bad, good)| {
                    sums = (sums.0 + bad as f64 / events, sums.1 + good as f64 / non_events);
                    most.max(f64::abs(sums.1 - sums.0))
                })
            }
            CutObjective::Profit { margin, lgd } => {
                found.iter().map(|&(bad, good)| (good as f64 * margin - bad as f64 * lgd).max(0.0)).sum::<f64>()
                    / (events + non_events)
            }
        };
        best = Some(best.map_or(value, |best: f64| best.max(value)));
    }
    best
}

fn cells(most: usize) -> impl Strategy<Value = Vec<(u64, u64)>> {
    prop::collection::vec((0u64..20, 0u64..60), 3..=most)
        .prop_map(|cells| cells.into_iter().filter(|cell| cell.0 + cell.1 > 0).collect::<Vec<_>>())
        .prop_filter("both classes", |cells| {
            cells.len() > 2 && cells.iter().any(|cell| cell.0 > 0) && cells.iter().any(|cell| cell.1 > 0)
        })
}

fn objectives() -> impl Strategy<Value = CutObjective> {
    prop_oneof![
        Just(CutObjective::Iv {}),
        Just(CutObjective::Ks {}),
        (0.01..0.5f64, 0.1..1.0f64).prop_map(|(margin, lgd)| CutObjective::Profit { margin, lgd }),
    ]
}

proptest! {
    #[test]
    fn the_cuts_are_the_best_of_all(
        cells in cells(12), tiers in 2usize..5, objective in objectives(), share in prop_oneof![Just(0.0), 0.0..0.3f64],
        rows in 0u64..60, events in 0u64..6, p in prop_oneof![Just(None), (0.01..1.0f64).prop_map(Some)],
    ) {
        prop_assume!(cells.len() >= tiers);
        let config = CutConfig {
            min_share: share, min_rows: rows as f64, min_events: events as f64, max_p_value: p, ..optimum(tiers, objective)
        };
        let counts = counted(&cells);
        match (config.fit(&counts), brute_force(&cells, &config)) {
            (Ok(found), Some(best)) => {
                prop_assert!((found.objective.unwrap() - best).abs() < 1e-9 * (1.0 + best), "{found:?} {best}");
                prop_assert!(found.rising && found.tiers.len() == tiers);
                // The table is what the cuts give, value by value.
                let mut table = vec![(0.0, 0.0); tiers];
                for (place, cell) in cells.iter().enumerate() {
                    let tier = &mut table[found.tier((place + 1) as f64)];
                    *tier = (tier.0 + cell.0 as f64, tier.1 + (cell.0 + cell.1) as f64);
                }
                prop_assert_eq!(table, found.tiers.iter().map(|tier| (tier.events, tier.rows)).collect::<Vec<_>>());
            }
            (Err(error), None) => prop_assert_eq!(error.code(), ErrorCode::InsufficientData),
            (found, best) => prop_assert!(false, "{found:?} {best:?}"),
        }
    }

    #[test]
    fn a_score_is_a_pd_seen_from_the_other_end(cells in cells(10), tiers in 2usize..4, objective in objectives()) {
        prop_assume!(cells.len() >= tiers);
        let pd = optimum(tiers, objective);
        let score = CutConfig { orientation: Orientation::FallsWithRisk, ..pd.clone() };
        let mirrored: Vec<(u64, u64)> = cells.iter().rev().copied().collect();
        match (pd.fit(&counted(&cells)), score.fit(&counted(&mirrored))) {
            (Ok(pd), Ok(score)) => {
                prop_assert_eq!(&pd.tiers, &score.tiers);
                let end = (cells.len() + 1) as f64;
                prop_assert_eq!(pd.cuts, score.cuts.iter().map(|cut| end - cut).collect::<Vec<_>>());
            }
            (pd, score) => prop_assert!(pd.is_err() && score.is_err()),
        }
    }

    /// Each tier is the widest below its target, and so the rates rise.
    #[test]
    fn tiers_of_targets_are_the_widest(cells in cells(12), mut targets in prop::collection::vec(0.01..0.9f64, 1..4)) {
        targets.sort_by(f64::total_cmp);
        targets.dedup();
        let config = CutConfig::new(CutMethod::TargetPd { targets: targets.clone() }, Orientation::RisesWithRisk);
        if let Ok(found) = config.fit(&counted(&cells)) {
            prop_assert!(found.rising, "{found:?}");
            let mut from = 0;
            for (place, target) in places(&found).into_iter().zip(&targets) {
                let rate = |to: usize| {
                    let (bad, all) = cells[from..to].iter().fold((0, 0), |sum, cell| (sum.0 + cell.0, sum.1 + cell.0 + cell.1));
                    bad as f64 / all as f64
                };
                prop_assert!(rate(place) < *target);
                prop_assert!((place + 1..=cells.len()).all(|to| rate(to) >= *target));
                from = place;
            }
        }
    }
}

#[test]
fn shares_are_met_as_near_as_the_values_allow() {
    let cells: Vec<(u64, u64)> = (0..100).map(|place| (place % 7, 100 - place % 7)).collect();
    let config = CutConfig::new(CutMethod::Share { shares: vec![0.3, 0.402, 0.198, 0.1] }, Orientation::RisesWithRisk);
    let found = config.fit(&counted(&cells)).unwrap();
    assert_eq!(places(&found), [30, 70, 90]);
    assert_eq!(found.cuts[0], 30.5);
    let narrow = CutConfig::new(CutMethod::Share { shares: vec![0.3, 0.001, 0.699] }, Orientation::RisesWithRisk);
    assert_eq!(field(&narrow.fit(&counted(&cells)).unwrap_err()), "cuts.method.shares[1]");
}

#[test]
fn the_limit_in_the_way_is_named() {
    let cells = [(2, 198), (3, 177), (4, 146), (9, 151), (10, 110), (14, 76), (15, 45), (16, 24)];
    let base = optimum(4, CutObjective::Iv {});
    let named = |config: CutConfig| field(&config.fit(&counted(&cells)).unwrap_err()).to_owned();
    assert_eq!(named(CutConfig { min_share: 0.3, ..base.clone() }), "cuts.min_share");
    assert_eq!(named(CutConfig { min_rows: 260.0, ..base.clone() }), "cuts.min_rows");
    assert_eq!(named(CutConfig { min_events: 20.0, ..base.clone() }), "cuts.min_events");
    assert_eq!(named(CutConfig { max_p_value: Some(1e-9), ..base.clone() }), "cuts.max_p_value");
    assert_eq!(named(optimum(9, CutObjective::Ks {})), "cuts.method");
    let falling = [(9, 10), (5, 10), (1, 10)];
    let error = optimum(2, CutObjective::Ks {}).fit(&counted(&falling)).unwrap_err();
    assert_eq!((error.code(), field(&error)), (ErrorCode::InsufficientData, "cuts.method"));
    let error = optimum(2, CutObjective::Ks {}).fit(&counted(&[(0, 10), (0, 5)])).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InsufficientData);
    // The other methods name the limit as well.
    let shares = CutMethod::Share { shares: vec![0.5, 0.5] };
    let config = CutConfig { min_events: 20.0, ..CutConfig::new(shares, Orientation::RisesWithRisk) };
    assert_eq!(named(config), "cuts.min_events");
    let low = CutMethod::TargetPd { targets: vec![0.001, 0.1] };
    assert_eq!(named(CutConfig::new(low, Orientation::RisesWithRisk)), "cuts.method.targets[0]");
}

/// 30,000 values: the cuts are the best of 200 cells, and the result says so.
#[test]
fn many_values_are_merged_to_candidates() {
    let mut counts = ValueCounts::new(1 << 15);
    let mut state = 1u64;
    let (mut values, mut events) = (Vec::new(), Vec::new());
    for row in 0..30_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pd = f64::from(row) / 30_000.0;
        values.push(pd);
        events.push(((state >> 33) as f64) < pd * pd * 2_147_483_648.0);
    }
    counts.observe(&values, &events, &vec![WEIGHT_ONE; values.len()]);
    let fine = optimum(4, CutObjective::Iv {}).fit(&counts).unwrap();
    assert_eq!((fine.values, fine.candidates), (30_000, 200));
    let coarse = CutConfig { candidates: 20, ..optimum(4, CutObjective::Iv {}) }.fit(&counts).unwrap();
    assert_eq!(coarse.candidates, 20);
    assert!(coarse.objective.unwrap() <= fine.objective.unwrap());
    assert!(coarse.objective.unwrap() > 0.98 * fine.objective.unwrap());
    let policy = crate::tier::TierPolicy::from_cuts(fine.pd_cuts().unwrap());
    assert!(policy.validate().is_ok());
    assert!(optimum(3, CutObjective::Iv {}).fit(&counts).unwrap().pd_cuts().is_err());
    assert_eq!([0.0, f64::NAN, 1.0].map(|pd| fine.tier(pd)), [0, 3, 3]);
}

#[test]
fn every_problem_is_listed_and_files_round_trip() {
    let bad = CutConfig {
        method: CutMethod::Optimum { tiers: 1, objective: CutObjective::Profit { margin: 0.0, lgd: 2.0 } },
        orientation: Orientation::RisesWithRisk,
        min_share: 0.6,
        min_rows: -1.0,
        min_events: f64::NAN,
        max_p_value: Some(0.0),
        candidates: 1,
    };
    assert_eq!(bad.validate().unwrap_err().problems().len(), 8);
    for method in [
        CutMethod::TargetPd { targets: vec![0.2, 0.1] },
        CutMethod::TargetPd { targets: vec![0.1, 1.0] },
        CutMethod::Share { shares: vec![0.5, 0.4] },
        CutMethod::Share { shares: vec![1.5, -0.5] },
    ] {
        assert!(CutConfig::new(method, Orientation::FallsWithRisk).validate().is_err());
    }
    let text = r#"{"method":{"type":"optimum","tiers":3,"objective":{"type":"ks"}},"orientation":"falls_with_risk"}"#;
    let config: CutConfig = serde_json::from_str(text).unwrap();
    assert_eq!((config.candidates, config.min_share), (200, 0.0));
    for (from, to) in [("\"ks\"", "\"ks\",\"lgd\":1"), ("3", "3,\"more\":1"), ("orientation", "direction")] {
        assert!(serde_json::from_str::<CutConfig>(&text.replace(from, to)).is_err(), "{to}");
    }
}
