//! Summaries that merge exactly: the same result for any split, order or number of threads.

mod counts;
mod exact_sum;
mod exact_sums;
mod summary;

pub use counts::{Cell, Counts};
pub use exact_sum::ExactSum;
pub use exact_sums::ExactSums;
pub use summary::Summary;
