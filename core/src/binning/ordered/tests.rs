//! The found bins against all bins there are.

use proptest::prelude::*;

use super::programme::Candidates;
use super::*;

/// Cells of (weight, sum), whose bins are worth sum² / weight; a second level is the mean of the places.
struct Squares {
    borders: Vec<(u64, i64, u64)>,
    least: u64,
}

impl Squares {
    fn new(cells: &[(u64, i64)], least: u64) -> Self {
        let mut sum = (0, 0, 0);
        let mut borders = vec![sum];
        for (place, (weight, total)) in cells.iter().enumerate() {
            sum = (sum.0 + weight, sum.1 + total, sum.2 + weight * (place as u64 % 3));
            borders.push(sum);
        }
        Squares { borders, least }
    }
}

impl Measure for Squares {
    fn end(&self) -> usize {
        self.borders.len() - 1
    }

    fn weight_before(&self, border: usize) -> u64 {
        self.borders[border].0
    }

    fn value(&self, from: usize, to: usize) -> f64 {
        let (a, b) = (self.borders[from], self.borders[to]);
        (b.1 - a.1) as f64 * (b.1 - a.1) as f64 / (b.0 - a.0) as f64
    }

    fn holds(&self, from: usize, to: usize) -> bool {
        self.borders[to].0 - self.borders[from].0 >= self.least
    }

    fn level(&self, index: usize, from: usize, to: usize) -> f64 {
        let (a, b) = (self.borders[from], self.borders[to]);
        let sum = if index == 0 { (b.1 - a.1) as f64 } else { (b.2 - a.2) as f64 };
        sum / (b.0 - a.0) as f64
    }
}

fn value(measure: &impl Measure, cuts: &[usize]) -> f64 {
    bins(cuts, measure.end()).into_iter().map(|(from, to)| measure.value(from, to)).sum()
}

/// Whether the bins keep the rules, by the words of [`Order`]: up to some place in one direction, from there on in the other.
fn keeps(measure: &impl Measure, rules: &Rules, cuts: &[usize]) -> bool {
    let bins = bins(cuts, measure.end());
    let turns = 0..bins.len();
    let one_turn = |turn: usize| {
        rules.orders.iter().enumerate().all(|(index, order)| {
            let levels: Vec<f64> = bins.iter().map(|&(from, to)| measure.level(index, from, to)).collect();
            levels.windows(2).enumerate().all(|(at, pair)| {
                let up = |direction| (direction == Direction::Increasing) == (pair[0] < pair[1]);
                let ordered = match *order {
                    Order::Free => true,
                    Order::Monotone(direction) => pair[0] != pair[1] && up(direction),
                    Order::Turning(direction) => pair[0] != pair[1] && up(direction) == (at < turn),
                };
                ordered && (pair[1] - pair[0]).abs() >= rules.min_difference
            })
        })
    };
    bins.iter().all(|&(from, to)| measure.holds(from, to)) && turns.into_iter().any(one_turn)
}

/// Tries every set of cuts.
fn brute_force(measure: &impl Measure, rules: &Rules) -> Option<f64> {
    let inner = measure.end() - 1;
    (0u32..1 << inner)
        .filter(|set| (set.count_ones() as usize) < rules.max_bins)
        .map(|set| (1..=inner).filter(|cut| set >> (cut - 1) & 1 == 1).collect::<Vec<usize>>())
        .filter(|cuts| keeps(measure, rules, cuts))
        .map(|cuts| value(measure, &cuts))
        .max_by(f64::total_cmp)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + b.abs())
}

fn cells(most: usize) -> impl Strategy<Value = Vec<(u64, i64)>> {
    prop::collection::vec((1u64..12, -20i64..20), 2..=most)
}

fn orders() -> impl Strategy<Value = Vec<Order>> {
    let direction = || prop_oneof![Just(Direction::Increasing), Just(Direction::Decreasing)];
    let one = move || prop_oneof![Just(Order::Free), direction().prop_map(Order::Monotone), direction().prop_map(Order::Turning)];
    prop_oneof![3 => one().prop_map(|order| vec![order]), 1 => (one(), one()).prop_map(|(a, b)| vec![a, b])]
}

