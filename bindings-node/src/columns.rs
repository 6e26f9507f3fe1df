//! Columns of JavaScript as a batch. They are copied: what borrows them could be moved or freed by JavaScript while
//! another thread reads it.

use std::borrow::Cow;
use std::collections::HashMap;

use napi::bindgen_prelude::{FromNapiValue, JsObjectValue, Object};
use napi::{JsValue, Unknown, ValueType};
use scoreline::{Batch, Column, Date, Error, Field, Kind, Problem, Scorer, Validity};

use crate::argument;
use crate::error::Fault;
use crate::js::{self, Texts, View};
use crate::record::wrong_kind;

/// The columns that outputs depend on; the others are not looked at.
pub struct Columns(Vec<(String, Cells)>);

/// The cells of one column.
pub(crate) enum Cells {
    /// NaN where missing.
    Numbers(Vec<f64>),
    Levels {
        codes: Vec<i32>,
        levels: Vec<String>,
    },
    Days {
        days: Vec<i32>,
        /// One bit a row, least bit first.
        valid: Vec<u8>,
    },
    Flags(Vec<Option<bool>>),
}

impl Columns {
    pub(crate) fn read(scorer: &Scorer, columns: Unknown<'_>) -> Result<Self, Fault> {
        let object = argument::plain_object(columns, "columns")?;
        let mut found = Vec::new();
        for &field in scorer.required() {
            let field = &scorer.schema().fields[field];
            let value: Unknown<'_> = object.get_named_property_unchecked(&field.name)?;
            if value.get_type()? == ValueType::Undefined {
                return Err(missing(&object, field)?.into());
            }
            found.push((field.name.clone(), column(field, value)?));
        }
        Ok(Columns(found))
    }

    /// The batch of the columns.
    pub(crate) fn batch(&self) -> scoreline::Result<Batch<'_>> {
        let mut batch: Option<Batch<'_>> = None;
        for (name, cells) in &self.0 {
            let column = cells.column();
            let so_far = batch.unwrap_or_else(|| Batch::new(column.len()));
            batch = Some(so_far.with(name, column)?);
        }
        Ok(batch.unwrap_or_else(|| Batch::new(0)))
    }
}

impl Cells {
    fn column(&self) -> Column<'_> {
        match self {
            Cells::Numbers(values) => Column::numbers(values.as_slice()),
            Cells::Levels { codes, levels } => {
                let levels = levels.iter().map(|level| Cow::Borrowed(level.as_str())).collect();
                Column::Dictionary { codes: Cow::Borrowed(codes), levels, validity: None }
            }
            Cells::Days { days, valid } => Column::Date { values: Cow::Borrowed(days), validity: Some(Validity::new(valid, 0)) },
            Cells::Flags(values) => Column::Flag(values.clone()),
        }
    }
}

/// What the core says of a column that is not among those of `object`.
fn missing(object: &Object<'_>, field: &Field) -> Result<Error, Fault> {
    let mut batch = Batch::new(0);
    for name in Object::keys(object)? {
        batch = batch.with(name, Column::numbers(Vec::new()))?;
    }
    Ok(batch.column(&field.name).err().unwrap_or_else(|| wrong_column(field)))
}

/// The cells of a column of the kind that the field has.
pub(crate) fn column(field: &Field, value: Unknown<'_>) -> Result<Cells, Fault> {
    if let Some(view) = View::of(value)? {
        return typed(field, &view);
    }
    if value.is_array()? {
        let array = Object::from_unknown(value)?;
        return match field.kind {
            Kind::Number => numbers(field, &array),
            Kind::Category => levels(field, &array),
            Kind::Date => days(field, &array),
            Kind::Flag => flags(field, &array),
        };
    }
    if field.kind == Kind::Category && value.get_type()? == ValueType::Object {
        return dictionary(field, &Object::from_unknown(value)?);
    }
    Err(wrong_column(field).into())
}

fn typed(field: &Field, view: &View) -> Result<Cells, Fault> {
    match field.kind {
        Kind::Number if view.is_float64() => Ok(Cells::Numbers(view.float64())),
        Kind::Number if view.is_int32() => Ok(Cells::Numbers(view.int32().into_iter().map(f64::from).collect())),
        Kind::Date if view.is_int32() => Ok(Cells::Days { days: view.int32(), valid: vec![u8::MAX; view.len().div_ceil(8)] }),
        _ => Err(wrong_column(field).into()),
    }
}

