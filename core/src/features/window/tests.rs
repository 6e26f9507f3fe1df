//! Features against a plain computation from the list of events, and the promises about time, order and states.

use proptest::prelude::*;

use super::*;
use crate::data::{Batch, Column, Date, Value};
use crate::error::ErrorCode;
use crate::parallel::Threads;

mod limits;

/// An event of one entity: day, delay of publication, amount in cents, kind and counterparty.
#[derive(Debug, Clone, Copy)]
struct Paid {
    entity: u8,
    day: i32,
    delay: i32,
    cents: Option<i32>,
    kind: Option<usize>,
    party: usize,
}

const KINDS: [&str; 3] = ["in", "out", "fee"];
const PARTIES: [&str; 5] = ["a", "b", "c", "d", "e"];
const AGGREGATES: [&str; 19] = [
    r#"{"type":"count"}"#,
    r#"{"type":"sum","of":"amount"}"#,
    r#"{"type":"mean","of":"amount"}"#,
    r#"{"type":"min","of":"amount"}"#,
    r#"{"type":"max","of":"amount"}"#,
    r#"{"type":"standard_deviation","of":"amount"}"#,
    r#"{"type":"quantile","of":"amount","p":0.3}"#,
    r#"{"type":"distinct","of":"party"}"#,
    r#"{"type":"distinct","of":"amount"}"#,
    r#"{"type":"recency"}"#,
    r#"{"type":"age"}"#,
    r#"{"type":"months_since_max","of":"amount"}"#,
    r#"{"type":"share","of":"amount","part":"kind = 'in'"}"#,
    r#"{"type":"top_share","of":"amount","by":"party","top":2}"#,
    r#"{"type":"herfindahl","of":"amount","by":"party"}"#,
    r#"{"type":"trend","of":"amount"}"#,
    r#"{"type":"volatility","of":"amount"}"#,
    r#"{"type":"longest_streak"}"#,
    r#"{"type":"months_without"}"#,
];
const WINDOWS: [&str; 6] = [
    r#"{"type":"days","days":30}"#,
    r#"{"type":"days","days":90,"lag":1}"#,
    r#"{"type":"months","months":3}"#,
    r#"{"type":"months","months":12,"lag":2}"#,
    r#"{"type":"events","events":4}"#,
    r#"{"type":"all"}"#,
];

/// Every aggregate over every window that it can have, plain and under a filter.
fn set(source: &str) -> EventSet {
    let mut features = Vec::new();
    for (a, aggregate) in AGGREGATES.iter().enumerate() {
        for (w, window) in WINDOWS.iter().enumerate() {
            let monthly = a >= 15;
            if monthly && !window.contains("months") {
                continue;
            }
            for filter in ["", r#","filter":"kind <> 'fee' AND (amount > 1 OR amount IS NULL)""#] {
                let name = format!("f{a}_{w}_{}", filter.len());
                features.push(format!(r#"{{"name":"{name}","source":"pay","aggregate":{aggregate},"window":{window}{filter}}}"#));
            }
        }
    }
    let text = format!(
        r#"{{"sources":[{{"name":"pay","date":"day"{source},"decimals":2,"fields":[
            {{"name":"amount","kind":"number"}},{{"name":"kind","kind":"category"}},{{"name":"party","kind":"category"}}]}}],
            "windows":[{}]}}"#,
        features.join(",")
    );
    serde_json::from_str(&text).unwrap()
}

const PUBLISHED: &str = r#","published":"known""#;

fn paid() -> impl Strategy<Value = Paid> {
    let amount = prop_oneof![1 => Just(None), 9 => (-300i32..3_000).prop_map(Some)];
    let kind = prop_oneof![1 => Just(None), 9 => (0usize..3).prop_map(Some)];
    (0u8..3, 19_000i32..19_500, prop_oneof![3 => Just(0), 1 => 0i32..60], amount, kind, 0usize..5)
        .prop_map(|(entity, day, delay, cents, kind, party)| Paid { entity, day, delay, cents, kind, party })
}

fn batch(events: &[Paid]) -> Batch<'static> {
    let dates = |days: Vec<i32>| Column::Date { values: days.into(), validity: None };
    Batch::new(events.len())
        .with("client", Column::numbers(events.iter().map(|event| f64::from(event.entity)).collect::<Vec<_>>()))
        .and_then(|batch| batch.with("day", dates(events.iter().map(|event| event.day).collect())))
        .and_then(|batch| batch.with("known", dates(events.iter().map(|event| event.day + event.delay).collect())))
        .and_then(|batch| {
            let amount = |event: &Paid| event.cents.map_or(f64::NAN, |cents| f64::from(cents) / 100.0);
            batch.with("amount", Column::numbers(events.iter().map(amount).collect::<Vec<_>>()))
        })
        .and_then(|batch| batch.with("kind", Column::text(events.iter().map(|event| event.kind.map(|kind| KINDS[kind])))))
        .and_then(|batch| batch.with("party", Column::text(events.iter().map(|event| Some(PARTIES[event.party])))))
        .unwrap()
}

