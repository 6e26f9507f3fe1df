//! The panic boundary: every export runs its body through [`guard`] or [`guard_or`].

use std::panic::{AssertUnwindSafe, catch_unwind};

use scoreline::{Error, Result};

use crate::error::{CError, SCORELINE_OK};

/// Runs the body of an export that can fail: its code, and the error itself in `error` unless that is null.
/// A panic becomes `SCORELINE_INTERNAL`. The text of the panic is left out: it may hold a value from the caller's data.
///
/// # Safety
/// `error` is null or points to memory that a pointer may be written to.
pub(crate) unsafe fn guard(error: *mut *mut CError, body: impl FnOnce() -> Result<()>) -> u32 {
    let failed = caught(body).err();
    let code = failed.as_ref().map_or(SCORELINE_OK, |failed| failed.code().number());
    if !error.is_null() {
        let object = failed.map_or(std::ptr::null_mut(), |failed| Box::into_raw(Box::new(CError::new(&failed))));
        // SAFETY: not null, and the caller promises that it can be written to. Records of COBOL need not be aligned.
        unsafe { error.write_unaligned(object) };
    }
    code
}

/// Runs the body of an export that cannot fail; `otherwise` stands in for the answer after a panic.
pub(crate) fn guard_or<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    caught(|| Ok(body())).unwrap_or(otherwise)
}

fn caught<T>(body: impl FnOnce() -> Result<T>) -> Result<T> {
    // What a panic left half done is not seen again: fitted objects are immutable, the rest is dropped here.
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|_| Err(Error::internal("a check inside the library failed")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{scoreline_error_code, scoreline_error_free};
    use scoreline::Problem;

    #[test]
    fn a_panic_becomes_an_internal_error() {
        let mut error = std::ptr::null_mut();
        // SAFETY: `error` is a local.
        let code = unsafe { guard(&mut error, || panic!("4711")) };
        assert_eq!(code, 99);
        // SAFETY: `guard` made it.
        let object = unsafe { error.as_ref() };
        assert_eq!(scoreline_error_code(object), 99);
        assert!(object.is_some_and(|object| !format!("{object:?}").contains("4711")));
        // SAFETY: `guard` boxed it, and it is not used again.
        scoreline_error_free(Some(unsafe { Box::from_raw(error) }));
    }

    #[test]
    fn a_stand_in_answers_for_a_panic() {
        assert_eq!(guard_or(7, || panic!("4711")), 7);
        assert_eq!(guard_or(7, || 8), 8);
    }

    #[test]
    fn a_caller_may_ignore_the_error_object() {
        let fail = || Err(Error::data(Problem::new("a number was expected", "pass one")));
        // SAFETY: null is allowed.
        assert_eq!(unsafe { guard(std::ptr::null_mut(), fail) }, 2);
    }

    #[test]
    fn success_clears_the_error_object() {
        let mut error = std::ptr::NonNull::dangling().as_ptr();
        // SAFETY: `error` is a local; it is overwritten, not read.
        assert_eq!(unsafe { guard(&mut error, || Ok(())) }, 0);
        assert!(error.is_null());
    }
}
