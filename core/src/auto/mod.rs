//! One call that searches for the best card within a budget, without looking at the rows kept for testing, and says why
//! every other configuration lost.

mod choose;
mod config;
mod folds;
mod leaderboard;
mod search;
mod space;
#[cfg(test)]
mod tests;
mod trial;

pub use config::{AutoConfig, Budget, CELLS_PER_SECOND, Prefer};
pub use leaderboard::{FoldScore, Leaderboard, Status, Trial};
pub use search::{Search, search};
