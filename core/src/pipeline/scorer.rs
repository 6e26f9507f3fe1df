//! The pipeline resolved for speed: one path for a record and for a batch.

use std::collections::BTreeSet;

use arrayvec::ArrayVec;

use super::answer::{Answer, Decision};
use super::fitted::{Pipeline, Reason};
use super::policies::{Expressions, Policies};
use super::prices::DatedPrices;
use super::verdict::ReasonTable;
use crate::binning::Lookup;
use crate::data::{Date, Field, Row, Schema, Value};
use crate::decision::DecisionTable;
use crate::error::{Error, Problem, Problems, Result};
use crate::expr::Expr;
use crate::features::{FeaturePlan, MAX_FEATURES};
use crate::limit::LimitPolicy;
use crate::math::logistic;
use crate::model::MAX_VARIABLES;
use crate::pricing::Price;
use crate::scorecard::{PdFrom, Scaling};
use crate::tier::{ByTier, MAX_RULES, TierTable};

/// Bins of one variable; codes are below it, so a table look-up needs no bounds check.
pub(super) const MAX_BINS: usize = 64;

/// The most that one bin can add to score or log-odds, in size.
const MAX_TERM: f64 = 1e9;

/// The most expressions that yield amounts: two for the request, two for each limit candidate.
const MAX_AMOUNTS: usize = 2 + 2 * 64;

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
    required: Vec<usize>,
    /// Which features are ever computed.
    live: Vec<bool>,
    pub(super) slots: Vec<usize>,
    pub(super) lookups: Vec<Lookup>,
    /// Log-odds and points by variable and bin, side by side so that one addition serves both.
    pub(super) tables: Vec<[[f64; 2]; MAX_BINS]>,
    pub(super) intercept: f64,
    scaling: Scaling,
    pub(super) expressions: Expressions,
    pub(super) tier: Option<TierTable>,
    strong: usize,
    weak: usize,
    limit: Option<LimitPolicy>,
    /// First amount expression of each limit candidate.
    limit_inputs: Vec<usize>,
    prices: Option<DatedPrices>,
    decision: Option<DecisionTable>,
    pub(super) decimals: u32,
    pub(super) reasons: ReasonTable,
}

impl Scorer {
    /// Resolves a pipeline.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when its parts do not fit together.
    pub fn new(pipeline: &Pipeline) -> Result<Self> {
        let plan = FeaturePlan::new(&pipeline.schema, &pipeline.features)?;
        let expressions = Policies::from(pipeline).resolve(&plan)?;
        check_card(pipeline, &plan)?;
        let slots = pipeline.bins.iter().map(|bins| plan.slot(&bins.feature)).collect::<Result<Vec<_>>>()?;
        let special = |slot: usize| plan.schema().fields.get(slot).map_or(&[][..], |field| &field.special);
        let lookups = pipeline.bins.iter().zip(&slots).map(|(bins, &slot)| Lookup::new(bins, special(slot))).collect();
        let mut tables = Vec::new();
        for ((bins, variable), coefficient) in
            pipeline.bins.iter().zip(&pipeline.scorecard.variables).zip(&pipeline.model.coefficients)
        {
            let mut table = [[0.0; 2]; MAX_BINS];
            for (entry, (bin, points)) in table.iter_mut().zip(bins.bins.iter().zip(&variable.points)) {
                *entry = [coefficient.value * bin.woe, *points];
            }
            tables.push(table);
        }
        let mut needed = BTreeSet::new();
        slots.iter().for_each(|&slot| plan.add_sources(slot, &mut needed));
        let read = expressions.conditions.iter().chain(&expressions.amounts).flat_map(Expr::reads);
        read.filter(|&&slot| slot < plan.slots()).for_each(|&slot| plan.add_sources(slot, &mut needed));
        let first_feature = plan.schema().fields.len();
        let tier = pipeline.tier.as_ref();
        let mut first_amount = if pipeline.pricing.is_some() { 2 } else { 0 };
        let limit_inputs = pipeline.limit.iter().flat_map(|limit| &limit.candidates).map(|candidate| {
            let first = first_amount;
            first_amount += candidate.rule.expressions().into_iter().flatten().count();
            first
        });
        Ok(Scorer {
            required: needed.iter().copied().take_while(|&slot| slot < first_feature).collect(),
            live: (0..pipeline.features.len()).map(|feature| needed.contains(&(first_feature + feature))).collect(),
            slots,
            lookups,
            tables,
            intercept: pipeline.model.intercept.value,
            scaling: pipeline.scorecard.scaling.clone(),
            limit_inputs: limit_inputs.collect(),
            limit: pipeline.limit.clone(),
            tier: tier.map(|tier| tier.resolve()).transpose()?,
            strong: tier.map_or(0, |tier| tier.strong.len()),
            weak: tier.map_or(0, |tier| tier.weak.len()),
            prices: pipeline.pricing.as_ref().map(|pricing| DatedPrices::new(pricing, tier_pds(pipeline)?)).transpose()?,
            decision: match (&pipeline.decision, tier) {
                (Some(decision), Some(tier)) => Some(decision.resolve(tier)?),
                _ => None,
            },
            decimals: pipeline.pricing.as_ref().map_or(2, |pricing| pricing.decimals),
            reasons: ReasonTable::new(pipeline)?,
            plan,
            expressions,
        })
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
        self.reasons.all()
    }

