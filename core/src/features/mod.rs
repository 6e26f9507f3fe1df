//! Stage 3, what is computed: fields derived from the inputs by expressions; features over dated events; ratios and scores
//! of companies.

pub mod corporate;
mod derived;
pub mod window;

pub(crate) use derived::{EXPERT_SCORE, MAX_FEATURES, RESERVED};
pub use derived::{Feature, FeaturePlan, ProtectedUse};
