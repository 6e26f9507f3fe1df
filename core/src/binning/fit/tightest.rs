//! Which limit is in the way when no bins keep them all.

use super::Task;
use crate::binning::config::{Limits, Trend};
use crate::error::{Error, Problem, Result};

/// The error that names the tightest limit: the one without which the bins are best, each left out alone. When none of
/// them is enough by itself, it says how many bins there can be.
pub(super) fn error(task: &Task<'_>, limits: &Limits) -> Result<Error> {
    let trend = task.settings.trend;
    let relaxed = [
        ("min_share", Limits { total: 0, ..*limits }, trend),
        ("min_level_share", Limits { level: 0, ..*limits }, trend),
        ("max_share", Limits { most: u64::MAX, ..*limits }, trend),
        ("min_events", Limits { events: 1, ..*limits }, trend),
        ("min_non_events", Limits { non_events: 1, ..*limits }, trend),
        ("min_rate_difference", Limits { difference: 0.0, ..*limits }, trend),
        ("max_p_value", Limits { z_squared: 0.0, ..*limits }, trend),
        ("stable", Limits { stable: false, ..*limits }, trend),
        ("trend", *limits, Trend::None),
    ];
    let mut tightest: Option<(&str, f64)> = None;
    for (name, limits, trend) in relaxed {
        let found = task.search(&limits, trend)?;
        if found.solution.within && tightest.is_none_or(|(_, value)| found.value > value) {
            tightest = Some((name, found.value));
        }
    }
    let wanted = limits.min_bins;
    let what = match tightest {
        Some((name, _)) => format!("no {wanted} bins keep all limits; the tightest is {name}: without it there are such bins"),
        None => {
            let mut most = 1;
            for bins in (2..wanted).rev() {
                if task.search(&Limits { min_bins: bins, ..*limits }, trend)?.solution.within {
                    most = bins;
                    break;
                }
            }
            format!("no {wanted} bins keep all limits; the tightest is min_bins: at most {most} are possible")
        }
    };
    Ok(Error::config(Problem::new(what, "relax this limit for the feature in binning.variables, or leave the feature out")))
}
