//! The pipeline resolved for speed: one path for a record and for a batch.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::answer::{Answer, Decision};
use super::card::Card;
use super::cards::Cards;
use super::explain::Explainer;
use super::fitted::{Pipeline, Reason};
use super::policies::{Expressions, Policies};
use super::record::{Amounts, AnyRow, Conditions, MAX_REQUIRED, Record};
use super::review::ReviewTable;
use super::verdict::Verdicts;
use crate::data::{Date, Row, Schema, Value};
use crate::error::{Error, Problem, Result};
use crate::features::as_of::{AsOfPlan, AsOfSet};
use crate::features::window::{EventSet, WindowPlan};
use crate::features::{FeaturePlan, declared};
use crate::pricing::Price;

/// A pipeline ready to decide: immutable, `Send + Sync`, and free of allocation for each record.
///
/// ```no_run
/// use scoreline::{Artefact, Date, Value};
/// let scorer = Artefact::load("model.json")?.scorer()?;
/// let income = scorer.field("income")?;
/// let mut row = scorer.record();
/// row[income] = Value::Number(4_200.0);
/// let decision = scorer.decide(&row, Some(Date::parse("2026-11-21")?))?;
/// println!("{} {:?}", decision.score, decision.outcome);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Scorer {
    pub(super) plan: FeaturePlan,
    windows: Option<Arc<WindowPlan>>,
    joins: Option<Arc<AsOfPlan>>,
    pub(super) required: Vec<usize>,
    /// Where a field stands in `required`, by field.
    pub(super) place: Vec<usize>,
    /// Which features are ever computed.
    pub(super) live: Vec<bool>,
    pub(super) cards: Cards,
    pub(super) expressions: Expressions,
    pub(super) verdicts: Verdicts,
    /// How accounts in the book are reviewed; none without a review policy.
    pub(super) review: Option<Arc<ReviewTable>>,
    /// By card.
    pub(super) explainers: Vec<Explainer>,
}

impl Scorer {
    /// Resolves a pipeline.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when its parts do not fit together.
    pub fn new(pipeline: &Pipeline) -> Result<Self> {
        let plan = FeaturePlan::new(&pipeline.schema, &pipeline.features)?;
        let windows = |events: &EventSet| {
            let windows = WindowPlan::new(events)?;
            declared(&events.fields(), &pipeline.schema).map(|()| Arc::new(windows))
        };
        let joins = |joins: &AsOfSet| {
            let joins = AsOfPlan::new(joins)?;
            declared(&joins.fields(), &pipeline.schema).map(|()| Arc::new(joins))
        };
        let expressions = Policies::from(pipeline).resolve(&plan)?;
        let cards = Cards::new(pipeline, &plan)?;
        let mut needed = BTreeSet::new();
        let policies = expressions.conditions.iter().chain(&expressions.amounts).chain(expressions.review.all());
        let read = cards.expressions().chain(policies).flat_map(|expression| expression.reads().iter().copied());
        for slot in cards.slots().chain(read).filter(|&slot| slot < plan.slots()) {
            plan.add_sources(slot, &mut needed);
        }
        let first_feature = plan.schema().fields.len();
        let required: Vec<usize> = needed.iter().copied().take_while(|&slot| slot < first_feature).collect();
        if required.len() > MAX_REQUIRED {
            let problem = Problem::new("more than 256 fields are read", "drop features and rules that read further fields");
            return Err(Error::config(problem.field("schema.fields")));
        }
        Ok(Scorer {
            place: (0..first_feature).map(|field| required.partition_point(|&other| other < field)).collect(),
            required,
            live: (first_feature..plan.slots()).map(|slot| needed.contains(&slot)).collect(),
            verdicts: Verdicts::new(pipeline)?,
            review: pipeline.review.as_ref().map(|review| ReviewTable::new(review).map(Arc::new)).transpose()?,
            explainers: pipeline.cards().map(Explainer::new).collect(),
            cards,
            expressions,
            plan,
            windows: pipeline.events.as_ref().map(windows).transpose()?,
            joins: pipeline.joins.as_ref().map(joins).transpose()?,
        })
    }

    /// The features over dated events, where the pipeline has any: what they give of an entity's events as of a day are values
    /// of the fields of the same names.
    #[must_use]
    pub fn windows(&self) -> Option<&Arc<WindowPlan>> {
        self.windows.as_ref()
    }

