//! From a value to its bin, one at a time or a column at a time, with the same comparisons.

use super::bins::{FeatureBins, Split};
use crate::data::{Code, Column, Special, Value};

/// The bins of one variable, resolved for speed.
#[derive(Debug, Clone)]
pub enum Lookup {
    /// By comparison with cuts.
    Number(NumberLookup),
    /// By search in a sorted table.
    Level(LevelLookup),
}

impl Lookup {
    /// Resolves the bins of a variable with the special codes of its field.
    #[must_use]
    pub fn new(bins: &FeatureBins, special: &[Special]) -> Self {
        Lookup::of(&bins.split, special)
    }

    /// Resolves the bins of any target: the ordinary ones, one for each special code, and the missing bin.
    #[must_use]
    pub fn of(split: &Split, special: &[Special]) -> Self {
        let ordinary = split.bins();
        let missing = (ordinary + special.len()) as u8;
        match split {
            Split::Numeric { cuts } => {
                let code = |special: &Special| if let Code::Number(code) = special.code { code } else { f64::NAN };
                Lookup::Number(NumberLookup {
                    cuts: cuts.clone(),
                    special: special.iter().map(code).collect(),
                    ordinary: ordinary as u8,
                    missing,
                })
            }
            Split::Category { groups, unseen } => {
                let mut levels: Vec<(Box<str>, u8)> = Vec::new();
                for (bin, group) in groups.iter().enumerate() {
                    levels.extend(group.iter().map(|level| (level.as_str().into(), bin as u8)));
                }
                for (i, special) in special.iter().enumerate() {
                    if let Code::Text(text) = &special.code {
                        levels.push((text.as_str().into(), (ordinary + i) as u8));
                    }
                }
                levels.sort();
                Lookup::Level(LevelLookup { levels, unseen: *unseen as u8, missing })
            }
        }
    }

    /// The bins of a column, one a row.
    pub(super) fn codes_of(&self, column: &Column<'_>) -> Vec<u8> {
        let code = |row| match (self, column.value(row)) {
            (Lookup::Level(lookup), Value::Flag(flag)) => lookup.code(if flag { "true" } else { "false" }).0,
            (_, value) => self.code(value).0,
        };
        (0..column.len()).map(code).collect()
    }

    /// The bin of one value, and whether it is a level never seen in training.
    #[inline]
    #[must_use]
    pub fn code(&self, value: Value<'_>) -> (u8, bool) {
        match (self, value) {
            (Lookup::Number(lookup), value) => (lookup.code(value.as_number()), false),
            (Lookup::Level(lookup), Value::Category(level)) => lookup.code(level),
            (Lookup::Level(lookup), _) => (lookup.missing, false),
        }
    }
}

/// Bins of numbers: bin k holds cut k−1 ≤ x < cut k.
#[derive(Debug, Clone)]
pub struct NumberLookup {
    cuts: Vec<f64>,
    special: Vec<f64>,
    ordinary: u8,
    missing: u8,
}

/// Values compared side by side.
const LANES: usize = 8;

/// The most cuts of a variable: bin codes stay below 64.
const MAX_CUTS: usize = 63;

impl NumberLookup {
    /// The bin of `x`; NaN is missing.
    #[inline]
    #[must_use]
    pub fn code(&self, x: f64) -> u8 {
        if x.is_nan() {
            return self.missing;
        }
        if let Some(i) = self.special.iter().position(|&special| special == x) {
            return self.ordinary + i as u8;
        }
        self.cuts.iter().map(|&cut| u8::from(x >= cut)).sum()
    }

    /// The bins of a column: `codes[i]` for `values[i]`. Returns whether any value is infinite: such values
    /// have no bin that means anything.
    pub fn codes(&self, values: &[f64], codes: &mut [u8]) -> bool {
        // Comparisons and counts have one result on every CPU, so the widest registers may do them.
        let infinite = pulp::Arch::new().dispatch(CountCuts { cuts: &self.cuts, missing: self.missing, values, codes });
        for (i, special) in self.special.iter().enumerate() {
            for (x, code) in values.iter().zip(codes.iter_mut()) {
                if x == special {
                    *code = self.ordinary + i as u8;
                }
            }
        }
        infinite
    }
}

/// Counts the cuts at or below each value.
struct CountCuts<'a> {
    cuts: &'a [f64],
    missing: u8,
    values: &'a [f64],
    codes: &'a mut [u8],
}

impl pulp::WithSimd for CountCuts<'_> {
    type Output = bool;

    // Inlined into a function that may use the CPU's widest registers; the compiler then vectorises the loops.
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> bool {
        match self.cuts.len() {
            0..=2 => self.count::<2>(),
            3 | 4 => self.count::<4>(),
            5 => self.count::<5>(),
            6 => self.count::<6>(),
            7 | 8 => self.count::<8>(),
            9..=12 => self.count::<12>(),
            13..=16 => self.count::<16>(),
            _ => self.count::<MAX_CUTS>(),
        }
    }
}

impl CountCuts<'_> {
    /// Counts among `N` cuts: a number known beforehand lets the compiler compare one cut with many values.
    #[inline(always)]
    fn count<const N: usize>(self) -> bool {
        // A finite value is below an infinite cut, so the cuts that fill up count nothing.
        let mut cuts = [f64::INFINITY; N];
        cuts.iter_mut().zip(self.cuts).for_each(|(slot, cut)| *slot = *cut);
        let missing = u64::from(self.missing);
        let mut infinite = [0u64; LANES];
        let (chunks, rest) = self.values.as_chunks::<LANES>();
        let (code_chunks, code_rest) = self.codes.as_chunks_mut::<LANES>();
        for (x, code) in chunks.iter().zip(code_chunks) {
            let mut counts = [0u64; LANES];
            for cut in cuts {
                for lane in 0..LANES {
                    counts[lane] += u64::from(x[lane] >= cut);
                }
            }
            for lane in 0..LANES {
                counts[lane] = if x[lane].is_nan() { missing } else { counts[lane] };
                infinite[lane] |= u64::from(x[lane].abs() == f64::INFINITY);
                code[lane] = counts[lane] as u8;
            }
        }
        for (&x, code) in rest.iter().zip(code_rest) {
            let count: u64 = cuts.iter().map(|&cut| u64::from(x >= cut)).sum();
            *code = if x.is_nan() { self.missing } else { count as u8 };
        }
        infinite != [0; LANES] || rest.iter().any(|x| x.is_infinite())
    }
}

/// Bins of levels.
#[derive(Debug, Clone)]
pub struct LevelLookup {
    levels: Vec<(Box<str>, u8)>,
    unseen: u8,
    missing: u8,
}

impl LevelLookup {
    /// The bin of `level`, and whether it was never seen in training.
    #[inline]
    #[must_use]
    pub fn code(&self, level: &str) -> (u8, bool) {
        match self.levels.binary_search_by(|(known, _)| (**known).cmp(level)) {
            Ok(at) => (self.levels[at].1, false),
            Err(_) => (self.unseen, true),
        }
    }

    /// The bin of missing values.
    #[must_use]
    pub fn missing(&self) -> u8 {
        self.missing
    }
}
