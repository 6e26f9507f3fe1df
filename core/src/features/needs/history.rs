//! The flows known on a day, by completed month.

use super::super::month::{MAX_MONTHS, Month, total};
use super::{Flow, too_long};
use crate::data::Date;
use crate::error::Result;
use crate::stats::ExactSum;

/// What is known on a day.
pub(super) struct History<'f> {
    flows: Vec<&'f Flow>,
    pub(super) as_of: Date,
    /// First month with a flow.
    pub(super) start: Month,
    /// Months from the first to the last completed one.
    pub(super) months: usize,
}

impl<'f> History<'f> {
    pub(super) fn new(flows: &'f [Flow], as_of: Date) -> Result<Self> {
        let flows: Vec<&Flow> = flows.iter().filter(|flow| flow.date <= as_of).collect();
        let start = flows.iter().map(|flow| Month::of(flow.date)).min().unwrap_or(Month::of(as_of));
        let months = usize::try_from(Month::of(as_of).since(start)).unwrap_or(0);
        if months > MAX_MONTHS { Err(too_long("date")) } else { Ok(History { flows, as_of, start, months }) }
    }

    /// The month of the day of evaluation.
    pub(super) fn current(&self) -> Month {
        Month::of(self.as_of)
    }

    /// Outflows of each completed month as positive figures: of the named categories, or all.
    pub(super) fn outflows(&self, categories: &[String]) -> Vec<f64> {
        let counts = |flow: &Flow| categories.is_empty() || flow.category.as_ref().is_some_and(|c| categories.contains(c));
        self.sums(|flow| if flow.amount < 0.0 && counts(flow) { -flow.amount } else { 0.0 })
    }

    /// Net flow of each completed month.
    pub(super) fn net(&self) -> Vec<f64> {
        self.sums(|flow| flow.amount)
    }

    fn sums(&self, amount: impl Fn(&Flow) -> f64) -> Vec<f64> {
        let mut sums = vec![ExactSum::default(); self.months];
        for flow in &self.flows {
            let at = usize::try_from(Month::of(flow.date).since(self.start)).ok();
            if let Some(sum) = at.and_then(|at| sums.get_mut(at)) {
                sum.add(amount(flow));
            }
        }
        sums.iter().map(ExactSum::value).collect()
    }

    /// Net flow of the current month a year earlier after this day of the month.
    pub(super) fn rest_of_month_a_year_earlier(&self) -> f64 {
        let (month, (_, _, day)) = (self.current().after(-12), self.as_of.year_month_day());
        let rest = |flow: &&&Flow| Month::of(flow.date) == month && flow.date.year_month_day().2 > day;
        total(self.flows.iter().filter(rest).map(|flow| flow.amount))
    }

    /// Day and size of every single outflow.
    pub(super) fn single_outflows(&self) -> impl Iterator<Item = (Date, f64)> {
        self.flows.iter().filter(|flow| flow.amount < 0.0).map(|flow| (flow.date, -flow.amount))
    }
}
