//! A review is the same for a record and for a batch, and its totals reconcile.

use super::*;
use crate::data::{Batch, Column, Value};
use crate::error::ErrorCode;
use crate::parallel::Threads;
use crate::pipeline::{Pipeline, PipelineConfig};
use crate::tier::Breaker;

const ROWS: usize = 5_000;

/// The PD is that of the score of one factor: 10 % at 20, 1 % at 80.
fn config() -> PipelineConfig {
    PipelineConfig::from_json(
        r#"{
        "schema": {"fields": [
            {"name": "behaviour", "kind": "number"}, {"name": "credit_limit", "kind": "number"},
            {"name": "balance", "kind": "number"}, {"name": "dpd", "kind": "number"}, {"name": "contactable", "kind": "flag"},
            {"name": "stage", "kind": "category"}, {"name": "bureau", "kind": "number"}, {"name": "industry", "kind": "category"}
        ]},
        "target": "",
        "expert": {
            "card": {"factors": [{"name": "behaviour", "input": "behaviour", "weight": 100,
                "curve": {"type": "linear", "points": [{"x": 0, "score": 0}, {"x": 100, "score": 100}]}}]},
            "blend": {"weight": 1, "anchors": [{"score": 80, "pd": 0.01}, {"score": 20, "pd": 0.1}]}
        },
        "tier": {
            "direction": "a_is_best", "cuts": [0.012, 0.03, 0.08],
            "matrix": {"by": "bureau", "bands": [700, 500], "missing_column": 1,
                       "rows": {"A": ["A","A","B"], "B": ["A","B","C"], "C": ["B","C","D"], "D": ["C","D","D"]}},
            "strong": [
                {"code": "S1", "when": "dpd >= 90", "effect": {"type": "override", "tier": "D"}, "on_missing": "refer", "reason": "r"},
                {"code": "S2", "when": "dpd >= 30", "effect": {"type": "ceiling", "tier": "C"}, "on_missing": "no_hit", "reason": "r"},
                {"code": "S3", "when": "stage = 'fraud'", "effect": {"type": "decline"}, "on_missing": "no_hit", "reason": "r"}
            ],
            "weak": [{"code": "W1", "when": "balance > 0.9 * credit_limit", "points": 1, "reason": "r"}],
            "overlays": [
                {"code": "O1", "when": "industry = 'hotels'", "notches": 1, "owner": "o", "from": "2026-01-01", "until": "2026-12-31", "on_missing": "no_hit", "reason": "r"},
                {"code": "O2", "when": "industry = 'steel'", "notches": 1, "owner": "o", "from": "2025-01-01", "until": "2025-12-31", "on_missing": "no_hit", "reason": "r"}
            ],
            "hysteresis": {"enter": [0.010, 0.025, 0.07], "exit": [0.014, 0.035, 0.09], "upgrade": {"dwell_days": 30, "share": 0.6}}
        },
        "limit": {"candidates": [{"name": "by_tier", "rule": {"type": "by_tier", "A": 30000, "B": 20000, "C": 5000, "D": 0}}],
                  "step": 100, "minimum": 0},
        "review": {
            "warning": {"indicators": [
                    {"code": "I1", "when": "balance > 0.8 * credit_limit", "severity": 20, "on_missing": "no_hit", "reason": "r"},
                    {"code": "I2", "when": "dpd > 60", "severity": 50, "on_missing": "refer", "reason": "r"},
                    {"code": "I3", "when": "pd > 0.05", "severity": 30, "on_missing": "hit", "reason": "r"}],
                "levels": [20, 50], "responses": [{"code": "watch", "review_days": 20, "reason": "r"}, {"code": "act", "review_days": 2, "reason": "r"}]},
            "line": {"limit": "credit_limit", "balance": "balance", "utilisation": "balance / credit_limit",
                     "increase": {"tiers": ["A", "B"], "utilisation_above": 0.7, "unless": "dpd > 0 OR warning_level > 1", "share": 0.25},
                     "decrease": {"tiers": ["C", "D"], "share": 0.5, "floor": 500}, "step": 100},
            "actions": {
                "axes": [{"name": "tier", "of": {"type": "tier"}}, {"name": "contactable", "of": {"type": "flag", "when": "contactable"}},
                         {"name": "dpd", "of": {"type": "number", "value": "dpd", "whole": true}},
                         {"name": "stage", "of": {"type": "category", "value": "stage", "levels": ["fraud"]}}],
                "rows": [
                    {"code": "FRAUD", "when": {"stage": ["fraud"]}, "actions": [{"code": "block"}], "review_days": 1, "reason": "r"},
                    {"code": "LOW", "when": {"stage": ["other", "missing"], "tier": ["A", "B"]}, "actions": [{"code": "sell"}], "review_days": 90, "reason": "r"},
                    {"code": "CALL", "when": {"stage": ["other", "missing"], "tier": ["C", "D"], "contactable": [true]}, "actions": [{"code": "call"}], "review_days": 30, "reason": "r"},
                    {"code": "WATCH", "when": {"stage": ["other", "missing"], "tier": ["C", "D"], "contactable": [false, "missing"], "dpd": [{"below": 30}, "missing"]}, "actions": [{"code": "sms", "every_days": 7}], "review_days": 7, "reason": "r"},
                    {"code": "TRACE", "when": {"stage": ["other", "missing"], "tier": ["C", "D"], "contactable": [false, "missing"], "dpd": [{"from": 30}]}, "actions": [{"code": "trace"}], "review_days": 3, "reason": "r"}
                ]
            }
        }
    }"#,
    )
    .unwrap()
}

