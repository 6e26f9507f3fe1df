//! The convex hull of cumulative sums, and the best bins when only their number is limited.
//!
//! Claim: among all bins whose level (event rate, mean) moves in one direction, some of the highest value have all cuts at
//! vertices of the hull. Reason: what a bin adds is a convex and positively homogeneous function of its sums. So a cut moved
//! outward, away from the chord of its neighbours, never loses; and along an edge of the hull the value is convex, so that one
//! end of the edge is at least as good. The vertices are the block ends that the pool-adjacent-violators algorithm leaves.
//!
//! Cells before the first and after the last allowed cut are first joined. Where values are infinite for bins of one class,
//! the outermost blocks, and by convexity all others, then hold both.

use std::ops::RangeInclusive;

/// The borders of the hull, from 0 to `end`; inner ones are `allowed`. `moves` says whether the level moves in the direction
/// of the hull from the bin between the first two borders to the bin between the last two.
pub(super) fn hull(end: usize, allowed: &RangeInclusive<usize>, moves: impl Fn(usize, usize, usize) -> bool) -> Vec<usize> {
    let mut vertices = vec![0];
    for border in allowed.clone().chain(std::iter::once(end)) {
        while let [.., before, last] = vertices[..]
            && !moves(before, last, border)
        {
            vertices.pop();
        }
        vertices.push(border);
    }
    vertices
}

/// The best cuts among the inner `vertices` for at most `max_bins` bins, and their value; `value` is that of the bin between
/// two borders.
///
/// Over the vertices of a hull the value of a bin fulfils the quadrangle inequality: joining a block of extreme level costs
/// less, the nearer the levels of the bin are to it. So the best last cut moves only forward with the end, and each layer
/// takes O(m log m) by halving.
pub(super) fn best_cuts(vertices: &[usize], max_bins: usize, value: impl Fn(usize, usize) -> f64) -> (Vec<usize>, f64) {
    let blocks = vertices.len() - 1;
    let value = |from: usize, to: usize| value(vertices[from], vertices[to]);
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
