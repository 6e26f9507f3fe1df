//! Features over dated events: of tables, and of one entity at a time.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scoreline::features::window::{DatedEvent, EventOrder, EventSet, EventSource, EventState, WindowPlan};
use scoreline::{Date, Error, Kind, Problem, Threads, Value};

use crate::arrow::Numbers;
use crate::data::{Cell, Input, Single, Wanted, needed_day, no_day};
use crate::error::Fault;
use crate::guard::guard;
use crate::plain::{setting, text};

/// Events that are taken at a time, so that progress can be told and the work be broken off.
const PIECE: usize = 1 << 20;

/// A set of features over dated events, ready to be computed.
#[pyclass(frozen, module = "scoreline._scoreline")]
pub(crate) struct Windows {
    plan: Arc<WindowPlan>,
}

/// What is remembered of one entity's events.
#[pyclass(module = "scoreline._scoreline")]
pub(crate) struct WindowState {
    plan: Arc<WindowPlan>,
    state: EventState,
}

#[pymethods]
impl Windows {
    #[new]
    fn new(set: &str) -> Result<Self, Fault> {
        guard(|| {
            let set: EventSet = setting("events", set)?;
            Ok(Windows { plan: Arc::new(WindowPlan::new(&set)?) })
        })
    }

    /// Names of the features.
    #[getter]
    fn names(&self) -> Result<Vec<String>, Fault> {
        guard(|| Ok(self.plan.names().map(str::to_owned).collect()))
    }

    /// What tells this set from others.
    #[getter]
    fn id(&self) -> Result<String, Fault> {
        guard(|| Ok(self.plan.id().to_owned()))
    }

    /// The set as JSON.
    fn to_json(&self) -> Result<String, Fault> {
        guard(|| Ok(text(self.plan.set())?))
    }

    /// The features of each row, and for each feature in how many rows events were left out. A table may be an iterator of
    /// tables, which is read as the work goes on; `progress` is called with the number of events done.
    #[expect(clippy::too_many_arguments, reason = "keyword arguments of Python")]
    fn evaluate<'py>(
        &self,
        py: Python<'py>,
        tables: Vec<(String, Bound<'py, PyAny>, String)>,
        entities: &Bound<'py, PyAny>,
        as_of: &Bound<'py, PyAny>,
        by_entity: bool,
        progress: Option<Bound<'py, PyAny>>,
        threads: usize,
    ) -> Result<(Vec<Numbers>, Vec<usize>), Fault> {
        guard(|| {
            let entities = Single::read("entities", entities, None)?;
            let as_of = Single::read("as_of", as_of, Some(Kind::Date))?;
            let (entities, as_of) = (entities.column()?, as_of.column()?);
            let order = if by_entity { EventOrder::ByEntity } else { EventOrder::Any };
            let mut run = py.detach(|| self.plan.run(&entities, &as_of, order, Threads::from_count(threads)))?;
            let mut done = 0;
            for (source, table, entity) in &tables {
                run.expect(source)?;
                let wanted = self.wanted(source, entity);
                let mut rows = 0;
                for_each_table(table, |table| {
                    let input = Input::read(table, &wanted)?.in_pieces(PIECE);
                    // Every error counts rows from the first table on.
                    for (_, batch) in input.batches(&wanted).map_err(|error| error.after_rows(rows))? {
                        rows += batch.rows();
                        py.detach(|| run.add(source, entity, &batch)).map_err(|error| input.advise(error, &wanted))?;
                        done += batch.rows();
                        if let Some(progress) = &progress {
                            progress.call1((done,))?;
                        }
                        py.check_signals()?;
                    }
                    Ok(())
                })?;
            }
            let found = py.detach(|| run.finish())?;
            Ok((found.columns.into_iter().map(Numbers::from).collect(), found.cut))
        })
    }

    /// The features of one entity from lists of events by source.
    fn of_events<'py>(
        &self,
        py: Python<'py>,
        events: Vec<(String, Vec<Bound<'py, PyDict>>)>,
        as_of: &Bound<'py, PyAny>,
    ) -> Result<Bound<'py, PyDict>, Fault> {
        guard(|| {
            let as_of = needed_day(as_of)?;
            let mut read = Vec::new();
            for (source, events) in &events {
                for event in events {
                    read.push((source.as_str(), ReadEvent::read(&self.plan, source, event)?));
                }
            }
            let fields = read.iter().map(|(_, event)| event.fields()).collect::<Result<Vec<_>, Error>>()?;
            let mut list = Vec::with_capacity(read.len());
            for ((source, event), fields) in read.iter().zip(&fields) {
                list.push((*source, event.dated(fields)?));
            }
            named(py, &self.plan, &self.plan.of_events(&list, as_of)?.values)
        })
    }

    /// The state of an entity, without events or read from JSON.
    fn state(&self, json: Option<&str>) -> Result<WindowState, Fault> {
        guard(|| {
            let state = match json {
                None => self.plan.state(),
                Some(json) => self.plan.state_from_json(json)?,
            };
            Ok(WindowState { plan: self.plan.clone(), state })
        })
    }
}

