//! Published and computed cases of `tests/golden/raroc.json`, and laws.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::data::{Batch, Column};
use crate::math::{exp_m1, ln_1p, logistic, logit};
use crate::{ErrorCode, Threads};

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

/// Each loan of a batch has the bits that it has alone: lengths mixed, figures missing or unusual, one row or many.
#[test]
fn a_batch_has_the_bits_of_its_loans() {
    let mut random = crate::math::Random::new(7);
    let mut within = |low: f64, high: f64| low + (high - low) * random.unit();
    let rows = 3_000;
    let (template, hurdle, _) = life(&cases("life")[0]);
    let mut loans = Vec::new();
    for row in 0..rows {
        let mut terms = template.clone();
        terms.months = if row < 1_000 { 36 } else { [0, 1, 3, 12, 36, 60, 360][within(0.0, 7.0) as usize] };
        terms.pd = PdPath::Yearly { pd: if row % 97 == 0 { within(0.5, 1.0) } else { within(0.0005, 0.4) } };
        terms.prepayment = if row % 89 == 0 { 0.8 } else { within(0.0, 0.4) };
        (terms.lgd, terms.capital) = (within(0.0, 1.0), if row % 101 == 0 { f64::NAN } else { within(0.01, 0.3) });
        terms.funding = if row % 103 == 0 { 0.2 } else { within(0.0, 0.1) };
        terms.upfront_fee = if row % 83 == 0 { 0.01 } else { 0.0 };
        terms.origination = if row % 2 == 0 { 0.0 } else { within(0.0, 0.05) };
        loans.push(terms);
    }
    let column = |figure: fn(&LifetimeTerms) -> f64| Column::numbers(loans.iter().map(figure).collect::<Vec<f64>>());
    let batch = Batch::new(rows)
        .with("months", column(|loan| f64::from(loan.months)))
        .and_then(|batch| batch.with("pd", column(|loan| if let PdPath::Yearly { pd } = loan.pd { pd } else { 0.0 })))
        .and_then(|batch| batch.with("prepayment", column(|loan| loan.prepayment)))
        .and_then(|batch| batch.with("lgd", column(|loan| loan.lgd)))
        .and_then(|batch| batch.with("capital", column(|loan| loan.capital)))
        .and_then(|batch| batch.with("funding", column(|loan| loan.funding)))
        .and_then(|batch| batch.with("upfront_fee", column(|loan| loan.upfront_fee)))
        .and_then(|batch| batch.with("origination", column(|loan| loan.origination)))
        .unwrap();
    let priced = template.price_batch(&batch, hurdle, Threads::One).unwrap();
    let mut failed = Vec::new();
    for (row, terms) in loans.iter().enumerate() {
        let alone = Lifetime::new(terms, hurdle).and_then(|loan| {
            let solution = loan.break_even_rate()?;
            Ok((solution, solution.rate().map(|rate| loan.at(rate)).transpose()?))
        });
        match alone {
            Ok((solution, Some(found))) => {
                assert_eq!(priced.rate[row].to_bits(), found.rate.to_bits(), "row {row}");
                assert_eq!(priced.raroc[row].to_bits(), found.raroc.to_bits(), "row {row}");
                assert_eq!(priced.solutions[row] > 1, matches!(solution, RateSolution::Several { .. }));
            }
            Ok((_, None)) => assert!(priced.rate[row].is_nan() && priced.solutions[row] == 0),
            Err(error) => {
                assert_eq!(u32::from(priced.status[row]), error.code().number());
                failed.push(row);
            }
        }
    }
    assert_eq!(priced.errors.iter().map(|(row, _)| *row).collect::<Vec<_>>(), failed);
    assert!(failed.len() > 200 && failed.len() < 600, "{}", failed.len());
    let again = template.price_batch(&batch, hurdle, Threads::Count(3)).unwrap();
    assert_eq!(format!("{:?}", again.rate), format!("{:?}", priced.rate));
}

#[test]
fn the_share_of_a_month_makes_that_of_a_year() {
    for step in 1..1_000 {
        let share = f64::from(step) / 1_000.0;
        let (month, by_logarithm) = (super::loan::monthly(share), -exp_m1(ln_1p(-share) / 12.0));
        assert!((month / by_logarithm - 1.0).abs() < 8e-16, "{share}: {month} {by_logarithm}");
        assert!((1.0 - crate::math::powi(1.0 - month, 12) - share).abs() < 3e-15);
    }
    assert_eq!((super::loan::monthly(0.0), super::loan::monthly(1e-300) > 0.0), (0.0, true));
}

/// Capital that asks for less than deposits is a mistake where a rate is solved; a return may still be looked at with it.
#[test]
fn a_hurdle_below_funding_solves_nothing() {
    let (terms, _, _) = life(&cases("life")[0]);
    let hurdle = terms.funding - 0.001;
    let loan = Lifetime::new(&terms, hurdle).unwrap();
    let below = |error: crate::Error| {
        let [problem] = error.problems() else { panic!("{error}") };
        error.code() == ErrorCode::InvalidData && problem.field.as_deref() == Some("hurdle") && problem.what.contains("below")
    };
    assert!(below(loan.break_even_rate().unwrap_err()) && below(loan.waterfall(0.1).unwrap_err()));
    assert!(loan.at(0.1).is_ok() && loan.cash_flows(0.1).is_ok());
    let batch = Batch::new(2).with("funding", Column::numbers(vec![0.05, terms.funding - 0.002])).unwrap();
    let priced = terms.price_batch(&batch, hurdle, Threads::One).unwrap();
    assert_eq!((priced.errors.len(), priced.status[1]), (1, 0));
    assert!(below(priced.errors[0].1.clone()));
    let year = SinglePeriod {
        rate: 0.08,
        fees: 0.0,
        funding: 0.05,
        funding_base: FundingBase::Ead,
        opex: 0.01,
        expected_loss: 0.01,
        capital: 0.08,
        capital_benefit: 0.0,
        tax: 0.0,
    };
    assert!(
        below(year.check_hurdle(0.049).unwrap_err()) && year.check_hurdle(0.05).is_ok() && year.check_hurdle(f64::NAN).is_err()
    );
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
        (capital, capital_benefit, tax, hurdle) in (0.01..0.3f64, 0.0..0.05f64, 0.0..0.5f64, 0.1..0.4f64),
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
