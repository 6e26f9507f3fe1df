//! The bins of a split that is given: counted, not searched.

use std::cmp::Ordering;

use super::super::bins::{Bin, Certificate, FeatureBins, Split};
use super::super::config::{BinningConfig, Limits, Placement, Shape, Trend, VariableBinning};
use super::super::optimum::{Curve, by_rate, checked_sum, neighbours_hold};
use super::super::table::{Objective, information_value, rows, woe};
use super::super::{Observed, Values};
use super::{Task, total};
use crate::data::{Code, Value};
use crate::error::{Error, Problem, Result};
use crate::stats::Counts;

/// The bins of the feature called `name` between the borders or in the groups of `split`, exactly as given: limits
/// and trend are not asked. `config` may hold settings of the feature. The certificate claims no more than the value that is reached.
///
/// A cell of several values that a cut divides is counted whole below the cut.
///
/// # Errors
/// `InvalidData` when split and values are not of one kind, `InvalidConfig` when the value that missing ones are to be
/// like is of another kind, `InsufficientData` when there is no event or no non-event at all, or a bin of one class and
/// no smoothing.
pub(crate) fn tabulate(name: &str, split: &Split, observed: &Observed<'_>, config: &BinningConfig) -> Result<FeatureBins> {
    let config = &config.of(name);
    let all = total(observed)?;
    let ordinary = ordinary(split, observed)?;
    let mut table = Table { all, config, split, ordinary: &ordinary, joined: ordinary.clone(), bins: Vec::new() };
    for (k, counts) in ordinary.iter().enumerate() {
        table.own(split.label(k), *counts)?;
    }
    let objective = match config.objective {
        Objective::InformationValue => table.bins.iter().map(|bin| bin.iv).sum(),
        other => ordinary.iter().filter(|bin| bin.total() > 0).map(|bin| other.value(*bin, all)).sum(),
    };
    for (name, counts) in observed.special {
        table.placed(format!("special: {name}"), *counts, &config.special)?;
    }
    table.placed("missing".to_owned(), observed.missing, &config.missing)?;
    let bins = table.bins;
    let iv = bins.iter().map(|bin| bin.iv).sum();
    let (exact, trend) = match observed.values {
        Values::Numeric { exact, .. } => (exact, shape(&ordinary)),
        Values::Category { .. } => (true, None),
    };
    let (bound, candidates) = (objective, split.bins() - 1);
    let certificate = Certificate { objective, bound, gap: 0.0, candidates, optimal: false, exact, trend, separates: false };
    Ok(FeatureBins { feature: name.to_owned(), split: split.clone(), bins, iv, certificate, edits: Vec::new() })
}

/// How the event rate moves over the bins that hold rows.
fn shape(ordinary: &[Counts]) -> Option<Shape> {
    let held: Vec<Counts> = ordinary.iter().copied().filter(|bin| bin.total() > 0).collect();
    let steps: Vec<Ordering> = held.windows(2).map(|pair| by_rate(pair[0], pair[1])).collect();
    Shape::of(&steps)
}

/// The bin of each cell or level.
fn places(split: &Split, observed: &Observed<'_>) -> Result<Vec<usize>> {
    match (split, observed.values) {
        (Split::Numeric { cuts }, Values::Numeric { cells, .. }) => {
            Ok(cells.iter().map(|cell| cuts.partition_point(|cut| *cut <= cell.value)).collect())
        }
        (Split::Category { groups, unseen }, Values::Category { levels }) => {
            let mut known: Vec<(&str, usize)> =
                groups.iter().enumerate().flat_map(|(bin, group)| group.iter().map(move |level| (level.as_str(), bin))).collect();
            known.sort_unstable();
            let find = |level: &str| known.binary_search_by(|(name, _)| (*name).cmp(level)).ok().and_then(|at| known.get(at));
            Ok(levels.iter().map(|(level, _)| find(level).map_or(*unseen, |(_, bin)| *bin)).collect())
        }
        _ => {
            let remedy = "give cuts for numbers and groups for levels";
            Err(Error::data(Problem::new("cuts were given for levels, or groups for numbers", remedy)))
        }
    }
}

