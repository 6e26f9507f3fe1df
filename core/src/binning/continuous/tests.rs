//! Continuous bins against hand-made tables, every grouping of levels, and other libraries.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::ErrorCode;
use crate::binning::{Movement, Split, Tallied, Values};
use crate::data::{Code, Column, Field, Kind, Special, Value, WEIGHT_ONE};
use crate::stats::{Cell, Moments, Summary, Tally, ValueTallies, target_units};

fn golden() -> Json {
    serde_json::from_str(include_str!("../../../../tests/golden/binning_targets.json")).unwrap()
}

fn numbers(list: &Json) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn moments(targets: &[f64]) -> Moments {
    targets.iter().map(|y| target_units(*y).unwrap()).collect()
}

fn no_limits() -> ContinuousConfig {
    ContinuousConfig { max_bins: 20, min_share: 0.0, min_count: 1e-6, ..ContinuousConfig::default() }
}

fn trend(name: &str) -> MeanTrend {
    serde_json::from_value(Json::from(name)).unwrap()
}

/// Three seeded samples: under the same limits at least what optbinning 1.0 explains (and here more), since its cuts come
/// from a tree of at most twenty and its objective is another.
#[test]
fn more_is_explained_than_by_optbinning() {
    for sample in golden()["continuous"].as_array().unwrap() {
        let (x, y) = (numbers(&sample["x"]), numbers(&sample["y"]));
        let config = ContinuousConfig { trend: trend(sample["trend"].as_str().unwrap()), ..ContinuousConfig::default() };
        let bins = bin_column(&Field::new("x", Kind::Number), &Column::numbers(&x[..]), &y, None, &config).unwrap();
        let theirs = sample["explained"].as_f64().unwrap();
        assert!(bins.explained > theirs, "{}: {} against {theirs}", sample["name"], bins.explained);
        let found: Movement = serde_json::from_value(sample["trend"].clone()).unwrap();
        assert_eq!(bins.trend, Some(found));
        assert!(bins.certificate.exact && bins.certificate.bound.unwrap() >= bins.certificate.objective);
        assert!(bins.bins.iter().take(bins.split.bins()).all(|bin| bin.share >= 0.05));
    }
}

/// Its bins as cells, no limits: the same bins, and its table: count, share, mean, deviation, range and IV of each.
#[test]
fn the_table_is_that_of_optbinning() {
    for sample in golden()["continuous"].as_array().unwrap() {
        let (x, y, cuts) = (numbers(&sample["x"]), numbers(&sample["y"]), numbers(&sample["cuts"]));
        let place: Vec<f64> = x.iter().map(|x| cuts.iter().filter(|cut| *x >= **cut).count() as f64).collect();
        let config = ContinuousConfig { trend: MeanTrend::None, ..no_limits() };
        let bins = bin_column(&Field::new("x", Kind::Number), &Column::numbers(place), &y, None, &config).unwrap();
        assert_eq!(bins.split.bins(), cuts.len() + 1);
        let theirs = |column: &str| numbers(&sample["table"][column]);
        for (k, bin) in bins.bins.iter().take(cuts.len() + 1).enumerate() {
            let ours = [
                ("count", bin.count),
                ("share", bin.share),
                ("mean", bin.mean),
                ("std", bin.std),
                ("min", bin.min.unwrap()),
                ("max", bin.max.unwrap()),
                ("iv", bin.iv),
            ];
            for (column, value) in ours {
                let expected = theirs(column)[k];
                assert!((value - expected).abs() < 1e-8 * (1.0 + expected.abs()), "{column}: {value} for {expected}");
            }
        }
        assert!((bins.explained - sample["explained"].as_f64().unwrap()).abs() < 1e-9);
    }
}

/// Without limits the monotone bins are the isotonic regression of scikit-learn.
#[test]
fn monotone_bins_without_limits_are_the_isotonic_regression() {
    let golden = golden();
    let sample = &golden["continuous"][golden["isotonic"]["sample"].as_u64().unwrap() as usize];
    let (x, y) = (numbers(&sample["x"]), numbers(&sample["y"]));
    let levels = numbers(&golden["isotonic"]["levels"]);
    let config = ContinuousConfig { trend: MeanTrend::Increasing, ..no_limits() };
    let bins = bin_column(&Field::new("x", Kind::Number), &Column::numbers(&x[..]), &y, None, &config).unwrap();
    let means: Vec<f64> = bins.bins.iter().take(bins.split.bins()).map(|bin| bin.mean).collect();
    assert!(levels.len() <= 20 && bins.certificate.optimal);
    assert_eq!(means.len(), levels.len());
    assert!(means.iter().zip(&levels).all(|(mean, level)| (mean - level).abs() < 1e-9));
    assert!((bins.explained - golden["isotonic"]["explained"].as_f64().unwrap()).abs() < 1e-9);
}

