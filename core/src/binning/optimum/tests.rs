//! The found bins against all bins there are.

use proptest::prelude::*;

mod trends;

use super::*;
use crate::binning::table::Objective;
use crate::data::WEIGHT_ONE;
use crate::stats::Counts;

const DIRECTIONS: [(Direction, Trend); 2] =
    [(Direction::Increasing, Trend::Increasing), (Direction::Decreasing, Trend::Decreasing)];

fn counts(non_events: u64, events: u64) -> Counts {
    Counts { non_events: non_events * WEIGHT_ONE, events: events * WEIGHT_ONE }
}

fn curve(cells: &[(u64, u64)]) -> (Curve, Counts) {
    let mut all = counts(3, 2);
    cells.iter().for_each(|(non_events, events)| all.add(counts(*non_events, *events)));
    let filled = cells.iter().filter(|cell| cell.0 + cell.1 > 0).map(|cell| counts(cell.0, cell.1));
    (Curve::new(filled.collect::<Vec<_>>().into_iter(), all, Objective::InformationValue).unwrap(), all)
}

fn limits(max_bins: usize, total: u64, events: u64, non_events: u64) -> Limits {
    let units = |rows: u64| (rows * WEIGHT_ONE).max(1);
    Limits {
        min_bins: 1,
        max_bins,
        total: units(total),
        level: 0,
        most: u64::MAX,
        events: units(events),
        non_events: units(non_events),
        difference: 0.0,
        z_squared: 0.0,
        stable: false,
        smoothing: 0.0.into(),
    }
}

fn value(curve: &Curve, cuts: &[usize]) -> f64 {
    curve.bins(cuts).iter().map(|bin| curve.value(*bin)).sum()
}

/// Tries every set of cuts.
fn brute_force(curve: &Curve, limits: &Limits, direction: Direction) -> Option<f64> {
    let inner = curve.end().saturating_sub(1);
    let mut best = None;
    for set in 0u32..1 << inner {
        if set.count_ones() as usize >= limits.max_bins {
            continue;
        }
        let cuts: Vec<usize> = (1..=inner).filter(|cut| set >> (cut - 1) & 1 == 1).collect();
        let bins = curve.bins(&cuts);
        let trend = bins.windows(2).all(|pair| direction.order(pair[0], pair[1]).is_lt());
        if trend && bins.iter().all(|bin| limits.hold(*bin)) {
            best = best.max(Some(ordered(value(curve, &cuts))));
        }
    }
    best.map(f64::from_bits)
}

/// Values are not negative, so that their bits are ordered as they are.
fn ordered(value: f64) -> u64 {
    assert!(value >= 0.0);
    value.to_bits()
}

fn cells(most: usize) -> impl Strategy<Value = Vec<(u64, u64)>> {
    proptest::collection::vec((0u64..12, 0u64..8), 2..=most)
}

proptest! {
    #[test]
    fn without_size_limits_the_hull_gives_the_best_of_all_bins(cells in cells(11), max_bins in 2usize..6) {
        let (curve, _) = curve(&cells);
        let limits = limits(max_bins, 0, 0, 0);
        for (direction, trend) in DIRECTIONS {
            let found = solve(&curve, &limits, trend).unwrap();
            prop_assert!(found.optimal);
            match brute_force(&curve, &limits, direction) {
                Some(best) => {
                    prop_assert!((value(&curve, &found.cuts) - best).abs() < 1e-12);
                    if let Some(bound) = found.bound {
                        prop_assert!((bound - best).abs() < 1e-12);
                    }
                }
                None => prop_assert!(found.cuts.is_empty()),
            }
        }
    }

    #[test]
    fn under_limits_the_programme_gives_the_best_of_all_bins(
        cells in cells(11), max_bins in 2usize..6, total in 0u64..30, events in 0u64..8, non_events in 0u64..8
    ) {
        let (curve, _) = curve(&cells);
        let limits = limits(max_bins, total, events, non_events);
        let mut best_of_both: Option<f64> = None;
        for (direction, trend) in DIRECTIONS {
            let found = solve(&curve, &limits, trend).unwrap();
            prop_assert!(found.optimal);
            let Some(best) = brute_force(&curve, &limits, direction) else {
                prop_assert!(found.cuts.is_empty());
                continue;
            };
            best_of_both = Some(best_of_both.map_or(best, |other| other.max(best)));
            if found.bound.is_some() || !found.cuts.is_empty() {
                let bins = curve.bins(&found.cuts);
                prop_assert!(bins.len() <= max_bins && bins.iter().all(|bin| limits.hold(*bin)));
                prop_assert!(bins.windows(2).all(|pair| direction.order(pair[0], pair[1]).is_lt()));
                prop_assert!((value(&curve, &found.cuts) - best).abs() < 1e-12);
                prop_assert!(found.bound.unwrap() >= best - 1e-12);
            }
        }
        if let Some(best) = best_of_both {
            prop_assert!((value(&curve, &solve(&curve, &limits, Trend::Monotonic).unwrap().cuts) - best).abs() < 1e-12);
        }
    }

    #[test]
    fn reversed_cells_reverse_the_trend_and_equal_factors_change_nothing(mut cells in cells(40), factor in 2u64..50) {
        let limits_once = limits(5, 10, 2, 2);
        let (plain, all) = curve(&cells);
        let found = solve(&plain, &limits_once, Trend::Increasing).unwrap();
        // The five rows outside the curve are not scaled, so shares are compared between scaled curves only.
        let scaled: Vec<Counts> = plain.bins(&(1..plain.end()).collect::<Vec<_>>());
        let times = |c: &Counts| Counts { non_events: c.non_events * factor, events: c.events * factor };
        let scaled = Curve::new(scaled.iter().map(times), times(&all), Objective::InformationValue).unwrap();
        let wider = Limits { total: limits_once.total * factor, events: limits_once.events * factor,
            non_events: limits_once.non_events * factor, ..limits_once };
        prop_assert_eq!(&solve(&scaled, &wider, Trend::Increasing).unwrap().cuts, &found.cuts);
        cells.reverse();
        let (mirrored, _) = curve(&cells);
        let turned = solve(&mirrored, &limits_once, Trend::Decreasing).unwrap();
        prop_assert_eq!(turned.bound.is_some(), found.bound.is_some());
        // Without an allowed cut there may be one class only, and no finite value to compare.
        if found.bound.is_some() {
            prop_assert!((value(&mirrored, &turned.cuts) - value(&plain, &found.cuts)).abs() < 1e-12);
        }
    }
}

