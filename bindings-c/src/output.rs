//! Where callers want answers: room for structs that begin with their size and a status.

use std::ptr;

use scoreline::{Error, Result};

use crate::argument;
use crate::error::SCORELINE_INTERNAL;

/// A struct that callers make room for.
///
/// # Safety
/// It is `repr(C)`, its first two members are a `u32` for its size and a `u32` for the status, and any bits are one.
pub(crate) unsafe trait Answer: Copy {
    /// What the header calls it.
    const NAME: &'static str;

    /// Without an answer, and why.
    fn absent(status: u32) -> Self;
}

/// That the caller knows the answers of this release.
///
/// # Safety
/// `first` is null or points to an answer with its size set; it need not be aligned, as records of COBOL are not.
#[inline]
unsafe fn check<T: Answer>(argument: &str, first: *const T) -> Result<()> {
    if first.is_null() {
        return Err(argument::null(argument));
    }
    // SAFETY: not null, and as the caller and the trait promise.
    if unsafe { first.cast::<u32>().read_unaligned() } as usize != size_of::<T>() {
        let what = "the size is not that of this release";
        let remedy = format!("set it to sizeof({}) of the header that came with the library", T::NAME);
        return Err(argument::refused(&format!("{argument}.size"), what, &remedy));
    }
    Ok(())
}

/// An answer that the caller hands back.
///
/// # Safety
/// As for [`check`].
pub(crate) unsafe fn read<T: Answer>(argument: &str, answer: *const T) -> Result<T> {
    // SAFETY: as the caller and the trait promise; an answer of this size is whole.
    unsafe {
        check(argument, answer)?;
        Ok(answer.read_unaligned())
    }
}

/// Where the caller wants answers: checked before anything is written.
pub(crate) struct Output<T> {
    first: *mut T,
}

impl<T: Answer> Output<T> {
    /// Room for `rows` answers.
    ///
    /// # Safety
    /// `first` is null or points to `capacity` answers, of which the first has its size set.
    #[inline]
    pub(crate) unsafe fn new(argument: &str, first: *mut T, capacity: usize, rows: usize) -> Result<Self> {
        if rows == 0 {
            return Ok(Output { first });
        }
        if !first.is_null() && capacity < rows {
            return Err(argument::refused(argument, "there is room for fewer answers than rows", "pass one for each row"));
        }
        // SAFETY: as the caller promises.
        unsafe { check(argument, first.cast_const()) }?;
        Ok(Output { first })
    }

    /// Marks the first answer, in case that nothing more is written.
    ///
    /// # Safety
    /// There is room for an answer.
    #[inline]
    pub(crate) unsafe fn mark(&self) {
        // SAFETY: as the caller promises; the second member is the status.
        unsafe { self.first.cast::<u32>().add(1).write_unaligned(SCORELINE_INTERNAL) };
    }

    /// Writes the answer of `row`, or that there is none.
    ///
    /// # Safety
    /// There is room for an answer with this index.
    #[inline]
    pub(crate) unsafe fn write(&self, row: usize, answer: std::result::Result<T, &Error>) {
        let answer = answer.unwrap_or_else(|error| T::absent(error.code().number()));
        // SAFETY: as the caller promises.
        unsafe { ptr::write_unaligned(self.first.add(row), answer) };
    }
}
