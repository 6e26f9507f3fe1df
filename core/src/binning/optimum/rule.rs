//! What neighbouring bins must keep.

use std::cmp::Ordering;

use super::curve::{Curve, by_rate};
use super::programme::Row;
use crate::binning::config::{Direction, Limits, Trend};
use crate::binning::table::rows;
use crate::stats::Counts;

/// The limits of single bins and of neighbours, and the trend, over one curve.
#[derive(Clone, Copy)]
pub(super) struct Rule<'a> {
    pub(super) curve: &'a Curve,
    pub(super) limits: &'a Limits,
    pub(super) trend: Trend,
}

/// A bin with its borders.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bin {
    pub(super) counts: Counts,
    rate: f64,
    from: usize,
    to: usize,
}

/// Steps of concave and convex trends are compared after rounding to this: equal steps must stay equal.
const STEP: f64 = 1e-12;

/// Whether two event rates differ by at least `difference`, up to rounding.
pub(super) fn apart(a: f64, b: f64, difference: f64) -> bool {
    (a - b).abs() >= difference - STEP
}

impl Rule<'_> {
    /// Whether the bins between the cuts keep every limit.
    pub(super) fn accepts(&self, cuts: &[usize]) -> bool {
        let bins = cuts.len() + 1;
        let sizes = self.curve.bins(cuts).iter().all(|bin| self.limits.hold(*bin));
        (self.limits.min_bins..=self.limits.max_bins).contains(&bins) && sizes && self.neighbours(cuts)
    }

    /// Whether the bins between the cuts keep the trend and the limits of neighbours.
    pub(super) fn neighbours(&self, cuts: &[usize]) -> bool {
        let borders: Vec<usize> = [0].into_iter().chain(cuts.iter().copied()).chain([self.curve.end()]).collect();
        let bins: Vec<Bin> = borders.windows(2).map(|pair| self.measure(pair[0], pair[1])).collect();
        let steps: Option<Vec<f64>> = bins.windows(2).map(|pair| self.step(&pair[0], &pair[1])).collect();
        steps.is_some_and(|steps| steps.windows(2).all(|pair| pair[1] <= pair[0]))
    }

    /// The bin from border `from` to border `to`; `None` when it is too small or too large.
    pub(super) fn held(&self, from: usize, to: usize) -> Option<Bin> {
        Some(self.measure(from, to)).filter(|bin| self.limits.hold(bin.counts))
    }

    fn measure(&self, from: usize, to: usize) -> Bin {
        let counts = self.curve.bin(from, to);
        Bin { counts, rate: counts.event_rate(), from, to }
    }

    /// The same order in every period that holds rows of both bins.
    fn stable(&self, left: &Bin, right: &Bin, order: Ordering) -> bool {
        let before = self.curve.by_period(left.from, left.to);
        before
            .zip(self.curve.by_period(right.from, right.to))
            .all(|(a, b)| a.total() == 0 || b.total() == 0 || by_rate(a, b) == order)
    }
}

impl Row for Rule<'_> {
    type Bin = Bin;

    const HIGHEST: f64 = 1.0;

    fn bin(&self, from: usize, to: usize) -> Option<(Bin, f64)> {
        self.held(from, to).map(|bin| (bin, self.curve.value(bin.counts)))
    }

    fn step(&self, left: &Bin, right: &Bin) -> Option<f64> {
        let difference = right.rate - left.rate;
        // Rounded rates that differ clearly decide; near ones are compared exactly.
        let order = if difference.abs() > STEP { left.rate.total_cmp(&right.rate) } else { by_rate(left.counts, right.counts) };
        let up = match order {
            Ordering::Equal => return None,
            Ordering::Less => 1.0,
            Ordering::Greater => -1.0,
        };
        let step = match self.trend {
            Trend::Auto | Trend::Monotonic | Trend::None => 1.0,
            Trend::Increasing if up > 0.0 => 1.0,
            Trend::Decreasing if up < 0.0 => 1.0,
            Trend::Increasing | Trend::Decreasing => return None,
            Trend::Peak => up,
            Trend::Valley => -up,
            Trend::Concave => (difference / STEP).round() * STEP,
            Trend::Convex => (-difference / STEP).round() * STEP,
        };
        let kept = apart(left.rate, right.rate, self.limits.difference)
            && significant(left.counts, right.counts, self.limits.z_squared)
            && self.limits.smoothing.order(left.counts, right.counts, self.curve.all()) == order
            && (!self.limits.stable || self.stable(left, right, order));
        kept.then_some(step)
    }
}

impl Direction {
    pub(super) fn trend(self) -> Trend {
        match self {
            Direction::Increasing => Trend::Increasing,
            Direction::Decreasing => Trend::Decreasing,
        }
    }
}

/// Whether the square of the z statistic of two proportions, with pooled variance, is at least `z_squared`.
fn significant(a: Counts, b: Counts, z_squared: f64) -> bool {
    if z_squared <= 0.0 {
        return true;
    }
    let (n, m) = (rows(a.total()), rows(b.total()));
    let pooled = (rows(a.events) + rows(b.events)) / (n + m);
    let difference = a.event_rate() - b.event_rate();
    difference * difference >= z_squared * pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)
}
