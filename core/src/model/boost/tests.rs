use proptest::prelude::*;

use super::climb::{Rows, Term, climb};
use super::step::{MAX_CELLS, Slope, best_cuts};
use super::*;
use crate::data::WEIGHT_ONE;
use crate::error::ErrorCode;
use crate::math::{ln, logistic};
use crate::stats::{Counts, Summary};

/// A sequence of numbers in [0, 1): splitmix64.
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ *state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ z >> 31) >> 11) as f64 / (1u64 << 53) as f64
}

type Sample = (Vec<Vec<u8>>, Vec<bool>);

/// Rows of independent codes, uniform over the bins of each variable, with the given log-odds of the event.
fn sample(rows: usize, bins: &[usize], seed: u64, log_odds: impl Fn(&[u8]) -> f64) -> Sample {
    let mut state = seed;
    let mut columns = vec![Vec::with_capacity(rows); bins.len()];
    let mut event = Vec::with_capacity(rows);
    for _ in 0..rows {
        let codes: Vec<u8> = bins.iter().map(|&bins| (uniform(&mut state) * bins as f64) as u8).collect();
        event.push(uniform(&mut state) < logistic(log_odds(&codes)));
        columns.iter_mut().zip(&codes).for_each(|(column, &code)| column.push(code));
    }
    (columns, event)
}

fn observed((columns, event): &Sample, rows: std::ops::Range<usize>) -> Patterns {
    let codes: Vec<&[u8]> = columns.iter().map(|column| &column[rows.clone()]).collect();
    let mut patterns = Patterns::new(columns.len(), 1 << 20);
    patterns.observe(&codes, &event[rows.clone()], &vec![WEIGHT_ONE; rows.len()]).unwrap();
    patterns
}

fn patterns(sample: &Sample) -> Patterns {
    observed(sample, 0..sample.1.len())
}

fn free(bins: usize) -> Axis {
    Axis { ordinary: bins, bins, order: Order::Free }
}

fn fit(sample: &Sample, axes: &[Axis], config: &BoostConfig) -> Boosted {
    boost(&patterns(sample), axes, config, Threads::One).unwrap()
}

/// Without shrinkage, at full steps, and stopped on the rows themselves.
fn bare(rounds: u32) -> BoostConfig {
    BoostConfig { rate: 1.0, rounds, patience: 1000, l2: 0.0, focus: 0.0, ..BoostConfig::default() }
}