    /// The figures of side tables, where the pipeline has any: what they give of a record's keys as of a day are values of the
    /// fields of the same names.
    #[must_use]
    pub fn joins(&self) -> Option<&Arc<AsOfPlan>> {
        self.joins.as_ref()
    }

    /// The card of the rows that no segment takes.
    pub(super) fn card(&self) -> &Card {
        &self.cards.all()[self.cards.rest()]
    }

    /// The input fields.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        self.plan.schema()
    }

    /// Index of the field called `name`, for use in records.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when there is no such field.
    pub fn field(&self, name: &str) -> Result<usize> {
        self.schema().find(name)
    }

    /// Indices of the fields that can ever be read, rising. No other field changes any output.
    #[must_use]
    pub fn required(&self) -> &[usize] {
        &self.required
    }

    /// An empty record: every field missing.
    #[must_use]
    pub fn record<'a>(&self) -> Vec<Value<'a>> {
        vec![Value::Missing; self.schema().fields.len()]
    }

    /// Every reason that a decision can give, by index.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        self.verdicts.reasons.all()
    }

    /// A reason of a decision.
    #[must_use]
    pub fn reason(&self, index: u8) -> Option<&Reason> {
        self.reasons().get(usize::from(index))
    }

    /// Names of the limit candidates, by the index that decisions give as binding.
    pub fn limit_names(&self) -> impl Iterator<Item = &str> {
        self.verdicts.limit_names()
    }

    /// Decimals of money in decisions.
    #[must_use]
    pub fn decimals(&self) -> u32 {
        self.verdicts.decimals
    }

    /// Decides one record, cells in the order of the schema; fields beyond its end are missing. `as_of` is
    /// the day of the decision, needed when rate caps, overlays or other dated rules are declared.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming the field whose value is of the wrong kind or infinite.
    pub fn decide<R: Row + ?Sized>(&self, row: &R, as_of: Option<Date>) -> Result<Decision> {
        self.decide_row(&AnyRow(row), as_of)
    }

    fn decide_row(&self, row: &dyn Row, as_of: Option<Date>) -> Result<Decision> {
        let day = self.verdicts.on(as_of)?;
        self.with_record(row, |record| {
            let (conditions, amounts) = self.conditions_and_amounts(record);
            self.verdicts.conclude(&record.facts(&conditions, |i| amounts[i]), &day)
        })
    }

    pub(super) fn conditions_and_amounts(&self, record: &Record<'_>) -> (Conditions, Amounts) {
        let Expressions { conditions, amounts, .. } = &self.expressions;
        let conditions = conditions.iter().map(|one| record.eval(one, f64::NAN).as_flag()).collect();
        (conditions, amounts.iter().map(|one| record.eval(one, f64::NAN).as_number()).collect())
    }

    /// A decision in words and numbers.
    #[must_use]
    pub fn answer(&self, decision: &Decision) -> Answer {
        let (mut rate, mut rate_bound, mut raroc, mut rate_needed, mut rate_cap) = (None, None, None, None, None);
        match decision.price {
            Some(Price::Quote { rate: quoted, raroc: earned, bound }) => {
                (rate, rate_bound, raroc) = (Some(quoted), Some(bound), Some(earned))
            }
            Some(Price::NoLegalPrice { needed, cap }) => (rate_needed, rate_cap) = (Some(needed), Some(cap)),
            Some(Price::Unknown) | None => {}
        }
        Answer {
            score: decision.score,
            pd: decision.pd,
            tier: decision.tier,
            outcome: decision.outcome,
            limit: decision.limit,
            limit_binding: decision.binding.and_then(|binding| self.limit_names().nth(usize::from(binding))).map(str::to_owned),
            amount: decision.amount,
            instalment: decision.instalment,
            rate,
            rate_bound,
            raroc,
            rate_needed,
            rate_cap,
            reasons: decision
                .reasons
                .as_slice()
                .iter()
                .filter_map(|&reason| self.reason(reason))
                .map(|reason| reason.code.clone())
                .collect(),
            unseen: decision.unseen,
            expert_score: decision.expert_score,
            client_class: decision.client_class,
        }
    }
}
