//! Conditions of rules over a block of rows, as bits by row.

use crate::expr::{TRUE, UNKNOWN};
use crate::model::BLOCK;
use crate::tier::Told;

/// Rules whose conditions share a byte.
const BYTE: usize = 8;

/// What the conditions of the rules of one kind say of each row of a block. Bytes of eight rules, so that one instruction sets
/// the bits of many rows.
#[derive(Debug, Clone)]
pub(super) struct RuleBits {
    holds: Vec<[u8; BLOCK]>,
    missing: Vec<[u8; BLOCK]>,
}

impl RuleBits {
    pub(super) fn new(rules: usize) -> Self {
        let bytes = vec![[0; BLOCK]; rules.div_ceil(BYTE)];
        RuleBits { holds: bytes.clone(), missing: bytes }
    }

    /// Sets the bits of a rule; the rules of a block are set in their order.
    pub(super) fn set(&mut self, rule: usize, flags: &[u8]) {
        let bit = (rule % BYTE) as u32;
        let kept = if bit == 0 { 0 } else { u8::MAX };
        let (Some(holds), Some(missing)) = (self.holds.get_mut(rule / BYTE), self.missing.get_mut(rule / BYTE)) else { return };
        for ((holds, missing), &flag) in holds.iter_mut().zip(missing).zip(flags) {
            *holds = *holds & kept | u8::from(flag == TRUE) << bit;
            *missing = *missing & kept | u8::from(flag >= UNKNOWN) << bit;
        }
    }

    /// What the conditions say of a row.
    #[inline]
    pub(super) fn told(&self, row: usize) -> Told {
        let word = |bytes: &[[u8; BLOCK]]| {
            bytes.iter().enumerate().fold(0, |word, (byte, rows)| word | u64::from(rows[row]) << (BYTE * byte))
        };
        Told { holds: word(&self.holds), missing: word(&self.missing) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_those_of_the_conditions_and_of_no_block_before() {
        let condition = |rule: usize, row: usize, block: usize| [Some(true), Some(false), None][(rule * 7 + row * 3 + block) % 3];
        for rules in [1, 7, 8, 9, 64] {
            let mut bits = RuleBits::new(rules);
            for (block, rows) in [(0, BLOCK), (1, 100)] {
                for rule in 0..rules {
                    let flag = |row| condition(rule, row, block).map_or(UNKNOWN, u8::from);
                    bits.set(rule, &(0..rows).map(flag).collect::<Vec<u8>>());
                }
                for row in 0..rows {
                    assert_eq!(bits.told(row), Told::of((0..rules).map(|rule| condition(rule, row, block))), "{rules} {row}");
                }
            }
        }
    }
}
