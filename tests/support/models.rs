//! The two models that the tests run: one on public data, one made up so that every kind of field,
//! code and policy occurs.

use scoreline::{Artefact, Date, PipelineConfig, Result, Schema, Threads, Value};

use crate::frame::Frame;
use crate::random::Random;
use crate::{path, text};

/// A model of the museum with the means to make it anew.
#[derive(Debug, Clone, Copy)]
pub struct Model {
    /// Path of the artefact.
    pub artefact: &'static str,
    /// Path of the configuration.
    pub config: &'static str,
    frame: fn(&Schema) -> Frame,
}

/// South German Credit: see `tests/data/README.md`.
pub const GERMAN: Model = Model {
    artefact: "tests/artefacts/v1/south_german_credit.json",
    config: "tests/data/south_german_credit.config.json",
    frame: german,
};

/// 6,000 made-up applications.
pub const SYNTHETIC: Model =
    Model { artefact: "tests/artefacts/v1/synthetic.json", config: "tests/data/synthetic.config.json", frame: synthetic };

impl Model {
    /// The configuration.
    #[must_use]
    pub fn config(&self) -> PipelineConfig {
        PipelineConfig::from_json(&text(self.config)).unwrap()
    }

    /// The data: fields, `id`, `target` and, for the made-up model, `weight`.
    #[must_use]
    pub fn frame(&self) -> Frame {
        (self.frame)(&self.config().schema)
    }

    /// The stored artefact.
    #[must_use]
    pub fn load(&self) -> Artefact {
        Artefact::load(path(self.artefact)).unwrap_or_else(|e| panic!("{}: {e}", self.artefact))
    }

    /// Fits the model anew.
    ///
    /// # Errors
    /// Those of `fit`.
    pub fn fit(&self, threads: Threads) -> Result<Artefact> {
        Artefact::new(&scoreline::fit(&[self.frame().batch()], self.config(), threads)?)
    }
}

fn german(schema: &Schema) -> Frame {
    let mut reader = csv::Reader::from_path(path("tests/data/south_german_credit.csv")).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let records: Vec<csv::StringRecord> = reader.records().map(|record| record.unwrap()).collect();
    let at = |name: &str| names.iter().position(|known| known == name).unwrap();
    let number = |name: &str| records.iter().map(|record| record[at(name)].parse().unwrap()).collect();
    let rows: Vec<Vec<Value<'_>>> = records
        .iter()
        .map(|record| schema.fields.iter().map(|field| field.parse(&record[at(&field.name)]).unwrap()).collect())
        .collect();
    Frame::new(schema, &rows).with("id", number("id")).with("target", number("target"))
}

const JOBS: [(&str, u64, u64); 9] = [
    ("civil servant", 150, 0),
    ("salaried", 350, 20),
    ("self-employed", 150, 90),
    ("student", 120, 150),
    ("retired", 120, 30),
    ("Künstler", 40, 170),
    ("mariner", 10, 60),
    ("n/a", 40, 120),
    ("?", 20, 80),
];

fn synthetic(schema: &Schema) -> Frame {
    let mut random = Random::new(20_261_121);
    let (mut rows, mut target, mut weight) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..6_000 {
        let mut risk = 10;
        let utilisation = match random.below(100) {
            0..4 => (Value::Missing, 60),
            4..7 => (Value::Number(-1.0), 60),
            7..15 => (Value::Number(-9.0), 110),
            _ => {
                let steps = random.below(21);
                (
                    Value::Number(steps as f64 / 20.0),
                    [0, 70, 160, 280][usize::from(steps >= 4) + usize::from(steps >= 10) + usize::from(steps >= 16)],
                )
            }
        };
        let income = match random.below(100) {
            0..3 => None,
            3..8 => Some(-999.0),
            _ => Some((16 + random.below(120)) as f64 * 50.0),
        };
        let debt = random.below(150) as f64 * 10.0;
        let burdened = income.is_none_or(|income| debt > 0.3 * income);
        let opened = random.below(8_000);
        let homeowner = [None, Some(true), Some(false)][(random.below(10) as usize).min(9) % 3];
        let enquiries = random.below(11);
        let mut draw = random.below(1_000);
        let job = JOBS
            .iter()
            .find(|(_, share, _)| {
                draw < *share || {
                    draw -= share;
                    false
                }
            })
            .unwrap_or(&JOBS[0]);
        risk += utilisation.1
            + job.2
            + 12 * enquiries
            + 70 * u64::from(burdened)
            + opened / 80
            + 70 * u64::from(homeowner != Some(true));
        let amount = (5 + random.below(300)) as f64 * 100.0;
        let term = (6 + random.below(55)) as f64;
        let applied = 18_300 + random.below(600);
        let sex = *random.pick(&["f", "m"]);
        let channel = *random.pick(&["branch", "web"]);
        let field = |name: &str| match name {
            "utilisation" => utilisation.0,
            "income" => income.map_or(Value::Missing, Value::Number),
            "debt" => Value::Number(debt),
            "opened" if opened.is_multiple_of(40) => Value::Missing,
            "opened" => Value::Date(Date::from_days(10_000 + opened as i32)),
            "applied" => Value::Date(Date::from_days(applied as i32)),
            "homeowner" => homeowner.map_or(Value::Missing, Value::Flag),
            "enquiries" => Value::Number(enquiries as f64),
            "job" => Value::Category(job.0),
            "amount" => Value::Number(amount),
            "term" => Value::Number(term),
            "sex" => Value::Category(sex),
            "channel" => Value::Category(channel),
            other => panic!("no data for {other}"),
        };
        rows.push(schema.fields.iter().map(|known| field(&known.name)).collect::<Vec<_>>());
        target.push(f64::from(u8::from(random.chance(risk))));
        weight.push(*random.pick(&[1.0, 1.0, 0.5, 2.25]));
    }
    let id = (0..rows.len()).map(|row| row as f64).collect();
    Frame::new(schema, &rows).with("id", id).with("target", target).with("weight", weight)
}
