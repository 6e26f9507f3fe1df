//! Offers that keep within the limits: rounded from shadow prices, then improved one by one and two by two.

use super::menu::{Book, Item};
use super::prices::{NOTHING, Offer, Span, best_offer, surplus, whole};
use crate::stats::ExactSum;

/// Passes over all candidates.
const PASSES: usize = 20;

/// How many of those whose answer to the prices is the least clear are tried in pairs.
const PAIRED: usize = 40;

/// Parts of the shadow prices at which room is given away. The first is for those who are as well off with more at the prices.
const FALLING: [f64; 6] = [1.0 - 1e-6, 0.999, 0.99, 0.95, 0.8, 0.5];

/// Halvings of a range of prices.
const HALVINGS: usize = 50;

/// Offers with what they earn and use, as exact sums: the order in which offers changed leaves no trace.
#[derive(Debug, Clone)]
pub(super) struct Offers<'a> {
    book: &'a Book,
    pub(super) offers: Vec<Offer>,
    profit: ExactSum,
    used: Vec<ExactSum>,
}

/// What an offer earns.
pub(super) fn profit(item: &Item, offer: Offer) -> f64 {
    offer.place.checked_sub(1).and_then(|at| item.menu.get(at)).map_or(0.0, |price| price.profit * offer.amount)
}

/// What an offer counts towards budget and caps.
pub(super) fn volume(item: &Item, offer: Offer) -> f64 {
    offer.place.checked_sub(1).and_then(|at| item.menu.get(at)).map_or(0.0, |price| price.volume * offer.amount)
}

/// How much of what it uses would suffice for each unit of volume.
fn room_for(item: &Item, room: &[f64]) -> f64 {
    item.uses.iter().map(|&(row, per_unit)| room[row] / per_unit).fold(f64::INFINITY, f64::min)
}

/// The offer that earns most above what its volume costs, with a volume of at most `most`.
fn best_fit(item: &Item, most: f64, cost: f64) -> Offer {
    let mut best = (0.0, NOTHING);
    for (at, price) in item.menu.iter().enumerate() {
        let amount = item.largest.min((most / price.volume).floor());
        let value = (price.profit - cost * price.volume) * amount;
        if amount >= item.smallest && value > best.0 {
            best = (value, Offer { place: at + 1, amount });
        }
    }
    best.1
}

impl<'a> Offers<'a> {
    pub(super) fn none(book: &'a Book) -> Self {
        let used = vec![ExactSum::default(); book.limits.len()];
        Offers { book, offers: vec![NOTHING; book.items.len()], profit: ExactSum::default(), used }
    }

    pub(super) fn profit(&self) -> f64 {
        self.profit.value()
    }

    pub(super) fn used(&self) -> Vec<f64> {
        self.used.iter().map(ExactSum::value).collect()
    }

    /// What is left of each limit; negative where it is exceeded.
    fn room(&self) -> Vec<f64> {
        self.used.iter().zip(&self.book.limits).map(|(used, limit)| limit - used.value()).collect()
    }

    fn add(&mut self, at: usize, offer: Offer, sign: f64) {
        let item = &self.book.items[at];
        self.profit.add(sign * profit(item, offer));
        for &(row, per_unit) in &item.uses {
            self.used[row].add(sign * (per_unit * volume(item, offer)));
        }
    }

    pub(super) fn set(&mut self, at: usize, offer: Offer) {
        self.add(at, self.offers[at], -1.0);
        self.add(at, offer, 1.0);
        self.offers[at] = offer;
    }

    /// Sets an offer that was made to fit, less a minor unit where rounding made it exceed a limit.
    fn fit(&mut self, at: usize, mut offer: Offer) {
        self.set(at, offer);
        while offer.place > 0 && self.exceeds(at) {
            offer.amount -= 1.0;
            offer = if offer.amount < self.book.items[at].smallest { NOTHING } else { offer };
            self.set(at, offer);
        }
    }

    fn exceeds(&self, at: usize) -> bool {
        self.book.items[at].uses.iter().any(|&(row, _)| self.used[row].value() > self.book.limits[row])
    }

