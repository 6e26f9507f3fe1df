//! Day counts: the time between two days as a fraction of a year.

use serde::{Deserialize, Serialize};

use crate::data::{Date, first_of_month};
use crate::error::{Error, Problem, Result};

/// How the time between two days becomes a fraction of a year (2006 ISDA Definitions, section 4.16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DayCount {
    /// 30/360, bond basis: months of 30 days; the 31st counts as the 30th, at the end only when the beginning does too.
    /// 4.16 (f).
    #[serde(rename = "30_360")]
    Thirty360,
    /// 30/360 as the US securities industry counts: bond basis, and the last day of February counts as the 30th.
    #[serde(rename = "30_360_us")]
    Thirty360Us,
    /// 30E/360, Eurobond basis: each 31st counts as the 30th. 4.16 (g).
    #[serde(rename = "30e_360")]
    ThirtyE360,
    /// Actual days over 365. 4.16 (d).
    #[serde(rename = "act_365f")]
    Act365F,
    /// Actual days over 360. 4.16 (e).
    #[serde(rename = "act_360")]
    Act360,
    /// Actual days, those in leap years over 366 and the others over 365. 4.16 (b).
    #[serde(rename = "act_act_isda")]
    ActActIsda,
}

impl DayCount {
    /// Days between two days as the convention counts them; actual days where it does not say otherwise.
    #[must_use]
    pub const fn days(self, from: Date, to: Date) -> i64 {
        let (y1, m1, mut d1) = from.year_month_day();
        let (y2, m2, mut d2) = to.year_month_day();
        match self {
            DayCount::Act365F | DayCount::Act360 | DayCount::ActActIsda => return to.days() as i64 - from.days() as i64,
            DayCount::ThirtyE360 => {
                if d1 == 31 {
                    d1 = 30;
                }
                if d2 == 31 {
                    d2 = 30;
                }
            }
            DayCount::Thirty360 | DayCount::Thirty360Us => {
                if matches!(self, DayCount::Thirty360Us) && m1 == 2 && from.is_end_of_month() {
                    d1 = 30;
                    if m2 == 2 && to.is_end_of_month() {
                        d2 = 30;
                    }
                }
                if d1 == 31 {
                    d1 = 30;
                }
                if d2 == 31 && d1 == 30 {
                    d2 = 30;
                }
            }
        }
        360 * (y2 as i64 - y1 as i64) + 30 * (m2 as i64 - m1 as i64) + d2 as i64 - d1 as i64
    }

    /// The fraction of a year from `from` to `to`.
    ///
    /// ```
    /// use scoreline::{Date, pricing::DayCount};
    /// let day = |text| Date::parse(text).unwrap();
    /// let half = DayCount::ActActIsda.fraction(day("2003-11-01"), day("2004-05-01")).unwrap();
    /// assert!((half - 0.497724380567).abs() < 1e-12);
    /// assert_eq!(DayCount::Thirty360.fraction(day("2006-08-20"), day("2007-02-20")).unwrap(), 0.5);
    /// ```
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when `to` lies before `from`.
    pub fn fraction(self, from: Date, to: Date) -> Result<f64> {
        if to < from {
            return Err(Error::data(Problem::new("the interval ends before it begins", "swap the dates").field("to")));
        }
        let (numerator, denominator) = self.ratio(from, to);
        Ok(numerator as f64 / denominator as f64)
    }

    /// The same fraction exactly: a whole number over another.
    pub(super) const fn ratio(self, from: Date, to: Date) -> (i64, i64) {
        let days = self.days(from, to);
        match self {
            DayCount::Act365F => (days, 365),
            DayCount::ActActIsda => {
                let leap = leap_days_before(to) - leap_days_before(from);
                (leap * 365 + (days - leap) * 366, 365 * 366)
            }
            _ => (days, 360),
        }
    }
}

/// How many days of leap years lie before `day`, counted from the year 0.
const fn leap_days_before(day: Date) -> i64 {
    let (year, _, _) = day.year_month_day();
    let year = year as i64;
    // Leap years from 0 to the year before: 0 is one.
    let before = if year > 0 { (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 + 1 } else { 0 };
    let first = first_of_month(12 * year);
    let is_leap = first_of_month(12 * (year + 1)) - first == 366;
    366 * before + if is_leap { day.days() as i64 - first } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn act_act_counts_day_by_day() {
        // Brute force over a range with a common century, a leap century and every position in the year.
        let leap = |year: i32| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let from = Date::parse("1896-02-27").unwrap();
        let (mut in_leap, mut others) = (0, 0);
        for days in from.days()..from.days() + 45_000 {
            let to = Date::from_days(days);
            assert_eq!(DayCount::ActActIsda.ratio(from, to), (in_leap * 365 + others * 366, 365 * 366));
            if leap(to.year_month_day().0) { in_leap += 1 } else { others += 1 }
        }
    }

    #[test]
    fn the_end_of_february_differs_between_the_kinds() {
        let days = |kind: DayCount, from: &str, to: &str| kind.days(Date::parse(from).unwrap(), Date::parse(to).unwrap());
        for (from, to, want) in [
            ("2007-02-28", "2007-03-31", [33, 30, 32]),
            ("2007-02-28", "2008-02-29", [361, 360, 361]),
            ("2008-02-28", "2008-03-31", [33, 33, 32]),
            ("2007-01-31", "2007-03-31", [60, 60, 60]),
            ("2007-01-30", "2007-01-31", [0, 0, 0]),
        ] {
            assert_eq!([DayCount::Thirty360, DayCount::Thirty360Us, DayCount::ThirtyE360].map(|kind| days(kind, from, to)), want);
        }
        let error = DayCount::Act360.fraction(Date::from_days(1), Date::from_days(0)).unwrap_err();
        assert_eq!(error.problems()[0].field.as_deref(), Some("to"));
    }
}
