//! Whether what is asked can be computed.

use super::config::{AsOfSet, JoinedField, JoinedValue, MAX_JOINED, MAX_SIDE_TABLES, SideTable};
use crate::data::{NAME_RULE, Schema, is_name, nearest};
use crate::error::{Problem, Problems, Result};

/// The most days of a delay or an age (some 100 years).
const MAX_DAYS: u32 = 36_525;

impl SideTable {
    /// The columns of the rows that are asked for that hold the keys.
    pub(super) fn row_key(&self) -> &[String] {
        if self.row_key.is_empty() { &self.key } else { &self.row_key }
    }

    fn check(&self, problems: &mut Problems) {
        let name = &self.name;
        problems.require(is_name(name), name, "not a usable name", NAME_RULE);
        if !self.fields.is_empty() {
            problems.absorb(name, Schema { fields: self.fields.clone() }.validate());
        }
        for column in self.key.iter().chain(&self.row_key).chain(&self.period).chain([&self.published]) {
            problems.require(is_name(column), name, "a column has no usable name", NAME_RULE);
        }
        let alike = self.row_key.is_empty() || self.row_key.len() == self.key.len();
        problems.require(alike, name, "key and row_key differ in length", "name one column of the rows for each key");
        for columns in [&self.key, &self.row_key] {
            let fresh = columns.iter().enumerate().all(|(at, column)| !columns[..at].contains(column));
            problems.require(fresh, name, "a key is named twice", "name each column once");
        }
        let apart = !self.key.contains(&self.published) && self.period.as_ref().is_none_or(|period| !self.key.contains(period));
        problems.require(
            apart,
            name,
            "a date of the table is listed among its keys",
            "leave it out: rows are found by day anyway",
        );
        problems.require(self.lag_days <= MAX_DAYS, name, "lag_days is too long", "use 0 to 36,525");
        problems.require(self.max_age.is_none_or(|days| days <= MAX_DAYS), name, "max_age is too long", "use 0 to 36,525");
    }
}

impl JoinedField {
    fn check(&self, table: &SideTable, problems: &mut Problems) {
        let JoinedValue::Field { of } = &self.value else { return };
        let names: Vec<&str> = table.fields.iter().map(|field| field.name.as_str()).collect();
        if !names.contains(&of.as_str()) {
            let problem = Problem::new("it takes a field that its table does not have", nearest(of, &names));
            problems.push(problem.field(&self.name));
        }
    }
}

impl AsOfSet {
    /// Checks every table and joined field.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let counted = (1..=MAX_SIDE_TABLES).contains(&self.tables.len());
        problems.require(counted, "tables", "1 to 64 side tables are needed", "list the tables");
        problems.require(!self.joins.is_empty(), "joins", "no field is joined", "name one field or more");
        problems.require(self.joins.len() <= MAX_JOINED, "joins", "too many joined fields", "keep at most 512");
        for (place, table) in self.tables.iter().enumerate() {
            table.check(&mut problems);
            let fresh = self.tables[..place].iter().all(|other| other.name != table.name);
            problems.require(fresh, &table.name, "the name occurs twice", "rename the side table");
        }
        let names: Vec<&str> = self.tables.iter().map(|table| table.name.as_str()).collect();
        for (place, join) in self.joins.iter().enumerate() {
            problems.require(is_name(&join.name), &join.name, "not a usable name", NAME_RULE);
            let fresh = self.joins[..place].iter().all(|other| other.name != join.name);
            problems.require(fresh, &join.name, "the name occurs twice", "rename the joined field");
            let key = self.tables.iter().any(|table| table.row_key().contains(&join.name));
            problems.require(!key, &join.name, "a key of the rows has the same name", "rename the joined field");
            match self.tables.iter().find(|table| table.name == join.table) {
                Some(table) => join.check(table, &mut problems),
                None => {
                    problems.push(Problem::new("there is no such side table", nearest(&join.table, &names)).field(&join.name))
                }
            }
        }
        problems.into_result()
    }
}
