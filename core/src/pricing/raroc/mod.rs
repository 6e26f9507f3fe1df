//! Return on risk-adjusted capital, and the rate that earns a hurdle: of one year in closed form, over the life of a loan on
//! expected cash flows.

mod batch;
mod blocks;
mod hurdle;
mod lanes;
mod life_terms;
mod lifetime;
mod loan;
mod single;
mod solve;
#[cfg(test)]
mod tests;
mod waterfall;

pub use batch::LifetimePrices;
pub use hurdle::{FtpCurve, FtpPoint, capm_hurdle, weighted_hurdle};
pub use life_terms::{BalancePath, LifetimeTerms, PdPath};
pub use lifetime::{Lifetime, LifetimeMonth, LifetimeReturn};
pub use single::{FundingBase, SinglePeriod};
pub use solve::{RateSolution, solve_rate};
pub use waterfall::Waterfall;
