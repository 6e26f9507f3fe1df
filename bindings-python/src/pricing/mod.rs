//! Schedules, annualised rates, returns on capital, caps, demand and the allocation of a budget.

mod allocation;
mod caps;
mod demand;
mod returns;
mod schedule;

pub(crate) use allocation::allocate;
pub(crate) use caps::{cap_breaches, cap_pack, cap_packs, caps_on, guarded_price, inconsistencies};
pub(crate) use demand::{best_price, price_frontier, price_ladder, take_up};
pub(crate) use returns::{capm_hurdle, lifetime_at, lifetime_rate, lifetime_rates, single_period, weighted_hurdle};
pub(crate) use schedule::{
    Schedule, annualised_irr, day_count, eu_apr, eu_years, rate, rates, reg_z_allows, reg_z_apr, unit_periods, xirr,
};
