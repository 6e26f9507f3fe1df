//! The ledger of a run over the book: the class `ReviewRun`.

use std::cell::RefCell;

use napi::bindgen_prelude::ClassInstance;
use napi::{Env, Unknown, ValueType};
use napi_derive::napi;
use scoreline::pipeline::{self, Added};
use scoreline::tier::Breaker;
use scoreline::{Date, Error, Problem};

use crate::argument;
use crate::error::Fault;
use crate::guard::guard;
use crate::plain;
use crate::reviews::Reviews;
use crate::scorer::Model;
use crate::totals::{ReviewTotals, RunReport};

/// The greatest whole number that JavaScript counts to without a gap.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// The ledger of a run over the book, block by block. Its text, kept between blocks, lets a run that was interrupted go on; a
/// block that is run again must come to the same, and is counted once. Made by `scorer.reviewRun`.
#[napi]
pub struct ReviewRun {
    core: RefCell<pipeline::ReviewRun>,
}

impl ReviewRun {
    /// A new run, or the one that the text says.
    pub(crate) fn new(model: &Model, today: Date, json: Option<&str>) -> Result<Self, Fault> {
        let Some(json) = json else {
            return Ok(ReviewRun { core: RefCell::new(pipeline::ReviewRun::new(model.hash.clone(), today)) });
        };
        let core: pipeline::ReviewRun = plain::parse("json", json)?;
        same_model(core.artefact(), &model.hash, "scorer")?;
        if core.today() != today {
            let problem = Problem::new("the run is of another day", "pass the day with which it began, or begin it anew");
            return Err(Error::incompatible(problem.field("today")).into());
        }
        Ok(ReviewRun { core: RefCell::new(core) })
    }
}

fn same_model(run: &str, other: &str, field: &str) -> Result<(), Error> {
    let problem = || Problem::new("the run was begun with another model file", "use the file that it began with").field(field);
    if run == other { Ok(()) } else { Err(Error::incompatible(problem())) }
}

#[napi]
impl ReviewRun {
    /// Enters the reviews of a block, counted from 0; false when the block was there and came to the same. It is an error when
    /// it came to something else, or when the reviews are of another model.
    #[napi(catch_unwind, ts_args_type = "block: number, reviews: Reviews")]
    pub fn add(&self, env: Env, block: Unknown, reviews: Unknown) -> napi::Result<bool> {
        guard(env, || {
            let block = argument::count(block, "block", MAX_SAFE)? as u64;
            let reviews: ClassInstance<'_, Reviews> = argument::read(reviews, "reviews", "what scorer.reviewBatch gives")?;
            let mut core = self.core.borrow_mut();
            same_model(core.artefact(), &reviews.model().hash, "reviews")?;
            Ok(core.add(block, reviews.columns(), &reviews.model().scorer)? == Added::New)
        })
    }

    /// The least number that no block has: where an interrupted run goes on.
    #[napi(getter, catch_unwind)]
    pub fn next_block(&self, env: Env) -> napi::Result<f64> {
        guard(env, || Ok(self.core.borrow().next_block() as f64))
    }

    /// The totals of all blocks.
    #[napi(getter, catch_unwind)]
    pub fn totals(&self, env: Env) -> napi::Result<ReviewTotals> {
        guard(env, || Ok(self.core.borrow().totals()?.into()))
    }

    /// The ledger as text, for `scorer.reviewRun`.
    #[napi(catch_unwind)]
    pub fn to_json(&self, env: Env) -> napi::Result<String> {
        guard(env, || Ok(plain::text(&*self.core.borrow())?))
    }

    /// Closes the run: what it came to, if it may be written. It is an error when a block is missing, or when more tiers move
    /// than is allowed and nobody forces it.
    #[napi(catch_unwind, ts_args_type = "options?: CloseOptions")]
    pub fn close(&self, env: Env, options: Unknown) -> napi::Result<RunReport> {
        guard(env, || {
            let Close { max_downgraded, max_upgraded, forced_by } = Close::read(options)?;
            let breaker = match (max_downgraded, max_upgraded) {
                (None, None) => None,
                (down, up) => Some(Breaker { max_downgraded: down.unwrap_or(1.0), max_upgraded: up }),
            };
            Ok(self.core.borrow().close(breaker.as_ref(), forced_by.as_deref())?.into())
        })
    }
}

/// Options of closing a run.
#[derive(Default)]
struct Close {
    max_downgraded: Option<f64>,
    max_upgraded: Option<f64>,
    forced_by: Option<String>,
}

impl Close {
    fn read(options: Unknown<'_>) -> Result<Self, Fault> {
        let mut close = Close::default();
        argument::each_option(options, &["maxDowngraded", "maxUpgraded", "forcedBy"], |name, value| {
            if value.get_type()? == ValueType::Null {
                return Ok(());
            }
            match name {
                "maxDowngraded" => close.max_downgraded = Some(argument::read(value, name, "a share from 0 to 1")?),
                "maxUpgraded" => close.max_upgraded = Some(argument::read(value, name, "a share from 0 to 1")?),
                _ => close.forced_by = Some(argument::read(value, name, "the name of the operator as text")?),
            }
            Ok(())
        })?;
        Ok(close)
    }
}
