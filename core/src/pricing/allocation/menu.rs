//! Candidates as the optimisation sees them: per unit of the amount, what each price earns and what it uses.

use super::super::demand::{PriceRung, price_ladder};
use super::super::raroc::SinglePeriod;
use super::answer::NoOffer;
use super::terms::{AllocationTerms, Candidate, Constraint, GroupLimit, OfferMenu, VolumeBasis};
use crate::error::Result;

/// A price that may be offered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Price {
    pub(super) rate: f64,
    pub(super) share: f64,
    /// Volume per unit of the amount.
    pub(super) volume: f64,
    /// Profit per unit of the amount, above 0.
    pub(super) profit: f64,
}

/// A candidate that may get an offer. Amounts are in minor units.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) place: usize,
    pub(super) smallest: f64,
    pub(super) largest: f64,
    pub(super) capital: f64,
    /// The limits that it uses, with what it uses of each per unit of volume, above 0.
    pub(super) uses: Vec<(usize, f64)>,
    /// By rising volume and profit.
    pub(super) menu: Vec<Price>,
}

/// What is optimised.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) items: Vec<Item>,
    pub(super) constraints: Vec<Constraint>,
    /// In minor units.
    pub(super) limits: Vec<f64>,
    /// Why a candidate gets nothing, as far as that is known without comparing.
    pub(super) refused: Vec<NoOffer>,
}

impl Item {
    /// What a unit of its volume costs at shadow prices.
    pub(super) fn cost(&self, prices: &[f64]) -> f64 {
        self.uses.iter().map(|&(row, per_unit)| per_unit * prices[row]).sum()
    }
}

impl Book {
    /// For terms and candidates that were checked.
    pub(super) fn new(terms: &AllocationTerms, candidates: &[Candidate]) -> Result<Self> {
        let budget = terms.budget.minor() as f64;
        let (mut constraints, mut limits) = (vec![Constraint::Budget], vec![budget]);
        if let Some(capital) = terms.capital_budget {
            constraints.push(Constraint::Capital);
            limits.push(capital.minor() as f64);
        }
        let first_cap = constraints.len();
        for cap in &terms.caps {
            constraints.push(Constraint::Group { key: cap.key.clone(), group: cap.group.clone() });
            limits.push(match cap.limit {
                GroupLimit::Share { share } => share * budget,
                GroupLimit::Amount { amount } => amount.minor() as f64,
            });
        }
        let (mut items, mut refused) = (Vec::new(), Vec::with_capacity(candidates.len()));
        for (place, candidate) in candidates.iter().enumerate() {
            let (rungs, capital, reason) = match &candidate.menu {
                OfferMenu::Declined { reason } => (Vec::new(), 0.0, NoOffer::Declined { reason: reason.clone() }),
                OfferMenu::Rungs { rungs, capital } => (rungs.clone(), *capital, NoOffer::NoProfit),
                OfferMenu::Priced { loan, hurdle, lowest, cap, segment } => {
                    let needed = loan.break_even_rate(*hurdle).max(*lowest);
                    match terms.take_up.get(segment) {
                        Some(curve) if needed <= *cap => {
                            let value = |rate| SinglePeriod { rate, ..*loan }.eva(*hurdle);
                            (price_ladder(curve, needed, *cap, terms.steps, value)?, loan.capital, NoOffer::NoProfit)
                        }
                        _ => (Vec::new(), 0.0, NoOffer::NoLegalPrice { needed, cap: *cap }),
                    }
                }
            };
            let menu = undominated(&rungs, terms.volume);
            refused.push(if menu.is_empty() { reason } else { NoOffer::Outbid });
            if menu.is_empty() {
                continue;
            }
            let mut uses = vec![(0, 1.0)];
            if terms.capital_budget.is_some() && capital > 0.0 {
                uses.push((1, capital));
            }
            for (row, cap) in (first_cap..).zip(&terms.caps) {
                if candidate.groups.get(&cap.key) == Some(&cap.group) {
                    uses.push((row, 1.0));
                }
            }
            let (smallest, largest) = (candidate.smallest.minor() as f64, candidate.largest.minor() as f64);
            items.push(Item { place, smallest, largest, capital, uses, menu });
        }
        Ok(Book { items, constraints, limits, refused })
    }
}

/// The prices that earn something and that no other beats with as little volume or less; of equal ones that of the lowest rate.
fn undominated(rungs: &[PriceRung], basis: VolumeBasis) -> Vec<Price> {
    let price = |rung: &PriceRung| Price {
        rate: rung.rate,
        share: rung.share,
        volume: if basis == VolumeBasis::Committed { 1.0 } else { rung.share },
        profit: rung.share * rung.value,
    };
    let mut prices: Vec<Price> = rungs.iter().map(price).filter(|price| price.profit > 0.0).collect();
    prices.sort_by(|a, b| a.volume.total_cmp(&b.volume).then(b.profit.total_cmp(&a.profit)).then(a.rate.total_cmp(&b.rate)));
    let mut most = 0.0;
    prices.retain(|price| {
        let better = price.profit > most;
        most = price.profit.max(most);
        better
    });
    prices
}
