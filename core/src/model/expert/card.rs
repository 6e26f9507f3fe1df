//! The stored card: factors with weights and curves, and what a missing factor means.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::curve::Curve;
use super::table::MAX_FACTORS;
use crate::error::{Problem, Problems, Result};

/// How far the weights may add up from 100: room for thirds.
const WEIGHT_TOLERANCE: f64 = 1e-6;

/// A weighted card of several factors: score = Σ weight · points / Σ weight, 0 (worst) to 100 (best).
///
/// ```
/// use scoreline::{Field, Kind, Schema, Value, features::FeaturePlan};
/// use scoreline::model::{ExpertCard, ExpertTable};
/// let card: ExpertCard = serde_json::from_str(r#"{
///     "factors": [
///         {"name": "growth", "input": "sales / sales_before - 1", "weight": 60,
///          "curve": {"type": "linear", "points": [{"x": -0.1, "score": 0}, {"x": 0.4, "score": 100}]}},
///         {"name": "industry", "input": "industry", "weight": 40,
///          "curve": {"type": "levels", "scores": {"utilities": 90, "shipping": 30}, "other": 50}}
///     ],
///     "missing": {"type": "renormalise"}
/// }"#)?;
/// let fields = [("sales", Kind::Number), ("sales_before", Kind::Number), ("industry", Kind::Category)];
/// let schema = Schema { fields: fields.into_iter().map(|(name, kind)| Field::new(name, kind)).collect() };
/// let table = ExpertTable::new(&card, &FeaturePlan::new(&schema, &[])?)?;
/// let known = [Value::Number(115.0), Value::Number(100.0), Value::Category("utilities")];
/// assert!((table.score(|slot| known[slot]) - 66.0).abs() < 1e-12); // 0.6 · 50 + 0.4 · 90
/// let unknown = [Value::Number(115.0), Value::Missing, Value::Category("utilities")];
/// assert_eq!(table.score(|slot| unknown[slot]), 90.0); // the weight of what is known counts as the whole
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpertCard {
    /// 1 to 64 factors; their weights add up to 100.
    pub factors: Vec<Factor>,
    /// What a missing factor means, where the factor does not say it.
    #[serde(default)]
    pub missing: MissingFactor,
}

/// One factor of an expert card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// Name, unique on the card. It is also the code of the reason that points lost here give.
    pub name: String,
    /// A field, a feature, or an expression over both. Special codes read as missing.
    pub input: String,
    /// Weight, above 0 and at most 100.
    pub weight: f64,
    /// What a value is worth.
    pub curve: Curve,
    /// What a missing value means here, when not what the card says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<MissingFactor>,
    /// What points lost here mean to a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Factor {
    /// A factor that follows the card in what a missing value means.
    #[must_use]
    pub fn new(name: impl Into<String>, input: impl Into<String>, weight: f64, curve: Curve) -> Self {
        Factor { name: name.into(), input: input.into(), weight, curve, missing: None, reason: None }
    }
}

/// What a missing factor means.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum MissingFactor {
    /// The weights of the other factors count as the whole. Without any factor there is no score.
    #[default]
    Renormalise,
    /// It is worth a fixed score.
    Neutral {
        /// That score, 0 to 100.
        score: f64,
    },
    /// It is worth the lowest score of its curve.
    Worst,
    /// There is no score.
    Refuse,
}

impl ExpertCard {
    /// Checks everything except the expressions.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem; weights that do not add up to 100 name
    /// their sum.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(
            (1..=MAX_FACTORS).contains(&self.factors.len()),
            "card.factors",
            "a card has 1 to 64 factors",
            "add or merge factors",
        );
        let mut names = BTreeSet::new();
        for (i, factor) in self.factors.iter().enumerate() {
            let place = format!("card.factors[{i}]");
            problems.require(!factor.name.trim().is_empty(), &place, "a factor needs a name", "name it");
            problems.require(names.insert(factor.name.as_str()), &place, "two factors have the same name", "rename one");
            problems.require(
                factor.weight > 0.0 && factor.weight <= 100.0,
                &place,
                "a weight must be above 0 and at most 100",
                "remove factors that do not count",
            );
            factor.curve.validate(&place, &mut problems);
            factor.missing.iter().for_each(|missing| missing.validate(&place, &mut problems));
        }
        self.missing.validate("card.missing", &mut problems);
        let sum: f64 = self.factors.iter().map(|factor| factor.weight).sum();
        if (sum - 100.0).abs() > WEIGHT_TOLERANCE || sum.is_nan() {
            let what = format!("the weights must add up to 100, they add up to {sum}");
            problems.push(Problem::new(what, "correct the weights; they are per cent").field("card.factors"));
        }
        problems.into_result()
    }
}

impl MissingFactor {
    fn validate(self, place: &str, problems: &mut Problems) {
        if let MissingFactor::Neutral { score } = self {
            let what = "the score of a missing factor lies outside 0 to 100";
            problems.require((0.0..=100.0).contains(&score), place, what, "use for example 50");
        }
    }
}
