//! One loan quoted: published and computed values, the law on its days, and what is refused.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::*;
use crate::data::Date;
use crate::error::{Error, ErrorCode};
use crate::pricing::{
    BestPrice, CapLimit, CapRule, CapitalModel, Charge, CountryPack, DayCount, Fee, FeeTiming, FtpCurve, FtpPoint, GuardBound,
    Money, PastPrice, PdPath, PriceGuard, Promotion, RateBasis, Repayment, ScheduleRounding, Segment, TakeUp, best_price,
};

mod matching;
mod random;

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

/// The loan of DOMAIN 2.5, at no law.
fn product() -> Product {
    Product {
        name: "working capital".into(),
        currency: "CNY".into(),
        decimals: 2,
        purposes: Vec::new(),
        eligibility: "true".into(),
        amount: AmountRange { low: money("1000.00"), high: money("1000000.00") },
        months: vec![6, 12, 24, 36],
        repayments: vec![RepaymentKind::EqualInstalment, RepaymentKind::EqualPrincipal, RepaymentKind::InterestOnly],
        rates: RateRange { low: 0.0, high: 0.36 },
        rate_step: None,
        day_count: None,
        rounding: ScheduleRounding::default(),
        fees: Vec::new(),
        promotions: Vec::new(),
        max_ltv: None,
        laws: Vec::new(),
        costs: ProductCosts {
            funding: FtpCurve { points: vec![FtpPoint { months: 12, rate: 0.032 }] },
            opex: 0.015,
            origination: Some(Charge::ShareOfPrincipal { share: 0.003 }),
            lgd: 0.6,
            capital: CapitalModel::FixedShare { share: 0.08 },
            capital_benefit: 0.025,
            tax: 0.25,
            prepayment: 0.1,
        },
        hurdle: 0.12,
        take_up: None,
        guard: None,
    }
}

fn need(months: u32) -> Need {
    Need { purpose: None, amount: money("100000.00"), currency: "CNY".into(), months, repayment: None, collateral: None }
}

fn fee(name: &str, share: f64, timing: FeeTiming) -> Fee {
    Fee { name: name.into(), charge: Charge::ShareOfPrincipal { share }, timing }
}

fn on(date: &str, product: &Product, need: &Need, pd: f64) -> Result<Quoted, Error> {
    let (risk, past) = (CreditRisk::yearly(pd), BTreeMap::new());
    let packs = [CountryPack::load("CN").unwrap()];
    quote(product, &QuoteRequest { need, risk: &risk, packs: &packs, day: day(date), past: &past })
}

fn priced(quoted: Result<Quoted, Error>) -> Quote {
    match quoted.unwrap() {
        Quoted::Quote(quote) => *quote,
        other => panic!("{other:?}"),
    }
}

fn field(quoted: Result<Quoted, Error>) -> String {
    quoted.unwrap_err().problems()[0].field.clone().unwrap()
}

/// The cases of `tests/golden/raroc.json` over the life: the solved rates, and the returns at rates that a floor sets.
#[test]
fn golden_lives() {
    let file: Json = serde_json::from_str(include_str!("../../../../tests/golden/raroc.json")).unwrap();
    let mut compared = 0;
    for case in file["cases"].as_array().unwrap().iter().filter(|case| case["id"].as_str().unwrap().starts_with("mp_")) {
        let input = |name: &str| case["inputs"][name].as_f64().unwrap();
        let mut product = product();
        product.costs.prepayment = input("cpr");
        product.costs.origination =
            (input("o0") > 0.0).then(|| Charge::Fixed { amount: Money::round_half_up(input("o0"), 2).unwrap() });
        product.rates.low = case["inputs"]["rate"].as_f64().unwrap_or(0.0);
        let repayment = match case["inputs"]["method"].as_str().unwrap() {
            "annuity" => Repayment::EqualInstalment,
            "equal_principal" => Repayment::EqualPrincipal,
            _ => Repayment::InterestOnly,
        };
        let need = Need { repayment: Some(repayment), ..need(input("n") as u32) };
        let quote = priced(on("2026-11-21", &product, &need, input("pd")));
        for (name, want) in case["expected"].as_object().unwrap() {
            let got = match name.as_str() {
                "raroc_lifetime" | "raroc_at_r_min" => quote.raroc,
                "npv_eva" => quote.expected_profit,
                "r_min" | "closed_form" => quote.rate,
                _ => continue,
            };
            let want = want.as_f64().unwrap();
            assert!((got - want).abs() <= 1e-10 * want.abs().max(1.0), "{} {name}: {got} {want}", case["id"]);
            compared += 1;
        }
        assert!((quote.parts.rate() - quote.rate).abs() < 1e-12);
        let bound = if product.rates.low > 0.0 { GuardBound::Floor } else { GuardBound::Hurdle };
        assert_eq!((quote.bound, quote.cap), (bound, None));
    }
    assert_eq!(compared, 16);
}

