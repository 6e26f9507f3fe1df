//! The books that come with the project, state by state, and what the checker says of small ones.

use std::collections::BTreeMap;

use super::enumerator::agree;
use crate::data::{Date, Value};
use crate::error::ErrorCode;
use crate::tier::RiskTier;
use crate::treatment::{ActionBook, ActionRow, AxisOf};

const ACTIONS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/action_book.json"));
const COLLECTIONS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/collections_book.json"));

const T: Value<'_> = Value::Flag(true);
const F: Value<'_> = Value::Flag(false);
const M: Value<'_> = Value::Missing;

fn n(x: f64) -> Value<'static> {
    Value::Number(x)
}

fn c(level: &str) -> Value<'_> {
    Value::Category(level)
}

fn read(text: &str) -> ActionBook {
    serde_json::from_str(text).unwrap()
}

/// Rows are called by their index, as the enumerator wants them.
fn numbered(mut book: ActionBook) -> ActionBook {
    book.rows.iter_mut().enumerate().for_each(|(i, row)| row.code = i.to_string());
    book
}

#[test]
fn the_shipped_books_are_sound() {
    for text in [ACTIONS, COLLECTIONS] {
        let book = read(text);
        let report = book.check().unwrap();
        assert!(report.is_sound(), "{report}");
        assert_eq!(agree(&numbered(book.clone())), [false; 3]);
        assert_eq!(read(&serde_json::to_string(&book).unwrap()), book);
    }
}

#[test]
fn answers_of_the_action_book_by_hand() {
    use RiskTier::{A, B, C, D};
    let book = read(ACTIONS);
    let table = book.resolve().unwrap();
    // do_not_contact, stage, tier, hardship, contactable, utilisation, days past due
    let states = [
        (F, c("current"), A, F, T, n(0.7), n(0.0), "INCREASE"),
        (F, c("current"), B, F, T, n(0.95), n(0.0), "INCREASE"),
        (F, c("current"), A, F, M, n(1.2), M, "INCREASE"),
        (F, c("current"), A, F, T, n(0.7f64.next_down()), n(0.0), "KEEP"),
        (F, c("current"), A, F, T, M, n(0.0), "KEEP"),
        (F, c("current"), A, M, T, n(f64::NAN), n(0.0), "KEEP"),
        (F, c("current"), A, F, T, n(f64::INFINITY), n(0.0), "KEEP"),
        (F, c("current"), A, F, T, n(0.3), n(0.0), "KEEP"),
        (F, c("current"), B, F, F, n(0.29), n(0.0), "CROSS-SELL"),
        (F, c("current"), B, F, F, n(-0.01), n(0.0), "CROSS-SELL"),
        (M, c("current"), B, F, T, n(0.0), n(0.0), "CROSS-SELL"),
        (F, c("current"), C, F, T, n(0.9), n(0.0), "RELIEF"),
        (F, c("current"), D, F, T, n(0.1), n(0.0), "RELIEF"),
        (F, c("1-30"), D, F, T, n(0.1), n(12.0), "RELIEF"),
        (F, c("current"), C, F, F, n(0.9), n(0.0), "MONITOR"),
        (F, c("current"), C, F, M, n(0.9), n(0.0), "MONITOR"),
        (F, c("1-30"), D, M, F, n(0.9), n(12.0), "MONITOR"),
        (F, M, D, F, F, n(0.9), n(12.0), "MONITOR"),
        (F, c("1-30"), A, F, T, n(0.9), n(5.0), "GRACE"),
        (F, c("1-30"), A, F, T, n(0.9), n(6.0), "REMIND"),
        (F, c("1-30"), B, F, F, n(0.9), M, "REMIND"),
        (F, c("1-30"), B, F, F, n(0.9), n(4.5), "REMIND"),
        (F, c("31-90"), A, F, T, n(0.9), n(40.0), "LATE-31"),
        (F, c("31-90"), D, F, T, n(0.9), n(40.0), "LATE-31"),
        (F, c("31-90"), D, F, F, n(0.9), n(40.0), "LATE-31-LOST"),
        (F, c("31-90"), A, F, M, n(0.9), n(40.0), "LATE-31-LOST"),
        (F, c("90+"), A, F, T, n(0.9), n(91.0), "WRITE-OFF-REVIEW"),
        (F, c("90+"), D, T, F, M, M, "WRITE-OFF-REVIEW"),
        (F, c("current"), A, T, T, n(0.9), n(0.0), "HARDSHIP"),
        (F, c("31-90"), D, T, F, n(0.9), n(40.0), "HARDSHIP"),
        (F, c("paid off"), A, F, T, n(0.0), n(0.0), "CLARIFY"),
        (F, M, B, F, T, n(0.0), n(0.0), "CLARIFY"),
        (T, c("current"), A, F, T, n(0.9), n(0.0), "QUIET-CURRENT"),
        (T, c("current"), D, T, T, n(0.9), n(0.0), "QUIET-CURRENT"),
        (T, c("90+"), D, F, T, n(0.9), n(100.0), "QUIET-LATE"),
        (T, M, A, F, T, n(0.9), M, "QUIET-LATE"),
        // A value of another kind counts as missing.
        (F, c("current"), A, F, T, c("0.9"), n(0.0), "KEEP"),
        (F, c("current"), C, F, n(1.0), n(0.9), n(0.0), "MONITOR"),
    ];
    for (silent, stage, tier, hardship, contactable, utilisation, days, code) in states {
        let values = [silent, stage, M, hardship, contactable, utilisation, days];
        let row = &book.rows[usize::from(table.row(tier, |axis| values[axis]))];
        assert_eq!(row.code, code, "{tier} {values:?}");
    }
    let row = |code: &str| book.rows.iter().find(|row| row.code == code).unwrap();
    assert_eq!((row("RELIEF").waiver_cap, row("MONITOR").actions[1].every_days), (0.3, Some(3)));
    assert_eq!(row("INCREASE").offers, ["limit_increase", "top_up"]);
    let reviews = |code: &str, day: &str| row(code).next_review(Date::parse(day).unwrap()).to_string();
    assert_eq!(reviews("MONITOR", "2026-12-25"), "2027-01-08");
    assert_eq!([reviews("KEEP", "2027-12-01"), reviews("KEEP", "2026-12-01")], ["2028-02-29", "2027-03-01"]);
}

