//! Indicators on periodic series, oldest first. A missing value is NaN; an infinite one counts as missing.

use std::collections::BTreeMap;

use crate::error::{Error, Problem, Result};
use crate::math::median;

/// The standard deviation of a normal distribution over its median absolute deviation, 1 / Φ⁻¹(¾).
const NORMAL: f64 = 1.482_602_218_505_602;

/// The latest value; none when it is missing or the series is empty.
#[must_use]
pub fn level(series: &[f64]) -> Option<f64> {
    back(series, 0)
}

/// The latest value minus the one `periods` before; none when either is missing or the series is too short.
///
/// ```
/// use scoreline::treatment::warning::{change, relative_change};
/// let balance = [100.0, f64::NAN, 110.0, 132.0];
/// assert_eq!((change(&balance, 1), change(&balance, 2), change(&balance, 9)), (Some(22.0), None, None));
/// assert_eq!(relative_change(&balance, 3), Some(0.32));
/// ```
#[must_use]
pub fn change(series: &[f64], periods: usize) -> Option<f64> {
    Some(level(series)? - back(series, periods)?).filter(|change| change.is_finite())
}

/// The change over `periods` over the absolute value `periods` before; none where that is 0.
#[must_use]
pub fn relative_change(series: &[f64], periods: usize) -> Option<f64> {
    let before = back(series, periods)?;
    let relative = (level(series)? - before) / before.abs();
    Some(relative).filter(|relative| relative.is_finite())
}

fn back(series: &[f64], periods: usize) -> Option<f64> {
    let place = series.len().checked_sub(1)?.checked_sub(periods)?;
    series.get(place).copied().filter(|value| value.is_finite())
}

/// How far each value lies from those of its peers in the same period: (value − median) / (1.4826 · MAD), with the median and the
/// median absolute deviation of its group, itself included. A value without a group, a group with fewer than `least` values and
/// one whose MAD is 0 give none.
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) unless there are as many groups as values.
///
/// ```
/// use scoreline::treatment::warning::peer_scores;
/// let found = peer_scores(&[1.0, 2.0, 3.0, 4.0, 90.0, 7.0], &[Some("a"); 6], 5)?;
/// assert!((found[4].unwrap() - (90.0 - 3.5) / (1.4826022185056018 * 2.0)).abs() < 1e-12);
/// # Ok::<(), scoreline::Error>(())
/// ```
pub fn peer_scores(values: &[f64], groups: &[Option<&str>], least: usize) -> Result<Vec<Option<f64>>> {
    if values.len() != groups.len() {
        let problem = Problem::new("one group a value was expected", "pass as many groups as values");
        return Err(Error::data(problem.field("groups")));
    }
    let mut members: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let known = values.iter().zip(groups).filter_map(|(value, group)| Some((group.as_ref()?, *value)));
    for (group, value) in known.filter(|(_, value)| value.is_finite()) {
        members.entry(group).or_default().push(value);
    }
    let peers: BTreeMap<&str, (f64, f64)> = members
        .into_iter()
        .filter(|(_, values)| values.len() >= least)
        .filter_map(|(group, mut values)| {
            values.sort_unstable_by(f64::total_cmp);
            let centre = median(&values)?;
            values.iter_mut().for_each(|value| *value = (*value - centre).abs());
            values.sort_unstable_by(f64::total_cmp);
            let deviation = NORMAL * median(&values)?;
            (deviation > 0.0).then_some((group, (centre, deviation)))
        })
        .collect();
    let score = |(value, group): (&f64, &Option<&str>)| {
        let (centre, deviation) = peers.get(group.as_ref()?)?;
        Some((value - centre) / deviation).filter(|score| score.is_finite())
    };
    Ok(values.iter().zip(groups).map(score).collect())
}
