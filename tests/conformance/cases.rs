//! Which records the conformance vectors hold: ordinary ones, both sides of every border, codes,
//! extremes, whatever else makes a decision say something new, and errors.

use std::collections::BTreeSet;

use scoreline::binning::Split;
use scoreline::model::Curve;
use scoreline::{Artefact, Code, Date, Field, Kind, Pipeline, Scorer};
use scoreline_tests::random::Random;
use scoreline_tests::{
    BLENDED, CORPORATE, Case, Cell, Expected, GERMAN, Model, Record, SEGMENTED, SYNTHETIC, Vectors, as_error, as_line,
};

/// Name, model and day of each file.
pub(crate) const FILES: [(&str, Model, &str); 6] = [
    ("decide", GERMAN, "2026-11-21"),
    ("synthetic", SYNTHETIC, "2026-11-21"),
    ("synthetic_2018", SYNTHETIC, "2018-06-30"),
    ("segmented", SEGMENTED, "2026-11-21"),
    ("blended", BLENDED, "2026-11-21"),
    ("corporate", CORPORATE, "2026-11-21"),
];

/// The cases of one file with what this build answers.
pub(crate) fn vectors(name: &str, model: &Model, as_of: &str) -> Vectors {
    let mut found = Vectors { artefact: model.artefact.to_owned(), as_of: as_of.to_owned(), cases: Vec::new() };
    let day = found.day();
    let artefact = model.load();
    let scorer = artefact.scorer().unwrap();
    let base = base(model, &scorer, day);
    let mut records = vec![("an ordinary record".to_owned(), base.clone())];
    if name == "synthetic_2018" {
        // The model is that of another file: only what the day changes is of interest.
        records.extend((1..12).map(|row| (format!("row {row}"), row_of(model, row))));
    } else {
        records.extend(systematic(&artefact, &scorer, &base));
        records.extend(errors(scorer.schema().fields.as_slice(), &base));
    }
    for (name, record) in records {
        let expected = match as_line(&scorer, &record, day) {
            Ok(line) => Expected::Line(line),
            Err(error) => as_error(&error),
        };
        found.cases.push(Case { name, record, expected });
    }
    explore(&mut found, &artefact, &scorer, &base);
    found
}

fn row_of(model: &Model, row: usize) -> Record {
    let frame = model.frame();
    let batch = frame.batch();
    model
        .config()
        .schema
        .fields
        .iter()
        .map(|field| (field.name.clone(), Cell::of(batch.column(&field.name).unwrap().value(row))))
        .collect()
}

/// The first row without a missing value or a code that is approved at a price between floor and cap.
fn base(model: &Model, scorer: &Scorer, day: Option<Date>) -> Record {
    let plain = |field: &Field, cell: &Cell| {
        let value = cell.value(field).unwrap();
        let mut codes = field.missing.iter().chain(field.special.iter().map(|special| &special.code));
        *cell != Cell::Missing && !codes.any(|code| code.matches(value))
    };
    (0..1_000)
        .map(|row| row_of(model, row))
        .find(|record| {
            let line = as_line(scorer, record, day).unwrap();
            line.contains("|approve|")
                && line.contains("|hurdle|")
                && scorer.schema().fields.iter().all(|field| plain(field, &record[&field.name]))
        })
        .unwrap()
}

fn with(base: &Record, field: &str, cell: Cell) -> Record {
    let mut record = base.clone();
    record.insert(field.to_owned(), cell);
    record
}

fn of_code(code: &Code) -> Cell {
    match code {
        Code::Number(x) => Cell::Number(*x),
        Code::Text(text) => Cell::text(text),
    }
}

