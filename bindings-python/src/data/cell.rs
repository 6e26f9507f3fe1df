//! One Python value as a cell. Nothing is guessed: text stays text, and a flag is not a number.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString, PyType};
use scoreline::{Date, Error, Kind, Problem, Value};

use crate::error::Fault;

/// Days from 0001-01-01, which Python counts as day 1, to 1970-01-01.
const EPOCH: i32 = 719_163;

/// A Python value, read but not yet checked against a field.
pub(crate) enum Cell<'py> {
    Missing,
    Number(f64),
    Text(Bound<'py, PyString>),
    Flag(bool),
    Date(Date),
    /// Nothing that a field can hold.
    Other,
}

impl<'py> Cell<'py> {
    /// Reads `value`: `None`, NaN, `pandas.NA` and `NaT` are missing; `numpy` scalars are what they hold; whole numbers must
    /// be exact as doubles; decimals become the nearest double.
    #[inline]
    pub(crate) fn read(value: &Bound<'py, PyAny>) -> Result<Self, Fault> {
        if let Ok(number) = value.cast_exact::<PyFloat>() {
            Ok(Cell::Number(number.value()))
        } else if let Ok(text) = value.cast_exact::<PyString>() {
            // What cannot be written as UTF-8 is found here, so that `value` need not fail.
            text.to_str()?;
            Ok(Cell::Text(text.clone()))
        } else if value.is_none() {
            Ok(Cell::Missing)
        } else if let Ok(flag) = value.cast::<PyBool>() {
            Ok(Cell::Flag(flag.is_true()))
        } else if let Ok(whole) = value.cast::<PyInt>() {
            exact(whole.extract::<i64>().ok()).map(Cell::Number)
        } else {
            Cell::read_rare(value)
        }
    }

    fn read_rare(value: &Bound<'py, PyAny>) -> Result<Self, Fault> {
        let py = value.py();
        if let Ok(number) = value.cast::<PyFloat>() {
            return Ok(Cell::Number(number.value()));
        }
        if let Ok(text) = value.cast::<PyString>() {
            text.to_str()?;
            return Ok(Cell::Text(text.clone()));
        }
        let name = value.get_type().name()?;
        if name == "NAType" || name == "NaTType" {
            return Ok(Cell::Missing);
        }
        if let Some(day) = date(value)? {
            return Ok(Cell::Date(day));
        }
        static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        if value.is_instance(DECIMAL.import(py, "decimal", "Decimal")?)? {
            return Ok(Cell::Number(value.extract()?));
        }
        // A scalar of numpy hands out the Python value that it holds.
        if let Ok(item) = value.getattr(intern!(py, "item")) {
            let held = item.call0()?;
            if !held.get_type().is(value.get_type()) {
                return Cell::read(&held);
            }
        }
        Ok(Cell::Other)
    }

    /// The value for a field of `kind`. Where a day belongs, text must be `YYYY-MM-DD`; any other mismatch is left to the
    /// field's own check.
    #[inline]
    pub(crate) fn value(&self, kind: Kind) -> Result<Value<'_>, Error> {
        Ok(match self {
            Cell::Missing => Value::Missing,
            Cell::Number(number) => Value::Number(*number),
            Cell::Text(text) => {
                let text = text.to_str().unwrap_or_default();
                if kind == Kind::Date { Value::Date(Date::parse(text)?) } else { Value::Category(text) }
            }
            Cell::Flag(flag) => Value::Flag(*flag),
            Cell::Date(day) => Value::Date(*day),
            // A kind that the field does not take.
            Cell::Other if kind == Kind::Flag => Value::Number(0.0),
            Cell::Other => Value::Flag(false),
        })
    }

    /// What the cell is by itself; `None` when it is missing or nothing that a field can hold.
    pub(crate) fn kind(&self) -> Option<Kind> {
        match self {
            Cell::Number(_) => Some(Kind::Number),
            Cell::Text(_) => Some(Kind::Category),
            Cell::Flag(_) => Some(Kind::Flag),
            Cell::Date(_) => Some(Kind::Date),
            Cell::Missing | Cell::Other => None,
        }
    }
}

/// The day of a `datetime.date`; a point in time is not one.
fn date(value: &Bound<'_, PyAny>) -> PyResult<Option<Date>> {
    static DATE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static DATETIME: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let py = value.py();
    if !value.is_instance(DATE.import(py, "datetime", "date")?)?
        || value.is_instance(DATETIME.import(py, "datetime", "datetime")?)?
    {
        return Ok(None);
    }
    let ordinal: i32 = value.call_method0(intern!(py, "toordinal"))?.extract()?;
    Ok(Some(Date::from_days(ordinal - EPOCH)))
}

/// A value as Python holds it.
pub(crate) fn held<'py>(py: Python<'py>, value: Value<'_>) -> PyResult<Bound<'py, PyAny>> {
    static DATE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    Ok(match value {
        Value::Missing => py.None().into_bound(py),
        Value::Number(number) => PyFloat::new(py, number).into_any(),
        Value::Category(level) => PyString::new(py, level).into_any(),
        Value::Flag(flag) => PyBool::new(py, flag).to_owned().into_any(),
        Value::Date(day) => {
            DATE.import(py, "datetime", "date")?.call_method1(intern!(py, "fromordinal"), (day.days() + EPOCH,))?
        }
    })
}

/// The day of the decision: a `datetime.date` or text `YYYY-MM-DD`.
pub(crate) fn day(value: Option<&Bound<'_, PyAny>>) -> Result<Option<Date>, Fault> {
    let Some(value) = value else { return Ok(None) };
    match Cell::read(value)?.value(Kind::Date).map_err(|error| error.in_field("as_of"))? {
        Value::Missing => Ok(None),
        Value::Date(day) => Ok(Some(day)),
        _ => {
            let problem =
                Problem::new("a calendar day was expected", "pass a datetime.date or text YYYY-MM-DD; a datetime has .date()");
            Err(Error::data(problem.field("as_of")).into())
        }
    }
}

/// A day that cannot be left out.
pub(crate) fn needed_day(value: &Bound<'_, PyAny>) -> Result<Date, Fault> {
    Ok(day(Some(value))?.ok_or_else(|| no_day("as_of"))?)
}

/// What is said where a day is missing.
pub(crate) fn no_day(field: &str) -> Error {
    Error::data(Problem::new("a calendar day was expected", "pass a datetime.date or text YYYY-MM-DD").field(field))
}

/// A whole number as a double, when nothing of it is lost.
pub(crate) fn exact(whole: Option<impl Into<i128>>) -> Result<f64, Fault> {
    whole.and_then(as_double).ok_or_else(|| inexact().into())
}

/// The double that is this whole number, if there is one.
#[inline]
pub(super) fn as_double(whole: impl Into<i128>) -> Option<f64> {
    /// Up to here a double holds every whole number: what nearly all are, without arithmetic of 128 bits.
    const EVERY: u64 = 1 << 53;
    let whole: i128 = whole.into();
    match i64::try_from(whole) {
        Ok(small) if small.unsigned_abs() <= EVERY => Some(small as f64),
        _ => Some(whole as f64).filter(|double| *double as i128 == whole),
    }
}

/// A whole number that a double cannot hold.
pub(crate) fn inexact() -> Error {
    let what = "a whole number that a double holds exactly was expected (any up to 2^53)";
    Error::data(Problem::new(what, "pass a smaller number, or a key as text"))
}
