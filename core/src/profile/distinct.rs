//! Distinct things with their counts: exact up to a limit, a sample by hash beyond it, the same for any order of rows.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::data::Value;
use crate::stats::Counts;

/// Two independent hashes of the same thing.
pub(super) type Print = [u64; 2];

/// Where the two hashes of a row or cell begin.
pub(super) const START: Print = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344];

/// The things with the smallest hashes, each with everything that was counted of it. A thing among the smallest of all
/// rows is among the smallest of every part, so parts merge exactly (bottom-k sampling; Cohen and Kaplan 2007).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored<K>", try_from = "Stored<K>", bound = "K: Ord + Clone + Serialize + DeserializeOwned")]
pub(super) struct Distinct<K: Ord> {
    limit: usize,
    passed: bool,
    kept: BTreeMap<(u64, K), Counts>,
}

impl<K: Ord> Distinct<K> {
    pub(super) fn new(limit: usize) -> Self {
        Distinct { limit, passed: false, kept: BTreeMap::new() }
    }

    /// Counts a thing.
    pub(super) fn add(&mut self, hash: u64, key: K, counts: Counts) {
        self.kept.entry((hash, key)).or_default().add(counts);
        if self.kept.len() > self.limit {
            self.kept.pop_last();
            self.passed = true;
        }
    }

    /// Whether everything was kept.
    pub(super) fn is_exact(&self) -> bool {
        !self.passed
    }

    /// Number of things kept.
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, Counts)> {
        self.kept.iter().map(|((_, key), counts)| (key, *counts))
    }
}

impl<K: Ord + Clone> Distinct<K> {
    /// Takes in what another of the same limit has seen.
    pub(super) fn merge(&mut self, other: &Self) {
        self.passed |= other.passed;
        other.kept.iter().for_each(|((hash, key), counts)| self.add(*hash, key.clone(), *counts));
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<K> {
    limit: usize,
    passed: bool,
    kept: Vec<(u64, K, Counts)>,
}

impl<K: Ord> From<Distinct<K>> for Stored<K> {
    fn from(distinct: Distinct<K>) -> Self {
        let kept = distinct.kept.into_iter().map(|((hash, key), counts)| (hash, key, counts)).collect();
        Stored { limit: distinct.limit, passed: distinct.passed, kept }
    }
}

impl<K: Ord> TryFrom<Stored<K>> for Distinct<K> {
    type Error = &'static str;

    fn try_from(stored: Stored<K>) -> Result<Self, &'static str> {
        let count = stored.kept.len();
        let kept: BTreeMap<(u64, K), Counts> = stored.kept.into_iter().map(|(hash, key, counts)| ((hash, key), counts)).collect();
        if kept.len() != count || count > stored.limit || (stored.passed && count < stored.limit) {
            return Err("what was kept must differ and keep to its limit");
        }
        Ok(Distinct { limit: stored.limit, passed: stored.passed, kept })
    }
}

/// Spreads the bits of a word (the finaliser of SplitMix64, Steele et al. 2014).
fn spread(word: u64) -> u64 {
    let mut z = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The print of `print` followed by `next`.
pub(super) fn then(print: Print, next: Print) -> Print {
    [spread(print[0].rotate_left(23) ^ next[0]), spread(print[1].rotate_left(29) ^ next[1])]
}

/// The print of a cell; −0 is 0.
pub(super) fn print(value: Value<'_>) -> Print {
    match value {
        Value::Missing => of_word(1, 0),
        Value::Number(x) => of_word(2, (x + 0.0).to_bits()),
        Value::Flag(flag) => of_word(3, u64::from(flag)),
        Value::Date(day) => of_word(4, u64::from(day.days() as u32)),
        Value::Category(level) => of_text(level),
    }
}

/// The print of a text.
pub(super) fn of_text(text: &str) -> Print {
    text.as_bytes().chunks(8).fold(of_word(5, text.len() as u64), |print, chunk| {
        let word = chunk.iter().rev().fold(0u64, |word, byte| word << 8 | u64::from(*byte));
        then(print, of_word(6, word))
    })
}

fn of_word(sort: u64, word: u64) -> Print {
    [spread(START[0] ^ word ^ spread(sort)), spread(spread(word).wrapping_add(START[1] ^ sort))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counted(texts: &[String], limit: usize) -> Distinct<String> {
        let mut distinct = Distinct::new(limit);
        texts.iter().for_each(|text| distinct.add(of_text(text)[0], text.clone(), Counts { non_events: 1, events: 0 }));
        distinct
    }

    proptest! {
        #[test]
        fn any_split_and_order_gives_the_same_bytes(texts in prop::collection::vec("[a-f]{1,2}", 0..80), at in 0..80usize, limit in 2..40usize) {
            let whole = counted(&texts, limit);
            let (one, other) = texts.split_at(at.min(texts.len()));
            let (mut forward, mut backward) = (counted(one, limit), counted(other, limit));
            let first = forward.clone();
            forward.merge(&backward);
            backward.merge(&first);
            let text = serde_json::to_string(&whole).unwrap();
            prop_assert_eq!(&serde_json::to_string(&forward).unwrap(), &text);
            prop_assert_eq!(&serde_json::to_string(&backward).unwrap(), &text);
            prop_assert_eq!(serde_json::from_str::<Distinct<String>>(&text).unwrap(), whole.clone());
            let differ: std::collections::BTreeSet<&String> = texts.iter().collect();
            prop_assert_eq!((whole.is_exact(), whole.len()), (differ.len() <= limit, differ.len().min(limit)));
            for (text, counts) in whole.iter() {
                prop_assert_eq!(counts.non_events as usize, texts.iter().filter(|other| *other == text).count());
            }
        }
    }

    #[test]
    fn prints_tell_kinds_and_lengths_apart() {
        let values = [
            Value::Missing,
            Value::Number(0.0),
            Value::Number(1.0),
            Value::Flag(false),
            Value::Flag(true),
            Value::Category(""),
            Value::Category("1"),
            Value::Category("\0"),
            Value::Category("\0\0"),
            Value::Date(crate::data::Date::from_days(1)),
        ];
        for (at, one) in values.iter().enumerate() {
            assert!(
                values[at + 1..].iter().all(|other| print(*one)[0] != print(*other)[0] && print(*one)[1] != print(*other)[1])
            );
        }
        assert_eq!(print(Value::Number(-0.0)), print(Value::Number(0.0)));
    }
}
