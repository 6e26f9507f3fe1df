//! From log-odds to PD: a calibration is a list of steps, stored as plain data.

mod config;
mod level;
mod margin;
mod platt;
mod steps;
#[cfg(test)]
mod tests;

pub use config::{CalibrationConfig, CalibrationLevel, CalibrationMethod, MarginConfig, MarginSize};
pub use level::{central_tendency_shift, estimate_prior, prior_shift};
pub use margin::{MarginCategory, UpperBound};
pub use platt::{isotonic_step, platt_step};
pub use steps::{Calibration, CalibrationStep, Knot, Margin};
