//! What would have to change for a wished result: the fewest changes of allowed fields, then the cheapest, each decided
//! anew by the scorer before it is named.

mod candidates;
mod search;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::answer::{Answer, Decision};
use super::scorer::Scorer;
use crate::data::{Date, Field, Kind, Row, Sensitivity, Value};
use crate::decision::Outcome;
use crate::error::{Problem, Problems, Result};
use crate::tier::RiskTier;

/// What result is wished for, and what may change for it.
///
/// A field is only ever changed when `allowed` lists it, and it never moves to a missing value, a special code or a level
/// that training did not see, nor moves a feature there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CounterfactualConfig {
    /// The wished result.
    pub target: Target,
    /// What may change.
    pub allowed: Vec<AllowedChange>,
    /// Fields that may change together, 1 to 5.
    #[serde(default = "three")]
    pub max_changes: usize,
    /// Answers to look for, 1 to 20; each changes another set of fields.
    #[serde(default = "three")]
    pub alternatives: usize,
}

fn three() -> usize {
    3
}

/// A wished result.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Target {
    /// A score of at least this.
    Score {
        /// Points.
        at_least: f64,
    },
    /// A PD of at most this.
    Pd {
        /// In (0, 1).
        at_most: f64,
    },
    /// This tier or a better one, after rules.
    Tier {
        /// The tier.
        at_least: RiskTier,
    },
    /// This outcome or a milder one.
    Outcome {
        /// Approve or refer.
        at_least: Outcome,
    },
}

/// A field that may change, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowedChange {
    /// The field.
    pub field: String,
    /// Which way a number or a day may move; both ways, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Move>,
    /// Least number that may be proposed; for a day the days since 1970-01-01.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Largest number that may be proposed; for a day the days since 1970-01-01.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Levels that may be proposed; when absent, those in the bins of the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<Vec<String>>,
    /// What one step costs; above 0. For a number or a day a step is one change, on the way, of a bin or of a rule's
    /// condition; a change of level or flag is one step.
    #[serde(default = "one")]
    pub cost: f64,
}

fn one() -> f64 {
    1.0
}

/// Which way a number may move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// Only up, or later.
    Increase,
    /// Only down, or earlier.
    Decrease,
}

/// What would lead to the wished result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counterfactuals {
    /// Whether the record already has the result; then there are no alternatives.
    pub reached: bool,
    /// Fewest changes first, then the cheapest, then by the order of the allowed fields. No change of an alternative can
    /// be left out.
    pub alternatives: Vec<Counterfactual>,
    /// Whether every combination was ruled out or decided: the alternatives are then minimal. False when the search
    /// stopped at its limit of decisions.
    pub complete: bool,
}

/// One way to the wished result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counterfactual {
    /// The changes, in the order of the allowed fields.
    pub changes: Vec<Change>,
    /// Sum of the costs of the changes.
    pub cost: f64,
    /// What the changed record is given.
    pub answer: Answer,
}

/// A change of one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The field.
    pub field: String,
    /// Its present value.
    pub from: ProposedValue,
    /// The proposed value.
    pub to: ProposedValue,
    /// Steps between them; see [`AllowedChange::cost`].
    pub steps: u32,
}

/// A value that is not missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ProposedValue {
    /// A flag.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A calendar day.
    Date(Date),
    /// A level.
    Level(String),
}

impl ProposedValue {
    /// `None` for a missing value.
    fn new(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Missing => None,
            Value::Number(x) => Some(ProposedValue::Number(x)),
            Value::Category(level) => Some(ProposedValue::Level(level.to_owned())),
            Value::Flag(flag) => Some(ProposedValue::Flag(flag)),
            Value::Date(day) => Some(ProposedValue::Date(day)),
        }
    }

    fn value(&self) -> Value<'_> {
        match self {
            ProposedValue::Number(x) => Value::Number(*x),
            ProposedValue::Level(level) => Value::Category(level),
            ProposedValue::Flag(flag) => Value::Flag(*flag),
            ProposedValue::Date(day) => Value::Date(*day),
        }
    }
}

impl AllowedChange {
    /// Any change of `field`, each step at a cost of 1.
    #[must_use]
    pub fn new(field: impl Into<String>) -> Self {
        AllowedChange { field: field.into(), direction: None, min: None, max: None, levels: None, cost: one() }
    }

    fn validate(&self, field: &Field, problems: &mut Problems) {
        let mut require = |ok: bool, what: &str, remedy: &str| problems.require(ok, &self.field, what, remedy);
        let ordered = matches!(field.kind, Kind::Number | Kind::Date);
        let bounds = self.direction.is_some() || self.min.is_some() || self.max.is_some();
        require(ordered || !bounds, "only a number or a day has a direction and bounds", "remove them");
        require(field.kind == Kind::Category || self.levels.is_none(), "only a category has levels", "remove them");
        require(self.cost > 0.0 && self.cost <= 1e9, "the cost of a step must be positive, at most 10^9", "use 1");
        let (min, max) = (self.min.unwrap_or(f64::MIN), self.max.unwrap_or(f64::MAX));
        require(min.is_finite() && max.is_finite() && min <= max, "min must be finite and at most max", "exchange or drop them");
        require(field.sensitivity == Sensitivity::Open, "a protected field is never proposed as a change", "remove it");
    }
}

