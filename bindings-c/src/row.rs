//! Rows: the cells of one record, set field by field.

use std::ffi::c_char;

use scoreline::{Result, Value};

use crate::argument;
use crate::date::day;
use crate::decimal::nearest;
use crate::error::CError;
use crate::guard::{guard, guard_or};
use crate::handle::{Handle, release};
use crate::record::Record;
use crate::scorer::CScorer;

/// One record, or one event of a source: a cell for each field of the scorer or source that it was made for, each missing at
/// first.
///
/// Make one for each thread and use it again and again: after the first records, setting and deciding allocate nothing.
/// A cell keeps its value until it is set again or the row is cleared. A value that is refused leaves a mark where a decision
/// reads the field, and in every cell of an event: the row is not used before that cell is set well or the row is cleared, so
/// that nobody gets the decision of the record before.
#[derive(Debug)]
pub struct CRow(Handle<Record>);

/// Makes an empty row for `scorer`: every cell missing. To be released with scoreline_row_free.
///
/// # Safety
/// `row` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_row_new(scorer: Option<&CScorer>, row: *mut *mut CRow, error: *mut *mut CError) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || argument::create(row, "row", || Ok(CRow(Handle::new(Record::new(CScorer::get(scorer)?, None)))))) }
}

/// Makes an empty row for the events of `source`: its cells are the fields of that source, in their order, without day,
/// publication and key, which scoreline_events_add takes beside it. To be released with scoreline_row_free.
/// SCORELINE_INVALID_DATA, naming the nearest known source, when there is none.
///
/// # Safety
/// `source` is NULL or ends with a zero byte; `row` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_row_new_event(
    scorer: Option<&CScorer>,
    source: *const c_char,
    row: *mut *mut CRow,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            argument::create(row, "row", || {
                let model = CScorer::get(scorer)?;
                let place = model.windows()?.source(argument::zero_ended(source, "source")?)?;
                Ok(CRow(Handle::new(Record::new(model, Some(place)))))
            })
        })
    }
}

/// Writes to `index` the index of the field called `name` in a row: of the scorer, as scoreline_scorer_field does, or of the
/// source whose events the row holds. SCORELINE_INVALID_DATA, naming the nearest known field, when there is none.
///
/// # Safety
/// `name` is NULL or ends with a zero byte; `index` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_row_field(
    row: Option<&CRow>,
    name: *const c_char,
    index: *mut usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || argument::write(index, "index", || CRow::read(row)?.field(argument::zero_ended(name, "name")?))) }
}

/// Writes the number in a cell to `value`, for example what scoreline_events_read put there. NaN when it is missing or holds
/// something else than a number.
///
/// # Safety
/// `value` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_row_number(row: Option<&CRow>, field: usize, value: *mut f64, error: *mut *mut CError) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || argument::write(value, "value", || CRow::read(row)?.number(field))) }
}

/// Releases a row. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_row_free(row: Option<Box<CRow>>) {
    guard_or((), || release(row, |row| &mut row.0))
}

/// Makes every cell missing.
///
/// # Safety
/// `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_row_clear(row: Option<&mut CRow>, error: *mut *mut CError) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || CRow::get(row).map(Record::clear)) }
}

/// Makes one cell missing.
///
/// # Safety
/// `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_row_set_missing(row: Option<&mut CRow>, field: usize, error: *mut *mut CError) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || CRow::get(row)?.set(field, |_| Ok(Value::Missing))) }
}

/// Sets a number. NaN is missing; an infinite number is refused.
///
/// # Safety
/// `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_row_set_number(
    row: Option<&mut CRow>,
    field: usize,
    value: f64,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || CRow::get(row)?.set(field, |_| Ok(Value::Number(value)))) }
}

/// Sets a number to the double nearest to `mantissa` * 10^-`scale`, the one that reading its decimal text gives: 20 and 2
/// make 0.2. SCORELINE_NO_DECIMAL is missing.
///
/// # Safety
/// `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_row_set_decimal(
    row: Option<&mut CRow>,
    field: usize,
    mantissa: i64,
    scale: i32,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || CRow::get(row)?.set(field, |_| Ok(Value::Number(nearest(mantissa, scale))))) }
}

/// As scoreline_row_set_decimal, the mantissa by reference. This is how COBOL passes numbers: a MOVE of 0.2 to COMP-2 gives
/// the double below 0.2, which may lie in another bin, and a CALL passes a mantissa by value as 32 bits unless told otherwise.
///
/// # Safety
/// `mantissa` is NULL or can be read, aligned or not; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_row_set_decimal_ref(
    row: Option<&mut CRow>,
    field: usize,
    mantissa: *const i64,
    scale: i32,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises; null is looked for first.
    unsafe {
        guard(error, || {
            CRow::get(row)?.set(field, |field| {
                if mantissa.is_null() {
                    return Err(argument::null(&field.name));
                }
                Ok(Value::Number(nearest(mantissa.read_unaligned(), scale)))
            })
        })
    }
}

/// Sets a level: `length` bytes at `text`, copied, compared byte by byte. Nothing is trimmed; no bytes are the empty level.
///
/// # Safety
/// `text` is NULL or points to `length` bytes; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_row_set_category(
    row: Option<&mut CRow>,
    field: usize,
    text: *const c_char,
    length: usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || CRow::get(row)?.set(field, |field| Ok(Value::Category(argument::text(text, length, &field.name)?))))
    }
}

/// Sets true (1) or false (0); any other `flag` is refused.
///
/// # Safety
/// `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_row_set_flag(row: Option<&mut CRow>, field: usize, flag: u32, error: *mut *mut CError) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            CRow::get(row)?.set(field, |field| match flag {
                0 | 1 => Ok(Value::Flag(flag == 1)),
                _ => Err(argument::refused(&field.name, "0 or 1 was expected", "pass 1 for true and 0 for false")),
            })
        })
    }
}

/// Sets a calendar day: days since 1970-01-01, see scoreline_date_parse. SCORELINE_NO_DATE is missing.
///
/// # Safety
/// `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_row_set_date(row: Option<&mut CRow>, field: usize, days: i32, error: *mut *mut CError) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || CRow::get(row)?.set(field, |_| Ok(day(days).map_or(Value::Missing, Value::Date)))) }
}

/// Sets a cell from text, read as its field's kind: a decimal number with a point, a level, YYYY-MM-DD, true or false.
/// `length` bytes at `text`. No bytes are missing. Nothing is trimmed, nothing is guessed, the locale plays no part.
///
/// # Safety
/// `text` is NULL or points to `length` bytes; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_row_set_text(
    row: Option<&mut CRow>,
    field: usize,
    text: *const c_char,
    length: usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || CRow::get(row)?.set(field, |field| field.parse(argument::text(text, length, &field.name)?))) }
}

/// Sets a cell from text of a fixed `width`, as COBOL holds it: blanks at the end do not count, and the rest is read as
/// scoreline_row_set_text does.
///
/// # Safety
/// `text` is NULL or points to `width` bytes; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_row_set_padded(
    row: Option<&mut CRow>,
    field: usize,
    text: *const c_char,
    width: usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || CRow::get(row)?.set(field, |field| field.parse(argument::unpadded(text, width, &field.name)?))) }
}

impl CRow {
    #[inline]
    pub(crate) fn read(row: Option<&Self>) -> Result<&Record> {
        Handle::get(row.map(|row| &row.0))
    }

    pub(crate) fn get(row: Option<&mut Self>) -> Result<&mut Record> {
        Handle::get_mut(row.map(|row| &mut row.0))
    }
}
