//! Arrow arrays out of any object that exports them.

use std::ffi::CStr;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::ArrayStreamReader;
use arrow_array::{ArrayReader, ArrayRef, make_array, new_empty_array};
use arrow_schema::ArrowError;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use scoreline::{Error, Problem};

use crate::error::Fault;

/// The arrays that `data` exports, one for each chunk; `None` when it does not speak Arrow.
pub(crate) fn arrays(data: &Bound<'_, PyAny>) -> Result<Option<Vec<ArrayRef>>, Fault> {
    if let Some(export) = data.getattr_opt("__arrow_c_stream__")? {
        return stream(&export.call0()?).map(Some);
    }
    if let Some(export) = data.getattr_opt("__arrow_c_array__")? {
        return array(&export.call0()?).map(|array| Some(vec![array]));
    }
    Ok(None)
}

fn stream(capsule: &Bound<'_, PyAny>) -> Result<Vec<ArrayRef>, Fault> {
    let pointer = content(capsule, c"arrow_array_stream")?;
    // SAFETY: by the Arrow PyCapsule interface a capsule of this name holds a stream. Taking it marks the one in the
    // capsule as released, so nothing is freed twice.
    let reader = unsafe { ArrayStreamReader::from_raw(pointer) };
    // The producer may be Python code on another thread that waits for the interpreter.
    capsule.py().detach(|| chunks(reader?)).map_err(|error| unreadable(capsule.py(), &error))
}

/// The chunks of a stream; one without rows when there is none, so that its columns are known.
fn chunks(mut reader: ArrayStreamReader) -> Result<Vec<ArrayRef>, ArrowError> {
    let mut chunks: Vec<ArrayRef> = reader.by_ref().collect::<Result<_, _>>()?;
    if chunks.is_empty() {
        chunks.push(new_empty_array(reader.field().data_type()));
    }
    Ok(chunks)
}

fn array(pair: &Bound<'_, PyAny>) -> Result<ArrayRef, Fault> {
    let (schema, array): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair.extract()?;
    let schema: *mut FFI_ArrowSchema = content(&schema, c"arrow_schema")?;
    let array = content(&array, c"arrow_array")?;
    // SAFETY: by the Arrow PyCapsule interface the capsules of these names hold an array and its schema, which describe
    // each other. Taking the array marks the one in the capsule as released; the schema is only read.
    let data = unsafe { from_ffi(FFI_ArrowArray::from_raw(array), &*schema) };
    data.map(make_array).map_err(|error| unreadable(pair.py(), &error))
}

fn content<T>(capsule: &Bound<'_, PyAny>, name: &CStr) -> PyResult<*mut T> {
    Ok(capsule.cast::<PyCapsule>()?.pointer_checked(Some(name))?.cast().as_ptr())
}

/// The producer's own words may hold values: they are the cause, not the message.
fn unreadable(py: Python<'_>, error: &ArrowError) -> Fault {
    let problem =
        Problem::new("the table broke off, or its type cannot be read", "see the cause, and try another type or source");
    let raised = PyErr::from(Fault::from(Error::data(problem)));
    raised.set_cause(py, Some(PyRuntimeError::new_err(error.to_string())));
    raised.into()
}
