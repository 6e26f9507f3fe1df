//! Shares of counted rows: their intervals, and whether two differ.

use super::{beta_inv, chi2_sf, norm_inv};

/// Jeffreys' interval of a share at a two-sided `level` in (0, 1): quantiles of the beta distribution with `events` + ½ and
/// `non_events` + ½; 0 and 1 are ends where one class is absent (Brown, Cai and DasGupta 2001).
///
/// ```
/// let (low, high) = scoreline::math::jeffreys_interval(0.0, 20.0, 0.95);
/// assert!(low == 0.0 && (high - 0.1172).abs() < 1e-3);
/// ```
#[must_use]
pub fn jeffreys_interval(events: f64, non_events: f64, level: f64) -> (f64, f64) {
    let (a, b) = (events + 0.5, non_events + 0.5);
    let tail = 0.5 * (1.0 - level);
    let low = if events > 0.0 { beta_inv(tail, a, b) } else { 0.0 };
    let high = if non_events > 0.0 { beta_inv(1.0 - tail, a, b) } else { 1.0 };
    (low, high)
}

/// Wilson's score interval of a share at a two-sided `level` in (0, 1) (Wilson 1927); `None` for no rows.
///
/// ```
/// // Newcombe (1998), table I: 81 of 263 at 95 %.
/// let (low, high) = scoreline::math::wilson_interval(81.0, 263.0, 0.95).unwrap();
/// assert!((low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5);
/// ```
#[must_use]
pub fn wilson_interval(events: f64, rows: f64, level: f64) -> Option<(f64, f64)> {
    if rows.is_nan() || rows <= 0.0 {
        return None;
    }
    let z = norm_inv(0.5 + 0.5 * level);
    let share = events / rows;
    let square = z * z;
    let middle = (events + 0.5 * square) / (rows + square);
    let reach = z / (rows + square) * (rows * share * (1.0 - share) + 0.25 * square).max(0.0).sqrt();
    let low = if events > 0.0 { (middle - reach).max(0.0) } else { 0.0 };
    let high = if events < rows { (middle + reach).min(1.0) } else { 1.0 };
    Some((low, high))
}

/// The two-sided p-value of the z test of two shares with pooled variance, which is Pearson's χ² test of the 2 × 2 table
/// without a correction; `None` when one of them has no rows, or no row or every row has the event.
///
/// ```
/// let p = scoreline::math::two_proportions((15.0, 85.0), (30.0, 70.0)).unwrap();
/// assert!((p - 0.011085).abs() < 1e-5); // χ² = 6.4516
/// ```
#[must_use]
pub fn two_proportions((a_events, a_non_events): (f64, f64), (b_events, b_non_events): (f64, f64)) -> Option<f64> {
    let (m, n) = (a_events + a_non_events, b_events + b_non_events);
    let pooled = (a_events + b_events) / (m + n);
    let variance = pooled * (1.0 - pooled) * (1.0 / m + 1.0 / n);
    let difference = a_events / m - b_events / n;
    let statistic = difference * difference / variance;
    statistic.is_finite().then(|| chi2_sf(statistic, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe (1998), *Two-sided confidence intervals for the single proportion*, table I, method 3 (score, no correction).
    #[test]
    fn wilson_gives_the_published_intervals() {
        for (events, rows, low, high) in
            [(81.0, 263.0, 0.2553, 0.3662), (15.0, 148.0, 0.0624, 0.1605), (0.0, 20.0, 0.0, 0.1611), (1.0, 29.0, 0.0061, 0.1718)]
        {
            let found = wilson_interval(events, rows, 0.95).unwrap();
            assert!((found.0 - low).abs() < 5.1e-5 && (found.1 - high).abs() < 5.1e-5, "{found:?}");
        }
        assert_eq!(wilson_interval(0.0, 0.0, 0.95), None);
        assert_eq!(wilson_interval(7.0, 7.0, 0.95).unwrap().1, 1.0);
    }

    #[test]
    fn equal_shares_do_not_differ_and_empty_ones_cannot_be_told() {
        assert_eq!(two_proportions((5.0, 95.0), (10.0, 190.0)), Some(1.0));
        for (a, b) in [((0.0, 0.0), (1.0, 2.0)), ((0.0, 5.0), (0.0, 9.0)), ((5.0, 0.0), (9.0, 0.0))] {
            assert_eq!(two_proportions(a, b), None);
        }
    }
}
