//! Values that probably stand for "not known".
//!
//! A number is a suspect when all of this holds:
//!
//! * **it looks like a code**: −1 to −9; nines with or without a last digit 6, 7 or 8 (96 … 99, 996 … 999 and so on to nine
//!   digits, of either sign); two to six sevens or eights; the ends of 16- and 32-bit integers;
//! * **it is repeated**: at least two rows hold it;
//! * **it is extreme**: no other value lies beyond it but such codes;
//! * **it is isolated**: the gap to all other values is wider than any between those and at least half as wide as their whole
//!   range; or it is negative while all other values are 0 or more. −1 to −9 then still need a gap of at least three times
//!   the median gap between those, but for −1 as the only negative value among whole numbers.
//!
//! A day is a suspect when it is one of the usual fillers (1900-01-01, 9999-12-31 …), repeated, the first or last of all and
//! a year or more apart from the rest. A level is one when it says so (`n/a`, `unknown`, `?`, blank …).

use super::column::{Spread, rows};
use crate::data::Date;

/// A suspect: its place among the values, the rows that hold it, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Suspect {
    pub(super) code: f64,
    pub(super) rows: u64,
    pub(super) why: &'static str,
}

const BELOW_ZERO: &str = "it is negative while all other values are 0 or more, stands apart from them, and is repeated";
const ONLY_NEGATIVE: &str = "it is the only negative value among whole numbers, and is repeated";
const FAR: &str = "it lies beyond all other values, further from them than half their range, and is repeated";
const FAR_DAY: &str = "it lies a year or more from all other days, is a usual filler, and is repeated";

/// Every number that looks like a code, rising.
pub(super) fn codes() -> Vec<f64> {
    let mut codes: Vec<f64> = (1..=9).map(|digit| f64::from(-digit)).collect();
    codes.extend([32_767.0, -32_768.0, 2_147_483_647.0, -2_147_483_648.0]);
    let mut ten = 10.0;
    for digits in 2..=9 {
        ten *= 10.0;
        for last in 1..=4 {
            codes.extend([ten - f64::from(last), f64::from(last) - ten]);
        }
        if digits <= 6 {
            // 99 / 9 = 11, 999 / 9 = 111 and so on.
            let ones = (ten - 1.0) / 9.0;
            codes.extend([7.0 * ones, -7.0 * ones, 8.0 * ones, -8.0 * ones]);
        }
    }
    codes.sort_by(f64::total_cmp);
    codes
}

/// A distinct value, its rows, and whether it looks like a code.
type Valued = (f64, u64, bool);

/// The suspects among numbers.
pub(super) fn of_numbers(spread: &Spread) -> Vec<Suspect> {
    let values = values(spread);
    let low = values.iter().take_while(|(x, _, code)| *x < 0.0 && *code).count();
    let high = values.iter().rev().take_while(|(x, _, code)| *x > 0.0 && *code).count();
    // The longest run of codes that stands apart. The other end's codes are no ordinary values either.
    let low = (1..=low).rev().find_map(|count| {
        let (run, rest) = values.split_at_checked(count)?;
        let inner = rest.get(..rest.len().saturating_sub(high)).filter(|inner| inner.len() >= 2).unwrap_or(rest);
        isolated(run.last()?.0, inner, spread.whole && count == 1).map(|why| (run, why))
    });
    let taken = low.map_or(0, |(run, _)| run.len());
    let high = (1..=high).rev().find_map(|count| {
        let (rest, run) = values.split_at_checked(values.len().checked_sub(count)?)?;
        isolated(run.first()?.0, rest.get(taken..)?, false).map(|why| (run, why))
    });
    let found = low.into_iter().chain(high).flat_map(|(run, why)| run.iter().map(move |value| (value, why)));
    let repeated = found.filter(|((_, rows, _), _)| *rows >= 2);
    repeated.map(|(&(code, rows, _), why)| Suspect { code, rows, why }).collect()
}

