//! A review in words and numbers.

use serde::{Deserialize, Serialize};

use super::Review;
use crate::data::Date;
use crate::limit::{LineBinding, LineChange};
use crate::pipeline::scorer::Scorer;
use crate::pricing::Money;
use crate::tier::{Held, RiskTier, ones};
use crate::treatment::ActionRow;
use crate::treatment::warning::WarningResponse;

/// The review of an account in words and numbers, complete without the pipeline. This is what artefacts store as known answers
/// and what JSON readers get.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewAnswer {
    /// Score points; higher is safer.
    pub score: f64,
    /// Probability of the event, in [0, 1].
    pub pd: f64,
    /// The new tier.
    pub tier: RiskTier,
    /// The tier before.
    pub previous: Option<RiskTier>,
    /// First day from which the wait before a next move counts.
    pub since: Date,
    /// The tier that measure and rules indicate, without memory.
    pub indicated: RiskTier,
    /// Why the tier is not the indicated one.
    pub held: Held,
    /// A strong rule made the tier worse than it would be otherwise.
    pub forced: bool,
    /// A person must look.
    pub refer: bool,
    /// A strong rule declines.
    pub decline: bool,
    /// By how much PD or score misses the next better border; absent in tier A.
    pub to_better: Option<f64>,
    /// By how much it may worsen before the next worse border; absent in tier D.
    pub to_worse: Option<f64>,
    /// Level of early warning, 0 for none.
    pub warning: Option<u8>,
    /// Code of the response to that level.
    pub response: Option<String>,
    /// Codes of every rule that hit: strong rules, overlays, weak rules, indicators of early warning.
    pub hits: Vec<String>,
    /// Codes of the strong rules whose condition could not be told.
    pub missing: Vec<String>,
    /// Codes of the overlays that would hit, had they not ended.
    pub expired: Vec<String>,
    /// The limit that follows.
    pub limit: Option<Money>,
    /// What becomes of the limit.
    pub limit_change: Option<LineChange>,
    /// What decided about the limit: a word of [`LineBinding::NAMES`], or the name of a candidate of the limit policy.
    pub limit_binding: Option<String>,
    /// Code of the row of the action book that answers.
    pub action: Option<String>,
    /// The day of the next review.
    pub next_review: Option<Date>,
    /// Reason codes, most important first.
    pub reasons: Vec<String>,
    /// Number of levels never seen in training.
    pub unseen: u8,
}

impl ReviewAnswer {
    /// The canonical line of a review: 24 parts between `|`, in the order of the fields. Doubles are the 16 hex digits of their
    /// bits, money is a decimal, flags are 0 or 1, codes are separated by `,`, and what is absent is `-`. Two reviews are
    /// the same if and only if their lines are.
    #[must_use]
    pub fn canonical(&self) -> String {
        let bits = |x: f64| format!("{:016x}", x.to_bits());
        let text = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let codes = |codes: &[String]| if codes.is_empty() { "-".to_owned() } else { codes.join(",") };
        let flag = |flag: bool| u8::from(flag).to_string();
        [
            bits(self.score),
            bits(self.pd),
            self.tier.to_string(),
            text(self.previous.map(|tier| tier.to_string())),
            self.since.to_string(),
            self.indicated.to_string(),
            self.held.name().to_owned(),
            flag(self.forced),
            flag(self.refer),
            flag(self.decline),
            text(self.to_better.map(bits)),
            text(self.to_worse.map(bits)),
            text(self.warning.map(|level| level.to_string())),
            text(self.response.clone()),
            codes(&self.hits),
            codes(&self.missing),
            codes(&self.expired),
            text(self.limit.map(|money| money.to_string())),
            text(self.limit_change.map(|change| change.name().to_owned())),
            text(self.limit_binding.clone()),
            text(self.action.clone()),
            text(self.next_review.map(|day| day.to_string())),
            codes(&self.reasons),
            self.unseen.to_string(),
        ]
        .join("|")
    }
}

impl Scorer {
    /// A review in words and numbers.
    #[must_use]
    pub fn review_answer(&self, review: &Review) -> ReviewAnswer {
        let [strong, weak, overlays, indicators] = self.verdicts.reasons.evidence();
        let codes = |first: u8, bits: u64| -> Vec<String> {
            ones(bits).filter_map(|i| self.reason(first.saturating_add(i))).map(|reason| reason.code.clone()).collect()
        };
        let distance = |x: f64| Some(x).filter(|x| !x.is_nan());
        ReviewAnswer {
            score: review.score,
            pd: review.pd,
            tier: review.tier,
            previous: review.previous,
            since: review.since,
            indicated: review.indicated,
            held: review.held,
            forced: review.forced,
            refer: review.refer,
            decline: review.decline,
            to_better: distance(review.to_better),
            to_worse: distance(review.to_worse),
            warning: review.warning,
            response: review.warning.and_then(|level| self.response(level)).map(|response| response.code.clone()),
            hits: [
                codes(strong, review.strong),
                codes(overlays, review.overlays),
                codes(weak, review.weak),
                codes(indicators, review.indicators),
            ]
            .concat(),
            missing: codes(strong, review.missing),
            expired: codes(overlays, review.expired),
            limit: review.limit,
            limit_change: review.change,
            limit_binding: review.binding.and_then(|code| self.limit_binding(code)).map(str::to_owned),
            action: review.action.and_then(|row| self.action(row)).map(|row| row.code.clone()),
            next_review: review.next_review,
            reasons: review.reasons.as_slice().iter().filter_map(|&reason| self.reason(reason)).map(|r| r.code.clone()).collect(),
            unseen: review.unseen,
        }
    }

    /// What decided about the limit of an account, by the code that reviews give.
    #[must_use]
    pub fn limit_binding(&self, code: u8) -> Option<&str> {
        let code = usize::from(code);
        match LineBinding::NAMES.get(code) {
            Some(name) => Some(name),
            None => self.limit_names().nth(code - LineBinding::NAMES.len()),
        }
    }

    /// The response to a level of early warning; `None` at level 0.
    #[must_use]
    pub fn response(&self, level: u8) -> Option<&WarningResponse> {
        self.review.as_ref().and_then(|review| review.responses.get(usize::from(level).checked_sub(1)?))
    }

    /// A row of the action book, by the index that reviews give.
    #[must_use]
    pub fn action(&self, row: u16) -> Option<&ActionRow> {
        self.actions().get(usize::from(row))
    }

    /// The rows of the action book; empty without one.
    #[must_use]
    pub fn actions(&self) -> &[ActionRow] {
        self.review.as_ref().map_or(&[], |review| &review.rows)
    }
}
