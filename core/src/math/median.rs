//! The middle of sorted values.

/// The median of rising values; the mean of the two in the middle where there are two, and `None` for no values.
///
/// ```
/// assert_eq!(scoreline::math::median(&[1.0, 2.0, 4.0, 9.0]), Some(3.0));
/// ```
#[must_use]
pub fn median(rising: &[f64]) -> Option<f64> {
    let (low, high) = (rising.get(rising.len().checked_sub(1)? / 2)?, rising.get(rising.len() / 2)?);
    Some(low + (high - low) / 2.0)
}