fn scorer() -> Scorer {
    Scorer::new(&Pipeline::expert_only(&config()).unwrap()).unwrap()
}

/// Accounts made of remainders, with some of everything missing.
fn book() -> Batch<'static> {
    let number = |modulus: usize, factor: f64, missing: usize| {
        let cell = move |i: usize| if i % missing == 7 { f64::NAN } else { ((i * 2_654_435_761) % modulus) as f64 * factor };
        Column::numbers((0..ROWS).map(cell).collect::<Vec<f64>>())
    };
    let texts = |levels: [Option<&'static str>; 4], step: usize| Column::text((0..ROWS).map(move |i| levels[i / step % 4]));
    let flags = (0..ROWS).map(|i| [Some(true), Some(false), None][i % 3]).collect();
    Batch::new(ROWS)
        .with("behaviour", number(101, 1.0, 97))
        .unwrap()
        .with("credit_limit", number(90, 250.0, 83))
        .unwrap()
        .with("balance", number(71, 300.0, 89))
        .unwrap()
        .with("dpd", number(130, 1.0, 11))
        .unwrap()
        .with("bureau", number(900, 1.0, 13))
        .unwrap()
        .with("contactable", Column::Flag(flags))
        .unwrap()
        .with("stage", texts([Some("current"), Some("late"), None, Some("fraud")], 3))
        .unwrap()
        .with("industry", texts([Some("hotels"), Some("steel"), Some("other"), None], 5))
        .unwrap()
}

fn today() -> Date {
    Date::parse("2026-11-21").unwrap()
}

fn history() -> (Vec<u8>, Vec<i32>) {
    let letters = (0..ROWS).map(|i| b" ABCD"[i % 5]).collect();
    (letters, (0..ROWS).map(|i| if i % 5 == 0 { NO_DAY } else { today().days() - (i % 60) as i32 }).collect())
}

fn whole() -> (Scorer, Batch<'static>, Reviews) {
    let (scorer, batch, (tiers, since)) = (scorer(), book(), history());
    let accounts = Accounts { tiers: &tiers, since: &since };
    let reviews = scorer.review_batch(&batch, Some(accounts), today(), Threads::All).unwrap();
    (scorer, batch, reviews)
}

/// The cells of a row in the order of the schema.
fn cells<'b>(scorer: &Scorer, batch: &'b Batch<'_>, row: usize) -> Vec<Value<'b>> {
    scorer.schema().fields.iter().map(|field| batch.column(&field.name).unwrap().value(row)).collect()
}

#[test]
fn a_batch_is_its_records_to_the_last_bit() {
    let (scorer, batch, reviews) = whole();
    let (tiers, since) = history();
    assert!(reviews.errors.is_empty());
    let mut lines = std::collections::BTreeSet::new();
    for row in 0..ROWS {
        let standing =
            RiskTier::from_letter(char::from(tiers[row])).map(|tier| Standing { tier, since: Date::from_days(since[row]) });
        let one = scorer.review(&cells(&scorer, &batch, row)[..], standing, today()).unwrap();
        let line = scorer.review_answer(&one).canonical();
        assert_eq!(scorer.review_answer(&reviews.get(row).unwrap().unwrap()).canonical(), line, "row {row}");
        assert_eq!(line.split('|').count(), 24);
        lines.insert(line);
    }
    assert!(lines.len() > ROWS / 2, "the book is varied");
}

#[test]
fn threads_change_nothing() {
    let (scorer, batch, reviews) = whole();
    let (tiers, since) = history();
    let accounts = Accounts { tiers: &tiers, since: &since };
    for threads in [1, 2, 8] {
        let threads = Threads::Count(threads);
        let again = scorer.review_batch(&batch, Some(accounts), today(), threads).unwrap();
        assert_eq!(again.hash(), reviews.hash());
    }
}

