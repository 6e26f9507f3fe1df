//! scoreline for Node.js. It converts inputs and outputs, maps errors and keeps long work off the event loop;
//! everything that decides anything is in the crate `scoreline`.
#![deny(clippy::undocumented_unsafe_blocks)]
// napi exports items wherever they are.
#![allow(unreachable_pub)]

mod accounts;
mod answer;
mod argument;
mod background;
mod calculate;
mod caught;
mod chain;
mod columns;
mod decisions;
mod error;
mod events;
mod field;
mod guard;
mod js;
mod plain;
mod record;
mod review;
mod review_run;
mod reviews;
mod rows;
mod scorer;
mod scores;
mod totals;
mod typed_row;

use napi::{Env, Unknown};
use napi_derive::napi;
use scoreline::Date;

use crate::guard::guard;

/// The release of the library.
#[napi(catch_unwind)]
pub fn version(env: Env) -> napi::Result<&'static str> {
    guard(env, || Ok(env!("CARGO_PKG_VERSION")))
}

/// Days since 1970-01-01 of a calendar day written as `YYYY-MM-DD`.
#[napi(catch_unwind)]
pub fn parse_date(env: Env, #[napi(ts_arg_type = "string")] text: Unknown) -> napi::Result<i32> {
    guard(env, || Ok(Date::parse(&argument::read::<String>(text, "text", "a text")?)?.days()))
}