/// One field at a time through its interesting values.
fn systematic(artefact: &Artefact, scorer: &Scorer, base: &Record) -> Vec<(String, Record)> {
    let pipeline = artefact.pipeline();
    let mut records = vec![("nothing is known".to_owned(), Record::new())];
    records
        .push(("everything is said to be missing".to_owned(), base.keys().map(|name| (name.clone(), Cell::Missing)).collect()));
    for (at, field) in pipeline.schema.fields.iter().enumerate() {
        let name = &field.name;
        let mut add = |what: &str, cell: Cell| records.push((format!("{name}: {what}"), with(base, name, cell)));
        if !scorer.required().contains(&at) {
            // It must not matter.
            add("not read, left out", Cell::Missing);
            continue;
        }
        add("missing", Cell::Missing);
        let split = pipeline.bins.iter().find(|bins| bins.feature == *name).map(|bins| &bins.split);
        match split {
            Some(Split::Numeric { cuts }) => {
                for (i, &cut) in cuts.iter().enumerate() {
                    match field.kind {
                        Kind::Date => {
                            let day = |days: f64| Cell::Text(Date::from_days(days as i32).to_string());
                            add(&format!("on cut {i}"), day(cut));
                            add(&format!("the day before cut {i}"), day(cut - 1.0));
                        }
                        Kind::Number => {
                            add(&format!("at cut {i}"), Cell::Number(cut));
                            add(&format!("one unit in the last place below cut {i}"), Cell::Bits(cut.next_down()));
                        }
                        Kind::Flag | Kind::Category => {}
                    }
                }
            }
            Some(Split::Category { groups, .. }) => {
                for level in groups.iter().filter_map(|group| group.last()) {
                    add(&format!("level {level}"), Cell::text(level));
                }
            }
            None => {}
        }
        for (i, cell) in bends(pipeline, name).into_iter().enumerate() {
            add(&format!("where the curve bends, {i}"), cell);
        }
        for code in &field.missing {
            add("a code for missing", of_code(code));
        }
        for special in &field.special {
            add(&special.name, of_code(&special.code));
        }
        match field.kind {
            Kind::Number => {
                for (what, cell) in [
                    ("negative zero", Cell::Bits(-0.0)),
                    ("the least positive number", Cell::Bits(5e-324)),
                    ("1e308", Cell::Number(1e308)),
                    ("-1e308", Cell::Number(-1e308)),
                    ("not a number reads as missing", Cell::Bits(f64::from_bits(0x7ff8_0000_0000_0000))),
                ] {
                    add(what, cell);
                }
            }
            Kind::Category => {
                add("a level never seen", Cell::text("ein nie gesehener Wert"));
            }
            Kind::Flag => {
                add("true", Cell::Flag(true));
                add("false", Cell::Flag(false));
            }
            Kind::Date => {
                for day in ["1900-01-01", "1969-12-31", "2000-02-29", "9999-12-31"] {
                    add(day, Cell::text(day));
                }
            }
        }
    }
    let read = scorer.required().iter().map(|&at| &pipeline.schema.fields[at]);
    let category = read.filter(|field| field.kind == Kind::Category).max_by_key(|field| levels(pipeline, &field.name)).unwrap();
    records.push((format!("{}: empty text is a level", category.name), with(base, &category.name, Cell::text(""))));
    records.push((format!("{}: letters beyond ASCII", category.name), with(base, &category.name, Cell::text("不明 ß"))));
    let unseen = base.iter().map(|(name, cell)| {
        (
            name.clone(),
            if matches!(cell, Cell::Text(_)) && kind(pipeline, name) == Kind::Category { Cell::text("?!") } else { cell.clone() },
        )
    });
    records.push(("every level is new".to_owned(), unseen.collect()));
    ratios(pipeline, base, &mut records);
    records
}

/// Values on and beside the points of an expert card's curves.
fn bends(pipeline: &Pipeline, field: &str) -> Vec<Cell> {
    let factors = pipeline.expert.iter().flat_map(|expert| &expert.card.factors).filter(|factor| factor.input == field);
    let cells = factors.flat_map(|factor| match &factor.curve {
        Curve::Linear { points } => {
            points.iter().flat_map(|point| [Cell::Number(point.x), Cell::Number(point.x + 0.125)]).collect()
        }
        Curve::Steps { cuts, .. } => cuts.iter().flat_map(|cut| [Cell::Number(*cut), Cell::Bits(cut.next_down())]).collect(),
        Curve::Levels { scores, .. } => scores.keys().map(|level| Cell::text(level)).collect::<Vec<_>>(),
    });
    cells.collect()
}

/// How many levels of a category field the card names, first by bins.
fn levels(pipeline: &Pipeline, field: &str) -> (bool, usize) {
    (pipeline.bins.iter().any(|bins| bins.feature == field), bends(pipeline, field).len())
}

fn kind(pipeline: &Pipeline, name: &str) -> Kind {
    pipeline.schema.fields.iter().find(|field| field.name == name).unwrap().kind
}

/// Quotients of two fields that meet a cut of the derived feature exactly, or miss it by the least.
fn ratios(pipeline: &Pipeline, base: &Record, records: &mut Vec<(String, Record)>) {
    for feature in &pipeline.features {
        let Some((above, below)) = feature.expression.split_once(" / ") else { continue };
        let Some(Split::Numeric { cuts }) =
            pipeline.bins.iter().find(|bins| bins.feature == feature.name).map(|bins| &bins.split)
        else {
            continue;
        };
        if !base.contains_key(above) || !base.contains_key(below) {
            continue;
        }
        for (i, &cut) in cuts.iter().enumerate() {
            let Some(divisor) = (2..60).map(f64::from).find(|x| cut * x / x == cut && (cut * x).next_down() / x < cut) else {
                continue;
            };
            for (what, dividend) in [("at", cut * divisor), ("just below", (cut * divisor).next_down())] {
                let record = with(&with(base, above, Cell::Bits(dividend)), below, Cell::Number(divisor));
                records.push((format!("{}: {what} cut {i}", feature.name), record));
            }
        }
    }
}

