//! Stage 3, what is computed: fields derived from the inputs by expressions; features over dated events; figures of side
//! tables as they were known on a day; figures of behaviour (shared contacts, stability and season of flows, tags that last, needs
//! for money); ratios and scores of companies; inputs of rules against fraud.

pub mod as_of;
mod computed;
pub mod corporate;
mod derived;
pub mod fraud;
pub mod links;
mod month;
pub mod needs;
pub mod stability;
pub mod tags;
pub mod window;

pub(crate) use computed::declared;
pub(crate) use derived::{EXPERT_SCORE, MAX_FEATURES, RESERVED, WARNING_LEVEL};
pub use derived::{Feature, FeaturePlan, ProtectedUse};
pub use month::{MAX_AMOUNT, MAX_MONTHS, Month, MonthlySeries};
