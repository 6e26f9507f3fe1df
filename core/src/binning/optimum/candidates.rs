//! The candidates of the programme under limits: all cuts when they are few, otherwise a fine choice that is
//! refined around the best cuts.

use std::ops::RangeInclusive;

use super::curve::Curve;
use super::programme;
use crate::binning::config::{Direction, Limits};

/// Up to this many cuts, all are tried.
const ALL: usize = 240;
/// The most hull vertices that are candidates.
const VERTICES: usize = 120;
/// Candidates at equal steps of weight.
const STEPS: u64 = 120;
/// Candidates on each side of a cut in a refinement.
const REACH: usize = 8;
/// The most refinements. Each divides the distance of the candidates, so a few do.
const ROUNDS: usize = 32;

/// What was found under limits.
pub(super) struct Found {
    pub(super) cuts: Vec<usize>,
    pub(super) value: f64,
    pub(super) tried: usize,
    /// Whether every allowed cut was a candidate.
    pub(super) all: bool,
}

/// The best cuts under all limits. `vertices` is the hull and `ideal` its best cuts.
pub(super) fn search(
    curve: &Curve,
    allowed: &RangeInclusive<usize>,
    vertices: &[usize],
    ideal: &[usize],
    limits: &Limits,
    direction: Direction,
) -> Option<Found> {
    if allowed.end() - allowed.start() < ALL {
        let candidates = with_ends(curve, allowed, allowed.clone().collect());
        let (cuts, value) = programme::best_cuts(curve, &candidates, limits, direction)?;
        return Some(Found { cuts, value, tried: candidates.len() - 2, all: true });
    }
    let coarse = coarse(curve, allowed, vertices, ideal, limits);
    let (mut cuts, mut value) = programme::best_cuts(curve, &coarse, limits, direction)?;
    let mut radius = coarse.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(1);
    let mut tried = coarse;
    for _ in 0..ROUNDS {
        let reach = (ALL / 2 / cuts.len().max(1)).clamp(2, REACH);
        let step = radius.div_ceil(reach);
        let finer = around(curve, allowed, &cuts, reach, step, limits);
        let (moved, reached) = programme::best_cuts(curve, &finer, limits, direction)?;
        tried.extend(finer);
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
    Some(Found { cuts, value, tried: tried.len() - 2, all: false })
}

/// Hull vertices, cuts one least bin away from the ideal ones, and cuts at equal steps of weight.
fn coarse(curve: &Curve, allowed: &RangeInclusive<usize>, vertices: &[usize], ideal: &[usize], limits: &Limits) -> Vec<usize> {
    let stride = vertices.len().div_ceil(VERTICES);
    let mut chosen: Vec<usize> = vertices.iter().copied().step_by(stride).chain(ideal.iter().copied()).collect();
    chosen.extend(one_bin_away(curve, ideal, limits));
    let (first, last) = (curve.at(*allowed.start()).total(), curve.at(*allowed.end()).total());
    // The quotient is taken first: the product of weight and step may leave the range.
    let step = (last - first) / STEPS;
    chosen.extend((0..=STEPS).map(|i| curve.at_weight(first + step * i)));
    with_ends(curve, allowed, chosen)
}

/// The cuts, cuts one least bin away from them, and `reach` cuts on both sides of each at distance `step`.
fn around(
    curve: &Curve,
    allowed: &RangeInclusive<usize>,
    cuts: &[usize],
    reach: usize,
    step: usize,
    limits: &Limits,
) -> Vec<usize> {
    let mut chosen = one_bin_away(curve, cuts, limits);
    for cut in cuts {
        chosen.extend((0..=reach).map(|i| cut + i * step));
        chosen.extend((1..=reach).filter_map(|i| cut.checked_sub(i * step)));
    }
    with_ends(curve, allowed, chosen)
}

fn one_bin_away(curve: &Curve, cuts: &[usize], limits: &Limits) -> Vec<usize> {
    let after = cuts.iter().map(|cut| curve.first_after(*cut, limits));
    let before = cuts.iter().filter_map(|cut| curve.last_before(*cut, limits));
    after.chain(before).collect()
}

/// The allowed ones of `chosen`, rising and each once, between the ends of the curve.
fn with_ends(curve: &Curve, allowed: &RangeInclusive<usize>, mut chosen: Vec<usize>) -> Vec<usize> {
    chosen.retain(|cut| allowed.contains(cut));
    chosen.extend([0, curve.end()]);
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}
