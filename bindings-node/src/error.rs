//! Library errors become JavaScript errors with `code`, `problems` and, where an iteration stopped, `iterations` and
//! `gradient`.

use napi::bindgen_prelude::*;
use napi::{Env, JsError};
use napi_derive::napi;

/// What stops an export: an error of the library, or one that Node raised on the way.
pub(crate) enum Fault {
    Library(scoreline::Error),
    Node(napi::Error),
}

impl From<scoreline::Error> for Fault {
    fn from(error: scoreline::Error) -> Self {
        Fault::Library(error)
    }
}

impl From<napi::Error> for Fault {
    fn from(error: napi::Error) -> Self {
        Fault::Node(error)
    }
}

impl Fault {
    /// The same fault, with the place of the cell where the library found it.
    pub(crate) fn in_cell(self, field: &str, row: usize) -> Self {
        match self {
            Fault::Library(error) => Fault::Library(error.in_field(field)).at_row(row),
            Fault::Node(error) => Fault::Node(error),
        }
    }

    /// The same fault, with its row.
    pub(crate) fn at_row(self, row: usize) -> Self {
        match self {
            Fault::Library(error) => Fault::Library(error.at_row(row)),
            Fault::Node(error) => Fault::Node(error),
        }
    }

    /// The error to throw or to reject a promise with.
    pub(crate) fn into_js(self, env: Env) -> napi::Error {
        match self {
            Fault::Library(error) => thrown(env, &error).unwrap_or_else(|raised| raised),
            Fault::Node(error) => error,
        }
    }
}

/// One thing that is wrong.
#[napi(object, object_from_js = false)]
pub struct Problem {
    /// Field, setting or file part that is concerned.
    pub field: Option<String>,
    /// Zero-based row of the batch.
    pub row: Option<f64>,
    /// One-based character position in an expression.
    pub position: Option<f64>,
    /// What is wrong, in terms of what was expected.
    pub what: String,
    /// What the caller can do about it.
    pub remedy: String,
}

impl From<&scoreline::Problem> for Problem {
    fn from(problem: &scoreline::Problem) -> Self {
        Problem {
            field: problem.field.clone(),
            // Exact below 2^53, far beyond any array's length.
            row: problem.row.map(|row| row as f64),
            position: problem.position.map(|position| position as f64),
            what: problem.what.clone(),
            remedy: problem.remedy.clone(),
        }
    }
}

fn thrown(env: Env, error: &scoreline::Error) -> napi::Result<napi::Error> {
    let plain = napi::Error::new(error.code().name(), error.to_string());
    let mut object = JsError::from(plain).into_unknown(env).coerce_to_object()?;
    object.set("problems", error.problems().iter().map(Problem::from).collect::<Vec<_>>())?;
    if let Some(reached) = error.convergence() {
        object.set("iterations", reached.iterations)?;
        object.set("gradient", reached.gradient)?;
    }
    Ok(napi::Error::from(object.to_unknown()))
}
