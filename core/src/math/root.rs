//! Roots of functions of one variable.

/// The x in [low, high] where `f` crosses 0, to `tolerance` on both sides or the spacing of doubles.
///
/// `None` when `f` has the same sign at both ends or a value is NaN. With several roots, one of them. Method: ITP
/// (Oliveira & Takahashi 2020): never more evaluations than bisection and one, on smooth functions far fewer.
///
/// ```
/// use scoreline::math::find_root;
/// let root = find_root(1.0, 2.0, 1e-15, |x| x * x - 2.0).unwrap();
/// assert!((root - 2_f64.sqrt()).abs() < 2e-15);
/// assert_eq!(find_root(1.0, 2.0, 1e-15, |x| x), None);
/// ```
pub fn find_root(low: f64, high: f64, tolerance: f64, mut f: impl FnMut(f64) -> f64) -> Option<f64> {
    let (mut a, mut b) = (low, high);
    let (mut at_a, mut at_b) = (f(a), f(b));
    if at_a == 0.0 || at_b == 0.0 {
        return Some(if at_a == 0.0 { a } else { b });
    }
    if at_a.is_nan() || at_b.is_nan() || (at_a > 0.0) == (at_b > 0.0) || !(b - a).is_finite() || a > b {
        return None;
    }
    let rising = at_b > 0.0;
    // The interval of bisection, which the steps may not leave behind; doubled once for the slack of one evaluation.
    let mut allowed = 2.0 * (b - a);
    let scale = 0.2 / (b - a);
    loop {
        let middle = a + (b - a) / 2.0;
        if b - a <= 2.0 * tolerance || middle <= a || middle >= b {
            return Some(middle);
        }
        // The secant, moved towards the middle by a little, then kept within reach of bisection.
        let secant = (at_b * a - at_a * b) / (at_b - at_a);
        let towards = if middle >= secant { 1.0 } else { -1.0 };
        let truncation = scale * (b - a) * (b - a);
        let truncated = if truncation <= (middle - secant).abs() { secant + towards * truncation } else { middle };
        allowed /= 2.0;
        let reach = (allowed - (b - a) / 2.0).max(0.0);
        let mut x = if (truncated - middle).abs() <= reach { truncated } else { middle - towards * reach };
        if !(x > a && x < b) {
            x = middle;
        }
        let at_x = f(x);
        if at_x.is_nan() {
            return None;
        }
        if at_x == 0.0 {
            return Some(x);
        }
        if (at_x > 0.0) == rising {
            (b, at_b) = (x, at_x);
        } else {
            (a, at_a) = (x, at_x);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{exp, logistic, norm_cdf};
    use proptest::prelude::*;

    #[test]
    fn steps_and_poles_and_nothing() {
        // A jump is found like a root; a function without a sign change is refused.
        let jump = find_root(0.0, 1.0, 0.0, |x| if x < 0.3 { -1.0 } else { 1.0 }).unwrap();
        assert!((jump - 0.3).abs() < 1e-15);
        assert_eq!(find_root(0.0, 1.0, 1e-9, |_| 1.0), None);
        assert_eq!(find_root(0.0, 1.0, 1e-9, |_| f64::NAN), None);
        assert_eq!(find_root(-1.0, 1.0, 1e-9, |x| if x.abs() == 1.0 { x } else { f64::NAN }), None);
        assert_eq!(find_root(1.0, 0.0, 1e-9, |x| x - 0.5), None);
        assert_eq!(find_root(f64::NEG_INFINITY, f64::INFINITY, 1e-9, |x| x), None);
        assert_eq!(find_root(0.0, 1.0, 1e-9, |x| x), Some(0.0));
    }

    proptest! {
        #[test]
        fn few_evaluations_and_never_more_than_bisection(at in -9.0..9.0f64, steep in 0.1..40.0f64, kind in 0..4) {
            let mut calls = 0;
            let root = find_root(-10.0, 10.0, 1e-12, |x| {
                calls += 1;
                let z = steep * (x - at);
                match kind {
                    0 => z,
                    1 => logistic(z) - 0.5,
                    2 => exp(z.min(600.0)) - 1.0,
                    _ => 0.5 - norm_cdf(z),
                }
            });
            // Bisection takes log₂(20 / 2·10⁻¹²) = 43.2 halvings; two evaluations at the ends and one of slack.
            prop_assert!((root.unwrap() - at).abs() < 1e-12 + 1e-14);
            prop_assert!(calls <= 44 + 3, "{} calls", calls);
        }
    }
}
