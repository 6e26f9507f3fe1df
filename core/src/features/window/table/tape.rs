//! The events of one entity that pass one filter, as a table has them.

use std::ops::Range;

use super::super::cell::Tally;
use super::super::history::History;
use super::super::plan::StreamPlan;
use super::super::stream::{Event, Older, latest};
use super::columns::{Columns, MISSING};
use super::groups::Rows;

/// Days and numbers of the events, rising by day, and the events themselves where an aggregate needs each of them. Within a day
/// these rise by number only where it matters which of them are the latest.
pub(super) struct Tape {
    days: Vec<i32>,
    numbers: Vec<i64>,
    events: Vec<Event>,
    squares: bool,
}

impl Tape {
    pub(super) fn new(stream: &StreamPlan) -> Self {
        Tape { days: Vec::new(), numbers: Vec::new(), events: Vec::new(), squares: stream.squares }
    }

    pub(super) fn clear(&mut self) {
        self.days.clear();
        self.numbers.clear();
        self.events.clear();
    }

    /// Adds rows of the table whose days rise and are not earlier than those before.
    pub(super) fn extend(&mut self, stream: &StreamPlan, columns: &Columns, rows: &Rows<'_>) {
        match rows {
            Rows::Range(range) if self.takes_all(stream, columns) => {
                self.days.extend_from_slice(&columns.days[range.clone()]);
                match stream.of {
                    Some(slot) => self.numbers.extend_from_slice(&columns.numbers(slot)[range.clone()]),
                    None => self.numbers.resize(self.days.len(), 0),
                }
            }
            Rows::Range(range) => self.extend_from(stream, columns, range.len(), |i| range.start + i),
            Rows::List(list) => self.extend_from(stream, columns, list.len(), |i| list[i] as usize),
        }
    }

    /// Whether days and numbers of all rows are taken as they are, and nothing else.
    fn takes_all(&self, stream: &StreamPlan, columns: &Columns) -> bool {
        let whole = stream.filter.is_none() && stream.of.is_none_or(|slot| columns.complete(slot));
        whole && stream.memory.days && stream.memory.events == 0
    }

    fn extend_from(&mut self, stream: &StreamPlan, columns: &Columns, count: usize, row: impl Fn(usize) -> usize + Copy) {
        let passes = stream.filter.map(|filter| columns.passes(filter));
        if stream.memory.days {
            let day = |i| columns.days[row(i)];
            match (stream.of.map(|slot| columns.numbers(slot)), passes) {
                (None, None) => self.keep(count, day, |_| 0, |_| true),
                (None, Some(passes)) => self.keep(count, day, |_| 0, |i| passes[row(i)]),
                (Some(numbers), None) => self.keep(count, day, |i| numbers[row(i)], |_| true),
                (Some(numbers), Some(passes)) => self.keep(count, day, |i| numbers[row(i)], |i| passes[row(i)]),
            }
        }
        if stream.memory.events > 0 {
            for row in (0..count).map(row).filter(|row| passes.is_none_or(|passes| passes[*row])) {
                let number = |slot| columns.number(slot, row);
                self.events.extend(stream.event(columns.days[row], number, |slot| columns.level(slot, row)));
            }
            let ordered = stream.last || self.events.len() > stream.memory.events;
            if ordered && !self.events.is_sorted() {
                self.events.sort_unstable();
            }
        }
    }

    /// Writes every row and moves on only past those that stay, which costs no branch.
    fn keep(&mut self, count: usize, day: impl Fn(usize) -> i32, number: impl Fn(usize) -> i64, pass: impl Fn(usize) -> bool) {
        let mut end = self.days.len();
        self.days.resize(end + count, 0);
        self.numbers.resize(end + count, 0);
        for i in 0..count {
            let number = number(i);
            (self.days[end], self.numbers[end]) = (day(i), number);
            end += usize::from(pass(i) & (number != MISSING));
        }
        self.days.truncate(end);
        self.numbers.truncate(end);
    }
}

impl History for Tape {
    fn until(&self, places: usize, day: i32) -> usize {
        self.days[..places].partition_point(|known| *known <= day)
    }

    fn places(&self) -> usize {
        self.days.len()
    }

    fn day(&self, place: usize) -> i32 {
        self.days[place]
    }

    fn greatest(&self, place: usize) -> i64 {
        self.numbers[place]
    }

    fn add(&self, places: Range<usize>, tally: &mut Tally) {
        tally.add_numbers(&self.numbers[places], self.squares);
    }

    fn older(&self) -> Option<&Older> {
        None
    }

    fn events(&self, from: Option<i32>, to: i32, most: usize) -> (&[Event], bool) {
        latest(&self.events, from, to, most, None)
    }
}
