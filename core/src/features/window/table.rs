//! Features of many entities from tables of events.

mod columns;
mod groups;
mod run;
mod tape;
mod work;

use super::plan::WindowPlan;
use crate::data::{Batch, Column};
use crate::error::{Error, Problem, Result};
use crate::parallel::Threads;
pub use run::{EventOrder, WindowRun};

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
        let mut run = self.run(entities, as_of, EventOrder::Any, threads)?;
        for (at, table) in tables.iter().enumerate() {
            if tables[..at].iter().any(|other| other.source == table.source) {
                let problem = Problem::new("the source has two tables", "pass one table for each source, in batches if need be");
                return Err(Error::data(problem.field(table.source)));
            }
            run.expect(table.source)?;
            for batch in table.events {
                run.add(table.source, table.entity, batch)?;
            }
        }
        run.finish()
    }
}
