//! The standard normal distribution.

use super::elementary::{exp, ln};

/// √2/2 as a sum of two doubles, for an argument of the error function that is right beyond one double.
const HALF_SQRT_2: f64 = std::f64::consts::FRAC_1_SQRT_2;
const HALF_SQRT_2_REST: f64 = -4.833646656726457e-17;

/// 2/√π, the slope of the error function at 0.
const TWO_OVER_SQRT_PI: f64 = std::f64::consts::FRAC_2_SQRT_PI;

/// 1/√(2π), the density at 0.
const DENSITY_AT_0: f64 = 0.398_942_280_401_432_7;

/// Φ(x), the probability that a standard normal variable is at most `x`; in [0, 1].
///
/// Relative error below 10⁻¹⁴ wherever the result is a normal double, in the lower tail too. NaN gives NaN.
///
/// ```
/// use scoreline::math::norm_cdf;
/// assert_eq!(norm_cdf(0.0), 0.5);
/// assert!((norm_cdf(-1.959963984540054) - 0.025).abs() < 1e-16);
/// ```
#[must_use]
pub fn norm_cdf(x: f64) -> f64 {
    if x.is_nan() {
        return f64::NAN;
    }
    // Beyond ±39 the result is 0 or 1 in double precision.
    let x = x.clamp(-39.0, 39.0);
    let z = -x * HALF_SQRT_2;
    // The rounding of z would be magnified by 2z² in the tail, so its error is carried along to first order.
    let rest = product_error(-x, HALF_SQRT_2, z) - x * HALF_SQRT_2_REST;
    0.5 * (libm::erfc(z) - TWO_OVER_SQRT_PI * exp(-z * z) * rest)
}

/// Standard normal density at `x`.
#[must_use]
pub fn norm_pdf(x: f64) -> f64 {
    DENSITY_AT_0 * exp(-0.5 * x * x)
}

/// Φ⁻¹(p), the quantile of the standard normal distribution; −∞ at 0, +∞ at 1, NaN outside [0, 1].
///
/// Relative error below 1.5·10⁻¹⁵ on the whole of (0, 1). Source: Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988).
///
/// ```
/// use scoreline::math::norm_inv;
/// assert!((norm_inv(0.999) - 3.090232306167813).abs() < 1e-14);
/// assert_eq!(norm_inv(0.0), f64::NEG_INFINITY);
/// ```
#[must_use]
pub fn norm_inv(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * polynomial(&CENTRE_NUM, r) / polynomial(&CENTRE_DEN, r);
    }
    // 1 − p is exact here.
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let x = if tail == 0.0 {
        f64::INFINITY
    } else {
        let r = (-ln(tail)).sqrt();
        if r <= 5.0 {
            polynomial(&TAIL_NUM, r - 1.6) / polynomial(&TAIL_DEN, r - 1.6)
        } else {
            polynomial(&FAR_NUM, r - 5.0) / polynomial(&FAR_DEN, r - 5.0)
        }
    };
    if q < 0.0 { -x } else { x }
}

/// Coefficients in rising powers, by Horner's rule.
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// a·b − product, exactly, where `product` is a·b rounded (Dekker 1971; no fused multiply-add).
fn product_error(a: f64, b: f64, product: f64) -> f64 {
    let (a_high, a_low) = halves(a);
    let (b_high, b_low) = halves(b);
    ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
}

/// A double as the sum of two of 26 significant bits each.
fn halves(a: f64) -> (f64, f64) {
    let t = 134_217_729.0 * a;
    let high = t - (t - a);
    (high, a - high)
}

