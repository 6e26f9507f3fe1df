//! Columns that know the outcome: they predict it too well by themselves.

use super::column::{ColumnSummary, rows, total};
use super::config::ProfileConfig;
use super::finding::{Finding, FindingKind, Severity, percent};
use crate::binning::information_value;
use crate::data::{Kind, WEIGHT_ONE};
use crate::math::powi;
use crate::stats::{Cell, Counts};
use crate::validation::{Discrimination, Orientation};

/// The fewest events, and non-events, from which a column is judged.
const LEAST: u64 = 10;

/// The fewest rows of a level that is judged by itself; rarer ones are judged together, or each would predict its own rows.
const LEVEL: u64 = 20;

/// The most groups of numbers for the information value.
const GROUPS: u64 = 20;

/// The fewest rows of one sort that can show that it decides the outcome, and the greatest chance that they do not.
const SORT: u64 = 50;
const CHANCE: f64 = 1e-9;

const REMEDY: &str = "leave it out until it is shown to be known at the decision";

/// How well a column predicts the outcome by itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Power {
    /// AUC of the value, and of the missing-indicator; in [0.5, 1].
    pub(super) auc: Option<f64>,
    pub(super) missing_auc: Option<f64>,
    pub(super) iv: Option<f64>,
}

/// Judges a column against the outcome; `all` counts every row.
pub(super) fn judge(
    name: &str,
    column: &ColumnSummary,
    kind: Kind,
    all: Counts,
    config: &ProfileConfig,
) -> (Power, Vec<Finding>) {
    let cells = cells(column, kind);
    let missing = column.missing;
    let present = Counts {
        non_events: all.non_events.saturating_sub(missing.non_events),
        events: all.events.saturating_sub(missing.events),
    };
    let mut groups = groups(&cells, kind);
    groups.extend([missing, column.coded].into_iter().filter(|counts| counts.total() > 0));
    let by_value = enough(total(cells.iter().map(|cell| cell.counts)));
    let enough_rows = enough(all);
    let power = Power {
        auc: by_value.then(|| auc(&cells)).flatten(),
        missing_auc: (enough_rows && missing.total() > 0 && present.total() > 0).then(|| auc(&pair(present, missing))).flatten(),
        iv: enough_rows.then(|| groups.iter().map(|group| information_value(*group, all, 0.5).unwrap_or(0.0)).sum()),
    };
    let mut findings = Vec::new();
    let mut add = |kind: FindingKind, severity: Severity, what: String| {
        findings.push(Finding::new(name, kind, severity, what, REMEDY));
    };
    if let Some(auc) = power.auc.filter(|auc| *auc >= config.max_auc) {
        let what = format!("orders events and non-events almost by itself (AUC {auc:.3}, at least {:.2})", config.max_auc);
        add(FindingKind::PredictsAlone { auc }, Severity::Critical, what);
    }
    if let Some(iv) = power.iv.filter(|iv| *iv > config.max_iv) {
        let what = format!("has an information value of {iv:.2}, above {}: real predictors stay far below", config.max_iv);
        add(FindingKind::HighInformation { iv }, Severity::Critical, what);
    }
    if let Some(auc) = power.missing_auc.filter(|auc| *auc >= config.max_auc) {
        let what = format!("is filled or empty as the outcome goes: the missing-indicator alone has an AUC of {auc:.3}");
        add(FindingKind::MissingnessPredicts { auc }, Severity::Critical, what);
    }
    let sort = if enough_rows { deciding(&cells, kind, [present, missing], all) } else { None };
    if let Some((sort, count)) = sort {
        let rare = if all.events <= all.non_events { "the event" } else { "no event" };
        let part = percent(count as f64 / rows(all).max(1) as f64);
        let what = format!("{sort} ({part} of the rows) all have {rare}, which cannot be chance");
        let found = Finding::new(name, FindingKind::DecidesOutcome, Severity::Critical, what, REMEDY);
        findings.push(found.of_rows(count, rows(all)));
    }
    (power, findings)
}

