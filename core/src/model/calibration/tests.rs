use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::ErrorCode;
use crate::data::WEIGHT_ONE;
use crate::math::{isotonic, ln, logistic, logit};
use crate::model::golden::{case, numbers};
use crate::stats::{Cell, Counts};

fn cell(value: f64, non_events: u64, events: u64) -> Cell {
    Cell { value, counts: Counts { non_events: non_events * WEIGHT_ONE, events: events * WEIGHT_ONE } }
}

fn scipy() -> (Value, Vec<Cell>) {
    let file: Value = serde_json::from_str(include_str!("../../../../tests/golden/calibration.json")).unwrap();
    let cells = file["cells"].as_array().unwrap().iter().map(numbers).map(|row| cell(row[0], row[1] as u64, row[2] as u64));
    let cells = cells.collect();
    (file, cells)
}

fn near(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance, "{got} is not {want}");
}

#[test]
fn the_prior_shift_is_theorem_2_of_elkan() {
    for (p, from, to, want) in [(0.30, 0.5, 0.05, 0.022058823529), (0.02, 0.2, 0.01, 0.000823892894)] {
        near(logistic(logit(p) + prior_shift(from, to).unwrap()), want, 1e-12);
        let elkan = to * (p - p * from) / (from - p * from + to * p - from * to);
        near(logistic(logit(p) + prior_shift(from, to).unwrap()), elkan, 1e-15);
    }
    let golden = case("elkan_0.5_0.1_0.1");
    near(prior_shift(0.1, 0.1).unwrap(), golden["expected"]["logit_shift"].as_f64().unwrap(), 1e-14);
    assert_eq!(prior_shift(0.0, 0.5).unwrap_err().code(), ErrorCode::InvalidConfig);
}

#[test]
fn the_central_tendency_is_the_golden_one() {
    let golden = case("central_tendency_shift");
    let risks: Vec<(f64, f64)> =
        numbers(&golden["inputs"]["pd"]).into_iter().map(logit).zip(numbers(&golden["inputs"]["weights"])).collect();
    let shift = central_tendency_shift(&risks, 0.035).unwrap();
    near(shift, golden["expected"]["shift"].as_f64().unwrap(), 1e-10);
    for (risk, want) in risks.iter().zip(numbers(&golden["expected"]["pd_calibrated"])) {
        near(logistic(risk.0 + shift), want, 1e-10);
    }
    // A PD of 0 cannot move; the others make up for it, unless they cannot.
    let fixed = [(f64::NEG_INFINITY, 1.0), (-3.0, 1.0)];
    near(logistic(-3.0 + central_tendency_shift(&fixed, 0.4).unwrap()), 0.8, 1e-12);
    assert_eq!(central_tendency_shift(&fixed, 0.6).unwrap_err().code(), ErrorCode::InsufficientData);
    assert_eq!(central_tendency_shift(&[], 0.6).unwrap_err().code(), ErrorCode::InsufficientData);
    assert_eq!(central_tendency_shift(&risks, 1.0).unwrap_err().code(), ErrorCode::InvalidConfig);
}

#[test]
fn platt_isotonic_and_the_em_prior_are_those_of_scipy() {
    let (file, cells) = scipy();
    let CalibrationStep::Platt { slope, intercept } = platt_step(&cells).unwrap() else { panic!() };
    near(slope, file["platt"]["slope"].as_f64().unwrap(), 1e-9);
    near(intercept, file["platt"]["intercept"].as_f64().unwrap(), 1e-9);

    let curve = Calibration { steps: vec![isotonic_step(&cells).unwrap()] };
    for (cell, want) in cells.iter().zip(numbers(&file["isotonic"])) {
        near(curve.apply(cell.value), want, 1e-15);
    }

    let risks: Vec<(f64, f64)> = cells.iter().map(|cell| (cell.value, cell.counts.total() as f64)).collect();
    let prior = estimate_prior(&risks, file["em"]["trained"].as_f64().unwrap()).unwrap();
    near(prior, file["em"]["prior"].as_f64().unwrap(), 1e-9);
    assert_eq!(estimate_prior(&[(-5.0, 1.0)], 0.3).unwrap(), 0.0);
    assert_eq!(estimate_prior(&[(5.0, 1.0)], 0.3).unwrap(), 1.0);
    assert!(estimate_prior(&[(logit(0.5), 1.0)], 0.5).is_err() && estimate_prior(&[], 0.5).is_err());
}

