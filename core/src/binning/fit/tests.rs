mod settings;

use super::*;
use crate::ErrorCode;
use crate::binning::Shape;
use crate::data::{Value, WEIGHT_ONE, WEIGHT_UNIT};

fn counts(non_events: u64, events: u64) -> Counts {
    Counts { non_events: non_events * WEIGHT_ONE, events: events * WEIGHT_ONE }
}

fn category<'a>(levels: &'a [(&'a str, Counts)]) -> Observed<'a> {
    Observed { values: Values::Category { levels }, special: &[], missing: Counts::default() }
}

fn numeric<'a>(cells: &'a [Cell], special: &'a [(&'a str, Counts)], missing: Counts) -> Observed<'a> {
    Observed { values: Values::Numeric { cells, exact: true }, special, missing }
}

fn cells(table: &[(f64, u64, u64)]) -> Vec<Cell> {
    table.iter().map(|&(value, non_events, events)| Cell { value, counts: counts(non_events, events) }).collect()
}

/// UCI Statlog German credit, checking account: the published information value is 0.6660115034.
#[test]
fn german_checking_account_keeps_its_four_levels() {
    let levels = [("A13", counts(49, 14)), ("A11", counts(139, 135)), ("A14", counts(348, 46)), ("A12", counts(164, 105))];
    let bins = bin("checking", &category(&levels), &BinningConfig::default()).unwrap();
    assert!((bins.iv - 0.6660115034).abs() < 1e-10);
    assert_eq!(bins.certificate.gap, 0.0);
    assert!(bins.certificate.optimal && bins.certificate.trend.is_none());
    let labels: Vec<&str> = bins.bins.iter().map(|bin| bin.label.as_str()).collect();
    // Nothing is rare; A13 has the smoothed weight of evidence nearest to 0 (0.3805, A12 has -0.4031).
    assert_eq!(labels, ["{A14}", "{A13, other}", "{A12}", "{A11}", "missing"]);
    assert!((bins.bins[1].woe - 0.3805261597609123).abs() < 1e-12);
    assert!((bins.bins[3].woe + 0.8182048994455389).abs() < 1e-12);
    assert_eq!((bins.bins[4].woe, bins.bins[4].iv, bins.bins[4].share), (0.0, 0.0, 0.0));
    assert_eq!(bins.code(Value::Missing, &[]), (4, true));
}

/// The same data, purpose: ten levels, of which four have less than 5 % of the 1,000 rows and one less than 1 %.
#[test]
fn german_purpose_pools_its_rare_levels() {
    let levels = [
        ("A40", counts(145, 89)),
        ("A41", counts(86, 17)),
        ("A410", counts(7, 5)),
        ("A42", counts(123, 58)),
        ("A43", counts(218, 62)),
        ("A44", counts(8, 4)),
        ("A45", counts(14, 8)),
        ("A46", counts(28, 22)),
        ("A48", counts(8, 1)),
        ("A49", counts(63, 34)),
    ];
    let config = BinningConfig { max_bins: 20, min_level_share: 0.05, ..BinningConfig::default() };
    let bins = bin("purpose", &category(&levels), &config).unwrap();
    let Split::Category { groups, unseen } = &bins.split else { panic!("a category was given") };
    let pool = &groups[*unseen];
    // 12 + 12 + 22 + 9 rows; A46 has exactly 5 % and stays.
    assert_eq!(pool, &["A410", "A44", "A45", "A48"]);
    assert_eq!(groups.iter().flatten().count(), 10);
    assert_eq!(bins.code(Value::Category("A47"), &[]), (*unseen as u8, true));
    let whole = BinningConfig { min_share: 0.0, min_level_share: 0.0, min_events: 1.0, min_non_events: 1.0, ..config.clone() };
    let every = bin("purpose", &category(&levels), &whole).unwrap();
    assert_eq!(every.ordinary(), 10);
    assert!((every.iv - 0.16919506567307835).abs() < 1e-12);
    assert!(every.bins.windows(2).take(9).all(|pair| pair[0].woe > pair[1].woe), "goods first");

    // Levels below the least share of a group may still be grouped by their own rates, which is worth more.
    let finer = BinningConfig { min_level_share: 0.0, max_bins: 5, ..config.clone() };
    let best = groupings(&levels, &finer);
    let grouped = bin("purpose", &category(&levels), &finer).unwrap();
    assert!((grouped.certificate.objective - best).abs() < 1e-12 && grouped.certificate.optimal);
    assert!(
        best > bin("purpose", &category(&levels), &BinningConfig { max_bins: 5, ..config.clone() })
            .unwrap()
            .certificate
            .objective
    );

    let mut turned = levels;
    turned.reverse();
    assert_eq!(bin("purpose", &category(&turned), &config).unwrap(), bins);
}

