//! An axis cut into cells: the pieces between which no row tells a difference.

use super::allowed::{Allowed, Interval};
use super::axis::AxisOf;
use super::rows::RowSet;
use super::stored::ActionBook;
use crate::data::Value;
use crate::error::{Error, Problem, Result};
use crate::tier::RiskTier;

/// The most distinct bounds of an axis of numbers.
const MAX_CUTS: usize = 10_000;

/// The cells of one axis and the rows that admit them. Cells that the same rows admit are one class.
#[derive(Debug)]
pub(super) struct AxisCells {
    pub(super) cells: Cells,
    /// The class of each cell.
    pub(super) class_of: Vec<u32>,
    /// The rows that admit the cells of each class.
    pub(super) classes: Vec<RowSet>,
    /// The rows that admit every cell.
    pub(super) open: RowSet,
    /// The rows that admit any cell.
    pub(super) possible: RowSet,
}

impl AxisCells {
    pub(super) fn new(book: &ActionBook, axis: usize) -> Result<Self> {
        let (name, of) = (&book.axes[axis].name, &book.axes[axis].of);
        let parts: Vec<Option<&[Allowed]>> = book.rows.iter().map(|row| row.when.get(name).map(Vec::as_slice)).collect();
        let cells = Cells::new(of, &parts).map_err(|error| error.in_field(&format!("treatment.axes[{axis}]")))?;
        let rows = book.rows.len();
        let mut admitted = vec![RowSet::none(rows); cells.count()];
        for (row, parts) in parts.iter().enumerate() {
            match parts {
                None => admitted.iter_mut().for_each(|set| set.insert(row)),
                Some(parts) => parts.iter().flat_map(|part| cells.of(part)).for_each(|cell| admitted[cell].insert(row)),
            }
        }
        let (mut open, mut possible) = (RowSet::all(rows), RowSet::none(rows));
        for set in &admitted {
            open.keep(set);
            possible.add(set);
        }
        let mut by_set: Vec<usize> = (0..admitted.len()).collect();
        by_set.sort_by(|a, b| admitted[*a].cmp(&admitted[*b]).then(a.cmp(b)));
        // Classes are numbered by their first cell, so that lists of them follow the axis.
        let mut first = vec![0; admitted.len()];
        for group in by_set.chunk_by(|a, b| admitted[*a] == admitted[*b]) {
            group.iter().for_each(|cell| first[*cell] = group[0]);
        }
        let (mut class_of, mut classes) = (vec![0; admitted.len()], Vec::new());
        for cell in 0..admitted.len() {
            if first[cell] == cell {
                class_of[cell] = classes.len() as u32;
                classes.push(admitted[cell].clone());
            } else {
                class_of[cell] = class_of[first[cell]];
            }
        }
        Ok(AxisCells { cells, class_of, classes, open, possible })
    }

    /// The cells of some classes as parts of the axis.
    pub(super) fn parts_of(&self, of: &AxisOf, class: impl Fn(usize) -> bool) -> Vec<Allowed> {
        self.cells.parts(of, |cell| class(self.class_of[cell] as usize))
    }
}

/// Where a cell of numbers begins. The cell before it ends there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    /// The least double of the cell.
    start: f64,
    /// The bound as it was written: the cell begins at it, or right after it.
    at: f64,
    after: bool,
}

/// The cells of one axis; numbered as listed, missing last.
#[derive(Debug)]
pub(super) enum Cells {
    /// The four tiers.
    Tier,
    /// False, true, missing.
    Flag,
    /// The levels as the axis lists them, other, missing; here sorted by name, with their cells.
    Category(Vec<(String, usize)>),
    /// Below the first cut, from cut to cut, missing.
    Number { cuts: Vec<Cut>, whole: bool },
}

impl Cells {
    fn new(of: &AxisOf, parts: &[Option<&[Allowed]>]) -> Result<Self> {
        Ok(match of {
            AxisOf::Tier {} => Cells::Tier,
            AxisOf::Flag { .. } => Cells::Flag,
            AxisOf::Category { levels, .. } => {
                let mut sorted: Vec<(String, usize)> = levels.iter().cloned().zip(0..).collect();
                sorted.sort();
                Cells::Category(sorted)
            }
            AxisOf::Number { whole, .. } => {
                let mut cuts: Vec<Cut> = Vec::new();
                for part in parts.iter().flatten().copied().flatten() {
                    if let Allowed::Numbers(interval) = part {
                        let both = bounds(interval, *whole);
                        // A cut needs numbers on both sides.
                        cuts.extend(both.into_iter().flatten().filter(|cut| cut.start > -f64::MAX && cut.start <= f64::MAX));
                    }
                }
                cuts.sort_by(|a, b| a.start.total_cmp(&b.start).then(a.after.cmp(&b.after)));
                cuts.dedup_by(|a, b| a.start == b.start);
                if cuts.len() > MAX_CUTS {
                    let what = "the rows cut the numbers at more than 10,000 places";
                    return Err(Error::config(Problem::new(what, "let rows share their bounds")));
                }
                Cells::Number { cuts, whole: *whole }
            }
        })
    }

    pub(super) fn count(&self) -> usize {
        match self {
            Cells::Tier => 4,
            Cells::Flag => 3,
            Cells::Category(levels) => levels.len() + 2,
            Cells::Number { cuts, .. } => cuts.len() + 2,
        }
    }

