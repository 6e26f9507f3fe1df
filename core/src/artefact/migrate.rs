//! From older versions of the file to the current one, a step at a time.

use serde_json::Value as Json;

use super::envelope::VERSION;
use crate::error::{Error, Result};

/// One step: from version *n* to *n* + 1.
type Step = fn(Json) -> Result<Json>;

/// The step from version *n* at index *n* − 1. A step is added with each version and never changed
/// afterwards; the files in `tests/artefacts` hold it to that.
const STEPS: [Step; (VERSION - 1) as usize] = [];

/// Brings a file of version 1 to [`VERSION`] to the current version. The hash is verified before, on the
/// file as it was written.
pub(super) fn to_current(json: Json) -> Result<Json> {
    let version = json.get("version").and_then(Json::as_u64).unwrap_or(0);
    let done = usize::try_from(version)
        .ok()
        .and_then(|version| version.checked_sub(1))
        .ok_or_else(|| Error::internal("a file without a version reached migration"))?;
    STEPS.iter().skip(done).try_fold(json, |json, step| step(json))
}