/// Interest-free instalments with a monthly fee of the first amount: the figures of `tests/golden/apr.json`, 12 × the internal rate.
#[test]
fn an_interest_free_instalment_costs_its_fees() {
    for (share, simple, compound) in [(0.005, 0.10896, 0.11457), (0.006, 0.13034, 0.13842), (0.0075, 0.16216, 0.17478)] {
        let mut product = Product { promotions: vec![Promotion::InterestFree { periods: 12 }], ..product() };
        product.months = vec![12];
        product.fees = vec![fee("instalment", share, FeeTiming::EachPeriod)];
        product.costs.lgd = 0.1;
        let asked = Need { amount: money("12000.00"), ..need(12) };
        let quote = priced(on("2026-11-21", &product, &asked, 0.01));
        assert!((quote.all_in[&RateBasis::Simple] - simple).abs() < 6e-6, "{:?}", quote.all_in);
        assert!((quote.all_in[&RateBasis::Compound] - compound).abs() < 6e-6, "{:?}", quote.all_in);
        assert_eq!((quote.totals.interest.minor(), quote.rate), (0, 0.0));
        // A waiver of the fee is no longer worth it.
        product.promotions.push(Promotion::FeeWaiver { fee: "instalment".into(), share: 1.0, periods: None });
        assert!(
            matches!(on("2026-11-21", &product, &asked, 0.01).unwrap(), Quoted::NoPrice { shortfall, .. } if shortfall > 0.0)
        );
    }
}

fn lent_privately() -> Product {
    Product { laws: vec![ProductLaw { jurisdiction: "CN".into(), product: "private_lending".into() }], ..product() }
}

#[test]
fn a_cap_that_changes_on_its_day_changes_the_quote_on_that_day() {
    // 24 % until 2020-08-19, then 4 × 3.85 %; 4 × 3.80 % from 2021-12-20.
    let at = |date: &str, pd: f64| on(date, &lent_privately(), &need(36), pd).unwrap();
    assert!(matches!(at("2020-08-19", 0.15), Quoted::Quote(quote) if quote.rate > 0.154));
    let Quoted::NoLegalPrice { needed, all_in, cap } = at("2020-08-20", 0.15) else { panic!() };
    assert!(needed > 0.154 && (all_in - needed).abs() < 1e-4 && (cap.limit - 0.154).abs() < 1e-12);
    assert!(cap.name == "4 x LPR" && cap.source.contains("Fa Shi [2020] No. 6"));
    // Between the two caps lies a PD whose price is legal on one day and not on the next.
    let between =
        (0..1_000).map(|step| 0.1 + 0.0001 * f64::from(step)).find(|pd| at("2021-12-20", *pd).quote().is_none()).unwrap();
    assert!(at("2021-12-19", between).quote().is_some_and(|quote| quote.rate > 0.152 - 1e-6 && quote.rate < 0.1525));
    // Who takes any price pays the cap of the day.
    let eager = Product { take_up: Some(TakeUp::Logit { intercept: 5.0, slope: -0.1 }), ..lent_privately() };
    for (date, limit) in [("2020-08-19", 0.24), ("2020-08-20", 0.154), ("2021-12-20", 0.152)] {
        let quote = priced(on(date, &eager, &need(36), 0.02));
        let simple = quote.all_in[&RateBasis::Simple];
        assert!(simple <= limit && simple > limit - 1e-6, "{date} {simple}");
        assert_eq!((quote.bound, quote.cap.unwrap().limit), (GuardBound::Cap, quote.caps[0].limit));
    }
    // A day for which the pack has no rate is no day without a cap.
    assert_eq!(field(on("2026-11-21", &lent_privately(), &need(36), 0.02)), "indices");
}

