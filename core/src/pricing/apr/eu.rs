//! The annual percentage rate of charge of the European directives on credit.

use serde::{Deserialize, Serialize};

use super::discount::{Flow, internal_rates};
use crate::data::Date;
use crate::error::{Error, Problem, Result};
use crate::pricing::money::Money;

/// How the time between two days becomes years (Directive 2008/48/EC Annex I, remark (c); Directive 2014/17/EU Annex I).
///
/// The bases give different rates for the same days, so the choice is always stated. Equal months are the rule of the
/// directive for monthly schedules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeBase {
    /// Actual days over 365.
    Days365,
    /// Actual days over 366, in a leap year.
    Days366,
    /// Weeks over 52.
    Weeks52,
    /// Whole months, counted back from the later day, over 12; days that are left over 365, which is 30.41666… to a month.
    EqualMonths,
}

impl TimeBase {
    /// Years from `from` to `to`; negative when `to` lies before.
    #[must_use]
    pub fn years(self, from: Date, to: Date) -> f64 {
        if to < from {
            return -self.years(to, from);
        }
        let days = f64::from(to.days()) - f64::from(from.days());
        match self {
            TimeBase::Days365 => days / 365.0,
            TimeBase::Days366 => days / 366.0,
            TimeBase::Weeks52 => days / 364.0,
            TimeBase::EqualMonths => {
                let months = whole_months_back(from, to);
                f64::from(months) / 12.0 + f64::from(days_left(from, to, months)) / 365.0
            }
        }
    }
}

/// How many whole months can be counted back from `to` without passing `from`, which is not after it. From 31 January to
/// the last day of February is a month, as is from one due day at the end of a month to the next.
pub(super) fn whole_months_back(from: Date, to: Date) -> u32 {
    let ((y1, m1, _), (y2, m2, _)) = (from.year_month_day(), to.year_month_day());
    let between = (i64::from(y2) - i64::from(y1)) * 12 + i64::from(m2) - i64::from(m1);
    let months = u32::try_from(between).unwrap_or(0);
    let passes = to.months_before(months) < from && from.months_after(months) > to;
    if passes { months.saturating_sub(1) } else { months }
}

/// The days between `from` and the day that lies `months` before `to`.
pub(super) fn days_left(from: Date, to: Date, months: u32) -> u32 {
    let days = i64::from(to.months_before(months).days()) - i64::from(from.days());
    u32::try_from(days).unwrap_or(0)
}

/// An annual percentage rate of charge.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct EuRate {
    /// The rate, a fraction per year.
    pub rate: f64,
    /// What is disclosed: percent to one decimal, halves up (remark (d)).
    pub percent: f64,
}

/// The annual percentage rate of charge X of Σ C/(1+X)^t = Σ D/(1+X)^s over advances C and payments D (Directive
/// 2008/48/EC Annex I; Directive 2014/17/EU Annex I); `flows` are in years.
///
/// ```
/// use scoreline::{Date, pricing::{Flow, TimeBase, eu_apr}};
/// let day = |text| Date::parse(text).unwrap();
/// let years = TimeBase::Days365.years(day("1994-01-01"), day("1995-07-01"));
/// let found = eu_apr(&[Flow { time: 0.0, amount: -1000.0 }, Flow { time: years, amount: 1200.0 }])?;
/// assert_eq!(found.percent, 13.0); // 12.96 %
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// As [`internal_rates`] and [`Roots::one`](super::Roots::one).
pub fn eu_apr(flows: &[Flow]) -> Result<EuRate> {
    let rate = internal_rates(flows)?.one()?;
    let tenths = Money::round_half_up(100.0 * rate, 1);
    let too_high = || Error::data(Problem::new("the rate does not fit", "correct the amounts or the times").field("flows"));
    Ok(EuRate { rate, percent: tenths.ok_or_else(too_high)?.minor() as f64 / 10.0 })
}
