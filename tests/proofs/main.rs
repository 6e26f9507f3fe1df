//! What the library promises, checked from outside: same bits everywhere, files that cannot lie, laws of
//! credit decisions, figures of other software, and errors that say what to do.
// A test may stop where a program may not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod artefact;
mod auto;
mod batches;
mod canonical;
mod experts;
mod hostile;
mod kinds;
mod laws;
mod limits;
mod minimal;
mod museum;
mod oracles;
mod playbooks;
mod prices;
mod records;
mod selection;
mod settings;
mod training;
