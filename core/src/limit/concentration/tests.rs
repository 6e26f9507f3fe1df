//! Concentration against reference values and laws.

use proptest::prelude::*;

use super::*;

fn exposure(key: usize, group: Option<usize>, amount: f64) -> Exposure {
    Exposure { key: format!("k{key}"), group: group.map(|group| format!("g{group}")), amount }
}

#[test]
fn golden_concentration() {
    let file: serde_json::Value = serde_json::from_str(include_str!("../../../../tests/golden/tiering.json")).unwrap();
    let case = file["cases"].as_array().unwrap().iter().find(|case| case["id"] == "concentration").unwrap();
    let shares: Vec<f64> = serde_json::from_value(case["inputs"]["shares"].clone()).unwrap();
    let book = Book::new(shares.iter().enumerate().map(|(key, share)| exposure(key, None, *share))).unwrap();
    let found = book.concentration();
    let want = |name: &str| case["expected"][name].as_f64().unwrap();
    assert!((found.hhi - want("hhi")).abs() < 1e-12);
    assert!((found.effective - want("effective_n")).abs() < 1e-12);
    assert!((found.normalised.unwrap() - want("normalised_hhi")).abs() < 1e-12);
    let cap = case["inputs"]["single_cap"].as_f64().unwrap();
    let caps = ConcentrationCaps { single: Some(cap), ..ConcentrationCaps::default() };
    assert_eq!(book.breaches(&caps).unwrap().single, ["k0"]);
    assert!((book.headroom("k1", cap).unwrap().fixed - want("headroom_second")).abs() < 1e-12);
}

#[test]
fn shares_on_a_cap_are_no_breach() {
    // 0.07 · 100 is 7.000000000000001 and 0.29 · 100 is 28.999999999999996 in binary.
    for share in 1..100 {
        let book = Book::new([exposure(0, Some(1), f64::from(share)), exposure(1, Some(2), f64::from(100 - share))]).unwrap();
        let cap = f64::from(share.max(100 - share)) / 100.0;
        let caps = ConcentrationCaps { single: Some(cap), group: Some(cap), ..ConcentrationCaps::default() };
        assert_eq!(book.breaches(&caps).unwrap(), Breaches { single: vec![], group: vec![] }, "{share}");
    }
}

#[test]
fn what_a_book_cannot_be() {
    let row = |book: Result<Book>| book.unwrap_err().problems()[0].row;
    for amount in [-1.0, f64::NAN, f64::INFINITY, 2e15] {
        assert_eq!(row(Book::new([exposure(0, None, 1.0), exposure(1, None, amount)])), Some(1));
    }
    assert_eq!(row(Book::new([exposure(0, Some(1), 1.0), exposure(0, Some(2), 1.0)])), Some(1));
    assert!(Book::new([exposure(0, None, 0.0)]).is_err() && Book::new([]).is_err());
    let book = Book::new([exposure(0, None, 1.0)]).unwrap();
    assert_eq!(book.concentration().normalised, None);
    assert_eq!(book.headroom("nobody", 1.0).unwrap(), Headroom { fixed: 1.0, growing: None });
    assert!(book.headroom("k0", 0.0).is_err());
    assert!(book.allot(&[exposure(0, Some(1), 1.0)], &ConcentrationCaps::default()).is_err());
    let bad = ConcentrationCaps { single: Some(0.0), group: Some(1.1), budget: Some(-1.0), ..ConcentrationCaps::default() };
    assert_eq!(bad.validate().unwrap_err().problems().len(), 3);
}

proptest! {
    /// No grant leads above a cap, no grant could have been larger, and everything is granted where nothing binds.
    #[test]
    fn grants_are_as_large_as_the_caps_allow(
        amounts in prop::collection::vec(0u32..1_000, 1..8), asked in prop::collection::vec((0usize..10, 0u32..500), 0..12),
        single in prop_oneof![Just(None), (0.05..1.0f64).prop_map(Some)],
        group in prop_oneof![Just(None), (0.05..1.0f64).prop_map(Some)],
        budget in prop_oneof![Just(None), (0.0..900.0f64).prop_map(Some)],
        growing in any::<bool>(),
    ) {
        prop_assume!(amounts.iter().any(|amount| *amount > 0));
        let exposures: Vec<Exposure> =
            amounts.iter().enumerate().map(|(key, amount)| exposure(key, Some(key % 3), f64::from(*amount))).collect();
        let book = Book::new(exposures.clone()).unwrap();
        let requests: Vec<Exposure> = asked.iter().map(|(key, amount)| exposure(*key, Some(key % 3), f64::from(*amount))).collect();
        let total = if growing { CapTotal::Growing } else { CapTotal::Fixed };
        let caps = ConcentrationCaps { single, group, total, budget };
        let granted = book.allot(&requests, &caps).unwrap();
        let mut held = exposures.clone();
        let fixed = book.concentration().total;
        let (mut whole, mut spent) = (fixed, 0.0);
        for (request, one) in requests.iter().zip(&granted) {
            let sum = |holds: &dyn Fn(&Exposure) -> bool| held.iter().filter(|one| holds(one)).map(|one| one.amount).sum::<f64>();
            // The share of the key and of the group when `more` is added, against its cap.
            let above = |more: f64| {
                let total = if growing { whole + more } else { fixed };
                let single = caps.single.is_some_and(|cap| sum(&|one| one.key == request.key) + more > cap * total + 1e-6);
                let group = caps.group.is_some_and(|cap| sum(&|one| one.group == request.group) + more > cap * total + 1e-6);
                single || group || caps.budget.is_some_and(|budget| spent + more > budget + 1e-6)
            };
            prop_assert!(one.granted >= 0.0 && one.granted <= request.amount);
            prop_assert!(one.granted == 0.0 || !above(one.granted));
            prop_assert_eq!(one.binding.is_none(), one.granted == request.amount);
            if one.binding.is_some() {
                prop_assert!(above(one.granted + 1e-3), "more was possible");
            }
            (whole, spent) = (whole + one.granted, spent + one.granted);
            held.push(Exposure { amount: one.granted, ..request.clone() });
        }
    }

    #[test]
    fn the_order_of_exposures_does_not_matter(
        (some, turned) in prop::collection::vec((0usize..6, 0.0..1e6f64), 1..20).prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle()))
    ) {
        let book = |list: &[(usize, f64)]| Book::new(list.iter().map(|(key, amount)| exposure(*key, Some(key % 2), *amount)));
        if let (Ok(one), Ok(other)) = (book(&some), book(&turned)) {
            prop_assert_eq!(one.concentration(), other.concentration());
            let found = one.concentration();
            prop_assert!(found.effective >= 1.0 - 1e-12 && found.effective <= found.keys.len() as f64 * (1.0 + 1e-12));
        }
    }
}
