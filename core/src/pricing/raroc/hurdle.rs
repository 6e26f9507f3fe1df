//! Where hurdles and transfer prices come from.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use crate::data::decimal;
use crate::error::{Error, Problem, Problems, Result};

/// The hurdle of the capital asset pricing model: risk-free rate + β · equity risk premium (Crouhy, Galai and Mark, "The
/// essentials of risk management", chapter on RAROC).
///
/// ```
/// assert!((scoreline::pricing::capm_hurdle(0.025, 1.2, 0.06)? - 0.097).abs() < 1e-15);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) unless all are finite.
pub fn capm_hurdle(risk_free: f64, beta: f64, premium: f64) -> Result<f64> {
    finite("hurdle", risk_free + beta * premium)
}

/// The hurdle of equity of two kinds, common and preferred, weighted with their amounts: (CE·r_CE + PE·r_PE) / (CE + PE)
/// (Crouhy, Galai and Mark).
///
/// ```
/// assert!((scoreline::pricing::weighted_hurdle([(80.0, 0.12), (20.0, 0.07)])? - 0.11).abs() < 1e-15);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when an amount is negative, all are 0 or something is not finite.
pub fn weighted_hurdle(capital: [(f64, f64); 2]) -> Result<f64> {
    let amounts: f64 = capital.iter().map(|(amount, _)| amount).sum();
    let usable = amounts > 0.0 && capital.iter().all(|(amount, _)| *amount >= 0.0);
    let cost: f64 = capital.iter().map(|(amount, rate)| amount * rate).sum();
    finite("hurdle", if usable { cost / amounts } else { f64::NAN })
}

/// Refuses to solve a rate for a hurdle below the funding rate.
pub(super) fn above_funding(hurdle: f64, funding: f64) -> Result<()> {
    if hurdle >= funding {
        return Ok(());
    }
    let remedy = "pass the return that the capital must earn after tax, at least the funding rate";
    Err(Error::data(Problem::new("lies below the funding rate", remedy).field("hurdle")))
}

fn finite(field: &str, value: f64) -> Result<f64> {
    if value.is_finite() {
        return Ok(value);
    }
    let problem = Problem::new("finite figures were expected, and amounts of which one is above 0", "correct the figures");
    Err(Error::config(problem.field(field)))
}

/// A curve of transfer prices by term. Between points it is linear, before the first and after the last it is flat.
///
/// ```
/// use scoreline::pricing::{FtpCurve, FtpPoint};
/// let curve = FtpCurve { points: vec![FtpPoint { months: 12, rate: 0.03 }, FtpPoint { months: 36, rate: 0.034 }] };
/// curve.validate()?;
/// assert_eq!(curve.rate(6), 0.03);
/// assert!((curve.rate(24) - 0.032).abs() < 1e-15);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FtpCurve {
    /// The points, by rising term.
    pub points: Vec<FtpPoint>,
}

/// A point of an [`FtpCurve`].
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FtpPoint {
    /// Term in months.
    pub months: u32,
    /// Transfer price per year.
    pub rate: f64,
}

impl FtpCurve {
    /// Checks the points.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(!self.points.is_empty(), "ftp.points", "a curve needs a point", "give a term and its rate");
        let rising = self.points.windows(2).all(|pair| pair[0].months < pair[1].months);
        problems.require(rising, "ftp.points", "the terms must rise", "sort the points, each term once");
        let rates = self.points.iter().all(|point| (-0.5..=1.0).contains(&point.rate));
        problems.require(rates, "ftp.points", "a rate lies outside [-0.5, 1]", "write fractions per year, not percent");
        problems.into_result()
    }

    /// The transfer price of a term; 0 on a curve without points.
    #[must_use]
    pub fn rate(&self, months: u32) -> f64 {
        self.rate_at(f64::from(months))
    }

    /// The transfer price of a term in months that need not be whole: half a month for what is due within one.
    #[must_use]
    pub fn rate_at(&self, months: f64) -> f64 {
        let after = self.points.partition_point(|point| f64::from(point.months) < months);
        match (after.checked_sub(1).and_then(|at| self.points.get(at)), self.points.get(after)) {
            (Some(low), Some(high)) => {
                let part = (months - f64::from(low.months)) / f64::from(high.months - low.months);
                low.rate + part * (high.rate - low.rate)
            }
            (Some(point), None) | (None, Some(point)) => point.rate,
            (None, None) => 0.0,
        }
    }
}
