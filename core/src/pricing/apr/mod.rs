//! Annualised rates of flows of money: US Regulation Z, EU directives, the disclosure in China, XIRR.
//!
//! All of them ask for the rate at which advances and payments are worth the same, and differ in how they count time and
//! how they annualise. Flows are seen by the lender: advances are negative, payments positive.

mod discount;
mod eu;
mod internal;
mod of_schedule;
mod reg_z;
#[cfg(test)]
mod tests;

pub use discount::{Flow, MAX_SIGN_CHANGES, Roots, internal_rates};
pub use eu::{EuRate, TimeBase, eu_apr};
pub use internal::{AnnualisedRate, DatedFlow, annualised_irr, irr, xirr};
pub use reg_z::{RegZTolerance, UnitFlow, UnitPeriod, reg_z_apr};
