//! What a loan contract says: how it is drawn, repaid, rounded and charged.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::calendar::Calendar;
use crate::data::decimal;
use crate::pricing::money::{Money, Rounding};

/// How a loan is drawn and repaid. Periods are counted from 1; amounts have the decimals of `principal`; rates and shares
/// are fractions and count to twelve decimals.
///
/// ```
/// use scoreline::pricing::{Repayment, ScheduleTerms};
/// let terms = ScheduleTerms::new("100000.00".parse()?, 0.12, 12, Repayment::EqualInstalment);
/// let schedule = terms.schedule()?;
/// let (first, last) = (&schedule.rows[0], &schedule.rows[11]);
/// assert_eq!((first.payment.to_string(), last.payment.to_string()), ("8884.88".into(), "8884.85".into()));
/// assert_eq!(schedule.totals.interest.to_string(), "6618.53");
/// # Ok::<(), scoreline::Error>(())
/// ```
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleTerms {
    /// What is drawn at the start.
    pub principal: Money,
    /// Nominal rate, a fraction per year in [0, 10].
    pub rate: f64,
    /// Number of payments, 1 … [`MAX_MONTHS`](crate::pricing::MAX_MONTHS).
    pub periods: u32,
    /// Payments per year: 12, 6, 4, 3, 2 or 1 by months, 52, 26 or 13 by weeks.
    #[serde(default = "monthly")]
    pub frequency: u32,
    /// How the principal comes back.
    pub repayment: Repayment,
    /// Periods without repayment at the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace: Option<Grace>,
    /// What is drawn later.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drawdowns: Vec<Drawdown>,
    /// What is charged beside interest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<Fee>,
    /// What is taken off rates and fees.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promotions: Vec<Promotion>,
    /// The days; none for a schedule with numbers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<Calendar>,
    /// How amounts become whole minor units.
    #[serde(default)]
    pub rounding: ScheduleRounding,
}

fn monthly() -> u32 {
    12
}

impl ScheduleTerms {
    /// Monthly payments and nothing else.
    #[must_use]
    pub fn new(principal: Money, rate: f64, periods: u32, repayment: Repayment) -> Self {
        ScheduleTerms {
            principal,
            rate,
            periods,
            frequency: monthly(),
            repayment,
            grace: None,
            drawdowns: Vec::new(),
            fees: Vec::new(),
            promotions: Vec::new(),
            calendar: None,
            rounding: ScheduleRounding::default(),
        }
    }
}

/// How the principal comes back. Whatever is left is due with the last payment, which clears the balance.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Repayment {
    /// Equal instalments (等额本息). They are set anew when the rate changes or more is drawn.
    EqualInstalment,
    /// Equal parts of the principal (等额本金), set anew when more is drawn.
    EqualPrincipal,
    /// Interest only; the principal is due at the end (先息后本).
    InterestOnly,
    /// Equal instalments that leave an amount, due with the last payment.
    Balloon {
        /// What is left.
        amount: Money,
    },
    /// Instalments that change by a share after every so many payments.
    Step {
        /// Change, a fraction above −1: 0.05 makes each instalment 5 % higher than the one before the step.
        share: f64,
        /// Payments between steps, at least 1.
        every: u32,
    },
    /// Instalments as they are; the last one clears the balance whatever is written.
    Given {
        /// Instalments in a row, together as many as the periods after grace.
        segments: Vec<Segment>,
    },
}

/// Instalments of one amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// How many.
    pub periods: u32,
    /// Principal and interest of each.
    pub payment: Money,
}

/// Periods without repayment at the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grace {
    /// How many, fewer than all.
    pub periods: u32,
    /// What happens to their interest.
    pub interest: GraceInterest,
}

/// What happens to the interest of a period of grace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GraceInterest {
    /// It is paid when due.
    Paid,
    /// It is added to the balance.
    Capitalised,
}

/// What is drawn later: on the due day of a payment, after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawdown {
    /// The payment after which it is drawn, below the number of periods.
    pub after: u32,
    /// How much.
    pub amount: Money,
}

/// What is charged beside interest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// Its name, for waivers.
    pub name: String,
    /// How much.
    pub charge: Charge,
    /// When.
    pub timing: FeeTiming,
}

/// How much a fee is.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Charge {
    /// An amount.
    Fixed {
        /// The amount.
        amount: Money,
    },
    /// A share of what is drawn at the start.
    ShareOfPrincipal {
        /// The share, in (0, 1].
        share: f64,
    },
    /// A share of the balance on which the period bears interest; at the start, of what is drawn.
    ShareOfBalance {
        /// The share, in (0, 1].
        share: f64,
    },
}

/// When a fee is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeTiming {
    /// At the start, kept back from what is paid out.
    Deducted,
    /// At the start, paid apart.
    Upfront,
    /// With every payment.
    EachPeriod,
}

/// What is taken off rates and fees.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Promotion {
    /// The first periods bear no interest.
    InterestFree {
        /// How many.
        periods: u32,
    },
    /// A lower rate for some periods; discounts add up, to at most the rate.
    RateDiscount {
        /// First period.
        from: u32,
        /// Last period.
        to: u32,
        /// What is taken off, a fraction per year.
        discount: f64,
    },
    /// A fee is not, or not wholly, charged.
    FeeWaiver {
        /// Name of the fee.
        fee: String,
        /// The share that is waived, in (0, 1]; shares add up, to at most all of it.
        share: f64,
        /// For how many periods from the first; none for all. A fee at the start counts as one of the first period.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        periods: Option<u32>,
    },
}

/// How amounts become whole minor units, by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScheduleRounding {
    /// Instalments, and the equal parts of a principal.
    pub payment: Rounding,
    /// The interest of each period.
    pub interest: Rounding,
    /// Fees.
    pub fee: Rounding,
}
