//! Which reasons the score gives.

use std::ops::Range;

use super::card::MAX_BINS;
use super::expert::Expert;
use super::fitted::CardParts;
use super::pair::Pair;
use crate::decision::{MAX_REASONS, Reasons};
use crate::error::{Problems, Result};
use crate::model::Blend;
use crate::scorecard::{PointsSide, is_reason, rank_key, rank_place};

/// The reasons of one card: what each bin costs by the card's policy.
#[derive(Debug, Clone)]
pub(super) struct ScoreReasons {
    /// In the order of the card.
    all: Vec<ScoreReason>,
    /// Variable and what its bins cost; the variables of a reason lie side by side.
    costs: Vec<(usize, [f64; MAX_BINS])>,
    /// What the cells of a pair cost each of its two variables.
    pairs: Vec<Pair<f64>>,
    /// Pairs in which a variable of a reason stands, once for each such variable; those of a reason lie side by side.
    shares: Vec<usize>,
    /// Factors of an expert card that counts; those of a reason lie side by side.
    factors: Vec<usize>,
    /// What a point of the expert score weighs, in points of the score, and what the card's points weigh beside it.
    mixture: [f64; 2],
    /// Reasons in an answer until which the score adds its own.
    count: usize,
    /// Place of the reason that counts inquiries.
    inquiries: Option<usize>,
}

/// A reason of the score: the variables and factors that share its code are added up.
#[derive(Debug, Clone)]
struct ScoreReason {
    id: u8,
    /// Where its variables lie in `costs`.
    variables: Range<usize>,
    /// Where its shares of pairs lie in `shares`.
    shares: Range<usize>,
    /// Where its factors lie in `factors`.
    factors: Range<usize>,
}

impl ScoreReasons {
    /// Resolves the reasons of a card and of the expert card that counts beside it; `number` gives the number of a code.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when a code has no text or the policy is not usable.
    pub(super) fn new(
        parts: CardParts<'_>,
        expert: Option<(&Expert, Blend)>,
        number: impl Fn(&str) -> Option<u8>,
    ) -> Result<Self> {
        let CardParts { bins, model, scorecard: card, .. } = parts;
        let named = expert.map_or(&[][..], |(expert, _)| &expert.card.factors);
        let mut problems = Problems::default();
        problems.absorb("scorecard.reasons", card.reasons.validate());
        let baselines = card.baselines(bins, model);
        let pairs = model.pairs().iter().zip(&card.pairs).map(|(pair, points)| {
            let baseline = card.pair_baseline(points);
            let cell = |row: usize, column: usize| {
                let points = points.points.get(row).and_then(|row| row.get(column));
                points.map_or(0.0, |&points| PointsSide::Below.cost(points, baseline) / 2.0)
            };
            Pair::new(pair.variables, &pair.groups, cell)
        });
        let mut shares = Vec::new();
        let variables = || card.variables.iter().zip(&baselines).enumerate();
        let (mut all, mut costs, mut factors): (Vec<ScoreReason>, Vec<_>, Vec<usize>) = (Vec::new(), Vec::new(), Vec::new());
        for variable in &card.variables {
            let Some(id) = number(&variable.reason) else {
                problems.require(false, &variable.feature, "the reason code of the variable has no text", "add it under reasons");
                continue;
            };
            if all.iter().any(|reason| reason.id == id) {
                continue;
            }
            let (first, first_factor) = (costs.len(), factors.len());
            factors.extend(named.iter().enumerate().filter(|(_, factor)| factor.name == variable.reason).map(|(i, _)| i));
            for (i, (variable, &baseline)) in variables().filter(|(_, (other, _))| other.reason == variable.reason) {
                let mut cost = [0.0; MAX_BINS];
                cost.iter_mut().zip(variable.costs(baseline)).for_each(|(slot, cost)| *slot = cost);
                costs.push((i, cost));
            }
            let first_share = shares.len();
            for (at, pair) in card.pairs.iter().enumerate() {
                let of = |name: &String| card.variables.iter().any(|v| v.feature == *name && v.reason == variable.reason);
                shares.extend(pair.features.iter().filter(|name| of(name)).map(|_| at));
            }
            all.push(ScoreReason {
                id,
                variables: first..costs.len(),
                shares: first_share..shares.len(),
                factors: first_factor..factors.len(),
            });
        }
        for (i, factor) in named.iter().enumerate() {
            let Some(id) = number(&factor.name).filter(|id| !all.iter().any(|reason| reason.id == *id)) else { continue };
            factors.push(i);
            all.push(ScoreReason { id, variables: 0..0, shares: 0..0, factors: factors.len() - 1..factors.len() });
        }
        problems.into_result()?;
        // A code that no variable of this card has is of another card, or never a reason.
        let inquiries = card.reasons.inquiries.as_deref().and_then(number);
        let inquiries = inquiries.and_then(|id| all.iter().position(|reason| reason.id == id));
        let mixture = expert
            .map_or([0.0, 1.0], |(_, blend)| [blend.weight * card.scaling.factor() * blend.slope().abs(), 1.0 - blend.weight]);
        let count = usize::from(card.reasons.count).min(MAX_REASONS);
        Ok(ScoreReasons { all, costs, pairs: pairs.collect(), shares, factors, mixture, count, inquiries })
    }

    /// Fills the room that is left with the reasons that cost most points: largest first, equal ones in the order of the
    /// card. Points that agree in 13 digits are equal. `mixed` says that there is an expert score, of which each factor
    /// has `taken` some points.
    pub(super) fn fill(&self, reasons: &mut Reasons, mixed: bool, code: &impl Fn(usize) -> u8, taken: &impl Fn(usize) -> f64) {
        let cost = |place: usize| rank_key(self.cost(place, mixed, code, taken), place);
        // The four largest keys are kept without a branch.
        let mut best = [0u64; MAX_REASONS];
        for place in 0..self.all.len() {
            let mut key = cost(place);
            for kept in &mut best {
                (*kept, key) = ((*kept).max(key), (*kept).min(key));
            }
        }
        let given = reasons.as_slice().len();
        let mut count = self.count.saturating_sub(given);
        if let Some(place) = self.inquiries {
            let key = cost(place);
            if is_reason(key) && !best[..count].contains(&key) && given < MAX_REASONS {
                count = (count + 1).min(MAX_REASONS - given);
                best[count - 1] = key;
            }
        }
        for &key in &best[..count] {
            match self.all.get(rank_place(key)) {
                Some(reason) if is_reason(key) && reasons.push(reason.id) => {}
                _ => return,
            }
        }
    }

    /// What the reason at `place` costs.
    #[inline(always)]
    fn cost(&self, place: usize, mixed: bool, code: &impl Fn(usize) -> u8, taken: &impl Fn(usize) -> f64) -> f64 {
        let Some(reason) = self.all.get(place) else { return 0.0 };
        let variables = self.costs.get(reason.variables.clone()).unwrap_or_default();
        let cost: f64 = variables.iter().map(|(variable, costs)| costs[usize::from(code(*variable)) % MAX_BINS]).sum();
        let shares = self.shares.get(reason.shares.clone()).unwrap_or_default().iter().filter_map(|&at| self.pairs.get(at));
        let cost = shares.fold(cost, |cost, pair| cost + pair.cell(pair.variables.map(code)));
        if !mixed {
            return cost;
        }
        let factors = self.factors.get(reason.factors.clone()).unwrap_or_default();
        let taken: f64 = factors.iter().map(|&factor| taken(factor)).sum();
        self.mixture[1] * cost + self.mixture[0] * taken
    }
}
