//! The pipeline in one file: envelope, canonical text and hash, known answers, migrations.
#![doc = include_str!("FORMAT.md")]

mod checks;
mod envelope;
mod migrate;
mod seal;

pub use checks::{Check, ReviewCheck};
pub use envelope::{Artefact, MAX_BYTES};
pub use seal::Change;
