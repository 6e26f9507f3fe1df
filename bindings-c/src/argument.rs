//! Pointers that callers pass, read with care: null, length, alignment and UTF-8.

use std::ffi::{CStr, c_char};
use std::slice;

use scoreline::{Error, Problem, Result};

#[cold]
pub(crate) fn null(argument: &str) -> Error {
    refused(argument, "a pointer was expected", "pass one that is not NULL")
}

#[cold]
pub(crate) fn refused(argument: &str, what: &str, remedy: &str) -> Error {
    Error::data(Problem::new(what, remedy).field(argument))
}

#[cold]
fn not_utf8(argument: &str) -> Error {
    refused(argument, "UTF-8 was expected", "convert the text")
}

/// A text that ends with a zero byte.
///
/// # Safety
/// `text` is null or ends with a zero byte, and outlives `'a`.
pub(crate) unsafe fn zero_ended<'a>(text: *const c_char, argument: &str) -> Result<&'a str> {
    // SAFETY: as the caller promises.
    unsafe { bytes(text, argument) }?.to_str().map_err(|_| not_utf8(argument))
}

/// The bytes of a text that ends with a zero byte.
///
/// # Safety
/// As for [`zero_ended`].
pub(crate) unsafe fn bytes<'a>(text: *const c_char, argument: &str) -> Result<&'a CStr> {
    if text.is_null() {
        return Err(null(argument));
    }
    // SAFETY: not null, and as the caller promises.
    Ok(unsafe { CStr::from_ptr(text) })
}

/// A text of `length` bytes.
///
/// # Safety
/// `text` is null or points to `length` bytes that outlive `'a`.
#[inline]
pub(crate) unsafe fn text<'a>(text: *const c_char, length: usize, argument: &str) -> Result<&'a str> {
    if text.is_null() {
        return Err(null(argument));
    }
    // SAFETY: not null, so `array` reads `length` bytes, as the caller promises.
    let bytes = unsafe { array(text.cast::<u8>(), length, argument) }?;
    str::from_utf8(bytes).map_err(|_| not_utf8(argument))
}

/// Text of a fixed width without the blanks at its end.
///
/// # Safety
/// `text` points to `width` bytes that outlive `'a`.
pub(crate) unsafe fn unpadded<'a>(text: *const c_char, width: usize, field: &str) -> Result<&'a str> {
    // SAFETY: as the caller promises.
    Ok(unsafe { self::text(text, width, field) }?.trim_end_matches(' '))
}

/// An array of `count` items; null only when there are none.
///
/// # Safety
/// `items` is null or points to `count` items that outlive `'a` and do not change meanwhile.
pub(crate) unsafe fn array<'a, T>(items: *const T, count: usize, argument: &str) -> Result<&'a [T]> {
    if count == 0 {
        return Ok(&[]);
    }
    if items.is_null() {
        return Err(null(argument));
    }
    if !items.is_aligned() {
        return Err(refused(argument, "the array does not begin at a multiple of the size of its items", "align it"));
    }
    if count > isize::MAX as usize / size_of::<T>().max(1) {
        return Err(refused(argument, "the array cannot be that long", "pass the number of its items"));
    }
    // SAFETY: not null, aligned, of a possible length, and as the caller promises.
    Ok(unsafe { slice::from_raw_parts(items, count) })
}

/// Writes an answer where the caller wants it.
///
/// # Safety
/// `place` is null or can be written to; it need not be aligned, as records of COBOL are not.
pub(crate) unsafe fn write<T>(place: *mut T, argument: &str, value: impl FnOnce() -> Result<T>) -> Result<()> {
    if place.is_null() {
        return Err(null(argument));
    }
    let value = value()?;
    // SAFETY: not null, and as the caller promises.
    unsafe { place.write_unaligned(value) };
    Ok(())
}

/// Makes a new object for the caller; null in its place when that fails.
///
/// # Safety
/// `place` is null or can be written to; it need not be aligned.
pub(crate) unsafe fn create<T>(place: *mut *mut T, argument: &str, make: impl FnOnce() -> Result<T>) -> Result<()> {
    // SAFETY: as the caller promises; the second write follows a first one that found the place usable.
    unsafe {
        write(place, argument, || Ok(std::ptr::null_mut()))?;
        write(place, argument, || Ok(Box::into_raw(Box::new(make()?))))
    }
}

/// Writes a text and a zero byte into the room of a caller, and its length without the zero byte to `length`. When there is too
/// little room, only the length is written; with null and 0 that is no error, but how the room is measured.
///
/// # Safety
/// `place` is null or has room for `size` bytes; `length` is null or can be written to.
pub(crate) unsafe fn write_text(place: *mut c_char, size: usize, length: *mut usize, argument: &str, text: &str) -> Result<()> {
    // SAFETY: as the caller promises; the text is written where there is room for it and for its zero byte.
    unsafe {
        write(length, "length", || Ok(text.len()))?;
        match (place.is_null(), size > text.len()) {
            (true, _) if size == 0 => Ok(()),
            (true, _) => Err(null(argument)),
            (_, false) => Err(refused(argument, "there is too little room", "pass length + 1 bytes")),
            (_, true) => {
                std::ptr::copy_nonoverlapping(text.as_ptr(), place.cast::<u8>(), text.len());
                place.add(text.len()).write(0);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_arrays_are_refused() {
        let items = [1.0f64, 2.0];
        let refused = |pointer: *const f64, count: usize| {
            // SAFETY: a good array, or one that is refused before it is read.
            unsafe { array(pointer, count, "values") }.map(<[f64]>::len).map_err(|error| error.problems()[0].what.clone())
        };
        assert_eq!(refused(items.as_ptr(), 2), Ok(2));
        assert_eq!(refused(std::ptr::null(), 0), Ok(0));
        assert!(refused(std::ptr::null(), 1).is_err());
        assert!(refused(items.as_ptr(), usize::MAX / 4).is_err());
        assert!(refused(items.as_ptr().wrapping_byte_add(1), 1).is_err());
    }

    #[test]
    fn nothing_is_left_where_making_fails() {
        let mut place = std::ptr::NonNull::<u8>::dangling().as_ptr();
        // SAFETY: a local.
        assert!(unsafe { create(&mut place, "place", || Err(null("other"))) }.is_err());
        assert!(place.is_null());
    }
}
