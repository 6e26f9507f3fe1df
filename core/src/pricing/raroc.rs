//! Return on risk-adjusted capital of one year, and the rate that earns a hurdle.

use serde::{Deserialize, Serialize};

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
#[derive(Debug, Clone, Copy, PartialEq)]
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
    /// The rate at which income before tax is 0.
    fn cost(&self) -> f64 {
        let base = match self.funding_base {
            FundingBase::Ead => 1.0,
            FundingBase::EadLessCapital => 1.0 - self.capital,
        };
        self.funding * base + self.opex + self.expected_loss - self.capital * self.capital_benefit - self.fees
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

    #[test]
    fn golden_single_periods() {
        let file: serde_json::Value =
            serde_json::from_str(include_str!("../../../tests/golden/raroc_single_period.json")).unwrap();
        let mut compared = 0;
        for case in file["cases"].as_array().unwrap() {
            let input = |name: &str| case["inputs"][name].as_f64();
            let given = |long: &str, short: &str| input(long).or(input(short)).unwrap();
            let loan = SinglePeriod {
                rate: input("rate").unwrap_or(0.0),
                fees: 0.0,
                funding: given("fund", "f"),
                funding_base: FundingBase::Ead,
                opex: given("opex", "opex"),
                expected_loss: given("el", "el"),
                capital: given("ec", "ec"),
                capital_benefit: given("rc", "rc"),
                tax: given("tax", "tax"),
            };
            let (ead, hurdle) = (input("ead").unwrap_or(1.0), input("h").unwrap_or(0.0));
            let r_min = loan.break_even_rate(hurdle);
            for (name, want) in case["expected"].as_object().unwrap() {
                let (got, tol) = match name.as_str() {
                    "raroc" | "raroc_fund_full_ead" => (loan.raroc(), 1e-12),
                    "raroc_fund_net_of_capital" => {
                        (SinglePeriod { funding_base: FundingBase::EadLessCapital, ..loan }.raroc(), 1e-12)
                    }
                    "raroc_pct_published" => (100.0 * loan.raroc(), 0.005 + 1e-12),
                    "net_income" => (ead * loan.net_income(), 1e-14 * ead),
                    "eva" => (ead * loan.eva(hurdle), 1e-14 * ead),
                    "r_min" => (r_min, 1e-12),
                    "raroc_at_r_min" => (SinglePeriod { rate: r_min, ..loan }.raroc(), 1e-12),
                    "spread_decomposition" => continue,
                    other => panic!("{other} is not compared"),
                };
                assert!((got - want.as_f64().unwrap()).abs() <= tol, "{} {name}: {got} {want}", case["id"]);
                compared += 1;
            }
        }
        assert_eq!(compared, 19);
    }

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
