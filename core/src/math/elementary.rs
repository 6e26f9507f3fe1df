//! Exponential, logarithm and what is built from them.
//!
//! `pxfm` may pick its code by the CPU it finds, but rounds correctly on each path, so the result is one and the same;
//! `make test-cpu` compares CPU levels, and an emulated CPU without AVX and FMA where `qemu-x86_64` is installed.

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

/// eˣ − 1, exact where `x` is small.
#[must_use]
pub fn exp_m1(x: f64) -> f64 {
    pxfm::f_expm1(x)
}

/// ln(1 + x), exact where `x` is small.
#[must_use]
pub fn ln_1p(x: f64) -> f64 {
    pxfm::f_log1p(x)
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
    use std::f64::consts::{E, LN_2, LN_10};

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

    /// The bits of a correctly rounded referee (mpmath 1.3.0 at 400 bits): a dependency that changes one is noticed here.
    fn check(function: fn(f64) -> f64, table: &[(f64, u64)]) {
        for &(x, bits) in table {
            assert_eq!(function(x).to_bits(), bits, "at {x:e}: {:e}", function(x));
        }
    }

    #[test]
    fn exp_is_correctly_rounded() {
        let table = [
            (-745.0, 0x0000000000000001),
            (-708.0, 0x0017c8ab2288c9ab),
            (-100.5, 0x36e01a0e5643644f),
            (-36.7368005696771, 0x3ca0000000000003),
            (-10.0, 0x3f07cd79b5647c9b),
            (-3.3, 0x3fa2e259bb85be85),
            (-1.0, 0x3fd78b56362cef38),
            (-LN_2, 0x3fe0000000000000),
            (-0.1, 0x3fecf46d99d52b3a),
            (-0.001, 0x3feff7cfe56f1a9e),
            (-1e-10, 0x3feffffffff24190),
            (1e-17, 0x3ff0000000000000),
            (1e-05, 0x3ff0000a7c5e340e),
            (0.1, 0x3ff1aec7b35a00d4),
            (0.5, 0x3ffa61298e1e069c),
            (1.0, 0x4005bf0a8b145769),
            (LN_10, 0x4024000000000001),
            (3.3, 0x403b1cd5e7807b7b),
            (10.0, 0x40d5829dcf950560),
            (20.5, 0x41c7d6c4f0bcdd5c),
            (100.1, 0x48f5508d07df81bb),
            (345.6, 0x5f182ca33b1c0ee6),
            (709.78, 0x7fefe9ce5c4c52b4),
        ];
        check(exp, &table);
    }

    #[test]
    fn ln_is_correctly_rounded() {
        let table = [
            (5e-324, 0xc0874385446d71c3),
            (2.2250738585072014e-308, 0xc086232bdd7abcd2),
            (1e-300, 0xc085963447f87fb5),
            (1e-20, 0xc047069e2aa2aa5b),
            (1e-05, 0xc027069e2aa2aa5b),
            (0.0003, 0xc02039346c5fb4b4),
            (0.01, 0xc0126bb1bbb55515),
            (0.1, 0xc0026bb1bbb55515),
            (0.3, 0xbff34378fcbda721),
            (0.5, 0xbfe62e42fefa39ef),
            (0.9, 0xbfbaf8e8210a415c),
            (0.999999, 0xbeb0c6f82d74d230),
            (0.9999999999999999, 0xbca0000000000000),
            (1.0000000000000002, 0x3cafffffffffffff),
            (1.1, 0x3fb8663f793c46cc),
            (1.5, 0x3fd9f323ecbf984c),
            (2.0, 0x3fe62e42fefa39ef),
            (E, 0x3ff0000000000000),
            (3.3, 0x3ff31a4e7240c777),
            (10.0, 0x40026bb1bbb55516),
            (12345.678, 0x4022d79559791e31),
            (10000000000.0, 0x4037069e2aa2aa5b),
            (1.7976931348623157e+308, 0x40862e42fefa39ef),
        ];
        check(ln, &table);
    }

    #[test]
    fn logistic_is_its_formula_over_a_correctly_rounded_exp() {
        let table = [
            (-745.0, 0x0000000000000000),
            (-100.5, 0x36e01a0e5643644f),
            (-36.7, 0x3ca0998b04bdd18f),
            (-10.0, 0x3f07cd32e41dd960),
            (-4.2, 0x3f8e41d8f79f1437),
            (-3.3, 0x3fa236630d362b36),
            (-2.0, 0x3fbe84152bac31ae),
            (-1.0, 0x3fd136561454ba86),
            (-LN_2, 0x3fd5555555555555),
            (-0.1, 0x3fde66bdb1aca090),
            (-0.001, 0x3fdffbe76c90fd99),
            (-1e-10, 0x3fdffffffff920c8),
            (0.0, 0x3fe0000000000000),
            (1e-05, 0x3fe000053e2d6238),
            (0.1, 0x3fe0cca12729afb8),
            (0.5, 0x3fe3eb2fd4d34391),
            (1.0, 0x3fe764d4f5d5a2bd),
            (LN_10, 0x3fed1745d1745d17),
            (3.3, 0x3feedc99cf2c9d4d),
            (10.0, 0x3fefffa0cb346f89),
            (20.5, 0x3fefffffff542e28),
            (36.7, 0x3feffffffffffffe),
        ];
        check(logistic, &table);
    }
}
