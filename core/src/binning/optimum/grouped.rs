//! The best bins in any order, from few of many cuts.
//!
//! Cells are taken in groups that hold at most one cut each, as no bin within the sizes lies inside of one. The value of
//! all bins is convex in the counts before the cuts, jointly. So it is highest where each cut is a vertex of the convex
//! hull of the cumulative counts within its group: a cut somewhere in the group, and there are few of them. A programme
//! over these vertices gives the best bins, but that the sizes are asked of the whole groups at both ends of a bin only.
//! Where its best bins break a size, the groups at their ends are divided.

use super::curve::Curve;
use crate::binning::config::{Direction, Limits};
use crate::binning::hull;
use crate::stats::Counts;
use std::ops::RangeInclusive;

/// The most nodes of one programme, which tries every pair of them.
const NODES: usize = 4_200;
/// Pairs that all programmes together may try.
const PAIRS: usize = 1 << 24;
/// Into how many parts a group is divided.
const PARTS: u64 = 4;

/// What is known of the best bins.
pub(super) enum Grouped {
    /// The best cuts.
    Reached { value: f64, cuts: Vec<usize> },
    /// No bins are worth more.
    Bound(f64),
    /// No bins are within the sizes.
    Impossible,
    /// There are too many groups.
    Unknown,
}

/// A cut, with the ends of its group; both are the cut itself where it is known to lie at a border. The borders of a group
/// are vertices of its hull too: as such they stand for any cut of the group when sizes are asked.
struct Node {
    cut: usize,
    low: usize,
    high: usize,
}

/// The best bins, from about `count` groups on.
pub(super) fn best(curve: &Curve, allowed: &RangeInclusive<usize>, limits: &Limits, count: u64) -> Grouped {
    let mut borders = groups(curve, allowed, limits, count);
    let mut bound = None;
    let mut left = PAIRS;
    loop {
        let nodes = nodes(curve, &borders);
        let pairs = nodes.len() * nodes.len() / 2;
        if nodes.len() > NODES || pairs > left {
            return bound.map_or(Grouped::Unknown, Grouped::Bound);
        }
        left -= pairs;
        let Some((path, value)) = best_path(curve, &nodes, limits) else { return Grouped::Impossible };
        let bins = path.windows(2).map(|pair| (&nodes[pair[0]], &nodes[pair[1]]));
        let broken = bins.filter(|(from, to)| !limits.hold(curve.bin(from.cut, to.cut)));
        let divided: Vec<&Node> = broken.flat_map(|(from, to)| [from, to]).filter(|node| node.low < node.high).collect();
        if divided.is_empty() {
            let cuts = path[1..path.len() - 1].iter().map(|node| nodes[*node].cut);
            return Grouped::Reached { value, cuts: cuts.collect() };
        }
        bound = Some(value).filter(|value| value.is_finite()).or(bound);
        for node in divided {
            let (first, last) = (curve.at(node.low).total(), curve.at(node.high).total());
            let step = (last - first) / PARTS;
            borders.extend((1..PARTS).map(|part| curve.at_weight(first + part * step)));
            // Where one cell holds most of the weight.
            borders.push(node.low.midpoint(node.high));
        }
        borders.sort_unstable();
        borders.dedup();
    }
}

/// The borders of about `count` groups of equal weight, and of the cells that no cut can divide off.
fn groups(curve: &Curve, allowed: &RangeInclusive<usize>, limits: &Limits, count: u64) -> Vec<usize> {
    // Groups that are small beside a bin also keep bins apart that would hold one class only.
    let small = if limits.total > 0 { limits.total / 4 } else { u64::MAX };
    let most = (curve.at(curve.end()).total() / count).min(small);
    let mut from = *allowed.start();
    let mut borders = vec![0, from];
    for border in from + 2..=*allowed.end() {
        let group = curve.bin(from, border);
        if group.total() > most || limits.enough(group) {
            from = border - 1;
            borders.push(from);
        }
    }
    borders.extend([*allowed.end(), curve.end()]);
    borders.dedup();
    borders
}

/// All nodes from left to right.
fn nodes(curve: &Curve, borders: &[usize]) -> Vec<Node> {
    let mut nodes = vec![Node { cut: 0, low: 0, high: 0 }];
    for (place, pair) in borders.windows(2).enumerate() {
        let (low, high) = (pair[0], pair[1]);
        // There are no cuts before the first allowed one, nor behind the last one.
        if high - low > 1 && place > 0 && place + 2 < borders.len() {
            let side = |direction: Direction| {
                let rate = |from, to| curve.bin(low + from, low + to);
                let moves = |before, last, border| direction.order(rate(before, last), rate(last, border)).is_lt();
                hull::hull(high - low, &(1..=high - low - 1), moves)
            };
            let mut vertices = side(Direction::Increasing);
            vertices.extend(side(Direction::Decreasing));
            vertices.sort_unstable();
            vertices.dedup();
            nodes.extend(vertices.into_iter().map(|cut| Node { cut: low + cut, low, high }));
        }
        nodes.push(Node { cut: high, low: high, high });
    }
    nodes
}

/// The best path from the first to the last node, both included, and its value. A bin may be within the sizes wherever
/// exactly its groups are divided. Cost: O(K m²) for m nodes.
fn best_path(curve: &Curve, nodes: &[Node], limits: &Limits) -> Option<(Vec<usize>, f64)> {
    let (last, depth) = (nodes.len() - 1, limits.max_bins);
    let mut values = vec![vec![f64::NEG_INFINITY; depth]; nodes.len()];
    let mut from = vec![vec![0usize; depth]; nodes.len()];
    for (end, node) in nodes.iter().enumerate().skip(1) {
        let starts = nodes[..end].partition_point(|start| start.high <= node.low);
        let (done, open) = values.split_at_mut(end);
        let (best, from) = (&mut open[0], &mut from[end]);
        for (start, reached) in done[..starts].iter().enumerate() {
            if !limits.enough(curve.bin(nodes[start].low, node.high)) {
                break;
            }
            if curve.bin(nodes[start].high, node.low).total() > limits.most {
                continue;
            }
            let bin = curve.bin(nodes[start].cut, node.cut);
            let pure = bin.events == 0 || bin.non_events == 0;
            let value = |bin: Counts| if pure { f64::INFINITY } else { curve.value(bin) };
            if start == 0 {
                best[0] = value(bin);
                continue;
            }
            // Most pairs cannot gain anything, and their value need not be known exactly.
            let most = if pure { f64::INFINITY } else { curve.at_most(bin) };
            if best[1..].iter().zip(reached).all(|(best, reached)| reached + most <= *best) {
                continue;
            }
            let value = value(bin);
            for count in 1..depth {
                let sum = reached[count - 1] + value;
                if sum > best[count] {
                    (best[count], from[count]) = (sum, start);
                }
            }
        }
    }
    let mut most: Option<(usize, f64)> = None;
    for (count, &value) in values[last].iter().enumerate().skip(limits.min_bins - 1) {
        if value > most.map_or(f64::NEG_INFINITY, |most| most.1) {
            most = Some((count, value));
        }
    }
    let (count, value) = most?;
    let (mut path, mut end) = (vec![last], last);
    for count in (0..=count).rev() {
        end = from[end][count];
        path.push(end);
    }
    path.reverse();
    Some((path, value))
}
