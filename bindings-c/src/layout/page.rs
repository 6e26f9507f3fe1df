//! Code pages: what a byte of a record says.

/// What bytes that stand for no known character become.
pub(super) const UNKNOWN: u8 = 0x1a;

/// How the characters of records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// UTF-8, and so also ASCII.
    Utf8,
    /// What the Latin EBCDIC code pages have in common, with the braces of page 037.
    Ebcdic,
}

impl Page {
    /// The name in descriptions of layouts.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Page::Utf8 => "utf8",
            Page::Ebcdic => "ebcdic",
        }
    }

    /// The byte of this character in ASCII.
    #[inline]
    pub(super) const fn ascii(self, byte: u8) -> u8 {
        match self {
            Page::Utf8 => byte,
            Page::Ebcdic => EBCDIC[byte as usize],
        }
    }
}

/// Runs of characters: the first byte in EBCDIC, and what they are.
const RUNS: [(u8, &[u8]); 21] = [
    (0x40, b" "),
    (0x4b, b".<(+"),
    (0x50, b"&"),
    (0x5c, b"*);"),
    (0x60, b"-/"),
    (0x6b, b",%_>?"),
    (0x7a, b":"),
    (0x7d, b"'=\""),
    (0x81, b"abcdefghi"),
    (0x91, b"jklmnopqr"),
    (0xa2, b"stuvwxyz"),
    (0xc0, b"{"),
    (0xc1, b"ABCDEFGHI"),
    (0xd0, b"}"),
    (0xd1, b"JKLMNOPQR"),
    (0xe2, b"STUVWXYZ"),
    (0xf0, b"0123456789"),
    // Fill characters stay what they are.
    (0x00, b"\0"),
    (0xff, b"\xff"),
    (0x05, b"\t"),
    (0x25, b"\n"),
];

const EBCDIC: [u8; 256] = {
    let mut table = [UNKNOWN; 256];
    let mut run = 0;
    while run < RUNS.len() {
        let (first, characters) = RUNS[run];
        let mut at = 0;
        while at < characters.len() {
            table[first as usize + at] = characters[at];
            at += 1;
        }
        run += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_are_those_of_page_037() {
        let read = |bytes: &[u8]| bytes.iter().map(|&byte| char::from(Page::Ebcdic.ascii(byte))).collect::<String>();
        assert_eq!(read(b"\xc8\x85\x93\x93\x96\x6b\x40\xe6\x96\x99\x93\x84\x40\xf1\xf9\xf7\xf0"), "Hello, World 1970");
        assert_eq!(read(b"\xc1\xc9\xd1\xd9\xe2\xe9\x81\x89\x91\x99\xa2\xa9"), "AIJRSZaijrsz");
        assert_eq!(Page::Ebcdic.ascii(0x41), UNKNOWN);
    }
}
