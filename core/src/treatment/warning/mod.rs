//! Early warning: indicators on the history of an entity, levels of severity with their responses, thresholds tuned to
//! capacity or cost, and what alerts cost those who answer them.
//!
//! Series of an entity ([`change`], [`relative_change`], [`peer_scores`], [`Cusum`], [`Ewma`]) become fields of a record; the
//! indicators of a [`WarningPolicy`] are conditions over fields, add up to a severity, and reach a level. Where a single figure
//! ranks the entities instead, [`TuneConfig::tune`] finds the threshold from the past only and says what it would have caught.
//! [`FatigueReport`] says how often the same ones come back, and for nothing. [`SignalPack`] holds samples to begin with.

mod cusum;
mod ewma;
mod fatigue;
mod pack;
mod policy;
mod record;
mod report;
mod series;
mod table;
#[cfg(test)]
mod tests;
mod tune;

pub use cusum::{Cusum, CusumRun};
pub use ewma::{Ewma, EwmaRun};
pub use fatigue::{AlertCount, FatigueReport};
pub use pack::{SignalCase, SignalPack, SignalSource};
pub use policy::{Indicator, WarningPolicy, WarningResponse};
pub use record::WarningRecord;
pub use report::{AlertRate, LeadTime, PeriodAlerts, TuneReport, TunedRun};
pub use series::{change, level, peer_scores, relative_change};
pub use table::{WarningResult, WarningRules, WarningTable};
pub use tune::{TuneConfig, TuneRule};
