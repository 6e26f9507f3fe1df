//! Published losses, the same losses month by month, and laws of scenarios and stages.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::ErrorCode;
use crate::data::{Batch, Column};
use crate::parallel::Threads;
use crate::portfolio::{conditional_pd, state_of};

fn scenario(name: &str, weight: f64, states: &[f64], lgd_added: f64) -> EclScenario {
    EclScenario { name: name.to_owned(), weight, states: states.to_vec(), lgd_added }
}

fn policy(periods_per_year: u32, scenarios: Vec<EclScenario>) -> EclPolicy {
    EclPolicy { staging: StagingPolicy::default(), scenarios, rho: 0.15, periods_per_year }
}

fn average(periods_per_year: u32) -> EclPolicy {
    policy(periods_per_year, vec![scenario("average", 1.0, &[], 0.0)])
}

fn three() -> EclPolicy {
    let scenarios = vec![
        scenario("base", 0.5, &[], 0.0),
        scenario("upturn", 0.2, &[1.0, 0.8], -0.02),
        scenario("downturn", 0.3, &[-1.5, -2.0, -0.5], 0.1),
    ];
    policy(12, scenarios)
}

fn loan() -> EclExposure {
    EclExposure {
        pd: 0.03,
        pd_origination: 0.03,
        lgd: 0.8,
        ead: 100_000.0,
        eir: 0.0793083,
        months: 60,
        bullet: false,
        days: 0.0,
        watched: false,
        impaired: false,
    }
}

fn golden(id: &str) -> Json {
    let file: Json = serde_json::from_str(include_str!("../../../../tests/golden/ifrs9_stress.json")).unwrap();
    file["cases"].as_array().unwrap().iter().find(|case| case["id"] == id).unwrap().clone()
}

fn near(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance * want.abs().max(1.0), "{got} {want}");
}

#[test]
fn golden_losses_from_a_row() {
    let case = golden("ecl_conditional_hazard");
    let (inputs, expected) = (&case["inputs"], &case["expected"]);
    let exposure = EclExposure { eir: inputs["eir"].as_f64().unwrap(), ..loan() };
    // The golden exposures are those of equal instalments.
    let found = average(1).exposure(&exposure).unwrap();
    near(found.twelve_months, expected["ecl_12m"].as_f64().unwrap(), 1e-9);
    near(found.lifetime, expected["ecl_lifetime"].as_f64().unwrap(), 1e-9);
    near(found.pd_now, expected["cum_pd"].as_f64().unwrap(), 1e-9);
    near(found.pd_expected, found.pd_now, 1e-14);

    let case = golden("ifrs9_IE8_12m_pd");
    let number = |name: &str| case["inputs"][name].as_f64().unwrap();
    let year = EclExposure { pd: number("pd12"), lgd: number("lgd"), ead: number("gross"), eir: 0.0, months: 12, ..loan() };
    near(average(1).exposure(&year).unwrap().ecl, case["expected"]["ecl"].as_f64().unwrap(), 1e-9);

    // Losses of 800, 1,000 and 1,600 from LGDs of 8, 10 and 16 %.
    let case = golden("scenario_weights");
    let figure = |name: &str, at: usize| case["inputs"][name][at].as_f64().unwrap();
    let scenarios = (0..3).map(|at| scenario(["a", "b", "c"][at], figure("weights", at), &[], figure("ecl", at) / 1e4 - 0.1));
    let year = EclExposure { pd: 0.1, lgd: 0.1, eir: 0.0, months: 12, ..loan() };
    let found = policy(1, scenarios.collect()).exposure(&year).unwrap();
    near(found.ecl, case["expected"]["weighted"].as_f64().unwrap(), 1e-12);
    (0..3).for_each(|at| near(found.scenarios[at], figure("ecl", at), 1e-12));
}

