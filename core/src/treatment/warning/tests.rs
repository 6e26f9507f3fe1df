//! Early warning against published sums, brute force and laws.

use proptest::prelude::*;

use super::*;
use crate::data::{Batch, Column, Field, Kind, Schema, Value};
use crate::error::ErrorCode;
use crate::features::FeaturePlan;
use crate::tier::OnMissing;

fn golden(id: &str) -> serde_json::Value {
    let file: serde_json::Value = serde_json::from_str(include_str!("../../../../tests/golden/tiering.json")).unwrap();
    file["cases"].as_array().unwrap().iter().find(|case| case["id"] == id).unwrap().clone()
}

#[test]
fn published_sums() {
    for id in ["cusum_nist", "cusum_montgomery"] {
        let case = golden(id);
        let input = |name: &str| case["inputs"][name].as_f64().unwrap();
        let sigma = input("sigma");
        let cusum = Cusum { mean: input("target"), sigma, slack: input("k"), threshold: input("h") };
        let values: Vec<f64> = serde_json::from_value(case["inputs"]["values"].clone()).unwrap();
        let run = cusum.run(&values).unwrap();
        assert_eq!(run.first_alarm.unwrap() as u64 + 1, case["expected"]["first_alarm"].as_u64().unwrap(), "{id}");
        for (at, sum) in run.sums.iter().enumerate() {
            let want = if id == "cusum_nist" {
                case["expected"]["upper_in_units"][(at + 1).to_string()].as_f64()
            } else {
                case["expected"]["upper"][at].as_f64()
            };
            assert!(want.is_none_or(|want| (sum * sigma - want).abs() < 6e-3), "{id} {at} {sum} {want:?}");
        }
    }
}

#[test]
fn missing_values_leave_the_sum_as_it_is() {
    let cusum = Cusum { mean: 0.0, sigma: 1.0, slack: 0.5, threshold: 4.0 };
    let whole = cusum.run(&[2.0, 3.0, 1.0]).unwrap();
    let gaps = cusum.run(&[f64::NAN, 2.0, f64::NAN, 3.0, f64::INFINITY, 1.0]).unwrap();
    assert_eq!(gaps.sums, [0.0, 1.5, 1.5, 4.0, 4.0, 4.5]);
    assert_eq!((whole.sums.last(), gaps.first_alarm), (gaps.sums.last(), Some(5)));
    let bad = Cusum { mean: f64::NAN, sigma: 0.0, slack: -1.0, threshold: f64::INFINITY };
    assert_eq!(bad.run(&[]).unwrap_err().problems().len(), 4);
}

#[test]
fn series_that_are_short_or_have_gaps() {
    assert_eq!((level(&[]), level(&[f64::NAN]), level(&[1.0, f64::INFINITY])), (None, None, None));
    assert_eq!((change(&[1.0], 1), change(&[1.0], 0), relative_change(&[0.0, 1.0], 1)), (None, Some(0.0), None));
    assert_eq!(relative_change(&[-2.0, -1.0], 1), Some(0.5));
    assert_eq!(change(&[-f64::MAX, f64::MAX], 1), None);
    let values = [1.0, 2.0, 3.0, 9.0, 9.0, 9.0, f64::NAN, 5.0];
    let groups = [Some("a"), Some("a"), Some("a"), Some("b"), Some("b"), Some("b"), Some("a"), None];
    let found = peer_scores(&values, &groups, 3).unwrap();
    assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, true, false, false, false, false, false]);
    assert_eq!((found[0].map(|z| -z), found[1]), (found[2], Some(0.0)));
    assert!(peer_scores(&values, &groups, 4).unwrap().iter().all(Option::is_none));
    assert!(peer_scores(&values, &[], 3).is_err());
}

fn indicator(code: &str, severity: u8, on_missing: OnMissing) -> Indicator {
    Indicator { code: code.into(), when: "x > 0".into(), severity, reason: "r".into(), on_missing }
}

fn response(code: &str) -> WarningResponse {
    WarningResponse { code: code.into(), review_days: 7, reason: "r".into() }
}

