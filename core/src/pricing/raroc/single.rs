//! Return on risk-adjusted capital of one year, and the rate that earns a hurdle.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::hurdle::above_funding;
use super::waterfall::Waterfall;
use crate::data::decimal;
use crate::error::{Error, Problem, Problems, Result};

/// What the funding rate is paid on. The two conventions of the literature differ by several percentage points
/// of RAROC, so the choice is always stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FundingBase {
    /// The whole exposure; the capital earns the capital benefit rate.
    Ead,
    /// The exposure less the capital, which funds its own part; then a capital benefit would count twice.
    EadLessCapital,
}

/// One loan over one year. Every figure is a fraction per year of the exposure (EAD), except `tax` and
/// `capital_benefit`.
///
/// ```
/// use scoreline::pricing::{FundingBase, SinglePeriod};
/// let loan = SinglePeriod {
///     rate: 0.09, fees: 0.0, funding: 0.05, funding_base: FundingBase::Ead, opex: 0.01, expected_loss: 0.01,
///     capital: 0.08, capital_benefit: 0.03, tax: 0.0,
/// };
/// assert!((loan.raroc() - 0.28).abs() < 1e-12);
/// let even = SinglePeriod { rate: loan.break_even_rate(0.12), ..loan };
/// assert!((even.raroc() - 0.12).abs() < 1e-12);
/// ```
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SinglePeriod {
    /// Nominal rate that the borrower pays.
    pub rate: f64,
    /// Fee income.
    pub fees: f64,
    /// Funding rate (transfer price).
    pub funding: f64,
    /// What the funding rate is paid on.
    pub funding_base: FundingBase,
    /// Operating cost.
    pub opex: f64,
    /// PD · LGD.
    pub expected_loss: f64,
    /// Economic or regulatory capital.
    pub capital: f64,
    /// What the capital itself earns, a fraction per year of the capital.
    pub capital_benefit: f64,
    /// Tax on income, in [0, 1).
    pub tax: f64,
}

impl SinglePeriod {
    /// Checks every figure; what follows takes them as they are.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let share = "pass a fraction per year, not percent";
        for (field, value, low, high) in [
            ("rate", self.rate, -0.5, 10.0),
            ("fees", self.fees, 0.0, 10.0),
            ("funding", self.funding, -0.5, 1.0),
            ("opex", self.opex, 0.0, 10.0),
            ("expected_loss", self.expected_loss, 0.0, 10.0),
            ("capital_benefit", self.capital_benefit, -0.5, 1.0),
        ] {
            problems.require((low..=high).contains(&value), field, &format!("must lie in [{low}, {high}]"), share);
        }
        let capital = self.capital > 0.0 && self.capital <= 10.0;
        problems.require(capital, "capital", "must lie in (0, 10]", "a loan without capital has no return on it");
        problems.require((0.0..1.0).contains(&self.tax), "tax", "must lie in [0, 1)", "pass a fraction, not percent");
        let twice = self.funding_base == FundingBase::EadLessCapital && self.capital_benefit != 0.0;
        problems.require(
            !twice,
            "capital_benefit",
            "counts the capital twice: it already reduces the funding",
            "set it to 0 or use the funding base `ead`",
        );
        problems.into_data()
    }

    /// Refuses a hurdle that is not finite or lies below the funding rate: what [`SinglePeriod::break_even_rate`] and
    /// [`SinglePeriod::waterfall`] would answer has no meaning then. They take it as it is.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with the field `hurdle`.
    pub fn check_hurdle(&self, hurdle: f64) -> Result<()> {
        if !hurdle.is_finite() {
            return Err(Error::data(Problem::new("must be finite", "pass a fraction per year").field("hurdle")));
        }
        above_funding(hurdle, self.funding)
    }

    /// The rate at which income before tax is 0.
    fn cost(&self) -> f64 {
        self.funding * self.funded() + self.opex + self.expected_loss - self.capital * self.capital_benefit - self.fees
    }

    /// The part of the exposure on which the funding rate is paid.
    fn funded(&self) -> f64 {
        match self.funding_base {
            FundingBase::Ead => 1.0,
            FundingBase::EadLessCapital => 1.0 - self.capital,
        }
    }

    /// Income after tax per unit of exposure:
    /// NI = (rate + fees − funding·base − opex − EL + capital·benefit)·(1 − tax).
    #[must_use]
    pub fn net_income(&self) -> f64 {
        (self.rate - self.cost()) * (1.0 - self.tax)
    }

    /// Return on risk-adjusted capital: NI / capital.
    #[must_use]
    pub fn raroc(&self) -> f64 {
        self.net_income() / self.capital
    }

    /// Economic value added (shareholder value added) per unit of exposure: NI − hurdle·capital.
    #[must_use]
    pub fn eva(&self, hurdle: f64) -> f64 {
        self.net_income() - hurdle * self.capital
    }

    /// What the break-even rate is made of; the parts add up to it.
    #[must_use]
    pub fn waterfall(&self, hurdle: f64) -> Waterfall {
        Waterfall {
            funding: self.funding * self.funded(),
            opex: self.opex,
            origination: 0.0,
            expected_loss: self.expected_loss,
            capital_charge: self.capital * (hurdle / (1.0 - self.tax) - self.capital_benefit),
            fees: -self.fees,
        }
    }

    /// The rate whose RAROC is `hurdle`, in closed form because income is affine in the rate:
    /// funding·base + opex + EL + capital·(hurdle/(1 − tax) − benefit) − fees. Does not use `rate`.
    #[must_use]
    pub fn break_even_rate(&self, hurdle: f64) -> f64 {
        self.cost() + self.capital * hurdle / (1.0 - self.tax)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_break_even_rate_earns_the_hurdle(
            (fees, funding, opex, expected_loss) in (0.0..0.05, 0.0..0.2, 0.0..0.1, 0.0..0.5),
            (capital, capital_benefit, tax, hurdle) in (0.005..0.3, 0.0..0.1, 0.0..0.6, -0.1..0.6), less in any::<bool>(),
        ) {
            let funding_base = if less { FundingBase::EadLessCapital } else { FundingBase::Ead };
            let loan = SinglePeriod { rate: 0.0, fees, funding, funding_base, opex, expected_loss, capital, capital_benefit, tax };
            let even = SinglePeriod { rate: loan.break_even_rate(hurdle), ..loan };
            prop_assert!((even.raroc() - hurdle).abs() < 1e-10);
            prop_assert!(even.eva(hurdle).abs() < 1e-12);
        }
    }
}
