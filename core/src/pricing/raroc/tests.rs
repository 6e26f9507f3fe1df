//! Published and computed cases of `tests/golden/raroc.json`, and laws.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::ErrorCode;
use crate::math::{logistic, logit};

fn cases(part: &str) -> Vec<Json> {
    let file: Json = serde_json::from_str(include_str!("../../../../tests/golden/raroc.json")).unwrap();
    let all = file["cases"].as_array().unwrap();
    all.iter().filter(|case| case["id"].as_str().unwrap().starts_with("mp_") == (part == "life")).cloned().collect()
}

fn number(case: &Json, part: &str, name: &str) -> Option<f64> {
    case[part][name].as_f64()
}

#[test]
fn golden_single_periods() {
    let mut compared = 0;
    for case in cases("single") {
        let input = |name: &str| number(&case, "inputs", name);
        let Some(el) = input("el") else { continue };
        let given = |long: &str, short: &str| input(long).or(input(short)).unwrap();
        let loan = SinglePeriod {
            rate: input("rate").unwrap_or(0.0),
            fees: 0.0,
            funding: given("fund", "f"),
            funding_base: FundingBase::Ead,
            opex: given("opex", "opex"),
            expected_loss: el,
            capital: given("ec", "ec"),
            capital_benefit: given("rc", "rc"),
            tax: given("tax", "tax"),
        };
        loan.validate().unwrap();
        let (ead, hurdle) = (input("ead").unwrap_or(1.0), input("h").unwrap_or(0.0));
        let r_min = loan.break_even_rate(hurdle);
        let parts = loan.waterfall(hurdle);
        assert!((parts.rate() - r_min).abs() < 1e-15);
        for (name, want) in case["expected"].as_object().unwrap() {
            let (got, tol) = match name.as_str() {
                "raroc" | "raroc_fund_full_ead" => (loan.raroc(), 1e-12),
                "raroc_fund_net_of_capital" => {
                    (SinglePeriod { funding_base: FundingBase::EadLessCapital, ..loan }.raroc(), 1e-12)
                }
                "raroc_pct_published" => (100.0 * loan.raroc(), 0.005 + 1e-12),
                "net_income" => (ead * loan.net_income(), 1e-14 * ead),
                "eva" => (ead * loan.eva(hurdle), 1e-14 * ead),
                "r_min" => (r_min, 1e-12),
                "raroc_at_r_min" => (SinglePeriod { rate: r_min, ..loan }.raroc(), 1e-12),
                "spread_decomposition" => {
                    let got = [parts.funding, parts.opex, parts.expected_loss, parts.capital_charge, parts.fees];
                    for (got, name) in got.iter().zip(["ftp", "opex", "el", "capital_charge", "fee_offset"]) {
                        assert!((got - want[name].as_f64().unwrap()).abs() < 1e-12, "{name}");
                        compared += 1;
                    }
                    continue;
                }
                other => panic!("{other} is not compared"),
            };
            assert!((got - want.as_f64().unwrap()).abs() <= tol, "{} {name}: {got} {want}", case["id"]);
            compared += 1;
        }
    }
    assert_eq!(compared, 21);
}

fn life(case: &Json) -> (LifetimeTerms, f64, f64) {
    let input = |name: &str| number(case, "inputs", name).unwrap();
    let principal = input("P");
    let terms = LifetimeTerms {
        months: input("n") as u32,
        balance: match case["inputs"]["method"].as_str().unwrap() {
            "annuity" => BalancePath::EqualInstalment {},
            "equal_principal" => BalancePath::EqualPrincipal {},
            _ => BalancePath::Bullet {},
        },
        pd: PdPath::Yearly { pd: input("pd") },
        prepayment: input("cpr"),
        lgd: input("lgd"),
        funding: input("ftp"),
        opex: input("opex"),
        origination: input("o0") / principal,
        upfront_fee: 0.0,
        running_fee: 0.0,
        capital: input("kap"),
        capital_benefit: input("rc"),
        tax: input("tax"),
    };
    (terms, input("h"), principal)
}

