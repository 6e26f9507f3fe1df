//! Why no maximum exists, in terms of the variables: dependence and separation.

use super::quadratic::Quadratic;
use crate::binning::{Bin, FeatureBins};
use crate::error::{Convergence, Error, Problem, Result};
use crate::math::DependentColumn;

/// The most names in one sentence.
const NAMED: usize = 3;

/// Says which variable the others give exactly. `first` is 1 when column 0 of the decomposition is the first variable,
/// and 0 when it is the intercept.
pub(super) fn dependent(quadratic: &Quadratic, found: &DependentColumn, first: usize) -> Problem {
    let name = |column: usize| (column + first).checked_sub(1).and_then(|j| quadratic.variables.get(j));
    let Some(variable) = name(found.column) else {
        return Problem::new("no row leaves any doubt about its outcome", "look for a variable that gives the outcome away")
            .field("model");
    };
    let size = |column: usize| quadratic.information.get((column + first, column + first)).copied().unwrap_or(0.0).sqrt();
    let mut parts: Vec<(f64, &String)> = found
        .weights
        .iter()
        .enumerate()
        .filter_map(|(column, weight)| name(column).map(|name| (weight.abs() * size(column), name)))
        .filter(|(share, _)| *share > 1e-6 * size(found.column))
        .collect();
    parts.sort_by(|a, b| b.0.total_cmp(&a.0));
    let what = match parts.len() {
        0 => format!("`{variable}` has the same weight of evidence in every row"),
        1 => format!("`{variable}` repeats `{}`", parts[0].1),
        _ => format!("`{variable}` is a linear combination of {}", list(parts.iter().map(|(_, name)| name.as_str()))),
    };
    Problem::new(what, format!("leave `{variable}` out, or set model.selection.max_vif")).field(variable)
}

/// Refuses variables whose bins already separate the classes: all rows of the lower weights of evidence had the event and
/// all of the higher ones did not, or with one bin between them that holds both (quasi-complete separation). The
/// likelihood then has no maximum (Albert and Anderson 1984), whatever the other variables are, so that no pass over the
/// data is needed to know.
///
/// # Errors
/// [`NotConverged`](crate::ErrorCode::NotConverged) with one problem a variable, naming the bins.
pub fn refuse_separation(bins: &[FeatureBins]) -> Result<()> {
    let found: Vec<(&str, String)> =
        bins.iter().filter_map(|bins| separation(bins).map(|what| (bins.feature.as_str(), what))).collect();
    let Some((first, _)) = found.first() else { return Ok(()) };
    let what: Vec<&str> = found.iter().map(|(_, what)| what.as_str()).collect();
    let remedy = "merge bins until two of them hold both classes, or leave the variable out if it is known only after the \
                  outcome; smoothing does not help";
    let none = Convergence { iterations: 0, gradient: 0.0 };
    Err(Error::not_converged(none, Problem::new(what.join("; "), remedy).field(*first)))
}

fn separation(feature: &FeatureBins) -> Option<String> {
    let mut seen: Vec<&Bin> = feature.bins.iter().filter(|bin| bin.events + bin.non_events > 0.0).collect();
    seen.sort_by(|a, b| a.woe.total_cmp(&b.woe));
    let rising = thresholds(&seen);
    seen.reverse();
    if !rising && !thresholds(&seen) {
        return None;
    }
    let mixed = |bin: &&&Bin| bin.events > 0.0 && bin.non_events > 0.0;
    let kind = if seen.iter().any(|bin| mixed(&bin)) { "quasi-completely" } else { "completely" };
    let mut said = Vec::new();
    for (class, fate) in [(true, "had the event"), (false, "did not")] {
        let pure: Vec<&str> =
            seen.iter().filter(|bin| !mixed(bin) && (bin.events > 0.0) == class).map(|bin| bin.label.as_str()).collect();
        if !pure.is_empty() {
            said.push(format!("all rows in {} {fate}", list(pure.into_iter())));
        }
    }
    Some(format!("`{}` separates the classes {kind}: {}", feature.feature, said.join(", ")))
}

/// Whether events come first, then at most one weight of evidence with both classes, then non-events, and not all rows
/// are there.
fn thresholds(bins: &[&Bin]) -> bool {
    let mut groups: Vec<(f64, f64, f64)> = Vec::new();
    for bin in bins {
        match groups.last_mut() {
            Some(last) if last.0 == bin.woe => {
                last.1 += bin.events;
                last.2 += bin.non_events;
            }
            _ => groups.push((bin.woe, bin.events, bin.non_events)),
        }
    }
    let first = groups.iter().position(|group| group.2 > 0.0).unwrap_or(groups.len());
    groups.len() > 1 && groups.iter().skip(first + 1).all(|group| group.1 == 0.0)
}

