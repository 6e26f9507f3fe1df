//! The shape of the project, checked on its sources: who may use whom, that every export passes the panic boundary, that
//! all languages know the same errors.
// A test may stop where a program may not.
#![allow(clippy::unwrap_used, clippy::panic)]

mod boundary;
mod errors;
mod layers;
mod source;
