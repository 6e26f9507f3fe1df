//! The training of one card, between two passes.

use super::config::PipelineConfig;
use super::fitted::Screened;
use super::pass::CardTask;
use super::summary::{CardSeen, ProfileSeen, mismatch};
use crate::binning::FeatureBins;
use crate::error::{Error, Problem, Result};
use crate::model::{
    Finding, Logistic, Method, ModelConfig, Newton, PenaltyPoint, Progress, Quadratic, Stage, Step, refuse_separation, screen_iv,
    screen_redundant, select,
};

/// What the training of a card needs to know.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) config: &'a PipelineConfig,
    /// Fields and features that may enter the card.
    pub(super) candidates: &'a [String],
}

/// The training of one card.
#[derive(Debug, Clone)]
pub(super) enum Learner {
    /// Values are to be counted.
    Profile,
    /// The coefficients are to be found.
    Fit(Box<Fit>),
    /// The likelihood around the coefficients is to be taken fold by fold.
    Folds(Box<(Fit, Logistic, Quadratic)>),
    /// The card is there.
    Learnt(Box<Learnt>),
}

/// The search for the variables and their coefficients.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    /// The variables still in, with what is known so far.
    card: Variables,
    newton: Newton,
    /// The null model, where it was asked for.
    null: Option<Quadratic>,
    /// Settings: once the method has chosen, only length and signs are left to check.
    model: ModelConfig,
}

/// The variables of a card on its way, and what was found about all candidates.
#[derive(Debug, Clone)]
pub(super) struct Variables {
    pub(super) bins: Vec<FeatureBins>,
    pub(super) dropped: Vec<Screened>,
    pub(super) flagged: Vec<Screened>,
    pub(super) steps: Vec<Step>,
    pub(super) penalties: Vec<PenaltyPoint>,
}

/// A card and where it came from.
#[derive(Debug, Clone)]
pub(super) struct Learnt {
    pub(super) card: Variables,
    pub(super) model: Logistic,
}

impl Learner {
    /// What the next pass has to look for.
    pub(super) fn task(&self) -> CardTask {
        match self {
            Learner::Profile => CardTask::Profile,
            Learner::Fit(fit) => {
                let (beta, stride) = (fit.newton.beta().to_vec(), fit.newton.stride());
                CardTask::Newton { bins: fit.card.bins.clone(), beta, stride, folds: 1 }
            }
            Learner::Folds(at) => {
                let (beta, folds) = (at.0.newton.beta().to_vec(), at.0.model.selection.folds());
                CardTask::Newton { bins: at.0.card.bins.clone(), beta, stride: 1, folds }
            }
            Learner::Learnt(_) => CardTask::Rest,
        }
    }

    /// The card, when it is there.
    pub(super) fn learnt(&self) -> Option<&Learnt> {
        if let Learner::Learnt(learnt) = self { Some(learnt) } else { None }
    }

    /// The training after a pass.
    pub(super) fn advance(&self, seen: &CardSeen, asked: Asked<'_>) -> Result<Self> {
        match (self, seen) {
            (Learner::Profile, CardSeen::Profile(seen)) => asked.profile(seen).map(Box::new).map(Learner::Fit),
            (Learner::Fit(fit), CardSeen::Newton { folds }) => {
                let [sums] = &folds[..] else { return Err(mismatch()) };
                fit.clone().advance(&sums.values())
            }
            (Learner::Folds(at), CardSeen::Newton { folds }) => {
                let (fit, model, full) = &**at;
                let folds = folds.iter().map(|sums| fit.newton.quadratic(&sums.values())).collect::<Result<Vec<_>>>()?;
                fit.clone().choose(model.clone(), full, &folds)
            }
            (Learner::Learnt(_), CardSeen::Rest) => Ok(self.clone()),
            _ => Err(mismatch()),
        }
    }
}

