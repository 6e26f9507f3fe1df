//! Laws of credit decisions, on random records.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use scoreline::binning::FeatureBins;
use scoreline::pricing::Price;
use scoreline::tier::RiskTier;
use scoreline::{Decision, Pipeline, Scorer, Special, Value};
use scoreline_tests::{GERMAN, Record, SYNTHETIC, cells};

use crate::records::{loaded, record, today};

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(ProptestConfig::with_cases(cases))
}

fn decide(scorer: &Scorer, record: &Record) -> Decision {
    scorer.decide(&cells(scorer, record).unwrap(), today()).unwrap()
}

/// The value of a slot as bins see it, by the declared expression.
fn value<'a>(pipeline: &Pipeline, row: &[Value<'a>], name: &str) -> (Value<'a>, Vec<Special>) {
    if let Some(at) = pipeline.schema.index(name) {
        let field = &pipeline.schema.fields[at];
        return (field.check(row[at]).unwrap(), field.special.clone());
    }
    let number = |name: &str| {
        let at = pipeline.schema.index(name).unwrap();
        let field = &pipeline.schema.fields[at];
        field.plain(field.check(row[at]).unwrap()).as_number()
    };
    let known = |x: f64| if x.is_finite() { Value::Number(x) } else { Value::Missing };
    let principal = || if number("duration") == 0.0 { f64::NAN } else { number("amount") / number("duration") };
    let found = match name {
        "debt_ratio" if number("income") == 0.0 => Value::Missing,
        "debt_ratio" => known(number("debt") / number("income")),
        "monthly_principal" => known(principal()),
        "disposable_income" => {
            let rate = match row[pipeline.schema.index("installment_rate").unwrap()] {
                Value::Category("1") => 0.40,
                Value::Category("2") => 0.30,
                Value::Category("3") => 0.225,
                Value::Category("4") => 0.15,
                _ => f64::NAN,
            };
            known(if principal().is_finite() { principal() / rate } else { f64::NAN })
        }
        other => panic!("no rule for {other}"),
    };
    (found, Vec::new())
}

fn bin(bins: &FeatureBins, value: Value<'_>, special: &[Special]) -> usize {
    usize::from(bins.code(value, special).0)
}

/// The score is the sum of the points that the file shows for the bins of the record, and the log-odds are the
/// sum of coefficient times weight of evidence.
#[test]
fn the_score_is_the_sum_of_the_points_of_the_file() {
    for model in [GERMAN, SYNTHETIC] {
        let model = loaded(model);
        let pipeline = &model.pipeline;
        runner(256)
            .run(&record(pipeline), |record| {
                let row = cells(&model.scorer, &record).unwrap();
                let decision = decide(&model.scorer, &record);
                let (mut score, mut eta) = (0.0, pipeline.model.intercept());
                let coefficients = &pipeline.model.logistic().unwrap().coefficients;
                for ((bins, variable), coefficient) in pipeline.bins.iter().zip(&pipeline.scorecard.variables).zip(coefficients) {
                    let (value, special) = value(pipeline, &row, &bins.feature);
                    let at = bin(bins, value, &special);
                    score += variable.points[at];
                    eta += coefficient.value * bins.bins[at].woe;
                }
                prop_assert_eq!(decision.score.to_bits(), score.to_bits());
                let scaling = &pipeline.scorecard.scaling;
                let pd = match scaling.pd_from {
                    scoreline::scorecard::PdFrom::Model => 1.0 / (1.0 + scoreline::math::exp(-eta)),
                    scoreline::scorecard::PdFrom::Points => scaling.pd_at(score),
                };
                prop_assert!((decision.pd - pd).abs() < 1e-14, "{} {}", decision.pd, pd);
                // Unrounded points are the same model once more.
                let from_points = scaling.pd_at(score);
                let from_model = 1.0 / (1.0 + scoreline::math::exp(-eta));
                let rounding = if scaling.rounding == scoreline::scorecard::Rounding::None {
                    1e-8
                } else {
                    0.5 * pipeline.bins.len() as f64 / scaling.factor()
                };
                prop_assert!((from_points - from_model).abs() <= rounding);
                Ok(())
            })
            .unwrap();
    }
}

#[test]
fn the_score_falls_when_the_pd_rises() {
    let (points, rounded) = (loaded(SYNTHETIC), loaded(GERMAN));
    runner(256)
        .run(&(record(&points.pipeline), record(&points.pipeline)), |(a, b)| {
            let (a, b) = (decide(&points.scorer, &a), decide(&points.scorer, &b));
            prop_assert!(a.score != b.score || a.pd == b.pd);
            prop_assert!(a.score <= b.score || a.pd <= b.pd);
            prop_assert!((a.score - b.score).abs() < 1e-9 || (a.score > b.score) == (a.pd < b.pd));
            Ok(())
        })
        .unwrap();
    // Each variable is rounded by half a point at most.
    let slack = rounded.pipeline.bins.len() as f64;
    runner(256)
        .run(&(record(&rounded.pipeline), record(&rounded.pipeline)), |(a, b)| {
            let (a, b) = (decide(&rounded.scorer, &a), decide(&rounded.scorer, &b));
            prop_assert!(a.score - b.score <= slack || a.pd < b.pd);
            prop_assert_eq!(a.score.fract(), 0.0);
            Ok(())
        })
        .unwrap();
}

