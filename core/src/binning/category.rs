//! Groups of levels: rare levels are pooled, the rest is ordered by event rate.

use super::bins::Split;
use super::config::Limits;
use super::fit::PeriodCounts;
use super::optimum::by_rate;
use crate::error::{Error, Problem, Result};
use crate::stats::{Counts, Tally};

/// Levels that stay together: one level, or all rare ones.
pub(super) struct Unit<'a, T = Counts> {
    levels: Vec<&'a str>,
    /// The places of the levels in the list that was given.
    places: Vec<usize>,
    pub(super) counts: T,
    rare: bool,
}

/// The units in order of event rate, equal rates by name. Rare levels are pooled into one unit.
///
/// # Errors
/// `InvalidData` when a level occurs twice.
pub(super) fn units<'a>(levels: &[(&'a str, Counts)], limits: &Limits) -> Result<Vec<Unit<'a>>> {
    let mut units = pool(levels, |counts| counts.total() < limits.level)?;
    units.sort_by(|a, b| by_rate(a.counts, b.counts).then_with(|| a.levels.cmp(&b.levels)));
    Ok(units)
}

/// The units by name, the pool of the rare levels last. Levels of zero weight were not seen.
///
/// # Errors
/// `InvalidData` when a level occurs twice, or the weights leave the range of `u64`.
pub(super) fn pool<'a, T: Tally>(levels: &[(&'a str, T)], is_rare: impl Fn(&T) -> bool) -> Result<Vec<Unit<'a, T>>> {
    let mut seen: Vec<(&'a str, usize)> = levels.iter().enumerate().map(|(place, (level, _))| (*level, place)).collect();
    seen.retain(|(_, place)| levels[*place].1.weight() > 0);
    seen.sort_unstable();
    if seen.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(Error::data(Problem::new("a level is listed twice", "merge the counts of equal levels")));
    }
    let mut units = Vec::with_capacity(seen.len());
    let mut pool = Unit { levels: Vec::new(), places: Vec::new(), counts: T::default(), rare: true };
    for (level, place) in seen {
        let counts = &levels[place].1;
        if is_rare(counts) {
            pool.levels.push(level);
            pool.places.push(place);
            pool.counts.add(counts);
        } else {
            units.push(Unit { levels: vec![level], places: vec![place], counts: counts.clone(), rare: false });
        }
    }
    if !pool.levels.is_empty() {
        units.push(pool);
    }
    Ok(units)
}

/// The groups between the cuts. Unseen levels go where the rare ones are, or, when none was rare, to the
/// group whose weight of evidence (`woe`, one a group), or another distance from the whole, is nearest to 0.
pub(super) fn split<T>(units: &[Unit<'_, T>], cuts: &[usize], woe: &[f64]) -> Split {
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
    let nearest = (0..woe.len()).min_by(|a, b| woe[*a].abs().total_cmp(&woe[*b].abs()));
    Split::Category { groups, unseen: unseen.or(nearest).unwrap_or(0) }
}

impl Unit<'_> {
    /// What was counted in the unit in one period.
    pub(super) fn in_period(&self, period: &PeriodCounts<'_>) -> Counts {
        let counts = self.places.iter().filter_map(|place| period.counts.get(*place));
        counts.fold(Counts::default(), |mut sum, counts| {
            sum.add(*counts);
            sum
        })
    }
}
