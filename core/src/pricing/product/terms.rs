//! What a product is: what it lends and to whom, what it costs the lender, and which law it is under.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use crate::data::decimal;
use crate::pricing::{
    CapitalModel, Charge, DayCount, Fee, FtpCurve, Money, PriceGuard, Promotion, Repayment, Rounding, ScheduleRounding, TakeUp,
};

/// A loan product with monthly payments. Rates and shares are fractions, rates per year.
#[apply(f64 => #[serde(deserialize_with = "decimal")], Option<f64> => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its name, unique in a catalogue.
    pub name: String,
    /// Currency of every amount, an ISO 4217 code such as `CNY`.
    pub currency: String,
    /// Decimals of the currency; every amount has as many.
    pub decimals: u32,
    /// What it is for, as tags; none for anything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purposes: Vec<String>,
    /// Who may have it: a condition over the fields of the applicant; `true` for everyone.
    pub eligibility: String,
    /// What it lends.
    pub amount: AmountRange,
    /// The terms on offer, in months, rising.
    pub months: Vec<u32>,
    /// How it may be repaid; the first is what a borrower gets who does not choose.
    pub repayments: Vec<RepaymentKind>,
    /// Nominal rates on offer.
    pub rates: RateRange,
    /// Rates are multiples of this; one must be a whole number of steps, as with 0.0001. None: to 10⁻¹², the precision of schedules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_step: Option<f64>,
    /// Interest by days; none for a twelfth of the rate in each month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_count: Option<DayCount>,
    /// How amounts become whole minor units.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub rounding: ScheduleRounding,
    /// What is charged beside interest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<Fee>,
    /// What is taken off rates and fees.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promotions: Vec<Promotion>,
    /// Largest amount as a share of the value of the collateral; none for a loan without collateral.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_ltv: Option<f64>,
    /// The law that caps what it may cost. Must be there: an empty list declares that nothing caps it.
    pub laws: Vec<ProductLaw>,
    /// What it costs the lender.
    pub costs: ProductCosts,
    /// Lifetime RAROC after tax that a price must reach; at least the funding rate.
    pub hurdle: f64,
    /// Who accepts a rate; none to price at the hurdle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take_up: Option<TakeUp>,
    /// Limits on changes of a customer's price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<PriceGuard>,
}

fn is_usual(rounding: &ScheduleRounding) -> bool {
    let ScheduleRounding { payment, interest, fee } = rounding;
    [payment, interest, fee].into_iter().all(|one| *one == Rounding::default())
}

/// Amounts from `low` to `high`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmountRange {
    /// The least, above 0.
    pub low: Money,
    /// The most.
    pub high: Money,
}

/// Rates per year from `low` to `high`, both included.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateRange {
    /// The least, at least 0: no price is lower.
    pub low: f64,
    /// The most, at most 10.
    pub high: f64,
}

/// A way to repay, without its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepaymentKind {
    /// Equal instalments (等额本息).
    EqualInstalment,
    /// Equal parts of the principal (等额本金).
    EqualPrincipal,
    /// Interest only (先息后本).
    InterestOnly,
    /// Equal instalments that leave an amount.
    Balloon,
    /// Instalments that change by a share.
    Step,
    /// Instalments as they are.
    Given,
}

impl RepaymentKind {
    /// The kind of a repayment.
    #[must_use]
    pub const fn of(repayment: &Repayment) -> Self {
        match repayment {
            Repayment::EqualInstalment => RepaymentKind::EqualInstalment,
            Repayment::EqualPrincipal => RepaymentKind::EqualPrincipal,
            Repayment::InterestOnly => RepaymentKind::InterestOnly,
            Repayment::Balloon { .. } => RepaymentKind::Balloon,
            Repayment::Step { .. } => RepaymentKind::Step,
            Repayment::Given { .. } => RepaymentKind::Given,
        }
    }

    /// The repayment of a kind that has no figures.
    pub(super) const fn plain(self) -> Option<Repayment> {
        match self {
            RepaymentKind::EqualInstalment => Some(Repayment::EqualInstalment),
            RepaymentKind::EqualPrincipal => Some(Repayment::EqualPrincipal),
            RepaymentKind::InterestOnly => Some(Repayment::InterestOnly),
            RepaymentKind::Balloon | RepaymentKind::Step | RepaymentKind::Given => None,
        }
    }
}

/// Where the caps of a product stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductLaw {
    /// Letters of the jurisdiction, as in a [`CountryPack`](crate::pricing::CountryPack).
    pub jurisdiction: String,
    /// The name of the product within that pack.
    pub product: String,
}

/// What a product costs the lender.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductCosts {
    /// Transfer prices by term.
    pub funding: FtpCurve,
    /// Running cost of operation, a share of the balance per year.
    #[serde(default)]
    pub opex: f64,
    /// Cost of making a loan, an amount or a share of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origination: Option<Charge>,
    /// Loss given default, in [0, 1].
    pub lgd: f64,
    /// Capital that the balance binds.
    pub capital: CapitalModel,
    /// What the capital itself earns.
    #[serde(default)]
    pub capital_benefit: f64,
    /// Tax on income, in [0, 1).
    #[serde(default)]
    pub tax: f64,
    /// Share of the balance that is paid before it is due (CPR), in [0, 1).
    #[serde(default)]
    pub prepayment: f64,
}
