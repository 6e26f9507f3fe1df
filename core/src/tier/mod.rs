//! Stage 7, A B C D: the risk tier from the PD, from strong rules and from weak evidence.
//!
//! score cuts → score tier → + notches of weak evidence → not better than the floors of strong rules.
//! Rules only ever make a tier worse, and their order does not matter. Beside it stands the class of a corporate client, A B C:
//! what it is worth, not how risky it is. Around the tiers lies what a lender measures: cuts built from data ([`cuts`]), master
//! scales, migration matrices and the breaker of a run.

mod breaker;
mod class;
pub mod cuts;
mod letter;
mod migration;
mod policy;
mod rules;
mod scale;
mod table;

pub use breaker::{Breaker, BreakerOutcome};
pub use class::{ClassPolicy, ClientClass};
pub use letter::{ByTier, Direction, RiskTier};
pub use migration::{After, Bandwidths, MigrationMatrix, Monotonicity};
pub use policy::{StrongEffect, StrongRule, TierPolicy, WeakGroup, WeakRule};
pub use rules::{MAX_RULES, OnMissing, RuleHits};
pub(crate) use rules::{RuleSet, check_rule, ones};
pub use scale::{
    ConcentrationTest, GradeConcentration, MasterScale, ScaleReport, ScaleRules, concentration_test, grade_concentration,
};
pub use table::{TierResult, TierTable};
