//! Batches of events come in, features of all rows come out.

use super::super::plan::{SourcePlan, WindowPlan};
use super::WindowTable;
use super::columns::Columns;
use super::groups::{Entities, Rows, runs};
use super::work::{Shared, Work};
use crate::data::{Batch, Column, Value};
use crate::error::{Error, Problem, Result};
use crate::parallel::Threads;

/// Entities in one piece of parallel work.
const CHUNK: usize = 256;
/// Events that are worth a round of parallel work.
const ROUND: usize = if cfg!(test) { 8 } else { 1 << 18 };

/// How the events of a source come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EventOrder {
    /// In any order; they are kept until all are there.
    #[default]
    Any,
    /// All events of an entity follow each other, through batches if need be. Each entity is done with when the next one
    /// comes, so that the memory needed does not grow with the number of events. An entity that comes twice is an error.
    ByEntity,
}

/// Features of many rows from events that come batch by batch.
///
/// ```
/// use scoreline::{Batch, Column, Threads};
/// use scoreline::features::window::{EventOrder, EventSet, WindowPlan};
/// let set: EventSet = serde_json::from_str(r#"{
///   "sources": [{"name": "payments", "date": "day", "fields": [{"name": "amount", "kind": "number"}]}],
///   "windows": [{"name": "payments", "source": "payments", "aggregate": {"type": "count"}, "window": {"type": "all"}}]
/// }"#).unwrap();
/// let plan = WindowPlan::new(&set)?;
/// let days = |days: Vec<i32>| Column::Date { values: days.into(), validity: None };
/// let (clients, as_of) = (Column::numbers(vec![1.0, 2.0]), days(vec![20_000, 20_000]));
/// let mut run = plan.run(&clients, &as_of, EventOrder::ByEntity, Threads::One)?;
/// for of in [vec![1.0, 1.0], vec![1.0, 2.0]] {
///     let batch = Batch::new(2)
///         .with("client", Column::numbers(of))?
///         .with("day", days(vec![19_990, 19_991]))?
///         .with("amount", Column::numbers(vec![10.0, 20.0]))?;
///     run.add("payments", "client", &batch)?;
/// }
/// assert_eq!(run.finish()?.columns, [[3.0, 1.0]]);
/// # Ok::<(), scoreline::Error>(())
/// ```
pub struct WindowRun<'a> {
    plan: &'a WindowPlan,
    entities: Entities<'a>,
    days: Vec<i32>,
    order: EventOrder,
    threads: Threads,
    sources: Vec<Waiting>,
    found: WindowTable,
}

/// The events of one source that are not yet done with.
struct Waiting {
    expected: bool,
    /// Column with the entity, as it was called last.
    key: String,
    columns: Columns,
    /// The entity of each.
    of: Vec<u32>,
    /// Events that are done with.
    before: usize,
    /// Entities that are done with.
    done: Vec<bool>,
}

impl WindowPlan {
    /// Begins the features of each row, which is an entity (text or a whole number) as of a date, from events that come batch
    /// by batch.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming field and row when a key or a date is missing.
    pub fn run<'a>(
        &'a self,
        entities: &'a Column<'_>,
        as_of: &Column<'_>,
        order: EventOrder,
        threads: Threads,
    ) -> Result<WindowRun<'a>> {
        let (rows, features) = (entities.len(), self.set().windows.len());
        let entities = Entities::of(entities)?;
        let waiting = |plan: &SourcePlan| Waiting {
            expected: false,
            key: String::new(),
            columns: Columns::new(plan),
            of: Vec::new(),
            before: 0,
            done: vec![false; entities.count()],
        };
        Ok(WindowRun {
            plan: self,
            days: days(as_of, rows)?,
            order,
            threads,
            sources: self.sources.iter().map(waiting).collect(),
            found: WindowTable { columns: vec![vec![f64::NAN; rows]; features], cut: vec![0; features] },
            entities,
        })
    }
}

