//! The one set of elementary functions: pure Rust, pinned, the same bits on every platform.

mod beta;
mod cholesky;
mod elementary;
mod gamma;
#[cfg(test)]
mod golden;
mod golden_section;
mod isotonic;
mod median;
mod normal;
mod proportion;
mod random;
mod root;

pub use beta::{beta_cdf, beta_inv, beta_sf, binomial_cdf, binomial_sf};
pub use cholesky::{Cholesky, DependentColumn, PIVOT_TOLERANCE};
pub use elementary::{exp, exp_m1, ln, ln_1p, logistic, logit, powi};
pub use gamma::{chi2_sf, gamma_p, gamma_q, ln_gamma};
pub use golden_section::golden_section;
pub use isotonic::isotonic;
pub use median::median;
pub use normal::{norm_cdf, norm_inv, norm_pdf};
pub use proportion::{jeffreys_interval, two_proportions, wilson_interval};
pub(crate) use random::Random;
pub use root::find_root;
