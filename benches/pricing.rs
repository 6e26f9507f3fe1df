//! Prices over the life of a loan: one, and a batch.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use scoreline::pricing::{BalancePath, Lifetime, LifetimeTerms, PdPath};
use scoreline::{Batch, Column, Threads};

const LOANS: usize = 100_000;

fn terms() -> LifetimeTerms {
    LifetimeTerms {
        months: 36,
        balance: BalancePath::EqualInstalment {},
        pd: PdPath::Yearly { pd: 0.03 },
        prepayment: 0.1,
        lgd: 0.6,
        funding: 0.032,
        opex: 0.015,
        origination: 0.003,
        upfront_fee: 0.0,
        running_fee: 0.0,
        capital: 0.08,
        capital_benefit: 0.025,
        tax: 0.25,
    }
}

fn lifetime(criterion: &mut Criterion) {
    // Numbers spread without chance: multiples of the golden ratio.
    let spread = |low: f64, high: f64, seed: usize| {
        let share = |at: usize| ((at * 7 + seed) as f64 * 0.618_033_988_749_895).fract();
        Column::numbers((0..LOANS).map(|at| low + (high - low) * share(at)).collect::<Vec<f64>>())
    };
    let loans = Batch::new(LOANS)
        .with("pd", spread(0.0005, 0.15, 1))
        .and_then(|batch| batch.with("lgd", spread(0.2, 0.8, 2)))
        .and_then(|batch| batch.with("capital", spread(0.03, 0.12, 3)))
        .unwrap();
    let mut group = criterion.benchmark_group("lifetime");
    group.sample_size(20).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    group.throughput(criterion::Throughput::Elements(LOANS as u64));
    let terms = terms();
    group.bench_function("batch", |b| b.iter(|| terms.price_batch(black_box(&loans), 0.12, Threads::One).unwrap()));
    group.throughput(criterion::Throughput::Elements(1));
    group.bench_function("one", |b| b.iter(|| Lifetime::new(black_box(&terms), 0.12).unwrap().break_even_rate().unwrap()));
    group.finish();
}

criterion_group!(benches, lifetime);
criterion_main!(benches);
