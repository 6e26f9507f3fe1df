//! Training: the same file for any number of threads, any split into batches and any tree of merges.

use scoreline::stats::Summary;
use scoreline::{Artefact, PassSummary, Pipeline, Threads, Trainer};
use scoreline_tests::random::Random;
use scoreline_tests::{Frame, GERMAN, MODELS, Model, SYNTHETIC};

/// Rows that the core sums before it merges exactly.
const BLOCK: usize = scoreline::model::BLOCK;

fn text(pipeline: &Pipeline) -> String {
    Artefact::new(pipeline).unwrap().to_json().unwrap()
}

fn stored(model: Model) -> String {
    model.load().to_json().unwrap()
}

#[test]
fn the_number_of_threads_changes_nothing() {
    for model in MODELS {
        for threads in [1, 2, 8] {
            let fitted = model.fit(Threads::from_count(threads)).unwrap();
            assert!(
                fitted.to_json().unwrap() == stored(model),
                "{} with {threads} threads differs from the stored file",
                model.artefact
            );
        }
    }
}

/// Parts of a frame that end on borders of blocks, in random order.
fn parts(frame: &Frame, random: &mut Random) -> Vec<Frame> {
    let mut parts = Vec::new();
    let mut start = 0;
    while start < frame.rows() {
        let end = (start + BLOCK * (1 + random.below(3) as usize)).min(frame.rows());
        parts.push(frame.slice(start..end));
        start = end;
    }
    random.order(parts.len()).into_iter().map(|at| parts[at].clone()).collect()
}

#[test]
fn batches_in_any_order_give_the_same_file() {
    let frame = SYNTHETIC.frame();
    for seed in 0..4 {
        let parts = parts(&frame, &mut Random::new(seed));
        let batches: Vec<_> = parts.iter().map(Frame::batch).collect();
        let pipeline = scoreline::fit(&batches, SYNTHETIC.config(), Threads::from_count(2)).unwrap();
        assert!(text(&pipeline) == stored(SYNTHETIC), "seed {seed}");
    }
}

/// What a summary becomes on its way between two machines.
fn sent(seen: &PassSummary) -> PassSummary {
    serde_json::from_str(&serde_json::to_string(seen).unwrap()).unwrap()
}

#[test]
fn summaries_that_travel_and_merge_in_any_tree_give_the_same_file() {
    let frame = SYNTHETIC.frame();
    for seed in 10..14 {
        let mut random = Random::new(seed);
        let parts = parts(&frame, &mut random);
        let mut trainer = Trainer::new(SYNTHETIC.config()).unwrap();
        while let Some(pass) = trainer.pass() {
            let pass: scoreline::Pass = serde_json::from_str(&serde_json::to_string(&pass).unwrap()).unwrap();
            let mut seen: Vec<PassSummary> =
                parts.iter().map(|part| sent(&pass.observe(&part.batch(), Threads::One).unwrap())).collect();
            while seen.len() > 1 {
                let taken = seen.swap_remove(random.below(seen.len() as u64) as usize);
                let at = random.below(seen.len() as u64) as usize;
                seen[at].merge(&taken).unwrap();
                seen[at] = sent(&seen[at]);
            }
            trainer.advance(seen.remove(0)).unwrap();
        }
        assert!(text(&trainer.finish().unwrap()) == stored(SYNTHETIC), "seed {seed}");
    }
}

#[test]
fn summaries_of_another_pass_or_training_are_refused_and_change_nothing() {
    let frame = GERMAN.frame();
    let mut trainer = Trainer::new(GERMAN.config()).unwrap();
    let first = trainer.pass().unwrap().observe(&frame.batch(), Threads::One).unwrap();
    let mut other = GERMAN.config();
    other.name = "another".into();
    let foreign = Trainer::new(other).unwrap().pass().unwrap().observe(&frame.batch(), Threads::One).unwrap();
    assert_eq!(trainer.advance(foreign.clone()).unwrap_err().code(), scoreline::ErrorCode::Incompatible);
    assert_eq!(first.clone().merge(&foreign).unwrap_err().code(), scoreline::ErrorCode::Incompatible);
    trainer.advance(first.clone()).unwrap();
    assert_eq!(trainer.advance(first).unwrap_err().code(), scoreline::ErrorCode::Incompatible);
    while let Some(pass) = trainer.pass() {
        trainer.advance(pass.observe(&frame.batch(), Threads::One).unwrap()).unwrap();
    }
    assert!(text(&trainer.finish().unwrap()) == stored(GERMAN));
    assert_eq!(Trainer::new(GERMAN.config()).unwrap().finish().unwrap_err().code(), scoreline::ErrorCode::Incompatible);
}
