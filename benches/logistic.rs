//! The logistic regression alone: a million rows of twenty variables as bin codes, to a score below 1e-6, with standard
//! errors, on one thread.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use scoreline::data::WEIGHT_ONE;
use scoreline::model::{BLOCK, BlockInput, Information, Logistic, ModelConfig, Newton, Progress};
use scoreline::stats::{Counts, ExactSums};
use scoreline_benches::{COLUMNS, Matrix};

const ROWS: usize = 1_000_000;

/// Bins of a variable.
const BINS: usize = 8;

struct Coded {
    woe: Vec<Vec<f64>>,
    codes: Vec<Vec<u8>>,
    event: Vec<bool>,
    weight: Vec<u64>,
    counts: Counts,
}

impl Coded {
    fn new(matrix: &Matrix) -> Self {
        // Eighths of the unit interval, with the centre of each as its weight of evidence.
        let woe = vec![(0..BINS).map(|bin| 0.5 - (bin as f64 + 0.5) / BINS as f64).collect(); COLUMNS];
        let codes = matrix.columns.iter().map(|column| column.iter().map(|x| (x * BINS as f64) as u8).collect()).collect();
        let event: Vec<bool> = matrix.event.iter().map(|event| *event == 1.0).collect();
        let mut counts = Counts::default();
        event.iter().for_each(|event| counts.add_row(*event, WEIGHT_ONE));
        Coded { woe, codes, weight: vec![WEIGHT_ONE; event.len()], event, counts }
    }

    fn fit(&self) -> Logistic {
        let names = (0..COLUMNS).map(|j| format!("x{j:02}")).collect();
        let mut newton = Newton::new(names, self.counts, ModelConfig::default());
        loop {
            let mut information = Information::new(self.woe.clone(), newton.beta().to_vec());
            let mut sums = ExactSums::new(Information::width(COLUMNS));
            for start in (0..self.event.len()).step_by(BLOCK * newton.stride()) {
                let rows = start..(start + BLOCK).min(self.event.len());
                let codes: Vec<&[u8]> = self.codes.iter().map(|codes| &codes[rows.clone()]).collect();
                let (event, weight) = (&self.event[rows.clone()], &self.weight[rows]);
                sums.add_all(&information.sums(BlockInput { codes: &codes, event, weight, offset: &[] })).unwrap();
            }
            if let Progress::Fitted(fitted) = newton.advance(&sums.values()).unwrap() {
                return fitted.0;
            }
        }
    }
}

fn fit(criterion: &mut Criterion) {
    let coded = Coded::new(&Matrix::new(ROWS));
    let mut group = criterion.benchmark_group("logistic");
    group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(10));
    group.bench_function("fit", |b| b.iter(|| black_box(&coded).fit()));
    group.finish();
}

criterion_group!(benches, fit);
criterion_main!(benches);
