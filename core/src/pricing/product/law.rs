//! The caps of a product on a day, the all-in cost of a schedule, and the highest rate within all of them.

use std::collections::BTreeMap;

use super::terms::Product;
use crate::data::Date;
use crate::error::{Error, Problem, Result};
use crate::pricing::{CapBreach, CapOnDay, CountryPack, RateBasis, Schedule};

/// The caps of one product on one day.
#[derive(Debug, Clone)]
pub(super) struct Law(pub(super) Vec<CapOnDay>);

impl Law {
    /// The caps of every law that the product names.
    pub(super) fn on(product: &Product, packs: &[CountryPack], day: Date) -> Result<Self> {
        let mut caps = Vec::new();
        for law in &product.laws {
            let pack = packs.iter().find(|pack| pack.jurisdiction == law.jurisdiction).ok_or_else(|| {
                let what = format!("the product is under the law of '{}', of which there is no pack", law.jurisdiction);
                Error::config(Problem::new(what, "pass the pack: a missing one is no licence to go without caps").field("packs"))
            })?;
            if pack.currency.as_ref().is_some_and(|currency| *currency != product.currency) {
                let what = format!("the pack of '{}' is for loans in another currency", law.jurisdiction);
                let remedy = "correct the currency of the product, or name the law that it is under";
                return Err(Error::config(Problem::new(what, remedy).field("currency")));
            }
            caps.append(&mut pack.caps_on(&law.product, day)?);
        }
        Ok(Law(caps))
    }

    /// The cost of a schedule on the bases that are disclosed, and on those that the caps ask for. Every fee counts as a cost of
    /// the credit: the rate of 32 CFR 232.4 is then that of Regulation Z over all of them.
    pub(super) fn all_in(&self, schedule: &Schedule) -> Result<BTreeMap<RateBasis, f64>> {
        let annual = schedule.annualised_rate()?;
        let mut rates = BTreeMap::from([(RateBasis::Simple, annual.simple), (RateBasis::Compound, annual.compound)]);
        for cap in &self.0 {
            let rate = match cap.basis {
                RateBasis::Simple | RateBasis::Compound => continue,
                RateBasis::Military => schedule.reg_z_apr()?,
                RateBasis::Daily => cost(schedule) / balance_days(schedule),
                RateBasis::TotalCost => cost(schedule) / schedule.totals.drawn.minor() as f64,
            };
            rates.insert(cap.basis, rate);
        }
        Ok(rates)
    }

    /// By how much each cap is exceeded; below 0 where it is kept.
    fn excesses<'a>(&'a self, all_in: &'a BTreeMap<RateBasis, f64>) -> impl Iterator<Item = (&'a CapOnDay, f64)> {
        self.0.iter().map(|cap| (cap, all_in.get(&cap.basis).copied().unwrap_or(f64::INFINITY) - cap.limit))
    }

    /// The cap that is nearest to being exceeded, or exceeded by most, with by how much; none without caps.
    pub(super) fn nearest(&self, all_in: &BTreeMap<RateBasis, f64>) -> Option<CapBreach> {
        let nearest = self.excesses(all_in).reduce(|nearest, one| if one.1 > nearest.1 { one } else { nearest });
        nearest.map(|(cap, excess)| CapBreach { cap: cap.clone(), excess })
    }

    /// The cap that a cost exceeds by most.
    pub(super) fn breach(&self, all_in: &BTreeMap<RateBasis, f64>) -> Option<CapBreach> {
        self.nearest(all_in).filter(|nearest| nearest.excess > 0.0)
    }
}

/// Interest and fees, in minor units.
fn cost(schedule: &Schedule) -> f64 {
    schedule.totals.interest.minor() as f64 + schedule.totals.fees.minor() as f64
}

/// What is outstanding, summed over the days.
fn balance_days(schedule: &Schedule) -> f64 {
    let mut before = schedule.start;
    let mut sum = 0.0;
    for row in &schedule.rows {
        if let (Some(from), Some(to)) = (before, row.due) {
            sum += (row.opening.minor() + row.drawn.minor()) as f64 * f64::from(to.days() - from.days());
        }
        before = row.due;
    }
    sum
}
