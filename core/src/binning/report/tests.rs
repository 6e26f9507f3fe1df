use super::*;
use crate::binning::BinningConfig;
use crate::binning::fit::tabulate;
use crate::binning::{ObservedValues, SpecialCounts};
use crate::data::WEIGHT_ONE;
use crate::error::ErrorCode;
use crate::stats::ValueCounts;

/// Counts of bins 0, 1, …: `ordinary` numbers, then one special code if there is room, then the missing values.
fn observed(ordinary: usize, non_events: &[u64], events: &[u64]) -> ObservedCounts {
    let at = |k: usize| Counts { non_events: non_events[k] * WEIGHT_ONE, events: events[k] * WEIGHT_ONE };
    let mut counts = ValueCounts::new(64);
    for k in 0..ordinary {
        let weight = [non_events[k] * WEIGHT_ONE, events[k] * WEIGHT_ONE];
        counts.observe(&[k as f64; 2], &[false, true], &weight);
    }
    let rest: Vec<Counts> = (ordinary..events.len()).map(at).collect();
    let special = rest.iter().rev().skip(1).map(|&counts| SpecialCounts { name: "none".to_owned(), counts }).collect();
    ObservedCounts { values: ObservedValues::Number { counts }, special, missing: rest.last().copied().unwrap_or_default() }
}

fn bins(counts: &ObservedCounts, ordinary: usize) -> FeatureBins {
    let split = Split::Numeric { cuts: (1..ordinary).map(|k| k as f64).collect() };
    counts.with(|observed| tabulate("x", &split, observed, &BinningConfig::default())).unwrap()
}

fn counts(value: &serde_json::Value) -> Vec<u64> {
    value.as_array().unwrap().iter().map(|x| x.as_u64().unwrap()).collect()
}

fn close(value: f64, golden: &serde_json::Value) {
    let golden = golden.as_f64().unwrap();
    assert!((value - golden).abs() < 1e-9, "{value} against {golden}");
}

/// Figures of optbinning, scipy and statsmodels.
#[test]
fn tables_agree_with_other_libraries() {
    let text = include_str!("../../../../tests/golden/binning_table.json");
    let golden: serde_json::Value = serde_json::from_str(text).unwrap();
    for case in golden["cases"].as_array().unwrap() {
        let (given, expected) = (&case["inputs"], &case["expected"]);
        let ordinary = given["ordinary"].as_u64().unwrap() as usize;
        let seen = observed(ordinary, &counts(&given["non_events"]), &counts(&given["events"]));
        let fitted = bins(&seen, ordinary);
        let table = fitted.report(0.95).unwrap();
        let both: Vec<&BinRow> = table.rows.iter().filter(|row| row.events > 0.0 && row.non_events > 0.0).collect();
        for (k, row) in both.iter().enumerate() {
            close(row.iv, &expected["iv_of_bins_with_both_classes"][k]);
            close(row.js, &expected["js_of_bins_with_both_classes"][k]);
        }
        let filled = expected["low"].as_array().unwrap().len();
        for (k, row) in table.rows.iter().take(filled).enumerate() {
            if row.events > 0.0 {
                close(row.event_rate_low, &expected["low"][k]);
                close(row.observed_woe.unwrap(), &expected["woe"][k]);
            } else {
                assert!(row.event_rate_low == 0.0 && row.observed_woe.is_none() && expected["woe"][k].is_null());
            }
            close(row.event_rate_high, &expected["high"][k]);
            close(row.ks, &expected["cumulative_distance"][k]);
            match k {
                0 => assert!(row.p_value.is_none()),
                k if k < ordinary => close(row.p_value.unwrap(), &expected["p_values"][k - 1]),
                _ => assert!(row.p_value.is_none()),
            }
        }
        close(table.totals.gini, &expected["gini"]);
        close(table.totals.ks, &expected["ks_by_rate"]);
        close(table.totals.hhi, &expected["hhi"]);
        if !expected["quality"].is_null() {
            close(table.totals.quality, &expected["quality"]);
        }
        if let Some(sample) = given.get("sample") {
            let other = observed(ordinary, &counts(&sample["non_events"]), &counts(&sample["events"]));
            let table = fitted.report_on(&other, 0.95).unwrap();
            let held: Vec<f64> = table.rows.iter().filter(|row| row.count > 0.0).map(|row| row.psi.unwrap()).collect();
            let golden = expected["psi_of_bins_with_rows"].as_array().unwrap();
            assert_eq!(held.len(), golden.len());
            held.iter().zip(golden).for_each(|(psi, golden)| close(*psi, golden));
        }
        let back: BinReport = serde_json::from_str(&serde_json::to_string(&table).unwrap()).unwrap();
        assert_eq!(back, table);
    }
}