    /// Shrinks offers, the one that earns least per cost first, to the least amount and then to nothing where `drop` allows it,
    /// until every limit is kept. Says whether it is.
    pub(super) fn trim(&mut self, prices: &[f64], drop: bool) -> bool {
        let mut order: Vec<(f64, usize)> = (0..self.offers.len())
            .filter(|&at| self.offers[at].place > 0)
            .map(|at| {
                let item = &self.book.items[at];
                let volume = volume(item, self.offers[at]);
                (profit(item, self.offers[at]) / volume - item.cost(prices), at)
            })
            .collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (_, at) in order {
            if !self.exceeds(at) {
                continue;
            }
            let (item, offer) = (&self.book.items[at], self.offers[at]);
            self.set(at, NOTHING);
            let most = room_for(item, &self.room());
            let price = item.menu.get(offer.place - 1).map_or(1.0, |price| price.volume);
            let amount = offer.amount.min((most / price).floor());
            let amount = if drop { amount } else { amount.max(item.smallest) };
            if amount >= item.smallest {
                let shrunk = Offer { amount, ..offer };
                if drop { self.fit(at, shrunk) } else { self.set(at, shrunk) }
            }
        }
        (0..self.used.len()).all(|row| self.used[row].value() <= self.book.limits[row])
    }

    /// Those whose answer to the prices is the least clear first, equal ones by place.
    pub(super) fn order(&self, prices: &[f64]) -> Vec<usize> {
        let spans = whole(self.book);
        let clear = self.book.items.iter().zip(spans).map(|(item, span)| lead(item, span, prices).0);
        let mut order: Vec<(f64, usize)> = clear.zip(0..).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        order.into_iter().map(|(_, at)| at).collect()
    }

    /// Gives each candidate in turn what earns most in the room there is, where `paired` those whose answer is the least clear in pairs.
    pub(super) fn improve(&mut self, prices: &[f64], paired: bool) {
        let order = self.order(prices);
        for _ in 0..PASSES {
            let before = self.profit();
            for &at in &order {
                self.refit(at, 0.0);
            }
            if paired {
                let few = &order[..order.len().min(PAIRED)];
                for (first, &one) in few.iter().enumerate() {
                    few[first + 1..].iter().for_each(|&other| self.refit_pair(one, other));
                }
            }
            if self.profit() <= before {
                break;
            }
        }
    }

    /// Gives each candidate in turn what fits and earns most above its cost, at prices that fall little by little: so room goes first
    /// where it is worth most.
    pub(super) fn fill(&mut self, prices: &[f64]) {
        let order = self.order(prices);
        for part in FALLING {
            for &at in &order {
                self.refit(at, part * self.book.items[at].cost(prices));
            }
        }
    }

    /// What earns most of what fits, when it earns more than what there is: above a cost of its volume.
    fn refit(&mut self, at: usize, cost: f64) {
        let (item, old) = (&self.book.items[at], self.offers[at]);
        self.set(at, NOTHING);
        self.fit(at, best_fit(item, room_for(item, &self.room()), cost));
        let value = |offer| profit(item, offer) - cost * volume(item, offer);
        if value(self.offers[at]) <= value(old) {
            self.set(at, old);
        }
    }

    fn refit_pair(&mut self, one: usize, other: usize) {
        let (old, before) = ([self.offers[one], self.offers[other]], self.profit());
        self.set(one, NOTHING);
        self.set(other, NOTHING);
        let room = self.room();
        let mut best = (before - self.profit(), None);
        for (first, second) in [(one, other), (other, one)] {
            let (item, rest) = (&self.book.items[first], &self.book.items[second]);
            let most = room_for(item, &room);
            for (at, price) in item.menu.iter().enumerate() {
                let fitting = item.largest.min((most / price.volume).floor());
                for amount in [fitting, item.smallest] {
                    if amount < item.smallest || amount > fitting {
                        continue;
                    }
                    let offer = Offer { place: at + 1, amount };
                    let mut left = room.clone();
                    for &(row, per_unit) in &item.uses {
                        left[row] -= per_unit * volume(item, offer);
                    }
                    let then = best_fit(rest, room_for(rest, &left), 0.0);
                    let value = profit(item, offer) + profit(rest, then);
                    if value > best.0 {
                        best = (value, Some((first, offer, second)));
                    }
                }
            }
        }
        if let Some((first, offer, second)) = best.1 {
            self.fit(first, offer);
            let rest = &self.book.items[second];
            let then = best_fit(rest, room_for(rest, &self.room()), 0.0);
            self.fit(second, then);
        }
        if self.profit() <= before {
            self.set(one, old[0]);
            self.set(other, old[1]);
        }
    }
}

