//! Early warning: indicators on the history of an entity, levels of severity with their responses, and thresholds tuned to
//! capacity or cost.
//!
//! Series of an entity ([`change`], [`relative_change`], [`peer_scores`], [`Cusum`]) become fields of a record; the indicators of
//! a [`WarningPolicy`] are conditions over fields, add up to a severity, and reach a level. Where a single figure ranks the
//! entities instead, [`TuneConfig::tune`] finds the threshold from the past only and says what it would have caught.

mod cusum;
mod policy;
mod series;
mod table;
#[cfg(test)]
mod tests;
mod tune;

pub use cusum::{Cusum, CusumRun};
pub use policy::{Indicator, WarningPolicy, WarningResponse};
pub use series::{change, level, peer_scores, relative_change};
pub use table::{WarningResult, WarningRules, WarningTable};
pub use tune::{AlertRate, LeadTime, PeriodAlerts, TuneConfig, TuneReport, TuneRule, TunedRun, WarningRecord};
