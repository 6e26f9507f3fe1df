//! The calls that make a layout.

use std::ffi::c_char;
use std::ptr;

use scoreline::{Error, Problem, Result};

use super::cell::Form;
use super::decimal::{Order, Sign};
use super::page::Page;
use super::{CLayout, Layout};
use crate::argument;
use crate::error::CError;
use crate::guard::{guard, guard_or};
use crate::handle::{Handle, release};
use crate::scorer::CScorer;

/// Records are in UTF-8 or ASCII.
pub const SCORELINE_PAGE_UTF8: u32 = 0;
/// Records are in EBCDIC: letters, digits and marks that the Latin code pages have in common. Packed and binary fields are
/// the same in every code page.
pub const SCORELINE_PAGE_EBCDIC: u32 = 1;

/// A decimal of blanks is refused.
pub const SCORELINE_BLANK_REFUSED: u32 = 0;
/// A decimal of spaces is a missing value.
pub const SCORELINE_BLANK_SPACES: u32 = 1;
/// A decimal of LOW-VALUES is a missing value.
pub const SCORELINE_BLANK_LOW: u32 = 2;
/// A decimal of HIGH-VALUES is a missing value.
pub const SCORELINE_BLANK_HIGH: u32 = 4;

/// A zoned decimal has no sign.
pub const SCORELINE_SIGN_NONE: u32 = 0;
/// The sign is in the last digit: 0 to 9, or p to y when negative, as GnuCOBOL and Micro Focus have it in ASCII.
pub const SCORELINE_SIGN_OVERPUNCH_ASCII: u32 = 1;
/// The sign is in the last digit: { and A to I, or } and J to R when negative, as in EBCDIC, and in ASCII files that came from
/// there.
pub const SCORELINE_SIGN_OVERPUNCH_EBCDIC: u32 = 2;
/// The sign is a byte of its own behind the digits: + or -.
pub const SCORELINE_SIGN_TRAILING: u32 = 3;
/// The sign is a byte of its own before the digits: + or -.
pub const SCORELINE_SIGN_LEADING: u32 = 4;

/// The most significant byte comes first, as on mainframes, and as GnuCOBOL keeps COMP and BINARY.
pub const SCORELINE_ORDER_BIG: u32 = 0;
/// The least significant byte comes first, as COMP-5 has it on x86 and ARM.
pub const SCORELINE_ORDER_LITTLE: u32 = 1;

fn choice<T: Copy, const N: usize>(number: u32, of: [T; N], argument: &str, names: &str) -> Result<T> {
    let chosen = of.get(number as usize).copied();
    chosen.ok_or_else(|| argument::refused(argument, &format!("one of {names} was expected"), "pass one"))
}

/// Begins a layout of records of `record_length` bytes in the code page SCORELINE_PAGE_…; nothing is laid out yet. To be
/// released with scoreline_layout_free.
///
/// # Safety
/// `layout` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_layout_new(
    scorer: Option<&CScorer>,
    record_length: usize,
    page: u32,
    layout: *mut *mut CLayout,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            argument::create(layout, "layout", || {
                let page = choice(page, [Page::Utf8, Page::Ebcdic], "page", "SCORELINE_PAGE_…")?;
                Ok(CLayout(Handle::new(Layout::new(CScorer::get(scorer)?, record_length, page)?)))
            })
        })
    }
}

/// Releases a layout. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_layout_free(layout: Option<Box<CLayout>>) {
    guard_or((), || release(layout, |layout| &mut layout.0))
}

/// Lays out a packed decimal (COMP-3) of `length` bytes, 1 to 10, with `scale` digits behind the point: for S9(7)V99 5 bytes
/// and scale 2. Half-bytes C, A, E and F say that it is positive, D and B that it is negative. Any other, and half-bytes that
/// are no digits, refuse the record; `blank` says, as a sum of SCORELINE_BLANK_…, what is a missing value instead.
///
/// The number is converted exactly, as scoreline_row_set_decimal does. Here and in scoreline_layout_zoned and
/// scoreline_layout_binary the number of a field of days is YYYYMMDD, with 0 for missing, and that of a field of true and
/// false 1 or 0.
///
/// SCORELINE_INVALID_DATA, naming the field, when the place does not lie inside the record or overlaps another, when the
/// field is laid out already or is one of levels, and when an argument is not as described. The layout then stays as it was.
///
/// # Safety
/// `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_layout_packed(
    layout: Option<&mut CLayout>,
    field: usize,
    offset: usize,
    length: usize,
    scale: i32,
    blank: u32,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || CLayout::get_mut(layout)?.field(field, offset, length, Form::Packed { scale, blank })) }
}

