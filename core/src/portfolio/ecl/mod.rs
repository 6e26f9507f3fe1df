//! Expected credit losses under IFRS 9: stages, losses over twelve months and over the life, scenarios, whole books.

mod book;
mod exposure;
mod loss;
mod staging;
#[cfg(test)]
mod tests;

pub use book::{EclBook, EclReport, EclTotals, ScenarioTotal, StageTotal};
pub use exposure::{EclExposure, EclPolicy, EclScenario, ExposureLoss};
pub use loss::{EclResult, EclTerms, ProvisionBucket, ScenarioLoss, provision_matrix, weighted_loss};
pub use staging::{Stage, StageReason, StagingPolicy, StagingResult};
