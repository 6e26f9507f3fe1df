//! How answers are written.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::error::{Error, Problem, Result};

/// Compact JSON whose fractions are decimal texts: no reader can round them on its way.
struct Decimals;

impl Formatter for Decimals {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        // The display of a double is the shortest decimal that reads back as it, without an exponent; there is no −0 among amounts.
        write!(writer, "\"{}\"", value + 0.0)
    }
}

/// An answer as JSON.
pub(super) fn write(answer: &impl Serialize) -> Result<String> {
    let mut bytes = Vec::new();
    let written = answer.serialize(&mut Serializer::with_formatter(&mut bytes, Decimals));
    let text = written.ok().and_then(|()| String::from_utf8(bytes).ok());
    text.ok_or_else(|| Error::internal("an answer cannot be written as JSON"))
}

/// An error as JSON.
#[derive(Serialize)]
pub(super) struct Refusal<'a> {
    code: u32,
    name: &'static str,
    problems: Vec<Shown<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    field: Option<&'a str>,
    row: Option<u64>,
    what: &'a str,
    remedy: &'a str,
}

impl<'a> Refusal<'a> {
    pub(super) fn new(error: &'a Error) -> Self {
        let shown = |problem: &'a Problem| Shown {
            field: problem.field.as_deref(),
            row: problem.row,
            what: &problem.what,
            remedy: &problem.remedy,
        };
        let code = error.code();
        Refusal { code: code.number(), name: code.name(), problems: error.problems().iter().map(shown).collect() }
    }
}
