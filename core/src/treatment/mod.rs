//! Stage 11, in life: what is done with an account after it was granted.
//!
//! The [`ActionBook`] says for every state of an account (tier, contact, utilisation, stage, tags …) what is done, and proves
//! before it is used that each state has exactly one answer. A book of collections is the same thing over other axes.

mod book;
mod review;

pub use book::{
    Action, ActionBook, ActionRow, ActionTable, Allowed, Axis, AxisOf, BookReport, Interval, MAX_AXES, MAX_LISTED, MAX_ROWS,
    NeverFires, Overlap, StateBox,
};
pub use review::ReviewPolicy;
