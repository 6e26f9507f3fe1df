//! What the bindings of napi lack: names, texts, elements and typed arrays, without a copy too many.
//! The only unsafe code of this crate.

use std::ptr;

use napi::bindgen_prelude::{FromNapiValue, Function, JsObjectValue, Object, ToNapiValue, TypeName};
use napi::{Env, JsValue, Status, Unknown, ValueType, sys};

use crate::error::Fault;

/// Elements that are read before Node may forget their handles.
const CHUNK: u32 = 256;

fn check(status: sys::napi_status) -> napi::Result<()> {
    if status == sys::Status::napi_ok { Ok(()) } else { Err(napi::Error::from_status(Status::from(status))) }
}

/// Names of an object's own properties that can be listed, symbols left out.
pub(crate) fn names<'a>(object: &Object<'a>) -> napi::Result<Object<'a>> {
    // `Object::get_all_property_names` takes one filter only.
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

/// Calls `body` with every element of an array of `length` elements.
pub(crate) fn each_element(
    array: &Object<'_>,
    length: u32,
    mut body: impl for<'v> FnMut(usize, Unknown<'v>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let env = array.value().env;
    for start in (0..length).step_by(CHUNK as usize) {
        let _scope = Scope::open(env)?;
        for at in start..length.min(start + CHUNK) {
            let mut element = ptr::null_mut();
            // SAFETY: `array` lives in this call's scope; `body` cannot keep the element beyond the scope above.
            let value = unsafe {
                check(sys::napi_get_element(env, array.raw(), at, &mut element))?;
                Unknown::from_napi_value(env, element)?
            };
            body(at as usize, value)?;
        }
    }
    Ok(())
}

/// Handles made since are forgotten at the end, also when a panic ends it.
struct Scope(sys::napi_env, sys::napi_handle_scope);

impl Scope {
    fn open(env: sys::napi_env) -> napi::Result<Self> {
        let mut scope = ptr::null_mut();
        // SAFETY: `env` is the one of the running call.
        check(unsafe { sys::napi_open_handle_scope(env, &mut scope) })?;
        Ok(Scope(env, scope))
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        // SAFETY: scopes end in the order that Rust drops them, which is the reverse of their opening.
        unsafe { sys::napi_close_handle_scope(self.0, self.1) };
    }
}

/// A typed array. Its memory is only touched at once, before JavaScript can run again and move it.
pub(crate) struct View {
    kind: sys::napi_typedarray_type,
    length: usize,
    data: *mut std::ffi::c_void,
}

impl View {
    /// The typed array behind `value`; none when it is something else or lies in memory shared between threads.
    pub(crate) fn of(value: Unknown<'_>) -> napi::Result<Option<View>> {
        let env = value.value().env;
        let (mut is_typed, mut is_own) = (false, false);
        let mut view = View { kind: 0, length: 0, data: ptr::null_mut() };
        let mut buffer = ptr::null_mut();
        // SAFETY: `value` lives in this call's scope, and what is asked of it is asked after its type was.
        unsafe {
            check(sys::napi_is_typedarray(env, value.raw(), &mut is_typed))?;
            if is_typed {
                let View { kind, length, data } = &mut view;
                check(sys::napi_get_typedarray_info(env, value.raw(), kind, length, data, &mut buffer, ptr::null_mut()))?;
                check(sys::napi_is_arraybuffer(env, buffer, &mut is_own))?;
            }
        }
        Ok(Some(view).filter(|_| is_typed && is_own))
    }

    /// Number of elements.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    pub(crate) fn is_float64(&self) -> bool {
        self.kind == sys::TypedarrayType::float64_array
    }

    pub(crate) fn is_int32(&self) -> bool {
        self.kind == sys::TypedarrayType::int32_array
    }

    pub(crate) fn is_uint8(&self) -> bool {
        self.kind == sys::TypedarrayType::uint8_array
    }

    /// A copy of a `Uint8Array`; empty when it is of another kind.
    pub(crate) fn uint8(&self) -> Vec<u8> {
        let mut copy = vec![0; if self.is_uint8() { self.length } else { 0 }];
        // SAFETY: a `Uint8Array` has `length` elements of that type; the copy is as long and lies elsewhere.
        unsafe { ptr::copy_nonoverlapping(self.place().cast::<u8>(), copy.as_mut_ptr(), copy.len()) };
        copy
    }

    /// A copy of a `Float64Array`; empty when it is of another kind.
    pub(crate) fn float64(&self) -> Vec<f64> {
        let mut copy = Vec::new();
        self.read_float64(&mut copy);
        copy
    }

    /// A copy of an `Int32Array`; empty when it is of another kind.
    pub(crate) fn int32(&self) -> Vec<i32> {
        let mut copy = vec![0; if self.is_int32() { self.length } else { 0 }];
        // SAFETY: an `Int32Array` has `length` elements of that type; the copy is as long and lies elsewhere.
        unsafe { ptr::copy_nonoverlapping(self.place().cast::<i32>(), copy.as_mut_ptr(), copy.len()) };
        copy
    }

    /// As [`View::float64`], into memory that is used again.
    pub(crate) fn read_float64(&self, copy: &mut Vec<f64>) {
        copy.clear();
        copy.resize(if self.is_float64() { self.length } else { 0 }, 0.0);
        // SAFETY: a `Float64Array` has `length` elements of that type; the copy is as long and lies elsewhere.
        unsafe { ptr::copy_nonoverlapping(self.place().cast::<f64>(), copy.as_mut_ptr(), copy.len()) };
    }

    /// Writes the first elements of a `Float64Array`; nothing when it is of another kind or too short.
    pub(crate) fn write_float64(&self, values: &[f64]) {
        if self.is_float64() && values.len() <= self.length {
            // SAFETY: a `Float64Array` has `length` elements of that type; `values` is no longer and lies elsewhere.
            unsafe { ptr::copy_nonoverlapping(values.as_ptr(), self.place().cast::<f64>(), values.len()) };
        }
    }

    /// Where the elements are. An empty array may have no memory; a copy of nothing still wants an aligned place.
    fn place(&self) -> *mut std::ffi::c_void {
        if self.data.is_null() { ptr::NonNull::<f64>::dangling().as_ptr().cast() } else { self.data }
    }
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

/// A text of JSON that becomes what it says.
pub struct Json(pub(crate) String);

impl Json {
    /// An object as JSON. JavaScript writes a double so that it reads back as the same.
    pub(crate) fn of(object: Object<'_>) -> napi::Result<Self> {
        let env = Env::from_raw(object.value().env);
        let json: Object<'_> = env.get_global()?.get_named_property_unchecked("JSON")?;
        let write: Function<'_, Object<'_>, String> = json.get_named_property_unchecked("stringify")?;
        write.call(object).map(Json)
    }
}

impl ToNapiValue for Json {
    unsafe fn to_napi_value(raw: sys::napi_env, json: Self) -> napi::Result<sys::napi_value> {
        let env = Env::from_raw(raw);
        let parser: Object<'_> = env.get_global()?.get_named_property_unchecked("JSON")?;
        let parse: Function<'_, String, Object<'_>> = parser.get_named_property_unchecked("parse")?;
        Ok(parse.call(json.0)?.raw())
    }
}

impl TypeName for Json {
    fn type_name() -> &'static str {
        "object"
    }

    fn value_type() -> ValueType {
        ValueType::Object
    }
}