#[test]
fn golden_lives() {
    let mut compared = 0;
    for case in cases("life") {
        let (terms, hurdle, principal) = life(&case);
        let loan = Lifetime::new(&terms, hurdle).unwrap();
        let solved = loan.break_even_rate().unwrap().rate().unwrap();
        let rate = number(&case, "inputs", "rate").unwrap_or(solved);
        let (found, months) = (loan.at(rate).unwrap(), loan.cash_flows(rate).unwrap());
        for (name, want) in case["expected"].as_object().unwrap() {
            let got = match name.as_str() {
                "raroc_lifetime" | "raroc_at_r_min" => found.raroc,
                "npv_eva" => principal * found.eva,
                "expected_loss_undiscounted" => principal * months.iter().map(|month| month.expected_loss).sum::<f64>(),
                "interest_undiscounted" => principal * months.iter().map(|month| month.interest).sum::<f64>(),
                "r_min" | "closed_form" => solved,
                other => panic!("{other} is not compared"),
            };
            let want = want.as_f64().unwrap();
            assert!((got - want).abs() <= 1e-10 * want.abs().max(1.0), "{} {name}: {got} {want}", case["id"]);
            compared += 1;
        }
    }
    assert_eq!(compared, 24);
}

#[test]
fn discounted_months_are_the_return() {
    let (terms, hurdle, _) = life(&cases("life")[0]);
    let terms = LifetimeTerms { upfront_fee: 0.01, running_fee: 0.002, ..terms };
    let found = Lifetime::new(&terms, hurdle).unwrap().at(0.11).unwrap();
    let months = Lifetime::new(&terms, hurdle).unwrap().cash_flows(0.11).unwrap();
    let discount = |month: usize| crate::math::exp(-(month as f64 + 1.0) / 12.0 * crate::math::ln(1.0 + hurdle));
    let income: f64 = months.iter().enumerate().map(|(at, month)| discount(at) * month.net_income).sum();
    let capital: f64 = months.iter().enumerate().map(|(at, month)| discount(at) * month.capital / 12.0).sum();
    let start = (1.0 - terms.tax) * (terms.upfront_fee - terms.origination);
    assert!((found.net_income - income - start).abs() < 1e-14 && (found.capital_years - capital).abs() < 1e-14);
    assert!((found.eva - (income + start - hurdle * capital)).abs() < 1e-14);
}

/// A term structure of one hazard, and a path of given balances, are the same loan.
#[test]
fn paths_that_say_the_same_give_the_same() {
    let (terms, hurdle, _) = life(&cases("life")[0]);
    let hazard = 1.0 - crate::math::exp(crate::math::ln(0.97) / 12.0);
    let monthly = LifetimeTerms { pd: PdPath::Monthly { hazards: vec![hazard; 36] }, ..terms.clone() };
    let loan = Lifetime::new(&terms, hurdle).unwrap();
    let rate = loan.break_even_rate().unwrap().rate().unwrap();
    let other = Lifetime::new(&monthly, hurdle).unwrap().break_even_rate().unwrap();
    assert!(matches!(other, RateSolution::Unique { rate: found } if (found - rate).abs() < 1e-12), "{other:?}");
    let opening: Vec<f64> = loan.cash_flows(rate).unwrap().iter().map(|month| month.balance).collect();
    let given = LifetimeTerms { balance: BalancePath::Given { opening }, ..terms.clone() };
    let found = Lifetime::new(&given, hurdle).unwrap().break_even_rate().unwrap().rate().unwrap();
    assert!((found - rate).abs() < 1e-12);
}

#[test]
fn a_pd_that_rises_with_the_rate_may_have_two_solutions_or_none() {
    let (terms, hurdle, _) = life(&cases("life")[0]);
    let solve = |base: f64, slope: f64| {
        solve_rate(0.0, 1.0, 400, |rate| {
            let pd = logistic(logit(base) + slope * (rate - 0.08)).min(0.999);
            let terms = LifetimeTerms { pd: PdPath::Yearly { pd }, ..terms.clone() };
            Lifetime::new(&terms, hurdle).unwrap().at(rate).unwrap().eva
        })
        .unwrap()
    };
    assert!(matches!(solve(0.03, 0.0), RateSolution::Unique { rate } if (rate - 0.0786370878).abs() < 1e-9));
    let RateSolution::Several { lowest, highest, count: 2 } = solve(0.03, 12.0) else { panic!("{:?}", solve(0.03, 12.0)) };
    assert!((0.07..0.08).contains(&lowest) && lowest < highest && highest < 1.0, "{lowest} {highest}");
    assert!(
        matches!(solve(0.2, 60.0), RateSolution::None { nearest, shortfall } if shortfall > 0.0 && nearest < 0.2),
        "{:?}",
        solve(0.2, 60.0)
    );
}

