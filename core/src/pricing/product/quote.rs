//! One call from a need to a legal price.

use std::collections::BTreeMap;

use serde::Serialize;

use super::economics::PriceParts;
use super::matching::Mismatch;
use super::need::{Need, QuoteRequest};
use super::price::{Cost, Deal, Needed};
use super::terms::{Product, RepaymentKind};
use crate::error::{Error, Problem, Result};
use crate::pricing::{
    BestPrice, CapOnDay, GuardBound, Guarded, Money, PriceGuard, RateBasis, Repayment, ScheduleTerms, ScheduleTotals, best_price,
};

/// Steps of the ladder on which the best price is looked for.
const LADDER: usize = 100;

/// A price that is legal and earns the hurdle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quote {
    /// Name of the product.
    pub product: String,
    /// Nominal rate per year.
    pub rate: f64,
    /// What set it. `cap` stands for the highest rate of the product too: then `cap` below is none.
    pub bound: GuardBound,
    /// The cap that set it.
    pub cap: Option<CapOnDay>,
    /// The lowest rate that earns the hurdle and is not below the floor.
    pub needed: f64,
    /// Lifetime return on risk-adjusted capital per year, at least the hurdle.
    pub raroc: f64,
    /// Economic value added as a present value at the hurdle, per unit of the amount; at least 0.
    pub eva: f64,
    /// Share of such offers that is accepted; none without a curve of demand.
    pub take_up: Option<f64>,
    /// What the offer is expected to add: amount · economic value added · share accepted, in the currency.
    pub expected_profit: f64,
    /// What the borrower pays altogether, from the schedule, by how it is measured: always `simple` and `compound`, the latter
    /// the annual percentage rate of the European Union, and what the caps ask for.
    pub all_in: BTreeMap<RateBasis, f64>,
    /// The caps of the day, all of them kept.
    pub caps: Vec<CapOnDay>,
    /// What the rate is made of.
    pub parts: PriceParts,
    /// The first payment.
    pub first_payment: Money,
    /// The last payment.
    pub last_payment: Money,
    /// Sums over the schedule.
    pub totals: ScheduleTotals,
    /// The terms, from which [`ScheduleTerms::schedule`] makes the payments.
    pub terms: ScheduleTerms,
}

/// A price, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Quoted {
    /// A price.
    Quote(Box<Quote>),
    /// The lowest rate that earns the hurdle costs more than the law allows.
    NoLegalPrice {
        /// That rate, nominal per year.
        needed: f64,
        /// What a loan at that rate costs, on the basis of the cap.
        all_in: f64,
        /// The cap.
        cap: CapOnDay,
    },
    /// The lowest rate that earns the hurdle lies above the highest of the product.
    AboveRange {
        /// That rate.
        needed: f64,
        /// The highest rate of the product.
        highest: f64,
    },
    /// No rate up to 1,000 % earns the hurdle.
    NoPrice {
        /// The rate that comes nearest.
        nearest: f64,
        /// Economic value that is missing there, per unit of the amount.
        shortfall: f64,
    },
}

impl Quoted {
    /// The price, if there is one.
    #[must_use]
    pub fn quote(&self) -> Option<&Quote> {
        if let Quoted::Quote(quote) = self { Some(quote) } else { None }
    }
}