impl CounterfactualConfig {
    /// Up to three ways of at most three changes.
    #[must_use]
    pub fn new(target: Target, allowed: Vec<AllowedChange>) -> Self {
        CounterfactualConfig { target, allowed, max_changes: three(), alternatives: three() }
    }

    /// Checks the ranges and that `scorer` can give the wished result.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self, scorer: &Scorer) -> Result<()> {
        let mut problems = Problems::default();
        let usable = match self.target {
            Target::Score { at_least } => at_least.is_finite(),
            Target::Pd { at_most } => 0.0 < at_most && at_most < 1.0,
            Target::Tier { .. } => scorer.verdicts.tier.is_some(),
            Target::Outcome { at_least } => scorer.verdicts.decides() && at_least != Outcome::Decline,
        };
        let remedy =
            "ask for a finite score, a PD within (0, 1), or a tier or an outcome (approve, refer) that the policies give";
        problems.require(usable, "target", "the result cannot be wished for", remedy);
        problems.require(!self.allowed.is_empty(), "allowed", "nothing may change", "list at least one field");
        problems.require((1..=5).contains(&self.max_changes), "max_changes", "must lie between 1 and 5", "use 3");
        problems.require((1..=20).contains(&self.alternatives), "alternatives", "must lie between 1 and 20", "use 3");
        let mut names = BTreeSet::new();
        for change in &self.allowed {
            problems.require(names.insert(&change.field), &change.field, "the field is allowed twice", "list it once");
            match scorer.schema().fields.iter().find(|field| field.name == change.field) {
                Some(field) => change.validate(field, &mut problems),
                None => problems.push(Problem::new("there is no such field", "name an input field").field(&change.field)),
            }
        }
        problems.into_result()
    }
}

impl Target {
    /// Whether the decision is the wished result or better.
    fn reached(&self, decision: &Decision) -> bool {
        match *self {
            Target::Score { at_least } => decision.score >= at_least,
            Target::Pd { at_most } => decision.pd <= at_most,
            Target::Tier { at_least } => decision.tier.is_some_and(|tier| tier <= at_least),
            Target::Outcome { at_least } => decision.outcome.is_some_and(|outcome| outcome <= at_least),
        }
    }
}

impl Scorer {
    /// The smallest changes of allowed fields that lead to the wished result. Every one named was decided anew, with
    /// `as_of` as in [`Scorer::decide`], so the answer beside it is what the changed record would get. The same inputs
    /// give the same alternatives.
    ///
    /// Candidates for a number or a day are the values nearest to the present one at which a bin of a card, the choice of
    /// the card or the condition of a rule changes while the other fields stay; they have as many decimals as the present
    /// value when such a value has that effect. So fields that enter directly and derived features are searched through,
    /// with these limits: when two changed fields meet in one feature, only the values that are candidates of each alone
    /// are tried together; an effect of a derived feature that comes and goes within a factor of 2 of the distance may be
    /// passed over; limits and prices are decided anew but not searched for values at which they change; what moves
    /// steadily, an offset or an expert card, is only stopped at where the change alone leads to the result. Where more
    /// counts than one plain card, nothing can be ruled out beforehand, and the search takes longer. A field that is
    /// missing or a special code now is not changed.
    ///
    /// ```
    /// use scoreline::pipeline::{AllowedChange, CounterfactualConfig, ProposedValue, Target};
    /// # use scoreline::{Batch, Column, Field, Kind, PipelineConfig, Schema, Scorer, Threads, Value};
    /// # let income: Vec<f64> = (0..400).map(|i| f64::from(i % 97)).collect();
    /// # let bad: Vec<f64> = (0..400).map(|i| f64::from(u8::from(i % 97 < 40 && i % 3 != 0))).collect();
    /// # let loans = Batch::new(400).with("income", Column::numbers(income))?.with("bad", Column::numbers(bad))?;
    /// # let schema = Schema { fields: vec![Field::new("income", Kind::Number)] };
    /// # let pipeline = scoreline::fit(&[loans], PipelineConfig::new(schema, "bad"), Threads::All)?;
    /// let scorer = Scorer::new(&pipeline)?;
    /// let wish = CounterfactualConfig::new(Target::Pd { at_most: 0.1 }, vec![AllowedChange::new("income")]);
    /// let found = scorer.counterfactuals(&[Value::Number(12.0)][..], None, &wish)?;
    /// assert_eq!(found.alternatives[0].changes[0].to, ProposedValue::Number(38.0));
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`CounterfactualConfig::validate`]; otherwise those of [`Scorer::decide`].
    pub fn counterfactuals<R: Row + ?Sized>(
        &self,
        row: &R,
        as_of: Option<Date>,
        config: &CounterfactualConfig,
    ) -> Result<Counterfactuals> {
        config.validate(self)?;
        if config.target.reached(&self.decide(row, as_of)?) {
            return Ok(Counterfactuals { reached: true, alternatives: Vec::new(), complete: true });
        }
        let fields = candidates::find(candidates::Wish { scorer: self, as_of, config }, row)?;
        search::Search::new(self, row, as_of, config, &fields)?.run()
    }
}
