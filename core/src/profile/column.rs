//! What was seen of one column, of whatever kinds its values are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::config::{Expected, ProfileConfig};
use super::distinct::{Distinct, Print, of_text, print, then};
use super::sentinel::codes;
use crate::data::{Batch, Column, Date, Field, Kind, Value, WEIGHT_ONE};
use crate::error::Result;
use crate::stats::{Counts, Summary, ValueCounter, ValueCounts};

/// What was seen of one column. Every row counts once, by its outcome; without a target as a non-event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnSummary {
    /// Rows without a value, declared missing codes included.
    pub(super) missing: Counts,
    /// Rows with a declared special code.
    pub(super) coded: Counts,
    pub(super) infinite: u64,
    pub(super) numbers: Option<Spread>,
    pub(super) days: Option<Spread>,
    pub(super) flags: Option<ValueCounts>,
    pub(super) levels: Option<Distinct<String>>,
    /// Rows of text that read as numbers, and as days.
    pub(super) text_numbers: u64,
    pub(super) text_days: u64,
    /// Rows below and above what is expected, with other levels, after today, and after the day of the decision.
    pub(super) below: u64,
    pub(super) above: u64,
    pub(super) unexpected: u64,
    pub(super) future: u64,
    pub(super) after: u64,
    /// Sum of the prints of (row, cell): equal for columns that agree in every row, and practically only for those.
    pub(super) content: Print,
}

/// Numbers, or days as days since 1970-01-01.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spread {
    pub(super) counts: ValueCounts,
    pub(super) minimum: f64,
    pub(super) maximum: f64,
    /// Whether every number is whole.
    pub(super) whole: bool,
    /// Rows of each number of [`codes`]: exact however many distinct numbers there are.
    pub(super) codes: Vec<u64>,
}

impl Spread {
    fn merge(&mut self, other: &Self) -> Result<()> {
        self.counts.merge(&other.counts)?;
        self.minimum = self.minimum.min(other.minimum);
        self.maximum = self.maximum.max(other.maximum);
        self.whole &= other.whole;
        self.codes.iter_mut().zip(&other.codes).for_each(|(mine, theirs)| *mine += theirs);
        Ok(())
    }

    /// Number of distinct values; at least so many, when they are not all told apart.
    pub(super) fn distinct(&self) -> (u64, bool) {
        (self.counts.cells().len() as u64, self.counts.is_exact())
    }
}

/// Counts numbers row by row.
struct Counting {
    counter: ValueCounter,
    known: Vec<f64>,
    spread: Spread,
}

impl Counting {
    fn new(capacity: usize) -> Self {
        let known = codes();
        let (minimum, maximum) = (f64::INFINITY, f64::NEG_INFINITY);
        let none = vec![0; known.len()];
        let spread = Spread { counts: ValueCounts::new(capacity), minimum, maximum, whole: true, codes: none };
        Counting { counter: ValueCounter::new(capacity), known, spread }
    }

    fn add(&mut self, x: f64, event: bool) {
        // −0 is 0.
        let x = x + 0.0;
        self.counter.add(x, event, WEIGHT_ONE);
        self.spread.minimum = self.spread.minimum.min(x);
        self.spread.maximum = self.spread.maximum.max(x);
        let whole = x.fract() == 0.0;
        self.spread.whole &= whole;
        if let (true, Ok(at)) = (whole, self.known.binary_search_by(|code| code.total_cmp(&x))) {
            self.spread.codes[at] += 1;
        }
    }

    fn finish(self) -> Spread {
        Spread { counts: self.counter.finish(), ..self.spread }
    }
}

/// What the columns of a batch have in common.
pub(super) struct Rows<'a> {
    /// Outcome of each row.
    pub(super) event: &'a [bool],
    /// Print of each row.
    pub(super) prints: &'a [Print],
    /// Column of the day of the decision.
    pub(super) decided: Option<&'a Column<'a>>,
}

