//! A review as one line of text.

use std::ffi::c_char;

use scoreline::Result;
use scoreline::limit::LineChange;
use scoreline::pipeline::Review;
use scoreline::pricing::Money;
use scoreline::tier::{Held, RiskTier};

use crate::argument;
use crate::date::day;
use crate::decision::SCORELINE_NO_MONEY;
use crate::error::{CError, SCORELINE_OK};
use crate::guard::guard;
use crate::output;
use crate::review::CReview;
use crate::scorer::{CScorer, Model, SCORELINE_NONE};

/// Reads the members of a review back; each problem names the member.
struct Members<'a> {
    review: &'a CReview,
    model: &'a Model,
}

impl Members<'_> {
    /// What `read` makes of the number of a member.
    fn read<N: Copy, T>(&self, member: &str, number: N, read: impl FnOnce(N) -> Option<T>) -> Result<T> {
        read(number).ok_or_else(|| {
            let what = "the number is none that a review by this scorer has";
            argument::refused(&format!("review.{member}"), what, "pass a review as the scorer gave it, and that scorer")
        })
    }

    /// The same for a member that may be absent.
    fn optional<T>(&self, member: &str, number: u32, read: impl FnOnce(u32) -> Option<T>) -> Result<Option<T>> {
        if number == SCORELINE_NONE { Ok(None) } else { self.read(member, number, read).map(Some) }
    }

    fn tier(&self, member: &str, number: u32) -> Result<RiskTier> {
        self.read(member, number, |number| RiskTier::from_index(number as usize))
    }

    fn flag(&self, member: &str, number: u32) -> Result<bool> {
        self.read(member, number, |number| [false, true].get(number as usize).copied())
    }

    fn limit(&self) -> Result<Option<Money>> {
        match self.review.limit {
            SCORELINE_NO_MONEY => Ok(None),
            limit => self.read("limit", limit, |limit| Money::new(limit, self.model.scorer.decimals())).map(Some),
        }
    }

    fn review(&self) -> Result<Review> {
        let (review, scorer) = (self.review, &self.model.scorer);
        let reason = |number: u32| u8::try_from(number).ok().filter(|&number| scorer.reason(number).is_some());
        let given = self.read("reason_count", review.reason_count, |count| review.reasons.get(..count as usize))?;
        let reasons = given.iter().map(|&number| self.read("reasons", number, reason)).collect::<Result<Vec<u8>>>()?;
        Ok(Review {
            score: review.score,
            pd: review.pd,
            tier: self.tier("tier", review.tier)?,
            previous: self.optional("previous", review.previous, |number| RiskTier::from_index(number as usize))?,
            since: self.read("since", review.since, day)?,
            indicated: self.tier("indicated", review.indicated)?,
            held: self.read("held", review.held, |number| Held::ALL.get(number as usize).copied())?,
            forced: self.flag("forced", review.forced)?,
            refer: self.flag("refer", review.refer)?,
            decline: self.flag("decline", review.decline)?,
            to_better: review.to_better,
            to_worse: review.to_worse,
            strong: review.strong,
            missing: review.missing,
            weak: review.weak,
            overlays: review.overlays,
            expired: review.expired,
            warning: self.optional("warning", review.warning, |number| {
                u8::try_from(number).ok().filter(|&level| level == 0 || scorer.response(level).is_some())
            })?,
            indicators: review.indicators,
            limit: self.limit()?,
            change: self.optional("change", review.change, |number| LineChange::ALL.get(number as usize).copied())?,
            binding: self.optional("binding", review.binding, |number| {
                u8::try_from(number).ok().filter(|&code| scorer.limit_binding(code).is_some())
            })?,
            action: self.optional("action", review.action, |number| {
                u16::try_from(number).ok().filter(|&row| scorer.action(row).is_some())
            })?,
            next_review: day(review.next_review),
            reasons: reasons.into_iter().collect(),
            unseen: self.read("unseen", review.unseen, |number| u8::try_from(number).ok())?,
        })
    }
}

/// Writes the canonical line of a review, for logs and for comparing programs: 24 parts between '|', the same text in every
/// language. Two reviews are the same, to the last bit, if and only if their lines are.
///
/// The parts are score and PD, tier, previous tier, first day, indicated tier, what holds it, forced, refer, decline, distances
/// to the better and the worse border, level of early warning and its response, codes of the rules that hit, of those that
/// could not be told, of overlays that ended, limit, what becomes of it, what decided so, action, day of the next review, reason
/// codes, number of unseen levels. Doubles are the 16 hex digits of their bits, money is a decimal, days are YYYY-MM-DD, flags 0
/// or 1, codes stand between ',', and what is absent is "-".
///
/// `size` is the room at `text`, `length` receives the bytes of the line without its zero byte. When there is too little room,
/// only `length` is written; with NULL and 0 that is no error, but how the room is measured. SCORELINE_INVALID_DATA for a review
/// whose status is not SCORELINE_OK or whose size is not set, for one with a number that `scorer` does not know, and for NULL.
///
/// # Safety
/// `review` is NULL or a review with its size set; `text` is NULL or has room for `size` bytes; `length` and `error` are NULL or
/// can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_review_canonical(
    scorer: Option<&CScorer>,
    review: *const CReview,
    text: *mut c_char,
    size: usize,
    length: *mut usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            let (model, review) = (CScorer::get(scorer)?, output::read("review", review)?);
            if review.status != SCORELINE_OK {
                return Err(argument::refused("review", "the account was not reviewed", "look at its status first"));
            }
            let made = Members { review: &review, model }.review()?;
            argument::write_text(text, size, length, "text", &model.scorer.review_answer(&made).canonical())
        })
    }
}