#[test]
fn full_steps_end_at_the_log_odds_of_each_bin() {
    let sample = sample(5_000, &[7], 1, |codes| f64::from(codes[0] * codes[0] % 5) - 3.0);
    let patterns = patterns(&sample);
    let rows = Rows::new(patterns.counts(), &[Counts::default(); 7]).stopped_on_itself();
    let terms = [Term { codes: &patterns.codes()[0], shape: Shape::Line(free(7)) }];
    let (tables, _) = climb(&rows, vec![-1.0; 7], &terms, &bare(500));
    for (pattern, counts) in patterns.counts().iter().enumerate() {
        let bin = usize::from(patterns.codes()[0][pattern]);
        let truth = ln(counts.events as f64 / counts.non_events as f64);
        assert!((tables[0][bin] - 1.0 - truth).abs() < 1e-6, "{bin}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn the_likelihood_never_falls_from_round_to_round(seed in any::<u64>(), rate in 0.05..=1.0f64, l2 in prop_oneof![Just(0.0), 0.0..5.0f64]) {
        let steep = |codes: &[u8]| 3.0 * f64::from(codes[0]) - 2.0 * f64::from(codes[1]) - 6.0;
        let patterns = patterns(&sample(60, &[4, 3], seed, steep));
        let rows = Rows::new(patterns.counts(), &vec![Counts::default(); patterns.len()]).stopped_on_itself();
        let Some(start) = rows.log_odds() else { return Ok(()) };
        let terms = [4, 3].map(free).map(Shape::Line);
        let terms: Vec<Term<'_>> = terms.into_iter().zip(patterns.codes()).map(|(shape, codes)| Term { codes, shape }).collect();
        let mut last = f64::INFINITY;
        for rounds in 1..25 {
            let config = BoostConfig { rate, l2, rounds, patience: 1000, focus: 0.0, ..BoostConfig::default() };
            let (tables, _) = climb(&rows, vec![start; patterns.len()], &terms, &config);
            let mut log_odds = vec![start; patterns.len()];
            add_tables(&mut log_odds, &terms, &tables);
            let loss = rows.loss(&log_odds);
            prop_assert!(loss <= last * (1.0 + 1e-12), "{rounds}: {loss} after {last}");
            last = loss;
        }
    }

    #[test]
    fn the_leaves_of_a_line_are_the_best_of_all(
        cells in prop::collection::vec((-9.0..9.0f64, 0.0..4.0f64), 1..9),
        outside in 0..3usize,
        order in prop_oneof![Just(Order::Free), Just(Order::Rising), Just(Order::Falling)],
    ) {
        let ordinary = cells.len().saturating_sub(outside).max(1);
        let mut slopes = [[0.0; 2]; MAX_CELLS];
        slopes.iter_mut().zip(&cells).for_each(|(slope, cell)| *slope = [cell.0, cell.1]);
        let mut steps = [0.0; MAX_CELLS];
        let shape = Shape::Line(Axis { ordinary, bins: cells.len(), order });
        let gain = shape.step(&slopes, 1.0, &mut steps);
        let leaf = |from: usize, to: usize| {
            let (g, h) = cells[from..to].iter().fold((0.0, 0.0), |(g, h), cell| (g + cell.0, h + cell.1));
            (g * g / (h + 1.0), g / (h + 1.0))
        };
        let mut best = 0.0_f64;
        for i in 0..=ordinary {
            for j in i..=ordinary {
                let leaves: Vec<(f64, f64)> =
                    [(0, i), (i, j), (j, ordinary)].into_iter().filter(|(from, to)| from < to).map(|(from, to)| leaf(from, to)).collect();
                if leaves.windows(2).all(|pair| order.allows(pair[0].1, pair[1].1)) {
                    best = best.max(leaves.iter().map(|leaf| leaf.0).sum());
                }
            }
        }
        let alone: f64 = (ordinary..cells.len()).map(|bin| leaf(bin, bin + 1).0).sum();
        prop_assert!((gain - best - alone).abs() < 1e-9, "{gain} {best} {alone}");
        prop_assert!(steps[..ordinary].windows(2).all(|pair| order.allows(pair[0], pair[1])));
    }

    #[test]
    fn the_cuts_of_a_grid_are_the_best_of_all(cells in prop::collection::vec((-9.0..9.0f64, 0.0..4.0f64), 20), outside in 0..3usize) {
        let cells = &cells;
        let (a, b) = (free(4), Axis { ordinary: 5 - outside, bins: 5, order: Order::Free });
        let mut slopes: [Slope; MAX_CELLS] = [[0.0; 2]; MAX_CELLS];
        slopes.iter_mut().zip(cells).for_each(|(slope, cell)| *slope = [cell.0, cell.1]);
        let leaf = |rows: std::ops::Range<usize>, columns: std::ops::Range<usize>| {
            let sum = rows.flat_map(|i| columns.clone().map(move |j| cells[i * 5 + j])).fold((0.0, 0.0), |s, c| (s.0 + c.0, s.1 + c.1));
            sum.0 * sum.0 / (sum.1 + 1.0)
        };
        let n = b.ordinary;
        let mut best = 0.0_f64;
        for i in 1..4 {
            for j in 1..n {
                let four = leaf(0..i, 0..j) + leaf(0..i, j..n) + leaf(i..4, 0..j) + leaf(i..4, j..n);
                best = best.max(four - leaf(0..4, 0..n));
            }
        }
        prop_assert!((best_cuts(&slopes, &a, &b, 1.0).0 - best).abs() < 1e-9);
    }
}

#[test]
fn a_pair_that_says_nothing_alone_is_found() {
    let xor = |codes: &[u8]| if (codes[1] < 3) == (codes[3] < 2) { 1.2 } else { -1.2 };
    let sample = sample(6_000, &[5, 6, 4, 4], 7, xor);
    let card = fit(&sample, &[5, 6, 4, 4].map(free), &BoostConfig::default());
    assert_eq!(card.pairs.iter().map(|pair| pair.variables).collect::<Vec<_>>(), [[1, 3]]);
    assert!(card.held_out.loss < 0.62 && card.held_out.mains > 0.68, "{:?}", card.held_out);
    for (a, b) in (0..6).flat_map(|a| (0..4).map(move |b| (a, b))) {
        let found = card.log_odds(&[0, a, 0, b]);
        assert!((found - xor(&[0, a, 0, b])).abs() < 0.5, "{a} {b} {found}");
    }
    assert!(card.tables.iter().flat_map(|table| &table.values).all(|value| value.abs() < 0.3));
}

#[test]
fn effects_that_add_up_get_no_pairs_and_noise_little() {
    let sample = sample(6_000, &[8, 8, 8], 3, |codes| 0.4 * f64::from(codes[0]) - 0.3 * f64::from(codes[1]) - 0.5);
    let card = fit(&sample, &[8, 8, 8].map(free), &BoostConfig::default());
    assert!(card.pairs.is_empty());
    let range = |variable: usize| {
        let values = card.tables.iter().filter(|table| table.variable == variable).flat_map(|table| table.values.iter().copied());
        values.clone().fold(0.0, f64::max) - values.fold(0.0, f64::min)
    };
    assert!((range(0) - 2.8).abs() < 0.5 && (range(1) - 2.1).abs() < 0.5 && range(2) < 0.4, "{:?}", [0, 1, 2].map(range));
}

#[test]
fn the_demanded_order_holds_for_every_row() {
    // With a low second variable the truth rises and breaks off at the end, with a high one it falls.
    let bent = |codes: &[u8]| {
        let x = f64::from(codes[0]);
        if codes[1] >= 4 {
            -0.1 * x
        } else if codes[0] < 8 {
            0.4 * x - 1.5
        } else {
            0.0
        }
    };
    let sample = sample(8_000, &[10, 8], 5, bent);
    let rising = Axis { ordinary: 9, bins: 10, order: Order::Rising };
    let config = BoostConfig::default();
    let card = fit(&sample, &[rising, free(8)], &config);
    assert_eq!(card.pairs.len(), 1);
    for b in 0..8 {
        let line: Vec<f64> = (0..9).map(|a| card.log_odds(&[a, b])).collect();
        assert!(line.windows(2).all(|pair| pair[1] >= pair[0] - 1e-9), "{b}: {line:?}");
    }
    let rise = |b: u8| card.log_odds(&[8, b]) - card.log_odds(&[0, b]);
    assert!(rise(0) > 1.5 && rise(7) < 0.75, "{} {}", rise(0), rise(7));
    let own = &card.tables[0].values[..9];
    assert!(own.windows(2).all(|pair| pair[1] >= pair[0]));
    let unbound = fit(&sample, &[Axis { order: Order::Free, ..rising }, free(8)], &config);
    assert!((0..8).any(|a| unbound.log_odds(&[a + 1, 0]) < unbound.log_odds(&[a, 0]) - 0.1));
}

#[test]
fn tables_are_centred_and_pairs_free_of_main_effects() {
    let both = |codes: &[u8]| 0.5 * f64::from(codes[0]) - 1.5 + if codes[0] > 2 && codes[1] > 2 { 1.5 } else { 0.0 };
    let sample = sample(6_000, &[6, 6, 3], 11, both);
    let patterns = patterns(&sample);
    let card = fit(&sample, &[6, 6, 3].map(free), &BoostConfig::default());
    let weight = |variable: usize, groups: &[u8]| {
        let mut weights = vec![0.0; 6];
        for (code, counts) in patterns.codes()[variable].iter().zip(patterns.counts()) {
            weights[usize::from(groups[usize::from(*code)])] += counts.total() as f64 / WEIGHT_ONE as f64;
        }
        weights
    };
    for table in &card.tables {
        let weights = weight(table.variable, &[0, 1, 2, 3, 4, 5]);
        let mean: f64 = table.values.iter().zip(&weights).map(|(value, weight)| value * weight / 6_000.0).sum();
        assert!(mean.abs() < 1e-10);
    }
    assert_eq!(card.pairs.len(), 1);
    let pair = &card.pairs[0];
    let (first, second) = (weight(0, &pair.groups[0]), weight(1, &pair.groups[1]));
    for row in &pair.values {
        assert!(row.iter().zip(&second).map(|(value, weight)| value * weight / 6_000.0).sum::<f64>().abs() < 1e-10);
    }
    for j in 0..pair.values[0].len() {
        assert!(pair.values.iter().zip(&first).map(|(row, weight)| row[j] * weight / 6_000.0).sum::<f64>().abs() < 1e-10);
    }
    let text = serde_json::to_string(&card).unwrap();
    assert_eq!(serde_json::from_str::<Boosted>(&text).unwrap(), card);
}

#[test]
fn rows_in_any_order_and_threads_in_any_number_give_the_same_bits() {
    let (columns, event) =
        sample(3_000, &[9, 5, 4], 13, |codes| f64::from(codes[0] % 3) - if codes[1] > 2 { f64::from(codes[2]) } else { 0.0 });
    let axes = [9, 5, 4].map(free);
    let config = BoostConfig { rounds: 40, ..BoostConfig::default() };
    let sample = (columns, event);
    let whole = serde_json::to_string(&fit(&sample, &axes, &config)).unwrap();
    assert!(whole.contains("\"variables\":[1,2]"));
    let mut parts: Vec<Patterns> = (0..6).map(|part| observed(&sample, part * 500..part * 500 + 500)).collect();
    let mut merged = parts.remove(3);
    parts.iter().rev().for_each(|part| merged.merge(part).unwrap());
    for threads in [Threads::One, Threads::Count(2), Threads::Count(3)] {
        assert_eq!(serde_json::to_string(&boost(&merged, &axes, &config, threads).unwrap()).unwrap(), whole);
    }
    let other = BoostConfig { seed: 1, ..config };
    assert_ne!(serde_json::to_string(&fit(&sample, &axes, &other)).unwrap(), whole);
}

/// Bins that no row was in say nothing beyond the intercept, and codes that no table knows say nothing at all.
#[test]
fn empty_bins_and_unknown_codes() {
    let sample = sample(2_000, &[4, 3], 17, |codes| f64::from(codes[0]) - 1.0);
    let card = fit(&sample, &[Axis { ordinary: 4, bins: 6, order: Order::Free }, free(3)], &BoostConfig::default());
    let table = &card.tables[0].values;
    assert_eq!((table.len(), table[4]), (6, table[5]));
    let start = ln(card_odds(&sample));
    assert!((card.intercept + table[4] - start).abs() < 0.05, "an empty bin stays where boosting began");
    assert_eq!(card.log_odds(&[200, 200]), card.intercept);
}

fn card_odds((_, event): &Sample) -> f64 {
    let events = event.iter().filter(|event| **event).count() as f64;
    events / (event.len() as f64 - events)
}

#[test]
fn what_cannot_be_boosted_is_refused() {
    let config = BoostConfig::default();
    let code = |patterns: &Patterns, axes: &[Axis], config: &BoostConfig| {
        boost(patterns, axes, config, Threads::One).unwrap_err().code()
    };
    let good = patterns(&sample(500, &[4, 3], 19, |_| 0.0));
    for axes in [&[free(4)][..], &[free(4), free(2)], &[free(4), Axis { ordinary: 0, bins: 3, order: Order::Free }], &[]] {
        assert_eq!(code(&good, axes, &config), ErrorCode::Incompatible);
    }
    assert_eq!(code(&good, &[free(4), free(3)], &BoostConfig { rate: 0.0, ..config.clone() }), ErrorCode::InvalidConfig);
    let one_class = patterns(&sample(500, &[4], 19, |_| -800.0));
    assert_eq!(code(&one_class, &[free(4)], &config), ErrorCode::InsufficientData);
    let three_rows = patterns(&sample(3, &[4], 19, |_| 0.0));
    assert_eq!(code(&three_rows, &[free(4)], &config), ErrorCode::InsufficientData);
    assert_eq!(code(&Patterns::new(1, 9), &[free(4)], &config), ErrorCode::InsufficientData);
}
