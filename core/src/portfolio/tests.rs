//! The cases of `tests/golden/ifrs9_stress.json`, published figures and laws.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::ErrorCode;
use crate::math::{norm_cdf, norm_inv};
use crate::pricing::{BASEL_CONFIDENCE, CapitalModel};
use crate::tier::{After, MigrationMatrix};

fn numbers(value: &Json) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect()
}

fn matrix(value: &Json) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

#[test]
fn golden_losses_and_states() {
    let file: Json = serde_json::from_str(include_str!("../../../tests/golden/ifrs9_stress.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    for case in cases {
        let id = case["id"].as_str().unwrap();
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let number = |name: &str| inputs[name].as_f64().unwrap();
        let tolerance = case["tol"].as_f64().unwrap();
        let near = |got: f64, want: &Json| {
            let want = want.as_f64().unwrap();
            assert!((got - want).abs() <= tolerance * want.abs().max(1.0), "{id}: {got} {want}");
        };
        match id.split('_').next().unwrap() {
            "ecl" => {
                let terms = EclTerms {
                    hazards: numbers(&inputs["hazard"]),
                    lgd: vec![number("lgd")],
                    ead: numbers(&inputs["ead"]),
                    eir: number("eir"),
                    periods_per_year: 1,
                };
                let loss = terms.loss().unwrap();
                near(loss.twelve_months, &expected["ecl_12m"]);
                near(loss.lifetime, &expected["ecl_lifetime"]);
                near(loss.cumulative_pd, &expected["cum_pd"]);
                loss.marginal_pd.iter().zip(expected["marginal_pd"].as_array().unwrap()).for_each(|(got, want)| near(*got, want));
            }
            "ifrs9" if id.contains("IE8") => {
                let terms = EclTerms {
                    hazards: vec![number("pd12")],
                    lgd: vec![number("lgd")],
                    ead: vec![number("gross")],
                    eir: 0.0,
                    periods_per_year: 1,
                };
                near(terms.loss().unwrap().of(Stage::One), &expected["ecl"]);
            }
            "ifrs9" => {
                let buckets: Vec<ProvisionBucket> = numbers(&inputs["gross"])
                    .into_iter()
                    .zip(numbers(&inputs["rates"]))
                    .map(|(gross, rate)| ProvisionBucket { gross, rate })
                    .collect();
                let found = provision_matrix(&buckets).unwrap();
                found.iter().zip(expected["allowances"].as_array().unwrap()).for_each(|(got, want)| near(*got, want));
                near(found.iter().sum(), &expected["total"]);
            }
            "scenario" => {
                let scenarios: Vec<ScenarioLoss> = numbers(&inputs["ecl"])
                    .into_iter()
                    .zip(numbers(&inputs["weights"]))
                    .map(|(loss, weight)| ScenarioLoss { weight, loss })
                    .collect();
                near(weighted_loss(&scenarios).unwrap(), &expected["weighted"]);
            }
            "vasicek" if id.contains("inverse") => {
                near(state_of(number("pd_ttc"), number("rho"), number("dr_observed")).unwrap(), &expected["z"]);
            }
            "vasicek" => near(conditional_pd(number("pd_ttc"), number("rho"), number("z")).unwrap(), &expected["pd_conditional"]),
            "belkin" => {
                let found = conditional_matrix(&matrix(&inputs["ttc"]), number("rho"), number("z")).unwrap();
                for (got, want) in found.iter().zip(expected["matrix"].as_array().unwrap()) {
                    got.iter().zip(want.as_array().unwrap()).for_each(|(got, want)| near(*got, want));
                }
            }
            "sicr" => {
                let stages = inputs["cases"].as_array().unwrap().iter().map(|one| {
                    let number = |name: &str| one[name].as_f64().unwrap();
                    let policy = StagingPolicy { ratio: number("ratio"), increase: number("abs"), ..StagingPolicy::default() };
                    policy.stage(number("pd0"), number("pdt"), number("dpd"), false, false).unwrap().stage.number()
                });
                let wanted: Vec<u8> = numbers(&expected["stage"]).into_iter().map(|stage| stage as u8).collect();
                assert_eq!(stages.collect::<Vec<_>>(), wanted);
            }
            other => panic!("{other} is not compared"),
        }
    }
    assert_eq!(cases.len(), 14);
}

/// IFRScommunity, "Expected credit loss": 100,000 repaid with 25,000 a year at 7.93083 %, marginal PDs of 3 and 4 %, LGD 80 %.
#[test]
fn a_published_loan() {
    let (mut ead, mut balance, eir) = (Vec::new(), 100_000.0, 0.0793083);
    for _ in 0..5 {
        ead.push(balance);
        balance = balance * (1.0 + eir) - 25_000.0;
    }
    // The source gives marginal PDs; the hazards that yield them.
    let mut alive = 1.0;
    let hazards = [0.03, 0.03, 0.03, 0.04, 0.04].map(|marginal| {
        let hazard = marginal / alive;
        alive -= marginal;
        hazard
    });
    let terms = EclTerms { hazards: hazards.to_vec(), lgd: vec![0.8], ead, eir, periods_per_year: 1 };
    let loss = terms.loss().unwrap();
    for (got, want) in loss.by_period.iter().zip([2_224.0, 1_709.0, 1_231.0, 1_053.0, 506.0]) {
        // Some are printed from rounded figures: they add up to 6,723.
        assert!((got - want).abs() < 0.75, "{got} {want}");
    }
    assert!((loss.lifetime - 6_722.0).abs() < 1.0, "{}", loss.lifetime);
    assert_eq!(loss.of(Stage::Two), loss.lifetime);
    assert_eq!(loss.of(Stage::Three), 80_000.0);
}

#[test]
fn reasons_of_stages() {
    let policy = StagingPolicy { low_risk: 0.003, ..StagingPolicy::default() };
    let reason = |expected, now, days, watched, impaired| policy.stage(expected, now, days, watched, impaired).unwrap().reason;
    assert_eq!(reason(0.0001, 0.002, 0.0, false, false), StageReason::LowRisk);
    assert_eq!(reason(0.0001, 0.02, 0.0, false, false), StageReason::Pd);
    assert_eq!(reason(0.01, 0.019, 0.0, false, false), StageReason::NoIncrease, "not twice as high");
    assert_eq!(reason(0.002, 0.0065, 0.0, false, false), StageReason::NoIncrease, "not half a point more");
    assert_eq!(reason(0.01, 0.01, 0.0, true, false), StageReason::WatchList);
    assert_eq!(reason(0.01, 0.01, 30.0, false, false), StageReason::NoIncrease);
    assert_eq!(reason(0.01, 0.01, 0.0, false, true), StageReason::Impaired);
    assert!(policy.stage(1.2, 0.1, 0.0, false, false).is_err() && policy.stage(0.1, 0.1, -1.0, false, false).is_err());
    assert!(StagingPolicy { days_stage_2: 90.0, ..policy }.validate().is_err());
}

#[test]
fn what_cannot_be_a_loss_is_named() {
    let terms = EclTerms { hazards: vec![0.1, 1.2], lgd: vec![0.5, 0.5, 0.5], ead: vec![1.0], eir: -1.0, periods_per_year: 0 };
    let error = terms.loss().unwrap_err();
    let fields: Vec<&str> = error.problems().iter().filter_map(|one| one.field.as_deref()).collect();
    assert_eq!((error.code(), fields), (ErrorCode::InvalidData, vec!["hazards", "lgd", "ead", "eir", "periods_per_year"]));
    assert!(weighted_loss(&[ScenarioLoss { weight: 0.9, loss: 1.0 }]).is_err());
    assert_eq!(provision_matrix(&[ProvisionBucket { gross: 1.0, rate: 2.0 }]).unwrap_err().problems()[0].row, Some(0));
    for (pd, rho, z) in [(0.0, 0.1, 0.0), (0.1, 1.0, 0.0), (0.1, 0.1, f64::NAN)] {
        assert!(conditional_pd(pd, rho, z).is_err());
    }
    assert_eq!(conditional_matrix(&[vec![0.5, 0.6], vec![0.0, 1.0]], 0.1, 0.0).unwrap_err().problems()[0].row, Some(0));
}

fn average() -> Vec<Vec<f64>> {
    vec![vec![0.9, 0.08, 0.015, 0.005], vec![0.05, 0.85, 0.07, 0.03], vec![0.01, 0.09, 0.7, 0.2], vec![0.0, 0.0, 0.0, 1.0]]
}

/// Migrations that follow a known state exactly lead back to it.
#[test]
fn the_state_of_a_year_is_found() {
    for z in [-1.7, 0.0, 0.85] {
        let expected = conditional_matrix(&average(), 0.1, z).unwrap();
        let mut observed = MigrationMatrix::new(3).unwrap();
        for (before, row) in expected.iter().take(3).enumerate() {
            for (grade, p) in row.iter().enumerate() {
                let after = if grade == 3 { After::Defaulted {} } else { After::Grade { grade } };
                (0..(p * 20_000.0 + 0.5) as usize).for_each(|_| observed.add(before, after).unwrap());
            }
        }
        let found = fit_state(&average(), &observed, 0.1).unwrap();
        assert!((found.z - z).abs() < 0.005, "{z} {found:?}");
    }
    assert!(fit_state(&average(), &MigrationMatrix::new(3).unwrap(), 0.1).is_err());
    assert!(fit_state(&average(), &MigrationMatrix::new(2).unwrap(), 0.1).is_err());
}

/// The PD is the mean over the states, by the trapezoid rule over ±9 standard deviations.
#[test]
fn the_mean_over_all_states_is_the_pd() {
    for (pd, rho) in [(0.02, 0.15), (0.3, 0.05), (0.001, 0.24)] {
        let steps = 4_000;
        let mean: f64 = (0..=steps)
            .map(|step| {
                let z = -9.0 + 18.0 * f64::from(step) / f64::from(steps);
                crate::math::norm_pdf(z) * conditional_pd(pd, rho, z).unwrap() * 18.0 / f64::from(steps)
            })
            .sum();
        assert!((mean - pd).abs() < 1e-9, "{mean} {pd}");
    }
}

fn policy() -> StressPolicy {
    StressPolicy {
        cuts: [0.01, 0.03, 0.1],
        capital: CapitalModel::IrbOtherRetail { confidence: BASEL_CONFIDENCE, pd_floor: 0.0005, lgd_floor: 0.3 },
        funding: 0.03,
        opex: 0.01,
        capital_benefit: 0.02,
        tax: 0.25,
        hurdle: 0.1,
    }
}

fn book() -> Vec<StressedExposure> {
    (0..60)
        .map(|i| {
            let pd = 0.002 + 0.0015 * f64::from(i);
            StressedExposure { pd, lgd: 0.5, ead: 1_000.0 + f64::from(i * 37 % 11) * 100.0, rate: 0.055 + 0.62 * pd }
        })
        .collect()
}

#[test]
fn the_least_shock_that_breaks_the_hurdle() {
    let shock = Shock { pd: PdShock::State { z: -2.5, rho: 0.1 }, lgd: 0.1, funding: 0.005, ..Shock::default() };
    let report = policy().stress(&book(), &shock).unwrap();
    assert!(report.before.raroc > 0.1 && report.after.raroc < 0.1, "{} {}", report.before.raroc, report.after.raroc);
    let ReverseStress::Breaks { severity, figures } = policy().reverse(&book(), &shock, 2.0).unwrap() else { panic!() };
    assert!(severity > 0.0 && severity < 1.0 && (figures.raroc - 0.1).abs() < 1e-9, "{severity}");
    let part = |by: f64| Shock { pd: PdShock::Logit { add: by }, ..Shock::default() };
    let ReverseStress::Breaks { severity, .. } = policy().reverse(&book(), &part(1.0), 2.0).unwrap() else { panic!() };
    let at = |by: f64| policy().stress(&book(), &part(by)).unwrap().after.raroc;
    assert!(at(severity * 0.999) > 0.1 && at(severity * 1.001) < 0.1);
    assert!(matches!(policy().reverse(&book(), &Shock::default(), 3.0).unwrap(), ReverseStress::Holds { .. }));
    let greedy = StressPolicy { hurdle: 0.9, ..policy() };
    assert!(matches!(greedy.reverse(&book(), &shock, 3.0).unwrap(), ReverseStress::Broken { .. }));
}

#[test]
fn a_cap_takes_offers_away_and_nothing_else() {
    let shock = Shock { cap: Some(0.07), ..Shock::default() };
    let report = policy().stress(&book(), &shock).unwrap();
    assert_eq!(report.after, BookFigures { above_hurdle: report.after.above_hurdle, ..report.before });
    assert!(report.after.above_hurdle < report.before.above_hurdle);
    assert_eq!(report.migration.downgraded().0, 0);
}

#[test]
fn faults_of_a_book_are_named() {
    let mut bad = book();
    (bad[3].pd, bad[3].ead) = (1.0, -1.0);
    let error = policy().stress(&bad, &Shock::default()).unwrap_err();
    let places: Vec<_> = error.problems().iter().map(|one| (one.field.clone().unwrap(), one.row)).collect();
    assert_eq!(places, [("pd".to_owned(), Some(3)), ("ead".to_owned(), Some(3))]);
    assert_eq!(policy().stress(&[], &Shock::default()).unwrap_err().code(), ErrorCode::InsufficientData);
    let wild = Shock { lgd: 3.0, pd: PdShock::State { z: f64::NAN, rho: 2.0 }, ..Shock::default() };
    assert_eq!(policy().stress(&book(), &wild).unwrap_err().problems().len(), 2);
}

#[test]
fn vintages_by_count_amount_and_state() {
    let row = |loan, vintage, month, days, owed| VintageRow { loan, vintage, month, days, granted: 100.0, owed };
    let rows = [
        row("a", "Q1", 0, 0.0, 100.0),
        row("a", "Q1", 1, 31.0, 95.0),
        row("a", "Q1", 2, 0.0, 60.0),
        row("b", "Q1", 0, 0.0, 100.0),
        row("b", "Q1", 1, 0.0, 90.0),
        row("b", "Q1", 2, 40.0, 90.0),
        row("b", "Q1", 3, 70.0, 92.0),
        row("c", "Q2", 1, 30.0, 80.0),
        row("c", "Q2", 0, 0.0, 100.0),
    ];
    let found = |ever, count| vintages(&rows, &VintageConfig { days: 30, ever, count }).unwrap();
    assert_eq!(found(true, VintageCount::Loans)["Q1"], [0.0, 0.5, 1.0, 1.0]);
    assert_eq!(found(false, VintageCount::Loans)["Q1"], [0.0, 0.5, 0.5, 0.5]);
    assert_eq!(found(false, VintageCount::Granted)["Q1"], [0.0, 0.5, 0.5, 0.5]);
    assert_eq!(found(true, VintageCount::Owed)["Q1"], [0.0, 0.475, 0.925, 0.935]);
    assert_eq!(found(true, VintageCount::Loans)["Q2"], [0.0, 1.0]);
    let refused = |rows: &[VintageRow<'_>]| {
        vintages(rows, &VintageConfig { days: 30, ever: true, count: VintageCount::Loans }).unwrap_err()
    };
    assert_eq!(refused(&[rows[0], rows[0]]).problems()[0].field.as_deref(), Some("month"));
    assert_eq!(refused(&[rows[0], row("a", "Q2", 1, 0.0, 1.0)]).problems()[0].row, Some(1));
    assert_eq!(refused(&[row("a", "Q1", 0, -1.0, 1.0)]).code(), ErrorCode::InvalidData);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn worse_states_and_larger_shocks_are_worse(
        (pd, rho, z, by) in (0.0005..0.5f64, 0.01..0.5f64, -4.0..4.0f64, 0.01..2.0f64),
        (first, more) in (0.0..2.0f64, 0.01..2.0f64), lgd in 0.0..0.3f64,
    ) {
        prop_assert!(conditional_pd(pd, rho, z - by).unwrap() >= conditional_pd(pd, rho, z).unwrap());
        let back = state_of(pd, rho, norm_cdf(norm_inv(pd) - 0.3)).unwrap();
        prop_assert!((conditional_pd(pd, rho, back).unwrap() - norm_cdf(norm_inv(pd) - 0.3)).abs() < 1e-12);
        let figures = |severity: f64| {
            let shock = Shock { pd: PdShock::Logit { add: severity }, lgd: lgd * severity / 4.0, ..Shock::default() };
            policy().stress(&book(), &shock).unwrap().after
        };
        let (small, large) = (figures(first), figures(first + more));
        prop_assert!(large.expected_loss >= small.expected_loss && large.net_income <= small.net_income);
        prop_assert!(large.tiers.a <= small.tiers.a && large.tiers.d >= small.tiers.d);
    }

    #[test]
    fn conditional_rows_add_up(z in -5.0..5.0f64, rho in 0.01..0.6f64) {
        let found = conditional_matrix(&average(), rho, z).unwrap();
        for row in &found {
            prop_assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12 && row.iter().all(|p| *p >= 0.0));
        }
        prop_assert_eq!(&found[3], &average()[3]);
        let worse = conditional_matrix(&average(), rho, z - 0.5).unwrap();
        prop_assert!(worse.iter().zip(&found).all(|(worse, row)| worse[3] >= row[3]));
    }
}
