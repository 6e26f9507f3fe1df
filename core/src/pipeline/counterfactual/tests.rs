//! Alternatives against brute force over whole grids of records.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::Pipeline;
use crate::decision::{DecisionPolicy, PolicyRule};
use crate::pipeline::samples::{JOBS, applications, derived, direct};
use crate::tier::{OnMissing, TierPolicy};

type Record = [Value<'static>; 5];

/// Fields of the sample by index.
const NAMES: [&str; 5] = ["age", "income", "debt", "enquiries", "job"];

/// Every value of each field that the data know.
fn grid(field: usize) -> Vec<Value<'static>> {
    let numbers = |from: i32, to: i32| (from..to).map(|x| Value::Number(f64::from(x))).collect();
    match field {
        0 => numbers(18, 68),
        1 => numbers(5, 60),
        2 => numbers(0, 60),
        3 => numbers(0, 7),
        _ => JOBS[..4].iter().map(|job| Value::Category(job)).collect(),
    }
}

fn permits(change: &AllowedChange, from: Value<'_>, to: Value<'_>) -> bool {
    let (from, to) = (from.as_number(), to.as_number());
    to.is_nan()
        || (change.min.is_none_or(|min| to >= min)
            && change.max.is_none_or(|max| to <= max)
            && match change.direction {
                Some(Move::Increase) => to > from,
                Some(Move::Decrease) => to < from,
                None => true,
            })
}

/// The cheapest way by set of changed fields: every record of the grid is decided, and of those that reach the target the
/// ones count from which no change can be left out.
fn brute_force(
    scorer: &Scorer,
    pipeline: &Pipeline,
    record: &Record,
    config: &CounterfactualConfig,
) -> BTreeMap<Vec<usize>, f64> {
    let fields: Vec<usize> = config.allowed.iter().map(|change| scorer.field(&change.field).unwrap()).collect();
    let reached = |record: &Record| config.target.reached(&scorer.decide(&record[..], None).unwrap());
    // Codes by variable and field of the grid: a field enters one variable of its name.
    let code = |field: usize, value: Value<'_>| {
        let at = pipeline.bins.iter().position(|bins| bins.feature == NAMES[field]);
        at.map_or(0.0, |at| f64::from(scorer.card().lookups[at].code(value).0))
    };
    let mut best: BTreeMap<Vec<usize>, f64> = BTreeMap::new();
    let choices: Vec<Vec<Option<Value<'static>>>> = (fields.iter().zip(&config.allowed))
        .map(|(&field, change)| {
            let usable = scorer.schema().fields[field].plain(record[field]) != Value::Missing;
            let values =
                grid(field).into_iter().filter(|&to| usable && to != record[field] && permits(change, record[field], to));
            [None].into_iter().chain(values.map(Some)).collect()
        })
        .collect();
    let combinations: usize = choices.iter().map(Vec::len).product();
    for mut at in 0..combinations {
        let (mut changed, mut set, mut cost) = (*record, Vec::new(), 0.0);
        for (place, (options, &field)) in choices.iter().zip(&fields).enumerate() {
            if let Some(value) = options[at % options.len()] {
                let steps = if field == 4 { 1.0 } else { (code(field, value) - code(field, record[field])).abs() };
                changed[field] = value;
                set.push(place);
                cost += steps * config.allowed[place].cost;
            }
            at /= options.len();
        }
        if set.is_empty() || set.len() > config.max_changes || !reached(&changed) {
            continue;
        }
        let without = |part: usize| {
            let mut less = changed;
            for (_, &place) in set.iter().enumerate().filter(|(bit, _)| part >> bit & 1 == 0) {
                less[fields[place]] = record[fields[place]];
            }
            less
        };
        if (1..(1usize << set.len()) - 1).any(|part| reached(&without(part))) {
            continue;
        }
        let known = best.entry(set).or_insert(f64::INFINITY);
        *known = known.min(cost);
    }
    best
}

/// Fewest changes first, then the cheapest; whole levels of changes until there are enough.
fn ranked(best: &BTreeMap<Vec<usize>, f64>, alternatives: usize) -> Vec<(usize, f64)> {
    let mut ranked: Vec<(usize, f64)> = best.iter().map(|(set, cost)| (set.len(), *cost)).collect();
    ranked.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    ranked.truncate(alternatives);
    ranked
}

/// The record with the changes of an alternative.
fn changed<'a>(scorer: &Scorer, record: &Record, alternative: &'a Counterfactual) -> Vec<Value<'a>> {
    let mut row: Vec<Value<'a>> = record.to_vec();
    for change in &alternative.changes {
        row[scorer.field(&change.field).unwrap()] = change.to.value();
    }
    row
}

fn allowed(names: &[&str]) -> Vec<AllowedChange> {
    names.iter().map(|name| AllowedChange::new(*name)).collect()
}

