//! Stage 5, log-odds: logistic regression of the event on the WoE of each variable, which variables enter it, boosted
//! cards, and expert cards beside them.
//!
//! | step | call | passes over the data |
//! |---|---|---|
//! | separation by one variable | [`refuse_separation`] | none: the bins tell |
//! | information value, forced variables | [`screen_iv`] | none: the bins tell |
//! | null model, where asked for | [`Newton::from_null`] → [`Progress::Null`] | 1 (more with an offset) |
//! | correlation, variance inflation | [`screen_redundant`] on it, then [`Newton::restrict`] | none |
//! | fit | [`Newton::advance`] → [`Progress::Fitted`] | 3 to 5, and a few over a sample |
//! | folds, where [`SelectionConfig::folds`] asks for them | [`Quadratic::new`] for each at the optimum | 1 |
//! | method, length, signs | [`select`], then [`Newton::restrict`] | none |
//! | fit again when a variable left | [`Newton::advance`] | 3 or 4 |
//!
//! Each [`Finding`] of these steps is a line of the funnel.

mod boost;
mod config;
mod expert;
mod inference;
mod information;
mod kernel;
mod logistic;
mod newton;
mod quadratic;
mod selection;
mod trouble;

pub use boost::{Axis, BoostConfig, Boosted, HeldOut, Order, PairTable, Table, boost};
pub use config::{Action, Criterion, Direction, MAX_VARIABLES, Method, ModelConfig, Penalty, SelectionConfig};
pub use expert::{
    Anchor, Blend, Curve, CurvePoint, ExpertCard, ExpertTable, Explained, Factor, FactorScore, MissingFactor, Sensitivity,
    WeightChange,
};
pub(crate) use expert::{MAX_FACTORS, Mixture};
pub use information::{BLOCK, BlockInput, Information};
pub use logistic::{Coefficient, Logistic};
pub(crate) use newton::round_significant;
pub use newton::{Newton, Progress};
pub use quadratic::{Optimum, Quadratic};
pub use selection::{Finding, PenaltyPoint, Screening, Selected, Stage, Step, penalised, screen_iv, screen_redundant, select};
pub use trouble::refuse_separation;
