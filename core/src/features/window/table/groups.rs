//! Which events belong to which entity.

use std::collections::HashMap;
use std::ops::Range;

use crate::data::{Column, Key, Value};
use crate::error::{Error, Problem, Result};

/// The entities of the rows that are asked for, numbered in the order of their first row.
pub(super) struct Entities<'a> {
    numbers: HashMap<Key<'a>, u32>,
    /// The rows of each entity.
    rows: Groups,
}

/// Members of each group: ranges of one list.
pub(super) struct Groups {
    starts: Vec<u32>,
    members: Vec<u32>,
}

/// Rows of a table that belong together, rising.
pub(super) enum Rows<'a> {
    Range(Range<usize>),
    List(&'a [u32]),
}

/// No entity.
const NONE: u32 = u32::MAX;

impl Rows<'_> {
    pub(super) fn filter(&self, keep: impl Fn(&u32) -> bool) -> Vec<u32> {
        match self {
            Rows::Range(range) => (range.start as u32..range.end as u32).filter(keep).collect(),
            Rows::List(list) => list.iter().copied().filter(keep).collect(),
        }
    }
}

impl Groups {
    /// Gathers the members of each group, in their order; members of [`NONE`] are passed over.
    fn gather(of: &[u32], groups: usize) -> Self {
        let mut starts = vec![0u32; groups + 1];
        for group in of.iter().filter(|group| **group != NONE) {
            starts[*group as usize + 1] += 1;
        }
        for group in 0..groups {
            starts[group + 1] += starts[group];
        }
        let mut next = starts.clone();
        let mut members = vec![0u32; starts[groups] as usize];
        for (member, group) in of.iter().enumerate().filter(|(_, group)| **group != NONE) {
            members[next[*group as usize] as usize] = member as u32;
            next[*group as usize] += 1;
        }
        Groups { starts, members }
    }

    /// The members of a group, rising.
    fn members(&self, group: usize) -> &[u32] {
        &self.members[self.starts[group] as usize..self.starts[group + 1] as usize]
    }
}

/// The stretches of one entity each, without those that no row asks for.
pub(super) fn runs(of: &[u32]) -> Vec<(u32, Range<usize>)> {
    let mut found: Vec<(u32, Range<usize>)> = Vec::new();
    let mut start = 0;
    for run in of.chunk_by(|a, b| a == b) {
        if run[0] != NONE {
            found.push((run[0], start..start + run.len()));
        }
        start += run.len();
    }
    found
}

impl<'a> Entities<'a> {
    pub(super) fn of(column: &'a Column<'_>) -> Result<Self> {
        check_length(column)?;
        let mut numbers = HashMap::new();
        let mut of = Vec::with_capacity(column.len());
        for row in 0..column.len() {
            let key = column.value(row).key().ok_or_else(|| no_key("entity", row))?;
            let next = numbers.len() as u32;
            of.push(*numbers.entry(key).or_insert(next));
        }
        let rows = Groups::gather(&of, numbers.len());
        Ok(Entities { numbers, rows })
    }

    pub(super) fn count(&self) -> usize {
        self.numbers.len()
    }

    pub(super) fn rows(&self, entity: u32) -> impl Iterator<Item = usize> {
        self.rows.members(entity as usize).iter().map(|row| *row as usize)
    }

    /// The events of each entity that is not yet done, in the order of the table. Tables come mostly entity by entity.
    pub(super) fn events<'e>(&self, of: &[u32], done: &[bool], lists: &'e mut Option<Groups>) -> Vec<(u32, Rows<'e>)> {
        let mut ranges: Vec<Range<usize>> = vec![0..0; self.count()];
        let mut once = true;
        for (entity, range) in runs(of) {
            once &= ranges[entity as usize].is_empty();
            ranges[entity as usize] = range;
        }
        let left = (0u32..).zip(done).filter(|(_, done)| !**done).map(|(entity, _)| entity);
        if once {
            return left.map(|entity| (entity, Rows::Range(ranges[entity as usize].clone()))).collect();
        }
        let lists = lists.insert(Groups::gather(of, self.count()));
        left.map(|entity| (entity, Rows::List(lists.members(entity as usize)))).collect()
    }

    /// Adds the entity of each event of a column to `of`; [`NONE`] for entities that no row asks for.
    pub(super) fn of_events(&self, column: &Column<'_>, of: &mut Vec<u32>) -> Result<()> {
        check_length(column)?;
        of.reserve(column.len());
        let number = |key: Key<'_>| self.numbers.get(&key).copied().unwrap_or(NONE);
        if let Column::Number { values, validity: None } = column {
            let (mut before, mut entity) = (f64::NAN, NONE);
            for (row, value) in values.iter().enumerate() {
                // Tables come mostly entity by entity.
                if *value != before {
                    entity = number(Value::Number(*value).key().ok_or_else(|| no_key("entity", row))?);
                    before = *value;
                }
                of.push(entity);
            }
            return Ok(());
        }
        if let Column::Dictionary { codes, levels, validity: None } = column {
            let of_level: Vec<u32> = levels.iter().map(|level| number(Key::Text(level))).collect();
            for (row, code) in codes.iter().enumerate() {
                let known = usize::try_from(*code).ok().and_then(|code| of_level.get(code));
                of.push(*known.ok_or_else(|| no_key("entity", row))?);
            }
            return Ok(());
        }
        for row in 0..column.len() {
            of.push(number(column.value(row).key().ok_or_else(|| no_key("entity", row))?));
        }
        Ok(())
    }
}

fn check_length(column: &Column<'_>) -> Result<()> {
    if column.len() < NONE as usize {
        return Ok(());
    }
    Err(Error::data(Problem::new("there are too many rows", "pass at most 4 billion rows at a time")))
}

fn no_key(field: &str, row: usize) -> Error {
    Error::data(Problem::new("a key of text or whole numbers was expected", "give every row a key").field(field).row(row))
}
