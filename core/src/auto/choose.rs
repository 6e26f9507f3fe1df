//! Who goes on after the first fold, who wins in the end, and why the others do not.

use super::config::Prefer;
use super::leaderboard::{FoldScore, Leaderboard, Status, Trial};
use super::trial::{Judged, Size};
use crate::error::Error;

/// A candidate on its way through the search.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) name: String,
    pub(super) settings: serde_json::Value,
    pub(super) judged: Vec<Judged>,
    pub(super) error: Option<Error>,
    pub(super) work: u64,
}

impl Run {
    /// Mean AUC so far.
    fn auc(&self) -> f64 {
        mean(self.judged.iter().map(|judged| judged.auc))
    }

    /// The median size over the folds so far, the upper one of two.
    fn size(&self) -> Size {
        let middle = |part: fn(&Size) -> usize| {
            let mut parts: Vec<usize> = self.judged.iter().map(|judged| part(&judged.size)).collect();
            parts.sort_unstable();
            parts.get(parts.len() / 2).copied().unwrap_or(0)
        };
        Size {
            boosted: self.judged.iter().any(|judged| judged.size.boosted),
            variables: middle(|size| size.variables),
            pairs: middle(|size| size.pairs),
            bins: middle(|size| size.bins),
        }
    }
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

/// Mean of figures by fold, and its standard error: of `values.len()` folds in all, `folds` in a division.
fn estimate(values: &[f64], folds: u32) -> (f64, f64) {
    let (count, centre) = (values.len() as f64, mean(values.iter().copied()));
    let variance = values.iter().map(|x| (x - centre) * (x - centre)).sum::<f64>() / (count - 1.0);
    (centre, ((1.0 / count + 1.0 / f64::from(folds - 1)) * variance).sqrt())
}

/// The candidates that go on after the first fold, the most promising first: the one asked for and the best third. When
/// the simplest is preferred, every other place goes to the simplest of those whose AUC is within its standard error (Hanley
/// and McNeil 1982) of the best. Of candidates that give the same card only the first goes on.
pub(super) fn finalists(runs: &[Run], prefer: Prefer) -> Vec<usize> {
    let mut left: Vec<(usize, f64, Size)> = runs
        .iter()
        .enumerate()
        .filter(|(at, run)| run.error.is_none() && !run.judged.is_empty() && twin(runs, *at).is_none())
        .map(|(at, run)| (at, run.auc(), run.size()))
        .collect();
    let places = left.len().div_ceil(3);
    left.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.2.cmp(&b.2)));
    let Some(&(best, highest, _)) = left.first() else { return Vec::new() };
    let noise = runs.get(best).and_then(|run| run.judged.first()).map_or(0.0, |judged| judged.noise);
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < places && !left.is_empty() {
        let simple = prefer == Prefer::Simplest && chosen.len() % 2 == 1;
        let close = left.iter().enumerate().filter(|(_, (_, auc, _))| highest - auc <= noise);
        let simplest = close.min_by_key(|(_, (_, _, size))| *size).map(|(at, _)| at);
        chosen.push(left.remove(if simple { simplest.unwrap_or(0) } else { 0 }).0);
    }
    if let Some(&(base, ..)) = left.iter().find(|(at, ..)| *at == 0) {
        chosen.insert(chosen.len().min(1), base);
    }
    chosen
}

/// The candidate before this one that gave the very same figures on the first fold.
fn twin(runs: &[Run], at: usize) -> Option<&Run> {
    let first = runs.get(at)?.judged.first()?;
    runs.iter().take(at).find(|run| run.judged.first() == Some(first))
}

/// The winner among the candidates that were judged on `all` folds, `folds` in a division.
pub(super) fn winner(runs: &[Run], all: usize, folds: u32, prefer: Prefer) -> Option<(usize, usize)> {
    let whole = || runs.iter().enumerate().filter(|(_, run)| run.error.is_none() && run.judged.len() == all);
    let best = whole().max_by(|(i, a), (j, b)| a.auc().total_cmp(&b.auc()).then(b.size().cmp(&a.size())).then(j.cmp(i)))?;
    let close = whole().filter(|(at, run)| {
        let (behind, error) = behind(best.1, run, folds);
        *at == best.0 || prefer == Prefer::Simplest && behind <= error
    });
    let chosen = close.min_by(|(_, a), (_, b)| a.size().cmp(&b.size()).then(b.auc().total_cmp(&a.auc())))?;
    Some((chosen.0, best.0))
}

