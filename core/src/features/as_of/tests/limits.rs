//! What is refused, and what is not there.

use super::*;
use crate::data::{Code, Sensitivity, Special};

/// One side table with a key, and joins of its rate and age.
fn keyed() -> AsOfPlan {
    let text = r#"{"tables":[{"name":"side","key":["who"],"published":"known","fields":[{"name":"rate","kind":"number"}]}],
        "joins":[{"name":"r","table":"side","value":{"type":"field","of":"rate"}},
                 {"name":"age","table":"side","value":{"type":"age"}}]}"#;
    AsOfPlan::new(&serde_json::from_str(text).unwrap()).unwrap()
}

fn rows(who: Column<'static>, known: Column<'static>) -> Batch<'static> {
    let count = known.len();
    Batch::new(count)
        .with("who", who)
        .and_then(|batch| batch.with("known", known))
        .and_then(|batch| batch.with("rate", Column::numbers(vec![1.5; count])))
        .unwrap()
}

fn index(side: Batch<'_>) -> crate::Result<SideIndex> {
    keyed().index(&[SideRows { table: "side", batches: &[side] }])
}

fn refused(side: Batch<'_>) -> (ErrorCode, Option<String>, Option<u64>) {
    let error = index(side).unwrap_err();
    assert!(error.to_string().contains("side table 'side'"), "{error}");
    let (code, field, row) = place(&error);
    (code, field.map(str::to_owned), row)
}

