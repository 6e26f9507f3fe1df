//! A record as a `Float64Array` and a decision as another: the quickest way for one record at a time.

use std::collections::HashMap;

use napi::Unknown;
use napi_derive::napi;
use scoreline::pipeline::NONE;
use scoreline::pricing::Money;
use scoreline::{Date, Decision, Error, Field, Kind, Problem, Row, Scorer, Value};

use crate::answer::{PriceParts, reason_indices};
use crate::error::Fault;
use crate::js::View;

/// Where each part of a decision stands in the array that `decideInto` fills. NaN where a part is absent.
#[napi]
pub enum Part {
    /// Score points; higher is safer.
    Score,
    /// Probability of the event.
    Pd,
    /// Risk tier as an index into `scorer.tiers`.
    Tier,
    /// Outcome as an index into `scorer.outcomes`.
    Outcome,
    /// Credit limit in minor units: exact below 2^53, else the nearest double.
    Limit,
    /// Limit candidate that binds, as an index into `scorer.limits`.
    LimitBinding,
    /// Amount offered in minor units.
    Amount,
    /// Monthly instalment in minor units.
    Instalment,
    /// Rate per year, as a fraction.
    Rate,
    /// What the rate rests on, as an index into `scorer.rateBounds`.
    RateBound,
    /// RAROC at that rate, as a fraction.
    Raroc,
    /// Rate that would earn the hurdle, when no legal price exists.
    RateNeeded,
    /// Cap that stands in the way, when no legal price exists.
    RateCap,
    /// Number of category fields of the card whose level was never seen in training.
    Unseen,
    /// Most important reason, as an index into `scorer.reasons`.
    Reason1,
    /// Second reason.
    Reason2,
    /// Third reason.
    Reason3,
    /// Fourth reason.
    Reason4,
    /// Score of the expert card, 0 to 100.
    ExpertScore,
    /// Worth of the client by that score, as an index into `scorer.classes`.
    ClientClass,
    /// Length of the array.
    Length,
}

pub(crate) const PARTS: usize = Part::Length as usize;

/// Levels that have a number.
#[derive(Default)]
pub(crate) struct Levels {
    numbers: HashMap<String, usize>,
    texts: Vec<String>,
}

impl Levels {
    /// The number of a level, the same every time.
    pub(crate) fn number(&mut self, level: &str) -> usize {
        if let Some(&number) = self.numbers.get(level) {
            return number;
        }
        self.numbers.insert(level.to_owned(), self.texts.len());
        self.texts.push(level.to_owned());
        self.texts.len() - 1
    }
}

/// The cells of a typed row, and the levels that they refer to.
pub(crate) struct Cells<'a> {
    fields: &'a [Field],
    cells: &'a [f64],
    levels: &'a Levels,
}

impl<'a> Cells<'a> {
    /// Checks the cells that outputs depend on.
    pub(crate) fn new(scorer: &'a Scorer, cells: &'a [f64], levels: &'a Levels) -> scoreline::Result<Self> {
        let fields = &scorer.schema().fields;
        let row = Cells { fields, cells, levels };
        for &field in scorer.required() {
            row.cell(field).ok_or_else(|| no_cell(&fields[field]))?;
        }
        Ok(row)
    }

    fn cell(&self, field: usize) -> Option<Value<'a>> {
        let x = *self.cells.get(field)?;
        if x.is_nan() {
            return Some(Value::Missing);
        }
        match self.fields.get(field)?.kind {
            Kind::Number => Some(Value::Number(x)),
            Kind::Flag => Some(Value::Flag(whole(x).filter(|&flag| flag <= 1)? == 1)),
            Kind::Category => self.levels.texts.get(whole(x)? as usize).map(|level| Value::Category(level)),
            Kind::Date => (x == f64::from(x as i32)).then(|| Value::Date(Date::from_days(x as i32))),
        }
    }
}

impl Row for Cells<'_> {
    fn value(&self, field: usize) -> Value<'_> {
        self.cell(field).unwrap_or_default()
    }
}

/// A whole number that an index can be.
fn whole(x: f64) -> Option<u32> {
    Some(x as u32).filter(|&whole| f64::from(whole) == x)
}

fn no_cell(field: &Field) -> Error {
    let remedy = match field.kind {
        Kind::Number => "pass a number, or NaN when it is missing",
        Kind::Category => "pass what scorer.level gives for the level, or NaN when it is missing",
        Kind::Date => "pass whole days since 1970-01-01, as parseDate gives them, or NaN when it is missing",
        Kind::Flag => "pass 0 or 1, or NaN when it is missing",
    };
    Error::data(Problem::new(format!("a {} was expected", field.kind.name()), remedy).field(&field.name))
}

/// The array called `name`, of at least `length` elements.
pub(crate) fn float64(value: Unknown<'_>, name: &str, length: usize) -> Result<View, Fault> {
    let view = View::of(value)?.filter(|view| view.is_float64() && view.len() >= length);
    view.ok_or_else(|| {
        let what = format!("a Float64Array of at least {length} elements was expected");
        Error::data(Problem::new(what, "pass one that is not in shared memory").field(name)).into()
    })
}

/// The parts of a decision, each at its [`Part`].
pub(crate) fn parts(decision: &Decision) -> [f64; PARTS] {
    let index = |index: Option<u8>| index.map_or(f64::NAN, f64::from);
    let present = |code: u8| index(Some(code).filter(|&code| code != NONE));
    let minor = |money: Option<Money>| money.map_or(f64::NAN, |money| money.minor() as f64);
    let price = PriceParts::new(decision.price);
    let [reason1, reason2, reason3, reason4] = reason_indices(decision).map(present);
    [
        decision.score,
        decision.pd,
        index(decision.tier.map(|tier| tier.index() as u8)),
        index(decision.outcome.map(|outcome| outcome.index() as u8)),
        minor(decision.limit),
        index(decision.binding),
        minor(decision.amount),
        minor(decision.instalment),
        price.rate,
        present(price.bound),
        price.raroc,
        price.needed,
        price.cap,
        f64::from(decision.unseen),
        reason1,
        reason2,
        reason3,
        reason4,
        decision.expert_score.unwrap_or(f64::NAN),
        index(decision.client_class.map(|class| class.index() as u8)),
    ]
}
