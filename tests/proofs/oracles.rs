//! Figures of other software and of the literature; see `tests/golden`.

use scoreline::scorecard::{Rounding, Scaling};
use scoreline::{Pipeline, Scorer, Threads, Value};
use scoreline_tests::{GERMAN, text};
use serde_json::{Value as Json, json};

fn golden(name: &str) -> Json {
    serde_json::from_str(&text(&format!("tests/golden/{name}.json"))).unwrap()
}

fn case(name: &str, id: &str) -> Json {
    golden(name)["cases"].as_array().unwrap().iter().find(|case| case["id"] == id).unwrap().clone()
}

fn numbers(json: &Json) -> Vec<f64> {
    json.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn near(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1.0), "{what}: {found} is not {expected}");
}

/// statsmodels, from the CSV file alone: weights of evidence, coefficients, standard errors, likelihoods.
#[test]
fn the_logistic_regression_is_that_of_statsmodels() {
    let golden = golden("logistic_south_german");
    let mut config = GERMAN.config();
    config.split = None;
    let pipeline = scoreline::fit(&[GERMAN.frame().batch()], config, Threads::One).unwrap();
    let variables = golden["variables"].as_array().unwrap();
    assert_eq!(pipeline.bins.len(), variables.len());
    for (bins, expected) in pipeline.bins.iter().zip(variables) {
        assert_eq!(
            (json!(bins.feature), serde_json::to_value(&bins.split).unwrap()),
            (expected["feature"].clone(), expected["split"].clone())
        );
        for (bin, woe) in bins.bins.iter().zip(numbers(&expected["woe"])) {
            near(bin.woe, woe, 1e-12, &format!("WoE of {} {}", bins.feature, bin.label));
        }
    }
    let model = pipeline.model.logistic().unwrap();
    let found = std::iter::once(&model.intercept).chain(&model.coefficients);
    let expected = numbers(&golden["coefficients"]).into_iter().zip(numbers(&golden["standard_errors"]));
    assert_eq!(model.coefficients.len() + 1, golden["coefficients"].as_array().unwrap().len());
    for (found, (value, standard_error)) in found.zip(expected) {
        near(found.value, value, 1e-8, &found.variable);
        near(found.standard_error, standard_error, 1e-8, &format!("standard error of {}", found.variable));
    }
    near(model.log_likelihood, golden["log_likelihood"].as_f64().unwrap(), 1e-8, "log-likelihood");
    near(model.null_log_likelihood, golden["null_log_likelihood"].as_f64().unwrap(), 1e-8, "null log-likelihood");
    let found = std::iter::once(&model.intercept).chain(&model.coefficients);
    let intervals = golden["intervals_95"].as_array().unwrap().iter().map(numbers);
    let tests = numbers(&golden["z"]).into_iter().zip(numbers(&golden["p_values"])).zip(intervals);
    for (found, ((z, p), interval)) in found.zip(tests) {
        near(found.z(), z, 1e-7, &format!("z of {}", found.variable));
        assert!((found.p_value() / p - 1.0).abs() < 1e-6, "p of {}: {} is not {p}", found.variable, found.p_value());
        near(found.interval(0.95).0, interval[0], 1e-8, &format!("lower end of {}", found.variable));
        near(found.interval(0.95).1, interval[1], 1e-8, &format!("upper end of {}", found.variable));
    }
    let (test, expected) = (model.likelihood_ratio(), &golden["likelihood_ratio"]);
    near(test.chi2, expected["chi2"].as_f64().unwrap(), 1e-9, "likelihood ratio");
    assert_eq!(Some(test.degrees as u64), expected["degrees"].as_u64());
    assert!((test.p / expected["p"].as_f64().unwrap() - 1.0).abs() < 1e-6, "p of the likelihood ratio: {}", test.p);
    near(model.aic(), golden["aic"].as_f64().unwrap(), 1e-9, "AIC");
    near(model.bic(), golden["bic"].as_f64().unwrap(), 1e-9, "BIC");
    near(model.mcfadden(), golden["mcfadden"].as_f64().unwrap(), 1e-9, "McFadden");
}

#[test]
fn the_points_scale_is_that_of_the_literature() {
    for id in ["siddiqi_scaling", "scaling_20_600_30", "scaling_40_660_72", "scaling_50_600_20", "scaling_20_600_0.0167"] {
        let case = case("scorecard", id);
        let input = |name: &str| case["inputs"][name].as_f64().unwrap();
        let scaling = Scaling::new(input("base_score"), input("base_odds_good_bad"), input("pdo"));
        let expected = |name: &str| case["expected"][name].as_f64();
        near(scaling.factor(), expected("factor").unwrap(), 1e-12, id);
        near(scaling.offset(), expected("offset").unwrap(), 1e-12, id);
        if let (Some(pd), Some(score)) = (expected("pd_at_base"), expected("score_at_pd_0.02")) {
            near(scaling.pd_at(scaling.score), pd, 1e-12, id);
            near(scaling.pd_at(score), 0.02, 1e-12, id);
        }
    }
    let ladder = case("scorecard", "siddiqi_ladder");
    for (score, odds) in numbers(&ladder["inputs"]["scores"]).into_iter().zip(numbers(&ladder["expected"]["odds"])) {
        near(Scaling::new(600.0, 50.0, 20.0).odds_at(score), odds, 1e-9, "ladder");
    }
}