impl Fit {
    fn advance(mut self, sums: &[f64]) -> Result<Learner> {
        match self.newton.advance(sums)? {
            Progress::Pass => Ok(Learner::Fit(Box::new(self))),
            Progress::Null(null) => {
                let screening = screen_redundant(&null, &self.model.selection);
                self.newton = self.newton.restrict(&screening.kept, &null)?;
                self.null = Some(null.subset(&screening.kept));
                self.card.screen(&screening.kept, &screening.left, &screening.flagged);
                Ok(Learner::Fit(Box::new(self)))
            }
            Progress::Fitted(fitted) => {
                let (model, full) = *fitted;
                if self.model.selection.folds() > 0 {
                    return Ok(Learner::Folds(Box::new((self, model, full))));
                }
                self.choose(model, &full, &[])
            }
        }
    }

    /// Chooses among the variables of the fitted `model`; those that stay are fitted again when one left.
    fn choose(mut self, model: Logistic, full: &Quadratic, folds: &[Quadratic]) -> Result<Learner> {
        let chosen = select(self.null.as_ref(), full, folds, &self.model)?;
        // The method has had its say; remarks come anew with each choice.
        self.model.selection.method = Method::None;
        if chosen.left.is_empty() {
            self.card.screen(&chosen.kept, &[], &chosen.flagged);
            return Ok(Learner::Learnt(Box::new(Learnt { card: self.card, model })));
        }
        self.newton = self.newton.restrict(&chosen.kept, full)?;
        self.null = self.null.map(|null| null.subset(&chosen.kept));
        self.card.screen(&chosen.kept, &chosen.left, &[]);
        self.card.steps.extend(chosen.steps);
        self.card.penalties.extend(chosen.penalties);
        Ok(Learner::Fit(Box::new(self)))
    }
}

impl Variables {
    /// Keeps the variables at `kept` and notes what was found.
    fn screen(&mut self, kept: &[usize], left: &[Finding], flagged: &[Finding]) {
        let iv = |name: &str| self.bins.iter().find(|bins| bins.feature == name).map_or(0.0, |bins| bins.iv);
        let noted = |finding: &Finding| Screened::new(finding, iv(&finding.variable));
        let (dropped, remarks): (Vec<_>, Vec<_>) = (left.iter().map(noted).collect(), flagged.iter().map(noted).collect());
        self.dropped.extend(dropped);
        self.flagged.extend(remarks);
        self.bins = kept.iter().filter_map(|&j| self.bins.get(j).cloned()).collect();
    }
}

impl Asked<'_> {
    fn profile(&self, seen: &ProfileSeen) -> Result<Fit> {
        for (class, weight) in [("events", seen.rows.events), ("non-events", seen.rows.non_events)] {
            if weight == 0 {
                let what = format!("there are no {class} among the rows to train on");
                return Err(Error::insufficient(Problem::new(what, "train on rows of both classes").field(&self.config.target)));
            }
        }
        let model = self.config.model.clone();
        let candidates = self.candidates.iter().zip(&seen.candidates);
        let bins = candidates.map(|(name, seen)| seen.bin(name, &self.config.binning)).collect::<Result<Vec<_>>>()?;
        let iv: Vec<f64> = bins.iter().map(|bins| bins.iv).collect();
        let mut screening = screen_iv(self.candidates, &iv, &model)?;
        for finding in screening.left.iter_mut().filter(|finding| finding.stage == Stage::Iv) {
            if bins.iter().any(|bins| bins.feature == finding.variable && bins.is_constant()) {
                finding.reason = "has one ordinary bin: constant, missing, or no cut within the limits".to_owned();
            }
        }
        if screening.kept.is_empty() {
            return Err(Error::insufficient(
                Problem::new("no candidate carries enough information", "lower model.min_iv, relax binning, or add features")
                    .field("model.min_iv"),
            ));
        }
        let mut card = Variables { bins, dropped: Vec::new(), flagged: Vec::new(), steps: Vec::new(), penalties: Vec::new() };
        card.screen(&screening.kept, &screening.left, &screening.flagged);
        refuse_separation(&card.bins)?;
        let variables = card.bins.iter().map(|bins| bins.feature.clone()).collect();
        let mut newton = Newton::new(variables, seen.rows, model.clone());
        if model.selection.needs_null() || self.config.offset.is_some() {
            newton = newton.from_null();
        }
        Ok(Fit { card, newton, null: None, model })
    }
}
