//! Reviews of a batch: the class `Reviews`.

use std::sync::Arc;

use napi::bindgen_prelude::{
    BigInt64ArraySlice, BigUint64ArraySlice, Float64ArraySlice, Int32ArraySlice, ObjectFinalize, This, Uint8ArraySlice,
    Uint16ArraySlice,
};
use napi::{Env, Unknown};
use napi_derive::napi;
use scoreline::{Date, Threads};

use crate::accounts::Standings;
use crate::argument;
use crate::background::Work;
use crate::columns::Columns;
use crate::guard::guard;
use crate::review::Review;
use crate::rows::{RowError, no_row, once, row_errors};
use crate::scorer::Model;
use crate::totals::ReviewTotals;

/// Work that reviews a batch.
pub struct ReviewBatch {
    pub(crate) model: Arc<Model>,
    pub(crate) columns: Columns,
    pub(crate) standings: Option<Standings>,
    pub(crate) today: Date,
    pub(crate) threads: Threads,
}

impl Work for ReviewBatch {
    type Output = scoreline::pipeline::Reviews;
    type Answer = Reviews;

    fn run(&mut self) -> scoreline::Result<scoreline::pipeline::Reviews> {
        let accounts = self.standings.as_ref().map(Standings::accounts);
        self.model.scorer.review_batch(&self.columns.batch()?, accounts, self.today, self.threads)
    }

    fn answer(&mut self, env: Env, columns: scoreline::pipeline::Reviews) -> napi::Result<Reviews> {
        env.adjust_external_memory(held(&columns))?;
        Ok(Reviews { columns, model: Arc::clone(&self.model) })
    }
}

/// Reviews of a batch of accounts, column by column: one entry a row in each typed array. Indices refer to the lists of names
/// that the scorer has. A row whose `status` is not 0 holds only absent values, and its error is in `errors`. A column is made
/// when it is first asked for, and is then the same array every time.
#[napi(custom_finalize)]
pub struct Reviews {
    columns: scoreline::pipeline::Reviews,
    model: Arc<Model>,
}

impl Reviews {
    pub(crate) fn columns(&self) -> &scoreline::pipeline::Reviews {
        &self.columns
    }

    pub(crate) fn model(&self) -> &Model {
        &self.model
    }
}

/// Bytes that the columns take, which Node is told of.
fn held(columns: &scoreline::pipeline::Reviews) -> i64 {
    (scoreline::pipeline::Reviews::ROW_BYTES * columns.rows()) as i64
}

impl ObjectFinalize for Reviews {
    fn finalize(self, env: Env) -> napi::Result<()> {
        env.adjust_external_memory(-held(&self.columns)).map(|_| ())
    }
}

#[napi]
impl Reviews {
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

    /// Rows that could not be reviewed, in rising order.
    #[napi(getter, catch_unwind)]
    pub fn errors(&self, env: Env) -> napi::Result<Vec<RowError>> {
        guard(env, || Ok(row_errors(&self.columns.errors)))
    }

    /// The review of one row, as `scorer.review` gives it. Throws the error of a row that could not be reviewed.
    #[napi(catch_unwind, ts_args_type = "row: number")]
    pub fn row(&self, env: Env, row: Unknown) -> napi::Result<Review> {
        guard(env, || {
            let at = argument::count(row, "row", self.columns.rows() as f64)?;
            let review = self.columns.get(at).ok_or_else(no_row)?.map_err(|error| error.clone().at_row(at))?;
            Ok(Review::new(&self.model.scorer, &review))
        })
    }

    /// Control totals, counted on each call.
    #[napi(getter, catch_unwind)]
    pub fn totals(&self, env: Env) -> napi::Result<ReviewTotals> {
        guard(env, || Ok(scoreline::pipeline::ReviewTotals::of(&self.columns, &self.model.scorer)?.into()))
    }

    /// SHA-256, in hex, over what a run writes of each row; the same in every language. Computed on each call.
    #[napi(getter, catch_unwind)]
    pub fn hash(&self, env: Env) -> napi::Result<String> {
        guard(env, || Ok(self.columns.hash()))
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

    /// The new tier as an index into `scorer.tiers`; 255 when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn tier<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "tier", |env| Uint8ArraySlice::copy_from(env, &self.columns.tier)))
    }

