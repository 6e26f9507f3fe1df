//! Counts of rows by key, in an open-addressing table of pages that drops precision when it is full.
//!
//! While keys are exact they lie far apart (1.0 and 2.0 differ in the 53rd bit), and a page is one cell. Once bits are
//! dropped keys are neighbours, a page holds many, and a row costs one look into a small directory of pages.

use super::counts::Counts;
use super::ordered_cells::bits_to_drop;

/// Marks a free entry. No page has this number: with no bits dropped it would be the key of a NaN.
const FREE: u64 = u64::MAX;

/// 2⁶⁴ divided by the golden ratio, odd: spreads neighbouring pages over the directory.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Binary logarithm of the first size of the directory.
const FIRST_BITS: u32 = 9;

/// Binary logarithm of the most cells to a page.
const PAGE_BITS: u32 = 10;

/// Cells, used or not, for each of the capacity: where pages hold few used cells, they are made smaller.
const ROOM: usize = 8;

/// Rows that are looked up together, so that the processor waits for their cells at the same time.
const BLOCK: usize = 128;

/// Where the cells of a page begin.
#[derive(Debug, Clone, Copy)]
struct Entry {
    page: u64,
    cells: usize,
}

/// Counts by key, at the finest precision, not finer than asked for, at which the keys are at most `capacity`; a
/// quarter more while they come in. Where a key stands in the table never shows.
#[derive(Debug, Clone)]
pub(super) struct CellTable {
    directory: Vec<Entry>,
    /// Binary logarithm of the length of the directory.
    bits: u32,
    pages: usize,
    /// Non-events and events of each cell, page by page.
    cells: Vec<[u64; 2]>,
    /// Binary logarithm of the number of cells to a page.
    page_bits: u32,
    used: usize,
    capacity: usize,
    dropped_bits: u32,
    /// Rows that are not counted yet, at most [`BLOCK`].
    waiting: Vec<Row>,
}

/// A key with all its bits, and the weight of its non-events and events.
type Row = (u64, [u64; 2]);

impl CellTable {
    pub(super) fn new(capacity: usize, dropped_bits: u32) -> Self {
        CellTable {
            directory: vacant(FIRST_BITS),
            bits: FIRST_BITS,
            pages: 0,
            cells: Vec::new(),
            page_bits: 0,
            used: 0,
            capacity,
            dropped_bits,
            waiting: Vec::with_capacity(BLOCK),
        }
    }

    pub(super) fn capacity(&self) -> usize {
        self.capacity
    }

    /// Counts a row of a weight above 0.
    #[inline]
    pub(super) fn add(&mut self, key: u64, event: bool, weight: u64) {
        let mut row = [0, 0];
        row[usize::from(event)] = weight;
        self.waiting.push((key, row));
        if self.waiting.len() == BLOCK {
            self.count();
        }
    }

    /// Counts the rows that wait.
    fn count(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        self.put(&waiting, self.dropped_bits);
        self.waiting = waiting;
        self.waiting.clear();
        if 4 * self.used > 5 * self.capacity || self.cells.len() > 2 * ROOM * self.capacity {
            self.rebuild();
        }
    }

    /// Adds the weights to the cells of at most [`BLOCK`] keys without their dropped bits.
    fn put(&mut self, rows: &[Row], shift: u32) {
        let mut places = [0; BLOCK];
        for (place, (key, _)) in places.iter_mut().zip(rows) {
            let key = key >> shift;
            *place = self.page(key >> self.page_bits) + (key & ((1 << self.page_bits) - 1)) as usize;
        }
        for (place, (_, [non_events, events])) in places.into_iter().zip(rows) {
            let cell = &mut self.cells[place];
            self.used += usize::from(*cell == [0, 0]);
            *cell = [cell[0].saturating_add(*non_events), cell[1].saturating_add(*events)];
        }
    }

    /// Where the cells of a page begin.
    #[inline]
    fn page(&mut self, page: u64) -> usize {
        let last = self.directory.len() - 1;
        let mut at = ((page ^ page >> 32).wrapping_mul(SPREAD) >> (64 - self.bits)) as usize;
        loop {
            let entry = self.directory[at & last];
            if entry.page == page {
                return entry.cells;
            }
            if entry.page == FREE {
                return self.begin(page, at & last);
            }
            at += 1;
        }
    }

    /// Begins a page at a free place of the directory.
    fn begin(&mut self, page: u64, at: usize) -> usize {
        let cells = self.cells.len();
        self.cells.resize(cells + (1 << self.page_bits), [0, 0]);
        self.directory[at] = Entry { page, cells };
        self.pages += 1;
        if 2 * self.pages > self.directory.len() {
            self.grow();
        }
        cells
    }

    #[cold]
    fn grow(&mut self) {
        self.bits += 2;
        let old = std::mem::replace(&mut self.directory, vacant(self.bits));
        let last = self.directory.len() - 1;
        for entry in old.into_iter().filter(|entry| entry.page != FREE) {
            let mut at = ((entry.page ^ entry.page >> 32).wrapping_mul(SPREAD) >> (64 - self.bits)) as usize;
            while self.directory[at & last].page != FREE {
                at += 1;
            }
            self.directory[at & last] = entry;
        }
    }

    /// Drops the fewest bits that leave at most `capacity` keys, and makes the pages as large as the keys are dense.
    #[cold]
    fn rebuild(&mut self) {
        let cells = self.take();
        let more = bits_to_drop(&cells, self.capacity);
        self.dropped_bits += more;
        let pages = |bits: u32| 1 + cells.windows(2).filter(|pair| (pair[0].0 ^ pair[1].0) >> more >> bits > 0).count();
        self.page_bits = (0..=PAGE_BITS).rev().find(|&bits| pages(bits) << bits <= ROOM * self.capacity).unwrap_or(0);
        cells.chunks(BLOCK).for_each(|cells| self.put(cells, more));
    }

    /// Empties the table: (key without its dropped bits, counts) in rising order.
    fn take(&mut self) -> Vec<Row> {
        let mut pages = std::mem::replace(&mut self.directory, vacant(FIRST_BITS));
        pages.retain(|entry| entry.page != FREE);
        pages.sort_unstable_by_key(|entry| entry.page);
        let mut taken = Vec::with_capacity(self.used);
        for Entry { page, cells } in pages {
            let first = page << self.page_bits;
            for (place, [non_events, events]) in self.cells[cells..cells + (1 << self.page_bits)].iter().copied().enumerate() {
                if non_events | events > 0 {
                    taken.push((first + place as u64, [non_events, events]));
                }
            }
        }
        (self.bits, self.pages, self.used) = (FIRST_BITS, 0, 0);
        self.cells.clear();
        taken
    }

    /// Low bits dropped, and the (key without its dropped bits, counts) in rising order: up to a quarter more than the
    /// capacity.
    pub(super) fn finish(mut self) -> (u32, Vec<(u64, Counts)>) {
        self.count();
        let cells = self.take().into_iter();
        (self.dropped_bits, cells.map(|(key, [non_events, events])| (key, Counts { non_events, events })).collect())
    }
}

fn vacant(bits: u32) -> Vec<Entry> {
    vec![Entry { page: FREE, cells: 0 }; 1 << bits]
}
