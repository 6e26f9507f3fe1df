//! Schedules, and what they cost a year.

use serde::{Deserialize, Serialize};

use super::{Calculation, Input};
use crate::data::Date;
use crate::error::Result;
use crate::pricing::{AnnualisedRate, DayCount, EuRate, Schedule, ScheduleTerms, TimeBase};

pub(super) const CALCULATIONS: &[Calculation] = &[
    Calculation::new::<ScheduleTerms>("schedule", "A repayment schedule, exact to the minor unit."),
    Calculation::new::<ScheduleRates>(
        "schedule_rates",
        "What a schedule costs a year: IRR simple and compound, EU APR, US Regulation Z APR, XIRR.",
    ),
    Calculation::new::<Days>("day_count", "Days and years between two days under a day count."),
];

impl Input for ScheduleTerms {
    type Answer = Schedule;

    fn answer(self) -> Result<Schedule> {
        self.schedule()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScheduleRates {
    terms: ScheduleTerms,
    #[serde(default = "equal_months")]
    base: TimeBase,
}

fn equal_months() -> TimeBase {
    TimeBase::EqualMonths
}

/// The rates of a schedule; those by day are absent without a calendar.
#[derive(Serialize)]
struct Rates {
    annualised: AnnualisedRate,
    eu_apr: EuRate,
    reg_z_apr: f64,
    xirr: Option<f64>,
}

impl Input for ScheduleRates {
    type Answer = Rates;

    fn answer(self) -> Result<Rates> {
        let schedule = self.terms.schedule()?;
        Ok(Rates {
            annualised: schedule.annualised_rate()?,
            eu_apr: schedule.eu_apr(self.base)?,
            reg_z_apr: schedule.reg_z_apr()?,
            xirr: schedule.start.map(|_| schedule.xirr()).transpose()?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Days {
    day_count: DayCount,
    from: Date,
    to: Date,
}

#[derive(Serialize)]
struct Counted {
    days: i64,
    years: f64,
}

impl Input for Days {
    type Answer = Counted;

    fn answer(self) -> Result<Counted> {
        let Days { day_count, from, to } = self;
        Ok(Counted { days: day_count.days(from, to), years: day_count.fraction(from, to)? })
    }
}
