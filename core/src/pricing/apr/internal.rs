//! The internal rate of return, by period and by day, and its two annual figures.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::discount::{Flow, Roots, internal_rates};
use crate::data::{Date, decimal};
use crate::error::{Error, Problem, Result};
use crate::math::powi;

/// Money on a day.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatedFlow {
    /// The day.
    pub date: Date,
    /// Negative for an advance, positive for a payment.
    pub amount: f64,
}

/// The internal rates of return per period of amounts one period apart.
///
/// # Errors
/// As [`internal_rates`].
pub fn irr(amounts: &[f64]) -> Result<Roots> {
    let flows: Vec<Flow> = (0u32..).zip(amounts).map(|(time, amount)| Flow { time: f64::from(time), amount: *amount }).collect();
    internal_rates(&flows)
}

/// The internal rates of return per year of 365 days of dated amounts, compounded (XIRR of spreadsheets).
///
/// # Errors
/// As [`internal_rates`].
pub fn xirr(flows: &[DatedFlow]) -> Result<Roots> {
    let first = flows.iter().map(|flow| flow.date).min().unwrap_or(Date::from_days(0));
    let years = |date: Date| (i64::from(date.days()) - i64::from(first.days())) as f64 / 365.0;
    let flows: Vec<Flow> = flows.iter().map(|flow| Flow { time: years(flow.date), amount: flow.amount }).collect();
    internal_rates(&flows)
}

/// The annualised rate of a loan as disclosed in China: from the internal rate of return over all that the borrower pays for
/// what the borrower holds (PBoC Announcement No. 3 of 2021). A simple rate may be shown only if it is called simple.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AnnualisedRate {
    /// Internal rate of return per period.
    pub periodic: f64,
    /// Simple: `periodic` × periods per year (单利).
    pub simple: f64,
    /// Compound: (1 + `periodic`)^(periods per year) − 1 (复利).
    pub compound: f64,
}

impl fmt::Display for AnnualisedRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} % (compound, IRR), {:.2} % (simple, IRR)", 100.0 * self.compound, 100.0 * self.simple)
    }
}

/// The annualised rate of amounts one period apart, of which `frequency` make a year.
///
/// ```
/// use scoreline::pricing::annualised_irr;
/// // 12,000 in 12 instalments without interest, with a fee of 0.5 % of 12,000 each month: not 6 % but nearly twice that.
/// let mut flows = vec![-12_000.0];
/// flows.extend([1_060.0; 12]);
/// let rate = annualised_irr(&flows, 12)?;
/// assert_eq!(rate.to_string(), "11.46 % (compound, IRR), 10.90 % (simple, IRR)");
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// As [`irr`] and [`Roots::one`], and when `frequency` is not 1 … 366 or the rate does not fit.
pub fn annualised_irr(amounts: &[f64], frequency: u32) -> Result<AnnualisedRate> {
    if !(1..=366).contains(&frequency) {
        let problem = Problem::new("not a number of periods per year", "use 1 to 366, for example 12");
        return Err(Error::data(problem.field("frequency")));
    }
    let periodic = irr(amounts)?.one()?;
    let rate =
        AnnualisedRate { periodic, simple: periodic * f64::from(frequency), compound: powi(1.0 + periodic, frequency) - 1.0 };
    if !(rate.simple.is_finite() && rate.compound.is_finite()) {
        return Err(Error::data(Problem::new("the rate of a year does not fit", "correct the amounts").field("flows")));
    }
    Ok(rate)
}
