//! What moved between two tables: kinds, levels, ranges, missing values, distributions.

use serde::{Deserialize, Serialize};

use super::facts::{ColumnProfile, LevelFacts, Profile};
use super::finding::{Finding, FindingKind, Severity, percent, sort};
use crate::math::ln;

/// Shifts from which a column is a note and a warning: the usual reading of the population stability index (Siddiqi, *Credit
/// Risk Scorecards*).
const SLIGHT: f64 = 0.1;
const MARKED: f64 = 0.25;

/// The change of a missing share that is a finding.
const MISSING: f64 = 0.05;

/// A later table against an earlier one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Rows of the earlier table.
    pub rows_before: u64,
    /// Rows of the later table.
    pub rows_after: u64,
    /// The columns that both have, in the order of their names.
    pub columns: Vec<ColumnDrift>,
    /// What moved, the worst first.
    pub findings: Vec<Finding>,
}

/// How far one column moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnDrift {
    /// Name of the column.
    pub name: String,
    /// Share of missing values in the earlier table, in [0, 1].
    pub missing_before: f64,
    /// The same in the later table.
    pub missing_after: f64,
    /// Population stability index Σ (b − a) ln(b/a) over shares a before and b after, at least 0: over tenths of the earlier
    /// values, or its levels, and the missing values. A share of 0 counts as half a row. Numbers and days are placed by
    /// percentiles, so each share is exact to one percent. Absent when kinds differ or a table has no rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub psi: Option<f64>,
}

/// Compares a later table with an earlier one, by their profiles.
///
/// ```
/// use scoreline::profile::{FindingKind, ProfileConfig, compare, profile};
/// use scoreline::{Batch, Column, Threads};
/// let seen = |shift: f64| {
///     let income = (0..500).map(|i| f64::from(i % 100) + shift).collect::<Vec<f64>>();
///     profile(&[Batch::new(500).with("income", Column::numbers(income))?], &ProfileConfig::default(), Threads::One)
/// };
/// let moved = compare(&seen(0.0)?, &seen(40.0)?);
/// assert!(moved.columns[0].psi.is_some_and(|psi| psi > 0.25));
/// assert!(moved.findings.iter().any(|finding| finding.kind == FindingKind::RangeMoved));
/// # Ok::<(), scoreline::Error>(())
/// ```
#[must_use]
pub fn compare(before: &Profile, after: &Profile) -> Comparison {
    let mut findings = Vec::new();
    let mut columns = Vec::new();
    for old in &before.columns {
        let Some(new) = after.column(&old.name) else {
            let what = "was in the earlier table and is gone";
            findings.push(Finding::new(
                &old.name,
                FindingKind::ColumnGone,
                Severity::Critical,
                what,
                "load it, or do without it",
            ));
            continue;
        };
        let rows = [before.rows, after.rows];
        let drift = drift(old, new, rows);
        findings.extend(moved(old, new, &drift, rows));
        columns.push(drift);
    }
    for new in after.columns.iter().filter(|new| before.column(&new.name).is_none()) {
        let what = "was not in the earlier table";
        findings.push(Finding::new(&new.name, FindingKind::ColumnNew, Severity::Note, what, "nothing learnt earlier reads it"));
    }
    sort(&mut findings);
    Comparison { rows_before: before.rows, rows_after: after.rows, columns, findings }
}

fn drift(old: &ColumnProfile, new: &ColumnProfile, rows: [u64; 2]) -> ColumnDrift {
    let same = old.kind.is_none() || new.kind.is_none() || old.kind == new.kind;
    let psi = (same && rows.iter().all(|rows| *rows > 0)).then(|| psi(old, new, rows));
    ColumnDrift { name: old.name.clone(), missing_before: old.missing_share, missing_after: new.missing_share, psi }
}

/// The stability index over groups of the earlier table.
fn psi(old: &ColumnProfile, new: &ColumnProfile, rows: [u64; 2]) -> f64 {
    let mut groups: Vec<[f64; 2]> = Vec::new();
    if let Some((old, new)) = levels(old, new) {
        let mut listed = [0u64; 2];
        for one in &old.top {
            let both = [one.rows, new.top.iter().find(|level| level.level == one.level).map_or(0, |level| level.rows)];
            listed = [listed[0] + both[0], listed[1] + both[1]];
            groups.push([0, 1].map(|at| both[at] as f64 / rows[at] as f64));
        }
        let all = [old, new].map(|facts| facts.unlisted + facts.top.iter().map(|level| level.rows).sum::<u64>());
        groups.push([0, 1].map(|at| all[at].saturating_sub(listed[at]) as f64 / rows[at] as f64));
    } else {
        let known = |column: &ColumnProfile, rows: u64| 1.0 - column.missing_share - column.coded as f64 / rows as f64;
        let weight = [known(old, rows[0]), known(new, rows[1])];
        let spreads = [percentiles(old), percentiles(new)];
        let mut cuts: Vec<f64> = (1..10).filter_map(|tenth| spreads[0].get(10 * tenth).copied()).collect();
        cuts.dedup();
        let mut below = [0.0; 2];
        for cut in cuts.into_iter().map(Some).chain([None]) {
            let upto =
                spreads.each_ref().map(|values| cut.map_or(f64::from(u8::from(!values.is_empty())), |cut| upto(values, cut)));
            groups.push([0, 1].map(|at| weight[at] * (upto[at] - below[at])));
            below = upto;
        }
    }
    groups.push([old.missing_share, new.missing_share]);
    groups.push([old.coded as f64 / rows[0] as f64, new.coded as f64 / rows[1] as f64]);
    let used = groups.into_iter().filter(|shares| shares.iter().any(|share| *share > 0.0));
    used.map(|shares| {
        let [a, b] = [0, 1].map(|at| shares[at].max(0.5 / rows[at] as f64));
        (b - a) * ln(b / a)
    })
    .sum()
}

