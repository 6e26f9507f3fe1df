//! The whole book: expected credit losses, states of the economy, stress, vintages, the repricing gap.

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_with::apply;

use super::answer::Refusal;
use super::{Calculation, Input};
use crate::data::decimal;
use crate::error::Result;
use crate::portfolio::{
    EclExposure, EclPolicy, EclReport, EclResult, EclTerms, EclTotals, ExposureLoss, FittedState, GapReport, ProvisionBucket,
    RateShift, RepricingBucket, ReverseStress, ScenarioLoss, Shock, StagingPolicy, StagingResult, StressPolicy, StressReport,
    StressedExposure, VintageConfig, VintageRow, conditional_matrix, conditional_pd, fit_state, provision_matrix, repricing_gap,
    state_of, vintages, weighted_loss,
};
use crate::tier::MigrationMatrix;

pub(super) const CALCULATIONS: &[Calculation] = &[
    Calculation::new::<EclTerms>("expected_credit_loss", "Expected credit losses of twelve months and of the life (IFRS 9)."),
    Calculation::new::<Staging>("ifrs9_stage", "The stage of an exposure and its reason (IFRS 9)."),
    Calculation::new::<Book>("ifrs9_book", "Stages and losses of exposures over scenarios, with their totals (IFRS 9)."),
    Calculation::new::<Scenarios>("weighted_loss", "A loss weighted over scenarios."),
    Calculation::new::<Buckets>("provision_matrix", "Allowances of receivables by bucket."),
    Calculation::new::<Conditional>("conditional_pds", "PDs in a state of the economy (Vasicek)."),
    Calculation::new::<Observed>("state_of", "The state in which a grade has a default rate."),
    Calculation::new::<Matrix>(
        "conditional_matrix",
        "A migration matrix in a state of the economy (Belkin, Suchower and Forest).",
    ),
    Calculation::new::<Migrations>("fit_state", "The state that a year of migrations speaks for."),
    Calculation::new::<Stress>("stress", "A book before and after a shock."),
    Calculation::new::<Reverse>("reverse_stress", "The least part of a shock that breaks the hurdle."),
    Calculation::new::<Vintages>("vintages", "Shares gone bad by vintage and months on book."),
    Calculation::new::<Gap>("repricing_gap", "Repricing gaps, and what a shift of rates does to net interest income."),
];

impl Input for EclTerms {
    type Answer = EclResult;

    fn answer(self) -> Result<EclResult> {
        self.loss()
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Staging {
    #[serde(default)]
    policy: StagingPolicy,
    pd_expected: f64,
    pd_now: f64,
    days: f64,
    #[serde(default)]
    watched: bool,
    #[serde(default)]
    impaired: bool,
}

impl Input for Staging {
    type Answer = StagingResult;

    fn answer(self) -> Result<StagingResult> {
        self.policy.stage(self.pd_expected, self.pd_now, self.days, self.watched, self.impaired)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    policy: EclPolicy,
    exposures: Vec<EclExposure>,
}

/// The losses of an exposure, or why there are none.
struct BookRow(Result<ExposureLoss>);

impl Serialize for BookRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match &self.0 {
            Ok(loss) => loss.serialize(serializer),
            Err(error) => {
                let mut refused = serializer.serialize_map(Some(1))?;
                refused.serialize_entry("error", &Refusal::new(error))?;
                refused.end()
            }
        }
    }
}

#[derive(Serialize)]
struct BookAnswer {
    rows: Vec<BookRow>,
    totals: EclReport,
}

impl Input for Book {
    type Answer = BookAnswer;

    fn answer(self) -> Result<BookAnswer> {
        self.policy.validate()?;
        let mut totals = EclTotals::new(&self.policy);
        let mut rows = Vec::with_capacity(self.exposures.len());
        for (row, exposure) in self.exposures.iter().enumerate() {
            let found = self.policy.exposure(exposure).map_err(|error| error.at_row(row));
            if let Ok(loss) = &found {
                totals.add(exposure.ead, loss)?;
            }
            rows.push(BookRow(found));
        }
        Ok(BookAnswer { rows, totals: totals.report(&self.policy) })
    }
}

#[derive(Serialize)]
struct LossAnswer {
    loss: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenarios {
    scenarios: Vec<ScenarioLoss>,
}

impl Input for Scenarios {
    type Answer = LossAnswer;

