//! Stage 11, in life: what is done with an account after it was granted.
//!
//! The [`ActionBook`] says for every state of an account (tier, contact, utilisation, stage, tags …) what is done, and proves
//! before it is used that each state has exactly one answer. A book of collections is the same thing over other axes.
//! [`restructure`] compares a loan with what it is to become; [`roll_rates`] tell how lateness grows into loss. A
//! [`CustomerList`] hands on who meets a condition, with no more fields and for no longer than its purpose needs.
//!
//! ```
//! use scoreline::treatment::ActionBook;
//!
//! # let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/action_book.json"));
//! let book: ActionBook = serde_json::from_str(text)?;       // tests/data/action_book.json
//! assert_eq!(book.check()?.to_string(), "14 rows over 7 axes: every state has exactly one answer");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod book;
mod list;
mod relief;
mod review;
mod roll_rates;
pub mod warning;

pub use book::{
    Action, ActionBook, ActionRow, ActionTable, Allowed, Axis, AxisOf, BookReport, Interval, MAX_AXES, MAX_LISTED, MAX_ROWS,
    NeverFires, Overlap, StateBox,
};
pub use list::{CustomerList, ListConfig, ListField, ListManifest};
pub use relief::{DIMINISHED_OBLIGATION, ReliefCap, ReliefOutcome, ReliefPolicy, ReliefTerms, RunningLoan, restructure};
pub use review::ReviewPolicy;
pub use roll_rates::{MAX_STAGES, Roll, RollConfig, RollRates, RollRow, RollSummary, roll_rates};
