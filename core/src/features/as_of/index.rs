//! The rows of side tables in the order in which they became known, and the one that counts on a day.

use super::column::JoinedColumn;
use super::config::Duplicates;
use super::plan::{AsOfPlan, ResolvedJoin, TablePlan};
use super::read::{Keys, ReadRows};
use crate::data::{Batch, Date, Row, Value};
use crate::error::{Error, Problem, Result};

/// The rows of one side table.
#[derive(Debug, Clone, Copy)]
pub struct SideRows<'a> {
    /// The side table.
    pub table: &'a str,
    /// The rows, in one batch or more and in any order.
    pub batches: &'a [Batch<'a>],
}

/// Side tables, read and sorted once, for any number of questions from any number of threads. It holds the rows itself.
///
/// An answer takes one look-up of the key and a binary search over the days on which its figure changed.
#[derive(Debug, Clone)]
pub struct SideIndex {
    pub(super) plan: AsOfPlan,
    tables: Vec<TableIndex>,
}

/// One side table.
#[derive(Debug, Clone)]
struct TableIndex {
    keys: Keys,
    timeline: Timeline,
    /// By row: the day that it is about.
    periods: Vec<i32>,
    /// By field that is joined.
    values: Vec<JoinedColumn>,
}

/// By key the days on which another row begins to count, rising.
#[derive(Debug, Clone)]
struct Timeline {
    /// Where the days of each key begin, and where the last ones end.
    starts: Vec<u32>,
    days: Vec<i32>,
    /// The row that counts from the day on.
    rows: Vec<u32>,
}

impl AsOfPlan {
    /// Reads and sorts the side tables.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming field and row when a side table has no rows given or two sets of them,
    /// a column is missing or of another kind, a key or a day is missing or a day out of range, or a row is a duplicate that
    /// its table refuses.
    pub fn index(&self, tables: &[SideRows<'_>]) -> Result<SideIndex> {
        let mut found: Vec<Option<TableIndex>> = vec![None; self.tables.len()];
        for given in tables {
            let at = self.table(given.table)?;
            if found[at].is_some() {
                let problem = Problem::new("the side table is given twice", "pass it once, in batches if need be");
                return Err(Error::data(problem.field(given.table)));
            }
            let index = TableIndex::new(&self.tables[at], given.batches);
            found[at] = Some(index.map_err(|error| in_table(&error, given.table))?);
        }
        let given = |(index, plan): (Option<TableIndex>, &TablePlan)| {
            let problem = Problem::new("the side table is not given", "pass it, with no rows if there are none");
            index.ok_or_else(|| Error::data(problem.field(&plan.table.name)))
        };
        let tables = found.into_iter().zip(&self.tables).map(given).collect::<Result<_>>()?;
        Ok(SideIndex { plan: self.clone(), tables })
    }
}

/// The same error with the name of the side table: others may have columns of the same names.
fn in_table(error: &Error, name: &str) -> Error {
    let named = |problem: &Problem| Problem { what: format!("side table '{name}': {}", problem.what), ..problem.clone() };
    Error::new(error.code(), error.problems().iter().map(named).collect())
}

impl SideIndex {
    /// The plan that it was made for.
    #[must_use]
    pub fn plan(&self) -> &AsOfPlan {
        &self.plan
    }

    /// The joined values of one record as of a day, in the order of the plan's names. `keys` holds a value for each of the
    /// plan's [keys](AsOfPlan::keys); a missing key gives missing values.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming the field when a key is neither text nor a whole number or of another
    /// kind than in its side table, or the day is out of range.
    pub fn lookup<R: Row + ?Sized>(&self, keys: &R, as_of: Date) -> Result<Vec<Value<'_>>> {
        let as_of = as_of.in_range("as_of")?.days();
        let mut rows = Vec::with_capacity(self.tables.len());
        self.find(keys, as_of, &mut Vec::new(), |row| rows.push(row))?;
        Ok(self.plan.joins.iter().map(|join| self.value(join, rows[join.table], as_of)).collect())
    }

