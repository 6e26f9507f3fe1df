//! A small bank's products matched with needs: working capital, project, credit and supply chain (流动资金/项目/信用/供应链).

use proptest::prelude::*;

use super::*;
use crate::data::{Field, Kind, Schema, Sensitivity, Value};
use crate::features::ProtectedUse;

fn catalogue() -> Catalogue {
    let of = |name: &str, purpose: &str, eligibility: &str, low: &str, high: &str, months: &[u32]| Product {
        name: name.into(),
        purposes: vec![purpose.into()],
        eligibility: eligibility.into(),
        amount: AmountRange { low: money(low), high: money(high) },
        months: months.to_vec(),
        rates: RateRange { low: 0.03, high: 0.24 },
        ..product()
    };
    let finance = ProductLaw { jurisdiction: "CN".into(), product: "financial_loan".into() };
    let mut products = vec![
        of("working capital", "stock", "years >= 2 AND sales > 500000", "50000.00", "3000000.00", &[6, 12, 24]),
        of("project", "project", "years >= 3 AND equity_share >= 0.25", "500000.00", "50000000.00", &[24, 36, 60]),
        of("credit", "stock", "years >= 1 AND tax_grade IN ('A', 'B')", "10000.00", "500000.00", &[6, 12]),
        of("supply chain", "stock", "core_supplier", "20000.00", "2000000.00", &[3, 6]),
    ];
    for product in &mut products {
        product.laws = vec![finance.clone()];
    }
    products[1].max_ltv = Some(0.7);
    products[1].costs.lgd = 0.35;
    products[2].fees = vec![fee("service", 0.01, FeeTiming::Deducted)];
    products[2].costs.opex = 0.03;
    products[3].repayments = vec![RepaymentKind::InterestOnly];
    products[3].costs.lgd = 0.3;
    products[3].costs.opex = 0.004;
    let field = |name: &str, kind| Field::new(name, kind);
    let mut sex = field("sex", Kind::Category);
    sex.sensitivity = Sensitivity::Protected { basis: "sex".into() };
    let rule = |from: Option<&str>, to: &str, when: &str| LadderRule {
        from: from.map(str::to_owned),
        to: to.into(),
        when: when.into(),
        reason: format!("next is {to}"),
    };
    Catalogue {
        schema: Schema {
            fields: vec![
                field("years", Kind::Number),
                field("sales", Kind::Number),
                field("equity_share", Kind::Number),
                field("tax_grade", Kind::Category),
                field("core_supplier", Kind::Flag),
                sex,
            ],
        },
        protected_use: Vec::new(),
        products,
        ladder: vec![
            rule(None, "credit", "true"),
            rule(Some("credit"), "working capital", "sales > 1000000"),
            rule(Some("credit"), "supply chain", "core_supplier"),
            rule(Some("working capital"), "project", "years >= 5"),
            rule(Some("starter"), "credit", "true"),
        ],
    }
}

