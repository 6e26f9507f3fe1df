//! The card resolved: inputs parsed, one record or a block of rows at a time with the same bits.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::card::{ExpertCard, Factor, MissingFactor};
use super::curve::Curve;
use crate::data::Value;
use crate::error::{Problem, Problems, Result};
use crate::expr::{BLOCK, BlockColumn, Expr, Scratch};
use crate::features::FeaturePlan;

/// The most factors of a card.
pub(crate) const MAX_FACTORS: usize = 64;

/// An expert card ready to score.
#[derive(Debug, Clone)]
pub struct ExpertTable {
    factors: Vec<Resolved>,
}

#[derive(Debug, Clone)]
struct Resolved {
    name: String,
    weight: f64,
    curve: Curve,
    /// The highest score of the curve.
    best: f64,
    input: Expr,
    missing: Gap,
}

/// What a missing factor adds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Gap {
    /// Neither points nor weight.
    Nothing,
    /// Points, with its weight.
    Points(f64),
    /// There is no score.
    Refused,
}

impl Gap {
    pub(super) fn of(factor: &Factor, otherwise: MissingFactor) -> Self {
        match factor.missing.unwrap_or(otherwise) {
            MissingFactor::Renormalise => Gap::Nothing,
            MissingFactor::Neutral { score } => Gap::Points(score),
            MissingFactor::Worst => Gap::Points(factor.curve.worst()),
            MissingFactor::Refuse => Gap::Refused,
        }
    }
}

/// A score with what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    /// 0 (worst) to 100 (best); `None` when there is no score.
    pub score: Option<f64>,
    /// The factors, in the order of the card.
    pub factors: Vec<FactorScore>,
}

/// One factor of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FactorScore {
    /// Name of the factor.
    pub name: String,
    /// Points of its value, 0 to 100; `None` when it was missing.
    pub points: Option<f64>,
    /// What it adds to the score: these add up to the score. Zero when there is no score.
    pub contribution: f64,
}

/// Sums of one record on the way to its score.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    points: f64,
    weight: f64,
    refused: bool,
}

impl Sums {
    /// Adds a factor and returns the points that count for it, if any do.
    #[inline(always)]
    pub(super) fn add(&mut self, weight: f64, gap: Gap, points: Option<f64>) -> Option<f64> {
        let points = match (points, gap) {
            (Some(points), _) | (None, Gap::Points(points)) => points,
            (None, Gap::Nothing) => return None,
            (None, Gap::Refused) => {
                self.refused = true;
                return None;
            }
        };
        self.points += weight * points;
        self.weight += weight;
        Some(points)
    }

    #[inline(always)]
    pub(super) fn score(self) -> f64 {
        if self.refused || self.weight == 0.0 { f64::NAN } else { (self.points / self.weight).clamp(0.0, 100.0) }
    }

    /// What a factor took from the score, given what it took before division by the weights.
    #[inline(always)]
    fn lost(self, weighted: f64) -> f64 {
        if self.refused || self.weight == 0.0 { 0.0 } else { weighted / self.weight }
    }
}

impl Resolved {
    /// Adds the factor's points and returns weight · points below the best of the curve.
    #[inline(always)]
    fn add(&self, sums: &mut Sums, value: Value<'_>) -> f64 {
        let counted = sums.add(self.weight, self.missing, self.curve.score(value));
        counted.map_or(0.0, |points| self.weight * (self.best - points))
    }
}

