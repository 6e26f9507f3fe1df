//! Batches: columns of many records, read where they lie.

use std::borrow::Cow;
use std::ffi::c_char;
use std::slice;
use std::sync::Arc;

use scoreline::{Batch, Column, Date, Field, Kind, Result, Validity, Value};

use crate::argument;
use crate::date::SCORELINE_NO_DATE;
use crate::decimal::nearest;
use crate::error::CError;
use crate::guard::{guard, guard_or};
use crate::handle::{Handle, State, release};
use crate::scorer::{CScorer, Model};

/// In a column of flags: missing.
pub const SCORELINE_NO_FLAG: u8 = 255;

/// In a column of levels by number: missing.
pub const SCORELINE_NO_LEVEL: i32 = -1;

/// Records as columns, one for each field that the model needs (scoreline_scorer_field_required).
///
/// Every array and text given to a batch is borrowed: it must live, unchanged, until the batch is released. Each column is
/// given once.
#[derive(Debug)]
pub struct CBatch(Handle<Columns>);

#[derive(Debug)]
pub(crate) struct Columns {
    model: Arc<Model>,
    /// Borrows from callers, and from `masks`.
    batch: Batch<'static>,
    masks: Vec<Box<[u8]>>,
}

impl State for Columns {
    const WORD: u64 = 0x6863_7461_6220_6c73;
    const ARGUMENT: &'static str = "batch";
}

impl CBatch {
    fn get(batch: Option<&mut Self>) -> Result<&mut Columns> {
        Handle::get_mut(batch.map(|batch| &mut batch.0))
    }
}

impl Columns {
    /// The batch, when it can be decided by `model`.
    pub(crate) fn of<'a>(batch: Option<&'a CBatch>, model: &Arc<Model>) -> Result<&'a Batch<'static>> {
        let columns = Handle::get(batch.map(|batch| &batch.0))?;
        if Arc::ptr_eq(&columns.model, model) {
            return Ok(&columns.batch);
        }
        let remedy = "make one with scoreline_batch_new for the scorer that decides it";
        Err(argument::refused("batch", "the batch was made for another scorer", remedy))
    }

    /// Adds the column that `build` makes for a field.
    fn set(&mut self, field: usize, build: impl FnOnce(&Field, &mut Masks) -> Result<Column<'static>>) -> Result<()> {
        let Some(field) = self.model.scorer.schema().fields.get(field) else {
            let remedy = "ask scoreline_scorer_field for the index of a name, or use 0 to scoreline_scorer_field_count - 1";
            return Err(argument::refused("field", "there is no field with this index", remedy));
        };
        let column = build(field, &mut Masks(&mut self.masks))?;
        column.check_kind(field)?;
        self.batch.push(field.name.as_str(), column)
    }
}

/// Keeps the bitmaps of a batch.
struct Masks<'a>(&'a mut Vec<Box<[u8]>>);

impl Masks<'_> {
    /// Days of which some may be missing.
    fn dates(&mut self, days: Cow<'static, [i32]>) -> Column<'static> {
        let mut validity = None;
        if days.contains(&SCORELINE_NO_DATE) {
            let mut bits = vec![0u8; days.len().div_ceil(8)];
            for (byte, days) in bits.iter_mut().zip(days.chunks(8)) {
                *byte = days.iter().enumerate().fold(0, |byte, (bit, &day)| byte | u8::from(day != SCORELINE_NO_DATE) << bit);
            }
            let bits = bits.into_boxed_slice();
            // SAFETY: the box is kept as long as the batch whose columns alone hold this slice, and never changed.
            let lasting = unsafe { slice::from_raw_parts(bits.as_ptr(), bits.len()) };
            self.0.push(bits);
            validity = Some(Validity::new(lasting, 0));
        }
        Column::Date { values: days, validity }
    }

    /// Texts, empty where missing, read as the kind of `field`.
    fn texts(
        &mut self,
        field: &Field,
        texts: impl ExactSizeIterator<Item = Result<Option<&'static str>>>,
    ) -> Result<Column<'static>> {
        let count = texts.len();
        let mut values = texts.enumerate().map(|(row, text)| {
            let value = text.and_then(|text| text.map_or(Ok(Value::Missing), |text| field.parse(text)));
            value.map_err(|error| error.at_row(row))
        });
        Ok(match field.kind {
            Kind::Number => {
                let mut numbers = Vec::with_capacity(count);
                values.try_for_each(|value| value.map(|value| numbers.push(value.as_number())))?;
                Column::numbers(numbers)
            }
            Kind::Category => {
                let level = |value| if let Value::Category(level) = value { Some(Cow::Borrowed(level)) } else { None };
                Column::Text(values.map(|value| value.map(level)).collect::<Result<_>>()?)
            }
            Kind::Date => {
                let day = |value| if let Value::Date(date) = value { Date::days(date) } else { SCORELINE_NO_DATE };
                let days: Vec<i32> = values.map(|value| value.map(day)).collect::<Result<_>>()?;
                self.dates(Cow::Owned(days))
            }
            Kind::Flag => {
                let flag = |value| if let Value::Flag(flag) = value { Some(flag) } else { None };
                Column::Flag(values.map(|value| value.map(flag)).collect::<Result<_>>()?)
            }
        })
    }
}

