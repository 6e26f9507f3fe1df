//! Training as a state machine: hand out a pass, take what it saw, move on.

use super::assemble::{assemble, calibrate, grade};
use super::cards::conditions;
use super::config::PipelineConfig;
use super::expert::ExpertStage;
use super::fitted::Pipeline;
use super::learner::{Asked, Learner};
use super::offset::Offset;
use super::pass::{Pass, Task};
use super::policies::Policies;
use super::scorer::Scorer;
use super::summary::{CardSeen, PassSummary, Seen, mismatch};
use crate::data::{Batch, canonical_hash};
use crate::error::{Error, Problem, Problems, Result};
use crate::features::FeaturePlan;
use crate::parallel::Threads;

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
    /// The cards are learnt side by side.
    Learn(Vec<Learner>),
    /// The cards are there, and their PDs are to be counted: first for the calibration where one is asked for, then as they
    /// are.
    Calibrate(Box<Pipeline>),
    Grade(Box<Pipeline>),
    Done(Box<Pipeline>),
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
        ExpertStage::of(&config, &plan)?;
        Offset::of(config.offset.as_deref(), &config.protected_use, &plan)?;
        let segments = config.segments.iter().map(|segment| (segment.name.as_str(), segment.when.as_str()));
        let cards = conditions(segments, &config.protected_use, &plan)?.len() + 1;
        let id = canonical_hash(&config)?;
        Ok(Trainer { config, id, candidates, pass: 1, stage: Stage::Learn(vec![Learner::Profile; cards]) })
    }

    /// The pass that the data are needed for next; `None` when the training is done.
    #[must_use]
    pub fn pass(&self) -> Option<Pass> {
        let task = match &self.stage {
            Stage::Learn(learners) => Task::Learn { cards: learners.iter().map(Learner::task).collect() },
            Stage::Calibrate(pipeline) | Stage::Grade(pipeline) => Task::Grade { pipeline: pipeline.clone() },
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
        self.advance_on(seen, Threads::All)
    }

    /// [`Trainer::advance`] with a number of threads for work that is done here; the result does not depend on it.
    ///
    /// # Errors
    /// Those of [`Trainer::advance`].
    pub fn advance_on(&mut self, seen: PassSummary, threads: Threads) -> Result<()> {
        self.pass().ok_or_else(mismatch)?.accepts(&seen)?;
        self.stage = match (&self.stage, &seen.seen) {
            (Stage::Learn(learners), Seen::Learn { cards }) if learners.len() == cards.len() => {
                self.learn(learners, cards, threads)?
            }
            (Stage::Calibrate(pipeline), Seen::Grade(seen)) => {
                let mut pipeline = pipeline.clone();
                if let Some(asked) = &self.config.calibration {
                    pipeline.calibration = calibrate(asked, seen)?;
                }
                Stage::Grade(pipeline)
            }
            (Stage::Grade(pipeline), Seen::Grade(seen)) => {
                let mut pipeline = pipeline.clone();
                grade(&mut pipeline, &self.config, seen);
                Scorer::new(&pipeline)?;
                Stage::Done(pipeline)
            }
            _ => return Err(mismatch()),
        };
        self.pass += 1;
        Ok(())
    }

    fn learn(&self, learners: &[Learner], seen: &[CardSeen], threads: Threads) -> Result<Stage> {
        let asked = Asked { config: &self.config, candidates: &self.candidates, threads };
        let segments = self.config.segments.iter().map(|segment| segment.name.as_str()).map(Some).chain([None]);
        let advanced = learners.iter().zip(seen).zip(segments).map(|((learner, seen), segment)| {
            let next = learner.advance(seen, asked);
            segment.map_or_else(|| next.clone(), |name| next.clone().map_err(|error| error.in_field(name)))
        });
        let learners: Vec<Learner> = advanced.collect::<Result<_>>()?;
        Ok(match learners.iter().map(Learner::learnt).collect::<Option<Vec<_>>>() {
            Some(cards) => {
                let pipeline = Box::new(assemble(&self.config, &self.id, &cards)?);
                if self.config.calibration.is_some() { Stage::Calibrate(pipeline) } else { Stage::Grade(pipeline) }
            }
            None => Stage::Learn(learners),
        })
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
}

/// Trains on one machine: the loop over [`Trainer::pass`], [`Pass::observe`] and [`Trainer::advance`].
/// The result does not depend on `threads` nor on the order of the batches. Rows in errors count over all batches.
///
/// # Errors
/// Those of [`Trainer::new`], [`Pass::observe`] and [`Trainer::advance`].
pub fn fit(batches: &[Batch<'_>], config: PipelineConfig, threads: Threads) -> Result<Pipeline> {
    let mut trainer = Trainer::new(config)?;
    while let Some(pass) = trainer.pass() {
        trainer.advance_on(pass.observe_all(batches, threads)?, threads)?;
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
    for name in config.binning.variables.keys() {
        problems.absorb("binning.variables", plan.slot(name));
    }
    for bins in &config.bins {
        let known = names.contains(&bins.feature);
        problems.require(known, &bins.feature, "the bins made by hand are of no candidate", "name a candidate, or drop them");
        let slot = plan.slot(&bins.feature).ok();
        let special = slot.and_then(|slot| plan.schema().fields.get(slot)).map_or(0, |field| field.special.len());
        problems.absorb("bins", bins.validate(special));
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
