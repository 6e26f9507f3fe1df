//! The scalar functions of the language. Record and column evaluation both call these and nothing
//! else, so they agree by bits.
//!
//! A scalar carries its own marker of missing: NaN for numbers, [`i32::MIN`] for days, [`UNKNOWN`] for
//! flags, `None` for levels. NaN and infinity never leave a numeric kernel as a value.

use crate::data::{Date, Value};
use crate::math;

/// A false flag in a block.
pub const FALSE: u8 = 0;
/// A true flag in a block.
pub const TRUE: u8 = 1;
/// A missing flag in a block: the third truth value.
pub const UNKNOWN: u8 = 2;
/// A missing day in a block.
pub const NO_DAY: i32 = i32::MIN;

/// A scalar that knows whether it is missing.
pub(super) trait Cell<'v>: Copy + PartialEq + PartialOrd {
    const MISSING: Self;
    fn is_missing(self) -> bool;
    /// The scalar in `value`; missing when `value` is of another kind or cannot be represented.
    fn read(value: Value<'v>) -> Self;
    fn value(self) -> Value<'v>;
}

impl<'v> Cell<'v> for f64 {
    const MISSING: Self = f64::NAN;
    #[inline(always)]
    fn is_missing(self) -> bool {
        self.is_nan()
    }
    #[inline(always)]
    fn read(value: Value<'v>) -> Self {
        match value {
            Value::Number(x) => finite(x),
            _ => Self::MISSING,
        }
    }
    #[inline(always)]
    fn value(self) -> Value<'v> {
        if self.is_nan() { Value::Missing } else { Value::Number(self) }
    }
}

impl<'v> Cell<'v> for i32 {
    const MISSING: Self = NO_DAY;
    #[inline(always)]
    fn is_missing(self) -> bool {
        self == NO_DAY
    }
    #[inline(always)]
    fn read(value: Value<'v>) -> Self {
        match value {
            Value::Date(day) => day.days(),
            _ => Self::MISSING,
        }
    }
    #[inline(always)]
    fn value(self) -> Value<'v> {
        if self == NO_DAY { Value::Missing } else { Value::Date(Date::from_days(self)) }
    }
}

impl<'v> Cell<'v> for u8 {
    const MISSING: Self = UNKNOWN;
    #[inline(always)]
    fn is_missing(self) -> bool {
        self >= UNKNOWN
    }
    #[inline(always)]
    fn read(value: Value<'v>) -> Self {
        match value {
            Value::Flag(flag) => u8::from(flag),
            _ => Self::MISSING,
        }
    }
    #[inline(always)]
    fn value(self) -> Value<'v> {
        if self >= UNKNOWN { Value::Missing } else { Value::Flag(self == TRUE) }
    }
}

impl<'v> Cell<'v> for Option<&'v str> {
    const MISSING: Self = None;
    #[inline(always)]
    fn is_missing(self) -> bool {
        self.is_none()
    }
    #[inline(always)]
    fn read(value: Value<'v>) -> Self {
        match value {
            Value::Category(level) => Some(level),
            _ => Self::MISSING,
        }
    }
    #[inline(always)]
    fn value(self) -> Value<'v> {
        self.map_or(Value::Missing, Value::Category)
    }
}

/// `x`, or missing when it is not finite.
#[inline(always)]
pub(super) fn finite(x: f64) -> f64 {
    if x.is_finite() { x } else { f64::NAN }
}

#[inline(always)]
pub(super) fn add(a: f64, b: f64) -> f64 {
    finite(a + b)
}
#[inline(always)]
pub(super) fn subtract(a: f64, b: f64) -> f64 {
    finite(a - b)
}
#[inline(always)]
pub(super) fn multiply(a: f64, b: f64) -> f64 {
    finite(a * b)
}
#[inline(always)]
pub(super) fn divide(a: f64, b: f64) -> f64 {
    finite(a / b)
}
#[inline(always)]
pub(super) fn negate(x: f64) -> f64 {
    -x
}
#[inline(always)]
pub(super) fn abs(x: f64) -> f64 {
    x.abs()
}
#[inline(always)]
pub(super) fn sqrt(x: f64) -> f64 {
    x.sqrt()
}
#[inline(always)]
pub(super) fn ln(x: f64) -> f64 {
    finite(math::ln(x))
}
#[inline(always)]
pub(super) fn exp(x: f64) -> f64 {
    finite(math::exp(x))
}
#[inline(always)]
pub(super) fn floor(x: f64) -> f64 {
    x.floor()
}
#[inline(always)]
pub(super) fn ceil(x: f64) -> f64 {
    x.ceil()
}
/// To the nearest integer, halves away from zero.
#[inline(always)]
pub(super) fn round(x: f64) -> f64 {
    x.round()
}

