//! Derived features: plain data in the file, resolved into programs once.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::data::{Batch, Column, Kind, NAME_RULE, Row, Schema, Sensitivity, Value, is_name, nearest};
use crate::error::{Error, Problem, Problems, Result};
use crate::expr::{Expr, Scope};

/// The most derived features of a pipeline.
pub(crate) const MAX_FEATURES: usize = 256;

/// A feature derived from fields and from the features before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Name, unique among fields and features.
    pub name: String,
    /// Expression over fields and earlier features.
    pub expression: String,
    /// Unit of the result, for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What it means, for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Feature {
    /// A feature without unit and description.
    #[must_use]
    pub fn new(name: impl Into<String>, expression: impl Into<String>) -> Self {
        Feature { name: name.into(), expression: expression.into(), unit: None, description: None }
    }
}

/// Permission, on record, for a protected field to reach score, rule or price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProtectedUse {
    /// The protected field.
    pub field: String,
    /// Who permits it.
    pub author: String,
    /// On what ground.
    pub reason: String,
}

/// Schema and derived features, resolved. A **slot** is the index of a field or, after all fields,
/// of a feature.
#[derive(Debug, Clone)]
pub struct FeaturePlan {
    schema: Schema,
    names: Vec<String>,
    expressions: Vec<Expr>,
}

impl FeaturePlan {
    /// Parses every feature.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem of schema and features.
    pub fn new(schema: &Schema, features: &[Feature]) -> Result<Self> {
        schema.validate()?;
        let mut problems = Problems::default();
        problems.require(features.len() <= MAX_FEATURES, "features", "too many derived features", "keep at most 256");
        let mut plan = FeaturePlan {
            schema: schema.clone(),
            names: schema.fields.iter().map(|field| field.name.clone()).collect(),
            expressions: Vec::new(),
        };
        for feature in features {
            problems.require(is_name(&feature.name), &feature.name, "not a usable name", NAME_RULE);
            problems.require(
                !RESERVED.contains(&feature.name.as_str()),
                &feature.name,
                "the name is reserved",
                "choose another name",
            );
            let fresh = !plan.names.contains(&feature.name);
            problems.require(fresh, &feature.name, "the name occurs twice", "rename the feature");
            if !fresh {
                continue;
            }
            let parsed = Expr::parse(&feature.expression, &plan.scope());
            let Some(expression) = problems.absorb(&feature.name, parsed) else { continue };
            plan.names.push(feature.name.clone());
            plan.expressions.push(expression);
        }
        problems.into_result()?;
        Ok(plan)
    }

    /// The input fields.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The features' expressions, in order.
    #[must_use]
    pub fn expressions(&self) -> &[Expr] {
        &self.expressions
    }

    /// Number of slots.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.names.len()
    }

    /// Name of a slot.
    #[must_use]
    pub fn name(&self, slot: usize) -> &str {
        self.names.get(slot).map_or("", String::as_str)
    }

    /// Kind of a slot; a number beyond the last.
    #[must_use]
    pub fn kind(&self, slot: usize) -> Kind {
        match self.schema.fields.get(slot) {
            Some(field) => field.kind,
            None => self.expressions.get(slot - self.schema.fields.len()).map_or(Kind::Number, Expr::kind),
        }
    }

    /// The slot called `name`.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when there is none.
    pub fn slot(&self, name: &str) -> Result<usize> {
        self.names.iter().position(|known| known == name).ok_or_else(|| {
            let known: Vec<&str> = self.names.iter().map(String::as_str).collect();
            Error::config(Problem::new("there is no such field or feature", nearest(name, &known)).field(name))
        })
    }

    /// What expressions may name: every slot, in order.
    #[must_use]
    pub fn scope(&self) -> Scope<'_> {
        let mut scope = Scope::new();
        for slot in 0..self.names.len() {
            // Names are unique: `new` refuses repetitions.
            let _ = scope.push(self.name(slot), self.kind(slot));
        }
        scope
    }

    /// The cells of a record in the order of the slots: fields as expressions see them, then features.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) for a value that its field does not allow.
    pub fn cells<'v, R: Row + ?Sized>(&'v self, record: &'v R) -> Result<Vec<Value<'v>>> {
        let mut cells = Vec::with_capacity(self.slots());
        for (at, field) in self.schema().fields.iter().enumerate() {
            cells.push(field.plain(field.check(record.value(at))?));
        }
        for feature in self.expressions() {
            let value = feature.program().eval(|slot| cells.get(slot).copied().unwrap_or_default());
            cells.push(value);
        }
        Ok(cells)
    }

    /// What `work` makes of the cells of every row of a batch, in order.
    pub(crate) fn map_rows<T>(&self, batch: &Batch<'_>, mut work: impl FnMut(&[Value<'_>]) -> Result<T>) -> Result<Vec<T>> {
        let columns = self.schema.fields.iter().map(|field| batch.column_of(field));
        let columns: Vec<&Column<'_>> = columns.collect::<Result<_>>()?;
        let mut of_row = |row: usize| {
            let record: Vec<Value<'_>> = columns.iter().map(|column| column.value(row)).collect();
            self.cells(&record).and_then(|cells| work(&cells)).map_err(|error| error.at_row(row))
        };
        (0..batch.rows()).map(&mut of_row).collect()
    }

    /// Parses the condition at `place`, which must yield a flag, and adds to `slots` every slot that it rests on.
    pub(crate) fn condition(
        &self,
        text: &str,
        place: &str,
        slots: &mut BTreeSet<usize>,
        problems: &mut Problems,
    ) -> Option<Expr> {
        let when = problems.absorb(place, Expr::parse(text, &self.scope()))?;
        let what = "the expression must yield a flag";
        problems.require(when.kind() == Kind::Flag, place, what, "compare, for example `x > 0`");
        when.reads().iter().for_each(|&slot| self.add_sources(slot, slots));
        Some(when)
    }

    /// Adds to `slots` every slot that `slot` is computed from, itself included.
    pub fn add_sources(&self, slot: usize, slots: &mut BTreeSet<usize>) {
        if slots.insert(slot)
            && let Some(feature) = slot.checked_sub(self.schema.fields.len())
        {
            self.expressions[feature].reads().iter().for_each(|&read| self.add_sources(read, slots));
        }
    }

    /// Refuses the use of protected fields among `slots` for `purpose`, unless it is permitted on record.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) naming each field.
    pub fn refuse_protected(&self, slots: &BTreeSet<usize>, permitted: &[ProtectedUse], purpose: &str) -> Result<()> {
        let mut problems = Problems::default();
        for &slot in slots {
            let Some(field) = self.schema.fields.get(slot) else { continue };
            let Sensitivity::Protected { basis } = &field.sensitivity else { continue };
            if !permitted.iter().any(|permit| permit.field == field.name) {
                let what = format!("the field is protected ({basis}) and may not reach {purpose}");
                problems.push(Problem::new(what, "remove it, or permit it on record in protected_use").field(&field.name));
            }
        }
        problems.into_result()
    }
}

/// What rules call the score.
const SCORE: &str = "score";

/// What rules call the score of the expert card.
pub(crate) const EXPERT_SCORE: &str = "expert_score";

/// What the review of an account calls the level of its early warning.
pub(crate) const WARNING_LEVEL: &str = "warning_level";

/// Results that rules may read besides fields and features: score, PD, with an expert card its score, and in the review of an
/// account with early warning its level.
pub(crate) const RESERVED: [&str; 4] = [SCORE, "pd", EXPERT_SCORE, WARNING_LEVEL];
