//! What the points of a card are measured against when reasons are ranked.

use serde::{Deserialize, Serialize};

use super::card::{CardPair, CardVariable, Scorecard};
use crate::binning::FeatureBins;
use crate::error::{Problems, Result};
use crate::model::Model;

/// The most reasons that the score may give, see [`ReasonPolicy::count`].
const MAX_COUNT: u8 = 4;

/// Points that cost no more than this are no reason.
const NOTHING: f64 = 1e-9;

/// How the reasons of the score are found.
///
/// Variables that share a reason code are added up first; only reasons that cost points are given, the costliest first.
///
/// ```
/// use scoreline::scorecard::{ReasonMethod, ReasonPolicy};
/// let policy: ReasonPolicy = serde_json::from_str(r#"{"method": "below_neutral", "inquiries": "INQ"}"#)?;
/// assert_eq!((policy.method, policy.count), (ReasonMethod::BelowNeutral, 4));
/// assert!(policy.validate().is_ok());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReasonPolicy {
    /// What points are measured against.
    pub method: ReasonMethod,
    /// Reasons in an answer until which the score adds its own, 1 to 4. Reasons from rules are never cut. More than four
    /// are not likely to help (Regulation B, official comment 9(b)(2)-1), and a credit score is disclosed with at most
    /// four key factors (15 U.S.C. 1681g(f)(1)(C)).
    pub count: u8,
    /// Code of the reason that counts inquiries. When it is a key factor of the score, it is named without regard to
    /// `count` (15 U.S.C. 1681g(f)(9)): in an [`Explanation`](crate::pipeline::Explanation) as one factor more, in a
    /// decision likewise while there is room for a fourth reason, and else in the place of the score's last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inquiries: Option<String>,
}

/// What the points of a variable are measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonMethod {
    /// The most points that the variable can give.
    #[default]
    BelowMaximum,
    /// Its neutral points, those of a weight of evidence of 0.
    BelowNeutral,
    /// Its mean points over the training rows. For a sum over variables that are taken as independent, points minus mean
    /// points are the Shapley values of the score.
    Shapley,
}

/// On which side of a baseline points count against a person: `reasonCodeAlgorithm` of the PMML 4.4 Scorecard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointsSide {
    /// `pointsBelow`: a high score is good.
    Below,
    /// `pointsAbove`: a high score is bad.
    Above,
}

impl PointsSide {
    /// What `points` cost against `baseline`; 0 when they agree to 12 digits, negative when they speak for the person.
    #[must_use]
    pub fn cost(self, points: f64, baseline: f64) -> f64 {
        let cost = match self {
            PointsSide::Below => baseline - points,
            PointsSide::Above => points - baseline,
        };
        if cost.abs() <= 1e-12 * baseline.abs().max(points.abs()) { 0.0 } else { cost }
    }
}

/// The places of the costliest reasons, costliest first, at most `count`; equal ones, to 13 digits, stay in order, and what
/// costs nothing is no reason. `costs` lists what each reason costs, and reasons are numbered as they first occur in it:
/// costs of the same code are added up.
///
/// ```
/// use scoreline::scorecard::rank_reasons;
/// assert_eq!(rank_reasons([("age", 4.0), ("debt", 5.0), ("age", 3.0), ("job", 0.0)], 4), ["age", "debt"]);
/// ```
#[must_use]
pub fn rank_reasons<C: PartialEq>(costs: impl IntoIterator<Item = (C, f64)>, count: usize) -> Vec<C> {
    let mut merged: Vec<(C, f64)> = Vec::new();
    for (code, cost) in costs {
        match merged.iter_mut().find(|(known, _)| *known == code) {
            Some((_, sum)) => *sum += cost,
            None => merged.push((code, cost)),
        }
    }
    let keyed = merged.into_iter().enumerate().map(|(place, (code, cost))| (rank_key(cost, place), code));
    let mut keyed: Vec<(u64, C)> = keyed.filter(|(key, _)| is_reason(*key)).collect();
    keyed.sort_by_key(|(key, _)| std::cmp::Reverse(*key));
    keyed.into_iter().take(count).map(|(_, code)| code).collect()
}

