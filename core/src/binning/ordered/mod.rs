//! The best bins of ordered cells for any target whose bins have a value that joining never raises.
//!
//! What a target must offer is a [`Measure`]: the value of a bin, which is a convex and positively homogeneous function
//! of sums over its rows, whether a bin is large enough, and the levels (a mean, rates of classes) whose moves a trend
//! restricts. Then
//!
//! * for one level that only rises or only falls, and no limits but the number of bins, some best bins have all cuts at
//!   block ends of pool-adjacent-violators ([`hull`](super::hull)), and no limit can surpass them;
//! * otherwise a dynamic programme tries all cuts when they are few, and a fine choice that is refined when they are
//!   many ([`search`]); a relaxed problem then gives the bound ([`bound`]).

mod bound;
mod cells;
mod certificate;
mod column;
mod movement;
mod programme;
mod search;
#[cfg(test)]
mod tests;

pub use cells::Tallied;
pub(super) use cells::{Cells, labelled, total};
pub use certificate::Optimality;
pub(super) use column::Counted;
pub(super) use movement::Direction;
pub use movement::Movement;

use std::ops::RangeInclusive;

/// Ordered cells, seen through their borders: border 0 lies before the first cell, the last behind the last one.
pub(super) trait Measure {
    /// The last border; 0 when there are no cells.
    fn end(&self) -> usize;

    /// Weight before `border`, which rises strictly with it.
    fn weight_before(&self, border: usize) -> u64;

    /// What the bin adds to the objective: convex and positively homogeneous in the sums of the bin. Infinite where the
    /// formula has no finite value.
    fn value(&self, from: usize, to: usize) -> f64;

    /// Whether the bin is large enough. A bin that holds a large enough one is large enough.
    fn holds(&self, from: usize, to: usize) -> bool;

    /// The level with this index of the bin.
    fn level(&self, index: usize, from: usize, to: usize) -> f64;
}

/// The borders of the hull on the side of `direction`, both ends included; the first level moves strictly from block to block.
fn hull(measure: &impl Measure, allowed: &RangeInclusive<usize>, direction: Direction) -> Vec<usize> {
    let moves = |before, last, border| direction.moves(measure.level(0, before, last), measure.level(0, last, border));
    super::hull::hull(measure.end(), allowed, moves)
}

/// The best cuts among the inner `vertices` for at most `max_bins` bins, and their value.
fn best_cuts(measure: &impl Measure, vertices: &[usize], max_bins: usize) -> (Vec<usize>, f64) {
    super::hull::best_cuts(vertices, max_bins, |from, to| measure.value(from, to))
}

/// How a level moves from bin to bin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// In any way.
    Free,
    /// Always in one direction.
    Monotone(Direction),
    /// In one direction up to some bin, and in the other from there on. Either part may be empty.
    Turning(Direction),
}

/// What is asked of the bins besides their size.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    pub(super) max_bins: usize,
    /// One order for each level.
    pub(super) orders: Vec<Order>,
    /// Least distance of each level between neighbours.
    pub(super) min_difference: f64,
}

/// The bins that were found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Rising borders.
    pub(super) cuts: Vec<usize>,
    pub(super) value: f64,
    /// No bins that keep the rules have more; `None` when nothing finite is known.
    pub(super) bound: Option<f64>,
    /// Cuts the bins were chosen from.
    pub(super) candidates: usize,
    /// Whether the bins are proven to be the best.
    pub(super) optimal: bool,
}

/// The best bins within all rules; a single bin when no cut is possible.
pub(super) fn solve(measure: &impl Measure, rules: &Rules) -> Found {
    let value = if measure.end() == 0 { 0.0 } else { measure.value(0, measure.end()) };
    let single = Found { cuts: Vec::new(), value, bound: Some(value), candidates: 0, optimal: true };
    let allowed = allowed(measure);
    if allowed.is_empty() {
        return single;
    }
    let ideal = match rules.orders[..] {
        [Order::Monotone(direction)] => {
            let vertices = hull(measure, &allowed, direction);
            Some(best_cuts(measure, &vertices, rules.max_bins))
        }
        _ => None,
    };
    match &ideal {
        Some((cuts, value)) if rules.keep(measure, cuts) => Found {
            cuts: cuts.clone(),
            value: *value,
            bound: Some(*value),
            candidates: allowed.end() + 1 - allowed.start(),
            optimal: true,
        },
        _ => search::search(measure, &allowed, rules, ideal).unwrap_or(single),
    }
}

/// The cuts that leave a large enough bin on both sides; none, when the range is empty.
fn allowed(measure: &impl Measure) -> RangeInclusive<usize> {
    let end = measure.end();
    first_after(measure, 0)..=last_before(measure, end).unwrap_or(0).min(end.saturating_sub(1))
}

/// The first border up to which the bin that starts at `from` is large enough; behind the end when there is none.
fn first_after(measure: &impl Measure, from: usize) -> usize {
    first(from + 1, measure.end() + 1, |border| measure.holds(from, border))
}

/// The last border from which the bin that ends at `to` is large enough.
fn last_before(measure: &impl Measure, to: usize) -> Option<usize> {
    first(0, to, |border| !measure.holds(border, to)).checked_sub(1)
}

/// The first border with at least `weight` before it.
fn at_weight(measure: &impl Measure, weight: u64) -> usize {
    first(0, measure.end(), |border| measure.weight_before(border) >= weight)
}

/// The first of `from..to` for which `reached`, which stays so once it is; `to` when there is none.
fn first(mut from: usize, mut to: usize, reached: impl Fn(usize) -> bool) -> usize {
    while from < to {
        let middle = from + (to - from) / 2;
        if reached(middle) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    from
}

impl Rules {
    /// One phase, or two when a level turns.
    fn phases(&self) -> usize {
        1 + usize::from(self.orders.iter().any(|order| matches!(order, Order::Turning(_))))
    }

    /// Whether neighbours may be anything at all.
    fn are_free(&self) -> bool {
        self.min_difference == 0.0 && self.orders.iter().all(|order| *order == Order::Free)
    }

    /// Whether a level may move from `a` to `b` in `phase`.
    fn permits(&self, order: Order, phase: usize, a: f64, b: f64) -> bool {
        let ordered = match (order, phase) {
            (Order::Free, _) => true,
            (Order::Monotone(direction), _) | (Order::Turning(direction), 0) => direction.moves(a, b),
            (Order::Turning(direction), _) => direction.moves(b, a),
        };
        ordered && (b - a).abs() >= self.min_difference
    }

    /// Whether the bins between the cuts keep the rules.
    fn keep(&self, measure: &impl Measure, cuts: &[usize]) -> bool {
        let bins: Vec<(usize, usize)> = bins(cuts, measure.end());
        let large = bins.iter().all(|&(from, to)| measure.holds(from, to));
        large
            && bins.len() <= self.max_bins
            && self.orders.iter().enumerate().all(|(index, &order)| {
                let levels: Vec<f64> = bins.iter().map(|&(from, to)| measure.level(index, from, to)).collect();
                let mut phase = 0;
                levels.windows(2).all(|pair| {
                    while phase < self.phases() && !self.permits(order, phase, pair[0], pair[1]) {
                        phase += 1;
                    }
                    phase < self.phases()
                })
            })
    }
}

/// The bins between the cuts, as pairs of borders.
pub(super) fn bins(cuts: &[usize], end: usize) -> Vec<(usize, usize)> {
    let from = std::iter::once(0).chain(cuts.iter().copied());
    from.zip(cuts.iter().copied().chain(std::iter::once(end))).collect()
}
