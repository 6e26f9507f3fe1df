//! Calendar days.

use std::ffi::c_char;

use scoreline::Date;

use crate::argument;
use crate::error::CError;
use crate::guard::guard;

/// In place of a day: none.
pub const SCORELINE_NO_DATE: i32 = i32::MIN;

/// A day, or none.
pub(crate) fn day(days: i32) -> Option<Date> {
    if days == SCORELINE_NO_DATE { None } else { Some(Date::from_days(days)) }
}

/// Reads a calendar day written as YYYY-MM-DD into `days`: days since 1970-01-01.
///
/// # Safety
/// `text` is NULL or ends with a zero byte; `days` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_date_parse(text: *const c_char, days: *mut i32, error: *mut *mut CError) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || argument::write(days, "days", || Ok(Date::parse(argument::zero_ended(text, "text")?)?.days()))) }
}
