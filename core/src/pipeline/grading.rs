//! What the final cards say of the rows: counts by PD and tier.

use std::ops::Range;

use super::blocks::BlockReader;
use super::cards::{CardBlock, Cards};
use super::fitted::Pipeline;
use super::pass::blocks;
use super::summary::GradeSeen;
use crate::data::{Batch, Labels};
use crate::error::Result;
use crate::expr::Expr;
use crate::features::FeaturePlan;
use crate::stats::{Counts, ExactSums, ValueCounts};
use crate::tier::{TierPolicy, TierTable};

/// The cards and tier cuts under which rows are counted, shared by the tasks of a pass.
pub(super) struct Grading<'a> {
    plan: &'a FeaturePlan,
    cards: Cards,
    tier: Option<TierTable>,
    capacity: usize,
}

impl<'a> Grading<'a> {
    pub(super) fn new(pipeline: &Pipeline, plan: &'a FeaturePlan, capacity: usize) -> Result<Self> {
        let tier = pipeline.tier.as_ref().map(TierPolicy::resolve).transpose()?;
        Ok(Grading { plan, cards: Cards::new(pipeline, plan)?, tier, capacity })
    }

    /// Reads the columns that the cards need.
    pub(super) fn reader<'b>(&'b self, batch: &'b Batch<'b>) -> Result<BlockReader<'b>> {
        let slots: Vec<usize> = self.cards.slots().collect();
        BlockReader::new(self.plan, &slots, &self.cards.expressions().collect::<Vec<&Expr>>(), batch)
    }

    /// Counts `rows` by PD and tier.
    pub(super) fn observe(&self, reader: &BlockReader<'_>, labels: &Labels, rows: Range<usize>) -> Result<GradeSeen> {
        let tiers = if self.tier.is_some() { 4 } else { 0 };
        let mut seen = GradeSeen {
            rows: Counts::default(),
            test_rows: Counts::default(),
            pd: ValueCounts::new(self.capacity),
            test_pd: ValueCounts::new(self.capacity),
            tiers: vec![Counts::default(); tiers],
            test_tiers: vec![Counts::default(); tiers],
            tier_pd: ExactSums::new(tiers),
        };
        let mut cells = reader.blocks();
        let mut cards = CardBlock::new(&self.cards);
        let mut sides = [(); 2].map(|()| (Vec::new(), Vec::new(), Vec::new()));
        for block in blocks(&rows) {
            cells.read(block.clone());
            cards.code(&mut cells, block.len());
            cells.refuse_errors()?;
            let mut sums = vec![0.0; tiers];
            let mut row = block.start;
            cards.results(block.len(), |score, pd| {
                let (event, weight, test) = (labels.event[row], labels.weight[row], labels.test[row]);
                row += 1;
                let counts = if test { &mut seen.test_rows } else { &mut seen.rows };
                counts.add_row(event, weight);
                let (pds, events, weights) = &mut sides[usize::from(test)];
                pds.push(pd);
                events.push(event);
                weights.push(weight);
                if let Some(tier) = &self.tier {
                    let at = tier.score_tier(score, pd).index();
                    let counts = if test { &mut seen.test_tiers } else { &mut seen.tiers };
                    counts[at].add_row(event, weight);
                    if !test {
                        sums[at] += weight as f64 * pd;
                    }
                }
            });
            seen.tier_pd.add_all(&sums)?;
        }
        let [(pd, event, weight), (test_pd, test_event, test_weight)] = &sides;
        seen.pd.observe(pd, event, weight);
        seen.test_pd.observe(test_pd, test_event, test_weight);
        Ok(seen)
    }
}
