//! What the estimates are worth: tests, intervals, information criteria.

use super::logistic::{Coefficient, Logistic};
use crate::math::{ln, norm_cdf, norm_inv};

impl Coefficient {
    /// Wald statistic: estimate over standard error, standard normal when the coefficient is 0.
    #[must_use]
    pub fn z(&self) -> f64 {
        self.value / self.standard_error
    }

    /// Two-sided p-value of [`z`](Self::z). Its square is also what leaving the variable out costs in twice the
    /// log-likelihood, by the quadratic approximation (see [`Quadratic`](super::Quadratic)).
    #[must_use]
    pub fn p_value(&self) -> f64 {
        two_sided(self.z())
    }

    /// Confidence interval by the normal approximation: estimate ± quantile · standard error. `level` lies between 0 and
    /// 1, for example 0.95; NaN outside.
    #[must_use]
    pub fn interval(&self, level: f64) -> (f64, f64) {
        let reach = norm_inv((1.0 + level) / 2.0) * self.standard_error;
        (self.value - reach, self.value + reach)
    }
}

/// Inference of the whole model.
///
/// ```
/// # let coefficient = |name: &str, value, standard_error| scoreline::model::Coefficient { variable: name.into(), value, standard_error };
/// # let model = scoreline::model::Logistic {
/// #     intercept: coefficient("intercept", -0.85, 0.11), coefficients: vec![coefficient("age", -1.02, 0.19)],
/// #     log_likelihood: -350.0, null_log_likelihood: -365.0, iterations: 5, rows: 600.0, events: 180.0,
/// # };
/// // A model of one variable on 600 rows: log-likelihood −350, against −365 of the intercept alone.
/// assert_eq!(model.aic(), 704.0);
/// assert!((model.mcfadden() - 15.0 / 365.0).abs() < 1e-15);
/// assert!(model.coefficients[0].interval(0.95).1 < 0.0);
/// ```
impl Logistic {
    /// Akaike's information criterion: 2·parameters − 2·log-likelihood.
    #[must_use]
    pub fn aic(&self) -> f64 {
        2.0 * self.parameters() - 2.0 * self.log_likelihood
    }

    /// Schwarz's information criterion: ln(weight of the rows)·parameters − 2·log-likelihood.
    #[must_use]
    pub fn bic(&self) -> f64 {
        ln(self.rows) * self.parameters() - 2.0 * self.log_likelihood
    }

    /// McFadden's R²: 1 − log-likelihood / log-likelihood of the intercept alone.
    #[must_use]
    pub fn mcfadden(&self) -> f64 {
        1.0 - self.log_likelihood / self.null_log_likelihood
    }

    fn parameters(&self) -> f64 {
        self.coefficients.len() as f64 + 1.0
    }
}

/// Probability that a standard normal variable is further from 0 than `z`.
pub(super) fn two_sided(z: f64) -> f64 {
    2.0 * norm_cdf(-z.abs())
}