#[test]
fn the_isotonic_golden_and_its_interpolation() {
    let golden = case("isotonic_isoreg_doc");
    let points: Vec<(f64, f64)> = numbers(&golden["inputs"]["y"]).into_iter().map(|y| (y, 1.0)).collect();
    assert_eq!(isotonic(&points), numbers(&golden["expected"]["yf"]));
    // Cells of the same value are one; pools keep their two ends; in between the PD is linear in the log-odds.
    let cells = [cell(1.0, 4, 6), cell(-2.0, 9, 1), cell(-1.0, 5, 0), cell(-1.0, 4, 1), cell(0.0, 10, 0), cell(-2.0, 5, 0)];
    let CalibrationStep::Isotonic { knots } = isotonic_step(&cells).unwrap() else { panic!() };
    let found: Vec<(f64, f64)> = knots.iter().map(|knot| (knot.log_odds, knot.pd)).collect();
    assert_eq!(found, [(-2.0, 2.0 / 35.0), (0.0, 2.0 / 35.0), (1.0, 0.6)]);
    let curve = Calibration { steps: vec![CalibrationStep::Isotonic { knots }] };
    near(curve.apply(0.5), (2.0 / 35.0 + 0.6) / 2.0, 1e-15);
    assert_eq!((curve.apply(-50.0), curve.apply(50.0)), (2.0 / 35.0, 0.6));
}

#[test]
fn the_margin_for_sampling_error_is_the_golden_one() {
    let golden = case("moc");
    for (bound, name) in [(UpperBound::Normal, "pd_with_moc_normal"), (UpperBound::Exact, "pd_with_moc_clopper")] {
        near(bound.of(100.0, 5_000.0, 0.9), golden["expected"][name].as_f64().unwrap(), 1e-10);
    }
    let jeffreys = UpperBound::Jeffreys.of(100.0, 5_000.0, 0.9);
    assert!(jeffreys > UpperBound::Normal.of(100.0, 5_000.0, 0.9) && jeffreys < UpperBound::Exact.of(100.0, 5_000.0, 0.9));
    assert_eq!(UpperBound::Exact.of(3.0, 3.0, 0.9), 1.0);
    assert!(UpperBound::Exact.of(1.0, 0.0, 0.9).is_nan());
    // The same through a fit: 5,000 rows whose model gives 2 %.
    let config = CalibrationConfig {
        margins: vec![MarginConfig {
            category: MarginCategory::Estimation,
            reason: "5,000 rows".into(),
            size: MarginSize::Sampling { confidence: 0.9, bound: UpperBound::Exact },
        }],
        ..CalibrationConfig::default()
    };
    let calibration = config.fit(&[cell(logit(0.02), 4_900, 100)]).unwrap();
    near(calibration.apply(logit(0.02)), golden["expected"]["pd_with_moc_clopper"].as_f64().unwrap(), 1e-10);
}

#[test]
fn a_fit_does_what_it_is_asked_in_any_order_of_the_cells() {
    let (_, mut cells) = scipy();
    let config: CalibrationConfig = serde_json::from_str(
        r#"{"method": "platt", "level": {"type": "long_run", "rate": 0.03}, "floor": 0.001, "cap": 0.9, "margins": [
            {"category": "data", "reason": "old arrears codes", "size": {"type": "multiply", "by": 1.1}},
            {"category": "change", "reason": "new product", "size": {"type": "add", "pd": 0.002}}]}"#,
    )
    .unwrap();
    let calibration = config.fit(&cells).unwrap();
    assert!(calibration.validate().is_ok());
    let total: f64 = cells.iter().map(|cell| cell.counts.total() as f64).sum();
    let mean: f64 = cells.iter().map(|cell| calibration.apply(cell.value) * cell.counts.total() as f64).sum::<f64>() / total;
    // No cell meets the floor or the cap, so the margins act on the mean as on each PD.
    near(mean, 0.03 * 1.1 + 0.002, 1e-11);
    assert_eq!((calibration.apply(-60.0), calibration.apply(60.0)), (0.002, 0.9));
    cells.reverse();
    assert_eq!(config.fit(&cells).unwrap(), calibration);
    let text = serde_json::to_string(&calibration).unwrap();
    assert_eq!(serde_json::from_str::<Calibration>(&text).unwrap(), calibration);

    let prior = CalibrationConfig { level: CalibrationLevel::Prior { population: 0.02 }, ..CalibrationConfig::default() };
    let sample = cells.iter().fold(Counts::default(), |mut all, cell| {
        all.add(cell.counts);
        all
    });
    near(prior.fit(&cells).unwrap().log_odds(0.0), logit(0.02) - logit(sample.event_rate()), 1e-11);
    assert_eq!(CalibrationConfig::default().fit(&[]).unwrap(), Calibration::default());
}

