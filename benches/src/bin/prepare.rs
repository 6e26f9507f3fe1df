//! Writes what the calls from other languages are measured on: `target/bench/model.json`, a full pipeline of
//! twenty number fields, and `target/bench/rows.csv`, a thousand records.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;

use scoreline::{Artefact, Threads, Value, fit};
use scoreline_benches::{Matrix, full};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: prepare FOLDER")?;
    fs::create_dir_all(&folder)?;
    let sample = Matrix::new(50_000);
    let pipeline = fit(&[sample.batch()?], full()?, Threads::One)?;
    Artefact::new(&pipeline)?.save(format!("{folder}/model.json"))?;
    let mut text: String = pipeline.schema.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(",");
    for row in 0..1_000 {
        text.push('\n');
        let cells: Vec<String> = sample.row(row).into_iter().map(|value| format!("{:?}", Value::as_number(value))).collect();
        write!(text, "{}", cells.join(","))?;
    }
    text.push('\n');
    fs::write(format!("{folder}/rows.csv"), text)?;
    Ok(())
}
