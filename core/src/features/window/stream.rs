//! The events of one entity that pass one filter, as days and, where an aggregate needs them, one by one.

use serde::{Deserialize, Serialize};

use super::cell::{Cell, Tally};

/// What a stream has to remember.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Memory {
    /// Whether days are asked for.
    pub(super) days: bool,
    /// How many single events are asked for; 0 for none.
    pub(super) events: usize,
    /// Days before the newest event that a window can reach.
    pub(super) horizon: i32,
}

/// One event: its day, its number in units of the last decimal, and the hash of its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Event {
    pub(super) day: i32,
    pub(super) number: i64,
    pub(super) level: u64,
}

/// What is remembered of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Stream {
    /// Days with events, rising.
    days: Vec<Cell>,
    /// Days that no window with a beginning can reach.
    older: Option<Older>,
    /// The latest events, rising by day and number.
    events: Vec<Event>,
    /// The latest day of which an event had to go because there were too many.
    dropped: Option<i32>,
}

/// Days that only the window over all events reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Older {
    first: i32,
    last: i32,
    /// The last day that has the greatest number.
    greatest: i32,
    tally: Tally,
}

/// The days of a window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days<'a> {
    cells: &'a [Cell],
    older: Option<&'a Older>,
}

impl Stream {
    /// Adds an event; earlier days than the newest one cost a search.
    #[inline]
    pub(super) fn push(&mut self, event: Event, memory: Memory) {
        if memory.days {
            self.push_day(event);
        }
        if memory.events > 0 {
            self.push_event(event, memory.events);
        }
    }

    #[inline]
    fn push_day(&mut self, event: Event) {
        let tally = Tally::of(event.number);
        match self.days.last_mut() {
            Some(last) if last.day == event.day => last.tally.add(&tally),
            Some(last) if last.day > event.day => match self.days.binary_search_by_key(&event.day, |cell| cell.day) {
                Ok(at) => self.days[at].tally.add(&tally),
                Err(at) => self.days.insert(at, Cell { day: event.day, tally }),
            },
            _ => self.days.push(Cell { day: event.day, tally }),
        }
    }

    #[inline]
    fn push_event(&mut self, event: Event, most: usize) {
        if self.events.last().is_none_or(|last| *last <= event) {
            self.events.push(event);
        } else {
            let at = self.events.partition_point(|known| *known <= event);
            self.events.insert(at, event);
        }
        // Dropped in lots: each costs a move of all that stay.
        if self.events.len() >= 2 * most {
            self.keep_latest(most);
        }
    }

    /// Drops events but the latest `most`.
    fn keep_latest(&mut self, most: usize) {
        let excess = self.events.len().saturating_sub(most);
        if let Some(last) = self.events[..excess].last() {
            self.dropped = self.dropped.max(Some(last.day));
            self.events.drain(..excess);
        }
    }

    /// Forgets what no window reaches any more.
    pub(super) fn forget(&mut self, newest: i32, memory: Memory) {
        let first = newest.saturating_sub(memory.horizon);
        let gone = self.days.partition_point(|cell| cell.day <= first);
        for cell in self.days.drain(..gone) {
            let older =
                self.older.get_or_insert(Older { first: cell.day, last: cell.day, greatest: cell.day, tally: Tally::default() });
            older.first = older.first.min(cell.day);
            older.last = older.last.max(cell.day);
            if cell.tally.greatest > older.tally.greatest
                || (cell.tally.greatest == older.tally.greatest && cell.day > older.greatest)
            {
                older.greatest = cell.day;
            }
            older.tally.add(&cell.tally);
        }
        self.keep_latest(memory.events);
    }

    /// Empties the stream and keeps its memory.
    pub(super) fn clear(&mut self) {
        self.days.clear();
        self.events.clear();
        (self.older, self.dropped) = (None, None);
    }

    /// The days in (from, to]; all up to `to` without `from`.
    pub(super) fn days(&self, from: Option<i32>, to: i32) -> Days<'_> {
        let end = self.days.partition_point(|cell| cell.day <= to);
        let start = from.map_or(0, |from| self.days[..end].partition_point(|cell| cell.day <= from));
        Days { cells: &self.days[start..end], older: self.older.as_ref().filter(|_| from.is_none()) }
    }

    /// The events in (from, to] among the latest `most` of all, and whether any other lies behind `from`.
    pub(super) fn events(&self, from: Option<i32>, to: i32, most: usize) -> (&[Event], bool) {
        let excess = self.events.len().saturating_sub(most);
        let (gone, known) = self.events.split_at(excess);
        let end = known.partition_point(|event| event.day <= to);
        let start = from.map_or(0, |from| known[..end].partition_point(|event| event.day <= from));
        let latest_gone = gone.last().map(|event| event.day).or(self.dropped);
        (&known[start..end], latest_gone.is_some_and(|day| from.is_none_or(|from| day > from)))
    }
}

impl<'a> Days<'a> {
    /// All events together.
    pub(super) fn tally(&self) -> Tally {
        let mut sum = self.older.map_or_else(Tally::default, |older| older.tally);
        self.cells.iter().for_each(|cell| sum.add(&cell.tally));
        sum
    }

    pub(super) fn first(&self) -> Option<i32> {
        self.older.map(|older| older.first).or_else(|| self.cells.first().map(|cell| cell.day))
    }

    pub(super) fn last(&self) -> Option<i32> {
        self.cells.last().map(|cell| cell.day).or_else(|| self.older.map(|older| older.last))
    }

    /// The last day with the greatest number.
    pub(super) fn last_greatest(&self) -> Option<i32> {
        let older = self.older.map(|older| (older.tally.greatest, older.greatest));
        self.cells.iter().map(|cell| (cell.tally.greatest, cell.day)).chain(older).max().map(|(_, day)| day)
    }
}