/// Makes a batch of `rows` rows for `scorer`, with no columns yet. To be released with scoreline_batch_free.
///
/// # Safety
/// `batch` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_batch_new(
    scorer: Option<&CScorer>,
    rows: usize,
    batch: *mut *mut CBatch,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            argument::create(batch, "batch", || {
                let model = Arc::clone(CScorer::get(scorer)?);
                if rows > isize::MAX as usize / size_of::<f64>() {
                    return Err(argument::refused("rows", "a batch cannot be that long", "pass the number of rows"));
                }
                Ok(CBatch(Handle::new(Columns { model, batch: Batch::new(rows), masks: Vec::new() })))
            })
        })
    }
}

/// Releases a batch, and with it the claim on what it borrowed. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_batch_free(batch: Option<Box<CBatch>>) {
    guard_or((), || release(batch, |batch| &mut batch.0))
}

/// Gives a column of numbers, read where they lie. NaN is missing; a row with an infinite number is not decided.
/// `count` is the number of rows of the batch, here and in all that follow.
///
/// # Safety
/// `values` is NULL or holds `count` doubles until the batch is released; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_batch_set_numbers(
    batch: Option<&mut CBatch>,
    field: usize,
    values: *const f64,
    count: usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            CBatch::get(batch)?.set(field, |field, _| Ok(Column::numbers(argument::array(values, count, &field.name)?)))
        })
    }
}

/// Gives a column of numbers as scaled decimals, converted as scoreline_row_set_decimal does. SCORELINE_NO_DECIMAL is
/// missing.
///
/// # Safety
/// `mantissas` is NULL or holds `count` integers; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_batch_set_decimals(
    batch: Option<&mut CBatch>,
    field: usize,
    mantissas: *const i64,
    scale: i32,
    count: usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            CBatch::get(batch)?.set(field, |field, _| {
                let mantissas = argument::array(mantissas, count, &field.name)?;
                Ok(Column::numbers(mantissas.iter().map(|&mantissa| nearest(mantissa, scale)).collect::<Vec<f64>>()))
            })
        })
    }
}

/// Gives a column of levels as texts that end with a zero byte; NULL is missing, an empty text is the empty level.
///
/// # Safety
/// `levels` is NULL or holds `count` texts, each NULL or ended with a zero byte, until the batch is released; `error` is
/// NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_batch_set_categories(
    batch: Option<&mut CBatch>,
    field: usize,
    levels: *const *const c_char,
    count: usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            CBatch::get(batch)?.set(field, |field, _| {
                let level = |(row, &level): (usize, &*const c_char)| match level.is_null() {
                    true => Ok(None),
                    false => {
                        argument::zero_ended(level, &field.name).map(|text| Some(Cow::Borrowed(text))).map_err(|e| e.at_row(row))
                    }
                };
                let levels = argument::array(levels, count, &field.name)?;
                Ok(Column::Text(levels.iter().enumerate().map(level).collect::<Result<_>>()?))
            })
        })
    }
}

