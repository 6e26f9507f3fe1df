//! Every trend, objective and limit against all sets of cuts, with the demands written down a second time.

use proptest::prelude::*;

use super::super::grouped::{self, Grouped};
use super::super::*;
use super::{counts, limits, sequence};
use crate::binning::table::{Objective, Prior, Smoothing, rows, woe};
use crate::data::WEIGHT_ONE;
use crate::math::{ln, norm_cdf, norm_inv};
use crate::stats::Counts;

/// Every one that is not chosen by the data.
const TRENDS: [Trend; 8] = [
    Trend::Monotonic,
    Trend::Increasing,
    Trend::Decreasing,
    Trend::Peak,
    Trend::Valley,
    Trend::Concave,
    Trend::Convex,
    Trend::None,
];
const OBJECTIVES: [Objective; 3] = [Objective::InformationValue, Objective::JensenShannon, Objective::Hellinger];

/// What is asked, in the terms of a user.
#[derive(Debug, Clone)]
struct Demand {
    trend: Trend,
    objective: Objective,
    bins: (usize, usize),
    total: (u64, u64),
    events: u64,
    non_events: u64,
    difference: f64,
    p: Option<f64>,
    stable: bool,
    smoothing: f64,
    prior: Prior,
}

impl Demand {
    fn limits(&self) -> Limits {
        let z = self.p.map_or(0.0, |p| norm_inv(0.5 * p));
        Limits {
            min_bins: self.bins.0,
            most: self.total.1 * WEIGHT_ONE,
            difference: self.difference,
            z_squared: z * z,
            stable: self.stable,
            smoothing: Smoothing { rows: self.smoothing, prior: self.prior },
            ..limits(self.bins.1, self.total.0, self.events, self.non_events)
        }
    }

    /// Whether the bins keep everything.
    fn holds(&self, bins: &[Counts], periods: &[Vec<Counts>], all: Counts) -> bool {
        let sizes = bins.iter().all(|bin| {
            let (good, bad) = (bin.non_events / WEIGHT_ONE, bin.events / WEIGHT_ONE);
            bad >= self.events.max(1)
                && good >= self.non_events.max(1)
                && good + bad >= self.total.0
                && good + bad <= self.total.1
        });
        if !sizes || bins.len() < self.bins.0 || bins.len() > self.bins.1 {
            return false;
        }
        let rates: Vec<f64> = bins.iter().map(|bin| bin.events as f64 / bin.total() as f64).collect();
        let steps: Vec<f64> = rates.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let signs: Vec<bool> = steps.iter().map(|step| *step > 0.0).collect();
        let turns = |up: bool| signs.iter().skip_while(|sign| **sign == up).all(|sign| *sign != up);
        let trend = match self.trend {
            Trend::Auto => turns(true) || turns(false),
            Trend::Monotonic => signs.iter().all(|sign| *sign) || signs.iter().all(|sign| !*sign),
            Trend::Increasing => signs.iter().all(|sign| *sign),
            Trend::Decreasing => signs.iter().all(|sign| !*sign),
            Trend::Peak => turns(true),
            Trend::Valley => turns(false),
            Trend::Concave => steps.windows(2).all(|pair| pair[1] - pair[0] < 1e-11),
            Trend::Convex => steps.windows(2).all(|pair| pair[1] - pair[0] > -1e-11),
            Trend::None => true,
        };
        let apart = steps.iter().all(|step| step.abs() > 1e-9 && step.abs() > self.difference - 1e-11);
        let smoothing = Smoothing { rows: self.smoothing, prior: self.prior };
        let woes: Vec<f64> = bins.iter().map(|bin| woe(*bin, all, smoothing).unwrap()).collect();
        let smooth =
            woes.windows(2).zip(&signs).all(|(pair, up)| if *up { pair[1] < pair[0] - 1e-12 } else { pair[1] > pair[0] + 1e-12 });
        let tested = self.p.is_none_or(|most| bins.windows(2).all(|pair| p_value(pair[0], pair[1]) <= most + 1e-12));
        let stable = !self.stable
            || periods.iter().all(|bins| {
                bins.windows(2).zip(&signs).all(|(pair, up)| {
                    let empty = pair.iter().any(|bin| bin.total() == 0);
                    let (a, b) = (pair[0].event_rate(), pair[1].event_rate());
                    empty || if *up { b > a + 1e-9 } else { b < a - 1e-9 }
                })
            });
        trend && apart && smooth && tested && stable
    }
}

