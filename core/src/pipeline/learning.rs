//! What the cards in training see of a task: one block of rows after the other.

use std::collections::BTreeMap;
use std::ops::Range;

use super::blocks::{BlockReader, Blocks};
use super::cards::{choose, conditions};
use super::config::PipelineConfig;
use super::offset::Offset;
use super::pass::{CardTask, blocks};
use super::summary::{CardSeen, ProfileSeen};
use crate::binning::{Counter, FeatureBins, Lookup};
use crate::data::{Batch, Field, Labels};
use crate::error::Result;
use crate::expr::{Expr, Scratch};
use crate::features::FeaturePlan;
use crate::model::{BLOCK, BlockInput, Information};
use crate::stats::{Counts, DEFAULT_PATTERNS, ExactSums, Patterns};

/// What the cards look for, shared by the tasks of a pass.
pub(super) struct Learning<'a> {
    config: &'a PipelineConfig,
    plan: &'a FeaturePlan,
    /// The conditions of the segments.
    when: Vec<Expr>,
    offset: Option<Offset>,
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
            offset: Offset::of(config.offset.as_deref(), &config.protected_use, plan)?,
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
                CardTask::Patterns { bins } | CardTask::Newton { bins, .. } => {
                    needed.extend(slots(self.plan, bins.iter().map(|bins| &bins.feature))?)
                }
            }
        }
        let read: Vec<&Expr> = self.when.iter().chain(self.offset.iter().map(Offset::expression)).collect();
        BlockReader::new(self.plan, &needed, &read, batch)
    }

    /// The period of each row, where a card is to count by period; otherwise nothing.
    pub(super) fn periods(&self, batch: &Batch<'_>) -> Result<Vec<String>> {
        let counting = self.cards.contains(&CardTask::Profile);
        self.config.period.as_ref().filter(|_| counting).map_or_else(|| Ok(Vec::new()), |period| period.read(batch))
    }

    /// What each card sees of `rows`.
    pub(super) fn observe(
        &self,
        reader: &BlockReader<'_>,
        labels: &Labels,
        periods: &[String],
        rows: Range<usize>,
    ) -> Result<Vec<CardSeen>> {
        let mut watches = self.cards.iter().map(|task| self.watch(task)).collect::<Result<Vec<_>>>()?;
        let mut cells = reader.blocks();
        let mut numbers = [0; BLOCK];
        let mut scratch = Scratch::default();
        let mut weight = Vec::with_capacity(BLOCK);
        for block in blocks(&rows) {
            cells.read(block.clone());
            let numbers = &mut numbers[..block.len()];
            choose(&self.when, &cells, numbers, &mut scratch);
            let offset = self.offset(&cells, block.len(), &mut scratch);
            for (number, watch) in watches.iter_mut().enumerate() {
                if !(block.start / BLOCK).is_multiple_of(watch.stride()) {
                    continue;
                }
                // A row kept for testing, or of another card, weighs nothing here.
                let held = block
                    .clone()
                    .zip(&*numbers)
                    .map(|(row, &of)| if labels.test[row] || usize::from(of) != number { 0 } else { labels.weight[row] });
                weight.clear();
                weight.extend(held);
                let periods = periods.get(block.clone()).unwrap_or_default();
                watch.add(
                    &mut cells,
                    &BlockRows { event: &labels.event[block.clone()], weight: &weight, offset: &offset, periods },
                )?;
            }
        }
        watches.into_iter().map(Watch::finish).collect()
    }

    fn watch(&self, task: &CardTask) -> Result<Watch> {
        Ok(match task {
            CardTask::Rest => Watch::Rest,
            CardTask::Profile => Watch::Profile {
                rows: Counts::default(),
                whole: self.counters(),
                periods: BTreeMap::new(),
                fresh: self.counters(),
            },
            CardTask::Patterns { bins } => Watch::Patterns {
                variables: self.lookups(bins)?,
                codes: vec![Vec::new(); bins.len()],
                event: Vec::new(),
                weight: Vec::new(),
                patterns: Patterns::new(bins.len(), DEFAULT_PATTERNS),
            },
            CardTask::Newton { bins, beta, stride, folds } => {
                let woe = bins.iter().map(|bins| bins.bins.iter().map(|bin| bin.woe).collect()).collect();
                Watch::Newton {
                    variables: self.lookups(bins)?,
                    codes: vec![[0; BLOCK]; bins.len()],
                    information: Information::new(woe, beta.clone()),
                    stride: *stride,
                    folds: vec![ExactSums::new(Information::width(bins.len())); *folds as usize],
                }
            }
        })
    }

    fn counters(&self) -> Counters {
        let counter = |&slot: &usize| {
            let special = self.field(slot).map_or(&[][..], |field| &field.special);
            (slot, Counter::new(self.plan.kind(slot), special, self.config.capacity))
        };
        self.candidates.iter().map(counter).collect()
    }

    /// The offsets of a block; empty when there are none.
    fn offset<'b>(&'b self, cells: &Blocks<'b>, rows: usize, scratch: &mut Scratch<'b>) -> Vec<f64> {
        self.offset.as_ref().map_or_else(Vec::new, |offset| offset.block(cells, rows, scratch))
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

/// A counter for each candidate, with its slot.
type Counters = Vec<(usize, Counter)>;

/// The rows of one block.
struct BlockRows<'a> {
    event: &'a [bool],
    weight: &'a [u64],
    offset: &'a [f64],
    /// The period of each row; empty when there are none.
    periods: &'a [String],
}

