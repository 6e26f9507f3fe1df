//! The action book: from the state of an account to what is done, with the proof that every state has exactly one answer.
//!
//! ```text
//! ActionBook ─ validate ─► cells (each axis cut where a row begins or ends) ─► diagram ─► BookReport · ActionTable
//! ```

mod allowed;
mod axis;
mod boxes;
mod cells;
mod check;
mod diagram;
mod rows;
mod state;
mod stored;
mod table;
#[cfg(test)]
mod tests;
mod validate;

pub use allowed::{Allowed, Interval};
pub use axis::{Axis, AxisOf};
pub use boxes::StateBox;
pub use check::{BookReport, MAX_LISTED, NeverFires, Overlap};
pub use stored::{Action, ActionBook, ActionRow};
pub use table::ActionTable;
pub use validate::{MAX_AXES, MAX_ROWS};
