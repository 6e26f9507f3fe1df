//! Searches on made-up data.

use super::choose::{Run, finalists, leaderboard, winner};
use super::folds::Rows;
use super::trial::{Judged, Size};
use super::*;
use crate::binning::Trend;
use crate::data::{Batch, Column, Field, Kind, Schema, SplitConfig, Value};
use crate::error::{Error, ErrorCode, Problem};
use crate::math::logistic;
use crate::model::BoostConfig;
use crate::parallel::Threads;
use crate::pipeline::{PipelineConfig, Scorer, fit};

/// Made-up loans: three fields matter, of which one in both directions; the rest is noise, and one field leaks.
#[derive(Clone)]
struct Loans {
    numbers: Vec<(&'static str, Vec<f64>)>,
    job: Vec<&'static str>,
}

const FIELDS: [&str; 8] = ["income", "age", "noise_1", "noise_2", "noise_3", "noise_4", "constant", "leak"];

fn loans(rows: usize) -> Loans {
    let mut state = 11u64;
    let mut below = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); FIELDS.len() + 2];
    let mut job = Vec::new();
    for row in 0..rows {
        let (income, age, work) = (below(80) as f64, below(50) as f64, below(4));
        let eta = 0.6 - 0.05 * income + 0.002 * (age - 25.0) * (age - 25.0) + 0.4 * work as f64 - 0.8;
        let bad = (below(1 << 20) as f64) < logistic(eta) * 1_048_576.0;
        let noise: Vec<f64> = (0..4).map(|_| below(100) as f64).collect();
        let leak = if below(50) == 0 { below(100) as f64 } else { 100.0 * f64::from(u8::from(bad)) + below(20) as f64 };
        let values = [income, age, noise[0], noise[1], noise[2], noise[3], 7.0, leak, f64::from(u8::from(bad)), row as f64];
        columns.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
        job.push(["clerk", "worker", "none", "student"][work as usize]);
    }
    Loans { numbers: FIELDS.into_iter().chain(["bad", "id"]).zip(columns).collect(), job }
}

impl Loans {
    /// Batches of the given rows.
    fn batches(&self, parts: &[std::ops::Range<usize>]) -> Vec<Batch<'_>> {
        let batch = |rows: &std::ops::Range<usize>| {
            let job = Column::text(self.job[rows.clone()].iter().map(|job| Some(*job)));
            let batch = Batch::new(rows.len()).with("job", job).unwrap();
            self.numbers
                .iter()
                .fold(batch, |batch, (name, values)| batch.with(*name, Column::numbers(values[rows.clone()].to_vec())).unwrap())
        };
        parts.iter().map(batch).collect()
    }

    fn all(&self) -> Vec<Batch<'_>> {
        self.batches(std::slice::from_ref(&(0..self.job.len())))
    }
}

fn base(fields: &[&str]) -> PipelineConfig {
    let kind = |name: &str| if name == "job" { Kind::Category } else { Kind::Number };
    PipelineConfig::new(Schema { fields: fields.iter().map(|name| Field::new(*name, kind(name))).collect() }, "bad")
}

fn honest() -> PipelineConfig {
    base(&["income", "age", "job", "noise_1", "noise_2", "noise_3", "noise_4", "constant"])
}

fn split() -> SplitConfig {
    SplitConfig { key: "id".into(), test_share: 0.3, salt: "auto".into() }
}

fn few(max_candidates: usize) -> AutoConfig {
    AutoConfig { max_candidates, ..AutoConfig::default() }
}

#[test]
fn the_planted_signal_is_found_and_nothing_else() {
    let loans = loans(4_000);
    let found = search(&loans.all(), honest(), &few(24), Threads::Count(2)).unwrap();
    // The signal stands in age, income and job: every card that wins or comes near rests on these three at least, and the
    // plain cards on no others.
    let variables: Vec<&str> = found.winner.bins.iter().map(|bins| bins.feature.as_str()).collect();
    assert!(["age", "income", "job"].iter().all(|planted| variables.contains(planted)), "{}", found.leaderboard);
    let plain = |name: &str| found.leaderboard.trials.iter().find(|trial| trial.name == name).map(|trial| trial.variables);
    assert_eq!((plain("as asked"), plain("at most 10 bins")), (Some(3), Some(3)), "{}", found.leaderboard);
    // The risk is highest at both ends of age: bins of one direction lose for that reason.
    let trial = |name: &str| found.leaderboard.trials.iter().find(|trial| trial.name == name).unwrap();
    assert!(trial("as asked").auc > trial("bins of one direction").auc, "{}", found.leaderboard);
    assert_eq!(found.leaderboard.trials.len(), 24);
    // The winner is what its configuration gives.
    assert_eq!(found.winner, fit(&loans.all(), found.config.clone(), Threads::One).unwrap());
}