#[test]
fn the_cap_is_on_all_that_the_borrower_pays() {
    let without = priced(on("2020-09-01", &lent_privately(), &need(12), 0.05));
    assert!(without.all_in[&RateBasis::Simple] < 0.154);
    let mut product = lent_privately();
    // A service that costs as much as it brings: the nominal rate may fall, the cost may not pass the cap.
    product.fees = vec![fee("service", 0.06, FeeTiming::Deducted)];
    product.costs.origination = Some(Charge::ShareOfPrincipal { share: 0.06 });
    let Quoted::NoLegalPrice { needed, all_in, .. } = on("2020-09-01", &product, &need(12), 0.05).unwrap() else { panic!() };
    assert!(needed < 0.154 && all_in > 0.154, "{needed} {all_in}");
}

#[test]
fn demand_and_limits_on_changes_move_the_price() {
    let curve = TakeUp::Logit { intercept: 2.0, slope: -25.0 };
    let product = Product { take_up: Some(curve.clone()), ..product() };
    let quote = priced(on("2026-11-21", &product, &need(36), 0.03));
    assert_eq!(quote.bound, GuardBound::Target);
    assert!(quote.rate > quote.needed && quote.raroc > 0.12 && quote.parts.margin > 0.0);
    // The life of the same loan by itself, and the best price on it.
    let life = crate::pricing::LifetimeTerms {
        months: 36,
        balance: crate::pricing::BalancePath::EqualInstalment {},
        pd: PdPath::Yearly { pd: 0.03 },
        prepayment: 0.1,
        lgd: 0.6,
        funding: 0.032,
        opex: 0.015,
        origination: 0.003,
        upfront_fee: 0.0,
        running_fee: 0.0,
        capital: 0.08,
        capital_benefit: 0.025,
        tax: 0.25,
    };
    let life = crate::pricing::Lifetime::new(&life, 0.12).unwrap();
    let best = best_price(&curve, quote.needed, 0.36, 1_000, |rate| life.at(rate).unwrap().eva).unwrap();
    let BestPrice::Quote { rung, .. } = best else { panic!() };
    assert!((rung.rate - quote.rate).abs() < 1e-6 && (rung.expected * 1e5 - quote.expected_profit).abs() < 1e-4);

    let guarded = Product { guard: Some(PriceGuard { max_step: Some(0.005), max_yearly: None, floor: 0.05 }), ..product };
    let after = |last: f64| {
        let past = BTreeMap::from([("working capital".to_owned(), vec![PastPrice { from: day("2026-05-01"), rate: last }])]);
        let (risk, need) = (CreditRisk::yearly(0.03), need(36));
        let request = QuoteRequest { need: &need, risk: &risk, packs: &[], day: day("2026-11-21"), past: &past };
        priced(super::quote(&guarded, &request))
    };
    let quote = after(0.085);
    assert!((quote.rate - 0.09).abs() < 1e-9 && quote.rate <= 0.09 && quote.bound == GuardBound::Step);
    // What the hurdle needs goes before the limit on changes.
    let quote = after(0.06);
    assert_eq!((quote.bound, quote.rate), (GuardBound::Hurdle, quote.needed));
}

#[test]
fn rates_lie_on_the_grid() {
    let product = Product { rate_step: Some(0.0001), ..product() };
    let quote = priced(on("2026-11-21", &product, &need(36), 0.03));
    assert_eq!(quote.rate, 0.0787); // 7.8637 %, rounded up
    let at_floor = Product { rates: RateRange { low: 0.0801, high: 0.36 }, ..product };
    assert_eq!(priced(on("2026-11-21", &at_floor, &need(36), 0.03)).rate, 0.0801);
}

