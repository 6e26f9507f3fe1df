//! scoreline: one readable file that carries a whole credit decision and gives the same bytes in
//! Rust, Python, Node, C and COBOL.
#![forbid(unsafe_code)]

mod error;
mod parallel;

pub mod artefact;
pub mod binning;
pub mod data;
pub mod decision;
pub mod expr;
pub mod features;
pub mod limit;
pub mod math;
pub mod model;
pub mod pipeline;
pub mod pricing;
pub mod scorecard;
pub mod stats;
pub mod tier;
pub mod validation;

pub use artefact::Artefact;
pub use data::{Batch, Code, Column, Date, Field, Kind, Labels, Row, Schema, Sensitivity, Special, SplitConfig, Validity, Value};
pub use error::{Convergence, Error, ErrorCode, Problem, Result};
pub use parallel::Threads;
pub use pipeline::{Answer, Decision, Decisions, Pass, PassSummary, Pipeline, PipelineConfig, Scorer, Scores, Trainer, fit};
