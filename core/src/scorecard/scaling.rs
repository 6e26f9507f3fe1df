//! From log-odds to score points and back.

use serde::{Deserialize, Serialize};

use crate::error::{Problems, Result};
use crate::math::{exp, ln, logistic};
use crate::model::round_significant;

/// The points scale: `score` points at `odds` non-events to one event, and `pdo` points more for each
/// doubling of the odds. A higher score is a lower risk.
///
/// factor = pdo / ln 2, offset = score − factor · ln odds (Siddiqi, *Credit Risk Scorecards*, 2006, ch. 6).
///
/// ```
/// use scoreline::scorecard::Scaling;
/// let scaling = Scaling::new(600.0, 50.0, 20.0);
/// assert!((scaling.factor() - 28.8539).abs() < 5e-5);
/// assert!((scaling.offset() - 487.123).abs() < 5e-4);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scaling {
    /// Score at `odds`; at most 10⁹ in size.
    pub score: f64,
    /// Odds non-event : event at `score`; 10⁻⁹ to 10⁹.
    pub odds: f64,
    /// Points that double the odds; 0.001 to 10⁶.
    pub pdo: f64,
    /// How the points of a bin are rounded.
    pub rounding: Rounding,
    /// Where the official PD comes from.
    pub pd_from: PdFrom,
}

/// How the points of a bin are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To whole points, half away from zero, bin by bin. The sum then differs from the unrounded score
    /// by at most half a point for each variable; [`Scorecard::facts`](super::Scorecard::facts) gives the exact bound.
    #[default]
    Integer,
    /// Not at all.
    None,
}

impl Rounding {
    /// `points` as the card stores them: without rounding to 12 significant digits.
    #[must_use]
    pub fn store(self, points: f64) -> f64 {
        match self {
            Rounding::Integer => self.apply(points),
            Rounding::None => round_significant(points),
        }
    }

    /// `points`, rounded.
    #[must_use]
    pub fn apply(self, points: f64) -> f64 {
        match self {
            // Adding zero turns a negative zero into zero.
            Rounding::Integer => points.round() + 0.0,
            Rounding::None => points,
        }
    }
}

/// Where the official PD comes from. It is one of the two, never both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PdFrom {
    /// From the unrounded logistic model.
    #[default]
    Model,
    /// From the points, through the scale.
    Points,
}

impl Default for Scaling {
    fn default() -> Self {
        Scaling::new(600.0, 50.0, 20.0)
    }
}

impl Scaling {
    /// `score` points at `odds`, doubling every `pdo` points; whole points, PD from the model.
    #[must_use]
    pub fn new(score: f64, odds: f64, pdo: f64) -> Self {
        Scaling { score, odds, pdo, rounding: Rounding::Integer, pd_from: PdFrom::Model }
    }

    /// Points for each unit of log-odds.
    #[must_use]
    pub fn factor(&self) -> f64 {
        self.pdo / ln(2.0)
    }

    /// Score at even odds.
    #[must_use]
    pub fn offset(&self) -> f64 {
        self.score - self.factor() * ln(self.odds)
    }

    /// Odds non-event : event at `score`.
    #[must_use]
    pub fn odds_at(&self, score: f64) -> f64 {
        exp((score - self.offset()) / self.factor())
    }

    /// Points at given log-odds of the event, rounded as the scale says: offset − factor · log-odds.
    #[must_use]
    pub fn points_at(&self, log_odds: f64) -> f64 {
        self.rounding.apply(self.offset() - self.factor() * log_odds)
    }

    /// Log-odds of the event at `score`.
    #[must_use]
    pub fn log_odds_at(&self, score: f64) -> f64 {
        (self.offset() - score) / self.factor()
    }

    /// Probability of the event at `score`, in [0, 1].
    #[must_use]
    pub fn pd_at(&self, score: f64) -> f64 {
        logistic(self.log_odds_at(score))
    }

    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        // Within these bounds no score and no PD can leave the range of a double.
        problems.require(
            self.score.abs() <= 1e9,
            "scaling.score",
            "must be a number between -10^9 and 10^9",
            "use for example 600",
        );
        problems.require(
            (1e-9..=1e9).contains(&self.odds),
            "scaling.odds",
            "must be positive, between 10^-9 and 10^9",
            "give the odds non-event : event, for example 50",
        );
        problems.require(
            (1e-3..=1e6).contains(&self.pdo),
            "scaling.pdo",
            "must be positive, between 0.001 and 1,000,000",
            "use for example 20",
        );
        problems.into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Siddiqi's ladder as retrieved: 600 at 50:1 with a PDO of 20.
    #[test]
    fn published_scaling_and_ladder() {
        let scaling = Scaling::new(600.0, 50.0, 20.0);
        assert!((scaling.factor() - 28.8539).abs() < 5e-5);
        assert!((scaling.offset() - 487.123).abs() < 5e-4);
        for (score, odds) in [(600.0, 50.0), (601.0, 51.8), (604.0, 57.4), (620.0, 100.0), (640.0, 200.0)] {
            assert!((scaling.odds_at(score) - odds).abs() < 0.05, "{score}");
        }
    }

    #[test]
    fn odds_below_one_keep_the_sign() {
        let scaling = Scaling::new(600.0, 1.0 / 60.0, 20.0);
        assert!((scaling.offset() - 718.138).abs() < 5e-3);
        assert!((Scaling::new(600.0, 60.0, 20.0).offset() - 481.86).abs() < 5e-3);
    }

    #[test]
    fn all_problems_are_listed() {
        let scaling = Scaling { score: f64::NAN, odds: 0.0, pdo: -1.0, ..Scaling::default() };
        assert_eq!(scaling.validate().unwrap_err().problems().len(), 3);
    }
}
