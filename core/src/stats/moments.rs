//! Weight, mean and variance of a continuous target, from exact integer sums.

use serde::{Deserialize, Serialize};

use super::tally::Tally;
use crate::error::{Error, Problem, Result};

/// A weight of one row.
const ONE: u64 = 1 << 20;

/// Values of a continuous target are multiples of 2⁻³⁰ (about 10⁻⁹), so that their sums are integers and stay exact.
pub const TARGET_UNIT: f64 = 1.0 / 1_073_741_824.0;

/// The largest absolute value of a continuous target, 2³².
pub const MAX_TARGET: f64 = 4_294_967_296.0;

/// `target` in units of 2⁻³⁰, rounded to the nearest.
///
/// ```
/// use scoreline::stats::target_units;
/// assert_eq!(target_units(0.5).unwrap(), 1 << 29);
/// assert!(target_units(f64::NAN).is_err());
/// ```
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) unless it lies in [−2³², 2³²].
pub fn target_units(target: f64) -> Result<i64> {
    if target.abs() <= MAX_TARGET {
        return Ok((target / TARGET_UNIT).round_ties_even() as i64);
    }
    Err(Error::data(Problem::new(
        "the target must be a number between -2^32 and 2^32",
        "leave out rows without an outcome; give large amounts in thousands",
    )))
}

/// Weight, sum, sum of squares and range of a target; a [`Tally`] whose rows are [`target_units`].
///
/// While the weights do not leave the range of `u64`, neither do the sums leave theirs.
///
/// ```
/// use scoreline::stats::{Moments, Tally, target_units};
/// let mut moments = Moments::default();
/// for lgd in [0.25, 0.75] {
///     moments.add_row(target_units(lgd)?, 1 << 20);
/// }
/// assert_eq!((moments.mean(), moments.variance().sqrt()), (0.5, 0.25));
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Moments {
    weight: u64,
    /// Σ weight · target.
    sum: i128,
    /// Σ weight · target² = high · 2¹²⁸ + low.
    squares: (u64, u128),
    least: i64,
    greatest: i64,
}

impl Default for Moments {
    fn default() -> Self {
        Moments { weight: 0, sum: 0, squares: (0, 0), least: i64::MAX, greatest: i64::MIN }
    }
}

impl Moments {
    /// Weight in rows.
    #[must_use]
    pub fn rows(&self) -> f64 {
        self.weight as f64 / ONE as f64
    }

    /// Σ weight · (target − `origin`), in units of 2⁻⁵⁰; `origin` in units of 2⁻³⁰.
    #[must_use]
    pub fn sum_about(&self, origin: i64) -> i128 {
        self.sum.wrapping_sub(i128::from(self.weight).wrapping_mul(i128::from(origin)))
    }

    /// The weighted mean; 0 for no rows.
    #[must_use]
    pub fn mean(&self) -> f64 {
        if self.weight == 0 { 0.0 } else { self.sum as f64 / self.weight as f64 * TARGET_UNIT }
    }

    /// The mean in units of 2⁻³⁰, rounded down; 0 for no rows.
    #[must_use]
    pub fn mean_units(&self) -> i64 {
        self.sum.checked_div_euclid(i128::from(self.weight)).unwrap_or(0) as i64
    }

    /// The weighted variance, that is the mean squared distance from the mean; 0 for no rows. It is taken from exact
    /// integers and rounded at the end: a mean far from 0 costs no precision.
    #[must_use]
    pub fn variance(&self) -> f64 {
        if self.weight == 0 {
            return 0.0;
        }
        // weight · squares − sum², which is never negative.
        let weight = u128::from(self.weight);
        let (carried, low) = product(weight, self.squares.1);
        let high = weight.wrapping_mul(u128::from(self.squares.0)).wrapping_add(carried);
        let (sum_high, sum_low) = product(self.sum.unsigned_abs(), self.sum.unsigned_abs());
        let (low, borrow) = low.overflowing_sub(sum_low);
        let high = high.wrapping_sub(sum_high).wrapping_sub(u128::from(borrow));
        let difference = high as f64 * 340_282_366_920_938_463_463_374_607_431_768_211_456.0 + low as f64;
        difference / self.weight as f64 / self.weight as f64 * TARGET_UNIT * TARGET_UNIT
    }

    /// The least and the greatest target; `None` for no rows.
    #[must_use]
    pub fn range(&self) -> Option<(f64, f64)> {
        (self.weight > 0).then_some((self.least as f64 * TARGET_UNIT, self.greatest as f64 * TARGET_UNIT))
    }
}

/// a · b = high · 2¹²⁸ + low.
fn product(a: u128, b: u128) -> (u128, u128) {
    const HALF: u128 = (1 << 64) - 1;
    let (a1, a0, b1, b0) = (a >> 64, a & HALF, b >> 64, b & HALF);
    let low = a0 * b0;
    let middle = a1 * b0 + (low >> 64);
    let other = a0 * b1 + (middle & HALF);
    (a1 * b1 + (middle >> 64) + (other >> 64), other << 64 | low & HALF)
}

