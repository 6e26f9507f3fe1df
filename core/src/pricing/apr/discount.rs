//! Every rate at which flows are worth nothing: all roots of a sum of exponentials.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use crate::data::decimal;
use crate::error::{Error, Problem, Result};
use crate::math::{exp, find_root};

/// The most changes of sign, in the order of time, that flows may have.
pub const MAX_SIGN_CHANGES: usize = 64;

/// ln(1 + x) of the rates x that are looked for: from −1 + 2·10⁻¹⁶ to 10³⁰⁴.
const LEAST: f64 = -36.0;
const MOST: f64 = 700.0;

/// Shares of the sum of all sizes below which a sum is 0: what rounding may leave of amounts that cancel.
const NOTHING: f64 = 1e-14;

/// Places of ln(1 + x) that lie closer than this are one: a touching root is found only to half the digits.
const SAME: f64 = 1e-9;

/// Money at a time.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Years or periods since any beginning.
    pub time: f64,
    /// Negative for an advance, positive for a payment.
    pub amount: f64,
}

/// How many rates there are, and which.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Roots {
    /// No rate above −1 makes the flows worth nothing, as when all have the same sign.
    None,
    /// The only one.
    One {
        /// The rate per unit of time.
        rate: f64,
    },
    /// Every one, rising; none of them is *the* rate.
    Several {
        /// The rates per unit of time.
        rates: Vec<f64>,
    },
}

impl Roots {
    pub(super) fn new(mut rates: Vec<f64>) -> Self {
        rates.sort_by(f64::total_cmp);
        match rates.as_slice() {
            [] => Roots::None,
            [rate] => Roots::One { rate: *rate },
            _ => Roots::Several { rates },
        }
    }

    /// The only rate.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when there is `none`, or when there are `several`.
    pub fn one(self) -> Result<f64> {
        let (what, remedy) = match self {
            Roots::One { rate } => return Ok(rate),
            Roots::None => ("none: no rate makes the flows worth nothing", "give both advances and payments"),
            Roots::Several { .. } => ("several: more than one rate makes the flows worth nothing", "look at all of them"),
        };
        Err(Error::data(Problem::new(what, remedy).field("flows")))
    }
}

/// Every rate x per unit of time, above −1, with Σ amount / (1 + x)^time = 0.
///
/// The answer is complete: by the rule of Descartes (Laguerre 1883 for any exponents) there are no more rates than changes of
/// sign in the order of time, and none is missed. Multiplied by e^(c·y), where y = ln(1 + x) and c lies at a change of
/// sign, the sum has a derivative with one change less; between the roots of that, found in the same way, it rises or falls.
///
/// ```
/// use scoreline::pricing::{Flow, Roots, internal_rates};
/// let flows = |amounts: &[f64]| -> Vec<Flow> { (0..).zip(amounts).map(|(t, a)| Flow { time: f64::from(t), amount: *a }).collect() };
/// assert!(matches!(internal_rates(&flows(&[-100.0, 110.0]))?, Roots::One { rate } if (rate - 0.1).abs() < 1e-15));
/// // −100 + 230·v − 132·v² is 0 at 10 % and at 20 %.
/// let Roots::Several { rates } = internal_rates(&flows(&[-100.0, 230.0, -132.0]))? else { panic!() };
/// assert!((rates[0] - 0.1).abs() < 1e-12 && (rates[1] - 0.2).abs() < 1e-12);
/// assert_eq!(internal_rates(&flows(&[100.0, 110.0]))?, Roots::None);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) when a flow is not finite or the signs change more than
/// [`MAX_SIGN_CHANGES`] times.
pub fn internal_rates(flows: &[Flow]) -> Result<Roots> {
    if !flows.iter().all(|flow| flow.time.is_finite() && flow.amount.is_finite()) {
        let problem = Problem::new("a time or an amount is not a finite number", "give finite numbers");
        return Err(Error::data(problem.field("flows")));
    }
    let mut sorted: Vec<Flow> = flows.to_vec();
    sorted.sort_by(|a, b| a.time.total_cmp(&b.time));
    let mut terms: Vec<Flow> = Vec::with_capacity(sorted.len());
    for flow in sorted {
        match terms.last_mut() {
            Some(last) if last.time == flow.time => last.amount += flow.amount,
            _ => terms.push(flow),
        }
    }
    // The largest amount counts 1, so that no sum of them overflows.
    let largest = terms.iter().fold(0.0, |largest: f64, flow| largest.max(flow.amount.abs()));
    terms.iter_mut().for_each(|flow| flow.amount /= largest.max(f64::MIN_POSITIVE));
    terms.retain(|flow| flow.amount != 0.0 && flow.amount.is_finite());
    if sign_changes(&terms).count() > MAX_SIGN_CHANGES {
        let problem = Problem::new("the flows change their sign too often", "net them over longer periods");
        return Err(Error::data(problem.field("flows")));
    }
    Ok(Roots::new(zeros(&terms).into_iter().map(|y| if y == 0.0 { 0.0 } else { exp(y) - 1.0 }).collect()))
}

/// The places at which the sign changes: that of the term before.
fn sign_changes(terms: &[Flow]) -> impl Iterator<Item = usize> + '_ {
    let pairs = terms.iter().zip(terms.iter().skip(1)).enumerate();
    pairs.filter(|(_, (one, next))| (one.amount > 0.0) != (next.amount > 0.0)).map(|(at, _)| at)
}

/// Every y in [[`LEAST`], [`MOST`]] where Σ amount·e^(−time·y) = 0, rising.
fn zeros(terms: &[Flow]) -> Vec<f64> {
    let Some(change) = sign_changes(terms).next() else { return Vec::new() };
    let (Some(before), Some(after)) = (terms.get(change), terms.get(change + 1)) else { return Vec::new() };
    let pivot = before.time + (after.time - before.time) / 2.0;
    let slope: Vec<Flow> =
        terms.iter().map(|term| Flow { time: term.time, amount: -(term.time - pivot) * term.amount }).collect();
    let mut places = zeros(&slope);
    // The sum is written differently on the two sides of 0, so no interval may contain it.
    places.extend([LEAST, 0.0, MOST]);
    places.sort_by(f64::total_cmp);
    places.dedup_by(|next, one| *next - *one < SAME);

    let signs: Vec<f64> = places.iter().map(|y| sign(terms, *y)).collect();
    let mut found: Vec<f64> = Vec::new();
    for at in 0..places.len() {
        let (Some(y), Some(here)) = (places.get(at), signs.get(at)) else { break };
        if *here == 0.0 && *y > LEAST && *y < MOST {
            found.push(*y);
        }
        let (Some(next), Some(there)) = (places.get(at + 1), signs.get(at + 1)) else { break };
        if here * there < 0.0 {
            found.extend(find_root(*y, *next, 1e-16, |y| value(terms, y, *next > 0.0).0));
        }
    }
    found
}

/// −1, 0 or 1.
fn sign(terms: &[Flow], y: f64) -> f64 {
    let (value, size) = value(terms, y, y > 0.0);
    if value.abs() <= NOTHING * size { 0.0 } else { value.signum() }
}

/// The sum and the sum of sizes, multiplied so that no exponent is above 0 for y on its side of 0.
fn value(terms: &[Flow], y: f64, positive: bool) -> (f64, f64) {
    let end = if positive { terms.first() } else { terms.last() }.map_or(0.0, |term| term.time);
    terms.iter().fold((0.0, 0.0), |(sum, size), term| {
        let worth = term.amount * exp(-(term.time - end) * y);
        (sum + worth, size + worth.abs())
    })
}
