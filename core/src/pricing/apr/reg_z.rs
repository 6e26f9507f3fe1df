//! The annual percentage rate of US Regulation Z, actuarial method (12 CFR 1026, appendix J).

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::discount::Roots;
use super::eu::{days_left, whole_months_back};
use crate::data::{Date, decimal};
use crate::error::{Error, Problem, Result};
use crate::math::{exp, find_root, powi};

/// The unit of time of a transaction: the interval between advances or payments that occurs most often (appendix J (b)(4)).
/// A single payment after m months or d days has `months` m or `days` d as its unit (appendix J (b)(5)(vi), (vii)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum UnitPeriod {
    /// So many months; 12 are a year.
    Months {
        /// At least 1.
        count: u32,
    },
    /// Half a month.
    SemiMonth,
    /// So many weeks.
    Weeks {
        /// At least 1.
        count: u32,
    },
    /// So many days.
    Days {
        /// At least 1.
        count: u32,
    },
}

impl UnitPeriod {
    /// Unit-periods per year: 12 months, 24 half months, 52 weeks or 365 days.
    #[must_use]
    pub fn per_year(self) -> f64 {
        match self {
            UnitPeriod::Months { count } => 12.0 / f64::from(count),
            UnitPeriod::SemiMonth => 24.0,
            UnitPeriod::Weeks { count } => 52.0 / f64::from(count),
            UnitPeriod::Days { count } => 365.0 / f64::from(count),
        }
    }

    /// Full unit-periods between two days and the fraction that is left, counted back from the later day
    /// (appendix J (b)(5)): odd days are thirtieths of a month, fifteenths of half a month, parts of a week; of a year, whole
    /// months are twelfths and anything else 365ths.
    ///
    /// ```
    /// use scoreline::{Date, pricing::UnitPeriod};
    /// let day = |text| Date::parse(text).unwrap();
    /// // Appendix J (c)(1)(ii): 10 February to 1 April is one month and 19 days.
    /// let (units, fraction) = UnitPeriod::Months { count: 1 }.between(day("1978-02-10"), day("1978-04-01"))?;
    /// assert_eq!((units, fraction), (1, 19.0 / 30.0));
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the count is 0 or `to` lies before `from`.
    pub fn between(self, from: Date, to: Date) -> Result<(u32, f64)> {
        let count = match self {
            UnitPeriod::Months { count } | UnitPeriod::Weeks { count } | UnitPeriod::Days { count } => count,
            UnitPeriod::SemiMonth => 1,
        };
        let days = u32::try_from(i64::from(to.days()) - i64::from(from.days()));
        let Ok(days) = days else {
            return Err(Error::data(
                Problem::new("a payment lies before the first advance", "let days not go back").field("flows"),
            ));
        };
        if count == 0 {
            return Err(Error::data(Problem::new("a unit-period of nothing", "let its count be at least 1").field("unit")));
        }
        let parts = |days: u32, length: u32| (days / length, f64::from(days % length) / f64::from(length));
        let months = whole_months_back(from, to);
        let odd = |months: u32| days_left(from, to, months);
        Ok(match self {
            UnitPeriod::Months { count: 12 } => {
                let left =
                    if odd(months) == 0 { f64::from(months % 12) / 12.0 } else { f64::from(odd(months / 12 * 12)) / 365.0 };
                (months / 12, left)
            }
            UnitPeriod::Months { count } => {
                let left = f64::from(months % count) + f64::from(odd(months)) / 30.0;
                (months / count, left / f64::from(count))
            }
            UnitPeriod::SemiMonth => {
                let (units, fraction) = parts(odd(months), 15);
                (2 * months + units, fraction)
            }
            UnitPeriod::Weeks { count } => parts(days, count.saturating_mul(7)),
            UnitPeriod::Days { count } => parts(days, count),
        })
    }
}

/// Money after full unit-periods and a fraction of one.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitFlow {
    /// Full unit-periods since the first advance, at most 100,000.
    pub units: u32,
    /// Fraction of a unit-period, in [0, 1]: the odd days of a month may be 30 of 30.
    pub fraction: f64,
    /// Negative for an advance, positive for a payment.
    pub amount: f64,
}

impl UnitFlow {
    fn time(&self) -> f64 {
        f64::from(self.units) + self.fraction
    }
}

