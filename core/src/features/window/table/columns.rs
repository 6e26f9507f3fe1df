//! The columns of a table of events, as streams read them.

use std::collections::HashMap;

use super::super::config::Duplicates;
use super::super::plan::SourcePlan;
use super::super::state::hash;
use crate::data::{Batch, Column, Date, Field, Kind, Value};
use crate::error::{Error, Problem, Result};
use crate::expr::{BLOCK, BlockColumn, Expr, Scratch, TRUE};
use crate::parallel::Threads;

/// A number that is missing.
pub(super) const MISSING: i64 = i64::MIN;

/// What is read of the events.
pub(super) struct Columns {
    pub(super) days: Vec<i32>,
    /// The day from which each event counts, where that can be later; `i32::MAX` when it never does.
    known: Option<Vec<i32>>,
    /// Hashes of the keys, where duplicates matter.
    pub(super) keys: Option<Vec<u64>>,
    /// For each filter whether an event passes it.
    passes: Vec<Vec<bool>>,
    /// By field: numbers in units of the last decimal.
    numbers: Vec<Vec<i64>>,
    /// By field: whether no number was missing.
    complete: Vec<bool>,
    /// By field: hashes of the levels, 0 for a level that is missing.
    levels: Vec<Vec<u64>>,
}

impl Columns {
    pub(super) fn new(plan: &SourcePlan) -> Self {
        let fields = plan.schema.fields.len();
        let keyed = plan.source.id.is_some() && plan.source.duplicates != Duplicates::Keep;
        Columns {
            days: Vec::new(),
            known: plan.source.published.is_some().then(Vec::new),
            keys: keyed.then(Vec::new),
            passes: vec![Vec::new(); plan.filters.len()],
            numbers: vec![Vec::new(); fields],
            complete: vec![true; fields],
            levels: vec![Vec::new(); fields],
        }
    }

    /// Adds the events of a batch.
    pub(super) fn add(&mut self, plan: &SourcePlan, batch: &Batch<'_>, threads: Threads) -> Result<()> {
        let rows = batch.rows();
        self.add_days(plan, batch)?;
        if let (Some(keys), Some(name)) = (&mut self.keys, &plan.source.id) {
            let ids = batch.column(name)?;
            for row in 0..rows {
                keys.push(plan.key(ids.value(row)).map_err(|error| error.at_row(row))?.unwrap_or_default());
            }
        }
        let columns = plan.schema.fields.iter().map(|field| batch.column_of(field)).collect::<Result<Vec<_>>>()?;
        for (slot, (column, field)) in columns.iter().zip(&plan.schema.fields).enumerate() {
            match column.kind() {
                Kind::Number if plan.adds(slot) => {
                    let complete = add_units(plan, slot, column, &mut self.numbers[slot])?;
                    self.complete[slot] &= complete;
                }
                Kind::Category if plan.adds(slot) => add_levels(field, column, &mut self.levels[slot]),
                Kind::Number => {
                    for row in 0..rows {
                        field.check(column.value(row)).map_err(|error| error.at_row(row))?;
                    }
                }
                // Any level, day or flag will do.
                Kind::Category | Kind::Date | Kind::Flag => {}
            }
        }
        if let Some((slot, code)) = &plan.currency {
            let same = by_level(&plan.schema.fields[*slot], columns[*slot], |level| level == Some(code));
            if let Some(row) = same.iter().position(|same| !same) {
                return Err(plan.other_currency(*slot).at_row(row));
            }
        }
        for (filter, found) in plan.filters.iter().zip(&mut self.passes) {
            append(found, passes(filter, &plan.schema.fields, &columns, threads)?);
        }
        Ok(())
    }

    fn add_days(&mut self, plan: &SourcePlan, batch: &Batch<'_>) -> Result<()> {
        let dates = dates_of(batch, &plan.source.date)?;
        let published = plan.source.published.as_deref().map(|name| dates_of(batch, name)).transpose()?;
        self.days.reserve(batch.rows());
        if let Column::Date { values, validity: None } = dates
            && published.is_none()
        {
            if let Some(row) = values.iter().position(|day| !Date::from_days(*day).is_in_range()) {
                Date::from_days(values[row]).in_range(&plan.source.date).map_err(|error| error.at_row(row))?;
            }
            self.days.extend_from_slice(values);
            return Ok(());
        }
        for row in 0..batch.rows() {
            let day = dates.value(row).date().ok_or_else(|| {
                let problem = Problem::new("a calendar day was expected", "give every event a date");
                Error::data(problem.field(&plan.source.date).row(row))
            })?;
            let published = published.and_then(|column| column.value(row).date());
            let known = plan.known(day, published).map_err(|error| error.at_row(row))?;
            self.days.push(day.days());
            if let Some(days) = &mut self.known {
                days.push(known.unwrap_or(i32::MAX));
            }
        }
        Ok(())
    }