/// Two-sided, pooled variance.
fn p_value(a: Counts, b: Counts) -> f64 {
    let (n, m) = (rows(a.total()), rows(b.total()));
    let pooled = (rows(a.events) + rows(b.events)) / (n + m);
    let z = (a.event_rate() - b.event_rate()).abs() / (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)).sqrt();
    2.0 * norm_cdf(-z)
}

fn divergence(objective: Objective, bin: Counts, all: Counts) -> f64 {
    let (g, b) = (bin.non_events as f64 / all.non_events as f64, bin.events as f64 / all.events as f64);
    match objective {
        Objective::InformationValue => (g - b) * (ln(g) - ln(b)),
        Objective::JensenShannon => 0.5 * (g * ln(2.0 * g / (g + b)) + b * ln(2.0 * b / (g + b))),
        Objective::Hellinger => 0.5 * (g + b) - (g * b).sqrt(),
    }
}

/// One small case: cells in two periods.
fn curve(cells: &[[(u64, u64); 2]], objective: Objective) -> (Curve, Vec<[Counts; 2]>, Counts) {
    let held: Vec<[Counts; 2]> = cells
        .iter()
        .filter(|cell| cell.iter().any(|part| part.0 + part.1 > 0))
        .map(|cell| cell.map(|part| counts(part.0, part.1)))
        .collect();
    let mut all = counts(3, 2);
    let sums: Vec<Counts> = held.iter().map(|cell| sum(cell)).collect();
    sums.iter().for_each(|cell| all.add(*cell));
    let mut curve = Curve::new(sums.into_iter(), all, objective).unwrap();
    for period in 0..2 {
        curve.add_period(held.iter().map(|cell| cell[period])).unwrap();
    }
    (curve, held, all)
}

fn sum(counts: &[Counts]) -> Counts {
    counts.iter().fold(Counts::default(), |mut sum, part| {
        sum.add(*part);
        sum
    })
}

/// The best value over every set of cuts.
fn brute_force(cells: &[[Counts; 2]], all: Counts, demand: &Demand) -> Option<f64> {
    brute_force_of(cells, all, demand, |bins| bins.iter().map(|bin| divergence(demand.objective, *bin, all)).sum())
}

/// The best of what bins are worth, over every set of cuts that keeps the demand.
fn brute_force_of(cells: &[[Counts; 2]], all: Counts, demand: &Demand, worth: impl Fn(&[Counts]) -> f64) -> Option<f64> {
    let inner = cells.len().saturating_sub(1);
    let mut best: Option<f64> = None;
    for set in 0u32..1 << inner {
        if set.count_ones() as usize >= demand.bins.1 || cells.is_empty() {
            continue;
        }
        let mut bins: Vec<Vec<[Counts; 2]>> = vec![vec![]];
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 && set >> (place - 1) & 1 == 1 {
                bins.push(vec![]);
            }
            bins.last_mut().unwrap().push(*cell);
        }
        let part = |take: fn(&[Counts; 2]) -> Counts| -> Vec<Counts> {
            bins.iter().map(|bin| sum(&bin.iter().map(take).collect::<Vec<_>>())).collect()
        };
        let periods = [part(|cell| cell[0]), part(|cell| cell[1])];
        let whole = part(|cell| sum(cell));
        if demand.holds(&whole, &periods, all) {
            let value = worth(&whole);
            best = Some(best.map_or(value, |best| best.max(value)));
        }
    }
    best
}

fn cells(most: usize) -> impl Strategy<Value = Vec<[(u64, u64); 2]>> {
    let part = || (0u64..10, 0u64..6);
    proptest::collection::vec((part(), part()).prop_map(|(a, b)| [a, b]), 2..=most)
}

