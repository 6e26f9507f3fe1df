//! The pipeline as Python sees it: training, scorer, decisions.

mod columns;
mod config;
mod decision;
mod scorer;
mod search;
mod trainer;

pub(crate) use columns::Table;
pub(crate) use decision::{Decision, Reason};
pub(crate) use scorer::Scorer;
pub(crate) use search::search;
pub(crate) use trainer::{Pass, Trainer, fit, infer_schema, merge};
