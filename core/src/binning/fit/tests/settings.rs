//! Given bins, limits that cannot be met, joined codes, periods.

use super::*;
use crate::binning::{Placement, Prior, Trend, VariableBinning};
use crate::data::Code;

/// Falls, then rises: 60, 50, 20, 30 % events, with a small bin at the end.
fn valley() -> Vec<Cell> {
    cells(&[(1.0, 80, 120), (2.0, 100, 100), (3.0, 160, 40), (4.0, 140, 60), (5.0, 2, 1)])
}

fn of(own: VariableBinning) -> BinningConfig {
    BinningConfig { variables: [("x".to_owned(), own)].into(), ..BinningConfig::default() }
}

fn refused(observed: &Observed<'_>, config: &BinningConfig) -> String {
    let error = bin("x", observed, config).unwrap_err();
    assert_eq!((error.code(), error.problems()[0].field.as_deref()), (ErrorCode::InvalidConfig, Some("x")));
    error.problems()[0].what.clone()
}

#[test]
fn given_cuts_are_kept_exactly_and_the_gap_is_what_they_cost() {
    let cells = valley();
    let observed = numeric(&cells, &[], Counts::default());
    let given =
        |cuts: &[f64], trend| of(VariableBinning { cuts: Some(cuts.to_vec()), trend: Some(trend), ..VariableBinning::default() });
    // The last bin holds three rows: too little data is no reason to refuse what was asked for.
    let bins = bin("x", &observed, &given(&[2.5, 5.0], Trend::None)).unwrap();
    assert_eq!(bins.split, Split::Numeric { cuts: vec![2.5, 5.0] });
    assert_eq!(bins.bins.iter().map(|bin| bin.events).collect::<Vec<_>>(), [220.0, 100.0, 1.0, 0.0]);
    assert_eq!(bins.certificate.trend, Some(Shape::Valley));
    let free = bin("x", &observed, &BinningConfig { trend: Trend::None, ..BinningConfig::default() }).unwrap();
    assert!(free.certificate.optimal && !bins.certificate.optimal);
    assert!((bins.certificate.gap - (free.certificate.objective - bins.certificate.objective)).abs() < 1e-12);

    assert!(refused(&observed, &given(&[3.0, 4.0], Trend::Monotonic)).ends_with("limit trend"));
    let mut strict = given(&[3.0, 4.0], Trend::Valley);
    for (limit, change) in [
        ("max_bins", VariableBinning { max_bins: Some(2), ..VariableBinning::default() }),
        ("min_bins", VariableBinning { min_bins: Some(4), ..VariableBinning::default() }),
        ("max_share", VariableBinning { max_share: Some(0.4), ..VariableBinning::default() }),
        ("min_rate_difference", VariableBinning { min_rate_difference: Some(0.2), ..VariableBinning::default() }),
        ("max_p_value", VariableBinning { max_p_value: Some(1e-4), ..VariableBinning::default() }),
    ] {
        let own = VariableBinning { cuts: Some(vec![3.0, 4.0]), trend: Some(Trend::Valley), ..change };
        strict.variables.insert("x".to_owned(), own);
        assert!(refused(&observed, &strict).ends_with(&format!("limit {limit}")));
    }
    let groups = of(VariableBinning { groups: Some(vec![vec!["a".to_owned()]]), ..VariableBinning::default() });
    assert!(refused(&observed, &groups).contains("groups for a number"));
}

#[test]
fn given_groups_are_kept_and_the_rest_is_one_more() {
    let levels = [("a", counts(90, 10)), ("b", counts(60, 40)), ("c", counts(70, 30)), ("d", counts(2, 0)), ("e", counts(0, 0))];
    let groups = vec![vec!["b".to_owned(), "a".to_owned()], vec!["c".to_owned(), "never seen".to_owned()]];
    let bins = bin("x", &category(&levels), &of(VariableBinning { groups: Some(groups), ..VariableBinning::default() })).unwrap();
    let labels: Vec<&str> = bins.bins.iter().map(|bin| bin.label.as_str()).collect();
    assert_eq!(labels, ["{a, b}", "{c, never seen}", "{d, other}", "missing"]);
    assert_eq!(bins.bins.iter().map(|bin| bin.non_events).collect::<Vec<_>>(), [150.0, 70.0, 2.0, 0.0]);
}