fn table(plan: &WindowPlan, events: &[Paid], rows: &[(u8, i32)], threads: Threads) -> WindowTable {
    let events = batch(events);
    let tables = [EventTable { source: "pay", entity: "client", events: std::slice::from_ref(&events) }];
    let entities = Column::numbers(rows.iter().map(|row| f64::from(row.0)).collect::<Vec<_>>());
    let as_of = Column::Date { values: rows.iter().map(|row| row.1).collect::<Vec<_>>().into(), validity: None };
    plan.evaluate(&tables, &entities, &as_of, threads).unwrap()
}

fn bits(table: &WindowTable) -> Vec<Vec<u64>> {
    table.columns.iter().map(|column| column.iter().map(|value| value.to_bits()).collect()).collect()
}

/// The value of a feature, written down a second time from the list of events.
fn plain(feature: &WindowFeature, events: &[Paid], entity: u8, as_of: i32) -> f64 {
    let known: Vec<&Paid> =
        events.iter().filter(|event| event.entity == entity && event.day + event.delay.max(0) <= as_of).collect();
    let date = Date::from_days(as_of);
    let (from, to) = match feature.window {
        Window::Days { days, lag } => (as_of - (days + lag) as i32, as_of - lag as i32),
        Window::Months { months, lag } => (date.months_before(months + lag).days(), date.months_before(lag).days()),
        _ => (i32::MIN, as_of),
    };
    let filtered = feature.filter.is_some();
    let reads_amount = feature.aggregate.reads().0 == Some("amount");
    let takes = |event: &&&Paid| {
        let pass = !filtered || event.kind.is_some_and(|kind| kind < 2) && event.cents.is_none_or(|cents| cents > 100);
        pass && event.day > from && event.day <= to && (!reads_amount || event.cents.is_some())
    };
    let mut chosen: Vec<&Paid> = known.iter().filter(takes).copied().collect();
    chosen.sort_by_key(|event| (event.day, if reads_amount { event.cents } else { None }));
    if let Window::Events { events } = feature.window {
        chosen.drain(..chosen.len().saturating_sub(events as usize));
    }
    let mut amounts: Vec<i64> = chosen.iter().filter_map(|event| event.cents).map(i64::from).collect();
    let sum: i64 = amounts.iter().sum();
    let n = amounts.len() as f64;
    let months = |count: u32, lag: u32| -> Vec<(usize, f64)> {
        (0..count)
            .map(|k| {
                let (to, from) = (date.months_before(lag + k).days(), date.months_before(lag + k + 1).days());
                let of: Vec<&&Paid> = chosen.iter().filter(|event| event.day > from && event.day <= to).collect();
                (of.len(), of.iter().filter_map(|event| event.cents).map(|cents| f64::from(cents) / 100.0).sum())
            })
            .collect()
    };
    let months = match feature.window {
        Window::Months { months: count, lag } => months(count, lag),
        _ => Vec::new(),
    };
    let by_party = || -> Option<Vec<f64>> {
        let mut sums: Vec<i64> = (0..5)
            .filter(|party| chosen.iter().any(|event| event.party == *party))
            .map(|party| chosen.iter().filter(|event| event.party == party).filter_map(|event| event.cents).map(i64::from).sum())
            .collect();
        sums.sort_by_key(|sum| -sum);
        (sum > 0 && sums.iter().all(|sum| *sum >= 0)).then(|| sums.iter().map(|part| *part as f64 / sum as f64).collect())
    };
    let value = match &feature.aggregate {
        Aggregate::Count => Some(chosen.len() as f64),
        Aggregate::Sum { .. } => Some(sum as f64 / 100.0),
        Aggregate::Mean { .. } => (n > 0.0).then(|| sum as f64 / 100.0 / n),
        Aggregate::Min { .. } => amounts.iter().min().map(|least| *least as f64 / 100.0),
        Aggregate::Max { .. } => amounts.iter().max().map(|most| *most as f64 / 100.0),
        Aggregate::StandardDeviation { .. } => (n > 1.0).then(|| {
            let mean = sum as f64 / n;
            (amounts.iter().map(|x| (*x as f64 - mean) * (*x as f64 - mean)).sum::<f64>() / (n - 1.0)).sqrt() / 100.0
        }),
        Aggregate::Quantile { p, .. } => {
            amounts.sort_unstable();
            (n > 0.0).then(|| {
                let place = (n - 1.0) * p;
                let (low, high) = (amounts[place.floor() as usize] as f64, amounts[place.ceil() as usize] as f64);
                (low + (place - place.floor()) * (high - low)) / 100.0
            })
        }
        Aggregate::Distinct { of } => {
            let mut seen: Vec<i64> =
                if of == "amount" { amounts.clone() } else { chosen.iter().map(|event| event.party as i64).collect() };
            seen.sort_unstable();
            seen.dedup();
            Some(seen.len() as f64)
        }
        Aggregate::Recency => chosen.iter().map(|event| event.day).max().map(|day| f64::from(as_of - day)),
        Aggregate::Age => chosen.iter().map(|event| event.day).min().map(|day| f64::from(as_of - day)),
        Aggregate::MonthsSinceMax { .. } => chosen.iter().max_by_key(|event| (event.cents, event.day)).map(|event| {
            let (year, month, day) = Date::from_days(event.day).year_month_day();
            let (to_year, to_month, to_day) = date.year_month_day();
            f64::from((to_year - year) * 12 + to_month as i32 - month as i32 - i32::from(to_day < day))
        }),
        Aggregate::Share { .. } => (sum != 0).then(|| {
            let part = chosen.iter().filter(|event| event.kind == Some(0)).filter_map(|event| event.cents);
            part.map(f64::from).sum::<f64>() / sum as f64
        }),
        Aggregate::TopShare { .. } => by_party().map(|shares| shares.iter().take(2).sum()),
        Aggregate::Herfindahl { .. } => by_party().map(|shares| shares.iter().map(|share| share * share).sum()),
        Aggregate::Trend { .. } => months.iter().any(|month| month.0 > 0).then(|| {
            let m = months.len() as f64;
            let mean_t = (m - 1.0) / 2.0;
            let of = |k: usize| m - 1.0 - k as f64 - mean_t;
            let covariance: f64 = months.iter().enumerate().map(|(k, month)| of(k) * month.1).sum();
            covariance / (0..months.len()).map(|k| of(k) * of(k)).sum::<f64>()
        }),
        Aggregate::Volatility { .. } => (months.iter().any(|month| month.0 > 0) && sum != 0).then(|| {
            let m = months.len() as f64;
            let mean = months.iter().map(|month| month.1).sum::<f64>() / m;
            (months.iter().map(|month| (month.1 - mean) * (month.1 - mean)).sum::<f64>() / m).sqrt() / mean.abs()
        }),
        Aggregate::LongestStreak => {
            let (mut longest, mut run) = (0, 0);
            for month in &months {
                run = if month.0 > 0 { run + 1 } else { 0 };
                longest = longest.max(run);
            }
            Some(f64::from(longest))
        }
        Aggregate::CurrentStreak => Some(months.iter().take_while(|month| month.0 > 0).count() as f64),
        Aggregate::MonthsWithout => Some(months.iter().filter(|month| month.0 == 0).count() as f64),
    };
    value.unwrap_or(f64::NAN)
}

