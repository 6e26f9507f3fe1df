//! One level that moves in one direction, and no limit but the number of bins.
//!
//! Claim: some of the best bins have all cuts at the block ends that pool-adjacent-violators leaves, the vertices of the
//! convex hull of the cumulative sums. Reason: the value of a bin is convex and positively homogeneous. So a cut moved
//! outward, away from the chord of its neighbours, never loses; and along an edge of the hull the value is convex, so
//! that one end of the edge is at least as good.

use std::ops::RangeInclusive;

use super::Measure;
use crate::binning::config::Direction;

/// The borders of the hull on the side of `direction`, both ends included; the level moves strictly from block to block.
pub(super) fn hull(measure: &impl Measure, allowed: &RangeInclusive<usize>, direction: Direction) -> Vec<usize> {
    let mut vertices = vec![0];
    for border in allowed.clone().chain(std::iter::once(measure.end())) {
        while let [.., before, last] = vertices[..]
            && !direction.moves(measure.level(0, before, last), measure.level(0, last, border))
        {
            vertices.pop();
        }
        vertices.push(border);
    }
    vertices
}

/// The best cuts among the inner `vertices` for at most `max_bins` bins, and their value.
///
/// Over the vertices of a hull the value of a bin fulfils the quadrangle inequality, so the best last cut moves only
/// forward with the end, and each number of bins takes O(m log m) by halving.
pub(super) fn best_cuts(measure: &impl Measure, vertices: &[usize], max_bins: usize) -> (Vec<usize>, f64) {
    let blocks = vertices.len() - 1;
    let value = |from: usize, to: usize| measure.value(vertices[from], vertices[to]);
    let mut layer: Vec<f64> = (0..=blocks).map(|to| if to == 0 { 0.0 } else { value(0, to) }).collect();
    let mut best = (1, layer[blocks]);
    let mut last_cuts: Vec<Vec<usize>> = Vec::new();
    for bins in 2..=max_bins.min(blocks) {
        let mut next = Layer { before: &layer, values: vec![0.0; blocks + 1], cuts: vec![0; blocks + 1] };
        next.fill(&value, (bins, blocks), (bins - 1, blocks - 1));
        let Layer { values, cuts, .. } = next;
        layer = values;
        last_cuts.push(cuts);
        if layer[blocks] > best.1 {
            best = (bins, layer[blocks]);
        }
    }
    let mut cuts = Vec::with_capacity(best.0 - 1);
    let mut to = blocks;
    for layer in last_cuts[..best.0 - 1].iter().rev() {
        to = layer[to];
        cuts.push(vertices[to]);
    }
    cuts.reverse();
    (cuts, best.1)
}

/// The best values with one more bin than `before`, with the last cut of each.
struct Layer<'a> {
    before: &'a [f64],
    values: Vec<f64>,
    cuts: Vec<usize>,
}

impl Layer<'_> {
    /// Fills the ends in `ends`, whose best last cuts lie in `range`; both inclusive.
    fn fill(&mut self, value: &impl Fn(usize, usize) -> f64, ends: (usize, usize), range: (usize, usize)) {
        if ends.0 > ends.1 {
            return;
        }
        let end = ends.0 + (ends.1 - ends.0) / 2;
        let (mut cut, mut best) = (range.0, f64::NEG_INFINITY);
        for candidate in range.0..=range.1.min(end - 1) {
            let sum = self.before[candidate] + value(candidate, end);
            if sum > best {
                (cut, best) = (candidate, sum);
            }
        }
        self.values[end] = best;
        self.cuts[end] = cut;
        self.fill(value, (ends.0, end - 1), (range.0, cut));
        self.fill(value, (end + 1, ends.1), (cut, range.1));
    }
}
