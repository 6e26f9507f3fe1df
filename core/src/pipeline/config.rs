//! What is asked of a training.

use serde::{Deserialize, Serialize};

use super::expert::Expert;
use crate::binning::{BinningConfig, FeatureBins};
use crate::data::{Batch, Date, Schema, SplitConfig, Value};
use crate::decision::DecisionPolicy;
use crate::error::{Error, Problem, Problems, Result};
use crate::features::as_of::{AsOfPlan, AsOfSet};
use crate::features::window::EventSet;
use crate::features::{Feature, ProtectedUse, declared};
use crate::limit::LimitPolicy;
use crate::model::{BoostConfig, CalibrationConfig, ModelConfig, SmallBankConfig};
use crate::pricing::PricingPolicy;
use crate::scorecard::{ReasonPolicy, Scaling};
use crate::tier::TierPolicy;
use crate::treatment::ReviewPolicy;

/// Everything that is asked of a training. Only `schema` and `target` are needed; policies that are
/// absent leave their part of the decision empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PipelineConfig {
    /// Name of the model, for readers and reports.
    #[serde(default)]
    pub name: String,
    /// The input fields.
    pub schema: Schema,
    /// Column of the outcome: 1 (or true) when the event happened, else 0.
    pub target: String,
    /// Column of case weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<String>,
    /// Which rows are kept for testing; none, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<SplitConfig>,
    /// Features over dated events. Each is a number among the fields of the schema, under its name and with its sensitivity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<EventSet>,
    /// Figures of side tables as of a day. Each is a field of the schema, under its name, of its kind and sensitivity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joins: Option<AsOfSet>,
    /// Derived features.
    #[serde(default)]
    pub features: Vec<Feature>,
    /// Fields and features that may enter the card; all unprotected ones, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidates: Option<Vec<String>>,
    /// Protected fields that may be used, each on record.
    #[serde(default)]
    pub protected_use: Vec<ProtectedUse>,
    /// Distinct values of a number that are kept apart while counting, 16 to 2²⁴. Beyond it, values that
    /// agree in their leading bits share a cell.
    #[serde(default = "capacity")]
    pub capacity: usize,
    /// Bins.
    #[serde(default)]
    pub binning: BinningConfig,
    /// Bins made by hand, from the rows trained on; see [`Editor`](crate::binning::Editor). Their features are not binned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bins: Vec<FeatureBins>,
    /// Logistic regression.
    #[serde(default)]
    pub model: ModelConfig,
    /// A boosted card in place of a logistic one: it takes every candidate that is not forced out, in bins of its own,
    /// at most 128 of them by information value; of `model` nothing else applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boost: Option<BoostConfig>,
    /// Help for few cases: weights of evidence are shrunk and coefficients have a prior.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub small_bank: Option<SmallBankConfig>,
    /// From the log-odds of the cards to the PD, learnt on the rows trained on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<CalibrationConfig>,
    /// Periods over which the order of event rates must be the same, for features whose binning is to be stable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<PeriodConfig>,
    /// Log-odds of the event that are known beforehand, as another model gives them: an expression over fields and
    /// features. It enters with coefficient 1, in training as in decisions; missing counts as 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<String>,
    /// Rows that get a card of their own, trained on them alone; the first segment whose condition holds takes
    /// a row, and one more card is trained on the rows that are in none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<SegmentConfig>,
    /// Points scale.
    #[serde(default)]
    pub scaling: Scaling,
    /// An expert card beside, or mixed with, the statistical one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expert: Option<Expert>,
    /// What points lost on a variable mean to a person. A variable without an entry has its own name as
    /// code.
    #[serde(default)]
    pub reasons: Vec<VariableReason>,
    /// How the reasons of the score are found.
    #[serde(default, skip_serializing_if = "ReasonPolicy::is_default")]
    pub reason_policy: ReasonPolicy,
    /// Risk tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<TierPolicy>,
    /// Limits; needs tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<LimitPolicy>,
    /// Prices; needs tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pricing: Option<PricingPolicy>,
    /// Outcome; needs tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionPolicy>,
    /// What happens to accounts in the book; needs tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewPolicy>,
}

fn capacity() -> usize {
    crate::stats::DEFAULT_CAPACITY
}

/// What points lost on one variable mean to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariableReason {
    /// Field or feature.
    pub feature: String,
    /// Reason code; variables that share one are added up before reasons are ranked.
    pub code: String,
    /// The reason in words.
    pub text: String,
}

/// Where the periods of bins that are stable over time come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodConfig {
    /// Column of days, or of levels that name the period.
    pub column: String,
    /// How days make periods. Default [`PeriodUnit::Year`].
    #[serde(default)]
    pub by: PeriodUnit,
}

/// How days make periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodUnit {
    /// `2024`.
    #[default]
    Year,
    /// `2024-Q1`.
    Quarter,
    /// `2024-01`.
    Month,
}

