//! The stages together: what is asked ([`PipelineConfig`]), how it is learnt ([`Trainer`]), what was
//! fitted or decided ([`Pipeline`]) and how it runs ([`Scorer`]).

mod answer;
mod batch;
mod blocks;
mod card;
mod columns;
mod config;
mod counterfactual;
mod explain;
mod fitted;
mod pass;
mod policies;
mod prices;
mod reasons;
#[cfg(test)]
mod samples;
mod scorer;
mod summary;
mod trainer;
mod verdict;

pub use answer::{Answer, Decision};
pub use columns::{Decisions, NO_MONEY, NONE, Scores};
pub(crate) use config::describe;
pub use config::{PipelineConfig, VariableReason};
pub use counterfactual::{
    AllowedChange, Change, Counterfactual, CounterfactualConfig, Counterfactuals, Move, ProposedValue, Target,
};
pub use explain::{Contribution, Explanation};
pub use fitted::{Dropped, Pipeline, Reason, Sample, TierSummary, Training};
pub use pass::Pass;
pub use scorer::Scorer;
pub use summary::PassSummary;
pub use trainer::{Trainer, fit};
