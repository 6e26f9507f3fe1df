//! A run over the whole book, block by block, with a ledger that lets it be taken up again.

use std::ffi::c_char;
use std::sync::Arc;

use scoreline::pipeline::{ReviewRun, ReviewTotals, Reviews, RunReport};
use scoreline::tier::{Breaker, ByTier, Held, RiskTier};
use scoreline::{Date, Error, Problem, Result, Threads};

use crate::argument;
use crate::date::SCORELINE_NO_DATE;
use crate::decimal::nearest;
use crate::digest::SCORELINE_DIGEST_SIZE;
use crate::error::CError;
use crate::guard::{guard, guard_or};
use crate::handle::{Handle, State, release};
use crate::layout::{CLayout, Decoded};
use crate::output::Output;
use crate::refused::Refused;
use crate::retier::{run_day, write_reviews};
use crate::review::CReview;
use crate::scorer::{CScorer, Model, SCORELINE_NONE};

/// The review of a whole book on one day, block by block. A run keeps a ledger of what each block came to; its text
/// (scoreline_run_json), kept after each block, lets a run that was interrupted go on where it stopped. A block that is run
/// again comes to the same, and is counted once.
#[derive(Debug)]
pub struct CRun(Handle<Run>);

#[derive(Debug)]
struct Run {
    model: Arc<Model>,
    ledger: ReviewRun,
    /// Memory of the block before.
    decoded: Decoded,
    reviews: Reviews,
    /// What the run came to, until another block is run.
    closed: Option<Closed>,
}

#[derive(Debug)]
struct Closed {
    report: RunReport,
    json: String,
}

impl State for Run {
    const WORD: u64 = 0x006e_7572_2020_6c73;
    const ARGUMENT: &'static str = "run";
}

impl CRun {
    fn new(model: &Arc<Model>, ledger: ReviewRun) -> Self {
        let (decoded, reviews) = (Decoded::default(), Reviews::default());
        CRun(Handle::new(Run { model: Arc::clone(model), ledger, decoded, reviews, closed: None }))
    }

    fn get(run: Option<&Self>) -> Result<&Run> {
        Handle::get(run.map(|run| &run.0))
    }

    fn get_mut(run: Option<&mut Self>) -> Result<&mut Run> {
        Handle::get_mut(run.map(|run| &mut run.0))
    }
}

fn artefact(model: &Model) -> String {
    model.hash().to_string_lossy().into_owned()
}

impl Run {
    fn closed(&self) -> Result<&Closed> {
        self.closed.as_ref().ok_or_else(|| argument::refused("run", "the run is not closed", "call scoreline_run_close first"))
    }

    /// A control total, by name.
    fn total(&self, name: &str) -> Result<i64> {
        let totals = self.ledger.totals()?;
        let unknown = || {
            let remedy = "ask for rows, refused, changed, first, forced, referred, declined, overlaid, expired, limits, held.…, \
                          warning.…, change.… or action.…";
            argument::refused("name", "there is no total of this name", remedy)
        };
        let sum = |counts: &ByTier<u64>| counts.iter().map(|(_, count)| *count).sum::<u64>();
        let count = match name.split_once('.') {
            None => match name {
                "rows" => totals.rows,
                "refused" => totals.refused,
                "changed" => totals.changed(),
                "first" => sum(&totals.first),
                "forced" => totals.forced,
                "referred" => totals.referred,
                "declined" => totals.declined,
                "overlaid" => totals.overlaid,
                "expired" => totals.expired,
                "limits" => return Ok(totals.limits.map_or(0, |sum| sum.minor())),
                _ => return Err(unknown()),
            },
            Some((family, key)) => self.family(&totals, family, key).ok_or_else(unknown)?,
        };
        i64::try_from(count).map_err(|_| argument::refused("name", "the total is too large", "run the book in parts"))
    }

    /// How many accounts have `key`; `None` when nothing can have it.
    fn family(&self, totals: &ReviewTotals, family: &str, key: &str) -> Option<u64> {
        let in_map = |map: &std::collections::BTreeMap<String, u64>| map.get(key).copied().unwrap_or(0);
        match family {
            "held" => Held::ALL.iter().any(|held| held.name() == key).then(|| in_map(&totals.held)),
            "change" => {
                let mut all = scoreline::limit::LineChange::ALL.iter();
                all.any(|change| change.name() == key).then(|| in_map(&totals.changes))
            }
            "action" => self.model.scorer.actions().iter().any(|row| row.code == key).then(|| in_map(&totals.actions)),
            "warning" => {
                let level: u8 = key.parse().ok()?;
                let known = level == 0 || self.model.scorer.response(level).is_some();
                known.then(|| totals.warnings.get(usize::from(level)).copied().unwrap_or(0))
            }
            _ => None,
        }
    }
}

/// Begins a run on the day `today`: no block has been run. To be released with scoreline_run_free.
///
/// # Safety
/// `run` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_run_new(
    scorer: Option<&CScorer>,
    today: i32,
    run: *mut *mut CRun,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            argument::create(run, "run", || {
                let model = CScorer::get(scorer)?;
                Ok(CRun::new(model, ReviewRun::new(artefact(model), run_day(today)?)))
            })
        })
    }
}

