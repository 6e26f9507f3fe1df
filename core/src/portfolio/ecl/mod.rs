//! Expected credit losses under IFRS 9: stages, losses over twelve months and over the life, scenarios.

mod loss;
mod staging;

pub use loss::{EclResult, EclTerms, ProvisionBucket, ScenarioLoss, provision_matrix, weighted_loss};
pub use staging::{Stage, StageReason, StagingPolicy, StagingResult};