    /// The cells of a part; none where the part does not belong to the axis.
    fn of(&self, part: &Allowed) -> std::ops::Range<usize> {
        let missing = self.count() - 1;
        match (self, part) {
            (Cells::Tier, Allowed::Level(word)) => {
                RiskTier::ALL.iter().find(|tier| tier.to_string() == *word).map_or(0..0, |tier| tier.index()..tier.index() + 1)
            }
            (Cells::Flag, Allowed::Flag(flag)) => usize::from(*flag)..usize::from(*flag) + 1,
            (Cells::Category(levels), Allowed::Level(word)) => level(levels, word).map_or(0..0, |cell| cell..cell + 1),
            (Cells::Category(_), Allowed::Other) => missing - 1..missing,
            (Cells::Flag | Cells::Category(_) | Cells::Number { .. }, Allowed::Missing) => missing..missing + 1,
            (Cells::Number { cuts, whole }, Allowed::Numbers(interval)) => {
                let [lower, upper] = bounds(interval, *whole);
                let cell = |start: f64| if start > f64::MAX { missing } else { cuts.partition_point(|cut| cut.start <= start) };
                lower.map_or(0, |cut| cell(cut.start))..upper.map_or(missing, |cut| cell(cut.start))
            }
            _ => 0..0,
        }
    }

    /// The cell of a value. What is not of the kind of the axis counts as missing.
    #[inline]
    pub(super) fn locate<'v>(&self, tier: RiskTier, value: impl FnOnce() -> Value<'v>) -> usize {
        match self {
            Cells::Tier => tier.index(),
            Cells::Flag => match value() {
                Value::Flag(flag) => usize::from(flag),
                _ => 2,
            },
            Cells::Category(levels) => match value() {
                Value::Category(word) => level(levels, word).unwrap_or(levels.len()),
                _ => levels.len() + 1,
            },
            Cells::Number { cuts, whole } => match value() {
                Value::Number(x) if x.is_finite() && (!whole || x == x.trunc()) => cuts.partition_point(|cut| cut.start <= x),
                _ => cuts.len() + 1,
            },
        }
    }

    /// Chosen cells as the fewest parts, in the order of the axis.
    pub(super) fn parts(&self, of: &AxisOf, chosen: impl Fn(usize) -> bool) -> Vec<Allowed> {
        let missing = self.count() - 1;
        let mut parts = Vec::new();
        match (self, of) {
            (Cells::Tier, _) => {
                let tiers = RiskTier::ALL.iter().filter(|tier| chosen(tier.index()));
                return tiers.map(|tier| Allowed::Level(tier.to_string())).collect();
            }
            (Cells::Flag, _) => parts.extend([true, false].into_iter().filter(|f| chosen(usize::from(*f))).map(Allowed::Flag)),
            (Cells::Category(_), AxisOf::Category { levels, .. }) => {
                let listed = levels.iter().enumerate().filter(|(cell, _)| chosen(*cell));
                parts.extend(listed.map(|(_, level)| Allowed::Level(level.clone())));
                parts.extend(chosen(missing - 1).then_some(Allowed::Other));
            }
            (Cells::Category(_), _) => {}
            (Cells::Number { cuts, whole }, _) => {
                let mut cell = 0;
                while cell < missing {
                    let begin = cell;
                    while cell < missing && chosen(cell) {
                        cell += 1;
                    }
                    if cell > begin {
                        let lower = begin.checked_sub(1).and_then(|before| cuts.get(before));
                        parts.push(Allowed::Numbers(interval(lower, cuts.get(cell - 1), *whole)));
                    }
                    cell += 1;
                }
            }
        }
        parts.extend(chosen(missing).then_some(Allowed::Missing));
        parts
    }
}

fn level(levels: &[(String, usize)], word: &str) -> Option<usize> {
    levels.binary_search_by(|(name, _)| name.as_str().cmp(word)).ok().and_then(|at| levels.get(at)).map(|(_, cell)| *cell)
}

/// Where the numbers of an interval begin, and where those after it begin; none where there is no bound.
fn bounds(interval: &Interval, whole: bool) -> [Option<Cut>; 2] {
    // Adding 0 turns −0 into 0.
    let begin = |at: f64| match whole {
        true => Cut { start: at.ceil() + 0.0, at, after: false },
        false => Cut { start: at + 0.0, at, after: false },
    };
    let after = |at: f64| match whole {
        true => Cut { start: at.floor() + 1.0, at, after: false },
        false => Cut { start: at.next_up() + 0.0, at, after: true },
    };
    [interval.from.map(begin).or(interval.above.map(after)), interval.below.map(begin).or(interval.to.map(after))]
}

/// The interval between two cuts.
fn interval(lower: Option<&Cut>, upper: Option<&Cut>, whole: bool) -> Interval {
    let mut interval = Interval::default();
    match lower {
        Some(cut) if whole => interval.from = Some(cut.start),
        Some(cut) if cut.after => interval.above = Some(cut.at),
        Some(cut) => interval.from = Some(cut.at),
        None => {}
    }
    match upper {
        Some(cut) if whole => interval.to = Some(cut.start - 1.0),
        Some(cut) if cut.after => interval.to = Some(cut.at),
        Some(cut) => interval.below = Some(cut.at),
        None => {}
    }
    interval
}
