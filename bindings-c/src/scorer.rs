//! Scorers: loading, releasing, and what a model file declares.

use std::ffi::{CStr, CString, c_char};
use std::path::PathBuf;
use std::ptr;
use std::sync::Arc;

use scoreline::features::window::{EventSource, WindowPlan};
use scoreline::{Artefact, Kind, Result, Scorer};

use crate::argument;
use crate::error::{CError, c_text};
use crate::guard::{guard, guard_or};
use crate::handle::{Handle, State, release};

/// A field of numbers.
pub const SCORELINE_KIND_NUMBER: u32 = 0;
/// A field of levels.
pub const SCORELINE_KIND_CATEGORY: u32 = 1;
/// A field of calendar days.
pub const SCORELINE_KIND_DATE: u32 = 2;
/// A field of true and false.
pub const SCORELINE_KIND_FLAG: u32 = 3;

/// No such thing: an absent tier, outcome, limit candidate or bound, and the kind of a field that does not exist.
pub const SCORELINE_NONE: u32 = u32::MAX;

/// A model file, loaded and verified. It never changes: any number of threads may use one at once.
/// Rows, events and batches keep what they need of it, so the order in which they are released does not matter.
#[derive(Debug)]
pub struct CScorer(Handle<Arc<Model>>);

/// What a scorer shares with its rows, events and batches.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) scorer: Scorer,
    hash: CString,
    fields: Vec<CString>,
    limits: Vec<CString>,
    reasons: Vec<(CString, CString)>,
    /// What can decide about the limit of an account, by code.
    bindings: Vec<CString>,
    actions: Vec<CString>,
    /// The field that each window is.
    pub(crate) windows: Vec<usize>,
}

impl Model {
    /// The features over events.
    pub(crate) fn windows(&self) -> Result<&WindowPlan> {
        self.scorer.windows().map(AsRef::as_ref).ok_or_else(|| {
            argument::refused("scorer", "the model has no features over events", "set the fields of its rows yourself")
        })
    }

    /// The tables of events.
    #[inline]
    pub(crate) fn sources(&self) -> &[EventSource] {
        self.scorer.windows().map_or(&[], |plan| &plan.set().sources)
    }

    /// The hash of the model file.
    pub(crate) fn hash(&self) -> &CStr {
        &self.hash
    }

    /// The name of a field, to be handed out.
    pub(crate) fn field_name(&self, index: usize) -> *const c_char {
        self.fields.get(index).map_or(ptr::null(), |name| name.as_ptr())
    }
}

impl State for Arc<Model> {
    const WORD: u64 = 0x7265_726f_6373_6c73;
    const ARGUMENT: &'static str = "scorer";
}

impl CScorer {
    fn new(artefact: &Artefact) -> Result<Self> {
        let scorer = artefact.scorer()?;
        Ok(CScorer(Handle::new(Arc::new(Model {
            hash: c_text(artefact.hash()),
            fields: scorer.schema().fields.iter().map(|field| c_text(&field.name)).collect(),
            limits: scorer.limit_names().map(c_text).collect(),
            windows: scorer.windows().map_or(Ok(Vec::new()), |plan| plan.names().map(|name| scorer.field(name)).collect())?,
            bindings: (0..=u8::MAX).map_while(|code| scorer.limit_binding(code)).map(c_text).collect(),
            actions: scorer.actions().iter().map(|row| c_text(&row.code)).collect(),
            reasons: scorer.reasons().iter().map(|reason| (c_text(&reason.code), c_text(&reason.text))).collect(),
            scorer,
        }))))
    }

    #[inline]
    pub(crate) fn get(scorer: Option<&Self>) -> Result<&Arc<Model>> {
        Handle::get(scorer.map(|scorer| &scorer.0))
    }

    /// Reads something that a scorer may lack.
    fn read<T>(scorer: Option<&Self>, otherwise: T, read: impl FnOnce(&Model) -> Option<T>) -> T {
        CScorer::get(scorer).ok().and_then(|model| read(model)).unwrap_or(otherwise)
    }
}

#[cfg(unix)]
fn path(text: &std::ffi::CStr) -> Result<PathBuf> {
    Ok(PathBuf::from(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(text.to_bytes())))
}

#[cfg(not(unix))]
fn path(text: &std::ffi::CStr) -> Result<PathBuf> {
    text.to_str().map(PathBuf::from).map_err(|_| argument::refused("path", "UTF-8 was expected", "convert the text"))
}

/// Loads a model file and verifies it: form, version, hash and known answers.
///
/// `scorer` receives a new scorer, to be released with scoreline_scorer_free, or NULL.
/// Codes: SCORELINE_IO when the file cannot be read; SCORELINE_ARTEFACT when it is not ours, damaged, edited or newer
/// than this release; SCORELINE_INVALID_CONFIG when its parts do not fit together; SCORELINE_INVALID_DATA for NULL.
///
/// # Safety
/// `file` is NULL or ends with a zero byte; `scorer` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_scorer_load(file: *const c_char, scorer: *mut *mut CScorer, error: *mut *mut CError) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            argument::create(scorer, "scorer", || CScorer::new(&Artefact::load(path(argument::bytes(file, "file")?)?)?))
        })
    }
}

