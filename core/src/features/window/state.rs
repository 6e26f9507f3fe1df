//! One entity's events, advanced one by one: the only way in which features are computed, of a table as of a single event.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::cell::LARGEST;
use super::config::{Duplicates, Late, Unsorted};
use super::plan::{SourcePlan, StreamPlan, WindowPlan};
use super::stream::{Event, Stream};
use crate::data::{Date, Field, Row, Value, hash64};
use crate::error::{Error, Problem, Result};

/// The form in which states are written.
const VERSION: u32 = 1;
/// Days after which a state forgets what no window reaches.
const TIDY: i32 = 31;

/// What is remembered of one entity's events: bounded in size, plain data, to be kept by the host and handed back.
///
/// It grows with the days of the longest window and with `max_kept` of each source, not with the number of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventState {
    version: u32,
    set: String,
    pub(super) sources: Vec<SourceState>,
}

/// One source of events.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct SourceState {
    /// The latest day on which an event became known.
    newest: Option<i32>,
    /// The day up to which it was tidied.
    tidied: Option<i32>,
    /// Hashes of the latest keys.
    keys: VecDeque<u64>,
    pub(super) streams: Vec<Stream>,
}

impl EventState {
    /// The state as JSON, to be read by [`WindowPlan::state_from_json`].
    ///
    /// # Errors
    /// [`Internal`](crate::ErrorCode::Internal) when the text cannot be built.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|_| Error::internal("the state could not be written"))
    }
}

/// An event of one entity.
#[derive(Debug, Clone, Copy)]
pub struct DatedEvent<'a, R: Row + ?Sized> {
    /// The day of the event.
    pub date: Date,
    /// The day on which it became known, where the source has one.
    pub published: Option<Date>,
    /// Its key, where the source has one: text or a whole number.
    pub id: Value<'a>,
    /// The fields of the source, by their index.
    pub fields: &'a R,
}

/// The features of one entity as of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowValues {
    /// One value for each feature; NaN when it is missing.
    pub values: Vec<f64>,
    /// The places of features whose window held more events than are kept.
    pub cut: Vec<usize>,
}

impl WindowPlan {
    /// The state of an entity without events.
    #[must_use]
    pub fn state(&self) -> EventState {
        let sources = self.sources.iter().map(SourcePlan::state).collect();
        EventState { version: VERSION, set: self.id().to_owned(), sources }
    }

    /// The state that [`EventState::to_json`] wrote.
    ///
    /// # Errors
    /// [`Incompatible`](crate::ErrorCode::Incompatible) when the text is no state, or one of another set.
    pub fn state_from_json(&self, json: &str) -> Result<EventState> {
        let state = serde_json::from_str(json).map_err(|_| {
            let remedy = "pass the whole text that was written of a state";
            Error::incompatible(Problem::new("the state cannot be read", remedy).field("state"))
        })?;
        self.check(&state)?;
        Ok(state)
    }

    /// Refuses a state that another set or another version of the library wrote.
    ///
    /// # Errors
    /// [`Incompatible`](crate::ErrorCode::Incompatible).
    pub fn check(&self, state: &EventState) -> Result<()> {
        if state.version != VERSION {
            let remedy = "build the state anew from the events";
            return Err(Error::incompatible(Problem::new("the state was written in another form", remedy).field("state")));
        }
        let streams = state.sources.iter().zip(&self.sources).all(|(state, plan)| state.streams.len() == plan.streams.len());
        if state.set != self.id() || state.sources.len() != self.sources.len() || !streams {
            let remedy = "use the features it was made for, or build it anew from the events";
            return Err(Error::incompatible(Problem::new("the state belongs to another set of features", remedy).field("state")));
        }
        Ok(())
    }

    /// Adds an event to the state, which stays as it was when there is an error.
    ///
    /// # Errors
    /// [`Incompatible`](crate::ErrorCode::Incompatible) when the state belongs to another set;
    /// [`InvalidData`](crate::ErrorCode::InvalidData) naming the field when there is no such source, or a value or a currency
    /// is not as declared; also for duplicate, late or unsorted events where these are refused.
    pub fn advance<R: Row + ?Sized>(&self, state: &mut EventState, source: &str, event: &DatedEvent<'_, R>) -> Result<()> {
        self.check(state)?;
        let at = self.source(source)?;
        let (plan, state) = (&self.sources[at], &mut state.sources[at]);
        let known = plan.known(event.date, event.published)?;
        let Some(known) = known else { return Ok(()) };
        let key = plan.key(event.id)?;
        let fields = plan.fields(event.fields)?;
        let numbers = plan.numbers(&fields)?;
        if !state.admit(plan, known, key)? {
            return Ok(());
        }
        let load = |slot: usize| fields[slot];
        let passes: Vec<bool> = plan.filters.iter().map(|filter| filter.program().eval(load) == Value::Flag(true)).collect();
        let level = |slot: usize| fields[slot].level().map(hash);
        for (stream, kept) in plan.streams.iter().zip(&mut state.streams) {
            if stream.filter.is_none_or(|filter| passes[filter])
                && let Some(event) = stream.event(event.date.days(), |slot| numbers[slot], level)
            {
                kept.push(event, stream.memory);
            }
        }
        state.tidy(plan);
        Ok(())
    }

