//! Stage 3, what is computed: fields derived from the inputs by expressions; ratios and scores of companies.

pub mod corporate;
mod derived;

pub(crate) use derived::{EXPERT_SCORE, MAX_FEATURES, RESERVED};
pub use derived::{Feature, FeaturePlan, ProtectedUse};