#[test]
fn every_way_to_repay_earns_the_hurdle() {
    let mut product = product();
    product.fees = vec![fee("opening", 0.01, FeeTiming::Deducted), fee("service", 0.0005, FeeTiming::EachPeriod)];
    product.promotions = vec![Promotion::RateDiscount { from: 1, to: 3, discount: 0.02 }];
    product.day_count = Some(DayCount::Act360);
    product.repayments.extend([RepaymentKind::Balloon, RepaymentKind::Step, RepaymentKind::Given]);
    let segment = |periods, payment| Segment { periods, payment: money(payment) };
    for repayment in [
        Repayment::EqualInstalment,
        Repayment::EqualPrincipal,
        Repayment::InterestOnly,
        Repayment::Balloon { amount: money("40000.00") },
        Repayment::Step { share: 0.1, every: 6 },
        Repayment::Given { segments: vec![segment(12, "2000.00"), segment(12, "5000.00")] },
    ] {
        let asked = Need { repayment: Some(repayment), ..need(24) };
        let quote = priced(on("2026-11-21", &product, &asked, 0.03));
        assert!((quote.raroc - 0.12).abs() < 1e-10 && quote.raroc >= 0.12 - 1e-13, "{} {}", quote.raroc, quote.rate);
        assert!((quote.parts.rate() - quote.rate).abs() < 1e-12 && quote.parts.needed.fees < 0.0);
        assert_eq!(quote.terms.schedule().unwrap().totals, quote.totals);
    }
    // A way to repay whose figures are not known is no way.
    product.repayments = vec![RepaymentKind::Balloon];
    assert_eq!(field(on("2026-11-21", &product, &need(24), 0.03)), "repayment");
}

/// Where the PD rises with the rate the price is the lowest of several that earn the hurdle, or there is none.
#[test]
fn a_pd_that_rises_with_the_rate() {
    let at = |pd: f64, slope: f64| {
        let risk = CreditRisk { pd: PdPath::Yearly { pd }, response: Some(PdResponse { at: 0.08, slope }) };
        let (past, need) = (BTreeMap::new(), need(36));
        quote(&product(), &QuoteRequest { need: &need, risk: &risk, packs: &[], day: day("2026-11-21"), past: &past })
    };
    assert!((priced(at(0.03, 0.0)).rate - 0.0786370878).abs() < 1e-10);
    let steep = priced(at(0.03, 12.0));
    assert!((0.07..0.08).contains(&steep.rate) && (steep.raroc - 0.12).abs() < 1e-10);
    assert!(matches!(at(0.2, 60.0).unwrap(), Quoted::NoPrice { nearest, shortfall } if shortfall > 0.0 && nearest < 0.2));
    // Hazards of each month say the same as the PD of a year; more of them than the term do no harm.
    let hazard = 1.0 - crate::math::exp(crate::math::ln(0.97) / 12.0);
    let risk = CreditRisk { pd: PdPath::Monthly { hazards: vec![hazard; 60] }, response: None };
    let (past, need) = (BTreeMap::new(), need(36));
    let request = QuoteRequest { need: &need, risk: &risk, packs: &[], day: day("2026-11-21"), past: &past };
    assert!((priced(quote(&product(), &request)).rate - 0.0786370878).abs() < 1e-10);
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let at = |product: &Product, need: &Need| on("2020-09-01", product, need, 0.03);
    let dollars = Need { currency: "USD".into(), ..need(36) };
    assert_eq!(field(at(&product(), &dollars)), "currency");
    let euro = Product { currency: "EUR".into(), ..lent_privately() };
    assert_eq!(field(at(&euro, &Need { currency: "EUR".into(), ..need(36) })), "currency", "the pack is for another currency");
    let yen = Need { amount: money("100000"), ..need(36) };
    assert_eq!(field(at(&product(), &yen)), "currency", "other decimals");
    let elsewhere = Product { laws: vec![ProductLaw { jurisdiction: "FR".into(), product: "x".into() }], ..product() };
    assert_eq!(field(at(&elsewhere, &need(36))), "packs");
    let below = Product { hurdle: 0.03, ..product() };
    let error = at(&below, &need(36)).unwrap_err();
    assert_eq!((error.code(), error.problems()[0].field.as_deref()), (ErrorCode::InvalidConfig, Some("hurdle")));
    assert!(error.problems()[0].remedy.contains("raise the hurdle"));
    // Everything that the product does not serve, at once.
    let wrong = Need {
        purpose: Some("yacht".into()),
        amount: money("5.00"),
        repayment: Some(Repayment::Balloon { amount: money("1.00") }),
        ..need(7)
    };
    let secured = Product { purposes: vec!["stock".into()], max_ltv: Some(0.7), ..product() };
    let error = at(&secured, &wrong).unwrap_err();
    let fields: Vec<_> = error.problems().iter().filter_map(|problem| problem.field.clone()).collect();
    assert_eq!((error.code(), fields.join(" ")), (ErrorCode::InvalidData, "purpose amount months repayment collateral".into()));
    let risk = on("2020-09-01", &product(), &Need { months: 0, amount: money("-1.00"), ..need(36) }, 1.0).unwrap_err();
    let fields: Vec<_> = risk.problems().iter().filter_map(|problem| problem.field.clone()).collect();
    assert_eq!(fields, ["amount", "months", "pd"]);
    // A pack from before currencies were named still loads, and fits any.
    let mut old = serde_json::to_value(CountryPack::load("CN").unwrap()).unwrap();
    old.as_object_mut().unwrap().remove("currency");
    let pack = CountryPack::from_json(&old.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&pack).unwrap(), old);
    let (risk, past) = (CreditRisk::yearly(0.03), BTreeMap::new());
    let asked = Need { currency: "EUR".into(), ..need(36) };
    let request = QuoteRequest { need: &asked, risk: &risk, packs: &[pack], day: day("2020-09-01"), past: &past };
    assert!(quote(&euro, &request).unwrap().quote().is_some());
}

