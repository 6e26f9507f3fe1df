//! Stage 6, points: the scale, the points of each bin, what a card says about itself, and what its reasons are
//! measured by.

mod card;
mod facts;
mod reasons;
mod scaling;
#[cfg(test)]
mod tests;

pub use card::{CardPair, CardVariable, Scorecard};
pub use facts::{CardFacts, RoundingBound, VariableFacts};
pub use reasons::{PointsSide, ReasonMethod, ReasonPolicy, rank_reasons};
pub(crate) use reasons::{is_reason, rank_key, rank_place};
pub use scaling::{PdFrom, Rounding, Scaling};
