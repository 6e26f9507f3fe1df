use proptest::prelude::*;

use super::*;
use crate::data::{WEIGHT_ONE, WEIGHT_UNIT};
use crate::math::{logistic, norm_inv};
use crate::model::golden::{case, numbers};
use crate::model::{Calibration, platt_step};
use crate::stats::Cell;

const METHODS: [RejectMethod; 5] = [
    RejectMethod::Reweighting,
    RejectMethod::Parcelling { multiplier: 1.0 },
    RejectMethod::Parcelling { multiplier: 3.0 },
    RejectMethod::Fuzzy,
    RejectMethod::HardCutOff { pd: 0.5 },
];

#[test]
fn parcelling_is_the_golden_one() {
    let golden = case("parcelling_1.5x");
    let rejects = numbers(&golden["inputs"]["rejects"]);
    let bands: Vec<ScoreBand> = golden["inputs"]["accept_good_bad"]
        .as_array()
        .unwrap()
        .iter()
        .map(numbers)
        .zip(&rejects)
        .map(|(good_bad, rejected)| ScoreBand {
            accepted: Counts { non_events: good_bad[0] as u64 * WEIGHT_ONE, events: good_bad[1] as u64 * WEIGHT_ONE },
            rejected: *rejected as u64 * WEIGHT_ONE,
            pd: 0.2,
        })
        .collect();
    let method = RejectMethod::Parcelling { multiplier: 1.5 };
    let band = reject_band(&bands, &[method]).unwrap();
    assert!((band.accepted_only - golden["expected"]["combined_bad_rate"].as_f64().unwrap()).abs() < 1e-12);
    assert!((band.high - golden["expected"]["augmented_bad_rate"].as_f64().unwrap()).abs() < 1e-12);
    assert_eq!((band.low, band.estimates[0].event_rate), (band.accepted_only, band.high));
    let augmented = method.augment(&bands).unwrap();
    let expected = golden["expected"]["rejected_bad_good"].as_array().unwrap();
    for ((band, augmented), expected) in bands.iter().zip(&augmented).zip(expected) {
        let (bad, good) = (augmented.events - band.accepted.events, augmented.non_events - band.accepted.non_events);
        for (got, want) in [bad, good].iter().zip(numbers(expected)) {
            assert!((*got as f64 * WEIGHT_UNIT - want).abs() <= WEIGHT_UNIT / 2.0);
        }
    }
}

/// Uniform numbers from a counter (SplitMix64).
fn uniform(seed: &mut u64) -> f64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = (*seed ^ *seed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ z >> 31) >> 12) as f64 / (1_u64 << 52) as f64 + 1.0 / (1_u64 << 53) as f64
}

/// 30,000 applicants whose outcomes are all known; the worst 30 % by an underwriter's view are rejected. The view holds the
/// score and `insight`, which the model does not see and which moves the outcome too. Returns the bands and the truth.
fn truncated(insight: f64, mut seed: u64) -> (Vec<ScoreBand>, f64) {
    let mut rows: Vec<(f64, f64, bool)> = (0..30_000)
        .map(|_| {
            let (seen, unseen, luck) = (norm_inv(uniform(&mut seed)), norm_inv(uniform(&mut seed)), norm_inv(uniform(&mut seed)));
            let event = uniform(&mut seed) < logistic(-2.2 + seen + insight * unseen);
            (seen, seen + insight * unseen + 0.7 * luck, event)
        })
        .collect();
    let truth = rows.iter().filter(|row| row.2).count() as f64 / rows.len() as f64;
    rows.sort_by(|a, b| a.1.total_cmp(&b.1));
    let first_rejected = rows.len() * 7 / 10;
    let mut bands = vec![ScoreBand { accepted: Counts::default(), rejected: 0, pd: 0.0 }; 20];
    for (at, &(seen, _, event)) in rows.iter().enumerate() {
        let band = &mut bands[(crate::math::norm_cdf(seen) * 20.0) as usize];
        if at < first_rejected {
            band.accepted.add_row(event, WEIGHT_ONE);
        } else {
            band.rejected += WEIGHT_ONE;
        }
    }
    let middle = |at: usize| norm_inv((at as f64 + 0.5) / 20.0);
    let cells: Vec<Cell> = bands.iter().enumerate().map(|(at, band)| Cell { value: middle(at), counts: band.accepted }).collect();
    let model = Calibration { steps: vec![platt_step(&cells).unwrap()] };
    for (at, band) in bands.iter_mut().enumerate() {
        band.pd = model.apply(middle(at));
    }
    (bands, truth)
}

