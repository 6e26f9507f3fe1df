//! Expert cards: what people know, as weights and value curves. A card gives 0 to 100 points from named factors, says
//! what it did not know, and can be mixed with a statistical card on the log-odds scale.

mod blend;
mod card;
mod curve;
mod sensitivity;
mod table;

#[cfg(test)]
mod tests;

pub(crate) use blend::Mixture;
pub use blend::{Anchor, Blend};
pub use card::{ExpertCard, Factor, MissingFactor};
pub use curve::{Curve, CurvePoint};
pub use sensitivity::{Sensitivity, WeightChange};
pub(crate) use table::MAX_FACTORS;
pub use table::{ExpertTable, Explained, FactorScore};
