//! Rates of flows.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::{Calculation, Input};
use crate::data::decimal;
use crate::error::Result;
use crate::pricing::{
    AnnualisedRate, DatedFlow, EuRate, Flow, Roots, UnitFlow, UnitPeriod, annualised_irr, eu_apr, internal_rates, reg_z_apr, xirr,
};

pub(super) const CALCULATIONS: &[Calculation] = &[
    Calculation::new::<Flows>("internal_rates", "Every rate at which flows are worth nothing."),
    Calculation::new::<DatedFlows>("xirr", "The same of dated flows, per year of 365 days."),
    Calculation::new::<Amounts>("annualised_irr", "The annualised rate of amounts one period apart, simple and compound."),
    Calculation::new::<Years>("eu_apr", "The annual percentage rate of charge of the EU directives; flows in years."),
    Calculation::new::<UnitFlows>("reg_z_apr", "The annual percentage rate of US Regulation Z."),
];

/// A rate on its own.
#[derive(Serialize)]
struct Rate {
    rate: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Flows {
    flows: Vec<Flow>,
}

impl Input for Flows {
    type Answer = Roots;

    fn answer(self) -> Result<Roots> {
        internal_rates(&self.flows)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DatedFlows {
    flows: Vec<DatedFlow>,
}

impl Input for DatedFlows {
    type Answer = Roots;

    fn answer(self) -> Result<Roots> {
        xirr(&self.flows)
    }
}

#[apply(Vec<f64> => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Amounts {
    amounts: Vec<f64>,
    frequency: u32,
}

impl Input for Amounts {
    type Answer = AnnualisedRate;

    fn answer(self) -> Result<AnnualisedRate> {
        annualised_irr(&self.amounts, self.frequency)
    }
}

/// Flows in years.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Years {
    flows: Vec<Flow>,
}

impl Input for Years {
    type Answer = EuRate;

    fn answer(self) -> Result<EuRate> {
        eu_apr(&self.flows)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitFlows {
    unit: UnitPeriod,
    flows: Vec<UnitFlow>,
}

impl Input for UnitFlows {
    type Answer = Rate;

    fn answer(self) -> Result<Rate> {
        Ok(Rate { rate: reg_z_apr(&self.flows, self.unit.per_year())? })
    }
}