#[test]
fn every_problem_is_listed_and_files_round_trip() {
    let bad = WarningPolicy {
        indicators: vec![indicator("I", 0, OnMissing::Hit), indicator("I", 101, OnMissing::Hit)],
        levels: vec![0, 5, 5],
        responses: vec![WarningResponse { code: " ".into(), review_days: 0, reason: String::new() }],
    };
    // severity twice, the second code; levels; number of responses; code, reason and days of the response
    assert_eq!(bad.validate().unwrap_err().problems().len(), 3 + 1 + 1 + 3);
    let none = WarningPolicy { indicators: vec![], levels: vec![], responses: vec![] };
    assert_eq!(none.validate().unwrap_err().problems().len(), 2);
    let good = WarningPolicy {
        indicators: vec![indicator("I", 5, OnMissing::Refer)],
        levels: vec![5],
        responses: vec![response("watch")],
    };
    let text = serde_json::to_string(&good).unwrap();
    assert_eq!(serde_json::from_str::<WarningPolicy>(&text).unwrap(), good);
    assert!(serde_json::from_str::<WarningPolicy>(&text.replace("\"severity\"", "\"points\"")).is_err());
    let plan = FeaturePlan::new(&Schema { fields: vec![Field::new("y", Kind::Number)] }, &[]).unwrap();
    assert_eq!(WarningRules::new(&plan, &good, &[]).unwrap_err().code(), ErrorCode::InvalidConfig);
}

#[test]
fn a_missing_condition_does_what_the_indicator_declares() {
    let policy = WarningPolicy {
        indicators: vec![
            indicator("A", 10, OnMissing::Hit),
            indicator("B", 20, OnMissing::NoHit),
            indicator("C", 40, OnMissing::Refer),
        ],
        levels: vec![10, 70],
        responses: vec![response("one"), response("two")],
    };
    let table = policy.resolve().unwrap();
    let unknown = table.level(|_| None);
    assert_eq!((unknown.level, unknown.severity, unknown.refer, unknown.hits.missing), (1, 10, true, 0b111));
    let all = table.level(|_| Some(true));
    assert_eq!((all.level, all.severity, all.refer), (2, 70, false));
    assert_eq!((policy.response(0), policy.response(2).unwrap().code.as_str(), policy.response(3)), (None, "two", None));
}

/// Every sample loads, and each of its signals hits, does not hit and cannot tell where it should.
#[test]
fn the_sample_signals_work() {
    assert!(SignalPack::load("corporat").unwrap_err().to_string().contains("did you mean 'corporate'?"));
    for name in SignalPack::names() {
        let pack = SignalPack::load(name).unwrap();
        assert_eq!((pack.name.as_str(), pack.cases.len()), (name, pack.policy.indicators.len()));
        assert_eq!(pack.sources.len(), pack.cases.len());
        let schema = pack.schema();
        let plan = FeaturePlan::new(&schema, &[]).unwrap();
        let rules = WarningRules::new(&plan, &pack.policy, &[]).unwrap();
        assert!(schema.fields.iter().all(|field| field.description.is_some()));
        for (at, (case, indicator)) in pack.cases.iter().zip(&pack.policy.indicators).enumerate() {
            assert_eq!(case.code, indicator.code);
            let sources = &pack.sources[&indicator.code];
            assert!(!sources.is_empty() && sources.iter().all(|one| !one.text.is_empty() && !one.clause.is_empty()));
            for (kind, cells, told) in
                [("hit", &case.hit, Some(true)), ("no_hit", &case.no_hit, Some(false)), ("missing", &case.missing, None)]
            {
                assert!(cells.keys().all(|name| schema.index(name).is_some()), "{name} {} {kind}", case.code);
                let cell = |field: &Field| match cells.get(&field.name) {
                    Some(serde_json::Value::Bool(flag)) => Value::Flag(*flag),
                    Some(number) => Value::Number(number.as_f64().unwrap()),
                    None => Value::Missing,
                };
                let record: Vec<Value<'_>> = schema.fields.iter().map(cell).collect();
                let found = rules.evaluate(&record).unwrap().hits;
                let (hit, missing) = (found.hits >> at & 1 == 1, found.missing >> at & 1 == 1);
                assert_eq!((hit, missing), (told == Some(true), told.is_none()), "{name} {} {kind}", case.code);
            }
        }
        // A field that no signal reads would say nothing.
        let read = |field: &Field| pack.policy.indicators.iter().any(|one| one.when.contains(&field.name));
        assert!(schema.fields.iter().all(read));
        let nothing_known = rules.evaluate(&[][..]).unwrap();
        assert!(nothing_known.level == 0 && nothing_known.refer);
        let missing = |field: &Field| match field.kind {
            Kind::Flag => Column::Flag(vec![None; 2]),
            _ => Column::numbers(vec![f64::NAN; 2]),
        };
        let batch = schema.fields.iter().try_fold(Batch::new(2), |batch, field| batch.with(&field.name, missing(field)));
        assert_eq!(rules.evaluate_batch(&batch.unwrap()).unwrap(), [nothing_known; 2]);
        assert!(rules.evaluate_batch(&Batch::new(2)).is_err());
    }
}

/// (entity, period, severity) and the events of the entities.
type History = (Vec<(usize, u32, f64)>, Vec<Option<u32>>);

const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

