//! Upper bounds of a rate, for margins of conservatism.

use serde::{Deserialize, Serialize};

use crate::math::{beta_inv, norm_inv};

/// What a margin of conservatism is for (EBA/GL/2017/16, section 4.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarginCategory {
    /// A: deficiencies of data and methods.
    Data,
    /// B: changes in standards, appetite or processes that make the past less telling.
    Change,
    /// C: the general error of an estimate from a finite sample.
    Estimation,
}

/// How the upper bound of a rate is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpperBound {
    /// rate + z √(rate (1 − rate) / rows).
    Normal,
    /// Clopper & Pearson (1934): the rate at which so few events have probability 1 − confidence.
    Exact,
    /// The quantile of the beta distribution that Jeffreys' prior leads to; between the two others.
    #[default]
    Jeffreys,
}

impl UpperBound {
    /// The one-sided upper bound of the rate behind `events` of `rows`, at `confidence` in (0, 1). Fractions of rows are
    /// allowed. 1 when every row is an event and the method has no smaller answer; NaN for no rows.
    ///
    /// ```
    /// use scoreline::model::UpperBound;
    /// assert!((UpperBound::Exact.of(100.0, 5_000.0, 0.9) - 0.022782672393).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn of(self, events: f64, rows: f64, confidence: f64) -> f64 {
        if !(rows > 0.0 && (0.0..=rows).contains(&events)) {
            return f64::NAN;
        }
        match self {
            UpperBound::Normal => {
                let rate = events / rows;
                (rate + norm_inv(confidence) * (rate * (1.0 - rate) / rows).sqrt()).clamp(0.0, 1.0)
            }
            UpperBound::Exact if events == rows => 1.0,
            UpperBound::Exact => beta_inv(confidence, events + 1.0, rows - events),
            UpperBound::Jeffreys => beta_inv(confidence, events + 0.5, rows - events + 0.5),
        }
    }
}