/// The annual percentage rate, as a fraction: `per_year` times the rate i per unit-period that solves the general equation
/// Σ A/((1+e·i)(1+i)^q) = Σ P/((1+f·i)(1+i)^t) over advances A and payments P (appendix J (b)(8)).
///
/// With one change from advances to payments in the order of time the rate is the only one. Otherwise the rates are those
/// at which the equation changes its sign over 10,000 equal steps of ln(1 + i) from 0 to 15 and from 0 to −5.
///
/// ```
/// use scoreline::pricing::{UnitFlow, reg_z_apr};
/// // Appendix J (c)(1)(i): 5,000 repaid in 24 monthly payments of 230.
/// let mut flows = vec![UnitFlow { units: 0, fraction: 0.0, amount: -5000.0 }];
/// flows.extend((1..=24).map(|units| UnitFlow { units, fraction: 0.0, amount: 230.0 }));
/// assert_eq!(format!("{:.2}", 100.0 * reg_z_apr(&flows, 12.0)?), "9.69");
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) with a flow that is not finite or out of range, and as [`Roots::one`].
pub fn reg_z_apr(flows: &[UnitFlow], per_year: f64) -> Result<f64> {
    let wrong = |what: &str, remedy: &str, field: &str| Err(Error::data(Problem::new(what, remedy).field(field)));
    let fits = |flow: &UnitFlow| (0.0..=1.0).contains(&flow.fraction) && flow.units <= 100_000 && flow.amount.is_finite();
    if !flows.iter().all(fits) {
        return wrong("a time or an amount is out of range", "use finite amounts, 0 … 100,000 units and parts of one", "flows");
    }
    if !(per_year > 0.0 && per_year <= 366.0) {
        return wrong("not a number of unit-periods per year", "use 12 for months, 52 for weeks", "per_year");
    }
    let mut sorted: Vec<UnitFlow> = flows.iter().copied().filter(|flow| flow.amount != 0.0).collect();
    sorted.sort_by(|a, b| a.time().total_cmp(&b.time()));
    let mut net: Vec<f64> = Vec::new();
    let mut before = f64::NAN;
    for flow in &sorted {
        match net.last_mut() {
            Some(last) if before == flow.time() => *last += flow.amount,
            _ => net.push(flow.amount),
        }
        before = flow.time();
    }
    net.retain(|amount| *amount != 0.0);
    let changes = net.iter().zip(net.iter().skip(1)).filter(|(one, next)| (**one > 0.0) != (**next > 0.0)).count();
    Ok(per_year * Roots::new(crossings(&sorted, changes)).one()?)
}

/// The rates per unit-period at which the value of the flows changes its sign.
fn crossings(flows: &[UnitFlow], changes: usize) -> Vec<f64> {
    let steps = match changes {
        0 => return Vec::new(),
        1 => 1,
        _ => 10_000,
    };
    let size: f64 = flows.iter().map(|flow| flow.amount.abs()).sum();
    let is_zero = flows.iter().map(|flow| flow.amount).sum::<f64>().abs() <= 1e-14 * size;
    let mut found = if is_zero { vec![0.0] } else { Vec::new() };
    for end in [-5.0, 15.0] {
        for step in u32::from(is_zero)..steps {
            let place = |step: u32| end * f64::from(step) / f64::from(steps);
            let (one, next) = (place(step), place(step + 1));
            let root = find_root(one.min(next), one.max(next), 1e-16, |y| value(flows, exp(y) - 1.0, end < 0.0));
            // The end of a step is the beginning of the next.
            found.extend(root.filter(|y| *y != next || step + 1 == steps).map(|y| exp(y) - 1.0));
        }
    }
    found
}

/// The value of the flows at the rate `i` per unit-period, as of the first flow or, for rates below 0, as of the last.
fn value(flows: &[UnitFlow], i: f64, of_last: bool) -> f64 {
    let last = if of_last { flows.last().map_or(0, |flow| flow.units) } else { 0 };
    let discount = 1.0 / (1.0 + i);
    let worth = |flow: &UnitFlow| {
        let factor = if of_last { powi(1.0 + i, last.saturating_sub(flow.units)) } else { powi(discount, flow.units) };
        flow.amount * factor / (1.0 + flow.fraction * i)
    };
    flows.iter().map(worth).sum()
}

/// How far a disclosed rate may lie from the exact one (12 CFR 1026.22(a)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegZTolerance {
    /// One eighth of a percentage point.
    Regular,
    /// One quarter: multiple advances, irregular payment periods or irregular payment amounts.
    Irregular,
}

impl RegZTolerance {
    /// Whether a disclosed rate is accurate; both are fractions.
    ///
    /// ```
    /// use scoreline::pricing::RegZTolerance;
    /// assert!(RegZTolerance::Regular.allows(0.10125, 0.10) && !RegZTolerance::Regular.allows(0.1013, 0.10));
    /// assert!(RegZTolerance::Irregular.allows(0.0975, 0.10));
    /// ```
    #[must_use]
    pub fn allows(self, disclosed: f64, exact: f64) -> bool {
        let most = match self {
            RegZTolerance::Regular => 0.001_25,
            RegZTolerance::Irregular => 0.002_5,
        };
        // A billionth of a percentage point for the binary form of the rates.
        (disclosed - exact).abs() <= most + 1e-11
    }
}