#[test]
fn rows_of_side_tables_need_keys_and_days() {
    let data = |field: &str, row| (ErrorCode::InvalidData, Some(field.to_owned()), row);
    let text = |who: [Option<&'static str>; 2]| Column::text(who);
    assert_eq!(refused(rows(text([Some("a"), None]), dates([1, 2]))), data("who", Some(1)));
    assert_eq!(refused(rows(Column::numbers(vec![0.5, 1.0]), dates([1, 2]))), data("who", Some(0)));
    assert_eq!(refused(rows(dates([1, 2]), dates([1, 2]))), data("who", Some(0)));
    let missing = Column::Date { values: vec![1, 2].into(), validity: Some(crate::Validity::new(&[0b01], 0)) };
    assert_eq!(refused(rows(text([Some("a"), Some("b")]), missing)), data("known", Some(1)));
    assert_eq!(refused(rows(text([Some("a"), Some("b")]), dates([1, 2_932_897]))), data("known", Some(1)));
    assert_eq!(refused(rows(text([Some("a"), Some("b")]), numbers([1, 2]))), data("known", None));
    assert_eq!(refused(Batch::new(1).with("who", text([Some("a"), None])).unwrap_or(Batch::new(1))), data("who", None));
    let infinite = Batch::new(1)
        .with("who", Column::text([Some("a")]))
        .and_then(|batch| batch.with("known", dates([1])))
        .and_then(|batch| batch.with("rate", Column::numbers(vec![f64::INFINITY])))
        .unwrap();
    assert_eq!(refused(infinite), data("rate", Some(0)));
    let parts = [rows(Column::text([Some("a")]), dates([1])), rows(numbers([1]), dates([1]))];
    let error = keyed().index(&[SideRows { table: "side", batches: &parts }]).unwrap_err();
    assert_eq!(place(&error), (ErrorCode::InvalidData, Some("who"), Some(1)));
}

#[test]
fn each_side_table_is_given_once() {
    let side = [rows(numbers([1]), dates([1]))];
    let given = SideRows { table: "side", batches: &side };
    let of = |tables: &[SideRows<'_>]| keyed().index(tables).unwrap_err().to_string();
    assert!(of(&[]).contains("is not given"));
    assert!(of(&[given, given]).contains("given twice"));
    assert!(of(&[SideRows { table: "sid", ..given }]).contains("did you mean 'side'?"));
}

#[test]
fn rows_that_are_asked_for_may_lack_a_key_but_not_a_day() {
    let side = index(rows(Column::text([Some("a")]), dates([100]))).unwrap();
    let ask = |who: Column<'static>, days: Column<'static>| {
        let keys = Batch::new(who.len()).with("who", who).unwrap();
        side.join(&[Batch::new(0).with("who", Column::text([])).unwrap(), keys], &days, Threads::One)
    };
    let found = ask(Column::text([Some("a"), None, Some("b"), Some("a")]), dates([100, 100, 100, 99])).unwrap();
    let values: Vec<Value<'_>> = (0..4).map(|row| found.columns[1].value(row)).collect();
    assert_eq!(values, [Value::Number(0.0), Value::Missing, Value::Missing, Value::Missing]);

    let refused = |who, days| {
        let error = ask(who, days).unwrap_err();
        let (code, field, row) = place(&error);
        assert_eq!(code, ErrorCode::InvalidData);
        (field.map(str::to_owned), row)
    };
    let a = || Column::text([Some("a"), Some("a")]);
    assert_eq!(refused(numbers([7, 7]), dates([1, 1])), (Some("who".to_owned()), Some(0)));
    assert_eq!(refused(Column::numbers(vec![f64::NAN, 0.5]), dates([1, 1])), (Some("who".to_owned()), Some(1)));
    assert_eq!(refused(Column::Flag(vec![None, Some(true)]), dates([1, 1])), (Some("who".to_owned()), Some(1)));
    assert_eq!(refused(a(), dates([1])), (Some("as_of".to_owned()), None));
    assert_eq!(refused(a(), numbers([1, 1])), (Some("as_of".to_owned()), None));
    assert_eq!(refused(a(), dates([1, i32::MAX])), (Some("as_of".to_owned()), Some(1)));
    let missing = Column::Date { values: vec![1, 2].into(), validity: Some(crate::Validity::new(&[0b01], 0)) };
    assert_eq!(refused(a(), missing), (Some("as_of".to_owned()), Some(1)));
    assert_eq!(place(&side.join(&[], &dates([1]), Threads::One).unwrap_err()).1, Some("who"));

    let lookup = |who: Value<'static>, day| side.lookup(&[who][..], Date::from_days(day)).map(|values| values.len());
    assert_eq!(lookup(Value::Missing, 100).unwrap(), 2);
    assert!(lookup(Value::Number(7.0), 100).is_err() && lookup(Value::Flag(true), 100).is_err());
    assert!(lookup(Value::Category("a"), i32::MIN).is_err());
    assert_eq!(side.lookup(&[][..], Date::from_days(100)).unwrap(), [Value::Missing; 2]);
    assert!(!ask(Column::text([Some("Meier")]), dates([i32::MIN])).unwrap_err().to_string().contains("Meier"));
}

#[test]
fn an_empty_side_table_knows_nothing() {
    for side in [vec![], vec![rows(numbers([]), dates([]))]] {
        let index = keyed().index(&[SideRows { table: "side", batches: &side }]).unwrap();
        let keys = Batch::new(1).with("who", Column::text([Some("a")])).unwrap();
        let found = index.join(&[keys], &dates([100]), Threads::All).unwrap();
        assert_eq!(found.columns.iter().map(|column| column.value(0)).collect::<Vec<_>>(), [Value::Missing; 2]);
    }
    let none = index(rows(numbers([1]), dates([1]))).unwrap().join(&[], &dates([]), Threads::All);
    assert_eq!(place(&none.unwrap_err()).1, Some("who"), "keys are asked for even where there are no rows");
}

#[test]
fn a_series_for_everybody_asks_no_keys() {
    let plan = plan(r#""period":"period","published":"known""#);
    let side = [series(&[10], &[12], &[1])];
    let other = [Batch::new(0), Batch::new(1).with("who", numbers([7])).unwrap()];
    for rows in [&other[..], &other[..1], &[]] {
        let given = SideRows { table: "side", batches: &side };
        let found = plan.evaluate(&[given], rows, &dates([12]), Threads::One).unwrap();
        assert_eq!(found.columns[0].value(0), Value::Number(1.0));
    }
}

#[test]
fn keys_in_a_row_do_not_run_into_each_other() {
    let text = r#"{"tables":[{"name":"side","key":["a","b"],"published":"known"}],
        "joins":[{"name":"age","table":"side","value":{"type":"age"}}]}"#;
    let plan = AsOfPlan::new(&serde_json::from_str(text).unwrap()).unwrap();
    let pairs = |a: &'static str, b: &'static str| {
        Batch::new(1).with("a", Column::text([Some(a)])).and_then(|batch| batch.with("b", Column::text([Some(b)]))).unwrap()
    };
    let side = pairs("x", "yz").with("known", dates([1])).unwrap();
    let index = plan.index(&[SideRows { table: "side", batches: &[side] }]).unwrap();
    let asked = [pairs("xy", "z"), pairs("x", "yz"), pairs("", "xyz")];
    let found = index.join(&asked, &dates([1, 1, 1]), Threads::One).unwrap();
    assert_eq!([0, 1, 2].map(|row| found.columns[0].value(row) == Value::Missing), [true, false, true]);
}

#[test]
fn a_set_lists_every_problem() {
    let mut wrong = set(r#""key":["who","who"],"row_key":["a"],"published":"known","lag_days":40000,"max_age":40000"#);
    wrong.tables.push(wrong.tables[0].clone());
    wrong.tables[1].key = vec!["known".to_owned(), " x".to_owned()];
    wrong.joins.push(JoinedField { name: "a".to_owned(), table: "sid".to_owned(), value: JoinedValue::Age });
    wrong.joins.push(JoinedField { name: "age".to_owned(), table: "side".to_owned(), value: JoinedValue::Age });
    wrong.joins[0].value = JoinedValue::Field { of: "rat".to_owned() };
    let error = wrong.validate().unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidConfig);
    let text = error.to_string();
    for part in ["a key is named twice", "differ in length", "lag_days", "max_age", "occurs twice", "listed among its keys"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for part in ["no usable name", "did you mean 'rate'?", "did you mean 'side'?", "a key of the rows has the same name"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let empty = AsOfSet { tables: vec![], joins: vec![] };
    assert_eq!(empty.validate().unwrap_err().problems().len(), 2);
}

#[test]
fn joined_fields_are_described_as_their_source() {
    let mut set = set(r#""published":"known""#);
    let source = &mut set.tables[0].fields[0];
    source.unit = Some("%".to_owned());
    source.special = vec![Special { code: Code::Number(-1.0), name: "not collected".to_owned() }];
    source.sensitivity = Sensitivity::Protected { basis: "a test".to_owned() };
    let plan = AsOfPlan::new(&set).unwrap();
    let fields = plan.fields();
    assert_eq!(fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), plan.names().collect::<Vec<_>>());
    assert_eq!((&fields[0].unit, &fields[0].special), (&set.tables[0].fields[0].unit, &set.tables[0].fields[0].special));
    assert_eq!(fields[0].sensitivity, set.tables[0].fields[0].sensitivity);
    assert!(fields[0].missing.is_empty(), "its codes are missing values by now");
    assert_eq!((fields[1].kind, fields[1].unit.as_deref()), (Kind::Number, Some("days")));
    // The result is what a batch of the schema takes.
    let side = [series(&[10], &[12], &[-1])];
    let found = plan.evaluate(&[SideRows { table: "side", batches: &side }], &[], &dates([11, 12]), Threads::One).unwrap();
    let batch = found.batch().unwrap();
    for field in &fields {
        assert!(batch.column_of(field).is_ok(), "{}", field.name);
    }
    assert_eq!(batch.column("rate_").unwrap().value(1), Value::Number(-1.0), "a special code stays");
    assert_eq!(batch.column("grade_").unwrap().kind(), Field::new("g", Kind::Category).kind);
}

#[test]
fn an_index_can_be_asked_from_many_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<SideIndex>();
    shared::<AsOfPlan>();
}
