//! The release of the library.

use std::ffi::{CStr, c_char};
use std::ptr;

use crate::guard::guard_or;

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => c"",
};

/// The release of the library that is loaded, for example "0.1.0". Compare it with SCORELINE_VERSION, the release of the
/// header.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_version() -> *const c_char {
    guard_or(ptr::null(), || VERSION.as_ptr())
}
