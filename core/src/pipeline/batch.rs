//! Deciding and scoring whole batches: the same path as for a record, a block of rows at a time.

use std::ops::Range;

use super::blocks::{BlockReader, Blocks};
use super::columns::{DecisionParts, Decisions, NONE, ScoreParts, Scores};
use super::scorer::Scorer;
use super::verdict::Facts;
use crate::data::{Batch, Date};
use crate::error::{Error, Result};
use crate::expr::{BlockColumn, Expr, Scratch, TRUE, UNKNOWN};
use crate::model::BLOCK;
use crate::parallel::Threads;

/// Rows that one task decides.
const TASK: usize = 16 * BLOCK;

impl Scorer {
    /// Decides every row. A row with a value that its field does not allow gets the status of the error and
    /// loses nothing of the others. The result does not depend on `threads`.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when a column is missing or of the wrong kind, or when
    /// `as_of` is needed and missing.
    pub fn decide_batch(&self, batch: &Batch<'_>, as_of: Option<Date>, threads: Threads) -> Result<Decisions> {
        let mut decisions = Decisions::default();
        self.decide_batch_into(batch, as_of, threads, &mut decisions)?;
        Ok(decisions)
    }

    /// [`Scorer::decide_batch`] into the memory of earlier decisions, which saves its allocation.
    ///
    /// # Errors
    /// As [`Scorer::decide_batch`]; `decisions` is then as it was.
    pub fn decide_batch_into(
        &self,
        batch: &Batch<'_>,
        as_of: Option<Date>,
        threads: Threads,
        decisions: &mut Decisions,
    ) -> Result<()> {
        let prices = self.verdicts.prices_on(as_of)?;
        let expressions: Vec<&Expr> = self.expressions.conditions.iter().chain(&self.expressions.amounts).collect();
        let reader = BlockReader::new(&self.plan, &self.card.slots, &self.with_expert(&expressions), batch)?;
        decisions.reset(batch.rows(), self.verdicts.decimals);
        let tasks = cut(batch.rows(), decisions.parts(), DecisionParts::split_at);
        let errors = threads.map(tasks, |(rows, mut parts)| {
            let mut worker = Worker::new(self, &reader);
            let mut errors = Vec::new();
            for block in blocks(&rows) {
                worker.score(block.clone());
                worker.evaluate(&expressions);
                for at in 0..block.len() {
                    let row = block.start - rows.start + at;
                    parts.set(row, &self.verdicts.conclude(&worker.facts(at), prices));
                }
                for (row, error) in worker.errors() {
                    parts.clear(row - rows.start);
                    errors.push((row, error));
                }
            }
            Ok(errors)
        })?;
        decisions.fail(errors.into_iter().flatten().collect());
        Ok(())
    }

    /// Scores every row: score, PD and tier, without limit, price and outcome.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when a column is missing or of the wrong kind.
    pub fn score_batch(&self, batch: &Batch<'_>, threads: Threads) -> Result<Scores> {
        let mut scores = Scores::default();
        self.score_batch_into(batch, threads, &mut scores)?;
        Ok(scores)
    }

