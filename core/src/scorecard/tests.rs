//! The published allocation of points, the bound on rounding, and the reason algorithms of PMML.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::binning::{Bin, Certificate, FeatureBins, Split};
use crate::model::{Coefficient, Logistic, Model};

const GOLDEN: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/scorecard.json"));
const PMML: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/pmml_scorecard.json"));
const PMML_CARD: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/pmml_sample_card.json"));

fn case(text: &str, id: &str) -> Json {
    let golden: Json = serde_json::from_str(text).unwrap();
    golden["cases"].as_array().unwrap().iter().find(|case| case["id"] == id).unwrap().clone()
}

fn numbers(json: &Json) -> Vec<f64> {
    json.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

/// Bins of a numeric feature with the given weights of evidence and shares.
fn bins(feature: &str, woe: &[f64], share: &[f64]) -> FeatureBins {
    let bin = |(&woe, &share): (&f64, &f64)| Bin {
        label: String::new(),
        share,
        non_events: 0.0,
        events: 0.0,
        event_rate: 0.0,
        woe,
        iv: 0.0,
    };
    let certificate = Certificate {
        objective: 0.0,
        bound: 0.0,
        gap: 0.0,
        candidates: 0,
        optimal: true,
        exact: true,
        trend: None,
        separates: false,
    };
    FeatureBins {
        feature: feature.to_owned(),
        split: Split::Numeric { cuts: Vec::new() },
        bins: woe.iter().zip(share).map(bin).collect(),
        iv: 0.0,
        certificate,
        edits: Vec::new(),
    }
}

/// A model of the log-odds of the event, given by intercept and coefficients of the log-odds of the non-event.
fn model(intercept: f64, betas: &[f64]) -> Model {
    let coefficient = |(i, beta): (usize, &f64)| Coefficient { variable: format!("x{i}"), value: -beta, standard_error: 0.1 };
    Model::Logistic(Logistic {
        intercept: Coefficient { variable: "intercept".into(), value: -intercept, standard_error: 0.1 },
        coefficients: betas.iter().enumerate().map(coefficient).collect(),
        log_likelihood: 0.0,
        null_log_likelihood: 0.0,
        iterations: 1,
        rows: 1.0,
        events: 1.0,
    })
}

/// The published example in both roundings.
fn allocation(rounding: Rounding) -> (Json, Vec<FeatureBins>, Model, Scorecard) {
    let golden = case(GOLDEN, "points_allocation");
    let inputs = &golden["inputs"];
    let number = |name: &str| inputs[name].as_f64().unwrap();
    let scaling = Scaling { rounding, ..Scaling::new(number("base_score"), number("base_odds"), number("pdo")) };
    let woe: Vec<Vec<f64>> = inputs["woe"].as_array().unwrap().iter().map(numbers).collect();
    let bins: Vec<FeatureBins> =
        woe.iter().enumerate().map(|(i, woe)| bins(&format!("x{i}"), woe, &vec![1.0 / woe.len() as f64; woe.len()])).collect();
    let model = model(number("intercept_ln_odds_good"), &numbers(&inputs["betas"]));
    let card = Scorecard::new(scaling, &bins, &model, str::to_owned).unwrap();
    (golden["expected"].clone(), bins, model, card)
}

#[test]
fn the_published_allocation_of_points() {
    let (expected, bins, model, card) = allocation(Rounding::None);
    let (_, _, _, rounded) = allocation(Rounding::Integer);
    for (i, (exact, whole)) in card.variables.iter().zip(&rounded.variables).enumerate() {
        for (found, expected) in exact.points.iter().zip(numbers(&expected["points_unrounded"][i])) {
            assert!((found - expected).abs() < 1e-9);
        }
        assert_eq!(whole.points, numbers(&expected["points_rounded_half_away"][i]));
    }
    let facts = card.facts(&bins, &model).unwrap();
    let near = |found: f64, expected: &Json| {
        assert!((found - expected.as_f64().unwrap()).abs() < 5e-9, "{found} {expected}: 12 digits are kept")
    };
    for (i, variable) in facts.variables.iter().enumerate() {
        near(variable.max_points, &expected["max_points"][i]);
        near(variable.neutral_points, &expected["neutral_points_each"]);
    }
    near(facts.min_score, &expected["score_range_unrounded"][0]);
    near(facts.max_score, &expected["score_range_unrounded"][1]);
    assert!((facts.neutral_score - 3.0 * facts.variables[0].neutral_points).abs() < 1e-9);
    assert!(facts.rounding.largest < 1e-8 && facts.rounding.pd_ratio < 1.0 + 1e-9, "12 digits are kept");
    assert!((facts.variables.iter().map(|variable| variable.range_share).sum::<f64>() - 1.0).abs() < 1e-12);
}

#[test]
fn the_published_reasons_by_maximum_and_by_neutral_points() {
    let (_, bins, model, mut card) = allocation(Rounding::None);
    let golden = case(GOLDEN, "score_to_pd");
    let codes: Vec<usize> = numbers(&golden["inputs"]["bins"]).into_iter().map(|bin| bin as usize).collect();
    let score: f64 = card.variables.iter().zip(&codes).map(|(variable, &bin)| variable.points[bin]).sum();
    let near = |found: f64, expected: &Json| assert!((found - expected.as_f64().unwrap()).abs() < 1e-9, "{found} {expected}");
    near(score, &golden["expected"]["score_unrounded"]);
    near(card.scaling.pd_at(score), &golden["expected"]["pd"]);
    for (method, name) in
        [(ReasonMethod::BelowMaximum, "reasons_points_below_max"), (ReasonMethod::BelowNeutral, "reasons_points_below_neutral")]
    {
        card.reasons.method = method;
        let costs: Vec<(String, f64)> = (card.variables.iter().zip(card.baselines(&bins, &model)).zip(&codes))
            .map(|((variable, baseline), &bin)| (variable.reason.clone(), variable.costs(baseline)[bin]))
            .collect();
        let listed = golden["expected"][name].as_array().unwrap();
        for (expected, (code, cost)) in
            listed.iter().map(|pair| (pair, costs.iter().find(|(code, _)| pair[0] == **code).unwrap()))
        {
            assert_eq!(expected[0], **code);
            near(*cost, &expected[1]);
        }
        let mut expected: Vec<(String, f64)> =
            listed.iter().map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].as_f64().unwrap())).collect();
        expected.sort_by(|a, b| b.1.total_cmp(&a.1));
        let expected: Vec<String> = expected.into_iter().map(|(code, _)| code).collect();
        assert_eq!(rank_reasons(costs, 4), expected);
    }
}

