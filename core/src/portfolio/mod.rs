//! The whole book: expected credit losses, the state of the economy, and stress forwards and backwards.

mod conditioning;
mod ecl;
mod stress;
#[cfg(test)]
mod tests;
mod vintage;

pub use conditioning::{FittedState, conditional_matrix, conditional_pd, fit_state, state_of};
pub use ecl::{
    EclResult, EclTerms, ProvisionBucket, ScenarioLoss, Stage, StageReason, StagingPolicy, StagingResult, provision_matrix,
    weighted_loss,
};
pub use stress::{BookFigures, PdShock, ReverseStress, Shock, StressPolicy, StressReport, StressedExposure};
pub use vintage::{VintageConfig, VintageCount, VintageRow, vintages};
