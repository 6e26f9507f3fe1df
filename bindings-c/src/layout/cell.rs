//! A cell of a record: how it is written, and what it says.

use std::fmt::{self, Display, Formatter};

use scoreline::{Date, Result};

use super::decimal::{Flaw, Order, Sign, binary, packed, zoned};
use super::exports::{SCORELINE_BLANK_HIGH, SCORELINE_BLANK_LOW, SCORELINE_BLANK_SPACES};
use super::page::Page;
use crate::argument;
use crate::date::SCORELINE_NO_DATE;

/// The greatest scale, either way: decimals of COBOL have at most 38 digits.
const MAX_SCALE: u32 = 38;

/// How a cell is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Packed {
        scale: i32,
        /// What is missing: a sum of `SCORELINE_BLANK_…`.
        blank: u32,
    },
    Zoned {
        scale: i32,
        sign: Sign,
        blank: u32,
    },
    Binary {
        scale: i32,
        order: Order,
    },
    Text,
    /// The letters of true and of false.
    Letters(u8, u8),
}

/// As in descriptions of layouts.
impl Display for Form {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Form::Packed { scale, blank } => write!(f, "packed {scale} {blank}"),
            Form::Zoned { scale, sign, blank } => {
                let sign = match sign {
                    Sign::None => "unsigned",
                    Sign::OverpunchAscii => "overpunch_ascii",
                    Sign::OverpunchEbcdic => "overpunch_ebcdic",
                    Sign::Trailing => "trailing",
                    Sign::Leading => "leading",
                };
                write!(f, "zoned {scale} {sign} {blank}")
            }
            Form::Binary { scale, order: Order::Big } => write!(f, "binary {scale} big"),
            Form::Binary { scale, order: Order::Little } => write!(f, "binary {scale} little"),
            Form::Text => write!(f, "text"),
            Form::Letters(yes, no) => write!(f, "letters {yes} {no}"),
        }
    }
}

impl Form {
    /// That a cell of this form can have this length.
    pub(super) fn check(self, length: usize) -> Result<()> {
        let (possible, most) = match self {
            Form::Packed { .. } => ((1..=10).contains(&length), "a packed decimal has 1 to 10 bytes"),
            Form::Zoned { sign: Sign::Trailing | Sign::Leading, .. } => {
                ((2..=19).contains(&length), "a zoned decimal with a sign of its own has 2 to 19 bytes")
            }
            Form::Zoned { .. } => ((1..=18).contains(&length), "a zoned decimal has 1 to 18 bytes"),
            Form::Binary { .. } => (matches!(length, 2 | 4 | 8), "a binary number has 2, 4 or 8 bytes"),
            Form::Text => (length > 0, "a text has at least one byte"),
            Form::Letters(yes, no) => (yes != no && yes != b' ' && no != b' ', "two letters that differ were expected"),
        };
        if !possible {
            let argument = if matches!(self, Form::Letters(..)) { "letters" } else { "length" };
            return Err(argument::refused(argument, most, "pass what the record declares"));
        }
        match self {
            Form::Packed { scale, .. } | Form::Zoned { scale, .. } | Form::Binary { scale, .. }
                if scale.unsigned_abs() > MAX_SCALE =>
            {
                Err(argument::refused("scale", "a scale from -38 to 38 was expected", "pass the digits behind the point"))
            }
            Form::Packed { blank, .. } | Form::Zoned { blank, .. }
                if blank > SCORELINE_BLANK_SPACES | SCORELINE_BLANK_LOW | SCORELINE_BLANK_HIGH =>
            {
                Err(argument::refused("blank", "a sum of SCORELINE_BLANK_… was expected", "pass one, or 0"))
            }
            _ => Ok(()),
        }
    }
}

/// A cell of the records of a layout.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) form: Form,
    pub(super) page: Page,
}

impl Cell {
    /// The scale of a decimal.
    pub(super) const fn scale(&self) -> i32 {
        match self.form {
            Form::Packed { scale, .. } | Form::Zoned { scale, .. } | Form::Binary { scale, .. } => scale,
            Form::Text | Form::Letters(..) => 0,
        }
    }

    /// The whole number of a decimal; `None` when it is missing.
    #[inline]
    pub(super) fn decimal(&self, bytes: &[u8]) -> std::result::Result<Option<i64>, Flaw> {
        let (found, blank) = match self.form {
            Form::Packed { blank, .. } => (packed(bytes), blank),
            Form::Zoned { sign, blank, .. } => (zoned(bytes, sign, self.page), blank),
            Form::Binary { order, .. } => (binary(bytes, order), 0),
            Form::Text | Form::Letters(..) => (Err(Flaw::Text), 0),
        };
        match found {
            Ok(number) => Ok(Some(number)),
            Err(_) if blank != 0 && self.is_blank(bytes, blank) => Ok(None),
            Err(flaw) => Err(flaw),
        }
    }

