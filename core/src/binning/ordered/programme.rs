//! The best bins under all rules over given candidates, by a dynamic programme.
//!
//! Where neighbours may be anything, the state is the last cut and the number of bins: O(K m²). Otherwise it is the last
//! bin, from candidate `i` to candidate `j`, and whether the level has turned: the bins before it end in some `(h, i]`
//! from which the rules permit a step to `(i, j]`. O(K m³), with m bounded.

use super::{Measure, Rules};

/// The bins over some candidates: borders that rise, with both ends.
pub(super) struct Candidates {
    pub(super) borders: Vec<usize>,
    size: usize,
    /// Value of each bin, NaN where it is too small.
    values: Vec<f64>,
    /// One matrix for each level.
    levels: Vec<Vec<f64>>,
}

impl Candidates {
    pub(super) fn new(measure: &impl Measure, borders: Vec<usize>, rules: &Rules) -> Self {
        let size = borders.len();
        let mut values = vec![f64::NAN; size * size];
        let mut levels = vec![vec![0.0; size * size]; if rules.are_free() { 0 } else { rules.shapes.len() }];
        for i in 0..size {
            for j in i + 1..size {
                if measure.holds(borders[i], borders[j]) {
                    values[i * size + j] = measure.value(borders[i], borders[j]);
                    for (index, level) in levels.iter_mut().enumerate() {
                        level[i * size + j] = measure.level(index, borders[i], borders[j]);
                    }
                }
            }
        }
        Candidates { borders, size, values, levels }
    }

    /// The best cuts and their value; `None` when not even one bin is large enough.
    pub(super) fn best_cuts(&self, rules: &Rules) -> Option<(Vec<usize>, f64)> {
        if rules.are_free() { self.chain(rules) } else { self.trend(rules) }
    }

    fn chain(&self, rules: &Rules) -> Option<(Vec<usize>, f64)> {
        let (size, last) = (self.size, self.size - 1);
        let mut layers: Vec<Vec<(f64, usize)>> = Vec::with_capacity(rules.max_bins);
        layers.push((0..size).map(|to| (finite(self.values[to]), 0)).collect());
        for bins in 1..rules.max_bins {
            let before = &layers[bins - 1];
            let mut layer = vec![(f64::NEG_INFINITY, 0); size];
            for from in 1..last {
                let (base, _) = before[from];
                if base == f64::NEG_INFINITY {
                    continue;
                }
                // A comparison with NaN is false: bins that are too small are passed over.
                for (best, value) in layer[from + 1..].iter_mut().zip(&self.values[from * size + from + 1..(from + 1) * size]) {
                    if base + value > best.0 {
                        *best = (base + value, from);
                    }
                }
            }
            layers.push(layer);
        }
        let (mut bins, mut best) = (0, f64::NEG_INFINITY);
        for (count, layer) in layers.iter().enumerate() {
            if layer[last].0 > best {
                (bins, best) = (count, layer[last].0);
            }
        }
        let (mut cuts, mut to) = (Vec::with_capacity(bins), last);
        for layer in layers[1..=bins].iter().rev() {
            to = layer[to].1;
            cuts.push(self.borders[to]);
        }
        cuts.reverse();
        (best > f64::NEG_INFINITY).then_some((cuts, best))
    }

    fn trend(&self, rules: &Rules) -> Option<(Vec<usize>, f64)> {
        let mut table = Table::new(self.size, rules);
        for from in 0..self.size - 1 {
            for to in from + 1..self.size {
                let value = self.values[from * self.size + to];
                if value.is_nan() {
                    continue;
                }
                if from == 0 {
                    let place = table.place(0, to, 0);
                    table.values[place] = value;
                    continue;
                }
                for source in 0..from {
                    if self.values[source * self.size + from].is_nan() {
                        continue;
                    }
                    for phase in (0..table.phases).filter(|phase| self.permits(rules, *phase, source, from, to)) {
                        for earlier in 0..=phase {
                            table.extend((source, earlier), (from, phase), to, value);
                        }
                    }
                }
            }
        }
        table.answer(&self.borders)
    }

    fn permits(&self, rules: &Rules, phase: usize, source: usize, from: usize, to: usize) -> bool {
        let steps = rules.shapes.iter().zip(&self.levels);
        let (before, after) = (source * self.size + from, from * self.size + to);
        steps.into_iter().all(|(shape, level)| rules.permits(*shape, phase, level[before], level[after]))
    }
}

fn finite(value: f64) -> f64 {
    if value.is_nan() { f64::NEG_INFINITY } else { value }
}

/// Best value and predecessor for each last bin (from, to], phase and number of bins (from 1).
struct Table {
    size: usize,
    phases: usize,
    depth: usize,
    values: Vec<f64>,
    /// Start and phase of the bin before, as one number.
    before: Vec<u32>,
}

impl Table {
    fn new(size: usize, rules: &Rules) -> Self {
        let (phases, depth) = (rules.phases(), rules.max_bins);
        let states = size * size * phases * depth;
        Table { size, phases, depth, values: vec![f64::NEG_INFINITY; states], before: vec![0; states] }
    }

    fn place(&self, from: usize, to: usize, phase: usize) -> usize {
        ((from * self.size + to) * self.phases + phase) * self.depth
    }

    /// Continues the bins that end with (source, from] in phase `earlier` by (from, to] in `phase`.
    fn extend(&mut self, (source, earlier): (usize, usize), (from, phase): (usize, usize), to: usize, value: f64) {
        let old = self.place(source, from, earlier);
        let new = self.place(from, to, phase);
        for bins in 1..self.depth {
            let sum = self.values[old + bins - 1] + value;
            if sum > self.values[new + bins] {
                self.values[new + bins] = sum;
                self.before[new + bins] = (source * self.phases + earlier) as u32;
            }
        }
    }

    /// The best over all last bins and numbers of bins: the fewest bins, then the leftmost last cut.
    fn answer(&self, borders: &[usize]) -> Option<(Vec<usize>, f64)> {
        let (mut best, mut at, mut bins) = (f64::NEG_INFINITY, (0, 0), 0);
        for depth in 0..self.depth {
            for from in 0..self.size - 1 {
                for phase in 0..self.phases {
                    let value = self.values[self.place(from, self.size - 1, phase) + depth];
                    if value > best {
                        (best, at, bins) = (value, (from, phase), depth);
                    }
                }
            }
        }
        if best == f64::NEG_INFINITY {
            return None;
        }
        let (mut cuts, mut to) = (Vec::with_capacity(bins), self.size - 1);
        for depth in (1..=bins).rev() {
            cuts.push(borders[at.0]);
            let before = self.before[self.place(at.0, to, at.1) + depth] as usize;
            (to, at) = (at.0, (before / self.phases, before % self.phases));
        }
        cuts.reverse();
        Some((cuts, best))
    }
}
