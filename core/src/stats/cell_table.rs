//! Counts of a block of rows by key, in an open-addressing table that drops precision when it is full.

use super::counts::Counts;

/// Marks a free slot. No key has this value: with no bits dropped it would be the key of a NaN.
const FREE: u64 = u64::MAX;

/// 2⁶⁴ divided by the golden ratio, odd: spreads neighbouring keys over the table.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

const FIRST_BITS: u32 = 9;

#[derive(Clone, Copy)]
struct Slot {
    key: u64,
    /// Non-events, events.
    weight: [u64; 2],
}

/// At most `capacity` different keys. It ends at the finest precision, not finer than asked for, at which all
/// the keys it was given fit; where a key stands in the table never shows.
pub(super) struct CellTable {
    slots: Vec<Slot>,
    /// Binary logarithm of the number of slots.
    bits: u32,
    used: usize,
    capacity: usize,
    dropped_bits: u32,
}

impl CellTable {
    pub(super) fn new(capacity: usize, dropped_bits: u32) -> Self {
        CellTable { slots: vacant(FIRST_BITS), bits: FIRST_BITS, used: 0, capacity, dropped_bits }
    }

    #[inline]
    pub(super) fn add(&mut self, key: u64, event: bool, weight: u64) {
        let mut row = [0, 0];
        row[usize::from(event)] = weight;
        self.put(key >> self.dropped_bits, row);
        if self.used > self.capacity {
            self.drop_bits();
        } else if 2 * self.used > self.slots.len() {
            self.rebuild(self.bits + 1, 0);
        }
    }

    #[inline]
    fn put(&mut self, key: u64, weight: [u64; 2]) {
        let last = self.slots.len() - 1;
        let mut at = ((key ^ key >> 32).wrapping_mul(SPREAD) >> (64 - self.bits)) as usize;
        loop {
            let slot = &mut self.slots[at & last];
            if slot.key == FREE {
                slot.key = key;
                self.used += 1;
            }
            if slot.key == key {
                slot.weight[0] = slot.weight[0].saturating_add(weight[0]);
                slot.weight[1] = slot.weight[1].saturating_add(weight[1]);
                return;
            }
            at += 1;
        }
    }

    #[cold]
    fn drop_bits(&mut self) {
        while self.used > self.capacity {
            self.dropped_bits += 1;
            self.rebuild(self.bits, 1);
        }
    }

    #[cold]
    fn rebuild(&mut self, bits: u32, shift: u32) {
        let old = std::mem::replace(&mut self.slots, vacant(bits));
        self.bits = bits;
        self.used = 0;
        for slot in old.iter().filter(|slot| slot.key != FREE) {
            self.put(slot.key >> shift, slot.weight);
        }
    }

    /// Low bits dropped, and the (key without its dropped bits, counts) in rising order.
    pub(super) fn finish(self) -> (u32, Vec<(u64, Counts)>) {
        let mut cells: Vec<(u64, Counts)> = self
            .slots
            .iter()
            .filter(|slot| slot.key != FREE)
            .map(|slot| (slot.key, Counts { non_events: slot.weight[0], events: slot.weight[1] }))
            .collect();
        cells.sort_unstable_by_key(|cell| cell.0);
        (self.dropped_bits, cells)
    }
}

fn vacant(bits: u32) -> Vec<Slot> {
    vec![Slot { key: FREE, weight: [0, 0] }; 1 << bits]
}
