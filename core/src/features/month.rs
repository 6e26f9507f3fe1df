//! Calendar months and sums by month.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::data::{Date, first_of_month};
use crate::error::{Error, Problem, Result};
use crate::stats::ExactSum;

/// The largest size of an amount in a series: sums of squares of such amounts stay far from the end of a double.
pub const MAX_AMOUNT: f64 = 1e15;

/// The most months of a series: a hundred years.
pub const MAX_MONTHS: usize = 1_200;

/// A calendar month, written `2026-03`.
///
/// ```
/// use scoreline::{Date, features::Month};
/// let march = Month::of(Date::parse("2026-03-17")?);
/// assert_eq!(march.to_string(), "2026-03");
/// assert_eq!(march.after(-3), Month::parse("2025-12")?);
/// assert_eq!(march.first_day(), Date::parse("2026-03-01")?);
/// assert_eq!(march.last_day(), Date::parse("2026-03-31")?);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// The month of a day.
    #[must_use]
    pub const fn of(day: Date) -> Self {
        let (year, month, _) = day.year_month_day();
        Month(year * 12 + month as i32 - 1)
    }

    /// Reads `YYYY-MM`.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the text is not a month.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = |_| Error::data(Problem::new("a calendar month was expected", "write it as YYYY-MM"));
        Date::parse(&format!("{text}-01")).map(Month::of).map_err(bad)
    }

    /// The month that lies `months` later (earlier, when negative).
    #[must_use]
    pub const fn after(self, months: i32) -> Self {
        Month(self.0.saturating_add(months))
    }

    /// Months from `other` to this one; negative when this one is earlier.
    #[must_use]
    pub const fn since(self, other: Month) -> i32 {
        self.0.saturating_sub(other.0)
    }

    /// The calendar month, 1 to 12.
    #[must_use]
    pub const fn calendar(self) -> u32 {
        self.0.rem_euclid(12) as u32 + 1
    }

    /// The first day.
    #[must_use]
    pub const fn first_day(self) -> Date {
        let days = first_of_month(self.0 as i64);
        Date::from_days(if days > i32::MAX as i64 {
            i32::MAX
        } else if days < i32::MIN as i64 {
            i32::MIN
        } else {
            days as i32
        })
    }

    /// The last day.
    #[must_use]
    pub const fn last_day(self) -> Date {
        Date::from_days(self.after(1).first_day().days().saturating_sub(1))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.calendar())
    }
}

impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Month::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// One amount a month, in order and without gaps.
///
/// ```
/// use scoreline::{Date, features::{Month, MonthlySeries}};
/// let flows = [(Date::parse("2026-01-31")?, 40.0), (Date::parse("2026-03-01")?, 5.0), (Date::parse("2026-01-02")?, 2.0)];
/// let series = MonthlySeries::sum(flows, Month::parse("2026-01")?, Month::parse("2026-03")?)?;
/// assert_eq!(series.values, [42.0, 0.0, 5.0]);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthlySeries {
    /// Month of the first value.
    pub start: Month,
    /// One amount a month, in the currency of the caller; at most 10¹⁵ in size.
    pub values: Vec<f64>,
}

impl MonthlySeries {
    /// A series that begins in `start`.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with the row of the first amount that is missing or beyond 10¹⁵,
    /// and when there are more than 1,200 months.
    pub fn new(start: Month, values: Vec<f64>) -> Result<Self> {
        check_amounts("values", values.iter().copied())?;
        check_months("values", values.len())?;
        Ok(MonthlySeries { start, values })
    }

