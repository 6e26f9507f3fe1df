//! What the cards in training see of a task: one block of rows after the other.

use std::ops::Range;

use super::blocks::{BlockReader, Blocks, Cells};
use super::cards::{choose, conditions};
use super::config::PipelineConfig;
use super::pass::{CardTask, blocks};
use super::summary::{CandidateSeen, CardSeen, ProfileSeen, ValuesSeen};
use crate::binning::{FeatureBins, Lookup};
use crate::data::{Batch, Field, Kind, Labels, Special, Value};
use crate::error::Result;
use crate::expr::{Expr, Scratch};
use crate::features::FeaturePlan;
use crate::model::{BLOCK, BlockInput, Information};
use crate::stats::{Counts, DEFAULT_MAX_LEVELS, ExactSums, LevelCounts, ValueCounts};

/// What the cards look for, shared by the tasks of a pass.
pub(super) struct Learning<'a> {
    config: &'a PipelineConfig,
    plan: &'a FeaturePlan,
    /// The conditions of the segments.
    when: Vec<Expr>,
    /// Slots of the candidates.
    candidates: Vec<usize>,
    cards: &'a [CardTask],
}

impl<'a> Learning<'a> {
    pub(super) fn new(
        config: &'a PipelineConfig,
        plan: &'a FeaturePlan,
        candidates: &[String],
        cards: &'a [CardTask],
    ) -> Result<Self> {
        let segments = config.segments.iter().map(|segment| (segment.name.as_str(), segment.when.as_str()));
        Ok(Learning {
            config,
            plan,
            when: conditions(segments, &config.protected_use, plan)?,
            candidates: slots(plan, candidates)?,
            cards,
        })
    }

    /// Reads the columns that the cards need.
    pub(super) fn reader<'b>(&'b self, batch: &'b Batch<'b>) -> Result<BlockReader<'b>> {
        let mut needed = Vec::new();
        for card in self.cards {
            match card {
                CardTask::Rest => {}
                CardTask::Profile => needed.extend(&self.candidates),
                CardTask::Newton { bins, .. } => needed.extend(slots(self.plan, bins.iter().map(|bins| &bins.feature))?),
            }
        }
        BlockReader::new(self.plan, &needed, &self.when.iter().collect::<Vec<_>>(), batch)
    }

    /// What each card sees of `rows`.
    pub(super) fn observe(&self, reader: &BlockReader<'_>, labels: &Labels, rows: Range<usize>) -> Result<Vec<CardSeen>> {
        let mut watches = self.cards.iter().map(|task| self.watch(task)).collect::<Result<Vec<_>>>()?;
        let mut cells = reader.blocks();
        let mut numbers = [0; BLOCK];
        let mut scratch = Scratch::default();
        let mut weight = Vec::with_capacity(BLOCK);
        for block in blocks(&rows) {
            cells.read(block.clone());
            let numbers = &mut numbers[..block.len()];
            choose(&self.when, &cells, numbers, &mut scratch);
            for (number, watch) in watches.iter_mut().enumerate() {
                // A row kept for testing, or of another card, weighs nothing here.
                let held = block
                    .clone()
                    .zip(&*numbers)
                    .map(|(row, &of)| if labels.test[row] || usize::from(of) != number { 0 } else { labels.weight[row] });
                weight.clear();
                weight.extend(held);
                watch.add(&mut cells, &labels.event[block.clone()], &weight)?;
            }
        }
        Ok(watches.into_iter().map(Watch::finish).collect())
    }

    fn watch(&self, task: &CardTask) -> Result<Watch> {
        Ok(match task {
            CardTask::Rest => Watch::Rest,
            CardTask::Profile => {
                let gathered =
                    |&slot: &usize| (slot, Gathered::new(self.plan.kind(slot), self.field(slot), self.config.capacity));
                Watch::Profile { rows: Counts::default(), gathered: self.candidates.iter().map(gathered).collect() }
            }
            CardTask::Newton { bins, beta } => {
                let woe = bins.iter().map(|bins| bins.bins.iter().map(|bin| bin.woe).collect()).collect();
                Watch::Newton {
                    variables: self.lookups(bins)?,
                    codes: vec![[0; BLOCK]; bins.len()],
                    information: Information::new(woe, beta.clone()),
                    sums: ExactSums::new(Information::width(bins.len())),
                }
            }
        })
    }

    fn field(&self, slot: usize) -> Option<&'a Field> {
        self.plan.schema().fields.get(slot)
    }

    fn lookups(&self, bins: &[FeatureBins]) -> Result<Vec<(usize, Lookup)>> {
        let slots = slots(self.plan, bins.iter().map(|bins| &bins.feature))?;
        let special = |slot: usize| self.field(slot).map_or(&[][..], |field| &field.special);
        Ok(slots.into_iter().zip(bins).map(|(slot, bins)| (slot, Lookup::new(bins, special(slot)))).collect())
    }
}

