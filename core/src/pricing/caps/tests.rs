use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::ErrorCode;
use crate::data::Date;

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// The cases of `tests/golden/raroc.json` about caps and limits on changes.
#[test]
fn golden_caps_and_guards() {
    let file: serde_json::Value = serde_json::from_str(include_str!("../../../../tests/golden/raroc.json")).unwrap();
    let cn = CountryPack::load("CN").unwrap();
    let mut compared = 0;
    for case in file["cases"].as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        let number = |part: &str, name: &str| case[part][name].as_f64().unwrap();
        let (got, want) = if id == "cap_cn_4xLPR_2020" {
            let signed = day("2020-08-20");
            assert_eq!(cn.index_on("LPR 1Y", signed).unwrap(), number("inputs", "lpr_1y"));
            (cn.caps_on("private_lending", signed).unwrap()[0].limit, number("expected", "cap"))
        } else if id == "cap_cn_2015" {
            (cn.caps_on("private_lending", day("2020-08-19")).unwrap()[0].limit, number("expected", "protected"))
        } else if id.starts_with("clamp_") {
            let guard =
                PriceGuard { max_step: Some(number("inputs", "max_step")), max_yearly: None, floor: number("inputs", "floor") };
            let past = [PastPrice { from: day("2026-01-01"), rate: number("inputs", "prev") }];
            let cap = Some(number("inputs", "cap"));
            let quote = guard.quote(number("inputs", "target"), 0.0, cap, &past, day("2026-11-21")).unwrap();
            let Guarded::Quote { rate, .. } = quote else { panic!("{quote:?}") };
            (rate, number("expected", "price"))
        } else {
            continue;
        };
        assert!((got - want).abs() < 1e-12, "{id}: {got} {want}");
        compared += 1;
    }
    assert_eq!(compared, 5);
}

#[test]
fn every_sample_is_sound_and_every_cap_has_its_days() {
    for name in CountryPack::names() {
        let pack = CountryPack::load(name).unwrap();
        assert_eq!(pack.jurisdiction, name);
        assert!(pack.notice.contains("not legal advice"));
        for cap in &pack.caps {
            for product in &cap.products {
                let found = pack.caps_on(product, cap.from).unwrap();
                assert!(found.iter().any(|one| one.name == cap.name && one.limit > 0.0), "{name} {product}");
            }
        }
        let again = CountryPack::from_json(&serde_json::to_string(&pack).unwrap()).unwrap();
        assert_eq!(again, pack);
    }
}

#[test]
fn a_gap_in_a_pack_is_no_gap_in_the_law() {
    let cn = CountryPack::load("CN").unwrap();
    let refused = |product: &str, date: &str| {
        let error = cn.caps_on(product, day(date)).unwrap_err();
        (error.code(), error.problems()[0].field.clone().unwrap())
    };
    assert_eq!(refused("private_loan", "2024-01-01"), (ErrorCode::InvalidConfig, "product".to_owned()));
    assert_eq!(refused("private_lending", "2014-01-01"), (ErrorCode::InvalidConfig, "day".to_owned()));
    assert_eq!(refused("private_lending", "2025-02-20"), (ErrorCode::InvalidConfig, "indices".to_owned()), "no value is known");
    let missing = cn.breaches("private_lending", day("2024-01-01"), &BTreeMap::from([(RateBasis::Compound, 0.1)])).unwrap_err();
    assert_eq!((missing.code(), missing.problems()[0].field.as_deref()), (ErrorCode::InvalidData, Some("simple")));
    // On its day the cap changes: 4 x 3.85 %, then 4 x 3.80 %.
    let cap = |date: &str| cn.caps_on("private_lending", day(date)).unwrap()[0].limit;
    assert!((cap("2021-12-19") - 0.154).abs() < 1e-12 && (cap("2021-12-20") - 0.152).abs() < 1e-12);
    let exceeds =
        |rate: f64| !cn.breaches("private_lending", day("2021-12-20"), &[(RateBasis::Simple, rate)].into()).unwrap().is_empty();
    assert!(!exceeds(cap("2021-12-20")) && exceeds(0.1521));
}

#[test]
fn faults_of_a_pack_are_all_named() {
    let mut pack = CountryPack::load("CN").unwrap();
    pack.notice.clear();
    pack.indices[0].values.swap(0, 1);
    pack.caps[0].source.clear();
    pack.caps[0].until = Some(day("2001-01-01"));
    pack.caps[1].limit = CapLimit::Multiple { index: "LPR 5Y".into(), times: 4.0 };
    let fields: Vec<_> = pack.validate().unwrap_err().problems().iter().filter_map(|one| one.field.clone()).collect();
    assert_eq!(fields, ["notice", "indices[0]", "caps[0]", "caps[0]", "caps[1]"]);
    assert!(CountryPack::from_json("{}").is_err());
}

#[test]
fn changes_within_a_year_count_from_the_price_that_held_a_year_ago() {
    let guard = PriceGuard { max_step: None, max_yearly: Some(0.03), floor: 0.0 };
    let past = |days: [(&str, f64); 3]| days.map(|(from, rate)| PastPrice { from: day(from), rate });
    let rising = past([("2020-01-01", 0.08), ("2025-12-01", 0.09), ("2026-06-01", 0.10)]);
    let quote = |past: &[PastPrice]| guard.quote(0.2, 0.0, None, past, day("2026-11-21")).unwrap();
    let Guarded::Quote { rate, bound } = quote(&rising) else { panic!() };
    assert!((rate - 0.11).abs() < 1e-12 && bound == GuardBound::Yearly, "8 % held a year ago");
    let earlier = past([("2020-01-01", 0.08), ("2025-11-21", 0.09), ("2026-06-01", 0.10)]);
    let Guarded::Quote { rate, .. } = quote(&earlier) else { panic!() };
    assert!((rate - 0.12).abs() < 1e-12, "8 % ended a year ago");
    assert!(guard.quote(0.2, 0.0, None, &past([("2027-01-01", 0.1); 3]), day("2026-11-21")).is_err());
    assert!(guard.quote(f64::NAN, 0.0, None, &[], day("2026-11-21")).is_err());
}

proptest! {
    #[test]
    fn a_quote_is_legal_and_pays(
        (target, needed, floor, cap) in (0.0..0.6f64, 0.0..0.4f64, 0.0..0.2f64, 0.01..0.5f64),
        (step, yearly, last) in (0.001..0.2f64, 0.001..0.2f64, 0.0..0.5f64),
    ) {
        let guard = PriceGuard { max_step: Some(step), max_yearly: Some(yearly), floor };
        let past = [PastPrice { from: day("2026-05-01"), rate: last }];
        match guard.quote(target, needed, Some(cap), &past, day("2026-11-21")).unwrap() {
            Guarded::NoLegalPrice { needed: least, cap: at } => prop_assert!(least > at && at == cap && least == needed.max(floor)),
            Guarded::Quote { rate, bound } => {
                prop_assert!(rate <= cap && rate >= needed && rate >= floor);
                let free = (rate - last).abs() <= step.min(yearly) + 1e-12;
                prop_assert!(free || matches!(bound, GuardBound::Floor | GuardBound::Hurdle | GuardBound::Cap));
            }
        }
    }
}