/// IFRScommunity, "Expected credit loss": 100,000 repaid with 25,000 a year at 7.93083 %, marginal PDs of 3, 3, 3, 4 and 4 %,
/// LGD 80 %: 2,224 within twelve months and 6,722 over the life. The states are those in which the grade has these PDs.
#[test]
fn a_published_loan_in_a_scenario() {
    let mut alive = 1.0;
    let states = [0.03, 0.03, 0.03, 0.04, 0.04].map(|marginal| {
        let hazard = marginal / alive;
        alive -= marginal;
        state_of(0.03, 0.15, hazard).unwrap()
    });
    let found = policy(1, vec![scenario("published", 1.0, &states, 0.0)]).exposure(&loan()).unwrap();
    assert!((found.twelve_months - 2_224.0).abs() < 0.75 && (found.lifetime - 6_722.0).abs() < 1.0, "{found:?}");
    near(found.pd_now, 0.17, 1e-9);
    assert_eq!((found.staging.reason, found.ecl), (StageReason::NoIncrease, found.twelve_months));
    let bad = EclExposure { impaired: true, ..loan() };
    assert_eq!(average(1).exposure(&bad).unwrap().ecl, 80_000.0);
}

#[test]
fn one_scenario_is_its_terms() {
    let exposure = EclExposure { months: 30, bullet: true, ..loan() };
    let found = policy(12, vec![scenario("bad", 1.0, &[-1.0, 0.5], 0.1)]).exposure(&exposure).unwrap();
    let yearly = [conditional_pd(0.03, 0.15, -1.0).unwrap(), conditional_pd(0.03, 0.15, 0.5).unwrap(), 0.03];
    let monthly = yearly.map(|pd| -crate::math::exp_m1(crate::math::ln_1p(-pd) * (1.0 / 12.0)));
    let terms = EclTerms {
        hazards: (0..30).map(|month| monthly[month / 12]).collect(),
        lgd: vec![0.9],
        ead: vec![100_000.0; 30],
        eir: 0.0793083,
        periods_per_year: 12,
    };
    let loss = terms.loss().unwrap();
    assert_eq!((found.twelve_months, found.lifetime, found.pd_now), (loss.twelve_months, loss.lifetime, loss.cumulative_pd));
}

#[test]
fn significant_increases_are_looked_for_over_the_remaining_life() {
    let stage = |policy: &EclPolicy, exposure: EclExposure| policy.exposure(&exposure).unwrap().staging;
    // Two years at 2 % instead of 1 %: 3.96 % of the life instead of 1.99 %, not twice as much. One year: twice.
    let risen = |months| EclExposure { pd: 0.02, pd_origination: 0.01, months, ..loan() };
    assert_eq!(stage(&average(12), risen(24)).reason, StageReason::NoIncrease);
    assert_eq!(stage(&average(1), risen(12)), StagingResult { stage: Stage::Two, reason: StageReason::Pd });
    // 0.3 points a year: below half a point over one year, above it over three.
    let small = |months| EclExposure { pd: 0.005, pd_origination: 0.002, months, ..loan() };
    assert_eq!(stage(&average(12), small(12)).reason, StageReason::NoIncrease);
    assert_eq!(stage(&average(12), small(36)).reason, StageReason::Pd);
    // Whether risk is low is asked of the PD per year, however long the life is.
    let low = EclPolicy { staging: StagingPolicy { low_risk: 0.006, ..StagingPolicy::default() }, ..average(12) };
    assert_eq!(stage(&low, small(36)).reason, StageReason::LowRisk);
    // A scenario alone can be the increase.
    let gloomy = policy(12, vec![scenario("base", 0.2, &[], 0.0), scenario("bad", 0.8, &[-2.5, -2.5], 0.0)]);
    assert_eq!((stage(&three(), loan()).stage, stage(&gloomy, loan()).reason), (Stage::One, StageReason::Pd));
    assert_eq!(stage(&three(), EclExposure { watched: true, ..loan() }).reason, StageReason::WatchList);
    assert_eq!(stage(&three(), EclExposure { days: 91.0, ..loan() }).stage, Stage::Three);
    assert_eq!(average(12).exposure(&EclExposure { pd: 1.0, ..loan() }).unwrap().pd_now, 1.0);
}

