//! Fine bins of about equal weight: what a boosted card is built on, which finds the shape of the risk itself.

use super::bins::{FeatureBins, Split};
use super::config::BinningConfig;
use super::fit::tabulate;
use super::optimum::by_rate;
use super::{Observed, Values};
use crate::data::WEIGHT_ONE;
use crate::error::Result;
use crate::stats::Counts;

/// The least weight of a fine bin, in rows.
const LEAST: u64 = 5 * WEIGHT_ONE;

/// At most `max_bins` ordinary bins of about equal weight, each with at least 5 rows; the levels of a category are
/// ordered by event rate first. Weights of evidence follow `config`, its limits do not apply.
///
/// # Errors
/// As [`bin`](super::bin()).
pub(crate) fn fine(name: &str, observed: &Observed<'_>, max_bins: usize, config: &BinningConfig) -> Result<FeatureBins> {
    let split = match observed.values {
        Values::Numeric { cells, .. } => {
            let held: Vec<_> = cells.iter().filter(|cell| cell.counts.total() > 0).collect();
            let starts = equal_parts(&held.iter().map(|cell| cell.counts).collect::<Vec<_>>(), max_bins);
            // Adding 0 turns −0 into 0.
            Split::Numeric { cuts: starts.iter().map(|&start| held[start].value + 0.0).collect() }
        }
        Values::Category { levels } => {
            let mut held: Vec<&(&str, Counts)> = levels.iter().filter(|(_, counts)| counts.total() > 0).collect();
            held.sort_by(|a, b| by_rate(a.1, b.1).then_with(|| a.0.cmp(b.0)));
            let starts = equal_parts(&held.iter().map(|(_, counts)| *counts).collect::<Vec<_>>(), max_bins);
            let mut groups: Vec<Vec<String>> = vec![Vec::new(); starts.len() + 1];
            for (place, (level, _)) in held.iter().enumerate() {
                groups[starts.partition_point(|&start| start <= place)].push((*level).to_owned());
            }
            groups.iter_mut().for_each(|group| group.sort_unstable());
            // The middle of the risks is the safest guess for a level never seen.
            Split::Category { unseen: groups.len() / 2, groups }
        }
    };
    tabulate(name, &split, observed, config)
}

/// Where the second and further parts start: a part ends before the cell that would take it further from its share.
fn equal_parts(cells: &[Counts], parts: usize) -> Vec<usize> {
    let total: u64 = cells.iter().map(|cell| cell.total()).sum();
    let share = (total / parts.max(1) as u64).max(LEAST);
    let (mut starts, mut held, mut left) = (Vec::new(), 0u64, total);
    for (place, cell) in cells.iter().enumerate() {
        let with = held + cell.total();
        let overshoots = with > share && with - share > share.saturating_sub(held);
        if held >= LEAST && overshoots && left >= LEAST && starts.len() + 1 < parts {
            starts.push(place);
            held = 0;
        }
        held += cell.total();
        left -= cell.total();
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Cell;

    #[test]
    fn parts_are_about_equal_and_never_cut_a_value() {
        let rows = [3u64, 3, 50, 3, 3, 3, 3, 3, 20, 1, 1];
        let cells: Vec<Cell> = rows
            .iter()
            .enumerate()
            .map(|(i, &n)| Cell {
                value: i as f64,
                counts: Counts { non_events: (n - n / 3) * WEIGHT_ONE, events: n / 3 * WEIGHT_ONE },
            })
            .collect();
        let observed =
            Observed { values: Values::Numeric { cells: &cells, exact: true }, special: &[], missing: Counts::default() };
        let bins = fine("x", &observed, 6, &BinningConfig::default()).unwrap();
        assert_eq!(bins.split, Split::Numeric { cuts: vec![2.0, 3.0, 8.0] });
        assert_eq!(bins.bins.iter().map(|bin| bin.events + bin.non_events).sum::<f64>(), 93.0);
    }
}
