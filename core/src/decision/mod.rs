//! Stage 10, approve, refer or decline: the worst of all causes wins. Beside it who may decide, and the record of decisions.

mod authority;
mod decide;
mod policy;
mod record;

pub use authority::{Case, Ladder, Rung};
pub use decide::{Cause, DecisionTable, MAX_REASONS, Reasons, Stages, Verdict};
pub use policy::{DecisionPolicy, Outcome, PolicyRule};
pub use record::{Chain, DecisionRecord, Entry, RecordKind, verify};
