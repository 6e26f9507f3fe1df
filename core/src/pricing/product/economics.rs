//! What a loan on the terms of a product earns at a rate: the flows of its schedule in the life-of-loan model.

use serde::{Deserialize, Serialize};

use super::need::{CreditRisk, Need, first_year};
use super::terms::Product;
use crate::data::Date;
use crate::error::{Error, Problem, Result};
use crate::pricing::{
    BalancePath, Calendar, Charge, DueDays, Lifetime, LifetimeTerms, Money, Repayment, ScheduleRounding, ScheduleRow,
    ScheduleTerms, Waterfall,
};

/// Minor units of the schedule that prices are solved on: so many that rounding stays below the last digits of a double, and that
/// sums over the longest schedule at the highest rate fit.
const UNITS: i64 = 1_000_000_000_000_000;

/// Decimals of that schedule; any would do, since only shares of the principal are read.
const DECIMALS: u32 = 6;

/// Schedules read rates to so many parts of one.
pub(super) const FINEST: f64 = 1e12;

/// What a quoted rate is made of. The break-even parts, the promotions and the margin add up to the nominal rate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceParts {
    /// What the hurdle needs, at the balances of this loan.
    pub needed: Waterfall,
    /// What promotions take from the nominal rate, less what a day count adds to it.
    pub promotions: f64,
    /// What the rate earns beyond the hurdle, before tax.
    pub margin: f64,
}

impl PriceParts {
    /// The sum of the parts: the nominal rate.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.needed.rate() + self.promotions + self.margin
    }
}

/// What a loan earns at a rate, per unit of its principal, as present values at the hurdle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Earned {
    pub(super) raroc: f64,
    pub(super) eva: f64,
    pub(super) parts: PriceParts,
}

/// One loan, ready to be looked at at any rate.
#[derive(Debug, Clone)]
pub(super) struct Economics<'a> {
    product: &'a Product,
    risk: &'a CreditRisk,
    /// The schedule of a principal of [`UNITS`].
    terms: ScheduleTerms,
    origination: f64,
}

impl<'a> Economics<'a> {
    pub(super) fn new(product: &'a Product, need: &Need, repayment: &Repayment, risk: &'a CreditRisk, day: Date) -> Result<Self> {
        let scale = Scale { principal: need.amount.minor() };
        let mut terms = schedule_terms(product, need, repayment, day);
        terms.principal = Money::new(UNITS, DECIMALS).ok_or_else(too_large)?;
        terms.rounding = ScheduleRounding::default();
        if product.day_count.is_none() {
            terms.calendar = None;
        }
        match &mut terms.repayment {
            Repayment::Balloon { amount } => *amount = scale.money(*amount)?,
            Repayment::Given { segments } => {
                for segment in segments {
                    segment.payment = scale.money(segment.payment)?;
                }
            }
            _ => {}
        }
        for fee in &mut terms.fees {
            if let Charge::Fixed { amount } = &mut fee.charge {
                *amount = scale.money(*amount)?;
            }
        }
        let origination = match product.costs.origination {
            None => 0.0,
            Some(Charge::Fixed { amount }) => amount.minor() as f64 / need.amount.minor() as f64,
            Some(Charge::ShareOfPrincipal { share } | Charge::ShareOfBalance { share }) => share,
        };
        Ok(Economics { product, risk, terms, origination })
    }

    /// What the loan earns at a rate in [0, 10], as a schedule reads it: or the PD would respond to parts of the rate for which nobody
    /// pays, and what is earned would be a saw where both nearly cancel.
    pub(super) fn at(&self, rate: f64) -> Result<Earned> {
        let rate = (rate * FINEST).round() / FINEST;
        let schedule = ScheduleTerms { rate, ..self.terms.clone() }.schedule()?;
        let (costs, months) = (&self.product.costs, self.terms.periods);
        let share = |money: Money| money.minor() as f64 / UNITS as f64;
        let pd = self.risk.at(rate, months);
        let opening: Vec<f64> = schedule.rows.iter().map(|row| share(row.opening)).collect();
        let due = |row: &ScheduleRow| [share(row.interest), share(row.fee)];
        let due: Vec<[f64; 2]> = schedule.rows.iter().map(due).collect();
        let balances: Vec<[f64; 2]> = opening.iter().map(|balance| [*balance / 12.0, 0.0]).collect();
        let terms = LifetimeTerms {
            months,
            capital: costs.capital.k(first_year(&pd), costs.lgd)?,
            balance: BalancePath::Given { opening },
            pd,
            prepayment: costs.prepayment,
            lgd: costs.lgd,
            funding: costs.funding.rate(months),
            opex: costs.opex,
            origination: self.origination,
            upfront_fee: 0.0,
            running_fee: 0.0,
            capital_benefit: costs.capital_benefit,
            tax: costs.tax,
        };
        let life = Lifetime::new(&terms, self.product.hurdle)?;
        let [interest, fees] = life.value_of(&due);
        let [years, _] = life.value_of(&balances);
        let fees = fees + share(schedule.deducted) + share(schedule.upfront);
        // The balances are given, so all but interest and fees is the same at every rate.
        let (without, mut needed) = (life.at(0.0)?, life.waterfall(0.0)?);
        let net_income = without.net_income + (1.0 - costs.tax) * (interest + fees);
        needed.fees = -fees / years;
        let paid = interest / years;
        let parts = PriceParts { needed, promotions: rate - paid, margin: paid - needed.rate() };
        let eva = net_income - self.product.hurdle * without.capital_years;
        Ok(Earned { raroc: net_income / without.capital_years, eva, parts })
    }
}

/// The schedule of a loan in minor units, at any rate.
pub(super) fn schedule_terms(product: &Product, need: &Need, repayment: &Repayment, day: Date) -> ScheduleTerms {
    let calendar = Calendar { start: day, due: DueDays::default(), day_count: product.day_count };
    ScheduleTerms {
        fees: product.fees.clone(),
        promotions: product.promotions.clone(),
        calendar: Some(calendar),
        rounding: product.rounding,
        ..ScheduleTerms::new(need.amount, product.rates.high, need.months, repayment.clone())
    }
}

/// From the amounts of a loan to those of a loan of [`UNITS`].
struct Scale {
    principal: i64,
}

impl Scale {
    fn money(&self, amount: Money) -> Result<Money> {
        let units = i128::from(amount.minor()) * i128::from(UNITS) / i128::from(self.principal.max(1));
        i64::try_from(units).ok().and_then(|units| Money::new(units, DECIMALS)).ok_or_else(too_large)
    }
}

fn too_large() -> Error {
    let what = "a fixed amount of the product is too large for this loan";
    Error::config(Problem::new(what, "lower it, or raise the least amount of the product").field("amount"))
}
