//! Bins for continuous and for multi-class targets.

use pyo3::prelude::*;
use scoreline::binning::{continuous, multiclass, transform};
use scoreline::{Error, Field, Kind, Problem, Threads};
use serde::{Deserialize, Serialize};

use super::{Values, again};
use crate::arrow::Numbers;
use crate::data::{Single, weights};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting, text};

/// The bins of one column and its field, as text.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fitted<B> {
    field: Field,
    bins: B,
}

/// Bins of one column for a continuous target.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct ContinuousBins(Fitted<continuous::ContinuousBins>);

/// Bins of one column for a target with several classes.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct MulticlassBins(Fitted<multiclass::MulticlassBins>);

/// Bins `values` for the numbers in `target`. `config`, `special` and `missing` are JSON.
#[pyfunction]
#[pyo3(signature = (values, target, name, config, special, missing, kind = None, weight = None))]
#[expect(clippy::too_many_arguments, reason = "the arguments of one Python call")]
pub(crate) fn bin_continuous(
    values: &Bound<'_, PyAny>,
    target: &Bound<'_, PyAny>,
    name: &str,
    config: &str,
    special: &str,
    missing: &str,
    kind: Option<&str>,
    weight: Option<&Bound<'_, PyAny>>,
) -> Result<ContinuousBins, Fault> {
    guard(|| {
        let config: continuous::ContinuousConfig = setting("binning", config)?;
        let Values { single, field } = Values::read(values, name, kind, (special, missing))?;
        let target = Single::read("y", target, Some(Kind::Number))?;
        let weight = Single::read_optional("weight", weight)?;
        let bins = values.py().detach(|| {
            let target = target.numbers()?;
            let weight = weights(target.len(), weight.as_ref())?;
            continuous::bin_column(&field, &single.column()?, &target, weight.as_deref(), &config)
        })?;
        Ok(ContinuousBins(Fitted { field, bins }))
    })
}

/// Bins `values` for the classes in `target`. `config`, `special` and `missing` are JSON.
#[pyfunction]
#[pyo3(signature = (values, target, name, config, special, missing, kind = None, weight = None))]
#[expect(clippy::too_many_arguments, reason = "the arguments of one Python call")]
pub(crate) fn bin_multiclass(
    values: &Bound<'_, PyAny>,
    target: &Bound<'_, PyAny>,
    name: &str,
    config: &str,
    special: &str,
    missing: &str,
    kind: Option<&str>,
    weight: Option<&Bound<'_, PyAny>>,
) -> Result<MulticlassBins, Fault> {
    guard(|| {
        let config: multiclass::MulticlassConfig = setting("binning", config)?;
        let Values { single, field } = Values::read(values, name, kind, (special, missing))?;
        let target = Single::read("y", target, Some(Kind::Category))?;
        let weight = Single::read_optional("weight", weight)?;
        let bins = values.py().detach(|| {
            let target = target.column()?;
            let weight = weights(target.len(), weight.as_ref())?;
            multiclass::bin_column(&field, &single.column()?, &target, weight.as_deref(), &config)
        })?;
        Ok(MulticlassBins(Fitted { field, bins }))
    })
}

#[pymethods]
impl ContinuousBins {
    /// Reads what ``to_json`` wrote.
    #[staticmethod]
    fn from_json(text: &str) -> Result<Self, Fault> {
        guard(|| Ok(ContinuousBins(setting("bins", text)?)))
    }

    /// Field and bins as text.
    fn to_json(&self) -> Result<String, Fault> {
        guard(|| Ok(text(&self.0)?))
    }

    /// The bins as plain values.
    fn bins<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| plain(py, &self.0.bins))
    }

    /// The mean target of the bin of each value.
    #[pyo3(signature = (values, threads = 0))]
    fn mean(&self, values: &Bound<'_, PyAny>, threads: usize) -> Result<Numbers, Fault> {
        guard(|| {
            let bins = &self.0.bins;
            let means: Vec<f64> = bins.bins.iter().map(|bin| bin.mean).collect();
            place(values, &self.0.field, &bins.split, &means, threads)
        })
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> Result<(Bound<'py, PyAny>, (String,)), Fault> {
        guard(|| Ok((slf.get_type().getattr("from_json")?, (slf.get().to_json()?,))))
    }
}

#[pymethods]
impl MulticlassBins {
    /// Reads what ``to_json`` wrote.
    #[staticmethod]
    fn from_json(text: &str) -> Result<Self, Fault> {
        guard(|| Ok(MulticlassBins(setting("bins", text)?)))
    }

    /// Field and bins as text.
    fn to_json(&self) -> Result<String, Fault> {
        guard(|| Ok(text(&self.0)?))
    }

    /// The bins as plain values.
    fn bins<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| plain(py, &self.0.bins))
    }

    /// The weight of evidence of a class for each value.
    #[pyo3(signature = (values, class_name, threads = 0))]
    fn woe(&self, values: &Bound<'_, PyAny>, class_name: &str, threads: usize) -> Result<Numbers, Fault> {
        guard(|| {
            let bins = &self.0.bins;
            let class = bins.classes.iter().position(|class| class == class_name).ok_or_else(|| {
                Error::config(Problem::new("there is no such class", "name one of the classes").field("class_name"))
            })?;
            let woes: Vec<f64> = bins.bins.iter().filter_map(|bin| bin.woe.get(class)).copied().collect();
            place(values, &self.0.field, &bins.split, &woes, threads)
        })
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> Result<(Bound<'py, PyAny>, (String,)), Fault> {
        guard(|| Ok((slf.get_type().getattr("from_json")?, (slf.get().to_json()?,))))
    }
}

fn place(
    values: &Bound<'_, PyAny>,
    field: &Field,
    split: &scoreline::binning::Split,
    stand: &[f64],
    threads: usize,
) -> Result<Numbers, Fault> {
    let single = again(values, field)?;
    let found = values.py().detach(|| transform(split, stand, field, &single.column()?, Threads::from_count(threads)))?;
    Ok(Numbers::from(found))
}