impl WindowRun<'_> {
    /// Says that a source has a table, though it may hold no events.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when there is no such source.
    pub fn expect(&mut self, source: &str) -> Result<()> {
        self.sources[self.plan.source(source)?].expected = true;
        Ok(())
    }

    /// Adds events of a source; `entity` is the column with the key of the entity. Errors count rows from the first batch on.
    /// A run that gave an error cannot go on.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming field and row when there is no such source, a column is missing or
    /// of another kind, a key or a date is missing, an entity comes twice where that was ruled out, or an event is refused as
    /// the source declares.
    pub fn add(&mut self, source: &str, entity: &str, batch: &Batch<'_>) -> Result<()> {
        let at = self.plan.source(source)?;
        let waiting = &mut self.sources[at];
        waiting.expected = true;
        entity.clone_into(&mut waiting.key);
        let before = waiting.before + waiting.of.len();
        batch
            .column(entity)
            .and_then(|column| self.entities.of_events(column, &mut waiting.of))
            .and_then(|()| waiting.columns.add(&self.plan.sources[at], batch, self.threads))
            .map_err(|error| error.after_rows(before))?;
        if self.order == EventOrder::ByEntity && waiting.of.len() >= ROUND {
            // The last entity may go on in the next batch.
            let last = waiting.of.last().copied();
            let end = waiting.of.iter().rposition(|of| Some(*of) != last).map_or(0, |at| at + 1);
            self.evaluate_runs(at, end)?;
        }
        Ok(())
    }

    /// The features, when all events are there.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) as [`add`](WindowRun::add), and when a source has no table.
    pub fn finish(mut self) -> Result<WindowTable> {
        for (at, plan) in self.plan.sources.iter().enumerate() {
            if !self.sources[at].expected {
                let problem = Problem::new("each source needs one table of events", "pass one table for each source");
                return Err(Error::data(problem.field(&plan.source.name)));
            }
            if self.order == EventOrder::ByEntity {
                self.evaluate_runs(at, self.sources[at].of.len())?;
            }
            let waiting = &self.sources[at];
            let (mut lists, before) = (None, waiting.before);
            let rows = self.entities.events(&waiting.of, &waiting.done, &mut lists);
            let parts = self.evaluate(at, rows).map_err(|error| error.after_rows(before))?;
            self.put(at, parts);
        }
        Ok(self.found)
    }

    /// The features of the entities whose events stand before `end`.
    fn evaluate_runs(&mut self, at: usize, end: usize) -> Result<()> {
        let waiting = &mut self.sources[at];
        let runs = runs(&waiting.of[..end]);
        for (number, range) in &runs {
            if std::mem::replace(&mut waiting.done[*number as usize], true) {
                let remedy = "sort the events by entity, or declare that they come in any order";
                let problem = Problem::new("the events of an entity do not follow each other", remedy);
                return Err(Error::data(problem.field(&waiting.key).row(range.start)).after_rows(waiting.before));
            }
        }
        let before = waiting.before;
        let rows = runs.into_iter().map(|(number, range)| (number, Rows::Range(range))).collect();
        let parts = self.evaluate(at, rows).map_err(|error| error.after_rows(before))?;
        self.put(at, parts);
        let waiting = &mut self.sources[at];
        waiting.of.drain(..end);
        waiting.columns.forget(end);
        waiting.before += end;
        Ok(())
    }

    /// Rows, and the values of all features of the source for each of them.
    fn evaluate(&self, at: usize, entities: Vec<(u32, Rows<'_>)>) -> Result<Vec<Part>> {
        let plan = &self.plan.sources[at];
        let shared = Shared::new(plan, &self.sources[at].columns);
        let chunks: Vec<&[(u32, Rows<'_>)]> = entities.chunks(CHUNK).collect();
        self.threads.map(chunks, |chunk| {
            let mut work = Work::new(&shared);
            let mut part = Part::default();
            let mut rows = Vec::new();
            for (entity, events) in chunk {
                rows.clear();
                rows.extend(self.entities.rows(*entity));
                rows.sort_by_key(|row| self.days[*row]);
                work.begin(events)?;
                for row in &rows {
                    part.rows.push(*row);
                    work.answers(self.days[*row], |feature, answer| {
                        part.values.push(answer.number);
                        if answer.cut {
                            part.cut.push(feature.place);
                        }
                    });
                }
            }
            Ok(part)
        })
    }

    fn put(&mut self, at: usize, parts: Vec<Part>) {
        let features = &self.plan.sources[at].features;
        for part in parts {
            // Column by column: writing to all of them in turn would miss the cache each time.
            for (at, feature) in features.iter().enumerate() {
                let column = &mut self.found.columns[feature.place];
                for (row, values) in part.rows.iter().zip(part.values.chunks_exact(features.len())) {
                    column[*row] = values[at];
                }
            }
            part.cut.iter().for_each(|place| self.found.cut[*place] += 1);
        }
    }
}

/// What one piece of work found.
#[derive(Default)]
struct Part {
    rows: Vec<usize>,
    /// For each row the values of all features.
    values: Vec<f64>,
    /// The features whose window held more events than are kept, once for each row.
    cut: Vec<usize>,
}

/// The days of a column of dates, all of them there.
fn days(column: &Column<'_>, rows: usize) -> Result<Vec<i32>> {
    if column.len() != rows {
        return Err(Error::data(
            Problem::new("there are more or fewer dates than entities", "give one date for each row").field("as_of"),
        ));
    }
    let one = |row| match column.value(row) {
        Value::Date(date) => Ok(date.in_range("as_of").map_err(|error| error.at_row(row))?.days()),
        _ => Err(Error::data(Problem::new("a calendar day was expected", "give every row a date").field("as_of").row(row))),
    };
    (0..rows).map(one).collect()
}
