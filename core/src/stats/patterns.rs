//! Rows as bin codes, each different row once, in bounded memory and independent of the order of the rows.

use serde::{Deserialize, Serialize};

use super::counts::Counts;
use super::summary::Summary;
use crate::error::{Error, Problem, Result};

/// Different rows that are kept unless asked otherwise.
pub const DEFAULT_PATTERNS: usize = 1 << 20;

/// The unit in which a pattern's weight falls apart into folds: one row of weight 1.
const ROW: u64 = 1 << 20;

/// The most parts of one class of one pattern that are dealt out to folds.
const MAX_PARTS: u64 = 1 << 12;

/// What was counted of each different row of bin codes: the training table of models that need whole rows.
///
/// Exact up to `capacity` different rows. Beyond that the patterns of smallest hash are kept, each with all its
/// counts. The hash is a fixed function of the codes and knows nothing of the outcome, so that
///
/// * the kept patterns are a random sample of the different rows, and the event rate of each is untouched;
/// * a pattern kept of *all* rows is kept of any part of them, hence the same end state for any split, order and
///   tree of merges;
/// * patterns stand in the order of their hash, so a prefix is a random sample again.
///
/// ```
/// use scoreline::stats::Patterns;
/// let mut patterns = Patterns::new(2, 1000);
/// patterns.observe(&[&[0, 1, 0], &[3, 2, 3]], &[true, false, false], &[1, 1, 1])?;
/// assert_eq!(patterns.len(), 2);
/// assert_eq!(patterns.counts().iter().map(|counts| counts.total()).sum::<u64>(), 3);
/// assert_eq!(patterns.kept_share(), 1.0);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Patterns {
    capacity: usize,
    seen: Counts,
    /// Rising; equal hashes in the order of the codes.
    hashes: Vec<u64>,
    /// One column a variable.
    codes: Vec<Vec<u8>>,
    counts: Vec<Counts>,
}

impl Patterns {
    /// Nothing counted yet, of rows of `variables` codes; at most `capacity` patterns (at least 1).
    #[must_use]
    pub fn new(variables: usize, capacity: usize) -> Self {
        Patterns {
            capacity: capacity.max(1),
            seen: Counts::default(),
            hashes: Vec::new(),
            codes: vec![Vec::new(); variables],
            counts: Vec::new(),
        }
    }

