//! A review policy, resolved.

use crate::data::Date;
use crate::error::Result;
use crate::limit::LinePolicy;
use crate::treatment::warning::{WarningResponse, WarningTable};
use crate::treatment::{ActionRow, ActionTable, ReviewPolicy};

/// A resolved [`ReviewPolicy`].
#[derive(Debug)]
pub(in crate::pipeline) struct ReviewTable {
    pub(super) warning: Option<WarningTable>,
    /// By level of early warning, from 1.
    pub(super) responses: Vec<WarningResponse>,
    pub(super) line: Option<LinePolicy>,
    pub(super) actions: Option<ActionTable>,
    /// The rows of the action book.
    pub(super) rows: Vec<ActionRow>,
}

impl ReviewTable {
    pub(in crate::pipeline) fn new(policy: &ReviewPolicy) -> Result<Self> {
        Ok(ReviewTable {
            warning: policy.warning.as_ref().map(|warning| warning.resolve()).transpose()?,
            responses: policy.warning.as_ref().map_or_else(Vec::new, |warning| warning.responses.clone()),
            line: policy.line.clone(),
            actions: policy.actions.as_ref().map(|book| book.resolve()).transpose()?,
            rows: policy.actions.as_ref().map_or_else(Vec::new, |book| book.rows.clone()),
        })
    }

    /// The day of the next review: the earlier of what the action book and the level of early warning ask for.
    #[inline]
    pub(super) fn next_review(&self, row: Option<u16>, level: Option<u8>, today: Date) -> Option<Date> {
        let by_book = row.and_then(|row| self.rows.get(usize::from(row))).map(|row| row.next_review(today));
        let response = level.and_then(|level| self.responses.get(usize::from(level).checked_sub(1)?));
        let by_level = response.map(|response| Date::from_days(today.days().saturating_add_unsigned(response.review_days)));
        [by_book, by_level].into_iter().flatten().min()
    }
}
