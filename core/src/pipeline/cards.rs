//! The cards of a pipeline: which one a row belongs to, and its score and PD there.

use std::collections::BTreeSet;

use super::blocks::Blocks;
use super::card::Card;
use super::expert::{Expert, ExpertStage};
use super::fitted::Pipeline;
use super::offset::Offset;
use crate::data::{Kind, Value, is_name};
use crate::error::{Error, Problem, Problems, Result};
use crate::expr::{BlockColumn, Expr, Scratch, TRUE};
use crate::features::{FeaturePlan, ProtectedUse};
use crate::model::BLOCK;

/// The most segments.
pub(super) const MAX_SEGMENTS: usize = 32;

/// All cards, resolved: those of the segments in their order, and last the one of all other rows.
#[derive(Debug, Clone)]
pub(super) struct Cards {
    all: Vec<Card>,
    /// The conditions of the segments.
    when: Vec<Expr>,
    offset: Option<Offset>,
    expert: Option<ExpertStage>,
}

impl Cards {
    /// Resolves the cards of a pipeline.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when parts of a card do not fit together or a condition
    /// cannot be used.
    pub(super) fn new(pipeline: &Pipeline, plan: &FeaturePlan) -> Result<Self> {
        let named = pipeline.segments.iter().map(|segment| (segment.name.as_str(), segment.when.as_str()));
        let when = conditions(named, &pipeline.protected_use, plan)?;
        let mut problems = Problems::default();
        problems.absorb("calibration", pipeline.calibration.validate());
        let alone = pipeline.expert.as_ref().is_some_and(Expert::stands_alone);
        let all = pipeline.cards().filter_map(|parts| {
            let place = parts.segment.unwrap_or("scorecard");
            problems.absorb(place, Card::new(parts, &pipeline.calibration, usize::from(!alone), &pipeline.protected_use, plan))
        });
        let all: Vec<Card> = all.collect();
        problems.into_result()?;
        let stage = |expert| ExpertStage::new(expert, &pipeline.scorecard.scaling, plan, &pipeline.protected_use);
        let offset = Offset::of(pipeline.offset.as_deref(), &pipeline.protected_use, plan)?;
        Ok(Cards { all, when, offset, expert: pipeline.expert.as_ref().map(stage).transpose()? })
    }

    /// The card of the rows that no segment takes, with its number.
    pub(super) fn rest(&self) -> usize {
        self.when.len()
    }

    pub(super) fn all(&self) -> &[Card] {
        &self.all
    }

    /// Whether there is one card and nothing beside it that counts.
    pub(super) fn is_plain(&self) -> bool {
        self.when.is_empty() && self.offset.is_none() && self.expert.is_none() && !self.all.iter().any(Card::has_pairs)
    }

    /// Log-odds and points of a record, given its card, with the offset.
    #[inline]
    pub(super) fn sums<'a>(&'a self, card: &Card, codes: &[u8], load: impl Fn(usize) -> Value<'a>) -> [f64; 2] {
        let sums = card.sums(codes);
        self.offset.as_ref().map_or(sums, |offset| card.shift(sums, offset.record(load)))
    }

    /// The expert card.
    pub(super) fn expert(&self) -> Option<&ExpertStage> {
        self.expert.as_ref()
    }

    /// The conditions of the segments.
    pub(super) fn conditions(&self) -> &[Expr] {
        &self.when
    }

    /// The expression of the offset.
    pub(super) fn offset(&self) -> Option<&Expr> {
        self.offset.as_ref().map(Offset::expression)
    }

    /// The conditions of the segments, the offset and the inputs of the expert card.
    pub(super) fn expressions(&self) -> impl Iterator<Item = &Expr> {
        let own = self.when.iter().chain(self.offset.iter().map(Offset::expression));
        own.chain(self.expert.iter().flat_map(|expert| expert.table().inputs()))
    }

    /// Slots of the variables of all cards.
    pub(super) fn slots(&self) -> impl Iterator<Item = usize> {
        self.all.iter().flat_map(|card| card.slots.iter().copied())
    }

    /// The number of the card that a record belongs to.
    #[inline]
    pub(super) fn of<'a>(&'a self, load: impl Fn(usize) -> Value<'a> + Copy) -> usize {
        let taken = |condition: &'a Expr| condition.program().eval(load) == Value::Flag(true);
        self.when.iter().position(taken).unwrap_or(self.rest())
    }
}

/// Parses the conditions of segments, given by name and text.
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
pub(super) fn conditions<'a>(
    segments: impl Iterator<Item = (&'a str, &'a str)>,
    protected_use: &[ProtectedUse],
    plan: &FeaturePlan,
) -> Result<Vec<Expr>> {
    let mut problems = Problems::default();
    let mut names = BTreeSet::new();
    let mut found = Vec::new();
    let scope = plan.scope();
    for (name, when) in segments {
        problems.require(is_name(name) && names.insert(name), "segments", "a segment has no name of its own", "name each once");
        let Some(condition) = problems.absorb(name, Expr::parse(when, &scope)) else { continue };
        problems.require(condition.kind() == Kind::Flag, name, "the segment needs a condition", "compare something");
        let mut sources = BTreeSet::new();
        condition.reads().iter().for_each(|&slot| plan.add_sources(slot, &mut sources));
        problems.absorb(name, plan.refuse_protected(&sources, protected_use, "the choice of the card"));
        found.push(condition);
    }
    if found.len() > MAX_SEGMENTS {
        return Err(Error::config(Problem::new("there are more than 32 segments", "merge some").field("segments")));
    }
    problems.into_result()?;
    Ok(found)
}

