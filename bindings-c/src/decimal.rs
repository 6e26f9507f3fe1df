//! Scaled decimals, the numbers of COBOL and of databases, as the nearest double.

use std::io::Write;

/// In place of the whole number of a decimal: missing.
pub const SCORELINE_NO_DECIMAL: i64 = i64::MIN;

/// The largest power of ten that a double holds exactly, and all below it.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
    1e22,
];

/// The double nearest to `mantissa` · 10^-`scale`, ties to even: the one that reading its decimal text gives.
/// Infinite when it is too large, NaN for [`SCORELINE_NO_DECIMAL`].
pub(crate) fn nearest(mantissa: i64, scale: i32) -> f64 {
    if mantissa == SCORELINE_NO_DECIMAL {
        return f64::NAN;
    }
    // Both operands are exact doubles, so that the one operation rounds once, and correctly (W. D. Clinger, 1990).
    if mantissa.unsigned_abs() <= 1 << 53 {
        let power = POWERS.get(scale.unsigned_abs() as usize);
        if let Some(power) = power {
            return if scale >= 0 { mantissa as f64 / power } else { mantissa as f64 * power };
        }
    }
    // At most 20 + 1 + 11 characters, on the stack.
    let mut text = [0; 32];
    let mut rest = &mut text[..];
    let written = write!(rest, "{mantissa}e{}", -i64::from(scale)).map(|()| 32 - rest.len());
    let text = written.ok().and_then(|length| str::from_utf8(text.get(..length)?).ok());
    text.and_then(|text| text.parse().ok()).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_text(mantissa: i64, scale: i32) -> f64 {
        format!("{mantissa}e{}", -i64::from(scale)).parse().unwrap()
    }

    #[test]
    fn the_double_is_the_one_that_the_text_gives() {
        // A full-period generator over mantissas of every length, at every scale around and beyond both borders.
        let mut state = 1u64;
        for _ in 0..2_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let mantissa = (state as i64) >> (state % 63);
            for scale in -30..=30 {
                assert_eq!(nearest(mantissa, scale).to_bits(), from_text(mantissa, scale).to_bits(), "{mantissa} {scale}");
            }
        }
        for mantissa in [0, 1, -1, 1 << 53, (1 << 53) + 1, i64::MAX, i64::MIN + 1] {
            for scale in [0, 1, 2, 22, 23, -22, -23, 308, 342, 400, -290, -400, i32::MAX, i32::MIN] {
                assert_eq!(nearest(mantissa, scale).to_bits(), from_text(mantissa, scale).to_bits(), "{mantissa} {scale}");
            }
        }
        assert_eq!(nearest(2, 1), 0.2);
        assert!(nearest(1, -400).is_infinite());
        assert!(nearest(SCORELINE_NO_DECIMAL, 2).is_nan());
    }
}
