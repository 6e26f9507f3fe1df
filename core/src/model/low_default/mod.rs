//! PDs of portfolios with few defaults or none, grade by grade.

mod factor;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Problems, Result};
use crate::math::beta_inv;

/// What was seen in one grade over the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeCounts {
    /// Borrowers at the start.
    pub obligors: u64,
    /// Those of them that defaulted; at most `obligors`.
    pub defaults: u64,
}

/// What is asked of the PDs of a low-default portfolio.
///
/// Every method works on the most prudent pools: the PD of a grade comes from its borrowers and those of all worse grades,
/// because it can be as high as theirs and no higher. A portfolio without grades is one grade.
///
/// ```
/// use scoreline::model::{GradeCounts, LowDefaultConfig, LowDefaultMethod};
/// // Pluto & Tasche (2005), table 1: no defaults among 100, 400 and 300 borrowers, 90 %.
/// let grades = [100, 400, 300].map(|obligors| GradeCounts { obligors, defaults: 0 });
/// let method = LowDefaultMethod::PlutoTasche { confidence: 0.9, correlation: 0.0 };
/// let pd = LowDefaultConfig { method }.fit(&grades)?;
/// assert_eq!(pd.iter().map(|pd| (pd * 1e4).round() / 100.0).collect::<Vec<_>>(), [0.29, 0.33, 0.76]);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LowDefaultConfig {
    /// The estimator.
    pub method: LowDefaultMethod,
}

/// An estimator of the PD behind k defaults of n borrowers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum LowDefaultMethod {
    /// The upper bound p at which k or fewer defaults have probability 1 − `confidence` (Pluto & Tasche 2005). Defaults
    /// are independent given one normal factor that all asset values share.
    PlutoTasche {
        /// In (0, 1); 0.75 and 0.9 are usual.
        confidence: f64,
        /// Asset correlation, in [0, 0.99]; 0 for independent defaults.
        correlation: f64,
    },
    /// (k + 1) / (n + 2), the posterior mean of a uniform prior (Tasche 2013, "neutral").
    Neutral,
    /// (k + ½) / (n + 1), the posterior mean of Jeffreys' prior.
    Jeffreys,
}

impl Default for LowDefaultMethod {
    fn default() -> Self {
        LowDefaultMethod::PlutoTasche { confidence: 0.75, correlation: 0.12 }
    }
}

/// The most borrowers: beyond it no portfolio has too few defaults.
const MOST_OBLIGORS: u64 = 100_000_000;

impl LowDefaultConfig {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        if let LowDefaultMethod::PlutoTasche { confidence, correlation } = self.method {
            let (ok, field) = (confidence > 0.0 && confidence < 1.0, "low_default.confidence");
            problems.require(ok, field, "must lie strictly between 0 and 1", "use for example 0.75");
            let (ok, field) = ((0.0..=0.99).contains(&correlation), "low_default.correlation");
            problems.require(ok, field, "must lie between 0 and 0.99", "use 0.12, or 0 for independent defaults");
        }
        problems.into_result()
    }

    /// The PD of each grade; `grades` run from the best to the worst. The PDs never fall: where the pools alone would let
    /// one fall, the grade keeps the PD of the better one.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`LowDefaultConfig::validate`];
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when a grade has more defaults than borrowers, or there are more
    /// than 10⁸; [`InsufficientData`](crate::ErrorCode::InsufficientData) when the worst grade has no borrower.
    pub fn fit(&self, grades: &[GradeCounts]) -> Result<Vec<f64>> {
        self.validate()?;
        let total = grades.iter().fold(0_u64, |sum, grade| sum.saturating_add(grade.obligors));
        if total > MOST_OBLIGORS || grades.iter().any(|grade| grade.defaults > grade.obligors) {
            return Err(Error::data(
                Problem::new("a grade needs at most as many defaults as borrowers, and all at most 10^8", "correct the counts")
                    .field("low_default"),
            ));
        }
        if grades.last().is_none_or(|worst| worst.obligors == 0) {
            return Err(Error::insufficient(
                Problem::new("the worst grade needs a borrower", "leave out empty grades at the end").field("low_default"),
            ));
        }
        let (mut obligors, mut defaults) = (0.0, 0.0);
        let mut pds = Vec::with_capacity(grades.len());
        for grade in grades.iter().rev() {
            obligors += grade.obligors as f64;
            defaults += grade.defaults as f64;
            pds.push(self.method.pd(obligors, defaults)?);
        }
        pds.reverse();
        let mut least = 0.0_f64;
        for pd in &mut pds {
            least = least.max(*pd);
            *pd = least;
        }
        Ok(pds)
    }
}

impl LowDefaultMethod {
    fn pd(self, obligors: f64, defaults: f64) -> Result<f64> {
        match self {
            LowDefaultMethod::Neutral => Ok((defaults + 1.0) / (obligors + 2.0)),
            LowDefaultMethod::Jeffreys => Ok((defaults + 0.5) / (obligors + 1.0)),
            LowDefaultMethod::PlutoTasche { .. } if defaults == obligors => Ok(1.0),
            LowDefaultMethod::PlutoTasche { confidence, correlation: 0.0 } => {
                Ok(beta_inv(confidence, defaults + 1.0, obligors - defaults))
            }
            LowDefaultMethod::PlutoTasche { confidence, correlation } => {
                factor::upper_bound(obligors, defaults, confidence, correlation)
                    .ok_or_else(|| Error::internal("no PD meets the confidence"))
            }
        }
    }
}
