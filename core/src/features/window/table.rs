//! Features of many entities from tables of events.

mod columns;
mod groups;

use super::config::Unsorted;
use super::plan::{SourcePlan, WindowPlan};
use super::state::SourceState;
use crate::data::{Batch, Column, Value};
use crate::error::{Error, Problem, Result};
use crate::parallel::Threads;
use columns::Columns;
use groups::{Entities, Groups};

/// Entities in one piece of parallel work.
const CHUNK: usize = 256;

/// The events of one source.
#[derive(Debug, Clone)]
pub struct EventTable<'a> {
    /// The source.
    pub source: &'a str,
    /// Column with the key of the entity: text or whole numbers.
    pub entity: &'a str,
    /// The events, in one batch or more.
    pub events: &'a [Batch<'a>],
}

/// The features of many rows.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowTable {
    /// For each feature one value a row; NaN when it is missing.
    pub columns: Vec<Vec<f64>>,
    /// For each feature the number of rows whose window held more events than are kept.
    pub cut: Vec<usize>,
}

impl WindowPlan {
    /// The features of each row, which is an entity as of a date. Events of other entities are passed over; an entity
    /// without events has the results of empty windows.
    ///
    /// ```
    /// use scoreline::{Batch, Column};
    /// use scoreline::features::window::{EventSet, EventTable, WindowPlan};
    /// let set: EventSet = serde_json::from_str(r#"{
    ///   "sources": [{"name": "payments", "date": "day", "fields": [{"name": "amount", "kind": "number"}]}],
    ///   "windows": [{"name": "paid_30d", "source": "payments", "aggregate": {"type": "sum", "of": "amount"},
    ///                "window": {"type": "days", "days": 30}}]
    /// }"#).unwrap();
    /// let day = |text| scoreline::Date::parse(text).unwrap().days();
    /// let events = Batch::new(3)
    ///     .with("client", Column::numbers(vec![1.0, 1.0, 1.0]))?
    ///     .with("day", Column::Date { values: vec![day("2026-01-05"), day("2026-02-01"), day("2026-02-20")].into(), validity: None })?
    ///     .with("amount", Column::numbers(vec![10.0, 20.5, 40.0]))?;
    /// let table = EventTable { source: "payments", entity: "client", events: &[events] };
    /// let as_of = Column::Date { values: vec![day("2026-02-10")].into(), validity: None };
    /// let plan = WindowPlan::new(&set)?;
    /// let found = plan.evaluate(&[table], &Column::numbers(vec![1.0]), &as_of, scoreline::Threads::One)?;
    /// // The first payment is too old, the last one lies in the future.
    /// assert_eq!(found.columns, [[20.5]]);
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming field and row when a source has no table or two, a column is
    /// missing or of another kind, a key or a date is missing, or an event is refused as the source declares.
    pub fn evaluate(
        &self,
        tables: &[EventTable<'_>],
        entities: &Column<'_>,
        as_of: &Column<'_>,
        threads: Threads,
    ) -> Result<WindowTable> {
        tables.iter().try_for_each(|table| self.source(table.source).map(drop))?;
        let rows = entities.len();
        let days = days(as_of, rows)?;
        let known = Entities::of(entities)?;
        let mut found =
            WindowTable { columns: vec![vec![f64::NAN; rows]; self.features.len()], cut: vec![0; self.features.len()] };
        for (place, plan) in self.sources.iter().enumerate() {
            let mut of_source = tables.iter().filter(|table| table.source == plan.source.name);
            let (Some(table), None) = (of_source.next(), of_source.next()) else {
                let problem = Problem::new("each source needs one table of events", "pass one table for each source");
                return Err(Error::data(problem.field(&plan.source.name)));
            };
            let features: Vec<usize> = (0..self.features.len()).filter(|at| self.features[*at].source == place).collect();
            self.evaluate_source(plan, &features, (table, &known, &days), threads, &mut found)?;
        }
        Ok(found)
    }

    fn evaluate_source(
        &self,
        plan: &SourcePlan,
        features: &[usize],
        (table, known, days): (&EventTable<'_>, &Entities<'_>, &[i32]),
        threads: Threads,
        found: &mut WindowTable,
    ) -> Result<()> {
        let (mut columns, mut of) = (Columns::new(plan), Vec::new());
        for batch in table.events {
            let before = of.len();
            let part = known.of_events(batch.column(table.entity)?, &mut of).and_then(|()| columns.add(plan, batch, threads));
            part.map_err(|error| error.after_rows(before))?;
        }
        let groups = known.group(&of);
        let chunks: Vec<std::ops::Range<usize>> =
            (0..known.count()).step_by(CHUNK).map(|from| from..(from + CHUNK).min(known.count())).collect();
        let parts = threads.map(chunks, |chunk| {
            let mut work = Work { plan, columns: &columns, groups: &groups, state: plan.state(), order: Vec::new() };
            let mut rows = Vec::new();
            let mut values: Vec<(f64, bool)> = Vec::new();
            for entity in chunk {
                let mut of_entity: Vec<usize> = known.rows(entity).collect();
                of_entity.sort_by_key(|row| days[*row]);
                work.begin(entity)?;
                for row in of_entity {
                    work.advance(days[row]);
                    rows.push(row);
                    for feature in features {
                        let feature = &self.features[*feature];
                        let value = feature.value(&work.state.streams, |stream| plan.streams[stream].memory.events, days[row]);
                        values.push((value.number, value.cut));
                    }
                }
            }
            Ok((rows, values))
        })?;
        for (rows, values) in parts {
            for (row, values) in rows.iter().zip(values.chunks_exact(features.len().max(1))) {
                for (feature, (number, cut)) in features.iter().zip(values) {
                    found.columns[*feature][*row] = *number;
                    found.cut[*feature] += usize::from(*cut);
                }
            }
        }
        Ok(())
    }
}

/// One entity after the other.
struct Work<'a> {
    plan: &'a SourcePlan,
    columns: &'a Columns,
    groups: &'a Groups,
    state: SourceState,
    /// The events of the entity that are not yet in the state, the next one last.
    order: Vec<u32>,
}