/// Places of reasons that a key can tell apart, less one: variables, and factors of an expert card beside them.
const PLACES: u64 = u8::MAX as u64;

/// Larger for a reason that comes earlier. Positive doubles are ordered as their bits are; the last bits make room for the
/// place, so costs that agree in 13 digits are equal.
#[inline(always)]
pub(crate) fn rank_key(cost: f64, place: usize) -> u64 {
    (cost.max(0.0).to_bits() & !PLACES) | (PLACES - (place as u64).min(PLACES))
}

/// The place that a key was made with.
#[inline(always)]
pub(crate) fn rank_place(key: u64) -> usize {
    (PLACES - (key & PLACES)) as usize
}

/// Whether the key is that of a reason which costs points.
#[inline(always)]
pub(crate) fn is_reason(key: u64) -> bool {
    key > NOTHING.to_bits()
}

impl Default for ReasonPolicy {
    fn default() -> Self {
        ReasonPolicy { method: ReasonMethod::BelowMaximum, count: MAX_COUNT, inquiries: None }
    }
}

impl ReasonPolicy {
    /// Whether nothing was asked for.
    pub(crate) fn is_default(&self) -> bool {
        *self == ReasonPolicy::default()
    }

    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let named = self.inquiries.as_ref().is_none_or(|code| !code.trim().is_empty());
        problems.require((1..=MAX_COUNT).contains(&self.count), "reason_policy.count", "must lie between 1 and 4", "use 4");
        problems.require(named, "reason_policy.inquiries", "the code is empty", "name a reason code, or leave it out");
        problems.into_result()
    }
}

impl CardVariable {
    /// The most points that any bin gives.
    #[must_use]
    pub fn max_points(&self) -> f64 {
        self.points.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// The fewest points that any bin gives.
    #[must_use]
    pub fn min_points(&self) -> f64 {
        self.points.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// Mean of the points over the training rows; of the bins, each once, when nothing was counted.
    #[must_use]
    pub fn mean_points(&self, bins: &FeatureBins) -> f64 {
        let shares = || self.points.iter().zip(&bins.bins).map(|(points, bin)| (points, bin.share));
        let whole: f64 = shares().map(|(_, share)| share).sum();
        if whole > 0.0 {
            shares().map(|(points, share)| points * share).sum::<f64>() / whole
        } else {
            self.points.iter().sum::<f64>() / self.points.len().max(1) as f64
        }
    }

    /// What each bin costs against `baseline`; see [`PointsSide::cost`].
    #[must_use]
    pub fn costs(&self, baseline: f64) -> Vec<f64> {
        self.points.iter().map(|&points| PointsSide::Below.cost(points, baseline)).collect()
    }
}

impl Scorecard {
    /// Neutral points: those of a bin whose weight of evidence is 0, the same for every variable and rounded as the card is.
    #[must_use]
    pub fn neutral_points(&self, model: &Model) -> f64 {
        let n = self.variables.len().max(1) as f64;
        self.scaling.rounding.store((self.scaling.offset() - self.scaling.factor() * model.intercept()) / n)
    }

    /// The points that a pair of variables is measured against by the card's [`ReasonPolicy`]: its most points, or 0, which
    /// is what the cells of a pair give on average and where they say nothing. Each of the two variables bears one half.
    #[must_use]
    pub fn pair_baseline(&self, pair: &CardPair) -> f64 {
        match self.reasons.method {
            ReasonMethod::BelowMaximum => pair.max_points(),
            ReasonMethod::BelowNeutral | ReasonMethod::Shapley => 0.0,
        }
    }

    /// The points that each variable is measured against by the card's [`ReasonPolicy`].
    #[must_use]
    pub fn baselines(&self, bins: &[FeatureBins], model: &Model) -> Vec<f64> {
        let baseline = |(variable, bins): (&CardVariable, &FeatureBins)| match self.reasons.method {
            ReasonMethod::BelowMaximum => variable.max_points(),
            ReasonMethod::BelowNeutral => self.neutral_points(model),
            ReasonMethod::Shapley => variable.mean_points(bins),
        };
        self.variables.iter().zip(bins).map(baseline).collect()
    }
}
