//! The training of one card, between two passes.

use super::config::PipelineConfig;
use super::fitted::Screened;
use super::pass::CardTask;
use super::summary::{CardSeen, ProfileSeen, mismatch};
use crate::binning::{Bin, Direction, FeatureBins, ObservedCounts, Trend, tabulate};
use crate::data::{WEIGHT_ONE, WEIGHT_UNIT};
use crate::error::{Error, Problem, Result};
use crate::model::{
    Axis, Finding, Logistic, Method, Model, ModelConfig, Newton, PenaltyPoint, Progress, Quadratic, SampleSize, SmallBankConfig,
    Stage, Step, add_prior, boost, fine_split, refuse_separation, round_significant, screen_iv, screen_redundant, select,
    shrinkage_strength, shrunken_woe,
};
use crate::parallel::Threads;
use crate::stats::{Counts, Patterns};

/// The least weight of a fine bin of a boosted card.
const LEAST_FINE: u64 = 10 * WEIGHT_ONE;

/// What the training of a card needs to know.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) config: &'a PipelineConfig,
    /// Fields and features that may enter the card.
    pub(super) candidates: &'a [String],
    pub(super) threads: Threads,
}

/// The training of one card.
#[derive(Debug, Clone)]
pub(super) enum Learner {
    /// Values are to be counted.
    Profile,
    /// Rows are to be gathered as bin codes, for a boosted card.
    Patterns(Box<Variables>),
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
    small_bank: Option<SmallBankConfig>,
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
    pub(super) model: Model,
}

