//! A review policy, resolved.

use crate::data::Date;
use crate::error::Result;
use crate::limit::LinePolicy;
use crate::treatment::{ActionRow, ActionTable, ReviewPolicy};

/// A resolved [`ReviewPolicy`].
#[derive(Debug)]
pub(in crate::pipeline) struct ReviewTable {
    pub(super) line: Option<LinePolicy>,
    pub(super) actions: Option<ActionTable>,
    /// The rows of the action book.
    pub(super) rows: Vec<ActionRow>,
}

impl ReviewTable {
    pub(in crate::pipeline) fn new(policy: &ReviewPolicy) -> Result<Self> {
        Ok(ReviewTable {
            line: policy.line.clone(),
            actions: policy.actions.as_ref().map(|book| book.resolve()).transpose()?,
            rows: policy.actions.as_ref().map_or_else(Vec::new, |book| book.rows.clone()),
        })
    }

    /// The day of the next review by a row of the action book.
    #[inline]
    pub(super) fn next_review(&self, row: u16, today: Date) -> Option<Date> {
        self.rows.get(usize::from(row)).map(|row| row.next_review(today))
    }
}
