//! Which events belong to which entity.

use std::collections::HashMap;

use crate::data::{Column, Key};
use crate::error::{Error, Problem, Result};

/// The entities of the rows, numbered in the order of their first row.
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

/// No entity.
const NONE: u32 = u32::MAX;

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

    /// Rows of a table, rising.
    pub(super) fn members(&self, group: usize) -> &[u32] {
        &self.members[self.starts[group] as usize..self.starts[group + 1] as usize]
    }
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

    pub(super) fn rows(&self, entity: usize) -> impl Iterator<Item = usize> {
        self.rows.members(entity).iter().map(|row| *row as usize)
    }

    /// Adds the entity of each event of a column to `of`; [`NONE`] for entities that no row asks for.
    pub(super) fn of_events(&self, column: &Column<'_>, of: &mut Vec<u32>) -> Result<()> {
        check_length(column)?;
        of.reserve(column.len());
        let mut before: Option<(Key<'_>, u32)> = None;
        for row in 0..column.len() {
            let key = column.value(row).key().ok_or_else(|| no_key("entity", row))?;
            // Tables come mostly entity by entity.
            let entity = match before {
                Some((known, entity)) if known == key => entity,
                _ => self.numbers.get(&key).copied().unwrap_or(NONE),
            };
            before = Some((key, entity));
            of.push(entity);
        }
        Ok(())
    }

    /// The events of each entity, in the order of the table.
    pub(super) fn group(&self, of: &[u32]) -> Groups {
        Groups::gather(of, self.count())
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
