//! Figures of side tables (macro series, industry figures, bureau extracts) as they were known on a day.
//!
//! An [`AsOfSet`] says which tables there are and which of their fields are joined; it is plain data. [`AsOfPlan`] resolves it,
//! and [`SideIndex`] holds the rows of the tables so that each answer is one search by key and one by day. A row counts only
//! from the day on which it became known, so that what is published later changes nothing; among the rows known by then the
//! latest period counts, in its latest version. A batch and a single record go through the same search.

mod check;
mod column;
mod config;
mod index;
mod join;
mod plan;
mod read;
#[cfg(test)]
mod tests;

pub use column::JoinedColumn;
pub use config::{AsOfSet, Duplicates, JoinedField, JoinedValue, MAX_JOINED, MAX_SIDE_TABLES, SideTable};
pub use index::{SideIndex, SideRows};
pub use join::JoinedTable;
pub use plan::AsOfPlan;
