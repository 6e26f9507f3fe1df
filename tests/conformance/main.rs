//! The conformance vectors: up to date, answered by this build, one by one and as a batch, and telling
//! enough.
#![allow(clippy::unwrap_used, clippy::panic)]

mod calculations;
mod cases;
mod events;
mod reviews;

use std::collections::BTreeSet;

use scoreline::pipeline::{Accounts, NO_DAY};
use scoreline::{Artefact, Threads};
use scoreline_tests::{
    Cell, EventVectors, Expected, Frame, NIGHTLY, ReviewVectors, Vectors, as_error, as_line, as_review, cells, named, path, text,
};

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

#[test]
fn the_events_are_what_the_generator_writes() {
    let vectors = events::vectors();
    for (extension, expected) in [("json", vectors.to_json()), ("tsv", vectors.to_tsv())] {
        let file = format!("tests/conformance/events/{}.{extension}", events::NAME);
        assert!(
            text(&file) == expected,
            "{file} is out of date: run cargo run --profile quick -p scoreline-tests --example generate -- vectors"
        );
    }
}

/// As one list, and event by event through a state that is written and read back.
#[test]
fn events_give_the_same_in_a_list_and_one_by_one() {
    let vectors = EventVectors::read(events::NAME);
    let scorer = vectors.scorer();
    let plan = scorer.windows().unwrap();
    for case in &vectors.cases {
        let name = &case.name;
        let mut state = case.state(plan);
        for (event, error) in &case.refused {
            let before = state.clone();
            assert_eq!(as_error(&event.add(plan, &mut state).unwrap_err()), *error, "{name}");
            assert_eq!(as_error(&case.of_list(plan, Some(event)).unwrap_err()), *error, "{name}");
            assert_eq!(state, before, "{name}");
        }
        let (list, single) = (case.of_list(plan, None).unwrap(), plan.read(&state, case.day()).unwrap());
        assert_eq!(list.cut, single.cut, "{name}");
        for found in [list, single] {
            // Texts tell -0 from 0.
            assert_eq!(format!("{:?}", named(plan, &found)), format!("{:?}", case.values), "{name}");
            assert_eq!(found.cut.iter().map(|&at| plan.names().nth(at).unwrap()).collect::<Vec<_>>(), case.cut, "{name}");
            assert_eq!(case.decided(&scorer, &found), case.line, "{name}");
        }
        for event in &case.later {
            let mut state = state.clone();
            event.add(plan, &mut state).unwrap();
            let error = plan.read(&state, case.day()).unwrap_err();
            assert_eq!(as_error(&error), Expected::Error(2, "invalid_data".to_owned(), "as_of".to_owned()), "{name}");
        }
    }
}

/// Every window has a value in one case, and another one or none in another; some leave events out.
#[test]
fn the_events_show_every_window() {
    let vectors = EventVectors::read(events::NAME);
    let scorer = vectors.scorer();
    for name in scorer.windows().unwrap().names() {
        let shown: BTreeSet<String> = vectors.cases.iter().map(|case| format!("{:?}", case.values[name])).collect();
        assert!(shown.len() > 2, "{name} shows {shown:?} only");
    }
    assert!(vectors.cases.iter().any(|case| case.values["cash_share_12m"] == Cell::Missing));
    assert!(vectors.cases.iter().any(|case| !case.cut.is_empty()) && vectors.cases.iter().any(|case| !case.later.is_empty()));
    let names: BTreeSet<&str> = vectors.cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), vectors.cases.len(), "two cases have one name");
    let lines: BTreeSet<&str> = vectors.cases.iter().map(|case| case.line.as_str()).collect();
    assert!(lines.len() > 15);
}

#[test]
fn the_reviews_are_what_the_generator_writes() {
    let (vectors, scorer) = (reviews::vectors(), NIGHTLY.load().scorer().unwrap());
    for (extension, expected) in [("json", vectors.to_json()), ("tsv", vectors.to_tsv(scorer.schema()))] {
        let file = format!("tests/conformance/reviews/{}.{extension}", reviews::NAME);
        assert!(
            text(&file) == expected,
            "{file} is out of date: run cargo run --profile quick -p scoreline-tests --example generate -- vectors"
        );
    }
}

