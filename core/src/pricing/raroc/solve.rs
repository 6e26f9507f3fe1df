//! Rates that solve an equation which need not have one solution.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};
use crate::math::find_root;

/// To what a rate is solved, per year.
const TOLERANCE: f64 = 1e-14;

/// The rates at which something breaks even, such as the economic value added when the PD rises with the rate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum RateSolution {
    /// One rate does.
    Unique {
        /// The rate per year.
        rate: f64,
    },
    /// Several do: profit falls again beyond a rate, for example because only the worst borrowers accept it.
    Several {
        /// The lowest of them.
        lowest: f64,
        /// The highest of them.
        highest: f64,
        /// How many were found.
        count: usize,
    },
    /// None does.
    None {
        /// The rate that comes nearest.
        nearest: f64,
        /// What is missing there, in the unit of the equation; negative when every rate more than breaks even.
        shortfall: f64,
    },
}

impl RateSolution {
    /// The rate, or the lowest of several.
    #[must_use]
    pub const fn rate(&self) -> Option<f64> {
        match *self {
            RateSolution::Unique { rate } | RateSolution::Several { lowest: rate, .. } => Some(rate),
            RateSolution::None { .. } => None,
        }
    }
}

/// The rates in [`low`, `high`] at which `value` changes its sign. It is looked at in `steps` + 1 equally spaced rates; two
/// changes within one step are not seen.
///
/// ```
/// use scoreline::pricing::{RateSolution, solve_rate};
/// // Profit that rises, then falls.
/// let RateSolution::Several { lowest, highest, count } = solve_rate(0.0, 1.0, 100, |r| (r - 0.1) * (0.4 - r))? else { panic!() };
/// assert!((lowest - 0.1).abs() < 1e-12 && (highest - 0.4).abs() < 1e-12 && count == 2);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) unless low < high are finite and there are 1 to 100,000 steps;
/// [`InvalidData`](crate::ErrorCode::InvalidData) when `value` is not finite at one of the rates.
pub fn solve_rate(low: f64, high: f64, steps: usize, mut value: impl FnMut(f64) -> f64) -> Result<RateSolution> {
    if !(low < high && (high - low).is_finite() && (1..=100_000).contains(&steps)) {
        let what = "a range of rates from low to high and 1 to 100,000 steps were expected";
        return Err(Error::config(Problem::new(what, "use for example 0, 1 and 200").field("rates")));
    }
    let rate = |step: usize| low + (high - low) * (step as f64 / steps as f64);
    let mut nearest = (low, f64::NEG_INFINITY);
    let mut roots = Vec::new();
    let mut before: Option<(f64, f64)> = None;
    for step in 0..=steps {
        let here = rate(step);
        let at = value(here);
        if !at.is_finite() {
            let what = "the value at a rate within the range is not finite";
            return Err(Error::data(Problem::new(what, "narrow the range, or correct the inputs").field("rates")));
        }
        if at > nearest.1 {
            nearest = (here, at);
        }
        if at == 0.0 {
            roots.push(here);
        } else if let Some((there, other)) = before
            && other != 0.0
            && (other > 0.0) != (at > 0.0)
        {
            roots.extend(find_root(there, here, TOLERANCE, &mut value));
        }
        before = Some((here, at));
    }
    Ok(match roots[..] {
        [] => RateSolution::None { nearest: nearest.0, shortfall: -nearest.1 },
        [rate] => RateSolution::Unique { rate },
        [lowest, .., highest] => RateSolution::Several { lowest, highest, count: roots.len() },
    })
}

/// The one rate between `low` and `high` at which a `value` crosses 0 that rises where it does.
pub(super) fn solve_between(low: f64, high: f64, value: impl Fn(f64) -> f64) -> RateSolution {
    match find_root(low, high, TOLERANCE, &value) {
        Some(rate) => RateSolution::Unique { rate },
        None => {
            let (at_low, at_high) = (value(low), value(high));
            let (nearest, best) = if at_low > 0.0 { (low, at_low) } else { (high, at_high) };
            RateSolution::None { nearest, shortfall: -best }
        }
    }
}