#[test]
fn names_are_those_of_files() {
    for (at, stage) in Stage::ALL.into_iter().enumerate() {
        assert_eq!((serde_json::to_value(stage).unwrap(), usize::from(stage.number())), (stage.name().into(), at + 1));
    }
    for (at, reason) in StageReason::ALL.into_iter().enumerate() {
        assert_eq!((serde_json::to_value(reason).unwrap(), reason as usize), (reason.name().into(), at));
    }
}

fn table(exposures: &[EclExposure]) -> Batch<'static> {
    let numbers = |of: fn(&EclExposure) -> f64| Column::numbers(exposures.iter().map(of).collect::<Vec<_>>());
    let flags = |of: fn(&EclExposure) -> bool| Column::Flag(exposures.iter().map(|one| Some(of(one))).collect());
    let columns = [
        ("pd", numbers(|one| one.pd)),
        ("pd_origination", numbers(|one| one.pd_origination)),
        ("lgd", numbers(|one| one.lgd)),
        ("ead", numbers(|one| one.ead)),
        ("eir", numbers(|one| one.eir)),
        ("months", numbers(|one| f64::from(one.months))),
        ("days", numbers(|one| one.days)),
        ("bullet", flags(|one| one.bullet)),
        ("watched", flags(|one| one.watched)),
        ("impaired", flags(|one| one.impaired)),
    ];
    columns.into_iter().fold(Batch::new(exposures.len()), |batch, (name, column)| batch.with(name, column).unwrap())
}

fn exposures(rows: u32) -> Vec<EclExposure> {
    let one = |row: u32| EclExposure {
        pd: 0.001 + 0.0007 * f64::from(row % 97),
        pd_origination: 0.001 + 0.0005 * f64::from(row % 61),
        lgd: 0.1 + 0.01 * f64::from(row % 80),
        ead: f64::from(row % 1_009) * 17.3,
        eir: 0.01 * f64::from(row % 13),
        months: 1 + row % 90,
        bullet: row.is_multiple_of(5),
        days: if row.is_multiple_of(11) { f64::from(row % 120) } else { 0.0 },
        watched: row.is_multiple_of(17),
        impaired: row.is_multiple_of(29),
    };
    (0..rows).map(one).collect()
}

#[test]
fn a_table_is_its_rows_for_any_number_of_threads() {
    let (policy, rows) = (three(), exposures(9_000));
    let book = policy.book(&table(&rows), Threads::One).unwrap();
    assert_eq!(book, policy.book(&table(&rows), Threads::Count(4)).unwrap());
    for (at, row) in rows.iter().enumerate().step_by(97) {
        let found = policy.exposure(row).unwrap();
        assert_eq!(
            (book.staging[at], book.pd_expected[at], book.pd_now[at], book.twelve_months[at], book.lifetime[at], book.ecl[at]),
            (Some(found.staging), found.pd_expected, found.pd_now, found.twelve_months, found.lifetime, found.ecl)
        );
    }
    let report = book.totals.report(&policy);
    near(report.ecl, book.ecl.iter().sum(), 1e-12);
    near(report.scenarios.iter().map(|one| one.weight * one.ecl).sum(), report.ecl, 1e-12);
    for total in &report.stages {
        let of = |column: &[f64]| -> f64 {
            let rows = column.iter().zip(&book.staging).filter(|(_, staging)| staging.unwrap().stage == total.stage);
            rows.map(|(figure, _)| figure).sum()
        };
        let eads: Vec<f64> = rows.iter().map(|row| row.ead).collect();
        near(total.ead, of(&eads), 1e-12);
        near(total.ecl, of(&book.ecl), 1e-12);
        near(total.twelve_months, of(&book.twelve_months), 1e-12);
        near(total.lifetime, of(&book.lifetime), 1e-12);
        assert!(
            total.exposures > 0
                && total.exposures as usize == book.staging.iter().filter(|one| one.unwrap().stage == total.stage).count()
        );
    }
    // Parts in any order give the totals of the whole, bit by bit.
    let mut parts: Vec<EclTotals> =
        rows.chunks(1_234).map(|part| policy.book(&table(part), Threads::One).unwrap().totals).collect();
    parts.reverse();
    let mut merged = EclTotals::new(&policy);
    parts.iter().for_each(|part| merged.merge(part).unwrap());
    assert_eq!(merged, book.totals);
    assert_eq!(merged.merge(&EclTotals::new(&average(12))).unwrap_err().code(), ErrorCode::Incompatible);
}

