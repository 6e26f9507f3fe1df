//! What the tests share: the models with their data, owned cells, columns, and the form of the
//! conformance vectors.
// A test may stop where a program may not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cell;
mod events;
mod frame;
mod models;
pub mod random;
mod reviews;
mod vectors;

use std::path::PathBuf;

pub use cell::{Cell, Record};
pub use events::{Event, EventCase, EventVectors, named};
pub use frame::Frame;
pub use models::{ACCOUNTS, BLENDED, CORPORATE, GERMAN, MODELS, Model, NIGHTLY, SEGMENTED, SYNTHETIC};
pub use reviews::{ReviewCase, ReviewVectors, as_review};
pub use vectors::{Case, Expected, Vectors, as_error, as_line, cells};

/// A file or folder of the repository.
#[must_use]
pub fn path(relative: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(relative)
}

/// The text of a file of the repository.
#[must_use]
pub fn text(relative: &str) -> String {
    std::fs::read_to_string(path(relative)).unwrap_or_else(|e| panic!("{relative}: {e}"))
}
