//! The ordered bins of highest information value, with the proof of how good they are.

mod candidates;
mod curve;
mod hull;
mod programme;
#[cfg(test)]
mod tests;

pub(super) use curve::{Curve, by_rate, checked_sum};

use super::config::{Direction, Limits, Trend};
use super::table::woe;
use crate::stats::Counts;

/// The bins that were found, as rising cuts of the curve.
#[derive(Debug)]
pub(super) struct Solution {
    pub(super) cuts: Vec<usize>,
    /// `None` for a single bin.
    pub(super) direction: Option<Direction>,
    /// No bins within the limits have more; `None` when there is no allowed cut.
    pub(super) bound: Option<f64>,
    /// Cuts the bins were chosen from.
    pub(super) candidates: usize,
    /// Whether the bins are proven to be the best.
    pub(super) optimal: bool,
}

/// The hull of one direction and its best bins, which no limit can surpass.
struct Plan {
    direction: Direction,
    vertices: Vec<usize>,
    cuts: Vec<usize>,
    value: f64,
}

/// The best bins of the curve within all limits.
pub(super) fn solve(curve: &Curve, limits: &Limits, trend: Trend) -> Solution {
    let allowed = curve.allowed(limits);
    if allowed.is_empty() {
        return Solution { cuts: Vec::new(), direction: None, bound: None, candidates: 0, optimal: true };
    }
    let directions = match trend {
        Trend::Auto => &[Direction::Increasing, Direction::Decreasing][..],
        Trend::Increasing => &[Direction::Increasing],
        Trend::Decreasing => &[Direction::Decreasing],
    };
    let mut plans: Vec<Plan> = directions
        .iter()
        .map(|&direction| {
            let vertices = hull::hull(curve, &allowed, direction);
            let (cuts, value) = hull::best_cuts(curve, &vertices, limits.max_bins);
            Plan { direction, vertices, cuts, value }
        })
        .collect();
    plans.sort_by(|a, b| b.value.total_cmp(&a.value));
    let all = allowed.end() + 1 - allowed.start();
    let bound = plans.first().map(|plan| plan.value);
    let mut best = Solution { cuts: Vec::new(), direction: None, bound, candidates: all, optimal: true };
    let mut reached = f64::NEG_INFINITY;
    for plan in plans {
        if plan.value <= reached {
            break;
        }
        let (cuts, value) = if curve.bins(&plan.cuts).iter().all(|bin| limits.hold(*bin)) {
            (plan.cuts, plan.value)
        } else {
            match candidates::search(curve, &allowed, &plan.vertices, &plan.cuts, limits, plan.direction) {
                Some(found) => {
                    best.optimal &= found.all;
                    best.candidates = found.tried;
                    (found.cuts, found.value)
                }
                None => continue,
            }
        };
        if value > reached {
            reached = value;
            best.direction = (!cuts.is_empty()).then_some(plan.direction);
            best.cuts = cuts;
        }
    }
    best
}

impl Solution {
    /// Joins neighbours until the smoothed weight of evidence moves strictly as the event rate does. Only
    /// bins of nearly equal rate can be concerned, and little is lost.
    pub(super) fn keep_trend(&mut self, curve: &Curve, all: Counts, smoothing: f64) {
        let Some(direction) = self.direction else { return };
        loop {
            let values: Vec<Option<f64>> = curve.bins(&self.cuts).iter().map(|bin| woe(*bin, all, smoothing)).collect();
            let broken = values.windows(2).position(|pair| match direction {
                Direction::Increasing => pair[0] <= pair[1],
                Direction::Decreasing => pair[0] >= pair[1],
            });
            let Some(place) = broken else { break };
            self.cuts.remove(place);
            self.optimal = false;
        }
        if self.cuts.is_empty() {
            self.direction = None;
        }
    }
}
