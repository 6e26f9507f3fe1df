//! The ordered bins of highest value, with the proof of how good they are.

mod candidates;
mod curve;
mod free;
mod grouped;
mod programme;
mod rule;
mod shape;
mod sweep;
#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

pub(super) use curve::Curve;
pub(crate) use curve::{by_rate, checked_sum};
pub(crate) use programme::{Row, best_cuts as best_row};

use super::config::{Direction, Limits, Trend};
use crate::error::Result;
use candidates::{Found, Space, search};
use rule::Rule;

/// The most candidates of the sorted sweep at a time.
const SWEEP: usize = 320;
/// The most candidates of the programme that tries every predecessor.
const PROGRAMME: usize = 160;

/// The bins that were found, as rising cuts of the curve.
#[derive(Debug)]
pub(super) struct Solution {
    pub(super) cuts: Vec<usize>,
    /// No bins within the limits have more; `None` when there is no allowed cut.
    pub(super) bound: Option<f64>,
    /// Cuts the bins were chosen from.
    pub(super) candidates: usize,
    /// Whether the bins are proven to be the best.
    pub(super) optimal: bool,
    /// Whether the bins are within the limits; otherwise none were found that are, and there is one bin.
    pub(super) within: bool,
}

/// The hull of one direction and its best bins, which no limit can surpass.
struct Plan {
    direction: Direction,
    vertices: Vec<usize>,
    cuts: Vec<usize>,
    value: f64,
}

/// The best bins of the curve within all limits.
pub(super) fn solve(curve: &Curve, limits: &Limits, trend: Trend) -> Result<Solution> {
    let allowed = curve.allowed(limits);
    if allowed.is_empty() {
        let within = limits.min_bins < 2;
        return Ok(Solution { cuts: Vec::new(), bound: None, candidates: 0, optimal: true, within });
    }
    let trend = if trend == Trend::Auto { shape::choose(curve, &allowed, limits) } else { trend };
    match trend.directions() {
        Some(directions) => Ok(monotone(curve, &allowed, limits, directions)),
        None => turning(curve, &allowed, limits, trend),
    }
}

/// Whether the bins between the cuts move as `trend` asks and keep the limits between neighbours.
pub(super) fn neighbours_hold(curve: &Curve, limits: &Limits, trend: Trend, cuts: &[usize]) -> bool {
    let any = |trends: &[Trend]| trends.iter().any(|&trend| Rule { curve, limits, trend }.neighbours(cuts));
    match trend {
        Trend::Auto => any(&[Trend::Peak, Trend::Valley]),
        Trend::Monotonic => any(&[Trend::Increasing, Trend::Decreasing]),
        trend => any(&[trend]),
    }
}

fn monotone(curve: &Curve, allowed: &RangeInclusive<usize>, limits: &Limits, directions: &[Direction]) -> Solution {
    let mut plans: Vec<Plan> = directions
        .iter()
        .map(|&direction| {
            let vertices = curve.hull(allowed, direction);
            let (cuts, value) = curve.best_cuts(&vertices, limits.max_bins);
            Plan { direction, vertices, cuts, value }
        })
        .collect();
    plans.sort_by(|a, b| b.value.total_cmp(&a.value));
    let all = allowed.end() + 1 - allowed.start();
    let bound = plans.first().map(|plan| plan.value);
    let mut best = Solution { cuts: Vec::new(), bound, candidates: all, optimal: true, within: false };
    let mut reached = f64::NEG_INFINITY;
    for plan in plans {
        if plan.value <= reached {
            break;
        }
        let rule = Rule { curve, limits, trend: plan.direction.trend() };
        let found = if rule.accepts(&plan.cuts) {
            Found { cuts: plan.cuts, value: plan.value, tried: all, all: true }
        } else {
            let found = within_limits(&rule, allowed, &plan);
            best.optimal &= found.as_ref().map_or(all <= PROGRAMME, |found| found.all);
            let Some(found) = found else { continue };
            best.candidates = found.tried;
            found
        };
        if found.value > reached {
            reached = found.value;
            best.cuts = found.cuts;
            best.within = true;
        }
    }
    best
}

/// The best bins of one direction: by the sweep, or, when its bins break a limit that it does not know, by the
/// programme.
fn within_limits(rule: &Rule<'_>, allowed: &RangeInclusive<usize>, plan: &Plan) -> Option<Found> {
    let Rule { curve, limits, .. } = *rule;
    let space = |most| Space { curve, allowed, limits, most, bound: plan.value };
    let sweep = |candidates: &[usize]| sweep::best_cuts(curve, candidates, limits, plan.direction);
    let swept = search(&space(SWEEP), &plan.vertices, &plan.cuts, sweep)?;
    if rule.accepts(&swept.cuts) {
        return Some(swept);
    }
    let programme = |candidates: &[usize]| programme::best_cuts(rule, candidates, (limits.min_bins, limits.max_bins));
    search(&space(PROGRAMME), &plan.vertices, &swept.cuts, programme)
}

/// The best bins of a trend that may turn.
fn turning(curve: &Curve, allowed: &RangeInclusive<usize>, limits: &Limits, trend: Trend) -> Result<Solution> {
    let all = allowed.end() + 1 - allowed.start();
    let Some((value, cuts)) = free::bound(curve, allowed, limits)? else {
        return Ok(Solution { cuts: Vec::new(), bound: None, candidates: all, optimal: true, within: false });
    };
    let rule = Rule { curve, limits, trend };
    let bound = Some(value);
    if let Some(cuts) = cuts.as_ref().filter(|cuts| rule.accepts(cuts)) {
        return Ok(Solution { cuts: cuts.clone(), bound, candidates: all, optimal: true, within: true });
    }
    let mut vertices = curve.hull(allowed, Direction::Increasing);
    vertices.extend(curve.hull(allowed, Direction::Decreasing));
    vertices.sort_unstable();
    vertices.dedup();
    let space = Space { curve, allowed, limits, most: PROGRAMME, bound: value };
    let programme = |candidates: &[usize]| programme::best_cuts(&rule, candidates, (limits.min_bins, limits.max_bins));
    Ok(match search(&space, &vertices, cuts.as_deref().unwrap_or_default(), programme) {
        Some(found) => Solution { cuts: found.cuts, bound, candidates: found.tried, optimal: found.all, within: true },
        None => Solution { cuts: Vec::new(), bound, candidates: all, optimal: all <= PROGRAMME, within: false },
    })
}
