//! Stage 5, log-odds: logistic regression of the event on the WoE of each variable, and expert cards beside it.

mod expert;
mod information;
mod logistic;
mod newton;

pub use expert::{
    Anchor, Blend, Curve, CurvePoint, ExpertCard, ExpertTable, Explained, Factor, FactorScore, MissingFactor, Sensitivity,
    WeightChange,
};
pub(crate) use expert::{MAX_FACTORS, Mixture};
pub use information::{BLOCK, BlockInput, Information};
pub use logistic::{Coefficient, Logistic};
pub(crate) use newton::{MAX_VARIABLES, round_significant};
pub use newton::{ModelConfig, Newton};