impl<'a> Rows<'a> {
    /// The day of the decision, where it is known and another column's.
    pub(super) fn decided(batch: &'a Batch<'_>, config: &ProfileConfig, column: &str) -> Option<&'a Column<'a>> {
        let name = config.decision_date.as_ref().filter(|name| *name != column)?;
        batch.column(name).ok()
    }
}

impl ColumnSummary {
    /// Looks at each row of a column.
    pub(super) fn of(name: &str, column: &Column<'_>, rows: &Rows<'_>, config: &ProfileConfig) -> Self {
        let field = config.schema.as_ref().and_then(|schema| schema.fields.iter().find(|field| field.name == name));
        let expected = config.expected.iter().find(|expected| expected.column == name);
        let mut found = ColumnSummary {
            missing: Counts::default(),
            coded: Counts::default(),
            infinite: 0,
            numbers: None,
            days: None,
            flags: None,
            levels: None,
            text_numbers: 0,
            text_days: 0,
            below: 0,
            above: 0,
            unexpected: 0,
            future: 0,
            after: 0,
            content: [0; 2],
        };
        let mut numbers: Option<Counting> = None;
        let mut days: Option<Counting> = None;
        let mut flags: Option<ValueCounter> = None;
        let mut levels: BTreeMap<&str, Counts> = BTreeMap::new();
        for (row, (&event, row_print)) in rows.event.iter().zip(rows.prints).enumerate() {
            let value = column.value(row);
            let cell = then(*row_print, print(value));
            found.content = [found.content[0].wrapping_add(cell[0]), found.content[1].wrapping_add(cell[1])];
            if is_missing(value, field) {
                found.missing.add_row(event, WEIGHT_ONE);
                continue;
            }
            if field.is_some_and(|field| field.special.iter().any(|special| special.code.matches(value))) {
                found.coded.add_row(event, WEIGHT_ONE);
                continue;
            }
            match value {
                Value::Number(x) if x.is_infinite() => found.infinite += 1,
                Value::Number(x) => {
                    numbers.get_or_insert_with(|| Counting::new(config.max_distinct)).add(x, event);
                    found.look_at_number(x, expected);
                }
                Value::Date(day) => {
                    let count = days.get_or_insert_with(|| Counting::new(config.max_distinct));
                    count.add(value.as_number(), event);
                    let decided = rows.decided.map(|column| column.value(row));
                    found.look_at_day(day, expected, config, decided);
                }
                Value::Flag(_) => {
                    let count = flags.get_or_insert_with(|| ValueCounter::new(16));
                    count.add(value.as_number(), event, WEIGHT_ONE);
                }
                Value::Category(level) => levels.entry(level).or_default().add_row(event, WEIGHT_ONE),
                Value::Missing => {}
            }
        }
        found.numbers = numbers.map(Counting::finish);
        found.days = days.map(Counting::finish);
        found.flags = flags.map(ValueCounter::finish);
        found.take_levels(&levels, expected, config);
        found
    }

    fn look_at_number(&mut self, x: f64, expected: Option<&Expected>) {
        let Some(expected) = expected else { return };
        self.below += u64::from(expected.minimum.is_some_and(|least| x < least));
        self.above += u64::from(expected.maximum.is_some_and(|most| x > most));
    }

    fn look_at_day(&mut self, day: Date, expected: Option<&Expected>, config: &ProfileConfig, decided: Option<Value<'_>>) {
        if let Some(expected) = expected {
            self.below += u64::from(expected.earliest.is_some_and(|first| day < first));
            self.above += u64::from(expected.latest.is_some_and(|last| day > last));
        }
        self.future += u64::from(config.as_of.is_some_and(|today| day > today));
        self.after += u64::from(matches!(decided, Some(Value::Date(decided)) if day > decided));
    }