    /// [`Scorer::score_batch`] into the memory of earlier scores, which saves its allocation.
    ///
    /// # Errors
    /// As [`Scorer::score_batch`]; `scores` is then as it was.
    pub fn score_batch_into(&self, batch: &Batch<'_>, threads: Threads, scores: &mut Scores) -> Result<()> {
        let rules: Vec<&Expr> = self.expressions.conditions.iter().take(self.verdicts.tier_rules).collect();
        let reader = BlockReader::new(&self.plan, &self.card.slots, &self.with_expert(&rules), batch)?;
        scores.reset(batch.rows(), self.verdicts.decimals);
        let tasks = cut(batch.rows(), scores.parts(), ScoreParts::split_at);
        let errors = threads.map(tasks, |(rows, mut parts)| {
            let mut worker = Worker::new(self, &reader);
            let mut errors = Vec::new();
            for block in blocks(&rows) {
                worker.score(block.clone());
                worker.evaluate(&rules);
                let start = block.start - rows.start;
                parts.status[start..start + block.len()].fill(0);
                parts.score[start..start + block.len()].copy_from_slice(worker.scores());
                parts.pd[start..start + block.len()].copy_from_slice(worker.pds());
                let tiers = &mut parts.tier[start..start + block.len()];
                match &self.verdicts.tier {
                    Some(table) if rules.is_empty() => {
                        for (tier, &pd) in tiers.iter_mut().zip(worker.pds()) {
                            *tier = table.score_tier(pd).index() as u8;
                        }
                    }
                    Some(table) => {
                        for (at, tier) in tiers.iter_mut().enumerate() {
                            *tier = self.verdicts.tier_of(table, &worker.facts(at)).tier.index() as u8;
                        }
                    }
                    None => tiers.fill(NONE),
                }
                for (row, error) in worker.errors() {
                    parts.clear(row - rows.start);
                    errors.push((row, error));
                }
            }
            Ok(errors)
        })?;
        scores.fail(errors.into_iter().flatten().collect());
        Ok(())
    }

    /// `expressions` and the inputs of the expert card.
    fn with_expert<'a>(&'a self, expressions: &[&'a Expr]) -> Vec<&'a Expr> {
        expressions.iter().copied().chain(self.expert.iter().flat_map(|expert| expert.table().inputs())).collect()
    }
}

/// Cuts the output into tasks that threads fill independently.
fn cut<P>(rows: usize, mut parts: P, split_at: impl Fn(P, usize) -> (P, P)) -> Vec<(Range<usize>, P)> {
    let mut tasks = Vec::new();
    for start in (0..rows).step_by(TASK) {
        let end = (start + TASK).min(rows);
        let (head, rest) = split_at(parts, end - start);
        tasks.push((start..end, head));
        parts = rest;
    }
    tasks
}

fn blocks(rows: &Range<usize>) -> impl Iterator<Item = Range<usize>> + use<> {
    let rows = rows.clone();
    rows.clone().step_by(BLOCK).map(move |start| start..(start + BLOCK).min(rows.end))
}

/// What one thread needs to work through blocks.
struct Worker<'a> {
    scorer: &'a Scorer,
    blocks: Blocks<'a>,
    codes: Vec<[u8; BLOCK]>,
    sums: Vec<[f64; 2]>,
    unseen: [u8; BLOCK],
    score: BlockColumn<'a>,
    pd: BlockColumn<'a>,
    /// Scores of the expert card, NaN without, and what each of its factors takes from them.
    expert_score: BlockColumn<'a>,
    lost: Vec<[f64; BLOCK]>,
    /// Results of the expressions: conditions first, then amounts.
    flags: Vec<[u8; BLOCK]>,
    amounts: Vec<[f64; BLOCK]>,
    scratch: Scratch<'a>,
}

impl<'a> Worker<'a> {
    fn new(scorer: &'a Scorer, reader: &'a BlockReader<'a>) -> Self {
        Worker {
            scorer,
            blocks: reader.blocks(),
            codes: vec![[0; BLOCK]; scorer.card.slots.len()],
            sums: vec![[0.0; 2]; BLOCK],
            unseen: [0; BLOCK],
            score: BlockColumn::Number(Vec::with_capacity(BLOCK)),
            pd: BlockColumn::Number(Vec::with_capacity(BLOCK)),
            expert_score: BlockColumn::Number(vec![f64::NAN; BLOCK]),
            lost: vec![[0.0; BLOCK]; scorer.expert.as_ref().map_or(0, |expert| expert.table().factors())],
            flags: vec![[UNKNOWN; BLOCK]; scorer.expressions.conditions.len()],
            amounts: vec![[f64::NAN; BLOCK]; scorer.expressions.amounts.len()],
            scratch: Scratch::default(),
        }
    }

