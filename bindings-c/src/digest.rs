//! SHA-256, so that programs in any language can compare long lists of decisions by one short text.

use std::ffi::c_char;

use scoreline::Result;
use sha2::{Digest, Sha256};

use crate::argument;
use crate::error::CError;
use crate::guard::{guard, guard_or};
use crate::handle::{Handle, State, release};

/// The length of a digest in hex, with the zero byte.
pub const SCORELINE_DIGEST_SIZE: usize = 65;

/// SHA-256 (FIPS 180-4) over bytes that arrive piece by piece, for reconciling what two programs computed.
#[derive(Debug)]
pub struct CDigest(Handle<Sha256>);

impl State for Sha256 {
    const WORD: u64 = 0x7365_6769_6420_6c73;
    const ARGUMENT: &'static str = "digest";
}

impl CDigest {
    fn get(digest: Option<&mut Self>) -> Result<&mut Sha256> {
        Handle::get_mut(digest.map(|digest| &mut digest.0))
    }
}

/// Begins a digest. To be released with scoreline_digest_free.
///
/// # Safety
/// `digest` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_digest_new(digest: *mut *mut CDigest, error: *mut *mut CError) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { guard(error, || argument::create(digest, "digest", || Ok(CDigest(Handle::new(Sha256::new()))))) }
}

/// Adds `length` bytes.
///
/// # Safety
/// `bytes` is NULL or points to `length` bytes; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_digest_update(
    digest: Option<&mut CDigest>,
    bytes: *const c_char,
    length: usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises.
    unsafe {
        guard(error, || {
            CDigest::get(digest)?.update(argument::array(bytes.cast::<u8>(), length, "bytes")?);
            Ok(())
        })
    }
}

/// Writes the digest of everything added as 64 hex digits and a zero byte; the digest then begins anew.
/// `size` is the room at `hex`, at least SCORELINE_DIGEST_SIZE; when it is less, nothing is written and nothing is lost.
///
/// # Safety
/// `hex` is NULL or has room for `size` bytes; `error` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scoreline_digest_hex(
    digest: Option<&mut CDigest>,
    hex: *mut c_char,
    size: usize,
    error: *mut *mut CError,
) -> u32 {
    // SAFETY: as the caller promises, and there is room for what is written.
    unsafe {
        guard(error, || {
            let digest = CDigest::get(digest)?;
            argument::write(hex.cast::<[u8; SCORELINE_DIGEST_SIZE]>(), "hex", || {
                if size < SCORELINE_DIGEST_SIZE {
                    return Err(argument::refused("hex", "there is too little room", "pass SCORELINE_DIGEST_SIZE bytes"));
                }
                let mut text = [0; SCORELINE_DIGEST_SIZE];
                for (pair, byte) in text.chunks_exact_mut(2).zip(digest.finalize_reset()) {
                    pair.copy_from_slice(format!("{byte:02x}").as_bytes());
                }
                Ok(text)
            })
        })
    }
}

/// Releases a digest. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn scoreline_digest_free(digest: Option<Box<CDigest>>) {
    guard_or((), || release(digest, |digest| &mut digest.0))
}
