//! Stage 5, log-odds: logistic regression of the event on the WoE of each variable, and from its log-odds to a PD.

mod calibration;
#[cfg(test)]
mod golden;
mod information;
mod logistic;
mod low_default;
mod newton;
mod reject;
mod small_bank;

pub use calibration::{
    Calibration, CalibrationConfig, CalibrationMethod, Knot, Level, Margin, MarginCategory, MarginConfig, MarginSize, Step,
    UpperBound, central_tendency_shift, estimate_prior, isotonic_step, platt_step, prior_shift,
};
pub use information::{BLOCK, BlockInput, Information};
pub use logistic::{Coefficient, Logistic};
pub use low_default::{GradeCounts, LowDefaultConfig, LowDefaultMethod};
pub(crate) use newton::{MAX_VARIABLES, round_significant};
pub use newton::{ModelConfig, Newton};
pub use reject::{RejectBand, RejectEstimate, RejectMethod, ScoreBand, reject_band};
pub use small_bank::{
    AucInterval, CoefficientPrior, Interval, SampleSize, ShrunkenWoe, SmallBankConfig, add_prior, auc_interval, pd_interval,
    shrinkage_strength, shrunken_woe,
};
