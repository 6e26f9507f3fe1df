//! Amounts of money: whole minor units, never a binary fraction.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem};

/// How what lies between two minor units becomes one of them. By size: a negative amount is rounded as its opposite is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest, halves away from zero.
    #[default]
    HalfUp,
    /// To the nearest, halves to the even one.
    HalfEven,
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
}

impl Rounding {
    /// The rounded quotient. `divisor` is above 0 and at most 2¹²⁶.
    pub(super) fn divide(self, dividend: u128, divisor: u128) -> u128 {
        let (quotient, rest) = (dividend / divisor, dividend % divisor);
        let carry = match self {
            Rounding::HalfUp => 2 * rest >= divisor,
            Rounding::HalfEven => 2 * rest > divisor || (2 * rest == divisor && quotient & 1 == 1),
            Rounding::Down => false,
            Rounding::Up => rest > 0,
        };
        quotient + u128::from(carry)
    }
}

/// The most decimals that an amount may have.
pub const MAX_DECIMALS: u32 = 6;

/// Whether a text has the form of an ISO 4217 code: three capital letters.
pub(crate) fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase())
}

/// An exact amount: a whole number of minor units of a currency with `decimals` decimals. Text in JSON: `"8884.88"`.
///
/// ```
/// use scoreline::pricing::Money;
/// let payment = Money::round_half_up(8884.878678, 2).unwrap();
/// assert_eq!(payment.to_string(), "8884.88");
/// assert_eq!(payment.minor(), 888_488);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    decimals: u32,
}

impl Money {
    /// `minor` minor units; none when `decimals` exceeds [`MAX_DECIMALS`].
    #[must_use]
    pub const fn new(minor: i64, decimals: u32) -> Option<Self> {
        if decimals <= MAX_DECIMALS { Some(Money { minor, decimals }) } else { None }
    }

    /// The nearest whole minor unit of the exact value of the double, halves away from zero.
    ///
    /// Nothing is rounded before that: 2.675 is stored as 2.67499999999999982… and gives 2.67.
    /// None when `amount` is not finite, does not fit, or `decimals` exceeds [`MAX_DECIMALS`].
    #[must_use]
    pub fn round_half_up(amount: f64, decimals: u32) -> Option<Self> {
        Money::round(amount, decimals, Rounding::HalfUp)
    }

    /// A whole minor unit next to the exact value of the double, as `rounding` says.
    ///
    /// None when `amount` is not finite, does not fit, or `decimals` exceeds [`MAX_DECIMALS`].
    #[must_use]
    pub fn round(amount: f64, decimals: u32, rounding: Rounding) -> Option<Self> {
        if !amount.is_finite() || decimals > MAX_DECIMALS {
            return None;
        }
        // |amount| = significand · 2^exponent, so |amount| · 10^decimals is an integer times a power of two.
        let bits = amount.to_bits();
        let biased = (bits >> 52 & 0x7ff) as i32;
        let fraction = bits & ((1 << 52) - 1);
        let (significand, exponent) = if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) };
        let scaled = u128::from(significand) * 10u128.pow(decimals); // below 2^73
        let units = match exponent {
            0..=54 => scaled << exponent,
            55.. => return None, // |amount| ≥ 2^107
            // Below 2^73 · 2^-121 only this matters: more than nothing, and less than a half.
            _ => rounding.divide(if exponent < -120 { scaled.min(1) } else { scaled }, 1 << (-exponent).min(120)),
        };
        let units = i64::try_from(units).ok()?;
        Some(Money { minor: if amount < 0.0 { -units } else { units }, decimals })
    }

    /// Whole minor units, for example cents.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// Decimals of the currency, for example 2.
    #[must_use]
    pub const fn decimals(self) -> u32 {
        self.decimals
    }

    /// The same amount as a decimal number.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.minor, self.decimals)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.decimal())
    }
}

impl FromStr for Money {
    type Err = Error;

    /// Reads what [`Money`] displays: optional minus, digits, and a point with up to [`MAX_DECIMALS`] digits.
    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = || Error::data(Problem::new("an amount of money was expected", "write it as text, for example 1234.50"));
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        if whole.is_empty() || part.is_empty() || !whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(bad());
        }
        let value: Decimal = text.parse().map_err(|_| bad())?;
        let minor = i64::try_from(value.mantissa()).map_err(|_| bad())?;
        Money::new(minor, value.scale()).ok_or_else(bad)
    }
}

impl Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::RoundingStrategy;

    use super::*;

    fn text(amount: f64, decimals: u32) -> Option<String> {
        Money::round_half_up(amount, decimals).map(|m| m.to_string())
    }

    #[test]
    fn halves_of_the_exact_value_go_away_from_zero() {
        for (amount, decimals, want) in [
            (0.125, 2, "0.13"),
            (-0.125, 2, "-0.13"),
            (2.675, 2, "2.67"),
            (1.115, 2, "1.11"), // stored as 1.11499999999999999…, though 1.115 * 100.0 rounds to 111.5
            (0.5, 0, "1"),
            (-1e-320, 2, "0.00"),
            (8884.878678, 2, "8884.88"),
            (100.0, 2, "100.00"),
            (0.0005, 3, "0.001"),
            (9.2e18, 0, "9200000000000000000"),
        ] {
            assert_eq!(text(amount, decimals).as_deref(), Some(want));
        }
        for (amount, decimals) in [(f64::NAN, 2), (f64::INFINITY, 2), (9.3e18, 0), (1e17, 2), (f64::MAX, 2), (1.0, 7)] {
            assert_eq!(text(amount, decimals), None);
        }
    }

    #[test]
    fn every_rounding_of_halves_and_of_almost_nothing() {
        use Rounding::{Down, HalfEven, HalfUp, Up};
        let all = |amount: f64| [HalfUp, HalfEven, Down, Up].map(|rounding| Money::round(amount, 0, rounding).unwrap().minor());
        assert_eq!(all(2.5), [3, 2, 2, 3]);
        assert_eq!(all(3.5), [4, 4, 3, 4]);
        assert_eq!(all(-2.5), [-3, -2, -2, -3]);
        assert_eq!(all(2.25), [2, 2, 2, 3]);
        assert_eq!(all(7.0), [7; 4]);
        assert_eq!(all(1e-320), [0, 0, 0, 1]);
        assert_eq!(all(0.0), [0; 4]);
    }

    #[test]
    fn text_is_read_exactly_or_refused() {
        for good in ["0.00", "-12.30", "8884.88", "7", "92233720368547758.07"] {
            assert_eq!(good.parse::<Money>().unwrap().to_string(), good);
            assert_eq!(serde_json::from_str::<Money>(&format!("\"{good}\"")).unwrap().to_string(), good);
        }
        for bad in ["", "-", ".5", "5.", "1e3", "1_000", "+1", " 1", "92233720368547758.08", "0.1234567"] {
            assert!(bad.parse::<Money>().is_err(), "{bad}");
        }
        assert!(serde_json::from_str::<Money>("8884.88").is_err(), "a binary number is not an amount");
    }

    proptest! {
        #[test]
        fn rounding_agrees_with_decimal_arithmetic(whole in -1_000_000_000i64..1_000_000_000, shift in 0u32..24, decimals in 0u32..5) {
            // A double with few fraction bits is a finite decimal, which the decimal library rounds exactly.
            let amount = whole as f64 / f64::from(1u32 << shift);
            let exact = Decimal::from(whole) / Decimal::from(1u32 << shift);
            prop_assume!(exact.to_string().len() < 26);
            let want = exact.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
            prop_assert_eq!(Money::round_half_up(amount, decimals).unwrap().decimal(), want);
        }
    }
}
