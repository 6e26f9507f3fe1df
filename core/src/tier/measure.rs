//! What the cuts compare: the PD, or the points of the score.

use serde::{Deserialize, Serialize};

use super::letter::RiskTier;
use crate::error::Problems;

/// What the cuts of a [`TierPolicy`](super::TierPolicy) compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The PD per year; a PD below the cut is better, a PD that equals it is worse.
    #[default]
    Pd,
    /// Score points; a score at or above the cut is better.
    Score,
}

impl Measure {
    pub(super) fn is_pd(&self) -> bool {
        *self == Measure::Pd
    }

    /// The tier between the borders of A, B and C. NaN is worst.
    #[inline]
    pub(super) fn tier(self, cuts: &[f64; 3], value: f64) -> RiskTier {
        // Counting needs no branch that a processor could guess wrong. NaN is on the better side of no cut.
        let better: u8 = match self {
            Measure::Pd => cuts.iter().map(|&cut| u8::from(value < cut)).sum(),
            Measure::Score => cuts.iter().map(|&cut| u8::from(value >= cut)).sum(),
        };
        RiskTier::A.worse_by(cuts.len() as u8 - better)
    }

    /// By how much `value` lies on the worse side of `cut`; below 0 on the better side.
    #[inline]
    pub(super) fn beyond(self, cut: f64, value: f64) -> f64 {
        match self {
            Measure::Pd => value - cut,
            Measure::Score => cut - value,
        }
    }

    /// Requires that the borders go strictly from good to bad.
    pub(super) fn check(self, problems: &mut Problems, place: &str, [a, b, c]: [f64; 3]) {
        match self {
            Measure::Pd => problems.require(
                0.0 < a && a < b && b < c && c < 1.0,
                place,
                "the cuts must rise strictly within (0, 1)",
                "list the upper PD of A, B and C",
            ),
            Measure::Score => problems.require(
                a.is_finite() && c.is_finite() && a > b && b > c,
                place,
                "the cuts must be finite and fall strictly",
                "list the least score of A, B and C",
            ),
        }
    }
}
