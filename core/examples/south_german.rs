//! Fits a pipeline on a CSV file, or decides the rows of one with a saved pipeline.
//!
//! ```text
//! south_german fit    CONFIG.json DATA.csv MODEL.json
//! south_german decide MODEL.json  DATA.csv AS_OF
//! ```
//! `decide` prints the SHA-256 of the canonical lines of all decisions, taken one by one and as one batch.

use std::error::Error;
use std::fs;

use scoreline::{Artefact, Batch, Column, Date, Decision, Kind, PipelineConfig, Schema, Scorer, Threads, Value};
use sha2::{Digest, Sha256};

/// A CSV file in memory: header and rows of text.
struct Table {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(path: &str) -> Result<Self, Box<dyn Error>> {
        let mut reader = csv::Reader::from_path(path)?;
        let names = reader.headers()?.iter().map(str::to_owned).collect();
        let rows = reader.records().map(|row| Ok(row?.iter().map(str::to_owned).collect())).collect::<Result<_, csv::Error>>()?;
        Ok(Table { names, rows })
    }

    fn column(&self, name: &str) -> Result<impl Iterator<Item = &str>, Box<dyn Error>> {
        let at = self.names.iter().position(|known| known == name).ok_or_else(|| format!("the file has no column {name}"))?;
        Ok(self.rows.iter().map(move |row| row[at].as_str()))
    }

    /// The fields of `schema` and the number columns `others`, as a batch.
    fn batch(&self, schema: &Schema, others: &[&str]) -> Result<Batch<'_>, Box<dyn Error>> {
        let mut batch = Batch::new(self.rows.len());
        for field in &schema.fields {
            let values: Vec<Value<'_>> = self.column(&field.name)?.map(|text| field.parse(text)).collect::<Result<_, _>>()?;
            let column = match field.kind {
                Kind::Category => {
                    Column::text(values.iter().map(|value| if let Value::Category(level) = value { Some(*level) } else { None }))
                }
                _ => Column::numbers(values.iter().map(|value| value.as_number()).collect::<Vec<f64>>()),
            };
            batch = batch.with(&field.name, column)?;
        }
        for name in others {
            batch = batch.with(*name, Column::numbers(self.column(name)?.map(str::parse).collect::<Result<Vec<f64>, _>>()?))?;
        }
        Ok(batch)
    }
}

fn hash(scorer: &Scorer, decisions: impl IntoIterator<Item = Decision>) -> String {
    let mut digest = Sha256::new();
    for decision in decisions {
        digest.update(scorer.answer(&decision).canonical());
        digest.update("\n");
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn fit(config: &str, data: &str, model: &str) -> Result<(), Box<dyn Error>> {
    let config = PipelineConfig::from_json(&fs::read_to_string(config)?)?;
    let table = Table::read(data)?;
    let pipeline = scoreline::fit(&[table.batch(&config.schema, &["id", "target"])?], config, Threads::All)?;
    let artefact = Artefact::new(&pipeline)?;
    artefact.save(model)?;
    println!("rust    fit    {}", artefact.hash());
    Ok(())
}

fn decide(model: &str, data: &str, as_of: &str) -> Result<(), Box<dyn Error>> {
    let scorer = Artefact::load(model)?.scorer()?;
    let as_of = Some(Date::parse(as_of)?);
    let table = Table::read(data)?;
    let columns: Vec<Vec<&str>> = scorer
        .schema()
        .fields
        .iter()
        .map(|field| Ok(table.column(&field.name)?.collect()))
        .collect::<Result<_, Box<dyn Error>>>()?;
    let mut single = Vec::new();
    for row in 0..table.rows.len() {
        let values: Vec<Value<'_>> = scorer
            .schema()
            .fields
            .iter()
            .zip(&columns)
            .map(|(field, column)| field.parse(column[row]))
            .collect::<Result<_, _>>()?;
        single.push(scorer.decide(&values, as_of)?);
    }
    let decisions = scorer.decide_batch(&table.batch(scorer.schema(), &[])?, as_of, Threads::All)?;
    let batch: Vec<Decision> = decisions.iter().map(|decision| decision.map_err(Clone::clone)).collect::<Result<_, _>>()?;
    println!("rust    single {}", hash(&scorer, single));
    println!("rust    batch  {}", hash(&scorer, batch));
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["fit", config, data, model] => fit(config, data, model),
        ["decide", model, data, as_of] => decide(model, data, as_of),
        _ => Err("usage: south_german fit CONFIG.json DATA.csv MODEL.json | decide MODEL.json DATA.csv AS_OF".into()),
    }
}
