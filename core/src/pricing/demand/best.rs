//! The best legal price, and the ladder of prices around it.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::take_up::TakeUp;
use crate::data::decimal;
use crate::error::{Error, Problem, Result};
use crate::math::golden_section;

/// The largest number of rungs and steps.
const MAX_STEPS: usize = 100_000;

/// One price of a ladder. Values are per offer, in the unit of what an accepted offer earns.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceRung {
    /// Rate per year.
    pub rate: f64,
    /// Share of offers accepted.
    pub share: f64,
    /// What an accepted offer earns, for example its economic value added.
    pub value: f64,
    /// What an offer earns: share · value.
    pub expected: f64,
}

/// The price that earns most per offer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum BestPrice {
    /// A price.
    Quote {
        /// The rung of it.
        rung: PriceRung,
        /// Whether it lies at the lower or upper end of what is allowed.
        at_bound: bool,
    },
    /// What the hurdle needs lies above the cap.
    NoLegalPrice {
        /// The least rate.
        needed: f64,
        /// The cap.
        cap: f64,
    },
}

fn rung(take_up: &TakeUp, rate: f64, value: &mut impl FnMut(f64) -> f64) -> Result<PriceRung> {
    let (share, value) = (take_up.share(rate), value(rate));
    if !value.is_finite() {
        let problem = Problem::new("the value of an accepted offer is not finite", "narrow the rates, or correct the inputs");
        return Err(Error::data(problem.field("value")));
    }
    Ok(PriceRung { rate, share, value, expected: share * value })
}

/// Prices from `low` to `high` in equal steps, with what each earns. `value` is what an accepted offer earns at a rate.
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) for a curve that is not valid, unless low ≤ high are finite and there are 1 to
/// 100,000 steps; [`InvalidData`](crate::ErrorCode::InvalidData) when `value` is not finite at a rate.
pub fn price_ladder(
    take_up: &TakeUp,
    low: f64,
    high: f64,
    steps: usize,
    mut value: impl FnMut(f64) -> f64,
) -> Result<Vec<PriceRung>> {
    take_up.validate()?;
    if !(low <= high && (high - low).is_finite() && (1..=MAX_STEPS).contains(&steps)) {
        let what = "rates from low to high and 1 to 100,000 steps were expected";
        return Err(Error::config(Problem::new(what, "use for example the hurdle rate, the cap and 200").field("rates")));
    }
    let rate = |step: usize| if step == steps { high } else { low + (high - low) * (step as f64 / steps as f64) };
    (0..=steps).map(|step| rung(take_up, rate(step), &mut value)).collect()
}

/// The price between `needed`, what the hurdle needs, and the cap at which an offer is expected to earn most. The best of a ladder
/// of `steps` steps, refined around it by golden section; of equally good prices the lowest.
///
/// ```
/// use scoreline::pricing::{BestPrice, TakeUp, best_price};
/// let curve = TakeUp::Logit { intercept: 2.0, slope: -25.0 };
/// let cost = 0.06;
/// let BestPrice::Quote { rung, at_bound } = best_price(&curve, cost, 0.36, 300, |rate| rate - cost)? else { panic!() };
/// // Where marginal gain and loss are equal: r = c − 1 / (slope · (1 − p)).
/// assert!((rung.rate - (cost + 1.0 / (25.0 * (1.0 - rung.share)))).abs() < 1e-7 && !at_bound);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// As [`price_ladder`].
pub fn best_price(take_up: &TakeUp, needed: f64, cap: f64, steps: usize, mut value: impl FnMut(f64) -> f64) -> Result<BestPrice> {
    if needed > cap {
        return Ok(BestPrice::NoLegalPrice { needed, cap });
    }
    let ladder = price_ladder(take_up, needed, cap, steps, &mut value)?;
    let better = |best: PriceRung, one: PriceRung| if one.expected > best.expected { one } else { best };
    let at = (0..ladder.len()).reduce(|best, at| if ladder[at].expected > ladder[best].expected { at } else { best });
    let Some((at, first)) = at.and_then(|at| ladder.get(at).map(|rung| (at, *rung))) else {
        return Err(Error::internal("a ladder without rungs"));
    };
    let neighbour = |at: usize| ladder.get(at).map_or(first.rate, |rung| rung.rate);
    let around = [neighbour(at.saturating_sub(1)), neighbour((at + 1).min(ladder.len() - 1))];
    let mut best = first;
    golden_section(around, 60, |rate| {
        let found = rung(take_up, rate, &mut value)?;
        best = better(best, found);
        Ok::<f64, Error>(-found.expected)
    })?;
    // What golden section cannot tell from an end of the range is that end.
    let best = if best.expected > first.expected { best } else { first };
    Ok(BestPrice::Quote { rung: best, at_bound: best.rate == needed || best.rate == cap })
}
