//! One cell of a record.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};

/// One cell. A missing value is data; a value of the wrong kind is an error.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Value<'a> {
    /// Nothing is known.
    #[default]
    Missing,
    /// A finite number. NaN reads as [`Value::Missing`]; an infinite number is refused.
    Number(f64),
    /// A level of a category, compared byte by byte.
    Category(&'a str),
    /// True or false.
    Flag(bool),
    /// A calendar day.
    Date(Date),
}

/// What tells rows and entities apart: a text or a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Key<'a> {
    /// Below 2⁵³ in size, so that no other number is the same double.
    Number(i64),
    Text(&'a str),
}

impl<'a> Key<'a> {
    pub(crate) fn text(self) -> Cow<'a, str> {
        match self {
            Key::Number(number) => Cow::Owned(number.to_string()),
            Key::Text(text) => Cow::Borrowed(text),
        }
    }
}

impl<'a> Value<'a> {
    /// The value as a key; `None` when it is neither text nor a whole number.
    pub(crate) fn key(self) -> Option<Key<'a>> {
        match self {
            Value::Number(x) if x == x as i64 as f64 && x.abs() < 9_007_199_254_740_992.0 => Some(Key::Number(x as i64)),
            Value::Category(text) => Some(Key::Text(text)),
            _ => None,
        }
    }

    /// The level of a category.
    pub(crate) fn level(self) -> Option<&'a str> {
        if let Value::Category(level) = self { Some(level) } else { None }
    }

    /// The calendar day of a date.
    pub(crate) fn date(self) -> Option<Date> {
        if let Value::Date(date) = self { Some(date) } else { None }
    }

    /// Whether a condition holds; `None` for what is missing or no flag.
    #[inline]
    #[must_use]
    pub fn as_flag(self) -> Option<bool> {
        if let Value::Flag(flag) = self { Some(flag) } else { None }
    }

    /// The number that bins compare: a number itself, 0 or 1 for a flag, days since 1970-01-01 for a
    /// date, NaN for what is missing or a level.
    #[inline]
    #[must_use]
    pub fn as_number(self) -> f64 {
        match self {
            Value::Number(x) => x,
            Value::Flag(flag) => f64::from(u8::from(flag)),
            Value::Date(date) => f64::from(date.days()),
            Value::Missing | Value::Category(_) => f64::NAN,
        }
    }
}

/// A calendar day, stored as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The day that lies `days` after 1970-01-01 (before it, when negative).
    #[must_use]
    pub const fn from_days(days: i32) -> Self {
        Date(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// Whether its year has four digits.
    #[inline]
    pub(crate) fn is_in_range(self) -> bool {
        (-719_162..=2_932_896).contains(&self.0)
    }

    /// The day itself when its year has four digits, as every day that can be read or written.
    #[inline]
    pub(crate) fn in_range(self, field: &str) -> Result<Self> {
        if self.is_in_range() {
            return Ok(self);
        }
        Err(Error::data(Problem::new("the date is out of range", "use days from 0001-01-01 to 9999-12-31").field(field)))
    }

    /// Reads `YYYY-MM-DD`.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the text is not an ISO 8601 calendar day.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = || Error::data(Problem::new("a calendar day was expected", "write it as YYYY-MM-DD"));
        if text.len() != 10 {
            return Err(bad());
        }
        let day: jiff::civil::Date = text.parse().map_err(|_| bad())?;
        let span = day.since(jiff::civil::Date::constant(1970, 1, 1)).map_err(|_| bad())?;
        Ok(Date(span.get_days()))
    }

    /// Year, month (1 to 12) and day of the month (1 to 31) in the proleptic Gregorian calendar.
    ///
    /// Counts in eras of 400 years whose years begin in March, so that the leap day comes last
    /// (H. Hinnant, "chrono-compatible low-level date algorithms").
    #[must_use]
    pub const fn year_month_day(self) -> (i32, u32, u32) {
        let days = self.0 as i64 + 719_468;
        let era = days.div_euclid(146_097);
        let day = days.rem_euclid(146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day_of_year = day - (365 * year + year / 4 - year / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let day_of_month = day_of_year - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        let january = if month <= 2 { 1 } else { 0 };
        ((era * 400 + year + january) as i32, month as u32, day_of_month as u32)
    }

    /// The same day of the month `months` earlier; the last day of a shorter month.
    ///
    /// ```
    /// use scoreline::Date;
    /// let day = |text| Date::parse(text).unwrap();
    /// assert_eq!(day("2026-03-31").months_before(1), day("2026-02-28"));
    /// assert_eq!(day("2026-01-15").months_before(14), day("2024-11-15"));
    /// ```
    #[must_use]
    pub const fn months_before(self, months: u32) -> Self {
        self.in_month(-(months as i64))
    }

    /// The same day of the month `months` later; the last day of a shorter month.
    ///
    /// ```
    /// use scoreline::Date;
    /// let day = |text| Date::parse(text).unwrap();
    /// assert_eq!(day("2026-01-31").months_after(1), day("2026-02-28"));
    /// assert_eq!(day("2026-11-15").months_after(14), day("2028-01-15"));
    /// ```
    #[must_use]
    pub const fn months_after(self, months: u32) -> Self {
        self.in_month(months as i64)
    }

    /// Whether it is the last day of its month.
    #[must_use]
    pub const fn is_end_of_month(self) -> bool {
        Date(self.0.saturating_add(1)).year_month_day().2 == 1
    }

    const fn in_month(self, shift: i64) -> Self {
        let (year, month, day) = self.year_month_day();
        let count = year as i64 * 12 + month as i64 - 1 + shift;
        let first = first_of_month(count);
        let length = first_of_month(count + 1) - first;
        let day = if (day as i64) < length { day as i64 } else { length };
        Date((first + day - 1) as i32)
    }

    fn civil(self) -> Option<jiff::civil::Date> {
        jiff::civil::Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(self.0).ok()?).ok()
    }
}

/// Days from 1970-01-01 to the first day of the month that is `count` months after January of year 0; the inverse of
/// [`Date::year_month_day`].
pub(crate) const fn first_of_month(count: i64) -> i64 {
    let (year, month) = (count.div_euclid(12), count.rem_euclid(12));
    let (march_year, march_month) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
    let (era, of_era) = (march_year.div_euclid(400), march_year.rem_euclid(400));
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * march_month + 2) / 5 - 719_468
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.civil() {
            Some(day) => write!(f, "{day}"),
            None => write!(f, "day {}", self.0),
        }
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Date::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Anything that yields the cells of one record by field index: a slice, or a binding's own row.
pub trait Row {
    /// The cell of the field with this index in the schema; [`Value::Missing`] beyond the end.
    fn value(&self, field: usize) -> Value<'_>;
}

impl Row for [Value<'_>] {
    fn value(&self, field: usize) -> Value<'_> {
        self.get(field).copied().unwrap_or_default()
    }
}