/// A bin of no evidence costs nothing by neutral points, also on a rounded card; Shapley costs add up to nothing.
#[test]
fn neutral_bins_cost_nothing_and_shapley_costs_balance() {
    let bins = vec![bins("a", &[-0.4, 0.0, 0.7], &[0.2, 0.5, 0.3]), bins("b", &[0.0, 0.0], &[0.9, 0.2])];
    let model = model(1.3, &[0.9, 1.1]);
    let mut card = Scorecard::new(Scaling::default(), &bins, &model, str::to_owned).unwrap();
    card.reasons.method = ReasonMethod::BelowNeutral;
    let costs = |card: &Scorecard| -> Vec<Vec<f64>> {
        card.variables.iter().zip(card.baselines(&bins, &model)).map(|(variable, baseline)| variable.costs(baseline)).collect()
    };
    let neutral = costs(&card);
    assert_eq!((neutral[0][1], neutral[1][0]), (0.0, 0.0));
    assert!(neutral[0][0] > 0.0 && neutral[0][2] < 0.0);
    card.reasons.method = ReasonMethod::Shapley;
    let shapley = costs(&card);
    assert!((0.2 * shapley[0][0] + 0.5 * shapley[0][1] + 0.3 * shapley[0][2]).abs() < 1e-9);
    assert_eq!(shapley[1], [0.0, 0.0], "shares that do not add up to 1 leave no trace");
}

#[test]
fn the_order_of_reasons_is_that_of_a_plain_sort() {
    let costs = [("a", 5.0), ("b", -2.0), ("c", 5.0), ("a", -1.0), ("d", 1e-12), ("b", 9.5)];
    assert_eq!(rank_reasons(costs, 9), ["b", "c", "a"]);
    assert_eq!(rank_reasons(costs, 2), ["b", "c"]);
    assert_eq!(rank_reasons([("z", 1.0), ("y", 1.0 + 1e-15)], 2), ["z", "y"], "equal to 13 digits");
}

