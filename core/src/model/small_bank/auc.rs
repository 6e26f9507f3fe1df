//! The interval of the AUC.

use serde::{Deserialize, Serialize};

use super::interval::{Interval, quantile};
use crate::data::WEIGHT_UNIT;
use crate::error::{Error, Problem, Result};
use crate::math::{beta_inv, logistic, logit};
use crate::stats::Cell;

/// An AUC with DeLong's variance and an interval that stays within [0, 1].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AucInterval {
    /// The AUC and its interval.
    pub auc: Interval,
    /// Variance of the AUC after DeLong, DeLong & Clarke-Pearson (1988).
    pub variance: f64,
}

/// The AUC of cells of (log-odds of the event or any number that is higher for the riskier, counts), strictly rising,
/// with its interval: normal on the logit scale. Where the variance is 0 (a sample ranked without a mistake) that would
/// be false precision; then it is Jeffreys' interval of as many trials as the smaller class has rows.
///
/// ```
/// use scoreline::data::WEIGHT_ONE;
/// use scoreline::model::auc_interval;
/// use scoreline::stats::{Cell, Counts};
/// let cell = |value, good, bad| Cell { value, counts: Counts { non_events: good * WEIGHT_ONE, events: bad * WEIGHT_ONE } };
/// let perfect = auc_interval(&[cell(1.0, 90, 0), cell(2.0, 0, 12)], 0.9)?;
/// assert_eq!(perfect.auc.estimate, 1.0);
/// assert!(perfect.auc.low < 0.87);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) when the cells do not rise;
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) with one event or non-event or fewer;
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) unless `confidence` lies strictly between 0 and 1.
pub fn auc_interval(cells: &[Cell], confidence: f64) -> Result<AucInterval> {
    let z = quantile(confidence)?;
    if !cells.iter().map(|cell| cell.value).is_sorted_by(|a, b| a < b) {
        return Err(Error::data(Problem::new("the cells must rise in value", "merge cells of equal value and sort them")));
    }
    let rows: Vec<(f64, f64)> =
        cells.iter().map(|cell| (cell.counts.events as f64 * WEIGHT_UNIT, cell.counts.non_events as f64 * WEIGHT_UNIT)).collect();
    let (events, non_events) = rows.iter().fold((0.0, 0.0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    if !(events > 1.0 && non_events > 1.0) {
        return Err(Error::insufficient(Problem::new(
            "the interval of an AUC needs two events and two non-events",
            "measure on rows that hold both outcomes",
        )));
    }
    // Placements: for an event the share of non-events below it, for a non-event the share of events above it.
    let (mut below, mut above) = (0.0, events);
    let placements: Vec<(f64, f64)> = rows
        .iter()
        .map(|row| {
            above -= row.0;
            let placed = ((below + row.1 / 2.0) / non_events, (above + row.0 / 2.0) / events);
            below += row.1;
            placed
        })
        .collect();
    let auc = rows.iter().zip(&placements).map(|(row, placed)| row.0 * placed.0).sum::<f64>() / events;
    let (mut s10, mut s01) = (0.0, 0.0);
    for (row, placed) in rows.iter().zip(&placements) {
        s10 += row.0 * (placed.0 - auc) * (placed.0 - auc);
        s01 += row.1 * (placed.1 - auc) * (placed.1 - auc);
    }
    let variance = s10 / (events - 1.0) / events + s01 / (non_events - 1.0) / non_events;
    let (low, high) = if variance > 0.0 && auc > 0.0 && auc < 1.0 {
        let reach = z * variance.sqrt() / (auc * (1.0 - auc));
        (logistic(logit(auc) - reach), logistic(logit(auc) + reach))
    } else {
        let (trials, tail) = (events.min(non_events), 0.5 - confidence / 2.0);
        let bound = |p: f64| beta_inv(p, trials * auc + 0.5, trials * (1.0 - auc) + 0.5);
        (if auc > 0.0 { bound(tail) } else { 0.0 }, if auc < 1.0 { bound(1.0 - tail) } else { 1.0 })
    };
    Ok(AucInterval { auc: Interval { low, estimate: auc, high }, variance })
}
