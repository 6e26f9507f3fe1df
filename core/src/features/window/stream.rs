//! The events of one entity that pass one filter, as days and, where an aggregate needs them, one by one.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::cell::{Cell, Tally};
use super::history::History;

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
pub(super) struct Older {
    pub(super) first: i32,
    pub(super) last: i32,
    /// The last day that has the greatest number.
    pub(super) greatest: i32,
    pub(super) tally: Tally,
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
}

impl History for Stream {
    fn until(&self, places: usize, day: i32) -> usize {
        self.days[..places].partition_point(|cell| cell.day <= day)
    }

    fn places(&self) -> usize {
        self.days.len()
    }

    fn day(&self, place: usize) -> i32 {
        self.days[place].day
    }

    fn greatest(&self, place: usize) -> i64 {
        self.days[place].tally.greatest
    }

    fn add(&self, places: Range<usize>, tally: &mut Tally) {
        self.days[places].iter().for_each(|cell| tally.add(&cell.tally));
    }

    fn older(&self) -> Option<&Older> {
        self.older.as_ref()
    }

    fn events(&self, from: Option<i32>, to: i32, most: usize) -> (&[Event], bool) {
        latest(&self.events, from, to, most, self.dropped)
    }
}

/// The events in (from, to] among the latest `most`, of events that rise, and whether any other lies behind `from`; `dropped`
/// is the latest day of those that are not even there.
pub(super) fn latest(events: &[Event], from: Option<i32>, to: i32, most: usize, dropped: Option<i32>) -> (&[Event], bool) {
    let (gone, known) = events.split_at(events.len().saturating_sub(most));
    let end = known.partition_point(|event| event.day <= to);
    let start = from.map_or(0, |from| known[..end].partition_point(|event| event.day <= from));
    let latest_gone = gone.last().map(|event| event.day).max(dropped);
    (&known[start..end], latest_gone.is_some_and(|day| from.is_none_or(|from| day > from)))
}
