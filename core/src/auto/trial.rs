//! One configuration on one fold: trained without it, judged on it.

use super::folds::Division;
use super::space::Candidate;
use crate::data::Batch;
use crate::error::{Error, Problem, Result};
use crate::math::ln;
use crate::parallel::Threads;
use crate::pipeline::{PassSummary, Pipeline, PipelineConfig, Scorer, Trainer};
use crate::stats::ValueCounts;
use crate::validation::{Discrimination, Orientation};

/// Distinct PDs that are told apart.
const DISTINCT: usize = 1 << 24;

/// Passes that the boosting of a card counts as: it goes over the rows in memory, dozens of times.
const BOOSTING: u64 = 50;

/// The rows outside one fold, and what is known of their values.
pub(super) struct Round<'a> {
    division: &'a Division<'a>,
    fold: Option<u32>,
    batches: Vec<Batch<'a>>,
    profile: PassSummary,
    candidates: Vec<String>,
    /// Cells that one pass reads.
    pub(super) cells: u64,
}

/// What one configuration made of one fold.
#[derive(Debug, Clone)]
pub(super) struct Tried {
    /// Cells read.
    pub(super) work: u64,
    pub(super) card: Result<Judged>,
}

/// A card and how well it did on rows that it has not seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Judged {
    pub(super) auc: f64,
    /// Mean over the rows, in nats.
    pub(super) log_loss: f64,
    /// Standard error of the AUC on this fold alone.
    pub(super) noise: f64,
    pub(super) size: Size,
}

/// What makes a card simple, the most important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Size {
    pub(super) boosted: bool,
    pub(super) variables: usize,
    pub(super) pairs: usize,
    pub(super) bins: usize,
}

impl Size {
    fn of(pipeline: &Pipeline) -> Self {
        let mut size = Size { boosted: false, variables: 0, pairs: 0, bins: 0 };
        for card in pipeline.cards() {
            size.boosted |= card.model.boosted().is_some();
            size.variables += card.bins.len();
            size.pairs += card.model.pairs().len();
            size.bins += card.bins.iter().map(|bins| bins.bins.len()).sum::<usize>();
        }
        size
    }
}

impl<'a> Round<'a> {
    /// Leaves out `fold` and counts the values of the other development rows, once for all configurations: a profile does
    /// not depend on what is asked of bins and models. `config` is any of them.
    ///
    /// # Errors
    /// Those of [`Trainer::new`] and [`Pass::observe`](crate::Pass::observe).
    pub(super) fn new(division: &'a Division<'a>, fold: Option<u32>, config: PipelineConfig, threads: Threads) -> Result<Self> {
        let batches = division.without(fold)?;
        let trainer = Trainer::new(config)?;
        let pass = trainer.pass().ok_or_else(|| Error::internal("a training without passes"))?;
        let profile = pass.observe_all(&batches, threads)?;
        let rows: usize = batches.iter().map(Batch::rows).sum();
        let cells = (rows as u64).saturating_mul(pass.candidates.len() as u64);
        Ok(Round { division, fold, batches, profile, candidates: pass.candidates, cells })
    }

    /// Trains and judges a candidate.
    pub(super) fn judge(&self, candidate: &Candidate, config: PipelineConfig, max_iv: f64) -> Tried {
        let mut work = 0;
        let card = self.train(candidate, config, max_iv, &mut work).and_then(|pipeline| {
            if candidate.is_base() {
                refuse_leaks(&pipeline, &candidate.config, max_iv)?;
            }
            self.score(&pipeline)
        });
        Tried { work, card }
    }

    fn train(&self, candidate: &Candidate, config: PipelineConfig, max_iv: f64, work: &mut u64) -> Result<Pipeline> {
        let mut trainer = Trainer::new(self.screened(candidate, config, max_iv)?)?;
        loop {
            let pass = trainer.pass().ok_or_else(|| Error::internal("a training without a card"))?;
            if let Some(pipeline) = pass.graded() {
                return Ok(pipeline.clone());
            }
            *work += if pass.name() == "patterns" { BOOSTING * self.cells } else { self.cells };
            let seen =
                if pass.name() == "profile" { pass.adopt(&self.profile) } else { pass.observe_all(&self.batches, Threads::One)? };
            trainer.advance_on(seen, Threads::One)?;
        }
    }

