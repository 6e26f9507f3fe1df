//! The review of accounts in the book: the tier that follows the one an account has, its limit and what is done.
//!
//! ```text
//! score, PD, rules ─► tier with memory ─► limit ─► action book ─► next review
//! ```
//! One path for a record ([`Scorer::review`]) and for a batch ([`Scorer::review_batch`]); [`ReviewTotals`] reconcile a run.

mod answer;
mod batch;
mod conclude;
mod run;
mod table;
#[cfg(test)]
mod tests;
mod totals;

use crate::data::{Date, Row};
use crate::decision::Reasons;
use crate::error::Result;
use crate::limit::{Line, LineChange};
use crate::pricing::Money;
use crate::tier::{Held, RiskTier, Standing, Told};

use super::record::{AnyRow, Indicators};
use super::scorer::Scorer;

pub use answer::ReviewAnswer;
pub use batch::{Accounts, NO_ACTION, NO_DAY, Reviews};
pub use run::{Added, ReviewRun, RunReport};
pub(super) use table::ReviewTable;
pub use totals::ReviewTotals;

/// The review of one account.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Review {
    /// Score points; higher is safer.
    pub score: f64,
    /// Probability of the event, in [0, 1].
    pub pd: f64,
    /// The new tier.
    pub tier: RiskTier,
    /// The tier before; `None` at the first review.
    pub previous: Option<RiskTier>,
    /// First day from which the wait before a next move counts: that of the new tier, or the last of an override.
    pub since: Date,
    /// The tier that measure and rules indicate, without memory.
    pub indicated: RiskTier,
    /// Why the tier is not the indicated one.
    pub held: Held,
    /// A strong rule made the tier worse than it would be otherwise.
    pub forced: bool,
    /// A person must look: a rule asks for it because an input is missing, or there is no PD or score.
    pub refer: bool,
    /// A strong rule declines: nothing is granted.
    pub decline: bool,
    /// By how much PD or score misses the next better border; see [`TierResult::to_better`](crate::tier::TierResult::to_better).
    pub to_better: f64,
    /// By how much it may worsen; see [`TierResult::to_worse`](crate::tier::TierResult::to_worse).
    pub to_worse: f64,
    /// Strong rules that hit; bit *i* is the rule with index *i* in the policy.
    pub strong: u64,
    /// Strong rules whose condition could not be told.
    pub missing: u64,
    /// Weak rules that hit.
    pub weak: u64,
    /// Overlays that hit.
    pub overlays: u64,
    /// Overlays that would hit, had they not ended before.
    pub expired: u64,
    /// Level of early warning, 0 for none; `None` without a policy for it.
    pub warning: Option<u8>,
    /// Indicators of early warning that hit.
    pub indicators: u64,
    /// The limit that follows; `None` without a policy for lines, or when the limit is missing.
    pub limit: Option<Money>,
    /// What becomes of the limit; `None` without a policy for lines.
    pub change: Option<LineChange>,
    /// What decided about the limit, see [`LineBinding::code`](crate::limit::LineBinding::code).
    pub binding: Option<u8>,
    /// Row of the action book that answers; `None` without an action book.
    pub action: Option<u16>,
    /// The day of the next review: the earlier of what the action book and the level of early warning ask for.
    pub next_review: Option<Date>,
    /// Reasons as indices, most important first: strong rules, overlays, weak rules and indicators that hit, then those
    /// of the score.
    pub reasons: Reasons,
    /// Number of category fields of the card whose level was never seen in training.
    pub unseen: u8,
}

impl Scorer {
    /// Reviews an account in the book on the day `today`: cells in the order of the schema, the tier that it has, if it has
    /// one, and since when.
    ///
    /// ```no_run
    /// use scoreline::tier::{RiskTier, Standing};
    /// use scoreline::{Artefact, Date};
    /// let scorer = Artefact::load("model.json")?.scorer()?;
    /// let standing = Standing { tier: RiskTier::B, since: Date::parse("2026-09-01")? };
    /// let review = scorer.review(&scorer.record(), Some(standing), Date::parse("2026-11-21")?)?;
    /// println!("{} since {}: {:?}", review.tier, review.since, review.next_review);
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the pipeline has no risk tiers;
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming the field whose value is of the wrong kind or infinite, and when
    /// the account has its tier since a day after `today`.
    pub fn review<R: Row + ?Sized>(&self, row: &R, standing: Option<Standing>, today: Date) -> Result<Review> {
        self.review_row(&AnyRow(row), standing, today)
    }

    fn review_row(&self, row: &dyn Row, standing: Option<Standing>, today: Date) -> Result<Review> {
        let day = self.review_day(today)?;
        self.with_record(row, |record| {
            let (conditions, amounts) = self.conditions_and_amounts(record);
            let asked = &self.expressions.review;
            let indicators: Indicators = asked.indicators.iter().map(|one| record.eval(one, f64::NAN).as_flag()).collect();
            let table = self.review.as_ref().and_then(|review| review.warning.as_ref());
            let warning = table.map(|table| table.level_told(Told::of(indicators.iter().copied())));
            let level = warning.map_or(f64::NAN, |warning| f64::from(warning.level));
            let amount = |i: usize| asked.line.get(i).map_or(f64::NAN, |one| record.eval(one, level).as_number());
            let unless = asked.unless.as_ref().and_then(|one| record.eval(one, level).as_flag());
            let line = Line::of(amount, unless);
            let axis =
                |i: usize| asked.axes.get(i).and_then(Option::as_ref).map(|one| record.eval(one, level)).unwrap_or_default();
            let facts = record.facts(&conditions, |i| amounts[i]);
            self.conclude_review(&facts, standing, &day, warning, line, axis)
        })?
    }
}
