//! From a value to its bin, one at a time or a column at a time, with the same comparisons.

use super::bins::{FeatureBins, Split};
use super::choose::Choose;
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

/// Values whose codes are found together.
const BLOCK: usize = 256;

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
        // Codes pass through the kernel as the bits of doubles.
        let code = |code: u8| f64::from_bits(u64::from(code));
        let entries: [f64; 256] = std::array::from_fn(|bin| code(bin as u8));
        let mut chosen = [0.0; BLOCK];
        let mut infinite = false;
        for (values, codes) in values.chunks(BLOCK).zip(codes.chunks_mut(BLOCK)) {
            let chosen = &mut chosen[..values.len()];
            infinite |= self.choose(values, &entries, chosen);
            codes.iter_mut().zip(chosen).for_each(|(code, chosen)| *code = chosen.to_bits() as u8);
        }
        infinite
    }

    /// Puts into `chosen[i]` the one of `entries`, which are by bin, that stands for `values[i]`. Returns whether any value
    /// is infinite.
    pub(super) fn choose(&self, values: &[f64], entries: &[f64; 256], chosen: &mut [f64]) -> bool {
        let missing = entries[usize::from(self.missing)];
        let infinite = pulp::Arch::new().dispatch(Choose { cuts: &self.cuts, entries, missing, values, chosen });
        for (entry, special) in entries[usize::from(self.ordinary)..].iter().zip(&self.special) {
            for (x, chosen) in values.iter().zip(chosen.iter_mut()) {
                if x == special {
                    *chosen = *entry;
                }
            }
        }
        infinite
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