    /// The features of one entity as of a day, from a list of its events with their sources. What became known later does not
    /// count.
    ///
    /// # Errors
    /// As [`advance`](WindowPlan::advance), naming the event as row.
    pub fn of_events<R: Row + ?Sized>(&self, events: &[(&str, DatedEvent<'_, R>)], as_of: Date) -> Result<WindowValues> {
        let mut order = Vec::with_capacity(events.len());
        for (row, (source, event)) in events.iter().enumerate() {
            let plan = &self.sources[self.source(source).map_err(|error| error.at_row(row))?];
            if let Some(known) = plan.known(event.date, event.published).map_err(|error| error.at_row(row))?
                && known <= as_of.days()
            {
                order.push((known, plan.source.unsorted == Unsorted::Sort, row));
            }
        }
        // Sources that refuse events out of order see them as they came.
        if order.iter().all(|event| event.1) {
            order.sort_by_key(|event| event.0);
        }
        let mut state = self.state();
        for (_, _, row) in order {
            let (source, event) = &events[row];
            self.advance(&mut state, source, event).map_err(|error| error.at_row(row))?;
        }
        self.read(&state, as_of)
    }

    /// The features as of a day. Days before the newest event of the state cannot be asked for: what was known then is no
    /// longer known.
    ///
    /// # Errors
    /// [`Incompatible`](crate::ErrorCode::Incompatible) when the state belongs to another set;
    /// [`InvalidData`](crate::ErrorCode::InvalidData) for a day before the newest event.
    pub fn read(&self, state: &EventState, as_of: Date) -> Result<WindowValues> {
        self.check(state)?;
        let as_of = as_of.in_range("as_of")?;
        if state.sources.iter().any(|source| source.newest.is_some_and(|newest| newest > as_of.days())) {
            let remedy = "ask for the day of the newest event or later, or evaluate the events themselves";
            return Err(Error::data(Problem::new("the day is before the newest event of the state", remedy).field("as_of")));
        }
        let mut found = WindowValues { values: vec![f64::NAN; self.set().windows.len()], cut: Vec::new() };
        let mut tallies = Vec::new();
        for (plan, source) in self.sources.iter().zip(&state.sources) {
            plan.answers(&plan.asks, &source.streams, as_of.days(), &mut tallies, |feature, answer| {
                found.values[feature.place] = answer.number;
                if answer.cut {
                    found.cut.push(feature.place);
                }
            });
        }
        found.cut.sort_unstable();
        Ok(found)
    }
}

impl SourceState {
    /// Takes note of an event; false when it is a duplicate that does not count.
    pub(super) fn admit(&mut self, plan: &SourcePlan, known: i32, key: Option<u64>) -> Result<bool> {
        if plan.source.unsorted == Unsorted::Refuse && self.newest.is_some_and(|newest| newest > known) {
            let remedy = "sort the events by the day they became known, or declare that they are to be sorted";
            return Err(Error::data(Problem::new("the events are not in order", remedy).field(&plan.source.date)));
        }
        if let Some(key) = key {
            if self.keys.contains(&key) {
                return match plan.source.duplicates {
                    Duplicates::Refuse => {
                        let remedy = "pass each event once, or declare that the first one counts";
                        let field = plan.source.id.as_deref().unwrap_or_default();
                        Err(Error::data(Problem::new("the key of the event occurs twice", remedy).field(field)))
                    }
                    _ => Ok(false),
                };
            }
            if self.keys.len() >= plan.source.max_kept {
                self.keys.pop_front();
            }
            self.keys.push_back(key);
        }
        self.newest = self.newest.max(Some(known));
        Ok(true)
    }

    fn tidy(&mut self, plan: &SourcePlan) {
        let Some(newest) = self.newest else { return };
        if self.tidied.is_none_or(|day| newest - day >= TIDY) {
            self.tidied = Some(newest);
            for (stream, kept) in plan.streams.iter().zip(&mut self.streams) {
                kept.forget(newest, stream.memory);
            }
        }
    }

    /// Forgets which events there were.
    pub(super) fn clear(&mut self) {
        (self.newest, self.tidied) = (None, None);
        self.keys.clear();
    }
}

impl SourcePlan {
    pub(super) fn state(&self) -> SourceState {
        SourceState { streams: vec![Stream::default(); self.streams.len()], ..SourceState::default() }
    }

    /// The day from which an event counts; `None` when it never does.
    pub(super) fn known(&self, date: Date, published: Option<Date>) -> Result<Option<i32>> {
        let days = date.in_range(&self.source.date)?.days();
        let Some(column) = &self.source.published else { return Ok(Some(days)) };
        let Some(published) = published else {
            let remedy = "give the day on which the event became known";
            return Err(Error::data(Problem::new("the day of publication is missing", remedy).field(column)));
        };
        let published = published.in_range(column)?.days();
        let delay = i64::from(published) - i64::from(days);
        match self.source.late {
            Late::Drop { max_delay } if delay > i64::from(max_delay) => Ok(None),
            Late::Refuse { max_delay } if delay > i64::from(max_delay) => {
                let remedy = "leave it out, allow a longer delay, or declare that late events count";
                Err(Error::data(Problem::new("the event became known too late", remedy).field(column)))
            }
            _ => Ok(Some(days.max(published))),
        }
    }

    /// The hash of a key, where duplicates matter.
    pub(super) fn key(&self, id: Value<'_>) -> Result<Option<u64>> {
        let Some(column) = self.source.id.as_ref().filter(|_| self.source.duplicates != Duplicates::Keep) else {
            return Ok(None);
        };
        let key = id.key().ok_or_else(|| {
            let problem = Problem::new("a key of text or whole numbers was expected", "give every event a key");
            Error::data(problem.field(column))
        })?;
        Ok(Some(hash(&key.text())))
    }

    /// The fields of an event, checked: codes for missing and special values are missing.
    fn fields<'a, R: Row + ?Sized>(&self, fields: &'a R) -> Result<Vec<Value<'a>>> {
        let one = |(slot, field): (usize, &Field)| Ok(field.plain(field.check(fields.value(slot))?));
        let values = self.schema.fields.iter().enumerate().map(one).collect::<Result<Vec<_>>>()?;
        match &self.currency {
            Some((slot, code)) if values[*slot] != Value::Category(code) => Err(self.other_currency(*slot)),
            _ => Ok(values),
        }
    }

