//! Playbooks: contingency plans.

use pyo3::prelude::*;
use scoreline::pipeline::Playbook;
use scoreline::{Error, Threads};

use crate::artefact::Artefact;
use crate::data::{Input, Wanted, day};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting};

/// A pipeline with a plan in force; `plan` is JSON.
#[pyfunction]
pub(crate) fn apply_playbook(py: Python<'_>, plan: &str, artefact: &Artefact) -> Result<Artefact, Fault> {
    guard(|| {
        let plan: Playbook = setting("playbook", plan)?;
        let changed = py.detach(|| scoreline::Artefact::new(&plan.apply(artefact.pipeline())?))?;
        Ok(Artefact::from(changed))
    })
}

/// What a plan would do to a table of applications, and the rows that could not be decided; `plan` is JSON.
#[pyfunction]
#[pyo3(signature = (plan, artefact, data, as_of, threads))]
pub(crate) fn dry_run<'py>(
    py: Python<'py>,
    plan: &str,
    artefact: &Artefact,
    data: &Bound<'py, PyAny>,
    as_of: Option<&Bound<'py, PyAny>>,
    threads: usize,
) -> Result<Bound<'py, PyAny>, Fault> {
    guard(|| {
        let plan: Playbook = setting("playbook", plan)?;
        let pipeline = artefact.pipeline();
        let fields = pipeline.schema.fields.iter().map(|field| (field.name.clone(), Some(field.kind)));
        let wanted = Wanted::Columns(fields.collect());
        let (input, as_of) = (Input::read(data, &wanted)?, day(as_of)?);
        let run = py.detach(|| {
            let batches: Vec<_> = input.batches(&wanted)?.into_iter().map(|(_, batch)| batch).collect();
            plan.dry_run(pipeline, &batches, as_of, Threads::from_count(threads))
        })?;
        let errors: Vec<(usize, &str, String)> = run.errors.iter().map(listed).collect();
        Ok((plain(py, &run)?, errors).into_pyobject(py)?.into_any())
    })
}

/// A row that was refused: its place, the code and the message.
fn listed((row, error): &(usize, Error)) -> (usize, &'static str, String) {
    (*row, error.code().name(), error.to_string())
}