#[test]
fn a_policy_lists_every_problem() {
    let policy = ReasonPolicy { count: 5, inquiries: Some(" ".into()), ..ReasonPolicy::default() };
    assert_eq!(policy.validate().unwrap_err().problems().len(), 2);
    assert!(serde_json::from_str::<ReasonPolicy>(r#"{"metod": "shapley"}"#).is_err());
}

/// Partial score and reason code of each characteristic of the PMML sample card: the first attribute that holds.
fn partial_scores(inputs: &Json, by_attribute: bool) -> Vec<(f64, f64, String)> {
    let card: Json = serde_json::from_str(PMML_CARD).unwrap();
    let names = ["department", "age", "income"];
    let found = card["characteristics"].as_array().unwrap().iter().zip(names).map(|(characteristic, name)| {
        let value = &inputs[name];
        let holds = |attribute: &&Json| match (&attribute["eq"], value.as_f64()) {
            (Json::String(level), _) => value == level,
            (_, Some(x)) if attribute["missing"].is_null() => {
                attribute["gt"].as_f64().is_none_or(|low| x > low) && attribute["le"].as_f64().is_none_or(|high| x <= high)
            }
            _ => false,
        };
        let attribute = characteristic["attributes"].as_array().unwrap().iter().find(holds).unwrap();
        let own = attribute["rc"].as_str().filter(|_| by_attribute);
        let code = own.or(characteristic["reasonCode"].as_str()).unwrap_or("RC2").to_owned();
        (attribute["score"].as_f64().unwrap(), characteristic["baseline"].as_f64().unwrap(), code)
    });
    found.collect()
}

#[test]
fn the_reason_algorithms_of_pmml() {
    let rank = |inputs: &Json, by_attribute: bool, side: PointsSide| {
        let partial = partial_scores(inputs, by_attribute);
        rank_reasons(partial.into_iter().map(|(points, baseline, code)| (code, side.cost(points, baseline))), 4)
    };
    for (id, by_attribute) in
        [("pmml_pointsBelow_engineering_25_500", true), ("pmml_pointsBelow(char-level)_engineering_25_500", false)]
    {
        let case = case(PMML, id);
        let score: f64 = partial_scores(&case["inputs"], true).iter().map(|(points, ..)| points).sum();
        assert_eq!(case["expected"]["score"].as_f64().unwrap(), score);
        assert_eq!(case["expected"]["reason_codes"], Json::from(rank(&case["inputs"], by_attribute, PointsSide::Below)));
    }
    for id in ["pmml_sample_business_45_3000", "pmml_sample_engineering_30_2500"] {
        let case = case(PMML, id);
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        assert_eq!(expected["reason_codes_pointsBelow"], Json::from(rank(inputs, true, PointsSide::Below)));
        assert_eq!(expected["reason_codes_pointsAbove"], Json::from(rank(inputs, true, PointsSide::Above)));
        let partial = partial_scores(inputs, true);
        let mut costs: Vec<f64> =
            partial.iter().map(|(points, baseline, _)| PointsSide::Below.cost(*points, *baseline)).collect();
        costs.retain(|cost| *cost > 0.0);
        costs.sort_by(|a, b| b.total_cmp(a));
        assert_eq!(costs, numbers(&expected["diffs_below"]));
    }
    // The engineer of 25 with 500 earns 16 above the baseline of income: alone a reason where high scores are bad.
    let inputs = case(PMML, "pmml_pointsBelow_engineering_25_500")["inputs"].clone();
    assert_eq!(rank(&inputs, true, PointsSide::Above), ["RC3"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// The bound on rounding is reached by a combination of bins and exceeded by none; so with the PD.
    #[test]
    fn the_bound_on_rounding_is_exact(
        intercept in -2.0..3.0f64,
        table in prop::collection::vec((0.3..1.5f64, prop::collection::vec(-2.0..2.0f64, 1..4)), 1..5),
        pdo in 5.0..60.0f64,
    ) {
        let bins: Vec<FeatureBins> =
            table.iter().enumerate().map(|(i, (_, woe))| bins(&format!("x{i}"), woe, &vec![0.1; woe.len()])).collect();
        let betas: Vec<f64> = table.iter().map(|(beta, _)| *beta).collect();
        let model = model(intercept, &betas);
        let card = Scorecard::new(Scaling::new(600.0, 50.0, pdo), &bins, &model, str::to_owned).unwrap();
        let facts = card.facts(&bins, &model).unwrap();
        let exact = card.scaling.allocate(&bins, &model);
        let (mut low, mut high, mut ratio, mut range) = (0.0f64, 0.0f64, 1.0f64, (f64::INFINITY, f64::NEG_INFINITY));
        let combinations: usize = exact.iter().map(Vec::len).product();
        for mut at in 0..combinations {
            let (mut rounded, mut unrounded) = (0.0, 0.0);
            for (variable, exact) in card.variables.iter().zip(&exact) {
                rounded += variable.points[at % exact.len()];
                unrounded += exact[at % exact.len()];
                at /= exact.len();
            }
            (low, high) = (low.min(rounded - unrounded), high.max(rounded - unrounded));
            range = (range.0.min(rounded), range.1.max(rounded));
            let (pd, model_pd) = (card.scaling.pd_at(rounded), card.scaling.pd_at(unrounded));
            ratio = ratio.max(pd / model_pd).max(model_pd / pd);
        }
        prop_assert!((facts.rounding.lowest - low).abs() < 1e-9 && (facts.rounding.highest - high).abs() < 1e-9);
        prop_assert_eq!((facts.min_score, facts.max_score), range);
        prop_assert!(ratio <= facts.rounding.pd_ratio + 1e-9 && facts.rounding.pd_ratio <= facts.rounding.odds_ratio + 1e-12);
        prop_assert!(facts.rounding.largest <= 0.5 * bins.len() as f64 + 1e-9);
    }
}
