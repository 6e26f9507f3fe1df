//! What is known of a loan over its life.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use crate::data::decimal;
use crate::error::{Problems, Result};
use crate::pricing::MAX_MONTHS;

/// A loan over its life, per unit of its principal. Rates and shares are fractions, rates per year.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifetimeTerms {
    /// Term in months, 1 to [`MAX_MONTHS`].
    pub months: u32,
    /// How the balance falls.
    pub balance: BalancePath,
    /// When it may default.
    pub pd: PdPath,
    /// Share of the balance that is paid before it is due (CPR), in [0, 1).
    #[serde(default)]
    pub prepayment: f64,
    /// Loss given default, in [0, 1].
    pub lgd: f64,
    /// Funding rate (transfer price), paid on the whole balance.
    pub funding: f64,
    /// Running cost of operation, a share of the balance.
    #[serde(default)]
    pub opex: f64,
    /// Cost of origination, a share of the principal.
    #[serde(default)]
    pub origination: f64,
    /// Fees at the start, a share of the principal.
    #[serde(default)]
    pub upfront_fee: f64,
    /// Fees that run, a share of the balance.
    #[serde(default)]
    pub running_fee: f64,
    /// Capital that the balance binds, a share of it in (0, 1].
    pub capital: f64,
    /// What the capital itself earns.
    #[serde(default)]
    pub capital_benefit: f64,
    /// Tax on income, in [0, 1).
    #[serde(default)]
    pub tax: f64,
}

/// How the balance of a loan falls over its months.
#[apply(Vec<f64> => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum BalancePath {
    /// Equal instalments (等额本息): the higher the rate, the later it falls.
    EqualInstalment {},
    /// Equal principal (等额本金).
    EqualPrincipal {},
    /// Interest only, the principal at the end (先息后本).
    Bullet {},
    /// As given, from a schedule with steps, grace or drawdowns.
    Given {
        /// Balance before the payment of each month, a share of the principal, at least 0, the first above 0.
        opening: Vec<f64>,
    },
}

/// When a loan may default.
#[apply(f64 => #[serde(deserialize_with = "decimal")], Vec<f64> => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum PdPath {
    /// The same PD in every year, spread evenly over its months: 1 − (1 − PD)^(1/12) of those alive.
    Yearly {
        /// PD per year, in (0, 1).
        pd: f64,
    },
    /// A term structure.
    Monthly {
        /// Share of those alive that default in each month, in [0, 1).
        hazards: Vec<f64>,
    },
}

impl LifetimeTerms {
    /// Checks every figure.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let months = (1..=MAX_MONTHS).contains(&self.months);
        problems.require(months, "months", "must lie between 1 and 1,200", "pass the term in months");
        if let BalancePath::Given { opening } = &self.balance {
            let usable = opening.len() == self.months as usize
                && opening.first().is_some_and(|first| *first > 0.0)
                && opening.iter().all(|balance| (0.0..=1e6).contains(balance));
            let what = "a balance of at least 0 was expected for each month, the first above 0";
            problems.require(usable, "balance.opening", what, "pass shares of the principal");
        }
        match &self.pd {
            PdPath::Yearly { pd } => {
                problems.require(*pd > 0.0 && *pd < 1.0, "pd", "must lie in (0, 1)", "pass a fraction per year, not percent");
            }
            PdPath::Monthly { hazards } => {
                let usable = hazards.len() == self.months as usize && hazards.iter().all(|hazard| (0.0..1.0).contains(hazard));
                let what = "a share in [0, 1) was expected for each month";
                problems.require(usable, "pd.hazards", what, "pass the share of those alive that default in the month");
            }
        }
        let share = "pass a fraction, not percent";
        problems.require((0.0..1.0).contains(&self.prepayment), "prepayment", "must lie in [0, 1)", share);
        problems.require((0.0..=1.0).contains(&self.lgd), "lgd", "must lie in [0, 1]", share);
        problems.require((-0.5..=1.0).contains(&self.funding), "funding", "must lie in [-0.5, 1]", share);
        for (field, value) in [
            ("opex", self.opex),
            ("origination", self.origination),
            ("upfront_fee", self.upfront_fee),
            ("running_fee", self.running_fee),
            ("capital_benefit", self.capital_benefit),
        ] {
            problems.require((0.0..=1.0).contains(&value), field, "must lie in [0, 1]", share);
        }
        let capital = self.capital > 0.0 && self.capital <= 1.0;
        problems.require(capital, "capital", "must lie in (0, 1]", "a loan without capital has no return on it");
        problems.require((0.0..1.0).contains(&self.tax), "tax", "must lie in [0, 1)", share);
        problems.into_data()
    }
}
