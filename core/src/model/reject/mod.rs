//! Reject inference: what the rejected applicants might have done. The answer is always a band.

mod band;
#[cfg(test)]
mod tests;

pub use band::{RejectBand, RejectEstimate, reject_band};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Problems, Result};
use crate::stats::Counts;

/// The applicants of one band of scores.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreBand {
    /// The accepted ones, with what they did.
    pub accepted: Counts,
    /// Weight of the rejected ones, in units of 2⁻²⁰.
    pub rejected: u64,
    /// The mean PD that a model of the accepted ones gives to the rejected ones of the band, in [0, 1].
    pub pd: f64,
}

/// An assumption about the rejected applicants. None can be tested on the accepted ones alone.
///
/// ```
/// use scoreline::data::WEIGHT_ONE;
/// use scoreline::model::{RejectMethod, ScoreBand};
/// use scoreline::stats::Counts;
/// let accepted = Counts { non_events: 200 * WEIGHT_ONE, events: 60 * WEIGHT_ONE };
/// let band = ScoreBand { accepted, rejected: 150 * WEIGHT_ONE, pd: 0.25 };
/// let rate = RejectMethod::Parcelling { multiplier: 1.5 }.event_rate(&band)?;
/// assert!((rate - 1.5 * 60.0 / 260.0).abs() < 1e-15);
/// let one = RejectMethod::Fuzzy.rejected_row(WEIGHT_ONE, 0.25, &band)?;
/// assert_eq!((one.events, one.non_events), (WEIGHT_ONE / 4, 3 * WEIGHT_ONE / 4));
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum RejectMethod {
    /// The accepted applicants of a band stand for all of it: their weights grow by 1 / P(accepted), the rejected ones
    /// are left out. Right when the decision depended on nothing but the score.
    Reweighting,
    /// The rejected ones have `multiplier` times the event rate of the accepted ones of the band, at most 1.
    Parcelling {
        /// From 1 (alike) upwards; 1.5 to 4 are usual.
        multiplier: f64,
    },
    /// Every rejected one counts twice: as an event with its PD as weight, as a non-event with the rest.
    Fuzzy,
    /// A rejected one is an event when its PD is at least `pd`, a non-event otherwise.
    HardCutOff {
        /// In [0, 1].
        pd: f64,
    },
}

impl RejectMethod {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig).
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        match self {
            RejectMethod::Parcelling { multiplier } => problems.require(
                *multiplier >= 1.0 && multiplier.is_finite(),
                "reject.multiplier",
                "must be 1 or more",
                "rejected applicants are not better than accepted ones of the same score; use for example 1.5",
            ),
            RejectMethod::HardCutOff { pd } => {
                problems.require((0.0..=1.0).contains(pd), "reject.pd", "must lie in [0, 1]", "use for example 0.2");
            }
            RejectMethod::Reweighting | RejectMethod::Fuzzy => {}
        }
        problems.into_result()
    }

    /// The event rate that the rejected applicants of `band` are given. Where none was accepted, the model's PD takes the
    /// place of the accepted ones' rate.
    ///
    /// # Errors
    /// As [`RejectMethod::validate`]; [`InvalidData`](crate::ErrorCode::InvalidData) for a PD outside [0, 1];
    /// [`InsufficientData`](crate::ErrorCode::InsufficientData) when a band is to be reweighted and nobody in it was accepted.
    pub fn event_rate(&self, band: &ScoreBand) -> Result<f64> {
        self.rate(band, band.pd)
    }

    /// The weight of an accepted row of `band` after augmentation, in units of 2⁻²⁰.
    ///
    /// # Errors
    /// As [`RejectMethod::event_rate`].
    pub fn accepted_row(&self, weight: u64, band: &ScoreBand) -> Result<u64> {
        self.event_rate(band)?;
        if *self != RejectMethod::Reweighting || band.rejected == 0 {
            return Ok(weight);
        }
        let accepted = u128::from(band.accepted.total());
        let grown = u128::from(weight) * (accepted + u128::from(band.rejected));
        Ok(u64::try_from((grown + accepted / 2) / accepted.max(1)).unwrap_or(u64::MAX))
    }

    /// A rejected row of weight `weight` in `band`, whose own PD is `pd`: the weights with which it counts as an event
    /// and as a non-event, together `weight`; both are 0 where the rejected rows are left out.
    ///
    /// # Errors
    /// As [`RejectMethod::event_rate`].
    pub fn rejected_row(&self, weight: u64, pd: f64, band: &ScoreBand) -> Result<Counts> {
        let rate = self.rate(band, pd)?;
        if *self == RejectMethod::Reweighting {
            return Ok(Counts::default());
        }
        let events = ((weight as f64 * rate).round() as u64).min(weight);
        Ok(Counts { non_events: weight - events, events })
    }

    /// The counts of each band with its rejected applicants added: what bins and models are then fitted to.
    ///
    /// # Errors
    /// As [`RejectMethod::event_rate`].
    pub fn augment(&self, bands: &[ScoreBand]) -> Result<Vec<Counts>> {
        bands
            .iter()
            .map(|band| {
                let mut counts = Counts {
                    non_events: self.accepted_row(band.accepted.non_events, band)?,
                    events: self.accepted_row(band.accepted.events, band)?,
                };
                counts.add(self.rejected_row(band.rejected, band.pd, band)?);
                Ok(counts)
            })
            .collect()
    }

    fn rate(&self, band: &ScoreBand, pd: f64) -> Result<f64> {
        self.validate()?;
        if !(0.0..=1.0).contains(&pd) {
            return Err(Error::data(Problem::new("a PD lies in [0, 1]", "score the rejected rows first").field("reject.pd")));
        }
        let seen = band.accepted.total() > 0;
        let like_accepted = if seen { band.accepted.event_rate() } else { pd };
        match self {
            RejectMethod::Reweighting if !seen && band.rejected > 0 => Err(Error::insufficient(
                Problem::new(
                    "a band without an accepted applicant cannot be reweighted",
                    "merge it with its neighbour, or use parcelling or fuzzy augmentation",
                )
                .field("reject"),
            )),
            RejectMethod::Reweighting => Ok(like_accepted),
            RejectMethod::Parcelling { multiplier } => Ok((multiplier * like_accepted).min(1.0)),
            RejectMethod::Fuzzy => Ok(pd),
            RejectMethod::HardCutOff { pd: cut } => Ok(f64::from(u8::from(pd >= *cut))),
        }
    }
}
