//! When payments fall due.

use serde::{Deserialize, Serialize};

use super::day_count::DayCount;
use crate::data::Date;
use crate::error::Problems;

/// The days of a loan. Without a calendar a schedule has numbers only, and every period is as long as the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// The day of the first drawdown.
    pub start: Date,
    /// The days on which payments fall due.
    #[serde(default)]
    pub due: DueDays,
    /// Interest by days between due days; without it every period bears the rate over the payments per year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_count: Option<DayCount>,
}

/// The days on which payments fall due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum DueDays {
    /// Every period after the first: months keep the day of the first due day, or the last day of a shorter month;
    /// weeks keep the weekday.
    Roll {
        /// The first due day; one period after the start if none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        first: Option<Date>,
        /// Whether every payment falls due on the last day of its month when the first does.
        #[serde(default)]
        end_of_month: bool,
    },
    /// Days as they are: one for each payment, rising.
    Dates {
        /// The due days.
        days: Vec<Date>,
    },
}

impl Default for DueDays {
    fn default() -> Self {
        DueDays::Roll { first: None, end_of_month: false }
    }
}

/// One period of a loan with this many payments per year.
#[derive(Debug, Clone, Copy)]
enum Step {
    Months(u32),
    Days(i32),
}

/// The period of so many payments per year; none for a number that divides neither 12 months nor 52 weeks.
fn step(frequency: u32) -> Option<Step> {
    match frequency {
        1 | 2 | 3 | 4 | 6 | 12 => Some(Step::Months(12 / frequency)),
        13 | 26 | 52 => Some(Step::Days(7 * (52 / frequency) as i32)),
        _ => None,
    }
}

pub(super) fn is_frequency(frequency: u32) -> bool {
    step(frequency).is_some()
}

impl Calendar {
    /// The due days of `periods` payments, of which `frequency` fall in a year.
    pub(super) fn due_days(&self, periods: u32, frequency: u32) -> Vec<Date> {
        let (first, end_of_month) = match &self.due {
            DueDays::Dates { days } => return days.clone(),
            DueDays::Roll { first, end_of_month } => (first, *end_of_month),
        };
        let Some(step) = step(frequency) else { return Vec::new() };
        let at = |from: Date, count: u32| match step {
            Step::Months(months) => from.months_after(months * count),
            Step::Days(days) => Date::from_days(from.days().saturating_add(days * count as i32)),
        };
        // From the start, so that 31 January is followed by 28 February and 31 March.
        let (anchor, skipped) = first.map_or((self.start, 1), |first| (first, 0));
        let last_day = end_of_month && matches!(step, Step::Months(_)) && anchor.is_end_of_month();
        let days = (skipped..periods + skipped).map(|count| at(anchor, count));
        days.map(|day| if last_day { end_of(day) } else { day }).collect()
    }

    pub(super) fn check(&self, periods: u32, frequency: u32, problems: &mut Problems) {
        if let DueDays::Dates { days } = &self.due {
            let count = "one due day for each payment is needed";
            problems.require(days.len() == periods as usize, "calendar.due.days", count, "list as many days as periods");
            let what = "the interest of irregular periods needs a day count";
            problems.require(self.day_count.is_some(), "calendar.day_count", what, "name one, for example `act_365f`");
        }
        let days = self.due_days(periods, frequency);
        let rising = days.iter().zip(days.iter().skip(1)).all(|(one, next)| one < next);
        let after = days.first().is_none_or(|first| *first > self.start);
        problems.require(rising && after, "calendar.due", "the days are out of order", "let them rise, all after `start`");
        let known = self.start.is_in_range() && days.last().is_none_or(|day| day.is_in_range());
        problems.require(known, "calendar", "a day is out of range", "use days from 0001-01-01 to 9999-12-31");
    }
}

/// The last day of the month of `day`.
fn end_of(day: Date) -> Date {
    let (year, month, _) = day.year_month_day();
    let next = crate::data::first_of_month(i64::from(year) * 12 + i64::from(month));
    Date::from_days((next - 1) as i32)
}
