//! What is refused, and what declared policies do.

use super::*;

fn one(source: &str, aggregate: &str, window: &str) -> WindowPlan {
    let text = format!(
        r#"{{"sources":[{{"name":"pay","date":"day"{source},"fields":[{{"name":"amount","kind":"number"}},{{"name":"kind","kind":"category"}}]}}],
            "windows":[{{"name":"f","source":"pay","aggregate":{aggregate},"window":{window}}}]}}"#
    );
    WindowPlan::new(&serde_json::from_str(&text).unwrap()).unwrap()
}

const ALL: &str = r#"{"type":"all"}"#;
const COUNT: &str = r#"{"type":"count"}"#;

fn add(plan: &WindowPlan, state: &mut EventState, day: i32, id: &str, amount: f64) -> crate::Result<()> {
    let fields = [Value::Number(amount), Value::Category("EUR")];
    let date = Date::from_days(day);
    let id = if id.is_empty() { Value::Missing } else { Value::Category(id) };
    plan.advance(state, "pay", &DatedEvent { date, published: Some(date), id, fields: &fields[..] })
}

fn count(plan: &WindowPlan, state: &EventState, day: i32) -> f64 {
    plan.read(state, Date::from_days(day)).unwrap().values[0]
}

#[test]
fn duplicates_late_and_unsorted_events_follow_the_declared_policy() {
    for (policy, second, counted) in [("keep", true, 2.0), ("first", true, 1.0), ("refuse", false, 1.0)] {
        let plan = one(&format!(r#","id":"key","duplicates":"{policy}""#), COUNT, ALL);
        let mut state = plan.state();
        add(&plan, &mut state, 10, "a", 1.0).unwrap();
        assert_eq!(add(&plan, &mut state, 11, "a", 1.0).is_ok(), second);
        assert_eq!(count(&plan, &state, 20), counted);
    }
    let strict = one(r#","unsorted":"refuse""#, COUNT, ALL);
    let mut state = strict.state();
    add(&strict, &mut state, 10, "", 1.0).unwrap();
    let before = state.clone();
    let error = add(&strict, &mut state, 9, "", 1.0).unwrap_err();
    assert_eq!((error.code(), error.problems()[0].field.as_deref()), (ErrorCode::InvalidData, Some("day")));
    assert_eq!(state, before);
    let late = one(r#","published":"known","late":{"type":"drop","max_delay":5}"#, COUNT, ALL);
    let mut state = late.state();
    for (day, delay) in [(1, 5), (1, 6), (2, 0)] {
        let fields = [Value::Number(1.0), Value::Missing];
        let (date, published) = (Date::from_days(day), Some(Date::from_days(day + delay)));
        late.advance(&mut state, "pay", &DatedEvent { date, published, id: Value::Missing, fields: &fields[..] }).unwrap();
    }
    assert_eq!(count(&late, &state, 20), 2.0);
}

#[test]
fn a_state_of_another_set_and_an_earlier_day_are_refused() {
    let (plan, other) = (one("", COUNT, ALL), one("", COUNT, r#"{"type":"days","days":7}"#));
    let mut state = plan.state();
    add(&plan, &mut state, 10, "", 1.0).unwrap();
    assert_eq!(other.read(&state, Date::from_days(20)).unwrap_err().code(), ErrorCode::Incompatible);
    assert_eq!(plan.read(&state, Date::from_days(9)).unwrap_err().code(), ErrorCode::InvalidData);
    let written = serde_json::to_string(&state).unwrap().replace("\"version\":1", "\"version\":2");
    let newer: EventState = serde_json::from_str(&written).unwrap();
    assert_eq!(plan.read(&newer, Date::from_days(20)).unwrap_err().code(), ErrorCode::Incompatible);
}

#[test]
fn other_currencies_and_numbers_out_of_range_are_refused() {
    let plan = one(r#","currency":{"column":"kind","code":"EUR"}"#, r#"{"type":"sum","of":"amount"}"#, ALL);
    let mut state = plan.state();
    add(&plan, &mut state, 1, "", 1.25).unwrap();
    let fields = [Value::Number(1.0), Value::Category("USD")];
    let dollars = DatedEvent { date: Date::from_days(2), published: None, id: Value::Missing, fields: &fields[..] };
    assert_eq!(plan.advance(&mut state, "pay", &dollars).unwrap_err().problems()[0].field.as_deref(), Some("kind"));
    assert_eq!(add(&plan, &mut state, 2, "", 1e12).unwrap_err().problems()[0].field.as_deref(), Some("amount"));
    assert_eq!(count(&plan, &state, 2), 1.25);
    let far = DatedEvent { date: Date::from_days(4_000_000), published: None, id: Value::Missing, fields: &fields[..] };
    assert_eq!(plan.advance(&mut state, "pay", &far).unwrap_err().problems()[0].field.as_deref(), Some("day"));
}

#[test]
fn a_day_of_publication_out_of_range_is_refused_rather_than_never_reached() {
    let plan = one(r#","published":"known""#, COUNT, ALL);
    let fields = [Value::Number(1.0), Value::Missing];
    let published = Some(Date::from_days(4_000_000));
    let event = DatedEvent { date: Date::from_days(2), published, id: Value::Missing, fields: &fields[..] };
    let error = plan.advance(&mut plan.state(), "pay", &event).unwrap_err();
    assert_eq!(error.problems()[0].field.as_deref(), Some("known"));
    assert_eq!(plan.read(&plan.state(), Date::from_days(4_000_000)).unwrap_err().problems()[0].field.as_deref(), Some("as_of"));
}

#[test]
fn more_events_than_are_kept_are_told_and_states_stay_small() {
    let plan = one(r#","max_kept":100"#, r#"{"type":"distinct","of":"amount"}"#, r#"{"type":"days","days":1000}"#);
    let mut state = plan.state();
    for day in 0..1_000 {
        add(&plan, &mut state, day, "", f64::from(day)).unwrap();
        let found = plan.read(&state, Date::from_days(day)).unwrap();
        assert_eq!((found.values[0], found.cut.is_empty()), (f64::from((day + 1).min(100)), day < 100));
    }
    assert!(serde_json::to_string(&state).unwrap().len() < 10_000);
    let sums = one("", r#"{"type":"sum","of":"amount"}"#, r#"{"type":"days","days":30}"#);
    let mut state = sums.state();
    for day in 0..20_000 {
        add(&sums, &mut state, day, "", 1.0).unwrap();
    }
    assert_eq!(count(&sums, &state, 20_000), 29.0);
    assert!(serde_json::to_string(&state).unwrap().len() < 10_000);
}

#[test]
fn an_empty_window_has_the_declared_result() {
    let plan = one("", r#"{"type":"mean","of":"amount"}"#, ALL);
    assert!(plan.read(&plan.state(), Date::from_days(1)).unwrap().values[0].is_nan());
    let mut set = plan.set().clone();
    set.windows[0].empty = Some(-1.0);
    let plan = WindowPlan::new(&set).unwrap();
    assert_eq!(plan.read(&plan.state(), Date::from_days(1)).unwrap().values, [-1.0]);
}

#[test]
fn an_entity_that_comes_twice_is_refused_where_that_was_ruled_out() {
    let plan = one("", COUNT, ALL);
    let days = |count: usize| Column::Date { values: vec![5; count].into(), validity: None };
    let (entities, as_of) = (Column::numbers(vec![1.0, 2.0]), days(2));
    let mut run = plan.run(&entities, &as_of, EventOrder::ByEntity, Threads::One).unwrap();
    let batch = |of: Vec<f64>| {
        let rows = of.len();
        let with = |batch: Batch<'static>, name: &str, column| batch.with(name, column).unwrap();
        let batch = with(Batch::new(rows), "client", Column::numbers(of));
        let batch = with(with(batch, "day", days(rows)), "amount", Column::numbers(vec![1.0; rows]));
        with(batch, "kind", Column::text(vec![None; rows]))
    };
    run.add("pay", "client", &batch(vec![1.0; 9])).unwrap();
    run.add("pay", "client", &batch(vec![2.0; 9])).unwrap();
    let error = run.add("pay", "client", &batch(vec![1.0; 9])).and_then(|()| run.finish().map(drop)).unwrap_err();
    assert_eq!((error.code(), error.problems()[0].row), (ErrorCode::InvalidData, Some(18)));
}
