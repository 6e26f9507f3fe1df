//! The model behind a card, of whichever kind.

use serde::{Deserialize, Serialize};

use super::boost::{Boosted, PairTable};
use super::logistic::Logistic;
use crate::binning::FeatureBins;

/// The model behind a card: it gives log-odds of the event by bin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Model {
    /// Coefficients of the weights of evidence.
    Logistic(Logistic),
    /// Log-odds of each bin, and of pairs of bins.
    Boosted(Boosted),
}

impl Model {
    /// Log-odds of the event before any bin.
    #[must_use]
    pub fn intercept(&self) -> f64 {
        match self {
            Model::Logistic(model) => model.intercept.value,
            Model::Boosted(model) => model.intercept,
        }
    }

    /// Log-odds of the event that each bin of a variable adds; `variable` is its position on the card.
    #[must_use]
    pub fn log_odds(&self, variable: usize, bins: &FeatureBins) -> Vec<f64> {
        match self {
            Model::Logistic(model) => {
                let coefficient = model.coefficients.get(variable).map_or(0.0, |coefficient| coefficient.value);
                bins.bins.iter().map(|bin| coefficient * bin.woe).collect()
            }
            Model::Boosted(model) => match model.tables.iter().find(|table| table.variable == variable) {
                Some(table) => table.values.clone(),
                None => vec![0.0; bins.bins.len()],
            },
        }
    }

    /// Tables of pairs of variables; none in a logistic model.
    #[must_use]
    pub fn pairs(&self) -> &[PairTable] {
        match self {
            Model::Logistic(_) => &[],
            Model::Boosted(model) => &model.pairs,
        }
    }

    /// The logistic regression, if it is one.
    #[must_use]
    pub fn logistic(&self) -> Option<&Logistic> {
        if let Model::Logistic(model) = self { Some(model) } else { None }
    }

    /// The boosted tables, if it is such a model.
    #[must_use]
    pub fn boosted(&self) -> Option<&Boosted> {
        if let Model::Boosted(model) = self { Some(model) } else { None }
    }

    /// Whether the parts belong to variables with these bins, in this order.
    #[must_use]
    pub fn fits(&self, bins: &[FeatureBins]) -> bool {
        match self {
            Model::Logistic(model) => {
                let named = model.coefficients.iter().zip(bins).all(|(coefficient, bins)| coefficient.variable == bins.feature);
                named && model.coefficients.len() == bins.len()
            }
            Model::Boosted(model) => {
                let sized = |variable: usize, count: usize| bins.get(variable).is_some_and(|bins| bins.bins.len() == count);
                model.tables.iter().all(|table| sized(table.variable, table.values.len()))
                    && model.pairs.iter().all(|pair| {
                        let sides = pair.variables.iter().zip(&pair.groups);
                        pair.is_whole() && sides.into_iter().all(|(&variable, groups)| sized(variable, groups.len()))
                    })
            }
        }
    }

    /// The largest number in size that the model holds; infinite when one is not finite.
    #[must_use]
    pub fn largest(&self) -> f64 {
        let numbers: Vec<f64> = match self {
            Model::Logistic(model) => model.beta(),
            Model::Boosted(model) => {
                let tables = model.tables.iter().flat_map(|table| &table.values);
                let pairs = model.pairs.iter().flat_map(|pair| pair.values.iter().flatten());
                tables.chain(pairs).copied().chain([model.intercept]).collect()
            }
        };
        numbers.iter().fold(0.0, |most: f64, x| if x.is_finite() { most.max(x.abs()) } else { f64::INFINITY })
    }
}
