//! The rows of a side table: whom they are about, from which day on they are known, and what they say.

use std::collections::HashMap;

use super::column::{Growing, JoinedColumn};
use super::plan::TablePlan;
use crate::data::{Batch, Column, Date, Field, Key, Kind, Value};
use crate::error::{Error, Problem, Result};

/// What is read of the rows.
pub(super) struct ReadRows {
    pub(super) keys: Keys,
    /// By row: the number of its key.
    pub(super) of: Vec<u32>,
    /// By row: the day from which on it is known.
    pub(super) known: Vec<i32>,
    /// By row: the day that it is about.
    pub(super) periods: Vec<i32>,
    /// By field that is joined.
    pub(super) values: Vec<JoinedColumn>,
}

impl ReadRows {
    pub(super) fn read(plan: &TablePlan, batches: &[Batch<'_>]) -> Result<Self> {
        let mut rows = ReadRows {
            keys: Keys { kinds: vec![None; plan.keys.len()], numbers: HashMap::new() },
            of: Vec::new(),
            known: Vec::new(),
            periods: Vec::new(),
            values: Vec::new(),
        };
        let mut values: Vec<Growing<'_>> = plan.fields.iter().map(|field| Growing::new(field.kind)).collect();
        for batch in batches {
            let before = rows.of.len();
            // Rows are numbered in 32 bits.
            if batch.rows() >= u32::MAX as usize - before {
                return Err(Error::data(Problem::new("there are too many rows", "pass at most 4 billion rows")));
            }
            rows.add(plan, batch, &mut values).map_err(|error| error.after_rows(before))?;
        }
        rows.values = values.into_iter().map(Growing::finish).collect();
        Ok(rows)
    }

    fn add<'b>(&mut self, plan: &TablePlan, batch: &'b Batch<'_>, values: &mut [Growing<'b>]) -> Result<()> {
        let keys = plan.table.key.iter().map(|name| batch.column(name)).collect::<Result<Vec<_>>>()?;
        let mut text = Vec::new();
        for row in 0..batch.rows() {
            text.clear();
            for ((column, name), kind) in keys.iter().zip(&plan.table.key).zip(&mut self.keys.kinds) {
                let key = column.value(row).key().ok_or_else(|| no_key(name).at_row(row))?;
                if *kind.get_or_insert(kind_of(key)) != kind_of(key) {
                    let problem = Problem::new("keys of one kind were expected", "convert the column in every part of the table");
                    return Err(Error::data(problem.field(name).row(row)));
                }
                write(key, &mut text);
            }
            self.of.push(self.keys.number(&text));
        }
        let (table, days) = (&plan.table, |name: &str| days(batch, name));
        let published = days(&table.published)?;
        // Both are days of four-digit years and the delay is at most a century: their sum is far from the end of the range.
        self.known.extend(published.iter().map(|day| day + table.lag_days as i32));
        self.periods.extend(table.period.as_deref().map_or_else(|| Ok(published), days)?);
        for (field, values) in plan.fields.iter().zip(values) {
            let column = batch.column_of(field)?;
            for row in 0..batch.rows() {
                values.push(checked(field, column, row).map_err(|error| error.at_row(row))?);
            }
        }
        Ok(())
    }
}

/// A cell of a field; a day must be one that can be written.
fn checked<'b>(field: &Field, column: &'b Column<'_>, row: usize) -> Result<Value<'b>> {
    match field.check(column.value(row))? {
        Value::Date(date) => Ok(Value::Date(date.in_range(&field.name)?)),
        value => Ok(value),
    }
}

/// The days of a column of dates, all of them there.
fn days(batch: &Batch<'_>, name: &str) -> Result<Vec<i32>> {
    let column = batch.column_of(&Field::new(name, Kind::Date))?;
    let missing =
        || Error::data(Problem::new("a calendar day was expected", "give every row a date, or leave it out").field(name));
    let day = |row| column.value(row).date().ok_or_else(missing)?.in_range(name).map(Date::days);
    (0..batch.rows()).map(|row| day(row).map_err(|error: Error| error.at_row(row))).collect()
}

/// The numbers of the keys.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    /// By key column: the kind of its values, once there is one.
    kinds: Vec<Option<Kind>>,
    numbers: HashMap<Vec<u8>, u32>,
}

impl Keys {
    fn number(&mut self, text: &[u8]) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let next = self.numbers.len() as u32;
        self.numbers.insert(text.to_vec(), next);
        next
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The number of the key that `values` make, each with the name of its column; `None` when one of them is missing or no row
    /// has the key. `text` is room to work in.
    pub(super) fn find<'v>(&self, values: impl Iterator<Item = (&'v str, Value<'v>)>, text: &mut Vec<u8>) -> Result<Option<u32>> {
        text.clear();
        let mut complete = true;
        for ((name, value), kind) in values.zip(&self.kinds) {
            if value == Value::Missing || matches!(value, Value::Number(x) if x.is_nan()) {
                complete = false;
                continue;
            }
            let key = value.key().ok_or_else(|| no_key(name))?;
            if kind.is_some_and(|kind| kind != kind_of(key)) {
                let remedy = "convert one of them: text and numbers never match";
                return Err(Error::data(Problem::new("the key is of another kind than in the side table", remedy).field(name)));
            }
            write(key, text);
        }
        Ok(if complete { self.numbers.get(text.as_slice()).copied() } else { None })
    }
}

fn kind_of(key: Key<'_>) -> Kind {
    match key {
        Key::Number(_) => Kind::Number,
        Key::Text(_) => Kind::Category,
    }
}

/// Adds a key to those before it. Its length comes first, so that different keys in a row never give the same bytes.
fn write(key: Key<'_>, bytes: &mut Vec<u8>) {
    match key {
        Key::Number(number) => bytes.extend_from_slice(&number.to_le_bytes()),
        Key::Text(text) => {
            bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
    }
}

fn no_key(field: &str) -> Error {
    Error::data(Problem::new("a key of text or whole numbers was expected", "give every row a key").field(field))
}
