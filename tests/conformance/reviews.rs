//! Which accounts the vectors of reviews hold: every tier before, every way in which memory holds one, both sides of the borders,
//! every rule, action and bound, and errors.

use std::collections::BTreeSet;

use scoreline::tier::{RiskTier, Standing};
use scoreline::{Artefact, Date};
use scoreline_tests::random::Random;
use scoreline_tests::{Cell, Expected, NIGHTLY, Record, ReviewCase, ReviewVectors, as_error, as_review};

/// Name of the file.
pub(crate) const NAME: &str = "nightly";

const TODAY: &str = "2026-11-21";

/// The cases with what this build answers.
pub(crate) fn vectors() -> ReviewVectors {
    let artefact = NIGHTLY.load();
    let mut found = ReviewVectors { artefact: NIGHTLY.artefact.to_owned(), cases: Vec::new() };
    explore(&mut found, &artefact);
    refused(&mut found, &artefact);
    found
}

fn records() -> Vec<Record> {
    let (frame, fields) = (NIGHTLY.frame(), NIGHTLY.config().schema.fields);
    let batch = frame.batch();
    let cell = |name: &str, row: usize| Cell::of(batch.column(name).unwrap().value(row));
    (0..batch.rows()).map(|row| fields.iter().map(|field| (field.name.clone(), cell(&field.name, row))).collect()).collect()
}

/// Accounts drawn at random that show something no case before has shown.
fn explore(found: &mut ReviewVectors, artefact: &Artefact) {
    let (scorer, records) = (artefact.scorer().unwrap(), records());
    let (mut seen, mut random) = (BTreeSet::new(), Random::new(1));
    for draw in 0..40_000 {
        let mut record = random.pick(&records).clone();
        for name in ["dpd", "bureau", "balance", "inflow"] {
            if random.chance(100) {
                record.insert(name.to_owned(), random.pick(&records)[name].clone());
            }
        }
        // One day lies in the time of every overlay, another after some.
        let today = if random.chance(800) { TODAY } else { "2027-06-30" };
        let day = Date::parse(today).unwrap();
        let standing = RiskTier::from_index(random.below(5) as usize).map(|tier| {
            let held = random.pick(&[0, 1, 29, 30, 31, 59, 60, 90, 400]);
            (tier, Date::from_days(day.days() - held).to_string())
        });
        let mut case = ReviewCase {
            name: String::new(),
            today: today.to_owned(),
            standing,
            record,
            expected: Expected::Line(String::new()),
        };
        let line = as_review(&scorer, &case.record, case.standing(), day).unwrap();
        let fresh: Vec<String> = traits(&line).into_iter().filter(|what| !seen.contains(what)).collect();
        if let Some(first) = fresh.first() {
            case.name = format!("account {draw} shows {first}");
            case.expected = Expected::Line(line);
            found.cases.push(case);
            seen.extend(fresh);
        }
    }
}

/// What a review shows: its parts and how they go together.
pub(crate) fn traits(line: &str) -> BTreeSet<String> {
    let part: Vec<&str> = line.split('|').collect();
    let [tier, previous, indicated, held, warning, change, binding, action] = [2, 3, 5, 6, 12, 18, 19, 20].map(|at| part[at]);
    let mut traits: BTreeSet<String> = part[14].split(',').map(|code| format!("hit {code}")).collect();
    traits.extend(part[15].split(',').map(|code| format!("missing {code}")));
    traits.extend(part[16].split(',').map(|code| format!("expired {code}")));
    traits.extend(part[22].split(',').map(|code| format!("reason {code}")));
    traits.insert(format!("from {previous} to {tier}"));
    traits.insert(format!("held {held} in {tier} for {indicated}"));
    traits.insert(format!("forced {} refer {} decline {}", part[7], part[8], part[9]));
    traits.insert(format!("warning {warning} in {tier}"));
    traits.insert(format!("limit {change} by {binding}"));
    traits.insert(format!("action {action}"));
    traits
}

/// Accounts that must be refused.
fn refused(found: &mut ReviewVectors, artefact: &Artefact) {
    let scorer = artefact.scorer().unwrap();
    let Some(base) = found.cases.first().cloned() else { return };
    let with = |name: &str, cell: Cell| {
        let mut record = base.record.clone();
        record.insert(name.to_owned(), cell);
        record
    };
    let plain = (RiskTier::B, "2026-01-01".to_owned());
    let tomorrow = (RiskTier::B, "2026-11-22".to_owned());
    let cases = [
        ("a tier since the day after", with("dpd", Cell::Number(0.0)), tomorrow),
        ("infinite", with("balance", Cell::Bits(f64::INFINITY)), plain.clone()),
        ("text where a number is expected", with("dpd", Cell::text("many")), plain.clone()),
        ("a field that does not exist", with("ballance", Cell::Number(1.0)), plain),
    ];
    for (name, record, (tier, since)) in cases {
        let standing = Standing { tier, since: Date::parse(&since).unwrap() };
        let error = as_review(&scorer, &record, Some(standing), Date::parse(TODAY).unwrap()).unwrap_err();
        let standing = Some((tier, since));
        found.cases.push(ReviewCase {
            name: name.to_owned(),
            today: TODAY.to_owned(),
            standing,
            record,
            expected: as_error(&error),
        });
    }
}
