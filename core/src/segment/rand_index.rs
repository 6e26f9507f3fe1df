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
    let pairs = |count: u64| i128::from(count) * (i128::from(count) - 1) / 2;
    let together: i128 = both.into_values().map(pairs).sum();
    let (in_first, in_second): (i128, i128) = (rows.into_values().map(pairs).sum(), columns.into_values().map(pairs).sum());
    if together == in_first && together == in_second {
        return Ok(1.0);
    }
    // (together − expected) / (½ (in_first + in_second) − expected), expected = in_first · in_second / all; in whole numbers, so
    // that it is rounded once.
    let (all, product) = (pairs(first.len() as u64), in_first * in_second);
    Ok((2 * (together * all - product)) as f64 / ((in_first + in_second) * all - 2 * product) as f64)
}
