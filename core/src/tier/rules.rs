//! What all rules have in common: a condition that may be missing, and sets of hits as bits.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::error::Problems;

/// The most rules of one kind in a policy: one bit each.
pub const MAX_RULES: usize = 64;

/// The kinds of rules of a tier policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleKind {
    /// Strong rules.
    Strong,
    /// Weak rules.
    Weak,
    /// Overlays.
    Overlay,
}

/// What a rule does when its condition cannot be told because an input is missing. Always declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnMissing {
    /// As if the condition were true.
    Hit,
    /// As if the condition were false.
    NoHit,
    /// A person must look at the case.
    Refer,
}

/// Which rules of one kind took effect; bit *i* stands for the rule with index *i* in the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RuleHits {
    /// Rules that took effect, including those that do so when an input is missing.
    pub hits: u64,
    /// Rules whose condition could not be told.
    pub missing: u64,
    /// Those of `missing` that ask for a person.
    pub refer: u64,
}

impl RuleHits {
    /// These hits without the rules that `active` does not name.
    pub(crate) fn among(self, active: u64) -> Self {
        RuleHits { hits: self.hits & active, missing: self.missing & active, refer: self.refer & active }
    }
}

/// What the conditions of the rules of one kind say; bit *i* stands for the rule with index *i* in the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Told {
    /// Those that hold.
    pub(crate) holds: u64,
    /// Those that cannot be told because an input is missing.
    pub(crate) missing: u64,
}

impl Told {
    /// Of conditions in the order of the rules; only the first [`MAX_RULES`] count.
    pub(crate) fn of(conditions: impl Iterator<Item = Option<bool>>) -> Self {
        let mut told = Told::default();
        for (i, condition) in conditions.take(MAX_RULES).enumerate() {
            told.holds |= u64::from(condition == Some(true)) << i;
            told.missing |= u64::from(condition.is_none()) << i;
        }
        told
    }
}

/// What the conditions of a tier policy say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TierTold {
    pub(crate) strong: Told,
    pub(crate) weak: Told,
    pub(crate) overlays: Told,
}

/// The part of a list of rules that evaluation needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RuleSet {
    count: usize,
    hit_if_missing: u64,
    refer_if_missing: u64,
}

impl RuleSet {
    /// For rules with these declarations; only the first [`MAX_RULES`] count.
    pub(crate) fn new(on_missing: impl Iterator<Item = OnMissing>) -> Self {
        let mut set = RuleSet { count: 0, hit_if_missing: 0, refer_if_missing: 0 };
        for (i, choice) in on_missing.take(MAX_RULES).enumerate() {
            set.count = i + 1;
            match choice {
                OnMissing::Hit => set.hit_if_missing |= 1 << i,
                OnMissing::Refer => set.refer_if_missing |= 1 << i,
                OnMissing::NoHit => {}
            }
        }
        set
    }

    /// Asks `when` for the condition of every rule; `None` means that an input is missing.
    pub(crate) fn ask(&self, when: impl Fn(usize) -> Option<bool>) -> Told {
        Told::of((0..self.count).map(when))
    }

    /// The rules that take effect, of conditions that say something of these rules only.
    #[inline]
    pub(crate) fn hits(&self, Told { holds, missing }: Told) -> RuleHits {
        RuleHits { hits: holds | (missing & self.hit_if_missing), missing, refer: missing & self.refer_if_missing }
    }
}

/// Sums of weights over sets of rules. A table for every eight rules takes the place of a branch for each, which a processor
/// could guess wrong.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BitSums(Vec<[u64; 256]>);

impl BitSums {
    /// For rules with these weights, whose sum must not overflow.
    pub(crate) fn new(weights: &[u64]) -> Self {
        let table = |weights: &[u64]| {
            std::array::from_fn(|byte| {
                weights.iter().enumerate().filter(|(bit, _)| byte >> bit & 1 == 1).map(|(_, weight)| weight).sum()
            })
        };
        BitSums(weights.chunks(8).map(table).collect())
    }

    /// The weights of the rules in a set.
    #[inline]
    pub(crate) fn of(&self, rules: u64) -> u64 {
        self.0.iter().zip(rules.to_le_bytes()).map(|(table, byte)| table[usize::from(byte)]).sum()
    }
}

/// The indices of the bits that are set, lowest first.
pub(crate) fn ones(mut bits: u64) -> impl Iterator<Item = u8> {
    std::iter::from_fn(move || {
        let lowest = bits.trailing_zeros() as u8;
        (bits != 0).then(|| {
            bits &= bits - 1;
            lowest
        })
    })
}

/// Checks the parts that every rule has; `codes` collects the codes of one policy.
pub(crate) fn check_rule<'a>(
    problems: &mut Problems,
    codes: &mut BTreeSet<&'a str>,
    place: &str,
    code: &'a str,
    when: &str,
    reason: &str,
) {
    problems.require(!code.trim().is_empty(), place, "a rule needs a code", "give it a short unique code");
    problems.require(codes.insert(code), place, "two rules have the same code", "give each rule its own code");
    problems.require(!when.trim().is_empty(), place, "a rule needs a condition", "write `when` as an expression over the fields");
    problems.require(!reason.trim().is_empty(), place, "a rule needs a reason", "say in words what the applicant is told");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(set: &RuleSet, when: &dyn Fn(usize) -> Option<bool>) -> RuleHits {
        set.hits(set.ask(when))
    }

    #[test]
    fn a_missing_condition_does_what_the_rule_declares() {
        let set = RuleSet::new([OnMissing::Hit, OnMissing::NoHit, OnMissing::Refer].into_iter());
        assert_eq!(hits(&set, &|_| None), RuleHits { hits: 0b001, missing: 0b111, refer: 0b100 });
        assert_eq!(hits(&set, &|_| Some(true)), RuleHits { hits: 0b111, missing: 0, refer: 0 });
        assert_eq!(hits(&set, &|_| Some(false)), RuleHits::default());
    }

    #[test]
    fn sums_are_those_of_the_rules_one_by_one() {
        for count in [0, 1, 7, 8, 9, 64] {
            let weights: Vec<u64> = (0..count).map(|i| 3 * i * i + 1).collect();
            let sums = BitSums::new(&weights);
            for rules in [0, 1, 0b1011, 1 << 63 | 1 << 8, 0x5555_aaaa_0f0f_f00f, u64::MAX] {
                let expected: u64 = ones(rules).filter_map(|i| weights.get(usize::from(i))).sum();
                assert_eq!(sums.of(rules), expected, "{count} {rules:x}");
            }
        }
    }

    #[test]
    fn the_last_of_64_rules_has_a_bit_too() {
        let set = RuleSet::new(std::iter::repeat_n(OnMissing::Hit, MAX_RULES));
        assert_eq!(hits(&set, &|i| Some(i == 63)).hits, 1 << 63);
        assert_eq!(hits(&set, &|_| None).hits, u64::MAX);
        assert_eq!(ones(1 << 63 | 0b101).collect::<Vec<_>>(), [0, 2, 63]);
        assert_eq!(ones(0).next(), None);
    }
}
