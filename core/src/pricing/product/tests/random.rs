//! Random deals: never above a cap, never below hurdle and floor, and the solved rate earns the hurdle, by a model of its own.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::*;
use crate::pricing::{Rounding, Schedule, ScheduleTerms};

/// The return of a loan month by month from the start, and its economic value added, from a schedule in minor units.
fn by_hand(product: &Product, schedule: &Schedule, pd: f64) -> (f64, f64) {
    let costs = &product.costs;
    let share = |money: Money| money.minor() as f64 / schedule.totals.drawn.minor() as f64;
    let root = |x: f64| crate::math::exp(crate::math::ln(x) / 12.0);
    let (q, smm, v) = (1.0 - root(1.0 - pd), 1.0 - root(1.0 - costs.prepayment), 1.0 / root(1.0 + product.hurdle));
    let CapitalModel::FixedShare { share: kappa } = costs.capital else { panic!() };
    let Some(Charge::ShareOfPrincipal { share: origination }) = costs.origination else { panic!() };
    let mut income = share(schedule.deducted) + share(schedule.upfront) - origination;
    let (mut alive, mut discount, mut capital) = (1.0, 1.0, 0.0);
    for row in &schedule.rows {
        discount *= v;
        let balance = alive * share(row.opening);
        let received = alive * (1.0 - q) * share(row.interest) + alive * share(row.fee);
        let paid = balance * (costs.funding.points[0].rate + costs.opex - kappa * costs.capital_benefit) / 12.0;
        income += discount * (received - paid - balance * q * costs.lgd);
        capital += discount * balance * kappa / 12.0;
        alive *= (1.0 - q) * (1.0 - smm);
    }
    let income = (1.0 - costs.tax) * income;
    (income / capital, income - product.hurdle * capital)
}

/// What the flows of a schedule are worth to the lender at a rate per month: at least nothing when the loan costs no more.
fn worth_to_borrower(schedule: &Schedule, monthly: f64) -> f64 {
    let v = 1.0 / (1.0 + monthly);
    let paid = schedule.rows.iter().rev().fold(0.0, |worth, row| v * (worth + row.payment.minor() as f64));
    (schedule.rows[0].opening.minor() - schedule.deducted.minor() - schedule.upfront.minor()) as f64 - paid
}

/// By how much each cap of [`every_basis`] is kept, at least 0 within rounding.
fn kept(schedule: &Schedule, limits: [f64; 5]) -> [f64; 5] {
    let [simple, compound, military, daily, total] = limits;
    let cost = (schedule.totals.interest.minor() + schedule.totals.fees.minor()) as f64;
    let mut last = schedule.start.unwrap();
    let balance_days: f64 = schedule
        .rows
        .iter()
        .map(|row| {
            let days = row.due.unwrap().days() - last.days();
            last = row.due.unwrap();
            row.opening.minor() as f64 * f64::from(days)
        })
        .sum();
    let monthly = crate::math::exp(crate::math::ln(1.0 + compound) / 12.0) - 1.0;
    let drawn = schedule.totals.drawn.minor() as f64;
    [
        worth_to_borrower(schedule, simple / 12.0) / drawn,
        worth_to_borrower(schedule, monthly) / drawn,
        worth_to_borrower(schedule, military / 12.0) / drawn,
        daily * balance_days / drawn - cost / drawn,
        total - cost / drawn,
    ]
}

fn deals() -> impl Strategy<Value = (Product, Need, CreditRisk, [f64; 5], Option<f64>)> {
    let loan = (0usize..3, 0usize..4, 100_000..100_000_000_i64, 0.0..0.1f64, 0.1..0.5f64, 0usize..3);
    let costs = (0.0..0.05f64, 0.0..0.04f64, 0.0001..0.03f64, 0.1..0.9f64, 0.02..0.2f64, 0.0..0.4f64);
    let risk = (0.0005..0.3f64, prop::option::of(0.0..15.0f64), 0.0..0.3f64, 0.06..0.3f64);
    let extras = (0.0..0.03f64, 0usize..3, 0u32..4, prop::option::of(-40.0..-2.0f64), prop::option::of(0.01..0.3f64));
    let limits = (0.08..0.6f64, 0.08..0.6f64, 0.08..0.6f64, 0.0003..0.003f64, 0.05..1.5f64);
    (loan, costs, risk, extras, limits).prop_map(|(loan, costs, risk, extras, limits)| {
        let mut product = product();
        product.laws = vec![ProductLaw { jurisdiction: "XX".into(), product: "loan".into() }];
        product.rates = RateRange { low: loan.3, high: loan.4 };
        let round = [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down][loan.5];
        product.rounding = ScheduleRounding { payment: Rounding::HalfUp, interest: round, fee: round };
        product.costs.funding.points[0].rate = costs.0;
        product.costs.opex = costs.1;
        product.costs.origination = Some(Charge::ShareOfPrincipal { share: costs.2 });
        product.costs.lgd = costs.3;
        product.costs.capital = CapitalModel::FixedShare { share: costs.4 };
        product.costs.tax = costs.5;
        product.costs.prepayment = risk.2;
        product.hurdle = risk.3;
        if extras.0 > 0.003 {
            let timing = [FeeTiming::Deducted, FeeTiming::Upfront, FeeTiming::EachPeriod][extras.1];
            let share = if extras.1 == 2 { extras.0 / 12.0 } else { extras.0 };
            product.fees = vec![fee("fee", share, timing)];
        }
        if extras.2 > 0 {
            product.promotions = vec![Promotion::InterestFree { periods: extras.2 }];
        }
        product.take_up = extras.3.map(|slope| TakeUp::Logit { intercept: 2.0, slope });
        product.guard = extras.4.map(|_| PriceGuard { max_step: Some(0.01), max_yearly: None, floor: loan.3 / 2.0 });
        let need = Need {
            amount: Money::new(loan.2, 2).unwrap(),
            repayment: Some([Repayment::EqualInstalment, Repayment::EqualPrincipal, Repayment::InterestOnly][loan.0].clone()),
            ..need([6, 12, 24, 36][loan.1])
        };
        let response = risk.1.map(|slope| PdResponse { at: 0.1, slope });
        let risk = CreditRisk { pd: PdPath::Yearly { pd: risk.0 }, response };
        (product, need, risk, [limits.0, limits.1, limits.2, limits.3, limits.4], extras.4)
    })
}