/// How clear the answer of a candidate to some prices is: by how much the cost of a unit of volume would have to change for another
/// place of the menu to be as good, and between which two places that is. Infinite with one place only.
pub(super) fn lead(item: &Item, span: Span, prices: &[f64]) -> (f64, [usize; 2]) {
    let cost = item.cost(prices);
    let (value, best) = best_offer(item, span, cost);
    let mut clearest = (f64::INFINITY, [best.place; 2]);
    for place in (span.low..=span.high).filter(|&place| place != best.place) {
        let (other, amount) = surplus(item, place, cost);
        let apart = (volume(item, best) - volume(item, Offer { place, amount })).abs();
        let margin = (value - other) / apart;
        if margin < clearest.0 {
            clearest = (margin, [best.place.min(place), best.place.max(place)]);
        }
    }
    clearest
}

/// Prices that are raised, one limit after the other, until the answers to them keep it. A higher price lowers every use, so that what
/// was kept stays kept.
fn raised(book: &Book, spans: &[Span], prices: &[f64]) -> Vec<f64> {
    let mut prices = prices.to_vec();
    for (row, &limit) in book.limits.iter().enumerate() {
        let users: Vec<(&Item, Span, f64)> = (book.items.iter().zip(spans))
            .filter_map(|(item, &span)| Some((item, span, item.uses.iter().find(|(used, _)| *used == row)?.1)))
            .collect();
        let kept = |prices: &[f64]| {
            let mut used = ExactSum::default();
            for (item, span, per_unit) in &users {
                used.add(per_unit * volume(item, best_offer(item, *span, item.cost(prices)).1));
            }
            used.value() <= limit
        };
        if kept(&prices) {
            continue;
        }
        // Above this price none of them earns anything.
        let ratio = |(item, _, per_unit): &(&Item, Span, f64)| {
            item.menu.iter().map(|p| p.profit / p.volume / per_unit).fold(0.0, f64::max)
        };
        let (mut low, mut high) = (prices[row], users.iter().map(ratio).fold(prices[row], f64::max));
        for _ in 0..HALVINGS {
            prices[row] = low + (high - low) / 2.0;
            if kept(&prices) {
                high = prices[row];
            } else {
                low = prices[row];
            }
        }
        prices[row] = high;
    }
    prices
}

/// The answer of every candidate to shadow prices that are raised until the limits are kept.
pub(super) fn rounded<'a>(book: &'a Book, spans: &[Span], prices: &[f64]) -> Offers<'a> {
    let prices = raised(book, spans, prices);
    let mut offers = Offers::none(book);
    for (at, (item, &span)) in book.items.iter().zip(spans).enumerate() {
        offers.set(at, best_offer(item, span, item.cost(&prices)).1);
    }
    // Spans can demand more than the limits allow at any price.
    offers.trim(&prices, true);
    offers
}

/// For each candidate the offer that earns most with no more than its volume in the relaxed optimum.
pub(super) fn within<'a>(book: &'a Book, volumes: &[f64], prices: &[f64]) -> Offers<'a> {
    let mut offers = Offers::none(book);
    for (at, (item, volume)) in book.items.iter().zip(volumes).enumerate() {
        // The mixture is rounded.
        offers.set(at, best_fit(item, volume * (1.0 + 1e-9), 0.0));
    }
    offers.trim(prices, true);
    offers
}
