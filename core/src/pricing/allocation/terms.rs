//! What is asked: candidates, budgets and caps.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::super::demand::{PriceRung, TakeUp};
use super::super::money::Money;
use super::super::raroc::SinglePeriod;
use crate::data::decimal;
use crate::error::{Error, ErrorCode, Problems, Result};

/// The largest number of steps in a ladder of rates.
pub const MAX_LADDER_STEPS: usize = 1000;

/// Up to this many candidates with a price that earns something, the optimum itself is searched for.
pub const MAX_SEARCHED: usize = 64;

/// The largest amount in minor units: every whole number up to it is a double.
const MAX_MINOR: i64 = 1 << 53;

/// The largest value, capital and rate that a given menu may state.
const MAX_FIGURE: f64 = 1e6;

/// One who may get an offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// Smallest amount that may be offered, above 0.
    pub smallest: Money,
    /// Largest amount that may be offered.
    pub largest: Money,
    /// The prices that may be offered, and what they earn.
    pub menu: OfferMenu,
    /// What caps tell apart, by key, for example `industry` → `retail`, `tier` → `B`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, String>,
}

/// The prices that a candidate may be offered.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum OfferMenu {
    /// None: the candidate was declined.
    Declined {
        /// Why, for example `tier D`.
        reason: String,
    },
    /// Rates from what the hurdle needs to the cap, in the steps of the terms; a loan earns its economic value added.
    Priced {
        /// The loan; its `rate` is not used.
        loan: SinglePeriod,
        /// RAROC after tax that a price must reach.
        hurdle: f64,
        /// Least rate per year that may be offered whatever the hurdle needs.
        lowest: f64,
        /// Highest legal rate per year.
        cap: f64,
        /// Whose take-up curve holds.
        segment: String,
    },
    /// Prices with what they earn, for example of [`price_ladder`](super::super::price_ladder) with a value function of one's own.
    Rungs {
        /// The prices; `value` is per year and unit of the amount, `expected` is not used.
        rungs: Vec<PriceRung>,
        /// Capital per unit of the amount, at least 0.
        capital: f64,
    },
}

/// What of an offer counts towards budget, capital and caps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VolumeBasis {
    /// What is expected to be drawn: share of acceptance · amount. Held on average; a single run may exceed it.
    ExpectedDrawn,
    /// The amount of every offer, as if all were accepted. Never exceeded.
    Committed,
}

/// A cap on what goes to a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupCap {
    /// Key of the group, for example `industry`.
    pub key: String,
    /// The group, for example `retail`.
    pub group: String,
    /// The cap.
    pub limit: GroupLimit,
}

/// How a [`GroupCap`] is stated.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum GroupLimit {
    /// A share of the lending budget, in (0, 1]; of the budget, whether or not all of it is lent.
    Share {
        /// The share.
        share: f64,
    },
    /// An amount, at least 0.
    Amount {
        /// The amount.
        amount: Money,
    },
}

/// What limits an allocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Constraint {
    /// The lending budget.
    Budget,
    /// The budget of capital.
    Capital,
    /// A cap on a group.
    Group {
        /// Its key.
        key: String,
        /// Its name.
        group: String,
    },
}

/// Budgets, caps and demand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllocationTerms {
    /// The most that may be lent.
    pub budget: Money,
    /// What of an offer counts.
    pub volume: VolumeBasis,
    /// The most capital that may be bound; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capital_budget: Option<Money>,
    /// Caps on groups.
    #[serde(default)]
    pub caps: Vec<GroupCap>,
    /// The share of acceptance by segment, for menus that are priced here.
    #[serde(default)]
    pub take_up: BTreeMap<String, TakeUp>,
    /// Steps of the ladder of rates between the least and the cap, 1 to [`MAX_LADDER_STEPS`]; 30 when absent.
    #[serde(default = "default_steps")]
    pub steps: usize,
    /// Nodes of the search for the optimum among at most [`MAX_SEARCHED`] candidates, 0 for none; 500 when absent.
    #[serde(default = "default_nodes")]
    pub nodes: usize,
}

const fn default_steps() -> usize {
    30
}

const fn default_nodes() -> usize {
    500
}

impl AllocationTerms {
    /// A lending budget alone, with 30 steps and 500 nodes.
    #[must_use]
    pub fn of(budget: Money, volume: VolumeBasis) -> Self {
        let (capital_budget, caps, take_up) = (None, Vec::new(), BTreeMap::new());
        AllocationTerms { budget, volume, capital_budget, caps, take_up, steps: default_steps(), nodes: default_nodes() }
    }

