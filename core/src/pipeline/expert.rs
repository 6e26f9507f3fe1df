//! An expert card in a pipeline: its score, the class of the client, and its share in score and PD.

use serde::{Deserialize, Serialize};

use super::config::PipelineConfig;
use super::fitted::{Pipeline, Sample, TierSummary, Training};
use super::scorer::Scorer;
use crate::data::canonical_hash;
use crate::error::{Error, Problem, Problems, Result};
use crate::features::{FeaturePlan, ProtectedUse};
use crate::math::{logistic, logit};
use crate::model::{Blend, Calibration, Coefficient, ExpertCard, ExpertTable, Logistic, Mixture, Model};
use crate::scorecard::{Rounding, Scaling, Scorecard};
use crate::tier::{ClassPolicy, Measure, RiskTier, TierPolicy};

/// An expert card, and what follows from its score. Rules may name the score: `expert_score`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expert {
    /// The card.
    pub card: ExpertCard,
    /// From the score to the class of the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<ClassPolicy>,
    /// The share of the card in score and PD; without it the card stands beside them. A record without an expert score
    /// has score and PD of the statistical card alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blend: Option<Blend>,
}

impl Expert {
    /// Checks everything except the expressions.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.absorb("card", self.card.validate());
        if let Some(classes) = &self.classes {
            problems.absorb("classes", classes.validate());
        }
        if let Some(blend) = &self.blend {
            problems.absorb("blend", blend.validate());
        }
        problems.into_result()
    }

    /// Whether score and PD rest on the expert score alone, so that no statistical card is needed.
    #[must_use]
    pub fn stands_alone(&self) -> bool {
        self.blend.is_some_and(|blend| blend.weight == 1.0)
    }
}

/// An expert card resolved.
#[derive(Debug, Clone)]
pub(super) struct ExpertStage {
    expert: Expert,
    table: ExpertTable,
    mixture: Option<Mixture>,
    /// Points for each unit of log-odds, score at even odds, and how points are rounded.
    factor: f64,
    offset: f64,
    rounding: Rounding,
}

impl ExpertStage {
    /// Resolves an expert card on a points scale.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem; also when it reads a protected field that
    /// is not permitted.
    pub(super) fn new(expert: &Expert, scaling: &Scaling, plan: &FeaturePlan, permitted: &[ProtectedUse]) -> Result<Self> {
        expert.validate().map_err(|error| error.in_field("expert"))?;
        let table = ExpertTable::new(&expert.card, plan)?;
        plan.refuse_protected(&table.sources(plan), permitted, "the expert score")?;
        Ok(ExpertStage {
            expert: expert.clone(),
            table,
            mixture: expert.blend.map(|blend| blend.resolve()),
            factor: scaling.factor(),
            offset: scaling.offset(),
            rounding: scaling.rounding,
        })
    }

    /// The expert card that a configuration asks for.
    pub(super) fn of(config: &PipelineConfig, plan: &FeaturePlan) -> Result<Option<Self>> {
        config.expert.as_ref().map(|expert| ExpertStage::new(expert, &config.scaling, plan, &config.protected_use)).transpose()
    }

    /// What gives the expert score.
    pub(super) fn table(&self) -> &ExpertTable {
        &self.table
    }

    /// The card as it is stored.
    pub(super) fn card(&self) -> &ExpertCard {
        &self.expert.card
    }

    /// What gives the class of the client.
    pub(super) fn classes(&self) -> Option<ClassPolicy> {
        self.expert.classes
    }

    /// Log-odds and points with the share of the expert score; as they are when there is none (NaN).
    #[inline]
    pub(super) fn mix(&self, [eta, points]: [f64; 2], score: f64) -> [f64; 2] {
        match &self.mixture {
            Some(mixture) if !score.is_nan() => {
                let expert = mixture.log_odds(score);
                let on_scale = self.offset - self.factor * expert;
                [mixture.weigh(eta, expert), self.rounding.apply(mixture.weigh(points, on_scale))]
            }
            _ => [eta, points],
        }
    }
}

/// PD in the middle of a tier's cuts on the log-odds scale, for a tier in which nothing was seen. The outer tiers have no
/// outer cut: the inner one is reflected, or lies half-way to certainty.
pub(super) fn middle_pd(policy: &TierPolicy, scaling: &Scaling, tier: RiskTier) -> f64 {
    let [a, b, c] = match policy.measure {
        Measure::Pd => policy.cuts,
        Measure::Score => policy.cuts.map(|cut| scaling.pd_at(cut)),
    };
    let (low, high) = match tier {
        RiskTier::A => (a * a / b, a),
        RiskTier::B => (a, b),
        RiskTier::C => (b, c),
        RiskTier::D => (c, (1.0 + c) / 2.0),
    };
    logistic((logit(low) + logit(high)) / 2.0)
}

