//! Weighted counts of events and non-events.

use serde::{Deserialize, Serialize};

/// Weighted counts in units of 2⁻²⁰ ([`crate::data::WEIGHT_UNIT`]), hence integers and exact.
///
/// A count stops at the largest `u64` (1.7·10¹³ rows of weight 1) instead of wrapping, in any order of the additions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Weight of the rows without the event.
    pub non_events: u64,
    /// Weight of the rows with the event.
    pub events: u64,
}

impl Counts {
    /// Adds one row of weight `weight`.
    pub fn add_row(&mut self, event: bool, weight: u64) {
        let side = if event { &mut self.events } else { &mut self.non_events };
        *side = side.saturating_add(weight);
    }

    /// Adds the counts of `other`.
    pub fn add(&mut self, other: Counts) {
        self.non_events = self.non_events.saturating_add(other.non_events);
        self.events = self.events.saturating_add(other.events);
    }

    /// Weight of all rows.
    #[must_use]
    pub fn total(self) -> u64 {
        self.non_events.saturating_add(self.events)
    }

    /// Share of events, in [0, 1]; 0 for no rows.
    #[must_use]
    pub fn event_rate(self) -> f64 {
        if self.total() == 0 { 0.0 } else { self.events as f64 / self.total() as f64 }
    }
}

/// A value with what was counted there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cell<T = Counts> {
    /// The value, or the lower border of the values that share the cell.
    pub value: f64,
    /// What was counted.
    pub counts: T,
}
