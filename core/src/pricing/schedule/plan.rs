//! The rows of a schedule.

use serde::Serialize;

use super::instalment::{Ahead, level};
use super::terms::{Charge, Fee, FeeTiming, GraceInterest, Promotion, Repayment, ScheduleTerms};
use super::validate::{PARTS, parts};
use crate::data::Date;
use crate::error::{Error, Problem, Result};
use crate::math::powi;
use crate::pricing::money::{Money, Rounding};

/// One period of a schedule. `closing` = `opening` + `drawn` + `capitalised` − `principal`, and `payment` =
/// `principal` + `interest` − `capitalised` + `fee`, to the minor unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ScheduleRow {
    /// From 1.
    pub number: u32,
    /// The day on which the payment falls due; none without a calendar.
    pub due: Option<Date>,
    /// Balance before the period; in the first, what is drawn at the start.
    pub opening: Money,
    /// What is drawn at the beginning of the period, beside the principal at the start.
    pub drawn: Money,
    /// Interest of the period.
    pub interest: Money,
    /// The part of the interest that is added to the balance.
    pub capitalised: Money,
    /// What is repaid.
    pub principal: Money,
    /// What is charged with the payment.
    pub fee: Money,
    /// What the borrower pays.
    pub payment: Money,
    /// Balance after the payment.
    pub closing: Money,
}

/// Sums over a schedule. `principal` = `drawn` + `capitalised`, to the minor unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ScheduleTotals {
    /// All that is drawn.
    pub drawn: Money,
    /// All interest.
    pub interest: Money,
    /// Interest that was added to the balance.
    pub capitalised: Money,
    /// All that is repaid.
    pub principal: Money,
    /// All fees, with those at the start.
    pub fees: Money,
    /// All that the borrower pays on due days.
    pub payments: Money,
}

/// A schedule of payments, made by [`ScheduleTerms::schedule`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Schedule {
    /// The day of the first drawdown; none without a calendar.
    pub start: Option<Date>,
    /// Payments per year.
    pub frequency: u32,
    /// Fees kept back from what is paid out at the start.
    pub deducted: Money,
    /// Fees paid apart at the start.
    pub upfront: Money,
    /// One row for each payment.
    pub rows: Vec<ScheduleRow>,
    /// Sums.
    pub totals: ScheduleTotals,
}

/// The interest of one period, exactly: so many parts of 10⁻¹² per year over a fraction of a year.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Period {
    rate: i64,
    years: (i64, i64),
}

impl Period {
    /// The rate of a period that is as long as this one, at the annual rate `rate`.
    fn at(self, rate: i64) -> f64 {
        let (numerator, denominator) = self.years;
        let annual = rate as f64 / PARTS as f64;
        if numerator == 1 { annual / denominator as f64 } else { annual * numerator as f64 / denominator as f64 }
    }
}

/// `amount`·`rate`·`years` rounded, where `rate` counts parts of 10⁻¹²; nothing when it does not fit.
fn share(amount: i64, rate: i64, years: (i64, i64), rounding: Rounding) -> Option<i64> {
    let factors = [u128::try_from(amount).ok()?, u128::try_from(rate).ok()?, u128::try_from(years.0).ok()?];
    let product = factors.into_iter().try_fold(1u128, u128::checked_mul)?;
    i64::try_from(rounding.divide(product, PARTS as u128 * u128::try_from(years.1).ok()?)).ok()
}

fn too_large() -> Error {
    Error::config(
        Problem::new("an amount of the schedule does not fit", "lower the amounts, or use fewer decimals").field("principal"),
    )
}

