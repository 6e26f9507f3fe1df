//! One calculation as text: JSON in, JSON out, the same bytes in every language. What a host that is not Rust calls for schedules,
//! rates, capital, losses, prices and books; `CALCULATIONS.md` beside this file shows each with its input and its answer.
//!
//! Amounts of money are decimal texts. Other numbers of an input are JSON numbers or decimal texts (`0.0715` or `"0.0715"`); in an
//! answer they are decimal texts, the shortest that read back as the same double. Counts are numbers, days are `"YYYY-MM-DD"`, and
//! what is absent is `null`.

mod answer;
mod book;
mod capital;
mod columns;
mod demand;
mod input;
mod law;
mod losses;
mod products;
mod rates;
mod returns;
mod schedules;
#[cfg(test)]
mod tests;

pub use columns::{Columns, calculate_columns};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::data::nearest;
use crate::error::{Error, Problem, Result};
use crate::parallel::Threads;

/// Inputs of one piece of work: enough that handing it over does not matter.
const LINES: usize = 64;

/// What an input is: it can be read, and answered.
trait Input: DeserializeOwned {
    type Answer: Serialize;

    fn answer(self) -> Result<Self::Answer>;
}

/// A calculation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Calculation {
    /// Its name.
    pub name: &'static str,
    /// What it gives.
    pub about: &'static str,
    run: fn(&str) -> Result<String>,
    columns: Option<columns::OverColumns>,
}

impl Calculation {
    const fn new<I: Input>(name: &'static str, about: &'static str) -> Self {
        Calculation { name, about, run: |text| answer::write(&input::read::<I>(text)?.answer()?), columns: None }
    }
}

/// All calculations.
pub fn all() -> impl Iterator<Item = &'static Calculation> {
    let parts = [
        schedules::CALCULATIONS,
        rates::CALCULATIONS,
        capital::CALCULATIONS,
        losses::CALCULATIONS,
        returns::CALCULATIONS,
        law::CALCULATIONS,
        demand::CALCULATIONS,
        products::CALCULATIONS,
        book::CALCULATIONS,
    ];
    parts.into_iter().flatten()
}

fn find(name: &str) -> Result<&'static Calculation> {
    all().find(|known| known.name == name).ok_or_else(|| {
        let names: Vec<&str> = all().map(|known| known.name).collect();
        let problem = Problem::new("there is no calculation of this name", nearest(name, &names));
        Error::config(problem.field("calculation"))
    })
}

/// The answer to an input, both JSON.
///
/// ```
/// use scoreline::calculation::calculate;
/// let year = r#"{"hurdle": "0.12", "loan": {"rate": "0.085", "funding": "0.032", "opex": "0.015", "fees": 0, "expected_loss": "0.018",
///     "capital": "0.08", "capital_benefit": "0.025", "tax": "0.25", "funding_base": "ead"}}"#;
/// let answer = calculate("raroc", year)?;
/// assert!(answer.contains(r#""raroc":"0.20625"#), "{answer}");
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) for a name that [`all`] does not have;
/// [`InvalidData`](crate::ErrorCode::InvalidData) with the place of what is not of the expected form; and those of the calculation.
pub fn calculate(name: &str, input: &str) -> Result<String> {
    (find(name)?.run)(input)
}

/// The answers to many inputs of one calculation, one JSON text a line: `{"answer": …}`, or `{"error": {"code": …, "name": …,
/// "problems": […]}}` for an input that is refused, which harms no other. The order is that of the inputs, whatever the number of
/// threads.
///
/// ```
/// use scoreline::Threads;
/// use scoreline::calculation::calculate_lines;
/// let inputs = "{\"risk_free\": 0.025, \"beta\": 1.2, \"premium\": 0.06}\n{\"beta\": 1}\n";
/// let answers = calculate_lines("capm_hurdle", inputs, Threads::One)?;
/// let lines: Vec<&str> = answers.lines().collect();
/// assert_eq!(lines[0], r#"{"answer":{"hurdle":"0.097"}}"#);
/// assert!(lines[1].starts_with(r#"{"error":{"code":2,"name":"invalid_data""#));
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) for a name that [`all`] does not have.
pub fn calculate_lines(name: &str, inputs: &str, threads: Threads) -> Result<String> {
    let run = find(name)?.run;
    let lines: Vec<&str> = inputs.lines().collect();
    let answers = threads.map(lines.chunks(LINES).collect(), |lines| {
        let mut text = String::new();
        for line in lines {
            match run(line) {
                Ok(answer) => text.extend(["{\"answer\":", &answer, "}\n"]),
                Err(error) => text.extend(["{\"error\":", &answer::write(&answer::Refusal::new(&error))?, "}\n"]),
            }
        }
        Ok(text)
    })?;
    Ok(answers.concat())
}
