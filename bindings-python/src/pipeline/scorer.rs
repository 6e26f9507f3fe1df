//! The scorer: one record, or a table.

use std::sync::Arc;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use scoreline::pipeline::CounterfactualConfig;
use scoreline::{Error, Kind, Problem, Threads, Value};

use super::decision::Decision;
use super::review::{Reviews, Standings, review_one, review_table, standing};
use super::table::Table;
use crate::data::{Cell, Input, Wanted, day, needed_day};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{plain, setting, text};

/// A pipeline ready to decide: immutable, and free to be used from many threads at once.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct Scorer {
    core: scoreline::Scorer,
    artefact: Arc<scoreline::Artefact>,
    /// Index of each field by name.
    index: Py<PyDict>,
    kinds: Vec<Kind>,
    wanted: Wanted,
}

impl Scorer {
    pub(crate) fn new(py: Python<'_>, artefact: Arc<scoreline::Artefact>) -> Result<Self, Fault> {
        let core = artefact.scorer()?;
        let fields = &core.schema().fields;
        let index = PyDict::new(py);
        for (at, field) in fields.iter().enumerate() {
            index.set_item(pyo3::types::PyString::intern(py, &field.name), at)?;
        }
        let read = core.required().iter().filter_map(|&field| fields.get(field));
        let wanted = Wanted::Columns(read.map(|field| (field.name.clone(), Some(field.kind))).collect());
        let kinds = fields.iter().map(|field| field.kind).collect();
        Ok(Scorer { core, artefact, index: index.unbind(), kinds, wanted })
    }

    pub(crate) fn core(&self) -> &scoreline::Scorer {
        &self.core
    }

    pub(super) fn artefact_hash(&self) -> &str {
        self.artefact.hash()
    }

    pub(super) fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// Cells of a record by field.
    #[inline]
    fn cells<'py>(&self, record: &Bound<'py, PyDict>) -> Result<Vec<Cell<'py>>, Fault> {
        let index = self.index.bind(record.py());
        let mut cells: Vec<Cell<'py>> = Vec::with_capacity(self.kinds.len());
        cells.resize_with(self.kinds.len(), || Cell::Missing);
        for (name, value) in record {
            let Some(at) = index.get_item(&name)? else { return Err(self.unknown(&name)) };
            let at: usize = at.extract()?;
            if let Some(cell) = cells.get_mut(at) {
                *cell = Cell::read(&value).map_err(|fault| self.in_field(fault, at))?;
            }
        }
        Ok(cells)
    }

    /// Does `work` with the values of a record.
    #[inline]
    pub(super) fn with_values<T>(
        &self,
        record: &Bound<'_, PyAny>,
        work: impl FnOnce(&Vec<Value<'_>>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let cells = match record.cast::<PyDict>() {
            Ok(record) => self.cells(record)?,
            Err(_) => {
                let copy = PyDict::new(record.py());
                copy.call_method1(intern!(record.py(), "update"), (record,))?;
                self.cells(&copy)?
            }
        };
        let mut values = Vec::with_capacity(cells.len());
        for (at, (cell, kind)) in cells.iter().zip(&self.kinds).enumerate() {
            values.push(cell.value(*kind).map_err(|error| self.in_field(error.into(), at))?);
        }
        work(&values)
    }

    fn unknown(&self, name: &Bound<'_, PyAny>) -> Fault {
        match name.extract::<&str>() {
            Ok(name) => self.core.field(name).map(|_| Error::internal("a field was lost")).unwrap_or_else(|error| error).into(),
            Err(_) => Error::data(Problem::new("the names of fields are text", "pass a dict of values by field name")).into(),
        }
    }

    fn in_field(&self, fault: Fault, at: usize) -> Fault {
        let field = self.core.schema().fields.get(at).map_or("", |field| &field.name);
        fault.in_field(field)
    }
}

