//! The concluding stages, the same for a record and for a row of a batch: tier, limit, price, outcome
//! and reasons.

use std::ops::Range;

use super::answer::Decision;
use super::fitted::Pipeline;
use super::prices::DatedPrices;
use super::reasons::ReasonTable;
use crate::data::Date;
use crate::decision::{DecisionTable, Outcome, Reasons, Stages};
use crate::error::{Error, Problem, Result};
use crate::limit::{Limit, LimitPolicy, LimitRule};
use crate::pricing::{Money, Price, PriceTable, annuity_payment, whole_months};
use crate::tier::{ByTier, ClassPolicy, Measured, RiskTier, TierDay, TierResult, TierTable, TierTold, Told};

/// The policies of a pipeline, resolved. Conditions are numbered strong rules first, then weak rules, overlays and policy rules;
/// amounts start with the request when there are prices, then come the inputs of the limits and the second measure of the tier
/// matrix.
#[derive(Debug, Clone)]
pub(super) struct Verdicts {
    pub(super) tier: Option<TierTable>,
    /// Where the conditions of each kind of rule end, in order: strong, weak, overlays, policy.
    pub(super) ends: [usize; 4],
    /// The amount that is the second measure of the tier matrix.
    pub(super) bureau: Option<usize>,
    limit: Option<LimitPolicy>,
    /// First amount of each limit candidate.
    limit_inputs: Vec<usize>,
    prices: Option<DatedPrices>,
    decision: Option<DecisionTable>,
    classes: Option<ClassPolicy>,
    pub(super) decimals: u32,
    pub(super) reasons: ReasonTable,
}

/// What the conditions of all rules say.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RulesTold {
    /// Those of the tier policy.
    pub(super) tier: TierTold,
    /// Those of the decision policy.
    pub(super) policy: Told,
}

/// What the concluding stages need to know of a record, however it was computed.
pub(super) struct Facts<A, B, F> {
    pub(super) score: f64,
    pub(super) pd: f64,
    /// Score of the expert card; NaN without.
    pub(super) expert_score: f64,
    pub(super) unseen: u8,
    /// Number of its card.
    pub(super) card: usize,
    /// What the conditions of all rules say.
    pub(super) told: RulesTold,
    /// Amounts, NaN when missing.
    pub(super) amount: A,
    /// Bin codes by variable of its card.
    pub(super) code: B,
    /// What each factor of the expert card takes from its score.
    pub(super) taken: F,
}

impl Verdicts {
    /// Resolves policies that were checked.
    pub(super) fn new(pipeline: &Pipeline) -> Result<Self> {
        let tier = pipeline.tier.as_ref();
        let mut end = 0;
        let counts = tier.map_or([0; 3], |tier| [tier.strong.len(), tier.weak.len(), tier.overlays.len()]);
        let [strong, weak, overlays] = counts;
        let policy = pipeline.decision.as_ref().map_or(0, |decision| decision.rules.len());
        let ends = [strong, weak, overlays, policy].map(|count| {
            end += count;
            end
        });
        let mut next = if pipeline.pricing.is_some() { 2 } else { 0 };
        let limit_inputs: Vec<usize> = pipeline
            .limit
            .iter()
            .flat_map(|limit| &limit.candidates)
            .map(|candidate| {
                let first = next;
                next += candidate.rule.expressions().into_iter().flatten().count();
                first
            })
            .collect();
        Ok(Verdicts {
            limit_inputs,
            bureau: tier.and_then(|tier| tier.matrix.as_ref()).map(|_| next),
            limit: pipeline.limit.clone(),
            tier: tier.map(|tier| tier.resolve()).transpose()?,
            ends,
            prices: pipeline.pricing.as_ref().map(|pricing| DatedPrices::new(pricing, tier_pds(pipeline)?)).transpose()?,
            decision: match (&pipeline.decision, tier) {
                (Some(decision), Some(tier)) => Some(decision.resolve(tier)?),
                _ => None,
            },
            classes: pipeline.expert.as_ref().and_then(|expert| expert.classes),
            decimals: pipeline.pricing.as_ref().map_or(2, |pricing| pricing.decimals),
            reasons: ReasonTable::new(pipeline)?,
        })
    }

    /// The conditions of a kind of rule: strong, weak, overlays, policy.
    pub(super) fn kind(&self, kind: usize) -> Range<usize> {
        kind.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[kind]
    }

    /// The kind of rule of a condition, and its number among those.
    pub(super) fn rule(&self, condition: usize) -> Option<(usize, usize)> {
        let kind = self.ends.iter().position(|&end| condition < end)?;
        Some((kind, condition - self.kind(kind).start))
    }

    /// Number of rules of the tier policy.
    pub(super) fn tier_rules(&self) -> usize {
        self.ends[2]
    }

    /// What conditions in their order say, by kind of rule.
    pub(super) fn told(&self, conditions: &[Option<bool>]) -> RulesTold {
        let [strong, weak, overlays, policy] = self.ends;
        let told = |from: usize, to: usize| Told::of(conditions.get(from..to).unwrap_or(&[]).iter().copied());
        let tier = TierTold { strong: told(0, strong), weak: told(strong, weak), overlays: told(weak, overlays) };
        RulesTold { tier, policy: told(overlays, policy) }
    }

    /// How many of the first amounts the price is computed from: amount asked for and term, where there are prices.
    pub(super) fn price_inputs(&self) -> usize {
        if self.prices.is_some() { 2 } else { 0 }
    }

    /// Whether a limit rests on the term that the price is asked for.
    pub(super) fn term_limits(&self) -> bool {
        let candidates = self.limit.iter().flat_map(|limit| &limit.candidates);
        candidates.into_iter().any(|candidate| matches!(candidate.rule, LimitRule::DebtService { .. }))
    }

