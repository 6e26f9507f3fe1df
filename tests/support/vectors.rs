//! The conformance vectors: records with the line that every language must give for them.

use scoreline::{Date, Error, Result, Schema, Scorer, Value};
use serde_json::{Map, Value as Json, json};

use crate::cell::{Cell, Record};
use crate::text;

/// The cases of one artefact and one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Vectors {
    /// Path of the artefact from the root of the repository.
    pub artefact: String,
    /// The day of the decisions.
    pub as_of: String,
    /// The cases.
    pub cases: Vec<Case>,
}

/// One record and what becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What the case is about; unique in its file.
    pub name: String,
    /// The record.
    pub record: Record,
    /// What becomes of it.
    pub expected: Expected,
}

/// What becomes of a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Expected {
    /// The canonical line of the decision.
    Line(String),
    /// Number and name of the error, and the field that it names.
    Error(u32, String, String),
}

impl Expected {
    pub(crate) fn to_json(&self) -> Json {
        match self {
            Expected::Line(line) => json!(line),
            Expected::Error(code, name, field) => json!({"code": code, "name": name, "field": field}),
        }
    }

    /// An error as [`Expected::to_json`] writes it.
    pub(crate) fn from_json(json: &Json) -> Self {
        let string = |json: &Json| json.as_str().unwrap().to_owned();
        Expected::Error(json["code"].as_u64().unwrap() as u32, string(&json["name"]), string(&json["field"]))
    }
}

impl Vectors {
    /// Reads `tests/conformance/<name>.json`.
    #[must_use]
    pub fn read(name: &str) -> Self {
        let json: Json = serde_json::from_str(&text(&format!("tests/conformance/{name}.json"))).unwrap();
        let string = |json: &Json| json.as_str().unwrap().to_owned();
        let case = |case: &Json| Case {
            name: string(&case["name"]),
            record: case["record"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(field, cell)| (field.clone(), Cell::from_json(cell)))
                .collect(),
            expected: match case.get("line") {
                Some(line) => Expected::Line(string(line)),
                None => Expected::from_json(&case["error"]),
            },
        };
        Vectors {
            artefact: string(&json["artefact"]),
            as_of: string(&json["as_of"]),
            cases: json["cases"].as_array().unwrap().iter().map(case).collect(),
        }
    }

    /// The text of the JSON file: one case a line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let cases: Vec<String> = self
            .cases
            .iter()
            .map(|case| {
                let record: Map<String, Json> = case.record.iter().map(|(field, cell)| (field.clone(), cell.to_json())).collect();
                let head = format!("  {{\"name\": {}, \"record\": {}", json!(case.name), Json::Object(record));
                match &case.expected {
                    Expected::Line(line) => format!("{head}, \"line\": {}}}", json!(line)),
                    Expected::Error(..) => format!("{head}, \"error\": {}}}", case.expected.to_json()),
                }
            })
            .collect();
        format!(
            "{{\"artefact\": {}, \"as_of\": {}, \"cases\": [\n{}\n]}}\n",
            json!(self.artefact),
            json!(self.as_of),
            cases.join(",\n")
        )
    }

    /// The text of the TSV file: name, `ok` or `error`, line or `code:field`, then the cells.
    #[must_use]
    pub fn to_tsv(&self, schema: &Schema) -> String {
        let lines = self.cases.iter().map(|case| {
            let head = match &case.expected {
                Expected::Line(line) => format!("{}\tok\t{line}", case.name),
                Expected::Error(code, _, field) => format!("{}\terror\t{code}:{field}", case.name),
            };
            let kind = |name: &str| schema.index(name).map(|at| schema.fields[at].kind);
            case.record.iter().fold(head, |line, (name, cell)| format!("{line}\t{name}={}", cell.to_tsv(kind(name)))) + "\n"
        });
        lines.collect()
    }

    /// The day of the decisions.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        Some(Date::parse(&self.as_of).unwrap())
    }
}

/// The cells of a record in the order of the schema.
///
/// # Errors
/// When there is no such field, or the text of a day is not one.
pub fn cells<'a>(scorer: &Scorer, record: &'a Record) -> Result<Vec<Value<'a>>> {
    let mut cells = scorer.record();
    for (name, cell) in record {
        let at = scorer.field(name)?;
        cells[at] = cell.value(&scorer.schema().fields[at])?;
    }
    Ok(cells)
}

/// The canonical line of the decision on a record.
///
/// # Errors
/// Those of [`cells`] and of `Scorer::decide`.
pub fn as_line(scorer: &Scorer, record: &Record, as_of: Option<Date>) -> Result<String> {
    Ok(scorer.answer(&scorer.decide(&cells(scorer, record)?, as_of)?).canonical())
}

/// An error as the vectors write it.
#[must_use]
pub fn as_error(error: &Error) -> Expected {
    let field = error.problems()[0].field.clone().unwrap_or_default();
    Expected::Error(error.code().number(), error.code().name().to_owned(), field)
}