#[test]
fn a_bad_row_harms_no_other() {
    let rows = exposures(50);
    let mut bad = rows.clone();
    (bad[7].pd, bad[7].lgd) = (1.5, f64::NAN);
    (bad[31].months, bad[31].ead) = (0, f64::INFINITY);
    let (whole, found) = (three().book(&table(&rows), Threads::One).unwrap(), three().book(&table(&bad), Threads::One).unwrap());
    for row in 0..50 {
        let spoilt = row == 7 || row == 31;
        assert_eq!(
            (found.status[row], found.staging[row].is_none(), found.ecl[row].is_nan()),
            (2 * u8::from(spoilt), spoilt, spoilt)
        );
        assert!(spoilt || (found.ecl[row], found.lifetime[row]) == (whole.ecl[row], whole.lifetime[row]));
    }
    let places: Vec<_> =
        found.errors.iter().flat_map(|(_, error)| error.problems()).map(|one| (one.field.clone().unwrap(), one.row)).collect();
    let at = |field: &str, row| (field.to_owned(), Some(row));
    assert_eq!(places, [at("pd", 7), at("lgd", 7), at("ead", 31), at("months", 31)]);
    let counted: u64 = found.totals.report(&three()).stages.iter().map(|one| one.exposures).sum();
    assert_eq!(counted, 48);
}

#[test]
fn faults_of_columns_and_policies_are_named() {
    let fields = |error: crate::Error| -> Vec<String> {
        error.problems().iter().map(|one| one.field.clone().unwrap_or_default()).collect()
    };
    let batch =
        Batch::new(1).with("pd", Column::numbers(vec![0.1])).unwrap().with("watched", Column::numbers(vec![1.0])).unwrap();
    let missing = three().book(&batch, Threads::One).unwrap_err();
    assert_eq!(fields(missing), ["pd_origination", "lgd", "ead", "eir", "months", "watched"]);
    let unknown = table(&exposures(1));
    let unknown = unknown.columns().fold(Batch::new(1), |batch, (name, column)| {
        let column = if name == "watched" { Column::Flag(vec![None]) } else { column.clone() };
        batch.with(name, column).unwrap()
    });
    assert_eq!(fields(three().book(&unknown, Threads::One).unwrap().errors.remove(0).1), ["watched"]);
    let mut wrong = policy(5, vec![scenario("a", 0.5, &[f64::NAN], 2.0), scenario("a ", 0.6, &[], 0.0)]);
    (wrong.rho, wrong.staging.ratio) = (1.0, 0.5);
    let error = wrong.exposure(&loan()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidConfig);
    assert_eq!(fields(error).len(), 7);
    assert!(policy(12, Vec::new()).validate().is_err());
}

/// The loss of a scenario counted month by month, without the terms: balances forwards from the instalment.
fn by_hand(exposure: &EclExposure, states: &[f64], lgd_added: f64) -> (f64, f64) {
    let growth = crate::math::exp(crate::math::ln_1p(exposure.eir) / 12.0);
    let discounts: f64 = (1..=exposure.months).map(|month| 1.0 / crate::math::powi(growth, month)).sum();
    let (mut balance, mut alive, mut year, mut life) = (exposure.ead, 1.0, 0.0, 0.0);
    for month in 0..exposure.months {
        let pd = states.get(month as usize / 12).map_or(exposure.pd, |z| conditional_pd(exposure.pd, 0.15, *z).unwrap());
        let failing = alive * (1.0 - crate::math::exp(crate::math::ln(1.0 - pd) / 12.0));
        let loss = failing * (exposure.lgd + lgd_added).clamp(0.0, 1.0) * balance / crate::math::powi(growth, month + 1);
        (alive, life) = (alive - failing, life + loss);
        if month < 12 {
            year += loss;
        }
        if !exposure.bullet {
            balance = balance * growth - exposure.ead / discounts;
        }
    }
    (year, life)
}

