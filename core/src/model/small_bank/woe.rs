//! Weights of evidence that lean on the whole sample where a bin is small.

use serde::{Deserialize, Serialize};

use crate::data::WEIGHT_UNIT;
use crate::math::ln;
use crate::stats::Counts;

/// A weight of evidence with its sampling variance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShrunkenWoe {
    /// ln(odds of the non-event in the bin / in the sample): positive is good.
    pub woe: f64,
    /// Variance over repeated samples.
    pub variance: f64,
}

/// The most rows that [`shrinkage_strength`] gives: the bins say nothing beyond the overall rate.
const MOST_STRENGTH: f64 = 1e9;

/// How many rows of the overall event rate each bin should be mixed with, from the bins themselves: the better they agree
/// beyond chance, the more. At least 1, at most 10⁹.
///
/// The bins' rates are taken as draws from a beta distribution of precision κ; the moment estimator of Kleinman (1973)
/// compares their spread with what binomial chance makes of one rate: ρ = (Q − (K − 1)) / (N − Σnₖ²/N − (K − 1)) with
/// Q = Σ nₖ (rₖ − r)² / (r (1 − r)), and κ = 1/ρ − 1.
#[must_use]
pub fn shrinkage_strength(bins: &[Counts]) -> f64 {
    let mut all = Counts::default();
    bins.iter().for_each(|bin| all.add(*bin));
    let (n, rate) = (all.total() as f64 * WEIGHT_UNIT, all.event_rate());
    let (mut q, mut squares, mut used) = (0.0, 0.0, 0.0);
    for bin in bins.iter().filter(|bin| bin.total() > 0) {
        let rows = bin.total() as f64 * WEIGHT_UNIT;
        let miss = bin.event_rate() - rate;
        q += rows * miss * miss / (rate * (1.0 - rate));
        squares += rows * rows;
        used += 1.0;
    }
    let rho = (q - (used - 1.0)) / (n - squares / n - (used - 1.0));
    if rho > 0.0 { (1.0 / rho - 1.0).clamp(1.0, MOST_STRENGTH) } else { MOST_STRENGTH }
}

/// The weight of evidence of a bin after `strength` rows of the overall event rate were added to it (posterior mean of a
/// beta prior), and its sampling variance n/(n + κ) · (1/events + 1/non-events) of the mixed counts.
///
/// A bin without rows has 0 and 0. `None` when the sample lacks a class, or the result is not finite because `strength` is 0.
///
/// ```
/// use scoreline::data::WEIGHT_ONE;
/// use scoreline::model::shrunken_woe;
/// use scoreline::stats::Counts;
/// let counts = |non_events, events| Counts { non_events: non_events * WEIGHT_ONE, events: events * WEIGHT_ONE };
/// // Two rows without an event in a sample with 20 %: no infinite weight, only a hint.
/// let hint = shrunken_woe(counts(2, 0), counts(160, 40), 20.0).unwrap();
/// assert!((hint.woe - 0.1177830).abs() < 1e-7 && hint.variance > 0.02);
/// ```
#[must_use]
pub fn shrunken_woe(bin: Counts, all: Counts, strength: f64) -> Option<ShrunkenWoe> {
    let rate = all.event_rate();
    let rows = bin.total() as f64 * WEIGHT_UNIT;
    let events = bin.events as f64 * WEIGHT_UNIT + strength * rate;
    let non_events = bin.non_events as f64 * WEIGHT_UNIT + strength * (1.0 - rate);
    if !(events > 0.0 && non_events > 0.0) || all.events == 0 || all.non_events == 0 {
        return None;
    }
    if rows == 0.0 {
        return Some(ShrunkenWoe { woe: 0.0, variance: 0.0 });
    }
    let woe = ln(non_events / events) - ln(all.non_events as f64 / all.events as f64);
    let variance = rows / (rows + strength) * (1.0 / events + 1.0 / non_events);
    Some(ShrunkenWoe { woe, variance }).filter(|found| found.woe.is_finite() && found.variance.is_finite())
}
