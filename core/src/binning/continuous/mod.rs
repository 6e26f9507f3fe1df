//! Bins for a continuous target, such as LGD or a credit conversion factor.
//!
//! The bins explain as much of the target's variance as possible: the objective is the sum of squares between bins,
//! Σ weight · (mean of the bin − mean of all)², as a share of the sum of squares of all rows. It is what a least-squares
//! regression on the bins explains (R²). The value of a bin is convex and positively homogeneous in (weight, sum), so the
//! same exact search serves as for information value, with the same kind of certificate.
//!
//! **In an LGD model** the bins of a driver (loan-to-value, seniority, time in default) are segments, and the mean of a
//! bin is the segment's estimate: [`ContinuousBins::transform`] turns a column into these means, which can be used as they
//! are for one driver, or as the regressors of a model over several. A mean of few rows is uncertain: its standard error
//! is `std / √count`, which [`ContinuousConfig::min_count`] keeps in bounds.

mod bins;
mod config;
mod curve;
mod fit;
#[cfg(test)]
mod tests;

pub use bins::{ContinuousBin, ContinuousBins};
pub use config::{ContinuousConfig, MeanTrend};
pub use fit::{bin, bin_column};