impl Learner {
    /// What the next pass has to look for.
    pub(super) fn task(&self) -> CardTask {
        match self {
            Learner::Profile => CardTask::Profile,
            Learner::Patterns(card) => CardTask::Patterns { bins: card.bins.clone() },
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
            (Learner::Profile, CardSeen::Profile(seen)) => {
                let card = asked.profile(seen)?;
                if asked.config.boost.is_some() {
                    return Ok(Learner::Patterns(Box::new(card)));
                }
                asked.fit(card, seen.rows).map(Box::new).map(Learner::Fit)
            }
            (Learner::Patterns(card), CardSeen::Patterns(patterns)) => asked.boost((**card).clone(), patterns),
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
        let mut sums = sums.to_vec();
        let mut density = 0.0;
        if let Some(small_bank) = self.small_bank.as_ref().filter(|_| !self.newton.is_at_null()) {
            let priors = small_bank.priors_of(self.card.bins.iter().map(|bins| bins.feature.as_str()));
            density = add_prior(&mut sums, self.newton.beta(), &priors)?;
        }
        match self.newton.advance(&sums)? {
            Progress::Pass => Ok(Learner::Fit(Box::new(self))),
            Progress::Null(null) => {
                let screening = screen_redundant(&null, &self.model.selection);
                self.newton = self.newton.restrict(&screening.kept, &null)?;
                self.null = Some(null.subset(&screening.kept));
                self.card.screen(&screening.kept, &screening.left, &screening.flagged);
                Ok(Learner::Fit(Box::new(self)))
            }
            Progress::Fitted(fitted) => {
                let (mut model, full) = *fitted;
                model.log_likelihood = round_significant(model.log_likelihood - density);
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
            return Ok(Learner::Learnt(Box::new(Learnt { card: self.card, model: Model::Logistic(model) })));
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
    /// The variables that may enter the card.
    fn profile(&self, seen: &ProfileSeen) -> Result<Variables> {
        for (class, weight) in [("events", seen.rows.events), ("non-events", seen.rows.non_events)] {
            if weight == 0 {
                let what = format!("there are no {class} among the rows to train on");
                return Err(Error::insufficient(Problem::new(what, "train on rows of both classes").field(&self.config.target)));
            }
        }
        let size = SampleSize::of(seen.rows);
        if let (SampleSize::TooFew, None, Some(problem)) = (size, &self.config.small_bank, size.problem()) {
            return Err(Error::insufficient(problem.field(&self.config.target)));
        }
        let mut model = self.config.model.clone();
        if self.config.boost.is_some() {
            // Boosting finds out itself which variables say something, alone or in pairs.
            (model.min_iv, model.selection.max_iv) = (0.0, None);
        }
        let bins = (0..seen.candidates.len()).map(|at| self.bins(seen, at)).collect::<Result<Vec<_>>>()?;
        let iv: Vec<f64> = bins.iter().map(|bins| bins.iv).collect();
        let mut screening = screen_iv(self.candidates, &iv, &model)?;
        for finding in screening.left.iter_mut().filter(|finding| finding.stage == Stage::Iv) {
            let Some(bins) = bins.iter().find(|bins| bins.feature == finding.variable) else { continue };
            if bins.certificate.separates {
                finding.reason = "one cut parts all events from all non-events: known only after the outcome?".to_owned();
            } else if bins.is_constant() {
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
        Ok(card)
    }

    /// The bins of a candidate: those made by hand where there are any.
    fn bins(&self, seen: &ProfileSeen, at: usize) -> Result<FeatureBins> {
        let (name, counts) = (&self.candidates[at], &seen.candidates[at]);
        if let Some(given) = self.config.bins.iter().find(|bins| bins.feature == *name) {
            let held = |part: fn(&Bin) -> f64| given.bins.iter().map(part).sum::<f64>();
            let near = |a: f64, b: u64| (a - b as f64 * WEIGHT_UNIT).abs() <= 1e-6 * a.abs().max(1.0);
            if near(held(|bin| bin.events), seen.rows.events) && near(held(|bin| bin.non_events), seen.rows.non_events) {
                return Ok(given.clone());
            }
            let remedy = "make the bins from the rows that are trained on, without those kept for testing";
            return Err(Error::incompatible(Problem::new("the bins were counted on other rows", remedy).field(name)));
        }
        if let Some(boost) = &self.config.boost {
            return counts.with(|observed| {
                let split = fine_split(&observed.values, boost.bins, LEAST_FINE);
                tabulate(name, &split, observed, &self.config.binning)
            });
        }
        let periods: Vec<(&str, &ObservedCounts)> =
            seen.periods.iter().filter_map(|(period, counts)| Some((period.as_str(), counts.get(at)?))).collect();
        let mut bins = counts.bin_over_time(name, &periods, &self.config.binning)?;
        if let Some(small_bank) = &self.config.small_bank {
            let counted = counts.counts(&bins.split)?;
            let strength = small_bank.strength.unwrap_or_else(|| shrinkage_strength(&counted));
            for (bin, counts) in bins.bins.iter_mut().zip(&counted) {
                bin.woe = shrunken_woe(*counts, seen.rows, strength).map_or(bin.woe, |shrunken| shrunken.woe);
            }
        }
        Ok(bins)
    }

    fn fit(&self, card: Variables, rows: Counts) -> Result<Fit> {
        let model = self.config.model.clone();
        refuse_separation(&card.bins)?;
        let variables = card.bins.iter().map(|bins| bins.feature.clone()).collect();
        let mut newton = Newton::new(variables, rows, model.clone());
        if model.selection.needs_null() || self.config.offset.is_some() {
            newton = newton.from_null();
        }
        Ok(Fit { card, newton, null: None, small_bank: self.config.small_bank.clone(), model })
    }

    fn boost(&self, mut card: Variables, patterns: &Patterns) -> Result<Learner> {
        let Some(config) = &self.config.boost else { return Err(mismatch()) };
        let axis = |bins: &FeatureBins| {
            let direction = match self.config.binning.of(&bins.feature).trend {
                Trend::Increasing => Some(Direction::Increasing),
                Trend::Decreasing => Some(Direction::Decreasing),
                _ => None,
            };
            Axis::new(bins, direction)
        };
        let axes: Vec<Axis> = card.bins.iter().map(axis).collect();
        let boosted = boost(patterns, &axes, config, self.threads)?;
        let kept = boosted.variables();
        let silent = (0..card.bins.len()).filter(|at| kept.binary_search(at).is_err());
        let left: Vec<Finding> = silent
            .filter_map(|at| card.bins.get(at))
            .map(|bins| Finding::new(&bins.feature, Stage::Boosting, f64::NAN, "adds nothing to the boosted card".to_owned()))
            .collect();
        card.screen(&kept, &left, &[]);
        if card.bins.is_empty() {
            let problem = Problem::new("no candidate says anything about the event", "add features, or more rows");
            return Err(Error::insufficient(problem.field("boost")));
        }
        Ok(Learner::Learnt(Box::new(Learnt { card, model: Model::Boosted(boosted.renumbered(&kept)) })))
    }
}
