//! Stage 9, how much: the limit as the least of named candidates, and how the limits of accounts rise and fall.

mod line;
mod policy;

pub use line::{Decrease, Increase, Line, LineBinding, LineChange, LinePolicy, LineResult};
pub use policy::{Limit, LimitCandidate, LimitPolicy, LimitRule};