#[test]
fn threads_reruns_and_the_order_of_batches_change_nothing() {
    let loans = loans(3_000);
    let parts = [2_048..3_000, 0..1_024, 1_024..2_048];
    for split in [None, Some(split())] {
        let config = PipelineConfig { split, ..honest() };
        let one = search(&loans.all(), config.clone(), &few(12), Threads::One).unwrap();
        for (batches, threads) in [(loans.all(), 1), (loans.all(), 3), (loans.batches(&parts), 2)] {
            let other = search(&batches, config.clone(), &few(12), Threads::Count(threads)).unwrap();
            assert!(serde_json::to_string(&other).unwrap() == serde_json::to_string(&one).unwrap());
        }
        let read: Search = serde_json::from_str(&serde_json::to_string(&one).unwrap()).unwrap();
        assert_eq!(read, one);
        let seeded = search(&loans.all(), config, &AutoConfig { seed: 1, ..few(12) }, Threads::One).unwrap();
        assert_ne!(seeded.leaderboard, one.leaderboard);
    }
}

#[test]
fn the_rows_kept_for_testing_say_nothing() {
    let loans = loans(3_000);
    let config = PipelineConfig { split: Some(split()), ..honest() };
    let found = search(&loans.all(), config.clone(), &few(20), Threads::Count(2)).unwrap();
    let mut turned = loans.clone();
    for row in 0..3_000 {
        if split().is_test(Value::Number(row as f64)).unwrap() {
            for (name, values) in &mut turned.numbers {
                match *name {
                    "id" => {}
                    "bad" => values[row] = 1.0 - values[row],
                    _ => values[row] = 1e6 - values[row],
                }
            }
            turned.job[row] = "pilot";
        }
    }
    let other = search(&turned.all(), config, &few(20), Threads::Count(2)).unwrap();
    assert_eq!(other.leaderboard, found.leaderboard);
    assert_eq!(other.config, found.config);
    assert_eq!((&other.winner.bins, &other.winner.model), (&found.winner.bins, &found.winner.model));
    assert_ne!(other.winner.training.test, found.winner.training.test);
}

/// The figures of a fold are those of a training on the other rows alone, scored one by one.
#[test]
fn a_fold_is_what_training_without_its_rows_gives() {
    let loans = loans(2_000);
    let config = PipelineConfig { split: Some(split()), ..honest() };
    let found = search(&loans.all(), config.clone(), &few(1), Threads::One).unwrap();
    let batches = loans.all();
    let rows = Rows::new(&batches, &config, &["bad"]).unwrap();
    let division = rows.divide(&batches, 5, 0).unwrap();
    for fold in 0..5 {
        let held: Vec<usize> = division.held(fold, 0).map(|(row, ..)| row).collect();
        let test = |row: usize| split().is_test(Value::Number(row as f64)).unwrap();
        let kept: Vec<usize> = (0..2_000).filter(|row| !held.contains(row) && !test(*row)).collect();
        assert!(held.iter().all(|row| !test(*row)) && held.len() > 200);
        let alone = Loans {
            numbers: loans.numbers.iter().map(|(name, values)| (*name, kept.iter().map(|&row| values[row]).collect())).collect(),
            job: kept.iter().map(|&row| loans.job[row]).collect(),
        };
        let scorer =
            Scorer::new(&fit(&alone.all(), PipelineConfig { split: None, ..config.clone() }, Threads::One).unwrap()).unwrap();
        let scores = scorer.score_batch(&batches[0], Threads::One).unwrap();
        let bad = &loans.numbers.iter().find(|(name, _)| *name == "bad").unwrap().1;
        let (events, others): (Vec<usize>, Vec<usize>) = held.iter().partition(|&&row| bad[row] == 1.0);
        let (pd, others) = (&scores.pd, &others);
        let wins = |event: usize| {
            others.iter().map(move |&other| match pd[event].total_cmp(&pd[other]) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            })
        };
        let auc = events.iter().flat_map(|&event| wins(event)).sum::<f64>() / (events.len() * others.len()) as f64;
        let loss = |row: &usize| {
            if bad[*row] == 1.0 { -crate::math::ln(scores.pd[*row]) } else { -crate::math::ln(1.0 - scores.pd[*row]) }
        };
        let loss = held.iter().map(loss).sum::<f64>() / held.len() as f64;
        let judged = found.leaderboard.trials[0].folds[fold as usize];
        assert!((judged.auc - auc).abs() < 1e-9 && (judged.log_loss - loss).abs() < 1e-9, "{judged:?} {auc} {loss}");
    }
}

