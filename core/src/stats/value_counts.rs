//! Events and non-events by value, in bounded memory and independent of the order of the rows.

use serde::{Deserialize, Serialize};

use super::cell_table::CellTable;
use super::counts::{Cell, Counts};
use super::order_key::{key, value};
use super::ordered_cells::merge;
use super::summary::Summary;
use crate::error::{Error, Problem, Result};

/// Distinct values that are counted exactly unless asked otherwise.
pub const DEFAULT_CAPACITY: usize = 1 << 15;

/// What was counted at each distinct value, in rising order of values.
///
/// Exact up to `capacity` distinct values. Beyond that, low bits of the values are dropped, one at a time, until
/// the values fit: they are read as integers of the same order (sign, exponent, significand) and the low
/// [`ValueCounts::dropped_bits`] bits are cleared. So
///
/// * every cell is an interval of the reals, closed below, and [`Cell::value`] is its lower border, for negative
///   values too; all values of a cell lie below the next cell's border;
/// * the end state is the finest precision at which the values of *all* rows fit, hence the same for any
///   split, order and tree of merges;
/// * up to 52 dropped bits, a cell away from 0 is at most 2^(dropped bits − 52) of its border wide.
///
/// −0 counts as 0, an infinity as the largest finite double of its sign.
///
/// ```
/// use scoreline::stats::ValueCounts;
/// let mut counts = ValueCounts::new(4096);
/// counts.observe(&[2.0, 1.0, 2.0], &[true, false, false], &[1, 1, 1]);
/// assert!(counts.is_exact());
/// assert_eq!(counts.cells().iter().map(|c| c.value).collect::<Vec<_>>(), [1.0, 2.0]);
/// assert_eq!((counts.cells()[1].counts.events, counts.cells()[1].counts.non_events), (1, 1));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct ValueCounts {
    capacity: usize,
    dropped_bits: u32,
    cells: Vec<Cell>,
}

impl Default for ValueCounts {
    fn default() -> Self {
        ValueCounts::new(DEFAULT_CAPACITY)
    }
}

impl ValueCounts {
    /// Nothing counted yet; at most `capacity` cells (at least 2).
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        ValueCounts { capacity: capacity.max(2), dropped_bits: 0, cells: Vec::new() }
    }

    /// Counts a block of rows: the value, whether the event happened, and the weight in units of 2⁻²⁰
    /// ([`crate::data::WEIGHT_UNIT`]).
    ///
    /// The slices have the same length. Missing values are counted elsewhere: rows whose value is NaN, and rows of
    /// weight 0, are left out. A block costs some 20 ns for each cell there is on top of its rows, so hundreds of thousands
    /// of rows to a block are better than thousands.
    pub fn observe(&mut self, values: &[f64], event: &[bool], weight: &[u64]) {
        let mut counter = ValueCounter(CellTable::new(self.capacity, self.dropped_bits));
        for ((&x, &event), &weight) in values.iter().zip(event).zip(weight) {
            if !x.is_nan() && weight > 0 {
                counter.add(x, event, weight);
            }
        }
        self.take_in(counter);
    }

    /// The cells in rising order.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Low bits dropped from every value, in [0, 63]; 0 while there are at most `capacity` distinct values.
    #[must_use]
    pub fn dropped_bits(&self) -> u32 {
        self.dropped_bits
    }

    /// Whether every distinct value has a cell of its own.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.dropped_bits == 0
    }

    /// The largest number of cells.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Counts over all cells.
    #[must_use]
    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        self.cells.iter().for_each(|cell| total.add(cell.counts));
        total
    }

    fn take_in(&mut self, counter: ValueCounter) {
        let (dropped_bits, cells) = counter.0.finish();
        self.merge_cells(dropped_bits, cells.into_iter());
    }

    /// Merges cells that come in rising order, as (key without its `dropped_bits` low bits, counts); keys may repeat.
    fn merge_cells(&mut self, dropped_bits: u32, theirs: impl Iterator<Item = (u64, Counts)>) {
        let shift = self.dropped_bits.max(dropped_bits);
        let mine = self.cells.iter().map(|cell| (key(cell.value) >> shift, cell.counts));
        let theirs = theirs.map(|(k, counts)| (k >> (shift - dropped_bits), counts));
        let (more, fitted) = merge(mine, theirs, self.capacity);
        self.dropped_bits = shift + more;
        let dropped_bits = self.dropped_bits;
        self.cells = fitted.into_iter().map(|(k, counts)| Cell { value: value(k << dropped_bits), counts }).collect();
    }
}