#[test]
fn intensity_of_collections_grows_with_the_days() {
    let book = read(COLLECTIONS);
    let table = book.resolve().unwrap();
    let code = |tier, contactable, days: f64, score: f64, balance: f64| {
        let values = [F, n(days), M, contactable, n(score), n(balance)];
        book.rows[usize::from(table.row(tier, |axis| values[axis]))].code.as_str()
    };
    let days = [0.0, 1.0, 30.0, 31.0, 60.0, 61.0, 90.0, 91.0];
    let path = days.map(|days| code(RiskTier::D, T, days, 500.0, 5_000.0));
    let want = ["NOT-DUE", "EARLY-HIGH", "EARLY-HIGH", "MIDDLE-CALL", "MIDDLE-CALL", "LATE-RELIEF", "LATE-RELIEF", "LEGAL"];
    assert_eq!(path, want);
    assert_eq!(code(RiskTier::A, T, 45.0, 600.0, 5_000.0), "MIDDLE-SELF-CURE");
    assert_eq!(code(RiskTier::A, T, 45.0, f64::NAN, 5_000.0), "MIDDLE-CALL");
    assert_eq!(code(RiskTier::B, M, 75.0, 700.0, 10.0), "LATE-LOST");
    assert_eq!([code(RiskTier::B, T, 75.0, 700.0, 999.99), code(RiskTier::B, T, 120.0, 700.0, 10.0)], ["LATE-SMALL", "AGENCY"]);
    assert_eq!(code(RiskTier::B, T, f64::NAN, 700.0, 10.0), "DUE-UNKNOWN");
}

