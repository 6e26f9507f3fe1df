//! The fields that a pipeline can ever read, each with what it is read for: the least data that a decision needs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::fitted::Pipeline;
use super::scorer::Scorer;
use crate::error::Result;
use crate::expr::Expr;

/// A field that decisions read, and for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldUse {
    /// Name of the field.
    pub field: String,
    /// What it is read for, directly or through derived features; at least one, each once, in the order of [`Purpose`].
    pub purposes: Vec<Purpose>,
}

/// What a field is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Purpose {
    /// The choice of the card: the conditions of the segments.
    Segment,
    /// Score and PD: the variables of any card.
    Score,
    /// Log-odds that are known beforehand.
    Offset,
    /// The score of the expert card.
    Expert,
    /// The strong and weak rules of the risk tiers.
    TierRule,
    /// The limit.
    Limit,
    /// The price: the amount asked for and the term.
    Price,
    /// The rules of the decision policy.
    DecisionRule,
    /// The review of accounts in the book: limits and the action book.
    Review,
}

impl Purpose {
    /// The name used in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Purpose::Segment => "segment",
            Purpose::Score => "score",
            Purpose::Offset => "offset",
            Purpose::Expert => "expert",
            Purpose::TierRule => "tier_rule",
            Purpose::Limit => "limit",
            Purpose::Price => "price",
            Purpose::DecisionRule => "decision_rule",
            Purpose::Review => "review",
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Scorer {
    /// The fields that a decision can ever read, in the order of the schema, each with what it is read for. A field that is
    /// not listed changes no part of any decision, and need not be collected or stored for one. The same fields as
    /// [`Scorer::required`].
    #[must_use]
    pub fn minimal_data(&self) -> Vec<FieldUse> {
        let mut purposes: BTreeMap<usize, BTreeSet<Purpose>> = BTreeMap::new();
        let mut read = |slots: &mut dyn Iterator<Item = usize>, purpose: Purpose| {
            let mut sources = BTreeSet::new();
            // Slots after the plan's are results: score, PD and expert score.
            slots.filter(|&slot| slot < self.plan.slots()).for_each(|slot| self.plan.add_sources(slot, &mut sources));
            for slot in sources {
                purposes.entry(slot).or_default().insert(purpose);
            }
        };
        let reads = |expressions: &[Expr]| expressions.iter().flat_map(|one| one.reads().to_vec()).collect::<Vec<usize>>();
        read(&mut reads(self.cards.conditions()).into_iter(), Purpose::Segment);
        read(&mut self.cards.slots(), Purpose::Score);
        let offset = self.cards.offset().into_iter().flat_map(|offset| offset.reads().to_vec());
        read(&mut offset.into_iter(), Purpose::Offset);
        if let Some(expert) = self.cards.expert() {
            read(&mut expert.table().inputs().flat_map(|input| input.reads().iter().copied()), Purpose::Expert);
        }
        let (tier, decision) = self.expressions.conditions.split_at(self.verdicts.tier_rules());
        let (price, limit) = self.expressions.amounts.split_at(self.verdicts.price_inputs());
        let (limit, bureau) = limit.split_at(limit.len() - usize::from(self.verdicts.bureau.is_some()));
        for (expressions, purpose) in [
            (tier, Purpose::TierRule),
            (bureau, Purpose::TierRule),
            (limit, Purpose::Limit),
            (price, Purpose::Price),
            (decision, Purpose::DecisionRule),
        ] {
            read(&mut reads(expressions).into_iter(), purpose);
        }
        read(&mut self.expressions.review.all().flat_map(|one| one.reads().iter().copied()), Purpose::Review);
        if let (Some(term), true) = (price.get(1), self.verdicts.term_limits()) {
            read(&mut term.reads().iter().copied(), Purpose::Limit);
        }
        let field = |(slot, purposes): (usize, BTreeSet<Purpose>)| {
            let field = self.schema().fields.get(slot)?;
            Some(FieldUse { field: field.name.clone(), purposes: purposes.into_iter().collect() })
        };
        purposes.into_iter().filter_map(field).collect()
    }
}

impl Pipeline {
    /// The fields that a decision of this pipeline can ever read, each with what it is read for; see
    /// [`Scorer::minimal_data`]. What only training reads (target, weight, split) is not among them.
    ///
    /// ```
    /// use scoreline::{Pipeline, PipelineConfig};
    /// use scoreline::pipeline::Purpose;
    /// let config = PipelineConfig::from_json(r#"{
    ///     "schema": {"fields": [{"name": "sales", "kind": "number"}, {"name": "region", "kind": "category"}]}, "target": "",
    ///     "expert": {
    ///         "card": {"factors": [{"name": "size", "input": "sales", "weight": 100,
    ///             "curve": {"type": "linear", "points": [{"x": 0, "score": 0}, {"x": 200, "score": 100}]}}]},
    ///         "blend": {"weight": 1, "anchors": [{"score": 80, "pd": 0.01}, {"score": 40, "pd": 0.1}]}
    ///     }
    /// }"#)?;
    /// let needed = Pipeline::expert_only(&config)?.minimal_data()?;
    /// assert_eq!(needed.len(), 1);
    /// assert_eq!((needed[0].field.as_str(), &needed[0].purposes[..]), ("sales", &[Purpose::Expert][..]));
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Scorer::new`].
    pub fn minimal_data(&self) -> Result<Vec<FieldUse>> {
        Ok(Scorer::new(self)?.minimal_data())
    }
}
