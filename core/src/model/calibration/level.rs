//! The level of the PDs: a shift of all log-odds to another prior or to a long-run average.

use crate::error::{Error, Problem, Result};
use crate::math::{find_root, logistic, logit};

/// What is added to log-odds learnt where the share of events is `from`, for a population where it is `to`: logit to −
/// logit from. Valid when only the prior differs, not the classes themselves.
///
/// Source: Elkan (2001), theorem 2; Saerens, Latinne & Decaestecker (2002). They are the same function.
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) unless both lie strictly between 0 and 1.
pub fn prior_shift(from: f64, to: f64) -> Result<f64> {
    if inside(from) && inside(to) { Ok(logit(to) - logit(from)) } else { Err(not_a_share("calibration.level")) }
}

/// What is added to all log-odds so that the weighted mean PD is `target` (the central tendency).
///
/// `risks` are (log-odds of the event, weight).
///
/// ```
/// use scoreline::math::{logistic, logit};
/// let shift = scoreline::model::central_tendency_shift(&[(logit(0.01), 3.0), (logit(0.05), 1.0)], 0.03)?;
/// let mean = (3.0 * logistic(logit(0.01) + shift) + logistic(logit(0.05) + shift)) / 4.0;
/// assert!((mean - 0.03).abs() < 1e-15);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) unless the target lies strictly between 0 and 1;
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) when no shift reaches it: no weight, or PDs fixed at 0 or 1.
pub fn central_tendency_shift(risks: &[(f64, f64)], target: f64) -> Result<f64> {
    if !inside(target) {
        return Err(not_a_share("calibration.level.rate"));
    }
    let weight: f64 = risks.iter().map(|risk| risk.1).sum();
    let movable = || risks.iter().filter(|risk| risk.0.is_finite() && risk.1 > 0.0).map(|risk| risk.0);
    let (least, most) = (movable().fold(f64::INFINITY, f64::min), movable().fold(f64::NEG_INFINITY, f64::max));
    let miss = |shift: f64| risks.iter().map(|risk| risk.1 * (logistic(risk.0 + shift) - target)).sum::<f64>() / weight;
    // With the highest PD at the target the mean is below it, and above with the lowest. PDs that are fixed at 0 or 1
    // push the root further out.
    let slack = if risks.iter().all(|risk| risk.0.is_finite()) { 1e-9 } else { 40.0 };
    find_root(logit(target) - most - slack, logit(target) - least + slack, 0.0, miss).ok_or_else(|| {
        Error::insufficient(
            Problem::new("no shift gives this average", "calibrate on rows with PDs strictly between 0 and 1")
                .field("calibration.level"),
        )
    })
}

/// The share of events in a population without outcomes, from the log-odds that a model trained at the share `trained`
/// gives there: the maximum-likelihood prior, to which the EM algorithm of Saerens, Latinne & Decaestecker (2002)
/// converges. 0 or 1 when the likelihood is highest there.
///
/// `risks` are (log-odds of the event, weight).
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) unless `trained` lies strictly between 0 and 1;
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) when every case is as likely under any prior, or none has weight.
pub fn estimate_prior(risks: &[(f64, f64)], trained: f64) -> Result<f64> {
    if !inside(trained) {
        return Err(not_a_share("trained"));
    }
    // Likelihood ratios of the two classes; the log-likelihood Σ w ln(π r₁ + (1 − π) r₀) is concave in π.
    let ratios: Vec<(f64, f64, f64)> = risks
        .iter()
        .map(|&(log_odds, weight)| (logistic(log_odds) / trained, logistic(-log_odds) / (1.0 - trained), weight))
        .collect();
    let slope =
        |prior: f64| ratios.iter().map(|&(r1, r0, weight)| weight * (r1 - r0) / (prior * r1 + (1.0 - prior) * r0)).sum::<f64>();
    let (at_0, at_1) = (slope(0.0), slope(1.0));
    if at_0 <= 0.0 && at_1 < 0.0 {
        return Ok(0.0);
    }
    if at_1 >= 0.0 && at_0 > 0.0 {
        return Ok(1.0);
    }
    find_root(0.0, 1.0, 0.0, slope).filter(|_| at_0 > at_1).ok_or_else(|| {
        Error::insufficient(Problem::new("the log-odds say nothing about the prior", "use a model that separates the classes"))
    })
}

fn inside(share: f64) -> bool {
    share > 0.0 && share < 1.0
}

fn not_a_share(field: &str) -> Error {
    Error::config(Problem::new("must lie strictly between 0 and 1", "give the share of events, for example 0.03").field(field))
}
