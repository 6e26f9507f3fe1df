//! Shadow prices: the bound that they give, and those that give the least.

use microlp::{ComparisonOp, OptimizationDirection, Problem, Solution, Variable};

use super::menu::{Book, Item};
use crate::model::round_significant;
use crate::stats::ExactSum;

/// Rounds of cutting planes.
const ROUNDS: usize = 500;

/// The prices are the best when no others can lower the bound by more than this part of it.
const CONVERGED: f64 = 1e-10;

/// What the master problem calls the profit without prices, so that its tolerances are small.
const SCALE: f64 = 1e3;

/// What a candidate may still get: places in its menu from `low` to `high`, counted from 1; 0 is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) low: usize,
    pub(super) high: usize,
}

/// What a candidate gets: a place in its menu counted from 1, or 0, and an amount in minor units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Offer {
    pub(super) place: usize,
    pub(super) amount: f64,
}

pub(super) const NOTHING: Offer = Offer { place: 0, amount: 0.0 };

/// Shadow prices, one for each limit, and the bound that they prove, in minor units.
#[derive(Debug, Clone)]
pub(super) struct Priced {
    pub(super) prices: Vec<f64>,
    pub(super) bound: f64,
}

/// What everybody's best answer to some prices earns and uses, and the bound that they prove.
struct Response {
    bound: f64,
    profit: f64,
    used: Vec<f64>,
    /// The places in the menus.
    places: Vec<u16>,
}

/// The answers from which prices were found.
pub(super) struct Answers(Vec<Response>);

/// Everything that every candidate may get.
pub(super) fn whole(book: &Book) -> Vec<Span> {
    book.items.iter().map(|item| Span { low: 0, high: item.menu.len() }).collect()
}

/// What a place in the menu earns above its cost, with the amount for which that is most. When nothing may be offered too,
/// smaller amounts count as well: they lie between.
pub(super) fn surplus(item: &Item, place: usize, cost: f64) -> (f64, f64) {
    let Some(price) = place.checked_sub(1).and_then(|at| item.menu.get(at)) else { return (0.0, 0.0) };
    let per_unit = price.profit - cost * price.volume;
    let amount = if per_unit > 0.0 { item.largest } else { item.smallest };
    (amount * per_unit, amount)
}

/// The best that a candidate can get at some prices; of equally good ones the one with the least volume.
pub(super) fn best_offer(item: &Item, span: Span, cost: f64) -> (f64, Offer) {
    let mut best = (f64::NEG_INFINITY, NOTHING);
    for place in span.low..=span.high {
        let (value, amount) = surplus(item, place, cost);
        if value > best.0 {
            best = (value, Offer { place, amount });
        }
    }
    best
}

/// By weak duality, for any prices that are not negative: no choice within the spans earns more than every candidate's best
/// surplus and the limits at their prices together.
fn respond(book: &Book, spans: &[Span], prices: &[f64]) -> Response {
    let mut profit = ExactSum::default();
    let mut bound = ExactSum::default();
    let mut size = ExactSum::default();
    let mut used = vec![ExactSum::default(); prices.len()];
    let mut places = Vec::with_capacity(spans.len());
    for (item, &span) in book.items.iter().zip(spans) {
        let (value, offer) = best_offer(item, span, item.cost(prices));
        places.push(offer.place as u16);
        bound.add(value);
        if let Some(price) = offer.place.checked_sub(1).and_then(|at| item.menu.get(at)) {
            profit.add(price.profit * offer.amount);
            // Surplus = profit − cost: what is lost to rounding is a part of these two.
            size.add(2.0 * price.profit * offer.amount + value.abs());
            for &(row, per_unit) in &item.uses {
                used[row].add(per_unit * price.volume * offer.amount);
            }
        }
    }
    for (price, limit) in prices.iter().zip(&book.limits) {
        bound.add(price * limit);
        size.add(price * limit);
    }
    // A few roundings a term, each of at most half an ε.
    let rounding = 16.0 * f64::EPSILON * size.value();
    Response { bound: bound.value() + rounding, profit: profit.value(), used: used.iter().map(ExactSum::value).collect(), places }
}

/// The linear program whose optimum bounds the best bound from below: over the prices, the greatest of the cuts.
struct Master {
    solution: Option<Solution>,
    height: Variable,
    /// The limits that can bind, with their variable, and the price of which it is the multiple.
    worth: Vec<(usize, Variable, f64)>,
    unit: f64,
}

impl Master {
    /// None when no limit can bind.
    fn new(book: &Book, spans: &[Span], free: &Response) -> Option<Self> {
        let mut most = vec![ExactSum::default(); book.limits.len()];
        let mut dearest = vec![0.0_f64; book.limits.len()];
        for (item, span) in book.items.iter().zip(spans) {
            // The last price has the most volume, the first the most profit per volume or less.
            let Some(last) = span.high.checked_sub(1).and_then(|at| item.menu.get(at)) else { continue };
            let ratio = item.menu.iter().map(|price| price.profit / price.volume).fold(0.0, f64::max);
            for &(row, per_unit) in &item.uses {
                most[row].add(per_unit * last.volume * item.largest);
                dearest[row] = dearest[row].max(ratio / per_unit);
            }
        }
        let unit = free.profit / SCALE;
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let height = problem.add_var(1.0, (f64::NEG_INFINITY, f64::INFINITY));
        let mut worth = Vec::new();
        for (row, (most, dearest)) in most.iter().zip(dearest).enumerate() {
            let most = most.value();
            if most > book.limits[row] {
                // Nobody pays more than the most that any profit is per use.
                let variable = problem.add_var(book.limits[row] / most, (0.0, dearest * most / unit));
                worth.push((row, variable, unit / most));
            }
        }
        if worth.is_empty() || !unit.is_normal() {
            return None;
        }
        let mut master = Master { solution: None, height, worth, unit };
        let (cut, at_least) = master.cut(free);
        problem.add_constraint(cut, ComparisonOp::Ge, at_least);
        master.solution = problem.solve().ok()?.into_solution().ok();
        Some(master)
    }

