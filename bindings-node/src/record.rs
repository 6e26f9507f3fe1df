//! A record as a JavaScript object: read field by field, into memory that is used again.

use napi::bindgen_prelude::{FnArgs, FromNapiValue, Function, FunctionRef, JsObjectValue, Object};
use napi::{Env, Unknown, ValueType};
use scoreline::{Date, Error, Field, Kind, Row, Schema, Value};

use crate::error::Fault;
use crate::js::Texts;

/// Puts the values of records in the order of a schema. A function of JavaScript does it: looking up each property
/// from here would cost twice as much.
pub(crate) struct Order(FunctionRef<FnArgs<(Object<'static>,)>, Unknown<'static>>);

impl Order {
    pub(crate) fn new(env: Env, schema: &Schema) -> napi::Result<Self> {
        type Outer<'a> = Function<'a, FnArgs<(Vec<String>,)>, Function<'a, FnArgs<(Object<'static>,)>, Unknown<'static>>>;
        let outer: Outer<'_> = env.run_script(include_str!("record.js"))?;
        let names = schema.fields.iter().map(|field| field.name.clone()).collect();
        Ok(Order(outer.call((names,).into())?.create_ref()?))
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
    /// Reads the own properties of `object` that are `needed`. Other values are not looked at.
    pub(crate) fn read(
        &mut self,
        env: Env,
        schema: &Schema,
        order: &Order,
        object: Object<'_>,
        needed: impl IntoIterator<Item = usize>,
    ) -> Result<(), Fault> {
        self.texts.clear();
        self.cells.clear();
        self.cells.resize(schema.fields.len(), Cell::Missing);
        let ordered = order.0.borrow_back(&env)?.call((object,).into())?;
        if ordered.get_type()? == ValueType::String {
            let unknown = schema.find(&String::from_unknown(ordered)?);
            return Err(unknown.err().unwrap_or_else(|| Error::internal("a known name was not found")).into());
        }
        let values = Object::from_unknown(ordered)?;
        for field in needed {
            self.cells[field] = self.cell(&schema.fields[field], values.get_element(field as u32)?)?;
        }
        Ok(())
    }

    fn cell(&mut self, field: &Field, value: Unknown<'_>) -> Result<Cell, Fault> {
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
pub(crate) fn wrong_kind(field: &Field) -> Error {
    let other = if field.kind == Kind::Flag { Value::Number(0.0) } else { Value::Flag(true) };
    field.check(other).err().unwrap_or_else(|| Error::internal("a kind was not checked"))
}
