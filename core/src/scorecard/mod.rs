//! Stage 6, points: the scale, the points of each bin, and the reasons that follow from them.

mod card;
mod scaling;

pub use card::{CardVariable, Scorecard};
pub use scaling::{PdFrom, Rounding, Scaling};
