//! Weighted counts of the classes of a target.

use serde::{Deserialize, Serialize};

use super::counts::Counts;
use super::tally::Tally;

/// Weight of the rows of each class, by index of the class, in units of 2⁻²⁰ ([`crate::data::WEIGHT_UNIT`]); a
/// [`Tally`] whose rows are the index of their class. Classes beyond the last one seen have no entry.
///
/// ```
/// use scoreline::stats::{ClassCounts, Tally};
/// let mut counts = ClassCounts::default();
/// counts.add_row(2, 5);
/// assert_eq!((counts.of(0), counts.of(2), counts.of(7)), (0, 5, 0));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClassCounts {
    counts: Vec<u64>,
}

impl ClassCounts {
    /// Weight of the rows of class `class`.
    #[must_use]
    pub fn of(&self, class: usize) -> u64 {
        self.counts.get(class).copied().unwrap_or(0)
    }

    /// Class `class` as the event, all others together as the non-event.
    #[must_use]
    pub fn against_rest(&self, class: usize) -> Counts {
        let events = self.of(class);
        Counts { non_events: self.weight().saturating_sub(events), events }
    }

    /// One more than the index of the last class seen.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.counts.len()
    }

    fn add_to(&mut self, class: usize, weight: u64) {
        if weight == 0 {
            return;
        }
        if self.counts.len() <= class {
            self.counts.resize(class + 1, 0);
        }
        self.counts[class] = self.counts[class].saturating_add(weight);
    }
}

/// Weights of the classes in order.
impl FromIterator<u64> for ClassCounts {
    fn from_iter<I: IntoIterator<Item = u64>>(weights: I) -> Self {
        let mut counts = ClassCounts::default();
        weights.into_iter().enumerate().for_each(|(class, weight)| counts.add_to(class, weight));
        counts
    }
}

impl Tally for ClassCounts {
    type Row = u8;

    fn add_row(&mut self, class: u8, weight: u64) {
        self.add_to(usize::from(class), weight);
    }

    fn add(&mut self, other: &Self) {
        other.counts.iter().enumerate().for_each(|(class, &weight)| self.add_to(class, weight));
    }

    fn weight(&self) -> u64 {
        self.counts.iter().fold(0, |sum, &weight| sum.saturating_add(weight))
    }
}
