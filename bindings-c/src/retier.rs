//! Reviewing accounts in the book: one row, a batch of columns.

use std::sync::Arc;

use scoreline::pipeline::{Accounts, Review, Reviews};
use scoreline::tier::{RiskTier, Standing};
use scoreline::{Date, Result, Threads};

use crate::argument;
use crate::batch::{CBatch, Columns};
use crate::date::day;
use crate::error::CError;
use crate::guard::guard;
use crate::output::Output;
use crate::record::Record;
use crate::refused::Refused;
use crate::review::CReview;
use crate::row::CRow;
use crate::scorer::{CScorer, Model};

/// The day of a run.
pub(crate) fn run_day(today: i32) -> Result<Date> {
    day(today).ok_or_else(|| {
        argument::refused("today", "a calendar day was expected", "pass days since 1970-01-01, see scoreline_date_parse")
    })
}

fn review_row(model: &Arc<Model>, row: Option<&CRow>, tier: u8, since: i32, today: i32) -> Result<Review> {
    let standing = match (tier, RiskTier::from_letter(char::from(tier)), day(since)) {
        (b' ', ..) => None,
        (_, None, _) => {
            let what = "a tier letter from A to D was expected, or a space for an account without a tier";
            return Err(argument::refused("tier", what, "pass the tier of the run before"));
        }
        (_, _, None) => {
            let what = "the account has a tier but no day since which it has it";
            return Err(argument::refused("since", what, "pass the day that the run before gave"));
        }
        (_, Some(tier), Some(since)) => Some(Standing { tier, since }),
    };
    model.scorer.review(Record::of(row, model)?, standing, run_day(today)?)
}

/// Reviews an account on the day `today`: its row, the letter of the tier that it has, 'A' to 'D', or a space when it has none
/// yet, and the day since which it has it (SCORELINE_NO_DATE when it has none).
///
/// When this fails although `review` is usable, everything in it is absent and its status is the code.
/// SCORELINE_INVALID_DATA when a value, letter or day is refused, the tier is held since a day after `today`, the row was made
/// for another scorer, for NULL, and when the size of `review` is not set; SCORELINE_INVALID_CONFIG when the model has no risk
/// tiers.
///
/// # Safety
/// `review` is NULL or a review with its size set; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_review_row(
    scorer: Option<&CScorer>,
    row: Option<&CRow>,
    tier: u8,
    since: i32,
    today: i32,
    review: *mut CReview,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            let output = Output::new("review", review, 1, 1)?;
            output.mark();
            let made = CScorer::get(scorer).and_then(|model| review_row(model, row, tier, since, today));
            output.write(0, made.as_ref().map(CReview::new));
            made.map(|_| ())
        })
    }
}

/// Reviews every account of a batch on the day `today`, on `threads` threads: 0 for all that the machine offers, 1 for the
/// calling thread only. The answer does not depend on it, and each review has the same bits as that of the row alone.
///
/// `tiers` holds a letter for each row and `since` a day, as in scoreline_review_row; both NULL when no account has a tier
/// yet. An account that cannot be reviewed gets its status and loses nothing of the others. `capacity` is the length of
/// `reviews`; when it is too short, nothing is written. SCORELINE_OK says that every review was written: look at their status.
/// `refused` receives, unless it is NULL, an error that describes the first SCORELINE_MAX_REFUSED rows that were not reviewed,
/// or NULL when all were; the caller releases it.
///
/// # Safety
/// `tiers` and `since` are NULL or hold an entry for each row; `reviews` is NULL or of the length given, the first with its
/// size set; `refused` and `error` are NULL or can be written to; the arrays that the batch was given live and have not
/// changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_review_batch(
    scorer: Option<&CScorer>,
    batch: Option<&CBatch>,
    tiers: *const u8,
    since: *const i32,
    today: i32,
    threads: u32,
    reviews: *mut CReview,
    capacity: usize,
    refused: *mut *mut CError,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises; `Output` has room for every row.
    unsafe {
        guard(error, || {
            let errors = Refused::new(refused);
            let model = CScorer::get(scorer)?;
            let batch = Columns::of(batch, model)?;
            let output = Output::new("reviews", reviews, capacity, batch.rows())?;
            let accounts = if tiers.is_null() && since.is_null() {
                None
            } else {
                let tiers = argument::array(tiers, batch.rows(), "tiers")?;
                Some(Accounts { tiers, since: argument::array(since, batch.rows(), "since")? })
            };
            let made = model.scorer.review_batch(batch, accounts, run_day(today)?, Threads::from_count(threads as usize))?;
            write_reviews(&made, &output, errors);
            Ok(())
        })
    }
}

/// Writes reviews, and tells of those that are not there.
///
/// # Safety
/// `output` has room for every row.
pub(crate) unsafe fn write_reviews(reviews: &Reviews, output: &Output<CReview>, mut refused: Refused) {
    for row in 0..reviews.rows() {
        if let Some(review) = reviews.get(row) {
            // SAFETY: as the caller promises.
            unsafe { output.write(row, review.as_ref().map(CReview::new).map_err(|error| *error)) };
        }
    }
    reviews.errors.iter().for_each(|(row, error)| refused.add(*row, error));
    refused.hand_over();
}
