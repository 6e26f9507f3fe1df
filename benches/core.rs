//! The core: one decision, a batch and a fit, beside a plain pass over the same matrix.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use scoreline::tier::RiskTier;
use scoreline::treatment::ActionBook;
use scoreline::{Decisions, Scorer, Scores, Threads, Value, fit};
use scoreline_benches::{Matrix, card, full};

const ROWS: usize = 1_000_000;

fn batch(criterion: &mut Criterion) {
    let matrix = Matrix::new(ROWS);
    let batch = matrix.batch().unwrap();
    let sample = Matrix::new(50_000);
    let training = [sample.batch().unwrap()];
    let scorer = Scorer::new(&fit(&training, card(), Threads::One).unwrap()).unwrap();
    let decider = Scorer::new(&fit(&training, full().unwrap(), Threads::One).unwrap()).unwrap();

    let mut group = criterion.benchmark_group("batch");
    group.sample_size(20).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(5));
    group.bench_function("sum", |b| b.iter(|| black_box(matrix.sum())));
    let mut scores = Scores::default();
    group.bench_function("score", |b| b.iter(|| scorer.score_batch_into(black_box(&batch), Threads::One, &mut scores).unwrap()));
    let mut decisions = Decisions::default();
    group.bench_function("decide", |b| {
        b.iter(|| decider.decide_batch_into(black_box(&batch), None, Threads::One, &mut decisions).unwrap())
    });
    group.bench_function("decide_two_threads", |b| {
        b.iter(|| decider.decide_batch_into(black_box(&batch), None, Threads::Count(2), &mut decisions).unwrap());
    });
    group.finish();

    let rows: Vec<_> = (0..1_000).map(|row| matrix.row(row)).collect();
    let mut group = criterion.benchmark_group("record");
    group.bench_function("decide", |b| {
        let mut next = 0;
        b.iter(|| {
            next = (next + 1) % rows.len();
            decider.decide(black_box(&rows[next]), None).unwrap()
        });
    });
    group.bench_function("score", |b| {
        let mut next = 0;
        b.iter(|| {
            next = (next + 1) % rows.len();
            scorer.decide(black_box(&rows[next]), None).unwrap()
        });
    });
    group.finish();
}

fn train(criterion: &mut Criterion) {
    let matrix = Matrix::new(ROWS);
    let batches = [matrix.batch().unwrap()];
    let mut group = criterion.benchmark_group("fit");
    group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(20));
    group.bench_function("sum", |b| b.iter(|| black_box(matrix.sum())));
    group.bench_function("one_thread", |b| b.iter(|| fit(black_box(&batches), card(), Threads::One).unwrap()));
    group.bench_function("two_threads", |b| b.iter(|| fit(black_box(&batches), card(), Threads::Count(2)).unwrap()));
    group.finish();
}

/// A book of 200 rows: four tiers by five parts of a share, five parts of days and two of a flag.
fn book() -> ActionBook {
    let parts = |bounds: &[f64]| -> Vec<String> {
        let first = [format!(r#"[{{"below": {}}}, "missing"]"#, bounds[0])];
        let between = bounds.windows(2).map(|pair| format!(r#"[{{"from": {}, "below": {}}}]"#, pair[0], pair[1]));
        let last = [format!(r#"[{{"from": {}}}]"#, bounds[bounds.len() - 1])];
        first.into_iter().chain(between).chain(last).collect()
    };
    let (shares, days) = (parts(&[0.1, 0.3, 0.5, 0.7]), parts(&[1.0, 31.0, 61.0, 91.0]));
    let flags = [r#"{"reach": [true]}"#, r#"{"reach": [false, "missing"]}"#];
    let mut rows = Vec::new();
    for tier in ["A", "B", "C", "D"] {
        for share in &shares {
            for day in &days {
                for flag in flags {
                    let when = format!(r#"{{"tier": ["{tier}"], "share": {share}, "days": {day}, {}"#, &flag[1..]);
                    let code = rows.len();
                    rows.push(format!(
                        r#"{{"code": "{code}", "when": {when}, "actions": [{{"code": "a"}}], "review_days": 30, "reason": "r"}}"#
                    ));
                }
            }
        }
    }
    let axes = r#"[{"name": "tier", "of": {"type": "tier"}}, {"name": "share", "of": {"type": "number", "value": "share"}},
        {"name": "days", "of": {"type": "number", "value": "days", "whole": true}},
        {"name": "reach", "of": {"type": "flag", "when": "reach"}}]"#;
    serde_json::from_str(&format!(r#"{{"axes": {axes}, "rows": [{}]}}"#, rows.join(","))).unwrap()
}

fn treatment(criterion: &mut Criterion) {
    let book = book();
    let table = book.resolve().unwrap();
    let mut group = criterion.benchmark_group("treatment");
    group.bench_function("check_200_rows", |b| b.iter(|| black_box(&book).check().unwrap()));
    group.bench_function("answer", |b| {
        let mut next = 0;
        b.iter(|| {
            next = (next + 7) % 200;
            let values = [
                Value::Missing,
                Value::Number(f64::from(next) / 200.0),
                Value::Number(f64::from(next)),
                Value::Flag(next % 2 == 0),
            ];
            table.row(RiskTier::ALL[next as usize % 4], |axis| black_box(&values)[axis])
        });
    });
    group.finish();
}

criterion_group!(benches, batch, train, treatment);
criterion_main!(benches);