/// How many deals; `SCORELINE_DEALS` asks for more.
fn count() -> u32 {
    std::env::var("SCORELINE_DEALS").ok().and_then(|text| text.parse().ok()).unwrap_or(400)
}

#[test]
fn random_deals_are_legal_and_earn_the_hurdle() {
    let seen = std::cell::RefCell::new([0; 8]);
    let config = Config { cases: count(), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner
        .run(&deals(), |(product, need, risk, limits, last)| {
            let past = last.map(|rate| ("working capital".to_owned(), vec![PastPrice { from: day("2026-05-01"), rate }]));
            let past: BTreeMap<String, Vec<PastPrice>> = past.into_iter().collect();
            let packs = [every_basis(limits)];
            let request = QuoteRequest { need: &need, risk: &risk, packs: &packs, day: day("2026-11-21"), past: &past };
            let PdPath::Yearly { pd } = risk.pd else { panic!() };
            let pd_at = |rate: f64| match risk.response {
                Some(PdResponse { at, slope }) => {
                    crate::math::logistic(crate::math::logit(pd) + slope * (rate - at)).min(0.999_999)
                }
                None => pd,
            };
            // Amounts of which a cent is nothing, so that the model by hand is exact enough.
            let exact = |terms: &ScheduleTerms, rate: f64| {
                let principal = Money::new(1_000_000_000_000_000, 2).unwrap();
                ScheduleTerms { principal, rate, ..terms.clone() }.schedule().unwrap()
            };
            let floor = product.rates.low;
            match quote(&product, &request).unwrap() {
                Quoted::Quote(quote) => {
                    prop_assert!(quote.rate >= floor && quote.rate <= product.rates.high && quote.rate >= quote.needed);
                    let schedule = quote.terms.schedule().unwrap();
                    let room = kept(&schedule, limits);
                    prop_assert!(room.iter().all(|room| *room >= -1e-13), "{:?}", room);
                    let (raroc, eva) = by_hand(&product, &exact(&quote.terms, quote.rate), pd_at(quote.rate));
                    prop_assert!((raroc - quote.raroc).abs() < 1e-10 && (eva - quote.eva).abs() < 1e-10, "{} {:?}", raroc, quote);
                    prop_assert!(quote.raroc >= product.hurdle - 1e-12);
                    prop_assert!((quote.parts.rate() - quote.rate).abs() < 1e-10);
                    if quote.bound == GuardBound::Hurdle {
                        prop_assert!((quote.raroc - product.hurdle).abs() < 1e-10);
                    }
                    // The floor itself is raised to the grid.
                    if quote.needed > floor + 1e-9 {
                        let below = quote.needed - 1e-9;
                        prop_assert!(by_hand(&product, &exact(&quote.terms, below), pd_at(below)).1 < 1e-13);
                    }
                    seen.borrow_mut()[quote.bound as usize] += 1;
                }
                Quoted::NoLegalPrice { needed, all_in, cap } => {
                    prop_assert!(all_in > cap.limit && needed >= floor);
                    let sample =
                        super::super::economics::schedule_terms(&product, &need, need.repayment.as_ref().unwrap(), request.day);
                    let schedule = ScheduleTerms { rate: needed, ..sample }.schedule().unwrap();
                    prop_assert!(kept(&schedule, limits).iter().any(|room| *room < 0.0));
                    seen.borrow_mut()[6] += 1;
                }
                Quoted::AboveRange { needed, highest } => prop_assert!(needed > highest),
                Quoted::NoPrice { shortfall, .. } => {
                    prop_assert!(shortfall > 0.0);
                    seen.borrow_mut()[7] += 1;
                }
            }
            Ok(())
        })
        .unwrap();
    // Target, step, floor, hurdle and cap have all set prices; some deals have no legal one, and some none at all.
    let [target, step, _, floor, hurdle, cap, illegal, none] = *seen.borrow();
    assert!([target, step, floor, hurdle, cap, illegal, none].iter().all(|count| *count > 0), "{seen:?}");
}
