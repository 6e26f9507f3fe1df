//! What is lost: PD over time, loss given default, exposure at default, and who bears a loss.

mod ead;
mod lgd;
mod pd;
mod sharing;
#[cfg(test)]
mod tests;

pub use ead::{CommitmentKind, DefaultedLine, DrawdownFactor, DrawdownPool, FactorKind, Undefined, advanced_ead_floor, ead};
pub use lgd::{Collateral, Guarantee, Lgd, Protected, Recovery, UnsecuredRecovery, substitute};
pub use pd::PdCurve;
pub use sharing::{LossLeg, SharedLoss, share_loss};
