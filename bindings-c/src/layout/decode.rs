//! Records of fixed length as columns.

use std::borrow::Cow;
use std::collections::HashMap;

use scoreline::pipeline::{Accounts, Reviews};
use scoreline::{Batch, Column, Error, Field, Kind, Problem, Result, Schema, Validity, Value};

use super::cell::{Cell, Form, day};
use super::decimal::{Flaw, Sign};
use super::exports::SCORELINE_BLANK_SPACES;
use super::page::Page;
use super::{Layout, What};
use crate::batch::SCORELINE_NO_LEVEL;
use crate::date::SCORELINE_NO_DATE;
use crate::decimal::nearest;

/// No tier letter: the account of a record that could not be read is refused by it.
const UNREADABLE: u8 = 0;

/// In a column of levels by number: not of the code page.
const REFUSED: i32 = -2;

/// The columns of a block of records. Its memory serves block after block.
#[derive(Debug, Default)]
pub(crate) struct Decoded {
    rows: usize,
    columns: Vec<(usize, Cells)>,
    tiers: Vec<u8>,
    since: Vec<i32>,
    /// Records that could not be read, by number, with the first of their errors.
    refused: Vec<(usize, Error)>,
}

#[derive(Debug)]
enum Cells {
    Numbers(Vec<f64>),
    Days { days: Vec<i32>, known: Vec<u8> },
    Flags(Vec<Option<bool>>),
    Levels { codes: Vec<i32>, levels: Vec<String> },
}

impl Cells {
    const fn new(kind: Kind) -> Self {
        match kind {
            Kind::Number => Cells::Numbers(Vec::new()),
            Kind::Date => Cells::Days { days: Vec::new(), known: Vec::new() },
            Kind::Flag => Cells::Flags(Vec::new()),
            Kind::Category => Cells::Levels { codes: Vec::new(), levels: Vec::new() },
        }
    }

    fn column(&self) -> Column<'_> {
        match self {
            Cells::Numbers(values) => Column::numbers(values.as_slice()),
            Cells::Days { days, known } => Column::Date { values: Cow::Borrowed(days), validity: Some(Validity::new(known, 0)) },
            Cells::Flags(flags) => Column::Flag(flags.clone()),
            Cells::Levels { codes, levels } => Column::Dictionary {
                codes: Cow::Borrowed(codes),
                levels: levels.iter().map(|level| Cow::Borrowed(level.as_str())).collect(),
                validity: None,
            },
        }
    }
}

impl Decoded {
    /// Reads records; those that cannot be read are noted.
    pub(crate) fn read(&mut self, layout: &Layout, records: &[u8]) {
        let record = layout.record();
        let fields = &layout.model.scorer.schema().fields;
        let required = layout.model.scorer.required();
        self.rows = records.len() / record;
        let mut flaws: Vec<(usize, &str, Flaw)> = Vec::new();
        let mut columns = std::mem::take(&mut self.columns);
        columns.retain(|(index, _)| {
            layout.places.iter().any(|place| matches!(place.what, What::Field { index: laid, .. } if laid == *index))
        });
        self.tiers.clear();
        self.tiers.resize(self.rows, b' ');
        self.since.clear();
        self.since.resize(self.rows, SCORELINE_NO_DATE);
        for place in &layout.places {
            let bytes = records
                .chunks_exact(record)
                .map(|record| record.get(place.offset..place.offset + place.length).unwrap_or_default());
            match &place.what {
                What::Tier => {
                    let letters = bytes.map(|bytes| layout.page.ascii(bytes.first().copied().unwrap_or(b' ')));
                    self.tiers.iter_mut().zip(letters).for_each(|(tier, letter)| *tier = letter);
                }
                What::Since => {
                    let page = layout.page;
                    let since = Cell { form: Form::Zoned { scale: 0, sign: Sign::None, blank: SCORELINE_BLANK_SPACES }, page };
                    for (row, bytes) in bytes.enumerate() {
                        match since.decimal(bytes).and_then(|digits| day(digits.unwrap_or(0))) {
                            Ok(days) => self.since[row] = days,
                            Err(flaw) => flaws.push((row, "since", flaw)),
                        }
                    }
                }
                What::Field { index, cell } => {
                    // What never changes a decision refuses no record.
                    let Some(field) = fields.get(*index).filter(|_| required.binary_search(index).is_ok()) else { continue };
                    let at = columns.iter().position(|(laid, _)| laid == index).unwrap_or_else(|| {
                        columns.push((*index, Cells::new(field.kind)));
                        columns.len() - 1
                    });
                    if let Some((_, cells)) = columns.get_mut(at) {
                        cells.read(field, cell, bytes, &mut |row, flaw| flaws.push((row, &field.name, flaw)));
                    }
                }
            }
        }
        self.columns = columns;
        // Of several flaws of a record the first in the record is told.
        flaws.sort_by_key(|(row, ..)| *row);
        flaws.dedup_by_key(|(row, ..)| *row);
        let error = |(row, field, flaw): (usize, &str, Flaw)| {
            let (what, remedy) = flaw.words();
            (row, Error::data(Problem::new(what, remedy).field(field)).at_row(row))
        };
        self.refused = flaws.into_iter().map(error).collect();
        for (row, _) in &self.refused {
            self.tiers[*row] = UNREADABLE;
        }
    }

