//! The cumulative counts of each class over ordered cells.

use super::super::config::Direction;
use super::super::ordered::{Measure, Shape};
use super::super::table::strict_value;
use super::config::MulticlassObjective;
use crate::math::ln;
use crate::stats::{ClassCounts, Counts, Tally};

/// Weight of each class before each border.
pub(super) struct Curve {
    classes: usize,
    /// Border by border, one number a class.
    sums: Vec<u64>,
    /// The class and the rest over all rows.
    all: Vec<Counts>,
    least: (u64, u64),
    objective: MulticlassObjective,
}

impl Curve {
    pub(super) fn new(
        cells: &[ClassCounts],
        all: &ClassCounts,
        classes: usize,
        least: (u64, u64),
        objective: MulticlassObjective,
    ) -> Self {
        let mut sums = vec![0; (cells.len() + 1) * classes];
        for (border, cell) in cells.iter().enumerate() {
            for class in 0..classes {
                sums[(border + 1) * classes + class] = sums[border * classes + class] + cell.of(class);
            }
        }
        Curve { classes, sums, all: (0..classes).map(|class| all.against_rest(class)).collect(), least, objective }
    }

    fn class(&self, class: usize, from: usize, to: usize) -> u64 {
        self.sums[to * self.classes + class] - self.sums[from * self.classes + class]
    }

    fn weight(&self, from: usize, to: usize) -> u64 {
        (0..self.classes).map(|class| self.class(class, from, to)).sum()
    }

    /// The direction in which the rate of each class moves over the cells: by the sign of Somers' D.
    pub(super) fn directions(&self) -> Vec<Shape> {
        let direction = |class: usize| {
            let mut above_less_below = 0.0;
            for border in 0..self.end() {
                let counts = |from, to| (self.class(class, from, to) as f64, self.weight(from, to) as f64);
                let (mine, both) = counts(border, border + 1);
                let (mine_before, both_before) = counts(0, border);
                above_less_below += mine * (both_before - mine_before) - (both - mine) * mine_before;
            }
            if above_less_below >= 0.0 { Direction::Increasing } else { Direction::Decreasing }
        };
        (0..self.classes).map(|class| Shape::Monotone(direction(class))).collect()
    }
}

impl Measure for Curve {
    fn end(&self) -> usize {
        self.sums.len() / self.classes - 1
    }

    fn weight_before(&self, border: usize) -> u64 {
        self.weight(0, border)
    }

    fn value(&self, from: usize, to: usize) -> f64 {
        let weight = self.weight(from, to);
        value(|class| self.class(class, from, to), weight, &self.all, self.objective)
    }

    fn holds(&self, from: usize, to: usize) -> bool {
        self.weight(from, to) >= self.least.0 && (0..self.classes).all(|class| self.class(class, from, to) >= self.least.1)
    }

    /// The rate of the class.
    fn level(&self, index: usize, from: usize, to: usize) -> f64 {
        self.class(index, from, to) as f64 / self.weight(from, to) as f64
    }
}

/// What a bin of known class weights adds to the objective.
fn value(of: impl Fn(usize) -> u64, weight: u64, all: &[Counts], objective: MulticlassObjective) -> f64 {
    let mut sum = 0.0;
    for (class, all) in all.iter().enumerate() {
        let events = of(class);
        match objective {
            MulticlassObjective::Iv => sum += strict_value(Counts { non_events: weight - events, events }, *all),
            MulticlassObjective::Js if events > 0 => {
                let rate = events as f64 / weight as f64;
                sum += events as f64 / all.total() as f64 * ln(rate / all.event_rate());
            }
            MulticlassObjective::Js => {}
        }
    }
    if objective == MulticlassObjective::Iv { sum / all.len() as f64 } else { sum }
}

/// What a bin adds to the Jensen–Shannon divergence.
pub(super) fn js(bin: &ClassCounts, all: &[Counts]) -> f64 {
    value(|class| bin.of(class), bin.weight(), all, MulticlassObjective::Js)
}
