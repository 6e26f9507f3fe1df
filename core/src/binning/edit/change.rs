//! From bins and a change to the bins after it.

use super::{BinEdit, EditRecord, EditRequest};
use crate::binning::bins::{Certificate, FeatureBins, Split};
use crate::binning::config::{BinningConfig, Shape, Trend};
use crate::binning::fit::{ordinary, tabulate};
use crate::binning::optimum::by_rate;
use crate::binning::{Observed, PeriodCounts, readable};
use crate::error::{Error, Problem, Result};

/// The most ordinary bins: codes of bins stay below 64.
const MOST_BINS: usize = 63;

/// The bins after `edit`, counted anew. A weight of evidence set by hand stays with a bin that the edit does not touch.
/// The log stays as it was.
pub(in crate::binning) fn revised(
    bins: &FeatureBins,
    observed: &Observed<'_>,
    periods: &[PeriodCounts<'_>],
    config: &BinningConfig,
    edit: &BinEdit,
) -> Result<FeatureBins> {
    let mut after = match edit {
        BinEdit::SetWoe { bin, woe } => {
            let mut after = bins.clone();
            let named = after.bins.get_mut(*bin).ok_or_else(|| refused("the bin does not exist", "count the bins from 0"))?;
            named.woe = *woe;
            after
        }
        _ => {
            let split = by_event_rate(split(bins, observed, periods, config, edit)?, observed)?;
            if split.bins() > MOST_BINS {
                return Err(refused("there may be at most 63 ordinary bins", "merge others first"));
            }
            if ordinary(&split, observed)?.iter().any(|counts| counts.total() == 0) {
                return Err(refused("a bin would hold no rows of the training", "cut or group where there are rows"));
            }
            let mut after = tabulate(&bins.feature, &split, observed, config)?;
            let counted = tabulate(&bins.feature, &bins.split, observed, config)?;
            keep_by_hand(bins, &counted, &mut after);
            after
        }
    };
    if after.split == bins.split && after.bins == bins.bins {
        let nothing = refused("the edit changes nothing", "leave it out");
        return if matches!(edit, BinEdit::Readable { .. }) { Ok(bins.clone()) } else { Err(nothing) };
    }
    let objective = after.certificate.objective;
    let bound = bins.certificate.bound.max(objective);
    let trend = after.certificate.trend;
    // The bound holds for bins within the settings; nobody proved that the edited ones are the best of anything.
    after.certificate =
        Certificate { objective, bound, gap: bound - objective, optimal: false, trend, ..bins.certificate.clone() };
    after.edits = bins.edits.clone();
    Ok(after)
}

/// `after` with the change written into its log.
pub(in crate::binning) fn logged(before: &FeatureBins, mut after: FeatureBins, request: EditRequest) -> FeatureBins {
    after.edits.push(EditRecord {
        request,
        iv_before: before.iv,
        iv_after: after.iv,
        objective_before: before.certificate.objective,
        objective_after: after.certificate.objective,
    });
    after
}

/// The first of two neighbours that go against `trend` after an edit and did not stand so side by side before.
pub(super) fn newly_broken(before: &FeatureBins, after: &FeatureBins, trend: Trend) -> Option<usize> {
    let pair = |bins: &FeatureBins, k: usize| [bins.bins.get(k).cloned(), bins.bins.get(k + 1).cloned()];
    let known: Vec<_> = broken(before, trend).into_iter().map(|k| pair(before, k)).collect();
    broken(after, trend).into_iter().find(|&k| !known.contains(&pair(after, k)))
}

/// The numeric bins whose step to the next goes against `trend`, in event rate or weight of evidence.
fn broken(bins: &FeatureBins, trend: Trend) -> Vec<usize> {
    let numeric = matches!(bins.split, Split::Numeric { .. });
    let ordinary = bins.bins.get(..bins.ordinary()).unwrap_or_default();
    // Weights of evidence follow the order of the event rates, not the size of the steps.
    let of_woe = if matches!(trend, Trend::Concave | Trend::Convex) { Trend::None } else { trend };
    let rate: Vec<f64> = ordinary.iter().map(|bin| bin.event_rate).collect();
    let risk: Vec<f64> = ordinary.iter().map(|bin| -bin.woe).collect();
    let (rate, risk) = (against(&rate, trend), against(&risk, of_woe));
    (0..ordinary.len().saturating_sub(1)).filter(|k| numeric && (rate.contains(k) || risk.contains(k))).collect()
}

/// The places k at which the step from `risk[k]` to the next goes against `trend`.
fn against(risk: &[f64], trend: Trend) -> Vec<usize> {
    let steps: Vec<f64> = risk.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let before = |k: usize, wrong: fn(f64) -> bool| steps.iter().take(k).any(|step| wrong(*step));
    // Equal steps may come out differently in the last digits.
    let bend = |k: usize| steps[k] - steps[k.saturating_sub(1)];
    let wrong = |k: &usize| match trend {
        Trend::Auto | Trend::Monotonic | Trend::None => false,
        Trend::Increasing => steps[*k] <= 0.0,
        Trend::Decreasing => steps[*k] >= 0.0,
        Trend::Peak => steps[*k] == 0.0 || (steps[*k] > 0.0 && before(*k, |step| step < 0.0)),
        Trend::Valley => steps[*k] == 0.0 || (steps[*k] < 0.0 && before(*k, |step| step > 0.0)),
        Trend::Concave => bend(*k) > 1e-12,
        Trend::Convex => bend(*k) < -1e-12,
    };
    (0..steps.len()).filter(wrong).collect()
}

/// The trend that edits keep: the declared one, or, where that was left open, the one that was found.
pub(in crate::binning) fn declared(bins: &FeatureBins, config: &BinningConfig) -> Trend {
    match (config.trend, bins.certificate.trend) {
        (Trend::Auto | Trend::Monotonic, Some(Shape::Increasing)) => Trend::Increasing,
        (Trend::Auto | Trend::Monotonic, Some(Shape::Decreasing)) => Trend::Decreasing,
        (Trend::Auto, Some(Shape::Peak)) => Trend::Peak,
        (Trend::Auto, Some(Shape::Valley)) => Trend::Valley,
        (declared, _) => declared,
    }
}

fn split(
    bins: &FeatureBins,
    observed: &Observed<'_>,
    periods: &[PeriodCounts<'_>],
    config: &BinningConfig,
    edit: &BinEdit,
) -> Result<Split> {
    match (&bins.split, edit) {
        (Split::Numeric { cuts }, BinEdit::Readable { max_iv_loss }) => {
            Ok(Split::Numeric { cuts: readable::rounded(bins, cuts, observed, periods, config, *max_iv_loss)? })
        }
        (Split::Numeric { cuts }, edit) => Ok(Split::Numeric { cuts: recut(cuts, edit)? }),
        (Split::Category { groups, unseen }, edit) => regroup(groups, *unseen, edit),
    }
}

fn recut(cuts: &[f64], edit: &BinEdit) -> Result<Vec<f64>> {
    let mut cuts = cuts.to_vec();
    // Adding 0 turns −0 into 0.
    match edit {
        BinEdit::Merge { from, to } if from < to && *to <= cuts.len() => {
            cuts.drain(from..to);
        }
        BinEdit::Merge { .. } => return Err(refused("the bins to merge do not exist", "count the ordinary bins from 0")),
        BinEdit::Split { at } => {
            let place = cuts.partition_point(|cut| cut < at);
            if cuts.get(place) == Some(at) {
                return Err(refused("there is a cut already", "cut at another value"));
            }
            cuts.insert(place, at + 0.0);
        }
        BinEdit::MoveCut { cut, to } => {
            let above = cut.checked_sub(1).and_then(|before| cuts.get(before)).is_none_or(|before| before < to);
            let below = cuts.get(cut + 1).is_none_or(|after| to < after);
            match cuts.get_mut(*cut) {
                Some(moved) if above && below => *moved = to + 0.0,
                Some(_) => return Err(refused("a cut may not pass its neighbours", "merge bins, then split where you want")),
                None => return Err(refused("the cut does not exist", "count the cuts from 0")),
            }
        }
        _ => return Err(refused("levels can be moved in a category only", "merge, split or move a cut")),
    }
    Ok(cuts)
}

fn regroup(groups: &[Vec<String>], unseen: usize, edit: &BinEdit) -> Result<Split> {
    let mut groups = groups.to_vec();
    let mut unseen = unseen;
    match edit {
        BinEdit::Merge { from, to } if from < to && *to < groups.len() => {
            let joined: Vec<String> = groups.drain(from + 1..=*to).flatten().collect();
            if let Some(first) = groups.get_mut(*from) {
                first.extend(joined);
            }
            unseen = if unseen > *to { unseen - (to - from) } else { unseen.min(*from) };
        }
        BinEdit::Merge { .. } => return Err(refused("the groups to merge do not exist", "count the groups from 0")),
        BinEdit::MoveLevels { levels, to } => {
            let to = to.unwrap_or(groups.len());
            if to > groups.len() || (to == groups.len() && groups.len() >= MOST_BINS) {
                return Err(refused("the group does not exist, or there are 63 already", "count the groups from 0"));
            }
            groups.iter_mut().for_each(|group| group.retain(|level| !levels.contains(level)));
            groups.resize_with(groups.len().max(to + 1), Vec::new);
            if let Some(group) = groups.get_mut(to) {
                group.extend(levels.iter().cloned());
            }
            if groups.get(unseen).is_some_and(Vec::is_empty) {
                unseen = to;
            }
            unseen -= groups.iter().take(unseen).filter(|group| group.is_empty()).count();
            groups.retain(|group| !group.is_empty());
        }
        BinEdit::PlaceUnseen { to } if *to < groups.len() => unseen = *to,
        BinEdit::PlaceUnseen { .. } => return Err(refused("the group does not exist", "count the groups from 0")),
        _ => return Err(refused("a category has no cuts", "merge groups or move levels")),
    }
    groups.iter_mut().for_each(|group| group.sort_unstable());
    Ok(Split::Category { groups, unseen })
}

/// Puts groups in order of event rate, equal ones by their levels.
fn by_event_rate(split: Split, observed: &Observed<'_>) -> Result<Split> {
    let counts = ordinary(&split, observed)?;
    let Split::Category { groups, unseen } = split else { return Ok(split) };
    let mut order: Vec<_> = groups.into_iter().zip(counts).enumerate().collect();
    order.sort_by(|(_, (levels, a)), (_, (others, b))| by_rate(*a, *b).then_with(|| levels.cmp(others)));
    let unseen = order.iter().position(|(before, _)| *before == unseen).unwrap_or(0);
    Ok(Split::Category { groups: order.into_iter().map(|(_, (levels, _))| levels).collect(), unseen })
}

/// Weights of evidence that are not those of the counts were set by hand.
fn keep_by_hand(before: &FeatureBins, counted: &FeatureBins, after: &mut FeatureBins) {
    let ordinary = before.ordinary();
    for (k, (bin, _)) in before.bins.iter().zip(&counted.bins).enumerate().filter(|(_, (bin, counted))| bin.woe != counted.woe) {
        let place = match k.checked_sub(ordinary) {
            Some(special) => Some(after.ordinary() + special),
            None => (0..after.ordinary()).find(|&j| extent(&after.split, j) == extent(&before.split, k)),
        };
        if let Some(kept) = place.and_then(|place| after.bins.get_mut(place)) {
            kept.woe = bin.woe;
        }
    }
}

/// What belongs to an ordinary bin.
fn extent(split: &Split, bin: usize) -> (Option<f64>, Option<f64>, &[String]) {
    match split {
        Split::Numeric { cuts } => (bin.checked_sub(1).and_then(|lower| cuts.get(lower)).copied(), cuts.get(bin).copied(), &[]),
        Split::Category { groups, .. } => (None, None, groups.get(bin).map_or(&[], Vec::as_slice)),
    }
}

pub(super) fn refused(what: &str, remedy: &str) -> Error {
    Error::config(Problem::new(what, remedy))
}
