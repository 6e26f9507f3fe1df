//! The one set of elementary functions: pure Rust, pinned, the same bits on every platform.

mod cholesky;
mod elementary;
mod normal;

pub use cholesky::{Cholesky, DependentColumn, PIVOT_TOLERANCE};
pub use elementary::{exp, ln, logistic, logit, powi};
pub use normal::{norm_cdf, norm_inv, norm_pdf};
