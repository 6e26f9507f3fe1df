//! Stage 9, how much: the limit as the least of named candidates.

mod policy;

pub use policy::{Limit, LimitCandidate, LimitPolicy, LimitRule};
