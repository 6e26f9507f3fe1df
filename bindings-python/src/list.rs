//! Lists of customers for a named purpose.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float64Array};
use pyo3::prelude::*;
use scoreline::features::{Feature, FeaturePlan};
use scoreline::treatment::{CustomerList, ListConfig};
use scoreline::{Kind, Schema, Value};

use crate::data::{Input, Wanted, needed_day};
use crate::error::Fault;
use crate::guard::guard;
use crate::pipeline::Table;
use crate::plain::{plain, setting};

/// The text of a list of the rows of a table; `config`, `schema` and `features` are JSON.
#[pyfunction]
pub(crate) fn export_list(
    data: &Bound<'_, PyAny>,
    config: &str,
    schema: &str,
    features: &str,
    as_of: &Bound<'_, PyAny>,
) -> Result<String, Fault> {
    guard(|| {
        let (config, schema): (ListConfig, Schema) = (setting("list", config)?, setting("schema", schema)?);
        let features: Vec<Feature> = setting("features", features)?;
        let plan = FeaturePlan::new(&schema, &features)?;
        let made = needed_day(as_of)?;
        let wanted = Wanted::columns(&schema, []);
        let input = Input::read(data, &wanted)?;
        Ok(data.py().detach(|| {
            let batches: Vec<_> = input.batches(&wanted)?.into_iter().map(|(_, batch)| batch).collect();
            let list = CustomerList::make(&plan, &config, &batches, made);
            list.map_err(|error| input.advise(error, &wanted))?.to_json()
        })?)
    })
}

/// The manifest and the rows of a list that has not expired.
#[pyfunction]
pub(crate) fn open_list<'py>(text: &str, as_of: &Bound<'py, PyAny>) -> Result<(Bound<'py, PyAny>, Table), Fault> {
    guard(|| {
        let list = CustomerList::open(text, needed_day(as_of)?)?;
        let manifest = list.manifest();
        let column = |at: usize, kind: Kind| -> ArrayRef {
            let values = (0..manifest.rows as usize).map(|row| list.value(row, at));
            match kind {
                Kind::Number => Arc::new(values.map(number).collect::<Float64Array>()),
                Kind::Category => Arc::new(values.map(level).collect::<DictionaryArray<Int32Type>>()),
                Kind::Flag => Arc::new(values.map(Value::as_flag).collect::<BooleanArray>()),
                Kind::Date => Arc::new(values.map(days).collect::<Date32Array>()),
            }
        };
        let fields = manifest.fields.iter().enumerate();
        let columns: Vec<_> = fields.map(|(at, field)| (field.name.clone(), column(at, field.kind))).collect();
        Ok((plain(as_of.py(), manifest)?, Table::arrays(columns)?))
    })
}

fn number(value: Value<'_>) -> Option<f64> {
    if let Value::Number(number) = value { Some(number) } else { None }
}

fn level(value: Value<'_>) -> Option<&str> {
    if let Value::Category(level) = value { Some(level) } else { None }
}

fn days(value: Value<'_>) -> Option<i32> {
    if let Value::Date(day) = value { Some(day.days()) } else { None }
}