impl ExpertTable {
    /// Checks the card and parses its inputs: fields and features of `plan`, which are the slots that scores load.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn new(card: &ExpertCard, plan: &FeaturePlan) -> Result<Self> {
        let mut problems = Problems::default();
        problems.absorb("card", card.validate());
        let scope = plan.scope();
        let mut factors = Vec::new();
        for factor in &card.factors {
            let Some(input) = problems.absorb(&factor.name, Expr::parse(&factor.input, &scope)) else { continue };
            if !factor.curve.reads(input.kind()) {
                let what = format!("the curve does not read inputs of kind {}", input.kind().name());
                let remedy = "use levels for categories, lines or steps for numbers and flags";
                problems.push(Problem::new(what, remedy).field(&factor.name));
            }
            factors.push(Resolved {
                name: factor.name.clone(),
                weight: factor.weight,
                missing: Gap::of(factor, card.missing),
                best: factor.curve.best(),
                curve: factor.curve.clone(),
                input,
            });
        }
        problems.into_result()?;
        Ok(ExpertTable { factors })
    }

    /// The inputs, in the order of the card.
    pub fn inputs(&self) -> impl Iterator<Item = &Expr> {
        self.factors.iter().map(|factor| &factor.input)
    }

    /// Every slot that the score is computed from.
    #[must_use]
    pub fn sources(&self, plan: &FeaturePlan) -> BTreeSet<usize> {
        let mut sources = BTreeSet::new();
        self.inputs().flat_map(Expr::reads).for_each(|&slot| plan.add_sources(slot, &mut sources));
        sources
    }

    /// The score of one record, 0 to 100; NaN when there is none. `load` yields the value of a slot.
    #[must_use]
    pub fn score<'v>(&'v self, load: impl Fn(usize) -> Value<'v>) -> f64 {
        self.score_with_losses(load, &mut [0.0; MAX_FACTORS])
    }

    /// [`ExpertTable::score`], and what each factor takes from it: points below the best of its curve, by its share of the
    /// weights. Nothing is lost where there is no score.
    pub(crate) fn score_with_losses<'v>(&'v self, load: impl Fn(usize) -> Value<'v>, lost: &mut [f64; MAX_FACTORS]) -> f64 {
        let mut sums = Sums::default();
        for (factor, lost) in self.factors.iter().zip(lost.iter_mut()) {
            *lost = factor.add(&mut sums, factor.input.program().eval(&load));
        }
        lost.iter_mut().take(self.factors.len()).for_each(|lost| *lost = sums.lost(*lost));
        sums.score()
    }

    /// Number of factors.
    pub(crate) fn factors(&self) -> usize {
        self.factors.len()
    }

    /// The scores of `rows` records, best at most [`expr::BLOCK`](crate::expr::BLOCK) at a time: the same bits as
    /// [`ExpertTable::score`] gives record by record. `load` yields the column of a slot; `scores` is overwritten.
    pub fn score_block<'v, 'b>(
        &'v self,
        rows: usize,
        load: impl Fn(usize) -> &'b BlockColumn<'v>,
        scratch: &mut Scratch<'v>,
        scores: &mut Vec<f64>,
    ) where
        'v: 'b,
    {
        self.score_block_with_losses(rows, load, scratch, scores, &mut []);
    }

    /// [`ExpertTable::score_block`] with the losses of [`ExpertTable::score_with_losses`], one column a factor.
    pub(crate) fn score_block_with_losses<'v, 'b>(
        &'v self,
        rows: usize,
        load: impl Fn(usize) -> &'b BlockColumn<'v>,
        scratch: &mut Scratch<'v>,
        scores: &mut Vec<f64>,
        lost: &mut [[f64; BLOCK]],
    ) where
        'v: 'b,
    {
        let mut sums = vec![Sums::default(); rows];
        for (i, factor) in self.factors.iter().enumerate() {
            let values = factor.input.program().eval_block(rows, &load, scratch);
            for (at, sums) in sums.iter_mut().enumerate() {
                let weighted = factor.add(sums, values.value(at));
                if let Some(lost) = lost.get_mut(i).and_then(|lost| lost.get_mut(at)) {
                    *lost = weighted;
                }
            }
        }
        for lost in lost.iter_mut() {
            lost.iter_mut().zip(&sums).for_each(|(lost, sums)| *lost = sums.lost(*lost));
        }
        scores.clear();
        scores.extend(sums.into_iter().map(Sums::score));
    }

    /// The score of one record with each factor's part, and which factors were missing.
    #[must_use]
    pub fn explain<'v>(&'v self, load: impl Fn(usize) -> Value<'v>) -> Explained {
        let points: Vec<Option<f64>> =
            self.factors.iter().map(|factor| factor.curve.score(factor.input.program().eval(&load))).collect();
        let mut whole = Sums::default();
        for (factor, &points) in self.factors.iter().zip(&points) {
            whole.add(factor.weight, factor.missing, points);
        }
        let score = Some(whole.score()).filter(|score| !score.is_nan());
        let part = |factor: &Resolved, points: Option<f64>| {
            let mut part = Sums::default();
            part.add(factor.weight, factor.missing, points);
            if score.is_some() { part.points / whole.weight } else { 0.0 }
        };
        let factors = self.factors.iter().zip(points);
        let factors = factors
            .map(|(factor, points)| FactorScore { name: factor.name.clone(), points, contribution: part(factor, points) })
            .collect();
        Explained { score, factors }
    }
}