fn near(a: f64, b: f64) -> bool {
    (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

fn rows() -> impl Strategy<Value = Vec<(u8, i32)>> {
    proptest::collection::vec((0u8..4, 18_990i32..19_560), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_feature_is_what_the_list_of_events_gives(
        mut events in proptest::collection::vec(paid(), 0..60),
        rows in rows(),
        published in any::<bool>(),
    ) {
        let plan = WindowPlan::new(&set(if published { PUBLISHED } else { "" })).unwrap();
        events.iter_mut().filter(|_| !published).for_each(|event| event.delay = 0);
        let found = table(&plan, &events, &rows, Threads::One);
        for (feature, column) in plan.set().windows.iter().zip(&found.columns) {
            for ((entity, as_of), value) in rows.iter().zip(column) {
                let wanted = plain(feature, &events, *entity, *as_of);
                // The share of the last events depends on which events of one day are the last.
                let open = matches!((&feature.aggregate, feature.window), (Aggregate::Share { .. } | Aggregate::Distinct { .. } | Aggregate::TopShare { .. } | Aggregate::Herfindahl { .. }, Window::Events { .. }));
                prop_assert!(open || near(*value, wanted), "{}: {value} for {wanted}", feature.name);
            }
        }
    }

    #[test]
    fn batches_by_entity_give_what_all_events_at_once_give(
        mut events in proptest::collection::vec(paid(), 0..60),
        rows in rows(),
        cut in 1usize..20,
        sorted in any::<bool>(),
    ) {
        let plan = WindowPlan::new(&set("")).unwrap();
        let found = table(&plan, &events, &rows, Threads::One);
        events.sort_by_key(|event| (event.entity, if sorted { event.day } else { 0 }));
        let entities = Column::numbers(rows.iter().map(|row| f64::from(row.0)).collect::<Vec<_>>());
        let as_of = Column::Date { values: rows.iter().map(|row| row.1).collect::<Vec<_>>().into(), validity: None };
        let mut run = plan.run(&entities, &as_of, EventOrder::ByEntity, Threads::One).unwrap();
        run.expect("pay").unwrap();
        for part in events.chunks(cut) {
            run.add("pay", "client", &batch(part)).unwrap();
        }
        prop_assert_eq!(bits(&run.finish().unwrap()), bits(&found));
    }

    #[test]
    fn what_becomes_known_later_changes_nothing(
        events in proptest::collection::vec(paid(), 0..50),
        later in proptest::collection::vec(paid(), 1..20),
        rows in rows(),
    ) {
        let plan = WindowPlan::new(&set(PUBLISHED)).unwrap();
        let last = rows.iter().map(|row| row.1).max().unwrap();
        let mut more = events.clone();
        // Some happen later, some happened before and become known later.
        more.extend(later.iter().map(|event| Paid { delay: (last + 1 - event.day).max(event.delay), ..*event }));
        prop_assert_eq!(bits(&table(&plan, &more, &rows, Threads::One)), bits(&table(&plan, &events, &rows, Threads::One)));
    }

    #[test]
    fn neither_order_nor_threads_change_a_bit(events in proptest::collection::vec(paid(), 0..50), rows in rows(), seed in 0usize..50) {
        let plan = WindowPlan::new(&set(PUBLISHED)).unwrap();
        let mut turned = events.clone();
        turned.reverse();
        turned.rotate_left(seed.min(events.len()));
        let found = table(&plan, &events, &rows, Threads::One);
        prop_assert_eq!(bits(&table(&plan, &turned, &rows, Threads::Count(3))), bits(&found));
    }

    #[test]
    fn a_state_that_is_advanced_event_by_event_gives_the_same_bits(
        mut events in proptest::collection::vec(paid(), 0..50),
        days in proptest::collection::vec(18_990i32..19_900, 1..5),
        few in any::<bool>(),
    ) {
        let kept = if few { r#","max_kept":7"# } else { "" };
        let plan = WindowPlan::new(&set(&format!("{PUBLISHED}{kept}"))).unwrap();
        events.iter_mut().for_each(|event| event.entity = 0);
        events.sort_by_key(|event| event.day + event.delay);
        let mut days = days;
        days.sort_unstable();
        let rows: Vec<(u8, i32)> = days.iter().map(|day| (0, *day)).collect();
        let found = table(&plan, &events, &rows, Threads::One);
        let mut state = plan.state();
        let mut waiting = events.iter().peekable();
        for (row, day) in days.iter().enumerate() {
            while let Some(event) = waiting.next_if(|event| event.day + event.delay <= *day) {
                let fields = [
                    event.cents.map_or(Value::Missing, |cents| Value::Number(f64::from(cents) / 100.0)),
                    event.kind.map_or(Value::Missing, |kind| Value::Category(KINDS[kind])),
                    Value::Category(PARTIES[event.party]),
                ];
                let (date, published) = (Date::from_days(event.day), Some(Date::from_days(event.day + event.delay)));
                let dated = DatedEvent { date, published, id: Value::Missing, fields: &fields[..] };
                plan.advance(&mut state, "pay", &dated).unwrap();
                // The state survives its text.
                state = serde_json::from_str(&serde_json::to_string(&state).unwrap()).unwrap();
            }
            let values = plan.read(&state, Date::from_days(*day)).unwrap().values;
            for (place, column) in found.columns.iter().enumerate() {
                prop_assert_eq!(values[place].to_bits(), column[row].to_bits(), "{}", plan.set().windows[place].name);
            }
        }
    }
}

#[test]
fn features_that_cannot_be_are_refused_together() {
    let mut wrong = set("");
    wrong.windows.truncate(4);
    wrong.windows[0].window = Window::Days { days: 0, lag: 0 };
    wrong.windows[1].filter = Some("colour = 'red'".into());
    wrong.windows[2].aggregate = Aggregate::Sum { of: "kind".into() };
    wrong.windows[3].source = "loans".into();
    let error = WindowPlan::new(&wrong).unwrap_err();
    assert_eq!((error.code(), error.problems().len()), (ErrorCode::InvalidConfig, 4), "{error}");
}