/// 0 and 1 as they are, anything else the third truth value.
#[inline(always)]
pub(super) fn known(flag: u8) -> u8 {
    flag.min(UNKNOWN)
}
#[inline(always)]
pub(super) fn not(a: u8) -> u8 {
    if a == UNKNOWN { UNKNOWN } else { 1 - a }
}
#[inline(always)]
pub(super) fn and(a: u8, b: u8) -> u8 {
    if (a == FALSE) | (b == FALSE) { FALSE } else { a.max(b) }
}
#[inline(always)]
pub(super) fn or(a: u8, b: u8) -> u8 {
    if (a == TRUE) | (b == TRUE) { TRUE } else { a.max(b) }
}
#[inline(always)]
pub(super) fn is_true(a: u8) -> u8 {
    u8::from(a == TRUE)
}
#[inline(always)]
pub(super) fn is_false(a: u8) -> u8 {
    u8::from(a == FALSE)
}
#[inline(always)]
pub(super) fn is_missing<'v, T: Cell<'v>>(a: T) -> u8 {
    u8::from(a.is_missing())
}

#[inline(always)]
fn truth<'v, T: Cell<'v>>(a: T, b: T, holds: bool) -> u8 {
    if a.is_missing() | b.is_missing() { UNKNOWN } else { u8::from(holds) }
}
#[inline(always)]
pub(super) fn equal<'v, T: Cell<'v>>(a: T, b: T) -> u8 {
    truth(a, b, a == b)
}
#[inline(always)]
pub(super) fn unequal<'v, T: Cell<'v>>(a: T, b: T) -> u8 {
    truth(a, b, a != b)
}
#[inline(always)]
pub(super) fn less<'v, T: Cell<'v>>(a: T, b: T) -> u8 {
    truth(a, b, a < b)
}
#[inline(always)]
pub(super) fn at_most<'v, T: Cell<'v>>(a: T, b: T) -> u8 {
    truth(a, b, a <= b)
}
#[inline(always)]
pub(super) fn greater<'v, T: Cell<'v>>(a: T, b: T) -> u8 {
    truth(a, b, a > b)
}
#[inline(always)]
pub(super) fn at_least<'v, T: Cell<'v>>(a: T, b: T) -> u8 {
    truth(a, b, a >= b)
}
/// `x >= low AND x <= high`, so that one known bound can settle it.
#[inline(always)]
pub(super) fn between<'v, T: Cell<'v>>(x: T, low: T, high: T) -> u8 {
    and(at_least(x, low), at_most(x, high))
}

/// `a`, or `b` when `a` is missing.
#[inline(always)]
pub(super) fn coalesce<'v, T: Cell<'v>>(a: T, b: T) -> T {
    if a.is_missing() { b } else { a }
}
/// The lesser of those that are present; `a` when they are equal.
#[inline(always)]
pub(super) fn least<'v, T: Cell<'v>>(a: T, b: T) -> T {
    if a.is_missing() | (b < a) & !b.is_missing() { b } else { a }
}
/// The greater of those that are present; `a` when they are equal.
#[inline(always)]
pub(super) fn greatest<'v, T: Cell<'v>>(a: T, b: T) -> T {
    if a.is_missing() | (b > a) & !b.is_missing() { b } else { a }
}
/// `chosen` when `condition` is true, `other` when it is false or missing.
#[inline(always)]
pub(super) fn select<T: Copy>(other: T, condition: u8, chosen: T) -> T {
    if condition == TRUE { chosen } else { other }
}

#[inline(always)]
pub(super) fn days_between(from: i32, to: i32) -> f64 {
    if from.is_missing() | to.is_missing() { f64::NAN } else { (i64::from(to) - i64::from(from)) as f64 }
}
/// Completed months: a month is complete when its day of the month is reached; towards zero when `to` is earlier.
#[inline(always)]
pub(crate) fn months_between(from: i32, to: i32) -> f64 {
    let months = |days| {
        let (year, month, day) = Date::from_days(days).year_month_day();
        (i64::from(year) * 12 + i64::from(month)) * 32 + i64::from(day)
    };
    if from.is_missing() | to.is_missing() { f64::NAN } else { ((months(to) - months(from)) / 32) as f64 }
}
#[inline(always)]
pub(super) fn year(day: i32) -> f64 {
    if day.is_missing() { f64::NAN } else { f64::from(Date::from_days(day).year_month_day().0) }
}
#[inline(always)]
pub(super) fn month(day: i32) -> f64 {
    if day.is_missing() { f64::NAN } else { f64::from(Date::from_days(day).year_month_day().1) }
}