#[test]
fn every_account_is_reviewed_alone_and_in_a_batch() {
    let vectors = ReviewVectors::read(reviews::NAME);
    let scorer = Artefact::load(path(&vectors.artefact)).unwrap().scorer().unwrap();
    for case in &vectors.cases {
        let found = match as_review(&scorer, &case.record, case.standing(), case.day()) {
            Ok(line) => Expected::Line(line),
            Err(error) => as_error(&error),
        };
        assert_eq!(found, case.expected, "{}", case.name);
    }
    let days: BTreeSet<_> = vectors.cases.iter().map(|case| case.day()).collect();
    for day in days {
        let cases = vectors.cases.iter().filter(|case| case.day() == day);
        let lines: Vec<_> =
            cases.filter_map(|case| if let Expected::Line(line) = &case.expected { Some((case, line)) } else { None }).collect();
        let rows: Vec<_> = lines.iter().map(|(case, _)| cells(&scorer, &case.record).unwrap()).collect();
        let tiers: Vec<u8> =
            lines.iter().map(|(case, _)| case.standing().map_or(b' ', |standing| standing.tier.letter() as u8)).collect();
        let since: Vec<i32> =
            lines.iter().map(|(case, _)| case.standing().map_or(NO_DAY, |standing| standing.since.days())).collect();
        let frame = Frame::new(scorer.schema(), &rows);
        for frame in [frame.clone(), frame.encoded()] {
            let accounts = Accounts { tiers: &tiers, since: &since };
            let reviews = scorer.review_batch(&frame.batch(), Some(accounts), day, Threads::One).unwrap();
            for (row, (case, line)) in lines.iter().enumerate() {
                let review = reviews.get(row).unwrap().unwrap();
                assert_eq!(scorer.review_answer(&review).canonical(), **line, "{}", case.name);
            }
        }
    }
}

/// A vector that shows nothing proves nothing.
#[test]
fn the_accounts_show_every_part_of_a_review() {
    let vectors = ReviewVectors::read(reviews::NAME);
    let artefact = Artefact::load(path(&vectors.artefact)).unwrap();
    let mut shown = BTreeSet::new();
    for case in &vectors.cases {
        if let Expected::Line(line) = &case.expected {
            shown.extend(reviews::traits(line));
        }
    }
    let tier = artefact.pipeline().tier.as_ref().unwrap();
    let review = artefact.pipeline().review.as_ref().unwrap();
    let strong = tier.strong.iter().map(|rule| format!("hit {}", rule.code));
    let weak = tier.weak.iter().map(|rule| format!("hit {}", rule.code));
    let indicators = review.warning.iter().flat_map(|warning| &warning.indicators).map(|one| format!("hit {}", one.code));
    let actions = review.actions.iter().flat_map(|book| &book.rows).map(|row| format!("action {}", row.code));
    let missing: Vec<String> = strong.chain(weak).chain(indicators).chain(actions).filter(|what| !shown.contains(what)).collect();
    assert!(missing.is_empty(), "never shown: {missing:?}");
    for what in ["held band", "held dwell", "held step", "held ceiling", "limit increase by share", "limit decrease by balance"] {
        assert!(shown.iter().any(|shown| shown.starts_with(what)), "{what}");
    }
    for tier in ["A", "B", "C", "D"] {
        assert!(shown.iter().any(|shown| shown.ends_with(&format!(" to {tier}"))), "{tier}");
    }
}

#[test]
fn calculations_are_answered_as_before_and_shown() {
    let cases = calculations::answered();
    for (case, before) in cases.iter().zip(calculations::read()) {
        assert_eq!(case.line, before.line, "{} {}", case.calculation, case.input);
    }
    assert!(text(calculations::VECTORS) == calculations::to_tsv(&cases), "three parts a line, between tabs");
    assert!(
        text(calculations::DOCUMENT) == calculations::document(&cases),
        "{} is out of date: run cargo run --profile quick -p scoreline-tests --example generate -- vectors",
        calculations::DOCUMENT
    );
    let refused = cases.iter().filter(|case| case.line.starts_with("{\"error\":")).count();
    assert!(cases.len() >= 100 && refused >= 30 && refused < cases.len() / 2);
}

#[test]
fn no_answer_holds_what_is_no_number() {
    for case in calculations::read() {
        let plain = case.line.to_lowercase();
        assert!(!plain.contains("nan\"") && !plain.contains("inf"), "{}", case.calculation);
    }
}
