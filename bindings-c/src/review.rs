//! The review of an account as C sees it.

use scoreline::pipeline::Review;
use scoreline::pricing::Money;
use scoreline::tier::RiskTier;

use crate::date::SCORELINE_NO_DATE;
use crate::decision::{SCORELINE_MAX_REASONS, SCORELINE_NO_MONEY};
use crate::error::SCORELINE_OK;
use crate::output::Answer;
use crate::scorer::SCORELINE_NONE;

/// The tier is the indicated one.
pub const SCORELINE_HELD_NO: u32 = 0;
/// The measure lies between the borders for entering and leaving a tier.
pub const SCORELINE_HELD_BAND: u32 = 1;
/// The tier has not been held for long enough.
pub const SCORELINE_HELD_DWELL: u32 = 2;
/// A move goes only part of the way.
pub const SCORELINE_HELD_STEP: u32 = 3;
/// A strong rule with a ceiling bars the way up.
pub const SCORELINE_HELD_CEILING: u32 = 4;

/// The limit stays.
pub const SCORELINE_CHANGE_KEEP: u32 = 0;
/// The limit rises.
pub const SCORELINE_CHANGE_INCREASE: u32 = 1;
/// The limit falls.
pub const SCORELINE_CHANGE_DECREASE: u32 = 2;
/// Limit or balance is missing: the limit stays and a person must look.
pub const SCORELINE_CHANGE_UNKNOWN: u32 = 3;

/// The review of an account in the book: the tier that follows the one it has, its limit and what is done. What a model does
/// not declare, and what lacks an input, is absent: NaN for doubles, SCORELINE_NO_MONEY for money, SCORELINE_NO_DATE for days,
/// SCORELINE_NONE for numbers of things. Days are days since 1970-01-01. Rules are bits: bit i is the rule with index i of its
/// kind in the model file.
///
/// The caller sets `size`, best with SCORELINE_REVIEW_INIT; in an array that of the first is enough, and the others receive
/// it. Later releases only add members at the end, and know each caller's release by `size`.
/// Member by member the layout is the same for every compiler: 176 bytes without gaps.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct CReview {
    /// sizeof(scoreline_review), set by the caller.
    pub size: u32,
    /// SCORELINE_OK, or why this account was not reviewed: then everything below is absent.
    pub status: u32,
    /// Score points; higher is safer.
    pub score: f64,
    /// Probability of the event, in [0, 1].
    pub pd: f64,
    /// By how much PD or score misses the next better border; absent in tier A.
    pub to_better: f64,
    /// By how much it may worsen before the next worse border; absent in tier D.
    pub to_worse: f64,
    /// The limit that follows, in minor units.
    pub limit: i64,
    /// Strong rules that hit.
    pub strong: u64,
    /// Strong rules whose condition could not be told.
    pub missing: u64,
    /// Weak rules that hit.
    pub weak: u64,
    /// Overlays that hit.
    pub overlays: u64,
    /// Overlays that would hit, had they not ended before.
    pub expired: u64,
    /// Indicators of early warning that hit.
    pub indicators: u64,
    /// The new tier: SCORELINE_TIER_…
    pub tier: u32,
    /// The tier before; absent at the first review.
    pub previous: u32,
    /// First day from which the wait before a next move counts.
    pub since: i32,
    /// The tier that measure and rules indicate, without memory.
    pub indicated: u32,
    /// Why the tier is not the indicated one: SCORELINE_HELD_…
    pub held: u32,
    /// 1 when a strong rule made the tier worse than it would be otherwise.
    pub forced: u32,
    /// 1 when a person must look.
    pub refer: u32,
    /// 1 when a strong rule declines: nothing is granted.
    pub decline: u32,
    /// Level of early warning, 0 for none; absent without a policy for it.
    pub warning: u32,
    /// What becomes of the limit: SCORELINE_CHANGE_…
    pub change: u32,
    /// What decided about the limit; see scoreline_scorer_limit_binding.
    pub binding: u32,
    /// Row of the action book that answers; see scoreline_scorer_action_code.
    pub action: u32,
    /// The day of the next review.
    pub next_review: i32,
    /// Reasons, most important first; see scoreline_scorer_reason_code.
    pub reasons: [u32; SCORELINE_MAX_REASONS],
    /// How many of them there are.
    pub reason_count: u32,
    /// Number of category fields of the card whose level was never seen in training.
    pub unseen: u32,
    /// Nothing yet: 0.
    pub reserved: u32,
}

