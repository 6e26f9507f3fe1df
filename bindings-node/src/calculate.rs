//! Calculations by name: schedules, rates, capital, losses, prices and books.

use std::collections::BTreeMap;

use napi::bindgen_prelude::{AsyncTask, Float64Array, FromNapiValue, JsObjectValue, Object, Uint8Array};
use napi::{Env, JsValue, Unknown};
use napi_derive::napi;
use scoreline::calculation::{self, Columns};
use scoreline::{Error, Problem, Threads};

use crate::argument::{self, Options};
use crate::background::{Background, Work};
use crate::error::Fault;
use crate::guard::guard;
use crate::js::{self, Json, Texts, View};
use crate::rows::{RowError, row_errors};

/// The name of a calculation.
fn named(name: Unknown<'_>) -> Result<String, Fault> {
    argument::read(name, "name", "the name of a calculation")
}

/// An input as JSON.
fn written(input: Unknown<'_>, name: &str) -> Result<String, Fault> {
    Ok(Json::of(argument::plain_object(input, name)?)?.0)
}

/// Calculates: schedules, annualised rates, capital, losses, prices, books. `name` is one of `calculations()`, and
/// `CALCULATIONS.md` shows each with its input and its answer. Money is decimal text; rates and other fractions are numbers or
/// decimal texts in the input, and decimal texts in the answer, the shortest that read back as the same double.
#[napi(
    catch_unwind,
    ts_generic_types = "K extends keyof Calculations",
    ts_args_type = "name: K, input: Calculations[K]['input']",
    ts_return_type = "Calculations[K]['answer']"
)]
pub fn calculate(env: Env, name: Unknown, input: Unknown) -> napi::Result<Json> {
    guard(env, || Ok(Json(calculation::calculate(&named(name)?, &written(input, "input")?)?)))
}

/// The names of the calculations.
#[napi(catch_unwind, ts_return_type = "(keyof Calculations)[]")]
pub fn calculations(env: Env) -> napi::Result<Vec<&'static str>> {
    guard(env, || Ok(calculation::all().map(|one| one.name).collect()))
}

/// Many inputs of one calculation.
pub struct Lines {
    name: String,
    inputs: String,
    threads: Threads,
}

impl Lines {
    fn read(name: Unknown<'_>, inputs: Unknown<'_>, options: Unknown<'_>) -> Result<Self, Fault> {
        if !inputs.is_array()? {
            let problem = Problem::new("an array of inputs was expected", "pass the inputs in an array").field("inputs");
            return Err(Error::data(problem).into());
        }
        let inputs = Object::from_unknown(inputs)?;
        let mut lines = String::new();
        js::each_element(&inputs, inputs.get_array_length_unchecked()?, |row, input| {
            lines.push_str(&written(input, "inputs").map_err(|fault| fault.at_row(row))?);
            lines.push('\n');
            Ok(())
        })?;
        Ok(Lines { name: named(name)?, inputs: lines, threads: Options::read(options, &["threads"])?.threads })
    }
}

impl Work for Lines {
    type Output = String;
    type Answer = Json;

    fn run(&mut self) -> scoreline::Result<String> {
        calculation::calculate_lines(&self.name, &self.inputs, self.threads)
    }

    fn answer(&mut self, _: Env, lines: String) -> napi::Result<Json> {
        Ok(Json(format!("[{}]", lines.trim_end().replace('\n', ","))))
    }
}

/// Calculates for many inputs, off the event loop. The answers come in the order of the inputs: `{ answer }`, or `{ error }` for an
/// input that is refused, which harms no other.
#[napi(
    catch_unwind,
    ts_generic_types = "K extends keyof Calculations",
    ts_args_type = "name: K, inputs: readonly Calculations[K]['input'][], options?: ScoreOptions",
    ts_return_type = "Promise<Calculated<K>[]>"
)]
pub fn calculate_batch(env: Env, name: Unknown, inputs: Unknown, options: Unknown) -> napi::Result<AsyncTask<Background<Lines>>> {
    guard(env, || Background::start(Lines::read(name, inputs, options)))
}

/// One input of which columns take the place of some figures.
pub struct OverColumns {
    name: String,
    input: String,
    columns: Vec<(String, Vec<f64>)>,
    threads: Threads,
}

impl OverColumns {
    fn read(name: Unknown<'_>, input: Unknown<'_>, columns: Unknown<'_>, options: Unknown<'_>) -> Result<Self, Fault> {
        let object = argument::plain_object(columns, "columns")?;
        let names = js::names(&object)?;
        let (mut texts, mut columns) = (Texts::default(), Vec::new());
        for at in 0..names.get_array_length_unchecked()? {
            let name: Unknown<'_> = names.get_element(at)?;
            let at = texts.push(name)?;
            let view = View::of(object.get_property_unchecked(name)?)?.filter(View::is_float64).ok_or_else(|| {
                Error::data(Problem::new("a Float64Array was expected", "pass a Float64Array").field(texts.get(at)))
            })?;
            columns.push((texts.get(at).to_owned(), view.float64()));
        }
        let threads = Options::read(options, &["threads"])?.threads;
        Ok(OverColumns { name: named(name)?, input: written(input, "input")?, columns, threads })
    }
}

/// Answers over columns: one entry a row in each array.
#[napi(object, object_from_js = false)]
pub struct ColumnAnswers {
    /// The figures by name; NaN where a row has none.
    pub figures: BTreeMap<String, Float64Array>,
    /// 0, or the number of the kind of the row's error: 2 is `invalid_data`.
    pub status: Uint8Array,
    /// Rows that were refused, in rising order.
    pub errors: Vec<RowError>,
}

impl Work for OverColumns {
    type Output = Columns;
    type Answer = ColumnAnswers;

    fn run(&mut self) -> scoreline::Result<Columns> {
        let columns: Vec<(&str, &[f64])> = self.columns.iter().map(|(name, column)| (name.as_str(), column.as_slice())).collect();
        calculation::calculate_columns(&self.name, &self.input, &columns, self.threads)
    }

    fn answer(&mut self, _: Env, columns: Columns) -> napi::Result<ColumnAnswers> {
        let errors = row_errors(&columns.errors);
        let figures = columns.numbers.into_iter().map(|(name, numbers)| (name.to_owned(), Float64Array::new(numbers))).collect();
        Ok(ColumnAnswers { figures, status: Uint8Array::new(columns.status), errors })
    }
}

/// Calculates for every row of columns, off the event loop: `input` holds for all of them, but that each array of `columns` takes
/// the place of the figure of its name. A row that is refused harms no other.
#[napi(
    catch_unwind,
    ts_generic_types = "K extends 'raroc' | 'lifetime_price' | 'irb_capital'",
    ts_args_type = "name: K, input: Calculations[K]['input'], columns: { readonly [figure: string]: Float64Array }, options?: ScoreOptions",
    ts_return_type = "Promise<ColumnAnswers>"
)]
pub fn calculate_columns(
    env: Env,
    name: Unknown,
    input: Unknown,
    columns: Unknown,
    options: Unknown,
) -> napi::Result<AsyncTask<Background<OverColumns>>> {
    guard(env, || Background::start(OverColumns::read(name, input, columns, options)))
}
