//! The core: one decision, a batch and a fit, beside a plain pass over the same matrix.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use scoreline::{Decisions, Scorer, Scores, Threads, fit};
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

criterion_group!(benches, batch, train);
criterion_main!(benches);