/// The cards at work on one block of rows.
pub(super) struct CardBlock<'a> {
    cards: &'a Cards,
    /// Bin codes by card and variable.
    codes: Vec<Vec<[u8; BLOCK]>>,
    /// Log-odds and points.
    sums: Vec<[f64; 2]>,
    unseen: [u8; BLOCK],
    /// The card of each row; all 0 when there is only one card.
    numbers: [u8; BLOCK],
    /// Scores of the expert card, NaN without, and what each of its factors takes from them.
    expert_score: BlockColumn<'a>,
    taken: Vec<[f64; BLOCK]>,
    scratch: Scratch<'a>,
}

impl<'a> CardBlock<'a> {
    pub(super) fn new(cards: &'a Cards) -> Self {
        CardBlock {
            cards,
            codes: cards.all.iter().map(|card| vec![[0; BLOCK]; card.slots.len()]).collect(),
            sums: vec![[0.0; 2]; BLOCK],
            unseen: [0; BLOCK],
            numbers: [0; BLOCK],
            expert_score: BlockColumn::Number(vec![f64::NAN; BLOCK]),
            taken: vec![[0.0; BLOCK]; cards.expert.as_ref().map_or(0, |expert| expert.table().factors())],
            scratch: Scratch::default(),
        }
    }

    /// Finds card, codes, log-odds and points of the first `count` rows of the block that was read, and mixes in the
    /// expert score.
    pub(super) fn code(&mut self, blocks: &mut Blocks<'a>, count: usize) {
        let cards = self.cards;
        self.unseen[..count].fill(0);
        if let [card] = &cards.all[..] {
            code(card, blocks, &mut self.codes[0], &mut self.unseen[..count]);
            card.sums_of(&self.codes[0], &mut self.sums[..count]);
        } else {
            self.code_segments(blocks, count);
        }
        if let Some(offset) = &cards.offset {
            let offsets = offset.block(blocks, count, &mut self.scratch);
            for (at, offset) in offsets.into_iter().enumerate() {
                self.sums[at] = cards.all[self.number(at)].shift(self.sums[at], offset);
            }
        }
        if let (Some(expert), BlockColumn::Number(scores)) = (&cards.expert, &mut self.expert_score) {
            let load = |slot| blocks.input(slot);
            expert.table().score_block_with_losses(count, load, &mut self.scratch, scores, &mut self.taken);
            self.sums[..count].iter_mut().zip(scores).for_each(|(sums, &mut score)| *sums = expert.mix(*sums, score));
        }
    }

    fn code_segments(&mut self, blocks: &mut Blocks<'a>, count: usize) {
        choose(&self.cards.when, blocks, &mut self.numbers[..count], &mut self.scratch);
        let mut sums = vec![[0.0; 2]; count];
        for (number, card) in self.cards.all.iter().enumerate() {
            // A card without rows here is coded as well: that is how values no field allows are found.
            let mut unseen = [0; BLOCK];
            code(card, blocks, &mut self.codes[number], &mut unseen[..count]);
            card.sums_of(&self.codes[number], &mut sums);
            for at in (0..count).filter(|&at| usize::from(self.numbers[at]) == number) {
                (self.sums[at], self.unseen[at]) = (sums[at], unseen[at]);
            }
        }
    }

    /// Score and PD of each of the first `count` rows.
    #[inline]
    pub(super) fn results(&self, count: usize, mut take: impl FnMut(f64, f64)) {
        if let [card] = &self.cards.all[..] {
            for &sums in &self.sums[..count] {
                let (score, pd) = card.score_and_pd(sums);
                take(score, pd);
            }
            return;
        }
        for at in 0..count {
            let (score, pd) = self.cards.all[self.number(at)].score_and_pd(self.sums[at]);
            take(score, pd);
        }
    }

    /// The number of a row's card.
    #[inline]
    pub(super) fn number(&self, at: usize) -> usize {
        usize::from(self.numbers[at])
    }

    /// Bin codes by variable of a row's card.
    #[inline]
    pub(super) fn codes(&self, at: usize) -> &[[u8; BLOCK]] {
        &self.codes[self.number(at)]
    }

    /// A row's score on the expert card; NaN without.
    #[inline]
    pub(super) fn expert_score(&self, at: usize) -> f64 {
        if let BlockColumn::Number(scores) = &self.expert_score { scores[at] } else { f64::NAN }
    }

    /// Scores of the expert card, as expressions see them.
    pub(super) fn expert_scores(&self) -> &BlockColumn<'a> {
        &self.expert_score
    }

    /// What a factor of the expert card takes from a row's expert score.
    #[inline]
    pub(super) fn taken(&self, at: usize, factor: usize) -> f64 {
        self.taken[factor][at]
    }

    /// Number of a row's levels that training never saw.
    #[inline]
    pub(super) fn unseen(&self, at: usize) -> u8 {
        self.unseen[at]
    }
}

/// Codes every variable of a card.
fn code(card: &Card, blocks: &mut Blocks<'_>, codes: &mut [[u8; BLOCK]], unseen: &mut [u8]) {
    let count = unseen.len();
    for ((lookup, &slot), codes) in card.lookups.iter().zip(&card.slots).zip(codes) {
        blocks.code(slot, lookup, &mut codes[..count], unseen);
    }
}

/// The number of the first condition that holds for each row; the number of conditions when none does.
pub(super) fn choose<'a>(when: &'a [Expr], blocks: &Blocks<'a>, numbers: &mut [u8], scratch: &mut Scratch<'a>) {
    numbers.fill(when.len() as u8);
    for (number, condition) in when.iter().enumerate().rev() {
        if let BlockColumn::Flag(flags) = condition.program().eval_block(numbers.len(), |slot| blocks.input(slot), scratch) {
            for (taken, _) in numbers.iter_mut().zip(flags).filter(|(_, flag)| **flag == TRUE) {
                *taken = number as u8;
            }
        }
    }
}
