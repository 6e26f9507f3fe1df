//! The optimum itself, for few candidates: branch and bound over what each may get, with the bound of shadow prices in every node.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use microlp::{ComparisonOp, OptimizationDirection, Problem};

use super::choose::{Offers, lead, rounded, volume};
use super::menu::Book;
use super::prices::{Offer, Priced, Span, best_prices};

/// The search has ended when nothing can be better by more than this part of the profit, and a minor unit for each candidate.
const CLOSED: f64 = 1e-8;

/// A part of all choices, with prices and the bound that they prove for it. Ordered by the bound, then the older one first.
struct Node {
    spans: Vec<Span>,
    priced: Priced,
    number: usize,
}

impl Ord for Node {
    fn cmp(&self, other: &Self) -> Ordering {
        self.priced.bound.total_cmp(&other.priced.bound).then(other.number.cmp(&self.number))
    }
}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Node {}

/// What a profit must be exceeded by for a part of the choices to be looked at.
pub(super) fn allowance(book: &Book, profit: f64) -> f64 {
    let unit: f64 = book.items.iter().filter_map(|item| item.menu.last()).map(|price| price.profit).fold(0.0, f64::max);
    CLOSED * profit + unit * book.items.len() as f64
}

/// Looks for better offers until none can be, or `nodes` were opened. Gives the best, and the bound on all.
pub(super) fn search<'a>(book: &'a Book, spans: Vec<Span>, root: Priced, start: Offers<'a>, nodes: usize) -> (Offers<'a>, f64) {
    let mut best = start;
    let mut closed = f64::NEG_INFINITY;
    let mut open = BinaryHeap::from([Node { spans, priced: root, number: 0 }]);
    let (mut number, mut opened) = (0, 0);
    while let Some(node) = open.pop() {
        let enough = best.profit() + allowance(book, best.profit());
        if node.priced.bound <= enough || opened >= nodes {
            // No node that is left has a greater bound.
            closed = closed.max(node.priced.bound);
            break;
        }
        opened += 1;
        let Node { spans, priced, .. } = node;
        let mut consider = |offers: Offers<'a>| {
            if offers.profit() > best.profit() {
                best = offers;
            }
        };
        let mut rounded = rounded(book, &spans, &priced.prices);
        rounded.improve(&priced.prices, false);
        let places: Vec<usize> = rounded.offers.iter().map(|offer| offer.place).collect();
        consider(rounded);
        with_amounts(book, &places, &priced.prices).into_iter().for_each(&mut consider);
        let parts = (0..spans.len())
            .map(|at| (lead(&book.items[at], spans[at], &priced.prices), at))
            .filter(|(_, at)| spans[*at].low < spans[*at].high)
            .min_by(|a, b| a.0.0.total_cmp(&b.0.0).then(a.1.cmp(&b.1)));
        let Some(((_, [lower, upper]), at)) = parts else {
            // Every price is settled, so that only amounts are left.
            let places: Vec<usize> = spans.iter().map(|span| span.high).collect();
            with_amounts(book, &places, &priced.prices).into_iter().for_each(&mut consider);
            closed = closed.max(priced.bound);
            continue;
        };
        let middle = (lower + (upper - lower) / 2).min(spans[at].high - 1);
        for span in [Span { high: middle, ..spans[at] }, Span { low: middle + 1, ..spans[at] }] {
            let mut spans = spans.clone();
            spans[at] = span;
            if !possible(book, &spans) {
                continue;
            }
            let enough = best.profit() + allowance(book, best.profit());
            let (mut found, _) = best_prices(book, &spans, &priced.prices, enough);
            // What holds for the whole holds for a part.
            found.bound = found.bound.min(priced.bound);
            if found.bound > enough {
                number += 1;
                open.push(Node { spans, priced: found, number });
            } else {
                closed = closed.max(found.bound);
            }
        }
    }
    let bound = closed.max(best.profit());
    (best, bound)
}

/// Whether the limits allow the least that the spans demand. Every use rises with the place in the menu and the amount.
fn possible(book: &Book, spans: &[Span]) -> bool {
    let mut least = Offers::none(book);
    for (at, (item, span)) in book.items.iter().zip(spans).enumerate().filter(|(_, (_, span))| span.low > 0) {
        least.set(at, Offer { place: span.low, amount: item.smallest });
    }
    least.used().iter().zip(&book.limits).all(|(used, limit)| used <= limit)
}

/// The best amounts for some places of the menus, then improved; none when even the smallest exceed a limit, or the solver gave up.
fn with_amounts<'a>(book: &'a Book, places: &[usize], prices: &[f64]) -> Option<Offers<'a>> {
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let most = book.items.iter().filter_map(|item| item.menu.last().map(|price| price.profit * item.largest));
    let most = most.fold(0.0, f64::max);
    let mut rows = vec![Vec::new(); book.limits.len()];
    let mut parts = Vec::new();
    let mut found = Offers::none(book);
    // In an order of their own, so that the program is the same one however they came.
    for at in found.order(prices) {
        let (item, place) = (&book.items[at], places[at]);
        let Some(price) = place.checked_sub(1).and_then(|at| item.menu.get(at)) else { continue };
        let part = problem.add_var(price.profit * item.largest / most, (item.smallest / item.largest, 1.0));
        let whole = volume(item, Offer { place, amount: item.largest });
        item.uses.iter().for_each(|&(row, per_unit)| rows[row].push((part, per_unit * whole / book.limits[row])));
        parts.push((at, part));
    }
    for row in rows.into_iter().filter(|row| !row.is_empty()) {
        problem.add_constraint(row, ComparisonOp::Le, 1.0);
    }
    let solution = problem.solve().ok()?.into_solution().ok()?;
    for (at, part) in parts {
        let item = &book.items[at];
        let amount = (solution.var_value(part) * item.largest).round().clamp(item.smallest, item.largest);
        found.set(at, Offer { place: places[at], amount });
    }
    let kept = found.trim(prices, false);
    found.improve(prices, false);
    kept.then_some(found)
}