    /// The tier before, as an index into `scorer.tiers`; 255 when there was none.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn previous<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "previous", |env| Uint8ArraySlice::copy_from(env, &self.columns.previous)))
    }

    /// First day from which the wait before a next move counts, in days since 1970-01-01; -(2 ** 31) when absent. What the next
    /// batch is told.
    #[napi(getter, catch_unwind, ts_return_type = "Int32Array")]
    pub fn since<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "since", |env| Int32ArraySlice::copy_from(env, &self.columns.since)))
    }

    /// The tier that measure and rules indicate, as an index into `scorer.tiers`; 255 when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn indicated<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "indicated", |env| Uint8ArraySlice::copy_from(env, &self.columns.indicated)))
    }

    /// Why the tier is not the indicated one, as an index into `scorer.held`; 255 when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn held<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "held", |env| Uint8ArraySlice::copy_from(env, &self.columns.held)))
    }

    /// 1 when a strong rule made the tier worse than it would be otherwise.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn forced<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "forced", |env| Uint8ArraySlice::copy_from(env, &self.columns.forced)))
    }

    /// 1 when a person must look.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn refer<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "refer", |env| Uint8ArraySlice::copy_from(env, &self.columns.refer)))
    }

    /// 1 when a strong rule declines.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn decline<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "decline", |env| Uint8ArraySlice::copy_from(env, &self.columns.decline)))
    }

    /// By how much PD or score misses the next better border. NaN in tier A and when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Float64Array")]
    pub fn to_better<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "toBetter", |env| Float64ArraySlice::copy_from(env, &self.columns.to_better)))
    }

    /// By how much it may worsen before the next worse border. NaN in tier D and when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Float64Array")]
    pub fn to_worse<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "toWorse", |env| Float64ArraySlice::copy_from(env, &self.columns.to_worse)))
    }

    /// Strong rules that hit: bit i is the rule with index i in the policy.
    #[napi(getter, catch_unwind, ts_return_type = "BigUint64Array")]
    pub fn strong<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "strong", |env| BigUint64ArraySlice::copy_from(env, &self.columns.strong)))
    }

    /// Strong rules whose condition could not be told, as bits.
    #[napi(getter, catch_unwind, ts_return_type = "BigUint64Array")]
    pub fn missing<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "missing", |env| BigUint64ArraySlice::copy_from(env, &self.columns.missing)))
    }

    /// Weak rules that hit, as bits.
    #[napi(getter, catch_unwind, ts_return_type = "BigUint64Array")]
    pub fn weak<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "weak", |env| BigUint64ArraySlice::copy_from(env, &self.columns.weak)))
    }

    /// Overlays that hit, as bits.
    #[napi(getter, catch_unwind, ts_return_type = "BigUint64Array")]
    pub fn overlays<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "overlays", |env| BigUint64ArraySlice::copy_from(env, &self.columns.overlays)))
    }

    /// Overlays that would hit, had they not ended, as bits.
    #[napi(getter, catch_unwind, ts_return_type = "BigUint64Array")]
    pub fn expired<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "expired", |env| BigUint64ArraySlice::copy_from(env, &self.columns.expired)))
    }

    /// Level of early warning, 0 for none; 255 when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn warning<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "warning", |env| Uint8ArraySlice::copy_from(env, &self.columns.warning)))
    }

    /// Indicators of early warning that hit, as bits.
    #[napi(getter, catch_unwind, ts_return_type = "BigUint64Array")]
    pub fn indicators<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "indicators", |env| BigUint64ArraySlice::copy_from(env, &self.columns.indicators)))
    }

    /// The limit that follows, in minor units; -(2n ** 63n) when absent.
    #[napi(getter, catch_unwind, ts_return_type = "BigInt64Array")]
    pub fn limit<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "limit", |env| BigInt64ArraySlice::copy_from(env, &self.columns.limit)))
    }

    /// What becomes of the limit, as an index into `scorer.limitChanges`; 255 when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn limit_change<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "limitChange", |env| Uint8ArraySlice::copy_from(env, &self.columns.change)))
    }

    /// What decided about the limit, as an index into `scorer.limitBindings`; 255 when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn limit_binding<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "limitBinding", |env| Uint8ArraySlice::copy_from(env, &self.columns.binding)))
    }

    /// Row of the action book that answers, as an index into `scorer.actions`; 65535 when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Uint16Array")]
    pub fn action<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "action", |env| Uint16ArraySlice::copy_from(env, &self.columns.action)))
    }

    /// The day of the next review, in days since 1970-01-01; -(2 ** 31) when absent.
    #[napi(getter, catch_unwind, ts_return_type = "Int32Array")]
    pub fn next_review<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "nextReview", |env| Int32ArraySlice::copy_from(env, &self.columns.next_review)))
    }

    /// Four a row, most important first: reasons as indices into `scorer.reasons`, 255 where there is none.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn reasons<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "reasons", |env| Uint8ArraySlice::copy_from(env, self.columns.reasons.as_flattened())))
    }

    /// Number of levels never seen in training.
    #[napi(getter, catch_unwind, ts_return_type = "Uint8Array")]
    pub fn unseen<'a>(&self, env: &'a Env, this: This<'a>) -> napi::Result<Unknown<'a>> {
        guard(*env, || once(env, this, "unseen", |env| Uint8ArraySlice::copy_from(env, &self.columns.unseen)))
    }
}
