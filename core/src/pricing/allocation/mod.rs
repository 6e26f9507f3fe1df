//! What a fixed budget is lent to: for each candidate nothing, or an amount and a rate, so that the expected profit after price
//! response is largest under a lending budget, a budget of capital and caps on groups.
//!
//! Each candidate has a menu of prices, of which at most one is offered, for an amount between its smallest and its largest: a
//! multiple-choice knapsack with several constraints. What relaxes it (Lagrange; Fisher, Management Science 27 (1981) 1–18) is
//! a price for each constraint: then every candidate is decided by itself, and what they earn together plus the worth of the
//! limits bounds the optimum from above, whatever the prices are. The best prices are found with cutting planes (Kelley), whose
//! small linear programs a solver does ([`microlp`]). The solver only ever proposes: prices, a mixture of answers, amounts. Bound
//! and choice are computed here, from exact sums and in a fixed order, so an answer is feasible and its bound holds even where the
//! solver fails.
//!
//! The same input gives the same bits everywhere, because the release of the solver is pinned and it adds, subtracts, multiplies,
//! divides and compares, in one thread and without clock, hash tables or chance; the one logarithm in it serves the proof that a
//! program has no solution, which the programs of prices and mixtures always have, and without which amounts count as not found.

mod answer;
mod choose;
mod exact;
mod menu;
mod prices;
mod solve;
mod terms;
#[cfg(test)]
mod tests;

pub use answer::{Allocation, Choice, ConstraintUse, NoOffer};
pub use terms::{
    AllocationTerms, Candidate, Constraint, GroupCap, GroupLimit, MAX_LADDER_STEPS, MAX_SEARCHED, OfferMenu, VolumeBasis,
};
