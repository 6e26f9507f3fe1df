//! The whole book: expected credit losses, the state of the economy, stress forwards and backwards, and the repricing gap.

mod conditioning;
mod ecl;
mod gap;
mod stress;
#[cfg(test)]
mod tests;
mod vintage;

pub use conditioning::{FittedState, conditional_matrix, conditional_pd, fit_state, state_of};
pub use ecl::{
    EclBook, EclExposure, EclPolicy, EclReport, EclResult, EclScenario, EclTerms, EclTotals, ExposureLoss, ProvisionBucket,
    ScenarioLoss, ScenarioTotal, Stage, StageReason, StageTotal, StagingPolicy, StagingResult, provision_matrix, weighted_loss,
};
pub use gap::{GapReport, GapRow, RateShift, RepricingBucket, repricing_gap};
pub use stress::{BookFigures, PdShock, ReverseStress, Shock, StressPolicy, StressReport, StressedExposure};
pub use vintage::{VintageConfig, VintageCount, VintageRow, vintages};
