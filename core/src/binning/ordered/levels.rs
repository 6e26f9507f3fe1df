//! Groups of levels: rare levels are pooled, the rest is put in an order.

use super::super::bins::Split;
use crate::error::{Error, Problem, Result};
use crate::stats::Tally;

/// Levels that stay together: one level, or all rare ones.
pub(in crate::binning) struct Unit<'a, T> {
    levels: Vec<&'a str>,
    pub(in crate::binning) tally: T,
    rare: bool,
}

/// The units by name, the pool of the rare levels last. Levels of zero weight were not seen.
///
/// # Errors
/// `InvalidData` when a level occurs twice.
pub(super) fn pool<'a, T: Tally>(levels: &[(&'a str, T)], is_rare: impl Fn(&T) -> bool) -> Result<Vec<Unit<'a, T>>> {
    let mut seen: Vec<&(&'a str, T)> = levels.iter().filter(|(_, tally)| tally.weight() > 0).collect();
    seen.sort_unstable_by_key(|(level, _)| *level);
    if seen.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(Error::data(Problem::new("a level is listed twice", "merge the counts of equal levels")));
    }
    let mut units = Vec::with_capacity(seen.len());
    let mut pool = Unit { levels: Vec::new(), tally: T::default(), rare: true };
    for (level, tally) in seen {
        if is_rare(tally) {
            pool.levels.push(level);
            pool.tally.add(tally);
        } else {
            units.push(Unit { levels: vec![level], tally: tally.clone(), rare: false });
        }
    }
    if !pool.levels.is_empty() {
        units.push(pool);
    }
    Ok(units)
}

/// The groups between the cuts. Unseen levels go where the rare ones are, or, when none was rare, to the group of the
/// least `distance` (one a group) from the whole.
pub(super) fn split<T>(units: &[Unit<'_, T>], cuts: &[usize], distance: &[f64]) -> Split {
    let mut groups = vec![Vec::new(); cuts.len() + 1];
    let mut unseen = None;
    for (place, unit) in units.iter().enumerate() {
        let group = cuts.partition_point(|cut| *cut <= place);
        groups[group].extend(unit.levels.iter().map(|level| (*level).to_owned()));
        if unit.rare {
            unseen = Some(group);
        }
    }
    groups.iter_mut().for_each(|group| group.sort_unstable());
    let nearest = (0..distance.len()).min_by(|a, b| distance[*a].abs().total_cmp(&distance[*b].abs()));
    Split::Category { groups, unseen: unseen.or(nearest).unwrap_or(0) }
}
