//! A second reading of books that shares nothing with the checker: it asks each row's `when` about single states.

use std::collections::BTreeSet;

use crate::data::Value;
use crate::tier::RiskTier;
use crate::treatment::{ActionBook, ActionRow, ActionTable, Allowed, AxisOf, BookReport, Interval, NeverFires, Overlap};

/// A value of one axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Point {
    Tier(RiskTier),
    Flag(bool),
    Level(String),
    Number(f64),
    Missing,
}

fn inside(interval: &Interval, x: f64) -> bool {
    interval.from.is_none_or(|from| x >= from)
        && interval.above.is_none_or(|above| x > above)
        && interval.to.is_none_or(|to| x <= to)
        && interval.below.is_none_or(|below| x < below)
}

fn admits(parts: Option<&Vec<Allowed>>, of: &AxisOf, point: &Point) -> bool {
    let known = |word: &str| matches!(of, AxisOf::Category { levels, .. } if levels.iter().any(|level| level == word));
    parts.is_none_or(|parts| {
        parts.iter().any(|part| match (part, point) {
            (Allowed::Level(letter), Point::Tier(tier)) => letter.starts_with(tier.letter()),
            (Allowed::Level(level), Point::Level(word)) => level == word,
            (Allowed::Other, Point::Level(word)) => !known(word),
            (Allowed::Flag(flag), Point::Flag(found)) => flag == found,
            (Allowed::Numbers(interval), Point::Number(x)) => inside(interval, *x),
            (Allowed::Missing, Point::Missing) => true,
            _ => false,
        })
    })
}

/// Every bound, its neighbours, small steps from it, the midpoints between bounds, and the ends.
fn numbers(book: &ActionBook, name: &str, whole: bool) -> Vec<f64> {
    let mut bounds: Vec<f64> = Vec::new();
    for part in book.rows.iter().filter_map(|row| row.when.get(name)).flatten() {
        if let Allowed::Numbers(Interval { from, above, to, below }) = part {
            bounds.extend([from, above, to, below].into_iter().flatten());
        }
    }
    bounds.sort_by(f64::total_cmp);
    let mut points = vec![0.0, -f64::MAX, f64::MAX];
    points.extend(bounds.windows(2).map(|pair| pair[0] / 2.0 + pair[1] / 2.0));
    for bound in bounds {
        points.extend([bound, bound.next_up(), bound.next_down(), bound - 0.01, bound + 0.01]);
        points.extend([-1.0, 0.0, 1.0].into_iter().flat_map(|step| [bound.floor() + step, bound.ceil() + step]));
    }
    points.retain(|x| x.is_finite() && (!whole || x.fract() == 0.0));
    points
}

pub(super) fn points(book: &ActionBook, axis: usize) -> Vec<Point> {
    let mut points = match &book.axes[axis].of {
        AxisOf::Tier {} => return RiskTier::ALL.map(Point::Tier).to_vec(),
        AxisOf::Flag { .. } => vec![Point::Flag(false), Point::Flag(true)],
        AxisOf::Category { levels, .. } => {
            let odd = ["", "nobody listed this", "missing", "other"];
            levels.iter().cloned().chain(odd.map(String::from)).map(Point::Level).collect()
        }
        AxisOf::Number { whole, .. } => numbers(book, &book.axes[axis].name, *whole).into_iter().map(Point::Number).collect(),
    };
    points.push(Point::Missing);
    points
}

pub(super) fn ask(table: &ActionTable, state: &[&Point]) -> u16 {
    let tier = state.iter().find_map(|point| if let Point::Tier(tier) = point { Some(*tier) } else { None });
    table.row(tier.unwrap_or(RiskTier::D), |axis| match state[axis] {
        Point::Flag(flag) => Value::Flag(*flag),
        Point::Level(word) => Value::Category(word),
        Point::Number(x) => Value::Number(*x),
        Point::Missing | Point::Tier(_) => Value::Missing,
    })
}

pub(super) fn row_of(book: &ActionBook, state: &[&Point]) -> Vec<usize> {
    let fits =
        |row: &ActionRow| book.axes.iter().zip(state).all(|(axis, point)| admits(row.when.get(&axis.name), &axis.of, point));
    (0..book.rows.len()).filter(|row| fits(&book.rows[*row])).collect()
}

/// Which rows, which listed gaps and which listed overlaps hold a state, a bit for each.
type Masks = [u128; 3];

fn all_of(bits: usize) -> u128 {
    assert!(bits <= 128);
    if bits == 128 { u128::MAX } else { (1 << bits) - 1 }
}

fn ones(mask: u128) -> Vec<usize> {
    (0..128).filter(|bit| mask >> bit & 1 == 1).collect()
}