    /// Whether there is a policy that gives outcomes.
    pub(super) fn decides(&self) -> bool {
        self.decision.is_some()
    }

    /// The tier and the outcome of a score and a PD when no rule, price or limit speaks against it.
    pub(super) fn best_at(&self, score: f64, pd: f64) -> (Option<RiskTier>, Option<Outcome>) {
        let tier = self.tier.as_ref().map(|table| table.best_tier(score, pd));
        (tier, tier.zip(self.decision.as_ref()).map(|(tier, table)| table.by_tier(tier)))
    }

    /// Names of the limit candidates.
    pub(super) fn limit_names(&self) -> impl Iterator<Item = &str> {
        self.limit.iter().flat_map(|limit| &limit.candidates).map(|candidate| candidate.name.as_str())
    }

    /// What is in force on a day.
    pub(super) fn on(&self, as_of: Option<Date>) -> Result<Day<'_>> {
        Ok(Day { prices: self.prices.as_ref().map(|prices| prices.on(as_of)).transpose()?, tiers: self.tiers_on(as_of)? })
    }

    /// What of the tier policy is in force on a day.
    pub(super) fn tiers_on(&self, as_of: Option<Date>) -> Result<TierDay> {
        self.tier.as_ref().map_or_else(|| Ok(TierDay::default()), |table| table.on(as_of))
    }

    /// The tier by score, PD, second measure and rules.
    #[inline]
    pub(super) fn tier_of(
        &self,
        table: &TierTable,
        [score, pd]: [f64; 2],
        day: &TierDay,
        told: TierTold,
        amount: impl Fn(usize) -> f64,
    ) -> TierResult {
        table.assign_told(Measured { pd, score, bureau: self.bureau.map_or(f64::NAN, amount) }, day, told)
    }

    /// Amount asked for and term; NaN without prices.
    #[inline]
    fn request(&self, amount: impl Fn(usize) -> f64) -> [f64; 2] {
        if self.prices.is_some() { [amount(0), amount(1)] } else { [f64::NAN; 2] }
    }

    /// What the limit policy gives in a tier; `None` without one.
    #[inline]
    pub(super) fn limit_of(&self, tier: RiskTier, amount: impl Fn(usize) -> f64) -> Option<Limit> {
        let [_, term] = self.request(&amount);
        let input = |candidate: usize, i: usize| amount(self.limit_inputs[candidate] + i);
        self.limit.as_ref().map(|policy| policy.least(tier, term, input))
    }

    /// From score, rules and amounts to the decision.
    #[inline]
    pub(super) fn conclude<A, B, F>(&self, facts: &Facts<A, B, F>, day: &Day<'_>) -> Decision
    where
        A: Fn(usize) -> f64,
        B: Fn(usize) -> u8,
        F: Fn(usize) -> f64,
    {
        let mut result = Decision {
            score: facts.score,
            pd: facts.pd,
            tier: None,
            outcome: None,
            limit: None,
            binding: None,
            amount: None,
            instalment: None,
            price: None,
            reasons: Reasons::default(),
            unseen: facts.unseen,
            expert_score: Some(facts.expert_score).filter(|score| !score.is_nan()),
            client_class: None,
        };
        result.client_class = self.classes.and_then(|classes| result.expert_score.map(|score| classes.class(score)));
        if let Some(table) = &self.tier {
            let tier = self.tier_of(table, [facts.score, facts.pd], &day.tiers, facts.told.tier, &facts.amount);
            result.tier = Some(tier.tier);
            let prices = day.prices;
            let [asked, term] = self.request(&facts.amount);
            let limit = self.limit_of(tier.tier, &facts.amount);
            let mut offered = asked;
            if let Some(Limit::Known { amount, binding }) = limit {
                result.limit = Money::round_half_up(amount, self.decimals);
                result.binding = Some(binding);
                if amount > 0.0 && amount < asked {
                    offered = amount;
                }
            }
            if let Some(prices) = prices {
                let price = prices.price(tier.tier, offered, term);
                result.price = Some(price);
                if price != Price::Unknown {
                    result.amount = Money::round_half_up(offered, self.decimals);
                }
                if let (Price::Quote { rate, .. }, Some(months)) = (price, whole_months(term)) {
                    result.instalment = Money::round_half_up(annuity_payment(offered, rate / 12.0, months), self.decimals);
                }
            }
            if let Some(table) = &self.decision {
                let stages = Stages { tier, price: result.price, limit };
                let verdict = table.decide_told(&stages, facts.told.policy, |cause| self.reasons.of(cause));
                result.outcome = Some(verdict.outcome);
                result.reasons = verdict.reasons;
            }
        }
        result.price = result.price.filter(|price| *price != Price::Unknown);
        let score = self.reasons.of_card(facts.card);
        score.fill(&mut result.reasons, result.expert_score.is_some(), &facts.code, &facts.taken);
        result
    }
}

/// What is in force on a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day<'a> {
    /// The prices; none without a pricing policy.
    prices: Option<&'a PriceTable>,
    /// What of the tier policy.
    pub(super) tiers: TierDay,
}

fn tier_pds(pipeline: &Pipeline) -> Result<ByTier<f64>> {
    ByTier::try_from_fn(|tier| {
        let found = pipeline.tiers.iter().find(|summary| summary.tier == tier);
        found.map(|summary| summary.pd).ok_or_else(|| {
            Error::config(Problem::new(format!("the PD of tier {tier} is missing"), "list all four tiers").field("tiers"))
        })
    })
}
