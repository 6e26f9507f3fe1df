//! What is asked: an amount for a time, the risk of who asks, and the law and past prices that hold on the day.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::apply;

use crate::data::{Date, decimal};
use crate::math::{exp, ln_1p, logistic, logit};
use crate::pricing::{CountryPack, Money, PastPrice, PdPath, Repayment};

/// What a borrower asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// What it is for, a tag of products; none for anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// How much.
    pub amount: Money,
    /// Currency of the amounts, an ISO 4217 code.
    pub currency: String,
    /// For how many months.
    pub months: u32,
    /// How it is to be repaid; none for the first way of each product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repayment: Option<Repayment>,
    /// Value of the collateral on offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collateral: Option<Money>,
}

/// When the borrower may default, and what the rate does to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditRisk {
    /// The PD, per year or month by month for at least the term.
    pub pd: PdPath,
    /// How it rises with the rate: adverse selection, and the burden of the payments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<PdResponse>,
}

/// The log-odds of default (of a month where the PD is monthly) rise by `slope` per unit of rate above `at`, and fall below it.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PdResponse {
    /// The rate per year for which the PD was estimated.
    pub at: f64,
    /// Change of the log-odds per unit of rate, in [0, 100].
    pub slope: f64,
}

impl CreditRisk {
    /// A PD per year that the rate does not change.
    #[must_use]
    pub const fn yearly(pd: f64) -> Self {
        CreditRisk { pd: PdPath::Yearly { pd }, response: None }
    }

    /// When the borrower may default within `months` at a rate.
    pub(super) fn at(&self, rate: f64, months: u32) -> PdPath {
        // Beyond this the odds of a double are infinite; nobody lends there.
        const MOST: f64 = 0.999_999;
        let respond = |pd: f64| match self.response {
            Some(response) if pd > 0.0 => logistic(logit(pd) + response.slope * (rate - response.at)).clamp(1e-12, pd.max(MOST)),
            _ => pd,
        };
        match &self.pd {
            PdPath::Yearly { pd } => PdPath::Yearly { pd: respond(*pd) },
            PdPath::Monthly { hazards } => {
                PdPath::Monthly { hazards: hazards.iter().take(months as usize).map(|hazard| respond(*hazard)).collect() }
            }
        }
    }
}

/// The PD of the first year of a path; of a shorter one, as if it went on at its average.
pub(super) fn first_year(pd: &PdPath) -> f64 {
    match pd {
        PdPath::Yearly { pd } => *pd,
        PdPath::Monthly { hazards } => {
            let year = hazards.len().clamp(1, 12);
            let alive: f64 = hazards.iter().take(year).map(|hazard| ln_1p(-hazard)).sum();
            1.0 - exp(alive * 12.0 / year as f64)
        }
    }
}

/// A need with everything that a price of it rests on.
#[derive(Debug, Clone, Copy)]
pub struct QuoteRequest<'a> {
    /// What is asked for.
    pub need: &'a Need,
    /// The risk of who asks.
    pub risk: &'a CreditRisk,
    /// The caps, one pack for each jurisdiction that a product names.
    pub packs: &'a [CountryPack],
    /// The day of the contract, which is also that of the drawdown.
    pub day: Date,
    /// The prices that the customer had so far by product, each list by rising first day; none for a new customer.
    pub past: &'a BTreeMap<String, Vec<PastPrice>>,
}
