//! The stages together: what is asked ([`PipelineConfig`]), how it is learnt ([`Trainer`]), what was
//! fitted or decided ([`Pipeline`]) and how it runs ([`Scorer`]).

mod config;
mod fitted;

pub use config::{PipelineConfig, VariableReason};
pub use fitted::{Dropped, Pipeline, Reason, Sample, TierSummary, Training};
