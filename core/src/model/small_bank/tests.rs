use std::collections::BTreeMap;

use ndarray::{Array2, array};
use proptest::prelude::*;

use super::*;
use crate::ErrorCode;
use crate::data::WEIGHT_ONE;
use crate::math::{Cholesky, ln, logistic, logit, norm_cdf, norm_inv};
use crate::model::{BlockInput, Calibration, Information, ModelConfig, Newton, Progress};
use crate::stats::Cell;

fn counts(non_events: u64, events: u64) -> Counts {
    Counts { non_events: non_events * WEIGHT_ONE, events: events * WEIGHT_ONE }
}

/// Uniform numbers from a counter (SplitMix64).
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ z >> 31) >> 12) as f64 / (1_u64 << 52) as f64 + 1.0 / (1_u64 << 53) as f64
    }

    fn draw(&mut self, shares: &[f64; 4]) -> u8 {
        let mut left = self.uniform();
        for (code, share) in shares.iter().enumerate().take(3) {
            left -= share;
            if left < 0.0 {
                return code as u8;
            }
        }
        3
    }
}

/// Shares of the bins among non-events and among events: a strong variable, a medium one, and a weak one.
const TRUTH: [([f64; 4], [f64; 4]); 3] = [
    ([0.10, 0.25, 0.35, 0.30], [0.30, 0.35, 0.25, 0.10]),
    ([0.15, 0.20, 0.30, 0.35], [0.30, 0.30, 0.25, 0.15]),
    ([0.25, 0.25, 0.25, 0.25], [0.30, 0.27, 0.23, 0.20]),
];

struct Card {
    beta: Vec<f64>,
    covariance: Array2<f64>,
    bins: Vec<Vec<ShrunkenWoe>>,
}

/// Draws a sample and fits the card of the small-bank mode to it.
fn fitted(rows: usize, rate: f64, config: &SmallBankConfig, random: &mut Random) -> Card {
    let event: Vec<bool> = (0..rows).map(|_| random.uniform() < rate).collect();
    let codes: Vec<Vec<u8>> = TRUTH
        .iter()
        .map(|(good, bad)| event.iter().map(|&event| random.draw(if event { bad } else { good })).collect())
        .collect();
    let mut all = Counts::default();
    event.iter().for_each(|&event| all.add_row(event, WEIGHT_ONE));
    let bins: Vec<Vec<ShrunkenWoe>> = codes
        .iter()
        .map(|codes| {
            let mut bins = [Counts::default(); 4];
            codes.iter().zip(&event).for_each(|(&code, &event)| bins[usize::from(code)].add_row(event, WEIGHT_ONE));
            let strength = config.strength.unwrap_or_else(|| shrinkage_strength(&bins));
            bins.iter().map(|&bin| shrunken_woe(bin, all, strength).unwrap()).collect()
        })
        .collect();
    let woe: Vec<Vec<f64>> = bins.iter().map(|bins| bins.iter().map(|bin| bin.woe).collect()).collect();
    let slices: Vec<&[u8]> = codes.iter().map(Vec::as_slice).collect();
    let weight = vec![WEIGHT_ONE; rows];
    let priors = config.priors_of(["a", "b", "c"]);
    let mut newton = Newton::new(vec!["a".into(), "b".into(), "c".into()], all, ModelConfig::default());
    loop {
        let beta = newton.beta().to_vec();
        let mut sums = Information::new(woe.clone(), beta.clone()).sums(BlockInput {
            codes: &slices,
            event: &event,
            weight: &weight,
            offset: &[],
        });
        add_prior(&mut sums, &beta, &priors).unwrap();
        if let Progress::Fitted(found) = newton.advance(&sums).unwrap() {
            let covariance = Cholesky::new(&found.1.information).unwrap().inverse();
            return Card { beta: found.0.beta(), covariance, bins };
        }
    }
}

/// Share of cases, drawn from the truth, whose true PD lies in the interval.
fn pd_coverage(rows: usize, rate: f64, seed: u64) -> f64 {
    let (config, mut random) = (SmallBankConfig::default(), Random(seed));
    let (mut inside, mut all) = (0, 0);
    for _ in 0..300 {
        let card = fitted(rows, rate, &config, &mut random);
        for _ in 0..50 {
            let event = random.uniform() < rate;
            let codes = TRUTH.map(|(good, bad)| usize::from(random.draw(if event { &bad } else { &good })));
            let truth = TRUTH.iter().zip(codes).fold(logit(rate), |sum, ((good, bad), code)| sum + ln(bad[code] / good[code]));
            let bins: Vec<ShrunkenWoe> = card.bins.iter().zip(codes).map(|(bins, code)| bins[code]).collect();
            let interval = pd_interval(&card.beta, &card.covariance, &bins, &Calibration::default(), config.confidence).unwrap();
            inside += usize::from((interval.low..=interval.high).contains(&logistic(truth)));
            all += 1;
        }
    }
    f64::from(inside as u32) / f64::from(all)
}

