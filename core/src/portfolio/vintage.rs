//! Vintages: how much of what was granted in a period has gone bad, by months on book.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Problems, Result};
use crate::stats::ExactSum;

/// What counts as bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VintageConfig {
    /// At least this many days past due is bad.
    pub days: u32,
    /// Once bad, bad for ever; otherwise by its state in each month.
    pub ever: bool,
    /// Whether loans are counted or their amounts.
    pub count: VintageCount,
}

/// What is added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VintageCount {
    /// Loans.
    Loans,
    /// The amount granted of the loans that are bad.
    Granted,
    /// What they owe in the month, over the amount granted.
    Owed,
}

/// A loan in a month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VintageRow<'a> {
    /// The loan.
    pub loan: &'a str,
    /// The period in which it was granted.
    pub vintage: &'a str,
    /// Months since, 0 in the month of the grant.
    pub month: u32,
    /// Days past due.
    pub days: f64,
    /// Amount granted, the same in every month of the loan.
    pub granted: f64,
    /// What is owed.
    pub owed: f64,
}

/// By vintage, the share that is bad in each month on book from 0 to the last that was seen.
///
/// ```
/// use scoreline::portfolio::{VintageConfig, VintageCount, VintageRow, vintages};
/// let row = |loan, month, days| VintageRow { loan, vintage: "2026Q1", month, days, granted: 100.0, owed: 90.0 };
/// let rows = [row("a", 0, 0.0), row("a", 1, 35.0), row("a", 2, 0.0), row("b", 0, 0.0), row("b", 1, 0.0), row("b", 2, 0.0)];
/// let shares = |ever| vintages(&rows, &VintageConfig { days: 30, ever, count: VintageCount::Loans }).unwrap()["2026Q1"].clone();
/// assert_eq!(shares(true), [0.0, 0.5, 0.5]);
/// assert_eq!(shares(false), [0.0, 0.5, 0.0]);
/// ```
///
/// Rows of a loan may come in any order; a month that is missing says nothing of it, and the loan stays in the denominator.
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) with the row: figures out of range, a loan in two vintages or of two amounts, a
/// month that stands twice, more than 600 months; [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when nothing counts as bad.
pub fn vintages(rows: &[VintageRow<'_>], config: &VintageConfig) -> Result<BTreeMap<String, Vec<f64>>> {
    let mut problems = Problems::default();
    problems.require(config.days > 0, "vintage.days", "must be above 0", "use for example 30 or 90");
    problems.into_result()?;
    let mut loans: BTreeMap<&str, (&VintageRow<'_>, BTreeMap<u32, &VintageRow<'_>>)> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let refused = |field: &str, what: &str| {
            Err(Error::data(Problem::new(what, "correct the row, or leave the loan out").field(field)).at_row(at))
        };
        let usable = row.days >= 0.0 && row.days.is_finite() && row.owed >= 0.0 && row.owed.is_finite();
        if !(usable && row.granted > 0.0 && row.granted.is_finite()) {
            return refused("granted", "days and amount owed of at least 0 and an amount granted above 0 were expected");
        }
        if row.month > 600 {
            return refused("month", "at most 600 months on book were expected");
        }
        let (first, months) = loans.entry(row.loan).or_insert_with(|| (row, BTreeMap::new()));
        if first.vintage != row.vintage || first.granted != row.granted {
            return refused("loan", "the loan stands in two vintages or with two amounts");
        }
        if months.insert(row.month, row).is_some() {
            return refused("month", "the month of the loan stands twice");
        }
    }
    let mut last: BTreeMap<&str, u32> = BTreeMap::new();
    for (first, months) in loans.values() {
        let seen = months.keys().next_back().copied().unwrap_or(0);
        last.entry(first.vintage).and_modify(|last| *last = (*last).max(seen)).or_insert(seen);
    }
    let mut found: BTreeMap<&str, (ExactSum, Vec<ExactSum>)> = BTreeMap::new();
    for (first, months) in loans.values() {
        let unit = if config.count == VintageCount::Loans { 1.0 } else { first.granted };
        let (total, bads) = found.entry(first.vintage).or_default();
        total.add(unit);
        bads.resize_with(last.get(first.vintage).map_or(0, |last| *last as usize + 1), ExactSum::default);
        let mut before: Option<f64> = None;
        for (month, bad) in (0u32..).zip(bads) {
            let now = months.get(&month).filter(|row| row.days >= f64::from(config.days)).map(|row| match config.count {
                VintageCount::Loans | VintageCount::Granted => unit,
                VintageCount::Owed => row.owed,
            });
            // What was bad once counts with what it owed then, until a later month says more.
            before = now.or(before.filter(|_| config.ever));
            if let Some(amount) = before {
                bad.add(amount);
            }
        }
    }
    let shares = |(vintage, (total, bads)): (&str, (ExactSum, Vec<ExactSum>))| {
        let total = total.value();
        (vintage.to_owned(), bads.iter().map(|bad| bad.value() / total).collect())
    };
    Ok(found.into_iter().map(shares).collect())
}
