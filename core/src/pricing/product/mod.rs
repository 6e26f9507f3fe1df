//! Products: what is on offer, what it must cost a borrower, and which of them fit a need.
//!
//! [`quote()`] prices one loan to the hurdle under the law of the day in one call; a [`Catalogue`] checks its products, finds those that
//! can never be offered, and becomes a [`Matcher`] that ranks what fits and says why the rest does not.

mod catalogue;
mod check;
mod economics;
mod law;
mod matching;
mod need;
mod price;
mod quote;
mod terms;
#[cfg(test)]
mod tests;

pub use catalogue::{Catalogue, LadderRule, Unreachable};
pub use economics::PriceParts;
pub use matching::{Dropped, Fit, Matched, Matcher, Mismatch, NextProduct, Offer, RankBy};
pub use need::{CreditRisk, Need, PdResponse, QuoteRequest};
pub use quote::{Quote, Quoted, quote};
pub use terms::{AmountRange, Product, ProductCosts, ProductLaw, RateRange, RepaymentKind};
