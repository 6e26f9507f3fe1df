//! A formula in the expression language with the denominators that must be above zero, and why it may have no value.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::statement::{Cells, ITEMS};
use crate::data::{Kind, Value};
use crate::error::{Error, ErrorCode, Problem, Result};
use crate::expr::{Expr, Scope};

/// Why a ratio has no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case", deny_unknown_fields)]
pub enum MissingReason {
    /// Items that it needs are missing.
    InputMissing {
        /// Their names; those of the year before begin with `prior_`.
        fields: Vec<String>,
    },
    /// A denominator is zero.
    DenominatorZero {
        /// The denominator, as in the expression.
        denominator: String,
    },
    /// A denominator is negative, so that the quotient would read as its opposite.
    DenominatorNegative {
        /// The denominator, as in the expression.
        denominator: String,
    },
    /// Equity is negative, which leaves a quotient over it without meaning.
    NegativeEquity {
        /// `equity` or `prior_equity`.
        denominator: String,
    },
    /// The result is beyond the range of a double, about ±1.8·10³⁰⁸.
    OutOfRange,
}

impl MissingReason {
    fn of(denominator: &str, value: f64) -> Self {
        let denominator = denominator.to_owned();
        if value == 0.0 {
            MissingReason::DenominatorZero { denominator }
        } else if matches!(denominator.as_str(), "equity" | "prior_equity") {
            MissingReason::NegativeEquity { denominator }
        } else {
            MissingReason::DenominatorNegative { denominator }
        }
    }

    /// What it means for a formula that cannot do without the value.
    fn problems(&self) -> Vec<Problem> {
        match self {
            MissingReason::InputMissing { fields } => {
                let missing =
                    |name| Problem::new("the item is needed and missing", "fill it in, or leave the score out").field(name);
                fields.iter().map(missing).collect()
            }
            MissingReason::DenominatorZero { denominator } => {
                vec![Problem::new("the denominator is zero", "a value above zero is needed").field(denominator)]
            }
            MissingReason::DenominatorNegative { denominator } | MissingReason::NegativeEquity { denominator } => {
                vec![Problem::new("the denominator is negative", "a value above zero is needed").field(denominator)]
            }
            MissingReason::OutOfRange => {
                vec![Problem::new("the result is beyond the range of a double", "check the unit of the amounts")]
            }
        }
    }
}

impl fmt::Display for MissingReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MissingReason::InputMissing { fields } => write!(f, "missing: {}", fields.join(", ")),
            MissingReason::DenominatorZero { denominator } => write!(f, "{denominator} is zero"),
            MissingReason::DenominatorNegative { denominator } | MissingReason::NegativeEquity { denominator } => {
                write!(f, "{denominator} is negative")
            }
            MissingReason::OutOfRange => f.write_str("beyond the range of a double"),
        }
    }
}

/// `value` as an expression that is missing unless every one of `positive` is above zero.
pub(super) fn guarded(value: &str, positive: &[&str]) -> String {
    if positive.is_empty() {
        return value.to_owned();
    }
    let guards: Vec<String> = positive.iter().map(|denominator| format!("{denominator} > 0")).collect();
    format!("CASE WHEN {} THEN {value} END", guards.join(" AND "))
}

/// A formula resolved against the items of two years.
pub(super) struct Formula {
    expression: Expr,
    denominators: Vec<(&'static str, Expr)>,
}

impl Formula {
    /// # Errors
    /// What the parser finds.
    pub(super) fn new(value: &str, positive: &[&'static str]) -> Result<Self> {
        let scope = scope()?;
        let expression = Expr::parse(&guarded(value, positive), &scope)?;
        let denominators = positive.iter().map(|text| Ok((*text, Expr::parse(text, &scope)?))).collect::<Result<_>>()?;
        Ok(Formula { expression, denominators })
    }

    /// The value, or why there is none.
    pub(super) fn evaluate(&self, cells: &Cells) -> std::result::Result<f64, MissingReason> {
        if let Some(x) = number(&self.expression, cells) {
            return Ok(x);
        }
        let missing = self.expression.reads().iter().filter(|&&slot| cell(cells, slot).is_none());
        let fields: Vec<String> = missing.map(|&slot| name(slot).to_owned()).collect();
        if !fields.is_empty() {
            return Err(MissingReason::InputMissing { fields });
        }
        for (text, denominator) in &self.denominators {
            match number(denominator, cells) {
                Some(x) if x > 0.0 => {}
                Some(x) => return Err(MissingReason::of(text, x)),
                None => return Err(MissingReason::OutOfRange),
            }
        }
        Err(MissingReason::OutOfRange)
    }
}

fn number(expression: &Expr, cells: &Cells) -> Option<f64> {
    match expression.program().eval(|slot| cell(cells, slot).map_or(Value::Missing, Value::Number)) {
        Value::Number(x) => Some(x),
        _ => None,
    }
}

fn cell(cells: &Cells, slot: usize) -> Option<f64> {
    cells.get(slot).copied().flatten()
}

/// Name of a slot: an item of the year, or of the year before.
fn name(slot: usize) -> &'static str {
    match (ITEMS.get(slot), slot.checked_sub(ITEMS.len()).and_then(|at| ITEMS.get(at))) {
        (Some(item), _) => item.name,
        (None, Some(item)) => item.prior,
        (None, None) => "",
    }
}

/// The items of the year, then those of the year before.
fn scope() -> Result<Scope<'static>> {
    let mut scope = Scope::new();
    for slot in 0..2 * ITEMS.len() {
        scope.push(name(slot), Kind::Number)?;
    }
    Ok(scope)
}

/// The values of all formulas, or every distinct problem of those that have none.
pub(super) fn all(found: impl IntoIterator<Item = std::result::Result<f64, MissingReason>>) -> Result<Vec<f64>> {
    let mut values = Vec::new();
    let mut problems: Vec<Problem> = Vec::new();
    let mut seen = BTreeSet::new();
    for one in found {
        match one {
            Ok(x) => values.push(x),
            Err(reason) => problems.extend(reason.problems().into_iter().filter(|problem| seen.insert(problem.to_string()))),
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(Error::new(ErrorCode::InvalidData, problems)) }
}