/// What one card looks for in one task.
enum Watch {
    Rest,
    Profile {
        rows: Counts,
        whole: Counters,
        /// The same rows by period, where periods are asked for.
        periods: BTreeMap<String, Counters>,
        /// What a new period starts with.
        fresh: Counters,
    },
    Patterns {
        variables: Vec<(usize, Lookup)>,
        /// The codes of the rows that weigh something.
        codes: Vec<Vec<u8>>,
        event: Vec<bool>,
        weight: Vec<u64>,
        patterns: Patterns,
    },
    Newton {
        /// Slot and bins of each variable.
        variables: Vec<(usize, Lookup)>,
        codes: Vec<[u8; BLOCK]>,
        information: Information,
        stride: usize,
        folds: Vec<ExactSums>,
    },
}

/// A number that only depends on the bins of a row: equal rows fall into one fold, in whatever order they come.
fn fold(codes: &[&[u8]], row: usize) -> usize {
    // FNV-1a.
    let hash = codes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, codes| {
        (hash ^ u64::from(codes.get(row).copied().unwrap_or(0))).wrapping_mul(0x0100_0000_01b3)
    });
    (hash >> 33) as usize
}

/// Counts the rows that weigh something.
fn count(counters: &mut Counters, cells: &Blocks<'_>, event: &[bool], weight: &[u64]) -> Result<()> {
    for (slot, counter) in counters {
        let values = cells.slot(*slot);
        let held = event.iter().zip(weight).enumerate().filter(|(_, (_, weight))| **weight > 0);
        held.into_iter().try_for_each(|(at, (&event, &weight))| counter.add(values.value(at), event, weight))?;
    }
    Ok(())
}

impl Watch {
    /// The card needs the blocks at positions divisible by this.
    fn stride(&self) -> usize {
        if let Watch::Newton { stride, .. } = self { (*stride).max(1) } else { 1 }
    }

    /// Takes a block; rows that weigh nothing do not belong to the card.
    fn add(&mut self, cells: &mut Blocks<'_>, rows: &BlockRows<'_>) -> Result<()> {
        let BlockRows { event, weight, offset, periods } = *rows;
        match self {
            Watch::Rest => Ok(()),
            Watch::Profile { rows, whole, periods: by_period, fresh } => {
                event.iter().zip(weight).for_each(|(&event, &weight)| rows.add_row(event, weight));
                whole.iter().for_each(|(slot, _)| cells.check(*slot));
                cells.refuse_errors()?;
                count(whole, cells, event, weight)?;
                let mut names: Vec<&String> = periods.iter().collect();
                names.sort_unstable();
                names.dedup();
                for name in names {
                    // A row of another period weighs nothing here.
                    let held = weight.iter().zip(periods).map(|(&weight, period)| if period == name { weight } else { 0 });
                    let weight: Vec<u64> = held.collect();
                    count(by_period.entry(name.clone()).or_insert_with(|| fresh.clone()), cells, event, &weight)?;
                }
                Ok(())
            }
            Watch::Patterns { variables, codes, event: events, weight: weights, .. } => {
                let mut block = [0; BLOCK];
                let held = || weight.iter().zip(event).enumerate().filter(|(_, (weight, _))| **weight > 0);
                for ((slot, lookup), codes) in variables.iter().zip(codes) {
                    cells.code(*slot, lookup, &mut block[..event.len()], &mut []);
                    codes.extend(held().map(|(at, _)| block[at]));
                }
                cells.refuse_errors()?;
                weights.extend(held().map(|(_, (weight, _))| *weight));
                events.extend(held().map(|(_, (_, event))| *event));
                Ok(())
            }
            Watch::Newton { variables, codes, information, folds, .. } => {
                for ((slot, lookup), codes) in variables.iter().zip(codes.iter_mut()) {
                    cells.code(*slot, lookup, &mut codes[..event.len()], &mut []);
                }
                cells.refuse_errors()?;
                let codes: Vec<&[u8]> = codes.iter().map(|codes| &codes[..event.len()]).collect();
                if let [sums] = &mut folds[..] {
                    return sums.add_all(&information.sums(BlockInput { codes: &codes, event, weight, offset }));
                }
                let fold_of: Vec<usize> = (0..event.len()).map(|row| fold(&codes, row) % folds.len()).collect();
                for (fold, sums) in folds.iter_mut().enumerate() {
                    // A row of another fold weighs nothing here.
                    let held = weight.iter().zip(&fold_of).map(|(&weight, &of)| if of == fold { weight } else { 0 });
                    let weight: Vec<u64> = held.collect();
                    sums.add_all(&information.sums(BlockInput { codes: &codes, event, weight: &weight, offset }))?;
                }
                Ok(())
            }
        }
    }

    fn finish(self) -> Result<CardSeen> {
        let counted = |counters: Counters| counters.into_iter().map(|(_, counter)| counter.finish()).collect::<Vec<_>>();
        Ok(match self {
            Watch::Rest => CardSeen::Rest,
            Watch::Profile { rows, whole, periods, .. } => {
                let periods = periods.into_iter().map(|(name, counters)| (name, counted(counters))).collect();
                CardSeen::Profile(ProfileSeen { rows, candidates: counted(whole), periods })
            }
            Watch::Patterns { codes, event, weight, mut patterns, .. } => {
                let codes: Vec<&[u8]> = codes.iter().map(Vec::as_slice).collect();
                patterns.observe(&codes, &event, &weight)?;
                CardSeen::Patterns(patterns)
            }
            Watch::Newton { folds, .. } => CardSeen::Newton { folds },
        })
    }
}