#[test]
fn every_fault_of_a_product_is_named() {
    assert_eq!(product().validate(), Ok(()));
    let mut bad = Product {
        name: " ".into(),
        currency: "yuan".into(),
        eligibility: String::new(),
        months: vec![12, 12],
        repayments: Vec::new(),
        rates: RateRange { low: 0.3, high: 0.2 },
        rate_step: Some(0.3),
        max_ltv: Some(0.0),
        fees: vec![fee("f", 2.0, FeeTiming::Upfront)],
        promotions: vec![Promotion::InterestFree { periods: 13 }],
        laws: vec![ProductLaw { jurisdiction: String::new(), product: "x".into() }],
        take_up: Some(TakeUp::Logit { intercept: 0.0, slope: 1.0 }),
        guard: Some(PriceGuard { max_step: Some(0.0), max_yearly: None, floor: 0.0 }),
        ..product()
    };
    bad.amount = AmountRange { low: money("2.000"), high: money("1.00") };
    bad.costs.capital = CapitalModel::FixedShare { share: 0.0 };
    bad.costs.tax = 1.0;
    bad.costs.funding.points.clear();
    let error = bad.validate().unwrap_err();
    let fields: Vec<_> = error.problems().iter().filter_map(|problem| problem.field.as_deref()).collect();
    let expected = "name currency eligibility amount.low months repayments rates rate_step fees[0] promotions[0] max_ltv laws[0] \
                    costs.funding.points costs.tax costs.capital.share take_up.slope guard.max_step";
    assert_eq!(fields.join(" "), expected);
    let text = serde_json::to_string(&lent_privately()).unwrap();
    assert_eq!(serde_json::from_str::<Product>(&text).unwrap(), lent_privately());
    assert!(serde_json::from_str::<Product>(&text.replace("\"hurdle\"", "\"hurdles\"")).is_err());
    let mut lawless: Json = serde_json::from_str(&text).unwrap();
    lawless.as_object_mut().unwrap().remove("laws");
    assert!(serde_json::from_value::<Product>(lawless).is_err(), "that no law applies must be said");
}

/// A pack with caps on every basis.
fn every_basis(limits: [f64; 5]) -> CountryPack {
    let bases = [RateBasis::Simple, RateBasis::Compound, RateBasis::Military, RateBasis::Daily, RateBasis::TotalCost];
    let rule = |(basis, limit): (RateBasis, f64)| CapRule {
        name: basis.name().into(),
        products: vec!["loan".into()],
        limit: CapLimit::Fixed { limit },
        basis,
        from: day("2000-01-01"),
        until: None,
        source: "a test".into(),
    };
    CountryPack {
        jurisdiction: "XX".into(),
        notice: "for tests, not legal advice".into(),
        currency: None,
        indices: Vec::new(),
        caps: bases.into_iter().zip(limits).map(rule).collect(),
    }
}
