//! What a break-even rate is made of.

use serde::{Deserialize, Serialize};

/// The parts of a break-even rate, each a fraction per year of the balance that pays interest; they add up to the rate. Fees are
/// what the borrower pays besides, and lower it.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waterfall {
    /// Funding at the transfer price.
    pub funding: f64,
    /// Running cost of operation.
    pub opex: f64,
    /// Cost of origination, spread over the life.
    pub origination: f64,
    /// Expected loss.
    pub expected_loss: f64,
    /// What the capital must earn before tax, less what it earns itself: capital · (hurdle / (1 − tax) − benefit).
    pub capital_charge: f64,
    /// Fees that the borrower pays, at most 0.
    pub fees: f64,
}

impl Waterfall {
    /// The parts with their names, in the order in which they are added.
    #[must_use]
    pub fn parts(&self) -> [(&'static str, f64); 6] {
        [
            ("funding", self.funding),
            ("opex", self.opex),
            ("origination", self.origination),
            ("expected_loss", self.expected_loss),
            ("capital_charge", self.capital_charge),
            ("fees", self.fees),
        ]
    }

    /// The sum of the parts.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.parts().iter().map(|(_, part)| part).sum()
    }
}