    /// Codes, log-odds, points, score and PD of a block.
    fn score(&mut self, rows: Range<usize>) {
        let count = rows.len();
        self.blocks.read(rows);
        self.unseen[..count].fill(0);
        let card = &self.scorer.card;
        for ((lookup, &slot), codes) in card.lookups.iter().zip(&card.slots).zip(&mut self.codes) {
            self.blocks.code(slot, lookup, &mut codes[..count], &mut self.unseen[..count]);
        }
        card.sums_of(&self.codes, &mut self.sums[..count]);
        if let (Some(expert), BlockColumn::Number(scores)) = (&self.scorer.expert, &mut self.expert_score) {
            let blocks = &self.blocks;
            let load = |slot| blocks.input(slot);
            expert.table().score_block_with_losses(count, load, &mut self.scratch, scores, &mut self.lost);
            self.sums[..count].iter_mut().zip(scores).for_each(|(sums, &mut score)| *sums = expert.mix(*sums, score));
        }
        if let (BlockColumn::Number(score), BlockColumn::Number(pd)) = (&mut self.score, &mut self.pd) {
            score.clear();
            pd.clear();
            for &sums in &self.sums[..count] {
                let (points, probability) = card.score_and_pd(sums);
                score.push(points);
                pd.push(probability);
            }
        }
    }

    fn scores(&self) -> &[f64] {
        if let BlockColumn::Number(score) = &self.score { score } else { &[] }
    }

    fn pds(&self) -> &[f64] {
        if let BlockColumn::Number(pd) = &self.pd { pd } else { &[] }
    }

    fn expert_score(&self, at: usize) -> f64 {
        if let BlockColumn::Number(scores) = &self.expert_score { scores[at] } else { f64::NAN }
    }

    /// Evaluates the first of the scorer's conditions and amounts that `expressions` lists.
    fn evaluate(&mut self, expressions: &[&'a Expr]) {
        let slots = self.scorer.plan.slots();
        let rows = self.score.len();
        let (blocks, results) = (&self.blocks, [&self.score, &self.pd, &self.expert_score]);
        let load = |slot: usize| match slot.checked_sub(slots) {
            None => blocks.input(slot),
            Some(result) => self.scorer.expressions.result(result, results),
        };
        let conditions = self.flags.len();
        for (i, expression) in expressions.iter().enumerate() {
            match expression.program().eval_block(rows, load, &mut self.scratch) {
                BlockColumn::Flag(flags) if i < conditions => self.flags[i][..rows].copy_from_slice(flags),
                BlockColumn::Number(amounts) if i >= conditions => self.amounts[i - conditions][..rows].copy_from_slice(amounts),
                _ => {}
            }
        }
    }

    fn facts(
        &self,
        at: usize,
    ) -> Facts<
        impl Fn(usize) -> Option<bool> + '_,
        impl Fn(usize) -> f64 + '_,
        impl Fn(usize) -> u8 + '_,
        impl Fn(usize) -> f64 + '_,
    > {
        Facts {
            score: self.scores()[at],
            pd: self.pds()[at],
            expert_score: self.expert_score(at),
            unseen: self.unseen[at],
            condition: move |i: usize| match self.flags[i][at] {
                UNKNOWN.. => None,
                flag => Some(flag == TRUE),
            },
            amount: move |i: usize| self.amounts[i][at],
            code: move |variable: usize| self.codes[variable][at],
            lost: move |factor: usize| self.lost[factor][at],
        }
    }

    /// Rows that could not be decided, one error each.
    fn errors(&self) -> Vec<(usize, Error)> {
        let mut errors = self.blocks.errors().to_vec();
        errors.sort_by_key(|(row, _)| *row);
        errors.dedup_by_key(|(row, _)| *row);
        errors
    }
}
