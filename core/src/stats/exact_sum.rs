//! Sums of doubles without rounding error.

use serde::{Deserialize, Serialize};

use super::summary::Summary;
use crate::error::Result;

/// Digits of 32 bits that span every double (2098 bits) and 64 bits of room for adding many.
const DIGITS: usize = 68;

/// Additions before carries must be moved on: each adds less than 2³² to a digit, which holds up to 2⁶³.
const MAX_PENDING: u32 = 1 << 30;

/// An exact sum of doubles: the order of the additions never matters, and [`ExactSum::value`] rounds once.
///
/// A sum that has met an infinity or NaN is NaN, whatever else it meets. The sum of nothing, or of zeros of
/// either sign, is +0. Equal sums are equal (`==`) and serialise to equal bytes.
///
/// The idea is that of Kulisch's long accumulator: one fixed-point number wide enough for every double.
///
/// ```
/// use scoreline::stats::ExactSum;
/// let mut sum = ExactSum::default();
/// for x in [1e100, 1.0, -1e100, 1e-100] {
///     sum.add(x);
/// }
/// assert_eq!(sum.value(), 1.0);
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct ExactSum {
    /// Digit `i` weighs 2^(32 i − 1074). Between additions digits may be negative or exceed 32 bits.
    digits: [i64; DIGITS],
    /// Upper bound on the additions since carries were moved on.
    pending: u32,
    not_finite: bool,
}

impl Default for ExactSum {
    fn default() -> Self {
        ExactSum { digits: [0; DIGITS], pending: 0, not_finite: false }
    }
}

impl ExactSum {
    /// Adds `x`.
    #[inline]
    pub fn add(&mut self, x: f64) {
        let bits = x.to_bits();
        let exponent = (bits >> 52) as usize & 0x7ff;
        if exponent == 0x7ff {
            self.not_finite = true;
            return;
        }
        if self.pending >= MAX_PENDING {
            self.carry();
        }
        self.pending += 1;
        let fraction = bits & ((1 << 52) - 1);
        // Subnormal numbers have no hidden bit and the weights of exponent 1.
        let (significand, position) = if exponent == 0 { (fraction, 0) } else { (fraction | 1 << 52, exponent - 1) };
        let wide = u128::from(significand) << (position % 32);
        let low = i64::from(wide as u32);
        let middle = i64::from((wide >> 32) as u32);
        let high = (wide >> 64) as i64;
        // All ones when negative: (d ^ m) − m is then −d.
        let minus = (bits as i64) >> 63;
        let first = position / 32;
        self.digits[first] += (low ^ minus) - minus;
        self.digits[first + 1] += (middle ^ minus) - minus;
        self.digits[first + 2] += (high ^ minus) - minus;
    }

    /// Adds what `other` holds.
    pub fn add_sum(&mut self, other: &ExactSum) {
        self.carry();
        let mut other = other.clone();
        other.carry();
        for (mine, theirs) in self.digits.iter_mut().zip(other.digits) {
            *mine += theirs;
        }
        self.pending = 2;
        self.not_finite |= other.not_finite;
    }

    /// The sum, rounded to the nearest double, ties to even. Infinite when it exceeds the range of a double,
    /// NaN when something added was not finite.
    #[must_use]
    pub fn value(&self) -> f64 {
        if self.not_finite {
            return f64::NAN;
        }
        let (negative, digits) = self.magnitude();
        let Some(last) = digits.iter().rposition(|&d| d != 0) else { return 0.0 };
        let top = 32 * last + 31 - digits[last].leading_zeros() as usize;
        let sign = u64::from(negative) << 63;
        if top <= 52 {
            // Exact: such a whole multiple of 2⁻¹⁰⁷⁴ is its own bit pattern.
            return f64::from_bits(sign | window(&digits, 0) & ((1 << 53) - 1));
        }
        let shift = top - 52;
        if shift > 2045 {
            return f64::from_bits(sign | f64::INFINITY.to_bits());
        }
        let significand = window(&digits, shift) & ((1 << 53) - 1);
        let half = window(&digits, shift - 1) & 1 == 1;
        let below = shift - 1;
        let more = digits[..below / 32].iter().any(|&d| d != 0) || digits[below / 32] & ((1u32 << (below % 32)) - 1) != 0;
        let up = half && (more || significand & 1 == 1);
        // The hidden bit adds one to the exponent field, and a carry out of the significand moves it on as it must.
        f64::from_bits(sign | (((shift as u64) << 52) + significand + u64::from(up)))
    }

    /// Moves carries on until every digit but the last lies in [0, 2³²).
    fn carry(&mut self) {
        let mut carried = 0;
        for digit in &mut self.digits[..DIGITS - 1] {
            let sum = *digit + carried;
            *digit = sum & 0xffff_ffff;
            carried = sum >> 32;
        }
        self.digits[DIGITS - 1] = self.digits[DIGITS - 1].wrapping_add(carried);
        self.pending = 0;
    }

