//! The cumulative curve of events and non-events over ordered cells.

use std::cmp::Ordering;
use std::ops::RangeInclusive;

use crate::binning::config::{Direction, Limits};
use crate::binning::hull;
use crate::binning::table::Objective;
use crate::error::{Error, Problem, Result};
use crate::stats::Counts;

/// Cumulative counts at the borders of cells, border 0 before the first cell. A cut is a border that is
/// neither the first nor the last; a bin is the pair of its borders.
#[derive(Debug)]
pub(in crate::binning) struct Curve {
    borders: Vec<Counts>,
    /// The counts of all rows of the feature, of which shares are taken.
    all: Counts,
    /// What the bins make as large as possible.
    objective: Objective,
    /// The cumulative counts of each period, at the same borders.
    periods: Vec<Vec<Counts>>,
}

impl Curve {
    /// The curve over cells that each hold some weight.
    ///
    /// # Errors
    /// `InvalidData` when the sum of the weights leaves the range of `u64`.
    pub(in crate::binning) fn new(
        cells: impl ExactSizeIterator<Item = Counts>,
        all: Counts,
        objective: Objective,
    ) -> Result<Self> {
        Ok(Curve { borders: cumulate(cells)?, all, objective, periods: Vec::new() })
    }

    /// Adds what was counted in one period, in the same cells.
    ///
    /// # Errors
    /// `InvalidData` when there are more or fewer cells, or the weights leave the range of `u64`.
    pub(in crate::binning) fn add_period(&mut self, cells: impl ExactSizeIterator<Item = Counts>) -> Result<()> {
        if cells.len() != self.end() {
            return Err(Error::data(Problem::new("a period has another number of counts", "give one for each cell or level")));
        }
        self.periods.push(cumulate(cells)?);
        Ok(())
    }

    /// The same totals and objective over other cells.
    pub(super) fn of_cells(&self, cells: Vec<Counts>) -> Result<Self> {
        Curve::new(cells.into_iter(), self.all, self.objective)
    }

    /// The counts in each period of the bin from border `from` to border `to`.
    pub(super) fn by_period(&self, from: usize, to: usize) -> impl Iterator<Item = Counts> {
        self.periods.iter().map(move |borders| difference(borders[from], borders[to]))
    }

    /// The counts of all rows of the feature.
    pub(super) fn all(&self) -> Counts {
        self.all
    }

    /// The last border.
    pub(in crate::binning) fn end(&self) -> usize {
        self.borders.len() - 1
    }

    /// The cumulative counts at `border`.
    pub(super) fn at(&self, border: usize) -> Counts {
        self.borders[border]
    }

    /// The counts of the bin from border `from` to border `to`.
    pub(in crate::binning) fn bin(&self, from: usize, to: usize) -> Counts {
        difference(self.borders[from], self.borders[to])
    }

    /// The counts of the bins between the cuts.
    pub(in crate::binning) fn bins(&self, cuts: &[usize]) -> Vec<Counts> {
        let from = std::iter::once(0).chain(cuts.iter().copied());
        let to = cuts.iter().copied().chain(std::iter::once(self.end()));
        from.zip(to).map(|(from, to)| self.bin(from, to)).collect()
    }

    /// Whether one cut parts all events from all non-events.
    pub(in crate::binning) fn separates(&self) -> bool {
        let all = self.at(self.end());
        let parted = |border: &Counts| {
            (border.events == all.events && border.non_events == 0) || (border.non_events == all.non_events && border.events == 0)
        };
        all.events > 0 && all.non_events > 0 && self.borders.iter().any(parted)
    }

    /// What a bin that holds both classes adds to the objective.
    pub(in crate::binning) fn value(&self, bin: Counts) -> f64 {
        self.objective.value(bin, self.all)
    }

    /// At least the value of a bin that holds both classes.
    pub(super) fn at_most(&self, bin: Counts) -> f64 {
        self.objective.at_most(bin, self.all)
    }

    /// The cuts that leave a large enough bin on both sides; none, when the range is empty.
    pub(super) fn allowed(&self, limits: &Limits) -> RangeInclusive<usize> {
        let end = self.at(self.end());
        let first = self.borders.partition_point(|border| !limits.enough(*border));
        let behind = self.borders.partition_point(|border| limits.enough(difference(*border, end)));
        first..=behind.saturating_sub(1)
    }

    /// The first border at or after which the bin that starts at `from` is large enough.
    pub(super) fn first_after(&self, from: usize, limits: &Limits) -> usize {
        self.borders[from..].partition_point(|border| !limits.enough(difference(self.at(from), *border))) + from
    }

    /// The last border up to which the bin that ends at `to` is large enough; `None` when there is none.
    pub(super) fn last_before(&self, to: usize, limits: &Limits) -> Option<usize> {
        self.borders[..to].partition_point(|border| limits.enough(difference(*border, self.at(to)))).checked_sub(1)
    }

    /// The first border with at least the weight `total` before it.
    pub(super) fn at_weight(&self, total: u64) -> usize {
        self.borders.partition_point(|border| border.total() < total)
    }
}

fn cumulate(cells: impl ExactSizeIterator<Item = Counts>) -> Result<Vec<Counts>> {
    let mut borders = Vec::with_capacity(cells.len() + 1);
    let mut sum = Counts::default();
    borders.push(sum);
    for cell in cells {
        sum = checked_sum(sum, cell)?;
        borders.push(sum);
    }
    Ok(borders)
}

impl Curve {
    /// The borders of the hull on the side of `direction`, both ends included: event rates move strictly from block to block.
    pub(super) fn hull(&self, allowed: &RangeInclusive<usize>, direction: Direction) -> Vec<usize> {
        let moves = |before, last, border| direction.order(self.bin(before, last), self.bin(last, border)).is_lt();
        hull::hull(self.end(), allowed, moves)
    }

    /// The best cuts among the inner `vertices` for at most `max_bins` bins, and their value.
    pub(super) fn best_cuts(&self, vertices: &[usize], max_bins: usize) -> (Vec<usize>, f64) {
        hull::best_cuts(vertices, max_bins, |from, to| self.value(self.bin(from, to)))
    }
}

/// Adds counts, and refuses to leave the range of `u64`.
pub(crate) fn checked_sum(a: Counts, b: Counts) -> Result<Counts> {
    let sum = a.non_events.checked_add(b.non_events).zip(a.events.checked_add(b.events));
    match sum {
        Some((non_events, events)) if non_events.checked_add(events).is_some() => Ok(Counts { non_events, events }),
        _ => Err(Error::data(Problem::new("the case weights are too large to be added", "divide all weights by a constant"))),
    }
}

fn difference(from: Counts, to: Counts) -> Counts {
    Counts { non_events: to.non_events - from.non_events, events: to.events - from.events }
}

/// Compares event rates exactly.
pub(crate) fn by_rate(a: Counts, b: Counts) -> Ordering {
    let left = u128::from(a.events) * u128::from(b.non_events);
    let right = u128::from(b.events) * u128::from(a.non_events);
    left.cmp(&right)
}

impl Direction {
    /// Orders event rates so that each bin must be greater than the one before.
    pub(super) fn order(self, a: Counts, b: Counts) -> Ordering {
        match self {
            Direction::Increasing => by_rate(a, b),
            Direction::Decreasing => by_rate(b, a),
        }
    }
}
