//! A record as a JavaScript object: read field by field, into memory that is used again.

use std::collections::HashMap;

use napi::bindgen_prelude::*;
use napi::{KeyCollectionMode, KeyConversion, KeyFilter, ValueType};
use scoreline::{Date, Field, Kind, Row, Scorer, Value};

use crate::argument;
use crate::error::Fault;
use crate::text::Texts;

/// Where the fields are, by name, and which of them are ever read.
pub(crate) struct Index {
    by_name: HashMap<String, usize>,
    read: Vec<bool>,
}

impl Index {
    pub(crate) fn new(scorer: &Scorer) -> Self {
        let fields = &scorer.schema().fields;
        let mut read = vec![false; fields.len()];
        scorer.required().iter().for_each(|&field| read[field] = true);
        Index { by_name: fields.iter().enumerate().map(|(i, field)| (field.name.clone(), i)).collect(), read }
    }

    /// The field called `name`, unless no output depends on it.
    fn find(&self, scorer: &Scorer, name: &str) -> scoreline::Result<Option<usize>> {
        let field = match self.by_name.get(name) {
            Some(&field) => field,
            None => scorer.field(name)?,
        };
        Ok(Some(field).filter(|&field| self.read[field]))
    }
}

#[derive(Clone, Copy)]
enum Cell {
    Missing,
    Number(f64),
    Flag(bool),
    Date(Date),
    /// A level, by its index in `texts`.
    Level(usize),
}

/// The cells of one record.
#[derive(Default)]
pub(crate) struct Record {
    cells: Vec<Cell>,
    texts: Texts,
}

impl Row for Record {
    fn value(&self, field: usize) -> Value<'_> {
        match self.cells.get(field) {
            None | Some(Cell::Missing) => Value::Missing,
            Some(&Cell::Number(x)) => Value::Number(x),
            Some(&Cell::Flag(flag)) => Value::Flag(flag),
            Some(&Cell::Date(date)) => Value::Date(date),
            Some(&Cell::Level(text)) => Value::Category(self.texts.get(text)),
        }
    }
}

impl Record {
    /// Reads the object's own properties. Fields that no output depends on are not looked at.
    pub(crate) fn read(&mut self, scorer: &Scorer, index: &Index, record: Unknown<'_>) -> std::result::Result<(), Fault> {
        let fields = &scorer.schema().fields;
        self.texts.clear();
        self.cells.clear();
        self.cells.resize(fields.len(), Cell::Missing);
        let object = argument::plain_object(record, "record")?;
        let names =
            object.get_all_property_names(KeyCollectionMode::OwnOnly, KeyFilter::Enumerable, KeyConversion::NumbersToStrings)?;
        for at in 0..names.get_array_length_unchecked()? {
            let name: Unknown<'_> = names.get_element(at)?;
            if name.get_type()? != ValueType::String {
                continue;
            }
            let text = self.texts.push(name)?;
            if let Some(field) = index.find(scorer, self.texts.get(text))? {
                let value: Unknown<'_> = object.get_property_unchecked(name)?;
                self.cells[field] = self.cell(&fields[field], value)?;
            }
        }
        Ok(())
    }

    fn cell(&mut self, field: &Field, value: Unknown<'_>) -> std::result::Result<Cell, Fault> {
        Ok(match value.get_type()? {
            ValueType::Undefined | ValueType::Null => Cell::Missing,
            ValueType::Number => Cell::Number(f64::from_unknown(value)?),
            ValueType::Boolean => Cell::Flag(bool::from_unknown(value)?),
            ValueType::String => {
                let text = self.texts.push(value)?;
                match field.kind {
                    Kind::Date => Cell::Date(Date::parse(self.texts.get(text)).map_err(|error| error.in_field(&field.name))?),
                    _ => Cell::Level(text),
                }
            }
            _ => return Err(wrong_kind(field).into()),
        })
    }
}

/// What the core says of a value that is of another kind than the field.
pub(crate) fn wrong_kind(field: &Field) -> scoreline::Error {
    let other = if field.kind == Kind::Flag { Value::Number(0.0) } else { Value::Flag(true) };
    field.check(other).err().unwrap_or_else(|| scoreline::Error::internal("a kind was not checked"))
}
