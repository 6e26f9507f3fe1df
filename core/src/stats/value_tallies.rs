//! Any tally by value, in bounded memory and independent of the order of the rows.

use serde::{Deserialize, Serialize};

use super::counts::Cell;
use super::order_key::{key, value};
use super::ordered_cells::merge;
use super::summary::Summary;
use super::tally::Tally;
use super::value_counts::DEFAULT_CAPACITY;
use crate::error::{Error, Problem, Result};

/// What was added up at each distinct value, in rising order of values: [`ValueCounts`](super::ValueCounts) for other
/// targets than events, under the same law.
///
/// Exact up to `capacity` distinct values; beyond that the fewest low bits of the values are dropped until the values
/// of *all* rows fit, whatever the order and tree of merges. −0 counts as 0, an infinity as the largest finite double of
/// its sign.
///
/// ```
/// use scoreline::stats::{Moments, ValueTallies, target_units};
/// let mut tenure: ValueTallies<Moments> = ValueTallies::new(4096);
/// tenure.observe(&[12.0, 3.0, 12.0], &[target_units(0.2)?, target_units(0.9)?, target_units(0.4)?], &[1 << 20; 3]);
/// assert_eq!(tenure.cells().len(), 2);
/// assert!((tenure.cells()[1].counts.mean() - 0.3).abs() < 1e-9);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored<T>", into = "Stored<T>", bound = "T: Tally")]
pub struct ValueTallies<T> {
    capacity: usize,
    dropped_bits: u32,
    cells: Vec<Cell<T>>,
}

impl<T: Tally> Default for ValueTallies<T> {
    fn default() -> Self {
        ValueTallies::new(DEFAULT_CAPACITY)
    }
}

impl<T: Tally> ValueTallies<T> {
    /// Nothing counted yet; at most `capacity` cells (at least 2).
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        ValueTallies { capacity: capacity.max(2), dropped_bits: 0, cells: Vec::new() }
    }

    /// Adds a block of rows: the value, what the tally takes of a row, and the weight in units of 2⁻²⁰
    /// ([`crate::data::WEIGHT_UNIT`]).
    ///
    /// The slices have the same length. Rows whose value is NaN (missing ones are counted elsewhere), and rows of weight
    /// 0, are left out.
    pub fn observe(&mut self, values: &[f64], rows: &[T::Row], weight: &[u64]) {
        let rows = values.iter().zip(rows).zip(weight).map(|((&x, &row), &weight)| (x, row, weight));
        let rows = rows.filter(|(x, _, weight)| !x.is_nan() && *weight > 0);
        let mut sorted: Vec<(u64, T::Row, u64)> = rows.map(|(x, row, weight)| (key(x), row, weight)).collect();
        sorted.sort_unstable_by_key(|row| row.0);
        let groups = sorted.chunk_by(|a, b| a.0 == b.0).map(|group| {
            let mut tally = T::default();
            group.iter().for_each(|(_, row, weight)| tally.add_row(*row, *weight));
            (group.first().map_or(0, |row| row.0), tally)
        });
        self.take_in(0, groups);
    }

    /// The cells in rising order; [`Cell::value`] is the lower border of the values that share the cell.
    #[must_use]
    pub fn cells(&self) -> &[Cell<T>] {
        &self.cells
    }

    /// Whether every distinct value has a cell of its own.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.dropped_bits == 0
    }

    /// Low bits dropped from every value, in [0, 63].
    #[must_use]
    pub fn dropped_bits(&self) -> u32 {
        self.dropped_bits
    }

    /// The largest number of cells.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    fn take_in(&mut self, dropped_bits: u32, theirs: impl Iterator<Item = (u64, T)>) {
        let shift = self.dropped_bits.max(dropped_bits);
        let mine = std::mem::take(&mut self.cells).into_iter().map(|cell| (key(cell.value) >> shift, cell.counts));
        let (more, cells) = merge(mine, theirs.map(|(k, tally)| (k >> (shift - dropped_bits), tally)), self.capacity);
        self.dropped_bits = shift + more;
        let bits = self.dropped_bits;
        self.cells = cells.into_iter().map(|(k, counts)| Cell { value: value(k << bits), counts }).collect();
    }
}