#[test]
fn totals_count_what_the_rows_say_and_those_of_parts_add_up() {
    let (scorer, batch, reviews) = whole();
    let (tiers, since) = history();
    let totals = ReviewTotals::of(&reviews, &scorer).unwrap();
    let rows: Vec<Review> = (0..ROWS).map(|row| reviews.get(row).unwrap().unwrap()).collect();
    let count = |holds: &dyn Fn(&Review) -> bool| rows.iter().filter(|row| holds(row)).count() as u64;
    assert_eq!((totals.rows, totals.refused), (ROWS as u64, 0));
    assert_eq!(totals.changed(), count(&|row| row.previous.is_some_and(|before| before != row.tier)));
    assert_eq!(totals.moves.b.c, count(&|row| row.previous == Some(RiskTier::B) && row.tier == RiskTier::C));
    assert_eq!(totals.first.a, count(&|row| row.previous.is_none() && row.tier == RiskTier::A));
    assert_eq!(totals.forced, count(&|row| row.forced));
    assert_eq!(totals.expired, count(&|row| row.expired != 0));
    assert_eq!(totals.overlaid, count(&|row| row.overlays != 0));
    assert_eq!(totals.warnings[2], count(&|row| row.warning == Some(2)));
    assert_eq!(totals.held["dwell"], count(&|row| row.held == Held::Dwell));
    assert_eq!(totals.changes["increase"], count(&|row| row.change == Some(LineChange::Increase)));
    assert_eq!(totals.actions["TRACE"], count(&|row| row.action == Some(4)));
    let minor: i64 = rows.iter().filter_map(|row| row.limit).map(Money::minor).sum();
    assert_eq!(totals.limits, Money::new(minor, 2));
    let positive = [totals.moves.b.c, totals.first.a, totals.forced, totals.expired, totals.held["band"], totals.held["step"]];
    assert!(positive.iter().all(|count| *count > 0), "{totals:?}");

    let mut run = ReviewRun::new("f".repeat(64), today());
    for (number, start) in (0..ROWS).step_by(1_234).enumerate() {
        let range = start..(start + 1_234).min(ROWS);
        let part = slice(&scorer, &batch, range.clone());
        let accounts = Accounts { tiers: &tiers[range.clone()], since: &since[range] };
        let reviews = scorer.review_batch(&part, Some(accounts), today(), Threads::All).unwrap();
        assert_eq!(run.next_block(), number as u64);
        assert_eq!(run.add(number as u64, &reviews, &scorer).unwrap(), Added::New);
        assert_eq!(run.add(number as u64, &reviews, &scorer).unwrap(), Added::Replayed, "a block run twice counts once");
        run = serde_json::from_str(&serde_json::to_string(&run).unwrap()).unwrap();
    }
    assert_eq!(run.totals().unwrap(), totals);
    let tomorrow = Date::from_days(today().days() + 1);
    let later = scorer.review_batch(&slice(&scorer, &batch, 0..9), None, tomorrow, Threads::All).unwrap();
    let refused = run.add(5, &later, &scorer).unwrap_err();
    assert_eq!((refused.code(), refused.problems()[0].field.as_deref()), (ErrorCode::Incompatible, Some("block")));
    let report = run.close(None, None).unwrap();
    assert_eq!((report.blocks, report.replayed), (5, 5));
}