    /// Whether all bytes are one of those that stand for a missing value.
    #[cold]
    fn is_blank(&self, bytes: &[u8], blank: u32) -> bool {
        let all = |holds: &dyn Fn(u8) -> bool| bytes.iter().all(|&byte| holds(byte));
        blank & SCORELINE_BLANK_SPACES != 0 && all(&|byte| self.page.ascii(byte) == b' ')
            || blank & SCORELINE_BLANK_LOW != 0 && all(&|byte| byte == 0)
            || blank & SCORELINE_BLANK_HIGH != 0 && all(&|byte| byte == 0xff)
    }

    /// True, false or missing, by a letter.
    #[inline]
    pub(super) fn letter(&self, bytes: &[u8]) -> std::result::Result<Option<bool>, Flaw> {
        match (self.form, bytes.first().map(|&byte| self.page.ascii(byte))) {
            (_, Some(b' ')) => Ok(None),
            (Form::Letters(yes, _), Some(letter)) if letter == yes => Ok(Some(true)),
            (Form::Letters(_, no), Some(letter)) if letter == no => Ok(Some(false)),
            _ => Err(Flaw::Letter),
        }
    }
}

/// The day whose digits are YYYYMMDD, as days since 1970-01-01; none for zero.
pub(super) fn day(digits: i64) -> std::result::Result<i32, Flaw> {
    if digits == 0 {
        return Ok(SCORELINE_NO_DATE);
    }
    let (year, month, day) = (digits / 10_000, digits / 100 % 100, digits % 100);
    if !(1..=9_999).contains(&year) {
        return Err(Flaw::Day);
    }
    // Years from March on, so that the leap day is the last (H. Hinnant, days_from_civil); whether the day exists is what
    // turning it back says.
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let years = if month > 2 { year } else { year - 1 };
    let days = 365 * years + years / 4 - years / 100 + years / 400 + (153 * from_march + 2) / 5 + day - 1 - 719_468;
    let found = Date::from_days(i32::try_from(days).map_err(|_| Flaw::Day)?);
    let (y, m, d) = found.year_month_day();
    if (i64::from(y), i64::from(m), i64::from(d)) == (year, month, day) { Ok(found.days()) } else { Err(Flaw::Day) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for digits in 19_000_101..20_300_101i64 {
            let text = format!("{:04}-{:02}-{:02}", digits / 10_000, digits / 100 % 100, digits % 100);
            assert_eq!(day(digits).ok(), Date::parse(&text).ok().map(Date::days), "{text}");
        }
        assert_eq!(day(0), Ok(SCORELINE_NO_DATE));
        assert_eq!(day(99_991_231), Ok(Date::parse("9999-12-31").unwrap().days()));
        for bad in [-1, 1, 101, 20_261_301, 20_260_229, 100_000_101, i64::MAX, i64::MIN] {
            assert_eq!(day(bad), Err(Flaw::Day));
        }
    }

    #[test]
    fn blanks_are_missing_only_where_they_are_declared() {
        let read = |blank, bytes: &[u8], page| Cell { form: Form::Packed { scale: 2, blank }, page }.decimal(bytes);
        assert_eq!(read(0, b"   ", Page::Utf8), Err(Flaw::Nibble));
        assert_eq!(read(SCORELINE_BLANK_SPACES, b"   ", Page::Utf8), Ok(None));
        assert_eq!(read(SCORELINE_BLANK_SPACES, b"   ", Page::Ebcdic), Err(Flaw::Nibble));
        assert_eq!(read(SCORELINE_BLANK_SPACES, b"\x40\x40", Page::Ebcdic), Ok(None));
        assert_eq!(read(SCORELINE_BLANK_SPACES, b"\0\0", Page::Utf8), Err(Flaw::Nibble));
        assert_eq!(read(SCORELINE_BLANK_LOW | SCORELINE_BLANK_HIGH, b"\0\0", Page::Utf8), Ok(None));
        assert_eq!(read(SCORELINE_BLANK_LOW | SCORELINE_BLANK_HIGH, b"\xff\xff", Page::Utf8), Ok(None));
        assert_eq!(read(SCORELINE_BLANK_LOW | SCORELINE_BLANK_HIGH, b"\xff\0", Page::Utf8), Err(Flaw::Nibble));
        assert_eq!(read(SCORELINE_BLANK_LOW, b"\0\x0c", Page::Utf8), Ok(Some(0)));
    }
}
