//! What may be on a list, and what can be found in it.

use proptest::prelude::*;

use super::*;
use crate::data::{Column, Field, Schema, Sensitivity};
use crate::error::ErrorCode;
use crate::features::Feature;

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn plan() -> FeaturePlan {
    let mut sex = Field::new("sex", Kind::Category);
    sex.sensitivity = Sensitivity::Protected { basis: "sex".into() };
    let open = [("id", Kind::Category), ("phone", Kind::Category), ("balance", Kind::Number), ("born", Kind::Date)];
    let fields = open.into_iter().map(|(name, kind)| Field::new(name, kind)).chain([sex, Field::new("vip", Kind::Flag)]);
    let features = [Feature::new("double", "2 * balance"), Feature::new("is_f", "sex = 'f'")];
    FeaturePlan::new(&Schema { fields: fields.collect() }, &features).unwrap()
}

fn config(when: &str, fields: &[&str]) -> ListConfig {
    ListConfig {
        purpose: "savings plan".into(),
        owner: "J. Doe".into(),
        expires: day("2026-12-31"),
        when: when.into(),
        fields: fields.iter().map(|name| (*name).to_owned()).collect(),
        protected_use: vec![],
    }
}

/// A row: balance, day of birth, flag; names are made of its number and `salt`.
fn book(rows: &[(Option<f64>, i32, Option<bool>)], salt: &str) -> Batch<'static> {
    let text = |what: &str| Column::Text((0..rows.len()).map(|row| Some(format!("{what}-{salt}-{row}").into())).collect());
    Batch::new(rows.len())
        .with("phone", text("phone"))
        .and_then(|batch| batch.with("id", Column::Text((0..rows.len()).map(|row| Some(format!("K{row}").into())).collect())))
        .and_then(|batch| {
            batch.with("balance", Column::numbers(rows.iter().map(|row| row.0.unwrap_or(f64::NAN)).collect::<Vec<_>>()))
        })
        .and_then(|batch| {
            let days: Vec<i32> = rows.iter().map(|row| row.1).collect();
            batch.with("born", Column::Date { values: days.into(), validity: None })
        })
        .and_then(|batch| batch.with("sex", text("sex")))
        .and_then(|batch| batch.with("vip", Column::Flag(rows.iter().map(|row| row.2).collect())))
        .unwrap()
}

#[test]
fn every_kind_goes_in_and_comes_out() {
    let rows = [(Some(-0.0), 0, Some(true)), (None, 7, None), (Some(1e21), -1, Some(false)), (Some(0.1), 9, Some(true))];
    let fields = ["id", "balance", "born", "vip", "double"];
    let list = CustomerList::make(
        &plan(),
        &config("balance < 9 OR born < date '1970-01-01'", &fields),
        &[book(&rows, "x")],
        day("2026-01-01"),
    );
    let file = list.unwrap().to_json().unwrap();
    let list = CustomerList::open(&file, day("2026-12-31")).unwrap();
    assert_eq!((list.manifest().rows, list.manifest().unknown), (3, 1));
    let row = |row: usize| (0..5).map(|field| list.value(row, field)).collect::<Vec<_>>();
    let whole = |id, balance, days, vip| {
        let born = Value::Date(Date::from_days(days));
        vec![Value::Category(id), Value::Number(balance), born, Value::Flag(vip), Value::Number(2.0 * balance)]
    };
    assert_eq!(row(0), whole("K0", 0.0, 0, true));
    assert_eq!(row(1), whole("K2", 1e21, -1, false));
    assert_eq!(row(2), whole("K3", 0.1, 9, true));
    assert_eq!((list.value(3, 0), list.value(0, 5)), (Value::Missing, Value::Missing));
    assert_eq!(list.to_json().unwrap(), file, "the text is canonical");
}