    /// A reason of a decision.
    #[must_use]
    pub fn reason(&self, index: u8) -> Option<&Reason> {
        self.reasons().get(usize::from(index))
    }

    /// Names of the limit candidates, by the index that decisions give as binding.
    pub fn limit_names(&self) -> impl Iterator<Item = &str> {
        self.limit.iter().flat_map(|limit| &limit.candidates).map(|candidate| candidate.name.as_str())
    }

    /// Decimals of money in decisions.
    #[must_use]
    pub fn decimals(&self) -> u32 {
        self.decimals
    }

    /// Decides one record, cells in the order of the schema; fields beyond its end are missing. `as_of` is
    /// the day of the decision, needed when rate caps are declared.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming the field whose value is of the wrong kind or infinite.
    pub fn decide<R: Row + ?Sized>(&self, row: &R, as_of: Option<Date>) -> Result<Decision> {
        let prices = self.prices_on(as_of)?;
        let fields = &self.schema().fields;
        for &field in &self.required {
            fields[field].check(row.value(field))?;
        }
        let checked = |field: &Field, slot: usize| field.check(row.value(slot)).unwrap_or_default();
        let mut features: ArrayVec<Value<'_>, MAX_FEATURES> = ArrayVec::new();
        for (expression, live) in self.plan.expressions().iter().zip(&self.live) {
            let value = if *live {
                expression.program().eval(|slot| match fields.get(slot) {
                    Some(field) => field.plain(checked(field, slot)),
                    None => features[slot - fields.len()],
                })
            } else {
                Value::Missing
            };
            features.push(value);
        }
        let mut codes: ArrayVec<u8, MAX_VARIABLES> = ArrayVec::new();
        let mut unseen = 0u8;
        let mut sums = [self.intercept, 0.0];
        for ((lookup, &slot), table) in self.lookups.iter().zip(&self.slots).zip(&self.tables) {
            let value = fields.get(slot).map_or_else(|| features[slot - fields.len()], |field| checked(field, slot));
            let (code, fresh) = lookup.code(value);
            add_bin(&mut sums, table, code);
            unseen = unseen.saturating_add(u8::from(fresh));
            codes.push(code);
        }
        let (score, pd) = self.score_and_pd(sums);
        let load = |slot: usize| match fields.get(slot) {
            Some(field) => field.plain(checked(field, slot)),
            None => match features.get(slot - fields.len()) {
                Some(value) => *value,
                None if slot == self.plan.slots() => Value::Number(score),
                None => Value::Number(pd),
            },
        };
        let conditions: ArrayVec<Option<bool>, { 3 * MAX_RULES }> =
            self.expressions.conditions.iter().map(|condition| as_flag(condition.program().eval(load))).collect();
        let amounts: ArrayVec<f64, MAX_AMOUNTS> =
            self.expressions.amounts.iter().map(|amount| amount.program().eval(load).as_number()).collect();
        let facts = Facts {
            score,
            pd,
            unseen,
            condition: |i: usize| conditions[i],
            amount: |i: usize| amounts[i],
            code: |variable: usize| codes[variable],
        };
        Ok(self.conclude(&facts, prices))
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
        }
    }

    pub(super) fn prices_on(&self, as_of: Option<Date>) -> Result<Option<&crate::pricing::PriceTable>> {
        self.prices.as_ref().map(|prices| prices.on(as_of)).transpose()
    }

    pub(super) fn score_and_pd(&self, [eta, points]: [f64; 2]) -> (f64, f64) {
        let pd = match self.scaling.pd_from {
            PdFrom::Model => logistic(eta),
            PdFrom::Points => self.scaling.pd_at(points),
        };
        (points, pd)
    }

    pub(super) fn policy_parts(&self) -> (Option<&LimitPolicy>, &[usize], Option<&DecisionTable>, usize, usize) {
        (self.limit.as_ref(), &self.limit_inputs, self.decision.as_ref(), self.strong, self.weak)
    }
}