/// The price of a need under a product: the lowest rate that earns the hurdle over the life of the loan, fees and promotions
/// included, or with a curve of demand the one that earns most; not below the floor; within every cap of the day as measured on
/// the schedule in minor units; and no further from past prices than the guard of the product allows, unless hurdle or law
/// ask for it. A price is never above a cap and never below hurdle and floor.
///
/// Who may have the product is not looked at here: a [`Matcher`](super::Matcher) does that.
///
/// ```
/// use std::collections::BTreeMap;
/// use scoreline::Date;
/// use scoreline::pricing::{CountryPack, CreditRisk, Need, Product, QuoteRequest, Quoted, quote};
/// let product: Product = serde_json::from_str(r#"{
///     "name": "working capital", "currency": "CNY", "decimals": 2, "eligibility": "true",
///     "amount": {"low": "10000.00", "high": "500000.00"}, "months": [12, 36], "repayments": ["equal_instalment"],
///     "rates": {"low": 0.03, "high": 0.36}, "laws": [{"jurisdiction": "CN", "product": "private_lending"}],
///     "costs": {"funding": {"points": [{"months": 12, "rate": 0.032}]}, "opex": 0.015,
///               "origination": {"type": "share_of_principal", "share": 0.003}, "lgd": 0.6,
///               "capital": {"type": "fixed_share", "share": 0.08}, "capital_benefit": 0.025, "tax": 0.25, "prepayment": 0.1},
///     "hurdle": 0.12
/// }"#)?;
/// let need: Need = serde_json::from_str(r#"{"amount": "100000.00", "currency": "CNY", "months": 36}"#)?;
/// let (packs, past, day) = ([CountryPack::load("CN")?], BTreeMap::new(), Date::parse("2020-09-01")?);
/// let at = |pd: f64| {
///     let risk = CreditRisk::yearly(pd);
///     quote(&product, &QuoteRequest { need: &need, risk: &risk, packs: &packs, day, past: &past })
/// };
/// let Quoted::Quote(price) = at(0.03)? else { panic!() };
/// assert!((price.rate - 0.0786370878).abs() < 1e-10 && (price.raroc - 0.12).abs() < 1e-10);
/// assert_eq!(price.first_payment.to_string(), "3127.35");
/// // At a PD of 15 % the hurdle needs more than four times the loan prime rate.
/// assert!(matches!(at(0.15)?, Quoted::NoLegalPrice { needed, cap, .. } if needed > 0.154 && cap.name == "4 x LPR"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem of the product, when a pack or a cap of the day is missing,
/// and when the schedule cannot be made; [`InvalidData`](crate::ErrorCode::InvalidData) with every problem of need, risk and past
/// prices, among them that the product does not serve the need. The field `currency` is named when the currency of the need or of a
/// pack is not that of the product.
pub fn quote(product: &Product, request: &QuoteRequest<'_>) -> Result<Quoted> {
    product.validate()?;
    request.validate()?;
    Mismatch::refuse(product, request.need)?;
    price(product, request)
}

/// The repayment that a need asks for, or the first of the product; none when that one needs figures.
pub(super) fn repayment(product: &Product, need: &Need) -> Option<Repayment> {
    need.repayment.clone().or_else(|| product.repayments.first().copied().and_then(RepaymentKind::plain))
}

/// [`quote`] of a product and a request that have been checked.
pub(super) fn price(product: &Product, request: &QuoteRequest<'_>) -> Result<Quoted> {
    let repayment = repayment(product, request.need).ok_or_else(|| {
        let what = "the repayment of the product needs figures";
        Error::data(Problem::new(what, "state the repayment in the need").field("repayment"))
    })?;
    let deal = Deal::new(product, request, &repayment)?;
    let needed = match deal.needed()? {
        Needed::Rate(rate) => rate,
        Needed::None { nearest, shortfall } => return Ok(Quoted::NoPrice { nearest, shortfall }),
    };
    let above_range = Quoted::AboveRange { needed, highest: product.rates.high };
    let at_needed = match deal.cost(needed) {
        Ok(cost) => cost,
        // At rates of several hundred per cent minor units may leave no schedule that could be held against the law.
        Err(_) if needed > product.rates.high => return Ok(above_range),
        Err(error) => return Err(error),
    };
    if let Some(breach) = deal.breach(&at_needed) {
        return Ok(Quoted::NoLegalPrice { needed, all_in: breach.cap.limit + breach.excess, cap: breach.cap });
    }
    if needed > product.rates.high {
        return Ok(above_range);
    }
    let (rate, bound, cap) = choose(&deal, product, request, needed)?;
    let (rate, bound, cap, cost) = match confirm(&deal, rate)? {
        Some(cost) => (rate, bound, cap, cost),
        // The rate to fall back on has been looked at.
        None => (needed, deal.bound_of(needed), None, at_needed),
    };
    answer(&deal, product, request, (rate, needed), (bound, cap), cost).map(|quote| Quoted::Quote(Box::new(quote)))
}

