//! Prices by segment that earn most for the volume they bring.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::best::PriceRung;
use crate::data::decimal;
use crate::error::{Error, Problem, Result};

/// A segment with the prices that are allowed for it.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentLadder {
    /// Its name.
    pub segment: String,
    /// Offers, at least 0.
    pub offers: f64,
    /// Amount of an offer, above 0.
    pub amount: f64,
    /// Its prices.
    pub rungs: Vec<PriceRung>,
}

/// A point of the frontier: no other choice of prices earns as much with as much volume.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontierPoint {
    /// Amount of all accepted offers.
    pub volume: f64,
    /// What they earn.
    pub profit: f64,
    /// The rate of each segment, in the order given.
    pub rates: Vec<f64>,
}

/// The efficient frontier of volume and profit over one price a segment, from most profit to most volume. Its points are those that
/// some exchange of profit for volume makes best (the corners of the convex hull); each step towards more volume costs more than
/// the one before.
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) with the place of a segment that has no prices, or figures that are not usable.
pub fn efficient_frontier(segments: &[SegmentLadder]) -> Result<Vec<FrontierPoint>> {
    let mut steps = Vec::new();
    let mut chosen = Vec::with_capacity(segments.len());
    for (place, segment) in segments.iter().enumerate() {
        let usable = segment.offers >= 0.0 && segment.offers.is_finite() && segment.amount > 0.0 && segment.amount.is_finite();
        let rungs = segment.rungs.iter().all(|rung| rung.expected.is_finite() && (0.0..=1.0).contains(&rung.share));
        if !(usable && rungs) || segment.rungs.is_empty() {
            let what = "a segment needs prices, offers of at least 0 and an amount above 0";
            return Err(Error::data(Problem::new(what, "correct the segment").field("segments")).at_row(place));
        }
        let mut points: Vec<(f64, f64, f64)> = segment
            .rungs
            .iter()
            .map(|rung| (segment.offers * segment.amount * rung.share, segment.offers * rung.expected, rung.rate))
            .collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.total_cmp(&b.2)));
        // Only what brings more volume than the most profitable price is of interest, and of that the upper hull.
        let best = points.iter().enumerate().fold(0, |best, (at, point)| if point.1 >= points[best].1 { at } else { best });
        let mut hull: Vec<(f64, f64, f64)> = Vec::new();
        for &point in points.iter().skip(best) {
            if hull.last().is_some_and(|last| point.0 <= last.0) {
                continue;
            }
            while let [.., a, b] = hull[..]
                && (b.1 - a.1) * (point.0 - a.0) <= (point.1 - a.1) * (b.0 - a.0)
            {
                hull.pop();
            }
            hull.push(point);
        }
        for pair in hull.windows(2) {
            steps.push(((pair[0].1 - pair[1].1) / (pair[1].0 - pair[0].0), place, pair[1]));
        }
        chosen.extend(hull.first());
    }
    // The cheapest exchange first; within a segment the hull has them in order.
    steps.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let point = |chosen: &[(f64, f64, f64)]| FrontierPoint {
        volume: chosen.iter().map(|point| point.0).sum(),
        profit: chosen.iter().map(|point| point.1).sum(),
        rates: chosen.iter().map(|point| point.2).collect(),
    };
    let mut frontier = vec![point(&chosen)];
    for (_, place, next) in steps {
        if let Some(now) = chosen.get_mut(place) {
            *now = next;
        }
        frontier.push(point(&chosen));
    }
    Ok(frontier)
}
