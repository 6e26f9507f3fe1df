//! PD over time, loss given default, exposure at default, losses shared.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::{Calculation, Input};
use crate::data::decimal;
use crate::error::{Error, Problem, Result};
use crate::pricing::Money;
use crate::pricing::loss::{
    CommitmentKind, DefaultedLine, DrawdownFactor, DrawdownPool, FactorKind, Guarantee, Lgd, LossLeg, PdCurve, Protected,
    Recovery, advanced_ead_floor, ead, share_loss, substitute,
};
use crate::tier::MigrationMatrix;

pub(super) const CALCULATIONS: &[Calculation] = &[
    Calculation::new::<Curve>("pd_curve", "A term structure of PD: by year, marginal and survival."),
    Calculation::new::<Recovery>("lgd", "Loss given default from collateral, recoveries and costs."),
    Calculation::new::<Guaranteed>("guaranteed", "An exposure split into its guaranteed parts."),
    Calculation::new::<Ead>("exposure_at_default", "Exposure at default of a line."),
    Calculation::new::<Drawdowns>("drawdown_factors", "Conversion factors of defaulted lines."),
    Calculation::new::<Shared>("shared_loss", "A loss divided among first-loss pieces, partners and insurance."),
];

#[apply(f64 => #[serde(deserialize_with = "decimal")], Vec<f64> => #[serde(deserialize_with = "decimal")], Vec<Vec<f64>> => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Curve {
    Constant { pd: f64, years: usize },
    Conditional { pds: Vec<f64> },
    Marginal { pds: Vec<f64> },
    Transitions { rows: Vec<Vec<f64>>, grade: usize, years: usize },
    Migration { matrix: MigrationMatrix, grade: usize, years: usize },
}

#[derive(Serialize)]
struct CurveAnswer {
    marginals: Vec<f64>,
    survivals: Vec<f64>,
    twelve_month: f64,
    lifetime: f64,
}

impl Input for Curve {
    type Answer = CurveAnswer;

    fn answer(self) -> Result<CurveAnswer> {
        let curve = match self {
            Curve::Constant { pd, years } => PdCurve::constant(pd, years),
            Curve::Conditional { pds } => PdCurve::conditional(&pds),
            Curve::Marginal { pds } => PdCurve::marginal(&pds),
            Curve::Transitions { rows, grade, years } => PdCurve::transitions(&rows, grade, years),
            Curve::Migration { matrix, grade, years } => PdCurve::migration(&matrix, grade, years),
        }?;
        Ok(CurveAnswer {
            marginals: curve.marginals().to_vec(),
            survivals: curve.survivals().to_vec(),
            twelve_month: curve.twelve_month(),
            lifetime: curve.lifetime(),
        })
    }
}

impl Input for Recovery {
    type Answer = Lgd;

    fn answer(self) -> Result<Lgd> {
        self.lgd()
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guaranteed {
    pd: f64,
    lgd: f64,
    guarantees: Vec<Guarantee>,
}

#[derive(Serialize)]
struct Parts {
    parts: Vec<Protected>,
}

impl Input for Guaranteed {
    type Answer = Parts;

    fn answer(self) -> Result<Parts> {
        Ok(Parts { parts: substitute(self.pd, self.lgd, &self.guarantees)? })
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")], Option<f64> => #[serde(default, deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ead {
    drawn: f64,
    limit: f64,
    ccf: Option<f64>,
    #[serde(default)]
    kind: Option<CommitmentKind>,
}

/// Exposure at default, and the least that own estimates may give where the kind of commitment is known.
#[derive(Serialize)]
struct EadAnswer {
    ead: f64,
    floor: Option<f64>,
}

impl Input for Ead {
    type Answer = EadAnswer;

    fn answer(self) -> Result<EadAnswer> {
        let ccf = self.ccf.or(self.kind.map(CommitmentKind::ccf)).ok_or_else(|| {
            let problem = Problem::new("a conversion factor or a kind of commitment is needed", "pass `ccf`, `kind` or both");
            Error::data(problem.field("ccf"))
        })?;
        let floor = self.kind.map(|kind| advanced_ead_floor(self.drawn, self.limit, kind)).transpose()?;
        Ok(EadAnswer { ead: ead(self.drawn, self.limit, ccf)?, floor })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Drawdowns {
    kind: FactorKind,
    lines: Vec<DefaultedLine>,
}

#[derive(Serialize)]
struct DrawdownAnswer {
    factors: Vec<DrawdownFactor>,
    pool: DrawdownPool,
}

impl Input for Drawdowns {
    type Answer = DrawdownAnswer;

    fn answer(self) -> Result<DrawdownAnswer> {
        let factor = |(row, line): (usize, &DefaultedLine)| line.factor(self.kind).map_err(|error| error.at_row(row));
        let factors = self.lines.iter().enumerate().map(factor).collect::<Result<_>>()?;
        Ok(DrawdownAnswer { factors, pool: DrawdownPool::new(&self.lines, self.kind)? })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shared {
    exposure: Money,
    loss: Money,
    legs: Vec<LossLeg>,
}

#[derive(Serialize)]
struct SharedAnswer {
    kept: Money,
    legs: Vec<SharedLeg>,
}

#[derive(Serialize)]
struct SharedLeg {
    name: String,
    loss: Money,
    fee: Money,
}

impl Input for Shared {
    type Answer = SharedAnswer;

    fn answer(self) -> Result<SharedAnswer> {
        let shared = share_loss(self.exposure, self.loss, &self.legs)?;
        let borne = self.legs.into_iter().zip(shared.legs).zip(shared.fees);
        let legs = borne.map(|((leg, loss), fee)| SharedLeg { name: leg.name, loss, fee }).collect();
        Ok(SharedAnswer { kept: shared.kept, legs })
    }
}