const SIZE: u32 = size_of::<CReview>() as u32;

// SAFETY: repr(C), with size and status first.
unsafe impl Answer for CReview {
    const NAME: &'static str = "scoreline_review";

    fn absent(status: u32) -> Self {
        CReview {
            size: SIZE,
            status,
            score: f64::NAN,
            pd: f64::NAN,
            to_better: f64::NAN,
            to_worse: f64::NAN,
            limit: SCORELINE_NO_MONEY,
            strong: 0,
            missing: 0,
            weak: 0,
            overlays: 0,
            expired: 0,
            indicators: 0,
            tier: SCORELINE_NONE,
            previous: SCORELINE_NONE,
            since: SCORELINE_NO_DATE,
            indicated: SCORELINE_NONE,
            held: SCORELINE_NONE,
            forced: 0,
            refer: 0,
            decline: 0,
            warning: SCORELINE_NONE,
            change: SCORELINE_NONE,
            binding: SCORELINE_NONE,
            action: SCORELINE_NONE,
            next_review: SCORELINE_NO_DATE,
            reasons: [SCORELINE_NONE; SCORELINE_MAX_REASONS],
            reason_count: 0,
            unseen: 0,
            reserved: 0,
        }
    }
}

impl CReview {
    pub(crate) fn new(review: &Review) -> Self {
        let tier = |tier: RiskTier| tier.index() as u32;
        let reasons = review.reasons.as_slice();
        let mut new = CReview {
            score: review.score,
            pd: review.pd,
            to_better: review.to_better,
            to_worse: review.to_worse,
            limit: review.limit.map_or(SCORELINE_NO_MONEY, Money::minor),
            strong: review.strong,
            missing: review.missing,
            weak: review.weak,
            overlays: review.overlays,
            expired: review.expired,
            indicators: review.indicators,
            tier: tier(review.tier),
            previous: review.previous.map_or(SCORELINE_NONE, tier),
            since: review.since.days(),
            indicated: tier(review.indicated),
            held: review.held.index() as u32,
            forced: u32::from(review.forced),
            refer: u32::from(review.refer),
            decline: u32::from(review.decline),
            warning: review.warning.map_or(SCORELINE_NONE, u32::from),
            change: review.change.map_or(SCORELINE_NONE, |change| change.index() as u32),
            binding: review.binding.map_or(SCORELINE_NONE, u32::from),
            action: review.action.map_or(SCORELINE_NONE, u32::from),
            next_review: review.next_review.map_or(SCORELINE_NO_DATE, |day| day.days()),
            reason_count: reasons.len() as u32,
            unseen: u32::from(review.unseen),
            ..CReview::absent(SCORELINE_OK)
        };
        for (place, &reason) in new.reasons.iter_mut().zip(reasons) {
            *place = u32::from(reason);
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scoreline::limit::LineChange;
    use scoreline::tier::Held;

    #[test]
    fn the_layout_is_the_documented_one() {
        assert_eq!((SIZE, align_of::<CReview>()), (176, 8));
        assert_eq!(std::mem::offset_of!(CReview, limit), 40);
        assert_eq!(std::mem::offset_of!(CReview, tier), 96);
        assert_eq!(std::mem::offset_of!(CReview, reasons), 148);
        assert_eq!(std::mem::offset_of!(CReview, reserved), 172);
    }

    #[test]
    fn constants_are_those_of_the_library() {
        let held = [
            (SCORELINE_HELD_NO, "no"),
            (SCORELINE_HELD_BAND, "band"),
            (SCORELINE_HELD_DWELL, "dwell"),
            (SCORELINE_HELD_STEP, "step"),
            (SCORELINE_HELD_CEILING, "ceiling"),
        ];
        assert_eq!(Held::ALL.map(|held| (held.index() as u32, held.name())), held);
        let changes = [
            (SCORELINE_CHANGE_KEEP, "keep"),
            (SCORELINE_CHANGE_INCREASE, "increase"),
            (SCORELINE_CHANGE_DECREASE, "decrease"),
            (SCORELINE_CHANGE_UNKNOWN, "unknown"),
        ];
        assert_eq!(LineChange::ALL.map(|change| (change.index() as u32, change.name())), changes);
        assert_eq!(SCORELINE_NO_DATE, scoreline::pipeline::NO_DAY);
    }
}
