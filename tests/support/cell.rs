//! An owned cell of a record, as the conformance files write it.

use std::collections::BTreeMap;

use scoreline::{Field, Kind, Result, Value};
use serde_json::{Value as Json, json};

/// A record by field name; fields that are not named are missing.
pub type Record = BTreeMap<String, Cell>;

/// A cell of a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Missing.
    Missing,
    /// A number, written as the shortest decimal that reads back as the same double.
    Number(f64),
    /// A number, written as the 16 hex digits of its double.
    Bits(f64),
    /// A level, or a day as `YYYY-MM-DD`.
    Text(String),
    /// A flag.
    Flag(bool),
}

impl Cell {
    /// A level or a day.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }

    /// The value that a program passes for this cell.
    ///
    /// # Errors
    /// When the text of a date field is not a day.
    pub fn value(&self, field: &Field) -> Result<Value<'_>> {
        Ok(match self {
            Cell::Missing => Value::Missing,
            Cell::Number(x) | Cell::Bits(x) => Value::Number(*x),
            Cell::Text(text) if field.kind == Kind::Date => return field.parse(text),
            Cell::Text(text) => Value::Category(text),
            Cell::Flag(flag) => Value::Flag(*flag),
        })
    }

    /// The cell that holds `value`.
    #[must_use]
    pub fn of(value: Value<'_>) -> Self {
        match value {
            Value::Missing => Cell::Missing,
            Value::Number(x) => Cell::Number(x),
            Value::Category(level) => Cell::text(level),
            Value::Date(day) => Cell::Text(day.to_string()),
            Value::Flag(flag) => Cell::Flag(flag),
        }
    }

    pub(crate) fn to_json(&self) -> Json {
        match self {
            Cell::Missing => Json::Null,
            Cell::Number(x) => json!(x),
            Cell::Bits(x) => json!({ "bits": format!("{:016x}", x.to_bits()) }),
            Cell::Text(text) => json!(text),
            Cell::Flag(flag) => json!(flag),
        }
    }

    pub(crate) fn from_json(json: &Json) -> Self {
        match json {
            Json::Null => Cell::Missing,
            Json::Number(x) => Cell::Number(x.as_f64().unwrap()),
            Json::String(text) => Cell::text(text),
            Json::Bool(flag) => Cell::Flag(*flag),
            other => Cell::Bits(f64::from_bits(u64::from_str_radix(other["bits"].as_str().unwrap(), 16).unwrap())),
        }
    }

    /// `kind:value` with the kinds n (number), b (bits of a number), c (level), d (day), f (flag), m (missing).
    pub(crate) fn to_tsv(&self, kind: Option<Kind>) -> String {
        match self {
            Cell::Missing => "m:".to_owned(),
            Cell::Number(x) => format!("n:{x:?}"),
            Cell::Bits(x) => format!("b:{:016x}", x.to_bits()),
            Cell::Text(text) if kind == Some(Kind::Date) => format!("d:{text}"),
            Cell::Text(text) => format!("c:{text}"),
            Cell::Flag(flag) => format!("f:{flag}"),
        }
    }
}