#[test]
fn a_leak_is_named_and_kept_out_unless_it_is_asked_for() {
    let loans = loans(2_500);
    let mut config = base(&["income", "job", "leak"]);
    let found = search(&loans.all(), config.clone(), &few(12), Threads::Count(2)).unwrap();
    let asked = found.leaderboard.trials.iter().find(|trial| trial.name == "as asked").unwrap();
    assert_eq!(asked.status, Status::Refused);
    assert!(
        asked.reason.contains("field 'leak'") && asked.reason.contains("leak: it may be known only after"),
        "{}",
        asked.reason
    );
    assert!(found.winner.bins.iter().all(|bins| bins.feature != "leak"));
    assert!(found.winner.training.dropped.iter().any(|dropped| dropped.feature == "leak"));
    let boosted = found.leaderboard.trials.iter().find(|trial| trial.name == "boosted card").unwrap();
    assert!(boosted.auc.unwrap() < 0.9, "{boosted:?}");

    config.model.selection.forced_in = vec!["leak".into()];
    let found = search(&loans.all(), config, &few(6), Threads::Count(2)).unwrap();
    assert!(found.winner.bins.iter().any(|bins| bins.feature == "leak"));
    assert!(found.leaderboard.trials[0].auc.unwrap() > 0.95);
}

#[test]
fn the_budget_ends_the_search_and_says_so() {
    let loans = loans(2_000);
    let whole = search(&loans.all(), honest(), &few(24), Threads::Count(2)).unwrap().leaderboard;
    for share in [0.25, 0.6] {
        let cells = share * whole.work as f64;
        let asked = AutoConfig { budget: Some(Budget::Cells { cells }), ..few(24) };
        let found = search(&loans.all(), honest(), &asked, Threads::Count(2)).unwrap().leaderboard;
        assert!((found.work as f64) < 1.1 * cells, "{} of {cells}", found.work);
        assert!(found.trials[0].folds.len() == 5);
        let waiting = found.trials.iter().filter(|trial| trial.status == Status::NotTried).count();
        assert!(waiting > 0 || share > 0.5, "{found}");
        assert_eq!(found.trials.len(), 24);
    }
    let asked = AutoConfig { budget: Some(Budget::Seconds { seconds: 1e-6 }), ..few(24) };
    let least = search(&loans.all(), honest(), &asked, Threads::One).unwrap().leaderboard;
    assert_eq!(least.trials.iter().filter(|trial| trial.auc.is_some()).count(), 2, "{least}");
}

#[test]
fn no_card_exceeds_what_is_allowed() {
    let loans = loans(2_500);
    let asked =
        AutoConfig { max_variables: Some(2), max_bins: Some(3), interpretable_only: true, prefer: Prefer::Best, ..few(40) };
    let found = search(&loans.all(), honest(), &asked, Threads::Count(2)).unwrap();
    assert!(found.winner.bins.len() <= 2 && found.winner.bins.iter().all(|bins| bins.bins.len() <= 4));
    for trial in &found.leaderboard.trials {
        assert!(trial.variables <= 2 && !trial.boosted && !trial.name.contains("any trend"), "{trial:?}");
    }
    // A boosted card obeys as well.
    let config = PipelineConfig { boost: Some(BoostConfig::default()), ..honest() };
    let asked = AutoConfig { interpretable_only: false, ..asked };
    let found = search(&loans.all(), config, &asked, Threads::Count(2)).unwrap();
    assert!(found.leaderboard.trials.iter().any(|trial| trial.boosted));
    assert!(found.leaderboard.trials.iter().all(|trial| trial.variables <= 2), "{}", found.leaderboard);
    assert!(found.winner.bins.len() <= 2);
}

/// RFC 7396, written down once more.
fn patched(target: &serde_json::Value, patch: &serde_json::Value) -> serde_json::Value {
    let serde_json::Value::Object(changes) = patch else { return patch.clone() };
    let mut target = target.as_object().cloned().unwrap_or_default();
    for (key, change) in changes {
        if change.is_null() {
            target.remove(key);
        } else {
            let old = target.get(key).cloned().unwrap_or_default();
            target.insert(key.clone(), patched(&old, change));
        }
    }
    serde_json::Value::Object(target)
}

#[test]
fn settings_are_a_patch_that_gives_the_winner_and_names_are_unique() {
    let loans = loans(2_000);
    let mut config = honest();
    config.model.selection.max_correlation = Some(0.9);
    config.binning.trend = Trend::None;
    let found = search(&loans.all(), config.clone(), &few(60), Threads::Count(2)).unwrap();
    let json = serde_json::to_value(&config).unwrap();
    let read = |trial: &Trial| serde_json::from_value::<PipelineConfig>(patched(&json, &trial.settings)).unwrap();
    let trials = &found.leaderboard.trials;
    assert_eq!(read(&trials[0]), found.config);
    assert!(trials.iter().all(|trial| (trial.name == "as asked") == (read(trial) == config)));
    let mut names: Vec<&str> = trials.iter().map(|trial| trial.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 60);
    let table = found.leaderboard.to_string();
    assert_eq!(table.lines().count(), 62);
    assert!(table.lines().nth(2).unwrap().contains(&trials[0].name) && table.contains("| wins: "));
}