/// Any mix of limits, each absent in half of the cases.
fn demands() -> impl Strategy<Value = Demand> {
    let total = (prop_oneof![Just(0u64), 5u64..30], prop_oneof![Just(10_000u64), 20u64..60]);
    let least = (prop_oneof![Just(0u64), 1u64..6], prop_oneof![Just(0u64), 1u64..6]);
    let neighbours = (prop_oneof![Just(0.0), 0.01..0.2], prop_oneof![Just(None), (0.05..0.9).prop_map(Some)], any::<bool>());
    let smoothing = (prop_oneof![Just(0.0), 0.0..3.0], prop_oneof![Just(Prior::Even), Just(Prior::Overall)]);
    let bins = prop_oneof![Just((1usize, 4usize)), Just((2, 3)), Just((3, 6)), Just((1, 2))];
    (bins, total, least, neighbours, smoothing).prop_map(|(bins, total, least, (difference, p, stable), (smoothing, prior))| {
        Demand {
            trend: Trend::None,
            objective: Objective::InformationValue,
            bins,
            total,
            events: least.0,
            non_events: least.1,
            difference,
            p,
            stable,
            smoothing,
            prior,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_shape_of_the_least_schwarz_criterion_is_taken(cells in cells(8), demand in demands()) {
        let (curve, held, all) = curve(&cells, Objective::InformationValue);
        let n: f64 = held.iter().flatten().map(|part| rows(part.total())).sum();
        let criterion = |trend, turn: f64| {
            let demand = Demand { trend, ..demand.clone() };
            brute_force_of(&held, all, &demand, |bins| {
                let classes = bins.iter().flat_map(|bin| [(bin.events, bin.total()), (bin.non_events, bin.total())]);
                let likelihood: f64 = classes.map(|(part, total)| rows(part) * ln(part as f64 / total as f64)).sum();
                likelihood - 0.5 * (bins.len() as f64 + turn) * ln(n)
            })
        };
        let shapes = [(Trend::Monotonic, 0.0), (Trend::Peak, 1.0), (Trend::Valley, 1.0)];
        let known: Vec<(Trend, f64)> =
            shapes.into_iter().filter_map(|(trend, turn)| Some((trend, criterion(trend, turn)?))).collect();
        let least = known.iter().map(|(_, criterion)| *criterion).fold(f64::NEG_INFINITY, f64::max);
        let found = solve(&curve, &demand.limits(), Trend::Auto).unwrap().cuts;
        let best = known.iter().filter(|(_, criterion)| *criterion > least - 1e-9);
        let taken: Vec<Vec<usize>> = best.map(|(trend, _)| solve(&curve, &demand.limits(), *trend).unwrap().cuts).collect();
        prop_assert!(if taken.is_empty() { found.is_empty() } else { taken.contains(&found) }, "{found:?} of {taken:?}");
    }

    #[test]
    fn the_best_of_all_bins_is_found(cells in cells(9), demand in demands()) {
        for objective in OBJECTIVES {
            let (curve, held, all) = curve(&cells, objective);
            for trend in TRENDS {
                let demand = Demand { trend, objective, ..demand.clone() };
                let limits = demand.limits();
                let found = solve(&curve, &limits, trend).unwrap();
                prop_assert!(found.optimal);
                let Some(best) = brute_force(&held, all, &demand) else {
                    prop_assert!(found.cuts.is_empty(), "{trend:?} {objective:?}: {:?}", found.cuts);
                    continue;
                };
                if found.bound.is_none() {
                    prop_assert!(found.cuts.is_empty());
                    continue;
                }
                let value: f64 = curve.bins(&found.cuts).iter().map(|bin| curve.value(*bin)).sum();
                prop_assert!(found.within, "{trend:?} {objective:?}");
                prop_assert!((value - best).abs() < 1e-12, "{trend:?} {objective:?}: {value} of {best}");
                prop_assert!(found.bound.unwrap() >= best - 1e-12);
            }
        }
    }

    #[test]
    fn groups_of_cells_lead_to_the_best_of_any_order(cells in cells(10), demand in demands(), count in 1u64..5) {
        for objective in OBJECTIVES {
            let (curve, held, all) = curve(&cells, objective);
            let demand = Demand {
                trend: Trend::None,
                objective,
                difference: 0.0,
                p: None,
                stable: false,
                smoothing: 0.0,
                ..demand.clone()
            };
            let limits = demand.limits();
            let allowed = curve.allowed(&limits);
            if allowed.is_empty() {
                continue;
            }
            match (grouped::best(&curve, &allowed, &limits, count), brute_force(&held, all, &demand)) {
                (Grouped::Reached { value, cuts }, best) => {
                    let bins = curve.bins(&cuts);
                    let reached: f64 = bins.iter().map(|bin| curve.value(*bin)).sum();
                    prop_assert!((value - reached).abs() < 1e-12);
                    // Every demand asks that neighbours differ at all, which the best of any order need not.
                    let differ = bins.windows(2).all(|pair| by_rate(pair[0], pair[1]).is_ne());
                    match best {
                        Some(best) if differ => prop_assert!((value - best).abs() < 1e-12, "{value} of {best}"),
                        Some(best) => prop_assert!(value > best - 1e-12, "{value} of {best}"),
                        None => prop_assert!(!differ),
                    }
                }
                (Grouped::Impossible, None) => {}
                _ => prop_assert!(false, "so few groups are divided until the best is reached"),
            }
        }
    }

    #[test]
    fn bounds_of_any_order_hold_where_not_every_pair_is_tried(cells in cells(9), demand in demands()) {
        for objective in OBJECTIVES {
            let (curve, held, all) = curve(&cells, objective);
            let plain = Demand { objective, difference: 0.0, p: None, stable: false, smoothing: 0.0, ..demand.clone() };
            if plain.bins.0 > 1 {
                continue;
            }
            let best = brute_force(&held, all, &Demand { bins: (2, plain.bins.1), ..plain.clone() });
            if let Some(best) = best {
                let bound = free::sorted_bound(&curve, &plain.limits()).unwrap();
                prop_assert!(bound.is_some_and(|bound| bound >= best - 1e-12), "{bound:?} {best}");
            }
        }
    }
}

/// A rate that rises, falls and rises again, with noise.
fn wave(cells: u64, rows: u64) -> Vec<[(u64, u64); 2]> {
    let mut draw = sequence(11);
    (0..cells)
        .map(|i| {
            let place = i as f64 / cells as f64;
            let rate = 0.05 + 0.3 * place * (1.0 - place) + 0.15 * if place > 0.8 { place - 0.8 } else { 0.0 };
            let mut part = |rows: u64| {
                let events = (0..rows).filter(|_| (draw(1_000_000) as f64) < rate * 1e6).count() as u64;
                (rows - events, events)
            };
            [part(rows), part(rows)]
        })
        .collect()
}

/// Ten times as many candidates find at most a thousandth more.
#[test]
fn ten_times_as_many_candidates_gain_little() {
    let (curve, ..) = curve(&wave(1_200, 8), Objective::InformationValue);
    let demand = limits(6, 960, 5, 5);
    for trend in [Trend::None, Trend::Peak, Trend::Concave] {
        let rule = Rule { curve: &curve, limits: &demand, trend };
        let solve = |candidates: &[usize]| programme::best_cuts(&rule, candidates, (1, 6));
        let allowed = curve.allowed(&demand);
        let space = |most| Space { curve: &curve, allowed: &allowed, limits: &demand, most, bound: f64::INFINITY };
        let vertices = curve.hull(&allowed, Direction::Increasing);
        let few = search(&space(PROGRAMME), &vertices, &[], solve).unwrap();
        let many = search(&space(400), &vertices, &[], solve).unwrap();
        assert!(!few.all && few.tried < many.tried);
        assert!(few.value > 0.999 * many.value, "{trend:?}: {} of {}", few.value, many.value);
    }
    let free = solve(&curve, &demand, Trend::None).unwrap();
    assert!(free.optimal && free.cuts.len() == 5);
    let rule = Rule { curve: &curve, limits: &demand, trend: Trend::None };
    let every: Vec<usize> = (0..=curve.end()).step_by(3).collect();
    let third = programme::best_cuts(&rule, &every, (1, 6)).unwrap().1;
    assert!(third <= free.bound.unwrap() + 1e-12);
}