    /// The row of each side table that counts on a day, in the order of the tables. `room` is room to work in.
    pub(super) fn find<R: Row + ?Sized>(
        &self,
        keys: &R,
        as_of: i32,
        room: &mut Vec<u8>,
        mut found: impl FnMut(Option<u32>),
    ) -> Result<()> {
        for (plan, table) in self.plan.tables.iter().zip(&self.tables) {
            let values = plan.table.row_key().iter().zip(&plan.keys).map(|(name, slot)| (name.as_str(), keys.value(*slot)));
            let row = table.keys.find(values, room)?.and_then(|key| table.timeline.at(key, as_of));
            let fresh = |row: &u32| plan.table.max_age.is_none_or(|most| table.age(*row, as_of) <= i64::from(most));
            found(row.filter(fresh));
        }
        Ok(())
    }

    /// What a joined field takes of the row that counts.
    pub(super) fn value(&self, join: &ResolvedJoin, row: Option<u32>, as_of: i32) -> Value<'_> {
        let (Some(row), table) = (row, &self.tables[join.table]) else { return Value::Missing };
        match join.field {
            Some(field) => table.values[field].value(row as usize),
            None => Value::Number(table.age(row, as_of) as f64),
        }
    }
}

impl TableIndex {
    fn new(plan: &TablePlan, batches: &[Batch<'_>]) -> Result<Self> {
        let read = ReadRows::read(plan, batches)?;
        let timeline = Timeline::new(&read, plan)?;
        Ok(TableIndex { keys: read.keys, timeline, periods: read.periods, values: read.values })
    }

    /// Days from the period of a row to a day.
    fn age(&self, row: u32, as_of: i32) -> i64 {
        i64::from(as_of) - i64::from(self.periods[row as usize])
    }
}

impl Timeline {
    fn new(read: &ReadRows, plan: &TablePlan) -> Result<Self> {
        let place = |row: u32| (read.of[row as usize], read.known[row as usize], read.periods[row as usize]);
        let mut order: Vec<u32> = (0..read.of.len() as u32).collect();
        order.sort_unstable_by_key(|row| (place(*row), *row));
        match plan.table.duplicates {
            Duplicates::First => order.dedup_by_key(|row| place(*row)),
            // The row that comes later takes the place of the one before it.
            Duplicates::Last => order.dedup_by(|later, before| {
                let same = place(*later) == place(*before);
                *before = if same { *later } else { *before };
                same
            }),
            Duplicates::Refuse => {
                let second = |pair: &[u32]| (place(pair[0]) == place(pair[1])).then_some(pair[1]);
                if let Some(row) = order.windows(2).filter_map(second).min() {
                    let what = "a row before it has the same key, period and day of publication";
                    let problem = Problem::new(what, "remove one of them, or declare in duplicates which one counts");
                    return Err(Error::data(problem.field(&plan.table.published).row(row as usize)));
                }
            }
        }
        let mut timeline = Timeline { starts: Vec::with_capacity(read.keys.len() + 1), days: Vec::new(), rows: Vec::new() };
        for of_key in order.chunk_by(|a, b| place(*a).0 == place(*b).0) {
            timeline.starts.push(timeline.days.len() as u32);
            let mut latest = i32::MIN;
            for of_day in of_key.chunk_by(|a, b| place(*a).1 == place(*b).1) {
                // The last one of a day has its latest period; what is about an earlier period than is known changes nothing.
                let Some((row, (_, day, period))) = of_day.last().map(|row| (*row, place(*row))) else { continue };
                if period >= latest {
                    latest = period;
                    timeline.days.push(day);
                    timeline.rows.push(row);
                }
            }
        }
        timeline.starts.push(timeline.days.len() as u32);
        Ok(timeline)
    }

    /// The row of a key that counts on a day.
    fn at(&self, key: u32, as_of: i32) -> Option<u32> {
        let from = *self.starts.get(key as usize)? as usize;
        let to = *self.starts.get(key as usize + 1)? as usize;
        let known = self.days[from..to].partition_point(|day| *day <= as_of);
        self.rows[from..to].get(known.checked_sub(1)?).copied()
    }
}
