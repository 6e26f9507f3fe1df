//! The limits of one binning, in the units of the counts.

use super::BinningConfig;
use crate::binning::table::Smoothing;
use crate::data::WEIGHT_UNIT;
use crate::math::norm_inv;
use crate::stats::Counts;

/// The limits of one binning, as weights in the units of [`Counts`].
#[derive(Debug, Clone, Copy)]
pub(in crate::binning) struct Limits {
    pub(in crate::binning) min_bins: usize,
    pub(in crate::binning) max_bins: usize,
    pub(in crate::binning) total: u64,
    /// Least weight of a level that is grouped by its own event rate.
    pub(in crate::binning) level: u64,
    pub(in crate::binning) most: u64,
    pub(in crate::binning) events: u64,
    pub(in crate::binning) non_events: u64,
    /// Least difference of the event rates of neighbours.
    pub(in crate::binning) difference: f64,
    /// Least square of the z statistic between neighbours.
    pub(in crate::binning) z_squared: f64,
    /// Whether the periods count.
    pub(in crate::binning) stable: bool,
    /// Under which the weights of evidence have to move as the event rates do.
    pub(in crate::binning) smoothing: Smoothing,
}

impl Limits {
    /// Whether one bin with these counts is large enough.
    pub(in crate::binning) fn enough(&self, counts: Counts) -> bool {
        counts.events >= self.events && counts.non_events >= self.non_events && counts.total() >= self.total
    }

    /// Whether one bin with these counts is neither too small nor too large.
    pub(in crate::binning) fn hold(&self, counts: Counts) -> bool {
        self.enough(counts) && counts.total() <= self.most
    }
}

impl BinningConfig {
    /// The limits in the units of [`Counts`], for `all` rows.
    pub(in crate::binning) fn limits(&self, all: Counts) -> Limits {
        // The factors keep a bin of exactly the least or largest share when the product is rounded.
        let share = |share: f64, slack: f64| share * all.total() as f64 * slack;
        let z = self.max_p_value.map_or(0.0, |p| norm_inv(0.5 * p));
        Limits {
            min_bins: self.min_bins,
            max_bins: self.max_bins,
            total: share(self.min_share, 1.0 - 1e-12).ceil() as u64,
            level: share(self.min_level_share, 1.0 - 1e-12).ceil() as u64,
            most: if self.max_share < 1.0 { share(self.max_share, 1.0 + 1e-12).floor() as u64 } else { u64::MAX },
            events: units(self.min_events),
            non_events: units(self.min_non_events),
            difference: self.min_rate_difference,
            z_squared: z * z,
            stable: self.stable,
            smoothing: self.smoothing(),
        }
    }
}

fn units(rows: f64) -> u64 {
    ((rows / WEIGHT_UNIT).ceil() as u64).max(1)
}