#[test]
fn ninety_percent_intervals_of_the_pd_cover_ninety_percent() {
    for (rows, rate) in [(100, 0.3), (150, 0.2), (300, 0.1), (500, 0.1)] {
        let coverage = pd_coverage(rows, rate, 7 + rows as u64);
        assert!((0.86..=0.94).contains(&coverage), "{rows} rows at {rate}: {coverage}");
    }
}

#[test]
fn ninety_percent_intervals_of_the_auc_cover_ninety_percent() {
    for (events, non_events, shift, seed) in [(30, 70, 1.0, 1), (30, 270, 1.5, 2), (60, 440, 0.6, 3)] {
        let (mut random, truth) = (Random(seed), norm_cdf(shift / f64::sqrt(2.0)));
        let inside = (0..800).filter(|_| {
            let mut cells: Vec<Cell> = (0..events + non_events)
                .map(|row| {
                    let value = norm_inv(random.uniform()) + if row < events { shift } else { 0.0 };
                    Cell { value, counts: if row < events { counts(0, 1) } else { counts(1, 0) } }
                })
                .collect();
            cells.sort_by(|a, b| a.value.total_cmp(&b.value));
            let found = auc_interval(&cells, 0.9).unwrap().auc;
            (found.low..=found.high).contains(&truth)
        });
        let coverage = inside.count() as f64 / 800.0;
        // Three standard errors of 800 repetitions are 0.032.
        assert!((0.868..=0.932).contains(&coverage), "{events} of {non_events}: {coverage}");
    }
}

/// R package pROC 1.18 on its data set aSAH.
#[test]
fn the_variance_of_the_auc_is_that_of_proc() {
    let golden: serde_json::Value = serde_json::from_str(include_str!("../../../../tests/golden/delong.json")).unwrap();
    let mut rows = include_str!("../../../../tests/golden/data_aSAH.csv").lines();
    let header: Vec<&str> = rows.next().unwrap().split(',').map(|name| name.trim_matches('"')).collect();
    let table: Vec<Vec<f64>> = rows.map(|row| row.split(',').map(|cell| cell.parse().unwrap()).collect()).collect();
    let column = |name: &str| header.iter().position(|found| *found == name).unwrap();
    for case in golden["cases"].as_array().unwrap() {
        let (y, x) = (column("outcome"), column(case["inputs"]["score"].as_str().unwrap()));
        let mut cells: Vec<Cell> = Vec::new();
        let mut sorted: Vec<&Vec<f64>> = table.iter().collect();
        sorted.sort_by(|a, b| a[x].total_cmp(&b[x]));
        for row in sorted {
            if cells.last().is_none_or(|cell| cell.value != row[x]) {
                cells.push(Cell { value: row[x], counts: Counts::default() });
            }
            cells.last_mut().unwrap().counts.add_row(row[y] == 1.0, WEIGHT_ONE);
        }
        let found = auc_interval(&cells, 0.95).unwrap();
        let expected = |name: &str| case["expected"][name].as_f64().unwrap();
        assert!((found.auc.estimate - expected("auc")).abs() < 1e-12);
        assert!((found.variance - expected("var_delong")).abs() < 1e-12);
        // The interval on the logit scale is not the plain one, but near it.
        let plain = &case["expected"]["ci95"];
        assert!((found.auc.low - plain[0].as_f64().unwrap()).abs() < 0.03);
        assert!((found.auc.high - plain[1].as_f64().unwrap()).abs() < 0.03);
    }
    assert_eq!(auc_interval(&[], 0.9).unwrap_err().code(), ErrorCode::InsufficientData);
    assert_eq!(auc_interval(&[], 1.0).unwrap_err().code(), ErrorCode::InvalidConfig);
    let cell = |value| Cell { value, counts: counts(2, 2) };
    assert_eq!(auc_interval(&[cell(1.0), cell(1.0)], 0.9).unwrap_err().code(), ErrorCode::InvalidData);
    let tied = auc_interval(&[cell(1.0)], 0.9).unwrap().auc;
    assert!(tied.estimate == 0.5 && tied.low < 0.3 && tied.high > 0.7);
    let wrong =
        auc_interval(&[Cell { value: 1.0, counts: counts(0, 9) }, Cell { value: 2.0, counts: counts(9, 0) }], 0.9).unwrap();
    assert!(wrong.auc.estimate == 0.0 && wrong.auc.low == 0.0 && wrong.auc.high > 0.1);
}

