//! Catching panics, on any thread.

use std::panic::{AssertUnwindSafe, catch_unwind};

use scoreline::Error;

/// Runs work on any thread. A panic becomes an `internal` error instead of the end of the process. The text of the
/// panic is left out: it may hold a value from the caller's data.
pub(crate) fn caught<T, E: From<Error>>(body: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    // What a panic left half done is not seen again: fitted objects are immutable, the rest is dropped here.
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|_| Err(Error::internal("a check inside the library failed").into()))
}
