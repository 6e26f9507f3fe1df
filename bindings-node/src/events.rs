//! The events of one entity: lists of them, and the class `EventState`.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use napi::bindgen_prelude::{FromNapiValue, JsObjectValue, Null, Object};
use napi::{Env, JsValue, Unknown};
use napi_derive::napi;
use scoreline::features::window::{DatedEvent, EventSource, WindowPlan, WindowValues};
use scoreline::{Date, Error, Problem, Row, Schema, Value};

use crate::argument;
use crate::error::Fault;
use crate::guard::guard;
use crate::js;
use crate::record::{Order, Record};

/// The features over events of a model, and how the events of each source are read.
pub(crate) struct Sources {
    plan: Arc<WindowPlan>,
    readers: Vec<Reader>,
}

/// Reads the events of one source.
struct Reader {
    columns: Schema,
    order: Order,
    date: usize,
    published: Option<usize>,
    id: Option<usize>,
    /// Where the fields begin: they are the last columns.
    fields: usize,
}

/// An event that was read but not yet checked.
struct Event<'a> {
    source: &'a EventSource,
    cells: Record,
    date: Date,
    published: Option<Date>,
    id: Option<usize>,
    first: usize,
}

impl Row for Event<'_> {
    fn value(&self, field: usize) -> Value<'_> {
        self.cells.value(self.first + field)
    }
}

impl<'a> Event<'a> {
    fn dated(&'a self) -> DatedEvent<'a, Self> {
        let id = self.id.map_or(Value::Missing, |id| self.cells.value(id));
        DatedEvent { date: self.date, published: self.published, id, fields: self }
    }
}

impl Reader {
    fn new(env: Env, source: &EventSource) -> napi::Result<Self> {
        let columns = source.columns();
        let place = |name: &String| columns.index(name);
        Ok(Reader {
            order: Order::new(env, &columns)?,
            date: place(&source.date).unwrap_or_default(),
            published: source.published.as_ref().and_then(place),
            id: source.id.as_ref().and_then(place),
            fields: columns.fields.len() - source.fields.len(),
            columns,
        })
    }

    /// The day in a column; none when it is missing.
    fn day(&self, cells: &Record, column: usize) -> Result<Option<Date>, Error> {
        match self.columns.fields[column].check(cells.value(column))? {
            Value::Date(day) => Ok(Some(day)),
            _ => Ok(None),
        }
    }

    fn read<'a>(&self, env: Env, source: &'a EventSource, event: Unknown<'_>) -> Result<Event<'a>, Fault> {
        let mut cells = Record::default();
        let object = argument::plain_object(event, "event")?;
        cells.read(env, &self.columns, &self.order, object, 0..self.columns.fields.len())?;
        let date = self.day(&cells, self.date)?.ok_or_else(|| {
            let problem = Problem::new("the day of the event is missing", "give its calendar day as YYYY-MM-DD");
            Error::data(problem.field(&source.date))
        })?;
        let published = self.published.map(|column| self.day(&cells, column)).transpose()?.flatten();
        Ok(Event { source, date, published, id: self.id, first: self.fields, cells })
    }
}

impl Sources {
    pub(crate) fn new(env: Env, plan: &Arc<WindowPlan>) -> napi::Result<Self> {
        let readers = plan.set().sources.iter().map(|source| Reader::new(env, source)).collect::<napi::Result<_>>()?;
        Ok(Sources { plan: Arc::clone(plan), readers })
    }