/// Compares every statement of the report, and every answer, with what the rows say of all states that differ. Returns
/// whether there are gaps, overlaps, and rows that never answer alone.
pub(super) fn agree(book: &ActionBook) -> [bool; 3] {
    let report = book.check().unwrap();
    let table = book.resolve();
    assert_eq!(table.is_ok(), report.is_sound(), "{report}");
    let boxes: [Vec<_>; 3] = [
        book.rows.iter().map(|row| &row.when).collect(),
        report.gaps.iter().map(|gap| &gap.when).collect(),
        report.overlaps.iter().map(|overlap| &overlap.states.when).collect(),
    ];
    let distinct: Vec<Vec<(Masks, Point)>> = (0..book.axes.len())
        .map(|i| {
            let axis = &book.axes[i];
            let mut found: Vec<(Masks, Point)> = Vec::new();
            for point in points(book, i) {
                let bits = [0, 1, 2].map(|kind| {
                    let admitted = boxes[kind].iter().map(|when| admits(when.get(&axis.name), &axis.of, &point));
                    admitted.enumerate().fold(0, |mask, (bit, admitted)| mask | u128::from(admitted) << bit)
                });
                if found.iter().all(|(known, _)| *known != bits) {
                    found.push((bits, point));
                }
            }
            found
        })
        .collect();
    let mut seen = Seen::default();
    let start = [all_of(book.rows.len()), all_of(report.gaps.len()), all_of(report.overlaps.len())];
    seen.walk(&distinct, start, &mut Vec::new(), &report, table.as_ref().ok());
    seen.compare(book, &report)
}

#[derive(Default)]
struct Seen {
    states: u64,
    gaps: u64,
    sole: u128,
    pairs: BTreeSet<[usize; 2]>,
    many: BTreeSet<u128>,
}

impl Seen {
    fn walk<'a>(
        &mut self,
        axes: &'a [Vec<(Masks, Point)>],
        masks: Masks,
        state: &mut Vec<&'a Point>,
        report: &BookReport,
        table: Option<&ActionTable>,
    ) {
        if let Some((axis, rest)) = axes.split_first() {
            for (bits, point) in axis {
                state.push(point);
                self.walk(rest, [0, 1, 2].map(|kind| masks[kind] & bits[kind]), state, report, table);
                state.pop();
            }
            return;
        }
        let [rows, gaps, overlaps] = masks;
        self.states += 1;
        // Listed gaps are disjoint, hold only unanswered states, and all of them when nothing was left out.
        assert!(gaps.count_ones() <= 1, "{state:?}");
        assert!(gaps == 0 || rows == 0, "{state:?}");
        assert!(rows != 0 || gaps != 0 || report.more_gaps > 0, "{state:?} is in no gap");
        self.gaps += u64::from(rows == 0);
        match rows.count_ones() {
            0 => {}
            1 => self.sole |= rows,
            _ => {
                self.many.insert(rows);
            }
        }
        for (bit, overlap) in report.overlaps.iter().enumerate() {
            let [a, b] = rows_of(overlap);
            let both = rows >> a & 1 == 1 && rows >> b & 1 == 1;
            assert_eq!(overlaps >> bit & 1 == 1, both, "{overlap}: {state:?}");
        }
        if let Some(table) = table {
            assert_eq!(1 << ask(table, state), rows, "{state:?}");
        }
    }

    fn compare(mut self, book: &ActionBook, report: &BookReport) -> [bool; 3] {
        for mask in &self.many {
            let rows = ones(*mask);
            self.pairs.extend(rows.iter().flat_map(|a| rows.iter().filter(move |b| a < b).map(move |b| [*a, *b])));
        }
        assert_eq!(self.gaps > 0, !report.gaps.is_empty(), "{report}");
        let listed: BTreeSet<[usize; 2]> = report.overlaps.iter().map(rows_of).collect();
        assert!(listed.is_subset(&self.pairs) && listed.len() == report.overlaps.len());
        assert_eq!(listed.len() as u64 + report.more_overlaps, self.pairs.len() as u64);
        let never: Vec<&str> =
            (0..book.rows.len()).filter(|row| self.sole >> row & 1 == 0).map(|row| book.rows[row].code.as_str()).collect();
        assert_eq!(report.never.iter().map(|row| row.code.as_str()).collect::<Vec<_>>(), never, "{report}");
        let axis_empty = |row: &NeverFires| {
            let of = book.rows.iter().find(|known| known.code == row.code).unwrap();
            book.axes.iter().enumerate().find(|(i, axis)| {
                let parts = of.when.get(&axis.name);
                points(book, *i).iter().all(|point| !admits(parts, &axis.of, point))
            })
        };
        for row in &report.never {
            assert_eq!(row.axis, axis_empty(row).map(|(_, axis)| axis.name.clone()));
        }
        [self.gaps > 0, !self.pairs.is_empty(), !never.is_empty()]
    }
}

/// Rows of test books are called by their index.
fn rows_of(overlap: &Overlap) -> [usize; 2] {
    [0, 1].map(|side| overlap.codes[side].parse().unwrap())
}
