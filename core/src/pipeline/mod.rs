//! The stages together: what is asked ([`PipelineConfig`]), how it is learnt ([`Trainer`]), what was
//! fitted or decided ([`Pipeline`]) and how it runs ([`Scorer`]).

mod answer;
mod assemble;
mod batch;
mod blocks;
mod card;
mod cards;
mod columns;
mod config;
mod counterfactual;
mod expert;
mod expert_scores;
mod explain;
mod fitted;
mod grading;
mod learner;
mod learning;
mod minimal;
mod offset;
mod pair;
mod pass;
mod playbook;
mod policies;
mod prices;
mod reasons;
mod record;
mod recorded;
mod review;
mod rule_bits;
#[cfg(test)]
mod samples;
mod score_reasons;
mod scorer;
mod summary;
mod trainer;
mod verdict;
mod woe;

pub use answer::{Answer, Decision};
pub use columns::{Decisions, NO_MONEY, NONE, Scores};
pub(crate) use config::describe;
pub use config::{PeriodConfig, PeriodUnit, PipelineConfig, SegmentConfig, VariableReason};
pub use counterfactual::{
    AllowedChange, Change, Counterfactual, CounterfactualConfig, Counterfactuals, Move, ProposedValue, Target,
};
pub use expert::Expert;
pub use explain::{Contribution, Explanation, PairContribution};
pub use fitted::{CardParts, Pipeline, Reason, Sample, Screened, Segment, TierSummary, Training};
pub use minimal::{FieldUse, Purpose};
pub use pass::Pass;
pub use playbook::{DryRun, Offers, Playbook};
pub use recorded::Occasion;
pub use review::{Accounts, Added, NO_ACTION, NO_DAY, Review, ReviewAnswer, ReviewRun, ReviewTotals, Reviews, RunReport};
pub use scorer::Scorer;
pub use summary::PassSummary;
pub use trainer::{Trainer, fit};