impl Work<'_> {
    /// Turns to another entity, and checks its events.
    fn begin(&mut self, entity: usize) -> Result<()> {
        self.state.clear();
        self.order.clear();
        // A day that never comes marks an event that never counts.
        let known = |event: &u32| self.columns.known[*event as usize];
        self.order.extend(self.groups.members(entity).iter().filter(|event| known(event) != i32::MAX));
        let source = &self.plan.source;
        if source.unsorted == Unsorted::Sort && !self.order.is_sorted_by_key(known) {
            self.order.sort_by_key(known);
        }
        if source.unsorted == Unsorted::Refuse || self.columns.keys.is_some() {
            let mut kept = Vec::with_capacity(self.order.len());
            for event in &self.order {
                let at = *event as usize;
                let key = self.columns.keys.as_ref().map(|keys| keys[at]);
                if self.state.admit(self.plan, self.columns.known[at], key).map_err(|error| error.at_row(at))? {
                    kept.push(*event);
                }
            }
            self.order = kept;
        }
        self.order.reverse();
        Ok(())
    }

    /// Adds the events that became known up to a day.
    fn advance(&mut self, day: i32) {
        let columns = self.columns;
        let from = self.order.partition_point(|event| columns.known[*event as usize] > day);
        for (stream, kept) in self.plan.streams.iter().zip(&mut self.state.streams) {
            let filter = stream.filter.map(|filter| &columns.passes[filter]);
            for event in self.order[from..].iter().rev() {
                let at = *event as usize;
                if filter.is_none_or(|passes| passes[at])
                    && let Some(event) =
                        stream.event(columns.days[at], |slot| columns.number(slot, at), |slot| columns.level(slot, at))
                {
                    kept.push(event, stream.memory);
                }
            }
        }
        self.order.truncate(from);
    }
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
