//! Summaries that merge exactly: the same result for any split, order or number of threads.

mod counts;

pub use counts::{Cell, Counts};
