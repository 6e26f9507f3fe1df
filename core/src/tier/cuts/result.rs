//! The cuts that were found and the tiers between them.

use serde::{Deserialize, Serialize};

use super::config::Orientation;
use crate::error::{Error, Problem, Result};

/// Cuts, and what was counted in the tiers between them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierCuts {
    /// The cuts between the tiers, best tier first: rising for a PD, falling for a score. Each lies half-way between two
    /// counted values; where values share a cell, on the border of the cell.
    pub cuts: Vec<f64>,
    /// Which end of the values is the risky one.
    pub orientation: Orientation,
    /// The tiers, best first.
    pub tiers: Vec<CutTier>,
    /// What the tiers add to the objective together; only where there was one.
    pub objective: Option<f64>,
    /// The p-value between each tier and the next ([`two_proportions`](crate::math::two_proportions)); none where it cannot
    /// be told.
    pub p_values: Vec<Option<f64>>,
    /// Whether the event rate of each tier is above that of the one before.
    pub rising: bool,
    /// Distinct values, or cells of values, that were counted.
    pub values: usize,
    /// Cells between which cuts were looked for: fewer than `values` when those were merged, and then the cuts are the
    /// best of these cells only.
    pub candidates: usize,
}

/// What was counted in one tier.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutTier {
    /// Weight, in rows.
    pub rows: f64,
    /// Weight of the events, in rows.
    pub events: f64,
    /// Share of all rows.
    pub share: f64,
    /// Observed event rate, in [0, 1].
    pub rate: f64,
    /// Lower end of Jeffreys' interval of the event rate at 95 %.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// What the tier adds to the objective, where there was one; for a profit 0 when the tier is declined.
    pub value: Option<f64>,
}

impl TierCuts {
    /// The tier of a value: 0 for the best. A value that is not a number is worst.
    #[must_use]
    pub fn tier(&self, value: f64) -> usize {
        let worse = |cut: &&f64| match self.orientation {
            Orientation::RisesWithRisk => !matches!(value.partial_cmp(cut), Some(std::cmp::Ordering::Less)),
            Orientation::FallsWithRisk => {
                !matches!(value.partial_cmp(cut), Some(std::cmp::Ordering::Greater | std::cmp::Ordering::Equal))
            }
        };
        self.cuts.iter().filter(worse).count()
    }

    /// The cuts as [`TierPolicy::cuts`](crate::tier::TierPolicy::cuts) takes them.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) unless they are three PDs that rise strictly within (0, 1).
    pub fn pd_cuts(&self) -> Result<[f64; 3]> {
        let inside = self.cuts.iter().all(|cut| *cut > 0.0 && *cut < 1.0) && self.cuts.windows(2).all(|pair| pair[0] < pair[1]);
        match (self.orientation, &self.cuts[..]) {
            (Orientation::RisesWithRisk, &[a, b, c]) if inside => Ok([a, b, c]),
            _ => Err(Error::data(
                Problem::new(
                    "the cuts of four tiers of a PD within (0, 1) were expected",
                    "count PDs, not scores, and ask for four tiers",
                )
                .field("cuts"),
            )),
        }
    }
}