impl Windows {
    /// The columns that a source reads.
    fn wanted(&self, source: &str, entity: &str) -> Wanted {
        let Some(source) = self.plan.set().sources.iter().find(|known| known.name == source) else { return Wanted::All };
        let dates = [Some(&source.date), source.published.as_ref()].into_iter().flatten();
        let keys = [Some(entity), source.id.as_deref()].into_iter().flatten();
        let fields = source.fields.iter().map(|field| (field.name.clone(), Some(field.kind)));
        let dates = dates.map(|name| (name.clone(), Some(Kind::Date)));
        Wanted::Columns(keys.map(|name| (name.to_owned(), None)).chain(dates).chain(fields).collect())
    }
}

#[pymethods]
impl WindowState {
    /// Adds an event: a dict of the source's date, fields, publication and key.
    fn advance(&mut self, source: &str, event: &Bound<'_, PyDict>) -> Result<(), Fault> {
        guard(|| {
            let read = ReadEvent::read(&self.plan, source, event)?;
            let fields = read.fields()?;
            Ok(self.plan.advance(&mut self.state, source, &read.dated(&fields)?)?)
        })
    }

    /// The features by name as of a day, and the names of those that left events out.
    fn read<'py>(&self, py: Python<'py>, as_of: &Bound<'py, PyAny>) -> Result<(Bound<'py, PyDict>, Vec<String>), Fault> {
        guard(|| {
            let found = self.plan.read(&self.state, needed_day(as_of)?)?;
            let names: Vec<&str> = self.plan.names().collect();
            let cut = found.cut.into_iter().filter_map(|place| names.get(place)).map(|name| (*name).to_owned()).collect();
            Ok((named(py, &self.plan, &found.values)?, cut))
        })
    }

    /// The state as JSON.
    fn to_json(&self) -> Result<String, Fault> {
        guard(|| Ok(self.state.to_json()?))
    }
}

/// Every table of an iterator in turn, or the one that is given.
fn for_each_table<'py>(
    data: &Bound<'py, PyAny>,
    mut work: impl FnMut(&Bound<'py, PyAny>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    if !data.hasattr("__next__")? {
        return work(data);
    }
    for table in data.try_iter()? {
        work(&table?)?;
    }
    Ok(())
}

/// Values by the names of the features; `None` for what is missing.
fn named<'py>(py: Python<'py>, plan: &WindowPlan, values: &[f64]) -> Result<Bound<'py, PyDict>, Fault> {
    let found = PyDict::new(py);
    for (name, value) in plan.names().zip(values) {
        found.set_item(name, if value.is_nan() { None } else { Some(*value) })?;
    }
    Ok(found)
}

/// An event of Python, read but not yet checked.
struct ReadEvent<'p, 'py> {
    source: &'p EventSource,
    date: Date,
    published: Option<Date>,
    id: Cell<'py>,
    cells: Vec<Cell<'py>>,
}

impl<'p, 'py> ReadEvent<'p, 'py> {
    fn read(plan: &'p WindowPlan, source: &str, event: &Bound<'py, PyDict>) -> Result<Self, Fault> {
        let Some(source) = plan.set().sources.iter().find(|known| known.name == source) else {
            let problem = Problem::new("there is no such source of events", "name one of the set's sources");
            return Err(Error::data(problem.field(source)).into());
        };
        let cell = |name: &str| match event.get_item(name)? {
            Some(value) => Cell::read(&value).map_err(|fault| fault.in_field(name)),
            None => Ok(Cell::Missing),
        };
        let a_day = |name: &str| -> Result<Option<Date>, Fault> {
            match cell(name)?.value(Kind::Date).map_err(|error| error.in_field(name))? {
                Value::Date(day) => Ok(Some(day)),
                Value::Missing => Ok(None),
                _ => Err(no_day(name).into()),
            }
        };
        let date = a_day(&source.date)?.ok_or_else(|| no_day(&source.date))?;
        let published = source.published.as_deref().map(a_day).transpose()?.flatten();
        let id = cell(source.id.as_deref().unwrap_or_default())?;
        let cells = source.fields.iter().map(|field| cell(&field.name)).collect::<Result<_, Fault>>()?;
        Ok(ReadEvent { date, published, id, cells, source })
    }

    fn fields(&self) -> Result<Vec<Value<'_>>, Error> {
        let mut values = Vec::with_capacity(self.cells.len());
        for (cell, field) in self.cells.iter().zip(&self.source.fields) {
            values.push(cell.value(field.kind).map_err(|error| error.in_field(&field.name))?);
        }
        Ok(values)
    }

    fn dated<'a>(&'a self, fields: &'a [Value<'a>]) -> Result<DatedEvent<'a, [Value<'a>]>, Error> {
        let id = match &self.id {
            Cell::Number(number) => Value::Number(*number),
            other => other.value(Kind::Category)?,
        };
        Ok(DatedEvent { date: self.date, published: self.published, id, fields })
    }
}
