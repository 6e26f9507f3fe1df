//! Stage 10, approve, refer or decline: the worst of all causes wins.

mod decide;
mod policy;

pub use decide::{Cause, DecisionTable, MAX_REASONS, Reasons, Stages, Verdict};
pub use policy::{DecisionPolicy, Outcome, PolicyRule};
