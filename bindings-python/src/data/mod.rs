//! What comes in: tables and single values of Python become batches and values of the library.

mod cell;
mod column;
mod input;
mod list;
mod schema;
mod single;

pub(crate) use cell::{Cell, day, held, needed_day, no_day};
pub(crate) use input::{Input, Wanted};
pub(crate) use schema::{describe, infer};
pub(crate) use single::{Single, labels, weights};