/// The distinct values, rising. Where numbers share cells, the codes stand by themselves all the same.
fn values(spread: &Spread) -> Vec<Valued> {
    let known = codes();
    let cells = spread.counts.cells().iter().map(|cell| (cell.value, rows(cell.counts)));
    if spread.counts.is_exact() {
        let is_code = |x: f64| known.binary_search_by(|code| code.total_cmp(&x)).is_ok();
        return cells.map(|(x, count)| (x, count, is_code(x))).collect();
    }
    let mut values: Vec<Valued> = cells.map(|(x, count)| (x, count, false)).collect();
    let seen: Vec<Valued> = known.into_iter().zip(&spread.codes).map(|(code, &count)| (code, count, true)).collect();
    for (code, count, _) in &seen {
        let after = values.partition_point(|(x, _, _)| x <= code);
        if let Some(cell) = after.checked_sub(1).and_then(|at| values.get_mut(at)) {
            cell.1 = cell.1.saturating_sub(*count);
        }
    }
    values.extend(seen);
    values.retain(|(_, count, _)| *count > 0);
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    values
}

/// Why `code`, the innermost of a run, stands apart from the `rest`, which rises.
fn isolated(code: f64, rest: &[Valued], alone: bool) -> Option<&'static str> {
    let (first, last) = (rest.first()?.0, rest.last()?.0);
    if rest.len() < 2 {
        return None;
    }
    let mut gaps: Vec<f64> = rest.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    gaps.sort_by(f64::total_cmp);
    let gap = if code < first { first - code } else { code - last };
    let (median, widest) = (gaps[gaps.len() / 2], gaps[gaps.len() - 1]);
    if code < 0.0 && first >= 0.0 {
        if code <= -10.0 || gap >= 3.0 * median {
            return Some(BELOW_ZERO);
        }
        if alone && code == -1.0 {
            return Some(ONLY_NEGATIVE);
        }
    }
    (gap > widest && gap >= (last - first) / 2.0).then_some(FAR)
}

/// Days that stand for "not known", as days since 1970-01-01: 0001-01-01, 1111-11-11, 1899-12-30, 1899-12-31, 1900-01-01,
/// 1901-01-01, 1970-01-01, 2099-12-31, 2999-12-31, 9999-12-31.
const FILLERS: [i32; 10] = [-719_162, -313_430, -25_569, -25_568, -25_567, -25_202, 0, 47_481, 376_199, 2_932_896];

/// The suspects among days.
pub(super) fn of_days(spread: &Spread) -> Vec<Suspect> {
    const YEAR: f64 = 365.0;
    let values: Vec<(f64, u64)> = spread.counts.cells().iter().map(|cell| (cell.value, rows(cell.counts))).collect();
    let is_filler = |x: f64| FILLERS.iter().any(|day| f64::from(*day) == x);
    let low = values.iter().take_while(|(x, _)| is_filler(*x)).count();
    let high = values.iter().rev().take_while(|(x, _)| is_filler(*x)).count();
    let (Some(inner), true) = (values.get(low..values.len().saturating_sub(high)), spread.counts.is_exact()) else {
        return Vec::new();
    };
    let (Some(first), Some(last)) = (inner.first(), inner.last()) else { return Vec::new() };
    let far = |x: f64| first.0 - x >= YEAR || x - last.0 >= YEAR;
    let found = values.iter().filter(|(x, count)| is_filler(*x) && far(*x) && *count >= 2);
    found.map(|&(code, rows)| Suspect { code, rows, why: FAR_DAY }).collect()
}

/// A suspect day as it is written.
pub(super) fn day(code: f64) -> String {
    Date::from_days(code as i32).to_string()
}

/// Levels that stand for "not known", in lower case without blanks around them.
const WORDS: [&str; 26] = [
    "",
    "?",
    "??",
    "???",
    "-",
    "--",
    ".",
    "#n/a",
    "#na",
    "n/a",
    "n.a.",
    "na",
    "nan",
    "nil",
    "none",
    "null",
    "<na>",
    "nat",
    "missing",
    "unknown",
    "not available",
    "not known",
    "not applicable",
    "unbekannt",
    "k.a.",
    "keine angabe",
];

/// Whether a level says that nothing is known.
pub(super) fn is_word(level: &str) -> bool {
    let level = level.trim().to_lowercase();
    WORDS.contains(&level.as_str())
}

/// Whether a level is a number of three nines or more, of either sign.
pub(super) fn is_digits(level: &str) -> bool {
    let digits = level.trim().trim_start_matches('-');
    digits.len() >= 3 && digits.bytes().all(|byte| byte == b'9')
}
