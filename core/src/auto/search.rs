//! The search itself.

use serde::{Deserialize, Serialize};

use super::choose::{Run, finalists, leaderboard, winner};
use super::config::AutoConfig;
use super::folds::{Division, Rows};
use super::leaderboard::Leaderboard;
use super::space::{Candidate, candidates};
use super::trial::{Round, Tried};
use crate::data::Batch;
use crate::error::{Error, Problems, Result};
use crate::parallel::Threads;
use crate::pipeline::{Expert, Pipeline, PipelineConfig, fit};

/// Candidates that are tried at a time; some of the last ones may be tried in vain when a budget ends among them.
const WAVE: usize = 8;

/// What a search found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// What was asked of the search.
    pub asked: AutoConfig,
    /// The configuration that won: training it gives [`Search::winner`].
    pub config: PipelineConfig,
    /// The card of the winner, trained on all development rows; only now were the rows kept for testing looked at.
    pub winner: Pipeline,
    /// Every configuration, and why it won or lost.
    pub leaderboard: Leaderboard,
}

/// Searches for the best card: which variables are let in, trends and number of bins, how variables are selected, the length
/// of the card, and whether it is plain or boosted.
///
/// The candidates are `base` as it is, single changes of it, and changes drawn together under the seed. Each is trained
/// without one fold of the development rows and judged on it by AUC; the best third goes on to the other folds. The winner is
/// the simplest whose AUC is within one standard error of the highest (see [`Prefer`](super::Prefer)), and is then trained
/// on all development rows. Rows that `base.split` keeps for testing weigh nothing until that last training grades them.
///
/// Policies, calibration and everything else in `base` that does not decide how rows are ranked stay as they are. With
/// a split, the folds follow its key; otherwise they follow a hash of the values of each row. The result is the same in
/// every run, for any number of threads and, as with [`fit`], any order of batches.
///
/// ```
/// use scoreline::auto::{AutoConfig, Status, search};
/// use scoreline::{Batch, Column, Field, Kind, PipelineConfig, Schema, Threads};
/// # let income: Vec<f64> = (0..600).map(|i| f64::from(i % 97)).collect();
/// # let shoe: Vec<f64> = (0..600).map(|i| f64::from(i * 7 % 13)).collect();
/// # let bad: Vec<f64> = (0..600).map(|i| f64::from(u8::from((i % 97 < 40) ^ (i % 5 == 0)))).collect();
/// let batch = Batch::new(600).with("income", Column::numbers(income))?.with("shoe", Column::numbers(shoe))?;
/// let batches = [batch.with("bad", Column::numbers(bad))?];
/// let schema = Schema { fields: vec![Field::new("income", Kind::Number), Field::new("shoe", Kind::Number)] };
/// let asked = AutoConfig { max_candidates: 6, ..AutoConfig::default() };
/// let found = search(&batches, PipelineConfig::new(schema, "bad"), &asked, Threads::All)?;
/// assert_eq!(found.winner.bins[0].feature, "income");
/// assert_eq!(found.leaderboard.trials[0].status, Status::Won);
/// println!("{}", found.leaderboard);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem of the settings,
/// [`InvalidData`](crate::ErrorCode::InvalidData) as in [`fit`], and what stands in the way of `base` when no candidate
/// gives a card.
pub fn search(batches: &[Batch<'_>], base: PipelineConfig, config: &AutoConfig, threads: Threads) -> Result<Search> {
    check(&base, config)?;
    let read: Vec<&str> = std::iter::once(base.target.as_str()).chain(base.period.iter().map(|p| p.column.as_str())).collect();
    let rows = Rows::new(batches, &base, &read)?;
    let candidates = candidates(&base, config);
    let runs = candidates.iter().map(|candidate| {
        let settings = candidate.settings(&base)?;
        Ok(Run { name: candidate.name(), settings, judged: Vec::new(), error: None, work: 0 })
    });
    let runs = runs.collect::<Result<Vec<Run>>>()?;
    let mut state = State { asked: config, batches, rows: &rows, candidates: &candidates, runs, work: 0, threads };
    let first = state.divide(0)?;
    state.first_fold(&first)?;
    state.other_folds(first)?;
    let all = (config.folds * config.repeats) as usize;
    let Some((chosen, best)) = winner(&state.runs, all, config.folds, config.prefer) else {
        let error = state.runs.into_iter().find_map(|run| run.error);
        return Err(error.unwrap_or_else(|| Error::internal("a search without candidates")));
    };
    let mut won = candidates.get(chosen).ok_or_else(|| Error::internal("the winner is no candidate"))?.clone();
    if won.config.boost.is_some() {
        let division = state.divide(0)?;
        let all = Round::new(&division, None, state.inner(&won.config), threads)?;
        state.work += all.cells;
        won.config = all.screened(&won, won.config.clone(), config.max_iv)?;
    }
    let leaderboard = leaderboard(&state.runs, chosen, best, all, config.folds, state.work);
    let pipeline = fit(batches, won.config.clone(), threads)?;
    Ok(Search { asked: config.clone(), config: won.config, winner: pipeline, leaderboard })
}

fn check(base: &PipelineConfig, config: &AutoConfig) -> Result<()> {
    let mut problems = Problems::default();
    problems.absorb("base", base.validate());
    problems.absorb("auto", config.validate());
    let learns = !base.expert.as_ref().is_some_and(Expert::stands_alone);
    problems.require(learns, "expert", "an expert card that stands alone leaves nothing to search", "mix it with a card");
    problems.require(
        base.bins.is_empty(),
        "bins",
        "bins made by hand belong to all development rows, and cannot be made again without a fold",
        "give their cuts or groups in binning.variables",
    );
    problems.require(
        base.boost.is_none() || !config.interpretable_only,
        "auto.interpretable_only",
        "the base asks for a boosted card",
        "drop boost, or allow boosted cards",
    );
    problems.into_result()
}

/// How far the search is.
struct State<'a> {
    asked: &'a AutoConfig,
    batches: &'a [Batch<'a>],
    rows: &'a Rows<'a>,
    candidates: &'a [Candidate],
    runs: Vec<Run>,
    /// Cells read so far.
    work: u64,
    threads: Threads,
}