impl<T: Tally> Summary for ValueTallies<T> {
    fn merge(&mut self, other: &Self) -> Result<()> {
        if self.capacity != other.capacity {
            return Err(Error::incompatible(Problem::new(
                format!("summaries with {} and {} cells cannot be merged", self.capacity, other.capacity),
                "combine summaries of the same training only",
            )));
        }
        let bits = other.dropped_bits;
        self.take_in(bits, other.cells.iter().map(|cell| (key(cell.value) >> bits, cell.counts.clone())));
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<T> {
    capacity: usize,
    dropped_bits: u32,
    values: Vec<f64>,
    tallies: Vec<T>,
}

impl<T> From<ValueTallies<T>> for Stored<T> {
    fn from(summary: ValueTallies<T>) -> Self {
        let (values, tallies) = summary.cells.into_iter().map(|cell| (cell.value, cell.counts)).unzip();
        Stored { capacity: summary.capacity, dropped_bits: summary.dropped_bits, values, tallies }
    }
}

impl<T> TryFrom<Stored<T>> for ValueTallies<T> {
    type Error = &'static str;

    fn try_from(stored: Stored<T>) -> std::result::Result<Self, &'static str> {
        let count = stored.values.len();
        if stored.tallies.len() != count || stored.capacity < 2 || count > stored.capacity || stored.dropped_bits > 63 {
            return Err("a summary by value needs one tally for each value, and no more than its capacity");
        }
        let bits = stored.dropped_bits;
        let own_border = |&x: &f64| x.is_finite() && value(key(x) >> bits << bits).to_bits() == x.to_bits();
        if !stored.values.iter().all(own_border) || stored.values.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err("the values of a summary must rise, and end at their dropped bits");
        }
        let cells = stored.values.into_iter().zip(stored.tallies).map(|(value, counts)| Cell { value, counts }).collect();
        Ok(ValueTallies { capacity: stored.capacity, dropped_bits: bits, cells })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;
    use crate::stats::{ClassCounts, Moments, ValueCounts, target_units};
    use proptest::prelude::*;

    fn observe<T: Tally>(capacity: usize, rows: &[(f64, T::Row, u64)]) -> ValueTallies<T> {
        let mut summary = ValueTallies::new(capacity);
        let values: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let given: Vec<T::Row> = rows.iter().map(|row| row.1).collect();
        let weight: Vec<u64> = rows.iter().map(|row| row.2).collect();
        summary.observe(&values, &given, &weight);
        summary
    }

    /// Any merge tree gives the bytes of the whole.
    fn check<T: Tally + std::fmt::Debug>(
        rows: &[(f64, T::Row, u64)],
        capacity: usize,
        picks: &[prop::sample::Index],
    ) -> std::result::Result<ValueTallies<T>, TestCaseError> {
        let whole: ValueTallies<T> = observe(capacity, rows);
        let mut parts: Vec<ValueTallies<T>> = rows.chunks(7).map(|part| observe(capacity, part)).collect();
        let mut picks = picks.iter().cycle();
        while parts.len() > 1 {
            let taken = parts.swap_remove(picks.next().unwrap().index(parts.len()));
            let into = picks.next().unwrap().index(parts.len());
            parts[into].merge(&taken).unwrap();
        }
        let merged = parts.pop().unwrap_or_else(|| ValueTallies::new(capacity));
        let text = serde_json::to_string(&merged).unwrap();
        prop_assert_eq!(&text, &serde_json::to_string(&whole).unwrap());
        prop_assert_eq!(serde_json::from_str::<ValueTallies<T>>(&text).unwrap(), whole.clone());
        Ok(whole)
    }

    proptest! {
        #[test]
        fn any_merge_tree_gives_the_same_bytes(
            rows in prop::collection::vec((prop_oneof![-3.0..3.0f64, (-9..9i32).prop_map(f64::from)], -1e9..1e9f64, 0..5u64), 0..120),
            capacity in 2..40usize,
            picks in prop::collection::vec(any::<prop::sample::Index>(), 1..40),
        ) {
            let moments: Vec<(f64, i64, u64)> = rows.iter().map(|r| (r.0, target_units(r.1).unwrap(), r.2)).collect();
            check::<Moments>(&moments, capacity, &picks)?;
            let classes: Vec<(f64, u8, u64)> = rows.iter().map(|r| (r.0, (r.1.abs() % 5.0) as u8, r.2)).collect();
            check::<ClassCounts>(&classes, capacity, &picks)?;
            // Events and non-events agree with the summary that was made for them.
            let events: Vec<(f64, bool, u64)> = rows.iter().map(|r| (r.0, r.1 > 0.0, r.2)).collect();
            let general = check::<crate::stats::Counts>(&events, capacity, &picks)?;
            let mut counts = ValueCounts::new(capacity);
            for (x, event, weight) in &events {
                counts.observe(&[*x], &[*event], &[*weight]);
            }
            prop_assert_eq!(general.cells(), counts.cells());
            prop_assert_eq!(general.dropped_bits(), counts.dropped_bits());
        }
    }

    #[test]
    fn refuses_other_capacities_and_damaged_files() {
        let error = observe::<ClassCounts>(8, &[]).merge(&observe(9, &[])).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Incompatible);
        let good = r#"{"capacity":4,"dropped_bits":0,"values":[1.0,2.0],"tallies":[[1],[0,3]]}"#;
        assert_eq!(serde_json::to_string(&serde_json::from_str::<ValueTallies<ClassCounts>>(good).unwrap()).unwrap(), good);
        for (from, to) in [("[1.0,", "[2.0,"), ("[1],", ""), ("\":4", "\":1"), ("s\":0", "s\":53"), ("[1.0,", "[-0.0,")] {
            assert!(serde_json::from_str::<ValueTallies<ClassCounts>>(&good.replacen(from, to, 1)).is_err(), "{to}");
        }
    }
}