fn history() -> impl Strategy<Value = History> {
    let severity = prop_oneof![4 => (0u32..6).prop_map(f64::from), 1 => Just(f64::NAN)];
    let cells = prop::collection::vec(prop::option::weighted(0.9, severity), 8 * 6);
    (cells, prop::collection::vec(prop::option::of(0u32..8), 8)).prop_map(|(cells, events)| {
        let cells = cells.into_iter().enumerate();
        (cells.filter_map(|(at, cell)| Some((at % 8, (at / 8) as u32, cell?))).collect(), events)
    })
}

fn records((cells, events): &History) -> Vec<WarningRecord<'static>> {
    let record = |&(entity, period, severity): &(usize, u32, f64)| WarningRecord {
        entity: NAMES[entity],
        period,
        severity,
        event: events[entity],
    };
    cells.iter().map(record).collect()
}

fn rules() -> impl Strategy<Value = TuneRule> {
    prop_oneof![
        (1.0..700.0f64).prop_map(|per_1000| TuneRule::Capacity { per_1000 }),
        (1u32..9).prop_map(|per_period| TuneRule::Alerts { per_period }),
        (0.1..9.0f64, 0.1..9.0f64).prop_map(|(missed, false_alarm)| TuneRule::Cost { missed, false_alarm }),
    ]
}