#[test]
fn limits_that_no_bins_meet_name_the_tightest() {
    let cells = valley();
    let observed = numeric(&cells, &[], Counts::default());
    let base = BinningConfig { min_bins: 3, ..BinningConfig::default() };
    let named = |config: &BinningConfig| {
        let what = refused(&observed, config);
        what.split("tightest is ").nth(1).unwrap().split(':').next().unwrap().to_owned()
    };
    assert_eq!(named(&BinningConfig { min_share: 0.3, trend: Trend::Decreasing, ..base.clone() }), "min_share");
    assert_eq!(named(&BinningConfig { min_events: 110.0, trend: Trend::Decreasing, ..base.clone() }), "min_events");
    assert_eq!(
        named(&BinningConfig { max_p_value: Some(1e-3), trend: Trend::Valley, min_bins: 4, ..base.clone() }),
        "max_p_value"
    );
    assert_eq!(named(&BinningConfig { min_rate_difference: 0.35, ..base.clone() }), "min_rate_difference");
    assert_eq!(named(&BinningConfig { trend: Trend::Increasing, ..base.clone() }), "trend");
    assert_eq!(named(&BinningConfig { min_bins: 6, trend: Trend::None, ..base.clone() }), "min_bins");
    let constant = [cells[0]];
    assert!(refused(&numeric(&constant, &[], Counts::default()), &base).ends_with("min_bins: at most 1 are possible"));
    // With no least number of bins, limits that nothing meets leave one bin.
    let large = BinningConfig { max_share: 0.2, trend: Trend::Increasing, ..BinningConfig::default() };
    assert!(bin("x", &observed, &large).unwrap().is_constant());
}

#[test]
fn joined_codes_take_the_weight_of_evidence_of_a_bin_and_add_what_joining_adds() {
    let cells = cells(&[(1.0, 100, 60), (2.0, 140, 20), (3.0, 150, 10)]);
    let special = [("no file", counts(30, 12)), ("unused", counts(0, 0))];
    let observed = numeric(&cells, &special, counts(20, 6));
    let config =
        |placement: Placement| BinningConfig { missing: placement.clone(), special: placement, ..BinningConfig::default() };
    let of = |placement| bin("x", &observed, &config(placement)).unwrap();
    let own = of(Placement::Own);
    assert_eq!(own.ordinary(), 3);
    // No file: 29 %, missing: 23 % events; the ordinary bins have 37.5, 12.5 and 6.25 %.
    for (placement, joined) in [
        (Placement::Nearest, [Some(0), None, Some(1)]),
        (Placement::Riskiest, [Some(0), Some(0), Some(0)]),
        (Placement::Like { value: Code::Number(2.5) }, [Some(1), Some(1), Some(1)]),
    ] {
        let bins = of(placement);
        assert_eq!(bins.bins[..3], own.bins[..3]);
        let all = counts(440, 108);
        let mut sums = [counts(100, 60), counts(140, 20), counts(150, 10)];
        let mut alone = 0.0;
        for (k, (to, seen)) in joined.into_iter().zip([counts(30, 12), counts(0, 0), counts(20, 6)]).enumerate() {
            assert_eq!(bins.bins[3 + k].woe, to.map_or(own.bins[3 + k].woe, |to| own.bins[to].woe));
            assert_eq!(bins.bins[3 + k].events, own.bins[3 + k].events);
            match to {
                Some(to) => sums[to].add(seen),
                None => alone += own.bins[3 + k].iv,
            }
        }
        let iv: f64 = sums.iter().map(|sum| crate::binning::information_value(*sum, all, 0.5).unwrap()).sum();
        assert!((bins.iv - iv - alone).abs() < 1e-12);
    }
    let error = bin("x", &observed, &config(Placement::Like { value: Code::Text("a".to_owned()) })).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidConfig);
}

#[test]
fn a_prior_of_all_rows_pulls_rare_codes_to_nothing_instead_of_even_odds() {
    let cells = cells(&[(1.0, 900, 60), (2.0, 950, 20)]);
    let special = [("rare", counts(1, 0))];
    let observed = numeric(&cells, &special, Counts::default());
    let of = |prior, smoothing| {
        bin("x", &observed, &BinningConfig { prior, smoothing, ..BinningConfig::default() }).unwrap().bins[2].woe
    };
    assert!(of(Prior::Even, 0.5) < -2.0);
    assert!(of(Prior::Overall, 0.5) > 0.0);
    let strong = of(Prior::Overall, 50.0);
    // 100 rows of 1851 : 80 and one non-event.
    let expected = crate::math::ln((1.0f64 + 100.0 * 1851.0 / 1931.0) / 1851.0 * 80.0 / (100.0 * 80.0 / 1931.0));
    assert!((strong - expected).abs() < 1e-12 && strong < 0.02);
}