/// The rate that is aimed at, moved within the limits, and what set it.
fn choose(
    deal: &Deal<'_>,
    product: &Product,
    request: &QuoteRequest<'_>,
    needed: f64,
) -> Result<(f64, GuardBound, Option<CapOnDay>)> {
    let past = request.past.get(&product.name).map_or(&[][..], Vec::as_slice);
    let guard = product.guard.unwrap_or_default();
    let moved = !past.is_empty() && (guard.max_step.is_some() || guard.max_yearly.is_some());
    let (highest, stop) = if moved || product.take_up.is_some() { deal.highest(needed)? } else { (needed, None) };
    let target = match &product.take_up {
        Some(curve) => {
            let value = |rate: f64| deal.earned(rate).map_or(f64::NAN, |earned| earned.eva);
            match best_price(curve, needed, highest, LADDER, value)? {
                BestPrice::Quote { rung, .. } => rung.rate,
                BestPrice::NoLegalPrice { .. } => needed,
            }
        }
        None => needed,
    };
    // Limits on changes only: hurdle and floor are in `needed`, and nothing may lie above `highest`.
    let limits = PriceGuard { floor: 0.0, ..guard };
    let Guarded::Quote { rate, bound } = limits.quote(target, needed, Some(highest), past, request.day)? else {
        return Err(Error::internal("a legal rate became illegal"));
    };
    // Rounding towards the price before keeps within the limits on changes.
    let last = past.last().map_or(0.0, |price| price.rate);
    let on_grid = if rate > last { deal.down(rate) } else { deal.up(rate) }.clamp(needed, highest);
    Ok(match bound {
        _ if on_grid == needed => (needed, deal.bound_of(needed), None),
        GuardBound::Target | GuardBound::Cap if on_grid == highest => (highest, GuardBound::Cap, stop.map(|stop| stop.cap)),
        _ => (on_grid, bound, None),
    })
}

/// The cost at a rate if it is legal and earns the hurdle: where a PD rises with the rate a higher one may earn less.
fn confirm(deal: &Deal<'_>, rate: f64) -> Result<Option<Cost>> {
    let cost = deal.cost(rate)?;
    let sound = deal.breach(&cost).is_none() && deal.earned(rate)?.eva >= 0.0;
    Ok(sound.then_some(cost))
}

fn answer(
    deal: &Deal<'_>,
    product: &Product,
    request: &QuoteRequest<'_>,
    (rate, needed): (f64, f64),
    (bound, cap): (GuardBound, Option<CapOnDay>),
    cost: Cost,
) -> Result<Quote> {
    let earned = deal.earned(rate)?;
    let (Some(first), Some(last)) = (cost.schedule.rows.first(), cost.schedule.rows.last()) else {
        return Err(Error::internal("a schedule without payments"));
    };
    let take_up = product.take_up.as_ref().map(|curve| curve.share(rate));
    let unit = crate::math::powi(10.0, product.decimals);
    let amount = request.need.amount.minor() as f64 / unit;
    Ok(Quote {
        product: product.name.clone(),
        rate,
        bound,
        cap,
        needed,
        raroc: earned.raroc,
        eva: earned.eva,
        take_up,
        expected_profit: amount * earned.eva * take_up.unwrap_or(1.0),
        all_in: cost.all_in,
        caps: deal.caps().to_vec(),
        parts: earned.parts,
        first_payment: first.payment,
        last_payment: last.payment,
        totals: cost.schedule.totals,
        terms: deal.terms(rate),
    })
}
