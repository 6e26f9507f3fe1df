//! Are the data fit for use: what each column holds, what is likely to be wrong with it, which columns know the outcome, and
//! what moved between two tables.
//!
//! A profile reads every cell once. What was seen merges exactly, so it depends neither on threads nor on how the rows are
//! cut into batches or ordered.
//!
//! ```
//! use scoreline::profile::{FindingKind, ProfileConfig, profile};
//! use scoreline::{Batch, Code, Column, Threads};
//! let months: Vec<f64> = (0..300).map(|i| if i % 10 == 0 { -999.0 } else { f64::from(i % 48) }).collect();
//! let batch = Batch::new(300).with("months_since_arrears", Column::numbers(months))?;
//! let found = profile(&[batch], &ProfileConfig::default(), Threads::All)?;
//! let code = found.findings.iter().find(|finding| matches!(finding.kind, FindingKind::SentinelCode { .. }));
//! let code = code.map(|finding| (finding.kind.clone(), finding.share));
//! assert_eq!(code, Some((FindingKind::SentinelCode { code: Code::Number(-999.0) }, 0.1)));
//! # Ok::<(), scoreline::Error>(())
//! ```

mod column;
mod compare;
mod conclude;
mod config;
mod distinct;
mod facts;
mod finding;
mod leakage;
mod quality;
mod report;
mod sentinel;
mod summary;
#[cfg(test)]
mod tests;

pub use compare::{ColumnDrift, Comparison, compare};
pub use config::{Expected, ProfileConfig};
pub use facts::{ColumnProfile, DayFacts, LevelFacts, LevelRows, NumberFacts, Profile, Tallied};
pub use finding::{Finding, FindingKind, Severity};
pub use summary::ProfileSummary;

use crate::data::Batch;
use crate::error::{Error, Problem, Result};
use crate::parallel::Threads;
use crate::stats::Summary;

/// The profile of a table in one or more batches of the same columns. The result depends neither on `threads` nor on the
/// order of batches, rows or columns.
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when a setting is out of range;
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) without a batch; [`InvalidData`](crate::ErrorCode::InvalidData)
/// when the target is absent, or missing or neither 0 nor 1 in a row; [`Incompatible`](crate::ErrorCode::Incompatible) when
/// the batches have different columns.
pub fn profile(batches: &[Batch<'_>], config: &ProfileConfig, threads: Threads) -> Result<Profile> {
    let mut all: Option<ProfileSummary> = None;
    let mut before = 0;
    for batch in batches {
        let seen = ProfileSummary::observe(batch, config, threads).map_err(|error| error.after_rows(before))?;
        before += batch.rows();
        match &mut all {
            Some(all) => all.merge(&seen)?,
            None => all = Some(seen),
        }
    }
    config.validate()?;
    let nothing = || Error::insufficient(Problem::new("there is no batch to look at", "pass at least one batch"));
    all.ok_or_else(nothing)?.profile()
}