/// years, sales, equity share, tax grade, core supplier
type Profile = (f64, f64, f64, &'static str, Option<bool>);

fn record(profile: Profile) -> [Value<'static>; 6] {
    let (years, sales, equity, grade, core) = profile;
    let [years, sales, equity] = [years, sales, equity].map(Value::Number);
    [years, sales, equity, Value::Category(grade), core.map_or(Value::Missing, Value::Flag), Value::Missing]
}

fn asked(amount: &str, months: u32, purpose: &str) -> Need {
    Need { amount: money(amount), purpose: Some(purpose.into()), ..need(months) }
}

fn matched(catalogue: &Catalogue, profile: Profile, need: &Need, pd: f64, rank: RankBy) -> Matched {
    let (risk, past, packs) = (CreditRisk::yearly(pd), BTreeMap::new(), [CountryPack::load("CN").unwrap()]);
    let request = QuoteRequest { need, risk: &risk, packs: &packs, day: day("2026-11-21"), past: &past };
    catalogue.resolve().unwrap().match_products(&record(profile)[..], &request, rank).unwrap()
}

fn names(matched: &Matched) -> Vec<&str> {
    matched.offers.iter().map(|offer| offer.quote.product.as_str()).collect()
}

fn kinds(matched: &Matched) -> Vec<(String, Vec<String>)> {
    let kind = |why: &Mismatch| serde_json::to_value(why).unwrap()["type"].as_str().unwrap().to_owned();
    matched.dropped.iter().map(|one| (one.product.clone(), one.why.iter().map(kind).collect())).collect()
}

#[test]
fn a_table_of_needs_and_what_the_bank_has_for_them() {
    let firm: Profile = (4.0, 2e6, 0.3, "A", Some(true));
    let young: Profile = (1.5, 3e5, 0.1, "B", None);
    let stock = |amount: &str, months: u32| asked(amount, months, "stock");
    let project = Need { collateral: Some(money("2000000.00")), ..asked("1000000.00", 36, "project") };
    let by_cost = |profile, need: &Need, pd| matched(&catalogue(), profile, need, pd, RankBy::Cost);
    // 6 months for stock: three fit. Supply chain loses least and costs least; credit takes most work.
    let found = by_cost(firm, &stock("100000.00", 6), 0.02);
    assert_eq!(names(&found), ["supply chain", "working capital", "credit"]);
    assert_eq!(
        kinds(&found),
        [("project".into(), vec!["purpose".into(), "amount".into(), "term".into(), "no_collateral".into()])]
    );
    assert_eq!(found.offers[0].fit, Fit { purpose: Some("stock".into()), eligibility: "core_supplier".into(), ltv: None });
    // 12 months and more than credit lends.
    let found = by_cost(firm, &stock("800000.00", 12), 0.02);
    assert_eq!(names(&found), ["working capital"]);
    assert_eq!(kinds(&found)[1..], [("credit".into(), vec!["amount".into()]), ("supply chain".into(), vec!["term".into()])]);
    // A young firm is left with credit; of the supply chain nothing is known.
    let found = by_cost(young, &stock("100000.00", 6), 0.02);
    assert_eq!(names(&found), ["credit"]);
    assert!(matches!(&found.dropped[2].why[..], [Mismatch::Unknown { missing, .. }] if missing == &["core_supplier"]));
    assert!(matches!(&found.dropped[0].why[..], [Mismatch::NotEligible { eligibility }] if eligibility.contains("years >= 2")));
    // A project with collateral, and with too little of it.
    let found = by_cost(firm, &project, 0.02);
    assert_eq!((names(&found), found.offers[0].fit.ltv), (vec!["project"], Some(0.5)));
    let found = by_cost(firm, &Need { collateral: Some(money("1250000.00")), ..project }, 0.02);
    assert!(matches!(&found.dropped[1].why[..], [Mismatch::Ltv { ltv: 0.8, max_ltv: 0.7 }]));
    // At a PD of 35 % unsecured lending has no legal price, while the cap of the day is kept by the supply chain.
    let found = by_cost(firm, &stock("100000.00", 6), 0.35);
    assert_eq!(names(&found), ["supply chain"]);
    let illegal = |at: usize| matches!(&found.dropped[at].why[..], [Mismatch::NoLegalPrice { cap, .. }] if cap.limit == 0.24);
    assert!(illegal(0) && illegal(2), "{:?}", found.dropped);
}

#[test]
fn equally_good_offers_stand_in_the_order_of_the_catalogue() {
    let mut catalogue = catalogue();
    let twin = |name: &str| Product { name: name.into(), ..product() };
    catalogue.products = ["c", "a", "b"].map(twin).to_vec();
    catalogue.products[1].costs.opex = 0.02;
    catalogue.ladder.clear();
    let firm = (4.0, 2e6, 0.3, "A", Some(true));
    for rank in [RankBy::Cost, RankBy::Profit] {
        catalogue.products[1].take_up = None;
        assert_eq!(names(&matched(&catalogue, firm, &need(12), 0.02, RankBy::Cost)), ["c", "b", "a"]);
        // With a margin the dearer product earns more than nothing.
        catalogue.products[1].rates.low = 0.2;
        let first = names(&matched(&catalogue, firm, &need(12), 0.02, rank))[0].to_owned();
        assert_eq!(first, if rank == RankBy::Profit { "a" } else { "c" });
        catalogue.products[1].rates.low = 0.0;
    }
}

#[test]
fn one_bad_product_harms_no_other() {
    let mut catalogue = catalogue();
    catalogue.products[0].laws[0].product = "pawn".into();
    let found = matched(&catalogue, (4.0, 2e6, 0.3, "A", Some(true)), &asked("100000.00", 6, "stock"), 0.02, RankBy::Profit);
    assert_eq!(found.offers.len(), 2);
    assert!(matches!(&found.dropped[0].why[..], [Mismatch::Refused { what }] if what.contains("no such product")));
}

#[test]
fn products_that_can_never_be_offered_are_found() {
    let packs = [CountryPack::load("CN").unwrap()];
    let found = |catalogue: &Catalogue, date: &str| {
        let found = catalogue.unreachable(&packs, day(date)).unwrap();
        let kind = |one: &Unreachable| serde_json::to_value(&one.why).unwrap()["type"].as_str().unwrap().to_owned();
        found.iter().map(|one| format!("{}: {}", one.product, kind(one))).collect::<Vec<_>>()
    };
    assert!(found(&catalogue(), "2026-11-21").is_empty());
    let mut faulty = catalogue();
    faulty.products[0].eligibility = "years < 2 AND years >= 3".into();
    faulty.products[1].rates = RateRange { low: 0.03, high: 0.04 };
    faulty.products[2].rates = RateRange { low: 0.25, high: 0.3 };
    assert_eq!(found(&faulty, "2026-11-21"), ["working capital: not_eligible", "project: above_range", "credit: no_legal_price"]);
    // Before the cap of its law was known nothing may be offered.
    assert_eq!(found(&catalogue(), "2017-08-03").len(), 4);
    // Under the law on private lending a floor of 15.3 % is legal until the loan prime rate falls.
    let mut private = catalogue();
    private.products.truncate(1);
    private.ladder.clear();
    private.products[0].laws[0].product = "private_lending".into();
    private.products[0].rates.low = 0.153;
    assert!(found(&private, "2021-12-19").is_empty());
    assert_eq!(found(&private, "2021-12-20"), ["working capital: no_legal_price"]);
}

#[test]
fn the_ladder_leads_to_what_the_customer_may_have_next() {
    let matcher = catalogue().resolve().unwrap();
    let next = |held: Option<&str>, profile: Profile| {
        let found = matcher.next_products(held, &record(profile)[..]).unwrap();
        found.into_iter().map(|one| one.product).collect::<Vec<_>>().join(" ")
    };
    for (held, profile, want) in [
        (None, (1.5, 3e5, 0.1, "B", None), "credit"),
        (None, (0.5, 3e5, 0.1, "B", None), ""),
        (Some("credit"), (4.0, 2e6, 0.3, "A", Some(true)), "working capital supply chain"),
        (Some("credit"), (4.0, 9e5, 0.3, "A", Some(true)), "supply chain"),
        (Some("credit"), (4.0, 2e6, 0.3, "A", None), "working capital"),
        (Some("working capital"), (6.0, 2e6, 0.3, "A", Some(false)), "project"),
        (Some("working capital"), (6.0, 2e6, 0.2, "A", Some(false)), ""),
        (Some("project"), (6.0, 2e6, 0.3, "A", Some(true)), ""),
        (Some("starter"), (6.0, 2e6, 0.3, "A", Some(true)), "credit"),
    ] {
        assert_eq!(next(held, profile), want, "{held:?} {profile:?}");
    }
    let error = matcher.next_products(Some("pawn"), &record((1.0, 1.0, 0.0, "A", None))[..]).unwrap_err();
    assert_eq!(error.problems()[0].field.as_deref(), Some("held"));
}

#[test]
fn every_fault_of_a_catalogue_is_named() {
    let fields = |catalogue: &Catalogue| {
        let error = catalogue.validate().unwrap_err();
        error.problems().iter().filter_map(|problem| problem.field.clone()).collect::<Vec<_>>().join(" ")
    };
    let mut bad = catalogue();
    bad.products[0].eligibility = "yeras >= 2".into();
    bad.products[1].eligibility = "years".into();
    bad.products[1].hurdle = 0.01;
    bad.products[2].name = "project".into();
    bad.ladder[0].reason = String::new();
    assert_eq!(
        fields(&bad),
        "products[0].eligibility products[1].hurdle products[1].eligibility products[2] ladder[0].to ladder[0].reason ladder[4].to"
    );
    let mut by_sex = catalogue();
    by_sex.products[0].eligibility = "sex = 'f'".into();
    assert_eq!(fields(&by_sex), "sex");
    by_sex.protected_use = vec![ProtectedUse { field: "sex".into(), author: "J. Doe".into(), reason: "a programme".into() }];
    assert_eq!(by_sex.validate(), Ok(()));
    let text = serde_json::to_string(&catalogue()).unwrap();
    assert_eq!(serde_json::from_str::<Catalogue>(&text).unwrap(), catalogue());
    assert!(serde_json::from_str::<Catalogue>(&text.replace("\"ladder\"", "\"ladders\"")).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_product_is_offered_lawfully_or_dropped_with_a_reason(
        (years, sales, equity) in (0.0..8.0f64, 0.0..2e6f64, 0.0..0.6f64),
        (grade, core) in (prop::sample::select(vec!["A", "B", "C"]), prop::option::of(any::<bool>())),
        (minor, months, purpose) in (1_000_000..200_000_000i64, prop::sample::select(vec![3u32, 6, 12, 24, 36]), any::<bool>()),
        (pd, collateral) in (0.001..0.4f64, prop::option::of(1_000_000..400_000_000i64)),
    ) {
        let need = Need {
            purpose: Some(if purpose { "stock" } else { "project" }.into()),
            amount: Money::new(minor, 2).unwrap(),
            collateral: collateral.map(|minor| Money::new(minor, 2).unwrap()),
            ..need(months)
        };
        let catalogue = catalogue();
        let found = matched(&catalogue, (years, sales, equity, grade, core), &need, pd, RankBy::Cost);
        prop_assert_eq!(found.offers.len() + found.dropped.len(), catalogue.products.len());
        prop_assert!(found.dropped.iter().all(|one| !one.why.is_empty()));
        let costs: Vec<f64> = found.offers.iter().map(|offer| offer.quote.all_in[&RateBasis::Compound]).collect();
        prop_assert!(costs.windows(2).all(|pair| pair[0] <= pair[1]));
        for offer in &found.offers {
            let quote = &offer.quote;
            prop_assert!(quote.all_in[&RateBasis::Simple] <= 0.24 && quote.raroc >= 0.12 - 1e-12);
            let product = catalogue.products.iter().find(|product| product.name == quote.product).unwrap();
            let amount = product.amount.low.minor()..=product.amount.high.minor();
            prop_assert!(amount.contains(&minor) && product.months.contains(&months));
            prop_assert!(product.purposes.contains(need.purpose.as_ref().unwrap()));
        }
    }
}
