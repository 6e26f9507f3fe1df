//! From counts to bins.

mod given;
#[cfg(test)]
mod tests;
mod tightest;

use super::bins::{Certificate, FeatureBins, Split};
use super::category;
use super::config::{BinningConfig, Limits, Trend};
use super::edit::with_readable_cuts;
use super::optimum::{Curve, Solution, checked_sum, solve};
use super::table::woe;
use super::{Observed, Values};
use crate::error::{Error, Problem, Result};
use crate::stats::{Cell, Counts};
pub(super) use given::ordinary;
pub(crate) use given::tabulate;

/// The bins of the feature called `name`.
///
/// A feature with one value only, or none, gets a single ordinary bin; see [`FeatureBins::is_constant`].
///
/// ```
/// use scoreline::binning::{bin, BinningConfig, Observed, Split, Values};
/// use scoreline::stats::{Cell, Counts};
/// let row = |value: f64, non_events: u64, events: u64| Cell {
///     value,
///     counts: Counts { non_events: non_events << 20, events: events << 20 },
/// };
/// let cells = [row(1.0, 60, 40), row(2.0, 65, 35), row(3.0, 90, 10), row(4.0, 95, 5)];
/// let observed = Observed {
///     values: Values::Numeric { cells: &cells, exact: true },
///     special: &[],
///     missing: Counts::default(),
/// };
/// let bins = bin("tenure", &observed, &BinningConfig { max_bins: 2, ..BinningConfig::default() })?;
/// assert_eq!(bins.split, Split::Numeric { cuts: vec![3.0] });
/// assert_eq!(bins.bins[1].label, "[3, inf)");
/// assert_eq!(bins.certificate.gap, 0.0);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the settings are out of range, when fewer than `min_bins` bins
/// are within the limits (the tightest one is named), and when given cuts or groups break a limit;
/// [`InvalidData`](crate::ErrorCode::InvalidData) when cells are not sorted or levels repeat, and
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) when there is no event or no non-event at all,
/// or a bin of one class and no smoothing.
pub fn bin(name: &str, observed: &Observed<'_>, config: &BinningConfig) -> Result<FeatureBins> {
    bin_over_time(name, observed, &[], config)
}

/// What was counted of the ordinary values in one period.
#[derive(Debug, Clone, Copy)]
pub struct PeriodCounts<'a> {
    /// Name of the period, for readers: `2024-Q1`.
    pub name: &'a str,
    /// One entry for each cell or level of [`Observed::values`], in the same order.
    pub counts: &'a [Counts],
}

/// The bins of the feature called `name`, as [`bin`] finds them; where
/// [`stable`](BinningConfig::stable) is set, neighbouring bins have the same order of event rates in each of `periods`.
///
/// ```
/// use scoreline::binning::{bin_over_time, BinningConfig, Observed, PeriodCounts, Values};
/// use scoreline::stats::{Cell, Counts};
/// let counts = |non_events: u64, events: u64| Counts { non_events: non_events << 20, events: events << 20 };
/// let (early, late) = ([counts(30, 20), counts(25, 25), counts(40, 10)], [counts(25, 25), counts(30, 20), counts(45, 5)]);
/// let cells: Vec<Cell> = (0..3)
///     .map(|i| Cell {
///         value: i as f64,
///         counts: Counts { non_events: early[i].non_events + late[i].non_events, events: early[i].events + late[i].events + (i == 0) as u64 },
///     })
///     .collect();
/// let observed = Observed { values: Values::Numeric { cells: &cells, exact: true }, special: &[], missing: Counts::default() };
/// let periods = [PeriodCounts { name: "2024", counts: &early }, PeriodCounts { name: "2025", counts: &late }];
/// let stable = BinningConfig { stable: true, ..BinningConfig::default() };
/// // The first two values change their order from one year to the other, and share a bin.
/// assert_eq!(bin_over_time("x", &observed, &periods, &stable)?.ordinary(), 2);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// As [`bin`]; [`InvalidData`](crate::ErrorCode::InvalidData) when a period has another number of counts.
pub fn bin_over_time(
    name: &str,
    observed: &Observed<'_>,
    periods: &[PeriodCounts<'_>],
    config: &BinningConfig,
) -> Result<FeatureBins> {
    config.validate()?;
    fit(name, observed, periods, config).map_err(|error| error.in_field(name))
}

fn fit(name: &str, observed: &Observed<'_>, periods: &[PeriodCounts<'_>], config: &BinningConfig) -> Result<FeatureBins> {
    let settings = config.of(name);
    let given = config.variables.get(name).and_then(|own| given::split(own, observed));
    let forced = given.is_some();
    let task = Task { observed, periods, all: total(observed)?, settings: &settings };
    let limits = settings.limits(task.all);
    let found = task.search(&limits, settings.trend)?;
    let split = match given {
        Some(split) => {
            let split = split?;
            given::check(&split, &task, &limits)?;
            split
        }
        None if !found.solution.within && limits.min_bins > 1 => return Err(tightest::error(&task, &limits)?),
        None => found.split.clone(),
    };
    let mut bins = tabulate(name, &split, observed, &settings)?;
    certify(&mut bins.certificate, &found, split == found.split);
    match settings.readable {
        Some(max_iv_loss) if !forced => with_readable_cuts(bins, observed, periods, config, max_iv_loss),
        _ => Ok(bins),
    }
}

