//! One pass over the data: from batches to summaries.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::config::PipelineConfig;
use super::fitted::Pipeline;
use super::grading::Grading;
use super::learning::Learning;
use super::summary::{PassSummary, Seen, mismatch};
use crate::binning::FeatureBins;
use crate::data::{Batch, Labels};
use crate::error::{Error, Problem, Result};
use crate::features::FeaturePlan;
use crate::model::BLOCK;
use crate::parallel::Threads;
use crate::stats::Summary;

/// Rows that one task summarises: a multiple of [`BLOCK`], so that tasks never cut a block.
const TASK: usize = 64 * BLOCK;

/// One pass over the data, sent to wherever the data are. Every batch is observed on its own, and the
/// summaries are merged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pass {
    pub(crate) training: String,
    pub(crate) pass: u32,
    pub(crate) config: PipelineConfig,
    pub(crate) candidates: Vec<String>,
    pub(crate) task: Task,
}

/// What the pass looks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Task {
    /// What each card needs next.
    Learn { cards: Vec<CardTask> },
    /// Counts by PD and tier under the final cards.
    Grade { pipeline: Box<Pipeline> },
}

/// What one card needs next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum CardTask {
    /// Nothing: it is there.
    Rest,
    /// Counts by value of every candidate.
    Profile,
    /// Rows as bin codes.
    Patterns { bins: Vec<FeatureBins> },
    /// Sums of a Newton step at `beta` over every `stride`-th block of each batch, apart for each of `folds` sets of rows.
    Newton { bins: Vec<FeatureBins>, beta: Vec<f64>, stride: usize, folds: u32 },
}

impl Pass {
    /// What the pass is for: `profile`, `patterns`, `newton` or `grade`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match &self.task {
            Task::Learn { cards } if cards.contains(&CardTask::Profile) => "profile",
            Task::Learn { cards } if cards.iter().any(|card| matches!(card, CardTask::Patterns { .. })) => "patterns",
            Task::Learn { .. } => "newton",
            Task::Grade { .. } => "grade",
        }
    }

    /// What was asked of the training: it names the columns that a pass reads.
    #[must_use]
    pub fn config(&self) -> &PipelineConfig {
        &self.config
    }

    /// Summarises the rows of `batch`. The result does not depend on `threads`.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming column and row.
    pub fn observe(&self, batch: &Batch<'_>, threads: Threads) -> Result<PassSummary> {
        let config = &self.config;
        let plan = FeaturePlan::new(&config.schema, &config.features)?;
        let labels = Labels::read(batch, &config.target, config.weight.as_deref(), config.split.as_ref())?;
        let seen = match &self.task {
            Task::Learn { cards } => {
                let learning = Learning::new(config, &plan, &self.candidates, cards)?;
                let reader = learning.reader(batch)?;
                let periods = learning.periods(batch)?;
                let parts = threads.map(tasks(batch.rows()), |rows| learning.observe(&reader, &labels, &periods, rows))?;
                Seen::Learn { cards: whole(parts)? }
            }
            Task::Grade { pipeline } => {
                let grading = Grading::new(pipeline, &plan, config.capacity)?;
                let reader = grading.reader(batch)?;
                let parts = threads.map(tasks(batch.rows()), |rows| grading.observe(&reader, &labels, rows))?;
                Seen::Grade(whole(parts)?)
            }
        };
        Ok(PassSummary { training: self.training.clone(), pass: self.pass, seen })
    }

    /// Summarises all batches; rows in errors count over all of them.
    pub(crate) fn observe_all(&self, batches: &[Batch<'_>], threads: Threads) -> Result<PassSummary> {
        let mut whole: Option<PassSummary> = None;
        let mut rows = 0;
        for batch in batches {
            let seen = self.observe(batch, threads).map_err(|error| error.after_rows(rows))?;
            rows += batch.rows();
            match &mut whole {
                None => whole = Some(seen),
                Some(whole) => whole.merge(&seen)?,
            }
        }
        whole.ok_or_else(|| Error::insufficient(Problem::new("there is no data", "pass at least one batch")))
    }

    /// The cards that the pass grades.
    pub(crate) fn graded(&self) -> Option<&Pipeline> {
        if let Task::Grade { pipeline } = &self.task { Some(pipeline) } else { None }
    }

    /// What a pass of another training saw, as if this one had seen it: a profile is the same whatever is asked of bins
    /// and models.
    pub(crate) fn adopt(&self, seen: &PassSummary) -> PassSummary {
        PassSummary { training: self.training.clone(), pass: self.pass, seen: seen.seen.clone() }
    }

    pub(crate) fn accepts(&self, seen: &PassSummary) -> Result<()> {
        if seen.training == self.training && seen.pass == self.pass { Ok(()) } else { Err(mismatch()) }
    }
}

/// Cuts the rows into tasks, at least one.
fn tasks(rows: usize) -> Vec<Range<usize>> {
    (0..rows.max(1)).step_by(TASK).map(|start| start..(start + TASK).min(rows)).collect()
}

/// Merges what the tasks saw.
fn whole<S: Summary>(parts: Vec<S>) -> Result<S> {
    let mut parts = parts.into_iter();
    let mut whole = parts.next().ok_or_else(|| Error::internal("a pass without tasks"))?;
    parts.try_for_each(|part| whole.merge(&part))?;
    Ok(whole)
}

/// The blocks of a task.
pub(super) fn blocks(rows: &Range<usize>) -> impl Iterator<Item = Range<usize>> + use<> {
    let rows = rows.clone();
    rows.clone().step_by(BLOCK).map(move |start| start..(start + BLOCK).min(rows.end))
}
