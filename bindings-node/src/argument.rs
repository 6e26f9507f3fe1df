//! Arguments are read here and not by napi, whose messages repeat the value that it was given.

use napi::bindgen_prelude::{FromNapiValue, JsObjectValue, Object};
use napi::{JsValue, Unknown, ValueType};
use scoreline::{Date, Error, Problem, Threads};

use crate::error::Fault;
use crate::js::{self, Texts};

/// The argument called `name` as `T`; `expected` says in words what it should be.
pub(crate) fn read<T: FromNapiValue>(value: Unknown<'_>, name: &str, expected: &str) -> Result<T, Fault> {
    T::from_unknown(value).map_err(|_| self::expected(name, expected).into())
}

/// As [`read`], where the text may be left out.
pub(crate) fn optional_text(value: Unknown<'_>, name: &str, expected: &str) -> Result<Option<String>, Fault> {
    if value.get_type()? == ValueType::Undefined { Ok(None) } else { read(value, name, expected).map(Some) }
}

/// The argument called `name` as an object that is no array and no function.
pub(crate) fn plain_object<'a>(value: Unknown<'a>, name: &str) -> Result<Object<'a>, Fault> {
    if value.get_type()? == ValueType::Object && !value.is_array()? {
        Ok(Object::from_unknown(value)?)
    } else {
        Err(expected(name, "an object").into())
    }
}

fn expected(name: &str, what: &str) -> Error {
    Error::data(Problem::new(format!("{what} was expected"), format!("pass {what}")).field(name))
}

/// What a day is, in words.
pub(crate) const A_DAY: &str = "a calendar day as text";

/// The most threads that a call may ask for; 0 means as many as the machine offers.
const MAX_THREADS: f64 = 1024.0;

/// What a call can be told besides its data.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) as_of: Option<Date>,
    pub(crate) threads: Threads,
}

impl Options {
    /// Reads the options that the call knows; any other is refused.
    pub(crate) fn read(value: Unknown<'_>, known: &[&str]) -> Result<Self, Fault> {
        let mut options = Options::default();
        each_option(value, known, |name, value| options.set(name, value))?;
        Ok(options)
    }

    pub(crate) fn set(&mut self, name: &str, value: Unknown<'_>) -> Result<(), Fault> {
        match name {
            "asOf" => self.as_of = Some(day(value, name)?),
            _ => self.threads = Threads::from_count(count(value, name, MAX_THREADS)?),
        }
        Ok(())
    }
}

/// Gives `set` the name and the value of each option that is not undefined. One that the call does not know is refused.
pub(crate) fn each_option(
    value: Unknown<'_>,
    known: &[&str],
    mut set: impl FnMut(&str, Unknown<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    if matches!(value.get_type()?, ValueType::Undefined | ValueType::Null) {
        return Ok(());
    }
    let object = plain_object(value, "options")?;
    let names = js::names(&object)?;
    let mut texts = Texts::default();
    for at in 0..names.get_array_length_unchecked()? {
        let name: Unknown<'_> = names.get_element(at)?;
        let at = texts.push(name)?;
        let text = texts.get(at);
        if !known.contains(&text) {
            let problem = Problem::new("there is no such option", format!("known are: {}", known.join(", ")));
            return Err(Error::data(problem.field(text)).into());
        }
        let value: Unknown<'_> = object.get_property_unchecked(name)?;
        if value.get_type()? != ValueType::Undefined {
            set(text, value)?;
        }
    }
    Ok(())
}

/// The argument called `name` as a calendar day.
pub(crate) fn day(value: Unknown<'_>, name: &str) -> Result<Date, Fault> {
    let text: String = read(value, name, A_DAY)?;
    Ok(Date::parse(&text).map_err(|error| error.in_field(name))?)
}

/// An option that cannot be left out.
pub(crate) fn needed<T>(option: Option<T>, name: &str, what: &str) -> Result<T, Fault> {
    option.ok_or_else(|| expected(name, what).into())
}

/// The argument called `name` as a whole number from 0 to `most`.
pub(crate) fn count(value: Unknown<'_>, name: &str, most: f64) -> Result<usize, Fault> {
    let words = format!("a whole number from 0 to {most}");
    let count: f64 = read(value, name, &words)?;
    if (0.0..=most).contains(&count) && count.fract() == 0.0 { Ok(count as usize) } else { Err(expected(name, &words).into()) }
}
