//! The share of offers that is accepted at a rate.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use crate::data::decimal;
use crate::error::{Problems, Result};
use crate::math::logistic;

/// How the share of accepted offers falls with the rate.
///
/// ```
/// use scoreline::pricing::TakeUp;
/// let curve = TakeUp::Logit { intercept: 2.0, slope: -25.0 };
/// curve.validate()?;
/// assert!((curve.share(0.12) - 0.2689414214).abs() < 1e-10);
/// assert!((curve.elasticity(0.12) + 2.1931757359).abs() < 1e-10);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum TakeUp {
    /// p(r) = 1 / (1 + e^(−(intercept + slope · r))).
    Logit {
        /// Log-odds of acceptance at a rate of 0.
        intercept: f64,
        /// Change of the log-odds per unit of rate, at most 0.
        slope: f64,
    },
    /// Observed shares, linear between them; before the first and after the last as there.
    Table {
        /// By rising rate, with shares that do not rise.
        points: Vec<TakeUpPoint>,
    },
}

/// A point of [`TakeUp::Table`].
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeUpPoint {
    /// Rate per year.
    pub rate: f64,
    /// Share of offers accepted, in [0, 1].
    pub share: f64,
}

impl TakeUp {
    /// Checks the curve.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        match self {
            TakeUp::Logit { intercept, slope } => {
                problems.require(intercept.is_finite(), "take_up.intercept", "must be finite", "fit it to accepted offers");
                let falls = *slope <= 0.0 && slope.is_finite();
                problems.require(
                    falls,
                    "take_up.slope",
                    "must be at most 0",
                    "a higher rate wins no customers; look at the data",
                );
            }
            TakeUp::Table { points } => {
                problems.require(!points.is_empty(), "take_up.points", "a curve needs a point", "give rates with their shares");
                let rates = points.iter().all(|point| point.rate.is_finite() && (0.0..=1.0).contains(&point.share));
                problems.require(rates, "take_up.points", "a rate is not finite or a share outside [0, 1]", "write fractions");
                let monotone = points.windows(2).all(|pair| pair[0].rate < pair[1].rate && pair[0].share >= pair[1].share);
                problems.require(monotone, "take_up.points", "rates must rise and shares must not", "sort and smooth the points");
            }
        }
        problems.into_result()
    }

    /// The share of offers that is accepted at a rate, in [0, 1]; 0 for a table without points.
    #[must_use]
    pub fn share(&self, rate: f64) -> f64 {
        match self {
            TakeUp::Logit { intercept, slope } => logistic(intercept + slope * rate),
            TakeUp::Table { points } => match self.around(rate) {
                (Some(low), Some(high)) => low.share + (rate - low.rate) / (high.rate - low.rate) * (high.share - low.share),
                (Some(point), None) | (None, Some(point)) => point.share,
                (None, None) => points.first().map_or(0.0, |point| point.share),
            },
        }
    }

    /// Elasticity: by how many per cent the share changes when the rate rises by one per cent of itself. For the logit curve
    /// slope · r · (1 − p); at a corner of a table that of the part to its left.
    #[must_use]
    pub fn elasticity(&self, rate: f64) -> f64 {
        let share = self.share(rate);
        match self {
            TakeUp::Logit { slope, .. } => slope * rate * (1.0 - share),
            TakeUp::Table { .. } => match self.around(rate) {
                (Some(low), Some(high)) if share > 0.0 => (high.share - low.share) / (high.rate - low.rate) * rate / share,
                _ => 0.0,
            },
        }
    }

    /// The points of a table before and from a rate on.
    fn around(&self, rate: f64) -> (Option<TakeUpPoint>, Option<TakeUpPoint>) {
        let TakeUp::Table { points } = self else { return (None, None) };
        let after = points.partition_point(|point| point.rate < rate);
        (after.checked_sub(1).and_then(|at| points.get(at)).copied(), points.get(after).copied())
    }
}
