//! The best bins of a monotone trend over given candidates, by a dynamic programme that knows the sizes of bins and
//! the least difference of neighbours.
//!
//! The state is the last bin, from candidate `i` to candidate `j`: event rates must move strictly, so the
//! best bins that end with `(i, j]` continue the best that end with some `(h, i]` of lower rate. For each `i`
//! the bins that end there and the bins that start there are sorted by rate once; one sweep over both with
//! running maxima then serves every `j` and every number of bins. Cost: O(m² log m + K m²).

use super::curve::Curve;
use super::rule::apart;
use crate::binning::config::{Direction, Limits};
use crate::stats::Counts;

/// The best cuts among the inner `candidates` (rising borders with both ends of the curve) and their
/// value; `None` when not even one bin is large enough.
pub(super) fn best_cuts(curve: &Curve, candidates: &[usize], limits: &Limits, direction: Direction) -> Option<(Vec<usize>, f64)> {
    let size = candidates.len();
    let depth = limits.max_bins;
    let mut table =
        Table { size, depth, values: vec![f64::NEG_INFINITY; size * size * depth], before: vec![0; size * size * depth] };
    let mut ending: Vec<Vec<Bin>> = vec![Vec::new(); size];
    for start in 0..size - 1 {
        let mut starting: Vec<Bin> = (start + 1..size)
            .map(|end| Bin::new(curve.bin(candidates[start], candidates[end]), end))
            .filter(|bin| limits.hold(bin.counts))
            .collect();
        starting.sort_unstable_by(|a, b| a.order(b, direction));
        let mut sources = std::mem::take(&mut ending[start]);
        sources.sort_unstable_by(|a, b| a.order(b, direction));
        table.extend(curve, start, &sources, &starting, (direction, limits.difference));
        for bin in starting {
            ending[bin.other].push(Bin { other: start, ..bin });
        }
    }
    table.answer(candidates, limits.min_bins)
}

/// A bin, seen from one of its ends.
#[derive(Debug, Clone, Copy)]
struct Bin {
    rate: f64,
    counts: Counts,
    /// The candidate at its other end.
    other: usize,
}

impl Bin {
    fn new(counts: Counts, other: usize) -> Self {
        Bin { rate: counts.event_rate(), counts, other }
    }

    /// By event rate in the direction of the trend. Rounded rates that differ clearly decide; near ones are
    /// compared exactly, so the order is the exact one.
    fn by_rate(&self, other: &Bin, direction: Direction) -> std::cmp::Ordering {
        let ahead = match direction {
            Direction::Increasing => self.rate - other.rate,
            Direction::Decreasing => other.rate - self.rate,
        };
        if ahead.abs() > 1e-12 { ahead.total_cmp(&0.0) } else { direction.order(self.counts, other.counts) }
    }

    /// Whether the rate of `next` is higher in the direction of the trend, by the least difference.
    fn precedes(&self, next: &Bin, (direction, difference): (Direction, f64)) -> bool {
        self.by_rate(next, direction).is_lt() && apart(self.rate, next.rate, difference)
    }

    fn order(&self, other: &Bin, direction: Direction) -> std::cmp::Ordering {
        self.by_rate(other, direction).then(self.other.cmp(&other.other))
    }
}

/// Best value and predecessor for each last bin (from, to] and number of bins (from 1).
struct Table {
    size: usize,
    depth: usize,
    values: Vec<f64>,
    before: Vec<u32>,
}

impl Table {
    fn place(&self, from: usize, to: usize) -> usize {
        (from * self.size + to) * self.depth
    }

    /// Fills the states whose last bin is one of `starting` at `start`, from the `sources` that end there.
    fn extend(&mut self, curve: &Curve, start: usize, sources: &[Bin], starting: &[Bin], order: (Direction, f64)) {
        let mut running = vec![(f64::NEG_INFINITY, 0usize); self.depth];
        let mut waiting = sources.iter().peekable();
        for bin in starting {
            while let Some(source) = waiting.next_if(|source| source.precedes(bin, order)) {
                let place = self.place(source.other, start);
                for (best, value) in running.iter_mut().zip(&self.values[place..place + self.depth]) {
                    if *value > best.0 || (*value == best.0 && source.other < best.1) {
                        *best = (*value, source.other);
                    }
                }
            }
            let value = curve.value(bin.counts);
            let place = self.place(start, bin.other);
            if start == 0 {
                self.values[place] = value;
                continue;
            }
            for bins in 1..self.depth {
                let (best, source) = running[bins - 1];
                self.values[place + bins] = best + value;
                self.before[place + bins] = source as u32;
            }
        }
    }

    /// The best over all last bins and numbers of bins: the fewest bins, then the leftmost last cut.
    fn answer(&self, candidates: &[usize], min_bins: usize) -> Option<(Vec<usize>, f64)> {
        let (mut best, mut from, mut bins) = (f64::NEG_INFINITY, 0, 0);
        for depth in min_bins - 1..self.depth {
            for start in 0..self.size - 1 {
                let value = self.values[self.place(start, self.size - 1) + depth];
                if value > best {
                    (best, from, bins) = (value, start, depth);
                }
            }
        }
        if best == f64::NEG_INFINITY {
            return None;
        }
        let (mut cuts, mut to) = (Vec::with_capacity(bins), self.size - 1);
        for depth in (1..=bins).rev() {
            cuts.push(candidates[from]);
            let before = self.before[self.place(from, to) + depth] as usize;
            (from, to) = (before, from);
        }
        cuts.reverse();
        Some((cuts, best))
    }
}