prop_compose! {
    fn any_exposure()(
        (pd, pd_origination, lgd) in (0.0005..0.6f64, 0.0005..0.6f64, 0.0..1.0f64),
        (ead, eir, months, bullet) in (0.0..1e6f64, -0.02..0.4f64, 1u32..130, any::<bool>()),
    ) -> EclExposure {
        EclExposure { pd, pd_origination, lgd, ead, eir, months, bullet, days: 0.0, watched: false, impaired: false }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn losses_are_those_of_the_months(
        exposure in any_exposure(), states in prop::collection::vec(-3.0..3.0f64, 0..6), lgd in -0.3..0.3f64,
    ) {
        let found = policy(12, vec![scenario("one", 1.0, &states, lgd)]).exposure(&exposure).unwrap();
        let (year, life) = by_hand(&exposure, &states, lgd);
        prop_assert!((found.twelve_months - year).abs() <= 1e-9 * (1.0 + year), "{} {}", found.twelve_months, year);
        prop_assert!((found.lifetime - life).abs() <= 1e-9 * (1.0 + life), "{} {}", found.lifetime, life);
    }

    #[test]
    fn laws_of_weights_and_stages(
        exposure in any_exposure(), weight in 0.0..1.0f64, (z, by) in (-3.0..3.0f64, 0.0..2.0f64),
        days in prop::sample::select(vec![31.0, 91.0]),
    ) {
        let (first, second) = (scenario("first", 1.0, &[z, z], 0.0), scenario("second", 1.0, &[z - by], 0.05));
        // Late, so that the stage does not depend on the weights.
        let exposure = EclExposure { days, ..exposure };
        let alone = |one: &EclScenario| policy(4, vec![one.clone()]).exposure(&exposure).unwrap();
        let (a, b) = (alone(&first), alone(&second));
        let both = policy(4, vec![EclScenario { weight, ..first.clone() }, EclScenario { weight: 1.0 - weight, ..second }]);
        let found = both.exposure(&exposure).unwrap();
        for (got, a, b) in [
            (found.ecl, a.ecl, b.ecl),
            (found.twelve_months, a.twelve_months, b.twelve_months),
            (found.lifetime, a.lifetime, b.lifetime),
            (found.pd_now, a.pd_now, b.pd_now),
        ] {
            prop_assert!((got - (weight * a + (1.0 - weight) * b)).abs() <= 1e-12 * (1.0 + got));
        }
        prop_assert_eq!(&found.scenarios, &vec![a.ecl, b.ecl]);
        prop_assert!(found.lifetime >= found.twelve_months && found.twelve_months >= 0.0);
        prop_assert_eq!(found.ecl == found.lifetime, days == 31.0 || found.ecl == 0.0);
        // Worse states and a later repayment lose more, and nothing more than all.
        let worse = alone(&scenario("worse", 1.0, &[z - by, z - by], 0.0));
        let no_less = |more: f64, less: f64| more >= less * (1.0 - 1e-12);
        // Below a rate of 0 what is lost late is worth more.
        let early = exposure.eir < 0.0;
        prop_assert!(early || (no_less(worse.lifetime, a.lifetime) && no_less(worse.twelve_months, a.twelve_months)));
        let later = policy(4, vec![first]).exposure(&EclExposure { bullet: true, ..exposure }).unwrap();
        prop_assert!(no_less(later.lifetime, a.lifetime));
        prop_assert!(early || no_less(exposure.lgd * exposure.ead, later.lifetime));
    }
}