/// What the concluding stages need to know of a record, however it was computed.
pub(super) struct Facts<C, A, B> {
    pub(super) score: f64,
    pub(super) pd: f64,
    pub(super) unseen: u8,
    /// Conditions of strong, weak and policy rules.
    pub(super) condition: C,
    /// Amounts, NaN when missing.
    pub(super) amount: A,
    /// Bin codes by variable.
    pub(super) code: B,
}

/// Adds what a bin contributes to the log-odds and to the points.
#[inline(always)]
pub(super) fn add_bin(sums: &mut [f64; 2], table: &[[f64; 2]; MAX_BINS], code: u8) {
    let entry = table[usize::from(code) % MAX_BINS];
    sums[0] += entry[0];
    sums[1] += entry[1];
}

fn as_flag(value: Value<'_>) -> Option<bool> {
    if let Value::Flag(flag) = value { Some(flag) } else { None }
}

fn tier_pds(pipeline: &Pipeline) -> Result<ByTier<f64>> {
    ByTier::try_from_fn(|tier| {
        let found = pipeline.tiers.iter().find(|summary| summary.tier == tier);
        found.map(|summary| summary.pd).ok_or_else(|| {
            Error::config(Problem::new(format!("the PD of tier {tier} is missing"), "list all four tiers").field("tiers"))
        })
    })
}

/// Bins, model and points describe the same variables.
fn check_card(pipeline: &Pipeline, plan: &FeaturePlan) -> Result<()> {
    let mut problems = Problems::default();
    problems.absorb("scorecard.scaling", pipeline.scorecard.scaling.validate());
    let count = pipeline.bins.len();
    let same = pipeline.model.coefficients.len() == count && pipeline.scorecard.variables.len() == count;
    problems.require(
        same && (1..=MAX_VARIABLES).contains(&count),
        "scorecard",
        "bins, model and points list different variables",
        "list the same 1 to 128 variables in each, in one order",
    );
    // Within the bounds here and on points, no sum can leave the range of a double.
    let finite = |coefficient: &crate::model::Coefficient| coefficient.value.abs() <= MAX_TERM;
    problems.require(
        finite(&pipeline.model.intercept) && pipeline.model.coefficients.iter().all(finite),
        "model",
        "a coefficient is not finite or exceeds 10^9",
        "correct it",
    );
    let mut sources = BTreeSet::new();
    for ((bins, variable), coefficient) in
        pipeline.bins.iter().zip(&pipeline.scorecard.variables).zip(&pipeline.model.coefficients)
    {
        let named = bins.feature == variable.feature && bins.feature == coefficient.variable;
        problems.require(
            named,
            &bins.feature,
            "bins, model and points list variables in different orders",
            "list them in one order",
        );
        let Some(slot) = problems.absorb(&bins.feature, plan.slot(&bins.feature)) else { continue };
        plan.add_sources(slot, &mut sources);
        let special = plan.schema().fields.get(slot).map_or(0, |field| field.special.len());
        problems.absorb(&bins.feature, bins.validate(special));
        let fits = variable.points.len() == bins.bins.len()
            && bins.bins.len() <= MAX_BINS
            && variable.points.iter().all(|points| points.abs() <= MAX_TERM)
            && bins.bins.iter().all(|bin| (coefficient.value * bin.woe).abs() <= MAX_TERM);
        problems.require(
            fits,
            &bins.feature,
            "points and bins differ in number, are too many, or a number of theirs is not finite or exceeds 10^9",
            "give each of at most 64 bins its points",
        );
        let by_level = matches!(bins.split, crate::binning::Split::Category { .. });
        problems.require(
            by_level == (plan.kind(slot) == crate::Kind::Category),
            &bins.feature,
            "the bins are of another kind than the field",
            "use levels for categories and cuts for the rest",
        );
    }
    problems.absorb("scorecard", plan.refuse_protected(&sources, &pipeline.protected_use, "the score"));
    problems.into_result()
}
