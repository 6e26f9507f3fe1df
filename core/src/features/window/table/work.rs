//! One entity after the other: its events, and its features as of each day that is asked for.

use std::ops::Range;

use super::super::cell::Tally;
use super::super::config::Unsorted;
use super::super::history::Asks;
use super::super::plan::{ResolvedFeature, SourcePlan, StreamPlan};
use super::super::state::SourceState;
use super::super::value::Answer;
use super::columns::Columns;
use super::groups::Rows;
use super::tape::Tape;
use crate::error::Result;

/// What all entities of a source have in common.
pub(super) struct Shared<'a> {
    plan: &'a SourcePlan,
    columns: &'a Columns,
    /// For each stream the one that is read in its place.
    instead: Vec<usize>,
    asks: Asks,
}

/// Room for the events of one entity.
pub(super) struct Work<'a> {
    shared: &'a Shared<'a>,
    tapes: Vec<Tape>,
    admitted: SourceState,
    events: Events,
    /// How many of them are on the tapes.
    taken: usize,
    tallies: Vec<Tally>,
}

/// The events of the entity that count, in the order in which they became known.
enum Events {
    /// As they stand in the table.
    Straight(Range<usize>),
    Ordered(Vec<u32>),
}

impl<'a> Shared<'a> {
    pub(super) fn new(plan: &'a SourcePlan, columns: &'a Columns) -> Self {
        let instead: Vec<usize> = (0..plan.streams.len()).map(|stream| instead(plan, columns, stream)).collect();
        Shared { plan, columns, asks: Asks::new(&plan.features, &instead), instead }
    }
}

/// A stream without numbers has the same events as one whose number is never missing.
fn instead(plan: &SourcePlan, columns: &Columns, stream: usize) -> usize {
    let own = &plan.streams[stream];
    let fits = |other: &StreamPlan| {
        other.filter == own.filter
            && other.by.is_none()
            && other.memory.days
            && other.of.is_some_and(|slot| columns.complete(slot))
    };
    if own.of.is_some() || own.by.is_some() || own.memory.events > 0 {
        return stream;
    }
    plan.streams.iter().position(fits).unwrap_or(stream)
}

impl<'a> Work<'a> {
    pub(super) fn new(shared: &'a Shared<'a>) -> Self {
        Work {
            shared,
            tapes: shared.plan.streams.iter().map(Tape::new).collect(),
            admitted: SourceState::default(),
            events: Events::Straight(0..0),
            taken: 0,
            tallies: Vec::new(),
        }
    }

    /// Turns to another entity, and checks its events.
    pub(super) fn begin(&mut self, rows: &Rows<'_>) -> Result<()> {
        self.tapes.iter_mut().for_each(Tape::clear);
        self.taken = 0;
        let (source, columns) = (&self.shared.plan.source, self.shared.columns);
        if let Rows::Range(range) = rows
            && source.published.is_none()
            && columns.keys.is_none()
            && columns.days[range.clone()].is_sorted()
        {
            self.events = Events::Straight(range.clone());
            return Ok(());
        }
        // A day that never comes marks an event that never counts.
        let known = |event: &u32| columns.known(*event as usize);
        let mut order: Vec<u32> = rows.filter(|event| known(event) != i32::MAX);
        if source.unsorted == Unsorted::Sort && !order.is_sorted_by_key(known) {
            order.sort_by_key(known);
        }
        if source.unsorted == Unsorted::Refuse || columns.keys.is_some() {
            self.admitted.clear();
            let mut kept = Vec::with_capacity(order.len());
            for event in &order {
                let at = *event as usize;
                let key = columns.keys.as_ref().map(|keys| keys[at]);
                if self.admitted.admit(self.shared.plan, columns.known(at), key).map_err(|error| error.at_row(at))? {
                    kept.push(*event);
                }
            }
            order = kept;
        }
        self.events = Events::Ordered(order);
        Ok(())
    }

    /// The answers as of a day that is not earlier than the one before.
    pub(super) fn answers(&mut self, as_of: i32, found: impl FnMut(&ResolvedFeature, Answer)) {
        self.advance(as_of);
        self.shared.plan.answers(&self.shared.asks, &self.tapes, as_of, &mut self.tallies, found);
    }

    /// Takes the events that became known up to a day.
    fn advance(&mut self, as_of: i32) {
        let columns = self.shared.columns;
        let count = match &self.events {
            Events::Straight(range) => columns.days[range.clone()].partition_point(|day| *day <= as_of),
            Events::Ordered(order) => order.partition_point(|event| columns.known(*event as usize) <= as_of),
        };
        if count == self.taken {
            return;
        }
        // What becomes known later may have happened earlier.
        let anew = self.shared.plan.source.published.is_some();
        let mut by_day = Vec::new();
        let rows = match &self.events {
            Events::Straight(range) => Rows::Range(range.start + self.taken..range.start + count),
            Events::Ordered(order) if anew => {
                by_day.extend_from_slice(&order[..count]);
                by_day.sort_by_key(|event| columns.days[*event as usize]);
                Rows::List(&by_day)
            }
            Events::Ordered(order) => Rows::List(&order[self.taken..count]),
        };
        for (stream, tape) in self.tapes.iter_mut().enumerate().filter(|(stream, _)| self.shared.instead[*stream] == *stream) {
            if anew {
                tape.clear();
            }
            tape.extend(&self.shared.plan.streams[stream], columns, &rows);
        }
        self.taken = count;
    }
}
