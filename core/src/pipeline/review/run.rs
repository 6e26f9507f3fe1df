//! A run over the whole book, block by block, that can be taken up again where it stopped.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::batch::Reviews;
use super::totals::ReviewTotals;
use crate::data::{Date, hex};
use crate::error::{Error, Problem, Result};
use crate::pipeline::scorer::Scorer;
use crate::tier::{Breaker, BreakerOutcome};

/// The ledger of a run: what each block came to. Kept as JSON between blocks, it lets a run that was interrupted go on; a block
/// that is run again must come to the same, and is counted once.
///
/// ```
/// use scoreline::Date;
/// use scoreline::pipeline::ReviewRun;
/// let run = ReviewRun::new("0123…", Date::parse("2026-11-21")?);
/// let again: ReviewRun = serde_json::from_str(&serde_json::to_string(&run)?)?;
/// assert_eq!((again.next_block(), again), (0, run));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewRun {
    /// Hash of the artefact that the run uses.
    artefact: String,
    /// The day of the run.
    today: Date,
    /// By number.
    blocks: BTreeMap<u64, Block>,
    /// Blocks that were run again and came to the same.
    #[serde(default)]
    replayed: u64,
}

/// What a block came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Block {
    hash: String,
    totals: ReviewTotals,
}

/// Whether a block counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It was not there yet.
    New,
    /// It was there, and came to the same.
    Replayed,
}

/// A run that may be written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunReport {
    /// Hash of the artefact.
    pub artefact: String,
    /// The day of the run.
    pub today: Date,
    /// Number of blocks.
    pub blocks: u64,
    /// Blocks that were run again.
    pub replayed: u64,
    /// The totals of all blocks.
    pub totals: ReviewTotals,
    /// SHA-256, in hex, over the hashes of the blocks in the order of their numbers.
    pub hash: String,
    /// What the breaker says; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breaker: Option<BreakerOutcome>,
}

impl ReviewRun {
    /// A run without blocks, of the artefact with this hash, on a day.
    #[must_use]
    pub fn new(artefact: impl Into<String>, today: Date) -> Self {
        ReviewRun { artefact: artefact.into(), today, blocks: BTreeMap::new(), replayed: 0 }
    }

    /// The day of the run.
    #[must_use]
    pub const fn today(&self) -> Date {
        self.today
    }

    /// Hash of the artefact that the run uses.
    #[must_use]
    pub fn artefact(&self) -> &str {
        &self.artefact
    }

    /// The least number that no block has: where an interrupted run goes on.
    #[must_use]
    pub fn next_block(&self) -> u64 {
        (0..).zip(self.blocks.keys()).find(|(expected, number)| expected != *number).map_or(self.blocks.len() as u64, |(n, _)| n)
    }

    /// Enters the reviews of a block.
    ///
    /// # Errors
    /// [`Incompatible`](crate::ErrorCode::Incompatible) when the reviews are of another day than the run, and when the block was
    /// run before and came to something else;
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the sum of its limits is too large.
    pub fn add(&mut self, number: u64, reviews: &Reviews, scorer: &Scorer) -> Result<Added> {
        if reviews.as_of.is_some_and(|day| day != self.today) {
            let what = "the reviews are of another day than the run";
            return Err(Error::incompatible(Problem::new(what, "review the block on the day of the run").field("block")));
        }
        let block = Block { hash: reviews.hash(), totals: ReviewTotals::of(reviews, scorer)? };
        match self.blocks.get(&number) {
            None => {
                self.blocks.insert(number, block);
                Ok(Added::New)
            }
            Some(before) if *before == block => {
                self.replayed += 1;
                Ok(Added::Replayed)
            }
            Some(_) => {
                let what = format!("block {number} was run before and came to something else");
                let remedy = "run it on the same input, day and file, or begin the run anew";
                Err(Error::incompatible(Problem::new(what, remedy).field("block")))
            }
        }
    }

    /// The totals of all blocks.
    ///
    /// # Errors
    /// As [`ReviewTotals::merge`].
    pub fn totals(&self) -> Result<ReviewTotals> {
        let mut totals = ReviewTotals::default();
        self.blocks.values().try_for_each(|block| totals.merge(&block.totals))?;
        Ok(totals)
    }

    /// Closes the run: what it came to, if it may be written. `forced_by` names the operator who lets it be written whatever
    /// moves.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when a block is missing, or when the breaker trips and nobody forces it:
    /// nothing may be written then; others as [`Breaker::check`].
    pub fn close(&self, breaker: Option<&Breaker>, forced_by: Option<&str>) -> Result<RunReport> {
        let blocks = self.blocks.len() as u64;
        if self.next_block() != blocks {
            let what = format!("block {} is missing", self.next_block());
            return Err(Error::data(Problem::new(what, "run every block before the run is closed").field("block")));
        }
        let totals = self.totals()?;
        let breaker = breaker.map(|breaker| breaker.check(&totals.migration()?, forced_by)).transpose()?;
        let hash = self.blocks.values().fold(Sha256::new(), |hasher, block| hasher.chain_update(block.hash.as_bytes()));
        Ok(RunReport {
            artefact: self.artefact.clone(),
            today: self.today,
            blocks,
            replayed: self.replayed,
            totals,
            hash: hex(&hash.finalize()),
            breaker,
        })
    }
}
