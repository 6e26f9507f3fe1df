//! What is asked of the bins.

use serde::{Deserialize, Serialize};

use crate::data::WEIGHT_UNIT;
use crate::error::{Problems, Result};
use crate::stats::Counts;

/// The limits that the bins of one feature keep.
///
/// ```
/// use scoreline::binning::{BinningConfig, Trend};
/// let config = BinningConfig { max_bins: 4, trend: Trend::Decreasing, ..BinningConfig::default() };
/// assert!(config.validate().is_ok());
/// let wrong = BinningConfig { max_bins: 1, min_share: 2.0, ..BinningConfig::default() };
/// assert_eq!(wrong.validate().unwrap_err().problems().len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BinningConfig {
    /// The most ordinary bins, 2 to 20; special codes and the missing bin come on top. Default 6.
    pub max_bins: usize,
    /// The least share of all rows (missing ones included) that an ordinary bin holds, 0 to 0.5. A level of a
    /// category below it is pooled with the other rare ones. Default 0.05.
    pub min_share: f64,
    /// The least weight of rows with the event in an ordinary bin, above 0. Default 5: below that the
    /// standard error of a weight of evidence, √(1/events + 1/non-events), exceeds 0.45.
    pub min_events: f64,
    /// The least weight of rows without the event in an ordinary bin, above 0. Default 5.
    pub min_non_events: f64,
    /// How the event rate moves from one numeric bin to the next. Default [`Trend::Auto`].
    pub trend: Trend,
    /// Rows added to the events and to the non-events of every bin when its weight of evidence is taken; the
    /// totals are not adjusted. Default 0.5 (Jeffreys). With 0 the weight of evidence is strict, and a bin
    /// that holds one class only is an error.
    pub smoothing: f64,
}

impl Default for BinningConfig {
    fn default() -> Self {
        BinningConfig { max_bins: 6, min_share: 0.05, min_events: 5.0, min_non_events: 5.0, trend: Trend::Auto, smoothing: 0.5 }
    }
}

/// How the event rate has to move with the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    /// Whichever of the two gives the higher information value; rising when they are equal.
    #[default]
    Auto,
    /// The event rate rises with the value.
    Increasing,
    /// The event rate falls with the value.
    Decreasing,
}

/// How the event rate moves over the fitted bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Every bin has a higher event rate than the one before.
    Increasing,
    /// Every bin has a lower event rate than the one before.
    Decreasing,
}

impl BinningConfig {
    /// Checks every setting.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(
            (2..=20).contains(&self.max_bins),
            "binning.max_bins",
            "must lie between 2 and 20",
            "use 4 to 8 for a scorecard",
        );
        problems.require(
            (0.0..=0.5).contains(&self.min_share),
            "binning.min_share",
            "must lie between 0 and 0.5",
            "give a share, for example 0.05",
        );
        for (field, least) in [("binning.min_events", self.min_events), ("binning.min_non_events", self.min_non_events)] {
            problems.require(
                least > 0.0 && least <= 1e12,
                field,
                "must be above 0 and at most 10^12",
                "use 1 or more rows: a bin of one class has no finite weight of evidence",
            );
        }
        problems.require(
            (0.0..=1_000.0).contains(&self.smoothing),
            "binning.smoothing",
            "must lie between 0 and 1000",
            "use 0.5, or 0 for none",
        );
        problems.into_result()
    }

    /// The limits in the units of [`Counts`], for `all` rows.
    pub(super) fn limits(&self, all: Counts) -> Limits {
        // The factor keeps a bin of exactly the least share when the product is rounded upwards.
        let share = self.min_share * all.total() as f64 * (1.0 - 1e-12);
        Limits {
            max_bins: self.max_bins,
            total: share.ceil() as u64,
            events: units(self.min_events),
            non_events: units(self.min_non_events),
        }
    }
}

fn units(rows: f64) -> u64 {
    ((rows / WEIGHT_UNIT).ceil() as u64).max(1)
}

/// The limits of one binning, as weights in the units of [`Counts`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) max_bins: usize,
    pub(super) total: u64,
    pub(super) events: u64,
    pub(super) non_events: u64,
}

impl Limits {
    /// Whether one bin with these counts is large enough.
    pub(super) fn hold(&self, counts: Counts) -> bool {
        counts.events >= self.events && counts.non_events >= self.non_events && counts.total() >= self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::WEIGHT_ONE;

    #[test]
    fn every_setting_is_checked() {
        let wrong = BinningConfig {
            max_bins: 21,
            min_share: f64::NAN,
            min_events: 0.0,
            min_non_events: -1.0,
            trend: Trend::Auto,
            smoothing: f64::INFINITY,
        };
        assert_eq!(wrong.validate().unwrap_err().problems().len(), 5);
    }

    #[test]
    fn settings_left_out_take_their_defaults_and_unknown_ones_are_refused() {
        let config: BinningConfig = serde_json::from_str(r#"{"max_bins": 4, "trend": "decreasing"}"#).unwrap();
        assert_eq!(config, BinningConfig { max_bins: 4, trend: Trend::Decreasing, ..BinningConfig::default() });
        assert!(serde_json::from_str::<BinningConfig>(r#"{"bins": 4}"#).is_err());
    }

    #[test]
    fn a_bin_of_exactly_the_least_share_is_large_enough() {
        for rows in [20, 100, 140, 1_000, 12_340, 30_000_020] {
            let limits = BinningConfig { min_share: 0.05, ..BinningConfig::default() }
                .limits(Counts { non_events: rows * WEIGHT_ONE, events: 0 });
            let exact = rows * WEIGHT_ONE / 20;
            assert!(limits.total <= exact && exact - limits.total < 100, "{rows} rows");
        }
    }
}