/// Counts row by row towards [`ValueCounts`].
#[derive(Debug, Clone)]
pub(crate) struct ValueCounter(CellTable);

impl ValueCounter {
    pub(crate) fn new(capacity: usize) -> Self {
        ValueCounter(CellTable::new(capacity.max(2), 0))
    }

    /// Counts a row of a weight above 0 whose value is not NaN.
    #[inline]
    pub(crate) fn add(&mut self, value: f64, event: bool, weight: u64) {
        self.0.add(key(value), event, weight);
    }

    pub(crate) fn finish(self) -> ValueCounts {
        let mut counts = ValueCounts::new(self.0.capacity());
        counts.take_in(self);
        counts
    }
}

impl Summary for ValueCounts {
    fn merge(&mut self, other: &Self) -> Result<()> {
        if self.capacity != other.capacity {
            return Err(Error::incompatible(Problem::new(
                format!("value counts with {} and {} cells cannot be merged", self.capacity, other.capacity),
                "combine summaries of the same training only",
            )));
        }
        let shift = other.dropped_bits;
        self.merge_cells(shift, other.cells.iter().map(|cell| (key(cell.value) >> shift, cell.counts)));
        Ok(())
    }
}

/// The stored form: by column, which is a third of the size of cell by cell.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    capacity: usize,
    dropped_bits: u32,
    values: Vec<f64>,
    non_events: Vec<u64>,
    events: Vec<u64>,
}

impl From<ValueCounts> for Stored {
    fn from(counts: ValueCounts) -> Self {
        Stored {
            capacity: counts.capacity,
            dropped_bits: counts.dropped_bits,
            values: counts.cells.iter().map(|cell| cell.value).collect(),
            non_events: counts.cells.iter().map(|cell| cell.counts.non_events).collect(),
            events: counts.cells.iter().map(|cell| cell.counts.events).collect(),
        }
    }
}

impl TryFrom<Stored> for ValueCounts {
    type Error = &'static str;