impl Tally for Moments {
    type Row = i64;

    fn add_row(&mut self, target: i64, weight: u64) {
        let square = u128::from(target.unsigned_abs()).pow(2);
        let (high, low) = product(square, u128::from(weight));
        let least = if weight == 0 { i64::MAX } else { target };
        let greatest = if weight == 0 { i64::MIN } else { target };
        let sum = i128::from(target).wrapping_mul(i128::from(weight));
        self.add(&Moments { weight, sum, squares: (high as u64, low), least, greatest });
    }

    fn add(&mut self, other: &Self) {
        self.weight = self.weight.saturating_add(other.weight);
        self.sum = self.sum.wrapping_add(other.sum);
        let (low, carry) = self.squares.1.overflowing_add(other.squares.1);
        self.squares = (self.squares.0.wrapping_add(other.squares.0).wrapping_add(u64::from(carry)), low);
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
    }

    fn weight(&self) -> u64 {
        self.weight
    }
}

/// The stored form: words of 64 bits, the highest first.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    weight: u64,
    sum: (i64, u64),
    squares: (u64, u64, u64),
    range: (i64, i64),
}

impl From<Moments> for Stored {
    fn from(moments: Moments) -> Self {
        let (high, low) = moments.squares;
        Stored {
            weight: moments.weight,
            sum: ((moments.sum >> 64) as i64, moments.sum as u64),
            squares: (high, (low >> 64) as u64, low as u64),
            range: (moments.least, moments.greatest),
        }
    }
}

impl From<Stored> for Moments {
    fn from(stored: Stored) -> Self {
        Moments {
            weight: stored.weight,
            sum: i128::from(stored.sum.0) << 64 | i128::from(stored.sum.1),
            squares: (stored.squares.0, u128::from(stored.squares.1) << 64 | u128::from(stored.squares.2)),
            least: stored.range.0,
            greatest: stored.range.1,
        }
    }
}

/// The moments of rows of weight 1, for tests and small tables.
impl FromIterator<i64> for Moments {
    fn from_iter<I: IntoIterator<Item = i64>>(targets: I) -> Self {
        let mut moments = Moments::default();
        targets.into_iter().for_each(|target| moments.add_row(target, ONE));
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_order_and_any_split_give_the_same_and_the_textbook_figures(
            rows in prop::collection::vec((-1e3..1e3f64, 0..4u64), 1..40), offset in prop_oneof![Just(0.0), Just(4e9)], at in any::<prop::sample::Index>()
        ) {
            let mut whole = Moments::default();
            let rows: Vec<(i64, u64)> = rows.iter().map(|(y, w)| (target_units(y + offset).unwrap(), w << 20)).collect();
            rows.iter().for_each(|&(y, w)| whole.add_row(y, w));
            let (mut left, mut right) = (Moments::default(), Moments::default());
            let (first, second) = rows.split_at(at.index(rows.len()));
            first.iter().rev().for_each(|&(y, w)| left.add_row(y, w));
            second.iter().rev().for_each(|&(y, w)| right.add_row(y, w));
            right.add(&left);
            prop_assert_eq!(right, whole);
            let text = serde_json::to_string(&whole).unwrap();
            prop_assert_eq!(serde_json::from_str::<Moments>(&text).unwrap(), whole);

            let weight: f64 = rows.iter().map(|r| r.1 as f64).sum();
            if weight > 0.0 {
                let near: Vec<(f64, f64)> = rows.iter().map(|r| (r.0 as f64 * TARGET_UNIT - offset, r.1 as f64)).collect();
                let mean = near.iter().map(|(y, w)| y * w).sum::<f64>() / weight;
                let variance = near.iter().map(|(y, w)| w * (y - mean) * (y - mean)).sum::<f64>() / weight;
                // A target of 4·10⁹ has 2⁻²⁰ as its last digit: only the mean is rounded to it.
                prop_assert!((whole.mean() - offset - mean).abs() < 1e-6);
                prop_assert!((whole.variance() - variance).abs() <= 1e-10 * (1.0 + variance));
            }
        }
    }

    #[test]
    fn the_widest_sums_fit() {
        let mut moments = Moments::default();
        let (least, greatest) = (target_units(-MAX_TARGET).unwrap(), target_units(MAX_TARGET).unwrap());
        moments.add_row(least, u64::MAX / 2);
        moments.add_row(greatest, u64::MAX / 2);
        assert_eq!(moments.mean(), 0.0);
        assert_eq!(moments.variance().sqrt(), MAX_TARGET);
        assert_eq!(moments.range(), Some((-MAX_TARGET, MAX_TARGET)));
        assert_eq!((Moments::default().mean(), Moments::default().variance(), Moments::default().range()), (0.0, 0.0, None));
        assert!(target_units(-MAX_TARGET * 1.01).is_err());
    }

    #[test]
    fn a_constant_target_has_no_variance_at_any_distance_from_zero() {
        let moments: Moments = std::iter::repeat_n(target_units(123_456_789.123).unwrap(), 1_000).collect();
        assert_eq!(moments.variance(), 0.0);
    }
}