#[test]
fn german_checking_account_is_suspiciously_good() {
    let seen = observed(4, &[139, 164, 49, 348], &[135, 105, 14, 46]);
    let table = bins(&seen, 4).report(0.95).unwrap();
    // R package scorecard and others: 0.6660115034.
    assert!((table.totals.iv - 0.666_011_503_4).abs() < 1e-10);
    assert_eq!((table.totals.iv_band, table.totals.flags.clone()), (IvBand::Suspicious, vec![QualityFlag::SuspiciousIv]));
    let text = table.to_string();
    let widths: Vec<usize> = text.lines().map(|line| line.chars().count()).collect();
    assert!(widths.len() == 7 && widths.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
    let last = table.rows.last().unwrap();
    assert_eq!((last.count, last.event_rate_low, last.event_rate_high), (0.0, 0.0, 1.0));
}

#[test]
fn the_training_rows_as_a_sample_give_the_same_table_without_shift() {
    let seen = observed(3, &[139, 164, 49, 348, 20], &[135, 105, 14, 46, 7]);
    let fitted = bins(&seen, 3);
    let (own, other) = (fitted.report(0.9).unwrap(), fitted.report_on(&seen, 0.9).unwrap());
    assert_eq!(other.totals.psi, Some(0.0));
    for (row, again) in own.rows.iter().zip(&other.rows) {
        assert!((row.iv - again.iv).abs() < 1e-15);
        assert_eq!(BinRow { iv: row.iv, psi: None, ..again.clone() }, *row);
    }
}

#[test]
fn every_flag_is_raised_where_it_belongs() {
    use QualityFlag::{DominantBin, EmptyBin, NotMonotone, NotSignificant, OneClassBin, Shifted, SmallBin, WeakIv};
    let training = observed(3, &[1000, 990, 1010], &[100, 101, 90]);
    let fitted = bins(&training, 3);
    let table = fitted.report(0.95).unwrap();
    assert_eq!(table.rows[1].flags, [NotSignificant]);
    assert_eq!(table.totals.flags, [WeakIv, NotMonotone, NotSignificant]);
    let other = observed(3, &[9700, 0, 100], &[300, 0, 0]);
    let shifted = fitted.report_on(&other, 0.95).unwrap();
    assert_eq!(shifted.rows[0].flags, [DominantBin]);
    assert_eq!(shifted.rows[1].flags, [EmptyBin]);
    assert_eq!(shifted.rows[2].flags, [SmallBin, OneClassBin]);
    assert!(shifted.totals.flags.contains(&Shifted));
    // One non-event class only: the weight of evidence in use replaces the infinite one.
    assert_eq!(shifted.rows[2].iv, 100.0 / 9800.0 * fitted.bins[2].woe);
}

#[test]
fn bands_are_closed_as_published() {
    let of = [0.0, 0.0199, 0.02, 0.1, 0.3, 0.5, 0.500_1].map(IvBand::of);
    use IvBand::{Medium, None, Strong, Suspicious, Weak};
    assert_eq!(of, [None, None, Weak, Medium, Strong, Strong, Suspicious]);
}

#[test]
fn what_has_no_table_is_refused() {
    let seen = observed(2, &[10, 10], &[5, 1]);
    let fitted = bins(&seen, 2);
    for level in [0.0, 1.0, f64::NAN] {
        assert_eq!(fitted.report(level).unwrap_err().code(), ErrorCode::InvalidConfig);
    }
    assert_eq!(fitted.report_on(&observed(2, &[10, 10], &[0, 0]), 0.9).unwrap_err().code(), ErrorCode::InsufficientData);
    assert_eq!(fitted.report_on(&observed(2, &[9, 9, 1, 1], &[3, 3, 0, 0]), 0.9).unwrap_err().code(), ErrorCode::Incompatible);
}