fn tier_of_pd(pipeline: &Pipeline, pd: f64) -> RiskTier {
    RiskTier::from_index(pipeline.tier.as_ref().unwrap().cuts.iter().filter(|cut| pd >= **cut).count()).unwrap()
}

#[test]
fn rules_never_improve_a_tier_and_without_rules_it_follows_the_pd() {
    for model in [GERMAN, SYNTHETIC] {
        let model = loaded(model);
        let mut plain = model.pipeline.clone();
        let tier = plain.tier.as_mut().unwrap();
        (tier.strong, tier.weak, tier.groups) = Default::default();
        let plain = Scorer::new(&plain).unwrap();
        runner(256)
            .run(&record(&model.pipeline), |record| {
                let (ruled, free) = (decide(&model.scorer, &record), decide(&plain, &record));
                let expected = tier_of_pd(&model.pipeline, free.pd);
                prop_assert_eq!((free.tier, free.pd.to_bits()), (Some(expected), ruled.pd.to_bits()));
                prop_assert!(ruled.tier >= Some(expected));
                prop_assert!(ruled.outcome >= free.outcome || ruled.tier == free.tier);
                Ok(())
            })
            .unwrap();
    }
}

/// For one amount and term a worse tier never has a lower price, and what has no legal price in a tier has none in
/// a worse one.
#[test]
fn the_price_rises_with_the_tier() {
    for model in [GERMAN, SYNTHETIC] {
        let model = loaded(model);
        let mut unlimited = model.pipeline.clone();
        unlimited.limit = None;
        let scorer = Scorer::new(&unlimited).unwrap();
        let term = if model.pipeline.schema.index("term").is_some() { "term" } else { "duration" };
        let requests = (record(&model.pipeline), record(&model.pipeline), 200u32..40_000, 6u32..60);
        runner(256)
            .run(&requests, |(mut a, mut b, amount, months)| {
                for record in [&mut a, &mut b] {
                    record.insert("amount".into(), scoreline_tests::Cell::Number(f64::from(amount)));
                    record.insert(term.into(), scoreline_tests::Cell::Number(f64::from(months)));
                }
                let (a, b) = (decide(&scorer, &a), decide(&scorer, &b));
                let (better, worse) = if a.tier <= b.tier { (a, b) } else { (b, a) };
                match (better.price.unwrap(), worse.price.unwrap()) {
                    (Price::Quote { rate: better, .. }, Price::Quote { rate: worse, raroc, .. }) => {
                        prop_assert!(better <= worse);
                        prop_assert!(raroc >= model.pipeline.pricing.as_ref().unwrap().hurdle - 1e-9);
                    }
                    (Price::NoLegalPrice { needed: better, .. }, Price::NoLegalPrice { needed: worse, cap }) => {
                        prop_assert!(better <= worse && worse > cap)
                    }
                    (Price::Quote { .. }, Price::NoLegalPrice { .. }) => {}
                    other => prop_assert!(false, "{other:?}"),
                }
                Ok(())
            })
            .unwrap();
    }
}

/// Reasons come from what the file declares, none twice, and those of the score in the order of points lost.
#[test]
fn reasons_rank_by_points_lost() {
    let model = loaded(SYNTHETIC);
    let pipeline = &model.pipeline;
    runner(256)
        .run(&record(pipeline), |record| {
            let row = cells(&model.scorer, &record).unwrap();
            let mut lost: Vec<(String, f64)> = Vec::new();
            for (bins, variable) in pipeline.bins.iter().zip(&pipeline.scorecard.variables) {
                let (value, special) = value(pipeline, &row, &bins.feature);
                let points = variable.max_points() - variable.points[bin(bins, value, &special)];
                match lost.iter_mut().find(|(code, _)| *code == variable.reason) {
                    Some((_, sum)) => *sum += points,
                    None => lost.push((variable.reason.clone(), points)),
                }
            }
            lost.sort_by(|a, b| b.1.total_cmp(&a.1));
            let expected: Vec<String> = lost.into_iter().filter(|(_, points)| *points > 0.0).map(|(code, _)| code).collect();
            let found = model.scorer.answer(&decide(&model.scorer, &record)).reasons;
            let of_score: Vec<String> =
                found.iter().filter(|code| pipeline.reasons.iter().any(|reason| reason.code == **code)).cloned().collect();
            prop_assert!(found.len() <= 4 && expected.starts_with(&of_score), "{found:?} {expected:?}");
            prop_assert!(found.len() == 4 || of_score.len() == expected.len());
            Ok(())
        })
        .unwrap();
}
