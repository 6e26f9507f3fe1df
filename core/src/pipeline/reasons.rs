//! Every reason that a decision can give, and which of them the score gives.

use super::card::MAX_BINS;
use super::fitted::{Pipeline, Reason};
use crate::decision::{Cause, MAX_REASONS, Reasons};
use crate::error::{Error, Problem, Result};

/// Every reason that a decision can give, numbered, and the points that each bin loses.
#[derive(Debug, Clone)]
pub(super) struct ReasonTable {
    all: Vec<Reason>,
    strong: u8,
    weak: u8,
    policy: u8,
    /// First of the reasons that do not come from rules or the score.
    built_in: u8,
    /// The score's reasons, in the order of the card.
    score: Vec<ScoreReason>,
    /// Variable and its points below the maximum by bin; the variables of a reason lie side by side.
    lost: Vec<(usize, [f64; MAX_BINS])>,
    /// Factors of an expert card that counts; those of a reason lie side by side.
    factors: Vec<usize>,
    /// What a point of the expert score weighs, in points of the score, and what the statistical card's points weigh
    /// beside it.
    mixture: [f64; 2],
}

/// A reason of the score: the variables and factors that share its code are added up.
#[derive(Debug, Clone)]
struct ScoreReason {
    id: u8,
    /// Where its variables lie in `lost`.
    variables: std::ops::Range<usize>,
    /// Where its factors lie in `factors`.
    factors: std::ops::Range<usize>,
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
        let expert = pipeline.expert.as_ref().filter(|expert| expert.blend.is_some_and(|blend| blend.weight > 0.0));
        let named = expert.map_or(&[][..], |expert| &expert.card.factors);
        for factor in named {
            if !all[first_score..].iter().any(|reason| reason.code == factor.name) {
                let text = factor.reason.clone().unwrap_or_else(|| format!("Points lost on {}", factor.name));
                all.push(Reason { code: factor.name.clone(), text });
            }
        }
        let (mut score, mut lost, mut factors): (Vec<ScoreReason>, Vec<_>, Vec<usize>) = (Vec::new(), Vec::new(), Vec::new());
        for variable in &pipeline.scorecard.variables {
            let at = all[first_score..].iter().position(|reason| reason.code == variable.reason);
            let missing =
                || Problem::new("the reason code of the variable has no text", "add it under reasons").field(&variable.feature);
            let id = (first_score + at.ok_or_else(|| Error::config(missing()))?) as u8;
            if score.iter().any(|reason| reason.id == id) {
                continue;
            }
            let (first, first_factor) = (lost.len(), factors.len());
            factors.extend(named.iter().enumerate().filter(|(_, factor)| factor.name == variable.reason).map(|(i, _)| i));
            let sharing = pipeline.scorecard.variables.iter().enumerate().filter(|(_, other)| other.reason == variable.reason);
            for (i, variable) in sharing {
                let mut points = [0.0; MAX_BINS];
                points.iter_mut().zip(variable.shortfalls()).for_each(|(points, shortfall)| *points = shortfall);
                lost.push((i, points));
            }
            score.push(ScoreReason { id, variables: first..lost.len(), factors: first_factor..factors.len() });
        }
        for (i, factor) in named.iter().enumerate() {
            let Some(at) = all[first_score..].iter().position(|reason| reason.code == factor.name) else { continue };
            let id = (first_score + at) as u8;
            if !score.iter().any(|reason| reason.id == id) {
                factors.push(i);
                score.push(ScoreReason { id, variables: 0..0, factors: factors.len() - 1..factors.len() });
            }
        }
        if all.len() >= usize::from(u8::MAX) {
            return Err(Error::config(
                Problem::new("there are more than 254 reasons", "merge or remove reasons").field("reasons"),
            ));
        }
        let blend = expert.and_then(|expert| expert.blend);
        let mixture = blend.map_or([0.0, 1.0], |blend| {
            [blend.weight * pipeline.scorecard.scaling.factor() * blend.slope().abs(), 1.0 - blend.weight]
        });
        Ok(ReasonTable {
            all,
            strong: 0,
            weak: weak as u8,
            policy: policy as u8,
            built_in: built_in as u8,
            score,
            lost,
            factors,
            mixture,
        })
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

    /// Fills the room that is left with the reasons that cost most points below the maximum: largest first,
    /// equal ones in the order of the card. Points that agree in 13 digits are equal. `mixed` says that there is an expert
    /// score, of which each factor has `taken` some points.
    pub(super) fn fill(&self, reasons: &mut Reasons, mixed: bool, code: &impl Fn(usize) -> u8, taken: &impl Fn(usize) -> f64) {
        // Positive doubles are ordered as their bits are: the last bits make room for the order of the card,
        // and the four largest keys are kept without a branch.
        const ORDER: u64 = u8::MAX as u64;
        let [expert, statistical] = if mixed { self.mixture } else { [0.0, 1.0] };
        let mut best = [0u64; MAX_REASONS];
        for (place, reason) in self.score.iter().enumerate() {
            let variables = &self.lost[reason.variables.clone()];
            let lost: f64 = variables.iter().map(|(variable, points)| points[usize::from(code(*variable)) % MAX_BINS]).sum();
            let taken: f64 = self.factors[reason.factors.clone()].iter().map(|&factor| taken(factor)).sum();
            let lost = statistical * lost + expert * taken;
            let mut key = (lost.to_bits() & !ORDER) | (ORDER - place as u64);
            for kept in &mut best {
                (*kept, key) = ((*kept).max(key), (*kept).min(key));
            }
        }
        for key in best {
            let place = (ORDER - (key & ORDER)) as usize;
            match self.score.get(place) {
                Some(reason) if key > ORDER && reasons.push(reason.id) => {}
                _ => return,
            }
        }
    }
}
