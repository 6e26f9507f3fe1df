//! What the scores have in common: weighted terms that are formulas over a statement.

use serde::{Deserialize, Serialize};

use super::formula::{Formula, all, guarded};
use super::statement::Cells;
use crate::error::Result;

/// One term of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// Name in the paper, for example `x1`.
    pub name: String,
    /// What it is, in words.
    pub definition: String,
    /// Its value.
    pub value: f64,
    /// What one unit of it counts.
    pub weight: f64,
    /// What it adds to the score: weight times value.
    pub contribution: f64,
}

/// A term as it is defined.
pub(super) struct TermDefinition {
    pub(super) name: &'static str,
    pub(super) definition: &'static str,
    pub(super) value: String,
    pub(super) denominators: &'static [&'static str],
    pub(super) weight: f64,
}

/// The terms on the cells of a statement.
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) with every item that is missing and every denominator that is not above
/// zero.
pub(super) fn evaluate(definitions: &[TermDefinition], cells: &Cells) -> Result<Vec<Term>> {
    let formulas = definitions.iter().map(|term| Formula::new(&term.value, term.denominators)).collect::<Result<Vec<_>>>()?;
    let values = all(formulas.iter().map(|formula| formula.evaluate(cells)))?;
    Ok(weigh(definitions, &values))
}

/// The terms with values that are known already.
pub(super) fn weigh(definitions: &[TermDefinition], values: &[f64]) -> Vec<Term> {
    let term = |(definition, &value): (&TermDefinition, &f64)| Term {
        name: definition.name.to_owned(),
        definition: definition.definition.to_owned(),
        value,
        weight: definition.weight,
        contribution: definition.weight * value,
    };
    definitions.iter().zip(values).map(term).collect()
}

/// The intercept and the contributions, added from left to right as the expression adds them.
pub(super) fn sum(intercept: Option<f64>, terms: &[Term]) -> f64 {
    intercept.into_iter().chain(terms.iter().map(|term| term.contribution)).reduce(|a, b| a + b).unwrap_or_default()
}

/// The score as one expression over the items of a statement.
pub(super) fn expression(intercept: Option<f64>, definitions: &[TermDefinition]) -> String {
    let mut text = intercept.map(|x| format!("{x:?}")).unwrap_or_default();
    let mut denominators = Vec::new();
    for TermDefinition { value, weight, denominators: of_term, .. } in definitions {
        // a − w·x and a + (−w)·x have the same bits.
        let sign = match (text.is_empty(), *weight < 0.0) {
            (true, true) => "-",
            (true, false) => "",
            (false, true) => " - ",
            (false, false) => " + ",
        };
        text.push_str(&format!("{sign}{:?} * ({value})", weight.abs()));
        denominators.extend(of_term.iter().filter(|text| !denominators.contains(*text)).copied().collect::<Vec<&str>>());
    }
    guarded(&text, &denominators)
}