#[test]
fn stable_bins_keep_their_order_in_every_period() {
    let early = [counts(30, 20), counts(25, 25), counts(40, 10), counts(45, 5)];
    let late = [counts(25, 26), counts(30, 20), counts(45, 5), counts(40, 9)];
    let cells: Vec<Cell> = (0..4)
        .map(|i| {
            let mut counts = early[i];
            counts.add(late[i]);
            Cell { value: i as f64, counts }
        })
        .collect();
    let levels: Vec<(&str, Counts)> = ["d", "b", "c", "a"].into_iter().zip(cells.iter().map(|cell| cell.counts)).collect();
    let periods = [PeriodCounts { name: "2024", counts: &early }, PeriodCounts { name: "2025", counts: &late }];
    let config = BinningConfig { stable: true, ..BinningConfig::default() };
    let numbers = numeric(&cells, &[], Counts::default());
    assert_eq!(bin("x", &numbers, &config).unwrap().ordinary(), 4);
    let stable = bin_over_time("x", &numbers, &periods, &config).unwrap();
    assert_eq!(stable.split, Split::Numeric { cuts: vec![2.0] });
    assert!(stable.certificate.optimal && stable.certificate.gap > 0.0);
    let grouped = bin_over_time("x", &category(&levels), &periods, &config).unwrap();
    let Split::Category { groups, .. } = grouped.split else { panic!("a category was given") };
    assert_eq!(groups, [["a", "c"], ["b", "d"]]);
    let short = [PeriodCounts { name: "2024", counts: &early[1..] }];
    assert_eq!(bin_over_time("x", &numbers, &short, &config).unwrap_err().code(), ErrorCode::InvalidData);
    let wanted = BinningConfig { min_bins: 4, ..config };
    let error = bin_over_time("x", &numbers, &periods, &wanted).unwrap_err();
    assert!(error.problems()[0].what.contains("tightest is stable"));
}

#[test]
fn extreme_features_have_bins() {
    let every = BinningConfig::default();
    let trends = [Trend::Auto, Trend::Monotonic, Trend::Peak, Trend::Concave, Trend::None];
    // One distinct value for each row; classes that one cut separates; zero weights only.
    let rows: Vec<Cell> =
        (0..3_000).map(|i| Cell { value: f64::from(i), counts: counts(u64::from(i % 4 != 0), u64::from(i % 4 == 0)) }).collect();
    let apart: Vec<Cell> =
        (0..400).map(|i| Cell { value: f64::from(i), counts: counts(u64::from(i < 300), u64::from(i >= 300)) }).collect();
    let empty: Vec<Cell> = (0..50).map(|i| Cell { value: f64::from(i), counts: Counts::default() }).collect();
    for trend in trends {
        let config = BinningConfig { trend, ..every.clone() };
        let bins = bin("x", &numeric(&rows, &[], Counts::default()), &config).unwrap();
        assert!(bins.validate(0).is_ok() && bins.certificate.gap >= 0.0);
        // Every cut of classes that are apart leaves a bin of one class: there is one bin.
        assert!(bin("x", &numeric(&apart, &[], Counts::default()), &config).unwrap().is_constant());
        assert!(bin("x", &numeric(&empty, &[], counts(5, 5)), &config).unwrap().is_constant());
        let special = [("all", counts(40, 20))];
        let bins = bin("x", &numeric(&[], &special, Counts::default()), &config).unwrap();
        assert!(bins.is_constant() && bins.bins[1].woe.abs() < 0.02);
    }
}

#[test]
fn classes_that_one_cut_separates_are_split_where_that_cut_is_given() {
    let apart: Vec<Cell> =
        (0..400).map(|i| Cell { value: f64::from(i), counts: counts(u64::from(i < 300), u64::from(i >= 300)) }).collect();
    let observed = numeric(&apart, &[], Counts::default());
    let given = of(VariableBinning { cuts: Some(vec![300.0]), ..VariableBinning::default() });
    let bins = bin("x", &observed, &given).unwrap();
    assert!(bins.iv > 10.0 && bins.iv.is_finite() && bins.certificate.gap == 0.0);
    let strict = BinningConfig { smoothing: 0.0, ..given };
    assert_eq!(bin("x", &observed, &strict).unwrap_err().code(), ErrorCode::InsufficientData);
    let asked = BinningConfig { min_bins: 2, ..BinningConfig::default() };
    assert!(refused(&observed, &asked).ends_with("min_bins: at most 1 are possible"));
}

#[test]
fn a_hundred_thousand_levels_are_grouped() {
    let names: Vec<String> = (0..100_000).map(|i| format!("level {i}")).collect();
    let levels: Vec<(&str, Counts)> =
        names.iter().enumerate().map(|(i, name)| (name.as_str(), counts(5 + i as u64 % 90, 1 + i as u64 % 7))).collect();
    let pooled = bin("x", &category(&levels), &BinningConfig::default()).unwrap();
    assert!(pooled.is_constant());
    let free = bin("x", &category(&levels), &BinningConfig { min_level_share: 0.0, ..BinningConfig::default() }).unwrap();
    assert_eq!(free.ordinary(), 8);
    assert!(free.certificate.optimal);
}
