//! scoreline for C, C++ and COBOL. It converts inputs and outputs and maps errors; everything that decides anything is
//! in the crate `scoreline`. `include/scoreline.h` is generated from these sources, in the order of the modules, by
//! `make header`.
#![deny(clippy::undocumented_unsafe_blocks)]

mod argument;
mod guard;
mod handle;
mod output;
mod record;
mod refused;

pub mod error;

pub mod scorer;

pub mod row;

pub mod decimal;

pub mod date;

pub mod events;

pub mod decision;

pub mod decide;

pub mod batch;

pub mod review;

pub mod retier;

pub mod canonical;

pub mod layout;

pub mod run;

pub mod calculate;

pub mod digest;

pub mod version;
