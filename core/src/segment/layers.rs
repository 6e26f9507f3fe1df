//! Layers by rule: ordered conditions, of which the first that holds wins.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::data::{Batch, Row, Value};
use crate::error::{Problems, Result};
use crate::expr::Expr;
use crate::features::{FeaturePlan, ProtectedUse};

/// The most layers.
pub const MAX_LAYERS: usize = 256;

/// Layers in their order, with names for who is in none of them.
///
/// ```
/// use scoreline::{Field, Kind, Schema, Value};
/// use scoreline::features::FeaturePlan;
/// use scoreline::segment::{LayerConfig, LayerRules};
/// // Three layers of corporate clients; the limits are illustrations.
/// let config: LayerConfig = serde_json::from_str(r#"{
///     "layers": [
///         {"name": "strategic", "when": "turnover >= 5e8 AND years >= 3", "on_missing": "unknown"},
///         {"name": "growth", "when": "growth >= 0.2", "on_missing": "next"}
///     ],
///     "rest": "general", "unknown": "to be looked at"
/// }"#)?;
/// let fields = ["turnover", "years", "growth"].map(|name| Field::new(name, Kind::Number));
/// let plan = FeaturePlan::new(&Schema { fields: fields.to_vec() }, &[])?;
/// let rules = LayerRules::new(&plan, &config)?;
/// let layer = |turnover, growth| rules.assign(&[turnover, Value::Number(5.0), growth][..]).map(|at| rules.names()[at].as_str());
/// assert_eq!(layer(Value::Number(6e8), Value::Number(0.5))?, "strategic");
/// assert_eq!(layer(Value::Number(1e7), Value::Number(0.5))?, "growth");
/// assert_eq!(layer(Value::Number(1e7), Value::Missing)?, "general");
/// assert_eq!(layer(Value::Missing, Value::Number(0.5))?, "to be looked at");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerConfig {
    /// The layers; at least one, at most [`MAX_LAYERS`]. The first whose condition holds wins.
    pub layers: Vec<Layer>,
    /// Name of the layer of those for whom no condition holds.
    pub rest: String,
    /// Name of the layer of those for whom it cannot be told.
    pub unknown: String,
    /// Permissions for protected fields to be in a condition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protected_use: Vec<ProtectedUse>,
}

/// One layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Name, unique among all layers.
    pub name: String,
    /// Condition: an expression over fields and features that yields a flag.
    pub when: String,
    /// What it means that the condition cannot be told because an input is missing.
    pub on_missing: LayerMissing,
}

/// What a condition that cannot be told means. Always declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerMissing {
    /// As if it did not hold: the next layer is asked.
    Next,
    /// The layer called [`LayerConfig::unknown`].
    Unknown,
}

/// Rows of one layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerTotal {
    /// The layer.
    pub layer: String,
    /// Its rows.
    pub rows: u64,
    /// Its share of all rows; none when there are no rows.
    pub share: Option<f64>,
}

/// Layers with their conditions, ready for records of a plan.
#[derive(Debug, Clone)]
pub struct LayerRules {
    plan: FeaturePlan,
    conditions: Vec<(Expr, LayerMissing)>,
    names: Vec<String>,
}

impl LayerRules {
    /// Checks the layers and parses every condition over the fields and features of `plan`.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem: names that are empty or stand twice, conditions that
    /// cannot be read or yield no flag, protected fields that are not permitted.
    pub fn new(plan: &FeaturePlan, config: &LayerConfig) -> Result<Self> {
        let mut problems = Problems::default();
        let count = (1..=MAX_LAYERS).contains(&config.layers.len());
        problems.require(
            count,
            "layers",
            "1 to 256 layers are needed",
            "name those that matter; the rest has a layer of its own",
        );
        let mut used = BTreeSet::new();
        let mut conditions = Vec::with_capacity(config.layers.len());
        for (at, layer) in config.layers.iter().enumerate() {
            let when = plan.condition(&layer.when, &format!("layers[{at}].when"), &mut used, &mut problems);
            conditions.extend(when.map(|when| (when, layer.on_missing)));
        }
        let places = (0..config.layers.len()).map(|at| format!("layers[{at}].name"));
        let places = places.chain(["rest".to_owned(), "unknown".to_owned()]);
        let names = config.layers.iter().map(|layer| &layer.name).chain([&config.rest, &config.unknown]);
        let names: Vec<String> = names.cloned().collect();
        for (at, (place, name)) in places.zip(&names).enumerate() {
            problems.require(!name.trim().is_empty(), &place, "a layer needs a name", "give it a short unique name");
            let fresh = !names.iter().take(at).any(|other| other == name);
            problems.require(fresh, &place, "two layers have the same name", "rename one");
        }
        problems.absorb("layers", plan.refuse_protected(&used, &config.protected_use, "a layer"));
        problems.into_result()?;
        Ok(LayerRules { plan: plan.clone(), conditions, names })
    }

    /// The names of the layers in their order, then those of the rest and the unknown.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The layer of a record, as a place in [`LayerRules::names`].
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) for a value that its field does not allow.
    pub fn assign<R: Row + ?Sized>(&self, record: &R) -> Result<usize> {
        Ok(self.layer(&self.plan.cells(record)?))
    }

    /// The layer of every row of a batch, as [`LayerRules::assign`] finds it for the record.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the column of a field is absent or of another kind, and with the row of
    /// a value that its field does not allow.
    pub fn assign_batch(&self, batch: &Batch<'_>) -> Result<Vec<usize>> {
        self.plan.map_rows(batch, |cells| Ok(self.layer(cells)))
    }

    fn layer(&self, cells: &[Value<'_>]) -> usize {
        let rest = self.conditions.len();
        for (at, (when, on_missing)) in self.conditions.iter().enumerate() {
            match (when.holds(cells), on_missing) {
                (Some(true), _) => return at,
                (None, LayerMissing::Unknown) => return rest + 1,
                (None, LayerMissing::Next) | (Some(false), _) => {}
            }
        }
        rest
    }

    /// Rows and shares by layer, every layer once and in order; the rows add up to the number of `assigned`.
    #[must_use]
    pub fn totals(&self, assigned: &[usize]) -> Vec<LayerTotal> {
        let mut rows = vec![0u64; self.names.len()];
        for &at in assigned {
            if let Some(count) = rows.get_mut(at) {
                *count += 1;
            }
        }
        let all: u64 = rows.iter().sum();
        let total = |(layer, rows): (&String, u64)| LayerTotal {
            layer: layer.clone(),
            rows,
            share: (all > 0).then(|| rows as f64 / all as f64),
        };
        self.names.iter().zip(rows).map(total).collect()
    }
}
