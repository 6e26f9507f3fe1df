//! Financial statements: ratios, the scores of Altman and Ohlson, and both as derived features.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scoreline::features::corporate::{self, AltmanModel, OhlsonConfig, RATIOS, Statement};
use scoreline::{Kind, Schema};

use crate::data::Cell;
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting};

/// A statement from a dict of items.
fn statement(values: &Bound<'_, PyDict>) -> Result<Statement, Fault> {
    let mut cells: Vec<(String, Cell<'_>)> = Vec::with_capacity(values.len());
    for (name, value) in values {
        let name: String = name.extract()?;
        let cell = Cell::read(&value).map_err(|fault| fault.in_field(&name))?;
        cells.push((name, cell));
    }
    let named = cells.iter().map(|(name, cell)| Ok((name.as_str(), cell.value(Kind::Number)?)));
    Ok(Statement::from_values(named.collect::<Result<Vec<_>, scoreline::Error>>()?)?)
}

/// The catalogue of ratios.
#[pyfunction]
pub(crate) fn corporate_catalogue(py: Python<'_>) -> Result<Bound<'_, PyAny>, Fault> {
    guard(|| {
        let entry = |ratio: &corporate::Ratio| {
            serde_json::json!({
                "name": ratio.name,
                "family": ratio.family,
                "unit": ratio.unit,
                "definition": ratio.definition,
                "expression": ratio.expression(),
                "denominators": ratio.denominators,
            })
        };
        plain(py, &RATIOS.iter().map(entry).collect::<Vec<_>>())
    })
}

/// The fields of a schema that hold a statement, with those of the year before when `prior`.
#[pyfunction]
pub(crate) fn corporate_fields(py: Python<'_>, prior: bool) -> Result<Bound<'_, PyAny>, Fault> {
    guard(|| plain(py, &Statement::fields(prior)))
}

/// Every ratio of a statement, with its value or why there is none.
#[pyfunction]
#[pyo3(signature = (year, prior = None))]
pub(crate) fn corporate_ratios<'py>(
    py: Python<'py>,
    year: &Bound<'py, PyDict>,
    prior: Option<&Bound<'py, PyDict>>,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let prior = prior.map(statement).transpose()?;
        plain(py, &corporate::ratios(&statement(year)?, prior.as_ref())?)
    })
}

/// Ratios as derived features; `schema` and `fields` are JSON.
#[pyfunction]
#[pyo3(signature = (schema, fields, names = None))]
pub(crate) fn corporate_ratio_features<'py>(
    py: Python<'py>,
    schema: &str,
    fields: &str,
    names: Option<Vec<String>>,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let schema: Schema = setting("schema", schema)?;
        let fields: BTreeMap<String, String> = setting("fields", fields)?;
        let names: Option<Vec<&str>> = names.as_ref().map(|names| names.iter().map(String::as_str).collect());
        plain(py, &corporate::ratio_features(&schema, names.as_deref(), &fields)?)
    })
}

/// Altman's score of a statement; `model` is the JSON of an `AltmanModel`.
#[pyfunction]
pub(crate) fn altman<'py>(py: Python<'py>, year: &Bound<'py, PyDict>, model: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let model: AltmanModel = setting("model", model)?;
        plain(py, &model.score(&statement(year)?)?)
    })
}

/// Altman's score of X1 to X5; `model` is the JSON of an `AltmanModel`.
#[pyfunction]
pub(crate) fn altman_terms<'py>(py: Python<'py>, x: Vec<f64>, model: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let model: AltmanModel = setting("model", model)?;
        plain(py, &model.score_terms(&x)?)
    })
}

/// Altman's score as a derived feature; `schema`, `model` and `fields` are JSON.
#[pyfunction]
pub(crate) fn altman_feature<'py>(py: Python<'py>, schema: &str, model: &str, fields: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let model: AltmanModel = setting("model", model)?;
        plain(py, &model.feature(&setting("schema", schema)?, &setting("fields", fields)?)?)
    })
}

/// Ohlson's score; `config` is the JSON of an `OhlsonConfig`.
#[pyfunction]
pub(crate) fn ohlson<'py>(
    py: Python<'py>,
    year: &Bound<'py, PyDict>,
    prior: &Bound<'py, PyDict>,
    config: &str,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let config: OhlsonConfig = setting("ohlson", config)?;
        plain(py, &config.score(&statement(year)?, &statement(prior)?)?)
    })
}

/// Ohlson's score and its probability as derived features; `schema`, `config` and `fields` are JSON.
#[pyfunction]
pub(crate) fn ohlson_features<'py>(
    py: Python<'py>,
    schema: &str,
    config: &str,
    fields: &str,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let config: OhlsonConfig = setting("ohlson", config)?;
        plain(py, &config.features(&setting("schema", schema)?, &setting("fields", fields)?)?)
    })
}
