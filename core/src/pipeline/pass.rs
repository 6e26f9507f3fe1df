//! One pass over the data: from batches to summaries.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::blocks::{BlockReader, Blocks};
use super::config::PipelineConfig;
use super::summary::{GradeSeen, PassSummary, ProfileSeen, Seen, mismatch};
use crate::binning::{Counter, FeatureBins, Lookup};
use crate::data::{Batch, Field, Labels};
use crate::error::{Error, Result};
use crate::features::FeaturePlan;
use crate::math::logistic;
use crate::model::{BLOCK, BlockInput, Information};
use crate::parallel::Threads;
use crate::stats::{Counts, ExactSums, Summary, ValueCounts};
use crate::tier::TierPolicy;

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
    /// Counts by value of every candidate.
    Profile,
    /// Sums of a Newton step at `beta`.
    Newton { bins: Vec<FeatureBins>, beta: Vec<f64> },
    /// Counts by PD and tier under the final model.
    Grade { bins: Vec<FeatureBins>, beta: Vec<f64> },
}

impl Pass {
    /// What the pass is for: `profile`, `newton` or `grade`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.task {
            Task::Profile => "profile",
            Task::Newton { .. } => "newton",
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
        let plan = FeaturePlan::new(&self.config.schema, &self.config.features)?;
        let names: Vec<&str> = match &self.task {
            Task::Profile => self.candidates.iter().map(String::as_str).collect(),
            Task::Newton { bins, .. } | Task::Grade { bins, .. } => bins.iter().map(|bins| bins.feature.as_str()).collect(),
        };
        let slots = names.iter().map(|name| plan.slot(name)).collect::<Result<Vec<usize>>>()?;
        let labels = Labels::read(batch, &self.config.target, self.config.weight.as_deref(), self.config.split.as_ref())?;
        let reader = BlockReader::new(&plan, &slots, &[], batch)?;
        let observer = Observer { pass: self, plan: &plan, slots: &slots, labels: &labels, reader: &reader };
        let tasks: Vec<Range<usize>> =
            (0..batch.rows().max(1)).step_by(TASK).map(|start| start..(start + TASK).min(batch.rows())).collect();
        let mut parts = threads.map(tasks, |rows| observer.observe(rows))?.into_iter();
        let mut whole = parts.next().ok_or_else(|| Error::internal("a pass without tasks"))?;
        for part in parts {
            whole.merge(&part)?;
        }
        Ok(whole)
    }

    pub(crate) fn accepts(&self, seen: &PassSummary) -> Result<()> {
        if seen.training == self.training && seen.pass == self.pass { Ok(()) } else { Err(mismatch()) }
    }
}

/// One pass over one batch, shared by the tasks.
struct Observer<'a> {
    pass: &'a Pass,
    plan: &'a FeaturePlan,
    slots: &'a [usize],
    labels: &'a Labels,
    reader: &'a BlockReader<'a>,
}