fn run(name: &str, aucs: &[f64], variables: usize) -> Run {
    let size = Size { boosted: false, variables, pairs: 0, bins: 5 * variables };
    let judged = aucs.iter().map(|&auc| Judged { auc, log_loss: 0.5, noise: 0.02, size }).collect();
    Run { name: name.into(), settings: serde_json::Value::Null, judged, error: None, work: 1 }
}

#[test]
fn the_simplest_within_one_standard_error_wins_and_the_others_hear_why() {
    let best = run("best", &[0.80, 0.82, 0.81], 14);
    // Behind by 0.002 on the mean, give or take √((1/3 + 1/2) · 0.000052) = 0.0066.
    let close = run("close", &[0.802, 0.810, 0.812], 9);
    // Behind by 0.01 every time.
    let behind = run("behind", &[0.79, 0.81, 0.80], 3);
    let longer = run("longer", &[0.803, 0.818, 0.808], 12);
    let stopped = run("stopped", &[0.75], 5);
    let mut refused = run("refused", &[], 0);
    refused.error = Some(Error::insufficient(Problem::new("nothing | there", "")));
    let waiting = run("waiting", &[], 0);
    let same = run("same", &[0.802], 9);
    let runs = [close, best, behind, longer, stopped, refused, waiting, same];
    assert_eq!(winner(&runs, 3, 3, Prefer::Simplest), Some((0, 1)));
    assert_eq!(winner(&runs, 3, 3, Prefer::Best), Some((1, 1)));
    let board = leaderboard(&runs, 0, 1, 3, 3, 99);
    let told: Vec<(&str, Status, &str)> =
        board.trials.iter().map(|trial| (trial.name.as_str(), trial.status, trial.reason.as_str())).collect();
    assert_eq!(
        told,
        [
            (
                "close",
                Status::Won,
                "it is the simplest within one standard error of the highest AUC, 0.0020 (0.3 standard errors) below 'best'"
            ),
            ("best", Status::Lost, "within one standard error of the highest AUC, but longer (14 variables against 9)"),
            ("longer", Status::Lost, "within one standard error of the highest AUC, but longer (12 variables against 9)"),
            ("behind", Status::Lost, "AUC 0.0100 below the best, 'best'"),
            ("same", Status::Stopped, "it gives the same card as 'close' on the first fold"),
            ("stopped", Status::Stopped, "AUC 0.0500 below the best, 'best' on the first fold"),
            ("refused", Status::Refused, "insufficient_data: nothing | there"),
            ("waiting", Status::NotTried, "the budget was spent before its turn"),
        ]
    );
    assert!(board.to_string().contains("nothing \\| there"));
    // √((1/3 + 1/2) · 0.0001)
    assert!((board.trials[1].standard_error.unwrap() - 0.009_128_709_291_752_77).abs() < 1e-15);
}

#[test]
fn the_first_fold_keeps_the_best_the_simple_and_the_one_asked_for() {
    // The last but one gives the card of the second, and does not count.
    let aucs = [0.70, 0.80, 0.79, 0.795, 0.60, 0.785, 0.80, 0.50];
    let lengths = [20, 14, 4, 13, 1, 12, 14, 2];
    let runs: Vec<Run> = aucs.iter().zip(lengths).map(|(auc, length)| run("", &[*auc], length)).collect();
    // Three places of seven: the highest, the simplest within 0.02 of it, the next highest; and the first candidate.
    assert_eq!(finalists(&runs, Prefer::Simplest), [1, 0, 2, 3]);
    assert_eq!(finalists(&runs, Prefer::Best), [1, 0, 3, 2]);
    assert_eq!(finalists(&[], Prefer::Best), [0usize; 0]);
}

#[test]
fn what_cannot_be_searched_is_refused_with_every_problem() {
    let loans = loans(2_000);
    let mut config = honest();
    config.bins = fit(&loans.all(), honest(), Threads::One).unwrap().bins;
    config.boost = Some(BoostConfig::default());
    config.model.max_variables = 0;
    let asked = AutoConfig { folds: 1, interpretable_only: true, ..AutoConfig::default() };
    let error = search(&loans.all(), config, &asked, Threads::One).unwrap_err();
    assert_eq!((error.code(), error.problems().len()), (ErrorCode::InvalidConfig, 4), "{error}");
    // Twelve rows do not fill five folds, and rows of nothing but noise give no card.
    let error = search(&loans.batches(std::slice::from_ref(&(0..6))), honest(), &few(3), Threads::One).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InsufficientData);
    let error = search(&loans.all(), base(&["constant"]), &few(6), Threads::One).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InsufficientData);
    assert!(search(&[], honest(), &few(3), Threads::One).is_err());
}