impl ScheduleTerms {
    /// The schedule, exact to the minor unit.
    ///
    /// Interest is balance × rate × time, rounded once; an instalment is set when repayment begins and again when the rate
    /// changes or more is drawn, from what is then left; the last payment clears the balance.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem of [`ScheduleTerms::validate`], and when an
    /// instalment does not cover its interest, clears the balance before the last payment or does not fit.
    pub fn schedule(&self) -> Result<Schedule> {
        self.validate()?;
        let due = self.calendar.as_ref().map(|calendar| calendar.due_days(self.periods, self.frequency));
        let periods = self.interest_periods(due.as_deref());
        let decimals = self.principal.decimals();
        let money = |minor: i64| Money::new(minor, decimals).ok_or_else(too_large);
        let grace = self.grace.map_or(0, |grace| grace.periods);
        let capitalises = self.grace.is_some_and(|grace| grace.interest == GraceInterest::Capitalised);

        let mut rows: Vec<ScheduleRow> = Vec::with_capacity(periods.len());
        let (mut balance, mut instalment, mut before) = (self.principal.minor(), 0.0, None);
        for (number, period) in (1..).zip(&periods) {
            let later = self.drawdowns.iter().filter(|drawdown| drawdown.after + 1 == number);
            let drawn = later.map(|drawdown| drawdown.amount.minor()).try_fold(0i64, i64::checked_add).ok_or_else(too_large)?;
            let owed = balance.checked_add(drawn).ok_or_else(too_large)?;
            let interest = share(owed, period.rate, period.years, self.rounding.interest).ok_or_else(too_large)?;
            let begins = number == grace + 1 || (number > grace && drawn > 0);
            let changes = before.is_some_and(|rate| rate != period.rate) && self.repayment != Repayment::EqualPrincipal;
            if begins || (number > grace && changes) {
                let ahead = periods.get(number as usize - 1..).unwrap_or_default();
                instalment = self.instalment(owed, number - grace - 1, ahead, period.rate);
            }
            before = Some(period.rate);
            let in_grace = number <= grace;
            let capitalised = if in_grace && capitalises { interest } else { 0 };
            let repaid = match number {
                _ if in_grace => 0,
                last if last == self.periods => owed,
                _ => self.repaid(number - grace - 1, instalment, interest).ok_or_else(too_large)?,
            };
            self.check_repaid(number, repaid, owed)?;
            let fee = self.fees(number, owed, |timing| timing == FeeTiming::EachPeriod).ok_or_else(too_large)?;
            let paid = [interest - capitalised, fee].into_iter().try_fold(repaid, i64::checked_add).ok_or_else(too_large)?;
            let closing = (owed - repaid).checked_add(capitalised).ok_or_else(too_large)?;
            rows.push(ScheduleRow {
                number,
                due: due.as_ref().and_then(|days| days.get(number as usize - 1).copied()),
                opening: money(balance)?,
                drawn: money(drawn)?,
                interest: money(interest)?,
                capitalised: money(capitalised)?,
                principal: money(repaid)?,
                fee: money(fee)?,
                payment: money(paid)?,
                closing: money(closing)?,
            });
            balance = closing;
        }
        let at_start = |timing: FeeTiming| self.fees(1, self.principal.minor(), |of| of == timing).ok_or_else(too_large);
        let (deducted, upfront) = (at_start(FeeTiming::Deducted)?, at_start(FeeTiming::Upfront)?);
        if deducted >= self.principal.minor() {
            let problem = Problem::new("the deducted fees leave nothing to pay out", "lower them, or charge them apart");
            return Err(Error::config(problem.field("fees")));
        }
        let sum = |from: i64, part: fn(&ScheduleRow) -> Money| {
            let mut parts = rows.iter().map(|row| part(row).minor());
            money(parts.try_fold(from, i64::checked_add).ok_or_else(too_large)?)
        };
        let totals = ScheduleTotals {
            drawn: sum(self.principal.minor(), |row| row.drawn)?,
            interest: sum(0, |row| row.interest)?,
            capitalised: sum(0, |row| row.capitalised)?,
            principal: sum(0, |row| row.principal)?,
            fees: sum(deducted.checked_add(upfront).ok_or_else(too_large)?, |row| row.fee)?,
            payments: sum(0, |row| row.payment)?,
        };
        let start = self.calendar.as_ref().map(|calendar| calendar.start);
        let (deducted, upfront) = (money(deducted)?, money(upfront)?);
        Ok(Schedule { start, frequency: self.frequency, deducted, upfront, rows, totals })
    }