/// One feature to be binned.
struct Task<'a> {
    observed: &'a Observed<'a>,
    periods: &'a [PeriodCounts<'a>],
    all: Counts,
    settings: &'a BinningConfig,
}

/// The best bins within some limits.
struct Best {
    solution: Solution,
    split: Split,
    /// Value of the bins.
    value: f64,
    /// Whether one cut parts the classes.
    separates: bool,
}

impl Task<'_> {
    fn search(&self, limits: &Limits, trend: Trend) -> Result<Best> {
        match self.observed.values {
            Values::Numeric { cells, .. } => {
                let held = held(cells)?;
                let curve = self.curve(held.len(), held.iter().map(|at| cells[*at].counts), |at, period| {
                    held.get(at).and_then(|cell| period.counts.get(*cell)).copied().unwrap_or_default()
                })?;
                let solution = solve(&curve, limits, trend)?;
                // Adding 0 turns −0 into 0.
                let cuts = solution.cuts.iter().map(|cut| cells[held[*cut]].value + 0.0).collect();
                Ok(Best {
                    value: total_value(&curve, &solution),
                    separates: curve.separates(),
                    solution,
                    split: Split::Numeric { cuts },
                })
            }
            Values::Category { levels } => {
                let units = category::units(levels, limits)?;
                let curve =
                    self.curve(units.len(), units.iter().map(|unit| unit.counts), |at, period| units[at].in_period(period))?;
                // Groups have no trend that smoothing could turn.
                let solution = solve(&curve, &Limits { smoothing: 0.0.into(), ..*limits }, Trend::Increasing)?;
                let value = |bin: &Counts| woe(*bin, self.all, self.settings.smoothing());
                let woes: Vec<f64> = curve.bins(&solution.cuts).iter().filter_map(value).collect();
                let split = category::split(&units, &solution.cuts, &woes);
                Ok(Best { value: total_value(&curve, &solution), separates: curve.separates(), solution, split })
            }
        }
    }

    /// The curve over parts that hold some weight, with the periods where they count.
    fn curve(
        &self,
        parts: usize,
        counts: impl ExactSizeIterator<Item = Counts>,
        in_period: impl Fn(usize, &PeriodCounts<'_>) -> Counts,
    ) -> Result<Curve> {
        let mut curve = Curve::new(counts, self.all, self.settings.objective)?;
        let given = match self.observed.values {
            Values::Numeric { cells, .. } => cells.len(),
            Values::Category { levels } => levels.len(),
        };
        if self.periods.iter().any(|period| period.counts.len() != given) {
            return Err(Error::data(Problem::new("a period has another number of counts", "give one for each cell or level")));
        }
        if self.settings.stable {
            for period in self.periods {
                curve.add_period((0..parts).map(|at| in_period(at, period)))?;
            }
        }
        Ok(curve)
    }
}

fn total_value(curve: &Curve, solution: &Solution) -> f64 {
    curve.bins(&solution.cuts).iter().map(|bin| curve.value(*bin)).sum()
}

/// The counts of all rows, which must hold both classes.
pub(super) fn total(observed: &Observed<'_>) -> Result<Counts> {
    let special = observed.special.iter().map(|(_, counts)| *counts);
    let mut all = special.chain([observed.missing]).try_fold(Counts::default(), checked_sum)?;
    all = match observed.values {
        Values::Numeric { cells, .. } => cells.iter().map(|cell| cell.counts).try_fold(all, checked_sum)?,
        Values::Category { levels } => levels.iter().map(|(_, counts)| *counts).try_fold(all, checked_sum)?,
    };
    if all.events == 0 || all.non_events == 0 {
        let absent = if all.events == 0 { "there is no event" } else { "there is no non-event" };
        return Err(Error::insufficient(Problem::new(absent, "use data that hold both outcomes")));
    }
    Ok(all)
}

/// The places of the cells that hold some weight.
fn held(cells: &[Cell]) -> Result<Vec<usize>> {
    if cells.iter().any(|cell| !cell.value.is_finite()) || cells.windows(2).any(|pair| pair[0].value >= pair[1].value) {
        return Err(Error::data(Problem::new("cells must be finite and rise strictly", "sort them and merge equal values")));
    }
    Ok((0..cells.len()).filter(|at| cells[*at].counts.total() > 0).collect())
}

/// Completes what the bins say of themselves by what the search found. For bins that were given, the gap is what
/// forcing them costs.
fn certify(certificate: &mut Certificate, found: &Best, searched: bool) {
    // The bound was added up in another order: differences of rounding are not a gap.
    let bound = found.solution.bound.filter(|bound| *bound > certificate.objective * (1.0 + 1e-12));
    certificate.bound = bound.unwrap_or(certificate.objective);
    certificate.gap = certificate.bound - certificate.objective;
    certificate.candidates = found.solution.candidates;
    certificate.separates = found.separates;
    certificate.optimal = searched && found.solution.optimal;
}
