//! The models that the tests run: one on public data, one made up so that every kind of field, code and policy occurs, the
//! same with two boosted cards, the same mixed with an expert card, an expert card alone, and one on windows of events.

use scoreline::{Artefact, Date, Pipeline, PipelineConfig, Result, Schema, Threads, Value};

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
    fit: fn(&Model, Threads) -> Result<Pipeline>,
}

/// Every model of the museum.
pub const MODELS: [Model; 7] = [GERMAN, SYNTHETIC, SEGMENTED, BLENDED, CORPORATE, ACCOUNTS, NIGHTLY];

/// South German Credit: see `tests/data/README.md`.
pub const GERMAN: Model = Model {
    artefact: "tests/artefacts/v1/south_german_credit.json",
    config: "tests/data/south_german_credit.config.json",
    frame: german,
    fit: learnt,
};

/// 6,000 made-up applications.
pub const SYNTHETIC: Model = Model {
    artefact: "tests/artefacts/v1/synthetic.json",
    config: "tests/data/synthetic.config.json",
    frame: synthetic,
    fit: learnt,
};

/// The same applications, with two boosted cards whose PDs are calibrated.
pub const SEGMENTED: Model =
    Model { artefact: "tests/artefacts/v1/segmented.json", config: "tests/data/segmented.config.json", ..SYNTHETIC };

/// The same applications, with a card mixed from statistics and expertise.
pub const BLENDED: Model =
    Model { artefact: "tests/artefacts/v1/blended.json", config: "tests/data/blended.config.json", ..SYNTHETIC };

/// Corporate clients by an expert card alone.
pub const CORPORATE: Model = Model {
    artefact: "tests/artefacts/v1/corporate.json",
    config: "tests/data/corporate.config.json",
    frame: corporate,
    fit: expert_only,
};

/// Current accounts by an expert card on windows of their events.
pub const ACCOUNTS: Model = Model {
    artefact: "tests/artefacts/v1/current_accounts.json",
    config: "tests/data/current_accounts.config.json",
    frame: accounts,
    fit: expert_only,
};

/// Card accounts that are reviewed every night.
pub const NIGHTLY: Model = Model {
    artefact: "tests/artefacts/v1/nightly.json",
    config: "tests/data/nightly.config.json",
    frame: nightly,
    fit: expert_only,
};

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

    /// Makes the model anew.
    ///
    /// # Errors
    /// Those of `fit`.
    pub fn fit(&self, threads: Threads) -> Result<Artefact> {
        Artefact::new(&(self.fit)(self, threads)?)
    }
}

fn learnt(model: &Model, threads: Threads) -> Result<Pipeline> {
    scoreline::fit(&[model.frame().batch()], model.config(), threads)
}

fn expert_only(model: &Model, _: Threads) -> Result<Pipeline> {
    Pipeline::expert_only(&model.config())
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

fn corporate(schema: &Schema) -> Frame {
    let mut random = Random::new(20_261_121);
    let mut rows = Vec::new();
    for _ in 0..1_000 {
        let some = |missing: u64, value: Value<'static>, random: &mut Random| {
            if random.chance(missing) { Value::Missing } else { value }
        };
        let sales = [2.0, 7.5, 30.0, 120.0, 900.0][random.below(5) as usize] * (1.0 + random.below(40) as f64 / 40.0);
        let assets = sales * (0.4 + random.below(80) as f64 / 100.0);
        let late = [0.0, 0.0, 0.0, 12.0, 45.0, 120.0, 200.0, -1.0][random.below(8) as usize];
        let row: Vec<Value<'_>> = schema
            .fields
            .iter()
            .map(|field| match field.name.as_str() {
                "sales" => some(30, Value::Number(sales), &mut random),
                "sales_before" => some(80, Value::Number(sales / (0.8 + random.below(60) as f64 / 100.0)), &mut random),
                "position" => Value::Category(random.pick::<&str>(&["leader", "upper", "middle", "lower", "niche", "?"])),
                "days_past_due" => some(40, Value::Number(late), &mut random),
                "relationship_years" => some(40, Value::Number(random.below(20) as f64), &mut random),
                "debt" => Value::Number(assets * random.below(120) as f64 / 100.0),
                "assets" => some(20, Value::Number(assets), &mut random),
                "lawsuit" => Value::Flag(random.chance(50)),
                "region" => Value::Category(random.pick::<&str>(&["north", "south"])),
                "amount" => Value::Number((1 + random.below(400)) as f64 * 50.0),
                "term" => Value::Number((1 + random.below(60)) as f64),
                other => panic!("no data for {other}"),
            })
            .collect();
        rows.push(row);
    }
    Frame::new(schema, &rows)
}

