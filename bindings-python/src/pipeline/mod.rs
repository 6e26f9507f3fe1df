//! The pipeline as Python sees it: training, scorer, decisions.

mod auto;
mod columns;
mod config;
mod decision;
mod playbook;
mod review;
mod scorer;
mod table;
mod trainer;

pub(crate) use auto::search;
pub(crate) use columns::money_column;
pub(crate) use decision::{Decision, Reason};
pub(crate) use playbook::{apply_playbook, dry_run};
pub(crate) use review::{DecisionChain, ReviewRun, Reviews};
pub(crate) use scorer::Scorer;
pub(crate) use table::Table;
pub(crate) use trainer::{Pass, Trainer, fit, infer_schema, merge};
