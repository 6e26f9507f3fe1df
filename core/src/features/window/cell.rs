//! What is remembered of the events of one day, and of those of many days: sums of integers, which no order changes.

use serde::{Deserialize, Serialize};

/// The largest number, in units of the last decimal: 2⁵³, so that every smaller one is a double exactly.
pub(super) const LARGEST: i64 = 1 << 53;

/// The events of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cell {
    pub(super) day: i32,
    pub(super) tally: Tally,
}

/// Count, sum, sum of squares and range of numbers in units of the last decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally {
    pub(super) count: u64,
    pub(super) sum: i128,
    squares: u128,
    pub(super) least: i64,
    pub(super) greatest: i64,
}

/// The nearest double; sums that fit 64 bits take the short way, which rounds alike.
#[inline]
pub(super) fn double(sum: i128) -> f64 {
    i64::try_from(sum).map_or_else(|_| wide(sum), |sum| sum as f64)
}

/// Kept apart, or the compiler takes the long way for both.
#[cold]
#[inline(never)]
fn wide(sum: i128) -> f64 {
    sum as f64
}

impl Default for Tally {
    fn default() -> Self {
        Tally { count: 0, sum: 0, squares: 0, least: i64::MAX, greatest: i64::MIN }
    }
}

impl Tally {
    /// One number, at most [`LARGEST`] in size.
    #[inline]
    pub(super) fn of(number: i64) -> Self {
        let size = u128::from(number.unsigned_abs());
        Tally { count: 1, sum: i128::from(number), squares: size * size, least: number, greatest: number }
    }

    /// Adds the events of `other`. Squares stay in range for more than a million numbers of the largest size.
    #[inline]
    pub(super) fn add(&mut self, other: &Tally) {
        self.count += other.count;
        self.sum += other.sum;
        self.squares = self.squares.saturating_add(other.squares);
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
    }

    /// Adds numbers, each at most [`LARGEST`] in size; their squares only when they are asked for.
    pub(super) fn add_numbers(&mut self, numbers: &[i64], squares: bool) {
        self.count += numbers.len() as u64;
        // 512 numbers of the largest size stay within 64 bits.
        for numbers in numbers.chunks(512) {
            let mut sum = 0;
            for number in numbers {
                sum += number;
                self.least = self.least.min(*number);
                self.greatest = self.greatest.max(*number);
            }
            self.sum += i128::from(sum);
        }
        if squares {
            for number in numbers {
                let size = u128::from(number.unsigned_abs());
                self.squares = self.squares.saturating_add(size * size);
            }
        }
    }

    /// Sample variance in squared units, from n Σx² − (Σx)², exactly where that stays within 128 bits.
    pub(super) fn variance(&self) -> Option<f64> {
        if self.count < 2 {
            return None;
        }
        let count = u128::from(self.count);
        let sum = self.sum.unsigned_abs();
        let exact = count.checked_mul(self.squares).zip(sum.checked_mul(sum)).map(|(a, b)| a.saturating_sub(b) as f64);
        let n = self.count as f64;
        let times_n = exact.unwrap_or_else(|| (n * self.squares as f64 - sum as f64 * sum as f64).max(0.0));
        Some(times_n / n / (n - 1.0))
    }
}
