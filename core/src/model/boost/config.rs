//! What is asked of a boosted card.

use serde::{Deserialize, Serialize};

use crate::error::{Problems, Result};

/// Settings of a boosted card. The defaults were chosen on five public credit data sets of 1,000 to 150,000 rows.
///
/// ```
/// use scoreline::model::BoostConfig;
/// assert!(BoostConfig::default().validate().is_ok());
/// let mains_only = BoostConfig { max_pairs: 0, ..BoostConfig::default() };
/// assert!(mains_only.validate().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BoostConfig {
    /// The most bins of a variable that binning should offer, 2 to 64. Default 48.
    pub bins: usize,
    /// Share of each Newton step that is taken, above 0 and at most 1. Default 0.2.
    pub rate: f64,
    /// The most rounds over all terms of one kind, 1 to 10,000. Default 500.
    pub rounds: u32,
    /// Rounds without a better log loss on the held-out fold after which a card stops, 1 to 1,000. Default 10.
    pub patience: u32,
    /// Cards that are fitted, each without one fold of the rows, and averaged; 2 to 50. Default 5.
    pub folds: u32,
    /// Added to the curvature of a step, in rows of variance p·(1 − p): shrinks the steps of small groups. 0 to 10⁶,
    /// default 3.
    pub l2: f64,
    /// A term moves only when its gain is at least this share of the best gain of the round before, so that terms of
    /// noise stay flat while there is something to learn elsewhere; 0 (all terms move) to 1. Default 0.2.
    pub focus: f64,
    /// The most tables of two variables, 0 to 100. Default 20. A pair enters only when its gain on rows that the
    /// main effects have not seen exceeds what the best of so many splits reaches by chance.
    pub max_pairs: usize,
    /// Groups of neighbouring bins on each side of a pair, 2 to 12. Default 12.
    pub pair_bins: usize,
    /// Which rows fall into which fold.
    pub seed: u64,
}

impl Default for BoostConfig {
    fn default() -> Self {
        BoostConfig {
            bins: 48,
            rate: 0.2,
            rounds: 500,
            patience: 10,
            folds: 5,
            l2: 3.0,
            focus: 0.2,
            max_pairs: 20,
            pair_bins: 12,
            seed: 0,
        }
    }
}

impl BoostConfig {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let mut require = |ok: bool, field: &str, range: &str| {
            problems.require(ok, field, &format!("must lie {range}"), "leave it out for the default");
        };
        require((2..=64).contains(&self.bins), "boost.bins", "between 2 and 64");
        require(self.rate > 0.0 && self.rate <= 1.0, "boost.rate", "above 0 and at most at 1");
        require((1..=10_000).contains(&self.rounds), "boost.rounds", "between 1 and 10,000");
        require((1..=1_000).contains(&self.patience), "boost.patience", "between 1 and 1,000");
        require((2..=50).contains(&self.folds), "boost.folds", "between 2 and 50");
        require((0.0..=1e6).contains(&self.l2), "boost.l2", "between 0 and 1,000,000");
        require((0.0..=1.0).contains(&self.focus), "boost.focus", "between 0 and 1");
        require(self.max_pairs <= 100, "boost.max_pairs", "between 0 and 100");
        require((2..=12).contains(&self.pair_bins), "boost.pair_bins", "between 2 and 12");
        problems.into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_checked() {
        let wrong = BoostConfig {
            bins: 65,
            rate: f64::NAN,
            rounds: 0,
            patience: 0,
            folds: 1,
            l2: -1.0,
            focus: 1.1,
            max_pairs: 101,
            pair_bins: 1,
            seed: 0,
        };
        assert_eq!(wrong.validate().unwrap_err().problems().len(), 9);
        let read: BoostConfig = serde_json::from_str(r#"{"max_pairs": 3}"#).unwrap();
        assert_eq!(read, BoostConfig { max_pairs: 3, ..BoostConfig::default() });
        assert!(serde_json::from_str::<BoostConfig>(r#"{"pairs": 3}"#).is_err());
    }
}
