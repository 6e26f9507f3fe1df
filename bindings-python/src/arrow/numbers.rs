//! A column of numbers that goes out without a copy, by the buffer protocol and by Arrow.

use std::ffi::{c_int, c_void};
use std::ptr;

use arrow_array::Float64Array;
use pyo3::exceptions::{PyBufferError, PyIndexError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use super::export;
use crate::error::Fault;
use crate::guard::guard;

/// Numbers, one for each row that went in. ``numpy.asarray`` and Arrow libraries read them without a copy.
#[pyclass(frozen, sequence, module = "scoreline._scoreline")]
pub(crate) struct Numbers {
    values: Float64Array,
    /// Number of values, and bytes from one to the next, where the buffer protocol wants to find them.
    shape: [isize; 1],
    strides: [isize; 1],
}

impl From<Vec<f64>> for Numbers {
    fn from(values: Vec<f64>) -> Self {
        let shape = [values.len() as isize];
        Numbers { values: values.into(), shape, strides: [size_of::<f64>() as isize] }
    }
}

#[pymethods]
impl Numbers {
    /// The numbers as a list.
    fn to_list(&self) -> Result<Vec<f64>, Fault> {
        guard(|| Ok(self.values.values().to_vec()))
    }

    /// The numbers as a ``numpy`` array over the same memory; it cannot be written to.
    fn to_numpy<'py>(slf: &Bound<'py, Self>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| Ok(slf.py().import("numpy")?.call_method1("asarray", (slf,))?))
    }

    /// The Arrow PyCapsule interface.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> Result<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>), Fault> {
        guard(|| {
            // A producer may decline another schema; the consumer then casts.
            let _ = requested_schema;
            Ok(export::array(py, &self.values)?)
        })
    }

    fn __len__(&self) -> Result<usize, Fault> {
        guard(|| Ok(self.values.len()))
    }

    fn __getitem__(&self, at: isize) -> Result<f64, Fault> {
        guard(|| {
            let place = usize::try_from(if at < 0 { at + self.shape[0] } else { at }).ok();
            let found = place.and_then(|place| self.values.values().get(place)).copied();
            Ok(found.ok_or_else(|| PyIndexError::new_err("there are fewer numbers"))?)
        })
    }

    fn __repr__<'py>(slf: &Bound<'py, Self>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| Ok(slf.py().import("scoreline.text")?.call_method1("numbers", (slf,))?))
    }

    /// The buffer protocol.
    unsafe fn __getbuffer__(slf: Bound<'_, Self>, view: *mut ffi::Py_buffer, flags: c_int) -> Result<(), Fault> {
        guard(|| {
            if view.is_null() || flags & ffi::PyBUF_WRITABLE == ffi::PyBUF_WRITABLE {
                return Err(PyBufferError::new_err("the numbers cannot be written to").into());
            }
            let numbers = slf.get();
            let values = numbers.values.values();
            let (data, bytes) = (values.as_ptr().cast::<c_void>().cast_mut(), size_of_val::<[f64]>(values) as isize);
            let pointer = |sizes: &[isize; 1], flag: c_int| {
                if flags & flag == flag { sizes.as_ptr().cast_mut() } else { ptr::null_mut() }
            };
            let format = if flags & ffi::PyBUF_FORMAT == 0 { ptr::null_mut() } else { c"d".as_ptr().cast_mut() };
            let (shape, strides) = (pointer(&numbers.shape, ffi::PyBUF_ND), pointer(&numbers.strides, ffi::PyBUF_STRIDES));
            // SAFETY: the view is the caller's to fill. What it points to belongs to the object, which never changes and
            // which the view keeps alive through `obj`.
            unsafe {
                *view = ffi::Py_buffer {
                    buf: data,
                    obj: slf.into_any().into_ptr(),
                    len: bytes,
                    itemsize: size_of::<f64>() as isize,
                    readonly: 1,
                    ndim: 1,
                    format,
                    shape,
                    strides,
                    suboffsets: ptr::null_mut(),
                    internal: ptr::null_mut(),
                };
            }
            Ok(())
        })
    }
}
