//! Stage 5, log-odds: logistic regression of the event on the WoE of each variable, and boosted cards.

mod boost;
mod information;
mod logistic;
mod newton;

pub use boost::{Axis, BoostConfig, Boosted, HeldOut, Order, PairTable, Table, boost, fine_split};
pub use information::{BLOCK, BlockInput, Information};
pub use logistic::{Coefficient, Logistic};
pub(crate) use newton::{MAX_VARIABLES, round_significant};
pub use newton::{ModelConfig, Newton};