#[test]
fn every_wrong_figure_is_named() {
    let (terms, _, _) = life(&cases("life")[0]);
    let bad = LifetimeTerms {
        months: 0,
        pd: PdPath::Yearly { pd: 1.0 },
        lgd: 1.2,
        capital: 0.0,
        tax: 1.0,
        opex: f64::NAN,
        prepayment: -0.1,
        ..terms.clone()
    };
    let error = bad.validate().unwrap_err();
    let fields: Vec<&str> = error.problems().iter().filter_map(|problem| problem.field.as_deref()).collect();
    assert_eq!(
        (error.code(), fields),
        (ErrorCode::InvalidData, vec!["months", "pd", "prepayment", "lgd", "opex", "capital", "tax"])
    );
    assert!(Lifetime::new(&terms, f64::INFINITY).is_err());
    let loan = Lifetime::new(&terms, 0.12).unwrap();
    for rate in [-1.0, 11.0, f64::NAN] {
        assert!(loan.at(rate).is_err() && loan.waterfall(rate).is_err() && loan.cash_flows(rate).is_err());
    }
    let paths = [BalancePath::Given { opening: vec![1.0; 35] }, BalancePath::Given { opening: vec![0.0; 36] }];
    assert!(paths.into_iter().all(|balance| LifetimeTerms { balance, ..terms.clone() }.validate().is_err()));
    // Nothing earns the hurdle when everybody defaults at once, and anything does when fees pay for all.
    let hopeless = LifetimeTerms { pd: PdPath::Yearly { pd: 0.9999999 }, lgd: 1.0, ..terms.clone() };
    let solved = Lifetime::new(&hopeless, 0.12).unwrap().break_even_rate().unwrap();
    assert!(matches!(solved, RateSolution::None { shortfall, .. } if shortfall > 0.0), "{solved:?}");
    let paid = LifetimeTerms { upfront_fee: 1.0, ..terms };
    let solved = Lifetime::new(&paid, 0.12).unwrap().break_even_rate().unwrap();
    assert!(
        matches!(solved, RateSolution::Unique { rate } if rate < 0.0)
            || matches!(solved, RateSolution::None { shortfall, .. } if shortfall < 0.0)
    );
}

proptest! {
    #[test]
    fn the_solved_rate_earns_the_hurdle_and_its_parts_add_up(
        (months, kind) in (1u32..240, 0usize..3),
        (pd, prepayment, lgd) in (0.0001..0.5f64, 0.0..0.5f64, 0.0..1.0f64),
        (funding, opex, origination) in (0.0..0.1f64, 0.0..0.1f64, 0.0..0.05f64),
        (capital, capital_benefit, tax, hurdle) in (0.01..0.3f64, 0.0..0.05f64, 0.0..0.5f64, 0.0..0.4f64),
    ) {
        let balance = [BalancePath::EqualInstalment {}, BalancePath::EqualPrincipal {}, BalancePath::Bullet {}][kind].clone();
        let terms = LifetimeTerms {
            months, balance, pd: PdPath::Yearly { pd }, prepayment, lgd, funding, opex, origination, upfront_fee: 0.0,
            running_fee: 0.0, capital, capital_benefit, tax,
        };
        let loan = Lifetime::new(&terms, hurdle).unwrap();
        let RateSolution::Unique { rate } = loan.break_even_rate().unwrap() else { panic!() };
        prop_assume!(rate <= 10.0);
        prop_assert!((loan.at(rate).unwrap().raroc - hurdle).abs() < 1e-10);
        prop_assert!((loan.waterfall(rate).unwrap().rate() - rate).abs() < 1e-11);
        // The scan finds the same, and nothing else.
        if rate > -0.49 && months < 60 {
            let scanned = solve_rate(-0.5, 10.0, 1_050, |rate| loan.at(rate).unwrap().eva).unwrap();
            prop_assert!(matches!(scanned, RateSolution::Unique { rate: found } if (found - rate).abs() < 1e-9), "{:?}", scanned);
        }
    }
}
