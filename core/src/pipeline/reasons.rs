//! Every reason that a decision can give, and which of them the score gives.

use super::expert::Expert;
use super::fitted::{Pipeline, Reason};
use super::score_reasons::ScoreReasons;
use crate::decision::Cause;
use crate::error::{Error, Problem, Result};
use crate::model::Blend;

/// Every reason that a decision can give, numbered, and what each bin costs.
#[derive(Debug, Clone)]
pub(super) struct ReasonTable {
    all: Vec<Reason>,
    strong: u8,
    weak: u8,
    overlay: u8,
    policy: u8,
    warning: u8,
    /// First of the reasons that do not come from rules or the score.
    built_in: u8,
    /// The score's reasons, by card.
    score: Vec<ScoreReasons>,
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
        let overlay = all.len();
        if let Some(tier) = &pipeline.tier {
            all.extend(tier.overlays.iter().map(|r| rule(&r.code, &r.reason)));
        }
        let policy = all.len();
        if let Some(decision) = &pipeline.decision {
            all.extend(decision.rules.iter().map(|r| rule(&r.code, &r.reason)));
        }
        let warning = all.len();
        if let Some(warning) = pipeline.review.as_ref().and_then(|review| review.warning.as_ref()) {
            all.extend(warning.indicators.iter().map(|r| rule(&r.code, &r.reason)));
        }
        let built_in = all.len();
        all.extend(BUILT_IN.map(|(code, text)| Reason { code: code.to_owned(), text: text.to_owned() }));
        let first_score = all.len();
        all.extend(pipeline.reasons.iter().cloned());
        for factor in counting(pipeline).map_or(&[][..], |(expert, _)| &expert.card.factors) {
            if !all[first_score..].iter().any(|reason| reason.code == factor.name) {
                let text = factor.reason.clone().unwrap_or_else(|| format!("Points lost on {}", factor.name));
                all.push(rule(&factor.name, &text));
            }
        }
        if all.len() >= usize::from(u8::MAX) {
            return Err(Error::config(
                Problem::new("there are more than 254 reasons", "merge or remove reasons").field("reasons"),
            ));
        }
        let number =
            |code: &str| all[first_score..].iter().position(|reason| reason.code == code).map(|i| (first_score + i) as u8);
        let score = pipeline.cards().map(|card| ScoreReasons::new(card, counting(pipeline), number));
        let score = score.collect::<Result<_>>()?;
        let [weak, overlay, policy, warning, built_in] = [weak, overlay, policy, warning, built_in].map(|first| first as u8);
        Ok(ReasonTable { all, strong: 0, weak, overlay, policy, warning, built_in, score })
    }

    pub(super) fn all(&self) -> &[Reason] {
        &self.all
    }

    /// The first reasons of strong rules, weak rules, overlays and indicators of early warning.
    pub(super) fn evidence(&self) -> [u8; 4] {
        [self.strong, self.weak, self.overlay, self.warning]
    }

    /// The reason of a cause; a tier has none of its own, the score's reasons explain it.
    pub(super) fn of(&self, cause: Cause) -> Option<u8> {
        match cause {
            Cause::Strong(i) => Some(self.strong + i),
            Cause::Weak(i) => Some(self.weak + i),
            Cause::Overlay(i) => Some(self.overlay + i),
            Cause::Policy(i) => Some(self.policy + i),
            Cause::NoLegalPrice => Some(self.built_in),
            Cause::LimitBelowMinimum => Some(self.built_in + 1),
            Cause::MissingRequest => Some(self.built_in + 2),
            Cause::Tier => None,
        }
    }

    /// The reasons of the score on one of the cards.
    #[inline]
    pub(super) fn of_card(&self, card: usize) -> &ScoreReasons {
        &self.score[card]
    }
}

/// The expert card that counts in the score, and how.
fn counting(pipeline: &Pipeline) -> Option<(&Expert, Blend)> {
    let expert = pipeline.expert.as_ref()?;
    expert.blend.filter(|blend| blend.weight > 0.0).map(|blend| (expert, blend))
}

#[cfg(test)]
mod tests;
