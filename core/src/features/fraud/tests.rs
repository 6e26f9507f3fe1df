//! Lists and outliers against brute force and laws.

use proptest::prelude::*;

use super::*;

fn entry(value: &str, code: &str) -> ListEntry {
    ListEntry { value: value.into(), code: code.into() }
}

#[test]
fn entries_that_say_nothing_are_refused() {
    let entries = [entry("a", "x"), entry("--", "x"), entry("b", " "), entry("000", "")];
    let error = MatchList::new(ListForm::Normalised, &entries).unwrap_err();
    assert_eq!(error.problems().iter().map(|problem| problem.row).collect::<Vec<_>>(), [Some(1), Some(2), Some(3), Some(3)]);
    assert!(!error.to_string().contains("--"), "a message never contains the value");
    let exact = MatchList::new(ListForm::Exact, &[entry("--", "x"), entry("--", "x")]).unwrap();
    assert_eq!(
        (exact.len(), exact.find(Some("--")), exact.find(Some(""))),
        (1, ListMatch::Hit { code: "x" }, ListMatch::Missing)
    );
    assert_eq!(MatchList::new(ListForm::Exact, &[]).unwrap().find(Some("a")), ListMatch::NoHit);
}

#[test]
fn a_value_on_two_lists_names_the_first() {
    let list = MatchList::new(ListForm::Normalised, &[entry("AB 1", "second"), entry("ab-1", "first")]).unwrap();
    assert_eq!(list.find(Some("00AB1")), ListMatch::Hit { code: "first" });
}

proptest! {
    #[test]
    fn a_match_is_one_of_the_entries(values in prop::collection::vec("[0aAbB ./é-]{0,4}", 0..12), asked in "[0aAbB ./é-]{0,4}") {
        for form in [ListForm::Exact, ListForm::Normalised] {
            let entries: Vec<ListEntry> =
                values.iter().filter(|value| form.of(value).is_some()).map(|value| entry(value, "l")).collect();
            let list = MatchList::new(form, &entries).unwrap();
            let expected = form.of(&asked).map(|asked| entries.iter().any(|entry| form.of(&entry.value).as_ref() == Some(&asked)));
            prop_assert_eq!(list.find(Some(&asked)).flag(), expected);
        }
        if let Some(form) = ListForm::Normalised.of(&asked) {
            prop_assert_eq!(ListForm::Normalised.of(&form), Some(form.clone()));
        }
    }

    #[test]
    fn neither_order_nor_scale_changes_a_score(
        (values, turned) in prop::collection::vec(-1e3..1e3f64, 3..40).prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle())),
        at in any::<prop::sample::Index>(),
    ) {
        let model = OutlierModel::fit(&[("x", &values)]).unwrap();
        prop_assert_eq!(&OutlierModel::fit(&[("x", &turned)]).unwrap(), &model);
        // Doubling is exact in binary.
        let twice: Vec<f64> = values.iter().map(|value| 2.0 * value).collect();
        let doubled = OutlierModel::fit(&[("x", &twice)]).unwrap();
        let value = values[at.index(values.len())];
        prop_assert_eq!(model.score(&[value]), doubled.score(&[2.0 * value]));
        let text = serde_json::to_string(&model).unwrap();
        prop_assert_eq!(serde_json::from_str::<OutlierModel>(&text).unwrap(), model);
    }
}

#[test]
fn spreads_fall_back_where_most_values_are_the_same() {
    let (spread, same, most) = ([1.0, 2.0, 3.0, 4.0], [7.0; 4], [0.0, 0.0, 0.0, 8.0]);
    let none = [f64::NAN, f64::INFINITY, f64::NAN, f64::NAN];
    let columns: [(&str, &[f64]); 4] = [("spread", &spread), ("same", &same), ("most", &most), ("none", &none)];
    let model = OutlierModel::fit(&columns).unwrap();
    let basis: Vec<OutlierBasis> = model.fields.iter().map(|field| field.basis).collect();
    assert_eq!(basis, [OutlierBasis::Median, OutlierBasis::Constant, OutlierBasis::Mean, OutlierBasis::Constant]);
    assert!((model.fields[2].spread - 2.0 * 1.253_314_137_315_500_3).abs() < 1e-12);
    assert_eq!(model.score(&[f64::NAN, 900.0]), None, "a constant field says nothing");
    assert_eq!(model.score(&[2.5, 7.0, 8.0]).unwrap().field, 2);
    assert!(OutlierModel::fit(&[]).is_err() && OutlierModel::fit(&[("a", &spread), ("a", &same)]).is_err());
}