    /// Checks terms and candidates.
    ///
    /// # Errors
    /// With every problem: [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when one lies in the terms, otherwise
    /// [`InvalidData`](crate::ErrorCode::InvalidData); those of candidates name their place.
    pub fn validate(&self, candidates: &[Candidate]) -> Result<()> {
        let mut problems = Problems::default();
        self.check_terms(candidates, &mut problems);
        let in_terms = problems.into_result();
        let mut problems = Problems::default();
        self.check_candidates(candidates, &mut problems);
        match (in_terms, problems.into_data()) {
            (Ok(()), of_candidates) => of_candidates,
            (of_terms, Ok(())) => of_terms,
            (Err(terms), Err(candidates)) => {
                Err(Error::new(ErrorCode::InvalidConfig, [terms.problems(), candidates.problems()].concat()))
            }
        }
    }

    fn check_terms(&self, candidates: &[Candidate], problems: &mut Problems) {
        let mut budget = |field: &str, amount: Money| {
            let usable = (0..=MAX_MINOR).contains(&amount.minor());
            problems.require(usable, field, "must lie between 0 and 2^53 minor units", "give what may be lent or bound");
            let same = amount.decimals() == self.budget.decimals();
            problems.require(same, field, "has other decimals than the budget", "state all amounts in one currency");
        };
        budget("budget", self.budget);
        if let Some(capital) = self.capital_budget {
            budget("capital_budget", capital);
        }
        for (place, cap) in self.caps.iter().enumerate() {
            if let GroupLimit::Amount { amount } = cap.limit {
                budget(&format!("caps[{place}].limit"), amount);
            }
        }
        let mut seen = BTreeSet::new();
        for (place, cap) in self.caps.iter().enumerate() {
            let field = format!("caps[{place}]");
            if let GroupLimit::Share { share } = cap.limit {
                let share = share > 0.0 && share <= 1.0;
                problems.require(share, &format!("{field}.limit"), "must lie in (0, 1]", "write a fraction of the budget");
            }
            let known = candidates.iter().any(|candidate| candidate.groups.get(&cap.key) == Some(&cap.group));
            problems.require(known, &field, "no candidate is in this group", "correct key and group, or leave the cap out");
            let once = seen.insert((&cap.key, &cap.group));
            problems.require(once, &field, "a group has two caps", "keep the lower one");
        }
        for (segment, curve) in &self.take_up {
            problems.absorb(&format!("take_up.{segment}"), curve.validate());
        }
        let steps = (1..=MAX_LADDER_STEPS).contains(&self.steps);
        problems.require(steps, "steps", "must lie between 1 and 1000", "use for example 30");
    }

    fn check_candidates(&self, candidates: &[Candidate], problems: &mut Problems) {
        problems.require(!candidates.is_empty(), "candidates", "there are none", "pass those who may get an offer");
        for (place, candidate) in candidates.iter().enumerate() {
            let mut own = Problems::default();
            let (smallest, largest) = (candidate.smallest, candidate.largest);
            let decimals = [smallest, largest].iter().all(|amount| amount.decimals() == self.budget.decimals());
            own.require(decimals, "smallest", "amounts have other decimals than the budget", "state all in one currency");
            own.require(smallest.minor() > 0, "smallest", "must be above 0", "no offer is made by leaving the candidate out");
            let ordered = smallest.minor() <= largest.minor() && largest.minor() <= MAX_MINOR;
            own.require(
                !decimals || ordered,
                "largest",
                "must be at least `smallest` and at most 2^53 minor units",
                "correct it",
            );
            self.check_menu(&candidate.menu, &mut own);
            if let Err(error) = own.into_data() {
                error.at_row(place).problems().iter().for_each(|problem| problems.push(problem.clone()));
            }
        }
    }

    fn check_menu(&self, menu: &OfferMenu, problems: &mut Problems) {
        let within = |value: f64| value.abs() <= MAX_FIGURE;
        match menu {
            OfferMenu::Declined { .. } => {}
            OfferMenu::Priced { loan, hurdle, lowest, cap, segment } => {
                problems.absorb("loan", loan.validate());
                for (field, rate, low) in [("hurdle", *hurdle, -1.0), ("lowest", *lowest, -0.5), ("cap", *cap, -0.5)] {
                    let what = format!("must lie in [{low}, 10]");
                    problems.require((low..=10.0).contains(&rate), field, &what, "pass a fraction per year, not percent");
                }
                let known = self.take_up.contains_key(segment);
                problems.require(known, "segment", "has no take-up curve", "add the curve to `take_up`");
            }
            OfferMenu::Rungs { rungs, capital } => {
                let count = !rungs.is_empty() && rungs.len() <= MAX_LADDER_STEPS + 1;
                problems.require(count, "rungs", "1 to 1001 prices were expected", "a candidate without any is declined");
                let usable = |rung: &PriceRung| within(rung.rate) && within(rung.value) && (0.0..=1.0).contains(&rung.share);
                let what = "a rate or value is beyond ±1,000,000 or a share outside [0, 1]";
                problems.require(rungs.iter().all(usable), "rungs", what, "state values per unit of the amount");
                let capital = *capital >= 0.0 && within(*capital);
                problems.require(capital, "capital", "must lie in [0, 1,000,000]", "state it per unit of the amount");
            }
        }
    }
}
