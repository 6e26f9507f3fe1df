//! Training as a state machine: hand out a pass, take what it saw, move on.

use sha2::{Digest, Sha256};

use super::config::PipelineConfig;
use super::fitted::{Dropped, Pipeline, Reason, Sample, TierSummary, Training};
use super::pass::{Pass, Task};
use super::policies::Policies;
use super::scorer::Scorer;
use super::summary::{GradeSeen, PassSummary, ProfileSeen, Seen, mismatch};
use crate::binning::FeatureBins;
use crate::data::{Batch, WEIGHT_UNIT};
use crate::error::{Error, Problem, Problems, Result};
use crate::features::FeaturePlan;
use crate::math::{logistic, logit};
use crate::model::{Logistic, Newton};
use crate::parallel::Threads;
use crate::scorecard::Scorecard;
use crate::stats::{Counts, Summary};
use crate::tier::RiskTier;
use crate::validation::{Discrimination, Orientation};

/// Learns a pipeline in a few passes over the data, wherever the data are.
///
/// ```
/// use scoreline::{Batch, Column, Field, Kind, PipelineConfig, Schema, Threads, Trainer, stats::Summary};
/// # let income: Vec<f64> = (0..400).map(|i| f64::from(i % 97)).collect();
/// # let bad: Vec<f64> = (0..400).map(|i| f64::from(u8::from(i % 97 < 40 && i % 3 != 0))).collect();
/// let batch = Batch::new(400).with("income", Column::numbers(income))?.with("bad", Column::numbers(bad))?;
/// let schema = Schema { fields: vec![Field::new("income", Kind::Number)] };
/// let mut trainer = Trainer::new(PipelineConfig::new(schema, "bad"))?;
/// while let Some(pass) = trainer.pass() {
///     let seen = pass.observe(&batch, Threads::One)?; // one summary a batch; merge them
///     trainer.advance(seen)?;
/// }
/// let pipeline = trainer.finish()?;
/// assert_eq!(pipeline.bins[0].feature, "income");
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug)]
pub struct Trainer {
    config: PipelineConfig,
    id: String,
    candidates: Vec<String>,
    pass: u32,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Profile,
    Newton { profile: Profile, newton: Newton },
    Grade { profile: Profile, model: Logistic },
    Done(Box<Pipeline>),
}

/// What the first pass led to.
#[derive(Debug, Clone)]
struct Profile {
    bins: Vec<FeatureBins>,
    dropped: Vec<Dropped>,
    rows: Counts,
    test_rows: Counts,
}

