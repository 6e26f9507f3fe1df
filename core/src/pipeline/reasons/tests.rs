use super::super::columns::NONE;
use super::super::samples::{ROWS, applications, direct};
use super::super::{Explanation, Scorer};
use crate::decision::{DecisionPolicy, Outcome, PolicyRule};
use crate::parallel::Threads;
use crate::scorecard::{ReasonMethod, ReasonPolicy};
use crate::tier::{OnMissing, TierPolicy};

/// The codes of the score by a plain sort, when `taken` reasons of rules come first.
fn naive(found: &Explanation, policy: &ReasonPolicy, taken: usize) -> Vec<String> {
    let mut costs: Vec<(String, f64)> = Vec::new();
    for variable in &found.variables {
        match costs.iter_mut().find(|(code, _)| *code == variable.reason) {
            Some((_, sum)) => *sum += variable.cost,
            None => costs.push((variable.reason.clone(), variable.cost)),
        }
    }
    costs.retain(|(_, cost)| *cost > 1e-9);
    costs.sort_by(|a, b| b.1.total_cmp(&a.1));
    let room = usize::from(policy.count).saturating_sub(taken);
    let all: Vec<String> = costs.into_iter().map(|(code, _)| code).collect();
    let mut named: Vec<String> = all.iter().take(room).cloned().collect();
    if let Some(inquiries) = all.iter().find(|code| Some(*code) == policy.inquiries.as_ref())
        && !named.contains(inquiries)
        && taken < 4
    {
        named.truncate(3 - taken);
        named.push(inquiries.clone());
    }
    named
}

/// By every policy, with and without reasons of rules before them, record and batch name the reasons of a plain sort.
#[test]
fn record_and_batch_rank_as_a_plain_sort() {
    let applications = applications();
    let batch = applications.batch();
    let rule = |code: &str, when: &str| PolicyRule {
        code: code.into(),
        when: when.into(),
        outcome: Outcome::Refer,
        on_missing: OnMissing::NoHit,
        reason: code.into(),
    };
    let decision = DecisionPolicy {
        by_tier: [Outcome::Approve; 4].into(),
        rules: vec![rule("R1", "age < 30"), rule("R2", "debt > 30"), rule("R3", "debt > 40"), rule("R4", "debt > 50")],
    };
    let mut moved = 0;
    for method in [ReasonMethod::BelowMaximum, ReasonMethod::BelowNeutral, ReasonMethod::Shapley] {
        for (count, inquiries) in [(4, None), (4, Some("INQ")), (1, Some("INQ")), (2, None), (3, Some("elsewhere"))] {
            let policy = ReasonPolicy { method, count, inquiries: inquiries.map(str::to_owned) };
            let pipeline = direct(|config| {
                config.reason_policy = policy.clone();
                config.tier = Some(TierPolicy::from_cuts([0.1, 0.2, 0.35]));
                config.decision = Some(decision.clone());
                config.reasons.retain(|reason| count != 4 || reason.code != "PERSON");
            });
            let scorer = Scorer::new(&pipeline).unwrap();
            let decided = scorer.decide_batch(&batch, None, Threads::One).unwrap();
            for i in (0..ROWS).step_by(17) {
                let row = applications.row(i);
                let found = scorer.answer(&scorer.decide(&row[..], None).unwrap()).reasons;
                let explanation = scorer.explain(&row[..]).unwrap();
                let taken = found.iter().take_while(|code| decision.rules.iter().any(|rule| rule.code == **code)).count();
                assert_eq!(found[taken..], naive(&explanation, &policy, taken), "{policy:?}, row {i}");
                let batch: Vec<String> = decided.reasons[i]
                    .iter()
                    .filter(|&&reason| reason != NONE)
                    .map(|&reason| scorer.reason(reason).unwrap().code.clone())
                    .collect();
                assert_eq!(found, batch);
                // The factors of the score alone: one more when it counts inquiries.
                let alone = naive(&explanation, &ReasonPolicy { inquiries: None, ..policy.clone() }, 0);
                assert!(explanation.key_factors.starts_with(&alone));
                let more = explanation.key_factors.get(alone.len());
                assert!(more.is_none_or(|code| Some(code) == policy.inquiries.as_ref()));
                moved += usize::from(explanation.key_factors.len() == 5);
            }
        }
    }
    assert!(moved > 0, "a fifth factor must occur");
}