/// Card accounts as they might be on one day: most are well, some are late, some values are missing.
fn nightly(schema: &Schema) -> Frame {
    let mut random = Random::new(20_261_121);
    let mut rows = Vec::new();
    for _ in 0..1_000 {
        let some = |missing: u64, value: Value<'static>, random: &mut Random| {
            if random.chance(missing) { Value::Missing } else { value }
        };
        let limit = (1 + random.below(60)) as f64 * 500.0;
        let late = if random.chance(150) { (1 + random.below(120)) as f64 } else { 0.0 };
        let row: Vec<Value<'_>> = schema
            .fields
            .iter()
            .map(|field| match field.name.as_str() {
                "months_on_book" => some(20, Value::Number(random.below(200) as f64), &mut random),
                "payment_ratio" => some(50, Value::Number(random.below(101) as f64 / 100.0), &mut random),
                "inflow" => some(30, Value::Number(random.below(60) as f64 * 100.0), &mut random),
                "credit_limit" => some(20, Value::Number(limit), &mut random),
                "balance" => some(20, Value::Number(limit * random.below(130) as f64 / 100.0), &mut random),
                "dpd" => some(30, Value::Number(late), &mut random),
                "bureau" => some(100, Value::Number((300 + random.below(550)) as f64), &mut random),
                "returned_debits" => some(20, Value::Number(random.below(12).saturating_sub(5) as f64), &mut random),
                "days_since_change" => some(300, Value::Number(random.below(400) as f64), &mut random),
                "contactable" => some(50, Value::Flag(random.chance(800)), &mut random),
                "do_not_contact" => some(50, Value::Flag(random.chance(60)), &mut random),
                "hardship" => some(50, Value::Flag(random.chance(50)), &mut random),
                "stage" => {
                    let stage = ["current", "1-30", "31-90", "90+"][[0.0, 30.0, 90.0].iter().filter(|day| late > **day).count()];
                    some(30, Value::Category(if random.chance(10) { "fraud" } else { stage }), &mut random)
                }
                "industry" => {
                    some(40, Value::Category(random.pick::<&str>(&["hotels", "steel", "retail", "farms"])), &mut random)
                }
                other => panic!("no data for {other}"),
            })
            .collect();
        rows.push(row);
    }
    Frame::new(schema, &rows)
}

/// Values of the windows as they might come; the vectors compute them from events.
fn accounts(schema: &Schema) -> Frame {
    let mut random = Random::new(20_261_121);
    let mut rows = Vec::new();
    for _ in 0..1_000 {
        let mut row = Vec::new();
        for field in &schema.fields {
            let part = |most: u64, random: &mut Random| random.below(most + 1) as f64;
            let number = match (field.name.as_str(), field.unit.as_deref()) {
                ("region", _) => {
                    row.push(Value::Category(random.pick::<&str>(&["north", "south"])));
                    continue;
                }
                ("trend_6m", _) => part(1_200, &mut random) / 2.0 - 300.0,
                (_, Some("EUR")) => part(12_000, &mut random) / 4.0,
                (_, Some("days")) => part(120, &mut random) * part(5, &mut random),
                (_, Some(_)) => part(12, &mut random),
                (name, None) if name.contains("share") || name == "concentration" => part(100, &mut random) / 100.0,
                (_, None) => part(8, &mut random),
            };
            row.push(if random.chance(100) { Value::Missing } else { Value::Number(number) });
        }
        rows.push(row);
    }
    Frame::new(schema, &rows)
}
