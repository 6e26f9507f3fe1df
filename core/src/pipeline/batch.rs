//! Deciding and scoring whole batches: the same path as for a record, a block of rows at a time.

use std::ops::Range;

use super::blocks::{BlockReader, Blocks};
use super::cards::CardBlock;
use super::columns::{DecisionParts, Decisions, NONE, ScoreParts, Scores};
use super::pass::blocks;
use super::rule_bits::RuleBits;
use super::scorer::Scorer;
use super::verdict::{Facts, RulesTold};
use crate::data::{Batch, Date};
use crate::error::{Error, Problem, Result};
use crate::expr::{BlockColumn, Expr, Scratch};
use crate::model::BLOCK;
use crate::parallel::Threads;
use crate::tier::TierTold;

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
        let day = self.verdicts.on(as_of)?;
        let wanted: Vec<usize> = (0..self.expressions.conditions.len() + self.expressions.amounts.len()).collect();
        let reader = self.reader(&wanted, [], batch)?;
        decisions.reset(batch.rows(), self.verdicts.decimals, as_of);
        let tasks = cut(batch.rows(), decisions.parts(), DecisionParts::split_at);
        let errors = threads.map(tasks, |(rows, mut parts)| {
            let mut worker = Worker::new(self, &reader);
            let mut errors = Vec::new();
            for block in blocks(&rows) {
                worker.score(block.clone());
                worker.evaluate(&wanted);
                for at in 0..block.len() {
                    let row = block.start - rows.start + at;
                    parts.set(row, &self.verdicts.conclude(&worker.facts(at), &day));
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
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when a column is missing or of the wrong kind, or when tiers depend on the
    /// day.
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
        let day = self.verdicts.tiers_on(None).map_err(|_| {
            let what = "tiers depend on the day: overlays and rules of the tier policy are dated";
            Error::data(Problem::new(what, "decide the batch as of a day"))
        })?;
        let bureau = self.verdicts.bureau.map(|amount| self.expressions.conditions.len() + amount);
        let wanted: Vec<usize> = (0..self.verdicts.tier_rules()).chain(bureau).collect();
        let reader = self.reader(&wanted, [], batch)?;
        scores.reset(batch.rows(), self.verdicts.decimals, None);
        let tasks = cut(batch.rows(), scores.parts(), ScoreParts::split_at);
        let errors = threads.map(tasks, |(rows, mut parts)| {
            let mut worker = Worker::new(self, &reader);
            let mut errors = Vec::new();
            for block in blocks(&rows) {
                worker.score(block.clone());
                worker.evaluate(&wanted);
                let start = block.start - rows.start;
                parts.status[start..start + block.len()].fill(0);
                parts.score[start..start + block.len()].copy_from_slice(worker.scores());
                parts.pd[start..start + block.len()].copy_from_slice(worker.pds());
                let tiers = &mut parts.tier[start..start + block.len()];
                match &self.verdicts.tier {
                    Some(table) if wanted.is_empty() => {
                        for ((tier, &score), &pd) in tiers.iter_mut().zip(worker.scores()).zip(worker.pds()) {
                            *tier = table.score_tier(score, pd).index() as u8;
                        }
                    }
                    Some(table) => {
                        let measured = worker.scores().iter().zip(worker.pds());
                        for (at, (tier, (&score, &pd))) in tiers.iter_mut().zip(measured).enumerate() {
                            let (told, amount) = (worker.told(at).tier, worker.amount(at));
                            let result = self.verdicts.tier_of(table, [score, pd], &day, told, amount);
                            *tier = result.tier.index() as u8;
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
}

impl Scorer {
    /// Reads what the cards, the `wanted` expressions and `more` need.
    pub(super) fn reader<'a>(
        &'a self,
        wanted: &[usize],
        more: impl IntoIterator<Item = &'a Expr>,
        batch: &'a Batch<'a>,
    ) -> Result<BlockReader<'a>> {
        let slots: Vec<usize> = self.cards.slots().collect();
        let wanted = wanted.iter().filter_map(|&number| self.expressions.get(number));
        let read: Vec<&Expr> = self.cards.expressions().chain(wanted).chain(more).collect();
        BlockReader::new(&self.plan, &slots, &read, batch)
    }
}

/// Cuts the output into tasks that threads fill independently.
pub(super) fn cut<P>(rows: usize, mut parts: P, split_at: impl Fn(P, usize) -> (P, P)) -> Vec<(Range<usize>, P)> {
    let mut tasks = Vec::new();
    for start in (0..rows).step_by(TASK) {
        let end = (start + TASK).min(rows);
        let (head, rest) = split_at(parts, end - start);
        tasks.push((start..end, head));
        parts = rest;
    }
    tasks
}

/// What one thread needs to work through blocks.
pub(super) struct Worker<'a> {
    scorer: &'a Scorer,
    blocks: Blocks<'a>,
    cards: CardBlock<'a>,
    score: BlockColumn<'a>,
    pd: BlockColumn<'a>,
    /// Level of the early warning; empty where nobody asks for it.
    warning: BlockColumn<'a>,
    /// Conditions of strong rules, weak rules, overlays and policy rules.
    rules: [RuleBits; 4],
    amounts: Vec<[f64; BLOCK]>,
    scratch: Scratch<'a>,
}

impl<'a> Worker<'a> {
    pub(super) fn new(scorer: &'a Scorer, reader: &'a BlockReader<'a>) -> Self {
        Worker {
            scorer,
            blocks: reader.blocks(),
            cards: CardBlock::new(&scorer.cards),
            score: BlockColumn::Number(Vec::with_capacity(BLOCK)),
            pd: BlockColumn::Number(Vec::with_capacity(BLOCK)),
            warning: BlockColumn::Number(Vec::new()),
            rules: std::array::from_fn(|kind| RuleBits::new(scorer.verdicts.kind(kind).len())),
            amounts: vec![[f64::NAN; BLOCK]; scorer.expressions.amounts.len()],
            scratch: Scratch::default(),
        }
    }

    /// Codes, log-odds, points, score and PD of a block.
    pub(super) fn score(&mut self, rows: Range<usize>) {
        let count = rows.len();
        self.blocks.read(rows);
        self.cards.code(&mut self.blocks, count);
        if let (BlockColumn::Number(score), BlockColumn::Number(pd)) = (&mut self.score, &mut self.pd) {
            score.clear();
            pd.clear();
            self.cards.results(count, |points, probability| {
                score.push(points);
                pd.push(probability);
            });
        }
    }

    fn scores(&self) -> &[f64] {
        if let BlockColumn::Number(score) = &self.score { score } else { &[] }
    }

    fn pds(&self) -> &[f64] {
        if let BlockColumn::Number(pd) = &self.pd { pd } else { &[] }
    }

    /// Evaluates those of the scorer's conditions and amounts that have these numbers.
    pub(super) fn evaluate(&mut self, wanted: &[usize]) {
        let rows = self.score.len();
        let none = std::array::from_fn(|_| RuleBits::new(0));
        let (mut rules, mut amounts) = (std::mem::replace(&mut self.rules, none), std::mem::take(&mut self.amounts));
        let conditions = self.scorer.expressions.conditions.len();
        for &i in wanted {
            let Some(expression) = self.scorer.expressions.get(i) else { continue };
            let rule = self.scorer.verdicts.rule(i);
            match self.evaluate_one(expression) {
                BlockColumn::Flag(found) => {
                    if let Some((kind, number)) = rule {
                        rules[kind].set(number, found);
                    }
                }
                BlockColumn::Number(found) if i >= conditions => amounts[i - conditions][..rows].copy_from_slice(found),
                _ => {}
            }
        }
        (self.rules, self.amounts) = (rules, amounts);
    }

    /// Sets the level of early warning of the rows of the block, which expressions may name from here on.
    pub(super) fn set_warning(&mut self, levels: impl Iterator<Item = f64>) {
        if let BlockColumn::Number(warning) = &mut self.warning {
            warning.clear();
            warning.extend(levels);
        }
    }

    /// Evaluates one more expression over the block.
    pub(super) fn evaluate_one(&mut self, expression: &'a Expr) -> &BlockColumn<'a> {
        let slots = self.scorer.plan.slots();
        let (blocks, results) = (&self.blocks, [&self.score, &self.pd, self.cards.expert_scores(), &self.warning]);
        let load = |slot: usize| match slot.checked_sub(slots) {
            None => blocks.input(slot),
            Some(result) => self.scorer.expressions.result(result, results),
        };
        expression.program().eval_block(self.score.len(), load, &mut self.scratch)
    }

    /// What the conditions say of a row.
    fn told(&self, at: usize) -> RulesTold {
        let [strong, weak, overlays, policy] = &self.rules;
        let tier = TierTold { strong: strong.told(at), weak: weak.told(at), overlays: overlays.told(at) };
        RulesTold { tier, policy: policy.told(at) }
    }

    /// The amounts of a row.
    fn amount(&self, at: usize) -> impl Fn(usize) -> f64 + '_ {
        move |i: usize| self.amounts[i][at]
    }

    /// What the concluding stages need to know of a row.
    pub(super) fn facts(&self, at: usize) -> Facts<impl Fn(usize) -> f64, impl Fn(usize) -> u8, impl Fn(usize) -> f64> {
        Facts {
            score: self.scores()[at],
            pd: self.pds()[at],
            expert_score: self.cards.expert_score(at),
            unseen: self.cards.unseen(at),
            card: self.cards.number(at),
            told: self.told(at),
            amount: self.amount(at),
            code: move |variable: usize| self.cards.codes(at)[variable][at],
            taken: move |factor: usize| self.cards.taken(at, factor),
        }
    }

    /// Rows that could not be decided, one error each.
    pub(super) fn errors(&self) -> Vec<(usize, Error)> {
        let mut errors = self.blocks.errors().to_vec();
        errors.sort_by_key(|(row, _)| *row);
        errors.dedup_by_key(|(row, _)| *row);
        errors
    }
}
