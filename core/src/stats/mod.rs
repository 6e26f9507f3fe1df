//! Summaries that merge exactly: the same result for any split, order or number of threads.

mod cell_table;
mod class_counts;
mod counts;
mod exact_sum;
mod exact_sums;
mod level_counts;
mod moments;
mod order_key;
mod ordered_cells;
mod patterns;
mod summary;
mod tally;
mod value_counts;
mod value_tallies;

pub use class_counts::ClassCounts;
pub use counts::{Cell, Counts};
pub use exact_sum::ExactSum;
pub use exact_sums::ExactSums;
pub use level_counts::{DEFAULT_MAX_LEVELS, LevelCounts, LevelTallies};
pub use moments::{MAX_TARGET, Moments, TARGET_UNIT, target_units};
pub use patterns::{DEFAULT_PATTERNS, Patterns};
pub use summary::Summary;
pub use tally::Tally;
pub(crate) use value_counts::ValueCounter;
pub use value_counts::{DEFAULT_CAPACITY, ValueCounts};
pub use value_tallies::ValueTallies;
