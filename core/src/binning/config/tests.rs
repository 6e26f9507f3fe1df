use super::*;
use crate::data::WEIGHT_ONE;
use crate::stats::Counts;

#[test]
fn every_setting_is_checked() {
    let wrong = BinningConfig {
        max_bins: 21,
        min_bins: 0,
        min_share: f64::NAN,
        max_share: 0.0,
        min_events: 0.0,
        min_non_events: -1.0,
        min_rate_difference: 1.0,
        max_p_value: Some(0.0),
        smoothing: f64::INFINITY,
        readable: Some(1.0),
        missing: Placement::Like { value: Code::Number(f64::NAN) },
        ..BinningConfig::default()
    };
    assert_eq!(wrong.validate().unwrap_err().problems().len(), 11);
}

#[test]
fn settings_of_a_feature_replace_the_general_ones_and_are_checked_over_them() {
    let json = r#"{"max_bins": 4, "variables": {
        "age": {"trend": "valley", "cuts": [25, 40], "missing": {"type": "like", "value": 30}},
        "job": {"groups": [["a", "b"], ["c"]], "max_bins": 8}}}"#;
    let config: BinningConfig = serde_json::from_str(json).unwrap();
    assert!(config.validate().is_ok());
    assert_eq!((config.of("age").trend, config.of("age").max_bins), (Trend::Valley, 4));
    assert_eq!(config.of("age").missing, Placement::Like { value: Code::Number(30.0) });
    assert_eq!((config.of("job").max_bins, config.of("job").trend), (8, Trend::Auto));
    assert_eq!(config.of("income"), BinningConfig { max_bins: 4, ..BinningConfig::default() });
    assert_eq!(serde_json::from_str::<BinningConfig>(&serde_json::to_string(&config).unwrap()).unwrap(), config);

    let own = |own: VariableBinning| {
        let config = BinningConfig { max_bins: 1, variables: [("x".to_owned(), own)].into(), ..BinningConfig::default() };
        let error = config.validate().unwrap_err();
        error.problems().iter().filter_map(|problem| problem.field.clone()).collect::<Vec<_>>()
    };
    assert_eq!(own(VariableBinning::default()), ["binning.max_bins"]);
    assert_eq!(
        own(VariableBinning { max_share: Some(2.0), ..VariableBinning::default() }),
        ["binning.max_bins", "binning.variables.x.max_share"]
    );
    let levels = |levels: &[&[&str]]| Some(levels.iter().map(|group| group.iter().map(|l| (*l).to_owned()).collect()).collect());
    let wrong =
        VariableBinning { cuts: Some(vec![2.0, 1.0]), groups: levels(&[&["a"], &["a"], &[]]), ..VariableBinning::default() };
    assert_eq!(own(wrong).len(), 5);
}

#[test]
fn settings_left_out_take_their_defaults_and_unknown_ones_are_refused() {
    let config: BinningConfig = serde_json::from_str(r#"{"max_bins": 4, "trend": "decreasing"}"#).unwrap();
    assert_eq!(config, BinningConfig { max_bins: 4, trend: Trend::Decreasing, ..BinningConfig::default() });
    assert!(serde_json::from_str::<BinningConfig>(r#"{"bins": 4}"#).is_err());
    assert!(serde_json::from_str::<BinningConfig>(r#"{"variables": {"x": {"variables": {}}}}"#).is_err());
}

#[test]
fn a_bin_of_exactly_the_least_or_largest_share_is_within() {
    for rows in [20, 100, 140, 1_000, 12_340, 30_000_020] {
        let config = BinningConfig { min_share: 0.05, max_share: 0.15, ..BinningConfig::default() };
        let limits = config.limits(Counts { non_events: rows * WEIGHT_ONE, events: 0 });
        let exact = rows * WEIGHT_ONE / 20;
        assert!(limits.total <= exact && exact - limits.total < 100, "{rows} rows");
        assert!(limits.most >= 3 * exact && limits.most - 3 * exact < 100, "{rows} rows");
    }
}