impl Row for Vec<Value<'_>> {
    fn value(&self, field: usize) -> Value<'_> {
        self.as_slice().value(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn year_month_day_is_the_calendar_of_jiff() {
        let first = jiff::civil::Date::constant(-9999, 1, 1);
        let mut day = jiff::civil::Date::constant(1600, 1, 1);
        for _ in 0..401 * 366 {
            let days = day.since(jiff::civil::Date::constant(1970, 1, 1)).unwrap().get_days();
            let (year, month, of_month) = Date::from_days(days).year_month_day();
            assert_eq!((year, month, of_month), (day.year().into(), day.month() as u32, day.day() as u32));
            day = day.tomorrow().unwrap();
        }
        let days = first.since(jiff::civil::Date::constant(1970, 1, 1)).unwrap().get_days();
        assert_eq!(Date::from_days(days).year_month_day(), (-9999, 1, 1));
        assert_eq!(Date::from_days(i32::MAX).year_month_day(), (5_881_580, 7, 11));
    }

    #[test]
    fn months_before_is_the_calendar_of_jiff() {
        let mut day = jiff::civil::Date::constant(1899, 12, 25);
        while day.year() < 2101 {
            let days = day.since(jiff::civil::Date::constant(1970, 1, 1)).unwrap().get_days();
            for months in [0u32, 1, 2, 11, 12, 13, 37, 1_200] {
                let before = day.checked_sub(jiff::Span::new().months(i64::from(months))).unwrap();
                assert_eq!(Date::from_days(days).months_before(months).to_string(), before.to_string());
                let after = day.checked_add(jiff::Span::new().months(i64::from(months))).unwrap();
                assert_eq!(Date::from_days(days).months_after(months).to_string(), after.to_string());
            }
            assert_eq!(Date::from_days(days).is_end_of_month(), day == day.last_of_month());
            day = day.checked_add(jiff::Span::new().days(13)).unwrap();
        }
    }

    #[test]
    fn dates_round_trip_and_reject_nonsense() {
        for (text, days) in [("1970-01-01", 0), ("2000-02-29", 11016), ("1969-12-31", -1), ("2026-11-21", 20778)] {
            let date = Date::parse(text).unwrap();
            assert_eq!(date.days(), days);
            assert_eq!(date.to_string(), text);
        }
        for text in ["", "2026-13-01", "2026-02-30", "21.11.2026", "2026-1-1", "2026-11-21T00"] {
            assert!(Date::parse(text).is_err());
        }
    }
}
