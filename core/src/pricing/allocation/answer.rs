//! What is answered: a choice for each candidate, what the limits are worth, and how far the optimum can be.

use serde::{Deserialize, Serialize};

use super::super::money::Money;
use super::terms::Constraint;

/// What a candidate gets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Choice {
    /// An offer.
    Offer {
        /// The amount.
        amount: Money,
        /// Rate per year.
        rate: f64,
        /// Share of such offers that is accepted.
        share: f64,
        /// What counts towards budget and caps, in the currency.
        volume: f64,
        /// Capital that it binds, in the currency.
        capital: f64,
        /// Expected profit per year, share · amount · value, in the currency.
        profit: f64,
    },
    /// Nothing.
    Nothing {
        /// Why.
        reason: NoOffer,
    },
}

/// Why a candidate gets no offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum NoOffer {
    /// It was declined before.
    Declined {
        /// Why.
        reason: String,
    },
    /// What the hurdle or the least rate needs lies above the cap.
    NoLegalPrice {
        /// The least rate.
        needed: f64,
        /// The cap.
        cap: f64,
    },
    /// No price earns anything.
    NoProfit,
    /// Others earn more with what the budgets and caps leave.
    Outbid,
}

/// A budget or cap, how much of it is used, and what more of it would earn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConstraintUse {
    /// Which.
    pub constraint: Constraint,
    /// The limit, in the currency.
    pub limit: f64,
    /// What the offers use of it, in the currency, at most the limit.
    pub used: f64,
    /// Shadow price: by how much the relaxed optimum rises per unit of the limit. 0 when some of the limit is left over there.
    pub price: f64,
}

/// An allocation. Amounts are in the currency of the budget, profits per year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allocation {
    /// What each candidate gets, in the order given.
    pub choices: Vec<Choice>,
    /// Sum of the amounts offered.
    pub offered: Money,
    /// Sum of what counts towards the budget.
    pub volume: f64,
    /// Capital that the offers bind.
    pub capital: f64,
    /// Expected profit of all offers.
    pub profit: f64,
    /// Use and price of each limit: budget, capital, caps in the order given.
    pub constraints: Vec<ConstraintUse>,
    /// The relaxed optimum: the bound at the shadow prices, as if an offer could be made in part.
    pub relaxed: f64,
    /// No allocation to the same menus earns more.
    pub bound: f64,
    /// Bound − profit: the most by which another allocation could be better.
    pub gap: f64,
    /// Whether the search ended: the gap is no more than one part in 10⁸ of the profit and rounding to whole minor units.
    pub proved: bool,
}

impl Allocation {
    /// Gap as a fraction of the bound; 0 when nothing can be earned.
    #[must_use]
    pub fn relative_gap(&self) -> f64 {
        if self.bound > 0.0 { self.gap / self.bound } else { 0.0 }
    }
}
