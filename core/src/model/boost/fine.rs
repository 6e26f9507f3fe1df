//! Fine bins for boosting: of equal weight, so that the leaves, not the bins, follow the outcome.

use std::cmp::Ordering;

use crate::binning::{Split, Values};
use crate::stats::Counts;

/// At most `most` bins of about equal weight, each of at least the weight `least`, in units of 2⁻²⁰
/// ([`crate::data::WEIGHT_UNIT`]). Where there are no more values than `most`, each has a bin of its own if it weighs
/// enough.
///
/// Levels of a category are ordered by event rate first, equal rates by name; unseen levels belong to the group whose
/// event rate is nearest to that of all rows.
///
/// ```
/// use scoreline::binning::{Split, Values};
/// use scoreline::model::fine_split;
/// use scoreline::stats::{Cell, Counts};
/// let cells: Vec<Cell> = (0..100).map(|i| Cell { value: f64::from(i), counts: Counts { non_events: 1, events: 1 } }).collect();
/// let split = fine_split(&Values::Numeric { cells: &cells, exact: true }, 4, 1);
/// assert_eq!(split, Split::Numeric { cuts: vec![25.0, 50.0, 75.0] });
/// ```
#[must_use]
pub fn fine_split(values: &Values<'_>, most: usize, least: u64) -> Split {
    match values {
        Values::Numeric { cells, .. } => {
            let held: Vec<_> = cells.iter().filter(|cell| cell.counts.total() > 0).collect();
            let weights: Vec<u64> = held.iter().map(|cell| cell.counts.total()).collect();
            // Adding 0 turns −0 into 0.
            Split::Numeric { cuts: borders(&weights, most, least).into_iter().map(|at| held[at].value + 0.0).collect() }
        }
        Values::Category { levels } => {
            let mut held: Vec<(&str, Counts)> = levels.iter().copied().filter(|(_, counts)| counts.total() > 0).collect();
            held.sort_unstable_by(|a, b| by_rate(a.1, b.1).then_with(|| a.0.cmp(b.0)));
            let weights: Vec<u64> = held.iter().map(|(_, counts)| counts.total()).collect();
            let starts = [vec![0], borders(&weights, most, least), vec![held.len()]].concat();
            let parts: Vec<&[(&str, Counts)]> = starts.windows(2).map(|pair| &held[pair[0]..pair[1]]).collect();
            let total = |part: &[(&str, Counts)]| {
                let mut counts = Counts::default();
                part.iter().for_each(|(_, level)| counts.add(*level));
                counts
            };
            let rate = total(&held).event_rate();
            let distance = |part: &[(&str, Counts)]| (total(part).event_rate() - rate).abs();
            let unseen = (0..parts.len()).min_by(|a, b| distance(parts[*a]).total_cmp(&distance(parts[*b]))).unwrap_or(0);
            let names = |part: &&[(&str, Counts)]| {
                let mut names: Vec<String> = part.iter().map(|(level, _)| (*level).to_owned()).collect();
                names.sort_unstable();
                names
            };
            Split::Category { groups: parts.iter().map(names).collect(), unseen }
        }
    }
}

/// Positions at which a new bin starts.
fn borders(weights: &[u64], most: usize, least: u64) -> Vec<usize> {
    let total = weights.iter().fold(0u64, |sum, weight| sum.saturating_add(*weight));
    let target = if weights.len() <= most { least } else { least.max(total / most.max(1) as u64) };
    let (mut borders, mut bin, mut before) = (Vec::new(), 0u64, 0u64);
    for (at, &weight) in weights.iter().enumerate() {
        let with = bin.saturating_add(weight);
        // Whichever is nearer to the target: the bin as it is, or with the next value.
        let closer = with.abs_diff(target) > target.abs_diff(bin) || bin >= target;
        if bin > 0 && bin >= least && closer && total - before >= least && borders.len() + 1 < most {
            borders.push(at);
            bin = 0;
        }
        bin = bin.saturating_add(weight);
        before = before.saturating_add(weight);
    }
    borders
}

/// By event rate, compared exactly.
fn by_rate(a: Counts, b: Counts) -> Ordering {
    let product = |events: u64, total: u64| u128::from(events) * u128::from(total);
    product(a.events, b.total()).cmp(&product(b.events, a.total()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bins_are_heavy_enough_and_not_too_many(weights in prop::collection::vec(1..50u64, 1..80), most in 2..20usize, least in 1..60u64) {
            let borders = borders(&weights, most, least);
            prop_assert!(borders.len() < most);
            let starts = [vec![0], borders.clone(), vec![weights.len()]].concat();
            let bins: Vec<u64> = starts.windows(2).map(|pair| weights[pair[0]..pair[1]].iter().sum()).collect();
            prop_assert!(bins.len() == 1 || bins.iter().all(|bin| *bin >= least), "{bins:?}");
            // A bin overshoots its target by less than one value.
            let target = least.max(weights.iter().sum::<u64>() / most as u64);
            if weights.len() > most && borders.len() + 1 < most {
                let but_last = &bins[..bins.len() - 1];
                prop_assert!(but_last.iter().all(|bin| *bin < target + 50), "{bins:?}");
            }
            if weights.len() <= most && least == 1 {
                prop_assert_eq!(borders.len() + 1, weights.len());
            }
        }
    }

    #[test]
    fn levels_are_grouped_by_event_rate() {
        let counts = |non_events: u64, events: u64| Counts { non_events, events };
        let levels = [("d", counts(9, 1)), ("b", counts(5, 5)), ("c", counts(1, 9)), ("a", counts(10, 10)), ("e", counts(0, 0))];
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        let single = Split::Category { groups: vec![names(&["d"]), names(&["a"]), names(&["b"]), names(&["c"])], unseen: 1 };
        assert_eq!(fine_split(&Values::Category { levels: &levels }, 4, 1), single);
        let joined = Split::Category { groups: vec![names(&["a", "d"]), names(&["b", "c"])], unseen: 0 };
        assert_eq!(fine_split(&Values::Category { levels: &levels }, 2, 15), joined);
        assert_eq!(fine_split(&Values::Category { levels: &[] }, 2, 15), Split::Category { groups: vec![vec![]], unseen: 0 });
    }
}
