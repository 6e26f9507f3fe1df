//! scoreline for C, C++ and COBOL. It converts inputs and outputs and maps errors; everything that decides anything is
//! in the crate `scoreline`. `include/scoreline.h` is generated from these sources by `make header`.
#![deny(clippy::undocumented_unsafe_blocks)]

pub mod argument;
pub mod batch;
pub mod date;
pub mod decide;
pub mod decimal;
pub mod decision;
pub mod digest;
pub mod error;
mod guard;
mod handle;
pub mod row;
pub mod scorer;
pub mod version;
