//! Figures of side tables as they were known on a day: of many rows, and of one record at a time.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int32Array, StringArray};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use scoreline::features::as_of::{self as core, AsOfPlan, AsOfSet, JoinedColumn, SideRows};
use scoreline::{Batch, Error, Kind, Problem, Threads, Value};

use crate::data::{Cell, Input, Single, Wanted, held, needed_day};
use crate::error::Fault;
use crate::guard::guard;
use crate::pipeline::Table;
use crate::plain::{plain, setting, text};

/// A set of joins, ready to be computed.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct AsOf {
    plan: AsOfPlan,
}

/// Side tables, read and sorted.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct SideIndex {
    index: core::SideIndex,
}

#[pymethods]
impl AsOf {
    #[new]
    fn new(set: &str) -> Result<Self, Fault> {
        guard(|| {
            let set: AsOfSet = setting("as_of", set)?;
            Ok(AsOf { plan: AsOfPlan::new(&set)? })
        })
    }

    /// Names of the joined fields.
    #[getter]
    fn names(&self) -> Result<Vec<String>, Fault> {
        guard(|| Ok(self.plan.names().map(str::to_owned).collect()))
    }

    /// The columns that hold the keys of the rows.
    #[getter]
    fn keys(&self) -> Result<Vec<String>, Fault> {
        guard(|| Ok(self.plan.keys().to_vec()))
    }

    /// The joined fields as a schema takes them.
    fn fields<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| plain(py, &self.plan.fields()))
    }

    /// The set as JSON.
    fn to_json(&self) -> Result<String, Fault> {
        guard(|| Ok(text(self.plan.set())?))
    }

    /// Reads and sorts the side tables.
    fn index(&self, py: Python<'_>, tables: Vec<(String, Bound<'_, PyAny>)>) -> Result<SideIndex, Fault> {
        guard(|| {
            let mut inputs = Vec::with_capacity(tables.len());
            for (name, table) in &tables {
                let wanted = self.wanted(name);
                inputs.push((name.as_str(), Input::read(table, &wanted)?, wanted));
            }
            let index = py.detach(|| {
                let mut batches: Vec<Vec<Batch<'_>>> = Vec::with_capacity(inputs.len());
                for (_, input, wanted) in &inputs {
                    batches.push(input.batches(wanted)?.into_iter().map(|(_, batch)| batch).collect());
                }
                let named = inputs.iter().zip(&batches);
                let rows: Vec<SideRows<'_>> = named.map(|((table, ..), batches)| SideRows { table, batches }).collect();
                self.plan.index(&rows)
            })?;
            Ok(SideIndex { index })
        })
    }
}

impl AsOf {
    /// The columns that are read of a side table.
    fn wanted(&self, name: &str) -> Wanted {
        let Some(table) = self.plan.set().tables.iter().find(|known| known.name == name) else { return Wanted::All };
        let keys = table.key.iter().map(|name| (name.clone(), None));
        let fields = table.fields.iter().map(|field| (field.name.clone(), Some(field.kind)));
        let dates = [Some(&table.published), table.period.as_ref()].into_iter().flatten();
        let dates = dates.map(|name| (name.clone(), Some(Kind::Date)));
        Wanted::Columns(fields.chain(keys).chain(dates).collect())
    }
}

#[pymethods]
impl SideIndex {
    /// The joined fields of each row as of its day; `keys` is a table.
    #[pyo3(signature = (keys, as_of, threads))]
    fn evaluate(
        &self,
        py: Python<'_>,
        keys: Option<&Bound<'_, PyAny>>,
        as_of: &Bound<'_, PyAny>,
        threads: usize,
    ) -> Result<Table, Fault> {
        guard(|| {
            let wanted = Wanted::Columns(self.index.plan().keys().iter().map(|name| (name.clone(), None)).collect());
            let input = keys.map(|keys| Input::read(keys, &wanted)).transpose()?;
            let as_of = Single::read("as_of", as_of, Some(Kind::Date))?;
            let found = py.detach(|| {
                let batches = input.as_ref().map(|input| input.batches(&wanted)).transpose()?.unwrap_or_default();
                let rows: Vec<Batch<'_>> = batches.into_iter().map(|(_, batch)| batch).collect();
                let found = self.index.join(&rows, &as_of.column()?, Threads::from_count(threads));
                found.map_err(|error| match &input {
                    Some(input) => input.advise(error, &wanted),
                    None => error,
                })
            })?;
            let arrays = found.columns.into_iter().map(array).collect::<Result<Vec<_>, Error>>()?;
            Ok(Table::arrays(found.names.into_iter().zip(arrays))?)
        })
    }

    /// The joined fields of one record by name; `keys` is a dict.
    fn lookup<'py>(
        &self,
        py: Python<'py>,
        keys: &Bound<'py, PyDict>,
        as_of: &Bound<'py, PyAny>,
    ) -> Result<Bound<'py, PyDict>, Fault> {
        guard(|| {
            let as_of = needed_day(as_of)?;
            let plan = self.index.plan();
            let mut cells: Vec<(&str, Cell<'_>)> = Vec::with_capacity(plan.keys().len());
            for name in plan.keys() {
                let Some(key) = keys.get_item(name)? else {
                    let problem = Problem::new("the key is missing", "pass it; None when it is not known");
                    return Err(Error::data(problem.field(name)).into());
                };
                cells.push((name, Cell::read(&key).map_err(|fault| fault.in_field(name))?));
            }
            let mut values: Vec<Value<'_>> = Vec::with_capacity(cells.len());
            for cell in &cells {
                values.push(match cell {
                    (_, Cell::Number(number)) => Value::Number(*number),
                    (name, cell) => cell.value(Kind::Category).map_err(|error| error.in_field(name))?,
                });
            }
            let found = PyDict::new(py);
            for (name, value) in plan.names().zip(self.index.lookup(values.as_slice(), as_of)?) {
                found.set_item(name, held(py, value)?)?;
            }
            Ok(found)
        })
    }
}

/// A column as Arrow holds it; the memory of numbers, codes and days changes hands.
fn array(column: JoinedColumn) -> Result<ArrayRef, Error> {
    Ok(match column {
        JoinedColumn::Number(values) => {
            let known = NullBuffer::from_iter(values.iter().map(|value| !value.is_nan()));
            Arc::new(Float64Array::new(values.into(), Some(known).filter(|known| known.null_count() > 0)))
        }
        JoinedColumn::Category { codes, levels } => {
            let known = NullBuffer::from_iter(codes.iter().map(|code| *code >= 0));
            let keys = Int32Array::new(codes.into(), Some(known).filter(|known| known.null_count() > 0));
            let array = DictionaryArray::<Int32Type>::try_new(keys, Arc::new(StringArray::from(levels)));
            Arc::new(array.map_err(|_| Error::internal("a code without level"))?)
        }
        JoinedColumn::Date { days, validity } => {
            let known = NullBuffer::new(BooleanBuffer::new(validity.into(), 0, days.len()));
            Arc::new(Date32Array::new(days.into(), Some(known).filter(|known| known.null_count() > 0)))
        }
        JoinedColumn::Flag(flags) => Arc::new(BooleanArray::from(flags)),
    })
}
