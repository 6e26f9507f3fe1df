//! Repayment schedules: what falls due when, exact to the minor unit.
//!
//! [`ScheduleTerms`] say how a loan is drawn and repaid; [`ScheduleTerms::schedule`] makes the rows.

mod calendar;
mod day_count;
mod instalment;
mod plan;
mod terms;
#[cfg(test)]
mod tests;
mod validate;

pub use calendar::{Calendar, DueDays};
pub use day_count::DayCount;
pub use plan::{Schedule, ScheduleRow, ScheduleTotals};
pub use terms::{
    Charge, Drawdown, Fee, FeeTiming, Grace, GraceInterest, Promotion, Repayment, ScheduleRounding, ScheduleTerms, Segment,
};
