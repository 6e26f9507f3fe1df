//! Columns of a dict as Arrow arrays: numpy arrays and other buffers, Arrow arrays, and lists of Python values.

use std::panic::AssertUnwindSafe;
use std::ptr::NonNull;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray, Date32Array, Float64Array, LargeStringArray, NullArray, make_array};
use arrow_buffer::{Buffer, ScalarBuffer};
use arrow_data::transform::MutableArrayData;
use pyo3::buffer::{Element, PyBuffer, PyUntypedBuffer};
use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyMemoryView, PyString};
use scoreline::{Error, Kind, Problem, Value};

use super::cell::{Cell, exact};
use crate::arrow;
use crate::error::Fault;

/// Reads one column of a dict; `expected` is the kind of its field.
pub(super) fn array(values: &Bound<'_, PyAny>, expected: Option<Kind>) -> Result<ArrayRef, Fault> {
    let text =
        values.is_instance_of::<PyString>() || values.is_instance_of::<PyBytes>() || values.is_instance_of::<PyByteArray>();
    if text {
        return Err(Error::data(Problem::new("a column was expected", "pass a list or an array with one value a row")).into());
    }
    if let Some(inner) = numpy_within(values)? {
        return array(&inner, expected);
    }
    // The buffer of a masked array does not know its mask.
    if !values.hasattr("mask")? {
        let found = PyUntypedBuffer::get(values).ok().map(|found| buffer(values, found)).transpose()?;
        if let Some(array) = found.flatten() {
            return Ok(array);
        }
    }
    match arrow::arrays(values) {
        Ok(Some(chunks)) => Ok(joined(chunks)?),
        // pandas without pyarrow has the method, but it cannot be called.
        Err(Fault::Python(error)) if error.is_instance_of::<PyImportError>(values.py()) => list(values, expected),
        Err(fault) => Err(fault),
        Ok(None) => list(values, expected),
    }
}

/// The numpy array of numbers or flags that a pandas series is made of: it is read as it stands, without a bitmap of
/// what is missing.
fn numpy_within<'py>(values: &Bound<'py, PyAny>) -> Result<Option<Bound<'py, PyAny>>, Fault> {
    let Some(to_numpy) = values.getattr_opt("to_numpy")? else { return Ok(None) };
    let Some(kind) = values.getattr_opt("dtype")?.filter(|dtype| dtype.hasattr("isbuiltin").unwrap_or(false)) else {
        return Ok(None);
    };
    let numbers = ["f", "i", "u", "b"].contains(&kind.getattr("kind")?.extract::<&str>()?);
    Ok(if numbers { Some(to_numpy.call0()?) } else { None })
}

/// One array of all chunks.
fn joined(mut chunks: Vec<ArrayRef>) -> Result<ArrayRef, Error> {
    if chunks.len() == 1 {
        return Ok(chunks.remove(0));
    }
    let data: Vec<_> = chunks.iter().map(|chunk| chunk.to_data()).collect();
    let rows = data.iter().map(|chunk| chunk.len()).sum();
    let mut whole = MutableArrayData::new(data.iter().collect(), false, rows);
    for (chunk, data) in data.iter().enumerate() {
        let too_long =
            |_| Error::data(Problem::new("the chunks of the column do not fit into one", "pass it as part of a table"));
        whole.try_extend(chunk, 0, data.len()).map_err(too_long)?;
    }
    Ok(make_array(whole.freeze()))
}

/// Numbers of a buffer; `None` when they are of a type that is read one by one.
fn buffer(values: &Bound<'_, PyAny>, buffer: PyUntypedBuffer) -> Result<Option<ArrayRef>, Fault> {
    let py = values.py();
    if buffer.dimensions() != 1 {
        return Err(Error::data(Problem::new("a column of one dimension was expected", "pass one value a row")).into());
    }
    if let Ok(doubles) = buffer.as_typed::<f64>() {
        let values = match doubles.as_slice_ptr() {
            Some(_) => borrowed(buffer.into_typed()?),
            None => ScalarBuffer::from(doubles.to_vec(py)?),
        };
        return Ok(Some(Arc::new(Float64Array::new(values, None))));
    }
    if let Ok(singles) = buffer.as_typed::<f32>() {
        let values: Vec<f64> = singles.to_vec(py)?.into_iter().map(f64::from).collect();
        return Ok(Some(Arc::new(Float64Array::from(values))));
    }
    if buffer.format().to_bytes() == b"?" {
        // Where the flags do not lie side by side they are read one by one.
        let Ok(bytes) = PyMemoryView::from(values)?.call_method1("cast", ("B",)) else { return Ok(None) };
        let bytes: Vec<u8> = PyBuffer::get(&bytes)?.to_vec(py)?;
        return Ok(Some(Arc::new(bytes.into_iter().map(|flag| Some(flag != 0)).collect::<BooleanArray>())));
    }
    let whole = wholes::<i8>(py, &buffer)
        .or_else(|| wholes::<i16>(py, &buffer))
        .or_else(|| wholes::<i32>(py, &buffer))
        .or_else(|| wholes::<i64>(py, &buffer))
        .or_else(|| wholes::<u8>(py, &buffer))
        .or_else(|| wholes::<u16>(py, &buffer))
        .or_else(|| wholes::<u32>(py, &buffer))
        .or_else(|| wholes::<u64>(py, &buffer));
    whole.map(|values| Ok(Arc::new(Float64Array::from(values?)) as ArrayRef)).transpose()
}

