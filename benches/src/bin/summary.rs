//! Collects what the benchmarks measured, prints a table and writes `summary.json`: a list of name, ours,
//! other, what the other is, ratio and unit.
//!
//! Reads criterion's estimates and the files `*.rows.json` (one row a line) of the folder it is given.

use std::error::Error;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// One comparison.
#[derive(Serialize, Deserialize)]
struct Row {
    name: String,
    ours: f64,
    other: f64,
    other_is: String,
    ratio: f64,
    unit: String,
}

/// Comparisons of two of criterion's functions: name, ours, other, what the other is, unit and nanoseconds in it.
const CORE: [(&str, &str, &str, &str, &str, f64); 6] = [
    ("score, PD and tier, 1M × 20, one thread", "batch/score", "batch/sum", "sum of the same matrix", "ms", 1e6),
    ("full decision, 1M × 20, one thread", "batch/decide", "batch/sum", "sum of the same matrix", "ms", 1e6),
    ("full decision, 1M × 20, two threads", "batch/decide_two_threads", "batch/decide", "one thread", "ms", 1e6),
    ("fit, 1M × 20, one thread", "fit/one_thread", "fit/sum", "sum of the same matrix", "ms", 1e6),
    ("fit, 1M × 20, two threads", "fit/two_threads", "fit/one_thread", "one thread", "ms", 1e6),
    ("one full decision, 20 fields", "record/decide", "record/score", "score, PD and tier of it", "ns", 1.0),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(criterion), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: summary CRITERION_FOLDER BENCH_FOLDER".into());
    };
    let mut rows = Vec::new();
    for (name, ours, other, other_is, unit, scale) in CORE {
        let (ours, other) = (median(&criterion, ours)? / scale, median(&criterion, other)? / scale);
        rows.push(Row { name: name.into(), ours, other, other_is: other_is.into(), ratio: ours / other, unit: unit.into() });
    }
    let core = median(&criterion, "record/decide")?;
    let mut files: Vec<_> = fs::read_dir(&folder)?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.to_string_lossy().ends_with(".rows.json")) {
        for line in fs::read_to_string(file)?.lines() {
            rows.push(serde_json::from_str(line)?);
        }
    }
    // Calls from other languages are measured in nanoseconds; the core's own time stands beside them.
    for file in files.iter().filter(|file| file.to_string_lossy().ends_with(".calls.json")) {
        for line in fs::read_to_string(file)?.lines() {
            let call: Call = serde_json::from_str(line)?;
            rows.push(Row {
                name: call.name,
                ours: call.ns,
                other: core,
                other_is: "the core's decision".into(),
                ratio: call.ns / core,
                unit: "ns".into(),
            });
        }
    }
    println!("{:<52} {:>10} {:>10}  {:<26} {:>7}", "", "ours", "other", "the other is", "ratio");
    for row in &rows {
        println!(
            "{:<52} {:>10.1} {:>10.1}  {:<26} {:>7.2}  {}",
            row.name, row.ours, row.other, row.other_is, row.ratio, row.unit
        );
    }
    fs::write(Path::new(&folder).join("summary.json"), serde_json::to_string_pretty(&rows)? + "\n")?;
    Ok(())
}

#[derive(Deserialize)]
struct Call {
    name: String,
    ns: f64,
}

#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

fn median(criterion: &str, function: &str) -> Result<f64, Box<dyn Error>> {
    let text = fs::read_to_string(Path::new(criterion).join(function).join("new/estimates.json"))?;
    Ok(serde_json::from_str::<Estimates>(&text)?.median.point_estimate)
}
