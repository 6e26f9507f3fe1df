//! What is wrong with a column by itself.

use super::column::{ColumnSummary, rows, total};
use super::config::ProfileConfig;
use super::facts::ColumnProfile;
use super::finding::{Finding, FindingKind, Severity, percent, share};
use super::sentinel;
use super::summary::ProfileSummary;
use crate::data::{Code, Kind};
use crate::stats::Counts;

/// The fewest rows of a column that is taken for a name of its rows.
const NAMES: u64 = 100;

/// Columns that are named beforehand and are not in the table.
pub(super) fn absent(seen: &ProfileSummary) -> Vec<Finding> {
    let config = &seen.config;
    let fields = config.schema.iter().flat_map(|schema| &schema.fields).map(|field| &field.name);
    let named =
        fields.chain(config.expected.iter().map(|one| &one.column)).chain(&config.known_after).chain(&config.decision_date);
    let mut absent: Vec<&String> = named.filter(|name| !seen.columns.contains_key(*name)).collect();
    absent.sort();
    absent.dedup();
    let found = |name: &String| {
        let remedy = "add the column, or correct its name in schema and settings";
        Finding::new(
            name,
            FindingKind::ColumnAbsent,
            Severity::Warning,
            "is named in schema or settings and not in the table",
            remedy,
        )
    };
    absent.into_iter().map(found).collect()
}

/// Everything that is found about one of `all` rows' columns but leaks by its figures.
pub(super) fn of_column(facts: &ColumnProfile, column: &ColumnSummary, all: u64, config: &ProfileConfig) -> Vec<Finding> {
    let mut findings = Findings { name: &facts.name, all, found: Vec::new() };
    content(facts, config, &mut findings);
    kinds(facts, column, config, &mut findings);
    ranges(column, &mut findings);
    codes(column, &mut findings);
    timing(facts, column, config, &mut findings);
    findings.found
}

struct Findings<'a> {
    name: &'a str,
    all: u64,
    found: Vec<Finding>,
}

impl Findings<'_> {
    fn add(&mut self, kind: FindingKind, severity: Severity, what: impl Into<String>, remedy: &str) {
        self.found.push(Finding::new(self.name, kind, severity, what, remedy));
    }

    /// About some rows; nothing, when there are none.
    fn add_rows(&mut self, count: u64, kind: FindingKind, severity: Severity, what: impl Into<String>, remedy: &str) {
        if count > 0 {
            self.found.push(Finding::new(self.name, kind, severity, what, remedy).of_rows(count, self.all));
        }
    }
}

fn content(facts: &ColumnProfile, config: &ProfileConfig, findings: &mut Findings<'_>) {
    let all = findings.all;
    match facts.kind {
        None if facts.coded == 0 && all > 0 => {
            findings.add(FindingKind::Empty, Severity::Warning, "holds no value in any row", "leave it out, or load it");
        }
        _ if facts.constant => {
            let what = if facts.missing > 0 { "has one value wherever it has any" } else { "has the same value in every row" };
            findings.add(FindingKind::Constant, Severity::Note, what, "leave it out: it tells no row from another");
        }
        _ => {}
    }
    if facts.kind.is_some() && facts.missing_share > config.max_missing {
        let what = format!("is missing in {} of the rows", percent(facts.missing_share));
        let remedy = "find out why; keep it only if it will be as often missing later";
        findings.add_rows(facts.missing, FindingKind::MostlyMissing, Severity::Warning, what, remedy);
    }
    if let Some(of) = facts.same_as.clone() {
        let target = config.target.as_ref() == Some(&of);
        let what = format!("is equal to {of} in every row");
        let (severity, remedy) = match target {
            true => (Severity::Critical, "leave it out: it is the outcome"),
            false => (Severity::Warning, "keep one of the two"),
        };
        findings.add(FindingKind::DuplicateColumn { of }, severity, what, remedy);
    }
    let present = all - facts.missing.min(all);
    let named = facts.kind == Some(Kind::Category) || facts.numbers.as_ref().is_some_and(|numbers| numbers.whole);
    if named && present >= NAMES && facts.distinct.exact && facts.distinct.count == present {
        let what = "has another value in every row: it names rows and says nothing of them";
        findings.add(
            FindingKind::Identifier,
            Severity::Note,
            what,
            "leave it out of the model; it may serve as the key of a split",
        );
    }
}

