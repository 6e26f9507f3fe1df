//! Doubles as integers of the same order, so that precision can be dropped bit by bit.

/// The key of `value`: a < b exactly when key(a) < key(b). −0 counts as 0 and an infinity as the largest
/// finite double of its sign. Not for NaN.
#[inline]
pub(super) fn key(value: f64) -> u64 {
    // Adding +0 turns −0 into +0 and changes nothing else.
    let bits = (value + 0.0).clamp(-f64::MAX, f64::MAX).to_bits();
    let negative = ((bits as i64) >> 63) as u64;
    bits ^ (negative | 1 << 63)
}

/// The value of a key whose low bits may have been cleared. Keys below that of the least finite double stand for
/// that double.
pub(super) fn value(key: u64) -> f64 {
    let value = f64::from_bits(if key >> 63 == 1 { key ^ 1 << 63 } else { !key });
    if value.is_finite() { value } else { -f64::MAX }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_order_and_give_the_value_back() {
        let rising = [-f64::MAX, -1e10, -2.0, -1.0, -f64::MIN_POSITIVE, -5e-324, 0.0, 5e-324, 1e-300, 1.0, 1.5, f64::MAX];
        for pair in rising.windows(2) {
            assert!(key(pair[0]) < key(pair[1]), "{pair:?}");
        }
        for x in rising {
            assert_eq!(value(key(x)).to_bits(), x.to_bits());
        }
        assert_eq!(key(-0.0), key(0.0));
        assert_eq!(value(key(f64::INFINITY)), f64::MAX);
        assert_eq!(value(key(f64::NEG_INFINITY)), -f64::MAX);
    }

    #[test]
    fn clearing_low_bits_goes_down_on_both_sides_of_zero() {
        for bits in [1, 20, 51, 52, 60, 63] {
            for x in [-1e300, -1.75, -0.1, -5e-324, 0.0, 5e-324, 0.1, 1.75, 1e300] {
                let lower = value(key(x) >> bits << bits);
                assert!(lower <= x && lower.is_finite(), "{bits} {x} {lower}");
                assert!((lower < 0.0) == (x < 0.0));
            }
        }
    }
}
