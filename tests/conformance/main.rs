//! The conformance vectors: up to date, answered by this build, one by one and as a batch, and telling
//! enough.
#![allow(clippy::unwrap_used, clippy::panic)]

mod cases;

use std::collections::BTreeSet;

use scoreline::{Artefact, Threads};
use scoreline_tests::{Expected, Frame, Vectors, as_error, as_line, cells, path, text};

#[test]
fn the_files_are_what_the_generator_writes() {
    for (name, model, as_of) in cases::FILES {
        let vectors = cases::vectors(name, &model, as_of);
        let scorer = model.load().scorer().unwrap();
        for (extension, expected) in [("json", vectors.to_json()), ("tsv", vectors.to_tsv(scorer.schema()))] {
            let file = format!("tests/conformance/{name}.{extension}");
            assert!(
                text(&file) == expected,
                "{file} is out of date: run cargo run --profile quick -p scoreline-tests --example generate -- vectors"
            );
        }
    }
}

#[test]
fn every_case_is_answered_one_by_one() {
    for (name, ..) in cases::FILES {
        let vectors = Vectors::read(name);
        let scorer = Artefact::load(path(&vectors.artefact)).unwrap().scorer().unwrap();
        for case in &vectors.cases {
            let found = match as_line(&scorer, &case.record, vectors.day()) {
                Ok(line) => Expected::Line(line),
                Err(error) => as_error(&error),
            };
            assert_eq!(found, case.expected, "{name}, {}", case.name);
        }
    }
}

#[test]
fn every_case_is_answered_in_a_batch() {
    for (name, ..) in cases::FILES {
        let vectors = Vectors::read(name);
        let scorer = Artefact::load(path(&vectors.artefact)).unwrap().scorer().unwrap();
        let (lines, rows): (Vec<_>, Vec<_>) = vectors
            .cases
            .iter()
            .filter_map(|case| {
                if let Expected::Line(line) = &case.expected {
                    Some((line.clone(), cells(&scorer, &case.record).unwrap()))
                } else {
                    None
                }
            })
            .unzip();
        let frame = Frame::new(scorer.schema(), &rows);
        for frame in [frame.clone(), frame.encoded()] {
            let decisions = scorer.decide_batch(&frame.batch(), vectors.day(), Threads::One).unwrap();
            let found: Vec<String> = decisions.iter().map(|decision| scorer.answer(&decision.unwrap()).canonical()).collect();
            assert_eq!(found, lines, "{name}");
        }
    }
}

/// A vector that shows nothing proves nothing: every tier, outcome, bound and cause occurs.
#[test]
fn the_cases_show_every_part_of_a_decision() {
    let mut shown = BTreeSet::new();
    let mut refused = BTreeSet::new();
    for (name, ..) in cases::FILES {
        let vectors = Vectors::read(name);
        let scorer = Artefact::load(path(&vectors.artefact)).unwrap().scorer().unwrap();
        for case in &vectors.cases {
            match &case.expected {
                Expected::Line(line) => shown.extend(cases::traits(line)),
                Expected::Error(code, kind, field) => drop(refused.insert((*code, kind.clone(), field.clone()))),
            }
        }
        let candidates: Vec<String> = scorer.limit_names().map(|candidate| format!("limit by {candidate}")).collect();
        let causes = scorer.reasons().iter().map(|reason| format!("reason {}", reason.code));
        // The product cap equals the cap of tier A, which is listed first.
        let never = |what: &String| name == "synthetic_2018" || what == "limit by product_cap";
        let missing: Vec<String> = causes.chain(candidates).filter(|what| !never(what) && !shown.contains(what)).collect();
        assert!(missing.is_empty(), "{name} never shows {missing:?}");
        let names: BTreeSet<&str> = vectors.cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names.len(), vectors.cases.len(), "two cases of {name} have one name");
    }
    for tier in ["A", "B", "C", "D"] {
        assert!(shown.iter().any(|what| what.starts_with(&format!("tier {tier} and"))), "{tier}");
    }
    for what in [
        "and approve",
        "and refer",
        "and decline",
        "rate by hurdle",
        "rate by floor",
        "rate by cap",
        "no legal price true",
        "limit of nothing true",
    ] {
        assert!(shown.iter().any(|shown| shown.ends_with(what)), "{what}: {shown:#?}");
    }
    for class in ["A", "B", "C", "-"] {
        assert!(shown.iter().any(|what| what.starts_with(&format!("class {class} in"))), "{class}");
    }
    for field in ["durration", "amount", "job", "opened", "homeowner", "sales"] {
        assert!(refused.contains(&(2, "invalid_data".to_owned(), field.to_owned())), "{field}");
    }
}