fn kinds(facts: &ColumnProfile, column: &ColumnSummary, config: &ProfileConfig, findings: &mut Findings<'_>) {
    let kinds = column.kinds();
    if kinds.len() > 1 {
        let rare: u64 = kinds.iter().skip(1).map(|(_, rows)| rows).sum();
        let names: Vec<&str> = kinds.iter().map(|(kind, _)| kind.name()).collect();
        let what = format!("holds values of several kinds: {}", names.join(", "));
        let kind = FindingKind::MixedKinds { kinds: kinds.iter().map(|(kind, _)| *kind).collect() };
        findings.add_rows(rare, kind, Severity::Warning, what, "convert the column to one kind in every part of the table");
    }
    let text = kinds.iter().find(|(kind, _)| *kind == Kind::Category).map_or(0, |(_, rows)| *rows);
    for (count, kind, name) in
        [(column.text_numbers, FindingKind::NumbersInText, "numbers"), (column.text_days, FindingKind::DatesInText, "days")]
    {
        let part = percent(share(count, text));
        let what = if count == text {
            format!("is text that reads as {name} throughout")
        } else {
            format!("is text of which {part} reads as {name}")
        };
        let remedy = match count == text {
            true => "convert it, unless the values are codes that mean nothing as such",
            false => "settle what the rest means: codes, units or typing errors; then convert it or keep it as levels",
        };
        let severity = if count == text { Severity::Note } else { Severity::Warning };
        findings.add_rows(count, kind, severity, what, remedy);
    }
    let infinite = "correct the source: a division by 0 is best passed as missing";
    findings.add_rows(column.infinite, FindingKind::Infinite, Severity::Warning, "holds infinite numbers", infinite);
    let declared = config.schema.iter().flat_map(|schema| &schema.fields).find(|field| field.name == facts.name);
    if let Some((declared, found)) =
        declared.map(|field| field.kind).zip(facts.kind).filter(|(declared, found)| declared != found)
    {
        let what = format!("is declared as {} and holds values of kind {}", declared.name(), found.name());
        let remedy = "convert the column, or declare the field's kind as it is";
        findings.add(FindingKind::KindMismatch { declared, found }, Severity::Critical, what, remedy);
    }
}

fn ranges(column: &ColumnSummary, findings: &mut Findings<'_>) {
    let remedy = "correct the source, declare a code, or widen what is expected";
    for (count, kind, what) in [
        (column.below, FindingKind::BelowMinimum, "lies below what is expected"),
        (column.above, FindingKind::AboveMaximum, "lies above what is expected"),
        (column.unexpected, FindingKind::UnexpectedLevel, "has levels that are not expected"),
        (column.future, FindingKind::FutureDate, "lies after today"),
    ] {
        let what = format!("{what} in {} of the rows", percent(share(count, findings.all)));
        findings.add_rows(count, kind, Severity::Warning, what, remedy);
    }
}

fn codes(column: &ColumnSummary, findings: &mut Findings<'_>) {
    let remedy = "find out what it means; declare it as a missing or special code of the field";
    let all = findings.all;
    let mut add = |code: Code, name: &str, count: u64, why: &str| {
        let what = format!("{name} looks like a code in {count} rows ({}): {why}", percent(share(count, all)));
        findings.add_rows(count, FindingKind::SentinelCode { code }, Severity::Warning, what, remedy);
    };
    for suspect in column.numbers.iter().flat_map(sentinel::of_numbers) {
        add(Code::Number(suspect.code), &suspect.code.to_string(), suspect.rows, suspect.why);
    }
    for suspect in column.days.iter().flat_map(sentinel::of_days) {
        let day = sentinel::day(suspect.code);
        add(Code::Text(day.clone()), &day, suspect.rows, suspect.why);
    }
    let levels: Vec<(&String, Counts)> = column.levels.iter().flat_map(|levels| levels.iter()).collect();
    let text = rows(total(levels.iter().map(|(_, counts)| *counts)));
    let mut suspects: Vec<(&String, u64, &str)> = levels
        .iter()
        .filter_map(|(level, counts)| {
            let count = rows(*counts);
            let digits = sentinel::is_digits(level) && count >= 2 && 2 * column.text_numbers < text;
            match sentinel::is_word(level) {
                true => Some((*level, count, "it says that nothing is known")),
                false => digits.then_some((*level, count, "it is a number of nines among text, and is repeated")),
            }
        })
        .collect();
    suspects.sort();
    for (level, count, why) in suspects {
        let name = if level.trim().is_empty() { "blank text".to_owned() } else { format!("'{level}'") };
        add(Code::Text(level.clone()), &name, count, why);
    }
}

fn timing(facts: &ColumnProfile, column: &ColumnSummary, config: &ProfileConfig, findings: &mut Findings<'_>) {
    if config.known_after.contains(&facts.name) {
        let what = "is declared as known only once the outcome is";
        findings.add(FindingKind::KnownAfterOutcome, Severity::Critical, what, "leave it out: no decision can use it");
    }
    let what = format!("lies after the day of the decision in {} of the rows", percent(share(column.after, findings.all)));
    let remedy = "leave it out: it was not known at the decision; or correct the days";
    findings.add_rows(column.after, FindingKind::AfterDecision, Severity::Critical, what, remedy);
}
