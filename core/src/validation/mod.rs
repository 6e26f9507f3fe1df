//! Is it right: measures of a score against what happened.

mod discrimination;

pub use discrimination::{Discrimination, Orientation};
