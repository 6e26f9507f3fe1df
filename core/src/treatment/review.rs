//! What happens to the accounts in the book, night after night.

use serde::{Deserialize, Serialize};

use super::book::ActionBook;
use super::warning::WarningPolicy;
use crate::error::{Problems, Result};
use crate::limit::LinePolicy;

/// The review of accounts in the book, after their tier: early warning, then the limit, then what is done.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReviewPolicy {
    /// Signs that something gets worse; what follows may read the level as `warning_level`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<WarningPolicy>,
    /// How limits follow use and tier; without it they stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<LinePolicy>,
    /// What is done, and when the next review is; without it nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<ActionBook>,
}

impl ReviewPolicy {
    /// Checks everything except the expressions; for the action book that every state has exactly one answer.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        if let Some(warning) = &self.warning {
            problems.absorb("review", warning.validate());
        }
        if let Some(line) = &self.line {
            problems.absorb("review", line.validate());
        }
        if let Some(actions) = &self.actions {
            problems.absorb("review.actions", actions.resolve());
        }
        problems.into_result()
    }
}
