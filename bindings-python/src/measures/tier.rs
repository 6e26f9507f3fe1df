//! Cuts from data, master scales, migration and the breaker.

use pyo3::prelude::*;
use scoreline::stats::Summary;
use scoreline::tier::cuts::CutConfig;
use scoreline::tier::{self, After, Breaker, MasterScale, MigrationMatrix, ScaleRules};
use scoreline::{Column, Error, Kind, Problem, Value};

use crate::data::Single;
use crate::error::Fault;
use crate::guard::guard;
use crate::model::value_counts;
use crate::plain::{plain, setting};

/// Cuts of tiers; `config` is JSON.
#[pyfunction]
#[pyo3(signature = (values, y, config, weight = None))]
pub(crate) fn tier_cuts<'py>(
    values: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    config: &str,
    weight: Option<&Bound<'py, PyAny>>,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let py = values.py();
        let config: CutConfig = setting("cuts", config)?;
        config.validate()?;
        let counts = value_counts(py, "values", values, y, weight)?;
        let found = py.detach(|| config.fit(&counts))?;
        plain(py, &found)
    })
}

/// A scale at equal distances of the logarithm.
#[pyfunction]
pub(crate) fn master_scale(py: Python<'_>, pd_min: f64, pd_max: f64, grades: usize) -> Result<Bound<'_, PyAny>, Fault> {
    guard(|| plain(py, &MasterScale::log_equidistant(pd_min, pd_max, grades)?))
}

/// A scale of given bounds.
#[pyfunction]
pub(crate) fn master_scale_of_bounds(py: Python<'_>, bounds: Vec<f64>) -> Result<Bound<'_, PyAny>, Fault> {
    guard(|| plain(py, &MasterScale::from_bounds(bounds)?))
}

/// The grades of PDs; `scale` is JSON.
#[pyfunction]
pub(crate) fn master_scale_grades(scale: &str, pds: &Bound<'_, PyAny>) -> Result<Vec<usize>, Fault> {
    guard(|| {
        let scale: MasterScale = setting("scale", scale)?;
        Ok(scale.grades_of(&Single::read("pd", pds, Some(Kind::Number))?.numbers()?)?)
    })
}

/// The scale whose grades stand for the mean PD of their obligors; `scale` is JSON.
#[pyfunction]
pub(crate) fn master_scale_mean<'py>(scale: &str, pds: &Bound<'py, PyAny>) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let scale: MasterScale = setting("scale", scale)?;
        plain(pds.py(), &scale.with_mean_pds(&Single::read("pd", pds, Some(Kind::Number))?.numbers()?)?)
    })
}

/// How a scale and its obligors meet the rules; `scale` and `rules` are JSON.
#[pyfunction]
pub(crate) fn master_scale_check<'py>(scale: &str, pds: &Bound<'py, PyAny>, rules: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let (scale, rules): (MasterScale, ScaleRules) = (setting("scale", scale)?, setting("rules", rules)?);
        plain(pds.py(), &scale.check(&Single::read("pd", pds, Some(Kind::Number))?.numbers()?, &rules)?)
    })
}

/// Coefficient of variation and Herfindahl index of weights over grades.
#[pyfunction]
pub(crate) fn grade_concentration(py: Python<'_>, weights: Vec<f64>) -> Result<Bound<'_, PyAny>, Fault> {
    guard(|| plain(py, &tier::grade_concentration(&weights)?))
}

/// Whether the concentration over grades rose.
#[pyfunction]
pub(crate) fn concentration_test(py: Python<'_>, initial: Vec<f64>, current: Vec<f64>) -> Result<Bound<'_, PyAny>, Fault> {
    guard(|| plain(py, &tier::concentration_test(&initial, &current)?))
}

/// The matrix of labels before and after; `grades` are the labels from the best to the worst.
#[pyfunction]
pub(crate) fn migration<'py>(
    before: &Bound<'py, PyAny>,
    after: &Bound<'py, PyAny>,
    grades: Vec<String>,
    withdrawn: &str,
    defaulted: &str,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let given = (Single::read("before", before, Some(Kind::Category))?, Single::read("after", after, Some(Kind::Category))?);
        let (from, to) = (given.0.column()?, given.1.column()?);
        if from.len() != to.len() {
            let problem = Problem::new("before and after differ in length", "pass both of every case");
            return Err(Error::data(problem.field("after")).into());
        }
        let grade = |name: &str, column: &Column<'_>, row: usize| match column.value(row) {
            Value::Category(label) => match grades.iter().position(|known| known == label) {
                Some(grade) => Ok(After::Grade { grade }),
                None if label == withdrawn => Ok(After::Withdrawn {}),
                None if label == defaulted => Ok(After::Defaulted {}),
                None => Err(Error::data(Problem::new("the label is no grade", "add it to `grades`").field(name).row(row))),
            },
            _ => Err(Error::data(Problem::new("the label is missing", "say what became of the case").field(name).row(row))),
        };
        let mut matrix = MigrationMatrix::new(grades.len())?;
        for row in 0..from.len() {
            let start = match grade("before", &from, row)? {
                After::Grade { grade } => grade,
                _ => {
                    let problem = Problem::new("a case must start in a grade", "leave out cases that were not rated");
                    return Err(Error::data(problem.field("before").row(row)).into());
                }
            };
            matrix.add(start, grade("after", &to, row)?)?;
        }
        plain(before.py(), &matrix)
    })
}

/// The sum of matrices, each as JSON.
#[pyfunction]
pub(crate) fn migration_merge<'py>(py: Python<'py>, matrix: &str, other: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let (mut matrix, other): (MigrationMatrix, MigrationMatrix) = (setting("matrix", matrix)?, setting("matrix", other)?);
        matrix.merge(&other)?;
        plain(py, &matrix)
    })
}

/// What a matrix, as JSON, says of stability.
#[pyfunction]
pub(crate) fn migration_figures<'py>(py: Python<'py>, matrix: &str) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let matrix: MigrationMatrix = setting("matrix", matrix)?;
        let found = serde_json::json!({
            "probabilities": matrix.probabilities(),
            "downgraded": matrix.downgraded(),
            "upgraded": matrix.upgraded(),
            "bandwidths": matrix.bandwidths(),
            "monotonicity": matrix.monotonicity(),
        });
        plain(py, &found)
    })
}

/// Whether a run may be written; `breaker` and `matrix` are JSON.
#[pyfunction]
#[pyo3(signature = (breaker, matrix, forced_by = None))]
pub(crate) fn breaker_check<'py>(
    py: Python<'py>,
    breaker: &str,
    matrix: &str,
    forced_by: Option<&str>,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let (breaker, matrix): (Breaker, MigrationMatrix) = (setting("breaker", breaker)?, setting("matrix", matrix)?);
        plain(py, &breaker.check(&matrix, forced_by)?)
    })
}
