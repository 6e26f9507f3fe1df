//! Training: the local loop, and the three calls that Spark and Ray drive.

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use scoreline::stats::Summary;
use scoreline::{Error, PassSummary, PipelineConfig, Problem, Threads};

use super::config::{Asked, described, wanted};
use crate::artefact::Artefact;
use crate::data::{Input, Wanted, infer};
use crate::error::Fault;
use crate::guard::guard;

/// Trains on one machine. `config` is the JSON of the configuration; without a schema, one is inferred from the table.
#[pyfunction]
#[pyo3(signature = (data, config, threads = 0))]
pub(crate) fn fit(py: Python<'_>, data: &Bound<'_, PyAny>, config: &str, threads: usize) -> Result<Artefact, Fault> {
    guard(|| {
        let asked = Asked::from_json(config)?;
        let input = Input::read(data, &asked.wanted())?;
        let config = asked.complete(&input)?;
        let fitted = py.detach(|| {
            let wanted = wanted(&config);
            let batches: Vec<_> = input.batches(&wanted)?.into_iter().map(|(_, batch)| batch).collect();
            let pipeline =
                scoreline::fit(&batches, config, Threads::from_count(threads)).map_err(|error| input.advise(error, &wanted))?;
            scoreline::Artefact::new(&pipeline)
        })?;
        Ok(Artefact::from(fitted))
    })
}

/// The JSON of a schema with a field for each column of `data` but `others`; `computed` is JSON of the settings `events` and
/// `joins`.
#[pyfunction]
pub(crate) fn infer_schema(data: &Bound<'_, PyAny>, others: Vec<String>, computed: &str) -> Result<String, Fault> {
    guard(|| {
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        let schema = infer(&Input::read(data, &Wanted::All)?, &others)?;
        json(&described(schema, computed)?)
    })
}

/// Merges what `Pass.observe` returned, in any order.
#[pyfunction]
pub(crate) fn merge<'py>(py: Python<'py>, summaries: Vec<PyBackedBytes>) -> Result<Bound<'py, PyBytes>, Fault> {
    guard(|| {
        let whole = py.detach(|| {
            let mut whole: Option<PassSummary> = None;
            for summary in &summaries {
                let summary = read_summary(summary)?;
                match &mut whole {
                    None => whole = Some(summary),
                    Some(whole) => whole.merge(&summary)?,
                }
            }
            whole.ok_or_else(no_data)
        })?;
        bytes(py, &whole)
    })
}

/// A training as a state machine: hand out a pass, take what it saw, move on.
#[pyclass(module = "scoreline._scoreline")]
pub(crate) struct Trainer(Option<scoreline::Trainer>);

#[pymethods]
impl Trainer {
    #[new]
    fn new(config: &str) -> Result<Self, Fault> {
        guard(|| Ok(Trainer(Some(scoreline::Trainer::new(PipelineConfig::from_json(config)?)?))))
    }

    /// The pass that the data are needed for next; ``None`` when the training is done.
    fn next_pass(&self) -> Result<Option<Pass>, Fault> {
        guard(|| Ok(self.inner()?.pass().map(Pass)))
    }

    /// Takes what the current pass saw of all rows.
    fn advance(&mut self, py: Python<'_>, summary: PyBackedBytes) -> Result<(), Fault> {
        guard(|| {
            let trainer = self.0.as_mut().ok_or_else(finished)?;
            Ok(py.detach(|| trainer.advance(read_summary(&summary)?))?)
        })
    }

    /// The fitted pipeline; the training ends with it.
    fn finish(&mut self, py: Python<'_>) -> Result<Artefact, Fault> {
        guard(|| {
            if self.inner()?.pass().is_some() {
                let problem = Problem::new("the training is not done", "run the pass that is due and advance");
                return Err(Error::incompatible(problem).into());
            }
            let trainer = self.0.take().ok_or_else(finished)?;
            let artefact = py.detach(|| scoreline::Artefact::new(&trainer.finish()?))?;
            Ok(Artefact::from(artefact))
        })
    }
}

impl Trainer {
    fn inner(&self) -> Result<&scoreline::Trainer, Error> {
        self.0.as_ref().ok_or_else(finished)
    }
}

/// One pass over the data, sent to wherever the data are.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct Pass(scoreline::Pass);

#[pymethods]
impl Pass {
    /// Reads what ``to_json`` wrote.
    #[staticmethod]
    fn from_json(text: &str) -> Result<Self, Fault> {
        guard(|| {
            let pass = serde_json::from_str(text).map_err(|_| {
                Error::incompatible(Problem::new("this is not a pass of this release", "use one release everywhere"))
            })?;
            Ok(Pass(pass))
        })
    }

    /// The pass as text.
    fn to_json(&self) -> Result<String, Fault> {
        guard(|| json(&self.0))
    }

    /// What the pass is for: ``profile``, ``newton`` or ``grade``.
    #[getter]
    fn name(&self) -> Result<&'static str, Fault> {
        guard(|| Ok(self.0.name()))
    }

    /// Summarises the rows of ``data``.
    #[pyo3(signature = (data, threads = 0))]
    fn observe<'py>(&self, py: Python<'py>, data: &Bound<'py, PyAny>, threads: usize) -> Result<Bound<'py, PyBytes>, Fault> {
        guard(|| {
            let wanted = wanted(self.0.config());
            let input = Input::read(data, &wanted)?;
            let whole = py.detach(|| {
                let mut whole: Option<PassSummary> = None;
                for (before, batch) in input.batches(&wanted)? {
                    let seen = self.0.observe(&batch, Threads::from_count(threads));
                    let seen = seen.map_err(|error| input.advise(error, &wanted).after_rows(before))?;
                    match &mut whole {
                        None => whole = Some(seen),
                        Some(whole) => whole.merge(&seen)?,
                    }
                }
                whole.ok_or_else(no_data)
            })?;
            bytes(py, &whole)
        })
    }
}

fn read_summary(bytes: &[u8]) -> Result<PassSummary, Error> {
    let problem = || {
        Problem::new(
            "this is not a summary of this release",
            "pass what observe or merge returned, and use one release everywhere",
        )
    };
    serde_json::from_slice(bytes).map_err(|_| Error::incompatible(problem()))
}

fn bytes<'py>(py: Python<'py>, summary: &PassSummary) -> Result<Bound<'py, PyBytes>, Fault> {
    Ok(PyBytes::new(py, json(summary)?.as_bytes()))
}

fn json(value: &impl serde::Serialize) -> Result<String, Fault> {
    Ok(serde_json::to_string(value).map_err(|_| Error::internal("a part of a training cannot be written as JSON"))?)
}

fn no_data() -> Error {
    Error::insufficient(Problem::new("there is no data", "pass at least one batch"))
}

fn finished() -> Error {
    Error::incompatible(Problem::new("the training was finished before", "start another trainer"))
}
