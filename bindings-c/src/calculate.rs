//! Calculations by name: schedules, rates, capital, losses, prices and books, JSON in and JSON out.

use std::ffi::{CString, c_char};
use std::ptr;

use scoreline::calculation::{self, Columns};
use scoreline::{Result, Threads};

use crate::argument;
use crate::error::{CError, c_text};
use crate::guard::{guard, guard_or};
use crate::handle::{Handle, State, release};
use crate::refused::Refused;

/// What a calculation answered: JSON, the same bytes in every language.
#[derive(Debug)]
pub struct CAnswer(Handle<CString>);

impl State for CString {
    const WORD: u64 = 0x0072_6577_736e_6173;
    const ARGUMENT: &'static str = "answer";
}

/// What a calculation answered over columns.
#[derive(Debug)]
pub struct CColumns(Handle<Columns>);

impl State for Columns {
    const WORD: u64 = 0x736e_6d75_6c6f_6373;
    const ARGUMENT: &'static str = "columns";
}

/// Figures of many rows.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct CFigures {
    /// What they are, for example "pd"; ends with a zero byte.
    pub name: *const c_char,
    /// One for each row.
    pub values: *const f64,
}

/// Calculates: `name` is one of the calculations of CALCULATIONS.md, for example "lifetime_price", and `input` its input as JSON
/// of `length` bytes. Money is decimal text; other numbers of an input are numbers or decimal texts, and of an answer decimal
/// texts, the shortest that read back as the same double. The answer is released with scoreline_answer_free.
///
/// # Safety
/// `name` is NULL or ends with a zero byte; `input` is NULL or has `length` bytes; `answer` and `error` are NULL or can be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_calculate(
    name: *const c_char,
    input: *const c_char,
    length: usize,
    answer: *mut *mut CAnswer,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            argument::create(answer, "answer", || {
                let (name, input) = (argument::zero_ended(name, "name")?, argument::text(input, length, "input")?);
                calculation::calculate(name, input).map(|text| CAnswer(Handle::new(c_text(&text))))
            })
        })
    }
}

/// Calculates line by line: `inputs` holds one input a line. The answer has a line for each, {"answer": …} or {"error": {"code": …,
/// "name": …, "problems": […]}}; an input that is refused harms no other. `threads` is 0 for all that the machine offers, 1 for the
/// calling thread only; the answer does not depend on it.
///
/// # Safety
/// As for scoreline_calculate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_calculate_lines(
    name: *const c_char,
    inputs: *const c_char,
    length: usize,
    threads: u32,
    answer: *mut *mut CAnswer,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            argument::create(answer, "answer", || {
                let (name, inputs) = (argument::zero_ended(name, "name")?, argument::text(inputs, length, "inputs")?);
                let text = calculation::calculate_lines(name, inputs, Threads::from_count(threads as usize))?;
                Ok(CAnswer(Handle::new(c_text(&text))))
            })
        })
    }
}

/// The text of an answer, and its bytes without the zero byte at the end in `length` unless that is NULL; NULL for NULL.
///
/// # Safety
/// `length` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_answer_text(answer: Option<&CAnswer>, length: *mut usize) -> *const c_char {
    guard_or(ptr::null(), || {
        let Ok(text) = Handle::get(answer.map(|answer| &answer.0)) else { return ptr::null() };
        if !length.is_null() {
            // SAFETY: not null, and as the caller promises. Records of COBOL need not be aligned.
            unsafe { length.write_unaligned(text.as_bytes().len()) };
        }
        text.as_ptr()
    })
}

/// Releases an answer. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_answer_free(answer: Option<Box<CAnswer>>) {
    guard_or((), || release(answer, |answer| &mut answer.0))
}

/// Calculates for each of `rows` rows: `input` holds for all of them, but that each of the `count` arrays at `figures` takes the
/// place of the figure of its name. "raroc", "lifetime_price" and "irb_capital" have this form. The columns are released with
/// scoreline_columns_free.
///
/// A row that is refused has NaN and its status, and harms no other. `refused` receives, unless it is NULL, an error that
/// describes the first SCORELINE_MAX_REFUSED of them, or NULL when there is none; the caller releases it.
///
/// # Safety
/// `name` is NULL or ends with a zero byte; `input` is NULL or has `length` bytes; `figures` is NULL or holds `count` entries,
/// each with a name that ends with a zero byte and `rows` doubles; `columns`, `refused` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_calculate_columns(
    name: *const c_char,
    input: *const c_char,
    length: usize,
    figures: *const CFigures,
    count: usize,
    rows: usize,
    threads: u32,
    columns: *mut *mut CColumns,
    refused: *mut *mut CError,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            let mut errors = Refused::new(refused);
            argument::create(columns, "columns", || {
                let (name, input) = (argument::zero_ended(name, "name")?, argument::text(input, length, "input")?);
                let figures = argument::array(figures, count, "figures")?.iter().map(|figure| {
                    let name = argument::zero_ended(figure.name, "figures")?;
                    Ok((name, argument::array(figure.values, rows, name)?))
                });
                let figures: Vec<(&str, &[f64])> = figures.collect::<Result<_>>()?;
                let found = calculation::calculate_columns(name, input, &figures, Threads::from_count(threads as usize))?;
                found.errors.iter().for_each(|(row, error)| errors.add(*row, error));
                Ok(CColumns(Handle::new(found)))
            })?;
            errors.hand_over();
            Ok(())
        })
    }
}

/// The figures called `name`, one for each row, NaN where a row has none; NULL when the calculation gives no such figures.
///
/// # Safety
/// `name` is NULL or ends with a zero byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_columns_figures(columns: Option<&CColumns>, name: *const c_char) -> *const f64 {
    guard_or(ptr::null(), || {
        // SAFETY: as the caller promises.
        let name = unsafe { argument::zero_ended(name, "name") };
        let columns = Handle::get(columns.map(|columns| &columns.0));
        let (Ok(columns), Ok(name)) = (columns, name) else { return ptr::null() };
        columns.numbers.iter().find(|(known, _)| *known == name).map_or(ptr::null(), |(_, numbers)| numbers.as_ptr())
    })
}

/// SCORELINE_OK for each row that has figures, or the code of its error; NULL for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_columns_status(columns: Option<&CColumns>) -> *const u8 {
    guard_or(ptr::null(), || {
        Handle::get(columns.map(|columns| &columns.0)).map_or(ptr::null(), |columns| columns.status.as_ptr())
    })
}

/// Releases columns. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_columns_free(columns: Option<Box<CColumns>>) {
    guard_or((), || release(columns, |columns| &mut columns.0))
}