#[test]
fn faults_read_well() {
    let mut book = read(ACTIONS);
    let missing: Vec<usize> = (0..book.rows.len()).filter(|i| book.rows[*i].code == "KEEP").collect();
    book.rows.remove(missing[0]);
    let twin = ActionRow { code: "RELIEF-2".into(), ..book.rows.iter().find(|row| row.code == "RELIEF").unwrap().clone() };
    book.rows.push(twin);
    let mut idle = book.rows[0].clone();
    idle.code = "IDLE".into();
    idle.when.insert("stage".into(), Vec::new());
    book.rows.push(idle);
    let report = book.check().unwrap();
    let text = report.to_string();
    for part in [
        "15 rows over 7 axes: gaps 1, overlaps 1, rows that never answer 3",
        "no row answers for do_not_contact false or missing, stage current, tier A or B, hardship false or missing, utilisation \
         from 0.3 below 0.7 or missing",
        "rows RELIEF and RELIEF-2 both answer for do_not_contact false or missing, stage current or 1-30 or other or missing, \
         tier C or D, hardship false or missing, contactable true",
        "row RELIEF never answers alone",
        "row IDLE allows nothing of stage",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let error = book.resolve().unwrap_err();
    assert_eq!((error.code(), error.problems().len()), (ErrorCode::InvalidConfig, 5));
}

#[test]
fn every_problem_of_form_is_listed() {
    let mut book = read(
        r#"{"axes": [
            {"name": "tier", "of": {"type": "tier"}},
            {"name": "tier", "of": {"type": "tier"}},
            {"name": "", "of": {"type": "flag", "when": " "}},
            {"name": "c", "of": {"type": "category", "value": "c", "levels": ["x", "x", "missing", ""]}},
            {"name": "n", "of": {"type": "number", "value": "n", "whole": true}}
        ], "rows": [
            {"code": "R", "when": {"tier": ["missing", "E", true], "c": ["y", "other"], "nobody": []}, "actions": [], "review_days": 0,
             "waiver_cap": 1.5, "offers": ["", "o", "o"], "reason": ""},
            {"code": "R", "when": {"n": [{"from": 1, "above": 2}, {"to": 1e300}]}, "review_days": 1, "reason": "r",
             "actions": [{"code": "", "channel": "", "every_days": 0}, {"code": "a"}, {"code": "a"}]}
        ]}"#,
    );
    let error = book.validate().unwrap_err();
    // Axes: twice a name, twice the tier, no name, no expression, three of levels. First row: reason, action, cap, review, two
    // of offers, three of tiers, one level, one axis. Second row: code, three of an action, one twice, two of intervals.
    assert_eq!(error.problems().len(), 4 + 3 + 6 + 5 + 1 + 3 + 1 + 2, "{error}");
    book.rows = Vec::new();
    assert!(book.validate().unwrap_err().to_string().contains("1 to 1,000 rows"));
    for bad in [r#"{"from": 1, "til": 2}"#, "3", "null", r#"["A"]"#] {
        let error = serde_json::from_str::<crate::treatment::Allowed>(bad).unwrap_err().to_string();
        assert!(error.contains("an interval with from, above, to or below was expected"), "{error}");
    }
    assert!(serde_json::from_str::<AxisOf>(r#"{"type": "tier", "of": 1}"#).is_err());
}

#[test]
fn a_book_without_axes_answers_alike_for_all() {
    let row = read(COLLECTIONS).rows.remove(1);
    let book = ActionBook { axes: Vec::new(), rows: vec![ActionRow { when: BTreeMap::new(), ..row }] };
    assert_eq!(book.resolve().unwrap().row(RiskTier::A, |_| M), 0);
}

#[test]
fn a_book_that_cuts_too_finely_is_refused_and_does_not_hang() {
    // Every row bounds every axis at places of its own: the sets of rows that are left multiply.
    let axes: Vec<String> =
        (0..16).map(|i| format!(r#"{{"name": "n{i}", "of": {{"type": "number", "value": "n{i}"}}}}"#)).collect();
    let row = |r: usize| {
        let when: Vec<String> =
            (0..16).map(|i| format!(r#""n{i}": [{{"from": {}}}, "missing"]"#, (r * 7919 + i * 104_729) % 9_973)).collect();
        format!(
            r#"{{"code": "{r}", "when": {{{}}}, "actions": [{{"code": "a"}}], "review_days": 1, "reason": "r"}}"#,
            when.join(",")
        )
    };
    let rows: Vec<String> = (0..300).map(row).collect();
    let book = read(&format!(r#"{{"axes": [{}], "rows": [{}]}}"#, axes.join(","), rows.join(",")));
    let error = book.check().unwrap_err();
    assert!(error.code() == ErrorCode::InvalidConfig && error.problems()[0].remedy.contains("split the book"), "{error}");
    assert!(error.problems()[1].what.starts_with("rows 0 and 1 both answer for n0 from"), "{error}");
}

#[test]
fn states_by_name_are_checked() {
    let book = read(COLLECTIONS);
    let (tier, values) = book.state([("tier", c("C")), ("contactable", T), ("days_past_due", n(45.0))]).unwrap();
    assert_eq!((tier, values), (RiskTier::C, vec![M, n(45.0), c("C"), T, M, M]));
    for (name, value) in [("tier", c("E")), ("tier", M), ("days_past_due", n(4.5)), ("contactable", n(1.0)), ("odd", M)] {
        let error = book.state([("tier", c("A")), (name, value)]).unwrap_err();
        assert!(error.code() == ErrorCode::InvalidData && error.problems()[0].field.as_deref() == Some(name), "{error}");
    }
    assert!(book.state([]).is_err(), "the tier is never missing");
}
