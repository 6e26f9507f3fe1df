//! SHA-256, of texts and of values.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// In hex, over the RFC 8785 canonical text of a value.
pub(crate) fn canonical_hash(value: &impl Serialize) -> Result<String> {
    let text = serde_json_canonicalizer::to_vec(value).map_err(|_| Error::internal("a value has no canonical text"))?;
    Ok(hex(&Sha256::digest(&text)))
}

/// The bytes of a digest, two lower-case digits each.
pub(crate) fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first eight bytes, big-endian, over the parts in a row.
pub(crate) fn hash64(parts: &[&[u8]]) -> u64 {
    let digest = parts.iter().fold(Sha256::new(), |hasher, part| hasher.chain_update(part)).finalize();
    digest.iter().take(8).fold(0, |head, byte| head << 8 | u64::from(*byte))
}
