//! How steady an income is.

use serde::{Deserialize, Serialize};

use super::super::month::{check_amounts, mean, squares};
use crate::error::{Error, Problem, Result};

/// How steady monthly inflows are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncomeStability {
    /// Number of months looked at.
    pub months: u32,
    /// Mean monthly inflow, in the currency of the caller.
    pub mean: f64,
    /// Sample standard deviation (divisor *n* − 1) of the monthly inflow, in the same currency.
    pub deviation: f64,
    /// Coefficient of variation, `deviation / mean`: 0 when every month is alike; `None` without any inflow.
    pub variation: Option<f64>,
    /// Share of months with an inflow, in [0, 1].
    pub share_with_inflow: f64,
    /// Longest run of months without an inflow.
    pub longest_gap: u32,
}

/// How steady the inflows of consecutive months are; a month without one is 0.
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) with the row of an inflow that is missing, negative or beyond 10¹⁵;
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) for fewer than two months.
///
/// ```
/// use scoreline::features::stability::income_stability;
/// let found = income_stability(&[900.0, 1_100.0, 0.0, 0.0, 900.0, 1_100.0])?;
/// assert_eq!((found.longest_gap, found.share_with_inflow), (2, 4.0 / 6.0));
/// assert!(income_stability(&[1_000.0; 12])?.variation == Some(0.0));
/// # Ok::<(), scoreline::Error>(())
/// ```
pub fn income_stability(inflows: &[f64]) -> Result<IncomeStability> {
    check_amounts("inflows", inflows.iter().copied())?;
    if let Some(row) = inflows.iter().position(|inflow| *inflow < 0.0) {
        let problem = Problem::new("inflows of 0 or more were expected", "leave outflows out");
        return Err(Error::data(problem.field("inflows").row(row)));
    }
    if inflows.len() < 2 {
        let problem = Problem::new("at least two months are needed", "pass a longer series");
        return Err(Error::insufficient(problem.field("inflows")));
    }
    let centre = mean(inflows);
    let deviation = (squares(inflows, centre) / (inflows.len() - 1) as f64).sqrt();
    let with = inflows.iter().filter(|inflow| **inflow > 0.0).count();
    let gaps = inflows.split(|inflow| *inflow > 0.0).map(<[f64]>::len);
    Ok(IncomeStability {
        months: inflows.len() as u32,
        mean: centre,
        deviation,
        variation: (centre > 0.0).then(|| deviation / centre),
        share_with_inflow: with as f64 / inflows.len() as f64,
        longest_gap: gaps.max().unwrap_or(0) as u32,
    })
}
