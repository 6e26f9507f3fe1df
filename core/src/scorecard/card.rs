//! The points of each bin.

use serde::{Deserialize, Serialize};

use super::reasons::ReasonPolicy;
use super::scaling::Scaling;
use crate::binning::FeatureBins;
use crate::error::{Error, Problem, Result};
use crate::model::{Coefficient, Logistic};

/// A points table. The score is the sum of one entry a variable; a higher score is a lower risk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scorecard {
    /// The scale.
    pub scaling: Scaling,
    /// How its reasons are found.
    #[serde(default, skip_serializing_if = "ReasonPolicy::is_default")]
    pub reasons: ReasonPolicy,
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

impl Scorecard {
    /// Spreads intercept and offset evenly over the variables:
    /// points of bin j of variable i = factor · (bᵢ · WoEᵢⱼ + a / n) + offset / n for the model
    /// a + Σ bᵢ · WoEᵢ of the log-odds of the non-event (Siddiqi 2006, ch. 6).
    ///
    /// `reason` names the reason code of a feature; the reasons are found by the default [`ReasonPolicy`].
    ///
    /// # Errors
    /// [`InsufficientData`](crate::ErrorCode::InsufficientData) when the model has no variables.
    pub fn new(scaling: Scaling, bins: &[FeatureBins], model: &Logistic, reason: impl Fn(&str) -> String) -> Result<Self> {
        if bins.is_empty() {
            return Err(Error::insufficient(
                Problem::new("a card needs at least one variable", "lower model.min_iv or add features").field("scorecard"),
            ));
        }
        let points = scaling.allocate(bins, model);
        let variables = bins.iter().zip(points).map(|(bins, points)| CardVariable {
            feature: bins.feature.clone(),
            points: points.into_iter().map(|points| scaling.rounding.round(points)).collect(),
            reason: reason(&bins.feature),
        });
        Ok(Scorecard { variables: variables.collect(), reasons: ReasonPolicy::default(), scaling })
    }
}

impl Scaling {
    /// The points of each bin before rounding, by variable; see [`Scorecard::new`].
    #[must_use]
    pub fn allocate(&self, bins: &[FeatureBins], model: &Logistic) -> Vec<Vec<f64>> {
        let n = bins.len().max(1) as f64;
        let share = (self.offset() - self.factor() * model.intercept.value) / n;
        let points = |(bins, coefficient): (&FeatureBins, &Coefficient)| {
            bins.bins.iter().map(|bin| share - self.factor() * (coefficient.value * bin.woe)).collect()
        };
        bins.iter().zip(&model.coefficients).map(points).collect()
    }
}
