use scoreline::*;
use scoreline_benches::*;
use std::hint::black_box;
use std::time::Instant;
fn best<T>(n: usize, mut f: impl FnMut() -> T) -> f64 {
    (0..n)
        .map(|_| {
            let t = Instant::now();
            black_box(f());
            t.elapsed().as_secs_f64()
        })
        .fold(f64::MAX, f64::min)
}
fn main() {
    let rows: usize = std::env::args().nth(1).map_or(1_000_000, |a| a.parse().unwrap());
    let m = Matrix::new(rows);
    let batch = m.batch().unwrap();
    let t = Instant::now();
    let pipeline = fit(&[batch.clone()], card(), Threads::One).unwrap();
    println!(
        "fit {:.3}s  iters {} auc {:?}",
        t.elapsed().as_secs_f64(),
        pipeline.model.iterations,
        pipeline.training.development.auc
    );
    let scorer = Scorer::new(&pipeline).unwrap();
    let fullp = fit(&[Matrix::new(20000).batch().unwrap()], full().unwrap(), Threads::One).unwrap();
    let fulls = Scorer::new(&fullp).unwrap();
    println!("bins {:?}", pipeline.bins.iter().map(|b| b.bins.len()).collect::<Vec<_>>());
    if std::env::args().nth(2).is_some_and(|m| m == "score") { let mut scores = Scores::default(); for _ in 0..60 { scorer.score_batch_into(&batch, Threads::One, &mut scores).unwrap(); } return; }
    if std::env::args().nth(2).is_some_and(|m| m == "decide") { let mut scores = Decisions::default(); for _ in 0..20 { fulls.decide_batch_into(&batch, None, Threads::One, &mut scores).unwrap(); } return; }
    if std::env::args().nth(2).is_some_and(|m| m == "one") { let row = m.row(7); for _ in 0..2000000 { black_box(fulls.decide(black_box(&row), None).unwrap()); } return; }
    let mut scores = Scores::default();
    let mut decs = Decisions::default();
    for _ in 0..3 {
        let sum = best(5, || {
            m.columns
                .iter()
                .map(|c| {
                    c.as_chunks::<8>()
                        .0
                        .iter()
                        .fold([0.0f64; 8], |mut a, x| {
                            for i in 0..8 {
                                a[i] += x[i];
                            }
                            a
                        })
                        .iter()
                        .sum::<f64>()
                })
                .sum::<f64>()
        });
        let score = best(5, || scorer.score_batch_into(&batch, Threads::One, &mut scores).unwrap());
        let decide = best(3, || fulls.decide_batch_into(&batch, None, Threads::One, &mut decs).unwrap());
        let row = m.row(7);
        let one = best(5, || {
            for _ in 0..10000 {
                black_box(fulls.decide(black_box(&row), None).unwrap());
            }
        }) / 10000.0;
        println!(
            "sum {:.1}ms score {:.1}ms ({:.2}x) decide {:.1}ms ({:.2}x) one {:.0}ns",
            sum * 1e3,
            score * 1e3,
            score / sum,
            decide * 1e3,
            decide / sum,
            one * 1e9
        );
    }
}
