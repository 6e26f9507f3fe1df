//! The event rate of all applicants under several assumptions.

use serde::{Deserialize, Serialize};

use super::{RejectMethod, ScoreBand};
use crate::data::WEIGHT_UNIT;
use crate::error::{Error, Problem, Result};

/// Event rates of all applicants: without the rejected ones, under each assumption, and the band that they span.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RejectBand {
    /// Event rate of the accepted applicants alone.
    pub accepted_only: f64,
    /// One estimate a method.
    pub estimates: Vec<RejectEstimate>,
    /// The least of `accepted_only` and the estimates.
    pub low: f64,
    /// The highest of them.
    pub high: f64,
    /// The event rate if no rejected applicant had the event: no data exclude it.
    pub least_possible: f64,
    /// The event rate if every rejected applicant had it.
    pub most_possible: f64,
}

/// What one assumption leads to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RejectEstimate {
    /// The assumption.
    pub method: RejectMethod,
    /// Event rate of all applicants.
    pub event_rate: f64,
    /// Event rate of the rejected ones.
    pub rejected_rate: f64,
}

/// The band of event rates over `methods`; see [`RejectMethod`].
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) for no methods; [`InsufficientData`](crate::ErrorCode::InsufficientData)
/// when nobody was accepted or nobody rejected; and as [`RejectMethod::event_rate`].
pub fn reject_band(bands: &[ScoreBand], methods: &[RejectMethod]) -> Result<RejectBand> {
    if methods.is_empty() {
        return Err(Error::config(Problem::new("a band needs at least one method", "name two or more").field("reject.methods")));
    }
    let sum = |of: fn(&ScoreBand) -> u64| bands.iter().map(|band| of(band) as f64 * WEIGHT_UNIT).sum::<f64>();
    let (events, accepted, rejected) =
        (sum(|band| band.accepted.events), sum(|band| band.accepted.total()), sum(|band| band.rejected));
    if !(accepted > 0.0 && rejected > 0.0) {
        return Err(Error::insufficient(
            Problem::new("reject inference needs accepted and rejected applicants", "pass both").field("reject"),
        ));
    }
    let estimates: Vec<RejectEstimate> = methods
        .iter()
        .map(|&method| {
            let mut inferred = 0.0;
            for band in bands {
                inferred += method.event_rate(band)? * (band.rejected as f64 * WEIGHT_UNIT);
            }
            let event_rate = (events + inferred) / (accepted + rejected);
            Ok(RejectEstimate { method, event_rate, rejected_rate: inferred / rejected })
        })
        .collect::<Result<_>>()?;
    let accepted_only = events / accepted;
    let rates = || estimates.iter().map(|estimate| estimate.event_rate);
    Ok(RejectBand {
        accepted_only,
        low: rates().fold(accepted_only, f64::min),
        high: rates().fold(accepted_only, f64::max),
        least_possible: events / (accepted + rejected),
        most_possible: (events + rejected) / (accepted + rejected),
        estimates,
    })
}
