//! The panic boundary: every export runs its body through [`guard`], every background task through [`caught`].

use napi::Env;

use crate::caught::caught;
use crate::error::Fault;

/// Runs the body of an export on the main thread and turns what stops it into a JavaScript error.
pub(crate) fn guard<T>(env: Env, body: impl FnOnce() -> Result<T, Fault>) -> napi::Result<T> {
    caught(body).map_err(|fault| fault.into_js(env))
}