    /// Sums dated amounts by month, from `from` to `to`, both included; amounts outside are left out and a month without any is 0.
    /// The order of the flows does not matter.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with the row of the first amount that is missing or beyond 10¹⁵, when
    /// `to` is before `from`, and when there are more than 1,200 months.
    pub fn sum(flows: impl IntoIterator<Item = (Date, f64)>, from: Month, to: Month) -> Result<Self> {
        let months = usize::try_from(i64::from(to.since(from)) + 1).unwrap_or(0);
        if months == 0 {
            let problem = Problem::new("the last month lies before the first", "pass the earlier month first");
            return Err(Error::data(problem.field("to")));
        }
        check_months("to", months)?;
        let mut sums = vec![ExactSum::default(); months];
        for (row, (day, amount)) in flows.into_iter().enumerate() {
            check_amount("amount", row, amount)?;
            let at = usize::try_from(Month::of(day).since(from)).ok();
            if let Some(sum) = at.and_then(|at| sums.get_mut(at)) {
                sum.add(amount);
            }
        }
        MonthlySeries::new(from, sums.iter().map(ExactSum::value).collect())
    }

    /// The month of the value at `index`.
    #[must_use]
    pub fn month(&self, index: usize) -> Month {
        self.start.after(i32::try_from(index).unwrap_or(i32::MAX))
    }
}

/// Refuses what is not a number of usable size.
pub(super) fn check_amount(field: &str, row: usize, amount: f64) -> Result<()> {
    if amount.abs() <= MAX_AMOUNT {
        return Ok(());
    }
    let problem = Problem::new("an amount of at most 10^15 in size was expected", "leave the row out, or correct the amount");
    Err(Error::data(problem.field(field).row(row)))
}

pub(super) fn check_amounts(field: &str, amounts: impl IntoIterator<Item = f64>) -> Result<()> {
    amounts.into_iter().enumerate().try_for_each(|(row, amount)| check_amount(field, row, amount))
}

fn check_months(field: &str, months: usize) -> Result<()> {
    if months <= MAX_MONTHS {
        return Ok(());
    }
    Err(Error::data(Problem::new("there are more than 1,200 months", "pass the latest years").field(field)))
}

/// The mean, exact before it is rounded; 0 of nothing.
pub(super) fn mean(values: &[f64]) -> f64 {
    total(values.iter().copied()) / (values.len().max(1)) as f64
}

/// The sum, rounded once.
pub(super) fn total(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sum = ExactSum::default();
    values.into_iter().for_each(|value| sum.add(value));
    sum.value()
}

/// The sum of squared differences from `centre`, rounded once.
pub(super) fn squares(values: &[f64], centre: f64) -> f64 {
    total(values.iter().map(|value| (value - centre) * (value - centre)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_and_last_days_are_those_of_the_calendar() {
        let mut day = Date::parse("1899-12-31").unwrap();
        let end = Date::parse("2101-01-01").unwrap();
        while day < end {
            let next = Date::from_days(day.days() + 1);
            let (month, (_, calendar, of_month)) = (Month::of(day), day.year_month_day());
            assert_eq!(month.calendar(), calendar);
            assert_eq!(month.first_day().days(), day.days() - of_month as i32 + 1);
            assert_eq!(month.last_day() == day, next.year_month_day().2 == 1);
            assert_eq!(Month::parse(&month.to_string()).unwrap(), month);
            day = next;
        }
        for days in [i32::MIN, i32::MAX] {
            let month = Month::of(Date::from_days(days));
            assert!(month.first_day() <= month.last_day());
        }
    }

    #[test]
    fn wrong_months_and_amounts_are_refused_by_row() {
        for text in ["", "2026-13", "2026", "2026-03-01", "26-03"] {
            assert!(Month::parse(text).is_err());
        }
        let (from, to) = (Month::parse("2026-01").unwrap(), Month::parse("2026-02").unwrap());
        for wrong in [f64::NAN, f64::INFINITY, -1e16] {
            let error = MonthlySeries::sum([(from.first_day(), 1.0), (from.first_day(), wrong)], from, to).unwrap_err();
            assert_eq!(error.problems()[0].row, Some(1));
        }
        assert!(MonthlySeries::sum([], to, from).is_err());
        assert!(MonthlySeries::sum([], from, from.after(1_200)).is_err());
    }
}