/// As scoreline_scorer_load, from the text of a model file: `length` bytes at `json`.
///
/// # Safety
/// `json` is NULL or points to `length` bytes; `scorer` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_scorer_parse(
    json: *const c_char,
    length: usize,
    scorer: *mut *mut CScorer,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            argument::create(scorer, "scorer", || CScorer::new(&Artefact::from_json(argument::text(json, length, "json")?)?))
        })
    }
}

/// Releases a scorer. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_scorer_free(scorer: Option<Box<CScorer>>) {
    guard_or((), || release(scorer, |scorer| &mut scorer.0))
}

/// The hash of the model file: 64 hex digits, the same in every language. NULL for NULL.
/// This text and all that follow belong to the scorer and live as long as it does.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_scorer_hash(scorer: Option<&CScorer>) -> *const c_char {
    guard_or(ptr::null(), || CScorer::read(scorer, ptr::null(), |model| Some(model.hash.as_ptr())))
}

/// Decimals of money: 2 when amounts are counted in cents. 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_scorer_decimals(scorer: Option<&CScorer>) -> u32 {
    guard_or(0, || CScorer::read(scorer, 0, |model| Some(model.scorer.decimals())))
}

/// Number of input fields; 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_scorer_field_count(scorer: Option<&CScorer>) -> usize {
    guard_or(0, || CScorer::read(scorer, 0, |model| Some(model.fields.len())))
}

/// The name of field `index` (from 0); NULL when there is none.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_scorer_field_name(scorer: Option<&CScorer>, index: usize) -> *const c_char {
    guard_or(ptr::null(), || CScorer::read(scorer, ptr::null(), |model| Some(model.field_name(index))))
}

/// The kind of field `index`: one of SCORELINE_KIND_…; SCORELINE_NONE when there is no such field.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_scorer_field_kind(scorer: Option<&CScorer>, index: usize) -> u32 {
    guard_or(SCORELINE_NONE, || {
        CScorer::read(scorer, SCORELINE_NONE, |model| {
            model.scorer.schema().fields.get(index).map(|field| match field.kind {
                Kind::Number => SCORELINE_KIND_NUMBER,
                Kind::Category => SCORELINE_KIND_CATEGORY,
                Kind::Date => SCORELINE_KIND_DATE,
                Kind::Flag => SCORELINE_KIND_FLAG,
            })
        })
    })
}

/// 1 when field `index` can change a decision, 0 when it never does or does not exist. A batch needs no other columns.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_scorer_field_required(scorer: Option<&CScorer>, index: usize) -> u32 {
    guard_or(1, || CScorer::read(scorer, 0, |model| Some(u32::from(model.scorer.required().binary_search(&index).is_ok()))))
}

/// Writes the index of the field called `name` to `index`.
/// SCORELINE_INVALID_DATA, naming the nearest known field, when there is none.
///
/// # Safety
/// `name` is NULL or ends with a zero byte; `index` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_scorer_field(
    scorer: Option<&CScorer>,
    name: *const c_char,
    index: *mut usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            argument::write(index, "index", || CScorer::get(scorer)?.scorer.field(argument::zero_ended(name, "name")?))
        })
    }
}

/// Number of reasons that decisions can give; 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_scorer_reason_count(scorer: Option<&CScorer>) -> usize {
    guard_or(0, || CScorer::read(scorer, 0, |model| Some(model.reasons.len())))
}

/// The code of reason `index`, for example "R01"; NULL when there is none.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_scorer_reason_code(scorer: Option<&CScorer>, index: usize) -> *const c_char {
    guard_or(ptr::null(), || CScorer::read(scorer, ptr::null(), |model| model.reasons.get(index).map(|(code, _)| code.as_ptr())))
}

/// The text of reason `index`, for people; NULL when there is none.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_scorer_reason_text(scorer: Option<&CScorer>, index: usize) -> *const c_char {
    guard_or(ptr::null(), || CScorer::read(scorer, ptr::null(), |model| model.reasons.get(index).map(|(_, text)| text.as_ptr())))
}

/// The name of limit candidate `index`, as decisions give it in `limit_binding`; NULL when there is none.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_scorer_limit_name(scorer: Option<&CScorer>, index: usize) -> *const c_char {
    guard_or(ptr::null(), || CScorer::read(scorer, ptr::null(), |model| model.limits.get(index).map(|name| name.as_ptr())))
}

/// Number of rows of the action book; 0 when there is none, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_scorer_action_count(scorer: Option<&CScorer>) -> usize {
    guard_or(0, || CScorer::read(scorer, 0, |model| Some(model.actions.len())))
}

/// The code of row `index` of the action book, as reviews give it in `action`; NULL when there is none.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_scorer_action_code(scorer: Option<&CScorer>, index: usize) -> *const c_char {
    guard_or(ptr::null(), || CScorer::read(scorer, ptr::null(), |model| model.actions.get(index).map(|code| code.as_ptr())))
}

/// What decided about the limit of an account, by the number that reviews give in `binding`: "tier", "utilisation", …, or the
/// name of a limit candidate. NULL when there is none.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_scorer_limit_binding(scorer: Option<&CScorer>, index: usize) -> *const c_char {
    guard_or(ptr::null(), || CScorer::read(scorer, ptr::null(), |model| model.bindings.get(index).map(|name| name.as_ptr())))
}
