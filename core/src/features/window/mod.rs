//! Features over dated events, as of a date.
//!
//! An [`EventSet`] says where events come from and what is computed of them; it is plain data. [`WindowPlan`] resolves it. One
//! entity's events are remembered in an [`EventState`], day by day in sums of integers, so that neither the order of the
//! events nor the way they arrive changes a bit: a table, a list of events and a state that is advanced event by event give
//! the same values. What became known after the as-of date cannot matter, since it is not there yet when the state is read.

mod cell;
mod check;
mod config;
mod history;
mod plan;
mod state;
mod stream;
mod table;
#[cfg(test)]
mod tests;
mod value;

pub use config::{
    Aggregate, Currency, Duplicates, EventSet, EventSource, Late, MAX_KEPT, MAX_WINDOWS, Unsorted, Window, WindowFeature,
};
pub use plan::WindowPlan;
pub use state::{DatedEvent, EventState, WindowValues};
pub use table::{EventOrder, EventTable, WindowRun, WindowTable};
