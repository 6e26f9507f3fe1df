//! Stage 7, A B C D: the risk tier from the PD, from strong rules and from weak evidence.
//!
//! score cuts → score tier → + notches of weak evidence → not better than the floors of strong rules.
//! Rules only ever make a tier worse, and their order does not matter. Beside it stands the class of a corporate client, A B C:
//! what it is worth, not how risky it is.

mod class;
pub mod cuts;
mod letter;
mod policy;
mod rules;
mod table;

pub use class::{ClassPolicy, ClientClass};
pub use letter::{ByTier, Direction, RiskTier};
pub use policy::{StrongEffect, StrongRule, TierPolicy, WeakGroup, WeakRule};
pub use rules::{MAX_RULES, OnMissing, RuleHits};
pub(crate) use rules::{RuleSet, check_rule, ones};
pub use table::{TierResult, TierTable};
