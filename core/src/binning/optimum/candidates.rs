//! The candidates of the programme under limits: all cuts when they are few, otherwise a fine choice that is
//! refined around the best cuts.

use std::ops::RangeInclusive;

use super::curve::Curve;
use crate::binning::config::Limits;

/// Candidates on each side of a cut in a refinement.
const REACH: usize = 8;
/// The most refinements. Each divides the distance of the candidates, so a few do.
const ROUNDS: usize = 32;
/// The most starts, each from other groups of cells.
const STARTS: u64 = 4;
/// The share of the bound that may be missing without another start.
const TOLERABLE: f64 = 1e-3;

/// Where cuts may lie, and how many of them are tried at a time.
pub(super) struct Space<'a> {
    pub(super) curve: &'a Curve,
    pub(super) allowed: &'a RangeInclusive<usize>,
    pub(super) limits: &'a Limits,
    /// Up to this many cuts, all are tried; otherwise about as many are chosen.
    pub(super) most: usize,
    /// No bins have more.
    pub(super) bound: f64,
}

/// What was found under limits.
pub(super) struct Found {
    pub(super) cuts: Vec<usize>,
    pub(super) value: f64,
    pub(super) tried: usize,
    /// Whether every allowed cut was a candidate.
    pub(super) all: bool,
}

/// The best cuts that `solve` finds among candidates: rising borders with both ends of the curve. `vertices` are cuts
/// worth trying, of which `ideal` would be the best without limits.
pub(super) fn search(
    space: &Space<'_>,
    vertices: &[usize],
    ideal: &[usize],
    solve: impl Fn(&[usize]) -> Option<(Vec<usize>, f64)>,
) -> Option<Found> {
    let allowed = space.allowed;
    if allowed.end() - allowed.start() < space.most {
        let candidates = space.with_ends(allowed.clone().collect());
        let (cuts, value) = solve(&candidates)?;
        return Some(Found { cuts, value, tried: candidates.len() - 2, all: true });
    }
    let mut tried = Vec::new();
    let mut best: Option<(Vec<usize>, f64)> = None;
    for start in 0..STARTS {
        if best.as_ref().is_some_and(|best| best.1 >= space.bound * (1.0 - TOLERABLE)) {
            break;
        }
        let known = best.as_ref().map_or(ideal, |(cuts, _)| cuts);
        let coarse = space.coarse(vertices, known, start);
        let Some((cuts, value)) = solve(&coarse) else { continue };
        let radius = coarse.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(1);
        tried.extend(coarse);
        if best.as_ref().is_none_or(|best| value > best.1) {
            best = Some(refined(space, (cuts, value), radius, &mut tried, &solve));
        }
    }
    let (cuts, value) = best?;
    tried.sort_unstable();
    tried.dedup();
    Some(Found { cuts, value, tried: tried.len() - 2, all: false })
}

/// The best cuts near `found`, at steps that end with single cells.
fn refined(
    space: &Space<'_>,
    found: (Vec<usize>, f64),
    mut radius: usize,
    tried: &mut Vec<usize>,
    solve: &impl Fn(&[usize]) -> Option<(Vec<usize>, f64)>,
) -> (Vec<usize>, f64) {
    let (mut cuts, mut value) = found;
    for _ in 0..ROUNDS {
        let reach = (space.most / 2 / cuts.len().max(1)).clamp(2, REACH);
        let step = radius.div_ceil(reach);
        let finer = space.around(&cuts, reach, step);
        let Some((moved, reached)) = solve(&finer) else { break };
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
    (cuts, value)
}

impl Space<'_> {
    /// Hull vertices, the known cuts, ones a least bin away from them, and cuts of groups of equal weight: by turns the
    /// borders of many and the outermost cuts of half as many, divided elsewhere each time.
    fn coarse(&self, vertices: &[usize], known: &[usize], start: u64) -> Vec<usize> {
        let half = (self.most / 2).max(1);
        let stride = vertices.len().div_ceil(half).max(1);
        let mut chosen: Vec<usize> = vertices.iter().copied().step_by(stride).chain(known.iter().copied()).collect();
        chosen.extend(self.one_bin_away(known));
        let (first, last) = (self.curve.at(*self.allowed.start()).total(), self.curve.at(*self.allowed.end()).total());
        let borders = |groups: u64| -> Vec<usize> {
            // The quotient is taken first: the product of weight and step may leave the range.
            let step = (last - first) / groups.max(1);
            let weight = |group: u64| (first + step * group + step / STARTS * start).min(last);
            (0..=groups).map(|group| self.curve.at_weight(weight(group))).collect()
        };
        if start.is_multiple_of(2) {
            chosen.extend(borders(half as u64));
        } else {
            chosen.extend(borders(half as u64 / 2).windows(2).flat_map(|pair| self.outermost(pair[0], pair[1])));
        }
        self.with_ends(chosen)
    }

    /// The cuts between two borders that lie farthest to both sides of the chord: they part the rates best.
    fn outermost(&self, from: usize, to: usize) -> [usize; 2] {
        let whole = self.curve.bin(from, to);
        let side = |cut: &usize| {
            let part = self.curve.bin(from, *cut);
            i128::from(part.events) * i128::from(whole.non_events) - i128::from(part.non_events) * i128::from(whole.events)
        };
        let cuts = from..=to;
        [cuts.clone().min_by_key(side).unwrap_or(from), cuts.max_by_key(side).unwrap_or(to)]
    }

    /// The cuts, cuts one least bin away from them, and `reach` cuts on both sides of each at distance `step`.
    fn around(&self, cuts: &[usize], reach: usize, step: usize) -> Vec<usize> {
        let mut chosen = self.one_bin_away(cuts);
        for cut in cuts {
            chosen.extend((0..=reach).map(|i| cut + i * step));
            chosen.extend((1..=reach).filter_map(|i| cut.checked_sub(i * step)));
        }
        self.with_ends(chosen)
    }

    fn one_bin_away(&self, cuts: &[usize]) -> Vec<usize> {
        let after = cuts.iter().map(|cut| self.curve.first_after(*cut, self.limits));
        let before = cuts.iter().filter_map(|cut| self.curve.last_before(*cut, self.limits));
        after.chain(before).collect()
    }

    /// The allowed ones of `chosen`, rising and each once, between the ends of the curve.
    fn with_ends(&self, mut chosen: Vec<usize>) -> Vec<usize> {
        chosen.retain(|cut| self.allowed.contains(cut));
        chosen.extend([0, self.curve.end()]);
        chosen.sort_unstable();
        chosen.dedup();
        chosen
    }
}
