//! The points of each bin.

use serde::{Deserialize, Serialize};

use super::scaling::{Rounding, Scaling};
use crate::binning::FeatureBins;
use crate::error::{Error, Problem, Result};
use crate::model::{Logistic, round_significant};

/// A points table. The score is the sum of one entry a variable; a higher score is a lower risk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scorecard {
    /// The scale.
    pub scaling: Scaling,
    /// The variables, in the order of the model.
    pub variables: Vec<CardVariable>,
}

/// The points of one variable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardVariable {
    /// Name of the field or feature.
    pub feature: String,
    /// Points by bin, in the order of the bins.
    pub points: Vec<f64>,
    /// Code of the reason that points lost here give.
    pub reason: String,
}

impl CardVariable {
    /// The most points that any bin gives.
    #[must_use]
    pub fn max_points(&self) -> f64 {
        self.points.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// Points below the maximum, by bin: what the reasons are ranked by.
    #[must_use]
    pub fn shortfalls(&self) -> Vec<f64> {
        let max = self.max_points();
        self.points.iter().map(|points| max - points).collect()
    }
}

impl Scorecard {
    /// Spreads intercept and offset evenly over the variables:
    /// points of bin j of variable i = factor · (bᵢ · WoEᵢⱼ + a / n) + offset / n for the model
    /// a + Σ bᵢ · WoEᵢ of the log-odds of the non-event (Siddiqi 2006, ch. 6).
    ///
    /// `reason` names the reason code of a feature.
    ///
    /// # Errors
    /// [`InsufficientData`](crate::ErrorCode::InsufficientData) when the model has no variables.
    pub fn new(scaling: Scaling, bins: &[FeatureBins], model: &Logistic, reason: impl Fn(&str) -> String) -> Result<Self> {
        if bins.is_empty() {
            return Err(Error::insufficient(
                Problem::new("a card needs at least one variable", "lower model.min_iv or add features").field("scorecard"),
            ));
        }
        let n = bins.len() as f64;
        let share = (scaling.offset() - scaling.factor() * model.intercept.value) / n;
        let variables = bins
            .iter()
            .zip(&model.coefficients)
            .map(|(bins, coefficient)| CardVariable {
                feature: bins.feature.clone(),
                points: bins
                    .bins
                    .iter()
                    .map(|bin| {
                        let points = share - scaling.factor() * (coefficient.value * bin.woe);
                        match scaling.rounding {
                            // Adding zero turns a negative zero into zero.
                            Rounding::Integer => points.round() + 0.0,
                            Rounding::None => round_significant(points),
                        }
                    })
                    .collect(),
                reason: reason(&bins.feature),
            })
            .collect();
        Ok(Scorecard { scaling, variables })
    }
}
