//! The one-sided CUSUM: small shifts that last.

use serde::{Deserialize, Serialize};

use crate::error::{Problems, Result};

/// The cumulative sum of a series above its reference (Page 1954): S₀ = 0, S_t = max(0, S_{t−1} + (x_t − μ)/σ − k), with an alarm
/// when S_t > h. A missing value leaves the sum as it is. For falling figures such as a salary, pass the negative series and mean.
///
/// ```
/// use scoreline::treatment::warning::Cusum;
/// let cusum = Cusum { mean: 10.0, sigma: 1.0, slack: 0.5, threshold: 5.0 };
/// let run = cusum.run(&[10.0, 12.0, 13.0, f64::NAN, 12.5])?;
/// assert_eq!(run.sums, [0.0, 1.5, 4.0, 4.0, 6.0]);
/// assert_eq!(run.first_alarm, Some(4));
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cusum {
    /// The reference level μ.
    pub mean: f64,
    /// The standard deviation σ of the series when nothing is wrong, above 0.
    pub sigma: f64,
    /// The slack k in standard deviations, 0 or more: half of the shift that is to be found; 0.5 is usual.
    pub slack: f64,
    /// The threshold h in standard deviations, above 0; 4 or 5 are usual.
    pub threshold: f64,
}

/// A series through a [`Cusum`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CusumRun {
    /// The sum after each period, in standard deviations.
    pub sums: Vec<f64>,
    /// The first period whose sum is above the threshold.
    pub first_alarm: Option<usize>,
}

impl Cusum {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(self.mean.is_finite(), "cusum.mean", "a finite number was expected", "give the usual level");
        for (field, value) in [("cusum.sigma", self.sigma), ("cusum.threshold", self.threshold)] {
            problems.require(value > 0.0 && value.is_finite(), field, "must be finite and above 0", "correct it");
        }
        let slack = self.slack >= 0.0 && self.slack.is_finite();
        problems.require(slack, "cusum.slack", "must be finite and at least 0", "use 0.5");
        problems.into_result()
    }

    /// The sum after a period, from the one before.
    #[must_use]
    pub fn step(&self, before: f64, value: f64) -> f64 {
        if value.is_finite() { (before + (value - self.mean) / self.sigma - self.slack).max(0.0) } else { before }
    }

    /// The sums of a series, oldest first.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`Cusum::validate`].
    pub fn run(&self, series: &[f64]) -> Result<CusumRun> {
        self.validate()?;
        let mut sum = 0.0;
        let sums: Vec<f64> = series
            .iter()
            .map(|value| {
                sum = self.step(sum, *value);
                sum
            })
            .collect();
        let first_alarm = sums.iter().position(|sum| *sum > self.threshold);
        Ok(CusumRun { sums, first_alarm })
    }
}
