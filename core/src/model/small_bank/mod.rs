//! Small-bank mode: honest scorecards from a few hundred cases. Bins lean on the whole sample, coefficients on what
//! experts expect, and every number comes with an interval that repeated samples bear out.

mod auc;
mod interval;
mod prior;
#[cfg(test)]
mod tests;
mod woe;

pub use auc::{AucInterval, auc_interval};
pub use interval::{Interval, pd_interval};
pub use prior::{CoefficientPrior, add_prior};
pub use woe::{ShrunkenWoe, shrinkage_strength, shrunken_woe};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::data::WEIGHT_UNIT;
use crate::error::{Problem, Problems, Result};
use crate::stats::Counts;

/// What is asked of the small-bank mode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmallBankConfig {
    /// Rows of the overall event rate that each bin is mixed with, above 0; estimated for each feature when absent
    /// (the default), see [`shrinkage_strength`].
    pub strength: Option<f64>,
    /// What is expected of every coefficient. Default mean −1 and standard deviation 0.5.
    pub prior: CoefficientPrior,
    /// What experts expect of single coefficients, by the name of the variable.
    pub priors: BTreeMap<String, CoefficientPrior>,
    /// Two-sided confidence of the intervals, in (0, 1). Default 0.9.
    pub confidence: f64,
}

impl Default for SmallBankConfig {
    fn default() -> Self {
        let prior = CoefficientPrior::default();
        SmallBankConfig { strength: None, prior, priors: BTreeMap::new(), confidence: 0.9 }
    }
}

impl SmallBankConfig {
    /// Checks every setting.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let ok = self.strength.is_none_or(|strength| strength > 0.0 && strength.is_finite());
        problems.require(ok, "small_bank.strength", "must be above 0", "use for example 20 rows, or leave it out");
        let named = self.priors.iter().map(|(name, prior)| (format!("small_bank.priors.{name}"), prior));
        for (field, prior) in std::iter::once(("small_bank.prior".to_owned(), &self.prior)).chain(named) {
            problems.require(
                prior.mean.is_finite() && prior.sd > 0.0 && prior.sd.is_finite(),
                &field,
                "needs a finite mean and a standard deviation above 0",
                "use for example −1 and 0.5",
            );
        }
        let ok = self.confidence > 0.0 && self.confidence < 1.0;
        problems.require(ok, "small_bank.confidence", "must lie strictly between 0 and 1", "use for example 0.9");
        problems.into_result()
    }

    /// The priors of the variables of a card, in their order.
    #[must_use]
    pub fn priors_of<'a>(&self, variables: impl IntoIterator<Item = &'a str>) -> Vec<CoefficientPrior> {
        variables.into_iter().map(|name| self.priors.get(name).copied().unwrap_or(self.prior)).collect()
    }
}

/// Whether a sample bears a card. What counts is the smaller class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SampleSize {
    /// 50 or more events and non-events.
    Enough,
    /// Fewer than 50: small-bank mode is proposed. At 50 events a rate of 10 % is known to ± 3 points at best.
    Small,
    /// Fewer than 10: maximum likelihood is meaningless; small-bank mode, expert cards or low-default PDs are left.
    TooFew,
}

impl SampleSize {
    /// The size of a sample.
    ///
    /// ```
    /// use scoreline::data::WEIGHT_ONE;
    /// use scoreline::model::SampleSize;
    /// use scoreline::stats::Counts;
    /// let size = SampleSize::of(Counts { non_events: 300 * WEIGHT_ONE, events: 31 * WEIGHT_ONE });
    /// assert_eq!(size, SampleSize::Small);
    /// assert!(size.problem().unwrap().remedy.contains("small_bank"));
    /// ```
    #[must_use]
    pub fn of(counts: Counts) -> Self {
        match counts.events.min(counts.non_events) as f64 * WEIGHT_UNIT {
            rows if rows < 10.0 => SampleSize::TooFew,
            rows if rows < 50.0 => SampleSize::Small,
            _ => SampleSize::Enough,
        }
    }

    /// What is wrong with a sample of this size without small-bank mode, and the proposal; nothing when it is large enough.
    #[must_use]
    pub fn problem(self) -> Option<Problem> {
        let (what, remedy) = match self {
            SampleSize::Enough => return None,
            SampleSize::Small => (
                "fewer than 50 events or non-events: estimates by maximum likelihood are too sure of themselves",
                "set small_bank for shrunken weights of evidence, prior coefficients and honest intervals",
            ),
            SampleSize::TooFew => (
                "fewer than 10 events or non-events",
                "set small_bank, use an expert card, or estimate PDs by grade with a low-default method",
            ),
        };
        Some(Problem::new(what, remedy).field("target"))
    }
}
