//! The best bins in any order: what every trend is bounded by.

use std::ops::RangeInclusive;

use super::curve::{Curve, by_rate};
use super::grouped::{self, Grouped};
use crate::binning::config::{Direction, Limits};
use crate::error::Result;
use crate::stats::Counts;

/// Groups of cells that the search begins with.
const GROUPS: u64 = 64;

/// What no bins within the sizes exceed, and the cuts that reach it, where they were found; `None` when not even one row
/// of bins is within the sizes.
pub(super) fn bound(
    curve: &Curve,
    allowed: &RangeInclusive<usize>,
    limits: &Limits,
) -> Result<Option<(f64, Option<Vec<usize>>)>> {
    Ok(match grouped::best(curve, allowed, limits, GROUPS) {
        Grouped::Reached { value, cuts } => Some((value, Some(cuts))),
        Grouped::Bound(value) => Some((value, None)),
        Grouped::Impossible => None,
        Grouped::Unknown => sorted_bound(curve, limits)?.map(|value| (value, None)),
    })
}

/// What no grouping of the cells within the sizes exceeds, whatever their order.
///
/// Ordered by event rate, the bins of a grouping are a convex path within the region whose border is the path of the
/// cells in order of rate. The first bin holds the least sizes, so its rate is at least that of the part of the border
/// path that just holds them (a cell may be divided there), and the last bin likewise. With both parts joined to one
/// cell the border is finite, and the best vertices of it bound every path within.
pub(super) fn sorted_bound(curve: &Curve, limits: &Limits) -> Result<Option<f64>> {
    let mut cells: Vec<Counts> = (0..curve.end()).map(|cell| curve.bin(cell, cell + 1)).collect();
    cells.sort_by(|a, b| by_rate(*a, *b));
    let swapped = Limits { events: limits.non_events, non_events: limits.events, ..*limits };
    let (Some((first, rest)), Some((last, _))) = (least_part(cells.clone(), limits), least_part(mirrored(cells), &swapped))
    else {
        return Ok(None);
    };
    let last = Counts { non_events: last.events, events: last.non_events };
    let Some((_, inner)) = least_part(mirrored(rest), &swapped) else {
        // The two parts overlap: the path of both of them lies outside of every other.
        return Ok(Some(curve.value(first) + curve.value(last)));
    };
    let cells = [first].into_iter().chain(mirrored(inner)).chain([last]).collect();
    let sorted = curve.of_cells(cells)?;
    let vertices = sorted.hull(&(1..=sorted.end() - 1), Direction::Increasing);
    Ok(Some(sorted.best_cuts(&vertices, limits.max_bins).1))
}

/// The cells in reverse order with events and non-events exchanged: again in order of event rate.
fn mirrored(cells: Vec<Counts>) -> Vec<Counts> {
    cells.into_iter().rev().map(|cell| Counts { non_events: cell.events, events: cell.non_events }).collect()
}

/// The least first part of cells of rising rate that is large enough, and the cells that are left of it.
fn least_part(cells: Vec<Counts>, limits: &Limits) -> Option<(Counts, Vec<Counts>)> {
    let mut part = Counts::default();
    for (place, cell) in cells.iter().enumerate() {
        let whole = Counts { non_events: part.non_events + cell.non_events, events: part.events + cell.events };
        if !limits.enough(whole) {
            part = whole;
            continue;
        }
        let share = |need: u64, have: u64, of: u64| if need > have { (need - have) as f64 / of as f64 } else { 0.0 };
        let total = share(limits.total, part.total(), cell.total());
        let needed =
            share(limits.events, part.events, cell.events).max(share(limits.non_events, part.non_events, cell.non_events));
        let taken = needed.max(total).min(1.0);
        // Rounded so that the rate of the part is not higher.
        let events = ((taken * cell.events as f64).floor() as u64).max(limits.events.saturating_sub(part.events));
        let non_events = (taken * cell.non_events as f64).ceil() as u64;
        let (events, non_events) = (events.min(cell.events), non_events.min(cell.non_events));
        let rest = Counts { non_events: cell.non_events - non_events, events: cell.events - events };
        let behind = [rest].into_iter().filter(|rest| rest.total() > 0).chain(cells[place + 1..].iter().copied());
        return Some((Counts { non_events: part.non_events + non_events, events: part.events + events }, behind.collect()));
    }
    None
}
