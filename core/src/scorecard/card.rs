//! The points of each bin.

use serde::{Deserialize, Serialize};

use super::reasons::ReasonPolicy;
use super::scaling::Scaling;
use crate::binning::FeatureBins;
use crate::error::{Error, Problem, Result};
use crate::model::Model;

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
    /// Points by the bins of two variables, in the order of the model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<CardPair>,
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

/// The points of a pair of variables, beside those of each of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardPair {
    /// Names of the two variables.
    pub features: [String; 2],
    /// The group of each bin, for both variables.
    pub groups: [Vec<u8>; 2],
    /// Points: one row a group of the first variable, one column a group of the second.
    pub points: Vec<Vec<f64>>,
}

impl CardPair {
    /// The most points that any cell gives.
    #[must_use]
    pub fn max_points(&self) -> f64 {
        self.points.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// The fewest points that any cell gives.
    #[must_use]
    pub fn min_points(&self) -> f64 {
        self.points.iter().flatten().copied().fold(f64::INFINITY, f64::min)
    }

    /// The points at a bin of the first variable and one of the second; 0 when there is no such bin.
    #[must_use]
    pub fn points_at(&self, first: u8, second: u8) -> f64 {
        let group = |side: usize, bin: u8| self.groups[side].get(usize::from(bin)).map(|&group| usize::from(group));
        let row = group(0, first).and_then(|row| self.points.get(row));
        row.zip(group(1, second)).and_then(|(row, column)| row.get(column)).copied().unwrap_or(0.0)
    }
}

impl Scorecard {
    /// Spreads intercept and offset evenly over the variables:
    /// points of bin j of variable i = factor · (bᵢ · WoEᵢⱼ + a / n) + offset / n for the model
    /// a + Σ bᵢ · WoEᵢ of the log-odds of the non-event (Siddiqi 2006, ch. 6). Pairs have points of their own.
    ///
    /// `reason` names the reason code of a feature; the reasons are found by the default [`ReasonPolicy`].
    ///
    /// # Errors
    /// [`InsufficientData`](crate::ErrorCode::InsufficientData) when the model has no variables.
    pub fn new(scaling: Scaling, bins: &[FeatureBins], model: &Model, reason: impl Fn(&str) -> String) -> Result<Self> {
        if bins.is_empty() {
            return Err(Error::insufficient(
                Problem::new("a card needs at least one variable", "lower model.min_iv or add features").field("scorecard"),
            ));
        }
        let points = scaling.allocate(bins, model);
        let variables = bins.iter().zip(points).map(|(bins, points)| CardVariable {
            feature: bins.feature.clone(),
            points: points.into_iter().map(|points| scaling.rounding.store(points)).collect(),
            reason: reason(&bins.feature),
        });
        let name = |variable: usize| bins.get(variable).map_or_else(String::new, |bins| bins.feature.clone());
        let pairs = model.pairs().iter().map(|pair| CardPair {
            features: pair.variables.map(name),
            groups: pair.groups.clone(),
            points: (pair.values.iter())
                .map(|row| row.iter().map(|value| scaling.rounding.store(-scaling.factor() * value)).collect())
                .collect(),
        });
        let pairs = pairs.collect();
        Ok(Scorecard { variables: variables.collect(), pairs, reasons: ReasonPolicy::default(), scaling })
    }
}

impl Scaling {
    /// The points of each bin before rounding, by variable; see [`Scorecard::new`].
    #[must_use]
    pub fn allocate(&self, bins: &[FeatureBins], model: &Model) -> Vec<Vec<f64>> {
        let n = bins.len().max(1) as f64;
        let share = (self.offset() - self.factor() * model.intercept()) / n;
        let points = |(variable, bins): (usize, &FeatureBins)| {
            model.log_odds(variable, bins).into_iter().map(|log_odds| share - self.factor() * log_odds).collect()
        };
        bins.iter().enumerate().map(points).collect()
    }
}
