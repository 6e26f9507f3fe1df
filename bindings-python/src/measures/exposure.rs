//! Concentration of a book, and increases within caps.

use pyo3::prelude::*;
use scoreline::limit::{Book, ConcentrationCaps, Exposure};
use scoreline::{Error, Kind, Problem, Value};

use crate::data::Single;
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting};

/// Exposures from columns.
fn exposures(
    keys: &Bound<'_, PyAny>,
    amounts: &Bound<'_, PyAny>,
    groups: Option<&Bound<'_, PyAny>>,
) -> Result<Vec<Exposure>, Fault> {
    let keys = Single::read("keys", keys, Some(Kind::Category))?;
    let amounts = Single::read("amounts", amounts, Some(Kind::Number))?.numbers()?;
    let groups = groups.map(|groups| Single::read("groups", groups, Some(Kind::Category))).transpose()?;
    let (keys, groups) = (keys.column()?, groups.as_ref().map(Single::column).transpose()?);
    if keys.len() != amounts.len() || groups.as_ref().is_some_and(|groups| groups.len() != amounts.len()) {
        let problem = Problem::new("keys, amounts and groups differ in length", "pass one of each a row");
        return Err(Error::data(problem.field("amounts")).into());
    }
    let exposure = |(row, amount): (usize, f64)| {
        let Value::Category(key) = keys.value(row) else {
            return Err(Error::data(Problem::new("the key is missing", "name who it is").field("keys").row(row)));
        };
        let group = match groups.as_ref().map(|groups| groups.value(row)) {
            Some(Value::Category(group)) => Some(group.to_owned()),
            _ => None,
        };
        Ok(Exposure { key: key.to_owned(), group, amount })
    };
    Ok(amounts.into_iter().enumerate().map(exposure).collect::<Result<_, _>>()?)
}

/// Shares, index and effective number of a book.
#[pyfunction]
#[pyo3(signature = (keys, amounts, groups = None))]
pub(crate) fn concentration<'py>(
    keys: &Bound<'py, PyAny>,
    amounts: &Bound<'py, PyAny>,
    groups: Option<&Bound<'py, PyAny>>,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| plain(keys.py(), &Book::new(exposures(keys, amounts, groups)?)?.concentration()))
}

/// Keys and groups above their caps; `caps` is JSON.
#[pyfunction]
#[pyo3(signature = (keys, amounts, caps, groups = None))]
pub(crate) fn breaches<'py>(
    keys: &Bound<'py, PyAny>,
    amounts: &Bound<'py, PyAny>,
    caps: &str,
    groups: Option<&Bound<'py, PyAny>>,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let caps: ConcentrationCaps = setting("caps", caps)?;
        plain(keys.py(), &Book::new(exposures(keys, amounts, groups)?)?.breaches(&caps)?)
    })
}

/// How much more a key may take.
#[pyfunction]
pub(crate) fn headroom<'py>(
    keys: &Bound<'py, PyAny>,
    amounts: &Bound<'py, PyAny>,
    key: &str,
    cap: f64,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| plain(keys.py(), &Book::new(exposures(keys, amounts, None)?)?.headroom(key, cap)?))
}

/// Increases in their order; `book` and `requests` are keys, amounts and groups, `caps` is JSON.
#[pyfunction]
pub(crate) fn allot<'py>(
    py: Python<'py>,
    book: (Bound<'py, PyAny>, Bound<'py, PyAny>, Option<Bound<'py, PyAny>>),
    requests: (Bound<'py, PyAny>, Bound<'py, PyAny>, Option<Bound<'py, PyAny>>),
    caps: &str,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let caps: ConcentrationCaps = setting("caps", caps)?;
        let requests = exposures(&requests.0, &requests.1, requests.2.as_ref())?;
        plain(py, &Book::new(exposures(&book.0, &book.1, book.2.as_ref())?)?.allot(&requests, &caps)?)
    })
}
