//! Stage 7, A B C D: the risk tier from the PD, from strong rules and from weak evidence.
//!
//! cuts → score tier → matrix → + notches of weak evidence and overlays → not better than the floors of strong rules.
//! Rules only ever make a tier worse, and their order does not matter. The tier that an account has already follows with
//! hysteresis. Beside it stands the class of a corporate client, A B C: what it is worth, not how risky it is. Around the tiers
//! lies what a lender measures: cuts built from data ([`cuts`]), master scales, migration matrices, the
//! breaker of a run, and settings of memory compared over histories ([`frontier`]).

mod breaker;
mod class;
pub mod cuts;
pub mod frontier;
mod hysteresis;
mod letter;
mod matrix;
mod measure;
mod migration;
mod overlay;
mod policy;
mod rules;
mod scale;
mod table;

pub use breaker::{Breaker, BreakerOutcome};
pub use class::{ClassPolicy, ClientClass};
pub use hysteresis::{Held, Hysteresis, Move, Standing};
pub use letter::{ByTier, Direction, RiskTier};
pub use matrix::TierMatrix;
pub use measure::Measure;
pub use migration::{After, Bandwidths, MigrationMatrix, Monotonicity};
pub use overlay::Overlay;
pub use policy::{StrongEffect, StrongRule, TierPolicy, WeakGroup, WeakRule};
pub(crate) use rules::{BitSums, RuleSet, TierTold, Told, check_rule, ones};
pub use rules::{MAX_RULES, OnMissing, RuleHits, RuleKind};
pub use scale::{
    ConcentrationTest, GradeConcentration, MasterScale, ScaleReport, ScaleRules, concentration_test, grade_concentration,
};
pub use table::{Measured, Retiering, TierDay, TierResult, TierTable};

#[cfg(test)]
mod laws;
