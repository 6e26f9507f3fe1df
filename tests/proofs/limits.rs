//! The limit is the least of its candidates, computed once more from the policy and the record.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use scoreline::limit::LimitRule;
use scoreline_tests::{Cell, SYNTHETIC, cells};

use crate::records::{loaded, record, today};

/// The amount whose annuity over `months` at `rate` a year is `payment`, month by month.
fn present_value(payment: f64, rate: f64, months: u32) -> f64 {
    let (mut value, mut discount) = (0.0, 1.0);
    for _ in 0..months {
        discount /= 1.0 + rate / 12.0;
        value += payment * discount;
    }
    value
}

#[test]
fn the_limit_is_the_least_candidate() {
    let model = loaded(SYNTHETIC);
    let policy = model.pipeline.limit.clone().unwrap();
    let request = (record(&model.pipeline), 100u32..9_000, 0u32..3_000, 1u32..120);
    TestRunner::new(ProptestConfig::with_cases(256))
        .run(&request, |(mut record, income, debt, months)| {
            for (field, x) in [("income", income), ("debt", debt), ("term", months)] {
                record.insert(field.into(), Cell::Number(f64::from(x)));
            }
            let decision = model.scorer.decide(&cells(&model.scorer, &record).unwrap(), today()).unwrap();
            let (income, debt) = (f64::from(income), f64::from(debt));
            let amounts: Vec<f64> = policy
                .candidates
                .iter()
                .map(|candidate| match &candidate.rule {
                    LimitRule::DebtService { share, stressed_rate, .. } => present_value(share * income - debt, *stressed_rate, months),
                    LimitRule::Expression { .. } => 10.0 * income,
                    LimitRule::ByTier(amounts) => *amounts.get(decision.tier.unwrap()),
                    LimitRule::Fixed { amount } => *amount,
                })
                .collect();
            let least = amounts.iter().copied().fold(f64::INFINITY, f64::min);
            let stepped = (least.max(0.0) / policy.step).floor() * policy.step;
            let expected = if stepped < policy.minimum { 0.0 } else { stepped };
            let found = decision.limit.unwrap().minor() as f64 / 1_000.0;
            // Only where the least candidate meets a step may the two ways of computing differ.
            let on_step = (least / policy.step - (least / policy.step).round()).abs() < 1e-9;
            prop_assert!(found == expected || on_step, "{found} {expected} {amounts:?}");
            prop_assert!(amounts[usize::from(decision.binding.unwrap())] <= least + 1e-6);
            if let Some(amount) = decision.amount {
                prop_assert!(found == 0.0 || amount.minor() <= decision.limit.unwrap().minor());
            }
            Ok(())
        })
        .unwrap();
}