    /// Sign and magnitude: the one form of each sum.
    fn magnitude(&self) -> (bool, [u32; DIGITS]) {
        let mut positive = self.clone();
        positive.carry();
        let negative = positive.digits[DIGITS - 1] < 0;
        if negative {
            positive.digits.iter_mut().for_each(|d| *d = d.wrapping_neg());
            positive.carry();
        }
        (negative, positive.digits.map(|d| d as u32))
    }
}

/// 64 bits from bit `position` on.
fn window(digits: &[u32; DIGITS], position: usize) -> u64 {
    let wide = (0..3).fold(0u128, |wide, i| {
        let digit = digits.get(position / 32 + i).copied().unwrap_or(0);
        wide | u128::from(digit) << (32 * i)
    });
    (wide >> (position % 32)) as u64
}

impl PartialEq for ExactSum {
    fn eq(&self, other: &Self) -> bool {
        self.not_finite == other.not_finite && (self.not_finite || self.magnitude() == other.magnitude())
    }
}

impl Eq for ExactSum {}

impl Summary for ExactSum {
    fn merge(&mut self, other: &Self) -> Result<()> {
        self.add_sum(other);
        Ok(())
    }
}

/// The canonical stored form: sign and the digits from the first to the last that is not zero.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(default, skip_serializing_if = "is_false")]
    not_finite: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    negative: bool,
    /// Index of the first digit; digit `i` weighs 2^(32 i − 1074).
    offset: usize,
    digits: Vec<u32>,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

impl From<ExactSum> for Stored {
    fn from(sum: ExactSum) -> Self {
        let nothing = Stored { not_finite: sum.not_finite, negative: false, offset: 0, digits: Vec::new() };
        if sum.not_finite {
            return nothing;
        }
        let (negative, digits) = sum.magnitude();
        match (digits.iter().position(|&d| d != 0), digits.iter().rposition(|&d| d != 0)) {
            (Some(first), Some(last)) => {
                Stored { not_finite: false, negative, offset: first, digits: digits[first..=last].to_vec() }
            }
            _ => nothing,
        }
    }
}

impl TryFrom<Stored> for ExactSum {
    type Error = &'static str;