/// Records that must be refused.
fn errors(fields: &[Field], base: &Record) -> Vec<(String, Record)> {
    let mut records = vec![("a field that does not exist".to_owned(), with(base, "durration", Cell::Number(1.0)))];
    let read = ["amount", "duration", "term", "utilisation", "status", "job", "opened", "homeowner", "sales"];
    for field in fields.iter().filter(|field| read.contains(&field.name.as_str())) {
        let mut add = |what: &str, cell: Cell| records.push((format!("{}: {what}", field.name), with(base, &field.name, cell)));
        match field.kind {
            Kind::Number => {
                add("text where a number is expected", Cell::text("many"));
                add("infinite", Cell::Bits(f64::INFINITY));
                add("infinitely negative", Cell::Bits(f64::NEG_INFINITY));
                add("a flag where a number is expected", Cell::Flag(true));
            }
            Kind::Category => {
                add("a number where a level is expected", Cell::Number(1.0));
                add("a flag where a level is expected", Cell::Flag(true));
            }
            Kind::Flag => {
                add("a number where a flag is expected", Cell::Number(1.0));
            }
            Kind::Date => {
                add("a number where a day is expected", Cell::Number(12_000.0));
                add("a day that does not exist", Cell::text("2021-02-29"));
                add("a day in another form", Cell::text("29.03.2021"));
            }
        }
    }
    records
}

/// Adds records drawn at random that show something no case before has shown.
fn explore(found: &mut Vectors, artefact: &Artefact, scorer: &Scorer, base: &Record) {
    let mut seen: BTreeSet<String> = found
        .cases
        .iter()
        .filter_map(|case| if let Expected::Line(line) = &case.expected { Some(line) } else { None })
        .flat_map(|line| traits(line))
        .collect();
    let mut random = Random::new(1);
    for _ in 0..60_000 {
        let mut record = base.clone();
        for field in &artefact.pipeline().schema.fields {
            if random.chance(500) {
                record.insert(field.name.clone(), draw(artefact.pipeline(), field, &mut random));
            }
        }
        let line = as_line(scorer, &record, found.day()).unwrap();
        let fresh: Vec<String> = traits(&line).into_iter().filter(|what| !seen.contains(what)).collect();
        if let Some(first) = fresh.first() {
            found.cases.push(Case { name: format!("shows {first}"), record, expected: Expected::Line(line) });
            seen.extend(fresh);
        }
    }
}

/// What a decision shows: kinds of parts and how they go together.
pub(crate) fn traits(line: &str) -> BTreeSet<String> {
    let part: Vec<&str> = line.split('|').collect();
    let [tier, outcome, limit, binding, amount, bound, needed, expert, class] = [2, 3, 4, 5, 6, 9, 11, 15, 16].map(|at| part[at]);
    let mut traits: BTreeSet<String> = part[13].split(',').map(|reason| format!("reason {reason}")).collect();
    traits.insert(format!("tier {tier} and {outcome}"));
    traits.insert(format!("class {class} in tier {tier}"));
    traits.insert(format!("expert score {}", expert != "-"));
    traits.insert(format!("limit by {binding}"));
    traits.insert(format!("limit by {binding} in tier {tier}"));
    traits.insert(format!("rate by {bound}"));
    traits.insert(format!("no legal price {}", needed != "-"));
    traits.insert(format!("limit of nothing {}", limit.chars().all(|c| matches!(c, '0' | '.'))));
    traits.insert(format!("amount at the limit {}", limit == amount));
    traits.insert(format!("{} reasons", part[13].split(',').count()));
    traits
}

fn draw(pipeline: &Pipeline, field: &Field, random: &mut Random) -> Cell {
    let split = pipeline.bins.iter().find(|bins| bins.feature == field.name).map(|bins| &bins.split);
    if random.chance(60) {
        return Cell::Missing;
    }
    if random.chance(60)
        && let Some(special) = field.special.first()
    {
        return of_code(&special.code);
    }
    let bends = bends(pipeline, &field.name);
    if !bends.is_empty() && random.chance(700) {
        return random.pick(&bends).clone();
    }
    match (field.kind, split) {
        (Kind::Category, Some(Split::Category { groups, .. })) => {
            let filled: Vec<&Vec<String>> = groups.iter().filter(|group| !group.is_empty()).collect();
            let group = *random.pick(&filled);
            Cell::text(random.pick(group).as_str())
        }
        (Kind::Category, _) => Cell::Text(random.below(5).to_string()),
        (Kind::Flag, _) => Cell::Flag(random.chance(500)),
        (Kind::Date, _) => Cell::Text(Date::from_days(8_000 + random.below(12_000) as i32).to_string()),
        (Kind::Number, _) if field.name == "utilisation" => Cell::Number(random.below(25) as f64 / 20.0),
        (Kind::Number, _) if field.name == "amount" && random.chance(500) => Cell::Number((200 + random.below(1_800)) as f64),
        (Kind::Number, _) => Cell::Number(*random.pick(&[
            0.0, 3.0, 6.0, 8.0, 12.0, 18.0, 24.0, 48.0, 60.0, 72.0, 250.0, 700.0, 1_500.0, 4_000.0, 9_000.0, 18_000.0, 50_000.0,
            12.5,
        ])),
    }
}