    /// The columns.
    pub(crate) fn batch(&self, schema: &Schema) -> Result<Batch<'_>> {
        let mut batch = Batch::new(self.rows);
        for (index, cells) in &self.columns {
            if let Some(field) = schema.fields.get(*index) {
                batch.push(field.name.as_str(), cells.column())?;
            }
        }
        Ok(batch)
    }

    /// What is known of the accounts.
    pub(crate) fn accounts(&self) -> Accounts<'_> {
        Accounts { tiers: &self.tiers, since: &self.since }
    }

    /// Puts the errors of records that could not be read where their reviews would be.
    pub(crate) fn name_flaws(&self, reviews: &mut Reviews) {
        for (row, error) in &self.refused {
            if let Ok(at) = reviews.errors.binary_search_by_key(row, |(row, _)| *row) {
                reviews.errors[at].1 = error.clone();
                reviews.status[*row] = error.code().number() as u8;
            }
        }
    }
}

impl Cells {
    /// Reads a column, in the memory of the one before.
    fn read<'r>(&mut self, field: &Field, cell: &Cell, bytes: impl Iterator<Item = &'r [u8]>, flaw: &mut dyn FnMut(usize, Flaw)) {
        let mut text = String::new();
        let mut or_flaw = |row: usize, found| match found {
            Ok(found) => found,
            Err(found) => {
                flaw(row, found);
                Found::Missing
            }
        };
        match self {
            Cells::Numbers(values) => {
                let scale = cell.scale();
                values.clear();
                values.extend(bytes.enumerate().map(|(row, bytes)| match or_flaw(row, cell.read(field, bytes, &mut text)) {
                    Found::Decimal(whole) => nearest(whole, scale),
                    Found::Value(value) => value,
                    _ => f64::NAN,
                }));
            }
            Cells::Days { days, known } => {
                days.clear();
                days.extend(bytes.enumerate().map(|(row, bytes)| {
                    match or_flaw(row, cell.read(field, bytes, &mut text).and_then(Found::day)) {
                        Found::Day(day) => day,
                        _ => SCORELINE_NO_DATE,
                    }
                }));
                known.clear();
                known.extend(days.chunks(8).map(|days| {
                    days.iter().enumerate().fold(0, |byte, (bit, &day)| byte | u8::from(day != SCORELINE_NO_DATE) << bit)
                }));
            }
            Cells::Flags(flags) => {
                flags.clear();
                flags.extend(bytes.enumerate().map(|(row, bytes)| {
                    match or_flaw(row, cell.read(field, bytes, &mut text).and_then(Found::flag)) {
                        Found::Flag(flag) => Some(flag),
                        _ => None,
                    }
                }));
            }
            Cells::Levels { codes, levels } => {
                codes.clear();
                levels.clear();
                let mut known: HashMap<&[u8], i32> = HashMap::new();
                codes.extend(bytes.map(|bytes| {
                    *known.entry(bytes).or_insert_with(|| match characters(bytes, cell.page, &mut text) {
                        Ok("") => SCORELINE_NO_LEVEL,
                        Ok(level) => {
                            levels.push(level.to_owned());
                            (levels.len() - 1) as i32
                        }
                        Err(_) => REFUSED,
                    })
                }));
                for (row, code) in codes.iter_mut().enumerate().filter(|(_, code)| **code == REFUSED) {
                    flaw(row, Flaw::Page);
                    *code = SCORELINE_NO_LEVEL;
                }
            }
        }
    }
}

/// What a cell says.
enum Found {
    Missing,
    /// The whole number of a decimal.
    Decimal(i64),
    Value(f64),
    Day(i32),
    Flag(bool),
}

impl Found {
    /// A decimal as a day.
    fn day(self) -> std::result::Result<Self, Flaw> {
        match self {
            Found::Decimal(digits) => day(digits).map(Found::Day),
            other => Ok(other),
        }
    }

    /// A decimal as a flag.
    fn flag(self) -> std::result::Result<Self, Flaw> {
        match self {
            Found::Decimal(0) => Ok(Found::Flag(false)),
            Found::Decimal(1) => Ok(Found::Flag(true)),
            Found::Decimal(_) => Err(Flaw::Flag),
            other => Ok(other),
        }
    }
}

impl Cell {
    #[inline]
    fn read(&self, field: &Field, bytes: &[u8], text: &mut String) -> std::result::Result<Found, Flaw> {
        match self.form {
            Form::Text => {
                let value = field.parse(characters(bytes, self.page, text)?).map_err(|_| Flaw::Text)?;
                Ok(match value {
                    Value::Number(x) => Found::Value(x),
                    Value::Date(date) => Found::Day(date.days()),
                    Value::Flag(flag) => Found::Flag(flag),
                    Value::Missing | Value::Category(_) => Found::Missing,
                })
            }
            Form::Letters(..) => Ok(self.letter(bytes)?.map_or(Found::Missing, Found::Flag)),
            _ => Ok(self.decimal(bytes)?.map_or(Found::Missing, Found::Decimal)),
        }
    }
}

/// A text without the blanks at its end; `text` lends its memory where characters are converted.
fn characters<'t>(bytes: &'t [u8], page: Page, text: &'t mut String) -> std::result::Result<&'t str, Flaw> {
    match page {
        Page::Utf8 => Ok(str::from_utf8(bytes).map_err(|_| Flaw::Page)?.trim_end_matches(' ')),
        Page::Ebcdic => {
            text.clear();
            for &byte in bytes {
                match page.ascii(byte) {
                    character @ 0x20..=0x7e => text.push(char::from(character)),
                    _ => return Err(Flaw::Page),
                }
            }
            Ok(text.trim_end_matches(' '))
        }
    }
}
