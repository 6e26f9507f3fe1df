//! The training of one card, between two passes.

use super::config::PipelineConfig;
use super::fitted::Dropped;
use super::pass::CardTask;
use super::summary::{CandidateSeen, CardSeen, ProfileSeen, ValuesSeen, mismatch};
use crate::binning::{FeatureBins, Observed, Values, bin};
use crate::error::{Error, Problem, Result};
use crate::features::FeaturePlan;
use crate::model::{Logistic, Newton, Progress};
use crate::stats::Counts;

/// What the training of a card needs to know.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) config: &'a PipelineConfig,
    pub(super) plan: &'a FeaturePlan,
    /// Fields and features that may enter the card.
    pub(super) candidates: &'a [String],
}

/// The training of one card.
#[derive(Debug, Clone)]
pub(super) enum Learner {
    /// Values are to be counted.
    Profile,
    /// The coefficients are to be found.
    Newton { profile: Profile, newton: Newton },
    /// The card is there.
    Learnt(Learnt),
}

/// What the first pass led to.
#[derive(Debug, Clone)]
pub(super) struct Profile {
    bins: Vec<FeatureBins>,
    dropped: Vec<Dropped>,
    rows: Counts,
}

/// A card and where it came from.
#[derive(Debug, Clone)]
pub(super) struct Learnt {
    pub(super) bins: Vec<FeatureBins>,
    pub(super) model: Logistic,
    pub(super) dropped: Vec<Dropped>,
}

impl Learner {
    /// What the next pass has to look for.
    pub(super) fn task(&self) -> CardTask {
        match self {
            Learner::Profile => CardTask::Profile,
            Learner::Newton { profile, newton } => CardTask::Newton { bins: profile.bins.clone(), beta: newton.beta().to_vec() },
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
                let profile = asked.profile(seen)?;
                let variables = profile.bins.iter().map(|bins| bins.feature.clone()).collect();
                let newton = Newton::new(variables, profile.rows, asked.config.model.clone());
                Ok(Learner::Newton { profile, newton })
            }
            (Learner::Newton { profile, newton }, CardSeen::Newton { sums }) => {
                let mut newton = newton.clone();
                let profile = profile.clone();
                Ok(match newton.advance(&sums.values())? {
                    Progress::Fitted(fitted) => {
                        Learner::Learnt(Learnt { bins: profile.bins, model: fitted.0, dropped: profile.dropped })
                    }
                    _ => Learner::Newton { profile, newton },
                })
            }
            (Learner::Learnt(_), CardSeen::Rest) => Ok(self.clone()),
            _ => Err(mismatch()),
        }
    }
}

impl Asked<'_> {
    fn profile(&self, seen: &ProfileSeen) -> Result<Profile> {
        for (class, weight) in [("events", seen.rows.events), ("non-events", seen.rows.non_events)] {
            if weight == 0 {
                let what = format!("there are no {class} among the rows to train on");
                return Err(Error::insufficient(Problem::new(what, "train on rows of both classes").field(&self.config.target)));
            }
        }
        let model = &self.config.model;
        let mut kept = Vec::new();
        let mut dropped = Vec::new();
        for (name, candidate) in self.candidates.iter().zip(&seen.candidates) {
            let bins = self.bins(name, candidate)?;
            let reason = if bins.is_constant() && bins.iv < model.min_iv {
                Some("one ordinary bin: constant, missing, or no cut within the limits".to_owned())
            } else if bins.iv < model.min_iv {
                Some(format!("information value below model.min_iv ({})", model.min_iv))
            } else {
                None
            };
            match reason {
                Some(reason) => dropped.push(Dropped { segment: None, feature: name.clone(), iv: bins.iv, reason }),
                None => kept.push(bins),
            }
        }
        // Highest information value first; equal ones stay in the order of the candidates.
        kept.sort_by(|a, b| b.iv.total_cmp(&a.iv));
        for bins in kept.drain(model.max_variables.min(kept.len())..) {
            let reason = format!("beyond model.max_variables ({})", model.max_variables);
            dropped.push(Dropped { segment: None, feature: bins.feature, iv: bins.iv, reason });
        }
        if kept.is_empty() {
            return Err(Error::insufficient(
                Problem::new("no candidate carries enough information", "lower model.min_iv, relax binning, or add features")
                    .field("model.min_iv"),
            ));
        }
        Ok(Profile { bins: kept, dropped, rows: seen.rows })
    }

    fn bins(&self, name: &str, seen: &CandidateSeen) -> Result<FeatureBins> {
        let slot = self.plan.slot(name)?;
        let special = self.plan.schema().fields.get(slot).map_or(&[][..], |field| &field.special);
        let special: Vec<(&str, Counts)> =
            special.iter().map(|special| special.name.as_str()).zip(seen.special.iter().copied()).collect();
        let levels: Vec<(&str, Counts)>;
        let values = match &seen.values {
            ValuesSeen::Number { counts } => Values::Numeric { cells: counts.cells(), exact: counts.is_exact() },
            ValuesSeen::Category { counts } => {
                levels = counts.levels().iter().map(|(level, counts)| (level.as_str(), *counts)).collect();
                Values::Category { levels: &levels }
            }
        };
        bin(name, &Observed { values, special: &special, missing: seen.missing }, &self.config.binning)
    }
}
