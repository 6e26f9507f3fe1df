//! Price tables by date: caps are dated law, so the day of the decision chooses the table.

use crate::data::Date;
use crate::error::{Error, Problem, Result};
use crate::pricing::{PriceTable, PricingPolicy};
use crate::tier::ByTier;

/// One price table for each period in which the same caps are in force.
#[derive(Debug, Clone)]
pub(super) struct DatedPrices {
    /// The table when no caps are declared: the day does not matter.
    undated: Option<PriceTable>,
    /// First days of the periods, rising, each with its table or with the error that the law is not known.
    periods: Vec<(Date, Result<PriceTable>)>,
}

impl DatedPrices {
    pub(super) fn new(policy: &PricingPolicy, pd: ByTier<f64>) -> Result<Self> {
        if policy.caps.is_empty() {
            return Ok(DatedPrices { undated: Some(policy.resolve(pd, Date::from_days(0))?), periods: Vec::new() });
        }
        let ends = policy.caps.iter().filter_map(|cap| cap.until).map(|until| Date::from_days(until.days().saturating_add(1)));
        let mut starts: Vec<Date> = policy.caps.iter().map(|cap| cap.from).chain(ends).collect();
        starts.sort();
        starts.dedup();
        let periods: Vec<(Date, Result<PriceTable>)> =
            starts.into_iter().map(|start| (start, policy.resolve(pd, start))).collect();
        // A pipeline that can never be priced is wrong as a whole.
        if let (true, Some((_, Err(error)))) = (periods.iter().all(|(_, table)| table.is_err()), periods.first()) {
            return Err(error.clone());
        }
        Ok(DatedPrices { undated: None, periods })
    }

    /// The table for decisions taken on `as_of`.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when a day is needed and none is given, or when no declared
    /// cap is in force on it.
    pub(super) fn on(&self, as_of: Option<Date>) -> Result<&PriceTable> {
        if let Some(table) = &self.undated {
            return Ok(table);
        }
        let day = as_of.ok_or_else(|| {
            Error::data(Problem::new("the day of the decision is needed: rate caps are dated", "pass as_of").field("as_of"))
        })?;
        let after = self.periods.partition_point(|(start, _)| *start <= day);
        let unknown = || {
            Error::data(
                Problem::new("no declared rate cap is in force on this day", "use a day that the caps of the file cover")
                    .field("as_of"),
            )
        };
        match after.checked_sub(1).and_then(|at| self.periods.get(at)) {
            Some((_, Ok(table))) => Ok(table),
            _ => Err(unknown()),
        }
    }
}