    /// Forgets the first rows.
    pub(super) fn forget(&mut self, rows: usize) {
        fn drop_first<T>(rows: usize, values: &mut Vec<T>) {
            values.drain(..rows.min(values.len()));
        }
        drop_first(rows, &mut self.days);
        self.known.iter_mut().for_each(|known| drop_first(rows, known));
        self.keys.iter_mut().for_each(|keys| drop_first(rows, keys));
        self.passes.iter_mut().for_each(|passes| drop_first(rows, passes));
        self.numbers.iter_mut().for_each(|numbers| drop_first(rows, numbers));
        self.levels.iter_mut().for_each(|levels| drop_first(rows, levels));
    }

    /// The day from which an event counts.
    #[inline]
    pub(super) fn known(&self, row: usize) -> i32 {
        self.known.as_ref().map_or(self.days[row], |known| known[row])
    }

    /// Which events pass a filter.
    pub(super) fn passes(&self, filter: usize) -> &[bool] {
        &self.passes[filter]
    }

    /// Numbers in units of the last decimal; [`MISSING`] for none.
    pub(super) fn numbers(&self, slot: usize) -> &[i64] {
        &self.numbers[slot]
    }

    /// Whether no number of a field was missing.
    pub(super) fn complete(&self, slot: usize) -> bool {
        self.complete[slot] && self.numbers[slot].len() == self.days.len()
    }

    #[inline]
    pub(super) fn number(&self, slot: usize, row: usize) -> Option<i64> {
        self.numbers[slot].get(row).copied().filter(|number| *number != MISSING)
    }

    #[inline]
    pub(super) fn level(&self, slot: usize, row: usize) -> Option<u64> {
        self.levels[slot].get(row).copied().filter(|hash| *hash != 0)
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

/// Adds numbers; false when one was missing.
fn add_units(plan: &SourcePlan, slot: usize, column: &Column<'_>, units: &mut Vec<i64>) -> Result<bool> {
    // Adding 1.5 · 2⁵² rounds half to even and leaves the whole number in the low bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    const SMALL: f64 = 2_251_799_813_685_248.0;
    let (field, scale) = (&plan.schema.fields[slot], plan.source.scale());
    let mut complete = true;
    let mut unit = |row: usize| {
        let value = field.check(column.value(row)).map_err(|error| error.at_row(row))?;
        match field.plain(value) {
            Value::Number(number) => plan.units(slot, number).map_err(|error| error.at_row(row)),
            _ => {
                complete = false;
                Ok(MISSING)
            }
        }
    };
    units.reserve(column.len());
    match column {
        Column::Number { values, validity: None } if field.missing.is_empty() && field.special.is_empty() => {
            for (row, value) in values.iter().enumerate() {
                let scaled = value * scale;
                let small = scaled.abs() < SMALL;
                units.push(if small { (scaled + ROUND).to_bits() as i64 - ROUND.to_bits() as i64 } else { unit(row)? });
            }
        }
        _ => {
            for row in 0..column.len() {
                units.push(unit(row)?);
            }
        }
    }
    Ok(complete)
}

fn add_levels(field: &Field, column: &Column<'_>, hashes: &mut Vec<u64>) {
    append(hashes, by_level(field, column, |level| level.map_or(0, hash)));
}

/// Adds `more`, without a copy where it is the first.
fn append<T>(values: &mut Vec<T>, mut more: Vec<T>) {
    if values.is_empty() {
        *values = more;
    } else {
        values.append(&mut more);
    }
}

/// What is found for the level of each row, computed once for each level of a dictionary; codes for missing and special values
/// are missing.
fn by_level<T: Copy>(field: &Field, column: &Column<'_>, find: impl Fn(Option<&str>) -> T) -> Vec<T> {
    let clean = |level: &str| find(field.plain(field.check(Value::Category(level)).unwrap_or_default()).level());
    let missing = find(None);
    if let Column::Dictionary { codes, levels, validity } = column {
        let of_level: Vec<T> = levels.iter().map(|level| clean(level)).collect();
        let one = |(row, code): (usize, &i32)| match usize::try_from(*code).ok().and_then(|code| of_level.get(code)) {
            Some(found) if validity.is_none_or(|validity| validity.is_valid(row)) => *found,
            _ => missing,
        };
        return codes.iter().enumerate().map(one).collect();
    }
    let mut known: HashMap<&str, T> = HashMap::new();
    let one = |row| column.value(row).level().map_or(missing, |level| *known.entry(level).or_insert_with(|| clean(level)));
    (0..column.len()).map(one).collect()
}

/// A cell that was checked: codes for missing and special values are missing.
#[inline]
fn clean<'a>(field: &Field, column: &'a Column<'_>, row: usize) -> Value<'a> {
    field.plain(field.check(column.value(row)).unwrap_or_default())
}

/// Which rows a filter lets pass.
fn passes(filter: &Expr, fields: &[Field], columns: &[&Column<'_>], threads: Threads) -> Result<Vec<bool>> {
    let rows = columns.first().map_or(0, |column| column.len());
    if let [slot] = filter.reads()
        && columns[*slot].kind() == Kind::Category
    {
        let holds = |level: Option<&str>| {
            let value = level.map_or(Value::Missing, Value::Category);
            filter.program().eval(|_| value) == Value::Flag(true)
        };
        return Ok(by_level(&fields[*slot], columns[*slot], holds));
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
