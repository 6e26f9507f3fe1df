//! From bins and a change to the bins after it.

use super::{BinEdit, EditRecord, EditRequest};
use crate::binning::bins::{Bin, Certificate, FeatureBins, Split};
use crate::binning::config::{BinningConfig, Direction, Shape};
use crate::binning::fit::{ordinary, tabulate};
use crate::binning::optimum::by_rate;
use crate::binning::{Observed, readable};
use crate::error::{Error, Problem, Result};

/// The most ordinary bins, as in [`BinningConfig::max_bins`].
const MOST_BINS: usize = 20;

/// The bins after `edit`, counted anew; bins that it does not touch keep their numbers, a weight of evidence set by
/// hand among them. The log stays as it was.
pub(in crate::binning) fn revised(
    bins: &FeatureBins,
    observed: &Observed<'_>,
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
            let split = by_event_rate(split(bins, observed, config, edit)?, observed)?;
            if split.bins() > MOST_BINS {
                return Err(refused("there may be at most 20 ordinary bins", "merge others first"));
            }
            if ordinary(&split, observed)?.iter().any(|counts| counts.total() == 0) {
                return Err(refused("a bin would hold no rows of the training", "cut or group where there are rows"));
            }
            let mut after = tabulate(&bins.feature, &split, observed, config)?;
            keep_untouched(bins, &mut after);
            after
        }
    };
    if after.split == bins.split && after.bins == bins.bins {
        let nothing = refused("the edit changes nothing", "leave it out");
        return if matches!(edit, BinEdit::Readable { .. }) { Ok(bins.clone()) } else { Err(nothing) };
    }
    let objective = after.certificate.objective;
    let bound = bins.certificate.bound.max(objective);
    let trend = direction(&after).map(Shape::from);
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

/// The first of two neighbouring numeric bins that go against the trend, in event rate or weight of evidence.
fn broken(bins: &FeatureBins, trend: Direction) -> Option<usize> {
    pairs(bins).position(|pair| against(pair, trend))
}

/// As [`broken`], but not the neighbours that stood side by side and went against the trend before.
pub(super) fn newly_broken(before: &FeatureBins, after: &FeatureBins, trend: Direction) -> Option<usize> {
    pairs(after).position(|pair| against(pair, trend) && !pairs(before).any(|known| known == pair))
}

fn pairs(bins: &FeatureBins) -> impl Iterator<Item = &[Bin]> {
    let numeric = matches!(bins.split, Split::Numeric { .. });
    bins.bins.windows(2).take(if numeric { bins.ordinary().saturating_sub(1) } else { 0 })
}

fn against(pair: &[Bin], trend: Direction) -> bool {
    let [lower, upper] = pair else { return false };
    match trend {
        Direction::Increasing => lower.event_rate >= upper.event_rate || lower.woe <= upper.woe,
        Direction::Decreasing => lower.event_rate <= upper.event_rate || lower.woe >= upper.woe,
    }
}

fn direction(bins: &FeatureBins) -> Option<Direction> {
    let numeric = matches!(bins.split, Split::Numeric { .. }) && bins.ordinary() > 1;
    let directions = [Direction::Increasing, Direction::Decreasing];
    directions.into_iter().find(|direction| numeric && broken(bins, *direction).is_none())
}

fn split(bins: &FeatureBins, observed: &Observed<'_>, config: &BinningConfig, edit: &BinEdit) -> Result<Split> {
    match (&bins.split, edit) {
        (Split::Numeric { cuts }, BinEdit::Readable { max_iv_loss }) => {
            Ok(Split::Numeric { cuts: readable::rounded(bins, cuts, observed, config, *max_iv_loss)? })
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
                return Err(refused("the group does not exist, or there are 20 already", "count the groups from 0"));
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

fn keep_untouched(before: &FeatureBins, after: &mut FeatureBins) {
    let special = before.bins.iter().skip(before.ordinary()).cloned().collect::<Vec<_>>();
    let (old, new) = (&before.split, &after.split);
    for k in 0..new.bins() {
        let same = (0..old.bins()).find(|&j| extent(old, j) == extent(new, k));
        if let (Some(kept), Some(bin)) = (same.and_then(|j| before.bins.get(j)), after.bins.get_mut(k)) {
            *bin = Bin { label: std::mem::take(&mut bin.label), ..kept.clone() };
        }
    }
    after.bins.iter_mut().skip(after.split.bins()).zip(special).for_each(|(bin, kept)| *bin = kept);
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
