//! Decimals as records hold them: packed, zoned and binary.

use super::page::Page;

/// Why a cell of a record cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// A half-byte of a packed decimal is no digit, or the last is no sign.
    Nibble,
    /// A zoned decimal holds something else than digits and a sign.
    Zone,
    /// A whole number has more than 18 digits.
    Wide,
    /// Digits are no calendar day.
    Day,
    /// A number is neither 0 nor 1.
    Flag,
    /// A byte is neither the letter of true nor that of false.
    Letter,
    /// A text is not what its field declares.
    Text,
    /// A text is not of the code page.
    Page,
}

impl Flaw {
    /// What was expected, and the remedy.
    pub(crate) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Flaw::Nibble => {
                ("a packed decimal was expected: digits, then a sign from A to F", "correct the record, or the offset")
            }
            Flaw::Zone => ("a zoned decimal was expected: digits and the declared sign", "correct the record, or the layout"),
            Flaw::Wide => ("a whole number of at most 18 digits was expected", "correct the record, or the layout"),
            Flaw::Day => ("a calendar day YYYYMMDD was expected, or zero when it is missing", "correct the record"),
            Flaw::Flag => ("0 or 1 was expected", "correct the record"),
            Flaw::Letter => ("one of the two declared letters was expected, or a space", "correct the record, or the layout"),
            Flaw::Text => ("a text of the field's kind was expected, or spaces", "correct the record, or the offset"),
            Flaw::Page => {
                ("text in the code page of the layout was expected", "correct the record, or declare another code page")
            }
        }
    }
}

/// Where the sign of a zoned decimal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// There is none.
    None,
    /// In the last digit, 0 to 9 or p to y when negative, as GnuCOBOL and Micro Focus have it in ASCII.
    OverpunchAscii,
    /// In the last digit, `{` and A to I, or `}` and J to R when negative, as EBCDIC has it.
    OverpunchEbcdic,
    /// In a byte of its own behind the digits.
    Trailing,
    /// In a byte of its own before the digits.
    Leading,
}

/// The order of the bytes of a binary number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Big,
    Little,
}

/// The largest number of 18 digits, the most that decimals of COBOL have.
const MOST: u64 = 999_999_999_999_999_999;

#[inline]
fn signed(size: u64, negative: bool) -> Result<i64, Flaw> {
    if size > MOST {
        return Err(Flaw::Wide);
    }
    // At most 18 digits, so that it fits.
    Ok(if negative { -(size as i64) } else { size as i64 })
}

/// COMP-3: two digits a byte, the last half-byte a sign. D and B are negative (IBM z/Architecture Principles of Operation,
/// chapter 8).
#[inline]
pub(super) fn packed(bytes: &[u8]) -> Result<i64, Flaw> {
    let Some((&last, rest)) = bytes.split_last() else { return Err(Flaw::Nibble) };
    let (mut size, mut bad) = (0u64, 0u8);
    for &byte in rest {
        let (high, low) = (byte >> 4, byte & 15);
        bad |= u8::from(high > 9) | u8::from(low > 9);
        size = size.wrapping_mul(100).wrapping_add(u64::from(high) * 10 + u64::from(low));
    }
    let (digit, sign) = (last >> 4, last & 15);
    if bad | u8::from(digit > 9) | u8::from(sign < 10) != 0 {
        return Err(Flaw::Nibble);
    }
    // At most 10 bytes, so 19 digits: no overflow of 64 bits.
    signed(size.wrapping_mul(10).wrapping_add(u64::from(digit)), sign == 0xd || sign == 0xb)
}

/// DISPLAY: a digit a byte.
#[inline]
pub(super) fn zoned(bytes: &[u8], sign: Sign, page: Page) -> Result<i64, Flaw> {
    let mark = |byte: u8| match page.ascii(byte) {
        b'+' => Ok(false),
        b'-' => Ok(true),
        _ => Err(Flaw::Zone),
    };
    let (digits, last, negative) = match (sign, bytes) {
        (Sign::None, _) => (bytes, None, false),
        (Sign::Trailing, [digits @ .., last]) => (digits, None, mark(*last)?),
        (Sign::Leading, [first, digits @ ..]) => (digits, None, mark(*first)?),
        (Sign::OverpunchAscii | Sign::OverpunchEbcdic, [digits @ .., last]) => {
            let (digit, negative) = match (sign, page.ascii(*last)) {
                (_, digit @ b'0'..=b'9') => (digit - b'0', false),
                (Sign::OverpunchAscii, letter @ b'p'..=b'y') => (letter - b'p', true),
                (Sign::OverpunchEbcdic, b'{') => (0, false),
                (Sign::OverpunchEbcdic, letter @ b'A'..=b'I') => (letter - b'A' + 1, false),
                (Sign::OverpunchEbcdic, b'}') => (0, true),
                (Sign::OverpunchEbcdic, letter @ b'J'..=b'R') => (letter - b'J' + 1, true),
                _ => return Err(Flaw::Zone),
            };
            (digits, Some(digit), negative)
        }
        _ => return Err(Flaw::Zone),
    };
    let mut size = 0u64;
    let mut add = |digit: u8| size = size.wrapping_mul(10).wrapping_add(u64::from(digit));
    for &byte in digits {
        let digit = page.ascii(byte).wrapping_sub(b'0');
        if digit > 9 {
            return Err(Flaw::Zone);
        }
        add(digit);
    }
    last.map(add);
    // At most 19 digits: no overflow of 64 bits.
    signed(size, negative)
}

