//! scoreline for C, C++ and COBOL. It converts inputs and outputs and maps errors; everything that decides anything is
//! in the crate `scoreline`. `include/scoreline.h` is generated from these sources by `make header`.
#![deny(clippy::undocumented_unsafe_blocks)]

pub mod date;
pub mod error;
mod guard;
pub mod version;
