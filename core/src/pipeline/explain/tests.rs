use super::*;
use crate::math::logistic;
use crate::pipeline::samples::{applications, derived, direct};
use crate::scorecard::{ReasonMethod, Rounding};

/// Missing values, special codes and unseen levels among them.
fn records() -> Vec<[Value<'static>; 5]> {
    let mut records: Vec<_> = (0..300).map(|i| applications().row(i)).collect();
    records.push([Value::Missing; 5]);
    records.push([Value::Number(30.0), Value::Missing, Value::Number(3.0), Value::Number(-9.0), Value::Category("pilot")]);
    records
}

#[test]
fn contributions_add_up_to_score_and_log_odds() {
    for method in [ReasonMethod::BelowMaximum, ReasonMethod::BelowNeutral, ReasonMethod::Shapley] {
        for rounding in [Rounding::Integer, Rounding::None] {
            let pipeline = derived(|config| {
                config.reason_policy.method = method;
                config.scaling.rounding = rounding;
            });
            let scorer = Scorer::new(&pipeline).unwrap();
            for record in records() {
                let found = scorer.explain(&record[..]).unwrap();
                let decision = scorer.decide(&record[..], None).unwrap();
                assert_eq!((found.score.to_bits(), found.pd.to_bits()), (decision.score.to_bits(), decision.pd.to_bits()));
                let points = found.variables.iter().fold(0.0, |sum, variable| sum + variable.points);
                assert_eq!(points.to_bits(), found.score.to_bits());
                let log_odds = found.variables.iter().fold(found.base_log_odds, |sum, variable| sum + variable.log_odds);
                assert_eq!(log_odds.to_bits(), found.log_odds.to_bits());
                assert_eq!(logistic(log_odds).to_bits(), found.pd.to_bits());
                let cost: f64 = found.variables.iter().map(|variable| variable.cost).sum();
                assert!((found.base_score - cost - found.score).abs() < 1e-9);
                assert_eq!(found.variables.iter().filter(|variable| variable.unseen).count(), usize::from(decision.unseen));
                for (variable, bins) in found.variables.iter().zip(&pipeline.bins) {
                    assert_eq!(variable.label, bins.bins[usize::from(variable.bin)].label);
                    assert!(variable.below_maximum >= 0.0 && variable.below_maximum >= variable.below_mean - 1e-9);
                }
                let text = serde_json::to_string(&found).unwrap();
                assert_eq!(serde_json::from_str::<Explanation>(&text).unwrap(), found);
            }
        }
    }
}

/// Over the training rows the mean of score and of each Shapley value is that of the table.
#[test]
fn shapley_values_balance_over_the_training_rows() {
    let scorer = Scorer::new(&direct(|config| config.reason_policy.method = ReasonMethod::Shapley)).unwrap();
    let all: Vec<Explanation> =
        (0..crate::pipeline::samples::ROWS).map(|i| scorer.explain(&applications_row(i)[..]).unwrap()).collect();
    let mean = |value: &dyn Fn(&Explanation) -> f64| all.iter().map(value).sum::<f64>() / all.len() as f64;
    assert!((mean(&|found| found.score) - all[0].base_score).abs() < 1e-6);
    for variable in 0..all[0].variables.len() {
        assert!(mean(&|found| found.variables[variable].cost).abs() < 1e-6);
    }
}

fn applications_row(i: usize) -> [Value<'static>; 5] {
    thread_local! {
        static ALL: crate::pipeline::samples::Applications = applications();
    }
    ALL.with(|all| all.row(i))
}