/// COMP, COMP-4 and COMP-5: two's complement in 2, 4 or 8 bytes.
#[inline]
pub(super) fn binary(bytes: &[u8], order: Order) -> Result<i64, Flaw> {
    let extend = |first: u8| if first & 0x80 == 0 { 0i64 } else { -1 };
    let push = |number: i64, byte: &u8| number << 8 | i64::from(*byte);
    Ok(match order {
        Order::Big => bytes.iter().fold(bytes.first().map_or(0, |&byte| extend(byte)), push),
        Order::Little => bytes.iter().rev().fold(bytes.last().map_or(0, |&byte| extend(byte)), push),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_decimals_are_read_digit_by_digit() {
        assert_eq!(packed(&[0x12, 0x34, 0x5c]), Ok(12_345));
        assert_eq!(packed(&[0x12, 0x34, 0x5d]), Ok(-12_345));
        let signs = (0..16u8).map(|sign| packed(&[0x70 | sign])).collect::<Vec<_>>();
        let bad = vec![Err(Flaw::Nibble); 10];
        assert_eq!(signs, [bad, vec![Ok(7), Ok(-7), Ok(7), Ok(-7), Ok(7), Ok(7)]].concat());
        for at in 0..5 {
            for nibble in 10..16u64 {
                let number = (0x12345cu64 & !(0xf << (20 - 4 * at))) | nibble << (20 - 4 * at);
                assert_eq!(packed(&number.to_be_bytes()[5..]), Err(Flaw::Nibble), "{number:x}");
            }
        }
        let nines = [[0x09].as_slice(), &[0x99; 8], &[0x9c]].concat();
        assert_eq!(packed(&nines), Ok(MOST as i64));
        assert_eq!(packed(&[[0x99].as_slice(), &[0x99; 8], &[0x9c]].concat()), Err(Flaw::Wide));
        assert_eq!(packed(&[0x00, 0x0d]), Ok(0));
        for bytes in [[0x00, 0x00], [0x20, 0x20], [0x40, 0x40], [0xff, 0xff]] {
            assert_eq!(packed(&bytes), Err(Flaw::Nibble));
        }
    }

    #[test]
    fn zoned_decimals_carry_their_sign_where_it_is_declared() {
        let ascii = |text: &str, sign| zoned(text.as_bytes(), sign, Page::Utf8);
        assert_eq!(ascii("0123", Sign::None), Ok(123));
        assert_eq!(ascii("-123", Sign::None), Err(Flaw::Zone));
        assert_eq!(ascii("-123", Sign::Leading), Ok(-123));
        assert_eq!(ascii("123+", Sign::Trailing), Ok(123));
        assert_eq!(ascii("1234", Sign::Trailing), Err(Flaw::Zone));
        assert_eq!(ascii("12s", Sign::OverpunchAscii), Ok(-123));
        assert_eq!(ascii("123", Sign::OverpunchAscii), Ok(123));
        assert_eq!(ascii("12L", Sign::OverpunchAscii), Err(Flaw::Zone));
        assert_eq!(ascii("12L", Sign::OverpunchEbcdic), Ok(-123));
        assert_eq!(ascii("12}", Sign::OverpunchEbcdic), Ok(-120));
        assert_eq!(ascii("12{", Sign::OverpunchEbcdic), Ok(120));
        assert_eq!(ascii("12s", Sign::OverpunchEbcdic), Err(Flaw::Zone));
        assert_eq!(zoned(b"\xf1\xf2\xd3", Sign::OverpunchEbcdic, Page::Ebcdic), Ok(-123));
        assert_eq!(zoned(b"\xf1\xf2\xc3", Sign::OverpunchEbcdic, Page::Ebcdic), Ok(123));
        assert_eq!(ascii("1 3", Sign::None), Err(Flaw::Zone));
        assert_eq!(ascii("9999999999999999999", Sign::None), Err(Flaw::Wide));
        assert_eq!(ascii("", Sign::Leading), Err(Flaw::Zone));
    }

    #[test]
    fn binary_numbers_have_both_orders() {
        for number in [0i64, 1, -1, 258, -258, 32_767, -32_768] {
            for width in [2, 4, 8] {
                let bytes = &number.to_be_bytes()[8 - width..];
                let turned: Vec<u8> = bytes.iter().rev().copied().collect();
                assert_eq!((binary(bytes, Order::Big), binary(&turned, Order::Little)), (Ok(number), Ok(number)));
            }
        }
    }
}