    /// Counts a block of rows: the codes of each variable, whether the event happened, and the weight in units of
    /// 2⁻²⁰ ([`crate::data::WEIGHT_UNIT`]). Rows of weight 0 leave no trace.
    ///
    /// A block costs a copy of what is there already, so tens of thousands of rows to a block are better than hundreds.
    ///
    /// # Errors
    /// [`Incompatible`](crate::ErrorCode::Incompatible) unless there is one column a variable and one code, outcome
    /// and weight a row; nothing is then counted.
    pub fn observe(&mut self, codes: &[&[u8]], event: &[bool], weight: &[u64]) -> Result<()> {
        let rows = event.len();
        if codes.len() != self.codes.len() || weight.len() != rows || codes.iter().any(|column| column.len() != rows) {
            return Err(Error::incompatible(Problem::new(
                format!("rows of {} codes with outcome and weight were expected", self.codes.len()),
                "give one code a variable for each row",
            )));
        }
        let hashes = hash(codes, rows);
        let mut order: Vec<(u64, u32)> = Vec::with_capacity(rows);
        let mut block = Patterns::new(codes.len(), self.capacity);
        // Positions fit 32 bits: longer blocks are taken in parts.
        for start in (0..rows).step_by(1 << 30) {
            let part = start..(start + (1 << 30)).min(rows);
            order.clear();
            order.extend(part.clone().filter(|&row| weight[row] > 0).map(|row| (hashes[row], (row - start) as u32)));
            order
                .sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| by_codes(codes, start + a.1 as usize, start + b.1 as usize)));
            let mut last: Option<usize> = None;
            for &(hash, at) in &order {
                let row = start + at as usize;
                let known = last.filter(|&last| hashes[last] == hash && codes.iter().all(|c| c[last] == c[row]));
                if known.is_none() {
                    block.hashes.push(hash);
                    block.codes.iter_mut().zip(codes).for_each(|(into, from)| into.push(from[row]));
                    block.counts.push(Counts::default());
                    last = Some(row);
                }
                if let Some(counts) = block.counts.last_mut() {
                    counts.add_row(event[row], weight[row]);
                }
                block.seen.add_row(event[row], weight[row]);
            }
            self.take_in(&block);
            block = Patterns::new(codes.len(), self.capacity);
        }
        Ok(())
    }

    /// Number of different rows kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether nothing was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// The codes of each pattern, one column a variable.
    #[must_use]
    pub fn codes(&self) -> &[Vec<u8>] {
        &self.codes
    }

    /// What was counted of each pattern.
    #[must_use]
    pub fn counts(&self) -> &[Counts] {
        &self.counts
    }

    /// Counts of all rows seen, kept or not.
    #[must_use]
    pub fn seen(&self) -> Counts {
        self.seen
    }

    /// Share of the weight seen that the kept patterns hold, in (0, 1]; 1 when nothing was seen.
    #[must_use]
    pub fn kept_share(&self) -> f64 {
        if self.seen.total() == 0 {
            return 1.0;
        }
        let kept = self.counts.iter().fold(0u64, |sum, counts| sum.saturating_add(counts.total()));
        kept as f64 / self.seen.total() as f64
    }

    /// What each pattern has in fold `fold` of `folds`: every row falls into one fold, by a hash of its pattern, of
    /// its outcome, of its number among the pattern's rows of that outcome, and of `seed`.
    ///
    /// Which rows made up a weight is forgotten: it counts as rows of weight 1 (one row, when it is below 1; and
    /// never more than 4,096 equal ones).
    #[must_use]
    pub fn fold(&self, fold: u32, folds: u32, seed: u64) -> Vec<Counts> {
        let dealt = |hash: u64, class: u64, weight: u64| {
            let parts = weight.div_ceil(ROW).min(MAX_PARTS);
            let base = mix(hash ^ mix(seed ^ (class << 63) ^ (u64::from(folds) << 32)));
            let in_fold = |part: &u64| ((u128::from(mix(base ^ part)) * u128::from(folds.max(1))) >> 64) as u32 == fold;
            (0..parts).filter(in_fold).map(|part| weight / parts + u64::from(part < weight % parts)).sum()
        };
        let side = |(&hash, counts): (&u64, &Counts)| Counts {
            non_events: dealt(hash, 0, counts.non_events),
            events: dealt(hash, 1, counts.events),
        };
        self.hashes.iter().zip(&self.counts).map(side).collect()
    }

    /// Merges with patterns of as many variables, and drops those of largest hash beyond the capacity.
    fn take_in(&mut self, other: &Self) {
        self.seen.add(other.seen);
        let (mine, theirs) = (self.len(), other.len());
        // Where each pattern of the union comes from; a position of `other` counts on from `mine`.
        let mut plan: Vec<usize> = Vec::with_capacity((mine + theirs).min(self.capacity));
        let mut counts: Vec<Counts> = Vec::with_capacity(plan.capacity());
        let (mut i, mut j) = (0, 0);
        while plan.len() < self.capacity && (i < mine || j < theirs) {
            let order = match (self.hashes.get(i), other.hashes.get(j)) {
                (Some(a), Some(b)) => a.cmp(b).then_with(|| {
                    let pairs = self.codes.iter().zip(&other.codes).map(|(a, b)| a[i].cmp(&b[j]));
                    pairs.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
                }),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, _) => std::cmp::Ordering::Greater,
            };
            if order.is_gt() {
                plan.push(mine + j);
                counts.push(other.counts[j]);
                j += 1;
                continue;
            }
            plan.push(i);
            let mut held = self.counts[i];
            if order.is_eq() {
                held.add(other.counts[j]);
                j += 1;
            }
            counts.push(held);
            i += 1;
        }
        fn pick<T: Copy>(plan: &[usize], mine: &[T], theirs: &[T]) -> Vec<T> {
            plan.iter().map(|&at| if at < mine.len() { mine[at] } else { theirs[at - mine.len()] }).collect()
        }
        self.hashes = pick(&plan, &self.hashes, &other.hashes);
        self.codes.iter_mut().zip(&other.codes).for_each(|(mine, theirs)| *mine = pick(&plan, mine, theirs));
        self.counts = counts;
    }
}

