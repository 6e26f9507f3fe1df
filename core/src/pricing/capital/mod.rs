//! Capital against unexpected loss: the internal-ratings formulas of Basel, standardised weights, and what a policy stores.
//!
//! ```
//! use scoreline::pricing::capital::{Irb, IrbClass, IrbExposure, IrbFramework, IrbRules};
//! let irb = Irb::new(&IrbRules::advanced(IrbFramework::named("basel3")?))?;
//! let card = IrbExposure::new(IrbClass::QrreRevolver, 0.0003, 0.40);
//! let capital = irb.capital(&card)?; // PD and LGD are raised to their floors, 0.1 % and 50 %
//! assert!((capital.risk_weight - 0.0301).abs() < 1e-4);
//! assert_eq!(capital.expected_loss, 0.001 * 0.5);
//! # Ok::<(), scoreline::Error>(())
//! ```

mod columns;
mod formula;
mod framework;
mod irb;
mod model;
mod standardised;
#[cfg(test)]
mod tests;

pub use columns::{CapitalColumns, Each, IrbColumns};
pub use formula::{BASEL_CONFIDENCE, expected_loss, maturity_slope, wcdr};
pub use framework::{ByClass, FirmSize, FoundationLgd, IrbClass, IrbFramework, LgdFloors, Security, Seniority};
pub use irb::{Irb, IrbApproach, IrbExposure, IrbRules};
pub use model::{CapitalModel, irb_other_retail};
pub use standardised::{LoanSplit, StandardisedTable, StandardisedWeight};

/// Capital against unexpected loss and the expected loss, per unit of exposure at default.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Capital {
    /// Asset correlation R; 0 for a defaulted exposure, which has none.
    pub correlation: f64,
    /// Slope b of the maturity adjustment; 0 for retail and defaulted exposures, which have none.
    pub maturity_adjustment: f64,
    /// Capital requirement K, a share of the exposure.
    pub k: f64,
    /// Risk weight 12.5·K, times the scaling of the framework; a fraction (0.4577 is 45.77 %).
    pub risk_weight: f64,
    /// Expected loss: PD · LGD after floors, or the best estimate of a defaulted exposure.
    pub expected_loss: f64,
}
