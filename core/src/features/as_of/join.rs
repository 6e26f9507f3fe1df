//! The joined fields of many rows.

use std::ops::Range;

use super::column::{Growing, JoinedColumn};
use super::index::{SideIndex, SideRows};
use super::plan::AsOfPlan;
use crate::data::{Batch, Column, Date, Kind, Row, Value};
use crate::error::{Error, Problem, Result};
use crate::parallel::Threads;

/// Rows in one piece of parallel work.
const CHUNK: usize = if cfg!(test) { 7 } else { 1 << 14 };

/// The joined fields of many rows.
#[derive(Debug, Clone, PartialEq)]
pub struct JoinedTable {
    /// Names of the fields, in the order of the set.
    pub names: Vec<String>,
    /// The fields, one value a row.
    pub columns: Vec<JoinedColumn>,
    /// Number of rows.
    pub rows: usize,
}

impl JoinedTable {
    /// The fields as a batch that borrows from this.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the columns were changed and differ in length.
    pub fn batch(&self) -> Result<Batch<'_>> {
        self.names
            .iter()
            .zip(&self.columns)
            .try_fold(Batch::new(self.rows), |batch, (name, column)| batch.with(name, column.column()))
    }
}

impl AsOfPlan {
    /// The joined fields of each row as of its day: [`index`](AsOfPlan::index) and [`SideIndex::join`] in one.
    ///
    /// # Errors
    /// As of both.
    pub fn evaluate(
        &self,
        tables: &[SideRows<'_>],
        rows: &[Batch<'_>],
        as_of: &Column<'_>,
        threads: Threads,
    ) -> Result<JoinedTable> {
        self.index(tables)?.join(rows, as_of, threads)
    }
}

impl SideIndex {
    /// The joined fields of each row as of its day. `rows` hold the columns of the plan's [keys](AsOfPlan::keys), in one batch or
    /// more; without keys they are not read. A row whose key is missing or unknown has missing values.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming field and row when a column of keys is missing, a key is neither text
    /// nor a whole number or of another kind than in its side table, or a day is missing or out of range.
    pub fn join(&self, rows: &[Batch<'_>], as_of: &Column<'_>, threads: Threads) -> Result<JoinedTable> {
        let days = days(as_of)?;
        let alone = [Batch::new(days.len())];
        let rows = if rows.is_empty() || self.plan.keys().is_empty() { &alone[..] } else { rows };
        let mut chunks: Vec<(Vec<&Column<'_>>, Range<usize>, usize)> = Vec::new();
        let mut before = 0;
        for batch in rows {
            let columns = self.plan.keys().iter().map(|name| batch.column(name)).collect::<Result<Vec<_>>>()?;
            for from in (0..batch.rows()).step_by(CHUNK) {
                chunks.push((columns.clone(), from..(from + CHUNK).min(batch.rows()), before));
            }
            before += batch.rows();
        }
        if before != days.len() {
            let problem = Problem::new("there are more or fewer dates than rows", "give one date for each row");
            return Err(Error::data(problem.field("as_of")));
        }
        let tables = self.plan.tables.len();
        let parts = threads.map(chunks, |(columns, range, before)| {
            let mut found: Vec<Option<u32>> = Vec::with_capacity(range.len() * tables);
            let mut room = Vec::new();
            for row in range {
                let keys = KeysOf { columns: &columns, row };
                let at_row = |error: Error| error.at_row(before + row);
                self.find(&keys, days[before + row], &mut room, |side| found.push(side)).map_err(at_row)?;
            }
            Ok(found)
        })?;
        let fields = self.plan.fields().into_iter().zip(&self.plan.joins).collect();
        let columns = threads.map(fields, |(field, join)| {
            let mut values = Growing::new(field.kind);
            let of_row = parts.iter().flat_map(|part| part.chunks_exact(tables));
            of_row.zip(&days).for_each(|(found, day)| values.push(self.value(join, found[join.table], *day)));
            Ok(values.finish())
        })?;
        Ok(JoinedTable { names: self.plan.names().map(str::to_owned).collect(), columns, rows: days.len() })
    }
}

/// The keys of one row of a batch.
struct KeysOf<'a> {
    columns: &'a [&'a Column<'a>],
    row: usize,
}

impl Row for KeysOf<'_> {
    fn value(&self, field: usize) -> Value<'_> {
        self.columns.get(field).map_or(Value::Missing, |column| column.value(self.row))
    }
}

/// The as-of days, all of them there.
fn days(column: &Column<'_>) -> Result<Vec<i32>> {
    let place = |problem: Problem| Error::data(problem.field("as_of"));
    if column.kind() != Kind::Date && !column.is_empty() {
        return Err(place(Problem::new("a column of dates was expected", "convert it to calendar days")));
    }
    let missing = || place(Problem::new("a calendar day was expected", "give every row a date"));
    let day = |row| column.value(row).date().ok_or_else(missing)?.in_range("as_of").map(Date::days);
    (0..column.len()).map(|row| day(row).map_err(|error: Error| error.at_row(row))).collect()
}