/// Levels of both, where both have levels or nothing.
fn levels(old: &ColumnProfile, new: &ColumnProfile) -> Option<(LevelFacts, LevelFacts)> {
    let none = || LevelFacts { top: Vec::new(), unlisted: 0 };
    match (&old.levels, &new.levels) {
        (None, None) => None,
        (old, new) => Some((old.clone().unwrap_or_else(none), new.clone().unwrap_or_else(none))),
    }
}

fn percentiles(column: &ColumnProfile) -> Vec<f64> {
    if let Some(numbers) = &column.numbers {
        return numbers.percentiles.clone();
    }
    column.days.iter().flat_map(|days| days.percentiles.iter().map(|day| f64::from(day.days()))).collect()
}

/// Share of values up to `cut`: the greatest percentile that does not exceed it.
fn upto(percentiles: &[f64], cut: f64) -> f64 {
    let count = percentiles.partition_point(|value| *value <= cut);
    count.saturating_sub(1) as f64 / 100.0
}

fn moved(old: &ColumnProfile, new: &ColumnProfile, drift: &ColumnDrift, rows: [u64; 2]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |kind: FindingKind, severity: Severity, share: f64, what: String, remedy: &str| {
        findings.push(Finding { share, ..Finding::new(&old.name, kind, severity, what, remedy) });
    };
    if let Some((before, after)) = old.kind.zip(new.kind).filter(|(before, after)| before != after) {
        let what = format!("was of kind {} and is of kind {}", before.name(), after.name());
        add(FindingKind::KindChanged { before, after }, Severity::Critical, 1.0, what, "convert it as it was");
    }
    if let (Some(before), Some(after)) = (&old.levels, &new.levels) {
        // A level that is not listed may hide among the unlisted rows, but only if it is no larger than those together.
        let beyond = |of: &LevelFacts, other: &LevelFacts, rows: u64, other_rows: u64| {
            let hidden = other.unlisted as f64 / other_rows.max(1) as f64;
            let fresh = of.top.iter().filter(|level| !other.top.iter().any(|known| known.level == level.level));
            let fresh = fresh.filter(|level| level.rows as f64 / rows.max(1) as f64 > hidden);
            let fresh: Vec<(String, u64)> = fresh.map(|level| (level.level.clone(), level.rows)).collect();
            let share = fresh.iter().map(|(_, rows)| rows).sum::<u64>() as f64 / rows.max(1) as f64;
            (fresh.into_iter().map(|(level, _)| level).collect::<Vec<String>>(), share)
        };
        let (levels, share) = beyond(after, before, rows[1], rows[0]);
        if !levels.is_empty() {
            let what = format!("has {} levels that were not there before, in {} of the rows", levels.len(), percent(share));
            add(FindingKind::LevelsNew { levels }, Severity::Warning, share, what, "group them with known levels, or train anew");
        }
        let (levels, share) = beyond(before, after, rows[0], rows[1]);
        if !levels.is_empty() {
            let what = format!("lacks {} levels that were there before, in {} of the rows then", levels.len(), percent(share));
            add(FindingKind::LevelsGone { levels }, Severity::Note, share, what, "find out whether they were renamed");
        }
    }
    let (was, is) = (percentiles(old), percentiles(new));
    if let (Some(low), Some(high), true) = (was.first(), was.last(), old.kind == new.kind) {
        let count = is.iter().filter(|value| *value < low || *value > high).count();
        if count > 0 {
            let outside = count as f64 / is.len() as f64;
            let severity = if count > 2 { Severity::Warning } else { Severity::Note };
            let what = format!("has values outside the range of before, about {} of them", percent(outside));
            add(FindingKind::RangeMoved, severity, outside, what, "check units and codes; what was learnt does not reach there");
        }
    }
    let (before, after) = (drift.missing_before, drift.missing_after);
    if (after - before).abs() >= MISSING {
        let what = format!("is missing in {} of the rows, it was in {}", percent(after), percent(before));
        let kind = FindingKind::MissingMoved { before, after };
        add(kind, Severity::Warning, (after - before).abs(), what, "find out what changed at the source");
    }
    if let Some(psi) = drift.psi.filter(|psi| *psi >= SLIGHT) {
        let (severity, word) = if psi >= MARKED { (Severity::Warning, "markedly") } else { (Severity::Note, "slightly") };
        let what = format!("moved {word}: population stability index {psi:.3}");
        add(FindingKind::Shift { psi }, severity, 1.0, what, "compare the score on both tables before use");
    }
    findings
}
