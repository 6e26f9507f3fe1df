//! Stage 5, log-odds: logistic regression of the event on the WoE of each variable, which variables enter it, boosted
//! cards, and expert cards beside them; from log-odds to PDs ([`Calibration`]), also with few defaults ([`LowDefaultConfig`]),
//! few cases ([`SmallBankConfig`]) or rejected applicants ([`RejectMethod`]).
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
mod calibration;
mod card_model;
mod config;
mod expert;
#[cfg(test)]
mod golden;
mod inference;
mod information;
mod kernel;
mod logistic;
mod low_default;
mod newton;
mod quadratic;
mod reject;
mod selection;
mod small_bank;
mod trouble;

pub(crate) use boost::MAX_GROUPS;
pub use boost::{Axis, BoostConfig, Boosted, HeldOut, Order, PairTable, Table, boost, fine_split};
pub use calibration::{
    Calibration, CalibrationConfig, CalibrationLevel, CalibrationMethod, CalibrationStep, Knot, Margin, MarginCategory,
    MarginConfig, MarginSize, UpperBound, central_tendency_shift, estimate_prior, isotonic_step, platt_step, prior_shift,
};
pub use card_model::Model;
pub use config::{Action, Criterion, Direction, MAX_VARIABLES, Method, ModelConfig, Penalty, SelectionConfig};
pub use expert::{
    Anchor, Blend, Curve, CurvePoint, ExpertCard, ExpertTable, Explained, Factor, FactorScore, MissingFactor, Sensitivity,
    WeightChange,
};
pub(crate) use expert::{MAX_FACTORS, Mixture};
pub use inference::Test;
pub use information::{BLOCK, BlockInput, Information};
pub use logistic::{Coefficient, Logistic};
pub use low_default::{GradeCounts, LowDefaultConfig, LowDefaultMethod};
pub(crate) use newton::round_significant;
pub use newton::{Newton, Progress};
pub use quadratic::{Optimum, Quadratic};
pub use reject::{RejectBand, RejectEstimate, RejectMethod, ScoreBand, reject_band};
pub use selection::{Finding, PenaltyPoint, Screening, Selected, Stage, Step, penalised, screen_iv, screen_redundant, select};
pub use small_bank::{
    AucInterval, CoefficientPrior, Interval, SampleSize, ShrunkenWoe, SmallBankConfig, add_prior, auc_interval, pd_interval,
    shrinkage_strength, shrunken_woe,
};
pub use trouble::refuse_separation;
