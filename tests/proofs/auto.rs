//! The search for the best card on real data, against cards made by hand.

use std::path::PathBuf;
use std::process::Command;

use scoreline::auto::{AutoConfig, Search, Status, search};
use scoreline::{Batch, Column, Field, Kind, PipelineConfig, Schema, SplitConfig, Threads};
use scoreline_tests::GERMAN;

fn test_auc(pipeline: &scoreline::Pipeline) -> f64 {
    pipeline.training.test.as_ref().unwrap().auc.unwrap()
}

fn text(found: &Search) -> String {
    serde_json::to_string(found).unwrap()
}

/// Small data: several divisions into folds. Tiers, prices and reasons come with the winner.
#[test]
fn south_german_credit() {
    let frame = GERMAN.frame();
    let asked = AutoConfig { repeats: 2, max_candidates: 16, ..AutoConfig::default() };
    let config = GERMAN.config();
    let found = search(&[frame.batch()], config.clone(), &asked, Threads::from_count(2)).unwrap();
    println!("{}", found.leaderboard);
    let trials = &found.leaderboard.trials;
    assert_eq!((trials.len(), trials[0].status, trials[0].folds.len()), (16, Status::Won, 10));
    assert!(trials.iter().all(|trial| !trial.reason.is_empty()));
    let by_hand = trials.iter().find(|trial| trial.name == "as asked").unwrap();
    let behind = by_hand.auc.unwrap() - trials[0].auc.unwrap();
    assert!(behind <= by_hand.standard_error.unwrap(), "{behind}");
    assert_eq!(found.winner.tier, config.tier);
    assert_eq!(found.winner, scoreline::fit(&[frame.batch()], found.config.clone(), Threads::One).unwrap());
    // A rerun on one thread, with levels as numbers, gives the same bytes.
    let again = search(&[frame.clone().encoded().batch()], config, &asked, Threads::One).unwrap();
    assert!(text(&again) == text(&found));
}

/// The columns of a CSV file of numbers, where the folder named by SCORELINE_DATA has it. A wrong folder fails.
fn read(name: &str) -> Option<(Vec<String>, Vec<Vec<f64>>)> {
    let folder = PathBuf::from(std::env::var_os("SCORELINE_DATA")?);
    let path = folder.join(name).join(format!("{name}.csv.gz"));
    let unpacked = Command::new("gzip").arg("-dc").arg(&path).output().unwrap();
    assert!(unpacked.status.success(), "{} cannot be read", path.display());
    let mut reader = csv::Reader::from_reader(&unpacked.stdout[..]);
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut columns = vec![Vec::new(); names.len()];
    for record in reader.records() {
        let record = record.unwrap();
        for (column, cell) in columns.iter_mut().zip(&record) {
            column.push(if cell.is_empty() { f64::NAN } else { cell.parse().unwrap() });
        }
    }
    Some((names, columns))
}

/// The winner ranks rows kept for testing no worse, to 0.005 of AUC, than the card that a modeller makes with the usual
/// settings, and a rerun gives the same bytes.
fn beside_a_card_by_hand(name: &str, floor: f64) {
    let Some((names, columns)) = read(name) else { return };
    let rows = columns[0].len();
    let mut batch = Batch::new(rows).with("row", Column::numbers((0..rows).map(|row| row as f64).collect::<Vec<_>>())).unwrap();
    let mut fields = Vec::new();
    for (name, values) in names.iter().zip(&columns) {
        batch.push(name, Column::numbers(&values[..])).unwrap();
        if !["target", "id", "ID", "row"].contains(&name.as_str()) {
            fields.push(Field::new(name, Kind::Number));
        }
    }
    let mut config = PipelineConfig::new(Schema { fields }, "target");
    config.split = Some(SplitConfig { key: "row".into(), test_share: 0.3, salt: "real".into() });
    let batches = [batch];
    let by_hand = scoreline::fit(&batches, config.clone(), Threads::All).unwrap();
    let asked = AutoConfig::default();
    let begun = std::time::Instant::now();
    let found = search(&batches, config.clone(), &asked, Threads::All).unwrap();
    println!("{name}: {:?}, {} cells\n{}", begun.elapsed(), found.leaderboard.work, found.leaderboard);
    println!("by hand {:.4}, found {:.4}", test_auc(&by_hand), test_auc(&found.winner));
    assert!(test_auc(&found.winner) > test_auc(&by_hand) - 0.005);
    assert!(test_auc(&found.winner) > floor);
    let again = search(&batches, config, &asked, Threads::Count(3)).unwrap();
    assert!(text(&again) == text(&found));
}

#[test]
fn taiwan_credit() {
    beside_a_card_by_hand("taiwan_credit", 0.76);
}

#[test]
fn give_me_some_credit() {
    beside_a_card_by_hand("gmsc", 0.84);
}
