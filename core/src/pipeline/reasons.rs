//! Every reason that a decision can give, and which of them the score gives.

use super::card::MAX_BINS;
use super::fitted::{Pipeline, Reason};
use crate::decision::{Cause, MAX_REASONS, Reasons};
use crate::error::{Error, Problem, Result};
use crate::model::MAX_VARIABLES;
use crate::scorecard::Scorecard;

/// Every reason that a decision can give, numbered, and the points that each bin loses.
#[derive(Debug, Clone)]
pub(super) struct ReasonTable {
    all: Vec<Reason>,
    strong: u8,
    weak: u8,
    policy: u8,
    /// First of the reasons that do not come from rules or the score.
    built_in: u8,
    /// The score's reasons, by card.
    score: Vec<CardReasons>,
}

/// The reasons of one card.
#[derive(Debug, Clone)]
struct CardReasons {
    /// In the order of the card.
    reasons: Vec<ScoreReason>,
    /// Variable and its points below the maximum by bin; the variables of a reason lie side by side.
    lost: Vec<(usize, [f64; MAX_BINS])>,
}

/// A reason of the score: the variables that share its code are added up.
#[derive(Debug, Clone)]
struct ScoreReason {
    id: u8,
    /// Where its variables lie in `lost`.
    variables: std::ops::Range<usize>,
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
        let texts = &all[first_score..];
        let score = pipeline.cards().map(|card| CardReasons::new(card.scorecard, texts, first_score)).collect::<Result<_>>()?;
        if all.len() >= usize::from(u8::MAX) {
            return Err(Error::config(
                Problem::new("there are more than 254 reasons", "merge or remove reasons").field("reasons"),
            ));
        }
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

    /// Fills the room that is left with the reasons of a card, see [`CardReasons::fill`].
    pub(super) fn fill(&self, reasons: &mut Reasons, card: usize, code: &impl Fn(usize) -> u8) {
        self.score[card].fill(reasons, code);
    }
}

impl CardReasons {
    /// The reasons of `card`; `texts` are numbered from `first`.
    fn new(card: &Scorecard, texts: &[Reason], first: usize) -> Result<Self> {
        let mut found = CardReasons { reasons: Vec::new(), lost: Vec::new() };
        for variable in &card.variables {
            let at = texts.iter().position(|reason| reason.code == variable.reason);
            let missing =
                || Problem::new("the reason code of the variable has no text", "add it under reasons").field(&variable.feature);
            let id = (first + at.ok_or_else(|| Error::config(missing()))?) as u8;
            if found.reasons.iter().any(|reason| reason.id == id) {
                continue;
            }
            let start = found.lost.len();
            for (i, variable) in card.variables.iter().enumerate().filter(|(_, other)| other.reason == variable.reason) {
                let mut points = [0.0; MAX_BINS];
                points.iter_mut().zip(variable.shortfalls()).for_each(|(points, shortfall)| *points = shortfall);
                found.lost.push((i, points));
            }
            found.reasons.push(ScoreReason { id, variables: start..found.lost.len() });
        }
        Ok(found)
    }

    /// Fills the room that is left with the reasons that cost most points below the maximum: largest first,
    /// equal ones in the order of the card. Points that agree in 13 digits are equal.
    fn fill(&self, reasons: &mut Reasons, code: &impl Fn(usize) -> u8) {
        // Positive doubles are ordered as their bits are: the last bits make room for the order of the card,
        // and the four largest keys are kept without a branch.
        const ORDER: u64 = MAX_VARIABLES as u64 - 1;
        let mut best = [0u64; MAX_REASONS];
        for (place, reason) in self.reasons.iter().enumerate() {
            let variables = &self.lost[reason.variables.clone()];
            let lost: f64 = variables.iter().map(|(variable, points)| points[usize::from(code(*variable)) % MAX_BINS]).sum();
            let mut key = (lost.to_bits() & !ORDER) | (ORDER - place as u64);
            for kept in &mut best {
                (*kept, key) = ((*kept).max(key), (*kept).min(key));
            }
        }
        for key in best {
            let place = (ORDER - (key & ORDER)) as usize;
            match self.reasons.get(place) {
                Some(reason) if key > ORDER && reasons.push(reason.id) => {}
                _ => return,
            }
        }
    }
}
