//! What the law and the house allow a price to be: caps as dated data with their sources, limits on changes, and the same price
//! for the same risk.

mod consistency;
mod guard;
mod pack;
#[cfg(test)]
mod tests;

pub use consistency::{PricedDeal, Unequal, inconsistencies};
pub use guard::{GuardBound, Guarded, PastPrice, PriceGuard};
pub use pack::{CapBreach, CapLimit, CapOnDay, CapRule, CountryPack, IndexValue, RateBasis, RateIndex};
