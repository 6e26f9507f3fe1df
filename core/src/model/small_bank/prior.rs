//! What experts expect of the coefficients.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A normal distribution of a coefficient before the data are seen.
///
/// A sound coefficient of a weight of evidence is near −1. The default, −1 ± 0.5, calls a wrong sign a two-sigma event.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoefficientPrior {
    /// Expected value.
    pub mean: f64,
    /// Standard deviation, above 0: how sure the expectation is.
    pub sd: f64,
}

impl Default for CoefficientPrior {
    fn default() -> Self {
        CoefficientPrior { mean: -1.0, sd: 0.5 }
    }
}

/// Adds the logarithm of the prior's density (without its constant), its gradient and its information to the sums of one
/// Newton pass at `beta` (intercept first; it has no prior), in the layout of [`Information`](crate::model::Information).
///
/// It belongs to the passes of the fit, not to that of the null model, whose correlations it would change.
/// The iteration then ends at the posterior mode, and the inverse information holds posterior variances. Returns what was
/// added to the log-likelihood, for reports of the likelihood alone.
///
/// # Errors
/// [`Internal`](crate::ErrorCode::Internal) when the lengths of the three do not belong together.
pub fn add_prior(sums: &mut [f64], beta: &[f64], priors: &[CoefficientPrior]) -> Result<f64> {
    let p = beta.len();
    if priors.len() + 1 != p || sums.len() != crate::model::Information::width(priors.len()) {
        return Err(Error::internal("a prior does not belong to the sums of its pass"));
    }
    let mut density = 0.0;
    let mut diagonal = 2 + p;
    for (j, (beta, prior)) in beta.iter().skip(1).zip(priors).enumerate() {
        let precision = 1.0 / (prior.sd * prior.sd);
        let miss = beta - prior.mean;
        density -= 0.5 * precision * miss * miss;
        // Rows of the upper triangle hold p, p − 1, … entries; each begins with its diagonal.
        diagonal += p - j;
        if let Some(gradient) = sums.get_mut(3 + j) {
            *gradient -= precision * miss;
        }
        if let Some(information) = sums.get_mut(diagonal) {
            *information += precision;
        }
    }
    if let Some(log_likelihood) = sums.get_mut(1) {
        *log_likelihood += density;
    }
    Ok(density)
}
