//! From counts to bins.

use super::bins::{Certificate, FeatureBins, Split};
use super::category::{self, Unit};
use super::config::{BinningConfig, Trend};
use super::optimum::{Curve, Solution, checked_sum, solve};
use super::table::woe;
use super::{Observed, Values};
use crate::error::{Error, Problem, Result};
use crate::stats::{Cell, Counts};

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
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the settings are out of range,
/// [`InvalidData`](crate::ErrorCode::InvalidData) when cells are not sorted or levels repeat, and
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) when there is no event or no non-event at all,
/// or a bin of one class and no smoothing.
pub fn bin(name: &str, observed: &Observed<'_>, config: &BinningConfig) -> Result<FeatureBins> {
    config.validate()?;
    fit(name, observed, config).map_err(|error| error.in_field(name))
}

fn fit(name: &str, observed: &Observed<'_>, config: &BinningConfig) -> Result<FeatureBins> {
    let all = total(observed)?;
    let limits = config.limits(all);
    let (curve, solution, split, exact) = match observed.values {
        Values::Numeric { cells, exact } => {
            let (curve, values) = numeric_curve(cells, all)?;
            let mut solution = solve(&curve, &limits, config.trend);
            solution.keep_trend(&curve, all, config.smoothing);
            // Adding 0 turns −0 into 0.
            let cuts = solution.cuts.iter().map(|cut| values[*cut] + 0.0).collect();
            (curve, solution, Split::Numeric { cuts }, exact)
        }
        Values::Category { levels } => {
            let units = category::units(levels, &limits)?;
            let curve = Unit::curve(&units, all)?;
            let mut solution = solve(&curve, &limits, Trend::Increasing);
            solution.keep_trend(&curve, all, config.smoothing);
            solution.direction = None;
            let woes: Vec<f64> = curve.bins(&solution.cuts).iter().filter_map(|bin| woe(*bin, all, config.smoothing)).collect();
            let split = category::split(&units, &solution.cuts, &woes);
            (curve, solution, split, true)
        }
    };
    let bins = tabulate(name, &split, observed, config)?;
    let certificate = certify(&solution, bins.certificate.objective, exact);
    Ok(FeatureBins { certificate, ..bins })
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

/// The curve over the cells that hold some weight, and the value at which each border cuts.
fn numeric_curve(cells: &[Cell], all: Counts) -> Result<(Curve, Vec<f64>)> {
    if cells.iter().any(|cell| !cell.value.is_finite()) || cells.windows(2).any(|pair| pair[0].value >= pair[1].value) {
        return Err(Error::data(Problem::new("cells must be finite and rise strictly", "sort them and merge equal values")));
    }
    let held: Vec<&Cell> = cells.iter().filter(|cell| cell.counts.total() > 0).collect();
    let curve = Curve::new(held.iter().map(|cell| cell.counts), all)?;
    Ok((curve, held.iter().map(|cell| cell.value).collect()))
}

fn certify(solution: &Solution, objective: f64, exact: bool) -> Certificate {
    // The bound was added up in another order: differences of rounding are not a gap.
    let bound = solution.bound.filter(|bound| *bound > objective * (1.0 + 1e-12)).unwrap_or(objective);
    Certificate {
        objective,
        bound,
        gap: bound - objective,
        candidates: solution.candidates,
        optimal: solution.optimal,
        exact,
        trend: solution.direction,
    }
}

mod given;
#[cfg(test)]
mod tests;

pub(super) use given::{ordinary, tabulate};
