//! Contingency plans: taken back to the same bytes, and figures that are those of the decisions.

use scoreline::math::{logistic, logit};
use scoreline::pipeline::{DryRun, Playbook};
use scoreline::portfolio::{PdShock, Shock};
use scoreline::pricing::{Price, SinglePeriod};
use scoreline::tier::{After, RiskTier};
use scoreline::{Artefact, Decision, Threads};
use scoreline_tests::{GERMAN, MODELS, SEGMENTED, SYNTHETIC};

use crate::records::{loaded, today};

fn plan(shock: Shock) -> Playbook {
    Playbook {
        name: "crunch".into(),
        owner: "CRO".into(),
        shock,
        tier: None,
        limit: None,
        pricing: None,
        decision: None,
        review: None,
    }
}

fn worse(add: f64) -> Shock {
    Shock { pd: PdShock::Logit { add }, ..Shock::default() }
}

fn run(model: scoreline_tests::Model, plan: &Playbook, threads: Threads) -> DryRun {
    let (pipeline, frame) = (loaded(model).pipeline, model.frame());
    plan.dry_run(&pipeline, &[frame.batch()], today(), threads).unwrap()
}

#[test]
fn a_plan_taken_back_leaves_the_same_bytes() {
    for model in [GERMAN, SYNTHETIC, SEGMENTED] {
        let base = model.load();
        let text = base.to_json().unwrap();
        let on = plan(Shock { lgd: 0.05, funding: 0.01, cap: Some(0.3), ..worse(0.4) }).apply(base.pipeline()).unwrap();
        let changed = Artefact::new(&on).unwrap();
        assert_ne!(changed.hash(), base.hash());
        assert_eq!(
            Artefact::from_json(&changed.to_json().unwrap()).unwrap(),
            changed,
            "a plan in force is a file like any other"
        );
        assert_eq!(Artefact::new(base.pipeline()).unwrap().to_json().unwrap(), text);
    }
}

#[test]
fn a_plan_that_changes_nothing_moves_nothing() {
    for model in MODELS.into_iter().filter(|model| loaded(*model).pipeline.pricing.is_some()) {
        let nothing = run(model, &plan(Shock::default()), Threads::One);
        assert_eq!(nothing.before, nothing.after, "{}", model.artefact);
        assert_eq!(nothing.refused, nothing.errors.len());
        assert!((0..3).all(|row| (0..3).all(|column| row == column || nothing.swaps[row][column] == 0)));
    }
}

#[test]
fn pds_move_by_the_log_odds_of_the_shock() {
    let (pipeline, frame) = (loaded(SEGMENTED).pipeline, SEGMENTED.frame());
    let worse = plan(worse(0.7)).apply(&pipeline).unwrap();
    let decide =
        |pipeline| scoreline::Scorer::new(pipeline).unwrap().decide_batch(&frame.batch(), today(), Threads::One).unwrap();
    let (before, after) = (decide(&pipeline), decide(&worse));
    assert!(before.rows() > 1_000);
    for (before, after) in before.iter().zip(after.iter()) {
        let (Ok(before), Ok(after)) = (before, after) else { continue };
        assert!((after.pd - logistic(logit(before.pd) + 0.7)).abs() < 1e-12);
        assert_eq!(after.score, before.score, "points are those of the card");
    }
}

/// One side of a dry run from decisions, in plain sums.
fn by_hand(pipeline: &scoreline::Pipeline, decisions: &[Decision]) -> [f64; 5] {
    let policy = pipeline.pricing.as_ref().unwrap();
    let mut sums = [0.0; 5];
    for decision in decisions {
        let (Some(amount), Some(Price::Quote { rate, .. })) = (decision.amount, decision.price) else { continue };
        if decision.outcome.is_some_and(|outcome| outcome.name() == "decline") || amount.minor() == 0 {
            continue;
        }
        let size: f64 = amount.to_string().parse().unwrap();
        let loan = SinglePeriod {
            rate,
            fees: policy.fees_rate,
            funding: policy.funding_rate,
            funding_base: policy.funding_base,
            opex: policy.opex_rate + policy.fixed_cost / size,
            expected_loss: decision.pd * policy.lgd,
            capital: policy.capital.k(decision.pd, policy.lgd).unwrap(),
            capital_benefit: policy.capital_benefit_rate,
            tax: policy.tax,
        };
        let figures = [1.0, size, size * loan.expected_loss, size * loan.capital, size * loan.net_income()];
        sums.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure);
    }
    sums
}