impl Observer<'_> {
    fn observe(&self, rows: Range<usize>) -> Result<PassSummary> {
        let seen = match &self.pass.task {
            Task::Profile => Seen::Profile(self.profile(rows)?),
            Task::Newton { bins, beta } => Seen::Newton { sums: self.newton(rows, bins, beta)? },
            Task::Grade { bins, beta } => Seen::Grade(self.grade(rows, bins, beta)?),
        };
        Ok(PassSummary { training: self.pass.training.clone(), pass: self.pass.pass, seen })
    }

    fn field(&self, slot: usize) -> Option<&Field> {
        self.plan.schema().fields.get(slot)
    }

    fn profile(&self, rows: Range<usize>) -> Result<ProfileSeen> {
        let labels = self.labels;
        let mut seen = ProfileSeen { rows: Counts::default(), test_rows: Counts::default(), candidates: Vec::new() };
        for row in rows.clone() {
            let counts = if labels.test[row] { &mut seen.test_rows } else { &mut seen.rows };
            counts.add_row(labels.event[row], labels.weight[row]);
        }
        let special = |slot| self.field(slot).map_or(&[][..], |field| &field.special);
        let counter = |&slot: &usize| Counter::new(self.plan.kind(slot), special(slot), self.pass.config.capacity);
        let mut counters: Vec<Counter> = self.slots.iter().map(counter).collect();
        let mut blocks = self.reader.blocks();
        for start in rows.clone().step_by(BLOCK) {
            let block = start..(start + BLOCK).min(rows.end);
            blocks.read(block.clone());
            self.slots.iter().for_each(|&slot| blocks.check(slot));
            blocks.refuse_errors()?;
            for (counter, &slot) in counters.iter_mut().zip(self.slots) {
                let cells = blocks.slot(slot);
                for (at, row) in block.clone().enumerate().filter(|(_, row)| !labels.test[*row] && labels.weight[*row] > 0) {
                    counter.add(cells.value(at), labels.event[row], labels.weight[row])?;
                }
            }
        }
        seen.candidates = counters.into_iter().map(Counter::finish).collect();
        Ok(seen)
    }

    fn newton(&self, rows: Range<usize>, bins: &[FeatureBins], beta: &[f64]) -> Result<ExactSums> {
        let labels = self.labels;
        let woe = bins.iter().map(|bins| bins.bins.iter().map(|bin| bin.woe).collect()).collect();
        let mut information = Information::new(woe, beta.to_vec());
        let mut sums = ExactSums::new(Information::width(bins.len()));
        let lookups = self.lookups(bins);
        let mut codes = vec![[0u8; BLOCK]; bins.len()];
        let mut blocks = self.reader.blocks();
        for start in rows.clone().step_by(BLOCK) {
            let block = start..(start + BLOCK).min(rows.end);
            self.code(&mut blocks, block.clone(), &lookups, &mut codes)?;
            // A row kept for testing weighs nothing here.
            let weight: Vec<u64> = block.clone().map(|row| if labels.test[row] { 0 } else { labels.weight[row] }).collect();
            let codes: Vec<&[u8]> = codes.iter().map(|codes| &codes[..block.len()]).collect();
            sums.add_all(&information.sums(BlockInput { codes: &codes, event: &labels.event[block], weight: &weight }))?;
        }
        Ok(sums)
    }

    fn grade(&self, rows: Range<usize>, bins: &[FeatureBins], beta: &[f64]) -> Result<GradeSeen> {
        let labels = self.labels;
        let tier = self.pass.config.tier.as_ref().map(TierPolicy::resolve).transpose()?;
        let tiers = if tier.is_some() { 4 } else { 0 };
        let capacity = self.pass.config.capacity;
        let mut seen = GradeSeen {
            pd: ValueCounts::new(capacity),
            test_pd: ValueCounts::new(capacity),
            tiers: vec![Counts::default(); tiers],
            test_tiers: vec![Counts::default(); tiers],
            tier_pd: ExactSums::new(tiers),
        };
        let woe: Vec<Vec<f64>> = bins.iter().map(|bins| bins.bins.iter().map(|bin| bin.woe).collect()).collect();
        let lookups = self.lookups(bins);
        let mut codes = vec![[0u8; BLOCK]; bins.len()];
        let mut blocks = self.reader.blocks();
        let mut sides = [(); 2].map(|()| (Vec::new(), Vec::new(), Vec::new()));
        for start in rows.clone().step_by(BLOCK) {
            let block = start..(start + BLOCK).min(rows.end);
            self.code(&mut blocks, block.clone(), &lookups, &mut codes)?;
            let mut sums = vec![0.0; tiers];
            for row in block.clone() {
                let eta = woe.iter().zip(&codes).zip(&beta[1..]).fold(beta[0], |eta, ((woe, codes), beta)| {
                    eta + beta * woe.get(usize::from(codes[row - start])).copied().unwrap_or(0.0)
                });
                let pd = logistic(eta);
                let side = &mut sides[usize::from(labels.test[row])];
                side.0.push(pd);
                side.1.push(labels.event[row]);
                side.2.push(labels.weight[row]);
                if let Some(tier) = &tier {
                    let at = tier.score_tier(pd).index();
                    let counts = if labels.test[row] { &mut seen.test_tiers } else { &mut seen.tiers };
                    counts[at].add_row(labels.event[row], labels.weight[row]);
                    if !labels.test[row] {
                        sums[at] += labels.weight[row] as f64 * pd;
                    }
                }
            }
            seen.tier_pd.add_all(&sums)?;
        }
        seen.pd.observe(&sides[0].0, &sides[0].1, &sides[0].2);
        seen.test_pd.observe(&sides[1].0, &sides[1].1, &sides[1].2);
        Ok(seen)
    }

    fn lookups(&self, bins: &[FeatureBins]) -> Vec<Lookup> {
        bins.iter()
            .zip(self.slots)
            .map(|(bins, &slot)| Lookup::new(bins, self.field(slot).map_or(&[], |field| &field.special)))
            .collect()
    }

    fn code(&self, blocks: &mut Blocks<'_>, rows: Range<usize>, lookups: &[Lookup], codes: &mut [[u8; BLOCK]]) -> Result<()> {
        blocks.read(rows.clone());
        for ((lookup, &slot), codes) in lookups.iter().zip(self.slots).zip(codes) {
            blocks.code(slot, lookup, &mut codes[..rows.len()], &mut []);
        }
        blocks.refuse_errors()
    }
}
