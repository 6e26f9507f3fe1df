//! Who bears a loss: shares, first-loss pieces, insurance. The parts add up to the whole, to the smallest unit.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use crate::data::decimal;
use crate::error::{Problem, Problems, Result};
use crate::pricing::money::Money;

/// Somebody who bears part of a loss, for a fee: `share` of what lies between `from` and `to` of the exposure. A partner with a
/// pro rata share has 0 and 1; a first-loss piece begins at 0; insurance with a deductible begins above it.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LossLeg {
    /// Who.
    pub name: String,
    /// Share of the layer, in (0, 1].
    pub share: f64,
    /// Where the layer begins, a fraction of the exposure, in [0, 1).
    pub from: f64,
    /// Where it ends, a fraction of the exposure, in (0, 1].
    pub to: f64,
    /// Fee per year, a fraction of what is covered, in [0, 1].
    #[serde(default)]
    pub fee_rate: f64,
}

/// A loss divided: `kept` and the legs add up to the loss.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedLoss {
    /// What stays with the lender.
    pub kept: Money,
    /// What each leg bears, in the order of the legs.
    pub legs: Vec<Money>,
    /// The fee of each leg per year.
    pub fees: Vec<Money>,
}

/// Divides a loss of an exposure among the legs. Each leg bears its share of the part of the loss in its layer, rounded down
/// to the smallest unit; the lender keeps the rest, so that the sum is the loss exactly. Fees are rounded half up.
///
/// ```
/// use scoreline::pricing::Money;
/// use scoreline::pricing::loss::{LossLeg, share_loss};
/// let euro = |cents| Money::new(cents, 2).unwrap();
/// let first = LossLeg { name: "platform".into(), share: 1.0, from: 0.0, to: 0.05, fee_rate: 0.02 };
/// let partner = LossLeg { name: "bank".into(), share: 0.7, from: 0.05, to: 1.0, fee_rate: 0.0 };
/// let shared = share_loss(euro(1_000_000), euro(200_001), &[first, partner])?;
/// assert_eq!(shared.legs, [euro(50_000), euro(105_000)]);   // 500.00 and 70 % of the other 1,500.01
/// assert_eq!((shared.kept, shared.fees[0]), (euro(45_001), euro(1_000)));
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the amounts are not of one currency's decimals, the loss is negative
/// or above the exposure, a leg is out of range, or the legs cover more than the whole of some layer.
pub fn share_loss(exposure: Money, loss: Money, legs: &[LossLeg]) -> Result<SharedLoss> {
    check(exposure, loss, legs)?;
    // Amounts are whole units below 2^53 (checked), so they are exact as doubles.
    let (whole, lost) = (exposure.minor() as f64, loss.minor() as f64);
    let mut kept = loss.minor();
    let (mut borne, mut fees) = (Vec::with_capacity(legs.len()), Vec::with_capacity(legs.len()));
    let money =
        |minor: i64| Money::new(minor, loss.decimals()).ok_or_else(|| crate::Error::internal("money of impossible scale"));
    for leg in legs {
        let (from, to) = ((leg.from * whole).min(lost), (leg.to * whole).min(lost));
        // A last bit of the product must not cost a unit that is whole: 0.7 x 100 is 70, not 69.
        let part = leg.share * (to - from);
        let part = ((part * (1.0 + 4.0 * f64::EPSILON)).floor() as i64).clamp(0, kept);
        kept -= part;
        borne.push(money(part)?);
        fees.push(money((leg.fee_rate * leg.share * (leg.to - leg.from) * whole + 0.5).floor() as i64)?);
    }
    Ok(SharedLoss { kept: money(kept)?, legs: borne, fees })
}

fn check(exposure: Money, loss: Money, legs: &[LossLeg]) -> Result<()> {
    let mut problems = Problems::default();
    let same = exposure.decimals() == loss.decimals();
    problems.require(same, "loss", "has other decimals than the exposure", "write both with the decimals of the currency");
    let usable = exposure.minor() > 0 && exposure.minor() < 1 << 53;
    problems.require(usable, "exposure", "must be above 0 and below 2^53 units", "pass the exposure at default");
    let within = loss.minor() >= 0 && loss.minor() <= exposure.minor();
    problems.require(within, "loss", "must lie between 0 and the exposure", "pass the loss of this exposure");
    let fraction = "write a fraction, not percent";
    for (at, leg) in legs.iter().enumerate() {
        let place = format!("legs[{at}]");
        problems.require(!leg.name.trim().is_empty(), &place, "a leg needs a name", "name who bears it");
        problems.require(leg.share > 0.0 && leg.share <= 1.0, &place, "`share` must lie in (0, 1]", fraction);
        problems.require((0.0..=1.0).contains(&leg.fee_rate), &place, "`fee_rate` must lie in [0, 1]", fraction);
        let layer = leg.from >= 0.0 && leg.from < leg.to && leg.to <= 1.0;
        problems.require(layer, &place, "`from` must be at least 0 and below `to`, and `to` at most 1", fraction);
        // The coverage is highest where some layer begins.
        let covered: f64 =
            legs.iter().filter(|other| other.from <= leg.from && leg.from < other.to).map(|other| other.share).sum();
        if covered > 1.0 + 1e-12 {
            let problem = Problem::new("where this layer begins, the shares add up to more than 1", "no loss is borne twice");
            problems.push(problem.field(place));
        }
    }
    problems.into_result()
}