/// Counts by rising value; levels by rising event rate, the rare ones as one.
fn cells(column: &ColumnSummary, kind: Kind) -> Vec<Cell> {
    match kind {
        Kind::Number => column.numbers.as_ref().map_or_else(Vec::new, |spread| spread.counts.cells().to_vec()),
        Kind::Date => column.days.as_ref().map_or_else(Vec::new, |spread| spread.counts.cells().to_vec()),
        Kind::Flag => column.flags.as_ref().map_or_else(Vec::new, |counts| counts.cells().to_vec()),
        Kind::Category => {
            let counts: Vec<Counts> = column.levels.iter().flat_map(|levels| levels.iter().map(|(_, counts)| counts)).collect();
            let (mut levels, rare): (Vec<Counts>, Vec<Counts>) = counts.into_iter().partition(|counts| rows(*counts) >= LEVEL);
            let rare = total(rare.into_iter());
            levels.extend(Some(rare).filter(|rare| rare.total() > 0));
            levels.sort_by(|a, b| a.event_rate().total_cmp(&b.event_rate()).then(a.total().cmp(&b.total())));
            levels.into_iter().enumerate().map(|(at, counts)| Cell { value: at as f64, counts }).collect()
        }
    }
}

/// At most [`GROUPS`] groups of neighbours with about as many rows each; levels stay as they are.
fn groups(cells: &[Cell], kind: Kind) -> Vec<Counts> {
    if kind == Kind::Category {
        return cells.iter().map(|cell| cell.counts).collect();
    }
    let all = total(cells.iter().map(|cell| cell.counts)).total();
    let least = all.div_ceil(GROUPS);
    let mut groups: Vec<Counts> = Vec::new();
    let mut open = Counts::default();
    for cell in cells {
        open.add(cell.counts);
        if open.total() >= least {
            groups.push(std::mem::take(&mut open));
        }
    }
    groups.extend(Some(open).filter(|open| open.total() > 0));
    groups
}

fn enough(counts: Counts) -> bool {
    counts.events >= LEAST * WEIGHT_ONE && counts.non_events >= LEAST * WEIGHT_ONE
}

fn auc(cells: &[Cell]) -> Option<f64> {
    let found = Discrimination::from_cells(cells, Orientation::HigherIsRiskier).ok()?;
    Some(found.auc.max(1.0 - found.auc))
}

fn pair(low: Counts, high: Counts) -> [Cell; 2] {
    [Cell { value: 0.0, counts: low }, Cell { value: 1.0, counts: high }]
}

/// The largest sort of rows of which all have the rarer outcome, in words, with their number. Were the outcome
/// independent of the column, n such rows would have the chance pⁿ, p being the share of that outcome.
fn deciding(cells: &[Cell], kind: Kind, [present, missing]: [Counts; 2], all: Counts) -> Option<(&'static str, u64)> {
    let events_rare = all.events <= all.non_events;
    let other = |counts: Counts| if events_rare { counts.non_events } else { counts.events };
    let rare = if events_rare { all.events } else { all.non_events };
    let p = rare as f64 / all.total() as f64;
    let pure = |counts: Counts| if other(counts) == 0 { rows(counts) } else { 0 };
    let run = |cells: &mut dyn Iterator<Item = &Cell>| {
        rows(total(cells.take_while(|cell| other(cell.counts) == 0).map(|cell| cell.counts)))
    };
    let mut sorts = vec![("the rows with a value", pure(present)), ("the rows without a value", pure(missing))];
    if kind == Kind::Category {
        let levels = total(cells.iter().map(|cell| cell.counts).filter(|counts| rows(*counts) >= LEVEL && other(*counts) == 0));
        sorts.push(("the rows of some levels", rows(levels)));
    } else {
        sorts.push(("the rows with the highest values", run(&mut cells.iter().rev())));
        sorts.push(("the rows with the lowest values", run(&mut cells.iter())));
    }
    let certain =
        |count: u64| count >= SORT && count * 100 >= rows(all) && powi(p, u32::try_from(count).unwrap_or(u32::MAX)) < CHANCE;
    sorts.into_iter().filter(|(_, count)| certain(*count)).max_by_key(|(_, count)| *count)
}