fn slice(scorer: &Scorer, batch: &Batch<'_>, rows: std::ops::Range<usize>) -> Batch<'static> {
    let mut part = Batch::new(rows.len());
    for field in &scorer.schema().fields {
        let values: Vec<Value<'_>> = rows.clone().map(|row| batch.column(&field.name).unwrap().value(row)).collect();
        let column = match field.kind {
            crate::data::Kind::Flag => Column::Flag(values.iter().map(|value| value.as_flag()).collect()),
            crate::data::Kind::Number => Column::numbers(values.iter().map(|value| value.as_number()).collect::<Vec<f64>>()),
            _ => Column::Text(values.iter().map(|value| value.level().map(|level| level.to_owned().into())).collect()),
        };
        part.push(&field.name, column).unwrap();
    }
    part
}

#[test]
fn a_bad_row_has_a_status_and_the_run_goes_on() {
    let (scorer, _, good) = whole();
    let (mut tiers, mut since) = history();
    (tiers[3], since[7], since[8], tiers[12]) = (b'E', today().days() + 1, NO_DAY, b'd');
    assert_ne!(tiers[8], b' ');
    let mut batch = slice(&scorer, &book(), 0..ROWS);
    let mut behaviour: Vec<f64> = (0..ROWS).map(|row| batch.column("behaviour").unwrap().value(row).as_number()).collect();
    behaviour[20] = f64::INFINITY;
    let mut broken = Batch::new(ROWS).with("behaviour", Column::numbers(behaviour)).unwrap();
    for (name, column) in std::mem::replace(&mut batch, Batch::new(0)).columns().filter(|(name, _)| *name != "behaviour") {
        broken.push(name, column.clone()).unwrap();
    }
    let accounts = Accounts { tiers: &tiers, since: &since };
    let reviews = scorer.review_batch(&broken, Some(accounts), today(), Threads::All).unwrap();
    let fields: Vec<(usize, Option<&str>)> =
        reviews.errors.iter().map(|(row, error)| (*row, error.problems()[0].field.as_deref())).collect();
    let expected = [(3, "previous_tier"), (7, "since"), (8, "since"), (12, "previous_tier"), (20, "behaviour")];
    assert_eq!(fields, expected.map(|(row, field)| (row, Some(field))));
    for row in 0..ROWS {
        let refused = fields.iter().any(|(bad, _)| *bad == row);
        assert_eq!(reviews.status[row] == 0, !refused);
        assert!(refused || reviews.get(row).unwrap().unwrap().tier.index() as u8 == good.tier[row]);
    }
    let totals = ReviewTotals::of(&reviews, &scorer).unwrap();
    assert_eq!((totals.rows, totals.refused), (ROWS as u64, 5));
    let short = Accounts { tiers: &tiers[1..], since: &since };
    assert_eq!(scorer.review_batch(&broken, Some(short), today(), Threads::All).unwrap_err().code(), ErrorCode::InvalidData);
}

#[test]
fn nothing_may_be_written_when_the_breaker_trips_unless_somebody_forces_it() {
    let (scorer, _, reviews) = whole();
    let mut run = ReviewRun::new("f".repeat(64), today());
    run.add(1, &reviews, &scorer).unwrap();
    assert_eq!(run.close(None, None).unwrap_err().code(), ErrorCode::InvalidData, "block 0 is missing");
    run.add(0, &reviews, &scorer).unwrap();
    let (tight, loose) =
        (Breaker { max_downgraded: 0.05, max_upgraded: None }, Breaker { max_downgraded: 0.9, max_upgraded: None });
    assert_eq!(run.close(Some(&tight), None).unwrap_err().code(), ErrorCode::InvalidData);
    assert_eq!(run.close(Some(&tight), Some("J. Doe")).unwrap().breaker.unwrap().forced_by.as_deref(), Some("J. Doe"));
    assert!(!run.close(Some(&loose), None).unwrap().breaker.unwrap().tripped);

    let first = scorer.review_batch(&book(), None, today(), Threads::All).unwrap();
    assert!((0..ROWS).all(|row| first.previous[row] == crate::pipeline::NONE && first.since[row] == today().days()));
    assert_eq!(run.add(0, &first, &scorer).unwrap_err().code(), ErrorCode::Incompatible);
}

#[test]
fn a_review_needs_tiers_and_a_sound_action_book() {
    let mut config = config();
    config.review.as_mut().unwrap().actions.as_mut().unwrap().rows.pop();
    let error = Pipeline::expert_only(&config).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidConfig);
    assert!(error.to_string().contains("contactable"), "{error}");
    config.review = None;
    config.limit = None;
    config.tier = None;
    let scorer = Scorer::new(&Pipeline::expert_only(&config).unwrap()).unwrap();
    assert_eq!(scorer.review(&scorer.record(), None, today()).unwrap_err().code(), ErrorCode::InvalidConfig);
}

#[test]
fn a_recorded_review_can_be_replayed() {
    use crate::decision::Chain;
    use crate::pipeline::Occasion;
    let (scorer, batch, _) = whole();
    let artefact = "a".repeat(64);
    let lines = |change: Option<usize>| -> Vec<String> {
        let mut chain = Chain::default();
        let mut line = |row: usize| {
            let mut cells = cells(&scorer, &batch, row);
            if change == Some(row) {
                cells[0] = Value::Number(55.5);
            }
            let subject = format!("account {row}");
            let occasion = Occasion { subject: &subject, at: "2026-11-21T22:00:00Z", artefact: &artefact };
            let standing = Some(Standing { tier: RiskTier::B, since: Date::from_days(today().days() - 40) });
            chain.append(scorer.review_entry(&cells, standing, today(), &occasion).unwrap()).unwrap().to_line().unwrap()
        };
        (0..50).map(&mut line).collect()
    };
    let (first, again, other) = (lines(None), lines(None), lines(Some(20)));
    assert_eq!(first, again);
    assert_eq!(first.iter().zip(&other).position(|(one, two)| one != two), Some(20));
}

#[test]
fn a_text_is_a_tier_none_or_refused() {
    let texts = [None, Some(""), Some(" "), Some("   "), Some("B"), Some("e"), Some("AB"), Some("ß")];
    assert_eq!(&texts.map(Accounts::letter), b"    Be??");
}