impl<'a> State<'a> {
    fn divide(&self, repeat: u32) -> Result<Division<'a>> {
        let seed = self.asked.seed.wrapping_mul(64).wrapping_add(u64::from(repeat));
        self.rows.divide(self.batches, self.asked.folds, seed)
    }

    /// The settings that rank the rows, for batches of which [`Division::without`] leaves rows out by their weight.
    fn inner(&self, config: &PipelineConfig) -> PipelineConfig {
        PipelineConfig {
            weight: Some(self.rows.weight().to_owned()),
            split: None,
            calibration: None,
            tier: None,
            limit: None,
            pricing: None,
            decision: None,
            review: None,
            ..config.clone()
        }
    }

    fn round<'d>(&mut self, division: &'d Division<'d>, fold: u32) -> Result<Round<'d>> {
        let base = self.candidates.first().ok_or_else(|| Error::internal("a search without candidates"))?;
        let round = Round::new(division, Some(fold), self.inner(&base.config), self.threads)?;
        self.work += round.cells;
        Ok(round)
    }

    fn judge(&self, round: &Round<'_>, who: &[usize]) -> Result<Vec<Tried>> {
        let who = who.iter().filter_map(|&at| self.candidates.get(at)).collect();
        self.threads
            .map(who, |candidate: &Candidate| Ok(round.judge(candidate, self.inner(&candidate.config), self.asked.max_iv)))
    }

    fn note(&mut self, at: usize, tried: Tried) {
        self.work += tried.work;
        if let Some(run) = self.runs.get_mut(at) {
            run.work += tried.work;
            match tried.card {
                Ok(judged) => run.judged.push(judged),
                Err(error) => run.error = Some(error),
            }
        }
    }

    fn budget(&self) -> f64 {
        self.asked.budget.map_or(f64::INFINITY, |budget| budget.cells())
    }

    /// Tries all candidates on the first fold, as long as half of the budget lasts.
    fn first_fold(&mut self, division: &Division<'_>) -> Result<()> {
        let round = self.round(division, 0)?;
        let order: Vec<usize> = (0..self.candidates.len()).collect();
        for wave in order.chunks(WAVE) {
            for (&at, tried) in wave.iter().zip(self.judge(&round, wave)?) {
                // The first two are tried in any case.
                if at > 1 && self.work as f64 >= self.budget() / 2.0 {
                    return Ok(());
                }
                self.note(at, tried);
            }
        }
        Ok(())
    }

    /// Tries the most promising candidates on the other folds, as many as the budget lasts for.
    fn other_folds(&mut self, first: Division<'_>) -> Result<()> {
        let mut who = finalists(&self.runs, self.asked.prefer);
        let all = self.asked.folds * self.asked.repeats;
        let mut division = first;
        for at in 1..all {
            let (repeat, fold) = (at / self.asked.folds, at % self.asked.folds);
            if fold == 0 {
                division = self.divide(repeat)?;
            }
            // What is to come costs about what the same candidates cost on the folds before. Those that do not fit are passed
            // over, and where none fits the cheapest goes on.
            let (done, left) = (f64::from(at), f64::from(all - at));
            let cost = |at: &usize| self.runs.get(*at).map_or(0.0, |run| run.work as f64 / done * left);
            let cheapest = who.iter().copied().min_by(|a, b| cost(a).total_cmp(&cost(b)));
            let mut ahead = self.work as f64;
            who.retain(|at| {
                let fits = ahead + cost(at) <= self.budget();
                ahead += if fits { cost(at) } else { 0.0 };
                fits
            });
            if who.is_empty() {
                who.extend(cheapest);
            }
            let round = self.round(&division, fold)?;
            for (&at, tried) in who.iter().zip(self.judge(&round, &who)?) {
                self.note(at, tried);
            }
            who.retain(|&at| self.runs.get(at).is_some_and(|run| run.error.is_none()));
        }
        Ok(())
    }
}