impl PeriodConfig {
    /// The period of each row of a batch.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the column is missing, or a row has no day and no level in it.
    pub(super) fn read(&self, batch: &Batch<'_>) -> Result<Vec<String>> {
        let column = batch.column(&self.column)?;
        let period = |row: usize| match column.value(row) {
            Value::Date(day) => Ok(self.by.name(day)),
            Value::Category(level) => Ok(level.to_owned()),
            _ => {
                let problem = Problem::new("a day or the name of a period was expected", "give every row its period");
                Err(Error::data(problem.field(&self.column)).at_row(row))
            }
        };
        (0..batch.rows()).map(period).collect()
    }
}

impl PeriodUnit {
    fn name(self, day: Date) -> String {
        let day = day.to_string();
        // A day reads as year-month-day, and a year may be negative or longer than four digits.
        let (month, _) = day.rsplit_once('-').unwrap_or((&day, ""));
        let (year, number) = month.rsplit_once('-').unwrap_or((month, "01"));
        match self {
            PeriodUnit::Year => year.to_owned(),
            PeriodUnit::Quarter => format!("{year}-Q{}", number.parse::<u32>().unwrap_or(1).div_ceil(3)),
            PeriodUnit::Month => month.to_owned(),
        }
    }
}

/// Rows that get a card of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentConfig {
    /// Name of the segment.
    pub name: String,
    /// Condition over fields and features; a row for which it is unknown is not in the segment.
    pub when: String,
}

impl PipelineConfig {
    /// A plain scorecard over `schema` for the outcome in column `target`.
    #[must_use]
    pub fn new(schema: Schema, target: impl Into<String>) -> Self {
        PipelineConfig {
            name: String::new(),
            schema,
            target: target.into(),
            weight: None,
            split: None,
            events: None,
            joins: None,
            features: Vec::new(),
            candidates: None,
            protected_use: Vec::new(),
            capacity: capacity(),
            binning: BinningConfig::default(),
            bins: Vec::new(),
            model: ModelConfig::default(),
            boost: None,
            small_bank: None,
            calibration: None,
            period: None,
            offset: None,
            segments: Vec::new(),
            scaling: Scaling::default(),
            expert: None,
            reasons: Vec::new(),
            reason_policy: ReasonPolicy::default(),
            tier: None,
            limit: None,
            pricing: None,
            decision: None,
            review: None,
        }
    }

    /// Reads a configuration from JSON.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) naming line and column of what does not fit.
    pub fn from_json(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|e| {
            let what = format!("the configuration is not of the expected form at line {}, column {}", e.line(), e.column());
            Error::config(Problem::new(what, describe(&e)))
        })
    }

    /// Checks every setting that can be judged without data.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let learns = !self.expert.as_ref().is_some_and(Expert::stands_alone);
        problems.require(!learns || !self.target.is_empty(), "target", "a column is needed", "name the column of the outcome");
        problems.require(
            self.schema.index(&self.target).is_none(),
            "target",
            "the outcome is among the inputs",
            "take it out of the schema",
        );
        problems.require(
            (16..=1 << 24).contains(&self.capacity),
            "capacity",
            "must lie between 16 and 16,777,216",
            "use for example 32768",
        );
        problems.absorb("binning", self.binning.validate());
        problems.absorb("model", self.model.validate());
        problems.absorb("scaling", self.scaling.validate());
        problems.absorb("reason_policy", self.reason_policy.validate());
        if let Some(events) = &self.events {
            problems.absorb("events", events.validate().and_then(|()| declared(&events.fields(), &self.schema)));
        }
        if let Some(joins) = &self.joins {
            problems.absorb("joins", AsOfPlan::new(joins).and_then(|plan| declared(&plan.fields(), &self.schema)));
        }
        if let Some(boost) = &self.boost {
            problems.absorb("boost", boost.validate());
            let alone = self.small_bank.is_none() && self.offset.is_none();
            problems.require(alone, "boost", "a boosted card takes neither priors nor an offset", "drop small_bank and offset");
        }
        if let Some(small_bank) = &self.small_bank {
            problems.absorb("small_bank", small_bank.validate());
        }
        if let Some(calibration) = &self.calibration {
            problems.absorb("calibration", calibration.validate());
        }
        if let Some(expert) = &self.expert {
            problems.absorb("expert", expert.validate());
        }
        if let Some(split) = &self.split {
            problems.absorb("split", split.validate());
        }
        for (name, policy) in
            [("limit", self.limit.is_some()), ("pricing", self.pricing.is_some()), ("decision", self.decision.is_some())]
        {
            problems.require(!policy || self.tier.is_some(), name, "the policy needs risk tiers", "declare tier as well");
        }
        problems.into_result()
    }
}

/// What serde says of a mismatch, without the place that is given separately; it names fields and
/// kinds, and is only used on files that the caller wrote, never on records.
pub(crate) fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}
