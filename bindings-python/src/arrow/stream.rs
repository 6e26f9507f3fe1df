//! Any object with `__arrow_c_stream__` becomes record batches.

use arrow_array::RecordBatch;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use scoreline::{Error, Problem};

use crate::error::Fault;

/// The record batches of a pyarrow, polars, pandas or duckdb table. They own their memory: it stays alive, and is not
/// changed, while the interpreter lock is released.
pub(crate) fn read(data: &Bound<'_, PyAny>) -> Result<Vec<RecordBatch>, Fault> {
    if !data.hasattr("__arrow_c_stream__")? {
        let remedy = "pass a table of pyarrow, polars, pandas or duckdb: any object with __arrow_c_stream__";
        return Err(Error::data(Problem::new("a table was expected", remedy)).into());
    }
    let capsule = data.call_method0("__arrow_c_stream__")?;
    let capsule = capsule.cast::<PyCapsule>().map_err(PyErr::from)?;
    let stream = capsule.pointer_checked(Some(c"arrow_array_stream"))?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: a capsule of this name holds a stream of the Arrow C interface, not in use by anyone else. Its contents are
    // moved out; an empty stream stays behind for the capsule to release.
    let reader = unsafe { RecordBatchStreamReader::from_raw(stream.as_ptr()) };
    let batches = reader.and_then(Iterator::collect::<Result<Vec<_>, _>>);
    // The text of an Arrow error may hold a value.
    Ok(batches.map_err(|_| Error::data(Problem::new("the table broke off while it was read", "look at how it is made")))?)
}