proptest! {
    /// By convexity the best groups follow the order of the means: no other grouping of the levels explains more.
    #[test]
    fn no_grouping_of_levels_explains_more(
        targets in prop::collection::vec(prop::collection::vec(0..10u8, 1..5), 2..7), max_bins in 2usize..4
    ) {
        let levels: Vec<Moments> =
            targets.iter().map(|list| moments(&list.iter().map(|y| f64::from(*y)).collect::<Vec<_>>())).collect();
        let mut all = Moments::default();
        levels.iter().for_each(|level| all.add(level));
        prop_assume!(all.variance() > 0.0);
        let names: Vec<String> = (0..levels.len()).map(|i| format!("L{i}")).collect();
        let listed: Vec<(&str, Moments)> = names.iter().map(String::as_str).zip(levels.iter().copied()).collect();
        let observed = Tallied { values: Values::Category { levels: &listed }, special: &[], missing: Moments::default() };
        let found = bin("x", &observed, &ContinuousConfig { max_bins, ..no_limits() }).unwrap();
        let mut best = 0.0f64;
        for code in 0..max_bins.pow(levels.len() as u32) {
            let mut groups = vec![Moments::default(); max_bins];
            levels.iter().enumerate().for_each(|(i, level)| groups[code / max_bins.pow(i as u32) % max_bins].add(level));
            let between = |group: &Moments| group.rows() * (group.mean() - all.mean()) * (group.mean() - all.mean());
            best = best.max(groups.iter().map(between).sum::<f64>() / (all.rows() * all.variance()));
        }
        prop_assert!((found.explained - best).abs() < 1e-9, "{} {best}", found.explained);
        prop_assert!(found.certificate.optimal);
    }

    /// Split, order and tree of merges leave no trace in the bins.
    #[test]
    fn merged_parts_give_the_same_bins(rows in prop::collection::vec((0..40u8, 0.0..1.0f64), 30..200), cut in any::<prop::sample::Index>()) {
        let observe = |rows: &[(u8, f64)]| {
            let mut seen: ValueTallies<Moments> = ValueTallies::new(16);
            let values: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
            let targets: Vec<i64> = rows.iter().map(|row| target_units(row.1).unwrap()).collect();
            seen.observe(&values, &targets, &vec![WEIGHT_ONE; rows.len()]);
            seen
        };
        let fit = |seen: &ValueTallies<Moments>| {
            let values = Values::Numeric { cells: seen.cells(), exact: seen.is_exact() };
            let config = ContinuousConfig { min_count: 5.0, ..ContinuousConfig::default() };
            bin("x", &Tallied { values, special: &[], missing: Moments::default() }, &config).unwrap()
        };
        let whole = observe(&rows);
        let (left, right) = rows.split_at(cut.index(rows.len()));
        let mut merged = observe(right);
        merged.merge(&observe(left)).unwrap();
        prop_assert_eq!(fit(&merged), fit(&whole));
    }
}

#[test]
fn special_and_missing_rows_have_bins_and_a_mean() {
    let mut field = Field::new("ltv", Kind::Number);
    field.special = vec![
        Special { code: Code::Number(-9.0), name: "no valuation".to_owned() },
        Special { code: Code::Number(-8.0), name: "unsecured".to_owned() },
    ];
    let ltv = [0.5, 0.5, 0.6, 1.0, 1.1, 1.1, -9.0, f64::NAN];
    let lgd = [0.0, 0.2, 0.1, 0.6, 0.4, 0.5, 0.9, 0.3];
    let config = ContinuousConfig { min_count: 2.0, max_bins: 2, ..ContinuousConfig::default() };
    let bins = bin_column(&field, &Column::numbers(&ltv[..]), &lgd, None, &config).unwrap();
    let labels: Vec<&str> = bins.bins.iter().map(|bin| bin.label.as_str()).collect();
    assert_eq!(labels, ["(-inf, 1)", "[1, inf)", "special: no valuation", "special: unsecured", "missing"]);
    assert_eq!(bins.split, Split::Numeric { cuts: vec![1.0] });
    // Nothing was seen of the second code: the mean of all.
    let expected = [0.1, 0.5, 0.9, 0.375, 0.3];
    assert!(bins.bins.iter().zip(expected).all(|(bin, mean)| (bin.mean - mean).abs() < 1e-9));
    assert_eq!(bins.code(Value::Number(-8.0), &field.special), (3, true));
    assert_eq!(bins.code(Value::Missing, &field.special), (4, false));
    let means = bins.transform(&Column::numbers(vec![0.7, 2.0, -9.0, -8.0, f64::NAN]), &field.special);
    assert!(means.iter().zip(expected).all(|(mean, expected)| (mean - expected).abs() < 1e-9));
    assert!((bins.bins.iter().map(|bin| bin.explained).sum::<f64>() - bins.explained).abs() < 1e-15);
    let text = serde_json::to_string(&bins).unwrap();
    assert_eq!(serde_json::from_str::<ContinuousBins>(&text).unwrap(), bins);
}