    fn answer(self) -> Result<LossAnswer> {
        Ok(LossAnswer { loss: weighted_loss(&self.scenarios)? })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Buckets {
    buckets: Vec<ProvisionBucket>,
}

#[derive(Serialize)]
struct BucketsAnswer {
    allowances: Vec<f64>,
}

impl Input for Buckets {
    type Answer = BucketsAnswer;

    fn answer(self) -> Result<BucketsAnswer> {
        Ok(BucketsAnswer { allowances: provision_matrix(&self.buckets)? })
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")], Vec<f64> => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Conditional {
    pds: Vec<f64>,
    rho: f64,
    z: f64,
}

#[derive(Serialize)]
struct ConditionalAnswer {
    pds: Vec<f64>,
}

impl Input for Conditional {
    type Answer = ConditionalAnswer;

    fn answer(self) -> Result<ConditionalAnswer> {
        let pd = |(row, pd): (usize, &f64)| conditional_pd(*pd, self.rho, self.z).map_err(|error| error.at_row(row));
        Ok(ConditionalAnswer { pds: self.pds.iter().enumerate().map(pd).collect::<Result<_>>()? })
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Observed {
    pd: f64,
    rho: f64,
    default_rate: f64,
}

#[derive(Serialize)]
struct State {
    z: f64,
}

impl Input for Observed {
    type Answer = State;

    fn answer(self) -> Result<State> {
        Ok(State { z: state_of(self.pd, self.rho, self.default_rate)? })
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")], Vec<Vec<f64>> => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matrix {
    average: Vec<Vec<f64>>,
    rho: f64,
    z: f64,
}

#[derive(Serialize)]
struct MatrixAnswer {
    rows: Vec<Vec<f64>>,
}

impl Input for Matrix {
    type Answer = MatrixAnswer;

    fn answer(self) -> Result<MatrixAnswer> {
        Ok(MatrixAnswer { rows: conditional_matrix(&self.average, self.rho, self.z)? })
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")], Vec<Vec<f64>> => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Migrations {
    average: Vec<Vec<f64>>,
    observed: MigrationMatrix,
    rho: f64,
}

impl Input for Migrations {
    type Answer = FittedState;

    fn answer(self) -> Result<FittedState> {
        fit_state(&self.average, &self.observed, self.rho)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stress {
    policy: StressPolicy,
    shock: Shock,
    book: Vec<StressedExposure>,
}

impl Input for Stress {
    type Answer = StressReport;

    fn answer(self) -> Result<StressReport> {
        self.policy.stress(&self.book, &self.shock)
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reverse {
    policy: StressPolicy,
    shock: Shock,
    book: Vec<StressedExposure>,
    /// The largest multiple of the shock that is tried.
    most: f64,
}

impl Input for Reverse {
    type Answer = ReverseStress;

    fn answer(self) -> Result<ReverseStress> {
        self.policy.reverse(&self.book, &self.shock, self.most)
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Month {
    loan: String,
    vintage: String,
    month: u32,
    days: f64,
    granted: f64,
    owed: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vintages {
    config: VintageConfig,
    rows: Vec<Month>,
}

#[derive(Serialize)]
struct VintagesAnswer {
    vintages: BTreeMap<String, Vec<f64>>,
}

impl Input for Vintages {
    type Answer = VintagesAnswer;

    fn answer(self) -> Result<VintagesAnswer> {
        let rows = self.rows.iter().map(|row| VintageRow {
            loan: &row.loan,
            vintage: &row.vintage,
            month: row.month,
            days: row.days,
            granted: row.granted,
            owed: row.owed,
        });
        let rows: Vec<VintageRow<'_>> = rows.collect();
        Ok(VintagesAnswer { vintages: vintages(&rows, &self.config)? })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gap {
    buckets: Vec<RepricingBucket>,
    shift: RateShift,
    /// Months over which income is looked at.
    horizon: u32,
}

impl Input for Gap {
    type Answer = GapReport;

    fn answer(self) -> Result<GapReport> {
        repricing_gap(&self.buckets, &self.shift, self.horizon)
    }
}