impl Trainer {
    /// A training of what `config` asks for.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem that can be seen without data.
    pub fn new(config: PipelineConfig) -> Result<Self> {
        config.validate()?;
        let plan = FeaturePlan::new(&config.schema, &config.features)?;
        let candidates = candidates(&config, &plan)?;
        Policies::from(&config).resolve(&plan)?;
        let text = serde_json_canonicalizer::to_string(&config)
            .map_err(|_| Error::internal("the configuration has no canonical text"))?;
        let id = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Trainer { config, id, candidates, pass: 1, stage: Stage::Profile })
    }

    /// The pass that the data are needed for next; `None` when the training is done.
    #[must_use]
    pub fn pass(&self) -> Option<Pass> {
        let task = match &self.stage {
            Stage::Profile => Task::Profile,
            Stage::Newton { profile, newton } => Task::Newton { bins: profile.bins.clone(), beta: newton.beta().to_vec() },
            Stage::Grade { profile, model } => Task::Grade { bins: profile.bins.clone(), beta: model.beta() },
            Stage::Done(_) => return None,
        };
        Some(Pass {
            training: self.id.clone(),
            pass: self.pass,
            config: self.config.clone(),
            candidates: self.candidates.clone(),
            task,
        })
    }

    /// Takes what the current pass saw of all rows. On an error the training stays where it was.
    ///
    /// # Errors
    /// [`Incompatible`](crate::ErrorCode::Incompatible) for another pass or training,
    /// [`InsufficientData`](crate::ErrorCode::InsufficientData) when nothing can be learnt,
    /// [`NotConverged`](crate::ErrorCode::NotConverged) at the limit of iterations.
    pub fn advance(&mut self, seen: PassSummary) -> Result<()> {
        self.pass().ok_or_else(mismatch)?.accepts(&seen)?;
        let next = match (&self.stage, &seen.seen) {
            (Stage::Profile, Seen::Profile(seen)) => {
                let profile = self.profile(seen)?;
                let variables = profile.bins.iter().map(|bins| bins.feature.clone()).collect();
                let newton = Newton::new(variables, profile.rows, self.config.model.clone());
                Stage::Newton { profile, newton }
            }
            (Stage::Newton { profile, newton }, Seen::Newton { sums }) => {
                let mut newton = newton.clone();
                match newton.advance(&sums.values())? {
                    None => Stage::Newton { profile: profile.clone(), newton },
                    Some(model) => Stage::Grade { profile: profile.clone(), model },
                }
            }
            (Stage::Grade { profile, model }, Seen::Grade(seen)) => Stage::Done(Box::new(self.pipeline(profile, model, seen)?)),
            _ => return Err(mismatch()),
        };
        self.stage = next;
        self.pass += 1;
        Ok(())
    }

    /// The fitted pipeline.
    ///
    /// # Errors
    /// [`Incompatible`](crate::ErrorCode::Incompatible) while a pass is still due.
    pub fn finish(self) -> Result<Pipeline> {
        match self.stage {
            Stage::Done(pipeline) => Ok(*pipeline),
            _ => Err(Error::incompatible(Problem::new("the training is not done", "run the pass that is due and advance"))),
        }
    }

    fn profile(&self, seen: &ProfileSeen) -> Result<Profile> {
        for (class, weight) in [("events", seen.rows.events), ("non-events", seen.rows.non_events)] {
            if weight == 0 {
                let what = format!("there are no {class} among the rows to train on");
                return Err(Error::insufficient(Problem::new(what, "train on rows of both classes").field(&self.config.target)));
            }
        }
        let mut kept = Vec::new();
        let mut dropped = Vec::new();
        for (name, candidate) in self.candidates.iter().zip(&seen.candidates) {
            let bins = candidate.bin(name, &self.config.binning)?;
            let reason = if bins.is_constant() && bins.iv < self.config.model.min_iv {
                Some("one ordinary bin: constant, missing, or no cut within the limits".to_owned())
            } else if bins.iv < self.config.model.min_iv {
                Some(format!("information value below model.min_iv ({})", self.config.model.min_iv))
            } else {
                None
            };
            match reason {
                Some(reason) => dropped.push(Dropped { feature: name.clone(), iv: bins.iv, reason }),
                None => kept.push(bins),
            }
        }
        // Highest information value first; equal ones stay in the order of the candidates.
        kept.sort_by(|a, b| b.iv.total_cmp(&a.iv));
        for bins in kept.drain(self.config.model.max_variables.min(kept.len())..) {
            let reason = format!("beyond model.max_variables ({})", self.config.model.max_variables);
            dropped.push(Dropped { feature: bins.feature, iv: bins.iv, reason });
        }
        if kept.is_empty() {
            return Err(Error::insufficient(
                Problem::new("no candidate carries enough information", "lower model.min_iv, relax binning, or add features")
                    .field("model.min_iv"),
            ));
        }
        Ok(Profile { bins: kept, dropped, rows: seen.rows, test_rows: seen.test_rows })
    }

    fn pipeline(&self, profile: &Profile, model: &Logistic, seen: &GradeSeen) -> Result<Pipeline> {
        let config = &self.config;
        let text = |feature: &str| config.reasons.iter().find(|reason| reason.feature == feature);
        let scorecard = Scorecard::new(config.scaling.clone(), &profile.bins, model, |feature| {
            text(feature).map_or_else(|| feature.to_owned(), |reason| reason.code.clone())
        })?;
        let mut reasons: Vec<Reason> = Vec::new();
        for variable in &scorecard.variables {
            if !reasons.iter().any(|reason| reason.code == variable.reason) {
                let text = text(&variable.feature)
                    .map_or_else(|| format!("Points lost on {}", variable.feature), |reason| reason.text.clone());
                reasons.push(Reason { code: variable.reason.clone(), text });
            }
        }
        let test = config.split.is_some().then(|| sample(profile.test_rows, &seen.test_pd));
        let pipeline = Pipeline {
            name: config.name.clone(),
            schema: config.schema.clone(),
            features: config.features.clone(),
            protected_use: config.protected_use.clone(),
            bins: profile.bins.clone(),
            model: model.clone(),
            scorecard,
            reasons,
            tier: config.tier.clone(),
            tiers: self.tiers(seen),
            limit: config.limit.clone(),
            pricing: config.pricing.clone(),
            decision: config.decision.clone(),
            training: Training {
                target: config.target.clone(),
                config: self.id.clone(),
                development: sample(profile.rows, &seen.pd),
                test,
                dropped: profile.dropped.clone(),
            },
        };
        Scorer::new(&pipeline)?;
        Ok(pipeline)
    }

    fn tiers(&self, seen: &GradeSeen) -> Vec<TierSummary> {
        let Some(policy) = &self.config.tier else { return Vec::new() };
        let [a, b, c] = policy.cuts;
        // The outer tiers have no outer cut: reflect the inner one on the log-odds scale.
        let borders = [a * a / b, a, b, c, (1.0 + c) / 2.0];
        let sums = seen.tier_pd.values();
        RiskTier::ALL
            .into_iter()
            .zip(seen.tiers.iter().zip(&seen.test_tiers).zip(&sums))
            .map(|(tier, ((counts, test), sum))| {
                let at = tier.index();
                let pd = if counts.total() > 0 {
                    crate::model::round_significant(sum / counts.total() as f64)
                } else {
                    logistic((logit(borders[at]) + logit(borders[at + 1])) / 2.0)
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
}

/// Trains on one machine: the loop over [`Trainer::pass`], [`Pass::observe`] and [`Trainer::advance`].
/// The result does not depend on `threads` nor on the order of the batches. Rows in errors count over all batches.
///
/// # Errors
/// Those of [`Trainer::new`], [`Pass::observe`] and [`Trainer::advance`].
pub fn fit(batches: &[Batch<'_>], config: PipelineConfig, threads: Threads) -> Result<Pipeline> {
    let mut trainer = Trainer::new(config)?;
    while let Some(pass) = trainer.pass() {
        let mut whole: Option<PassSummary> = None;
        let mut rows = 0;
        for batch in batches {
            let seen = pass.observe(batch, threads).map_err(|error| error.after_rows(rows))?;
            rows += batch.rows();
            match &mut whole {
                None => whole = Some(seen),
                Some(whole) => whole.merge(&seen)?,
            }
        }
        let whole = whole.ok_or_else(|| Error::insufficient(Problem::new("there is no data", "pass at least one batch")))?;
        trainer.advance(whole)?;
    }
    trainer.finish()
}

fn candidates(config: &PipelineConfig, plan: &FeaturePlan) -> Result<Vec<String>> {
    let mut problems = Problems::default();
    let mut names = Vec::new();
    match &config.candidates {
        Some(listed) => {
            for name in listed {
                let Some(slot) = problems.absorb("candidates", plan.slot(name)) else { continue };
                let mut sources = std::collections::BTreeSet::new();
                plan.add_sources(slot, &mut sources);
                problems.absorb(name, plan.refuse_protected(&sources, &config.protected_use, "the score"));
                problems.require(!names.contains(name), name, "the candidate is listed twice", "list it once");
                names.push(name.clone());
            }
        }
        None => {
            for slot in 0..plan.slots() {
                let mut sources = std::collections::BTreeSet::new();
                plan.add_sources(slot, &mut sources);
                if plan.refuse_protected(&sources, &config.protected_use, "the score").is_ok() {
                    names.push(plan.name(slot).to_owned());
                }
            }
        }
    }
    problems.require(
        !names.is_empty(),
        "candidates",
        "there is nothing to build a card from",
        "declare unprotected fields or features",
    );
    problems.into_result()?;
    Ok(names)
}

fn sample(rows: Counts, pd: &crate::stats::ValueCounts) -> Sample {
    let discrimination = Discrimination::from_cells(pd.cells(), Orientation::HigherIsRiskier).ok();
    Sample {
        rows: rows.total() as f64 * WEIGHT_UNIT,
        events: rows.events as f64 * WEIGHT_UNIT,
        auc: discrimination.as_ref().map(|d| d.auc),
        ks: discrimination.as_ref().map(|d| d.ks),
    }
}
