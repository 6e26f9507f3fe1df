//! Capital of exposures.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::columns::{ByColumns, Columns, Given};
use super::input::OwnOr;
use super::{Calculation, Input};
use crate::data::{Date, decimal};
use crate::error::{Error, Problem, Result};
use crate::parallel::Threads;
use crate::pricing::capital::{
    Capital, Each, Irb, IrbApproach, IrbColumns, IrbExposure, IrbFramework, IrbRules, LoanSplit, StandardisedTable, wcdr,
};

pub(super) const CALCULATIONS: &[Calculation] = &[
    Calculation::new::<IrbInput>(
        "irb_capital",
        "Capital of an exposure under the internal-ratings approach, with PD and LGD after their floors.",
    )
    .with_columns::<IrbInput>(),
    Calculation::new::<Weight>("standardised_weight", "A standardised risk weight with its clause."),
    Calculation::new::<LoanSplit>("loan_split", "Weight and secured part of a loan split at a share of the property."),
    Calculation::new::<WorstCase>("worst_case_default_rate", "The default rate of the worst year at a confidence."),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IrbInput {
    framework: OwnOr<IrbFramework>,
    #[serde(default = "advanced")]
    approach: IrbApproach,
    #[serde(default)]
    lgd_above_one: bool,
    exposure: IrbExposure,
}

fn advanced() -> IrbApproach {
    IrbApproach::Advanced
}

/// Capital, and PD and LGD after their floors.
#[derive(Serialize)]
struct IrbAnswer {
    pd: f64,
    lgd: f64,
    #[serde(flatten)]
    capital: Capital,
}

impl IrbInput {
    fn rules(self) -> Result<(Irb, IrbExposure)> {
        let framework = self.framework.resolve(IrbFramework::named, |_| Ok(()))?;
        let rules = IrbRules { framework, approach: self.approach, lgd_above_one: self.lgd_above_one };
        Ok((Irb::new(&rules)?, self.exposure))
    }
}

impl Input for IrbInput {
    type Answer = IrbAnswer;

    fn answer(self) -> Result<IrbAnswer> {
        let (irb, exposure) = self.rules()?;
        let (pd, lgd) = irb.floored(&exposure)?;
        Ok(IrbAnswer { pd, lgd, capital: irb.capital(&exposure)? })
    }
}

impl ByColumns for IrbInput {
    const FIGURES: &'static [&'static str] = &["pd", "lgd", "maturity", "turnover", "secured_share", "best_estimate"];

    fn columns(self, given: Given<'_>, threads: Threads) -> Result<Columns> {
        let (irb, base) = self.rules()?;
        let each = |figure: &str, all: Option<f64>| given.get(figure).map_or(Each::All(all.unwrap_or(f64::NAN)), Each::Rows);
        let same;
        let pd = match given.get("pd") {
            Some(pd) => pd,
            None => {
                same = vec![base.pd; given.rows()];
                &same
            }
        };
        let found = irb.columns(
            &IrbColumns {
                class: Each::All(base.class),
                pd,
                lgd: each("lgd", Some(base.lgd)),
                maturity: each("maturity", base.maturity),
                turnover: each("turnover", base.turnover),
                security: Each::All(base.security),
                secured_share: each("secured_share", Some(base.secured_share)),
                best_estimate: each("best_estimate", base.best_estimate.filter(|_| base.defaulted)),
            },
            threads,
        )?;
        let numbers = vec![
            ("correlation", found.correlation),
            ("maturity_adjustment", found.maturity_adjustment),
            ("k", found.k),
            ("risk_weight", found.risk_weight),
            ("expected_loss", found.expected_loss),
        ];
        Ok(Columns { numbers, status: found.status, errors: found.errors })
    }
}

#[apply(Option<f64> => #[serde(default, deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Weight {
    table: OwnOr<StandardisedTable>,
    date: Date,
    class: String,
    #[serde(default)]
    bucket: Option<String>,
    ltv: Option<f64>,
}

#[derive(Serialize)]
struct WeightAnswer {
    weight: f64,
    k: f64,
    clause: String,
    source: String,
}

impl Input for Weight {
    type Answer = WeightAnswer;

    fn answer(self) -> Result<WeightAnswer> {
        let table = self.table.resolve(|name| StandardisedTable::on(name, self.date), StandardisedTable::validate)?;
        let table = table.in_force(self.date)?;
        let weight = match (&self.bucket, self.ltv) {
            (Some(bucket), None) => table.weight(&self.class, bucket)?,
            (None, Some(ltv)) => table.weight_by_ltv(&self.class, ltv)?,
            _ => {
                let problem = Problem::new("a bucket or a loan to value is needed, not both", "pass one of them");
                return Err(Error::config(problem.field("bucket")));
            }
        };
        let (clause, source) = (weight.clause.clone(), table.source.clone());
        Ok(WeightAnswer { weight: weight.weight, k: weight.k(), clause, source })
    }
}

#[derive(Serialize)]
pub(super) struct SplitAnswer {
    weight: f64,
    secured: f64,
}

impl Input for LoanSplit {
    type Answer = SplitAnswer;

    fn answer(self) -> Result<SplitAnswer> {
        Ok(SplitAnswer { weight: self.weight()?, secured: self.secured()? })
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WorstCase {
    pd: f64,
    correlation: f64,
    confidence: f64,
}

#[derive(Serialize)]
struct WorstCaseAnswer {
    rate: f64,
}

impl Input for WorstCase {
    type Answer = WorstCaseAnswer;

    fn answer(self) -> Result<WorstCaseAnswer> {
        Ok(WorstCaseAnswer { rate: wcdr(self.pd, self.correlation, self.confidence)? })
    }
}