/// Takes up a run that was interrupted, from the text that scoreline_run_json wrote: `length` bytes at `json`; blanks and zero
/// bytes at its end do not count. SCORELINE_INCOMPATIBLE when it is no such text, or that of a run with another model file or
/// on another day than `today`.
///
/// # Safety
/// `json` is NULL or points to `length` bytes; `run` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_run_parse(
    scorer: Option<&CScorer>,
    today: i32,
    json: *const c_char,
    length: usize,
    run: *mut *mut CRun,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            argument::create(run, "run", || {
                let (model, today) = (CScorer::get(scorer)?, run_day(today)?);
                let text = argument::text(json, length, "json")?.trim_end_matches([' ', '\0']);
                Ok(CRun::new(model, taken_up(text, model, today)?))
            })
        })
    }
}

fn taken_up(text: &str, model: &Model, today: Date) -> Result<ReviewRun> {
    let refused = |what: &str, remedy: &str| Error::incompatible(Problem::new(what, remedy).field("json"));
    let ledger: ReviewRun = serde_json::from_str(text).map_err(|_| {
        refused("the text is not the ledger of a run", "pass what scoreline_run_json wrote, whole, or begin anew")
    })?;
    if ledger.artefact() != artefact(model) {
        return Err(refused("the run was begun with another model file", "load that file, or begin the run anew"));
    }
    if ledger.today() != today {
        return Err(refused("the run was begun for another day", "pass that day, or begin the run anew"));
    }
    Ok(ledger)
}

/// Releases a run. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_run_free(run: Option<Box<CRun>>) {
    guard_or((), || release(run, |run| &mut run.0))
}

/// Writes the ledger as text for scoreline_run_parse: UTF-8, ended by a zero byte. `size` is the room at `json`, `length`
/// receives the bytes of the text without the zero byte. When there is too little room, only `length` is written; with NULL
/// and 0 that is no error, but how the room is measured. A block takes about a thousand bytes.
///
/// # Safety
/// `json` is NULL or has room for `size` bytes; `length` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_run_json(
    run: Option<&CRun>,
    json: *mut c_char,
    size: usize,
    length: *mut usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            let text = serde_json::to_string(&CRun::get(run)?.ledger).map_err(|_| Error::internal("a ledger was not written"))?;
            argument::write_text(json, size, length, "json", &text)
        })
    }
}

/// The day of the run; SCORELINE_NO_DATE for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_run_today(run: Option<&CRun>) -> i32 {
    guard_or(SCORELINE_NO_DATE, || CRun::get(run).map_or(SCORELINE_NO_DATE, |run| run.ledger.today().days()))
}

/// The least number, from 0, that no block has: where an interrupted run goes on. 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_run_next_block(run: Option<&CRun>) -> u64 {
    guard_or(0, || CRun::get(run).map_or(0, |run| run.ledger.next_block()))
}

/// Runs a block: reads `count` records as `layout` says, reviews them on `threads` threads (0 for all that the machine offers,
/// 1 for the calling thread only), enters what they came to in the ledger under the number `block`, and writes a review for each
/// record. The reviews do not depend on the number of threads, nor on how the book is cut into blocks.
///
/// A record that cannot be read or reviewed gets its status and loses nothing of the others. `capacity` is the length of
/// `reviews`. `refused` receives, unless it is NULL, an error that describes the first SCORELINE_MAX_REFUSED such records by
/// field and row in the block, or NULL; the caller releases it.
///
/// A block that was run before and comes to the same is written again and counted once. When it comes to something else,
/// SCORELINE_INCOMPATIBLE. SCORELINE_INVALID_DATA when a needed field is not laid out, when layout and run are of different
/// scorers, and for `reviews` that is too short. Whenever the call fails, nothing is written and nothing counted.
///
/// # Safety
/// `records` is NULL or holds `count` records of the layout's length; `reviews` is NULL or of the length given, the first with
/// its size set; `refused` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_run_block(
    run: Option<&mut CRun>,
    layout: Option<&CLayout>,
    block: u64,
    records: *const c_char,
    count: usize,
    threads: u32,
    reviews: *mut CReview,
    capacity: usize,
    refused: *mut *mut CError,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises; the product is checked, and `Output` has room for every row.
    unsafe {
        guard(error, || {
            let errors = Refused::new(refused);
            let Run { model, ledger, decoded, reviews: made, closed } = CRun::get_mut(run)?;
            let layout = CLayout::get(layout)?;
            if !Arc::ptr_eq(&layout.model, model) {
                let remedy = "make one with scoreline_layout_new for the scorer of the run";
                return Err(argument::refused("layout", "the layout was made for another scorer", remedy));
            }
            layout.complete()?;
            let output = Output::new("reviews", reviews, capacity, count)?;
            let Some(bytes) = count.checked_mul(layout.record()) else {
                return Err(argument::refused("count", "there cannot be that many records", "pass their number"));
            };
            decoded.read(layout, argument::array(records.cast::<u8>(), bytes, "records")?);
            let batch = decoded.batch(model.scorer.schema())?;
            let threads = Threads::from_count(threads as usize);
            model.scorer.review_batch_into(&batch, Some(decoded.accounts()), ledger.today(), threads, made)?;
            decoded.name_flaws(made);
            ledger.add(block, made, &model.scorer)?;
            *closed = None;
            write_reviews(made, &output, errors);
            Ok(())
        })
    }
}

