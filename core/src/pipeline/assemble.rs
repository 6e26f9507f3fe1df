//! From learnt cards and what was seen of their PDs to a pipeline.

use super::config::PipelineConfig;
use super::expert::middle_pd;
use super::fitted::{Pipeline, Reason, Sample, Screened, Segment, TierSummary, Training};
use super::learner::{Learnt, Variables};
use super::summary::GradeSeen;
use crate::data::WEIGHT_UNIT;
use crate::error::{Error, Result};
use crate::math::logit;
use crate::model::{Calibration, CalibrationConfig, round_significant};
use crate::scorecard::Scorecard;
use crate::stats::{Cell, Counts, ValueCounts};
use crate::tier::{RiskTier, TierPolicy};
use crate::validation::{Discrimination, Orientation};

/// The pipeline of cards in the order of [`Pipeline::cards`], before its PDs are graded; `id` identifies the
/// configuration.
pub(super) fn assemble(config: &PipelineConfig, id: &str, cards: &[&Learnt]) -> Result<Pipeline> {
    let text = |feature: &str| config.reasons.iter().find(|reason| reason.feature == feature);
    let code = |feature: &str| text(feature).map_or_else(|| feature.to_owned(), |reason| reason.code.clone());
    let points = |card: &Learnt| {
        let mut points = Scorecard::new(config.scaling.clone(), &card.card.bins, &card.model, code)?;
        points.reasons = config.reason_policy.clone();
        Ok::<_, Error>(points)
    };
    let Some((rest, segments)) = cards.split_last() else { return Err(Error::internal("a training without a card")) };
    let segments = config.segments.iter().zip(segments).map(|(asked, card)| {
        Ok(Segment {
            name: asked.name.clone(),
            when: asked.when.clone(),
            bins: card.card.bins.clone(),
            model: card.model.clone(),
            scorecard: points(card)?,
        })
    });
    let mut pipeline = Pipeline {
        name: config.name.clone(),
        schema: config.schema.clone(),
        events: config.events.clone(),
        joins: config.joins.clone(),
        features: config.features.clone(),
        protected_use: config.protected_use.clone(),
        bins: rest.card.bins.clone(),
        model: rest.model.clone(),
        scorecard: points(rest)?,
        offset: config.offset.clone(),
        segments: segments.collect::<Result<_>>()?,
        calibration: Calibration::default(),
        expert: config.expert.clone(),
        reasons: Vec::new(),
        tier: config.tier.clone(),
        tiers: Vec::new(),
        limit: config.limit.clone(),
        pricing: config.pricing.clone(),
        decision: config.decision.clone(),
        review: config.review.clone(),
        training: Training {
            target: config.target.clone(),
            config: id.to_owned(),
            development: Sample::default(),
            test: None,
            dropped: by_segment(config, cards, |card| &card.dropped),
            flagged: by_segment(config, cards, |card| &card.flagged),
            steps: rest.card.steps.clone(),
            penalties: rest.card.penalties.clone(),
        },
    };
    let mut reasons: Vec<Reason> = Vec::new();
    for variable in pipeline.cards().flat_map(|card| &card.scorecard.variables) {
        if !reasons.iter().any(|reason| reason.code == variable.reason) {
            let text = text(&variable.feature)
                .map_or_else(|| format!("Points lost on {}", variable.feature), |reason| reason.text.clone());
            reasons.push(Reason { code: variable.reason.clone(), text });
        }
    }
    pipeline.reasons = reasons;
    Ok(pipeline)
}

/// Learns the calibration from the PDs of the rows trained on.
pub(super) fn calibrate(asked: &CalibrationConfig, seen: &GradeSeen) -> Result<Calibration> {
    // Log-odds beyond these are as good as certain, and keep every sum finite.
    const MOST: f64 = 40.0;
    let cell = |cell: &Cell| Cell { value: logit(cell.value).clamp(-MOST, MOST), counts: cell.counts };
    asked.fit(&seen.pd.cells().iter().map(cell).collect::<Vec<_>>()).map_err(|error| error.in_field("calibration"))
}

/// Writes what the grading saw into the pipeline.
pub(super) fn grade(pipeline: &mut Pipeline, config: &PipelineConfig, seen: &GradeSeen) {
    pipeline.tiers = config.tier.as_ref().map_or_else(Vec::new, |policy| tiers(policy, config, seen));
    pipeline.training.development = sample(seen.rows, &seen.pd);
    pipeline.training.test = config.split.is_some().then(|| sample(seen.test_rows, &seen.test_pd));
}

/// What was found about the candidates of all cards, each with its segment.
fn by_segment(config: &PipelineConfig, cards: &[&Learnt], part: impl Fn(&Variables) -> &Vec<Screened>) -> Vec<Screened> {
    let segments = config.segments.iter().map(|segment| Some(&segment.name)).chain([None]);
    let named = segments.zip(cards).flat_map(|(segment, learnt)| {
        part(&learnt.card).iter().map(move |found| Screened { segment: segment.cloned(), ..found.clone() })
    });
    named.collect()
}

fn tiers(policy: &TierPolicy, config: &PipelineConfig, seen: &GradeSeen) -> Vec<TierSummary> {
    let sums = seen.tier_pd.values();
    RiskTier::ALL
        .into_iter()
        .zip(seen.tiers.iter().zip(&seen.test_tiers).zip(&sums))
        .map(|(tier, ((counts, test), sum))| {
            let pd = if counts.total() > 0 {
                round_significant(sum / counts.total() as f64)
            } else {
                middle_pd(policy, &config.scaling, tier)
            };
            TierSummary {
                tier,
                pd,
                rows: counts.total() as f64 * WEIGHT_UNIT,
                events: counts.events as f64 * WEIGHT_UNIT,
                test_rows: test.total() as f64 * WEIGHT_UNIT,
                test_events: test.events as f64 * WEIGHT_UNIT,
            }
        })
        .collect()
}

fn sample(rows: Counts, pd: &ValueCounts) -> Sample {
    let discrimination = Discrimination::from_cells(pd.cells(), Orientation::HigherIsRiskier).ok();
    Sample {
        rows: rows.total() as f64 * WEIGHT_UNIT,
        events: rows.events as f64 * WEIGHT_UNIT,
        auc: discrimination.as_ref().map(|d| d.auc),
        ks: discrimination.as_ref().map(|d| d.ks),
    }
}