impl Pipeline {
    /// A pipeline whose score and PD rest on an expert card alone: nothing is learnt, and no data are needed. `expert`
    /// must have a blend of weight 1, whose anchors give the PD. A client without an expert score has the PD of the worse
    /// anchor; a rule on `expert_score IS NULL` can refer such clients. The PD of each tier lies in the middle of its
    /// cuts on the log-odds scale. What concerns training (`target`, `weight`, `split`, `candidates`, `binning`, `model`)
    /// is not used.
    ///
    /// ```
    /// use scoreline::{Pipeline, PipelineConfig, Scorer, Value};
    /// let config = PipelineConfig::from_json(r#"{
    ///     "schema": {"fields": [{"name": "sales", "kind": "number"}]}, "target": "",
    ///     "expert": {
    ///         "card": {"factors": [{"name": "size", "input": "sales", "weight": 100,
    ///             "curve": {"type": "linear", "points": [{"x": 0, "score": 0}, {"x": 200, "score": 100}]}}]},
    ///         "classes": {"a": 80, "b": 60},
    ///         "blend": {"weight": 1, "anchors": [{"score": 80, "pd": 0.01}, {"score": 40, "pd": 0.1}]}
    ///     }
    /// }"#)?;
    /// let scorer = Scorer::new(&Pipeline::expert_only(&config)?)?;
    /// let decision = scorer.decide(&[Value::Number(160.0)][..], None)?;
    /// assert_eq!(decision.expert_score, Some(80.0));
    /// assert_eq!(decision.client_class.map(|class| class.letter()), Some('A'));
    /// assert!((decision.pd - 0.01).abs() < 1e-15);
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when there is no expert card that can stand alone, or when the
    /// parts do not fit together.
    pub fn expert_only(config: &PipelineConfig) -> Result<Self> {
        let blend = config.expert.as_ref().and_then(|expert| expert.blend).filter(|blend| blend.weight == 1.0);
        let Some(blend) = blend else {
            let what = "an expert card alone needs a blend of weight 1";
            return Err(Error::config(Problem::new(what, "give the PD at two scores as anchors").field("expert.blend")));
        };
        blend.validate().map_err(|error| error.in_field("expert.blend"))?;
        let summary = |policy: &TierPolicy, tier| TierSummary {
            tier,
            pd: middle_pd(policy, &config.scaling, tier),
            rows: 0.0,
            events: 0.0,
            test_rows: 0.0,
            test_events: 0.0,
        };
        let pipeline = Pipeline {
            name: config.name.clone(),
            schema: config.schema.clone(),
            events: config.events.clone(),
            joins: config.joins.clone(),
            features: config.features.clone(),
            protected_use: config.protected_use.clone(),
            bins: Vec::new(),
            model: Model::Logistic(Logistic {
                intercept: Coefficient { variable: "intercept".to_owned(), value: blend.unknown(), standard_error: 0.0 },
                coefficients: Vec::new(),
                log_likelihood: 0.0,
                null_log_likelihood: 0.0,
                iterations: 0,
                rows: 0.0,
                events: 0.0,
            }),
            scorecard: Scorecard {
                scaling: config.scaling.clone(),
                variables: Vec::new(),
                pairs: Vec::new(),
                reasons: config.reason_policy.clone(),
            },
            offset: None,
            segments: Vec::new(),
            calibration: Calibration::default(),
            expert: config.expert.clone(),
            reasons: Vec::new(),
            tier: config.tier.clone(),
            tiers: config.tier.iter().flat_map(|policy| RiskTier::ALL.map(|tier| summary(policy, tier))).collect(),
            limit: config.limit.clone(),
            pricing: config.pricing.clone(),
            decision: config.decision.clone(),
            review: config.review.clone(),
            training: Training {
                target: config.target.clone(),
                config: canonical_hash(config)?,
                development: Sample::default(),
                test: None,
                dropped: Vec::new(),
                flagged: Vec::new(),
                steps: Vec::new(),
                penalties: Vec::new(),
            },
        };
        Scorer::new(&pipeline)?;
        Ok(pipeline)
    }
}
