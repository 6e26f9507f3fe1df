//! Known answers: synthetic records at the borders of the bins, with what the decision must be.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::binning::Split;
use crate::data::{Code, Date, Field, Kind, Value};
use crate::error::{Error, Problem, Result};
use crate::model::Curve;
use crate::pipeline::{Answer, Pipeline, ReviewAnswer, Scorer};
use crate::tier::{RiskTier, Standing};

/// The most known answers of a file.
const MAX_CHECKS: usize = 400;

/// The day of the known answers of a pipeline in which nothing is dated.
const SOME_DAY: Date = Date::from_days(20_454);

/// One known answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The record: every field that the pipeline reads; `null` when missing.
    pub record: BTreeMap<String, Cell>,
    /// The day of the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// What the decision must be, to the last bit.
    pub answer: Answer,
    /// What the review of an account must be, where the pipeline reviews accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewCheck>,
}

/// The known answer to the review of an account with the same record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewCheck {
    /// The day of the run.
    pub today: Date,
    /// The tier that the account has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
    /// What the review must be, to the last bit.
    pub answer: ReviewAnswer,
}

/// A cell of a stored record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// Missing.
    Missing(()),
    /// A flag.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A level, or a day as `YYYY-MM-DD`.
    Text(String),
}

impl Cell {
    fn value(&self, field: &Field) -> Result<Value<'_>> {
        match self {
            Cell::Missing(()) => Ok(Value::Missing),
            Cell::Flag(flag) => field.check(Value::Flag(*flag)),
            Cell::Number(x) => field.check(Value::Number(*x)),
            Cell::Text(text) if field.kind == Kind::Number => field.check(Value::Category(text)),
            Cell::Text(text) => field.parse(text),
        }
    }
}

/// Decides every record and compares bits.
pub(super) fn verify(checks: &[Check], scorer: &Scorer) -> Result<()> {
    for (i, check) in checks.iter().enumerate() {
        let differs = |what: String| {
            let what = format!("known answer {i} is not reproduced: {what}");
            let remedy = "use the release that wrote the file and report this as a defect";
            Err(Error::artefact(Problem::new(what, remedy).field("checks")))
        };
        let values = values(scorer, check)?;
        let answer = scorer.answer(&scorer.decide(&values, check.as_of)?);
        if answer != check.answer {
            return differs(check.answer.difference(&answer));
        }
        if let Some(expected) = &check.review {
            let review = scorer.review_answer(&scorer.review(&values, expected.standing, expected.today)?);
            if review != expected.answer {
                return differs("the review of the account".to_owned());
            }
        }
    }
    Ok(())
}

fn values<'c>(scorer: &Scorer, check: &'c Check) -> Result<Vec<Value<'c>>> {
    let schema = scorer.schema();
    let mut values = vec![Value::Missing; schema.fields.len()];
    for (name, cell) in &check.record {
        let field = schema.find(name)?;
        values[field] = cell.value(&schema.fields[field])?;
    }
    Ok(values)
}

/// A base record of plain values; then one field at a time through its interesting values; then pairs
/// that move together.
pub(super) fn compute(pipeline: &Pipeline, scorer: &Scorer) -> Result<Vec<Check>> {
    let caps = pipeline.pricing.iter().flat_map(|pricing| &pricing.caps).map(|cap| cap.from).max();
    let as_of = caps.or_else(|| pipeline.tier.iter().flat_map(|tier| &tier.overlays).map(|overlay| overlay.from).max());
    let dated = pipeline.tier.iter().flat_map(|tier| &tier.weak).filter_map(|rule| rule.until).min();
    let as_of = as_of.or(dated);
    let reviews = pipeline.review.is_some() || pipeline.tier.as_ref().is_some_and(|tier| tier.hysteresis.is_some());
    let read: Vec<&Field> = scorer.required().iter().map(|&field| &pipeline.schema.fields[field]).collect();
    let options: Vec<Vec<Cell>> = read.iter().map(|field| interesting(pipeline, field)).collect();
    let mut records: Vec<Vec<usize>> = vec![vec![0; read.len()]];
    for (field, options) in options.iter().enumerate() {
        for option in 1..options.len() {
            let mut record = records[0].clone();
            record[field] = option;
            records.push(record);
        }
    }
    // Every field steps through its values at its own pace.
    for step in 1..64usize {
        records.push(options.iter().enumerate().map(|(field, options)| step * (2 * field + 1) % options.len()).collect());
    }
    records.truncate(MAX_CHECKS);
    let mut checks = Vec::new();
    for (number, choice) in records.into_iter().enumerate() {
        let record = read
            .iter()
            .zip(&options)
            .zip(choice)
            .map(|((field, options), at)| (field.name.clone(), options[at].clone()))
            .collect();
        let mut check = Check { record, as_of, answer: Answer::default(), review: None };
        let values = values(scorer, &check)?;
        let answer = scorer.answer(&scorer.decide(&values, as_of)?);
        if reviews {
            let today = as_of.unwrap_or(SOME_DAY);
            let standing = standing(number, today);
            let answer = scorer.review_answer(&scorer.review(&values, standing, today)?);
            check.review = Some(ReviewCheck { today, standing, answer });
        }
        check.answer = answer;
        checks.push(check);
    }
    Ok(checks)
}

