//! One Newton step of one term: few leaves of neighbouring bins, so that a bin of few rows borrows from those beside it.

use super::axis::{Axis, Order};

/// Gradient and curvature of the log-likelihood: Σ w·(y − p) and Σ w·p·(1 − p).
pub(super) type Slope = [f64; 2];

/// The most cells of a term: cell codes are bytes.
pub(super) const MAX_CELLS: usize = 256;

/// How the cells of a term lie to each other.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// The bins of one variable.
    Line(Axis),
    /// The groups of two variables: cell (i, j) has the code i · (groups of the second) + j.
    Grid(Axis, Axis),
}

impl Shape {
    pub(super) fn cells(&self) -> usize {
        match self {
            Shape::Line(axis) => axis.bins,
            Shape::Grid(a, b) => a.bins * b.bins,
        }
    }

    /// Writes the whole Newton step of each cell; returns twice the gain in log-likelihood that it promises.
    pub(super) fn step(&self, slopes: &[Slope; MAX_CELLS], l2: f64, steps: &mut [f64; MAX_CELLS]) -> f64 {
        match self {
            Shape::Line(axis) => line(slopes, axis, l2, steps),
            Shape::Grid(a, b) => grid(slopes, a, b, l2, steps),
        }
        let cells = slopes.iter().zip(steps.iter()).take(self.cells());
        cells.map(|(slope, step)| slope[0] * step).sum()
    }
}

/// Twice the gain of moving the cells of `slope` together.
fn gain(slope: Slope, l2: f64) -> f64 {
    slope[0] * newton(slope, l2)
}

/// The Newton step, 0 where there is no curvature.
fn newton(slope: Slope, l2: f64) -> f64 {
    let curvature = slope[1] + l2;
    if curvature > 0.0 { slope[0] / curvature } else { 0.0 }
}

fn plus(a: Slope, b: Slope) -> Slope {
    [a[0] + b[0], a[1] + b[1]]
}

fn minus(a: Slope, b: Slope) -> Slope {
    [a[0] - b[0], a[1] - b[1]]
}

/// Whether the steps of the leaves, in the order of the bins, keep to `order`.
fn ordered(leaves: &[Slope], order: Order, l2: f64) -> bool {
    leaves.windows(2).all(|pair| order.allows(newton(pair[0], l2), newton(pair[1], l2)))
}

/// The best three, two or one leaves over the ordinary bins; every other bin is a leaf of its own.
fn line(slopes: &[Slope; MAX_CELLS], axis: &Axis, l2: f64, steps: &mut [f64; MAX_CELLS]) {
    let m = axis.ordinary;
    let mut sums = [[0.0; 2]; MAX_CELLS + 1];
    for bin in 0..m {
        sums[bin + 1] = plus(sums[bin], slopes[bin]);
    }
    let all = sums[m];
    let (mut best, mut first, mut second) = (gain(all, l2), m, m);
    for i in 1..m {
        let (low, rest) = (sums[i], minus(all, sums[i]));
        let of_low = gain(low, l2);
        let of_two = of_low + gain(rest, l2);
        if of_two > best && ordered(&[low, rest], axis.order, l2) {
            (best, first, second) = (of_two, i, m);
        }
        for (j, &below) in sums.iter().enumerate().take(m).skip(i + 1) {
            let (middle, high) = (minus(below, low), minus(all, below));
            let of_three = of_low + gain(middle, l2) + gain(high, l2);
            if of_three > best && ordered(&[low, middle, high], axis.order, l2) {
                (best, first, second) = (of_three, i, j);
            }
        }
    }
    let leaves = [(0, first), (first, second), (second, m)];
    for (from, to) in leaves {
        steps[from..to].fill(newton(minus(sums[to], sums[from]), l2));
    }
    for bin in m..axis.bins {
        steps[bin] = newton(slopes[bin], l2);
    }
}

/// The best cut of both sides over the ordinary groups: four leaves. A group outside the order of one side keeps the
/// cut of the other.
fn grid(slopes: &[Slope; MAX_CELLS], a: &Axis, b: &Axis, l2: f64, steps: &mut [f64; MAX_CELLS]) {
    let (cut_a, cut_b) = best_cuts(slopes, a, b, l2).1;
    // The leaf of each group: below the cut, above it, or its own.
    let leaf = |axis: &Axis, cut: usize, group: usize| {
        if group < axis.ordinary { usize::from(group >= cut) } else { 2 + group - axis.ordinary }
    };
    let width = 2 + b.bins - b.ordinary;
    let mut leaves = [[0.0; 2]; (MAX_CELLS + 2) * 2];
    let place = |i: usize, j: usize| leaf(a, cut_a, i) * width + leaf(b, cut_b, j);
    for i in 0..a.bins {
        for j in 0..b.bins {
            let at = place(i, j);
            leaves[at] = plus(leaves[at], slopes[i * b.bins + j]);
        }
    }
    // Strips beside the square may break an order that the square keeps.
    let mut join = |low: usize, high: usize, order: Order| {
        if !order.allows(newton(leaves[low], l2), newton(leaves[high], l2)) {
            let both = plus(leaves[low], leaves[high]);
            (leaves[low], leaves[high]) = (both, both);
        }
    };
    (2..2 + a.bins - a.ordinary).for_each(|i| join(i * width, i * width + 1, b.order));
    (2..width).for_each(|j| join(j, width + j, a.order));
    for i in 0..a.bins {
        for j in 0..b.bins {
            steps[i * b.bins + j] = newton(leaves[place(i, j)], l2);
        }
    }
}

/// The best gain of a pair over a common step of its ordinary cells, and the number of ordinary groups below the cut on
/// each side (all of them, when no cut is allowed).
pub(super) fn best_cuts(slopes: &[Slope; MAX_CELLS], a: &Axis, b: &Axis, l2: f64) -> (f64, (usize, usize)) {
    let (m, n) = (a.ordinary, b.ordinary);
    // Sums over the rectangle below (i, j).
    let width = n + 1;
    let mut sums = [[0.0; 2]; (MAX_CELLS + 1) * 2];
    for i in 0..m {
        let mut row = [0.0; 2];
        for j in 0..n {
            row = plus(row, slopes[i * b.bins + j]);
            sums[(i + 1) * width + j + 1] = plus(sums[i * width + j + 1], row);
        }
    }
    let all = sums[m * width + n];
    let none = gain(all, l2);
    let mut best = (0.0, (m, n));
    for i in 1..m {
        for j in 1..n {
            let low = sums[i * width + j];
            let right = minus(sums[i * width + n], low);
            let below = minus(sums[m * width + j], low);
            let high = minus(minus(minus(all, low), right), below);
            let total: f64 = [low, right, below, high].iter().map(|&leaf| gain(leaf, l2)).sum();
            let kept = ordered(&[low, below], a.order, l2)
                && ordered(&[right, high], a.order, l2)
                && ordered(&[low, right], b.order, l2)
                && ordered(&[below, high], b.order, l2);
            if total - none > best.0 && kept {
                best = (total - none, (i, j));
            }
        }
    }
    best
}