/// Numbers in [0, below) from a fixed sequence (Knuth's MMIX constants).
fn sequence(mut state: u64) -> impl FnMut(u64) -> u64 {
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

/// Cells whose event rate falls from 0.4 to 0.02, with a hump in the middle.
fn sloping(cells: u64, rows: u64) -> Vec<(u64, u64)> {
    let mut draw = sequence(7);
    (0..cells)
        .map(|i| {
            let place = i as f64 / cells as f64;
            let hump = if (0.4..0.5).contains(&place) { 0.08 } else { 0.0 };
            let rate = 0.02 + 0.38 * (1.0 - place) * (1.0 - place) + hump;
            let events = (0..rows).filter(|_| (draw(1_000_000) as f64) < rate * 1e6).count() as u64;
            (rows - events, events)
        })
        .collect()
}

#[test]
fn chosen_candidates_come_close_to_all_candidates() {
    let (curve, _) = curve(&sloping(1_200, 8));
    for (max_bins, share) in [(6, 1_400), (10, 900), (20, 400)] {
        let limits = limits(max_bins, share, 5, 5);
        let every: Vec<usize> = (0..=curve.end()).collect();
        let (_, best) = sweep::best_cuts(&curve, &every, &limits, Direction::Decreasing).unwrap();
        let found = solve(&curve, &limits, Trend::Decreasing).unwrap();
        let reached = value(&curve, &found.cuts);
        assert!(!found.optimal && found.candidates < curve.end() - 1, "the limits must bind, and few cuts be tried");
        assert!(reached <= best + 1e-12 && best <= found.bound.unwrap() + 1e-12);
        assert!(best - reached < 1e-3 * best, "{max_bins} bins: {reached} of {best}");
    }
}

#[test]
fn halving_agrees_with_the_plain_programme_on_a_long_hull() {
    let cells: Vec<(u64, u64)> = (1..=200).map(|i| (1_000, i * 4 + i * i / 60)).collect();
    let (curve, _) = curve(&cells);
    let limits = limits(9, 0, 0, 0);
    let vertices = curve.hull(&curve.allowed(&limits), Direction::Increasing);
    assert_eq!(vertices.len(), 201);
    for max_bins in 2..=9 {
        let (cuts, reached) = curve.best_cuts(&vertices, max_bins);
        let (_, best) = sweep::best_cuts(&curve, &vertices, &Limits { max_bins, ..limits }, Direction::Increasing).unwrap();
        assert_eq!(cuts.len(), max_bins - 1);
        assert!((reached - best).abs() < 1e-12);
    }
}

#[test]
fn a_flat_or_one_sided_feature_has_one_bin() {
    for cells in [vec![(5, 5); 8], vec![(5, 0); 8], vec![(0, 5); 8], vec![], vec![(0, 0), (4, 4)]] {
        let (curve, _) = curve(&cells);
        let found = solve(&curve, &limits(6, 1, 1, 1), Trend::Auto).unwrap();
        assert!(found.cuts.is_empty());
    }
}
