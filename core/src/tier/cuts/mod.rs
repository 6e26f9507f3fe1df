//! Cuts of tiers, built from counted data.
//!
//! A PD or a score is counted by value ([`ValueCounts`](crate::stats::ValueCounts)); [`CutConfig::fit`] finds the cuts that
//! keep target event rates, that give shares of the rows, or that are best by an objective under rising event rates, least
//! sizes and a test between neighbours. The best ones are exact over the candidates: the programme that finds bins finds them.

mod config;
mod fit;
mod result;
mod search;
#[cfg(test)]
mod tests;

pub use config::{CutConfig, CutMethod, CutObjective, Orientation};
pub use result::{CutTier, TierCuts};
