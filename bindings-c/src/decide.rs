//! Deciding: one row, many rows, a batch of columns.

use std::sync::Arc;

use scoreline::{Decision, Result, Threads};

use crate::argument;
use crate::batch::{CBatch, Columns};
use crate::date::day;
use crate::decision::CDecision;
use crate::error::CError;
use crate::guard::guard;
use crate::output::Output;
use crate::record::Record;
use crate::refused::Refused;
use crate::row::CRow;
use crate::scorer::{CScorer, Model};

/// The most refused rows that are described; the status of each decision or review tells of all.
pub const SCORELINE_MAX_REFUSED: usize = 100;

fn decide_row(model: &Arc<Model>, row: Option<&CRow>, as_of: i32) -> Result<Decision> {
    model.scorer.decide(Record::of(row, model)?, day(as_of))
}

/// Decides one row. `as_of` is the day of the decision, or SCORELINE_NO_DATE: it is needed when the model declares rate
/// caps, which are dated.
///
/// When this fails although `decision` is usable, everything in it is absent and its status is the code.
/// SCORELINE_INVALID_DATA when a value is refused, a day is needed, the row was made for another scorer, for NULL, and when
/// the size of `decision` is not set.
///
/// # Safety
/// `decision` is NULL or a decision with its size set; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_decide(
    scorer: Option<&CScorer>,
    row: Option<&CRow>,
    as_of: i32,
    decision: *mut CDecision,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            let output = Output::new("decision", decision, 1, 1)?;
            output.mark();
            let made = CScorer::get(scorer).and_then(|model| decide_row(model, row, as_of));
            output.write(0, made.as_ref().map(CDecision::new));
            made.map(|_| ())
        })
    }
}

/// Decides `count` rows, one decision each, in the calling thread. A row that cannot be decided, or is NULL, gets its
/// status and loses nothing of the others.
///
/// `capacity` is the length of `decisions`; when it is too short, nothing is written. SCORELINE_OK says that every decision
/// was written: look at their status. `refused` receives, unless it is NULL, an error that describes the first
/// SCORELINE_MAX_REFUSED rows that were not decided, or NULL when all were; the caller releases it.
///
/// # Safety
/// `rows` and `decisions` are NULL or of the length given, the first decision with its size set; `refused` and `error` are
/// NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_decide_rows(
    scorer: Option<&CScorer>,
    rows: *const Option<&CRow>,
    count: usize,
    as_of: i32,
    decisions: *mut CDecision,
    capacity: usize,
    refused: *mut *mut CError,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises; `Output` has room for every row.
    unsafe {
        guard(error, || {
            let mut errors = Refused::new(refused);
            let model = CScorer::get(scorer)?;
            let rows = argument::array(rows, count, "rows")?;
            let output = Output::new("decisions", decisions, capacity, count)?;
            for (at, row) in rows.iter().enumerate() {
                let made = decide_row(model, *row, as_of);
                output.write(at, made.as_ref().map(CDecision::new));
                if let Err(error) = made {
                    errors.add(at, &error);
                }
            }
            errors.hand_over();
            Ok(())
        })
    }
}

/// Decides every row of a batch, on `threads` threads: 0 for all that the machine offers, 1 for the calling thread only.
/// The answer does not depend on it, and each decision has the same bits as that of the row alone.
///
/// For everything else see scoreline_decide_rows. The call as a whole fails when a column that is needed is missing or the
/// batch was made for another scorer.
///
/// # Safety
/// `decisions` is NULL or of the length given, the first with its size set; `refused` and `error` are NULL or can be
/// written to; the arrays that the batch was given live and have not changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_decide_batch(
    scorer: Option<&CScorer>,
    batch: Option<&CBatch>,
    as_of: i32,
    threads: u32,
    decisions: *mut CDecision,
    capacity: usize,
    refused: *mut *mut CError,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises; `Output` has room for every row.
    unsafe {
        guard(error, || {
            let mut errors = Refused::new(refused);
            let model = CScorer::get(scorer)?;
            let batch = Columns::of(batch, model)?;
            let output = Output::new("decisions", decisions, capacity, batch.rows())?;
            let made = model.scorer.decide_batch(batch, day(as_of), Threads::from_count(threads as usize))?;
            for (at, decision) in made.iter().enumerate() {
                output.write(at, decision.as_ref().map(CDecision::new).map_err(|error| *error));
            }
            made.errors.iter().for_each(|(row, error)| errors.add(*row, error));
            errors.hand_over();
            Ok(())
        })
    }
}