proptest! {
    #[test]
    fn the_found_bins_are_the_best_of_all(
        cells in cells(10), max_bins in 2usize..6, least in 0u64..20, orders in orders(), gap in prop_oneof![Just(0.0), 0.0..2.0f64]
    ) {
        let measure = Squares::new(&cells, least);
        let rules = Rules { max_bins, orders, min_difference: gap };
        let found = solve(&measure, &rules);
        prop_assert!(found.optimal);
        match brute_force(&measure, &rules) {
            Some(best) => {
                prop_assert!(close(found.value, best), "{found:?} {best}");
                prop_assert!(close(value(&measure, &found.cuts), best) && keeps(&measure, &rules, &found.cuts));
                prop_assert!(found.bound.unwrap() >= best * (1.0 - 1e-12));
            }
            None => prop_assert!(found.cuts.is_empty()),
        }
    }

    /// A trend, no limit but the number of bins: all cuts of the best bins lie on the hull.
    #[test]
    fn without_size_limits_the_hull_gives_the_best(cells in cells(11), max_bins in 2usize..6, rising in any::<bool>()) {
        let measure = Squares::new(&cells, 0);
        let direction = if rising { Direction::Increasing } else { Direction::Decreasing };
        let vertices = hull(&measure, &allowed(&measure), direction);
        let (cuts, reached) = best_cuts(&measure, &vertices, max_bins);
        let rules = Rules { max_bins, orders: vec![Order::Monotone(direction)], min_difference: 0.0 };
        prop_assert!(keeps(&measure, &rules, &cuts));
        prop_assert!(close(reached, brute_force(&measure, &rules).unwrap()));
    }

    #[test]
    fn the_relaxed_problem_bounds_all_bins_whatever_the_candidates(
        cells in cells(11), max_bins in 2usize..6, least in 0u64..20, picks in prop::collection::vec(any::<bool>(), 11)
    ) {
        let measure = Squares::new(&cells, least);
        let allowed = allowed(&measure);
        prop_assume!(!allowed.is_empty());
        let mut borders: Vec<usize> = allowed.clone().filter(|cut| picks[*cut]).collect();
        borders.extend([0, *allowed.start(), *allowed.end(), measure.end()]);
        borders.sort_unstable();
        borders.dedup();
        let rules = Rules { max_bins, orders: vec![Order::Free], min_difference: 0.0 };
        if let Some(best) = brute_force(&measure, &rules) {
            prop_assert!(bound::relaxed(&measure, &borders, max_bins) >= best * (1.0 - 1e-12));
        }
    }
}

/// Cells along a wave with noise from a fixed sequence (Knuth's MMIX constants).
fn wave(count: usize) -> Vec<(u64, i64)> {
    let mut state = 7u64;
    (0..count)
        .map(|i| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let place = i as f64 / count as f64;
            let wave = (place - 0.35) * (place - 0.35) * 400.0 - 40.0;
            (1 + (state >> 60), wave as i64 + ((state >> 33) % 41) as i64 - 20)
        })
        .collect()
}

#[test]
fn chosen_candidates_come_close_to_all_candidates_and_the_bound_holds() {
    let cells = wave(420);
    let total: u64 = cells.iter().map(|cell| cell.0).sum();
    let measure = Squares::new(&cells, total / 12);
    for order in
        [Order::Monotone(Direction::Increasing), Order::Turning(Direction::Decreasing), Order::Turning(Direction::Increasing)]
    {
        let rules = Rules { max_bins: 6, orders: vec![order], min_difference: 0.0 };
        let (_, best) = Candidates::new(&measure, (0..=measure.end()).collect(), &rules).best_cuts(&rules).unwrap();
        let found = solve(&measure, &rules);
        assert!(found.candidates < measure.end() - 1, "few cuts must be tried");
        assert!(found.value <= best * (1.0 + 1e-12) && found.bound.unwrap() >= best * (1.0 - 1e-12));
        assert!(best - found.value < 1e-3 * best, "{order:?}: {} of {best}", found.value);
    }
}

#[test]
fn long_curves_without_a_trend_have_a_near_bound() {
    let cells = wave(3_000);
    let total: u64 = cells.iter().map(|cell| cell.0).sum();
    let measure = Squares::new(&cells, total / 20);
    let found = solve(&measure, &Rules { max_bins: 6, orders: vec![Order::Free], min_difference: 0.0 });
    let gap = found.bound.unwrap() / found.value - 1.0;
    assert!(!found.optimal && (0.0..0.02).contains(&gap), "{gap}");
}

#[test]
fn nothing_to_cut_gives_one_bin() {
    for cells in [vec![], vec![(3, 4)], vec![(1, 2), (1, 3)]] {
        let found = solve(&Squares::new(&cells, 2), &Rules { max_bins: 5, orders: vec![Order::Free], min_difference: 0.0 });
        assert!(found.cuts.is_empty() && found.optimal && found.value.is_finite());
    }
}
