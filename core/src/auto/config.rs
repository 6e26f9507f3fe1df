//! What is asked of a search.

use serde::{Deserialize, Serialize};

use crate::error::{Problems, Result};
use crate::model::MAX_VARIABLES;

/// Cells that one core reads in a second of a search, to within a factor of about three: it turns [`Budget::Seconds`]
/// into cells. It depends neither on the machine nor on the clock.
pub const CELLS_PER_SECOND: f64 = 2e7;

/// Settings of a [search](super::search).
///
/// ```
/// use scoreline::auto::{AutoConfig, Budget, Prefer};
/// let config = AutoConfig { max_variables: Some(10), budget: Some(Budget::Seconds { seconds: 20.0 }), ..AutoConfig::default() };
/// assert!(config.validate().is_ok());
/// assert_eq!(config.prefer, Prefer::Simplest);
/// let wrong = AutoConfig { folds: 1, max_candidates: 0, ..AutoConfig::default() };
/// assert_eq!(wrong.validate().unwrap_err().problems().len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AutoConfig {
    /// Decides the folds and which settings are combined. Default 0.
    pub seed: u64,
    /// Parts of the development rows; each is held out once. 2 to 20, default 5.
    pub folds: u32,
    /// Times that the rows are divided into folds anew. 1 to 20, default 1.
    pub repeats: u32,
    /// The most configurations that are tried, 1 to 1,000. Default 32.
    pub max_candidates: usize,
    /// How much work the search may do. Default none: it ends when every configuration was tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
    /// The most variables of a card, 1 to 128, where `model.max_variables` does not ask for fewer. Default none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_variables: Option<usize>,
    /// The most ordinary bins of a variable, 2 to 20, where `binning.max_bins` does not ask for fewer. Default none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_bins: Option<usize>,
    /// Only plain logistic cards, and only bins whose event rates keep the trend that was asked. Default false.
    pub interpretable_only: bool,
    /// Above this information value a variable is taken for a leak of the outcome and stays out, unless
    /// `model.selection.forced_in` lists it; more than 0. Default 3, about what a variable reaches that alone has an
    /// AUC of 0.9: normal scores with equal variance have IV = d² and AUC = Φ(d/√2).
    pub max_iv: f64,
    /// Which of the best candidates wins. Default [`Prefer::Simplest`].
    pub prefer: Prefer,
}

impl Default for AutoConfig {
    fn default() -> Self {
        AutoConfig {
            seed: 0,
            folds: 5,
            repeats: 1,
            max_candidates: 32,
            budget: None,
            max_variables: None,
            max_bins: None,
            interpretable_only: false,
            max_iv: 3.0,
            prefer: Prefer::Simplest,
        }
    }
}

/// How much work a search may do. It is counted, never timed: a clock would give another winner on another day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Budget {
    /// Cells that may be read: rows × candidate fields × passes over the data, above 0. Boosting counts as 50 passes.
    Cells {
        /// Number of cells.
        cells: f64,
    },
    /// As many cells as one core reads in this time, [`CELLS_PER_SECOND`] by the second; above 0.
    Seconds {
        /// Time in seconds.
        seconds: f64,
    },
}

impl Budget {
    /// The cells that may be read.
    #[must_use]
    pub fn cells(self) -> f64 {
        match self {
            Budget::Cells { cells } => cells,
            Budget::Seconds { seconds } => seconds * CELLS_PER_SECOND,
        }
    }
}

/// Which of the best candidates wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prefer {
    /// The simplest of those whose distance to the highest AUC is within its standard error (Breiman et al. 1984):
    /// plain before boosted, then fewer variables, pairs and bins.
    #[default]
    Simplest,
    /// The one of highest AUC.
    Best,
}

impl AutoConfig {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let mut require = |ok: bool, field: &str, range: &str, remedy: &str| {
            problems.require(ok, field, &format!("must lie {range}"), remedy);
        };
        require((2..=20).contains(&self.folds), "auto.folds", "between 2 and 20", "use for example 5");
        require((1..=20).contains(&self.repeats), "auto.repeats", "between 1 and 20", "use 1, or more for small data");
        let count = (1..=1_000).contains(&self.max_candidates);
        require(count, "auto.max_candidates", "between 1 and 1,000", "use for example 32");
        let cells = self.budget.is_none_or(|budget| budget.cells() > 0.0 && budget.cells().is_finite());
        require(cells, "auto.budget", "above 0", "give a number of cells or seconds, or leave it out");
        let length = self.max_variables.is_none_or(|count| (1..=MAX_VARIABLES).contains(&count));
        require(length, "auto.max_variables", "between 1 and 128", "use for example 10, or leave it out");
        let bins = self.max_bins.is_none_or(|count| (2..=20).contains(&count));
        require(bins, "auto.max_bins", "between 2 and 20", "use for example 6, or leave it out");
        require(self.max_iv > 0.0 && self.max_iv.is_finite(), "auto.max_iv", "above 0", "use for example 3");
        problems.into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_listed() {
        let wrong = AutoConfig {
            folds: 21,
            repeats: 0,
            max_candidates: 0,
            budget: Some(Budget::Seconds { seconds: f64::NAN }),
            max_variables: Some(0),
            max_bins: Some(21),
            max_iv: 0.0,
            ..AutoConfig::default()
        };
        assert_eq!(wrong.validate().unwrap_err().problems().len(), 7);
        let text = r#"{"budget": {"type": "cells", "cells": 1e9}, "prefer": "best"}"#;
        let config: AutoConfig = serde_json::from_str(text).unwrap();
        assert_eq!(config.budget.map(Budget::cells), Some(1e9));
        assert_eq!(serde_json::from_str::<AutoConfig>(&serde_json::to_string(&config).unwrap()).unwrap(), config);
        assert!(serde_json::from_str::<AutoConfig>(r#"{"fold": 3}"#).is_err());
    }
}
