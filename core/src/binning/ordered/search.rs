//! The candidates of the programme: all cuts when they are few, otherwise a fine choice that is refined around the best.

use std::ops::RangeInclusive;

use super::programme::Candidates;
use super::{Direction, Found, Measure, Order, Rules, at_weight, bound, first_after, hull, last_before};

/// Up to this many cuts, all are tried.
const ALL: usize = 160;
/// The same where neighbours may be anything, which is quicker.
const ALL_FREE: usize = 1_000;
/// Candidates at equal steps of weight.
const STEPS: u64 = 120;
/// The most vertices of each hull that are candidates.
const VERTICES: usize = 40;
/// Candidates on each side of a cut in a refinement.
const REACH: usize = 8;
/// The most refinements. Each divides the distance of the candidates, so a few do.
const ROUNDS: usize = 32;

/// The best bins under all rules; `None` when no bins keep them. `ideal` are the best bins without limits of size.
pub(super) fn search(
    measure: &impl Measure,
    allowed: &RangeInclusive<usize>,
    rules: &Rules,
    ideal: Option<(Vec<usize>, f64)>,
) -> Option<Found> {
    let (ideal, limit) = ideal.map_or((Vec::new(), f64::INFINITY), |(cuts, value)| (cuts, value));
    if allowed.end() - allowed.start() < if rules.are_free() { ALL_FREE } else { ALL } {
        let candidates = Candidates::new(measure, with_ends(measure, allowed, allowed.clone().collect()), rules);
        let (cuts, value) = candidates.best_cuts(rules)?;
        return Some(Found { cuts, value, bound: Some(value), candidates: candidates.borders.len() - 2, optimal: true });
    }
    let mut tried = coarse(measure, allowed, &ideal, rules);
    let mut radius = tried.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(1);
    let (mut cuts, mut value) = Candidates::new(measure, tried.clone(), rules).best_cuts(rules)?;
    for _ in 0..ROUNDS {
        let reach = (ALL / 2 / cuts.len().max(1)).clamp(2, REACH);
        let step = radius.div_ceil(reach);
        let finer = around(measure, allowed, &cuts, reach, step);
        tried.extend(&finer);
        let (moved, reached) = Candidates::new(measure, finer, rules).best_cuts(rules)?;
        let better = reached > value;
        if better {
            (cuts, value) = (moved, reached);
        }
        if step == 1 && !better {
            break;
        }
        radius = if step == 1 { reach } else { step };
    }
    tried.sort_unstable();
    tried.dedup();
    let bound = bound::relaxed(measure, &tried, rules.max_bins).min(limit).max(value);
    // The bound is added up in another order than the value.
    let optimal = bound <= value * (1.0 + 1e-12);
    Some(Found { cuts, value, bound: bound.is_finite().then_some(bound), candidates: tried.len() - 2, optimal })
}

/// Vertices of both hulls, the ideal cuts, and cuts at equal steps of weight.
fn coarse(measure: &impl Measure, allowed: &RangeInclusive<usize>, ideal: &[usize], rules: &Rules) -> Vec<usize> {
    let mut chosen: Vec<usize> = ideal.to_vec();
    chosen.extend(one_bin_away(measure, ideal));
    let directions = match rules.orders[..] {
        [Order::Monotone(direction)] => vec![direction],
        [Order::Turning(_)] => vec![Direction::Increasing, Direction::Decreasing],
        _ => Vec::new(),
    };
    for direction in directions {
        let vertices = hull(measure, allowed, direction);
        chosen.extend(vertices.iter().step_by(vertices.len().div_ceil(VERTICES)));
    }
    let (first, last) = (measure.weight_before(*allowed.start()), measure.weight_before(*allowed.end()));
    // The quotient is taken first: the product of weight and step may leave the range.
    let step = (last - first) / STEPS;
    chosen.extend((0..=STEPS).map(|i| at_weight(measure, first + step * i)));
    chosen.extend([*allowed.start(), *allowed.end()]);
    with_ends(measure, allowed, chosen)
}

/// The cuts, cuts one least bin away from them, and `reach` cuts on both sides of each at distance `step`.
fn around(measure: &impl Measure, allowed: &RangeInclusive<usize>, cuts: &[usize], reach: usize, step: usize) -> Vec<usize> {
    let mut chosen = one_bin_away(measure, cuts);
    for cut in cuts {
        chosen.extend((0..=reach).map(|i| cut + i * step));
        chosen.extend((1..=reach).filter_map(|i| cut.checked_sub(i * step)));
    }
    with_ends(measure, allowed, chosen)
}

fn one_bin_away(measure: &impl Measure, cuts: &[usize]) -> Vec<usize> {
    let after = cuts.iter().map(|cut| first_after(measure, *cut));
    let before = cuts.iter().filter_map(|cut| last_before(measure, *cut));
    after.chain(before).collect()
}

/// The allowed ones of `chosen`, rising and each once, between the ends.
fn with_ends(measure: &impl Measure, allowed: &RangeInclusive<usize>, mut chosen: Vec<usize>) -> Vec<usize> {
    chosen.retain(|cut| allowed.contains(cut));
    chosen.extend([0, measure.end()]);
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}