/// The card of the golden case as a pipeline: three numbers with cuts at 1, 2, …, and the model of the log-odds of
/// the event, so with the signs turned.
fn card(rounding: Rounding) -> Pipeline {
    let inputs = case("scorecard", "points_allocation")["inputs"].clone();
    let number = |name: &str| inputs[name].as_f64().unwrap();
    let bin =
        |woe: f64| json!({"label": "", "share": 0.0, "non_events": 1.0, "events": 1.0, "event_rate": 0.5, "woe": woe, "iv": 0.0});
    let names = ["x0", "x1", "x2"];
    let woes: Vec<Vec<f64>> = inputs["woe"].as_array().unwrap().iter().map(numbers).collect();
    let estimate = |variable: &str, value: f64| json!({"variable": variable, "value": value, "standard_error": 0.1});
    let bins: Vec<Json> = names
        .iter()
        .zip(&woes)
        .map(|(name, woes)| {
            let cuts: Vec<usize> = (1..woes.len()).collect();
            let bins: Vec<Json> = woes.iter().copied().chain([0.0]).map(bin).collect();
            let certificate = json!({"objective": 0.0, "bound": 0.0, "gap": 0.0, "candidates": 0, "optimal": true, "exact": true});
            json!({"feature": name, "split": {"type": "numeric", "cuts": cuts}, "bins": bins, "iv": 0.0, "certificate": certificate})
        })
        .collect();
    let bins: Vec<scoreline::binning::FeatureBins> = serde_json::from_value(json!(bins)).unwrap();
    let coefficients: Vec<Json> = names.iter().zip(numbers(&inputs["betas"])).map(|(name, beta)| estimate(name, -beta)).collect();
    let model = json!({"type": "logistic", "intercept": estimate("intercept", -number("intercept_ln_odds_good")), "coefficients": coefficients, "log_likelihood": 0.0, "null_log_likelihood": 0.0, "iterations": 1, "rows": 1.0, "events": 0.5});
    let mut pipeline = GERMAN.load().pipeline().clone();
    let scaling = Scaling {
        rounding,
        pd_from: scoreline::scorecard::PdFrom::Points,
        ..Scaling::new(number("base_score"), number("base_odds"), number("pdo"))
    };
    pipeline.schema =
        scoreline::Schema { fields: names.map(|name| scoreline::Field::new(name, scoreline::Kind::Number)).to_vec() };
    pipeline.model = serde_json::from_value(model).unwrap();
    pipeline.scorecard = scoreline::scorecard::Scorecard::new(scaling, &bins, &pipeline.model, str::to_owned).unwrap();
    pipeline.bins = bins;
    pipeline.reasons =
        names.map(|name| scoreline::pipeline::Reason { code: name.to_owned(), text: format!("Points lost on {name}") }).to_vec();
    (pipeline.features, pipeline.tiers) = (Vec::new(), Vec::new());
    (pipeline.tier, pipeline.limit, pipeline.pricing, pipeline.decision) = (None, None, None, None);
    pipeline
}

#[test]
fn the_points_of_each_bin_are_those_of_the_literature() {
    let expected = case("scorecard", "points_allocation")["expected"].clone();
    for (rounding, name) in [(Rounding::None, "points_unrounded"), (Rounding::Integer, "points_rounded_half_away")] {
        let card = card(rounding).scorecard;
        for (variable, expected) in card.variables.iter().zip(expected[name].as_array().unwrap()) {
            let expected = numbers(expected);
            assert_eq!(variable.points.len(), expected.len() + 1);
            for (found, expected) in variable.points.iter().zip(expected) {
                near(*found, expected, 1e-11, &variable.feature);
            }
            near(
                *variable.points.last().unwrap(),
                if rounding == Rounding::None { 170.523_574_877_078_15 } else { 171.0 },
                1e-11,
                "neutral points",
            );
        }
    }
}

#[test]
fn score_pd_and_reasons_are_those_of_the_literature() {
    let case = case("scorecard", "score_to_pd");
    let row: Vec<Value<'_>> = numbers(&case["inputs"]["bins"]).into_iter().map(|bin| Value::Number(bin + 0.5)).collect();
    let expected = |name: &str| case["expected"][name].as_f64().unwrap();
    let decide = |rounding| {
        let scorer = Scorer::new(&card(rounding)).unwrap();
        scorer.answer(&scorer.decide(&row, None).unwrap())
    };
    let exact = decide(Rounding::None);
    near(exact.score, expected("score_unrounded"), 1e-11, "score");
    near(exact.pd, expected("pd"), 1e-11, "PD");
    let reasons: Vec<&str> = case["expected"]["reasons_points_below_max"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| reason[0].as_str().unwrap())
        .collect();
    assert_eq!(exact.reasons, reasons);
    assert_eq!(decide(Rounding::Integer).score, expected("score_rounded_sum"));
}
