//! From score, rules and amounts to the review of an account: the same for a record and for a row of a batch.

use super::Review;
use crate::data::{Date, Value};
use crate::decision::Reasons;
use crate::error::{Error, Problem, Result};
use crate::limit::Line;
use crate::pipeline::scorer::Scorer;
use crate::pipeline::verdict::Facts;
use crate::pricing::Money;
use crate::tier::{Measured, Standing, TierDay, TierResult, TierTable, ones};
use crate::treatment::warning::WarningResult;

/// What is in force on the day of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReviewDay<'a> {
    pub(super) today: Date,
    tiers: TierDay,
    table: &'a TierTable,
}

impl Scorer {
    pub(super) fn review_day(&self, today: Date) -> Result<ReviewDay<'_>> {
        let table = self.verdicts.tier.as_ref().ok_or_else(|| {
            Error::config(Problem::new("a review needs risk tiers", "declare tier in the configuration").field("tier"))
        })?;
        Ok(ReviewDay { today: today.in_range("today")?, tiers: table.on(Some(today))?, table })
    }

    /// `warning` is the level of early warning, where there is a policy for it; `axis(i)` gives the value of an axis of the action
    /// book.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the account has its tier since a day after the day of the run.
    #[inline]
    pub(super) fn conclude_review<'v, A, B, F>(
        &self,
        facts: &Facts<A, B, F>,
        standing: Option<Standing>,
        day: &ReviewDay<'_>,
        warning: Option<WarningResult>,
        line: Line,
        axis: impl Fn(usize) -> Value<'v>,
    ) -> Result<Review>
    where
        A: Fn(usize) -> f64,
        B: Fn(usize) -> u8,
        F: Fn(usize) -> f64,
    {
        let verdicts = &self.verdicts;
        let bureau = verdicts.bureau.map_or(f64::NAN, &facts.amount);
        let measured = Measured { pd: facts.pd, score: facts.score, bureau };
        let tier = day.table.retier_told(standing, day.today, measured, &day.tiers, facts.told.tier)?;
        let evidence = &tier.result;
        let mut review = Review {
            score: facts.score,
            pd: facts.pd,
            tier: evidence.tier,
            previous: tier.previous,
            since: tier.since,
            indicated: tier.indicated,
            held: tier.held,
            forced: tier.forced,
            refer: evidence.refer || warning.is_some_and(|warning| warning.refer),
            decline: evidence.decline,
            to_better: evidence.to_better,
            to_worse: evidence.to_worse,
            strong: evidence.strong.hits,
            missing: evidence.strong.missing,
            weak: evidence.weak.hits,
            overlays: evidence.overlays.hits,
            expired: evidence.expired,
            warning: warning.map(|warning| warning.level),
            indicators: warning.map_or(0, |warning| warning.hits.hits),
            limit: None,
            change: None,
            binding: None,
            action: None,
            next_review: None,
            reasons: self.evidence_reasons(evidence, warning.map_or(0, |warning| warning.hits.hits | warning.hits.refer)),
            unseen: facts.unseen,
        };
        if let Some(table) = &self.review {
            if let Some(policy) = &table.line {
                let allowed = verdicts.limit_of(review.tier, &facts.amount);
                let result = policy.review(review.tier, review.decline || review.refer, line, allowed);
                review.limit = Money::round_half_up(result.limit, verdicts.decimals);
                review.change = Some(result.change);
                review.binding = Some(result.binding.code());
            }
            review.action = table.actions.as_ref().map(|actions| actions.row(review.tier, &axis));
            review.next_review = table.next_review(review.action, review.warning, day.today);
        }
        let score = verdicts.reasons.of_card(facts.card);
        score.fill(&mut review.reasons, !facts.expert_score.is_nan(), &facts.code, &facts.taken);
        Ok(review)
    }

    /// What speaks against an account, as far as there is room.
    #[inline]
    fn evidence_reasons(&self, result: &TierResult, indicators: u64) -> Reasons {
        let strong = result.strong.hits | result.strong.refer;
        let overlays = result.overlays.hits | result.overlays.refer;
        if strong | overlays | result.weak.hits | indicators == 0 {
            return Reasons::default();
        }
        let [first_strong, first_weak, first_overlay, first_indicator] = self.verdicts.reasons.evidence();
        let mut reasons = Reasons::default();
        for (first, bits) in
            [(first_strong, strong), (first_overlay, overlays), (first_weak, result.weak.hits), (first_indicator, indicators)]
        {
            if !ones(bits).all(|i| reasons.push(first.saturating_add(i))) {
                break;
            }
        }
        reasons
    }
}
