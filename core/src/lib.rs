//! scoreline: one readable file that carries a whole credit decision and gives the same bytes in
//! Rust, Python, Node, C and COBOL.
//!
//! The folders are the pipeline:
//!
//! | stage | module | what it gives |
//! |---|---|---|
//! | what comes in | [`data`] | [`Schema`], [`Value`], [`Batch`], labels, the split of rows |
//! | one language of expressions | [`expr`] | features and rules, record by record or column by column |
//! | what is computed | [`features`] | derived features, windows over events, as-of joins, links, stability, tags, needs, ratios |
//! | bins, WoE, IV | [`binning`] | optimal bins with a certificate |
//! | log-odds | [`model`] | logistic regression with standard errors |
//! | points | [`scorecard`] | the scale and the points of each bin |
//! | A B C D | [`tier`] | risk tiers from PD cuts and rules; cuts from data, master scales, migration, settings of memory compared |
//! | money | [`pricing`] | schedules, annualised rates, capital and loss, RAROC, rates under dated caps, demand, products |
//! | how much | [`limit`] | the least of named candidates; concentration of a book |
//! | yes or no | [`decision`] | approve, refer or decline, with reasons |
//! | in life | [`treatment`] | the action book with its proof, early warning, relief, roll rates |
//! | the whole book | [`portfolio`] | IFRS 9 losses, states of the economy, stress and reverse stress, vintages, the repricing gap |
//! | by name, as text | [`calculation`] | one calculation of the above, JSON in and JSON out, for every language |
//! | who belongs together | [`segment`] | layers by rule, recency, frequency and amount in fifths, k-means with its stability |
//! | is it right | [`validation`] | discrimination |
//! | are the data fit | [`profile`] | data quality, suspected codes and leaks, what moved |
//! | the stages together | [`pipeline`] | [`Trainer`], [`Pass`], [`Pipeline`], [`Scorer`], [`Decision`] |
//! | which one | [`auto`] | the search for the best card within a budget |
//! | one file | [`artefact`] | [`Artefact`]: hash, known answers, migrations |
//!
//! Underneath lie [`math`], the only elementary functions that reach a result, and [`stats`], summaries that merge
//! exactly. Three promises hold throughout: the same bits on every platform, the same result for any number of threads
//! and any order of merging, and no panic on bad input.
//!
//! ```
//! use scoreline::{Artefact, Batch, Column, Field, Kind, PipelineConfig, Schema, Threads, Value};
//!
//! # let income: Vec<f64> = (0..400).map(|i| f64::from(i % 97)).collect();
//! # let bad: Vec<f64> = (0..400).map(|i| f64::from(u8::from(i % 97 < 40 && i % 3 != 0))).collect();
//! let loans = Batch::new(400).with("income", Column::numbers(income))?.with("bad", Column::numbers(bad))?;
//! let schema = Schema { fields: vec![Field::new("income", Kind::Number)] };
//! let pipeline = scoreline::fit(&[loans], PipelineConfig::new(schema, "bad"), Threads::All)?;
//!
//! let file = Artefact::new(&pipeline)?.to_json()?;             // the same text on every machine
//! let scorer = Artefact::from_json(&file)?.scorer()?;          // verified: hash and known answers
//! let decision = scorer.decide(&[Value::Number(42.0)][..], None)?;
//! assert!(decision.pd > 0.0 && decision.pd < 1.0);
//! # Ok::<(), scoreline::Error>(())
//! ```
#![forbid(unsafe_code)]

mod error;
mod parallel;

pub mod artefact;
pub mod auto;
pub mod binning;
pub mod calculation;
pub mod data;
pub mod decision;
pub mod expr;
pub mod features;
pub mod limit;
pub mod math;
pub mod model;
pub mod pipeline;
pub mod portfolio;
pub mod pricing;
pub mod profile;
pub mod scorecard;
pub mod segment;
pub mod stats;
pub mod tier;
pub mod treatment;
pub mod validation;

pub use artefact::Artefact;
pub use data::{Batch, Code, Column, Date, Field, Kind, Labels, Row, Schema, Sensitivity, Special, SplitConfig, Validity, Value};
pub use error::{Convergence, Error, ErrorCode, Problem, Result};
pub use parallel::Threads;
pub use pipeline::{Answer, Decision, Decisions, Pass, PassSummary, Pipeline, PipelineConfig, Scorer, Scores, Trainer, fit};
