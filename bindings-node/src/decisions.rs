//! Decisions of a batch: the class `Decisions`.

use std::sync::Arc;

use napi::bindgen_prelude::{BigInt64ArraySlice, Float64ArraySlice, Object, ObjectFinalize, This, Uint8ArraySlice};
use napi::{Env, Unknown};
use napi_derive::napi;
use scoreline::{Date, Threads};

use crate::answer::Answers;
use crate::argument;
use crate::background::Work;
use crate::columns::Columns;
use crate::guard::guard;
use crate::rows::{RowError, no_row, once, row_errors};
use crate::scorer::Model;

/// Work that decides a batch.
pub struct Decide {
    pub(crate) model: Arc<Model>,
    pub(crate) answers: Arc<Answers>,
    pub(crate) columns: Columns,
    pub(crate) as_of: Option<Date>,
    pub(crate) threads: Threads,
}

impl Work for Decide {
    type Output = scoreline::Decisions;
    type Answer = Decisions;

    fn run(&mut self) -> scoreline::Result<scoreline::Decisions> {
        self.model.scorer.decide_batch(&self.columns.batch()?, self.as_of, self.threads)
    }

    fn answer(&mut self, env: Env, columns: scoreline::Decisions) -> napi::Result<Decisions> {
        env.adjust_external_memory(held(&columns))?;
        Ok(Decisions { columns, answers: Arc::clone(&self.answers) })
    }
}

/// Decisions of a batch, column by column: one entry a row in each typed array. Indices refer to the lists of names that
/// the scorer has. A row whose `status` is not 0 holds only absent values, and its error is in `errors`. A column is made
/// when it is first asked for, and is then the same array every time.
#[napi(custom_finalize)]
pub struct Decisions {
    columns: scoreline::Decisions,
    answers: Arc<Answers>,
}

/// Bytes that the columns take. Node is told of them, or it would see no reason to collect what is no longer used.
fn held(columns: &scoreline::Decisions) -> i64 {
    (scoreline::Decisions::ROW_BYTES * columns.rows()) as i64
}

impl ObjectFinalize for Decisions {
    fn finalize(self, env: Env) -> napi::Result<()> {
        env.adjust_external_memory(-held(&self.columns)).map(|_| ())
    }
}

#[napi]
impl Decisions {
    /// Number of rows.
    #[napi(getter, catch_unwind)]
    pub fn rows(&self, env: Env) -> napi::Result<f64> {
        guard(env, || Ok(self.columns.rows() as f64))
    }

    /// Decimals of money: an amount is its minor units divided by ten to this power.
    #[napi(getter, catch_unwind)]
    pub fn decimals(&self, env: Env) -> napi::Result<u32> {
        guard(env, || Ok(self.columns.decimals))
    }

    /// Rows that could not be decided, in rising order.
    #[napi(getter, catch_unwind)]
    pub fn errors(&self, env: Env) -> napi::Result<Vec<RowError>> {
        guard(env, || Ok(row_errors(&self.columns.errors)))
    }

    /// The decision of one row, as `scorer.decide` gives it. Throws the error of a row that could not be decided.
    #[napi(catch_unwind, ts_args_type = "row: number", ts_return_type = "Decision")]
    pub fn row<'a>(&self, env: &'a Env, row: Unknown) -> napi::Result<Object<'a>> {
        guard(*env, || {
            let at = argument::count(row, "row", self.columns.rows() as f64)?;
            let decision = self.columns.get(at).ok_or_else(no_row)?.map_err(|error| error.clone().at_row(at))?;
            Ok(self.answers.object(env, &decision)?)
        })
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

    /// Outcome as an index into `scorer.outcomes`; 255 when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn outcome<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "outcome", |env| Uint8ArraySlice::copy_from(env, &self.columns.outcome)))
    }

    /// Credit limit in minor units; -(2n ** 63n) when absent.
    #[napi(getter, catch_unwind, ts_return_type = "BigInt64Array")]
    pub fn limit<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "limit", |env| BigInt64ArraySlice::copy_from(env, &self.columns.limit)))
    }

    /// Limit candidate that binds, as an index into `scorer.limits`; 255 when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn limit_binding<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "limitBinding", |env| Uint8ArraySlice::copy_from(env, &self.columns.binding)))
    }

    /// Amount offered in minor units; -(2n ** 63n) when absent.
    #[napi(getter, catch_unwind, ts_return_type = "BigInt64Array")]
    pub fn amount<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "amount", |env| BigInt64ArraySlice::copy_from(env, &self.columns.amount)))
    }

    /// Monthly instalment in minor units; -(2n ** 63n) when absent.
    #[napi(getter, catch_unwind, ts_return_type = "BigInt64Array")]
    pub fn instalment<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "instalment", |env| BigInt64ArraySlice::copy_from(env, &self.columns.instalment)))
    }

    /// Rate per year, as a fraction. NaN when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Float64Array")]
    pub fn rate<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "rate", |env| Float64ArraySlice::copy_from(env, &self.columns.rate)))
    }

    /// What the rate rests on, as an index into `scorer.rateBounds`; 255 when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn rate_bound<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "rateBound", |env| Uint8ArraySlice::copy_from(env, &self.columns.rate_bound)))
    }

    /// RAROC at that rate, as a fraction. NaN when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Float64Array")]
    pub fn raroc<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "raroc", |env| Float64ArraySlice::copy_from(env, &self.columns.raroc)))
    }

    /// Rate that would earn the hurdle, when no legal price exists; else NaN.
    #[napi(getter, catch_unwind, ts_return_type = "Float64Array")]
    pub fn rate_needed<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "rateNeeded", |env| Float64ArraySlice::copy_from(env, &self.columns.rate_needed)))
    }

    /// Cap that stands in the way, when no legal price exists; else NaN.
    #[napi(getter, catch_unwind, ts_return_type = "Float64Array")]
    pub fn rate_cap<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "rateCap", |env| Float64ArraySlice::copy_from(env, &self.columns.rate_cap)))
    }

    /// Four a row, most important first: reasons as indices into `scorer.reasons`, 255 where there is none.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn reasons<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "reasons", |env| Uint8ArraySlice::copy_from(env, self.columns.reasons.as_flattened())))
    }

    /// Number of category fields of the card whose level was never seen in training.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn unseen<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "unseen", |env| Uint8ArraySlice::copy_from(env, &self.columns.unseen)))
    }

    /// Score of the expert card, 0 to 100. NaN when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Float64Array")]
    pub fn expert_score<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "expertScore", |env| Float64ArraySlice::copy_from(env, &self.columns.expert_score)))
    }

    /// Worth of the client by that score, as an index into `scorer.classes`; 255 when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn client_class<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "clientClass", |env| Uint8ArraySlice::copy_from(env, &self.columns.client_class)))
    }
}