/// How far `run` is behind `other` fold by fold, and the standard error of that.
fn behind(other: &Run, run: &Run, folds: u32) -> (f64, f64) {
    let apart: Vec<f64> = other.judged.iter().zip(&run.judged).map(|(other, own)| other.auc - own.auc).collect();
    estimate(&apart, folds)
}

/// The leaderboard; `all` folds were judged, `folds` in a division.
pub(super) fn leaderboard(runs: &[Run], chosen: usize, best: usize, all: usize, folds: u32, work: u64) -> Leaderboard {
    let mut trials: Vec<Trial> = runs
        .iter()
        .enumerate()
        .map(|(at, run)| {
            let (status, reason) = verdict(runs, at, chosen, best, all, folds);
            trial(run, status, reason, folds)
        })
        .collect();
    trials.sort_by(|a, b| {
        let auc = |trial: &Trial| trial.auc.unwrap_or(0.0);
        a.status.cmp(&b.status).then(auc(b).total_cmp(&auc(a)))
    });
    Leaderboard { trials, work }
}

fn trial(run: &Run, status: Status, reason: String, folds: u32) -> Trial {
    let aucs: Vec<f64> = run.judged.iter().map(|judged| judged.auc).collect();
    let some = !aucs.is_empty();
    let size = run.size();
    Trial {
        name: run.name.clone(),
        settings: run.settings.clone(),
        status,
        reason,
        auc: some.then(|| run.auc()),
        standard_error: (aucs.len() > 1).then(|| estimate(&aucs, folds).1),
        log_loss: some.then(|| mean(run.judged.iter().map(|judged| judged.log_loss))),
        folds: run.judged.iter().map(|judged| FoldScore { auc: judged.auc, log_loss: judged.log_loss }).collect(),
        boosted: size.boosted,
        variables: size.variables,
        pairs: size.pairs,
        bins: size.bins,
        work: run.work,
    }
}

/// What became of the candidate at `at`, and why.
fn verdict(runs: &[Run], at: usize, chosen: usize, best: usize, all: usize, folds: u32) -> (Status, String) {
    let (run, won, top) = (&runs[at], &runs[chosen], &runs[best]);
    if let Some(error) = &run.error {
        return (Status::Refused, error.to_string());
    }
    let Some(first) = run.judged.first() else {
        return (Status::NotTried, "the budget was spent before its turn".to_owned());
    };
    let above = if chosen == best { "the winner".to_owned() } else { format!("the best, '{}'", top.name) };
    if run.judged.len() < all {
        let gap = top.judged.first().map_or(0.0, |top| top.auc) - first.auc;
        let what = if let Some(twin) = twin(runs, at) {
            format!("it gives the same card as '{}' on the first fold", twin.name)
        } else if gap > 0.0 {
            format!("AUC {gap:.4} below {above} on the first fold")
        } else {
            "the budget was spent before the other folds".to_owned()
        };
        return (Status::Stopped, what);
    }
    let (gap, error) = behind(top, run, folds);
    let apart = distance(gap, error);
    if at == chosen {
        let why = if at == best {
            "it has the highest AUC, and none within one standard error of it is simpler".to_owned()
        } else {
            format!("it is the simplest within one standard error of the highest AUC, {apart} below '{}'", top.name)
        };
        return (Status::Won, why);
    }
    let reason = if at != best && gap > error {
        format!("AUC {apart} below {above}")
    } else {
        format!("within one standard error of the highest AUC, but {}", longer(run, won, folds))
    };
    (Status::Lost, reason)
}

/// Why a card that ranks no worse is not preferred.
fn longer(run: &Run, won: &Run, folds: u32) -> String {
    let (own, least) = (run.size(), won.size());
    if own.boosted && !least.boosted {
        "a boosted card where a plain one does".to_owned()
    } else if own.variables > least.variables {
        format!("longer ({} variables against {})", own.variables, least.variables)
    } else if own.pairs > least.pairs {
        format!("with more pairs ({} against {})", own.pairs, least.pairs)
    } else if own > least {
        format!("with more bins ({} against {})", own.bins, least.bins)
    } else {
        let (gap, error) = behind(won, run, folds);
        format!("no simpler than the winner, and AUC {} below it", distance(gap, error))
    }
}

fn distance(gap: f64, error: f64) -> String {
    // What rounding leaves of no difference at all is no error.
    if error > 1e-9 { format!("{gap:.4} ({:.1} standard errors)", gap / error) } else { format!("{gap:.4}") }
}
