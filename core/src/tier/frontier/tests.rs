//! Against the published path, a count by hand and brute force; and what holds for every history.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::data::{Date, Value};
use crate::error::ErrorCode;
use crate::parallel::Threads;
use crate::tier::{Hysteresis, Measure, Measured, RiskTier, Standing, TierDay, TierPolicy};

const CUTS: [f64; 3] = [0.01, 0.05, 0.2];

fn day(days: i32) -> Date {
    Date::from_days(days)
}

fn row(entity: f64, at: i32, measure: f64, event: Option<i32>) -> HistoryRow<'static> {
    HistoryRow { entity: Value::Number(entity), day: day(at), measure, floor: None, event: event.map(day) }
}

/// One row a day for one entity.
fn path(measures: &[f64], event: Option<i32>) -> Vec<HistoryRow<'static>> {
    measures.iter().zip(0..).map(|(measure, at)| row(1.0, at, *measure, event)).collect()
}

fn widths(widths: &[f64]) -> FrontierGrid {
    FrontierGrid { widths: widths.to_vec(), ..FrontierGrid::default() }
}

fn by_pd(grid: FrontierGrid) -> FrontierConfig {
    FrontierConfig::new(TierPolicy::from_cuts(CUTS), grid)
}

fn run(config: &FrontierConfig, rows: &[HistoryRow<'_>]) -> FrontierReport {
    config.run(rows, Threads::One).unwrap()
}

#[test]
fn the_published_path_has_its_moves() {
    let file: serde_json::Value = serde_json::from_str(include_str!("../../../../tests/golden/tiers.json")).unwrap();
    let case = file["cases"].as_array().unwrap().iter().find(|case| case["id"] == "hysteresis").unwrap();
    let numbers = |value: &serde_json::Value| value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect::<Vec<_>>();
    let tiers: Vec<RiskTier> = serde_json::from_value(case["expected"]["tiers"].clone()).unwrap();
    let start: RiskTier = serde_json::from_value(case["inputs"]["start"].clone()).unwrap();
    let cuts = numbers(&case["inputs"]["bounds_A_B_C"]);
    assert_eq!(start, RiskTier::B);
    // A first score in the middle of tier B is the start.
    let scores = [vec![670.0], numbers(&case["inputs"]["scores"])].concat();
    let policy = TierPolicy { measure: Measure::Score, ..TierPolicy::from_cuts([cuts[0], cuts[1], cuts[2]]) };
    let config = FrontierConfig::new(policy, widths(&[case["inputs"]["buffer"].as_f64().unwrap()]));
    let report = run(&config, &path(&scores, None));

    let all = [vec![start], tiers].concat();
    let pairs = || all.windows(2).filter(|pair| pair[0] != pair[1]);
    let found = &report.settings[1];
    assert_eq!(found.label, "band 10");
    assert_eq!(found.upgrades, pairs().filter(|pair| pair[1] < pair[0]).count() as u64);
    assert_eq!(found.downgrades, pairs().filter(|pair| pair[1] > pair[0]).count() as u64);
    // B A B C D C B: A to B and D to C go back to where the move before had come from
    assert_eq!((found.moves, found.flip_flops), (6, 2));
    // Without memory D goes to B at once: fewer moves, as many tiers.
    assert_eq!((report.settings[0].moves, report.settings[0].notches, found.notches), (5, 6, 6));
    let matrix = config.history(found.setting, &path(&scores, None)).unwrap();
    assert_eq!((matrix.all.upgraded(), matrix.all.downgraded()), ((3, 12), (3, 12)));
    assert_eq!(matrix.all, found.migration);
    assert_eq!(matrix.tiers, all.into_iter().map(Some).collect::<Vec<_>>());
}

#[test]
fn flip_flops_leads_and_outcomes_by_hand() {
    //            day  0     1     2     3     4     5    event on 7; the last row comes after it
    let pds = [0.03, 0.06, 0.03, 0.06, 0.07, 0.08];
    let mut rows: Vec<_> = pds.iter().zip(0..).map(|(pd, at)| row(1.0, at, *pd, Some(7))).collect();
    rows.push(row(1.0, 8, 0.9, Some(7)));
    rows.extend([row(2.0, 0, 0.3, None), row(2.0, 1, 0.3, None), row(3.0, 8, 0.001, None)]);
    let mut config = by_pd(FrontierGrid { averages: vec![2], ..widths(&[0.3]) });
    let report = run(&config, &rows);
    let [none, band, mean] = &report.settings[..] else { panic!("{:?}", report.settings) };
    assert_eq!((report.rows, report.entities, report.events), (9, 3, 1));
    assert!((report.entity_years * 365.25 - 6.0).abs() < 1e-12);
    // B C B C C C: three moves, of which the second and the third undo the one before
    assert_eq!((none.moves, none.flip_flops, none.notches), (3, 2, 3));
    assert_eq!((none.alarmed, none.missed, none.mean_lead_days, none.mean_delay_days), (1, 0, Some(4.0), Some(0.0)));
    // Out of B at 0.065 only: B B B B C C
    assert_eq!((band.moves, band.flip_flops, band.mean_lead_days, band.mean_delay_days), (1, 0, Some(3.0), Some(1.0)));
    assert_eq!((band.delayed, band.mean_distance), (1, 2.0 / 9.0));
    assert_eq!([none, band, mean].map(|one| one.false_alarm_share), [Some(2.0 / 3.0); 3]);
    // Means 0.03 0.045 0.045 0.045 0.065 0.075
    assert_eq!((mean.moves, mean.mean_lead_days), (1, Some(3.0)));
    assert_eq!([none, band, mean].map(|one| one.on_frontier), [true, true, true], "the last two are equal");
    // Entity 2 left the book; what becomes of entity 3 after the last day is not known.
    let by_tier = |one: &SettingFigures| RiskTier::ALL.map(|tier| (one.by_tier.get(tier).rows, one.by_tier.get(tier).events));
    assert_eq!(by_tier(none), [(0, 0), (2, 0), (4, 1), (2, 0)]);
    let text = serde_json::to_value(&none.migration).unwrap();
    assert_eq!(text["withdrawn"], serde_json::json!([0, 0, 0, 1]));
    assert_eq!(text["defaulted"], serde_json::json!([0, 0, 1, 0]));

    config.observed_until = Some(day(9));
    assert_eq!(by_tier(&run(&config, &rows).settings[0])[0], (1, 0), "one day later entity 3 had no event");
    config.window_days = 0;
    assert_eq!(run(&config, &rows).settings[0].flip_flops, 0);
    config.alarm = RiskTier::D;
    let late = &run(&config, &rows).settings[0];
    assert_eq!((late.alarmed, late.missed, late.mean_lead_days, late.mean_delay_days), (0, 1, Some(0.0), None));
}

#[test]
fn floors_act_at_once_and_are_left_by_the_rules_of_memory() {
    let mut rows = path(&[0.03, 0.03, 0.03, 0.03], None);
    rows[1].floor = Some(RiskTier::D);
    let patient = FrontierGrid { upgrade_dwell_days: vec![2], ..FrontierGrid::default() };
    let report = run(&by_pd(patient), &rows);
    let path = |at: usize| (report.settings[at].downgrades, report.settings[at].upgrades, report.settings[at].notches);
    assert_eq!((path(0), path(1)), ((1, 1, 4), (1, 1, 4)));
    // B D D B against B D B B
    assert_eq!(report.settings[1].mean_distance, 0.5);
}

#[test]
fn every_problem_of_a_configuration_is_listed() {
    let mut config = by_pd(FrontierGrid {
        widths: vec![-0.1, 4.0],
        upgrade_dwell_days: vec![9, 9],
        downgrade_dwell_days: (0..60).collect(),
        shares: vec![0.0, 0.5],
        averages: (1..900).collect(),
    });
    config.alarm = RiskTier::A;
    config.policy.hysteresis = Some(Hysteresis::band(Measure::Pd, CUTS, 9.0));
    config.policy.strong = config.policy_of(Setting::NoMemory {}).strong;
    let error = config.validate().unwrap_err();
    let mut fields: Vec<_> = error.problems().iter().filter_map(|problem| problem.field.clone()).collect();
    fields.sort();
    let grid = ["averages", "shares", "upgrade_dwell_days", "widths[0]"].map(|name| format!("frontier.grid.{name}"));
    for field in
        ["frontier.alarm", "frontier.policy", "frontier.grid", "tier.hysteresis.exit"].map(String::from).iter().chain(&grid)
    {
        assert!(fields.contains(field), "{field} in {fields:?}");
    }
    let wide = by_pd(widths(&[0.2, 4.0])).validate().unwrap_err();
    assert_eq!(wide.problems()[0].field.as_deref(), Some("frontier.grid.widths[1]"), "a border at 1");
    assert!(serde_json::from_str::<FrontierGrid>(r#"{"width":[1]}"#).is_err());
    assert!(by_pd(FrontierGrid::default()).history(Setting::Policy {}, &path(&[0.1], None)).is_err());
    assert!(by_pd(FrontierGrid::default()).history(Setting::Average { periods: 1 }, &path(&[0.1], None)).is_err());
}

#[test]
fn rows_that_contradict_each_other_are_refused() {
    let config = by_pd(FrontierGrid::default());
    let field = |rows: &[HistoryRow<'_>], config: &FrontierConfig| {
        let error = config.run(rows, Threads::One).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidData);
        (error.problems()[0].field.clone().unwrap(), error.problems()[0].row.unwrap())
    };
    let good = row(1.0, 0, 0.1, Some(9));
    assert_eq!(field(&[good, good], &config), ("day".into(), 1));
    assert_eq!(field(&[good, row(1.0, 1, 0.1, Some(8))], &config), ("event".into(), 1));
    assert_eq!(field(&[good, row(2.0, 1, f64::INFINITY, None)], &config), ("measure".into(), 1));
    assert_eq!(field(&[HistoryRow { entity: Value::Missing, ..good }], &config), ("entity".into(), 0));
    assert_eq!(field(&[good], &FrontierConfig { observed_until: Some(day(8)), ..config.clone() }), ("event".into(), 0));
    assert_eq!(config.run(&[], Threads::One).unwrap_err().code(), ErrorCode::InsufficientData);
    // Rows that all lie after their event are no error; nothing is left of them.
    let report = run(&config, &[row(1.0, 5, 0.1, Some(5))]);
    assert_eq!((report.rows, report.entities, report.settings[0].moves_per_entity_year), (0, 0, None));
}

/// Histories of up to 6 entities with gaps, floors, missing PDs and events.
fn any_rows() -> impl Strategy<Value = Vec<HistoryRow<'static>>> {
    let pd = prop_oneof![1 => Just(f64::NAN), 20 => (0.0..0.3f64).prop_map(|x| x * x * 4.0)];
    let floor = prop_oneof![8 => Just(None), 1 => prop::sample::select(RiskTier::ALL.to_vec()).prop_map(Some)];
    let history = (prop::collection::btree_map(0..60i32, (pd, floor), 1..20), prop::option::of(0..90i32));
    prop::collection::vec(history, 1..6).prop_map(|all| {
        let entities = all.into_iter().enumerate();
        entities
            .flat_map(|(entity, (rows, event))| {
                rows.into_iter().map(move |(at, (pd, floor))| HistoryRow { floor, ..row(entity as f64, at, pd, event) })
            })
            .collect()
    })
}

fn full_grid() -> FrontierGrid {
    FrontierGrid {
        widths: vec![0.0, 0.2, 0.6],
        upgrade_dwell_days: vec![0, 10],
        downgrade_dwell_days: vec![0, 5],
        shares: vec![0.5, 1.0],
        averages: vec![2, 4],
    }
}

/// Moves, flip-flops and lead of one entity, counted again from its tiers.
fn recount(rows: &[&HistoryRow<'_>], tiers: &[RiskTier], config: &FrontierConfig) -> (u64, u64, Option<i32>) {
    let moved: Vec<usize> = (1..tiers.len()).filter(|at| tiers[*at] != tiers[at - 1]).collect();
    let undone = |pair: &&[usize]| {
        let days = rows[pair[1]].day.days() - rows[pair[0]].day.days();
        tiers[pair[1]] == tiers[pair[0] - 1] && days <= config.window_days as i32
    };
    let event = rows[0].event;
    let alarmed = |from: &usize| tiers[*from..].iter().all(|tier| *tier >= config.alarm);
    let lead = event.and_then(|event| (0..tiers.len()).find(alarmed).map(|at| event.days() - rows[at].day.days()));
    (moved.len() as u64, moved.windows(2).filter(undone).count() as u64, lead)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn equals_a_count_by_brute_force(rows in any_rows(), window_days in 0..40u32) {
        let mut config = by_pd(full_grid());
        config.window_days = window_days;
        let report = run(&config, &rows);
        let mut immediate: BTreeMap<u8, i32> = BTreeMap::new();
        for found in &report.settings {
            let mut delay = 0;
            let table = config.policy_of(found.setting).resolve().unwrap();
            let (mut moves, mut flip_flops, mut lead, mut alarmed, mut distance) = (0, 0, 0, 0, 0);
            for entity in 0..6u8 {
                let own = rows.iter().filter(|row| row.entity == Value::Number(f64::from(entity)));
                let own: Vec<_> = own.filter(|row| row.event.is_none_or(|event| row.day < event)).collect();
                if own.is_empty() {
                    continue;
                }
                let mut tiers: Vec<RiskTier> = Vec::new();
                let mut since = own[0].day;
                for (at, row) in own.iter().enumerate() {
                    let periods = if let Setting::Average { periods } = found.setting { periods } else { 1 };
                    let known: Vec<f64> =
                        own[(at + 1).saturating_sub(periods)..=at].iter().map(|row| row.measure).filter(|pd| !pd.is_nan()).collect();
                    let pd = if known.is_empty() { f64::NAN } else { known.iter().sum::<f64>() / known.len() as f64 };
                    let standing = tiers.last().map(|tier| Standing { tier: *tier, since });
                    let floor = |_, rule| Some(row.floor.is_some_and(|floor| floor.index() == rule));
                    let next = table.retier(standing, row.day, Measured::pd(pd), &TierDay::default(), floor).unwrap();
                    since = next.since;
                    tiers.push(next.tier());
                    let indicated = table.score_tier(f64::NAN, row.measure).max(row.floor.unwrap_or(RiskTier::A));
                    distance += indicated.index().abs_diff(next.tier().index());
                }
                let (m, f, l) = recount(&own, &tiers, &config);
                if found.setting == (Setting::NoMemory {}) {
                    immediate.extend(l.map(|lead| (entity, lead)));
                }
                delay += immediate.get(&entity).map_or(0, |before| (before - l.unwrap_or(0)).max(0));
                (moves, flip_flops, lead, alarmed) = (moves + m, flip_flops + f, lead + l.unwrap_or(0), alarmed + u64::from(l.is_some()));
            }
            prop_assert_eq!((found.moves, found.flip_flops, found.alarmed), (moves, flip_flops, alarmed));
            prop_assert_eq!(found.mean_lead_days, (report.events > 0).then(|| f64::from(lead) / report.events as f64));
            let delay = (!immediate.is_empty()).then(|| f64::from(delay) / immediate.len() as f64);
            prop_assert_eq!(found.mean_delay_days, delay);
            prop_assert_eq!(found.mean_distance, if report.rows > 0 { distance as f64 / report.rows as f64 } else { 0.0 });
            prop_assert_eq!(found.upgrades + found.downgrades, found.moves);
            prop_assert_eq!((found.migration.upgraded().0, found.migration.downgraded().0), {
                (found.upgrades, found.downgrades + report.events)
            });
        }
    }

    #[test]
    fn neither_the_order_of_the_rows_nor_threads_matter(
        (rows, shuffled) in any_rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
    ) {
        let config = by_pd(full_grid());
        let report = run(&config, &rows);
        prop_assert_eq!(&report, &config.run(&shuffled, Threads::Count(3)).unwrap());
        for found in &report.settings {
            let summary = config.history(found.setting, &shuffled).unwrap();
            prop_assert_eq!(&summary.all, &found.migration);
            prop_assert!(summary.periods.is_sorted_by(|a, b| a.day < b.day));
            let same = config.history(found.setting, &rows).unwrap();
            for (row, tier) in shuffled.iter().zip(&summary.tiers) {
                let before = rows.iter().zip(&same.tiers).find(|(one, _)| (one.entity, one.day) == (row.entity, row.day));
                prop_assert_eq!(before.map(|(_, tier)| tier), Some(tier));
                prop_assert_eq!(tier.is_none(), row.event.is_some_and(|event| row.day >= event));
            }
        }
    }

    /// Each cut is a relay with two thresholds, and a relay never switches more often when they move apart. Without floors the
    /// tier is the number of relays that are on, so the tiers moved are their switches.
    #[test]
    fn a_wider_band_never_moves_more_tiers(rows in any_rows()) {
        let rows: Vec<_> = rows.into_iter().map(|row| HistoryRow { floor: None, ..row }).collect();
        let report = run(&by_pd(widths(&[0.0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6])), &rows);
        prop_assert!(report.settings.is_sorted_by(|a, b| a.notches >= b.notches));
    }

    #[test]
    fn what_is_on_the_frontier_is_beaten_by_nothing_and_the_rest_by_something_on_it(rows in any_rows()) {
        let report = run(&by_pd(full_grid()), &rows);
        let place = |one: &SettingFigures| (one.flip_flops as f64, one.mean_delay_days.unwrap_or(0.0));
        let beats = |a: &SettingFigures, b: &SettingFigures| {
            let (a, b) = (place(a), place(b));
            a.0 <= b.0 && a.1 <= b.1 && a != b
        };
        for one in &report.settings {
            prop_assert_eq!(one.on_frontier, !report.settings.iter().any(|other| beats(other, one)));
            prop_assert!(one.on_frontier || report.settings.iter().any(|other| other.on_frontier && beats(other, one)));
        }
        prop_assert_eq!(report.settings[0].mean_distance, 0.0);
    }
}
