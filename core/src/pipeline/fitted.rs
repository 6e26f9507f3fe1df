//! What was fitted or decided: plain, readable data.

use serde::{Deserialize, Serialize};

use super::expert::Expert;
use crate::binning::FeatureBins;
use crate::data::Schema;
use crate::decision::DecisionPolicy;
use crate::features::as_of::AsOfSet;
use crate::features::window::EventSet;
use crate::features::{Feature, ProtectedUse};
use crate::limit::LimitPolicy;
use crate::model::{Calibration, Finding, Model, PenaltyPoint, Stage, Step};
use crate::pricing::PricingPolicy;
use crate::scorecard::Scorecard;
use crate::tier::{RiskTier, TierPolicy};
use crate::treatment::ReviewPolicy;

/// Everything that was fitted or decided, from inputs to policy. This is what the artefact stores and
/// what a [`Scorer`](crate::Scorer) runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    /// Name of the model.
    pub name: String,
    /// The input fields.
    pub schema: Schema,
    /// Features over dated events, each a number among the fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<EventSet>,
    /// Figures of side tables as of a day, each a field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joins: Option<AsOfSet>,
    /// Derived features.
    pub features: Vec<Feature>,
    /// Protected fields that may be used, each on record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protected_use: Vec<ProtectedUse>,
    /// Bins of the card's variables, in the order of the model.
    pub bins: Vec<FeatureBins>,
    /// The model.
    pub model: Model,
    /// The points.
    pub scorecard: Scorecard,
    /// Log-odds of the event that are known beforehand: an expression over fields and features, which every card adds to
    /// its own log-odds and, on the points scale, to its points. Missing counts as 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<String>,
    /// Cards of their own for some of the rows: the first segment whose condition holds takes the row, and
    /// bins, model and points above serve all other rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
    /// From the log-odds of the cards to the PD; without steps the PD is the model's own.
    #[serde(default, skip_serializing_if = "Calibration::is_empty")]
    pub calibration: Calibration,
    /// An expert card beside, or mixed with, the statistical ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expert: Option<Expert>,
    /// Texts of the reason codes that the cards use.
    pub reasons: Vec<Reason>,
    /// Risk tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<TierPolicy>,
    /// What was seen in each tier; the PD of each tier is what its prices rest on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<TierSummary>,
    /// Limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<LimitPolicy>,
    /// Prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pricing: Option<PricingPolicy>,
    /// Outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionPolicy>,
    /// What happens to accounts in the book.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewPolicy>,
    /// How it came about.
    pub training: Training,
}

/// The card of a segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// Name of the segment.
    pub name: String,
    /// Condition over fields and features; a row for which it is unknown is not in the segment.
    pub when: String,
    /// Bins of the variables, in the order of the model.
    pub bins: Vec<FeatureBins>,
    /// The model.
    pub model: Model,
    /// The points.
    pub scorecard: Scorecard,
}

/// What one card consists of, wherever it is stored.
#[derive(Debug, Clone, Copy)]
pub struct CardParts<'a> {
    /// Name of the segment; `None` for the card of all other rows.
    pub segment: Option<&'a str>,
    /// Bins of the variables, in the order of the model.
    pub bins: &'a [FeatureBins],
    /// The model.
    pub model: &'a Model,
    /// The points.
    pub scorecard: &'a Scorecard,
}

impl Pipeline {
    /// Every card: those of the segments in their order, and last the one of all other rows.
    pub fn cards(&self) -> impl Iterator<Item = CardParts<'_>> {
        let segments = self.segments.iter().map(|segment| CardParts {
            segment: Some(&segment.name),
            bins: &segment.bins,
            model: &segment.model,
            scorecard: &segment.scorecard,
        });
        let rest = CardParts { segment: None, bins: &self.bins, model: &self.model, scorecard: &self.scorecard };
        segments.chain(std::iter::once(rest))
    }
}

/// A reason code and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The code.
    pub code: String,
    /// The reason in words.
    pub text: String,
}

/// One tier as seen in training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierSummary {
    /// The tier.
    pub tier: RiskTier,
    /// PD of the tier, in (0, 1): the mean model PD of its training rows, or the middle of its cuts on
    /// the log-odds scale where there were none.
    pub pd: f64,
    /// Weight of its training rows, by PD cuts alone.
    pub rows: f64,
    /// Weight of the events among them.
    pub events: f64,
    /// Weight of its rows kept for testing.
    pub test_rows: f64,
    /// Weight of the events among those.
    pub test_events: f64,
}

/// How the pipeline came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// Column of the outcome.
    pub target: String,
    /// SHA-256 of the canonical text of the configuration.
    pub config: String,
    /// The rows trained on.
    pub development: Sample,
    /// The rows kept for testing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<Sample>,
    /// Candidates that are not on the card, and why, in the order of the checks.
    pub dropped: Vec<Screened>,
    /// Variables of the card with something remarkable about them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flagged: Vec<Screened>,
    /// The steps of a stepwise search.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// The path of an elastic net.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub penalties: Vec<PenaltyPoint>,
}

/// Size and discrimination on a set of rows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Weight of the rows.
    pub rows: f64,
    /// Weight of the events.
    pub events: f64,
    /// Area under the ROC curve of the PD, ties averaged; absent with one class only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auc: Option<f64>,
    /// Largest distance between the distributions of events and non-events, in [0, 1].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ks: Option<f64>,
}

/// What was found about a candidate: why it is not on the card, or what is remarkable about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screened {
    /// The segment of the card; absent for the card of all other rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
    /// Field or feature.
    pub feature: String,
    /// Its information value.
    pub iv: f64,
    /// The check that found it.
    pub stage: Stage,
    /// The figure that the check looked at, see [`Finding::figure`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<f64>,
    /// The variable it correlates with most, where that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// What is said of it, a sentence without its subject.
    pub reason: String,
}

impl Screened {
    pub(super) fn new(finding: &Finding, iv: f64) -> Self {
        let Finding { variable, stage, figure, with, reason } = finding.clone();
        Screened { segment: None, feature: variable, iv, stage, figure, with, reason }
    }
}
