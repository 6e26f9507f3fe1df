//! The breaker of a run over a book: too many moves stop it.

use serde::{Deserialize, Serialize};

use super::migration::MigrationMatrix;
use crate::error::{Error, ErrorCode, Problem, Problems, Result};

/// How much a run over a book may move before it stops: a run in which suddenly a fifth of all tiers fall is more often a
/// broken input than a crisis.
///
/// ```
/// use scoreline::tier::{Breaker, MigrationMatrix, RiskTier::{A, B}};
/// let matrix = MigrationMatrix::of_tiers((0..11).map(|i| (A, if i < 2 { B.into() } else { A.into() })))?;
/// let breaker = Breaker { max_downgraded: 0.05, max_upgraded: None };
/// let message = breaker.check(&matrix, None).unwrap_err().to_string();
/// assert!(message.contains("18.2 % of the tiers fall, at most 5 % may"), "{message}");
/// let outcome = breaker.check(&matrix, Some("J. Doe"))?;
/// assert!(outcome.tripped && outcome.forced_by.as_deref() == Some("J. Doe"));
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breaker {
    /// The largest share of cases that may be worse after the run, defaults included, in [0, 1].
    pub max_downgraded: f64,
    /// The largest share that may be better, in [0, 1]; any, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_upgraded: Option<f64>,
}

/// A run that may be written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakerOutcome {
    /// Share of cases that are worse after the run.
    pub downgraded: f64,
    /// Share of cases that are better.
    pub upgraded: f64,
    /// Whether a share was above what is allowed; then an operator forced the run.
    pub tripped: bool,
    /// Who allowed the run to be written whatever moves.
    pub forced_by: Option<String>,
}

impl Breaker {
    /// Checks the shares.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let shares = [("breaker.max_downgraded", Some(self.max_downgraded)), ("breaker.max_upgraded", self.max_upgraded)];
        for (field, share) in shares {
            let inside = share.is_none_or(|share| (0.0..=1.0).contains(&share));
            problems.require(inside, field, "must lie between 0 and 1", "give a share, for example 0.05");
        }
        problems.into_result()
    }

    /// Whether the run with this matrix may be written.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`Breaker::validate`], and when the operator has no name;
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when more moves than is allowed and nobody forces it.
    pub fn check(&self, matrix: &MigrationMatrix, forced_by: Option<&str>) -> Result<BreakerOutcome> {
        self.validate()?;
        if forced_by.is_some_and(|name| name.trim().is_empty()) {
            let problem = Problem::new("the operator who forces a run must be named", "give a name, or nobody");
            return Err(Error::config(problem.field("forced_by")));
        }
        let share = |(moved, all): (u64, u64)| if all == 0 { 0.0 } else { moved as f64 / all as f64 };
        let (downgraded, upgraded) = (share(matrix.downgraded()), share(matrix.upgraded()));
        let moves = [(downgraded, Some(self.max_downgraded), "fall"), (upgraded, self.max_upgraded, "rise")];
        let beyond =
            moves.iter().filter_map(|&(share, most, how)| most.filter(|most| share > *most).map(|most| (share, most, how)));
        let problems: Vec<Problem> = beyond
            .map(|(share, most, how)| {
                let what = format!("{} % of the tiers {how}, at most {} % may", percent(share), percent(most));
                Problem::new(what, "nothing is to be written unless an operator forces it").field("breaker")
            })
            .collect();
        let tripped = !problems.is_empty();
        if tripped && forced_by.is_none() {
            return Err(Error::new(ErrorCode::InvalidData, problems));
        }
        Ok(BreakerOutcome { downgraded, upgraded, tripped, forced_by: forced_by.map(str::to_owned) })
    }
}

/// A share in per cent with one decimal, where there is one.
fn percent(share: f64) -> f64 {
    (share * 1e3).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tier::RiskTier;

    #[test]
    fn the_breaker_stops_what_moves_too_much() {
        use RiskTier::{A, B};
        let matrix = MigrationMatrix::of_tiers((0..100).map(|i| (B, if i < 30 { A.into() } else { B.into() }))).unwrap();
        let breaker = Breaker { max_downgraded: 0.0, max_upgraded: Some(0.3) };
        let calm = breaker.check(&matrix, None).unwrap();
        assert_eq!((calm.tripped, calm.upgraded, calm.forced_by), (false, 0.3, None));
        let strict = Breaker { max_upgraded: Some(0.299), ..breaker };
        let error = strict.check(&matrix, None).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidData);
        assert!(error.to_string().contains("30 % of the tiers rise, at most 29.9 % may; nothing is to be written"), "{error}");
        assert_eq!(strict.check(&matrix, Some(" ")).unwrap_err().code(), ErrorCode::InvalidConfig);
        assert!(strict.check(&matrix, Some("x")).unwrap().tripped);
        assert!(breaker.check(&MigrationMatrix::new(4).unwrap(), None).is_ok());
        let bad = Breaker { max_downgraded: f64::NAN, max_upgraded: Some(2.0) };
        assert_eq!(bad.validate().unwrap_err().problems().len(), 2);
    }
}