    pub(super) fn other_currency(&self, slot: usize) -> Error {
        let remedy = "convert the amount at the rate of its day, or leave the event out";
        Error::data(Problem::new("the event is in another currency", remedy).field(&self.schema.fields[slot].name))
    }

    /// The numbers that streams add, in units of the last decimal.
    fn numbers(&self, values: &[Value<'_>]) -> Result<Vec<Option<i64>>> {
        let one = |(slot, value): (usize, &Value<'_>)| match value {
            Value::Number(number) if self.adds(slot) => self.units(slot, *number).map(Some),
            _ => Ok(None),
        };
        values.iter().enumerate().map(one).collect()
    }

    /// Whether a stream takes its numbers or levels from this field.
    pub(super) fn adds(&self, slot: usize) -> bool {
        self.streams.iter().any(|stream| stream.of == Some(slot) || stream.by == Some(slot))
    }

    /// A number in units of the last decimal.
    #[inline]
    pub(super) fn units(&self, slot: usize, number: f64) -> Result<i64> {
        let units = (number * self.source.scale()).round_ties_even();
        if units.abs() <= LARGEST as f64 {
            return Ok(units as i64);
        }
        let remedy = "declare fewer decimals, or give the amount in thousands";
        Err(Error::data(Problem::new("the number is too large for its decimals", remedy).field(&self.schema.fields[slot].name)))
    }
}

impl StreamPlan {
    /// What the stream takes of an event, unless something that it reads is missing.
    #[inline]
    pub(super) fn event(
        &self,
        day: i32,
        number: impl Fn(usize) -> Option<i64>,
        level: impl Fn(usize) -> Option<u64>,
    ) -> Option<Event> {
        let mut event = Event { day, number: 0, level: 0 };
        if let Some(slot) = self.of {
            match number(slot) {
                Some(number) => event.number = number,
                None => event.level = level(slot)?,
            }
        }
        if let Some(slot) = self.by {
            event.level = level(slot)?;
        }
        Some(event)
    }
}

/// What a state remembers of a level or a key; never 0.
pub(super) fn hash(text: &str) -> u64 {
    hash64(&[text.as_bytes()]).max(1)
}
