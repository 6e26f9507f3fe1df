//! The annualised rates of a schedule.

use super::discount::{Flow, Roots};
use super::eu::{EuRate, TimeBase, eu_apr};
use super::internal::{AnnualisedRate, DatedFlow, annualised_irr, xirr};
use super::reg_z::{UnitFlow, UnitPeriod, reg_z_apr};
use crate::data::Date;
use crate::error::{Error, Problem, Result};
use crate::pricing::money::Money;
use crate::pricing::schedule::Schedule;

impl Schedule {
    /// What the lender receives on each due day after the start less what is drawn on it, in the currency; first the start,
    /// where fees reduce what is paid out.
    #[must_use]
    pub fn period_flows(&self) -> Vec<f64> {
        let amount = |minor: i64, of: Money| minor as f64 / power_of_ten(of.decimals());
        let mut flows = Vec::with_capacity(self.rows.len() + 1);
        if let Some(first) = self.rows.first() {
            let out = self.deducted.minor() + self.upfront.minor() - first.opening.minor();
            flows.push(amount(out, first.opening));
        }
        let drawn_after = self.rows.iter().skip(1).map(|row| row.drawn.minor()).chain([0]);
        flows.extend(self.rows.iter().zip(drawn_after).map(|(row, drawn)| amount(row.payment.minor() - drawn, row.payment)));
        flows
    }

    /// The flows with their days.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the schedule has no calendar.
    pub fn dated_flows(&self) -> Result<Vec<DatedFlow>> {
        let days = self.days().ok_or_else(|| {
            Error::config(Problem::new("the schedule has no days", "give its terms a calendar").field("calendar"))
        })?;
        Ok(days.into_iter().zip(self.period_flows()).map(|(date, amount)| DatedFlow { date, amount }).collect())
    }

    /// The start and every due day.
    fn days(&self) -> Option<Vec<Date>> {
        std::iter::once(self.start).chain(self.rows.iter().map(|row| row.due)).collect()
    }

    /// The internal rate of return as disclosed in China, with fees, simple and compound; periods count as equal.
    ///
    /// # Errors
    /// As [`annualised_irr`].
    pub fn annualised_rate(&self) -> Result<AnnualisedRate> {
        annualised_irr(&self.period_flows(), self.frequency)
    }

    /// The internal rate of return per year of 365 days.
    ///
    /// # Errors
    /// As [`Schedule::dated_flows`], [`xirr`] and [`Roots::one`].
    pub fn xirr(&self) -> Result<f64> {
        xirr(&self.dated_flows()?).and_then(Roots::one)
    }

    /// The annual percentage rate of charge of the European directives; without a calendar periods are equal parts of a year.
    ///
    /// # Errors
    /// As [`eu_apr`].
    pub fn eu_apr(&self, base: TimeBase) -> Result<EuRate> {
        let days = self.days();
        let time = |at: usize| match days.as_ref().and_then(|days| Some((days.first()?, days.get(at)?))) {
            Some((start, day)) => base.years(*start, *day),
            None => at as f64 / f64::from(self.frequency),
        };
        let flows = self.period_flows().into_iter().enumerate();
        eu_apr(&flows.map(|(at, amount)| Flow { time: time(at), amount }).collect::<Vec<_>>())
    }

    /// The annual percentage rate of US Regulation Z, a fraction; the unit-period is the period of the schedule.
    ///
    /// # Errors
    /// As [`reg_z_apr`].
    pub fn reg_z_apr(&self) -> Result<f64> {
        let unit = match self.frequency {
            13 | 26 | 52 => UnitPeriod::Weeks { count: 52 / self.frequency },
            months => UnitPeriod::Months { count: 12 / months.clamp(1, 12) },
        };
        let days = self.days();
        let time = |at: usize| match days.as_ref().and_then(|days| Some((days.first()?, days.get(at)?))) {
            Some((start, day)) => unit.between(*start, *day),
            None => Ok((at as u32, 0.0)),
        };
        let flows = self.period_flows().into_iter().enumerate().map(|(at, amount)| {
            let (units, fraction) = time(at)?;
            Ok(UnitFlow { units, fraction, amount })
        });
        reg_z_apr(&flows.collect::<Result<Vec<_>>>()?, unit.per_year())
    }
}

/// 10 to a small power: exact.
fn power_of_ten(decimals: u32) -> f64 {
    crate::math::powi(10.0, decimals)
}
