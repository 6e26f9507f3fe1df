//! The events of one entity, one after the other, and the window fields of its record as of a day.

use std::ffi::c_char;
use std::ptr;
use std::sync::Arc;

use scoreline::features::window::{DatedEvent, EventState, WindowValues};
use scoreline::{Error, Result, Value};

use crate::argument;
use crate::date::day;
use crate::error::CError;
use crate::guard::{guard, guard_or};
use crate::handle::{Handle, State, release};
use crate::record::Record;
use crate::row::CRow;
use crate::scorer::{CScorer, Model};

/// What is remembered of one entity's events: it grows with the windows of the model, not with the number of events. Keep it
/// between calls, or its text (scoreline_events_json) between programs.
#[derive(Debug)]
pub struct CEvents(Handle<Events>);

#[derive(Debug)]
pub(crate) struct Events {
    model: Arc<Model>,
    state: EventState,
}

impl State for Events {
    const WORD: u64 = 0x7374_6e65_7665_6c73;
    const ARGUMENT: &'static str = "events";
}

impl CEvents {
    fn new(model: &Arc<Model>, state: EventState) -> Self {
        CEvents(Handle::new(Events { model: Arc::clone(model), state }))
    }

    fn get(events: Option<&Self>) -> Result<&Events> {
        Handle::get(events.map(|events| &events.0))
    }
}

impl Events {
    fn read(&self, as_of: i32) -> Result<WindowValues> {
        self.model.windows()?.read(&self.state, day(as_of).ok_or_else(|| no_day("as_of"))?)
    }
}

#[cold]
fn no_day(field: &str) -> Error {
    let remedy = "pass days since 1970-01-01, see scoreline_date_parse";
    argument::refused(field, "a calendar day was expected", remedy)
}

/// Begins the events of an entity: there is none yet. To be released with scoreline_events_free.
/// SCORELINE_INVALID_DATA when the model has no features over events.
///
/// # Safety
/// `events` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_events_new(
    scorer: Option<&CScorer>,
    events: *mut *mut CEvents,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            argument::create(events, "events", || {
                let model = CScorer::get(scorer)?;
                Ok(CEvents::new(model, model.windows()?.state()))
            })
        })
    }
}

/// As scoreline_events_new, from the text that scoreline_events_json wrote: `length` bytes at `json`.
/// SCORELINE_INCOMPATIBLE when it is no such text, or one of other features.
///
/// # Safety
/// `json` is NULL or points to `length` bytes; `events` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_events_parse(
    scorer: Option<&CScorer>,
    json: *const c_char,
    length: usize,
    events: *mut *mut CEvents,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            argument::create(events, "events", || {
                let model = CScorer::get(scorer)?;
                Ok(CEvents::new(model, model.windows()?.state_from_json(argument::text(json, length, "json")?)?))
            })
        })
    }
}

/// Releases events. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_events_free(events: Option<Box<CEvents>>) {
    guard_or((), || release(events, |events| &mut events.0))
}

/// Adds an event: the cells of a row that scoreline_row_new_event made for the same scorer, its day, the day on which it
/// became known and its key. Days are days since 1970-01-01.
///
/// `published` is SCORELINE_NO_DATE where the source has no publication; it is then not looked at, as the key is where
/// duplicates are kept. `id` is NULL and 0 for no key, or `id_length` bytes, copied; a whole number is written in digits. An
/// event that is late or was added before counts or not as the source declares.
/// SCORELINE_INVALID_DATA, naming the field, when a value is not as declared, a currency is another, or a late, second or
/// unsorted event is refused. The events then stay as they were.
///
/// # Safety
/// `id` is NULL or points to `id_length` bytes; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_events_add(
    events: Option<&mut CEvents>,
    row: Option<&CRow>,
    date: i32,
    published: i32,
    id: *const c_char,
    id_length: usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            let Events { model, state } = Handle::get_mut(events.map(|events| &mut events.0))?;
            let (fields, source) = Record::event(row, model)?;
            let date = day(date).ok_or_else(|| no_day(&source.date))?;
            let id = if id.is_null() && id_length == 0 {
                Value::Missing
            } else {
                Value::Category(argument::text(id, id_length, "id")?)
            };
            let event = DatedEvent { date, published: day(published), id, fields };
            model.windows()?.advance(state, &source.name, &event)
        })
    }
}

/// Sets the window fields of a row that scoreline_row_new made for the same scorer to what the events give as of a day; a
/// feature without a value is missing. All other cells stay. scoreline_row_number reads them.
///
/// SCORELINE_INVALID_DATA when `as_of` is SCORELINE_NO_DATE or lies before the newest event: what was known then is no longer
/// known. The row then stays as it was.
///
/// # Safety
/// `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_events_read(
    events: Option<&CEvents>,
    as_of: i32,
    row: Option<&mut CRow>,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            let events = CEvents::get(events)?;
            let record = Record::of_mut(row, &events.model)?;
            let found = events.read(as_of)?;
            // Values of windows are finite or NaN, so that no cell refuses one after others were set.
            let mut pairs = events.model.windows.iter().zip(&found.values);
            pairs.try_for_each(|(&field, &value)| record.set(field, |_| Ok(Value::Number(value))))
        })
    }
}

/// The name of a feature whose window, as of a day, held more events than are kept, so that the oldest did not count: `index`
/// counts such features from 0. NULL when there are no more, and when the day cannot be asked. The text belongs to the scorer
/// and lives as long as it or these events.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_events_cut(events: Option<&CEvents>, as_of: i32, index: usize) -> *const c_char {
    guard_or(ptr::null(), || {
        let field = CEvents::get(events).and_then(|events| {
            let cut = events.read(as_of)?.cut;
            Ok(cut.get(index).and_then(|&place| events.model.windows.get(place)).map(|&field| events.model.field_name(field)))
        });
        field.ok().flatten().unwrap_or(ptr::null())
    })
}

/// Writes the events as text for scoreline_events_parse: UTF-8, ended by a zero byte. `size` is the room at `json`, `length`
/// receives the bytes of the text without the zero byte. When there is too little room, only `length` is written; with NULL
/// and 0 that is no error, but how the room is measured.
///
/// # Safety
/// `json` is NULL or has room for `size` bytes; `length` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_events_json(
    events: Option<&CEvents>,
    json: *mut c_char,
    size: usize,
    length: *mut usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            let text = CEvents::get(events)?.state.to_json()?;
            argument::write_text(json, size, length, "json", &text)
        })
    }
}
