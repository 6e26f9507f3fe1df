//! The one set of elementary functions: pure Rust, pinned, the same bits on every platform.

mod elementary;

pub use elementary::{exp, ln, logistic, logit, powi};
