//! Shocks, and parts of them.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use crate::data::decimal;
use crate::error::{Problems, Result};
use crate::math::{logistic, logit, norm_cdf, norm_inv};
use crate::portfolio::conditional_pd;

/// A shock to what a book rests on. What is left out stays.
#[apply(f64 => #[serde(deserialize_with = "decimal")], Option<f64> => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shock {
    /// What happens to PDs.
    pub pd: PdShock,
    /// Added to every LGD, which stays within [0, 1].
    pub lgd: f64,
    /// Added to every exposure, a share of it, for example because lines are drawn; at least −1.
    pub ead: f64,
    /// Added to the funding rate.
    pub funding: f64,
    /// A cap on rates in the shocked world; offers above it are not made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<f64>,
}

/// A shock to PDs.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum PdShock {
    /// None.
    #[default]
    Stay,
    /// Added to the log-odds of every PD.
    Logit {
        /// Log-odds; above 0 is worse.
        add: f64,
    },
    /// PDs of a state of the economy; see [`conditional_pd`].
    State {
        /// The state; below 0 is bad.
        z: f64,
        /// Correlation of the exposures with it, in (0, 1).
        rho: f64,
    },
}

impl Shock {
    /// Checks the shock.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let share = "write a fraction, not percent";
        problems.require((-1.0..=1.0).contains(&self.lgd), "shock.lgd", "must lie in [-1, 1]", share);
        problems.require((-1.0..=10.0).contains(&self.ead), "shock.ead", "must lie in [-1, 10]", share);
        problems.require((-1.0..=1.0).contains(&self.funding), "shock.funding", "must lie in [-1, 1]", share);
        let cap = self.cap.is_none_or(|cap| cap > 0.0 && cap <= 10.0);
        problems.require(cap, "shock.cap", "must lie in (0, 10]", share);
        let pd = match self.pd {
            PdShock::Stay => true,
            PdShock::Logit { add } => (-40.0..=40.0).contains(&add),
            PdShock::State { z, rho } => (-40.0..=40.0).contains(&z) && rho > 0.0 && rho < 1.0,
        };
        problems.require(pd, "shock.pd", "log-odds or a state within ±40, and a correlation in (0, 1), were expected", share);
        problems.into_result()
    }

    /// A part of the shock: 0 for nothing, 1 for the whole, more for a larger one. A cap is there from the beginning, since there
    /// is no part of a law.
    #[must_use]
    pub fn part(&self, severity: f64) -> PartialShock {
        PartialShock { shock: *self, severity }
    }
}

/// A part of a [`Shock`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartialShock {
    pub(super) shock: Shock,
    severity: f64,
}

impl PartialShock {
    /// A PD in (0, 1) after the shock.
    pub(super) fn pd(&self, pd: f64) -> Result<f64> {
        let shocked = match self.shock.pd {
            PdShock::Stay => pd,
            PdShock::Logit { add } => logistic(logit(pd) + self.severity * add),
            PdShock::State { z, rho } => {
                // In probits the way from the PD to that of the state.
                let (from, to) = (norm_inv(pd), norm_inv(conditional_pd(pd, rho, z)?));
                if to.is_finite() { norm_cdf(from + self.severity * (to - from)) } else { norm_cdf(to) }
            }
        };
        // What rounds to certainty stays below it.
        Ok(shocked.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON))
    }

    pub(super) fn lgd(&self, lgd: f64) -> f64 {
        (lgd + self.severity * self.shock.lgd).clamp(0.0, 1.0)
    }

    pub(super) fn ead(&self, ead: f64) -> f64 {
        (ead * (1.0 + self.severity * self.shock.ead)).max(0.0)
    }

    pub(super) fn funding(&self, funding: f64) -> f64 {
        funding + self.severity * self.shock.funding
    }
}