/// Gives a column of levels by number: `codes` holds, for each row, an index into the `level_count` texts at `levels`, or
/// SCORELINE_NO_LEVEL. Any other number is refused.
///
/// # Safety
/// `codes` and `levels` are NULL or of the length given until the batch is released, each level ended with a zero byte;
/// `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_batch_set_levels(
    batch: Option<&mut CBatch>,
    field: usize,
    codes: *const i32,
    count: usize,
    levels: *const *const c_char,
    level_count: usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            CBatch::get(batch)?.set(field, |field, _| {
                let levels = argument::array(levels, level_count, "levels")?.iter();
                let levels = levels.map(|&level| argument::zero_ended(level, "levels").map(Cow::Borrowed));
                let codes = argument::array(codes, count, &field.name)?;
                let known = |code: i32| code == SCORELINE_NO_LEVEL || usize::try_from(code).is_ok_and(|code| code < level_count);
                if let Some(row) = codes.iter().position(|&code| !known(code)) {
                    let remedy = "pass the index of a level, or SCORELINE_NO_LEVEL when it is missing";
                    return Err(argument::refused(&field.name, "the number is not that of a level", remedy).at_row(row));
                }
                Ok(Column::Dictionary { codes: Cow::Borrowed(codes), levels: levels.collect::<Result<_>>()?, validity: None })
            })
        })
    }
}

/// Gives a column of flags: 1 true, 0 false, SCORELINE_NO_FLAG missing. Any other number is refused.
///
/// # Safety
/// `flags` is NULL or holds `count` bytes; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_batch_set_flags(
    batch: Option<&mut CBatch>,
    field: usize,
    flags: *const u8,
    count: usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            CBatch::get(batch)?.set(field, |field, _| {
                let flag = |(row, &flag): (usize, &u8)| match flag {
                    0 | 1 => Ok(Some(flag == 1)),
                    SCORELINE_NO_FLAG => Ok(None),
                    _ => Err(argument::refused(&field.name, "0, 1 or SCORELINE_NO_FLAG was expected", "pass one").at_row(row)),
                };
                let flags = argument::array(flags, count, &field.name)?;
                Ok(Column::Flag(flags.iter().enumerate().map(flag).collect::<Result<_>>()?))
            })
        })
    }
}

/// Gives a column of calendar days: days since 1970-01-01. SCORELINE_NO_DATE is missing.
///
/// # Safety
/// `days` is NULL or holds `count` numbers until the batch is released; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_batch_set_dates(
    batch: Option<&mut CBatch>,
    field: usize,
    days: *const i32,
    count: usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            CBatch::get(batch)?
                .set(field, |field, masks| Ok(masks.dates(Cow::Borrowed(argument::array(days, count, &field.name)?))))
        })
    }
}

/// Gives a column of texts that end with a zero byte, read as scoreline_row_set_text does. NULL and empty texts are
/// missing; a text that cannot be read refuses the column and names its row.
///
/// # Safety
/// `texts` is NULL or holds `count` texts, each NULL or ended with a zero byte, until the batch is released; `error` is
/// NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_batch_set_texts(
    batch: Option<&mut CBatch>,
    field: usize,
    texts: *const *const c_char,
    count: usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            CBatch::get(batch)?.set(field, |field, masks| {
                let text = |&text: &*const c_char| match text.is_null() {
                    true => Ok(None),
                    false => argument::zero_ended(text, &field.name).map(Some),
                };
                masks.texts(field, argument::array(texts, count, &field.name)?.iter().map(text))
            })
        })
    }
}

/// Gives a column of texts of a fixed `width`, one after another, as COBOL holds them: blanks at the end do not count, and
/// the rest is read as scoreline_row_set_text does.
///
/// # Safety
/// `texts` is NULL or holds `count` times `width` bytes until the batch is released; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_batch_set_padded(
    batch: Option<&mut CBatch>,
    field: usize,
    texts: *const c_char,
    width: usize,
    count: usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises; the product is checked and each text lies inside the array.
    unsafe {
        guard(error, || {
            CBatch::get(batch)?.set(field, |field, masks| {
                let Some(length) = width.checked_mul(count).filter(|_| width > 0) else {
                    return Err(argument::refused(
                        "width",
                        "texts cannot be that wide",
                        "pass their number of bytes, at least 1",
                    ));
                };
                let bytes = argument::array(texts, length, &field.name)?;
                masks.texts(
                    field,
                    bytes.chunks_exact(width).map(|text| argument::unpadded(text.as_ptr(), width, &field.name).map(Some)),
                )
            })
        })
    }
}