    fn event(&self, env: Env, source: &str, event: Unknown<'_>) -> Result<Event<'_>, Fault> {
        let place = self.plan.source(source)?;
        self.readers[place].read(env, &self.plan.set().sources[place], event)
    }

    /// The features from lists of events by source.
    pub(crate) fn of_lists<'e>(&self, env: &'e Env, events: Unknown<'_>, as_of: Date) -> Result<Object<'e>, Fault> {
        let lists = argument::plain_object(events, "events")?;
        let mut read = Vec::new();
        let names = js::names(&lists)?;
        for at in 0..names.get_array_length_unchecked()? {
            let name: Unknown<'_> = names.get_element(at)?;
            let list: Unknown<'_> = lists.get_property_unchecked(name)?;
            let source = String::from_unknown(name)?;
            self.plan.source(&source)?;
            if !list.is_array()? {
                let problem = Problem::new("an array of events was expected", "pass the events of the source in an array");
                return Err(Error::data(problem.field(source)).into());
            }
            let list = Object::from_unknown(list)?;
            js::each_element(&list, list.get_array_length_unchecked()?, |_, event| {
                let row = read.len();
                read.push(self.event(*env, &source, event).map_err(|fault| fault.at_row(row))?);
                Ok(())
            })?;
        }
        let list: Vec<_> = read.iter().map(|event| (event.source.name.as_str(), event.dated())).collect();
        self.named(env, &self.plan.of_events(&list, as_of)?)
    }

    /// Values by the names of the features, null for what is missing.
    fn named<'e>(&self, env: &'e Env, found: &WindowValues) -> Result<Object<'e>, Fault> {
        let mut object = Object::new(env)?;
        for (name, value) in self.plan.names().zip(&found.values) {
            if value.is_nan() { object.set(name, Null)? } else { object.set(name, *value)? }
        }
        Ok(object)
    }
}

/// What is remembered of one entity's events: it grows with the windows of the model, not with the number of events. Made by
/// `scorer.events`.
#[napi]
pub struct EventState {
    sources: Rc<Sources>,
    state: RefCell<scoreline::features::window::EventState>,
}

impl EventState {
    pub(crate) fn new(sources: &Rc<Sources>, json: Option<&str>) -> Result<Self, Fault> {
        let state = match json {
            None => sources.plan.state(),
            Some(json) => sources.plan.state_from_json(json)?,
        };
        Ok(EventState { sources: Rc::clone(sources), state: RefCell::new(state) })
    }

    fn found(&self, as_of: Unknown<'_>) -> Result<WindowValues, Fault> {
        let as_of = argument::day(as_of, "asOf")?;
        Ok(self.sources.plan.read(&self.state.borrow(), as_of)?)
    }
}

#[napi]
impl EventState {
    /// Adds an event of a source: its day, publication, key and fields by the names of their columns. Events come in any
    /// order unless the source refuses that. An event that is refused leaves the state as it was.
    #[napi(catch_unwind, ts_args_type = "source: string, event: InputRecord")]
    pub fn add(&self, env: Env, source: Unknown, event: Unknown) -> napi::Result<()> {
        guard(env, || {
            let source: String = argument::read(source, "source", "the name of a source")?;
            // Reading may run JavaScript that uses this state; it is borrowed only afterwards.
            let event = self.sources.event(env, &source, event)?;
            Ok(self.sources.plan.advance(&mut self.state.borrow_mut(), &source, &event.dated())?)
        })
    }

    /// The features as of a day, `YYYY-MM-DD`: values of the fields of the same names, to be spread into a record. A day before
    /// the newest event is an error: what was known then is no longer known.
    #[napi(catch_unwind, ts_args_type = "asOf: string", ts_return_type = "WindowValues")]
    pub fn read<'a>(&self, env: &'a Env, as_of: Unknown) -> napi::Result<Object<'a>> {
        guard(*env, || self.sources.named(env, &self.found(as_of)?))
    }

    /// Names of the features whose window, as of a day, held more events than are kept, so that the oldest did not count.
    #[napi(catch_unwind, ts_args_type = "asOf: string")]
    pub fn cut(&self, env: Env, as_of: Unknown) -> napi::Result<Vec<String>> {
        guard(env, || {
            let cut = self.found(as_of)?.cut;
            let windows = &self.sources.plan.set().windows;
            Ok(cut.into_iter().filter_map(|place| windows.get(place)).map(|window| window.name.clone()).collect())
        })
    }

    /// The state as text, for `scorer.events`. It is no object: it holds whole numbers beyond 2^53.
    #[napi(catch_unwind)]
    pub fn to_json(&self, env: Env) -> napi::Result<String> {
        guard(env, || Ok(self.state.borrow().to_json()?))
    }
}