fn slots<'n>(plan: &FeaturePlan, names: impl IntoIterator<Item = &'n String>) -> Result<Vec<usize>> {
    names.into_iter().map(|name| plan.slot(name)).collect()
}

/// What one card looks for in one task.
enum Watch {
    Rest,
    Profile {
        rows: Counts,
        /// By candidate, with its slot.
        gathered: Vec<(usize, Gathered)>,
    },
    Newton {
        /// Slot and bins of each variable.
        variables: Vec<(usize, Lookup)>,
        codes: Vec<[u8; BLOCK]>,
        information: Information,
        sums: ExactSums,
    },
}

impl Watch {
    /// Takes a block; rows that weigh nothing do not belong to the card.
    fn add(&mut self, cells: &mut Blocks<'_>, event: &[bool], weight: &[u64]) -> Result<()> {
        match self {
            Watch::Rest => Ok(()),
            Watch::Profile { rows, gathered } => {
                event.iter().zip(weight).for_each(|(&event, &weight)| rows.add_row(event, weight));
                gathered.iter().for_each(|(slot, _)| cells.check(*slot));
                cells.refuse_errors()?;
                gathered.iter_mut().try_for_each(|(slot, gathered)| gathered.add(cells.slot(*slot), event, weight))
            }
            Watch::Newton { variables, codes, information, sums } => {
                for ((slot, lookup), codes) in variables.iter().zip(codes.iter_mut()) {
                    cells.code(*slot, lookup, &mut codes[..event.len()], &mut []);
                }
                cells.refuse_errors()?;
                let codes: Vec<&[u8]> = codes.iter().map(|codes| &codes[..event.len()]).collect();
                sums.add_all(&information.sums(BlockInput { codes: &codes, event, weight, offset: &[] }))
            }
        }
    }

    fn finish(self) -> CardSeen {
        match self {
            Watch::Rest => CardSeen::Rest,
            Watch::Profile { rows, gathered } => {
                let candidates = gathered.into_iter().map(|(_, gathered)| gathered.finish()).collect();
                CardSeen::Profile(ProfileSeen { rows, candidates })
            }
            Watch::Newton { sums, .. } => CardSeen::Newton { sums },
        }
    }
}

/// Values of one candidate, gathered over the blocks of a task before they are counted together.
struct Gathered {
    seen: CandidateSeen,
    special: Vec<Special>,
    values: Vec<f64>,
    event: Vec<bool>,
    weight: Vec<u64>,
}

impl Gathered {
    fn new(kind: Kind, field: Option<&Field>, capacity: usize) -> Self {
        let special = field.map_or_else(Vec::new, |field| field.special.clone());
        let values = match kind {
            Kind::Category => ValuesSeen::Category { counts: LevelCounts::new(DEFAULT_MAX_LEVELS) },
            _ => ValuesSeen::Number { counts: ValueCounts::new(capacity) },
        };
        let seen = CandidateSeen { values, special: vec![Counts::default(); special.len()], missing: Counts::default() };
        Gathered { seen, special, values: Vec::new(), event: Vec::new(), weight: Vec::new() }
    }

    fn add(&mut self, cells: Cells<'_>, event: &[bool], weight: &[u64]) -> Result<()> {
        for (at, (&event, &weight)) in event.iter().zip(weight).enumerate() {
            if weight == 0 {
                continue;
            }
            let value = cells.value(at);
            if let Some(special) = self.special.iter().position(|special| special.code.matches(value)) {
                self.seen.special[special].add_row(event, weight);
                continue;
            }
            match (&mut self.seen.values, value) {
                (_, Value::Missing) => self.seen.missing.add_row(event, weight),
                (ValuesSeen::Category { counts }, Value::Category(level)) => counts.observe(level, event, weight)?,
                (_, value) => {
                    self.values.push(value.as_number());
                    self.event.push(event);
                    self.weight.push(weight);
                }
            }
        }
        Ok(())
    }

    fn finish(mut self) -> CandidateSeen {
        if let ValuesSeen::Number { counts } = &mut self.seen.values {
            counts.observe(&self.values, &self.event, &self.weight);
        }
        self.seen
    }
}