/// The highest strict information value of groups of neighbours in order of event rate, by trying all of them.
fn groupings(levels: &[(&str, Counts)], config: &BinningConfig) -> f64 {
    let mut levels: Vec<Counts> = levels.iter().map(|(_, counts)| *counts).collect();
    levels.sort_by(|a, b| a.event_rate().total_cmp(&b.event_rate()));
    let sum = |part: &[Counts]| part.iter().fold(Counts::default(), |sum, c| added(sum, *c));
    let all = sum(&levels);
    let mut best = 0.0f64;
    for cuts in 0u32..1 << (levels.len() - 1) {
        let borders: Vec<usize> =
            [0].into_iter().chain((1..levels.len()).filter(|at| cuts >> (at - 1) & 1 == 1)).chain([levels.len()]).collect();
        let bins: Vec<Counts> = borders.windows(2).map(|pair| sum(&levels[pair[0]..pair[1]])).collect();
        let enough = |bin: &Counts| {
            let rows = |weight: u64| weight as f64 * WEIGHT_UNIT;
            bin.total() as f64 >= config.min_share * all.total() as f64
                && rows(bin.events) >= config.min_events
                && rows(bin.non_events) >= config.min_non_events
        };
        if bins.len() <= config.max_bins && bins.iter().all(enough) {
            let share = |bin: &Counts| (bin.non_events as f64 / all.non_events as f64, bin.events as f64 / all.events as f64);
            best = best.max(bins.iter().map(share).map(|(good, bad)| (good - bad) * crate::math::ln(good / bad)).sum());
        }
    }
    best
}

fn added(a: Counts, b: Counts) -> Counts {
    Counts { non_events: a.non_events + b.non_events, events: a.events + b.events }
}

#[test]
fn special_and_missing_bins_follow_the_ordinary_ones() {
    let cells = cells(&[(1.0, 100, 60), (2.0, 110, 50), (3.0, 0, 0), (4.0, 140, 20), (5.0, 150, 10)]);
    let special = [("no file", counts(30, 12)), ("no answer", counts(0, 0)), ("closed", counts(4, 0))];
    let bins = bin("months", &numeric(&cells, &special, counts(20, 6)), &BinningConfig::default()).unwrap();
    assert_eq!(bins.split, Split::Numeric { cuts: vec![2.0, 4.0, 5.0] });
    let labels: Vec<&str> = bins.bins.iter().map(|bin| bin.label.as_str()).collect();
    assert_eq!(
        labels,
        ["(-inf, 2)", "[2, 4)", "[4, 5)", "[5, inf)", "special: no file", "special: no answer", "special: closed", "missing"]
    );
    assert_eq!(bins.certificate.trend, Some(Shape::Decreasing));
    assert_eq!(bins.bins[5].woe, 0.0);
    assert!(bins.bins[6].woe.is_finite() && bins.bins[6].iv.is_finite());
    let (non_events, events) = bins.bins.iter().fold((0.0, 0.0), |sum, bin| (sum.0 + bin.non_events, sum.1 + bin.events));
    assert_eq!((non_events, events), (554.0, 158.0));
    assert!((bins.bins.iter().map(|bin| bin.share).sum::<f64>() - 1.0).abs() < 1e-12);
    assert!((bins.iv - bins.bins.iter().map(|bin| bin.iv).sum::<f64>()).abs() < 1e-15);
    assert!(bins.validate(3).is_ok());

    let strict = BinningConfig { smoothing: 0.0, ..BinningConfig::default() };
    let error = bin("months", &numeric(&cells, &special, counts(20, 6)), &strict).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InsufficientData);
    assert_eq!(error.problems()[0].field.as_deref(), Some("months"));
}

#[test]
fn a_forced_trend_is_kept_or_gives_one_bin() {
    let falling = cells(&[(1.0, 100, 60), (2.0, 110, 50), (3.0, 140, 20)]);
    let forced = |trend| BinningConfig { trend, ..BinningConfig::default() };
    let observed = numeric(&falling, &[], Counts::default());
    assert_eq!(bin("x", &observed, &forced(Trend::Decreasing)).unwrap().ordinary(), 3);
    let against = bin("x", &observed, &forced(Trend::Increasing)).unwrap();
    assert!(against.is_constant() && against.certificate.optimal && against.certificate.trend.is_none());
}

#[test]
fn features_that_say_nothing_get_one_ordinary_bin() {
    let one = cells(&[(7.0, 60, 40)]);
    let none = cells(&[]);
    let no_levels = category(&[]);
    for observed in [
        numeric(&one, &[], counts(10, 20)),
        numeric(&none, &[], counts(10, 20)),
        Observed { missing: counts(10, 20), ..no_levels },
    ] {
        let bins = bin("x", &observed, &BinningConfig::default()).unwrap();
        assert!(bins.is_constant());
        assert_eq!(bins.bins.len(), 2);
        assert_eq!(bins.certificate.gap, 0.0);
        assert!(bins.validate(0).is_ok());
    }
    let error = bin("x", &numeric(&one, &[], counts(10, 20)), &BinningConfig { max_bins: 0, ..BinningConfig::default() });
    assert_eq!(error.unwrap_err().code(), ErrorCode::InvalidConfig);
}

#[test]
fn bad_counts_are_refused_with_the_name_of_the_field() {
    let one_class = cells(&[(1.0, 5, 0), (2.0, 9, 0)]);
    let unsorted = cells(&[(2.0, 5, 3), (1.0, 9, 3)]);
    let repeated = [("a", counts(1, 2)), ("a", counts(3, 4))];
    let mut huge = cells(&[(1.0, 5, 3), (2.0, 9, 3)]);
    huge[0].counts.events = u64::MAX;
    for (observed, code) in [
        (numeric(&one_class, &[], Counts::default()), ErrorCode::InsufficientData),
        (numeric(&unsorted, &[], Counts::default()), ErrorCode::InvalidData),
        (numeric(&huge, &[], Counts::default()), ErrorCode::InvalidData),
        (category(&repeated), ErrorCode::InvalidData),
    ] {
        let error = bin("income", &observed, &BinningConfig::default()).unwrap_err();
        assert_eq!(error.code(), code);
        assert_eq!(error.problems()[0].field.as_deref(), Some("income"));
    }
}