impl Summary for Patterns {
    fn merge(&mut self, other: &Self) -> Result<()> {
        if self.capacity != other.capacity || self.codes.len() != other.codes.len() {
            return Err(Error::incompatible(Problem::new(
                "patterns of different variables or capacities cannot be merged",
                "combine summaries of the same training only",
            )));
        }
        self.take_in(other);
        Ok(())
    }
}

/// 2⁶⁴ divided by the golden ratio, odd.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// The mixing of splitmix64 (Steele, Lea, Flood 2014): every bit of the result depends on every bit of `x`.
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(SPREAD);
    let x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}

/// The hash of each row: eight codes at a time are mixed in.
fn hash(codes: &[impl AsRef<[u8]>], rows: usize) -> Vec<u64> {
    let mut hashes = vec![0; rows];
    let mut words = vec![0u64; rows];
    for group in codes.chunks(8) {
        words.fill(0);
        for (place, column) in group.iter().enumerate() {
            words.iter_mut().zip(column.as_ref()).for_each(|(word, &code)| *word |= u64::from(code) << (8 * place));
        }
        hashes.iter_mut().zip(&words).for_each(|(hash, word)| *hash = mix(*hash ^ word));
    }
    hashes
}

fn by_codes(codes: &[impl AsRef<[u8]>], a: usize, b: usize) -> std::cmp::Ordering {
    let pairs = codes.iter().map(|column| column.as_ref()[a].cmp(&column.as_ref()[b]));
    pairs.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
}

/// The stored form: the hashes follow from the codes.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    capacity: usize,
    seen: Counts,
    codes: Vec<Vec<u8>>,
    non_events: Vec<u64>,
    events: Vec<u64>,
}

impl From<Patterns> for Stored {
    fn from(patterns: Patterns) -> Self {
        Stored {
            capacity: patterns.capacity,
            seen: patterns.seen,
            non_events: patterns.counts.iter().map(|counts| counts.non_events).collect(),
            events: patterns.counts.iter().map(|counts| counts.events).collect(),
            codes: patterns.codes,
        }
    }
}

impl TryFrom<Stored> for Patterns {
    type Error = &'static str;

    fn try_from(stored: Stored) -> std::result::Result<Self, &'static str> {
        let rows = stored.events.len();
        if stored.non_events.len() != rows || stored.codes.iter().any(|column| column.len() != rows) {
            return Err("patterns need as many codes as counts");
        }
        if rows > stored.capacity {
            return Err("there are more patterns than their capacity");
        }
        let hashes = hash(&stored.codes, rows);
        let rises = |at: usize| hashes[at].cmp(&hashes[at + 1]).then_with(|| by_codes(&stored.codes, at, at + 1)).is_lt();
        if !(0..rows.saturating_sub(1)).all(rises) {
            return Err("patterns must be different, and stand in the order of their hash");
        }
        let counts: Vec<Counts> =
            stored.non_events.into_iter().zip(stored.events).map(|(non_events, events)| Counts { non_events, events }).collect();
        let mut kept = Counts::default();
        counts.iter().for_each(|&counts| kept.add(counts));
        if counts.iter().any(|counts| counts.total() == 0)
            || kept.events > stored.seen.events
            || kept.non_events > stored.seen.non_events
        {
            return Err("patterns must have weight, and no more than was seen");
        }
        Ok(Patterns { capacity: stored.capacity, seen: stored.seen, hashes, codes: stored.codes, counts })
    }
}

#[cfg(test)]
mod tests;
