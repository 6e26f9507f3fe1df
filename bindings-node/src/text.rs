//! Text of JavaScript, read into memory that is used again.

use std::ptr;

use napi::bindgen_prelude::{FromNapiValue, Object};
use napi::{JsValue, Status, Unknown, sys};

/// Names of an object's own properties that can be listed, symbols left out.
pub(crate) fn names<'a>(object: &Object<'a>) -> napi::Result<Object<'a>> {
    // `Object::get_all_property_names` takes one filter only: without the second one Node goes a slow way.
    let filter = sys::KeyFilter::enumerable | sys::KeyFilter::skip_symbols;
    let (mode, conversion) = (sys::KeyCollectionMode::own_only, sys::KeyConversion::numbers_to_strings);
    let env = object.value().env;
    let mut names = ptr::null_mut();
    // SAFETY: `object` lives in this call's scope, and so does what `names` then points to.
    let status = unsafe { sys::napi_get_all_property_names(env, object.raw(), mode, filter, conversion, &mut names) };
    check(status)?;
    // SAFETY: as above.
    unsafe { Object::from_napi_value(env, names) }
}

fn check(status: sys::napi_status) -> napi::Result<()> {
    if status == sys::Status::napi_ok { Ok(()) } else { Err(napi::Error::from_status(Status::from(status))) }
}

/// A list of texts in one piece of memory.
#[derive(Default)]
pub(crate) struct Texts {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Texts {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// Appends the text of `value`, which must be a string of JavaScript, and returns its index.
    pub(crate) fn push(&mut self, value: Unknown<'_>) -> napi::Result<usize> {
        let start = self.bytes.len();
        let mut room = 64;
        loop {
            self.bytes.resize(start + room, 0);
            let mut written = 0;
            // SAFETY: the memory behind the pointer is `room` bytes long, and `value` lives in this call's scope.
            let status = unsafe {
                let place = self.bytes[start..].as_mut_ptr().cast();
                sys::napi_get_value_string_utf8(value.value().env, value.raw(), place, room, &mut written)
            };
            check(status)?;
            // Node stops before a character that does not fit, and a character has up to four bytes.
            if written + 5 <= room {
                self.bytes.truncate(start + written);
                self.ends.push(start + written);
                return Ok(self.ends.len() - 1);
            }
            room *= 4;
        }
    }

    /// The text at `index`; empty beyond the end.
    pub(crate) fn get(&self, index: usize) -> &str {
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let text = self.ends.get(index).and_then(|&end| self.bytes.get(start..end));
        text.and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }
}