/// The caller's own memory. It must not be written to while a call reads it, as numpy asks of its own functions.
fn borrowed(doubles: PyBuffer<f64>) -> ScalarBuffer<f64> {
    let (start, bytes, count) = (doubles.buf_ptr().cast::<u8>(), doubles.len_bytes(), doubles.item_count());
    match NonNull::new(start).filter(|start| count > 0 && start.cast::<f64>().is_aligned()) {
        Some(start) => {
            let owner = Arc::new(AssertUnwindSafe(doubles));
            // SAFETY: the buffer is contiguous, holds `bytes` bytes from `start` on, and lives until its owner is dropped.
            let buffer = unsafe { Buffer::from_custom_allocation(start, bytes, owner) };
            ScalarBuffer::new(buffer, 0, count)
        }
        None => ScalarBuffer::from(Vec::new()),
    }
}

fn wholes<T: Element + Copy + Into<i128>>(py: Python<'_>, buffer: &PyUntypedBuffer) -> Option<Result<Vec<f64>, Fault>> {
    let typed: &PyBuffer<T> = buffer.as_typed().ok()?;
    let values = match typed.to_vec(py) {
        Ok(values) => values,
        Err(error) => return Some(Err(error.into())),
    };
    Some(values.into_iter().enumerate().map(|(row, value)| exact(Some(value)).map_err(|fault| fault.at_row(row))).collect())
}

/// A column of Python values, all of one kind or missing.
fn list(values: &Bound<'_, PyAny>, expected: Option<Kind>) -> Result<ArrayRef, Fault> {
    let values = match values.getattr("tolist") {
        Ok(tolist) => tolist.call0()?,
        Err(_) => values.clone(),
    };
    let not_a_column = |_| Error::data(Problem::new("a column was expected", "pass a list, a numpy array or an Arrow array"));
    let cells = values.try_iter().map_err(not_a_column)?.enumerate();
    let cells = cells.map(|(row, item)| Cell::read(&item?).map_err(|fault| fault.at_row(row)));
    let cells: Vec<Cell<'_>> = cells.collect::<Result<_, _>>()?;
    let Some(kind) = expected.or_else(|| cells.iter().find_map(Cell::kind)) else {
        return Ok(Arc::new(NullArray::new(cells.len())));
    };
    let values = cells.iter().enumerate().map(|(row, cell)| {
        let value = cell.value(kind).map_err(|error| error.at_row(row))?;
        if fits(kind, value) { Ok(value) } else { Err(unfit(kind).at_row(row)) }
    });
    let values: Vec<Value<'_>> = values.collect::<Result<_, Error>>()?;
    Ok(match kind {
        Kind::Number => Arc::new(Float64Array::from(values.iter().map(|value| value.as_number()).collect::<Vec<f64>>())),
        Kind::Category => {
            let level = |value: &Value<'_>| if let Value::Category(level) = *value { Some(level.to_owned()) } else { None };
            Arc::new(LargeStringArray::from_iter(values.iter().map(level)))
        }
        Kind::Flag => {
            let flag = |value: &Value<'_>| if let Value::Flag(flag) = *value { Some(flag) } else { None };
            Arc::new(BooleanArray::from_iter(values.iter().map(flag)))
        }
        Kind::Date => {
            let day = |value: &Value<'_>| if let Value::Date(day) = *value { Some(day.days()) } else { None };
            Arc::new(Date32Array::from_iter(values.iter().map(day)))
        }
    })
}

fn fits(kind: Kind, value: Value<'_>) -> bool {
    match value {
        Value::Missing => true,
        Value::Number(number) => kind == Kind::Number || number.is_nan(),
        Value::Category(_) => kind == Kind::Category,
        Value::Flag(_) => kind == Kind::Flag,
        Value::Date(_) => kind == Kind::Date,
    }
}

fn unfit(kind: Kind) -> Error {
    let what = format!("a {} was expected", kind.name());
    Error::data(Problem::new(what, "pass values of one kind in a column, and None where nothing is known"))
}