#[test]
fn the_truth_of_truncated_data_lies_in_the_band() {
    for seed in 0..5 {
        for insight in [0.0, 0.4, 0.8] {
            let (bands, truth) = truncated(insight, seed);
            let band = reject_band(&bands, &METHODS).unwrap();
            assert!(
                band.low <= truth && truth <= band.high,
                "insight {insight}: {truth} is outside {} – {}",
                band.low,
                band.high
            );
            assert!(band.least_possible <= band.low && band.high <= band.most_possible);
            // The accepted ones alone are far too good, and no single method is right for every kind of decision.
            assert!(band.accepted_only < 0.9 * truth);
            let rate = |at: usize| band.estimates[at].event_rate;
            if insight == 0.0 {
                assert!((rate(0) / truth - 1.0).abs() < 0.08, "reweighting: {} is not {truth}", rate(0));
            } else {
                assert!(rate(0) < truth && truth < rate(2));
            }
        }
    }
}

#[test]
fn bad_settings_and_empty_bands_are_named() {
    let empty = ScoreBand { accepted: Counts::default(), rejected: WEIGHT_ONE, pd: 0.4 };
    let code = |method: RejectMethod| method.event_rate(&empty).unwrap_err().code();
    assert_eq!(code(RejectMethod::Reweighting), crate::ErrorCode::InsufficientData);
    assert_eq!(code(RejectMethod::Parcelling { multiplier: 0.5 }), crate::ErrorCode::InvalidConfig);
    assert_eq!(code(RejectMethod::HardCutOff { pd: 2.0 }), crate::ErrorCode::InvalidConfig);
    assert_eq!(RejectMethod::Parcelling { multiplier: 2.0 }.event_rate(&empty).unwrap(), 0.8);
    assert_eq!(RejectMethod::Parcelling { multiplier: 9.0 }.event_rate(&empty).unwrap(), 1.0);
    let no_pd = ScoreBand { pd: f64::NAN, ..empty };
    assert_eq!(RejectMethod::Fuzzy.event_rate(&no_pd).unwrap_err().code(), crate::ErrorCode::InvalidData);
    assert_eq!(reject_band(&[empty], &[RejectMethod::Fuzzy]).unwrap_err().code(), crate::ErrorCode::InsufficientData);
    assert_eq!(reject_band(&[empty], &[]).unwrap_err().code(), crate::ErrorCode::InvalidConfig);
}

proptest! {
    #[test]
    fn no_weight_is_lost_or_made(
        non_events in 1..u64::MAX >> 30, events in 0..u64::MAX >> 30, rejected in 0..u64::MAX >> 30, pd in 0.0..1.0f64, method in 0..5_usize
    ) {
        let band = ScoreBand { accepted: Counts { non_events, events }, rejected, pd };
        let augmented = METHODS[method].augment(&[band]).unwrap()[0];
        // Reweighting rounds each of the two classes to a unit.
        let slack = if METHODS[method] == RejectMethod::Reweighting { 1 } else { 0 };
        prop_assert!(augmented.total().abs_diff(non_events + events + rejected) <= slack);
        let row = METHODS[method].rejected_row(WEIGHT_ONE, pd, &band).unwrap();
        prop_assert!(row.total() == WEIGHT_ONE || (method == 0 && row.total() == 0));
    }
}
