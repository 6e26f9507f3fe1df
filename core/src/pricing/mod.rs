//! Stage 8, money: what a loan costs and the rate that meets the hurdle within the law.
//!
//! grade PD → expected loss and capital → break-even rate → rounded up, at least the floor, at most the cap in
//! force. When the break-even rate lies above the cap the answer is [`Price::NoLegalPrice`], not an error.

mod annuity;
pub mod capital;
pub mod loss;
mod money;
mod policy;
mod raroc;
mod table;

pub use annuity::{AnnuityPlan, MAX_MONTHS, annuity_factor, annuity_payment, annuity_plan, whole_months};
pub use capital::{BASEL_CONFIDENCE, Capital, CapitalModel, expected_loss, irb_other_retail};
pub use money::{MAX_DECIMALS, Money};
pub use policy::{PricingPolicy, RateCap};
pub use raroc::{FundingBase, SinglePeriod};
pub use table::{Price, PriceTable, RateBound};
