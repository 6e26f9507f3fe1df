//! From the value of a factor to 0 … 100 points.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::data::{Kind, Value};
use crate::error::Problems;

/// The most points, cuts or levels of a curve.
const MAX_POINTS: usize = 1_024;

/// The largest value that a curve can name, in size.
const MAX_X: f64 = 1e15;

/// What a value is worth, 0 (worst) to 100 (best). The direction is free: for leverage the points fall as the value
/// rises.
///
/// ```
/// use scoreline::{Value, model::{Curve, CurvePoint}};
/// let leverage = Curve::Linear { points: vec![CurvePoint { x: 0.4, score: 100.0 }, CurvePoint { x: 0.8, score: 20.0 }] };
/// assert_eq!(leverage.score(Value::Number(0.5)), Some(80.0));
/// assert_eq!(leverage.score(Value::Number(0.95)), Some(20.0)); // flat beyond the ends
/// assert_eq!(leverage.score(Value::Missing), None);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Curve {
    /// Straight lines between points, flat beyond the first and the last.
    Linear {
        /// At least two points, by rising `x`.
        points: Vec<CurvePoint>,
    },
    /// Steps: score *k* for cut *k* − 1 ≤ *x* < cut *k*.
    Steps {
        /// Cuts, rising.
        cuts: Vec<f64>,
        /// One score more than cuts.
        scores: Vec<f64>,
    },
    /// A score for each level of a category.
    Levels {
        /// Score by level.
        scores: BTreeMap<String, f64>,
        /// Score of every level that is not listed.
        other: f64,
    },
}

/// A point of a [`Curve::Linear`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurvePoint {
    /// Value of the factor.
    pub x: f64,
    /// What it is worth, 0 to 100.
    pub score: f64,
}

impl Curve {
    /// What `value` is worth, 0 to 100; `None` when it is missing or of another kind. A flag counts as 0 or 1.
    #[inline]
    #[must_use]
    pub fn score(&self, value: Value<'_>) -> Option<f64> {
        match (self, value) {
            (Curve::Levels { scores, other }, Value::Category(level)) => Some(*scores.get(level).unwrap_or(other)),
            (Curve::Linear { points }, value) => present(value).and_then(|x| on_line(points, x)),
            (Curve::Steps { cuts, scores }, value) => {
                present(value).and_then(|x| scores.get(cuts.partition_point(|&cut| cut <= x)).copied())
            }
            (Curve::Levels { .. }, _) => None,
        }
    }

    /// The lowest score that the curve gives.
    #[must_use]
    pub fn worst(&self) -> f64 {
        self.scores().fold(f64::INFINITY, f64::min)
    }

    /// The highest score that the curve gives.
    #[must_use]
    pub fn best(&self) -> f64 {
        self.scores().fold(f64::NEG_INFINITY, f64::max)
    }

    /// Whether the curve reads inputs of this kind.
    pub(super) fn reads(&self, kind: Kind) -> bool {
        match self {
            Curve::Levels { .. } => kind == Kind::Category,
            Curve::Linear { .. } | Curve::Steps { .. } => matches!(kind, Kind::Number | Kind::Flag),
        }
    }

    fn scores(&self) -> impl Iterator<Item = f64> {
        let (points, steps, levels) = match self {
            Curve::Linear { points } => (&points[..], &[][..], None),
            Curve::Steps { scores, .. } => (&[][..], &scores[..], None),
            Curve::Levels { scores, other } => (&[][..], std::slice::from_ref(other), Some(scores)),
        };
        let levels = levels.into_iter().flat_map(BTreeMap::values).copied();
        points.iter().map(|point| point.score).chain(steps.iter().copied()).chain(levels)
    }

    /// Lists what is wrong with the curve of the factor at `place`.
    pub(super) fn validate(&self, place: &str, problems: &mut Problems) {
        problems.require(
            self.scores().all(|score| (0.0..=100.0).contains(&score)),
            place,
            "a score of the curve lies outside 0 to 100",
            "use numbers from 0 (worst) to 100 (best)",
        );
        let (xs, shape, remedy): (Vec<f64>, bool, &str) = match self {
            Curve::Linear { points } => {
                (points.iter().map(|point| point.x).collect(), points.len() >= 2, "list at least two points")
            }
            Curve::Steps { cuts, scores } => {
                (cuts.clone(), !cuts.is_empty() && scores.len() == cuts.len() + 1, "list cuts, and one score more than cuts")
            }
            Curve::Levels { scores, .. } => (Vec::new(), !scores.is_empty(), "list at least one level"),
        };
        problems.require(shape, place, "the curve is not complete", remedy);
        let rising = xs.windows(2).all(|pair| pair[0] < pair[1]) && xs.iter().all(|x| x.abs() <= MAX_X);
        problems.require(
            rising,
            place,
            "the values of the curve do not rise, or exceed 10^15",
            "list each once, in rising order",
        );
        problems.require(self.scores().count() <= MAX_POINTS, place, "the curve is too long", "keep at most 1,024 scores");
    }
}

fn present(value: Value<'_>) -> Option<f64> {
    Some(value.as_number()).filter(|x| !x.is_nan())
}

fn on_line(points: &[CurvePoint], x: f64) -> Option<f64> {
    let after = points.partition_point(|point| point.x <= x);
    match (after.checked_sub(1).and_then(|before| points.get(before)), points.get(after)) {
        (Some(a), Some(b)) => {
            let score = a.score + (b.score - a.score) * ((x - a.x) / (b.x - a.x));
            Some(score.max(a.score.min(b.score)).min(a.score.max(b.score)))
        }
        (Some(end), None) | (None, Some(end)) => Some(end.score),
        (None, None) => None,
    }
}