/// Each tier in turn, held for some days or months, and every fifth time none.
fn standing(number: usize, today: Date) -> Option<Standing> {
    let tier = RiskTier::from_index(number % 5)?;
    Some(Standing { tier, since: Date::from_days(today.days() - 20 * (number % 7) as i32) })
}

/// Values at which the curves of an expert card bend.
fn by_expert(pipeline: &Pipeline, field: &Field) -> Vec<Cell> {
    let factors = pipeline.expert.iter().flat_map(|expert| &expert.card.factors);
    let number = |x: f64| [Cell::Number(x), Cell::Number(x.next_down())];
    let cells = factors.filter(|factor| factor.input == field.name).flat_map(|factor| match &factor.curve {
        Curve::Linear { points } => points.windows(2).flat_map(|pair| number((pair[0].x + pair[1].x) / 2.0)).collect(),
        Curve::Steps { cuts, .. } => cuts.iter().copied().flat_map(number).collect(),
        Curve::Levels { scores, .. } => scores.keys().map(|level| Cell::Text(level.clone())).collect::<Vec<_>>(),
    });
    cells.collect()
}

/// Values of a field that sit on either side of every border it is compared with, codes and the missing value.
fn interesting(pipeline: &Pipeline, field: &Field) -> Vec<Cell> {
    let mut cells = Vec::new();
    let split = pipeline.bins.iter().find(|bins| bins.feature == field.name).map(|bins| &bins.split);
    match (field.kind, split) {
        (Kind::Number, Some(Split::Numeric { cuts })) => {
            for &cut in cuts {
                cells.extend([Cell::Number(cut), Cell::Number(cut.next_down())]);
            }
        }
        (Kind::Number, _) if !by_expert(pipeline, field).is_empty() => cells.extend(by_expert(pipeline, field)),
        (Kind::Number, _) => cells.extend([12.0, 1.0, 100.0, 2_500.0, 40_000.0, 0.0].map(Cell::Number)),
        (Kind::Category, Some(Split::Category { groups, .. })) => {
            cells.extend(groups.iter().filter_map(|group| group.first()).map(|level| Cell::Text(level.clone())));
            cells.push(Cell::Text("a level never seen".to_owned()));
        }
        (Kind::Category, _) => {
            cells.extend(by_expert(pipeline, field));
            cells.push(Cell::Text("a level never seen".to_owned()));
        }
        (Kind::Flag, _) => cells.extend([Cell::Flag(false), Cell::Flag(true)]),
        (Kind::Date, Some(Split::Numeric { cuts })) => {
            for &cut in cuts {
                let day = cut.ceil() as i32;
                cells.extend([day, day - 1].map(|day| Cell::Text(Date::from_days(day).to_string())));
            }
        }
        (Kind::Date, _) => cells.push(Cell::Text("2020-02-29".to_owned())),
    }
    if cells.is_empty() {
        cells.push(Cell::Number(1.0));
    }
    for special in &field.special {
        cells.push(match &special.code {
            Code::Number(x) => Cell::Number(*x),
            Code::Text(text) => Cell::Text(text.clone()),
        });
    }
    cells.push(Cell::Missing(()));
    cells
}
