//! Calendar days.

use std::ffi::{CStr, c_char};

use scoreline::{Date, Error, Problem};

use crate::error::CError;
use crate::guard::guard;

/// Reads a calendar day written as YYYY-MM-DD into `days`: days since 1970-01-01.
///
/// # Safety
/// `text` is NULL or ends with a zero byte; `days` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_date_parse(text: *const c_char, days: *mut i32, error: *mut *mut CError) -> u32 {
    // SAFETY: `error` and, inside, `text` and `days` are as the caller promises, and null is looked for first.
    unsafe {
        guard(error, || {
            let missing =
                |name: &str| Error::data(Problem::new("a pointer was expected", "pass one that is not NULL").field(name));
            if days.is_null() {
                return Err(missing("days"));
            }
            if text.is_null() {
                return Err(missing("text"));
            }
            let utf8 = || Error::data(Problem::new("UTF-8 was expected", "convert the text").field("text"));
            let text = CStr::from_ptr(text).to_str().map_err(|_| utf8())?;
            days.write(Date::parse(text)?.days());
            Ok(())
        })
    }
}