/// Closes a run, when every block from 0 on was run and not too much moved. `max_downgraded` and `max_upgraded` are the largest
/// shares of accounts whose tier may fall and rise, in hundredths of a per cent: 500 is 5 %. Negative for any. `forced_by`
/// names the operator who lets the run be written whatever moves, or is NULL.
///
/// SCORELINE_INVALID_DATA when a block is missing or too much moves: nothing is to be written then. The run stays open, so that
/// it may be closed again with an operator. Running another block opens it again.
///
/// # Safety
/// `forced_by` is NULL or ends with a zero byte; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_run_close(
    run: Option<&mut CRun>,
    max_downgraded: i32,
    max_upgraded: i32,
    forced_by: *const c_char,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            let run = CRun::get_mut(run)?;
            let share = |hundredths: i32| (hundredths >= 0).then(|| nearest(i64::from(hundredths), 4));
            let breaker = match (share(max_downgraded), share(max_upgraded)) {
                (None, None) => None,
                (most, max_upgraded) => Some(Breaker { max_downgraded: most.unwrap_or(1.0), max_upgraded }),
            };
            let forced_by = if forced_by.is_null() { None } else { Some(argument::zero_ended(forced_by, "forced_by")?) };
            run.closed = None;
            let report = run.ledger.close(breaker.as_ref(), forced_by)?;
            let json = serde_json::to_string(&report).map_err(|_| Error::internal("a report was not written"))?;
            run.closed = Some(Closed { report, json });
            Ok(())
        })
    }
}

/// Writes the report of a closed run as JSON: model file, day, blocks, control totals, hash and what the breaker says. Room and
/// length as in scoreline_run_json. SCORELINE_INVALID_DATA when the run is not closed.
///
/// # Safety
/// `json` is NULL or has room for `size` bytes; `length` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_run_report(
    run: Option<&CRun>,
    json: *mut c_char,
    size: usize,
    length: *mut usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || argument::write_text(json, size, length, "json", &CRun::get(run)?.closed()?.json)) }
}

/// Writes the hash of a closed run, 64 hex digits and a zero byte: over what every review says, block by block. Runs over the
/// same book with the same blocks have the same, in every language. `size` is the room at `hex`, at least
/// SCORELINE_DIGEST_SIZE.
///
/// # Safety
/// `hex` is NULL or has room for `size` bytes; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_run_hash(run: Option<&CRun>, hex: *mut c_char, size: usize, error: *mut *mut CError) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            let hash = &CRun::get(run)?.closed()?.report.hash;
            if size < SCORELINE_DIGEST_SIZE && !hex.is_null() {
                return Err(argument::refused("hex", "there is too little room", "pass SCORELINE_DIGEST_SIZE bytes"));
            }
            let mut length = 0;
            argument::write_text(hex, size.max(1), &mut length, "hex", hash)
        })
    }
}

/// Writes a control total of the blocks so far to `value`. Names: "rows", "refused", "changed" (another tier than before),
/// "first" (no tier before), "forced", "referred", "declined", "overlaid", "expired", "limits" (their sum, in minor units), and,
/// of how many accounts something is said, "held.dwell" and the like, "change.increase", "warning.1", "action." and the code of a
/// row of the action book. SCORELINE_INVALID_DATA when there is no such total.
///
/// # Safety
/// `name` is NULL or ends with a zero byte; `value` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_run_total(
    run: Option<&CRun>,
    name: *const c_char,
    value: *mut i64,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || argument::write(value, "value", || CRun::get(run)?.total(argument::zero_ended(name, "name")?))) }
}

/// Writes to `count` how many accounts of the blocks so far went from one tier to another, or stayed: SCORELINE_TIER_…, or
/// SCORELINE_NONE as `from` for those that had none.
///
/// # Safety
/// `count` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_run_move(
    run: Option<&CRun>,
    from: u32,
    to: u32,
    count: *mut u64,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            argument::write(count, "count", || {
                let totals = CRun::get(run)?.ledger.totals()?;
                let tier = |number: u32, argument: &str| {
                    RiskTier::from_index(number as usize)
                        .ok_or_else(|| argument::refused(argument, "a risk tier was expected", "pass SCORELINE_TIER_…"))
                };
                let row = if from == SCORELINE_NONE { &totals.first } else { totals.moves.get(tier(from, "from")?) };
                Ok(*row.get(tier(to, "to")?))
            })
        })
    }
}