proptest! {
    /// No figure of a period changes when severities after it change, and neither threshold nor alerts when events from it on do.
    #[test]
    fn nothing_of_a_period_rests_on_what_comes_after(
        history in history(), other in history(), rule in rules(), horizon in 1u32..3, period in 1u32..6,
    ) {
        let config = TuneConfig { rule, horizon, observed_until: 7 };
        let find = |history: &History| -> Option<PeriodAlerts> {
            config.tune(&records(history)).ok()?.tuned.periods.into_iter().find(|one| one.period == period)
        };
        let before = find(&history);
        let mut later = history.clone();
        later.0.retain(|cell| cell.1 <= period);
        later.0.extend(other.0.iter().filter(|cell| cell.1 > period));
        prop_assert_eq!(&find(&later), &before);
        // Events of the period itself decide who is at risk in it; only later ones may differ.
        let mut events = history.clone();
        for (event, new) in events.1.iter_mut().zip(&other.1) {
            if event.is_none_or(|event| event > period) {
                *event = new.filter(|new| *new > period);
            }
        }
        let strip = |found: Option<PeriodAlerts>| found.map(|one| (one.threshold, one.rows, one.alerts, one.held));
        prop_assert_eq!(strip(find(&events)), strip(before));
    }

    /// Against every threshold there is.
    #[test]
    fn thresholds_are_the_best_of_all(history in history(), rule in rules(), horizon in 1u32..3, period in 1u32..7) {
        let config = TuneConfig { rule, horizon, observed_until: 7 };
        let all = records(&history);
        let latest = all.iter().map(|one| one.period).filter(|one| *one < period).max();
        let usable = |one: &&WarningRecord<'_>| {
            let known = match rule {
                TuneRule::Capacity { .. } | TuneRule::Alerts { .. } => Some(one.period) == latest,
                TuneRule::Cost { .. } => one.period + horizon < period,
            };
            one.period < period && known && one.event.is_none_or(|event| one.period < event)
        };
        let past: Vec<&WarningRecord<'_>> = all.iter().filter(usable).collect();
        let figures = |threshold: f64| {
            let alerts = past.iter().filter(|one| one.severity >= threshold).count() as f64;
            let event = |one: &&&WarningRecord<'_>| one.event.is_some_and(|event| event <= one.period + horizon);
            let caught = past.iter().filter(|one| one.severity >= threshold).filter(event).count() as f64;
            // A missing severity can never alert, so its event is never caught by any threshold.
            let events = past.iter().filter(|one| !one.severity.is_nan()).filter(event).count() as f64;
            (alerts, caught, events)
        };
        let Ok(report) = config.tune(&all) else { return Ok(()) };
        let found = if period == 6 { Some(report.next) } else {
            report.tuned.periods.iter().find(|one| one.period == period).map(|one| one.threshold)
        };
        let Some(found) = found.filter(|_| all.iter().any(|one| one.period == 5)) else { return Ok(()) };
        let candidates = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
        match rule {
            TuneRule::Capacity { .. } | TuneRule::Alerts { .. } => {
                let most = match rule {
                    TuneRule::Alerts { per_period } => f64::from(per_period),
                    TuneRule::Capacity { per_1000 } => per_1000 * past.len() as f64 / 1_000.0,
                    TuneRule::Cost { .. } => f64::NAN,
                };
                let fits = |threshold: &&f64| figures(**threshold).0 <= most;
                let lowest = candidates.iter().find(fits);
                let alerts = |threshold: Option<f64>| threshold.map_or(0.0, |threshold| figures(threshold).0);
                prop_assert_eq!(alerts(found), alerts(lowest.copied()));
            }
            TuneRule::Cost { missed, false_alarm } => {
                let cost = |threshold: f64| {
                    let (alerts, caught, events) = figures(threshold);
                    missed * (events - caught) + false_alarm * (alerts - caught)
                };
                let least = candidates.iter().map(|one| cost(*one)).fold(cost(9.0), f64::min);
                prop_assert!((cost(found.unwrap_or(9.0)) - least).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn a_further_hit_never_lowers_the_level(
        severities in prop::collection::vec(1u8..=100, 1..20), hits in any::<u64>(), at in any::<prop::sample::Index>(),
    ) {
        let indicators = severities.iter().enumerate().map(|(i, one)| indicator(&format!("I{i}"), *one, OnMissing::NoHit));
        let policy = WarningPolicy {
            indicators: indicators.collect(),
            levels: vec![40, 90, 200],
            responses: vec![response("a"), response("b"), response("c")],
        };
        let table = policy.resolve().unwrap();
        let some = table.level(|i| Some(hits >> i & 1 == 1));
        let more = table.level(|i| Some(hits >> i & 1 == 1 || i == at.index(severities.len())));
        prop_assert!(more.level >= some.level && more.severity >= some.severity);
        let sum: u32 = severities.iter().enumerate().filter(|(i, _)| hits >> i & 1 == 1).map(|(_, one)| u32::from(*one)).sum();
        prop_assert_eq!(some.severity, sum);
        prop_assert_eq!(usize::from(some.level), policy.levels.iter().filter(|least| **least <= sum).count());
    }
}

#[test]
fn the_tuned_run_beside_a_single_threshold() {
    // 100 entities whose severities drift upwards by 10 a period: the single threshold drowns in alerts.
    let names: Vec<String> = (0..100).map(|entity| format!("e{entity}")).collect();
    let mut all = Vec::new();
    for period in 0..5u32 {
        for (entity, name) in names.iter().enumerate() {
            let event = (entity >= 98).then_some(5);
            all.push(WarningRecord { entity: name, period, severity: (entity + 10 * period as usize) as f64, event });
        }
    }
    let config = TuneConfig { rule: TuneRule::Capacity { per_1000: 50.0 }, horizon: 1, observed_until: 5 };
    let report = config.tune(&all).unwrap();
    assert_eq!((report.tuned.periods.len(), report.tuned.periods[0].threshold), (4, Some(95.0)));
    assert!(report.tuned.alerts < report.single.alerts);
    let last = report.single.periods.last().unwrap();
    assert_eq!((last.alerts, last.held, last.events, last.caught), (45, Some(false), Some(2), Some(2)));
    assert_eq!((report.tuned.lead.entities, report.tuned.lead.warned, report.tuned.lead.median), (2, 2, Some(4.0)));
    assert!(report.tuned.precision.unwrap().low > 0.0 && report.tuned.recall.unwrap().share <= 1.0);
    // As many alerts a period in a book of 100: the same run.
    let number = TuneConfig { rule: TuneRule::Alerts { per_period: 5 }, ..config };
    assert_eq!(number.tune(&all).unwrap(), report);
    let none = TuneConfig { rule: TuneRule::Alerts { per_period: 0 }, ..config };
    assert_eq!(none.validate().unwrap_err().problems()[0].field.as_deref(), Some("tune.rule.per_period"));
    // Without later periods the horizon has not ended: alerts are counted, hits are not.
    let early = TuneConfig { observed_until: 4, ..config }.tune(&all).unwrap();
    let last = early.tuned.periods.last().unwrap();
    assert!(last.alerts > 0 && last.events.is_none() && last.precision.is_none());
}

#[test]
fn records_that_contradict_each_other_are_refused() {
    let one = |entity: &'static str, period: u32, event: Option<u32>| WarningRecord { entity, period, severity: 1.0, event };
    let config = TuneConfig { rule: TuneRule::Cost { missed: 10.0, false_alarm: 1.0 }, horizon: 1, observed_until: 9 };
    let row = |records: &[WarningRecord<'_>]| config.tune(records).unwrap_err().problems()[0].row;
    assert_eq!(row(&[one("a", 0, None), one("b", 0, None), one("a", 0, None)]), Some(2));
    assert_eq!(row(&[one("a", 0, None), one("a", 1, Some(3))]), Some(1));
    let error = config.tune(&[one("a", 0, None), one("a", 1, None)]).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InsufficientData);
    let bad = TuneConfig { rule: TuneRule::Cost { missed: 0.0, false_alarm: f64::NAN }, horizon: 0, observed_until: 9 };
    assert_eq!(bad.validate().unwrap_err().problems().len(), 3);
    assert!(serde_json::from_str::<TuneRule>(r#"{"type":"capacity","per_1000":5,"missed":1}"#).is_err());
}
