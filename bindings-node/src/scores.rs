//! Scores of a batch: the class `Scores`.

use std::sync::Arc;

use napi::bindgen_prelude::{Float64ArraySlice, ObjectFinalize, This, Uint8ArraySlice};
use napi::{Env, Unknown};
use napi_derive::napi;
use scoreline::Threads;

use crate::background::Work;
use crate::columns::Columns;
use crate::guard::guard;
use crate::rows::{RowError, once, row_errors};
use crate::scorer::Model;

/// Work that scores a batch.
pub struct Score {
    pub(crate) model: Arc<Model>,
    pub(crate) columns: Columns,
    pub(crate) threads: Threads,
}

impl Work for Score {
    type Output = scoreline::Scores;
    type Answer = Scores;

    fn run(&mut self) -> scoreline::Result<scoreline::Scores> {
        self.model.scorer.score_batch(&self.columns.batch()?, self.threads)
    }

    fn answer(&mut self, env: Env, columns: scoreline::Scores) -> napi::Result<Scores> {
        env.adjust_external_memory(held(&columns))?;
        Ok(Scores { columns })
    }
}

/// Scores of a batch: the part of a decision that needs no policy but the tiers. Laid out as `Decisions`.
#[napi(custom_finalize)]
pub struct Scores {
    columns: scoreline::Scores,
}

/// Bytes that the columns take. Node is told of them, or it would see no reason to collect what is no longer used.
fn held(columns: &scoreline::Scores) -> i64 {
    (scoreline::Scores::ROW_BYTES * columns.rows()) as i64
}

impl ObjectFinalize for Scores {
    fn finalize(self, env: Env) -> napi::Result<()> {
        env.adjust_external_memory(-held(&self.columns)).map(|_| ())
    }
}

#[napi]
impl Scores {
    /// Number of rows.
    #[napi(getter, catch_unwind)]
    pub fn rows(&self, env: Env) -> napi::Result<f64> {
        guard(env, || Ok(self.columns.rows() as f64))
    }

    /// Rows that could not be scored, in rising order.
    #[napi(getter, catch_unwind)]
    pub fn errors(&self, env: Env) -> napi::Result<Vec<RowError>> {
        guard(env, || Ok(row_errors(&self.columns.errors)))
    }

    /// 0, or the number of the kind of the row's error: 2 is `invalid_data`.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn status<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "status", |env| Uint8ArraySlice::copy_from(env, &self.columns.status)))
    }

    /// Score points; higher is safer. NaN when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Float64Array")]
    pub fn score<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "score", |env| Float64ArraySlice::copy_from(env, &self.columns.score)))
    }

    /// Probability of the event. NaN when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Float64Array")]
    pub fn pd<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "pd", |env| Float64ArraySlice::copy_from(env, &self.columns.pd)))
    }

    /// Risk tier as an index into `scorer.tiers`; 255 when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn tier<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "tier", |env| Uint8ArraySlice::copy_from(env, &self.columns.tier)))
    }
}
