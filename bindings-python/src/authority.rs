//! Ladders: who may decide, and how soon.

use std::sync::Arc;

use arrow_array::DictionaryArray;
use arrow_array::types::Int32Type;
use pyo3::prelude::*;
use scoreline::decision::{Case, Ladder};
use scoreline::tier::RiskTier;
use scoreline::{Error, Kind, Problem, Value};

use crate::data::Single;
use crate::error::Fault;
use crate::guard::guard;
use crate::pipeline::Table;
use crate::plain::setting;

fn ladder(text: &str) -> Result<Ladder, Error> {
    let ladder: Ladder = setting("ladder", text)?;
    ladder.validate()?;
    Ok(ladder)
}

/// Checks a ladder, given as JSON.
#[pyfunction]
pub(crate) fn check_ladder(text: &str) -> Result<(), Fault> {
    guard(|| Ok(ladder(text).map(drop)?))
}

/// The name of the rung of a case.
#[pyfunction]
pub(crate) fn ladder_rung(text: &str, amount: f64, tier: &str, exceptions: u32) -> Result<String, Fault> {
    guard(|| {
        let tier = RiskTier::parse(tier).map_err(|error| error.in_field("tier"))?;
        Ok(ladder(text)?.rung(amount, tier, exceptions)?.name.clone())
    })
}

/// The names of the rungs of a column of cases, as the column `rung` of a table.
#[pyfunction]
#[pyo3(signature = (text, amounts, tiers, exceptions = None))]
pub(crate) fn ladder_rungs(
    text: &str,
    amounts: &Bound<'_, PyAny>,
    tiers: &Bound<'_, PyAny>,
    exceptions: Option<&Bound<'_, PyAny>>,
) -> Result<Table, Fault> {
    guard(|| {
        let ladder = ladder(text)?;
        let amounts = Single::read("amounts", amounts, Some(Kind::Number))?.numbers()?;
        let tiers = Single::read("tiers", tiers, Some(Kind::Category))?;
        let tiers = tiers.column()?;
        let exceptions = Single::read_optional("exceptions", exceptions)?.map(|column| column.numbers()).transpose()?;
        let exceptions = exceptions.unwrap_or_else(|| vec![0.0; amounts.len()]);
        if tiers.len() != amounts.len() || exceptions.len() != amounts.len() {
            let problem = Problem::new("amounts, tiers and exceptions differ in length", "pass one of each a case");
            return Err(Error::data(problem.field("amounts")).into());
        }
        let case = |(row, (amount, exceptions)): (usize, (&f64, &f64))| {
            let letter = if let Value::Category(letter) = tiers.value(row) { letter } else { "" };
            let tier = RiskTier::parse(letter).map_err(|error| error.in_field("tiers").at_row(row))?;
            let whole = *exceptions as u32;
            if f64::from(whole) != *exceptions {
                let problem = Problem::new("a whole number of at least 0 was expected", "pass how many exceptions are asked for");
                return Err(Error::data(problem.field("exceptions").row(row)));
            }
            Ok(Case { amount: *amount, tier, exceptions: whole })
        };
        let cases = amounts.iter().zip(&exceptions).enumerate().map(case).collect::<Result<Vec<_>, _>>()?;
        let places = ladder.places(&cases)?;
        let names = places.iter().map(|&at| ladder.rungs.get(at).map(|rung| rung.name.as_str()));
        let rungs: DictionaryArray<Int32Type> = names.collect();
        Ok(Table::arrays([("rung".to_owned(), Arc::new(rungs) as _)])?)
    })
}
