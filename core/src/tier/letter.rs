//! The four letters, and values that differ by letter.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{self, Error, Problem};

/// A risk tier of a person or a company: `A` is best, `D` worst. The order is that of badness: `A < D`.
///
/// ```
/// use scoreline::tier::RiskTier;
/// assert!(RiskTier::A < RiskTier::D);
/// assert_eq!(RiskTier::B.worse_by(5), RiskTier::D);
/// assert_eq!(RiskTier::from_index(2).map(RiskTier::letter), Some('C'));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RiskTier {
    /// Best.
    A,
    /// Second best.
    B,
    /// Second worst.
    C,
    /// Worst.
    D,
}

impl RiskTier {
    /// Every tier, best first.
    pub const ALL: [RiskTier; 4] = [RiskTier::A, RiskTier::B, RiskTier::C, RiskTier::D];

    /// 0 for `A` … 3 for `D`.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The tier with this index, 0 for `A` … 3 for `D`.
    #[must_use]
    pub fn from_index(index: usize) -> Option<Self> {
        RiskTier::ALL.get(index).copied()
    }

    /// The letter, as in files and answers.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            RiskTier::A => 'A',
            RiskTier::B => 'B',
            RiskTier::C => 'C',
            RiskTier::D => 'D',
        }
    }

    /// The tier that lies `notches` further down, at most `D`.
    #[must_use]
    pub const fn worse_by(self, notches: u8) -> Self {
        match (self as u8).saturating_add(notches) {
            0 => RiskTier::A,
            1 => RiskTier::B,
            2 => RiskTier::C,
            _ => RiskTier::D,
        }
    }

    /// The tier that lies `notches` further up, at most `A`.
    #[must_use]
    pub const fn better_by(self, notches: u8) -> Self {
        match (self as u8).saturating_sub(notches) {
            0 => RiskTier::A,
            1 => RiskTier::B,
            2 => RiskTier::C,
            _ => RiskTier::D,
        }
    }

    /// The tier that a letter names; no other text does.
    #[must_use]
    pub fn from_letter(letter: char) -> Option<Self> {
        RiskTier::ALL.into_iter().find(|tier| tier.letter() == letter)
    }

    /// The tier that a text of one letter names.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) for every other text.
    pub fn parse(text: &str) -> error::Result<Self> {
        let mut letters = text.chars();
        let tier = letters.next().and_then(RiskTier::from_letter).filter(|_| letters.next().is_none());
        tier.ok_or_else(|| Error::data(Problem::new("a tier was expected", "pass A, B, C or D")))
    }
}

impl fmt::Display for RiskTier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.letter())
    }
}

/// Which end of the letters is good. There is one answer, and the file says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// `A` is the lowest risk.
    #[default]
    AIsBest,
}

/// One value for each tier; in a file `{"A": …, "B": …, "C": …, "D": …}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByTier<T> {
    /// For tier `A`.
    #[serde(rename = "A")]
    pub a: T,
    /// For tier `B`.
    #[serde(rename = "B")]
    pub b: T,
    /// For tier `C`.
    #[serde(rename = "C")]
    pub c: T,
    /// For tier `D`.
    #[serde(rename = "D")]
    pub d: T,
}

impl<T> ByTier<T> {
    /// The value for `tier`.
    #[must_use]
    pub const fn get(&self, tier: RiskTier) -> &T {
        match tier {
            RiskTier::A => &self.a,
            RiskTier::B => &self.b,
            RiskTier::C => &self.c,
            RiskTier::D => &self.d,
        }
    }

    /// The values with their tiers, best tier first.
    pub fn iter(&self) -> impl Iterator<Item = (RiskTier, &T)> {
        RiskTier::ALL.into_iter().map(|tier| (tier, self.get(tier)))
    }

    /// The values computed from the tiers.
    ///
    /// # Errors
    /// The first error of `value`, best tier first.
    pub fn try_from_fn<E>(mut value: impl FnMut(RiskTier) -> Result<T, E>) -> Result<Self, E> {
        Ok(ByTier { a: value(RiskTier::A)?, b: value(RiskTier::B)?, c: value(RiskTier::C)?, d: value(RiskTier::D)? })
    }
}

impl<T> From<[T; 4]> for ByTier<T> {
    fn from([a, b, c, d]: [T; 4]) -> Self {
        ByTier { a, b, c, d }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_indices_agree_with_what_files_say() {
        for (index, tier) in RiskTier::ALL.into_iter().enumerate() {
            assert_eq!(RiskTier::from_index(index), Some(tier));
            assert_eq!(RiskTier::from_letter(tier.letter()), Some(tier));
            assert_eq!(tier.index(), index);
            assert_eq!(serde_json::to_string(&tier).unwrap(), format!("\"{}\"", tier.letter()));
            assert_eq!(tier.to_string(), tier.letter().to_string());
            assert_eq!(RiskTier::parse(&tier.to_string()).unwrap(), tier);
        }
        assert_eq!(RiskTier::from_index(4), None);
        assert!(["", "a", "AA", "A ", "E"].iter().all(|text| RiskTier::parse(text).is_err()));
        assert_eq!(serde_json::to_string(&Direction::AIsBest).unwrap(), "\"a_is_best\"");
        assert!(serde_json::from_str::<RiskTier>("\"a\"").is_err());
    }

    #[test]
    fn notches_stop_at_the_worst_tier() {
        assert_eq!(RiskTier::A.worse_by(0), RiskTier::A);
        assert_eq!(RiskTier::A.worse_by(2), RiskTier::C);
        assert_eq!(RiskTier::C.worse_by(255), RiskTier::D);
        assert_eq!(RiskTier::D.better_by(1), RiskTier::C);
        assert_eq!(RiskTier::B.better_by(255), RiskTier::A);
    }

    #[test]
    fn a_value_per_tier_needs_all_four_letters_and_no_more() {
        let values: ByTier<i32> = serde_json::from_str(r#"{"A":1,"B":2,"C":3,"D":4}"#).unwrap();
        assert_eq!(values, [1, 2, 3, 4].into());
        assert_eq!(values.iter().map(|(tier, v)| tier.index() as i32 + 1 - v).collect::<Vec<_>>(), [0; 4]);
        assert!(serde_json::from_str::<ByTier<i32>>(r#"{"A":1,"B":2,"C":3}"#).is_err());
        assert!(serde_json::from_str::<ByTier<i32>>(r#"{"A":1,"B":2,"C":3,"D":4,"E":5}"#).is_err());
    }
}
