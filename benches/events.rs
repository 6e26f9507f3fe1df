//! Features over dated events: tables of them, and one event at a time.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fmt::Write;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use scoreline::features::window::{DatedEvent, EventSet, EventTable, WindowPlan};
use scoreline::{Batch, Column, Date, Threads, Value};

const EVENTS: usize = 1_000_000;
const ENTITIES: usize = EVENTS / 100;
const KINDS: [&str; 3] = ["credit", "debit", "cash"];

/// Counts, sums, means and greatest amounts over spans of days, of all events and of each kind.
fn plan(kinds: usize, spans: &[u32]) -> WindowPlan {
    let mut windows = String::new();
    for kind in 0..=kinds {
        let filter = kind.checked_sub(1).map_or(String::new(), |kind| format!(r#","filter":"kind = '{}'""#, KINDS[kind]));
        for days in spans {
            for (aggregate, of) in
                [("count", ""), ("sum", r#","of":"amount""#), ("mean", r#","of":"amount""#), ("max", r#","of":"amount""#)]
            {
                write!(
                    windows,
                    r#",{{"name":"{aggregate}_{kind}_{days}","source":"paid","aggregate":{{"type":"{aggregate}"{of}}},
                        "window":{{"type":"days","days":{days}}}{filter}}}"#
                )
                .unwrap();
            }
        }
    }
    let text = format!(
        r#"{{"sources":[{{"name":"paid","date":"date","decimals":2,"fields":[
            {{"name":"amount","kind":"number"}},{{"name":"kind","kind":"category"}}]}}],"windows":[{}]}}"#,
        &windows[1..]
    );
    WindowPlan::new(&serde_json::from_str::<EventSet>(&text).unwrap()).unwrap()
}

/// Two years of events, entity by entity and day by day.
struct Events {
    entities: Vec<f64>,
    days: Vec<i32>,
    kinds: Vec<i32>,
    amounts: Vec<f64>,
}

fn events() -> Events {
    let mut state = 1u64;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut found = Events { entities: Vec::new(), days: Vec::new(), kinds: Vec::new(), amounts: Vec::new() };
    for entity in 0..ENTITIES {
        let mut days: Vec<i32> = (0..100).map(|_| 19_700 + next(730) as i32).collect();
        days.sort_unstable();
        found.days.extend(days);
        found.entities.extend([entity as f64; 100]);
        found.kinds.extend((0..100).map(|_| next(3) as i32));
        found.amounts.extend((0..100).map(|_| next(1_000_000) as f64 / 100.0));
    }
    found
}

fn table(criterion: &mut Criterion) {
    let events = events();
    let date = |values: Vec<i32>| Column::Date { values: values.into(), validity: None };
    let levels = KINDS.map(Into::into).to_vec();
    let batch = Batch::new(EVENTS)
        .with("client", Column::numbers(&events.entities[..]))
        .and_then(|batch| batch.with("date", Column::Date { values: (&events.days[..]).into(), validity: None }))
        .and_then(|batch| batch.with("kind", Column::Dictionary { codes: (&events.kinds[..]).into(), levels, validity: None }))
        .and_then(|batch| batch.with("amount", Column::numbers(&events.amounts[..])))
        .unwrap();
    let entities = Column::numbers((0..ENTITIES).map(|entity| entity as f64).collect::<Vec<_>>());
    let as_of = date((0..ENTITIES).map(|entity| 20_300 + (entity % 130) as i32).collect());
    let tables = [EventTable { source: "paid", entity: "client", events: std::slice::from_ref(&batch) }];
    let plan = plan(3, &[30, 90, 180, 365]);

    let mut group = criterion.benchmark_group("events");
    group.sample_size(20).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(5));
    group.throughput(Throughput::Elements(EVENTS as u64));
    group.bench_function("sum", |b| b.iter(|| black_box(events.amounts.iter().sum::<f64>())));
    for threads in [1, 2] {
        group.bench_function(format!("table_{threads}"), |b| {
            b.iter(|| plan.evaluate(black_box(&tables), &entities, &as_of, Threads::from_count(threads)).unwrap());
        });
    }
    group.finish();
}

fn state(criterion: &mut Criterion) {
    let plan = plan(0, &[7, 30, 90, 180, 365]);
    let mut state = plan.state();
    let mut day = 160_000;
    criterion.bench_function("events/state_of_20", |b| {
        b.iter(|| {
            day += 1;
            let fields = [Value::Number(f64::from(day % 1_000)), Value::Category(KINDS[day as usize % 3])];
            let event = DatedEvent { date: Date::from_days(day / 16), published: None, id: Value::Missing, fields: &fields[..] };
            plan.advance(&mut state, "paid", black_box(&event)).unwrap();
        });
    });
    criterion.bench_function("events/read_of_20", |b| b.iter(|| plan.read(&state, Date::from_days(day / 16)).unwrap()));
}

criterion_group!(benches, table, state);
criterion_main!(benches);