    fn try_from(stored: Stored) -> std::result::Result<Self, &'static str> {
        let mut sum = ExactSum { not_finite: stored.not_finite, ..ExactSum::default() };
        // The last digit only ever holds the sign and carries.
        if stored.offset.saturating_add(stored.digits.len()) > DIGITS
            || (stored.offset + stored.digits.len() == DIGITS && stored.digits.last().is_some_and(|&d| d > i32::MAX as u32))
        {
            return Err("an exact sum has at most 68 digits");
        }
        for (digit, stored_digit) in sum.digits.iter_mut().skip(stored.offset).zip(stored.digits) {
            *digit = if stored.negative { -i64::from(stored_digit) } else { i64::from(stored_digit) };
        }
        sum.carry();
        Ok(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sum(values: &[f64]) -> ExactSum {
        let mut sum = ExactSum::default();
        values.iter().for_each(|&x| sum.add(x));
        sum
    }

    fn bytes(sum: &ExactSum) -> String {
        serde_json::to_string(sum).unwrap()
    }

    /// 2^k for a normal result.
    fn power_of_two(k: i32) -> f64 {
        f64::from_bits(((k + 1023) as u64) << 52)
    }

    /// Any finite double, all exponents alike, and often the exact opposite of a neighbour.
    fn doubles() -> impl Strategy<Value = Vec<f64>> {
        let one = prop_oneof![any::<u64>().prop_map(f64::from_bits), -10.0..10.0f64, Just(-0.0), Just(f64::MAX)];
        let finite = one.prop_filter("finite", |x: &f64| x.is_finite());
        prop::collection::vec((finite, any::<bool>()), 0..40)
            .prop_map(|list| list.into_iter().flat_map(|(x, twice)| if twice { vec![x, -x, x] } else { vec![x] }).collect())
    }

    #[test]
    fn rounds_once_and_to_even() {
        let ulp = f64::EPSILON;
        assert_eq!(sum(&[1.0, ulp / 2.0]).value(), 1.0);
        assert_eq!(sum(&[1.0 + ulp, ulp / 2.0]).value(), 1.0 + 2.0 * ulp);
        assert_eq!(sum(&[1.0, ulp / 2.0, 1e-300]).value(), 1.0 + ulp);
        assert_eq!(sum(&[-1.0, -ulp / 2.0, -5e-324]).value(), -1.0 - ulp);
        assert_eq!(sum(&[2.0 - ulp, ulp / 2.0]).value(), 2.0);
        assert_eq!(sum(&[0.1; 10]).value(), 1.0);
    }

    #[test]
    fn the_ends_of_the_range() {
        assert_eq!(sum(&[f64::MAX, f64::MAX]).value(), f64::INFINITY);
        assert_eq!(sum(&[f64::MAX, f64::MAX, -f64::MAX]).value(), f64::MAX);
        // Half a unit in the last place of the largest double ties to the even neighbour, which is infinite.
        assert_eq!(sum(&[-f64::MAX, -power_of_two(970)]).value(), f64::NEG_INFINITY);
        assert_eq!(sum(&[f64::MAX, power_of_two(969)]).value(), f64::MAX);
        assert_eq!(sum(&[5e-324, 5e-324]).value(), 1e-323);
        assert_eq!(sum(&[f64::MIN_POSITIVE, -5e-324]).value(), f64::MIN_POSITIVE - 5e-324);
        assert_eq!(sum(&[]).value().to_bits(), 0);
        assert_eq!(sum(&[-0.0, -0.0]).value().to_bits(), 0);
    }

    #[test]
    fn what_is_not_finite_stays_so() {
        for x in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            let (mut a, b) = (sum(&[1.0]), sum(&[x, 2.0]));
            a.merge(&b).unwrap();
            assert!(a.value().is_nan());
            assert_eq!(a, b);
            assert_eq!(bytes(&a), r#"{"not_finite":true,"offset":0,"digits":[]}"#);
            assert_eq!(serde_json::from_str::<ExactSum>(&bytes(&a)).unwrap(), a);
        }
    }

    #[test]
    fn carries_move_on_before_a_digit_is_full() {
        let mut many = ExactSum { pending: MAX_PENDING - 1, ..sum(&[]) };
        // As if 2³⁰ − 1 values had filled one digit.
        many.digits[32] = (i64::from(MAX_PENDING) - 1) * 0xffff_ffff;
        let before = many.value();
        let x = f64::from_bits(((32 * 32 + 1) as u64) << 52 | ((1 << 32) - 1) << 20);
        for _ in 0..3 {
            many.add(x);
        }
        assert!(many.pending <= 2);
        assert!(many.digits.iter().all(|&d| d.unsigned_abs() < 1 << 34));
        assert!(many.value() >= before);
    }

    #[test]
    fn stored_form_is_small_and_checked() {
        assert_eq!(bytes(&sum(&[1.0, 1e-300, -1e-300])), r#"{"offset":33,"digits":[262144]}"#);
        assert_eq!(bytes(&sum(&[-1.0])), r#"{"negative":true,"offset":33,"digits":[262144]}"#);
        assert_eq!(bytes(&sum(&[])), r#"{"offset":0,"digits":[]}"#);
        for wrong in [
            r#"{"offset":68,"digits":[1]}"#,
            r#"{"offset":18446744073709551615,"digits":[1]}"#,
            r#"{"offset":67,"digits":[4294967295]}"#,
            r#"{"offset":0,"digits":[-1]}"#,
            r#"{"offset":0,"digits":[4294967296]}"#,
        ] {
            assert!(serde_json::from_str::<ExactSum>(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn equals_integer_arithmetic(terms in prop::collection::vec((-(1i64 << 53)..1 << 53, 0..60u32), 1..60), scale in 0..3usize) {
            // Multiples of one power of two, so that an integer holds their sum; the unit is 2⁻¹⁰⁷⁴ in the second case.
            let unit = [power_of_two(-60), 5e-324, power_of_two(900)][scale];
            let values: Vec<f64> = terms.iter().map(|&(m, e)| m as f64 * power_of_two(e as i32) * unit).collect();
            let total: i128 = terms.iter().map(|&(m, e)| i128::from(m) << e).sum();
            prop_assert_eq!(sum(&values).value(), total as f64 * unit);
        }

        #[test]
        fn any_order_and_any_merge_tree(values in doubles(), swaps in prop::collection::vec(any::<prop::sample::Index>(), 60)) {
            let whole = sum(&values);
            let mut shuffled = values.clone();
            let mut parts: Vec<ExactSum> = Vec::new();
            for (i, swap) in swaps.iter().enumerate() {
                if !values.is_empty() {
                    shuffled.swap(i % values.len(), swap.index(values.len()));
                }
            }
            for chunk in shuffled.chunks(1 + swaps[0].index(9)) {
                parts.push(sum(chunk));
            }
            let mut next = swaps.iter().cycle();
            while parts.len() > 1 {
                let taken = parts.swap_remove(next.next().unwrap().index(parts.len()));
                let at = next.next().unwrap().index(parts.len());
                parts[at].merge(&taken).unwrap();
            }
            let merged = parts.pop().unwrap_or_default();
            prop_assert_eq!(&merged, &whole);
            prop_assert_eq!(merged.value().to_bits(), whole.value().to_bits());
            prop_assert_eq!(bytes(&merged), bytes(&whole));
            prop_assert_eq!(serde_json::from_str::<ExactSum>(&bytes(&whole)).unwrap(), whole);
        }

        #[test]
        fn opposites_cancel(values in doubles(), x in -1e3..1e3f64) {
            let mut total = sum(&values);
            values.iter().for_each(|v| total.add(-v));
            total.add(x);
            prop_assert_eq!(total, sum(&[x]));
        }
    }
}