#[test]
fn bad_settings_and_bad_data_are_named() {
    let wrong = CalibrationConfig {
        method: CalibrationMethod::Isotonic,
        level: CalibrationLevel::LongRun { rate: 1.5 },
        margins: vec![MarginConfig {
            category: MarginCategory::Data,
            reason: " ".into(),
            size: MarginSize::Multiply { by: 0.9 },
        }],
        cap: Some(0.0),
        ..CalibrationConfig::default()
    };
    assert_eq!(wrong.validate().unwrap_err().problems().len(), 5);
    let platt = |cells: &[Cell]| platt_step(cells).unwrap_err().code();
    assert_eq!(platt(&[cell(0.0, 5, 0)]), ErrorCode::InsufficientData);
    assert_eq!(platt(&[cell(0.0, 5, 5)]), ErrorCode::InsufficientData);
    assert_eq!(platt(&[cell(0.0, 5, 25), cell(1.0, 25, 5)]), ErrorCode::InsufficientData);
    assert_eq!(platt(&[cell(f64::NAN, 5, 5)]), ErrorCode::InvalidData);
    // Separated classes and huge log-odds have a line too.
    assert!(platt_step(&[cell(-1.0, 5, 0), cell(1.0, 0, 5)]).is_ok());
    assert!(platt_step(&[cell(-1e6, 50, 1), cell(1e6, 1, 5)]).is_ok());
    let knot = |log_odds, pd| Knot { log_odds, pd };
    let margin = Margin { category: MarginCategory::Data, reason: String::new(), add: 0.1, factor: 1.0 };
    let steps = vec![
        CalibrationStep::Platt { slope: 0.0, intercept: 0.0 },
        CalibrationStep::Isotonic { knots: vec![knot(0.0, 0.2), knot(1.0, 0.1)] },
        CalibrationStep::Shift { log_odds: f64::NAN },
        CalibrationStep::Margin(margin),
        CalibrationStep::Floor { pd: -0.1 },
        CalibrationStep::Cap { pd: 1.1 },
    ];
    assert_eq!(Calibration { steps }.validate().unwrap_err().problems().len(), 6);
}

fn step() -> impl Strategy<Value = CalibrationStep> {
    prop_oneof![
        (0.01..5.0f64, -3.0..3.0f64).prop_map(|(slope, intercept)| CalibrationStep::Platt { slope, intercept }),
        prop::collection::vec((0.1..3.0f64, 0.0..0.3f64), 1..5).prop_map(|moves| {
            let mut last = Knot { log_odds: -4.0, pd: 0.0 };
            let knots = moves.into_iter().map(|(x, pd)| {
                last = Knot { log_odds: last.log_odds + x, pd: (last.pd + pd).min(1.0) };
                last
            });
            CalibrationStep::Isotonic { knots: knots.collect() }
        }),
        (-3.0..3.0f64).prop_map(|log_odds| CalibrationStep::Shift { log_odds }),
        (0.0..0.2f64, 1.0..2.0f64).prop_map(|(add, factor)| CalibrationStep::Margin(Margin {
            category: MarginCategory::Data,
            reason: "r".into(),
            add,
            factor
        })),
        (0.0..1.0f64).prop_map(|pd| CalibrationStep::Floor { pd }),
        (0.0..1.0f64).prop_map(|pd| CalibrationStep::Cap { pd }),
    ]
}

proptest! {
    #[test]
    fn every_calibration_rises_and_stays_a_probability(
        steps in prop::collection::vec(step(), 0..5), a in -12.0..12.0f64, by in 0.001..5.0f64
    ) {
        let calibration = Calibration { steps };
        prop_assert!(calibration.validate().is_ok());
        let (low, high) = (calibration.apply(a), calibration.apply(a + by));
        // A conversion to log-odds and back costs a few spacings of doubles.
        prop_assert!(low <= high + 1e-12 && (0.0..=1.0).contains(&low) && (0.0..=1.0).contains(&high));
    }

    /// Any affine change of the log-odds is undone by Platt's line: the PDs it gives are the same.
    #[test]
    fn platt_does_not_depend_on_the_scale(scale in 0.1..20.0f64, offset in -5.0..5.0f64) {
        let (_, cells) = scipy();
        let moved: Vec<Cell> = cells.iter().map(|cell| Cell { value: scale * cell.value + offset, ..*cell }).collect();
        let (a, b) = (Calibration { steps: vec![platt_step(&cells).unwrap()] }, Calibration { steps: vec![platt_step(&moved).unwrap()] });
        for (cell, moved) in cells.iter().zip(&moved) {
            prop_assert!((ln(a.apply(cell.value)) - ln(b.apply(moved.value))).abs() < 1e-8);
        }
    }
}
