//! The gamma function, the gamma distribution and the χ² distribution.

use super::elementary::{exp, ln};

/// ln √(2π).
const LN_SQRT_TAU: f64 = 0.918_938_533_204_672_7;

/// What counts as no change of a factor or a sum of order 1.
pub(super) const CONVERGED: f64 = 1e-16;

/// The most terms of a series or a fraction. They grow as the square root of the parameters: this is enough beyond 10⁹.
pub(super) const MOST_TERMS: u32 = 500_000;

/// ln Γ(x), for x above 0. NaN gives NaN, +∞ gives +∞.
///
/// Absolute error below 10⁻¹⁵ near 1 and 2, relative error below 10⁻¹⁵ elsewhere (the method of FreeBSD's `lgamma`).
///
/// ```
/// use scoreline::math::ln_gamma;
/// assert!((ln_gamma(5.0) - 24_f64.sqrt().ln() * 2.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    if x > 0.0 { libm::lgamma(x) } else { f64::NAN }
}

/// P(a, x) = γ(a, x) / Γ(a), the probability that a gamma variable of shape a and scale 1 is at most x; in [0, 1].
///
/// Relative error below 10⁻¹² for shapes up to 10⁶, while the result exceeds 10⁻¹⁰⁰. NaN unless a > 0 and x ≥ 0.
///
/// ```
/// use scoreline::math::gamma_p;
/// assert!((gamma_p(1.0, 2.0) - 0.8646647167633873).abs() < 1e-15); // 1 − e⁻²
/// ```
#[must_use]
pub fn gamma_p(a: f64, x: f64) -> f64 {
    both_tails(a, x).0
}

/// Q(a, x) = 1 − P(a, x), without the loss of digits of that difference. See [`gamma_p`].
#[must_use]
pub fn gamma_q(a: f64, x: f64) -> f64 {
    both_tails(a, x).1
}

/// The probability that a χ² variable of `df` degrees of freedom exceeds x: the p-value of a χ² test.
///
/// NaN unless `df` > 0 and x ≥ 0. Error as for [`gamma_p`].
///
/// ```
/// use scoreline::math::chi2_sf;
/// assert!((chi2_sf(3.841458820694124, 1.0) - 0.05).abs() < 1e-15);
/// ```
#[must_use]
pub fn chi2_sf(x: f64, df: f64) -> f64 {
    gamma_q(df / 2.0, x / 2.0)
}

/// Lower and upper tail (DLMF 8.11.4 below the mean, 8.9.2 above it).
fn both_tails(a: f64, x: f64) -> (f64, f64) {
    if !(a > 0.0 && a.is_finite() && x >= 0.0) {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 || x == f64::INFINITY {
        return if x == 0.0 { (0.0, 1.0) } else { (1.0, 0.0) };
    }
    // xᵃ e⁻ˣ / Γ(a + 1) after Loader (2000).
    let density = exp(-stirling_error(a) - deviance(a, x) - LN_SQRT_TAU - 0.5 * ln(a));
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0, 1.0);
        for n in 1..MOST_TERMS {
            term *= x / (a + f64::from(n));
            sum += term;
            if term <= CONVERGED * sum {
                break;
            }
        }
        let lower = (density * sum).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (density * a * upper_fraction(a, x)).min(1.0);
        (1.0 - upper, upper)
    }
}

/// Γ(a, x) eˣ x⁻ᵃ as a continued fraction, by Lentz's method in Thompson and Barnett's form.
fn upper_fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = f64::MAX;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for i in 1..MOST_TERMS {
        let i = f64::from(i);
        let an = i * (a - i);
        b += 2.0;
        d = 1.0 / nonzero(an * d + b);
        c = nonzero(b + an / c);
        let factor = c * d;
        fraction *= factor;
        if (factor - 1.0).abs() <= CONVERGED {
            break;
        }
    }
    fraction
}

/// `x`, or the least normal number in place of 0, so that a fraction can go on.
pub(super) fn nonzero(x: f64) -> f64 {
    if x.abs() < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { x }
}

/// ln Γ(x + 1) − (x + ½) ln x + x − ln √(2π): what Stirling's formula leaves out.
pub(super) fn stirling_error(x: f64) -> f64 {
    if x < 10.0 {
        return libm::lgamma(x + 1.0) - (x + 0.5) * ln(x) + x - LN_SQRT_TAU;
    }
    // Bernoulli numbers B₂ₖ / (2k (2k − 1)), k = 1 … 7.
    const SERIES: [f64; 7] =
        [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0, 1.0 / 156.0];
    let square = 1.0 / (x * x);
    SERIES.iter().rev().fold(0.0, |sum, c| sum * square + c) / x
}

/// x ln(x / m) + m − x without cancellation where x and m are near (Loader 2000); at least 0.
pub(super) fn deviance(x: f64, m: f64) -> f64 {
    if (x - m).abs() >= 0.1 * (x + m) {
        return x * ln(x / m) + m - x;
    }
    let v = (x - m) / (x + m);
    let mut sum = (x - m) * v;
    let mut term = 2.0 * x * v;
    for j in 1..1_000 {
        term *= v * v;
        let next = sum + term / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::golden::{check, relative};
    use proptest::prelude::*;

    #[test]
    fn functions_against_mpmath() {
        check("ln_gamma", 2e-15, |x| ln_gamma(x[0]));
        check("gamma_p", 1e-12, |x| gamma_p(x[0], x[1]));
        check("gamma_q", 1e-12, |x| gamma_q(x[0], x[1]));
        check("chi2_sf", 1e-12, |x| chi2_sf(x[0], x[1]));
    }

    #[test]
    fn arguments_without_a_meaning_give_nan() {
        assert!(ln_gamma(0.0).is_nan() && ln_gamma(-1.5).is_nan() && ln_gamma(f64::NAN).is_nan());
        for (a, x) in [(0.0, 1.0), (-1.0, 1.0), (f64::INFINITY, 1.0), (f64::NAN, 1.0), (1.0, -1.0), (1.0, f64::NAN)] {
            assert!(gamma_p(a, x).is_nan() && gamma_q(a, x).is_nan());
        }
        assert_eq!((gamma_p(2.0, 0.0), gamma_q(2.0, 0.0)), (0.0, 1.0));
        assert_eq!((gamma_p(2.0, f64::INFINITY), gamma_q(2.0, f64::INFINITY)), (1.0, 0.0));
        assert_eq!(gamma_q(2.0, 1e300), 0.0);
    }

    proptest! {
        /// P(a + 1, x) = P(a, x) − xᵃ e⁻ˣ / Γ(a + 1) (DLMF 8.8.5), across the border of the two methods.
        #[test]
        fn the_recurrence_holds(a in 0.1..60.0f64, x in 0.1..120.0f64) {
            let term = exp(a * ln(x) - x - ln_gamma(a + 1.0));
            prop_assert!((gamma_p(a, x) - term - gamma_p(a + 1.0, x)).abs() < 1e-13);
            prop_assert!(relative(gamma_p(a, x) + gamma_q(a, x), 1.0) < 1e-15);
            prop_assert!(gamma_q(a, x) >= gamma_q(a, x * 1.01));
        }
    }
}
