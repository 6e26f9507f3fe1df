//! What is asked of the bins of a target with several classes.

use serde::{Deserialize, Serialize};

use crate::data::WEIGHT_UNIT;
use crate::error::{Problems, Result};

/// The most classes of a target.
pub(super) const MAX_CLASSES: usize = 32;

/// The limits that the bins of one feature keep.
///
/// ```
/// use scoreline::binning::multiclass::{ClassTrend, MulticlassConfig};
/// let config = MulticlassConfig { max_bins: 4, trend: ClassTrend::Monotonic, ..MulticlassConfig::default() };
/// assert!(config.validate().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MulticlassConfig {
    /// What the bins maximise. Default [`MulticlassObjective::Iv`].
    pub objective: MulticlassObjective,
    /// The most ordinary bins, 2 to 20; special codes and the missing bin come on top. Default 6.
    pub max_bins: usize,
    /// The least share of all rows (missing ones included) that an ordinary bin holds, 0 to 0.5. Default 0.05.
    pub min_share: f64,
    /// The least share of all rows of a level of a category, 0 to 0.5: rarer levels stay together, as what they hold of
    /// the target is mostly noise. Default 0.01.
    pub min_level_share: f64,
    /// The least weight of rows of *each* class in an ordinary bin, in rows, at least 0. Default 1. For an information value
    /// some weight of each class is needed even with 0, as it would be infinite otherwise.
    pub min_class_count: f64,
    /// How the rates of the classes move over numeric bins. Default [`ClassTrend::None`].
    pub trend: ClassTrend,
    /// Rows added to a class and to the rest in every bin when its weight of evidence is taken. Default 0.5.
    pub smoothing: f64,
}

impl Default for MulticlassConfig {
    fn default() -> Self {
        MulticlassConfig {
            objective: MulticlassObjective::Iv,
            max_bins: 6,
            min_share: 0.05,
            min_level_share: 0.01,
            min_class_count: 1.0,
            trend: ClassTrend::None,
            smoothing: 0.5,
        }
    }
}

/// What the bins maximise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MulticlassObjective {
    /// The mean over the classes of the information value of the class against all others together; optbinning maximises
    /// the sum of the same.
    #[default]
    Iv,
    /// The Jensen–Shannon divergence of the classes' distributions over the bins, each weighted by the share of its class:
    /// Σ over bins and classes of n/N · ln(rate of the class in the bin / rate of the class), in nats. It equals the mutual
    /// information of bin and class, and is finite for bins that lack a class.
    Js,
}

/// How the rate of each class moves from one numeric bin to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassTrend {
    /// In any way.
    #[default]
    None,
    /// Strictly in one direction for each class: upward when a row of the class lies above a row of another class more
    /// often than below (the sign of Somers' D), else downward.
    Monotonic,
}

impl MulticlassConfig {
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
        let count = (0.0..=1e12).contains(&self.min_class_count);
        problems.require(count, "binning.min_class_count", "must lie between 0 and 10^12", "use 1 or more rows");
        let smoothing = self.smoothing > 0.0 && self.smoothing <= 1_000.0;
        problems.require(smoothing, "binning.smoothing", "must be above 0 and at most 1000", "use 0.5");
        problems.into_result()
    }

    /// The least weights of a bin: of all rows, and of each class.
    pub(super) fn least(&self, all: u64) -> (u64, u64) {
        // The factor keeps a bin of exactly the least share when the product is rounded upwards.
        let share = self.min_share * all as f64 * (1.0 - 1e-12);
        let class = (self.min_class_count / WEIGHT_UNIT).ceil() as u64;
        ((share.ceil() as u64).max(1), class.max(u64::from(self.objective == MulticlassObjective::Iv)))
    }

    /// Whether so much weight of `all` is that of a rare level.
    pub(super) fn is_rare(&self, level: u64, all: u64) -> bool {
        (level as f64) < self.min_level_share * all as f64 * (1.0 - 1e-12)
    }
}