const CENTRE_NUM: [f64; 8] = [
    3.3871328727963665,
    133.14166789178438,
    1971.5909503065513,
    13731.69376550946,
    45921.95393154987,
    67265.7709270087,
    33430.57558358813,
    2509.0809287301227,
];
const CENTRE_DEN: [f64; 8] = [
    1.0,
    42.31333070160091,
    687.1870074920579,
    5394.196021424751,
    21213.794301586597,
    39307.89580009271,
    28729.085735721943,
    5226.495278852546,
];
const TAIL_NUM: [f64; 8] = [
    1.4234371107496835,
    4.630337846156546,
    5.769497221460691,
    3.6478483247632045,
    1.2704582524523684,
    0.2417807251774506,
    0.022723844989269184,
    0.0007745450142783414,
];
const TAIL_DEN: [f64; 8] = [
    1.0,
    2.053191626637759,
    1.6763848301838038,
    0.6897673349851,
    0.14810397642748008,
    0.015198666563616457,
    0.0005475938084995345,
    1.0507500716444169e-09,
];
const FAR_NUM: [f64; 8] = [
    6.657904643501103,
    5.463784911164114,
    1.7848265399172913,
    0.29656057182850487,
    0.026532189526576124,
    0.0012426609473880784,
    2.7115555687434876e-05,
    2.0103343992922881e-07,
];
const FAR_DEN: [f64; 8] = [
    1.0,
    0.599832206555888,
    0.1369298809227358,
    0.014875361290850615,
    0.0007868691311456133,
    1.8463183175100548e-05,
    1.421511758316446e-07,
    2.0442631033899397e-15,
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn relative(got: f64, want: f64) -> f64 {
        (got / want - 1.0).abs()
    }

    #[test]
    fn distribution_function_against_mpmath() {
        // mpmath 1.3.0, erfc at 400 bits, rounded once.
        let table = [
            (-37.5, 4.605353009581955e-308),
            (-30.0, 4.906713927148187e-198),
            (-20.3, 6.429244467698346e-92),
            (-12.7, 2.95648536485205e-37),
            (-8.1, 2.7479593923982286e-16),
            (-5.612001244174789, 9.99999999999998e-09),
            (-4.0, 3.1671241833119924e-05),
            (-3.0902323061678136, 0.0009999999999999996),
            (-2.3263478740408408, 0.010000000000000009),
            (-1.6448536269514722, 0.05000000000000005),
            (-1.0, 0.15865525393145705),
            (-0.5, 0.3085375387259869),
            (-0.1, 0.460172162722971),
            (-1e-09, 0.49999999960105773),
            (0.3, 0.6179114221889527),
            (0.6744897501960817, 0.75),
            (1.2815515655446004, 0.9),
            (2.5, 0.9937903346742238),
            (5.0, 0.9999997133484281),
            (8.0, 0.9999999999999993),
        ];
        for (x, want) in table {
            assert!(relative(norm_cdf(x), want) < 1e-14, "{x} {:e} {want:e}", norm_cdf(x));
        }
        assert_eq!((norm_cdf(f64::NEG_INFINITY), norm_cdf(f64::INFINITY)), (0.0, 1.0));
        assert_eq!((norm_cdf(-1e300), norm_cdf(1e300)), (0.0, 1.0));
        assert!(norm_cdf(f64::NAN).is_nan());
    }

    #[test]
    fn quantiles_against_mpmath() {
        // mpmath 1.3.0 at 400 bits, Halley iteration to 2⁻³⁵⁰, rounded once.
        let table = [
            (5e-324, -38.467405617144344),
            (1e-300, -37.0470962993612),
            (1e-200, -30.20559417957964),
            (1e-100, -21.273453560965326),
            (1e-30, -11.464024688443615),
            (1e-15, -7.941345326170997),
            (1e-09, -5.9978070150076865),
            (1e-05, -4.264890793922825),
            (0.0003, -3.431614403623269),
            (0.001, -3.0902323061678136),
            (0.02, -2.053748910631823),
            (0.0749, -1.4402382675279637),
            (0.0751, -1.43882539275254),
            (0.1, -1.2815515655446004),
            (0.25, -0.6744897501960817),
            (0.49, -0.025068908258711057),
            (0.4999999, -2.5066282747031063e-07),
            (0.51, 0.025068908258711057),
            (0.75, 0.6744897501960817),
            (0.9249, 1.4388253927525403),
            (0.9251, 1.440238267527964),
            (0.99, 2.3263478740408408),
            (0.999, 3.090232306167813),
            (0.9999, 3.7190164854557084),
            (0.999999, 4.753424308817087),
            (0.9999999999999999, 8.209536151601387),
        ];
        for (p, want) in table {
            assert!(relative(norm_inv(p), want) < 1.5e-15, "{p:e} {} {want}", norm_inv(p));
        }
        assert_eq!((norm_inv(0.0), norm_inv(0.5), norm_inv(1.0)), (f64::NEG_INFINITY, 0.0, f64::INFINITY));
        assert!(norm_inv(-0.1).is_nan() && norm_inv(1.1).is_nan() && norm_inv(f64::NAN).is_nan());
    }

    #[test]
    fn vasicek_conditional_default_rates() {
        // Φ((Φ⁻¹(PD) − √ρ z) / √(1 − ρ)), scipy, and the published loan portfolio case PD 2 %, ρ 0.1: 12.8 % (Hull).
        for (pd, rho, z, want, tolerance) in [
            (0.02, 0.15, -1.5, 0.05507966358424149, 1e-14),
            (0.02, 0.15, 0.0, 0.012953484965745454, 1e-14),
            (0.001, 0.24, -2.0, 0.007742418230071735, 1e-14),
            (0.10, 0.04, -2.5, 0.21253166864613882, 1e-14),
            (0.02, 0.1, norm_inv(0.001), 0.128, 0.0005 / 0.128),
        ] {
            let got = norm_cdf((norm_inv(pd) - f64::sqrt(rho) * z) / f64::sqrt(1.0 - rho));
            assert!(relative(got, want) < tolerance, "{got} {want}");
        }
    }

    #[test]
    fn distribution_function_keeps_its_bits() {
        // Correctly rounded values (mpmath 1.3.0 at 400 bits): a dependency that changes one bit is noticed here.
        let bits: Vec<u64> = [-9.5, -3.0, -0.7, 0.2, 2.2].iter().map(|&x| norm_cdf(x).to_bits()).collect();
        assert_eq!(bits, [0x3b93d2d60a5c14aa, 0x3f561de1f985b5d7, 0x3fcef8aa3a8f3560, 0x3fe2894ba87dce1c, 0x3fef8e1a5b741785]);
    }

    proptest! {
        #[test]
        fn quantile_inverts_the_distribution_function(exponent in -300.0..-0.31f64) {
            let p = exp(exponent * std::f64::consts::LN_10);
            // An error of ε in x changes p by about x² ε of itself.
            let x = norm_inv(p);
            prop_assert!(relative(norm_cdf(x), p) < 1e-14 + x * x * 1e-15);
            prop_assert_eq!(norm_inv(1.0 - p), -norm_inv(1.0 - (1.0 - p)));
        }

        #[test]
        fn both_functions_rise(a in -38.0..5.0f64, step in 1e-6..1.0f64) {
            prop_assert!(norm_cdf(a) <= norm_cdf(a + step));
            prop_assert!(norm_inv(norm_cdf(a)) <= norm_inv(norm_cdf(a + step)));
        }
    }
}
