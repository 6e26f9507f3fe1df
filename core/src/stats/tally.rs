//! What a summary adds up at each value or level.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::counts::Counts;

/// An exact sum over rows, which adds up to the same in any order.
pub trait Tally: Clone + Default + PartialEq + Serialize + DeserializeOwned + Send {
    /// What one row brings besides its weight.
    type Row: Copy;

    /// Adds one row, or many equal rows by their total weight, in units of 2⁻²⁰ ([`crate::data::WEIGHT_UNIT`]).
    fn add_row(&mut self, row: Self::Row, weight: u64);

    /// Adds what `other` holds.
    fn add(&mut self, other: &Self);

    /// Weight of all rows; it stops at the largest `u64` instead of wrapping.
    fn weight(&self) -> u64;
}

impl Tally for Counts {
    type Row = bool;

    fn add_row(&mut self, event: bool, weight: u64) {
        Counts::add_row(self, event, weight);
    }

    fn add(&mut self, other: &Self) {
        Counts::add(self, *other);
    }

    fn weight(&self) -> u64 {
        self.total()
    }
}