    fn take_levels(&mut self, levels: &BTreeMap<&str, Counts>, expected: Option<&Expected>, config: &ProfileConfig) {
        if levels.is_empty() {
            return;
        }
        let allowed = expected.and_then(|expected| expected.levels.as_ref());
        let mut kept = Distinct::new(config.max_distinct);
        for (&level, &counts) in levels {
            let rows = rows(counts);
            self.text_numbers += if reads_as_number(level) { rows } else { 0 };
            self.text_days += if Date::parse(level.trim()).is_ok() { rows } else { 0 };
            self.unexpected += if allowed.is_some_and(|allowed| !allowed.iter().any(|known| known == level)) { rows } else { 0 };
            kept.add(of_text(level)[0], level.to_owned(), counts);
        }
        self.levels = Some(kept);
    }

    /// Takes in what was seen of the same column in other rows.
    pub(super) fn merge(&mut self, other: &Self) -> Result<()> {
        self.missing.add(other.missing);
        self.coded.add(other.coded);
        for (mine, theirs) in [
            (&mut self.infinite, other.infinite),
            (&mut self.text_numbers, other.text_numbers),
            (&mut self.text_days, other.text_days),
            (&mut self.below, other.below),
            (&mut self.above, other.above),
            (&mut self.unexpected, other.unexpected),
            (&mut self.future, other.future),
            (&mut self.after, other.after),
        ] {
            *mine += theirs;
        }
        for (mine, theirs) in self.content.iter_mut().zip(other.content) {
            *mine = mine.wrapping_add(theirs);
        }
        join(&mut self.numbers, other.numbers.as_ref(), Spread::merge)?;
        join(&mut self.days, other.days.as_ref(), Spread::merge)?;
        join(&mut self.flags, other.flags.as_ref(), ValueCounts::merge)?;
        join(&mut self.levels, other.levels.as_ref(), |mine, theirs| {
            mine.merge(theirs);
            Ok(())
        })
    }

    /// Rows of each kind that occurs, the most frequent first.
    pub(super) fn kinds(&self) -> Vec<(Kind, u64)> {
        let of = |counts: Option<&ValueCounts>| counts.map_or(0, |counts| rows(counts.total()));
        let levels = self.levels.as_ref().map_or(0, |levels| rows(total(levels.iter().map(|(_, counts)| counts))));
        let numbers = of(self.numbers.as_ref().map(|spread| &spread.counts)) + self.infinite;
        let days = of(self.days.as_ref().map(|spread| &spread.counts));
        let all = [(Kind::Number, numbers), (Kind::Category, levels), (Kind::Date, days), (Kind::Flag, of(self.flags.as_ref()))];
        let mut kinds: Vec<(Kind, u64)> = all.into_iter().filter(|(_, rows)| *rows > 0).collect();
        // A stable sort: ties keep the order above.
        kinds.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
        kinds
    }
}

fn join<T: Clone>(mine: &mut Option<T>, theirs: Option<&T>, merge: impl Fn(&mut T, &T) -> Result<()>) -> Result<()> {
    match (mine.as_mut(), theirs) {
        (Some(mine), Some(theirs)) => merge(mine, theirs),
        (None, Some(theirs)) => {
            *mine = Some(theirs.clone());
            Ok(())
        }
        (_, None) => Ok(()),
    }
}

fn is_missing(value: Value<'_>, field: Option<&Field>) -> bool {
    let coded = || field.is_some_and(|field| field.missing.iter().any(|code| code.matches(value)));
    match value {
        Value::Missing => true,
        Value::Number(x) => x.is_nan() || coded(),
        _ => coded(),
    }
}

/// Whether text holds a finite decimal number, blanks around it aside.
fn reads_as_number(text: &str) -> bool {
    let text = text.trim();
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
    plain && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Number of rows behind counts.
pub(super) fn rows(counts: Counts) -> u64 {
    counts.total() / WEIGHT_ONE
}

/// Counts over all of some.
pub(super) fn total(counts: impl Iterator<Item = Counts>) -> Counts {
    counts.fold(Counts::default(), |mut total, one| {
        total.add(one);
        total
    })
}