/// The counts of each ordinary bin.
pub(in crate::binning) fn ordinary(split: &Split, observed: &Observed<'_>) -> Result<Vec<Counts>> {
    sums(split, &places(split, observed)?, counts(observed))
}

/// What was counted in each cell or level.
fn counts(observed: &Observed<'_>) -> Vec<Counts> {
    match observed.values {
        Values::Numeric { cells, .. } => cells.iter().map(|cell| cell.counts).collect(),
        Values::Category { levels } => levels.iter().map(|(_, counts)| *counts).collect(),
    }
}

fn sums(split: &Split, places: &[usize], counts: Vec<Counts>) -> Result<Vec<Counts>> {
    let mut bins = vec![Counts::default(); split.bins()];
    for (place, counts) in places.iter().zip(counts) {
        if let Some(sum) = bins.get_mut(*place) {
            *sum = checked_sum(*sum, counts)?;
        }
    }
    Ok(bins)
}

/// The rows of a table of bins.
struct Table<'a> {
    all: Counts,
    config: &'a BinningConfig,
    split: &'a Split,
    ordinary: &'a [Counts],
    /// The ordinary bins with what was joined to each.
    joined: Vec<Counts>,
    bins: Vec<Bin>,
}

impl Table<'_> {
    fn own(&mut self, label: String, counts: Counts) -> Result<()> {
        let value = woe(counts, self.all, self.config.smoothing()).ok_or_else(one_class)?;
        let iv = self.iv(counts)?;
        self.push(label, counts, value, iv);
        Ok(())
    }

    fn placed(&mut self, label: String, counts: Counts, placement: &Placement) -> Result<()> {
        let Some(at) = self.find(counts, placement)? else { return self.own(label, counts) };
        let value = self.bins.get(at).map_or(0.0, |bin| bin.woe);
        let before = self.joined.get(at).copied().unwrap_or_default();
        let both = checked_sum(before, counts)?;
        let iv = self.iv(both)? - self.iv(before)?;
        if let Some(joined) = self.joined.get_mut(at) {
            *joined = both;
        }
        self.push(label, counts, value, iv);
        Ok(())
    }

    /// The ordinary bin to join; `None` for none.
    fn find(&self, counts: Counts, placement: &Placement) -> Result<Option<usize>> {
        let ordinary = 0..self.ordinary.len();
        let held = ordinary.filter(|k| self.ordinary[*k].total() > 0);
        Ok(match placement {
            Placement::Own => None,
            Placement::Nearest if counts.total() == 0 => None,
            Placement::Nearest => {
                let distance = |k: &usize| (self.ordinary[*k].event_rate() - counts.event_rate()).abs();
                held.min_by(|a, b| distance(a).total_cmp(&distance(b)))
            }
            Placement::Riskiest => held.min_by(|a, b| self.bins[*a].woe.total_cmp(&self.bins[*b].woe)),
            Placement::Like { value } => {
                let value = match value {
                    Code::Number(x) => Value::Number(*x),
                    Code::Text(level) => Value::Category(level),
                };
                let Some((at, _)) = self.split.find(value) else {
                    let remedy = "give a number for a number, and a level for a category";
                    return Err(Error::config(Problem::new(
                        "missing or special values are to be like a value of another kind",
                        remedy,
                    )));
                };
                Some(at)
            }
        })
    }

    fn iv(&self, counts: Counts) -> Result<f64> {
        information_value(counts, self.all, self.config.smoothing()).ok_or_else(one_class)
    }

    fn push(&mut self, label: String, counts: Counts, woe: f64, iv: f64) {
        self.bins.push(Bin {
            label,
            share: counts.total() as f64 / self.all.total() as f64,
            non_events: rows(counts.non_events),
            events: rows(counts.events),
            event_rate: counts.event_rate(),
            woe,
            iv,
        });
    }
}

