//! Library errors become the exceptions of `scoreline.errors`.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use scoreline::{Error, Problem};

/// What stops an export: an error of the library, or one that Python raised on the way.
pub(crate) enum Fault {
    Library(Error),
    Python(PyErr),
}

impl Fault {
    /// The same with `row` on every problem that names none.
    pub(crate) fn at_row(self, row: usize) -> Self {
        self.map(|error| error.at_row(row))
    }

    /// The same with `field` on every problem that names none.
    pub(crate) fn in_field(self, field: &str) -> Self {
        self.map(|error| error.in_field(field))
    }

    fn map(self, change: impl FnOnce(Error) -> Error) -> Self {
        match self {
            Fault::Library(error) => Fault::Library(change(error)),
            Fault::Python(error) => Fault::Python(error),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::Library(error)
    }
}

impl From<PyErr> for Fault {
    fn from(error: PyErr) -> Self {
        Fault::Python(error)
    }
}

impl From<Fault> for PyErr {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Library(error) => Python::attach(|py| exception(py, &error).unwrap_or_else(|raised| raised)),
            Fault::Python(error) => error,
        }
    }
}

/// The exception for `error`. The classes and what they derive from are declared in `python/scoreline/errors.py`.
pub(crate) fn exception(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    let class = py.import("scoreline.errors")?.getattr("BY_CODE")?.get_item(error.code().name())?;
    let problems = error.problems().iter().map(|problem| entry(py, problem)).collect::<PyResult<Vec<_>>>()?;
    let exception = class.call1((error.to_string(), PyList::new(py, problems)?))?;
    if let Some(reached) = error.convergence() {
        exception.setattr("iterations", reached.iterations)?;
        exception.setattr("gradient", reached.gradient)?;
    }
    Ok(PyErr::from_value(exception))
}

fn entry<'py>(py: Python<'py>, problem: &Problem) -> PyResult<Bound<'py, PyDict>> {
    let entry = PyDict::new(py);
    entry.set_item("field", problem.field.as_deref())?;
    entry.set_item("row", problem.row)?;
    entry.set_item("position", problem.position)?;
    entry.set_item("what", &problem.what)?;
    entry.set_item("remedy", &problem.remedy)?;
    Ok(entry)
}
