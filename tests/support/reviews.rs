//! The conformance vectors of reviews: accounts with the line that every language must give for them.

use scoreline::tier::{RiskTier, Standing};
use scoreline::{Date, Result, Schema, Scorer};
use serde_json::{Map, Value as Json, json};

use crate::cell::{Cell, Record};
use crate::text;
use crate::vectors::{Expected, cells};

/// The cases of one artefact.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewVectors {
    /// Path of the artefact from the root of the repository.
    pub artefact: String,
    /// The cases.
    pub cases: Vec<ReviewCase>,
}

/// One account on one day, and what becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewCase {
    /// What the case is about; unique in its file.
    pub name: String,
    /// The day of the review.
    pub today: String,
    /// The tier that the account has and its first day.
    pub standing: Option<(RiskTier, String)>,
    /// The record.
    pub record: Record,
    /// The canonical line of the review, or the error.
    pub expected: Expected,
}

impl ReviewCase {
    /// The day of the review.
    #[must_use]
    pub fn day(&self) -> Date {
        Date::parse(&self.today).unwrap()
    }

    /// The tier that the account has.
    #[must_use]
    pub fn standing(&self) -> Option<Standing> {
        self.standing.as_ref().map(|(tier, since)| Standing { tier: *tier, since: Date::parse(since).unwrap() })
    }
}

/// The canonical line of the review of an account.
///
/// # Errors
/// Those of [`cells`] and of `Scorer::review`.
pub fn as_review(scorer: &Scorer, record: &Record, standing: Option<Standing>, today: Date) -> Result<String> {
    Ok(scorer.review_answer(&scorer.review(&cells(scorer, record)?, standing, today)?).canonical())
}

impl ReviewVectors {
    /// Reads `tests/conformance/reviews/<name>.json`.
    #[must_use]
    pub fn read(name: &str) -> Self {
        let json: Json = serde_json::from_str(&text(&format!("tests/conformance/reviews/{name}.json"))).unwrap();
        let string = |json: &Json| json.as_str().unwrap().to_owned();
        let case = |case: &Json| ReviewCase {
            name: string(&case["name"]),
            today: string(&case["today"]),
            standing: case["tier"].as_str().map(|tier| (tier_of(tier), string(&case["since"]))),
            record: case["record"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, cell)| (name.clone(), Cell::from_json(cell)))
                .collect(),
            expected: match case.get("line") {
                Some(line) => Expected::Line(string(line)),
                None => Expected::from_json(&case["error"]),
            },
        };
        ReviewVectors { artefact: string(&json["artefact"]), cases: json["cases"].as_array().unwrap().iter().map(case).collect() }
    }

    /// The text of the JSON file: one case a line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let case = |case: &ReviewCase| {
            let record: Map<String, Json> = case.record.iter().map(|(name, cell)| (name.clone(), cell.to_json())).collect();
            let (tier, since) = case.standing.as_ref().map(|(tier, since)| (tier.to_string(), since)).unzip();
            let kind = if matches!(case.expected, Expected::Line(_)) { "line" } else { "error" };
            format!(
                "  {{\"name\": {}, \"today\": {}, \"tier\": {}, \"since\": {}, \"record\": {}, \"{kind}\": {}}}",
                json!(case.name),
                json!(case.today),
                json!(tier),
                json!(since),
                Json::Object(record),
                case.expected.to_json()
            )
        };
        let cases: Vec<String> = self.cases.iter().map(case).collect();
        format!("{{\"artefact\": {}, \"cases\": [\n{}\n]}}\n", json!(self.artefact), cases.join(",\n"))
    }

    /// The text of the TSV file: name, `ok` or `error`, line or `code:field`, day, tier and its first day (empty where there is
    /// none), then the cells.
    #[must_use]
    pub fn to_tsv(&self, schema: &Schema) -> String {
        let line = |case: &ReviewCase| {
            let expected = match &case.expected {
                Expected::Line(line) => format!("ok\t{line}"),
                Expected::Error(code, _, field) => format!("error\t{code}:{field}"),
            };
            let (tier, since) =
                case.standing.as_ref().map_or_else(Default::default, |(tier, since)| (tier.to_string(), since.clone()));
            let head = format!("{}\t{expected}\t{}\t{tier}\t{since}", case.name, case.today);
            let kind = |name: &str| schema.index(name).map(|at| schema.fields[at].kind);
            case.record.iter().fold(head, |line, (name, cell)| format!("{line}\t{name}={}", cell.to_tsv(kind(name)))) + "\n"
        };
        self.cases.iter().map(line).collect()
    }
}

fn tier_of(letter: &str) -> RiskTier {
    letter.chars().next().and_then(RiskTier::from_letter).unwrap()
}