fn one_class() -> Error {
    let remedy = "set binning.smoothing above 0, or leave the feature out";
    Error::insufficient(Problem::new("a bin holds one class only, and nothing is smoothed", remedy))
}

/// The cuts or groups that the settings of a feature fix, if any.
pub(super) fn split(own: &VariableBinning, observed: &Observed<'_>) -> Option<Result<Split>> {
    let split = match (&own.cuts, &own.groups, observed.values) {
        (None, None, _) => return None,
        (Some(cuts), _, Values::Numeric { .. }) => Ok(Split::Numeric { cuts: cuts.iter().map(|cut| cut + 0.0).collect() }),
        (_, Some(groups), Values::Category { levels }) => Ok(grouped(groups, levels)),
        _ => {
            let remedy = "give cuts for a number and groups for a category";
            Err(Error::config(Problem::new("cuts were given for a category, or groups for a number", remedy)))
        }
    };
    Some(split)
}

/// The groups with the levels that are in none pooled behind them.
fn grouped(groups: &[Vec<String>], levels: &[(&str, Counts)]) -> Split {
    let mut groups = groups.to_vec();
    groups.iter_mut().for_each(|group| group.sort_unstable());
    let mut known: Vec<&str> = groups.iter().flatten().map(String::as_str).collect();
    known.sort_unstable();
    let seen = levels.iter().filter(|(_, counts)| counts.total() > 0);
    let mut rest: Vec<String> =
        seen.filter(|(level, _)| known.binary_search(level).is_err()).map(|(level, _)| (*level).to_owned()).collect();
    rest.sort_unstable();
    if !rest.is_empty() {
        groups.push(rest);
    }
    let unseen = groups.len() - 1;
    Split::Category { groups, unseen }
}

/// Checks bins that were given, apart from the least sizes.
///
/// # Errors
/// `InvalidConfig` naming the first limit that is broken.
pub(super) fn check(split: &Split, task: &Task<'_>, limits: &Limits) -> Result<()> {
    let places = places(split, task.observed)?;
    let bins = sums(split, &places, counts(task.observed))?;
    let mut held: Vec<usize> = (0..bins.len()).filter(|k| bins[*k].total() > 0).collect();
    let trend = match split {
        Split::Numeric { .. } => task.settings.trend,
        Split::Category { .. } => {
            held.sort_by(|a, b| by_rate(bins[*a], bins[*b]));
            Trend::Increasing
        }
    };
    let mut curve = Curve::new(held.iter().map(|k| bins[*k]), task.all, task.settings.objective)?;
    if limits.stable {
        for period in task.periods {
            let bins = sums(split, &places, period.counts.to_vec())?;
            curve.add_period(held.iter().map(|k| bins[*k]))?;
        }
    }
    let cuts: Vec<usize> = (1..held.len()).collect();
    let plain = Limits { difference: 0.0, z_squared: 0.0, stable: false, smoothing: 0.0.into(), ..*limits };
    let hold = |limits: &Limits| neighbours_hold(&curve, limits, trend, &cuts);
    let broken = [
        ("max_bins", bins.len() <= limits.max_bins),
        ("min_bins", bins.len() >= limits.min_bins),
        ("max_share", bins.len() < 2 || bins.iter().all(|bin| bin.total() <= limits.most)),
        ("trend", hold(&plain)),
        ("min_rate_difference", hold(&Limits { difference: limits.difference, ..plain })),
        ("max_p_value", hold(&Limits { z_squared: limits.z_squared, ..plain })),
        ("stable", hold(&Limits { stable: limits.stable, ..plain })),
    ];
    match broken.iter().find(|(_, kept)| !kept) {
        None => Ok(()),
        Some((limit, _)) => {
            let what = format!("the given bins break the limit {limit}");
            Err(Error::config(Problem::new(what, format!("change the bins, or set {limit} for this feature"))))
        }
    }
}
