//! An expert score on the log-odds scale, and its mixture with a statistical card.

use serde::{Deserialize, Serialize};

use crate::error::{Problems, Result};
use crate::math::logit;

/// How much an expert score counts beside a statistical card: log-odds of the event =
/// (1 − weight) · statistical + weight · expert, where the expert score is placed on the log-odds scale by the straight
/// line through two anchors.
///
/// Without an expert score the statistical card counts alone.
///
/// ```
/// use scoreline::model::{Anchor, Blend};
/// let blend = Blend { weight: 0.25, anchors: [Anchor { score: 80.0, pd: 0.01 }, Anchor { score: 40.0, pd: 0.2 }] };
/// assert_eq!(blend.log_odds(80.0), (0.01_f64 / 0.99).ln());
/// assert_eq!(blend.mix(-3.0, f64::NAN), -3.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blend {
    /// Share of the expert score, 0 to 1.
    pub weight: f64,
    /// Two scores whose PD is known. The higher score has the lower PD.
    pub anchors: [Anchor; 2],
}

/// An expert score with the PD that it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// Expert score, 0 to 100.
    pub score: f64,
    /// Probability of the event, from 10⁻⁹ to 1 − 10⁻⁹.
    pub pd: f64,
}

impl Blend {
    /// Log-odds of the event at an expert score.
    #[must_use]
    pub fn log_odds(&self, score: f64) -> f64 {
        self.resolve().log_odds(score)
    }

    /// Log-odds of the event for each point of the score; negative.
    #[must_use]
    pub fn slope(&self) -> f64 {
        let [a, b] = self.anchors;
        (logit(b.pd) - logit(a.pd)) / (b.score - a.score)
    }

    /// The log-odds of a client for whom there is neither an expert score nor a statistical card: those of the worse
    /// anchor.
    #[must_use]
    pub fn unknown(&self) -> f64 {
        let [a, b] = self.anchors;
        logit(a.pd).max(logit(b.pd))
    }

    /// Log-odds of the event from the statistical card's and the expert score; NaN is no expert score.
    #[inline]
    #[must_use]
    pub fn mix(&self, statistical: f64, score: f64) -> f64 {
        self.resolve().mix(statistical, score)
    }

    /// The blend in the form that mixes.
    pub(crate) fn resolve(&self) -> Mixture {
        let [a, _] = self.anchors;
        Mixture { weight: self.weight, from: a.score, start: logit(a.pd), slope: self.slope() }
    }

    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require((0.0..=1.0).contains(&self.weight), "blend.weight", "must lie between 0 and 1", "use for example 0.3");
        let [a, b] = self.anchors;
        for anchor in self.anchors {
            let known = (0.0..=100.0).contains(&anchor.score) && (1e-9..=1.0 - 1e-9).contains(&anchor.pd);
            let what = "an anchor has a score outside 0 to 100 or a PD outside (0, 1)";
            problems.require(known, "blend.anchors", what, "give two scores and what was, or is, expected of such clients");
        }
        problems.require(
            (b.score - a.score).abs() >= 1.0 && (b.score - a.score) * (b.pd - a.pd) < 0.0,
            "blend.anchors",
            "the anchors are less than one point apart, or the higher score does not have the lower PD",
            "a higher score is a lower risk",
        );
        problems.into_result()
    }
}

/// A blend with its logarithms taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mixture {
    weight: f64,
    from: f64,
    start: f64,
    slope: f64,
}

impl Mixture {
    #[inline]
    pub(crate) fn log_odds(&self, score: f64) -> f64 {
        self.start + (score - self.from) * self.slope
    }

    #[inline]
    pub(crate) fn mix(&self, statistical: f64, score: f64) -> f64 {
        if score.is_nan() { statistical } else { self.weigh(statistical, self.log_odds(score)) }
    }

    /// (1 − weight) · statistical + weight · expert.
    #[inline]
    pub(crate) fn weigh(&self, statistical: f64, expert: f64) -> f64 {
        (1.0 - self.weight) * statistical + self.weight * expert
    }
}