    /// The settings of a candidate with what only the rows can tell: which variables a boosted card has to do without,
    /// as suspicious or as too many. A plain card finds that out in its own selection.
    pub(super) fn screened(&self, candidate: &Candidate, mut config: PipelineConfig, max_iv: f64) -> Result<PipelineConfig> {
        if config.boost.is_none() || candidate.is_base() && candidate.length >= self.candidates.len() {
            return Ok(config);
        }
        let information = self.profile.information(&self.candidates, &config.binning)?;
        let mut named: Vec<(&String, f64)> = self.candidates.iter().zip(information).collect();
        let selection = &mut config.model.selection;
        named.retain(|(name, _)| !selection.forced_in.contains(name) && !selection.forced_out.contains(name));
        let suspicious = |iv: f64| iv > max_iv && !candidate.is_base();
        // The sort keeps the order of variables of equal information.
        named.sort_by(|a, b| suspicious(a.1).cmp(&suspicious(b.1)).then(b.1.total_cmp(&a.1)));
        let free = candidate.length.saturating_sub(selection.forced_in.len());
        let out = named.iter().enumerate().filter(|(at, (_, iv))| *at >= free || suspicious(*iv));
        selection.forced_out.extend(out.map(|(_, (name, _))| (*name).clone()));
        Ok(config)
    }

    /// Judges a card on the rows of the fold.
    fn score(&self, pipeline: &Pipeline) -> Result<Judged> {
        let fold = self.fold.ok_or_else(|| Error::internal("there are no rows to judge a card on"))?;
        let scorer = Scorer::new(pipeline)?;
        let mut seen = ValueCounts::new(DISTINCT);
        for (at, batch) in self.batches.iter().enumerate() {
            let scores = scorer.score_batch(batch, Threads::One)?;
            let (mut pd, mut event, mut weight) = (Vec::new(), Vec::new(), Vec::new());
            for (row, happened, weighs) in self.division.held(fold, at) {
                pd.push(scores.pd.get(row).copied().unwrap_or(f64::NAN));
                event.push(happened);
                weight.push(weighs);
            }
            if let Some((_, error)) = scores.errors.first() {
                return Err(error.clone());
            }
            seen.observe(&pd, &event, &weight);
        }
        let auc = Discrimination::from_cells(seen.cells(), Orientation::HigherIsRiskier)?.auc;
        // Rows of one PD together and in rising order, so that the order of rows does not matter.
        let loss = seen.cells().iter().fold(0.0, |sum, cell| {
            let pd = cell.value.clamp(1e-15, 1.0 - 1e-15);
            sum - cell.counts.events as f64 * ln(pd) - cell.counts.non_events as f64 * ln(1.0 - pd)
        });
        let all = seen.total();
        let one = crate::data::WEIGHT_ONE as f64;
        let noise = hanley_mcneil(auc, all.events as f64 / one, all.non_events as f64 / one);
        Ok(Judged { auc, log_loss: loss / all.total() as f64, noise, size: Size::of(pipeline) })
    }
}

/// Refuses a card on which a variable says more than can be known beforehand.
fn refuse_leaks(pipeline: &Pipeline, config: &PipelineConfig, max_iv: f64) -> Result<()> {
    let forced = &config.model.selection.forced_in;
    let mut bins = pipeline.cards().flat_map(|card| card.bins);
    let Some(leak) = bins.find(|bins| bins.iv > max_iv && !forced.contains(&bins.feature)) else { return Ok(()) };
    let what = format!("its information value of {:.2} is that of a leak: it may be known only after the outcome", leak.iv);
    let remedy = "leave the field out, or list it in model.selection.forced_in";
    Err(Error::insufficient(Problem::new(what, remedy).field(&leak.feature)))
}

/// Standard error of an AUC (Hanley and McNeil 1982).
fn hanley_mcneil(auc: f64, events: f64, non_events: f64) -> f64 {
    let (q1, q2) = (auc / (2.0 - auc), 2.0 * auc * auc / (1.0 + auc));
    let spread = auc * (1.0 - auc) + (events - 1.0) * (q1 - auc * auc) + (non_events - 1.0) * (q2 - auc * auc);
    (spread.max(0.0) / (events * non_events)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without discrimination it is that of the Mann-Whitney statistic, √((m + n + 1)/(12 m n)); with all of it there is none.
    #[test]
    fn the_standard_error_of_an_auc_has_the_known_ends() {
        for (m, n) in [(3.0, 8.0), (51.0, 58.0), (900.0, 2.0)] {
            let null = f64::sqrt((m + n + 1.0) / (12.0 * m * n));
            assert!((hanley_mcneil(0.5, m, n) - null).abs() < 1e-15);
            assert_eq!(hanley_mcneil(1.0, m, n), 0.0);
        }
    }
}
