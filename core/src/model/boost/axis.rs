//! The bins of one variable as boosting sees them: which are in an order, and which way the log-odds may move.

use crate::binning::{Direction, FeatureBins};
use crate::data::WEIGHT_UNIT;
use crate::stats::Counts;

/// The bins of one variable: ordinary ones in their order, then those outside it (special codes, missing).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    /// Ordinary bins: codes 0 to `ordinary − 1`.
    pub ordinary: usize,
    /// All bins.
    pub bins: usize,
    /// How the log-odds of the event move from one ordinary bin to the next.
    pub order: Order,
}

/// How the log-odds of the event may move along the ordinary bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Any way.
    #[default]
    Free,
    /// Never down.
    Rising,
    /// Never up.
    Falling,
}

impl Axis {
    /// The axis of a variable's bins; `direction` is the trend that is demanded of the event rate, if any.
    #[must_use]
    pub fn new(bins: &FeatureBins, direction: Option<Direction>) -> Self {
        let order = match direction {
            None => Order::Free,
            Some(Direction::Increasing) => Order::Rising,
            Some(Direction::Decreasing) => Order::Falling,
        };
        Axis { ordinary: bins.ordinary(), bins: bins.bins.len(), order }
    }
}

impl Order {
    /// Whether `next` may follow `before`.
    pub(super) fn allows(self, before: f64, next: f64) -> bool {
        match self {
            Order::Free => true,
            Order::Rising => next >= before,
            Order::Falling => next <= before,
        }
    }
}

/// Bins joined into at most `most` ordinary groups of about equal weight; the bins outside the order stay apart, up to
/// 16 groups in all.
#[derive(Debug, Clone)]
pub(super) struct Groups {
    pub(super) axis: Axis,
    /// The group of each bin.
    pub(super) of: Vec<u8>,
    /// Share of the rows in each group.
    pub(super) shares: Vec<f64>,
}

/// Groups on one side of a pair: 16 · 16 cells have codes of one byte.
pub(crate) const MAX_GROUPS: usize = 16;

impl Groups {
    pub(super) fn new(axis: Axis, weights: &[f64], most: usize) -> Self {
        let ordinary: f64 = weights.iter().take(axis.ordinary).sum();
        let mut of = Vec::with_capacity(axis.bins);
        let (mut below, mut groups, mut last) = (0.0, 0, usize::MAX);
        for &weight in weights.iter().take(axis.ordinary) {
            // The part of the range, of `most` equal ones, in which the middle of the bin lies.
            let part = if ordinary > 0.0 { ((below + weight / 2.0) / ordinary * most as f64) as usize } else { 0 };
            below += weight;
            if part != last {
                (groups, last) = (groups + 1, part);
            }
            of.push((groups - 1) as u8);
        }
        let bins = axis.bins - axis.ordinary;
        of.extend((0..bins).map(|outside| (groups + outside).min(MAX_GROUPS - 1) as u8));
        let grouped = Axis { ordinary: groups, bins: (groups + bins).min(MAX_GROUPS), order: axis.order };
        let mut shares = vec![0.0; grouped.bins];
        of.iter().zip(weights).for_each(|(&group, weight)| shares[usize::from(group)] += weight);
        let total: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= total);
        Groups { axis: grouped, of, shares }
    }
}

/// Weight of each bin, in rows.
pub(super) fn weights(axis: Axis, codes: &[u8], counts: &[Counts]) -> Vec<f64> {
    let mut weights = vec![0.0; axis.bins];
    for (&code, counts) in codes.iter().zip(counts) {
        weights[usize::from(code)] += counts.total() as f64 * WEIGHT_UNIT;
    }
    weights
}
