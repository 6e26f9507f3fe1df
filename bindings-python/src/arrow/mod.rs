//! The Arrow PyCapsule interface: tables come in and go out without copies and without pyarrow.

mod export;
mod import;
mod numbers;

pub(crate) use export::stream;
pub(crate) use import::arrays;
pub(crate) use numbers::Numbers;
