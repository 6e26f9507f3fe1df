//! What a decision says: the compact form that the hot path writes, and the readable form.

use serde::{Deserialize, Serialize};

use crate::decision::{Outcome, Reasons};
use crate::pricing::{Money, Price, RateBound};
use crate::tier::{ClientClass, RiskTier};

/// One decision. Parts whose policy the pipeline does not have are `None`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// Score points; higher is safer.
    pub score: f64,
    /// Probability of the event, in [0, 1].
    pub pd: f64,
    /// Risk tier after rules.
    pub tier: Option<RiskTier>,
    /// Approve, refer or decline.
    pub outcome: Option<Outcome>,
    /// Credit limit; `None` also when an input of it is missing.
    pub limit: Option<Money>,
    /// Index of the limit candidate that binds; see [`Scorer::limit_names`](crate::Scorer::limit_names).
    pub binding: Option<u8>,
    /// Amount offered: the amount asked for, at most the limit.
    pub amount: Option<Money>,
    /// Monthly instalment of an annuity over the amount offered.
    pub instalment: Option<Money>,
    /// Price of the amount offered; `None` also when amount or term is missing.
    pub price: Option<Price>,
    /// Reasons as indices, most important first; see [`Scorer::reason`](crate::Scorer::reason).
    pub reasons: Reasons,
    /// Number of category fields of the card whose level was never seen in training.
    pub unseen: u8,
    /// Score of the expert card, 0 to 100; `None` also when the card gives none.
    pub expert_score: Option<f64>,
    /// Worth of the client by that score.
    pub client_class: Option<ClientClass>,
}

/// A decision in words and numbers, complete without the pipeline. This is what artefacts store as
/// known answers and what JSON readers get.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Score points; higher is safer.
    pub score: f64,
    /// Probability of the event, in [0, 1].
    pub pd: f64,
    /// Risk tier.
    pub tier: Option<RiskTier>,
    /// Approve, refer or decline.
    pub outcome: Option<Outcome>,
    /// Credit limit.
    pub limit: Option<Money>,
    /// Name of the limit candidate that binds.
    pub limit_binding: Option<String>,
    /// Amount offered.
    pub amount: Option<Money>,
    /// Monthly instalment.
    pub instalment: Option<Money>,
    /// Rate per year, as a fraction.
    pub rate: Option<f64>,
    /// What the rate rests on.
    pub rate_bound: Option<RateBound>,
    /// RAROC at that rate, as a fraction.
    pub raroc: Option<f64>,
    /// When no legal price exists: the rate that would earn the hurdle.
    pub rate_needed: Option<f64>,
    /// When no legal price exists: the cap.
    pub rate_cap: Option<f64>,
    /// Reason codes, most important first.
    pub reasons: Vec<String>,
    /// Number of levels never seen in training.
    pub unseen: u8,
    /// Score of the expert card, 0 to 100.
    pub expert_score: Option<f64>,
    /// Worth of the client by that score.
    pub client_class: Option<ClientClass>,
}

impl Answer {
    /// The canonical line of a decision: 17 parts between `|`. Doubles are the 16 hex digits of their bits,
    /// money is a decimal, reasons are separated by `,`, and what is absent is `-`. Two decisions are the
    /// same if and only if their lines are.
    #[must_use]
    pub fn canonical(&self) -> String {
        let bits = |x: f64| format!("{:016x}", x.to_bits());
        let optional = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), bits);
        let text = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let money = |money: &Option<Money>| text(money.map(|money| money.to_string()));
        let reasons = if self.reasons.is_empty() { "-".to_owned() } else { self.reasons.join(",") };
        [
            bits(self.score),
            bits(self.pd),
            text(self.tier.map(|tier| tier.to_string())),
            text(self.outcome.map(|outcome| outcome.name().to_owned())),
            money(&self.limit),
            text(self.limit_binding.clone()),
            money(&self.amount),
            money(&self.instalment),
            optional(self.rate),
            text(self.rate_bound.map(|bound| bound.name().to_owned())),
            optional(self.raroc),
            optional(self.rate_needed),
            optional(self.rate_cap),
            reasons,
            self.unseen.to_string(),
            optional(self.expert_score),
            text(self.client_class.map(|class| class.to_string())),
        ]
        .join("|")
    }

    /// The parts that differ, in the form `part: this → other`.
    pub(crate) fn difference(&self, other: &Answer) -> String {
        const PARTS: [&str; 17] = [
            "score",
            "pd",
            "tier",
            "outcome",
            "limit",
            "limit_binding",
            "amount",
            "instalment",
            "rate",
            "rate_bound",
            "raroc",
            "rate_needed",
            "rate_cap",
            "reasons",
            "unseen",
            "expert_score",
            "client_class",
        ];
        let (this, other) = (self.readable(), other.readable());
        let parts = PARTS.iter().zip(this.iter().zip(&other)).filter(|(_, (a, b))| a != b);
        parts.map(|(part, (a, b))| format!("{part}: {a} → {b}")).collect::<Vec<_>>().join(", ")
    }

    fn readable(&self) -> [String; 17] {
        [
            format!("{:?}", self.score),
            format!("{:?}", self.pd),
            format!("{:?}", self.tier),
            format!("{:?}", self.outcome),
            format!("{:?}", self.limit.map(|money| money.to_string())),
            format!("{:?}", self.limit_binding),
            format!("{:?}", self.amount.map(|money| money.to_string())),
            format!("{:?}", self.instalment.map(|money| money.to_string())),
            format!("{:?}", self.rate),
            format!("{:?}", self.rate_bound),
            format!("{:?}", self.raroc),
            format!("{:?}", self.rate_needed),
            format!("{:?}", self.rate_cap),
            self.reasons.join(","),
            self.unseen.to_string(),
            format!("{:?}", self.expert_score),
            format!("{:?}", self.client_class),
        ]
    }
}
