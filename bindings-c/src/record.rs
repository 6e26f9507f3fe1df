//! What lies behind a row: the cells of one record, or of one event.

use std::sync::Arc;

use scoreline::features::window::EventSource;
use scoreline::{Date, Error, Field, Result, Row, Schema, Value};

use crate::argument;
use crate::handle::State;
use crate::row::CRow;
use crate::scorer::Model;

/// The cells of one record or event.
#[derive(Debug)]
pub(crate) struct Record {
    model: Arc<Model>,
    /// The place of its source among those of the model, for an event.
    source: Option<usize>,
    cells: Vec<Content>,
    /// Text of the levels, by field. It stays in memory when the cell changes, to be written over.
    levels: Vec<String>,
    refused: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Content {
    #[default]
    Missing,
    Number(f64),
    Level,
    Flag(bool),
    Date(Date),
    Refused,
}

impl State for Record {
    const WORD: u64 = 0x0077_6f72_2020_6c73;
    const ARGUMENT: &'static str = "row";
}

impl Row for Record {
    #[inline]
    fn value(&self, field: usize) -> Value<'_> {
        match self.cells.get(field) {
            None | Some(Content::Missing | Content::Refused) => Value::Missing,
            Some(&Content::Number(x)) => Value::Number(x),
            Some(Content::Level) => Value::Category(&self.levels[field]),
            Some(&Content::Flag(flag)) => Value::Flag(flag),
            Some(&Content::Date(date)) => Value::Date(date),
        }
    }
}

impl Record {
    /// Without a value; `source` is the place of the source of an event.
    pub(crate) fn new(model: &Arc<Model>, source: Option<usize>) -> Self {
        let count = fields(model, source).len();
        let (cells, levels) = (vec![Content::Missing; count], vec![String::new(); count]);
        Record { model: Arc::clone(model), source, cells, levels, refused: 0 }
    }

    pub(crate) fn clear(&mut self) {
        self.cells.fill(Content::Missing);
        self.refused = 0;
    }

    /// The index of a field.
    pub(crate) fn field(&self, name: &str) -> Result<usize> {
        Schema { fields: fields(&self.model, self.source).to_vec() }.find(name)
    }

    /// The number in a cell; NaN when there is none.
    pub(crate) fn number(&self, field: usize) -> Result<f64> {
        match self.cells.get(field) {
            Some(&Content::Number(x)) => Ok(x),
            Some(_) => Ok(f64::NAN),
            None => Err(no_field()),
        }
    }

    /// Sets a cell to what `read` makes of its field.
    pub(crate) fn set<'a>(&mut self, field: usize, read: impl FnOnce(&Field) -> Result<Value<'a>>) -> Result<()> {
        let (Some(declared), Some(cell)) = (fields(&self.model, self.source).get(field), self.cells.get_mut(field)) else {
            return Err(no_field());
        };
        let value = read(declared).and_then(|value| declared.check(value));
        let content = match value {
            Ok(Value::Missing) => Content::Missing,
            Ok(Value::Number(x)) => Content::Number(x),
            Ok(Value::Flag(flag)) => Content::Flag(flag),
            Ok(Value::Date(date)) => Content::Date(date),
            Ok(Value::Category(level)) => {
                self.levels[field].clear();
                self.levels[field].push_str(level);
                Content::Level
            }
            Err(_) if self.source.is_some() || self.model.scorer.required().binary_search(&field).is_ok() => Content::Refused,
            Err(_) => Content::Missing,
        };
        self.refused += usize::from(content == Content::Refused);
        self.refused -= usize::from(*cell == Content::Refused);
        *cell = content;
        value.map(|_| ())
    }

    /// The record, when it can be decided by `model`.
    #[inline]
    pub(crate) fn of<'a>(row: Option<&'a CRow>, model: &Arc<Model>) -> Result<&'a Self> {
        let record = CRow::read(row)?;
        if !Arc::ptr_eq(&record.model, model) || record.source.is_some() {
            return Err(record.foreign(model));
        }
        record.set_well()
    }

    /// As [`Record::of`], to be changed.
    pub(crate) fn of_mut<'a>(row: Option<&'a mut CRow>, model: &Arc<Model>) -> Result<&'a mut Self> {
        let record = CRow::get(row)?;
        if !Arc::ptr_eq(&record.model, model) || record.source.is_some() {
            return Err(record.foreign(model));
        }
        Ok(record)
    }

    /// The event and its source, when `model` has it.
    pub(crate) fn event<'a>(row: Option<&'a CRow>, model: &'a Arc<Model>) -> Result<(&'a Self, &'a EventSource)> {
        let record = CRow::read(row)?;
        let remedy = "make one with scoreline_row_new_event for the scorer of the events";
        match record.source.and_then(|place| model.sources().get(place)) {
            None => Err(argument::refused("row", "the row was not made for the events of a source", remedy)),
            Some(_) if !Arc::ptr_eq(&record.model, model) => {
                Err(argument::refused("row", "the row was made for another scorer", remedy))
            }
            Some(source) => Ok((record.set_well()?, source)),
        }
    }

    /// Why the row is not one for the decisions of `model`.
    #[cold]
    fn foreign(&self, model: &Arc<Model>) -> Error {
        if Arc::ptr_eq(&self.model, model) {
            let remedy = "make one with scoreline_row_new for decisions";
            return argument::refused("row", "the row was made for the events of a source", remedy);
        }
        let remedy = "make one with scoreline_row_new for the scorer that decides it";
        argument::refused("row", "the row was made for another scorer", remedy)
    }

    /// The record, unless a cell was refused.
    #[inline]
    fn set_well(&self) -> Result<&Self> {
        if self.refused > 0 { Err(self.unset()) } else { Ok(self) }
    }

    #[cold]
    fn unset(&self) -> Error {
        let fields = fields(&self.model, self.source);
        let field = fields.iter().zip(&self.cells).find(|(_, cell)| **cell == Content::Refused);
        let name = field.map_or("row", |(field, _)| field.name.as_str());
        argument::refused(name, "the last value given for the field was refused", "set the field again, or clear the row")
    }
}

/// The fields of a record, or of the events of a source.
#[inline]
fn fields(model: &Model, source: Option<usize>) -> &[Field] {
    match source {
        None => &model.scorer.schema().fields,
        Some(place) => model.sources().get(place).map_or(&[], |source| &source.fields),
    }
}

#[cold]
fn no_field() -> Error {
    let remedy = "ask scoreline_scorer_field or scoreline_row_field for the index of a name";
    argument::refused("field", "there is no field with this index", remedy)
}
