//! Summaries that merge exactly: the same result for any split, order or number of threads.

mod cell_table;
mod counts;
mod exact_sum;
mod exact_sums;
mod level_counts;
mod order_key;
mod patterns;
mod summary;
mod value_counts;

pub use counts::{Cell, Counts};
pub use exact_sum::ExactSum;
pub use exact_sums::ExactSums;
pub use level_counts::{DEFAULT_MAX_LEVELS, LevelCounts};
pub use patterns::{DEFAULT_PATTERNS, Patterns};
pub use summary::Summary;
pub use value_counts::{DEFAULT_CAPACITY, ValueCounts};