fn allowance(name: &'static str) -> impl Strategy<Value = AllowedChange> {
    let direction = prop_oneof![Just(None), Just(Some(Move::Increase)), Just(Some(Move::Decrease))];
    (direction, prop::option::of(0..30i32), prop::option::of(20..60i32), 1..4u8).prop_map(move |(direction, min, max, cost)| {
        let change = AllowedChange { cost: f64::from(cost), ..AllowedChange::new(name) };
        let (min, max) = (min.map(f64::from), max.map(f64::from));
        let bounds = min.zip(max).is_none_or(|(min, max)| min <= max);
        if name == "job" || !bounds { change } else { AllowedChange { direction, min, max, ..change } }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Fields that enter directly: the sets of fields and their costs are those of brute force, best first.
    #[test]
    fn alternatives_are_those_of_brute_force(
        row in 0..super::super::samples::ROWS,
        changes in (allowance("income"), allowance("enquiries"), allowance("job")),
        points in 1.0..60.0f64,
        alternatives in 1..8usize,
    ) {
        let pipeline = FIXTURE.with(|fixture| fixture.clone());
        let scorer = Scorer::new(&pipeline).unwrap();
        let record = applications().row(row);
        let score = scorer.decide(&record[..], None).unwrap().score;
        let target = Target::Score { at_least: score + points };
        let config = CounterfactualConfig { alternatives, ..CounterfactualConfig::new(target, vec![changes.0, changes.1, changes.2]) };
        let found = scorer.counterfactuals(&record[..], None, &config).unwrap();
        prop_assert!(found.complete && !found.reached);
        let expected = ranked(&brute_force(&scorer, &pipeline, &record, &config), alternatives);
        let answered: Vec<(usize, f64)> = found.alternatives.iter().map(|found| (found.changes.len(), found.cost)).collect();
        prop_assert_eq!(answered, expected);
        for alternative in &found.alternatives {
            let again = scorer.decide(&changed(&scorer, &record, alternative), None).unwrap();
            prop_assert_eq!(&alternative.answer, &scorer.answer(&again));
            for change in &alternative.changes {
                let field = scorer.field(&change.field).unwrap();
                let rule = config.allowed.iter().find(|allowed| allowed.field == change.field).unwrap();
                prop_assert!(permits(rule, record[field], change.to.value()));
                prop_assert_eq!(change.from.value(), record[field]);
            }
        }
        prop_assert_eq!(&found, &scorer.counterfactuals(&record[..], None, &config).unwrap());
    }
}

thread_local! {
    static FIXTURE: Pipeline = direct(|_| {});
}

/// Tiers, outcomes and a rule on a field that the card has too.
fn with_policies() -> Pipeline {
    derived(|config| {
        config.tier = Some(TierPolicy::from_cuts([0.1, 0.2, 0.35]));
        config.decision = Some(DecisionPolicy {
            by_tier: [Outcome::Approve, Outcome::Approve, Outcome::Refer, Outcome::Decline].into(),
            rules: vec![PolicyRule {
                code: "P1".into(),
                when: "debt > 33 AND age < 40".into(),
                outcome: Outcome::Decline,
                on_missing: OnMissing::Refer,
                reason: "Much debt".into(),
            }],
        });
    })
}

/// Features of one field and of two, tiers and rules: what one change can do, it is found to do, and the rest is true.
#[test]
fn derived_features_and_rules_are_searched() {
    let pipeline = with_policies();
    let scorer = Scorer::new(&pipeline).unwrap();
    let mut seen = 0;
    for row in (0..150).map(|i| 19 * i) {
        let record = applications().row(row);
        for target in [Target::Outcome { at_least: Outcome::Approve }, Target::Tier { at_least: RiskTier::B }] {
            let config = CounterfactualConfig {
                max_changes: 2,
                alternatives: 20,
                ..CounterfactualConfig::new(target, allowed(&["age", "income", "debt"]))
            };
            let found = scorer.counterfactuals(&record[..], None, &config).unwrap();
            assert!(found.complete);
            if found.reached {
                continue;
            }
            let alone: Vec<usize> = (0..3)
                .filter(|&field| scorer.schema().fields[field].plain(record[field]) != Value::Missing)
                .filter(|&field| {
                    let before = scorer.scored(&record[..]).unwrap().codes;
                    grid(field).into_iter().any(|value| {
                        let mut changed = record;
                        changed[field] = value;
                        let codes = scorer.scored(&changed[..]).unwrap().codes;
                        let lost = codes
                            .iter()
                            .zip(&before)
                            .zip(&pipeline.bins)
                            .any(|((after, before), bins)| after != before && usize::from(after.0) >= bins.ordinary());
                        !lost && config.target.reached(&scorer.decide(&changed[..], None).unwrap())
                    })
                })
                .collect();
            let single = |found: &Counterfactuals| -> Vec<usize> {
                let single = found.alternatives.iter().filter(|found| found.changes.len() == 1);
                let mut fields: Vec<usize> = single.map(|found| scorer.field(&found.changes[0].field).unwrap()).collect();
                fields.sort_unstable();
                fields
            };
            // The grid ends where the data end; the search may go further.
            let singles = single(&found);
            assert!(alone.iter().all(|field| singles.contains(field)), "row {row}: {alone:?} {:?}", found.alternatives);
            for alternative in &found.alternatives {
                let row = changed(&scorer, &record, alternative);
                let decision = scorer.decide(&row, None).unwrap();
                assert!(config.target.reached(&decision));
                assert_eq!(alternative.answer, scorer.answer(&decision));
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn values_have_the_decimals_of_the_present_one() {
    let scorer = Scorer::new(&with_policies()).unwrap();
    for row in 0..100 {
        let record = applications().row(row);
        let config = CounterfactualConfig::new(Target::Pd { at_most: 0.08 }, allowed(&["age", "income", "debt"]));
        for change in scorer.counterfactuals(&record[..], None, &config).unwrap().alternatives.iter().flat_map(|a| &a.changes) {
            let ProposedValue::Number(x) = change.to else { panic!("a number was expected") };
            // Beyond the data, a burden may need a debt below 1 or the like.
            assert!(x.fract() == 0.0 || x.abs() < 5.0, "{change:?}");
        }
    }
}

#[test]
fn days_and_flags_change_too() {
    let fields = vec![Field::new("since", Kind::Date), Field::new("owner", Kind::Flag)];
    let rows = 400;
    let since: Vec<i32> = (0..rows).map(|i| 20_000 - 13 * (i % 100)).collect();
    let owner: Vec<bool> = (0..rows).map(|i| i % 7 < 4).collect();
    let bad: Vec<f64> = (0..rows).map(|i| f64::from(u8::from(i % 100 < 45 && (i % 3 != 0 || i % 7 >= 4)))).collect();
    let days = crate::Column::Date { values: since.into(), validity: None };
    let batch = crate::Batch::new(rows as usize).with("since", days).unwrap();
    let batch = batch.with("owner", crate::Column::Flag(owner.into_iter().map(Some).collect())).unwrap();
    let batch = batch.with("bad", crate::Column::numbers(bad)).unwrap();
    let mut settings = crate::PipelineConfig::new(crate::Schema { fields }, "bad");
    settings.model.min_iv = 0.0;
    let pipeline = crate::fit(&[batch], settings, crate::Threads::One).unwrap();
    let scorer = Scorer::new(&pipeline).unwrap();
    let record = [Value::Date(Date::from_days(20_000)), Value::Flag(false)];
    let score = scorer.decide(&record[..], None).unwrap().score;
    let config = CounterfactualConfig::new(Target::Score { at_least: score + 0.5 }, allowed(&["since", "owner"]));
    let found = scorer.counterfactuals(&record[..], None, &config).unwrap();
    let values: Vec<&ProposedValue> = found.alternatives.iter().map(|found| &found.changes[0].to).collect();
    assert!(values.contains(&&ProposedValue::Flag(true)), "{values:?}");
    let bins = pipeline.bins.iter().find(|bins| bins.feature == "since").unwrap();
    let crate::binning::Split::Numeric { cuts } = &bins.split else { panic!() };
    let last = cuts.last().unwrap().ceil() as i32 - 1;
    assert!(values.contains(&&ProposedValue::Date(Date::from_days(last))), "{values:?}");
}

#[test]
fn every_problem_of_the_settings_is_listed() {
    let pipeline = direct(|config| {
        config.schema.fields[0].sensitivity = Sensitivity::Protected { basis: "age".into() };
    });
    let scorer = Scorer::new(&pipeline).unwrap();
    let wrong = [
        AllowedChange { cost: 0.0, ..AllowedChange::new("income") },
        AllowedChange { min: Some(2.0), max: Some(1.0), ..AllowedChange::new("debt") },
        AllowedChange { direction: Some(Move::Increase), ..AllowedChange::new("job") },
        AllowedChange { levels: Some(vec![]), ..AllowedChange::new("enquiries") },
        AllowedChange::new("enquiries"),
        AllowedChange::new("age"),
        AllowedChange::new("nothing"),
    ];
    let config = CounterfactualConfig {
        max_changes: 6,
        alternatives: 0,
        ..CounterfactualConfig::new(Target::Tier { at_least: RiskTier::A }, wrong.to_vec())
    };
    let record = applications().row(0);
    assert_eq!(scorer.counterfactuals(&record[..], None, &config).unwrap_err().problems().len(), 10);
    for target in [
        Target::Pd { at_most: f64::NAN },
        Target::Score { at_least: f64::INFINITY },
        Target::Outcome { at_least: Outcome::Approve },
    ] {
        assert!(CounterfactualConfig::new(target, allowed(&["income"])).validate(&scorer).is_err());
    }
    let reached = CounterfactualConfig::new(Target::Score { at_least: -1e6 }, allowed(&["income"]));
    assert!(scorer.counterfactuals(&record[..], None, &reached).unwrap().reached);
    let text = r#"{"target": {"type": "pd", "at_most": 0.05}, "allowed": [{"field": "income", "direction": "increase"}]}"#;
    let read: CounterfactualConfig = serde_json::from_str(text).unwrap();
    assert_eq!((read.max_changes, read.alternatives, read.allowed[0].cost), (3, 3, 1.0));
}
