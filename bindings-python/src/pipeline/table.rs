//! The class of results.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Date32Type, Decimal128Type, Float64Type, Int16Type, Int32Type, UInt8Type, UInt32Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, SchemaRef};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList};
use scoreline::pricing::Money;
use scoreline::{Date, Error, Value};

use super::decision::decimal;
use crate::arrow;
use crate::data::held;
use crate::error::{Fault, exception};
use crate::guard::guard;

/// Columns of results, one row for each row that went in. Any Arrow library reads it as it is.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct Table {
    pub(super) schema: SchemaRef,
    pub(super) batches: Vec<RecordBatch>,
    pub(super) errors: Vec<Error>,
}

impl Table {
    fn names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn column<'py>(&self, py: Python<'py>, at: usize) -> PyResult<Bound<'py, PyList>> {
        let values = PyList::empty(py);
        for batch in &self.batches {
            append(&values, batch.column(at))?;
        }
        Ok(values)
    }
}

/// Appends the values of a column, as Python holds them.
fn append(values: &Bound<'_, PyList>, array: &ArrayRef) -> PyResult<()> {
    let py = values.py();
    match array.data_type() {
        DataType::Float64 => array.as_primitive::<Float64Type>().iter().try_for_each(|value| values.append(value)),
        DataType::UInt8 => array.as_primitive::<UInt8Type>().iter().try_for_each(|value| values.append(value)),
        DataType::UInt32 => array.as_primitive::<UInt32Type>().iter().try_for_each(|value| values.append(value)),
        DataType::Decimal128(_, scale) => array.as_primitive::<Decimal128Type>().iter().try_for_each(|value| {
            let money = value.and_then(|minor| Money::new(i64::try_from(minor).ok()?, *scale as u32));
            values.append(money.map(|money| decimal(py, money)).transpose()?)
        }),
        DataType::Boolean => array.as_boolean().iter().try_for_each(|value| values.append(value)),
        DataType::Date32 => array.as_primitive::<Date32Type>().iter().try_for_each(|value| {
            values.append(held(py, value.map_or(Value::Missing, |days| Value::Date(Date::from_days(days))))?)
        }),
        DataType::Dictionary(key, _) if **key == DataType::Int32 => append_levels::<Int32Type>(values, array),
        _ => append_levels::<Int16Type>(values, array),
    }
}

fn append_levels<K: ArrowDictionaryKeyType>(values: &Bound<'_, PyList>, array: &ArrayRef) -> PyResult<()> {
    let py = values.py();
    let array = array.as_dictionary::<K>();
    let names = array.values().as_string::<i32>().iter();
    let names: Vec<Bound<'_, PyAny>> = names.map(|name| Ok(name.into_pyobject(py)?.into_any())).collect::<PyResult<_>>()?;
    array.keys_iter().try_for_each(|key| values.append(key.and_then(|key| names.get(key))))
}

#[pymethods]
impl Table {
    /// The Arrow PyCapsule interface.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> Result<Bound<'py, PyCapsule>, Fault> {
        guard(|| {
            // A consumer may ask for another schema; a producer may decline, and the consumer then casts.
            let _ = requested_schema;
            Ok(arrow::stream(py, &self.batches, self.schema.clone())?)
        })
    }

    /// Number of rows.
    #[getter]
    fn num_rows(&self) -> Result<usize, Fault> {
        guard(|| Ok(self.rows()))
    }

    /// Names of the columns.
    #[getter]
    fn column_names(&self) -> Result<Vec<String>, Fault> {
        guard(|| Ok(self.names()))
    }

    /// The same: with it ``{**rows, **table}`` joins the columns to those of a dict.
    fn keys(&self) -> Result<Vec<String>, Fault> {
        guard(|| Ok(self.names()))
    }

    /// The errors of rows that could not be decided, as exceptions; their problems name the row.
    #[getter]
    fn errors<'py>(&self, py: Python<'py>) -> Result<Vec<Bound<'py, PyAny>>, Fault> {
        guard(|| {
            let errors = self.errors.iter().map(|error| Ok(exception(py, error)?.into_value(py).into_bound(py).into_any()));
            Ok(errors.collect::<PyResult<_>>()?)
        })
    }

    /// One column as a list.
    fn __getitem__<'py>(&self, py: Python<'py>, name: &str) -> Result<Bound<'py, PyList>, Fault> {
        guard(|| {
            let at = self.schema.index_of(name).map_err(|_| PyKeyError::new_err(name.to_owned()))?;
            Ok(self.column(py, at)?)
        })
    }

    fn __len__(&self) -> Result<usize, Fault> {
        guard(|| Ok(self.rows()))
    }

    /// The columns as lists, by name; money as ``decimal.Decimal``.
    fn to_pydict<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyDict>, Fault> {
        guard(|| {
            let columns = PyDict::new(py);
            for (at, field) in self.schema.fields().iter().enumerate() {
                columns.set_item(field.name(), self.column(py, at)?)?;
            }
            Ok(columns)
        })
    }

    /// A ``pyarrow.Table`` over the same memory.
    fn to_pyarrow<'py>(slf: &Bound<'py, Self>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| Ok(slf.py().import("pyarrow")?.call_method1("table", (slf,))?))
    }

    /// A ``pandas.DataFrame``; needs pyarrow too.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| Ok(slf.py().import("pyarrow")?.call_method1("table", (slf,))?.call_method0("to_pandas")?))
    }

    /// A ``polars.DataFrame``.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| Ok(slf.py().import("polars")?.call_method1("DataFrame", (slf,))?))
    }

    fn __repr__<'py>(slf: &Bound<'py, Self>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| Ok(slf.py().import("scoreline.text")?.call_method1("table", (slf,))?))
    }
}