#[test]
fn a_prior_without_data_is_the_answer_and_a_flat_one_changes_nothing() {
    // No rows: the gradient vanishes at the prior's mean, and the information is its precision.
    let priors = [CoefficientPrior { mean: -1.0, sd: 0.5 }, CoefficientPrior { mean: -0.8, sd: 0.2 }];
    let mut sums = vec![0.0; Information::width(2)];
    let added = add_prior(&mut sums, &[0.3, -1.5, -0.8], &priors).unwrap();
    assert!((added + 0.5).abs() < 1e-15);
    let expected = [0.0, -0.5, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 4.0, 0.0, 25.0];
    assert!(sums.iter().zip(expected).all(|(got, want)| (got - want).abs() < 1e-12));
    assert_eq!(add_prior(&mut sums, &[0.3, -1.5], &priors).unwrap_err().code(), ErrorCode::Internal);

    let fit = |sd: f64| {
        fitted(
            300,
            0.2,
            &SmallBankConfig { prior: CoefficientPrior { mean: -1.0, sd }, ..SmallBankConfig::default() },
            &mut Random(5),
        )
    };
    let (loose, usual, tight) = (fit(1e6), fit(0.5), fit(1e-4));
    for j in 1..4 {
        assert!((tight.beta[j] + 1.0).abs() < 1e-4);
        assert!((usual.beta[j] + 1.0).abs() < (loose.beta[j] + 1.0).abs() + 1e-9 || usual.beta[j] < loose.beta[j]);
        assert!(usual.covariance[[j, j]] < loose.covariance[[j, j]]);
    }
}

#[test]
fn strength_follows_the_spread_of_the_bins() {
    // All alike: the bins say nothing. Far apart: little shrinkage.
    assert_eq!(shrinkage_strength(&[counts(80, 20), counts(160, 40)]), 1e9);
    let apart = shrinkage_strength(&[counts(95, 5), counts(60, 40), counts(20, 80)]);
    assert!((1.0..10.0).contains(&apart), "{apart}");
    // Rates drawn from a beta distribution of precision 30 are recognised on average.
    let mut random = Random(11);
    let bins: Vec<Counts> = (0..400)
        .map(|_| {
            let rate = crate::math::beta_inv(random.uniform(), 6.0, 24.0);
            let events = (0..80).filter(|_| random.uniform() < rate).count() as u64;
            counts(80 - events, events)
        })
        .collect();
    let found = shrinkage_strength(&bins);
    assert!((24.0..38.0).contains(&found), "{found}");
    assert_eq!(shrunken_woe(counts(5, 0), counts(50, 10), 0.0), None);
    assert_eq!(shrunken_woe(counts(5, 0), counts(50, 0), 5.0), None);
    assert_eq!(shrunken_woe(counts(0, 0), counts(50, 10), 5.0), Some(ShrunkenWoe { woe: 0.0, variance: 0.0 }));
}

#[test]
fn sizes_settings_and_lengths_are_checked() {
    let size = |non_events, events| SampleSize::of(counts(non_events, events));
    assert_eq!((size(500, 50), size(500, 49), size(9, 500)), (SampleSize::Enough, SampleSize::Small, SampleSize::TooFew));
    assert!(SampleSize::TooFew.problem().unwrap().remedy.contains("small_bank") && SampleSize::Enough.problem().is_none());
    let prior = CoefficientPrior { mean: -1.0, sd: 0.0 };
    let wrong = SmallBankConfig { strength: Some(0.0), prior, priors: BTreeMap::from([("a".into(), prior)]), confidence: 1.0 };
    assert_eq!(wrong.validate().unwrap_err().problems().len(), 4);
    assert!(SmallBankConfig::default().validate().is_ok());
    let short = pd_interval(&[0.0, -1.0], &array![[1.0]], &[], &Calibration::default(), 0.9).unwrap_err();
    assert_eq!(short.code(), ErrorCode::InvalidData);
}

proptest! {
    #[test]
    fn shrinkage_never_turns_a_weight_round(good in 0..200_u64, bad in 0..200_u64, strength in 0.5..500.0f64) {
        let all = counts(900, 100);
        let weak = shrunken_woe(counts(good, bad), all, strength).unwrap();
        let strong = shrunken_woe(counts(good, bad), all, 2.0 * strength).unwrap();
        prop_assert!(strong.woe.abs() <= weak.woe.abs() + 1e-12 && strong.woe * weak.woe >= -1e-12);
        if good > 0 && bad > 0 {
            let raw = ln(good as f64 / bad as f64) - ln(9.0);
            prop_assert!(weak.woe.abs() <= raw.abs() + 1e-12);
        }
    }
}
