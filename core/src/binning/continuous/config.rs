//! What is asked of the bins of a continuous target.

use serde::{Deserialize, Serialize};

use super::super::ordered::{Direction, Order, Rules};
use crate::data::WEIGHT_UNIT;
use crate::error::{Problems, Result};
use crate::stats::{MAX_TARGET, Moments, TARGET_UNIT, Tally};

/// The limits that the bins of one feature keep.
///
/// ```
/// use scoreline::binning::continuous::{ContinuousConfig, MeanTrend};
/// let config = ContinuousConfig { max_bins: 4, trend: MeanTrend::Peak, ..ContinuousConfig::default() };
/// assert!(config.validate().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContinuousConfig {
    /// The most ordinary bins, 2 to 20; special codes and the missing bin come on top. Default 6.
    pub max_bins: usize,
    /// The least share of all rows (missing ones included) that an ordinary bin holds, 0 to 0.5. Default 0.05.
    pub min_share: f64,
    /// The least share of all rows of a level of a category, 0 to 0.5: rarer levels stay together, as what they hold of
    /// the target is mostly noise. Default 0.01.
    pub min_level_share: f64,
    /// The least weight of rows in an ordinary bin, in rows, above 0. Default 20: the standard
    /// error of a mean is then below a quarter of the standard deviation.
    pub min_count: f64,
    /// The least distance between the means of neighbouring bins, in the unit of the target, at least 0. Default 0.
    pub min_difference: f64,
    /// How the mean moves from one numeric bin to the next. Default [`MeanTrend::Monotonic`].
    pub trend: MeanTrend,
}

impl Default for ContinuousConfig {
    fn default() -> Self {
        ContinuousConfig {
            max_bins: 6,
            min_share: 0.05,
            min_level_share: 0.01,
            min_count: 20.0,
            min_difference: 0.0,
            trend: MeanTrend::Monotonic,
        }
    }
}

/// How the mean moves with the value, strictly in each case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeanTrend {
    /// Rising or falling, whichever explains more; rising when they are equal.
    #[default]
    Monotonic,
    /// The mean rises with the value.
    Increasing,
    /// The mean falls with the value.
    Decreasing,
    /// The mean rises up to some bin and falls from there on; either part may be absent.
    Peak,
    /// The mean falls up to some bin and rises from there on; either part may be absent.
    Valley,
    /// The mean moves in any way.
    None,
}

impl MeanTrend {
    /// The orders to choose from: the first, and others.
    pub(super) fn orders(self) -> (Order, &'static [Order]) {
        let (up, down) = (Direction::Increasing, Direction::Decreasing);
        match self {
            MeanTrend::Monotonic => (Order::Monotone(up), &[Order::Monotone(Direction::Decreasing)]),
            MeanTrend::Increasing => (Order::Monotone(up), &[]),
            MeanTrend::Decreasing => (Order::Monotone(down), &[]),
            MeanTrend::Peak => (Order::Turning(up), &[]),
            MeanTrend::Valley => (Order::Turning(down), &[]),
            MeanTrend::None => (Order::Free, &[]),
        }
    }
}

impl ContinuousConfig {
    /// Checks every setting.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let bins = (2..=20).contains(&self.max_bins);
        problems.require(bins, "binning.max_bins", "must lie between 2 and 20", "use 4 to 8 for a scorecard");
        let share = (0.0..=0.5).contains(&self.min_share);
        problems.require(share, "binning.min_share", "must lie between 0 and 0.5", "give a share, for example 0.05");
        let level = (0.0..=0.5).contains(&self.min_level_share);
        problems.require(level, "binning.min_level_share", "must lie between 0 and 0.5", "give a share, for example 0.01");
        let count = self.min_count > 0.0 && self.min_count <= 1e12;
        problems.require(count, "binning.min_count", "must be above 0 and at most 10^12", "use 20 or more rows");
        let difference = (0.0..=MAX_TARGET).contains(&self.min_difference);
        let remedy = "give a distance in the unit of the target, or 0 for none";
        problems.require(difference, "binning.min_difference", "must lie between 0 and 2^32", remedy);
        problems.into_result()
    }

    /// The least weight of a bin.
    pub(super) fn least(&self, all: &Moments) -> u64 {
        // The factor keeps a bin of exactly the least share when the product is rounded upwards.
        let share = self.min_share * all.weight() as f64 * (1.0 - 1e-12);
        let count = self.min_count / WEIGHT_UNIT;
        (share.max(count).ceil() as u64).max(1)
    }

    /// Whether so much weight of `all` is that of a rare level.
    pub(super) fn is_rare(&self, level: u64, all: u64) -> bool {
        (level as f64) < self.min_level_share * all as f64 * (1.0 - 1e-12)
    }

    pub(super) fn rules(&self, order: Order) -> Rules {
        Rules { max_bins: self.max_bins, orders: vec![order], min_difference: self.min_difference / TARGET_UNIT }
    }
}