fn numbers(field: &Field, array: &Object<'_>) -> Result<Cells, Fault> {
    let values = cells(field, array, |value| match value.get_type()? {
        ValueType::Number => Ok(Some(f64::from_unknown(value)?)),
        _ => Err(wrong_kind(field).into()),
    })?;
    Ok(Cells::Numbers(values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect()))
}

fn flags(field: &Field, array: &Object<'_>) -> Result<Cells, Fault> {
    let values = cells(field, array, |value| match value.get_type()? {
        ValueType::Boolean => Ok(Some(bool::from_unknown(value)?)),
        _ => Err(wrong_kind(field).into()),
    })?;
    Ok(Cells::Flags(values))
}

fn days(field: &Field, array: &Object<'_>) -> Result<Cells, Fault> {
    let mut text = Texts::default();
    let values = cells(field, array, |value| match value.get_type()? {
        ValueType::String => {
            text.clear();
            let at = text.push(value)?;
            Ok(Some(Date::parse(text.get(at))?.days()))
        }
        _ => Err(wrong_kind(field).into()),
    })?;
    let byte = |rows: &[Option<i32>]| rows.iter().rev().fold(0, |bits, day| bits << 1 | u8::from(day.is_some()));
    let valid = values.chunks(8).map(byte).collect();
    Ok(Cells::Days { days: values.into_iter().map(Option::unwrap_or_default).collect(), valid })
}

/// Levels as text: each is kept once.
fn levels(field: &Field, array: &Object<'_>) -> Result<Cells, Fault> {
    let mut text = Texts::default();
    let mut known: HashMap<String, i32> = HashMap::new();
    let mut levels = Vec::new();
    let codes = cells(field, array, |value| match value.get_type()? {
        ValueType::String => {
            text.clear();
            let at = text.push(value)?;
            let level = text.get(at);
            if let Some(&code) = known.get(level) {
                return Ok(Some(code));
            }
            let code = i32::try_from(levels.len()).map_err(|_| Error::internal("too many levels"))?;
            known.insert(level.to_owned(), code);
            levels.push(level.to_owned());
            Ok(Some(code))
        }
        _ => Err(wrong_kind(field).into()),
    })?;
    Ok(Cells::Levels { codes: codes.into_iter().map(|code| code.unwrap_or(-1)).collect(), levels })
}

/// `{ codes: Int32Array, levels: string[] }`.
fn dictionary(field: &Field, object: &Object<'_>) -> Result<Cells, Fault> {
    let codes: Unknown<'_> = object.get_named_property_unchecked("codes")?;
    let list: Unknown<'_> = object.get_named_property_unchecked("levels")?;
    let codes = View::of(codes)?.filter(View::is_int32);
    let (Some(codes), true) = (codes.map(|codes| codes.int32()), list.is_array()?) else {
        return Err(wrong_column(field).into());
    };
    let list = Object::from_unknown(list)?;
    let mut levels = Vec::new();
    js::each_element(&list, list.get_array_length_unchecked()?, |_, value| {
        if value.get_type()? != ValueType::String {
            return Err(wrong_column(field).into());
        }
        levels.push(String::from_unknown(value)?);
        Ok(())
    })?;
    Ok(Cells::Levels { codes, levels })
}

/// The cells of an array: `null` and `undefined` are missing, the others are read by `read`.
fn cells<T>(
    field: &Field,
    array: &Object<'_>,
    mut read: impl for<'v> FnMut(Unknown<'v>) -> Result<Option<T>, Fault>,
) -> Result<Vec<Option<T>>, Fault> {
    let length = array.get_array_length_unchecked()?;
    let mut cells = Vec::new();
    js::each_element(array, length, |row, value| {
        let missing = matches!(value.get_type()?, ValueType::Undefined | ValueType::Null);
        let cell = if missing { Ok(None) } else { read(value) };
        cells.push(cell.map_err(|fault| fault.in_cell(&field.name, row))?);
        Ok(())
    })?;
    Ok(cells)
}

fn wrong_column(field: &Field) -> Error {
    let forms = match field.kind {
        Kind::Number => "a Float64Array, an Int32Array or an array of numbers",
        Kind::Category => "an array of texts or { codes: Int32Array, levels: string[] }",
        Kind::Date => "an array of days as YYYY-MM-DD or an Int32Array of days since 1970-01-01",
        Kind::Flag => "an array of true and false",
    };
    let what = format!("a column of kind {} was expected", field.kind.name());
    Error::data(Problem::new(what, format!("pass {forms}, not in shared memory")).field(&field.name))
}