#[test]
fn levels_and_flags_are_grouped_by_their_mean() {
    let levels = ["c", "a", "b", "a", "c", "b", "d", "d"].map(Some);
    let target = [0.9, 0.1, 0.1, 0.2, 0.8, 0.15, 0.5, 0.5];
    let config = ContinuousConfig { max_bins: 3, min_count: 2.0, ..ContinuousConfig::default() };
    let bins = bin_column(&Field::new("x", Kind::Category), &Column::text(levels), &target, None, &config).unwrap();
    let groups =
        |levels: &[&[&str]]| levels.iter().map(|g| g.iter().map(|l| (*l).to_owned()).collect()).collect::<Vec<Vec<String>>>();
    // The group nearest to the mean of 0.40625 takes levels never seen.
    assert_eq!(bins.split, Split::Category { groups: groups(&[&["a", "b"], &["d"], &["c"]]), unseen: 1 });
    assert!(bins.trend.is_none());
    let flags = Column::Flag(vec![Some(true), Some(false), Some(true), Some(false)]);
    let bins = bin_column(&Field::new("x", Kind::Flag), &flags, &[1.0, 0.0, 3.0, 0.0], None, &config).unwrap();
    assert_eq!(bins.transform(&flags, &[]), [2.0, 0.0, 2.0, 0.0]);
}

#[test]
fn a_least_difference_keeps_means_apart() {
    let x: Vec<f64> = (0..60).map(|i| f64::from(i / 10)).collect();
    let y: Vec<f64> = (0..60).map(|i| f64::from(i / 10) * 0.1 + f64::from(i % 2) * 0.05).collect();
    let config = ContinuousConfig { min_difference: 0.2, min_count: 1.0, ..ContinuousConfig::default() };
    let bins = bin_column(&Field::new("x", Kind::Number), &Column::numbers(x), &y, None, &config).unwrap();
    let means: Vec<f64> = bins.bins.iter().take(bins.split.bins()).map(|bin| bin.mean).collect();
    assert_eq!(means.len(), 3);
    assert!(means.windows(2).all(|pair| pair[1] - pair[0] >= 0.2));
}

#[test]
fn a_mean_far_from_zero_costs_no_precision() {
    let x: Vec<f64> = (0..200).map(|i| f64::from(i % 4)).collect();
    let y: Vec<f64> = (0..200).map(|i| f64::from(i % 4) + f64::from(i % 5) * 0.25).collect();
    let far: Vec<f64> = y.iter().map(|y| y + 3e9).collect();
    let fit = |y: &[f64]| {
        bin_column(&Field::new("x", Kind::Number), &Column::numbers(&x[..]), y, None, &ContinuousConfig::default()).unwrap()
    };
    let (near, far) = (fit(&y), fit(&far));
    assert_eq!(near.split, far.split);
    assert_eq!(near.std, far.std);
    assert!((near.explained - far.explained).abs() < 1e-12);
}

#[test]
fn bad_input_is_refused_with_the_name_of_the_field() {
    let field = Field::new("ltv", Kind::Number);
    let x = Column::numbers(vec![1.0, 2.0, 3.0]);
    let run = |y: &[f64]| bin_column(&field, &x, y, None, &ContinuousConfig::default()).unwrap_err();
    let constant = run(&[0.5; 3]);
    assert_eq!((constant.code(), constant.problems()[0].field.as_deref()), (ErrorCode::InsufficientData, Some("ltv")));
    let absent = run(&[0.5, f64::NAN, 0.1]);
    assert_eq!((absent.code(), absent.problems()[0].row), (ErrorCode::InvalidData, Some(1)));
    assert_eq!(run(&[0.5]).code(), ErrorCode::InvalidData);
    let wrong = ContinuousConfig {
        max_bins: 1,
        min_share: 0.7,
        min_level_share: 0.7,
        min_count: 0.0,
        min_difference: -1.0,
        trend: MeanTrend::Monotonic,
    };
    assert_eq!(bin_column(&field, &x, &[0.1, 0.2, 0.3], None, &wrong).unwrap_err().problems().len(), 5);
    let unsorted = [2.0, 1.0].map(|value| Cell { value, counts: moments(&[0.0, 1.0]) });
    let values = Values::Numeric { cells: &unsorted, exact: true };
    let observed = Tallied { values, special: &[], missing: Moments::default() };
    assert_eq!(bin("ltv", &observed, &ContinuousConfig::default()).unwrap_err().code(), ErrorCode::InvalidData);
    // Nothing but missing values: one ordinary bin without rows.
    let nothing = Column::numbers(vec![f64::NAN; 3]);
    let bins = bin_column(&field, &nothing, &[0.1, 0.2, 0.3], None, &ContinuousConfig::default()).unwrap();
    assert_eq!((bins.bins.len(), bins.certificate.gap), (2, Some(0.0)));
    assert!(bins.explained < 1e-15);
}