#[test]
fn the_figures_are_those_of_the_decisions() {
    for model in [GERMAN, SYNTHETIC] {
        let (pipeline, frame) = (loaded(model).pipeline, model.frame());
        let plan = plan(Shock { lgd: 0.05, funding: 0.01, ..worse(0.5) });
        let run = plan.dry_run(&pipeline, &[frame.batch()], today(), Threads::Count(3)).unwrap();
        assert_eq!(run, plan.dry_run(&pipeline, &[frame.batch()], today(), Threads::One).unwrap());
        let changed = plan.apply(&pipeline).unwrap();
        let mut decided = [&pipeline, &changed].map(|pipeline| {
            let decisions =
                scoreline::Scorer::new(pipeline).unwrap().decide_batch(&frame.batch(), today(), Threads::One).unwrap();
            let decisions: Vec<Option<Decision>> = decisions.iter().map(Result::ok).collect();
            decisions
        });
        let [before, after] = &mut decided;
        assert_eq!(run.refused, before.iter().zip(after.iter()).filter(|(a, b)| a.is_none() || b.is_none()).count());
        let both: Vec<(Decision, Decision)> = before.iter().zip(after.iter()).filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect();
        let sides = [
            (&pipeline, &run.before, both.iter().map(|pair| pair.0).collect::<Vec<_>>()),
            (&changed, &run.after, both.iter().map(|pair| pair.1).collect()),
        ];
        for (pipeline, offers, decisions) in sides {
            let [count, amount, loss, capital, income] = by_hand(pipeline, &decisions);
            assert!(count > 100.0 && offers.offers == count as u64);
            let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9 * b.abs(), "{a} {b}");
            near(offers.amount.to_string().parse().unwrap(), amount);
            near(offers.expected_loss, loss);
            near(offers.capital, capital);
            near(offers.net_income, income);
            near(offers.raroc.unwrap(), income / capital);
        }
        let moves =
            |from: RiskTier, to: RiskTier| both.iter().filter(|(a, b)| (a.tier, b.tier) == (Some(from), Some(to))).count() as u64;
        for from in RiskTier::ALL {
            for to in RiskTier::ALL {
                assert_eq!(run.migration.count(from.index(), After::from(to)), moves(from, to));
            }
        }
        assert_eq!(run.swaps.iter().flatten().sum::<u64>(), both.len() as u64);
        assert!(run.after.expected_loss / run.after.capital > 0.0 && run.before.above_hurdle > run.after.above_hurdle);
    }
}

#[test]
fn a_harder_world_is_never_better() {
    let share = |shock: Shock| run(SYNTHETIC, &plan(shock), Threads::All).after.above_hurdle.unwrap();
    for pair in [0.0, 0.2, 0.5, 1.0, 2.0].windows(2) {
        assert!(share(worse(pair[0])) >= share(worse(pair[1])));
        let funding = |part: f64| Shock { funding: 0.02 * part, ..Shock::default() };
        assert!(share(funding(pair[0])) >= share(funding(pair[1])));
        let lgd = |part: f64| Shock { lgd: 0.2 * part, ..Shock::default() };
        assert!(share(lgd(pair[0])) >= share(lgd(pair[1])));
    }
    // Above the fees, which count towards a cap.
    let fees = loaded(SYNTHETIC).pipeline.pricing.unwrap().fees_rate;
    let capped = |rate| run(SYNTHETIC, &plan(Shock { cap: Some(fees + rate), ..Shock::default() }), Threads::All).after;
    assert!(capped(0.05).no_legal_price > capped(0.12).no_legal_price);
    assert_eq!(capped(0.001).offers, 0);
    assert_eq!(capped(0.001).raroc, None);
}

#[test]
fn a_plan_that_cannot_be_is_refused() {
    let pipeline = loaded(SYNTHETIC).pipeline;
    let field = |plan: &Playbook| plan.apply(&pipeline).unwrap_err().problems()[0].field.clone().unwrap_or_default();
    assert_eq!(field(&plan(Shock { pd: PdShock::State { z: -2.0, rho: 0.1 }, ..Shock::default() })), "shock.pd");
    assert_eq!(field(&plan(Shock { ead: 0.1, ..Shock::default() })), "shock.ead");
    assert_eq!(field(&plan(worse(f64::NAN))), "shock.pd");
    assert_eq!(field(&Playbook { owner: " ".into(), ..plan(Shock::default()) }), "playbook");
    let mut tier = pipeline.tier.clone().unwrap();
    tier.cuts.reverse();
    assert!(field(&Playbook { tier: Some(tier), ..plan(Shock::default()) }).contains("cuts"));
    assert!(field(&plan(Shock { funding: 0.99, ..Shock::default() })).contains("funding_rate"));
}

#[test]
fn stricter_tiers_only_worsen() {
    let mut tier = loaded(SYNTHETIC).pipeline.tier.clone().unwrap();
    tier.cuts = tier.cuts.map(|cut| cut / 2.0);
    let run = run(SYNTHETIC, &Playbook { tier: Some(tier), ..plan(Shock::default()) }, Threads::All);
    let better = (0..4).flat_map(|from| (0..from).map(move |to| (from, to)));
    assert!(better.map(|(from, to)| run.migration.count(from, After::from(RiskTier::ALL[to]))).all(|count| count == 0));
    assert!(run.after.tiers.a < run.before.tiers.a);
}
