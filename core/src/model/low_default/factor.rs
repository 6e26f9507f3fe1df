//! The upper bound under one common factor (Vasicek 1987).

use crate::math::{binomial_cdf, find_root, norm_cdf, norm_pdf};

/// The factor is integrated over ±9: beyond lie 2·10⁻¹⁹ of the probability.
const REACH: f64 = 9.0;

/// The p at which `defaults` or fewer have probability 1 − `confidence`; `correlation` in (0, 1).
pub(super) fn upper_bound(obligors: f64, defaults: f64, confidence: f64, correlation: f64) -> Option<f64> {
    let (load, rest) = (correlation.sqrt(), (1.0 - correlation).sqrt());
    // (factor, weight): the trapezoid on the whole line converges faster than any power of its step for such smooth
    // integrands. As the factor moves, the binomial probability falls from 1 to 0 over a width of about 1 / (sharpness · √k).
    let sharpness = (1.0 + 4.0 * load / rest) * (1.0 + defaults.sqrt());
    let per_unit = (4.0 * sharpness).ceil().min(512.0);
    let nodes: Vec<(f64, f64)> = (-((REACH * per_unit) as i32)..=(REACH * per_unit) as i32)
        .map(|at| f64::from(at) / per_unit)
        .map(|factor| (load * factor, norm_pdf(factor) / per_unit))
        .collect();
    let threshold = find_root(-REACH, REACH, 1e-13, |threshold| {
        let at_most: f64 = nodes
            .iter()
            .map(|&(shift, weight)| weight * binomial_cdf(defaults, obligors, norm_cdf((threshold - shift) / rest)))
            .sum();
        (1.0 - confidence) - at_most
    })?;
    Some(norm_cdf(threshold))
}
