//! Every reason that a decision can give, and which of them the score gives.

use std::ops::Range;

use super::card::MAX_BINS;
use super::fitted::{Pipeline, Reason};
use crate::binning::FeatureBins;
use crate::decision::{Cause, MAX_REASONS, Reasons};
use crate::error::{Error, Problem, Problems, Result};
use crate::model::Logistic;
use crate::scorecard::{Scorecard, is_reason, rank_key, rank_place};

/// Every reason that a decision can give, numbered, and what each bin costs.
#[derive(Debug, Clone)]
pub(super) struct ReasonTable {
    all: Vec<Reason>,
    strong: u8,
    weak: u8,
    policy: u8,
    /// First of the reasons that do not come from rules or the score.
    built_in: u8,
    score: ScoreReasons,
}

/// The reasons of one card: what each bin costs by the card's policy.
#[derive(Debug, Clone)]
pub(super) struct ScoreReasons {
    /// In the order of the card.
    all: Vec<ScoreReason>,
    /// Variable and what its bins cost; the variables of a reason lie side by side.
    costs: Vec<(usize, [f64; MAX_BINS])>,
    /// Reasons in an answer until which the score adds its own.
    count: usize,
    /// Place of the reason that counts inquiries.
    inquiries: Option<usize>,
}

/// A reason of the score: the variables that share its code are added up.
#[derive(Debug, Clone)]
struct ScoreReason {
    id: u8,
    /// Where its variables lie in `costs`.
    variables: Range<usize>,
}

/// Reasons that follow from price, limit and request.
const BUILT_IN: [(&str, &str); 3] = [
    ("NO_LEGAL_PRICE", "No price within the law covers the risk"),
    ("LIMIT_BELOW_MINIMUM", "The limit lies below the smallest loan offered"),
    ("INCOMPLETE_REQUEST", "Amount, term or another input of the request is missing"),
];

impl ReasonTable {
    pub(super) fn new(pipeline: &Pipeline) -> Result<Self> {
        let rule = |code: &String, text: &String| Reason { code: code.clone(), text: text.clone() };
        let mut all: Vec<Reason> = Vec::new();
        if let Some(tier) = &pipeline.tier {
            all.extend(tier.strong.iter().map(|r| rule(&r.code, &r.reason)));
        }
        let weak = all.len();
        if let Some(tier) = &pipeline.tier {
            all.extend(tier.weak.iter().map(|r| rule(&r.code, &r.reason)));
        }
        let policy = all.len();
        if let Some(decision) = &pipeline.decision {
            all.extend(decision.rules.iter().map(|r| rule(&r.code, &r.reason)));
        }
        let built_in = all.len();
        all.extend(BUILT_IN.map(|(code, text)| Reason { code: code.to_owned(), text: text.to_owned() }));
        let first_score = all.len();
        all.extend(pipeline.reasons.iter().cloned());
        if all.len() >= usize::from(u8::MAX) {
            return Err(Error::config(
                Problem::new("there are more than 254 reasons", "merge or remove reasons").field("reasons"),
            ));
        }
        let number =
            |code: &str| all[first_score..].iter().position(|reason| reason.code == code).map(|i| (first_score + i) as u8);
        let score = ScoreReasons::new(&pipeline.bins, &pipeline.model, &pipeline.scorecard, number)?;
        Ok(ReasonTable { all, strong: 0, weak: weak as u8, policy: policy as u8, built_in: built_in as u8, score })
    }

    pub(super) fn all(&self) -> &[Reason] {
        &self.all
    }

    /// The reason of a cause; a tier has none of its own, the score's reasons explain it.
    pub(super) fn of(&self, cause: Cause) -> Option<u8> {
        match cause {
            Cause::Strong(i) => Some(self.strong + i),
            Cause::Weak(i) => Some(self.weak + i),
            Cause::Policy(i) => Some(self.policy + i),
            Cause::NoLegalPrice => Some(self.built_in),
            Cause::LimitBelowMinimum => Some(self.built_in + 1),
            Cause::MissingRequest => Some(self.built_in + 2),
            Cause::Tier => None,
        }
    }

    /// Fills the room that is left with the reasons of the score.
    pub(super) fn fill(&self, reasons: &mut Reasons, code: &impl Fn(usize) -> u8) {
        self.score.fill(reasons, code);
    }
}

impl ScoreReasons {
    /// Resolves the reasons of a card; `number` gives the number of a code.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when a code has no text or the policy is not usable.
    pub(super) fn new(
        bins: &[FeatureBins],
        model: &Logistic,
        card: &Scorecard,
        number: impl Fn(&str) -> Option<u8>,
    ) -> Result<Self> {
        let mut problems = Problems::default();
        problems.absorb("scorecard.reasons", card.reasons.validate());
        let baselines = card.baselines(bins, model);
        let variables = || card.variables.iter().zip(&baselines).enumerate();
        let (mut all, mut costs): (Vec<ScoreReason>, Vec<_>) = (Vec::new(), Vec::new());
        for variable in &card.variables {
            let Some(id) = number(&variable.reason) else {
                problems.require(false, &variable.feature, "the reason code of the variable has no text", "add it under reasons");
                continue;
            };
            if all.iter().any(|reason| reason.id == id) {
                continue;
            }
            let first = costs.len();
            for (i, (variable, &baseline)) in variables().filter(|(_, (other, _))| other.reason == variable.reason) {
                let mut cost = [0.0; MAX_BINS];
                cost.iter_mut().zip(variable.costs(baseline)).for_each(|(slot, cost)| *slot = cost);
                costs.push((i, cost));
            }
            all.push(ScoreReason { id, variables: first..costs.len() });
        }
        problems.into_result()?;
        // A code that no variable of this card has is of another card, or never a reason.
        let inquiries = card.reasons.inquiries.as_deref().and_then(number);
        let inquiries = inquiries.and_then(|id| all.iter().position(|reason| reason.id == id));
        Ok(ScoreReasons { all, costs, count: usize::from(card.reasons.count).min(MAX_REASONS), inquiries })
    }

    /// Fills the room that is left with the reasons that cost most points: largest first, equal ones in the order of the
    /// card. Points that agree in 13 digits are equal.
    pub(super) fn fill(&self, reasons: &mut Reasons, code: &impl Fn(usize) -> u8) {
        // The four largest keys are kept without a branch.
        let mut best = [0u64; MAX_REASONS];
        for place in 0..self.all.len() {
            let mut key = self.key(place, code);
            for kept in &mut best {
                (*kept, key) = ((*kept).max(key), (*kept).min(key));
            }
        }
        let taken = reasons.as_slice().len();
        let mut count = self.count.saturating_sub(taken);
        if let Some(place) = self.inquiries {
            let key = self.key(place, code);
            if is_reason(key) && !best[..count].contains(&key) && taken < MAX_REASONS {
                count = (count + 1).min(MAX_REASONS - taken);
                best[count - 1] = key;
            }
        }
        for &key in &best[..count] {
            match self.all.get(rank_place(key)) {
                Some(reason) if is_reason(key) && reasons.push(reason.id) => {}
                _ => return,
            }
        }
    }

    /// The key of the reason at `place`; see [`rank_key`].
    #[inline(always)]
    fn key(&self, place: usize, code: &impl Fn(usize) -> u8) -> u64 {
        let variables = self.all.get(place).and_then(|reason| self.costs.get(reason.variables.clone()));
        let cost =
            variables.unwrap_or_default().iter().map(|(variable, costs)| costs[usize::from(code(*variable)) % MAX_BINS]).sum();
        rank_key(cost, place)
    }
}

#[cfg(test)]
mod tests;