    fn cut(&self, response: &Response) -> (Vec<(Variable, f64)>, f64) {
        let uses = self.worth.iter().map(|&(row, variable, price)| (variable, response.used[row] * price / self.unit));
        (std::iter::once((self.height, 1.0)).chain(uses).collect(), response.profit / self.unit)
    }

    /// The prices that the cuts so far favour, and their least bound. Nothing when the solver gave up.
    fn proposal(&self, rows: usize) -> Option<Priced> {
        let solution = self.solution.as_ref()?;
        let mut prices = vec![0.0; rows];
        for &(row, variable, price) in &self.worth {
            prices[row] = round_significant((solution.var_value(variable) * price).max(0.0));
        }
        let finite = prices.iter().all(|price| price.is_finite());
        finite.then(|| Priced { prices, bound: solution.objective() * self.unit })
    }

    fn add(&mut self, response: &Response) {
        let (cut, at_least) = self.cut(response);
        let outcome = self.solution.take().map(|solution| solution.add_constraint(cut, ComparisonOp::Ge, at_least));
        self.solution = outcome.and_then(|outcome| outcome.ok()?.into_solution().ok());
    }
}

/// The prices that prove the least bound on what the spans can earn, from `start` on; no better ones are sought once the bound is
/// at most `enough`. With the answers on the way.
pub(super) fn best_prices(book: &Book, spans: &[Span], start: &[f64], enough: f64) -> (Priced, Answers) {
    let rows = book.limits.len();
    let at = |prices: Vec<f64>| {
        let response = respond(book, spans, &prices);
        (Priced { bound: response.bound, prices }, response)
    };
    let (mut best, free) = at(vec![0.0; rows]);
    let master = Master::new(book, spans, &free);
    let mut answers = Answers(vec![free]);
    let Some(mut master) = master else { return (best, answers) };
    let mut take = |best: &mut Priced, master: &mut Master, (found, response): (Priced, Response)| {
        master.add(&response);
        answers.0.push(response);
        let better = found.bound < best.bound;
        if better {
            *best = found;
        }
        better
    };
    if start.iter().any(|&price| price > 0.0) {
        take(&mut best, &mut master, at(start.to_vec()));
    }
    let mut straight = false;
    for _ in 0..ROUNDS {
        let Some(proposal) = master.proposal(rows) else { break };
        if best.bound <= enough {
            break;
        }
        if best.bound - proposal.bound <= CONVERGED * best.bound.abs() {
            // The corner that the cuts favour has no price for what is left over; the way to it may.
            let (corner, _) = at(proposal.prices);
            if corner.bound <= best.bound + CONVERGED * best.bound.abs() {
                best = corner;
            }
            break;
        }
        // Half way between the best prices and those proposed is steadier; straight on where that brought nothing.
        let between = |(one, other): (&f64, &f64)| round_significant(if straight { *other } else { (one + other) / 2.0 });
        let found = at(best.prices.iter().zip(&proposal.prices).map(between).collect());
        straight = !take(&mut best, &mut master, found) && !straight;
    }
    (best, answers)
}

impl Answers {
    /// The volume of each candidate in the mixture of answers that keeps the limits and earns most: the relaxed optimum. None when
    /// the solver finds none. For spans that leave everything open.
    pub(super) fn mixture(&self, book: &Book) -> Option<Vec<f64>> {
        let largest = |of: &dyn Fn(&Response) -> f64| self.0.iter().map(of).fold(0.0, f64::max);
        let unit = largest(&|response| response.profit);
        if unit <= 0.0 {
            return None;
        }
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let shares: Vec<Variable> = self.0.iter().map(|one| problem.add_var(one.profit / unit, (0.0, 1.0))).collect();
        // What is missing to one is the answer that nobody gets anything.
        problem.add_constraint(shares.iter().map(|&share| (share, 1.0)), ComparisonOp::Le, 1.0);
        for (row, limit) in book.limits.iter().enumerate() {
            let most = largest(&|response| response.used[row]);
            if most > *limit {
                let uses = shares.iter().zip(&self.0).map(|(&share, response)| (share, response.used[row] / most));
                problem.add_constraint(uses, ComparisonOp::Le, limit / most);
            }
        }
        let solution = problem.solve().ok()?.into_solution().ok()?;
        let mut volumes = vec![0.0; book.items.len()];
        for (&share, response) in shares.iter().zip(&self.0) {
            let part = solution.var_value(share);
            if part > 0.0 {
                for ((volume, item), &place) in volumes.iter_mut().zip(&book.items).zip(&response.places) {
                    let price = usize::from(place).checked_sub(1).and_then(|at| item.menu.get(at));
                    *volume += part * price.map_or(0.0, |price| price.volume * item.largest);
                }
            }
        }
        Some(volumes)
    }
}