    fn try_from(stored: Stored) -> std::result::Result<Self, &'static str> {
        let count = stored.values.len();
        if stored.non_events.len() != count || stored.events.len() != count {
            return Err("value counts need as many counts as values");
        }
        if stored.capacity < 2 || count > stored.capacity || stored.dropped_bits > 63 {
            return Err("value counts have more cells than their capacity, or dropped bits beyond 63");
        }
        let bits = stored.dropped_bits;
        let own_border = |&x: &f64| x.is_finite() && value(key(x) >> bits << bits).to_bits() == x.to_bits();
        if !stored.values.iter().all(own_border) || stored.values.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err("the values of value counts must rise, and end at their dropped bits");
        }
        let counts = stored.non_events.into_iter().zip(stored.events);
        let cells = stored.values.into_iter().zip(counts);
        let cells = cells.map(|(value, (non_events, events))| Cell { value, counts: Counts { non_events, events } }).collect();
        Ok(ValueCounts { capacity: stored.capacity, dropped_bits: bits, cells })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    type Rows = Vec<(f64, bool, u64)>;

    fn count(capacity: usize, rows: &[(f64, bool, u64)]) -> ValueCounts {
        let mut counts = ValueCounts::new(capacity);
        let values: Vec<f64> = rows.iter().map(|r| r.0).collect();
        let event: Vec<bool> = rows.iter().map(|r| r.1).collect();
        let weight: Vec<u64> = rows.iter().map(|r| r.2).collect();
        counts.observe(&values, &event, &weight);
        counts
    }

    /// By the definition: the first number of dropped bits at which the values of all rows fit.
    fn naive(capacity: usize, rows: &[(f64, bool, u64)]) -> (u32, Vec<Cell>) {
        for bits in 0..64 {
            let mut cells: BTreeMap<u64, Counts> = BTreeMap::new();
            for &(x, event, weight) in rows.iter().filter(|r| r.2 > 0) {
                cells.entry(key(x) >> bits << bits).or_default().add_row(event, weight);
            }
            if cells.len() <= capacity {
                return (bits, cells.into_iter().map(|(k, counts)| Cell { value: value(k), counts }).collect());
            }
        }
        panic!("two cells always suffice")
    }

    fn rows() -> impl Strategy<Value = Rows> {
        let x = prop_oneof![
            any::<u64>().prop_map(f64::from_bits).prop_filter("number", |x| !x.is_nan()),
            -3.0..3.0f64,
            (-20..20i32).prop_map(f64::from),
            Just(-0.0),
            (1.0..2.0f64).prop_map(|x| x * 1e6),
        ];
        prop::collection::vec((x, any::<bool>(), 0..5u64), 0..300)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn any_merge_tree_ends_at_the_finest_precision_of_the_union(
            rows in rows(),
            capacity in prop_oneof![2..9usize, 10..200usize, Just(1000)],
            picks in prop::collection::vec(any::<prop::sample::Index>(), 1..80),
        ) {
            let mut parts: Vec<ValueCounts> = Vec::new();
            let mut rest = &rows[..];
            let mut picks = picks.iter().cycle();
            while !rest.is_empty() {
                let (part, left) = rest.split_at(1 + picks.next().unwrap().index(rest.len()));
                // Some parts grow by a second block instead of a merge.
                match parts.last_mut() {
                    Some(last) if part.len() % 3 == 0 => {
                        let (x, (e, w)): (Vec<f64>, (Vec<bool>, Vec<u64>)) = part.iter().map(|r| (r.0, (r.1, r.2))).unzip();
                        last.observe(&x, &e, &w);
                    }
                    _ => parts.push(count(capacity, part)),
                }
                rest = left;
            }
            while parts.len() > 1 {
                let taken = parts.swap_remove(picks.next().unwrap().index(parts.len()));
                let into = picks.next().unwrap().index(parts.len());
                parts[into].merge(&taken).unwrap();
            }
            let merged = parts.pop().unwrap_or_else(|| ValueCounts::new(capacity));
            let (bits, cells) = naive(capacity, &rows);
            prop_assert_eq!(merged.dropped_bits(), bits);
            prop_assert_eq!(merged.cells(), &cells[..]);
            let text = serde_json::to_string(&merged).unwrap();
            prop_assert_eq!(serde_json::from_str::<ValueCounts>(&text).unwrap(), merged);
        }
    }

    #[test]
    fn exact_up_to_the_capacity_and_bounded_beyond() {
        let rows: Rows = (0..4097).map(|i| (f64::from(i), i % 2 == 0, 1)).collect();
        assert!(count(4096, &rows[..4096]).is_exact());
        let beyond = count(4096, &rows);
        assert!(!beyond.is_exact() && beyond.cells().len() <= 4096);
        assert_eq!(beyond.total(), Counts { non_events: 2048, events: 2049 });
    }

    #[test]
    fn the_finest_precision_of_dense_and_sparse_values() {
        // Thirds over some octaves, a narrow range far from zero, many octaves of few values, and all of them.
        let spread: Rows = (0..40_000).map(|i| (f64::from(i) / 7.0, i % 3 == 0, 1)).collect();
        let narrow: Rows = (0..40_000).map(|i| (1e9 + f64::from(i * 7919 % 40_009) / 65_536.0, i % 5 == 0, 2)).collect();
        let wide: Rows = (0..40_000u32)
            .map(|i| (f64::from(i % 97 + 1) * f64::from_bits(u64::from(i % 1_201 + 423) << 52), i % 2 == 0, 3))
            .collect();
        for rows in [&spread, &narrow, &wide, &[spread.clone(), narrow.clone(), wide.clone()].concat()] {
            for capacity in [64, 4096, 30_000] {
                let (bits, cells) = naive(capacity, rows);
                let counted = count(capacity, rows);
                assert_eq!((counted.dropped_bits(), counted.cells()), (bits, &cells[..]));
            }
        }
    }

    #[test]
    fn zeros_missing_values_and_weight_zero() {
        let counts = count(8, &[(0.0, true, 1), (-0.0, false, 2), (f64::NAN, true, 9), (7.0, true, 0)]);
        assert_eq!(counts.cells(), [Cell { value: 0.0, counts: Counts { non_events: 2, events: 1 } }]);
        assert_eq!(counts.cells()[0].value.to_bits(), 0);
    }

    #[test]
    fn refuses_other_capacities_and_damaged_files() {
        let error = count(8, &[]).merge(&count(9, &[])).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Incompatible);
        let good = r#"{"capacity":4,"dropped_bits":0,"values":[1.0,2.0],"non_events":[1,2],"events":[3,4]}"#;
        assert_eq!(serde_json::to_string(&serde_json::from_str::<ValueCounts>(good).unwrap()).unwrap(), good);
        for (from, to) in [("[1.0,", "[2.0,"), ("[1,2]", "[1]"), ("\":4", "\":1"), ("s\":0", "s\":53"), ("[1.0,", "[-0.0,")] {
            assert!(serde_json::from_str::<ValueCounts>(&good.replacen(from, to, 1)).is_err(), "{to}");
        }
    }
}
