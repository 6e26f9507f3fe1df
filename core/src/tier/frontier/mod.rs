//! The frontier of hysteresis: histories of a book replayed under many settings, flip-flops against delay.
//!
//! rows → histories by entity → every setting through [`TierTable::retier`](super::TierTable::retier) → counts → which settings no
//! other one beats. Everything counted is an integer, so neither the order of the rows nor the number of threads matters.

mod config;
mod history;
mod replay;
mod report;
mod tally;

pub use config::{FrontierConfig, FrontierGrid, Setting};
pub use history::HistoryRow;
pub use report::{FrontierReport, HistorySummary, PeriodMigration, SettingFigures, TierOutcomes};

#[cfg(test)]
mod tests;