/// A wish as Python words it: a field by its name alone may change in any way.
fn wish(
    target: &Bound<'_, PyAny>,
    allowed: &Bound<'_, PyAny>,
    max_changes: Option<usize>,
    alternatives: Option<usize>,
) -> Result<CounterfactualConfig, Fault> {
    let py = target.py();
    let changes = PyList::empty(py);
    for item in allowed.try_iter()? {
        let item = item?;
        let change = PyDict::new(py);
        if item.is_instance_of::<PyString>() {
            change.set_item("field", item)?;
        } else {
            change.call_method1(intern!(py, "update"), (item,))?;
        }
        changes.append(change)?;
    }
    let wish = PyDict::new(py);
    wish.set_item("target", target)?;
    wish.set_item("allowed", changes)?;
    for (name, given) in [("max_changes", max_changes), ("alternatives", alternatives)] {
        given.map(|given| wish.set_item(name, given)).transpose()?;
    }
    let text: String = py.import(intern!(py, "json"))?.call_method1(intern!(py, "dumps"), (wish,))?.extract()?;
    Ok(setting("counterfactuals", &text)?)
}

#[pymethods]
impl Scorer {
    /// Decides one record.
    #[pyo3(signature = (record, as_of = None))]
    fn decide_one<'py>(
        slf: &Bound<'py, Self>,
        record: &Bound<'py, PyAny>,
        as_of: Option<&Bound<'py, PyAny>>,
    ) -> Result<Decision, Fault> {
        guard(|| {
            let scorer = slf.get();
            let decision = scorer.with_values(record, |values| Ok(scorer.core.decide(values, day(as_of)?)?))?;
            Ok(Decision::new(decision, slf.clone().unbind()))
        })
    }

    /// The expert score of a record with what each factor adds to it.
    fn explain_expert<'py>(&self, record: &Bound<'py, PyAny>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| {
            let explained = self.with_values(record, |values| Ok(self.core.explain_expert(values)?))?;
            plain(record.py(), &explained)
        })
    }

    /// What moving each weight of the expert card does to the order and the classes of the clients in a table.
    #[pyo3(signature = (table, by = 5.0))]
    fn expert_sensitivity<'py>(&self, table: &Bound<'py, PyAny>, by: f64) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| {
            let input = Input::read(table, &self.wanted)?;
            let found = table.py().detach(|| {
                let batches: Vec<_> = input.batches(&self.wanted)?.into_iter().map(|(_, batch)| batch).collect();
                self.core.expert_sensitivity(&batches, by).map_err(|error| input.advise(error, &self.wanted))
            })?;
            plain(table.py(), &found)
        })
    }

    /// Why a record has the score it has, variable by variable.
    fn explain<'py>(&self, record: &Bound<'py, PyAny>) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| {
            let explained = self.with_values(record, |values| Ok(self.core.explain(values)?))?;
            plain(record.py(), &explained)
        })
    }

    /// What would lead to a wished result.
    #[pyo3(signature = (record, target, allowed, *, max_changes = None, alternatives = None, as_of = None))]
    fn counterfactuals<'py>(
        &self,
        record: &Bound<'py, PyAny>,
        target: &Bound<'py, PyAny>,
        allowed: &Bound<'py, PyAny>,
        max_changes: Option<usize>,
        alternatives: Option<usize>,
        as_of: Option<&Bound<'py, PyAny>>,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| {
            let (wish, as_of) = (wish(target, allowed, max_changes, alternatives)?, day(as_of)?);
            let found = self.with_values(record, |values| Ok(self.core.counterfactuals(values, as_of, &wish)?))?;
            plain(record.py(), &found)
        })
    }

    /// Decides every row of a table.
    #[pyo3(signature = (table, as_of = None, threads = 1))]
    fn decide(
        &self,
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        as_of: Option<&Bound<'_, PyAny>>,
        threads: usize,
    ) -> Result<Table, Fault> {
        guard(|| {
            let as_of = day(as_of)?;
            self.each(py, table, |batch| self.core.decide_batch(batch, as_of, Threads::from_count(threads)), Table::decided)
        })
    }

    /// Reviews one account in the book.
    #[pyo3(signature = (record, today, *, tier = None, since = None))]
    fn review_one<'py>(
        &self,
        record: &Bound<'py, PyAny>,
        today: &Bound<'py, PyAny>,
        tier: Option<&str>,
        since: Option<&Bound<'py, PyAny>>,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        guard(|| review_one(self, record, standing(tier, since)?, needed_day(today)?))
    }

    /// Reviews every account of a table.
    #[pyo3(signature = (table, today, *, previous = None, since = None, threads = 1))]
    fn review(
        slf: &Bound<'_, Self>,
        table: &Bound<'_, PyAny>,
        today: &Bound<'_, PyAny>,
        previous: Option<String>,
        since: Option<String>,
        threads: usize,
    ) -> Result<Reviews, Fault> {
        guard(|| review_table(slf, table, Standings::new(previous, since)?, needed_day(today)?, threads))
    }

    /// Scores every row of a table: score, PD and tier.
    #[pyo3(signature = (table, threads = 1))]
    fn score(&self, py: Python<'_>, table: &Bound<'_, PyAny>, threads: usize) -> Result<Table, Fault> {
        guard(|| self.each(py, table, |batch| self.core.score_batch(batch, Threads::from_count(threads)), Table::scored))
    }

    /// The weights of evidence of the card's variables for every row of a table.
    #[pyo3(signature = (table, threads = 1))]
    fn woe(&self, py: Python<'_>, table: &Bound<'_, PyAny>, threads: usize) -> Result<Table, Fault> {
        guard(|| {
            let work = |batch: &scoreline::Batch<'_>| self.core.woe_batch(batch, Threads::from_count(threads));
            self.each(py, table, work, |_, parts| Table::numbers(parts))
        })
    }

    /// Names of the input fields.
    #[getter]
    fn fields(&self) -> Result<Vec<&str>, Fault> {
        guard(|| Ok(self.core.schema().fields.iter().map(|field| field.name.as_str()).collect()))
    }

    /// The features over dated events, `None` without any.
    #[getter]
    fn windows<'py>(&self, py: Python<'py>) -> Result<Option<Bound<'py, PyAny>>, Fault> {
        guard(|| {
            let Some(plan) = self.core.windows() else { return Ok(None) };
            let class = py.import(intern!(py, "scoreline.events"))?.getattr(intern!(py, "Windows"))?;
            Ok(Some(class.call_method1(intern!(py, "from_json"), (text(plan.set())?,))?))
        })
    }

    /// The figures of side tables, `None` without any.
    #[getter]
    fn joins<'py>(&self, py: Python<'py>) -> Result<Option<Bound<'py, PyAny>>, Fault> {
        guard(|| {
            let Some(plan) = self.core.joins() else { return Ok(None) };
            let class = py.import(intern!(py, "scoreline.asof"))?.getattr(intern!(py, "AsOf"))?;
            Ok(Some(class.call_method1(intern!(py, "from_json"), (text(plan.set())?,))?))
        })
    }

    /// Names of the fields that can ever be read; no other field changes any output.
    #[getter]
    fn required(&self) -> Result<Vec<&str>, Fault> {
        guard(|| {
            let fields = &self.core.schema().fields;
            Ok(self.core.required().iter().filter_map(|&field| fields.get(field)).map(|field| field.name.as_str()).collect())
        })
    }

    /// The hash of the file that the scorer comes from.
    #[getter]
    fn hash(&self) -> Result<&str, Fault> {
        guard(|| Ok(self.artefact.hash()))
    }

    fn __repr__(&self) -> Result<String, Fault> {
        guard(|| {
            let pipeline = self.artefact.pipeline();
            let (name, variables, hash) = (&pipeline.name, pipeline.bins.len(), self.artefact.hash());
            Ok(format!("<scoreline.Scorer {name:?}: {} fields, {variables} variables, hash {hash:.12}>", self.kinds.len()))
        })
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> Result<(Bound<'py, PyAny>, (String,)), Fault> {
        guard(|| Ok((slf.py().import("scoreline.pipeline")?.getattr("_scorer_from_json")?, (slf.get().artefact.to_json()?,))))
    }
}

impl Scorer {
    /// Runs `work` on each part of a table, without the interpreter, and turns the results into one table.
    fn each<R: Send>(
        &self,
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        work: impl Fn(&scoreline::Batch<'_>) -> Result<R, Error> + Sync,
        finish: impl Fn(&scoreline::Scorer, Vec<(usize, R)>) -> Result<Table, Error> + Sync,
    ) -> Result<Table, Fault> {
        let input = Input::read(table, &self.wanted)?;
        let table = py.detach(|| {
            let results = input.batches(&self.wanted)?.into_iter().map(|(before, batch)| {
                let result = work(&batch).map_err(|error| input.advise(error, &self.wanted).after_rows(before))?;
                Ok((before, result))
            });
            finish(&self.core, results.collect::<Result<_, Error>>()?)
        })?;
        Ok(table)
    }
}
