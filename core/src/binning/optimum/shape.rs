//! Which shape the event rate takes where that is left open.

use std::ops::RangeInclusive;

use super::curve::Curve;
use super::programme::{self, Row};
use super::rule::{Bin, Rule};
use crate::binning::config::{Limits, Trend};
use crate::binning::table::rows;
use crate::math::ln;
use crate::stats::Counts;

/// The most groups of cells that the shape is read from: finer ones show more noise, not another shape.
const GROUPS: u64 = 64;
/// The shapes, and how many places of a turn each has, which count as parameters.
const SHAPES: [(Trend, f64); 4] = [(Trend::Increasing, 0.0), (Trend::Decreasing, 0.0), (Trend::Peak, 1.0), (Trend::Valley, 1.0)];

/// The shape whose best bins over the groups have the least Schwarz criterion (1978), k ln n − 2 ln L with a parameter for
/// each bin; [`Trend::Monotonic`] for either direction.
pub(super) fn choose(curve: &Curve, allowed: &RangeInclusive<usize>, limits: &Limits) -> Trend {
    let borders = borders(curve, allowed);
    let all = curve.at(curve.end());
    let price = 0.5 * ln(rows(all.total()));
    let mut best = (Trend::Monotonic, f64::NEG_INFINITY);
    for (trend, turn) in SHAPES {
        let likely = Likely { rule: Rule { curve, limits, trend }, all, price };
        let Some((_, value)) = programme::best_cuts(&likely, &borders, (limits.min_bins, limits.max_bins)) else { continue };
        if value - turn * price > best.1 {
            best = (trend, value - turn * price);
        }
    }
    if best.0.directions().is_some() { Trend::Monotonic } else { best.0 }
}

/// Both ends of the curve and, between them, all cuts when they are few, otherwise cuts at equal steps of weight.
fn borders(curve: &Curve, allowed: &RangeInclusive<usize>) -> Vec<usize> {
    let (first, last) = (*allowed.start(), *allowed.end());
    let mut borders = vec![0];
    if last - first < GROUPS as usize {
        borders.extend(allowed.clone());
    } else {
        let (from, to) = (curve.at(first).total(), curve.at(last).total());
        borders.extend((0..=GROUPS).map(|group| curve.at_weight(from + (to - from) / GROUPS * group)));
    }
    borders.push(curve.end());
    borders.dedup();
    borders
}

/// Bins under a rule, each worth the logarithm of its likelihood beside that of one rate for all, less its price.
struct Likely<'a> {
    rule: Rule<'a>,
    all: Counts,
    price: f64,
}

impl Row for Likely<'_> {
    type Bin = Bin;

    const HIGHEST: f64 = <Rule<'_> as Row>::HIGHEST;

    fn bin(&self, from: usize, to: usize) -> Option<(Bin, f64)> {
        let bin = self.rule.held(from, to)?;
        let gain = log_likelihood(bin.counts, bin.counts) - log_likelihood(bin.counts, self.all);
        Some((bin, gain - self.price))
    }

    fn step(&self, left: &Bin, right: &Bin) -> Option<f64> {
        self.rule.step(left, right)
    }
}

/// The logarithm of the likelihood of the bin at the event rate of `at`; both hold both classes.
fn log_likelihood(bin: Counts, at: Counts) -> f64 {
    let class = |part: u64, of: u64| rows(part) * ln(of as f64 / at.total() as f64);
    class(bin.events, at.events) + class(bin.non_events, at.non_events)
}
