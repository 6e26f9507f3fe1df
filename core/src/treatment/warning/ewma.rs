//! The exponentially weighted moving average: shifts that are small and last, on the scale of the figure itself.

use serde::{Deserialize, Serialize};

use crate::error::{Problems, Result};

/// The exponentially weighted moving average of a series with its control limits (Roberts 1959): z₀ = μ,
/// z_t = λ x_t + (1 − λ) z_{t−1}, with limits μ ± L σ √(λ / (2 − λ) · (1 − (1 − λ)^{2t})), which widen with the number t of values
/// seen and soon stand still (Lucas and Saccucci 1990). A missing value leaves average and limits as they are.
///
/// ```
/// use scoreline::treatment::warning::Ewma;
/// let ewma = Ewma { mean: 10.0, sigma: 1.0, weight: 0.5, width: 3.0 };
/// let run = ewma.run(&[10.0, 12.0, f64::NAN, 14.0])?;
/// assert_eq!(run.averages, [10.0, 11.0, 11.0, 12.5]);
/// assert_eq!((run.upper[0], run.first_above, run.first_below), (11.5, Some(3), None));
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ewma {
    /// The reference level μ, where the average begins.
    pub mean: f64,
    /// The standard deviation σ of the series when nothing is wrong, above 0.
    pub sigma: f64,
    /// The weight λ of the newest value, above 0 up to 1; 0.05 to 0.3 are usual, the smaller the smaller the shift to be found.
    pub weight: f64,
    /// The width L of the limits in standard deviations of the average, above 0; 2.7 to 3 are usual.
    pub width: f64,
}

/// A series through an [`Ewma`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EwmaRun {
    /// The average after each period.
    pub averages: Vec<f64>,
    /// The lower limit in each period.
    pub lower: Vec<f64>,
    /// The upper limit in each period.
    pub upper: Vec<f64>,
    /// The first period whose average is above its upper limit.
    pub first_above: Option<usize>,
    /// The first period whose average is below its lower limit.
    pub first_below: Option<usize>,
}

impl Ewma {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(self.mean.is_finite(), "ewma.mean", "a finite number was expected", "give the usual level");
        for (field, value) in [("ewma.sigma", self.sigma), ("ewma.width", self.width)] {
            problems.require(value > 0.0 && value.is_finite(), field, "must be finite and above 0", "correct it");
        }
        let weight = self.weight > 0.0 && self.weight <= 1.0;
        problems.require(weight, "ewma.weight", "must lie above 0 and not above 1", "use for example 0.2");
        problems.into_result()
    }

    /// The averages of a series with their limits, oldest first.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`Ewma::validate`].
    pub fn run(&self, series: &[f64]) -> Result<EwmaRun> {
        self.validate()?;
        let kept = 1.0 - self.weight;
        // (1 − λ)^{2t}, and the average, after t values.
        let (mut faded, mut average) = (1.0, self.mean);
        let (mut averages, mut lower, mut upper) = (Vec::new(), Vec::new(), Vec::new());
        for value in series {
            if value.is_finite() {
                average = self.weight * value + kept * average;
                faded *= kept * kept;
            }
            let half = self.width * self.sigma * (self.weight / (2.0 - self.weight) * (1.0 - faded)).sqrt();
            averages.push(average);
            lower.push(self.mean - half);
            upper.push(self.mean + half);
        }
        let first_above = averages.iter().zip(&upper).position(|(average, upper)| average > upper);
        let first_below = averages.iter().zip(&lower).position(|(average, lower)| average < lower);
        Ok(EwmaRun { averages, lower, upper, first_above, first_below })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.4: λ = 0.3, EWMA₀ = 50, s = 2.0539, limits of the steady state.
    #[test]
    fn the_example_of_the_handbook() {
        let series = [
            52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6,
            52.1,
        ];
        let published = [
            50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33, 50.11, 49.36, 49.52, 50.05, 49.38, 49.92,
            50.73, 51.23, 51.94, 51.99,
        ];
        let run = Ewma { mean: 50.0, sigma: 2.0539, weight: 0.3, width: 3.0 }.run(&series).unwrap();
        for (at, (average, published)) in run.averages.iter().zip(published).enumerate() {
            assert!((average - published).abs() < 5.1e-3, "{at} {average}");
        }
        assert!((run.upper[19] - 52.5884).abs() < 1e-4 && (run.lower[19] - 47.4115).abs() < 1.1e-4);
        assert_eq!((run.first_above, run.first_below), (None, None));
    }

    /// Montgomery, Introduction to Statistical Quality Control, the example of an EWMA chart with λ = 0.1 and L = 2.7 over the data
    /// of his tabular CUSUM; its limits vary with time.
    #[test]
    fn limits_that_widen() {
        let file: serde_json::Value = serde_json::from_str(include_str!("../../../../tests/golden/tiering.json")).unwrap();
        let case = file["cases"].as_array().unwrap().iter().find(|case| case["id"] == "cusum_montgomery").unwrap();
        let series: Vec<f64> = serde_json::from_value(case["inputs"]["values"].clone()).unwrap();
        let run = Ewma { mean: 10.0, sigma: 1.0, weight: 0.1, width: 2.7 }.run(&series).unwrap();
        for (at, average) in [(0, 9.945), (1, 9.7495), (2, 9.70355), (3, 9.8992), (4, 10.1253), (28, 10.6468), (29, 10.6341)] {
            assert!((run.averages[at] - average).abs() < 5.1e-5, "{at} {}", run.averages[at]);
        }
        for (at, upper) in [(0, 10.27), (1, 10.36), (29, 10.62)] {
            assert!((run.upper[at] - upper).abs() < 5.1e-3 && (run.lower[at] - (20.0 - upper)).abs() < 5.1e-3, "{at}");
        }
        assert_eq!((run.first_above, run.first_below), (Some(28), None));
        let mirrored: Vec<f64> = series.iter().map(|value| 20.0 - value).collect();
        let run = Ewma { mean: 10.0, sigma: 1.0, weight: 0.1, width: 2.7 }.run(&mirrored).unwrap();
        assert_eq!((run.first_above, run.first_below), (None, Some(28)));
    }

    #[test]
    fn missing_values_change_nothing_and_every_problem_is_listed() {
        let ewma = Ewma { mean: 0.0, sigma: 1.0, weight: 0.25, width: 3.0 };
        let (whole, gaps) = (ewma.run(&[1.0, 2.0]).unwrap(), ewma.run(&[f64::NAN, 1.0, f64::INFINITY, 2.0]).unwrap());
        assert_eq!((gaps.averages[0], gaps.upper[0], gaps.first_above), (0.0, 0.0, None));
        assert_eq!((gaps.averages[3], gaps.upper[3]), (whole.averages[1], whole.upper[1]));
        // All weight on the newest value: Shewhart's chart.
        let shewhart = Ewma { weight: 1.0, ..ewma }.run(&[1.0, -3.5]).unwrap();
        assert_eq!((shewhart.averages, shewhart.upper, shewhart.first_below), (vec![1.0, -3.5], vec![3.0, 3.0], Some(1)));
        let bad = Ewma { mean: f64::NAN, sigma: 0.0, weight: 1.5, width: f64::INFINITY };
        assert_eq!(bad.run(&[]).unwrap_err().problems().len(), 4);
    }
}
