//! The cumulative curve of weight and target over ordered cells.

use super::super::ordered::Measure;
use crate::stats::{Moments, TARGET_UNIT, Tally};

/// Weight and Σ weight · (target − origin) before each border. The origin lies within 2⁻³⁰ of the mean of all rows, so
/// that differences of means are not lost beside their size.
pub(super) struct Curve {
    borders: Vec<(u64, i128)>,
    /// The least weight of a bin.
    least: u64,
    /// Sum of squares of all rows about their mean.
    squares: f64,
}

impl Curve {
    pub(super) fn new(cells: &[Moments], all: &Moments, least: u64) -> Self {
        let mut sum = (0u64, 0i128);
        let mut borders = vec![sum];
        for cell in cells {
            sum = (sum.0 + cell.weight(), sum.1 + cell.sum_about(all.mean_units()));
            borders.push(sum);
        }
        // In the units of the sums: 2⁻³⁰ squared, times a weight.
        let squares = all.variance() / (TARGET_UNIT * TARGET_UNIT) * all.weight() as f64;
        Curve { borders, least, squares }
    }

    fn bin(&self, from: usize, to: usize) -> (f64, f64) {
        let (a, b) = (self.borders[from], self.borders[to]);
        ((b.0 - a.0) as f64, (b.1 - a.1) as f64)
    }
}

impl Measure for Curve {
    fn end(&self) -> usize {
        self.borders.len() - 1
    }

    fn weight_before(&self, border: usize) -> u64 {
        self.borders[border].0
    }

    fn value(&self, from: usize, to: usize) -> f64 {
        let (weight, sum) = self.bin(from, to);
        sum * (sum / weight) / self.squares
    }

    fn holds(&self, from: usize, to: usize) -> bool {
        self.borders[to].0 - self.borders[from].0 >= self.least
    }

    /// The mean, from the origin, in units of 2⁻³⁰.
    fn level(&self, _: usize, from: usize, to: usize) -> f64 {
        let (weight, sum) = self.bin(from, to);
        sum / weight
    }
}
