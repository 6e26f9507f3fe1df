//! How far and how often a price may move.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use crate::data::{Date, decimal};
use crate::error::{Error, Problem, Problems, Result};

/// Limits on the price of a customer between two decisions. In order of precedence: the cap, what the hurdle needs and the floor,
/// the limits on changes. A cap below what is needed is no legal price; nothing is repriced in silence.
///
/// ```
/// use scoreline::Date;
/// use scoreline::pricing::{GuardBound, Guarded, PastPrice, PriceGuard};
/// let guard = PriceGuard { max_step: Some(0.02), max_yearly: Some(0.03), floor: 0.05 };
/// let past = [PastPrice { from: Date::parse("2026-01-01")?, rate: 0.10 }];
/// let quote = |target, needed| guard.quote(target, needed, Some(0.24), &past, Date::parse("2026-11-21")?);
/// assert_eq!(quote(0.135, 0.06)?, Guarded::Quote { rate: 0.10 + 0.02, bound: GuardBound::Step });
/// assert_eq!(quote(0.09, 0.125)?, Guarded::Quote { rate: 0.125, bound: GuardBound::Hurdle });
/// assert_eq!(quote(0.30, 0.25)?, Guarded::NoLegalPrice { needed: 0.25, cap: 0.24 });
/// # Ok::<(), scoreline::Error>(())
/// ```
#[apply(f64 => #[serde(deserialize_with = "decimal")], Option<f64> => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PriceGuard {
    /// Largest difference to the price before, above 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_step: Option<f64>,
    /// Largest difference to any price of the 365 days before, above 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_yearly: Option<f64>,
    /// Least rate.
    pub floor: f64,
}

/// A price that a customer had.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PastPrice {
    /// First day of it.
    pub from: Date,
    /// The rate per year.
    pub rate: f64,
}

/// A price within the limits, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Guarded {
    /// A price.
    Quote {
        /// The rate per year.
        rate: f64,
        /// What set it.
        bound: GuardBound,
    },
    /// What is needed lies above the cap.
    NoLegalPrice {
        /// The least rate that the hurdle or the floor needs.
        needed: f64,
        /// The cap.
        cap: f64,
    },
}

/// What set a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardBound {
    /// The price asked for.
    Target,
    /// The largest change at once.
    Step,
    /// The largest change within a year.
    Yearly,
    /// The floor.
    Floor,
    /// What the hurdle needs.
    Hurdle,
    /// The cap.
    Cap,
}

impl PriceGuard {
    /// Checks the limits.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        for (place, limit) in [("guard.max_step", self.max_step), ("guard.max_yearly", self.max_yearly)] {
            let usable = limit.is_none_or(|limit| limit > 0.0 && limit <= 10.0);
            problems.require(usable, place, "must lie in (0, 10]", "write a fraction per year, not percent");
        }
        let floor = (0.0..=10.0).contains(&self.floor);
        problems.require(floor, "guard.floor", "must lie in [0, 10]", "write a fraction per year, not percent");
        problems.into_result()
    }

    /// The price nearest to `target` within all limits. `needed` is what the hurdle needs; `past` are the prices so far, by rising
    /// first day, none for a new customer.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`PriceGuard::validate`];
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when a rate is not finite, or the past prices are not in order before `today`.
    pub fn quote(&self, target: f64, needed: f64, cap: Option<f64>, past: &[PastPrice], today: Date) -> Result<Guarded> {
        self.validate()?;
        let rates = [("target", target), ("needed", needed), ("cap", cap.unwrap_or(0.0))];
        for (field, rate) in rates.into_iter().chain(past.iter().map(|price| ("past", price.rate))) {
            if !rate.is_finite() {
                return Err(Error::data(Problem::new("a finite rate was expected", "pass a fraction per year").field(field)));
            }
        }
        let order = past.windows(2).all(|pair| pair[0].from < pair[1].from) && past.last().is_none_or(|last| last.from <= today);
        if !order {
            let problem = Problem::new("the past prices are not in the order of their days, up to today", "sort them");
            return Err(Error::data(problem.field("past")));
        }
        let mut rate = target;
        let mut bound = GuardBound::Target;
        let mut within = |low: f64, high: f64, by: GuardBound| {
            if rate < low || rate > high {
                (rate, bound) = (rate.max(low).min(high), by);
            }
        };
        if let (Some(most), false) = (self.max_yearly, past.is_empty()) {
            let year_ago = today.days().saturating_sub(365);
            // The price that held a year ago counts too, though it began before.
            let first = past.partition_point(|price| price.from.days() <= year_ago).saturating_sub(1);
            let held = || past.iter().skip(first).map(|price| price.rate);
            let (least, greatest) = (held().fold(f64::INFINITY, f64::min), held().fold(f64::NEG_INFINITY, f64::max));
            within(greatest - most, least + most, GuardBound::Yearly);
        }
        if let (Some(most), Some(last)) = (self.max_step, past.last()) {
            within(last.rate - most, last.rate + most, GuardBound::Step);
        }
        within(self.floor, f64::INFINITY, GuardBound::Floor);
        within(needed, f64::INFINITY, GuardBound::Hurdle);
        let least = needed.max(self.floor);
        match cap {
            Some(cap) if least > cap => Ok(Guarded::NoLegalPrice { needed: least, cap }),
            Some(cap) if rate > cap => Ok(Guarded::Quote { rate: cap, bound: GuardBound::Cap }),
            _ => Ok(Guarded::Quote { rate, bound }),
        }
    }
}
