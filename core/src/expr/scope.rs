//! The names an expression can see.

use std::collections::BTreeMap;

use crate::data::{Kind, Schema, nearest};
use crate::error::{Error, Problem, Result};

/// The names an expression can see, with their kinds. The position of a name is its slot: the number
/// that [`Program::eval`](super::Program::eval) asks `load` for. Names are compared letter by letter.
///
/// ```
/// use scoreline::{Field, Kind, Schema, expr::Scope};
/// let schema = Schema { fields: vec![Field::new("income", Kind::Number)] };
/// let mut scope = Scope::of(&schema);
/// assert_eq!(scope.push("annual_income", Kind::Number).unwrap(), 1);
/// assert_eq!(scope.find("income"), Some((0, Kind::Number)));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Scope<'a> {
    names: Vec<(&'a str, Kind)>,
    slots: BTreeMap<&'a str, usize>,
}

impl<'a> Scope<'a> {
    /// A scope with no names.
    #[must_use]
    pub fn new() -> Self {
        Scope::default()
    }

    /// The fields of `schema`; slots are field indices.
    #[must_use]
    pub fn of(schema: &'a Schema) -> Self {
        let mut scope = Scope::new();
        for field in &schema.fields {
            scope.names.push((&field.name, field.kind));
            scope.slots.entry(&field.name).or_insert(scope.names.len() - 1);
        }
        scope
    }

    /// Adds a name and returns its slot.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the name is taken.
    pub fn push(&mut self, name: &'a str, kind: Kind) -> Result<usize> {
        let slot = self.names.len();
        if self.slots.contains_key(name) {
            return Err(Error::config(Problem::new("the name is taken", "choose another name").field(name)));
        }
        self.slots.insert(name, slot);
        self.names.push((name, kind));
        Ok(slot)
    }

    /// The slot and kind of `name`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<(usize, Kind)> {
        let slot = *self.slots.get(name)?;
        self.names.get(slot).map(|(_, kind)| (slot, *kind))
    }

    /// The names with their kinds, by slot.
    #[must_use]
    pub fn names(&self) -> &[(&'a str, Kind)] {
        &self.names
    }

    /// Advice for a name that is not in the scope.
    pub(super) fn advice(&self, name: &str) -> String {
        let names: Vec<&str> = self.names.iter().map(|(known, _)| *known).collect();
        nearest(name, &names)
    }
}