    /// Rate and length of every period.
    fn interest_periods(&self, due: Option<&[Date]>) -> Vec<Period> {
        let day_count = self.calendar.as_ref().and_then(|calendar| Some((calendar.start, calendar.day_count?)));
        let mut periods = Vec::with_capacity(self.periods as usize);
        for number in 1..=self.periods {
            let years = match (day_count, due) {
                (Some((start, kind)), Some(days)) => {
                    let day = |at: u32| days.get(at as usize - 1).copied().unwrap_or(start);
                    kind.ratio(if number == 1 { start } else { day(number - 1) }, day(number))
                }
                _ => (1, i64::from(self.frequency)),
            };
            let mut rate = parts(self.rate);
            for promotion in &self.promotions {
                match promotion {
                    Promotion::InterestFree { periods } if number <= *periods => rate = 0,
                    Promotion::RateDiscount { from, to, discount } if (*from..=*to).contains(&number) => rate -= parts(*discount),
                    _ => {}
                }
            }
            periods.push(Period { rate: rate.max(0), years });
        }
        periods
    }

    /// What is paid as principal and interest (of an equal principal: as principal) from here on, `done` payments after grace.
    fn instalment(&self, owed: i64, done: u32, ahead: &[Period], rate: i64) -> f64 {
        let owed = owed as f64;
        let weights = |number: u32| match &self.repayment {
            Repayment::Step { share, every } => powi(1.0 + share, (done + number) / (*every).max(1)),
            _ => 1.0,
        };
        let left = if let Repayment::Balloon { amount } = &self.repayment { amount.minor() as f64 } else { 0.0 };
        match self.repayment {
            Repayment::EqualPrincipal => owed / ahead.len() as f64,
            Repayment::InterestOnly | Repayment::Given { .. } => 0.0,
            _ => level(
                owed,
                left,
                (0..).zip(ahead).map(|(number, period)| Ahead { rate: period.at(rate), weight: weights(number) }),
            ),
        }
    }

    /// What a payment repays, `done` payments after grace; nothing when it does not fit.
    fn repaid(&self, done: u32, instalment: f64, interest: i64) -> Option<i64> {
        let round = |amount: f64| Money::round(amount, 0, self.rounding.payment).map(Money::minor);
        match &self.repayment {
            Repayment::InterestOnly => Some(0),
            Repayment::EqualPrincipal => round(instalment),
            Repayment::EqualInstalment | Repayment::Balloon { .. } => round(instalment)?.checked_sub(interest),
            Repayment::Step { share, every } => {
                round(instalment * powi(1.0 + share, done / (*every).max(1)))?.checked_sub(interest)
            }
            Repayment::Given { segments } => {
                let mut left = done;
                let segment = segments.iter().find(|segment| {
                    let here = left < segment.periods;
                    left = left.saturating_sub(segment.periods);
                    here
                });
                segment?.payment.minor().checked_sub(interest)
            }
        }
    }

    fn check_repaid(&self, number: u32, repaid: i64, owed: i64) -> Result<()> {
        let refuse = |what: String, remedy: &str| Err(Error::config(Problem::new(what, remedy).field("repayment")));
        if repaid < 0 {
            let what = format!("payment {number} does not cover its interest: the balance would grow");
            return refuse(what, "raise the instalments, or declare a grace whose interest is capitalised");
        }
        if repaid >= owed && number < self.periods {
            let what = format!("payment {number} clears the balance before the last payment");
            return refuse(what, "lower `periods` or the instalments, or round payments `down`");
        }
        Ok(())
    }

    /// All fees of one kind with payment `number`; nothing when they do not fit.
    fn fees(&self, number: u32, owed: i64, kind: impl Fn(FeeTiming) -> bool) -> Option<i64> {
        let mut of_kind = self.fees.iter().filter(|fee| kind(fee.timing));
        of_kind.try_fold(0, |sum: i64, fee| sum.checked_add(self.fee(fee, number, owed)?))
    }

    fn fee(&self, fee: &Fee, number: u32, owed: i64) -> Option<i64> {
        let waivers = self.promotions.iter().filter_map(|promotion| match promotion {
            Promotion::FeeWaiver { fee: name, share, periods } if *name == fee.name => {
                Some(if periods.is_none_or(|periods| number <= periods) { parts(*share) } else { 0 })
            }
            _ => None,
        });
        let charged = (PARTS - waivers.sum::<i64>()).max(0);
        let (amount, part) = match fee.charge {
            Charge::Fixed { amount } => (amount.minor(), PARTS),
            Charge::ShareOfPrincipal { share } => (self.principal.minor(), parts(share)),
            Charge::ShareOfBalance { share } => (owed, parts(share)),
        };
        share(amount, part, if charged == PARTS { (1, 1) } else { (charged, PARTS) }, self.rounding.fee)
    }
}
