//! The columns of a table of events, as streams read them.

use std::collections::HashMap;

use super::super::config::Duplicates;
use super::super::plan::SourcePlan;
use super::super::state::hash;
use crate::data::{Batch, Column, Field, Kind, Value};
use crate::error::{Error, Problem, Result};
use crate::expr::{BLOCK, BlockColumn, Expr, Scratch, TRUE};
use crate::parallel::Threads;

/// A number that is missing.
const MISSING: i64 = i64::MIN;

/// What is read of all events.
pub(super) struct Columns {
    pub(super) days: Vec<i32>,
    /// The day from which each event counts; `i32::MAX` when it never does.
    pub(super) known: Vec<i32>,
    /// Hashes of the keys, where duplicates matter.
    pub(super) keys: Option<Vec<u64>>,
    /// For each filter whether an event passes it.
    pub(super) passes: Vec<Vec<bool>>,
    /// By field: numbers in units of the last decimal.
    numbers: Vec<Vec<i64>>,
    levels: Vec<Levels>,
}

/// The levels of a category: a code for each event, and the hash of each code.
#[derive(Default)]
struct Levels {
    codes: Vec<u32>,
    hashes: Vec<u64>,
}

impl Columns {
    pub(super) fn new(plan: &SourcePlan) -> Self {
        let keyed = plan.source.id.is_some() && plan.source.duplicates != Duplicates::Keep;
        Columns {
            days: Vec::new(),
            known: Vec::new(),
            keys: keyed.then(Vec::new),
            passes: vec![Vec::new(); plan.filters.len()],
            numbers: vec![Vec::new(); plan.schema.fields.len()],
            levels: plan.schema.fields.iter().map(|_| Levels::default()).collect(),
        }
    }

    /// Adds the events of a batch.
    pub(super) fn add(&mut self, plan: &SourcePlan, batch: &Batch<'_>, threads: Threads) -> Result<()> {
        let rows = batch.rows();
        let dates = dates_of(batch, &plan.source.date)?;
        let published = plan.source.published.as_deref().map(|name| dates_of(batch, name)).transpose()?;
        for row in 0..rows {
            let day = dates.value(row).date().ok_or_else(|| {
                let problem = Problem::new("a calendar day was expected", "give every event a date");
                Error::data(problem.field(&plan.source.date).row(row))
            })?;
            let published = published.and_then(|column| column.value(row).date());
            self.days.push(day.days());
            self.known.push(plan.known(day, published).map_err(|error| error.at_row(row))?.unwrap_or(i32::MAX));
        }
        if let (Some(keys), Some(name)) = (&mut self.keys, &plan.source.id) {
            let ids = batch.column(name)?;
            for row in 0..rows {
                keys.push(plan.key(ids.value(row)).map_err(|error| error.at_row(row))?.unwrap_or_default());
            }
        }
        let columns = plan.schema.fields.iter().map(|field| batch.column_of(field)).collect::<Result<Vec<_>>>()?;
        for (slot, column) in columns.iter().enumerate() {
            let field = &plan.schema.fields[slot];
            for row in 0..rows {
                field.check(column.value(row)).map_err(|error| error.at_row(row))?;
            }
            if !plan.adds(slot) {
                continue;
            }
            match column.kind() {
                Kind::Number => add_units(plan, slot, column, &mut self.numbers[slot])?,
                Kind::Category => self.levels[slot].add(field, column),
                Kind::Date | Kind::Flag => {}
            }
        }
        if let Some((slot, code)) = &plan.currency
            && let Some(row) =
                (0..rows).find(|row| clean(&plan.schema.fields[*slot], columns[*slot], *row) != Value::Category(code))
        {
            return Err(plan.other_currency(*slot).at_row(row));
        }
        for (filter, found) in plan.filters.iter().zip(&mut self.passes) {
            found.extend(passes(filter, &plan.schema.fields, &columns, threads)?);
        }
        Ok(())
    }

    #[inline]
    pub(super) fn number(&self, slot: usize, row: usize) -> Option<i64> {
        self.numbers[slot].get(row).copied().filter(|number| *number != MISSING)
    }

