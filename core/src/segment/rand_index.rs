//! How alike two groupings of the same things are.

use std::collections::BTreeMap;

use crate::error::{Error, Problem, Result};

/// The adjusted Rand index of two groupings (Hubert and Arabie 1985): 1 when they are the same whatever the groups are called,
/// 0 on average when one is a random reshuffle of the other, below 0 when they agree less than that. Groupings that are both one
/// group, or both all single things, are the same.
///
/// ```
/// use scoreline::segment::adjusted_rand;
/// assert_eq!(adjusted_rand(&[0, 0, 1, 1], &[1, 1, 0, 0])?, 1.0);
/// assert_eq!(adjusted_rand(&[0, 0, 1, 1], &[0, 1, 0, 1])?, -0.5);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) unless both have as many things.
pub fn adjusted_rand(first: &[usize], second: &[usize]) -> Result<f64> {
    if first.len() != second.len() {
        let problem = Problem::new("the groupings differ in length", "pass both groups of every thing");
        return Err(Error::data(problem.field("second")));
    }
    let (mut both, mut rows, mut columns) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (&a, &b) in first.iter().zip(second) {
        *both.entry((a, b)).or_insert(0u64) += 1;
        *rows.entry(a).or_insert(0u64) += 1;
        *columns.entry(b).or_insert(0u64) += 1;
    }
    let pairs = |count: u64| u128::from(count) * u128::from(count.saturating_sub(1)) / 2;
    let together: u128 = both.into_values().map(pairs).sum();
    let (in_first, in_second): (u128, u128) = (rows.into_values().map(pairs).sum(), columns.into_values().map(pairs).sum());
    let all = pairs(first.len() as u64);
    if together == in_first && together == in_second {
        return Ok(1.0);
    }
    let expected = in_first as f64 * in_second as f64 / all as f64;
    let most = (in_first as f64 + in_second as f64) / 2.0;
    Ok((together as f64 - expected) / (most - expected))
}
