//! What a points table says about itself: ranges, neutral points, and what rounding did.

use serde::{Deserialize, Serialize};

use super::card::{CardPair, Scorecard};
use crate::binning::FeatureBins;
use crate::error::{Error, Problem, Result};
use crate::math::exp;
use crate::model::Model;

/// Facts of a card. Every bin counts, also those of special codes, of missing values and of nothing seen in training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardFacts {
    /// The lowest score of any combination of bins; with pairs of variables, no score is lower.
    pub min_score: f64,
    /// The highest score of any combination of bins; with pairs of variables, no score is higher.
    pub max_score: f64,
    /// The score when every weight of evidence is 0, from the unrounded points.
    pub neutral_score: f64,
    /// Mean score of the training rows.
    pub mean_score: f64,
    /// One entry a variable, in the order of the card.
    pub variables: Vec<VariableFacts>,
    /// How far the points of the card lie from those of the model.
    pub rounding: RoundingBound,
}

/// Facts of one variable of a card, in points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariableFacts {
    /// Field or feature.
    pub feature: String,
    /// Fewest points of a bin.
    pub min_points: f64,
    /// Most points of a bin.
    pub max_points: f64,
    /// `max_points − min_points`: the weight of the variable in the score.
    pub range: f64,
    /// The range as a share of the ranges of all variables, in [0, 1].
    pub range_share: f64,
    /// Points of a weight of evidence of 0, rounded as the card is.
    pub neutral_points: f64,
    /// Mean points of the training rows.
    pub mean_points: f64,
    /// Smallest rounded minus unrounded points of a bin.
    pub min_rounding: f64,
    /// Largest rounded minus unrounded points of a bin.
    pub max_rounding: f64,
}

/// The exact bound on what rounding the points of each bin does to the score and to a PD that is read off the score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundingBound {
    /// The rounded score lies at most this far below the unrounded one; at most 0.
    pub lowest: f64,
    /// The rounded score lies at most this far above the unrounded one; at least 0.
    pub highest: f64,
    /// The larger of the two in size. Where every combination of bins can occur, one reaches it.
    pub largest: f64,
    /// exp(largest / factor), at least 1: the odds at the rounded score are at most this many times as high or as low as
    /// at the unrounded one.
    pub odds_ratio: f64,
    /// The PD at the rounded score is at most this many times as high or as low as at the unrounded one; at least 1, at
    /// most `odds_ratio`.
    pub pd_ratio: f64,
}

impl Scorecard {
    /// Ranges, neutral points and the bound on rounding; see [`CardFacts`]. Where points were edited by hand, the rounding
    /// facts speak of the edited points.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when `bins` and `model` are not those of the card.
    pub fn facts(&self, bins: &[FeatureBins], model: &Model) -> Result<CardFacts> {
        let fits = bins.len() == self.variables.len()
            && model.fits(bins)
            && model.pairs().len() == self.pairs.len()
            && bins.iter().zip(&self.variables).all(|(bins, variable)| bins.bins.len() == variable.points.len());
        if !fits {
            let problem = Problem::new("bins, model and points do not belong together", "take all three from one pipeline");
            return Err(Error::config(problem.field("scorecard")));
        }
        let neutral_points = self.neutral_points(model);
        let unrounded = self.scaling.allocate(bins, model);
        let mut variables = Vec::with_capacity(bins.len());
        for ((variable, bins), unrounded) in self.variables.iter().zip(bins).zip(&unrounded) {
            let (min_points, max_points) = (variable.min_points(), variable.max_points());
            let errors = || variable.points.iter().zip(unrounded).map(|(rounded, unrounded)| rounded - unrounded);
            variables.push(VariableFacts {
                feature: variable.feature.clone(),
                min_points,
                max_points,
                range: max_points - min_points,
                range_share: 0.0,
                neutral_points,
                mean_points: variable.mean_points(bins),
                min_rounding: errors().fold(f64::INFINITY, f64::min),
                max_rounding: errors().fold(f64::NEG_INFINITY, f64::max),
            });
        }
        let sum = |part: fn(&VariableFacts) -> f64| variables.iter().map(part).sum::<f64>();
        let ranges = sum(|variable| variable.range);
        let pairs = |part: fn(&CardPair) -> f64| self.pairs.iter().map(part).sum::<f64>();
        let cells = || {
            self.pairs.iter().zip(model.pairs()).map(|(pair, model)| {
                let unrounded = model.values.iter().flatten().map(|value| -self.scaling.factor() * value);
                let errors = pair.points.iter().flatten().zip(unrounded).map(|(rounded, unrounded)| rounded - unrounded);
                errors.fold((0.0_f64, 0.0_f64), |(low, high), error| (low.min(error), high.max(error)))
            })
        };
        let lowest = (sum(|v| v.min_rounding) + cells().map(|(low, _)| low).sum::<f64>()).min(0.0);
        let highest = (sum(|v| v.max_rounding) + cells().map(|(_, high)| high).sum::<f64>()).max(0.0);
        let min_score = sum(|v| v.min_points) + pairs(CardPair::min_points);
        let max_score = sum(|v| v.max_points) + pairs(CardPair::max_points);
        let max_unrounded: f64 = unrounded.iter().map(|points| points.iter().copied().fold(f64::NEG_INFINITY, f64::max)).sum();
        let mean_score = sum(|v| v.mean_points);
        if ranges > 0.0 {
            variables.iter_mut().for_each(|variable| variable.range_share = variable.range / ranges);
        }
        Ok(CardFacts {
            min_score,
            max_score,
            neutral_score: self.scaling.offset() - self.scaling.factor() * model.intercept(),
            mean_score,
            rounding: self.bound(lowest, highest, max_unrounded),
            variables,
        })
    }

    fn bound(&self, lowest: f64, highest: f64, max_unrounded: f64) -> RoundingBound {
        let largest = highest.max(-lowest);
        let [above, below, odds_ratio] = [highest, -lowest, largest].map(|points| exp(points / self.scaling.factor()));
        // PD = 1 / (1 + odds): the better the odds, the more a change of them shows in the PD.
        let odds = self.scaling.odds_at(max_unrounded);
        let pd_ratio = ((1.0 + odds * above) / (1.0 + odds)).max((1.0 + odds) / (1.0 + odds / below));
        RoundingBound { lowest, highest, largest, odds_ratio, pd_ratio }
    }
}