/// Says along which variables the likelihood rises for ever. `step` is the last Newton step, intercept first, `scale` the
/// standard deviation of each variable.
pub(super) fn diverging(variables: &[String], step: &[f64], scale: &[f64]) -> Problem {
    let mut reach: Vec<(f64, &String)> =
        variables.iter().zip(step.iter().skip(1)).zip(scale).map(|((name, step), scale)| (step.abs() * scale, name)).collect();
    reach.sort_by(|a, b| b.0.total_cmp(&a.0));
    let most = reach.first().map_or(0.0, |first| first.0);
    let names = reach.iter().filter(|(reach, _)| *reach >= most / 10.0);
    let what = if reach.len() == 1 || reach.get(1).is_some_and(|(next, _)| *next < most / 10.0) {
        format!("{} separates the classes: its coefficient grows without bound", list(names.map(|(_, name)| name.as_str())))
    } else {
        format!(
            "{} together separate the classes: their coefficients grow without bound",
            list(names.map(|(_, name)| name.as_str()))
        )
    };
    let remedy = "merge bins that hold one class only, leave a variable out, or add rows; a variable that is known only after \
                  the outcome does this";
    let problem = Problem::new(what, remedy);
    match reach.first() {
        Some((_, name)) => problem.field(name.as_str()),
        None => problem.field("model"),
    }
}

/// `a`, `b` and 3 more.
fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let shown: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    match names.len().checked_sub(NAMED + 1) {
        Some(more) => format!("{} and {} more", shown.join(", "), more + 1),
        None => match shown.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => shown.concat(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binning::{Certificate, Split};

    /// Bins by label, weight of evidence, non-events and events.
    fn feature(bins: &[(&str, f64, f64, f64)]) -> FeatureBins {
        let bin = |&(label, woe, non_events, events): &(&str, f64, f64, f64)| Bin {
            label: label.to_owned(),
            share: 0.0,
            non_events,
            events,
            event_rate: 0.0,
            woe,
            iv: 0.0,
        };
        let certificate = Certificate {
            objective: 0.0,
            bound: 0.0,
            gap: 0.0,
            candidates: 0,
            optimal: true,
            exact: true,
            trend: None,
            separates: false,
        };
        FeatureBins {
            feature: "paid_late".into(),
            split: Split::Numeric { cuts: Vec::new() },
            bins: bins.iter().map(bin).collect(),
            iv: 0.0,
            certificate,
            edits: Vec::new(),
        }
    }

    #[test]
    fn a_variable_that_gives_the_outcome_away_is_refused_with_its_bins() {
        let refused = |bins: &[(&str, f64, f64, f64)]| {
            let sound = feature(&[("[-inf, 3)", -1.0, 5.0, 20.0), ("[3, inf)", 1.0, 95.0, 30.0), ("missing", 0.0, 0.0, 0.0)]);
            refuse_separation(&[sound, feature(bins)]).err().map(|error| error.problems()[0].what.clone())
        };
        let complete = refused(&[("[1, 9)", -4.0, 0.0, 50.0), ("[-inf, 1)", 4.0, 100.0, 0.0), ("missing", 0.0, 0.0, 0.0)]);
        let said =
            "`paid_late` separates the classes completely: all rows in `[1, 9)` had the event, all rows in `[-inf, 1)` did not";
        assert_eq!(complete.as_deref(), Some(said));
        // One bin between the two holds both classes.
        let quasi = refused(&[("low", 4.0, 90.0, 0.0), ("mid", 0.0, 10.0, 20.0), ("high", -4.0, 0.0, 30.0)]);
        assert!(quasi.is_some_and(|what| what.starts_with("`paid_late` separates the classes quasi-completely")));
        // A pure bin alone gives nothing away, nor do two mixed bins between pure ones, nor one bin.
        assert_eq!(refused(&[("low", 4.0, 90.0, 0.0), ("mid", 0.0, 5.0, 20.0), ("high", -1.0, 5.0, 30.0)]), None);
        assert_eq!(
            refused(&[("pure", 4.0, 90.0, 0.0), ("a", 1.0, 5.0, 2.0), ("b", 0.0, 5.0, 30.0), ("c", -4.0, 0.0, 18.0)]),
            None
        );
        assert_eq!(refused(&[("all", 0.0, 100.0, 50.0)]), None);
        // The order of the weights of evidence decides, and equal ones are one value of the variable.
        assert!(refused(&[("up", -4.0, 90.0, 0.0), ("mid", 0.0, 10.0, 20.0), ("down", 4.0, 0.0, 30.0)]).is_some());
        assert_eq!(refused(&[("low", 1.0, 90.0, 0.0), ("mid", 0.0, 10.0, 20.0), ("high", 1.0, 0.0, 30.0)]), None);
    }

    #[test]
    fn long_lists_are_cut() {
        assert_eq!(list(["a", "b", "c"].into_iter()), "`a`, `b` and `c`");
        assert_eq!(list(["a", "b", "c", "d", "e"].into_iter()), "`a`, `b`, `c` and 2 more");
        assert_eq!(list(["a"].into_iter()), "`a`");
    }
}
