//! Files with a right hash and wrong content: whatever stands in any place, reading ends with a pipeline that
//! can decide or with an error.

use std::panic::{AssertUnwindSafe, catch_unwind};

use scoreline::Artefact;
use scoreline_tests::random::Random;
use scoreline_tests::{CORPORATE, Frame, GERMAN, SYNTHETIC, text};
use serde_json::{Value as Json, json};

use crate::canonical::sealed;
use crate::records::today;

/// Every place of a file, as JSON pointers.
fn places(json: &Json, at: &str, found: &mut Vec<String>) {
    match json {
        Json::Array(items) => items.iter().enumerate().for_each(|(i, item)| places(item, &format!("{at}/{i}"), found)),
        Json::Object(members) => members.iter().for_each(|(name, member)| places(member, &format!("{at}/{name}"), found)),
        _ => {}
    }
    found.push(at.to_owned());
}

/// What stands in a place instead: of the same form where it can be, so that it passes the first look.
fn instead(old: &Json, random: &mut Random) -> Json {
    let anything = [
        json!(null),
        json!([]),
        json!({}),
        json!(""),
        json!(true),
        json!(-1),
        json!(1e308),
        json!("x > 1"),
        json!(4_000_000_000u64),
        json!([1, 2, 3]),
    ];
    if random.chance(200) {
        return random.pick(&anything).clone();
    }
    match old {
        Json::Number(_) => random
            .pick(&[
                json!(0),
                json!(-0.0),
                json!(1),
                json!(-1.0),
                json!(255),
                json!(256),
                json!(1e308),
                json!(-1e308),
                json!(5e-324),
                json!(0.5),
                json!(1e17),
                json!(70),
            ])
            .clone(),
        Json::String(text) => {
            let texts = [
                "",
                "amount",
                "term",
                "utilisation",
                "duration",
                "1970-01-01",
                "9999-12-31",
                "approve",
                "decline",
                "A",
                "D",
                "score",
                "pd",
                "NULL",
                "missing",
                "income / debt",
                "'",
                "\u{0}",
                "fixed",
                "numeric",
                "category",
                "number",
                "date",
                "flag",
            ];
            if random.chance(300) { json!(format!("{text}{text}")) } else { json!(random.pick(&texts)) }
        }
        Json::Array(items) => {
            let mut items = items.clone();
            match (random.below(4), items.len()) {
                (0, 1..) => drop(items.pop()),
                (1, 1..) => items.push(items[0].clone()),
                (2, _) => items.reverse(),
                (3, 1..) => items = items.iter().cycle().take(items.len() * 100).cloned().collect(),
                _ => items.push(json!(0)),
            }
            Json::Array(items)
        }
        Json::Object(members) => {
            let mut members = members.clone();
            if let Some(name) = members.keys().nth(random.below(members.len().max(1) as u64) as usize).cloned() {
                members.remove(&name);
            }
            Json::Object(members)
        }
        _ => random.pick(&anything).clone(),
    }
}

/// Settings within the form of a file that would take a decision beyond the range of a double are refused, so that
/// what `reseal` gives always loads.
#[test]
fn numbers_that_no_decision_could_carry_are_refused() {
    for (edits, field) in [
        (vec![("/pipeline/pricing/capital/share", json!(5e-324))], "pricing.grade_pd"),
        (
            vec![("/pipeline/scorecard/scaling/pdo", json!(1e308)), ("/pipeline/scorecard/scaling/odds", json!(1e308))],
            "scaling.odds",
        ),
        (
            vec![
                ("/pipeline/scorecard/variables/0/points/1", json!(1e308)),
                ("/pipeline/scorecard/variables/1/points/1", json!(1e308)),
            ],
            "utilisation",
        ),
        (vec![("/pipeline/bins/0/bins/0/woe", json!(1e308))], "utilisation"),
        (vec![("/pipeline/model/intercept/value", json!(-1e308))], "model"),
    ] {
        let mut file: Json = serde_json::from_str(&text(SYNTHETIC.artefact)).unwrap();
        for (place, value) in edits {
            *file.pointer_mut(place).unwrap() = value;
        }
        let error = Artefact::reseal(&file.to_string()).unwrap_err();
        assert_eq!(error.code(), scoreline::ErrorCode::InvalidConfig);
        assert!(error.problems().iter().any(|problem| problem.field.as_deref() == Some(field)), "{error}");
    }
}

/// Reads a file and, when that works, decides with it.
fn run(text: &str) -> bool {
    let decide = |artefact: &Artefact| {
        let Ok(scorer) = artefact.scorer() else { return };
        let rows = vec![scorer.record(); 3];
        let _ = scorer.decide(&rows[0], today());
        let _ = scorer.decide_batch(&Frame::new(scorer.schema(), &rows).batch(), today(), scoreline::Threads::One);
    };
    let read = Artefact::from_json(text);
    let resealed = Artefact::reseal(text);
    read.iter().for_each(decide);
    resealed.iter().for_each(|(artefact, _)| {
        decide(artefact);
        let again = artefact.to_json().and_then(|text| Artefact::from_json(&text));
        assert!(again.is_ok_and(|again| again == *artefact), "what `reseal` gives must load");
    });
    resealed.is_ok()
}

fn attack(file: &str, seed: u64, rounds: u64) {
    let mut original: Json = serde_json::from_str(&text(file)).unwrap();
    // A few known answers do: what matters is what they are decided with.
    original["checks"].as_array_mut().unwrap().truncate(4);
    let mut all = Vec::new();
    places(&original["pipeline"], "/pipeline", &mut all);
    places(&original["checks"], "/checks", &mut all);
    // Bins and points are many; the rest must have its turn too.
    let few: Vec<String> = all
        .iter()
        .filter(|place| !place.contains("/bins/") && !place.contains("/points/") && !place.contains("/training/"))
        .cloned()
        .collect();
    let mut random = Random::new(seed);
    let mut usable = 0;
    for round in 0..rounds {
        let mut hostile = original.clone();
        for _ in 0..=random.below(3) {
            let place = random.pick(if round % 2 == 0 { &all } else { &few }).clone();
            if let Some(target) = hostile.pointer_mut(&place) {
                *target = instead(target, &mut random);
            }
        }
        let text = sealed(hostile);
        match catch_unwind(AssertUnwindSafe(|| run(&text))) {
            Ok(ok) => usable += u64::from(ok),
            Err(_) => {
                let place = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("hostile-{seed}-{round}.json"));
                std::fs::write(&place, &text).unwrap();
                panic!("reading {} panics", place.display());
            }
        }
    }
    assert!(usable > rounds / 50 && usable < rounds, "{usable} of {rounds} files were usable");
}

#[test]
fn no_content_makes_the_reader_panic() {
    attack(SYNTHETIC.artefact, 1, 1_500);
    attack(GERMAN.artefact, 2, 500);
    attack(CORPORATE.artefact, 3, 1_000);
}