/// Lays out a zoned decimal (DISPLAY) of `length` bytes, at most 18 digits, with its sign where SCORELINE_SIGN_… says. All else
/// as in scoreline_layout_packed. A day YYYYMMDD is one of 8 bytes, scale 0 and SCORELINE_SIGN_NONE.
///
/// # Safety
/// `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_layout_zoned(
    layout: Option<&mut CLayout>,
    field: usize,
    offset: usize,
    length: usize,
    scale: i32,
    sign: u32,
    blank: u32,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            let signs = [Sign::None, Sign::OverpunchAscii, Sign::OverpunchEbcdic, Sign::Trailing, Sign::Leading];
            let sign = choice(sign, signs, "sign", "SCORELINE_SIGN_…")?;
            CLayout::get_mut(layout)?.field(field, offset, length, Form::Zoned { scale, sign, blank })
        })
    }
}

/// Lays out a binary number (COMP, COMP-5, BINARY) of 2, 4 or 8 bytes in the order SCORELINE_ORDER_…, in two's complement; the
/// least number of 8 bytes is missing. All else as in scoreline_layout_packed.
///
/// # Safety
/// `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_layout_binary(
    layout: Option<&mut CLayout>,
    field: usize,
    offset: usize,
    length: usize,
    scale: i32,
    order: u32,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            let order = choice(order, [Order::Big, Order::Little], "order", "SCORELINE_ORDER_…")?;
            CLayout::get_mut(layout)?.field(field, offset, length, Form::Binary { scale, order })
        })
    }
}

/// Lays out a text of `length` bytes, read as scoreline_row_set_padded does: blanks at the end do not count, and a text of
/// blanks is missing. A text that cannot be read as the field's kind refuses its record.
///
/// # Safety
/// `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_layout_text(
    layout: Option<&mut CLayout>,
    field: usize,
    offset: usize,
    length: usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || CLayout::get_mut(layout)?.field(field, offset, length, Form::Text)) }
}

/// Lays out a field of true and false that is one byte: the first of the two `letters` (in ASCII, for example "YN") is true,
/// the second false, a space missing. Any other letter refuses the record.
///
/// # Safety
/// `letters` is NULL or points to 2 bytes; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_layout_flag(
    layout: Option<&mut CLayout>,
    field: usize,
    offset: usize,
    letters: *const c_char,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            let (yes, no) = match argument::array(letters.cast::<u8>(), 2, "letters")? {
                &[yes, no] if yes.is_ascii_graphic() && no.is_ascii_graphic() => (yes, no),
                _ => return Err(argument::refused("letters", "two letters of ASCII were expected", "pass, for example, YN")),
            };
            CLayout::get_mut(layout)?.field(field, offset, 1, Form::Letters(yes, no))
        })
    }
}

/// Lays out the standing of an account: one letter A to D of the tier that it has, or a space when it has none yet, and 8 digits
/// YYYYMMDD of the day since which it has it, zeros or spaces when there is none. Without a standing no account has a tier yet.
///
/// # Safety
/// `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_layout_standing(
    layout: Option<&mut CLayout>,
    tier_offset: usize,
    since_offset: usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || CLayout::get_mut(layout)?.standing(tier_offset, since_offset)) }
}

/// The hash of the layout: SHA-256, as 64 hex digits, over what is laid out where, whatever the order of the calls and whatever
/// the model beyond the names of its fields. NULL for NULL. The text lives until the layout changes or is released.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_layout_hash(layout: Option<&CLayout>) -> *const c_char {
    guard_or(ptr::null(), || CLayout::get(layout).map_or(ptr::null(), |layout| layout.hash.as_ptr()))
}

/// Checks a layout before the first record is read: that every field that can change a decision is laid out
/// (SCORELINE_INVALID_DATA, naming each that is not), and that its hash is the one that the program was written for
/// (SCORELINE_INCOMPATIBLE). `hash` is 64 hex digits and a zero byte, or NULL not to compare.
///
/// # Safety
/// `hash` is NULL or ends with a zero byte; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_layout_check(layout: Option<&CLayout>, hash: *const c_char, error: *mut *mut CError) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            let layout = CLayout::get(layout)?;
            layout.complete()?;
            if hash.is_null() || argument::bytes(hash, "hash")? == layout.hash.as_c_str() {
                return Ok(());
            }
            let remedy = "compare the calls with the copybook, then take the hash of scoreline_layout_hash";
            Err(Error::incompatible(Problem::new("the layout is not the one that the hash is of", remedy).field("layout")))
        })
    }
}
