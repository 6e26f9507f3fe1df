//! The panic boundary: every export runs its body through [`guard`].

use std::panic::{AssertUnwindSafe, catch_unwind};

use scoreline::Error;

/// Runs the body of an export. A panic becomes an `internal` error instead of pyo3's `PanicException`, which
/// `except Exception` does not catch. The text of the panic is left out: it may hold a value from the caller's data.
pub(crate) fn guard<T, E: From<Error>>(body: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    // What a panic left half done is not seen again: fitted objects are immutable, the rest is dropped here.
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|_| Err(Error::internal("a check inside the library failed").into()))
}
