//! Peak memory of a batch beside its input: prints one row of the summary a kind of batch.

use std::error::Error;

use scoreline::{Scorer, Threads, fit};
use scoreline_benches::{COLUMNS, Matrix, card, full};

const ROWS: usize = 1_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let kind = std::env::args().nth(1).ok_or("usage: memory score|decide")?;
    let sample = Matrix::new(50_000);
    let config = if kind == "score" { card() } else { full()? };
    let scorer = Scorer::new(&fit(&[sample.batch()?], config, Threads::One)?)?;
    drop(sample);
    let matrix = Matrix::new(ROWS);
    let batch = matrix.batch()?;
    // The peak so far belongs to the preparation: start counting from what is in use now.
    std::fs::write("/proc/self/clear_refs", "5")?;
    let before = kilobytes("VmHWM:")?;
    if kind == "score" {
        scorer.score_batch(&batch, Threads::One)?;
    } else {
        scorer.decide_batch(&batch, None, Threads::One)?;
    }
    let input = (ROWS * COLUMNS * 8) as f64;
    let used = (kilobytes("VmHWM:")? - before) * 1024.0;
    let row = serde_json::json!({
        "name": format!("peak memory, {kind} a batch of 1M × 20"),
        "ours": (input + used) / 1e6, "other": input / 1e6, "other_is": "the input alone", "ratio": (input + used) / input, "unit": "MB",
    });
    println!("{row}");
    Ok(())
}

fn kilobytes(entry: &str) -> Result<f64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(entry)).ok_or("no such entry")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
