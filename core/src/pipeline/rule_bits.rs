//! Conditions of rules over a block of rows, as bits by row.

use crate::expr::{TRUE, UNKNOWN};
use crate::model::BLOCK;
use crate::parallel::wide;
use crate::tier::Told;

/// What the conditions of the rules of one kind say of each row of a block. Rule by rule, so that one instruction sets the bits
/// of many rows.
#[derive(Debug, Clone)]
pub(super) struct RuleBits {
    holds: Vec<u64>,
    missing: Vec<u64>,
}

impl RuleBits {
    pub(super) fn new(rules: usize) -> Self {
        let words = vec![0; if rules == 0 { 0 } else { BLOCK }];
        RuleBits { holds: words.clone(), missing: words }
    }

    /// Sets the bits of a rule; the rules of a block are set in their order.
    pub(super) fn set(&mut self, rule: usize, flags: &[u8]) {
        let kept = if rule == 0 { 0 } else { u64::MAX };
        wide(|| {
            for ((holds, missing), &flag) in self.holds.iter_mut().zip(&mut self.missing).zip(flags) {
                *holds = *holds & kept | u64::from(flag == TRUE) << rule;
                *missing = *missing & kept | u64::from(flag >= UNKNOWN) << rule;
            }
        });
    }

    /// What the conditions say of a row.
    #[inline]
    pub(super) fn told(&self, row: usize) -> Told {
        let word = |words: &[u64]| words.get(row).copied().unwrap_or(0);
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
