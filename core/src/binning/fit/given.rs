//! The bins of a split that is given: counted, not searched.

use super::super::bins::{Bin, Certificate, FeatureBins, Split};
use super::super::config::BinningConfig;
use super::super::optimum::checked_sum;
use super::super::table::{information_value, rows, woe};
use super::super::{Observed, Values};
use super::total;
use crate::error::{Error, Problem, Result};
use crate::stats::Counts;

/// The bins of the feature called `name` between the borders or in the groups of `split`, exactly as given: limits
/// and trend are not asked. The certificate claims no more than the value that is reached.
///
/// A cell of several values that a cut divides is counted whole below the cut.
///
/// # Errors
/// `InvalidData` when split and values are not of one kind, `InsufficientData` when there is no event or no non-event
/// at all, or a bin of one class and no smoothing.
pub(in crate::binning) fn tabulate(
    name: &str,
    split: &Split,
    observed: &Observed<'_>,
    config: &BinningConfig,
) -> Result<FeatureBins> {
    let all = total(observed)?;
    let ordinary = ordinary(split, observed)?.into_iter().enumerate().map(|(k, counts)| (split.label(k), counts));
    let special = observed.special.iter().map(|(name, counts)| (format!("special: {name}"), *counts));
    let missing = std::iter::once(("missing".to_owned(), observed.missing));
    let bins = ordinary.chain(special).chain(missing).map(|(label, counts)| row(label, counts, all, config.smoothing));
    let bins: Vec<Bin> = bins.collect::<Result<_>>()?;
    let iv = bins.iter().map(|bin| bin.iv).sum();
    let objective = bins.iter().take(split.bins()).map(|bin| bin.iv).sum();
    let exact = !matches!(observed.values, Values::Numeric { exact: false, .. });
    let certificate =
        Certificate { objective, bound: objective, gap: 0.0, candidates: split.bins() - 1, optimal: false, exact, trend: None };
    Ok(FeatureBins { feature: name.to_owned(), split: split.clone(), bins, iv, certificate, edits: Vec::new() })
}

/// The counts of each ordinary bin.
pub(in crate::binning) fn ordinary(split: &Split, observed: &Observed<'_>) -> Result<Vec<Counts>> {
    let mut bins = vec![Counts::default(); split.bins()];
    let mut add = |bin: usize, counts: Counts| -> Result<()> {
        if let Some(sum) = bins.get_mut(bin) {
            *sum = checked_sum(*sum, counts)?;
        }
        Ok(())
    };
    match (split, observed.values) {
        (Split::Numeric { cuts }, Values::Numeric { cells, .. }) => {
            for cell in cells {
                add(cuts.partition_point(|cut| *cut <= cell.value), cell.counts)?;
            }
        }
        (Split::Category { groups, unseen }, Values::Category { levels }) => {
            let mut known: Vec<(&str, usize)> =
                groups.iter().enumerate().flat_map(|(bin, group)| group.iter().map(move |level| (level.as_str(), bin))).collect();
            known.sort_unstable();
            for (level, counts) in levels {
                let found = known.binary_search_by(|(name, _)| name.cmp(level)).ok();
                add(found.and_then(|at| known.get(at)).map_or(*unseen, |(_, bin)| *bin), *counts)?;
            }
        }
        _ => {
            return Err(Error::data(Problem::new(
                "cuts were given for levels, or groups for numbers",
                "give cuts for numbers and groups for levels",
            )));
        }
    }
    Ok(bins)
}

fn row(label: String, counts: Counts, all: Counts, smoothing: f64) -> Result<Bin> {
    let (Some(woe), Some(iv)) = (woe(counts, all, smoothing), information_value(counts, all, smoothing)) else {
        let remedy = "set binning.smoothing above 0, or leave the feature out";
        return Err(Error::insufficient(Problem::new("a bin holds one class only, and nothing is smoothed", remedy)));
    };
    Ok(Bin {
        label,
        share: counts.total() as f64 / all.total() as f64,
        non_events: rows(counts.non_events),
        events: rows(counts.events),
        event_rate: counts.event_rate(),
        woe,
        iv,
    })
}