#[test]
fn expired_and_edited_lists_are_refused() {
    let list =
        CustomerList::make(&plan(), &config("vip", &["id"]), &[book(&[(None, 0, Some(true))], "x")], day("2026-12-01")).unwrap();
    let file = list.to_json().unwrap();
    assert!(CustomerList::open(&file, day("2026-12-31")).is_ok());
    let error = CustomerList::open(&file, day("2027-01-01")).unwrap_err();
    assert_eq!((error.code(), error.problems()[0].field.as_deref()), (ErrorCode::InvalidData, Some("expires")));
    let edits = [
        file.replace("2026-12-31", "2027-12-31"),
        file.replace("savings plan", "anything"),
        file.replace("K0", "K1"),
        file.replace("[[\"K0\"]]", "[]"),
        file.replace("[[\"K0\"]]", "[[\"K0\"],[\"K0\"]]"),
        "{}".to_owned(),
    ];
    for edited in edits {
        assert_ne!(edited, file);
        assert_eq!(CustomerList::open(&edited, day("2026-12-02")).unwrap_err().code(), ErrorCode::Artefact, "{edited}");
    }
}

#[test]
fn every_problem_is_listed_and_protected_fields_need_a_permission() {
    let bad = ListConfig { purpose: " ".into(), owner: String::new(), ..config("balance", &["id", "id", "pone"]) };
    let error = CustomerList::make(&plan(), &bad, &[], day("2027-01-01")).unwrap_err();
    // purpose, owner, day, no flag, a field twice and one that does not exist
    assert_eq!((error.code(), error.problems().len()), (ErrorCode::InvalidConfig, 6));
    assert!(CustomerList::make(&plan(), &config("vip", &[]), &[], day("2026-01-01")).is_err());
    let permit = ProtectedUse { field: "sex".into(), author: "J. Doe".into(), reason: "form of address".into() };
    for (when, fields) in [("vip", ["sex"]), ("sex = 'f'", ["id"]), ("is_f", ["id"]), ("vip", ["is_f"])] {
        let mut config = config(when, &fields);
        let error = CustomerList::make(&plan(), &config, &[], day("2026-01-01")).unwrap_err();
        assert_eq!(error.problems()[0].field.as_deref(), Some("sex"), "{when}");
        config.protected_use.push(permit.clone());
        assert!(CustomerList::make(&plan(), &config, &[], day("2026-01-01")).is_ok(), "{when}");
    }
}

proptest! {
    /// Nothing of a field that is not named can be found: neither its values, nor by what they do to the bytes.
    #[test]
    fn no_other_field_is_in_the_text(
        rows in prop::collection::vec((prop::option::of(0.0..100.0f64), 0i32..9_999, prop::option::of(any::<bool>())), 0..20),
        cut in 0usize..20,
    ) {
        let config = config("balance > 50", &["id"]);
        let make = |batches: &[Batch<'_>]| CustomerList::make(&plan(), &config, batches, day("2026-01-01")).unwrap();
        let file = make(&[book(&rows, "secret")]).to_json().unwrap();
        prop_assert!(!file.contains("secret") && !file.contains("phone") && !file.contains("sex") && !file.contains("born"));
        for balance in rows.iter().filter_map(|row| row.0) {
            prop_assert!(!file.contains(&balance.to_string()) || balance.to_string().len() < 6);
        }
        // Other values of every other field, and a balance that says the same of the condition.
        let other: Vec<_> = rows.iter().map(|row| (row.0.map(|x| if x > 50.0 { 51.0 } else { 0.0 }), 5, Some(true))).collect();
        prop_assert_eq!(make(&[book(&other, "other")]).to_json().unwrap(), file.clone());
        // Who is on it, in the order of the table.
        let list = CustomerList::open(&file, day("2026-01-01")).unwrap();
        let expected: Vec<String> =
            rows.iter().enumerate().filter(|(_, row)| row.0.is_some_and(|x| x > 50.0)).map(|(at, _)| format!("K{at}")).collect();
        let found: Vec<_> = (0..list.manifest().rows as usize).map(|row| list.value(row, 0)).collect();
        prop_assert_eq!(found, expected.iter().map(|id| Value::Category(id)).collect::<Vec<_>>());
        prop_assert_eq!(list.manifest().unknown as usize, rows.iter().filter(|row| row.0.is_none()).count());
        // Parts of a table hold the same rows; `book` numbers them anew, so only their number is compared.
        let (head, tail) = rows.split_at(cut.min(rows.len()));
        let parts = make(&[book(head, "a"), book(tail, "b")]);
        prop_assert_eq!((parts.manifest().rows, parts.manifest().unknown), (list.manifest().rows, list.manifest().unknown));
    }
}