    #[inline]
    pub(super) fn level(&self, slot: usize, row: usize) -> Option<u64> {
        let levels = &self.levels[slot];
        levels.codes.get(row).and_then(|code| levels.hashes.get(*code as usize)).copied()
    }
}

/// A column of calendar days.
fn dates_of<'a>(batch: &'a Batch<'a>, name: &str) -> Result<&'a Column<'a>> {
    let column = batch.column(name)?;
    if column.kind() == Kind::Date {
        return Ok(column);
    }
    Err(Error::data(Problem::new("a column of dates was expected", "convert it to calendar days").field(name)))
}

fn add_units(plan: &SourcePlan, slot: usize, column: &Column<'_>, units: &mut Vec<i64>) -> Result<()> {
    units.reserve(column.len());
    for row in 0..column.len() {
        units.push(match clean(&plan.schema.fields[slot], column, row) {
            Value::Number(number) => plan.units(slot, number).map_err(|error| error.at_row(row))?,
            _ => MISSING,
        });
    }
    Ok(())
}

/// A cell that was checked: codes for missing and special values are missing.
#[inline]
fn clean<'a>(field: &Field, column: &'a Column<'_>, row: usize) -> Value<'a> {
    field.plain(field.check(column.value(row)).unwrap_or_default())
}

impl Levels {
    fn add(&mut self, field: &Field, column: &Column<'_>) {
        let first = self.hashes.len() as u32;
        if let Column::Dictionary { levels, codes, .. } = column {
            self.hashes.extend(levels.iter().map(|level| hash(level)));
            let code = |row: usize| match clean(field, column, row) {
                Value::Category(_) => first + codes[row] as u32,
                _ => u32::MAX,
            };
            self.codes.extend((0..column.len()).map(code));
            return;
        }
        let mut known: HashMap<&str, u32> = HashMap::new();
        for row in 0..column.len() {
            self.codes.push(match clean(field, column, row) {
                Value::Category(level) => *known.entry(level).or_insert_with(|| {
                    self.hashes.push(hash(level));
                    self.hashes.len() as u32 - 1
                }),
                _ => u32::MAX,
            });
        }
    }
}

/// Which rows a filter lets pass.
fn passes(filter: &Expr, fields: &[Field], columns: &[&Column<'_>], threads: Threads) -> Result<Vec<bool>> {
    let rows = columns.first().map_or(0, |column| column.len());
    if let [slot] = filter.reads()
        && let Column::Dictionary { codes, levels, .. } = columns[*slot]
    {
        let holds = |value| filter.program().eval(|_| value) == Value::Flag(true);
        let of_level: Vec<bool> = levels.iter().map(|level| holds(Value::Category(level))).collect();
        let missing = holds(Value::Missing);
        let one = |row: usize| match clean(&fields[*slot], columns[*slot], row) {
            Value::Category(_) => of_level[codes[row] as usize],
            _ => missing,
        };
        return Ok((0..rows).map(one).collect());
    }
    let chunks: Vec<std::ops::Range<usize>> =
        (0..rows).step_by(16 * BLOCK).map(|from| from..(from + 16 * BLOCK).min(rows)).collect();
    let parts = threads.map(chunks, |chunk| {
        let mut scratch = Scratch::default();
        let mut found = Vec::with_capacity(chunk.len());
        let end = chunk.end;
        for from in chunk.step_by(BLOCK) {
            let size = BLOCK.min(end - from);
            let read = |slot: usize| {
                let kind = columns[slot].kind();
                if filter.reads().contains(&slot) {
                    BlockColumn::of(kind, (from..from + size).map(|row| clean(&fields[slot], columns[slot], row)))
                } else {
                    BlockColumn::new(kind)
                }
            };
            let blocks: Vec<BlockColumn<'_>> = (0..columns.len()).map(read).collect();
            let BlockColumn::Flag(flags) = filter.program().eval_block(size, |slot| &blocks[slot], &mut scratch) else {
                return Err(Error::internal("a filter gave no flags"));
            };
            found.extend(flags.iter().map(|flag| *flag == TRUE));
        }
        Ok(found)
    })?;
    Ok(parts.concat())
}
