//! Caps as dated law, limits on changes, consistency.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::input::OwnOr;
use super::{Calculation, Input};
use crate::data::{Date, decimal};
use crate::error::Result;
use crate::pricing::{
    CapBreach, CapOnDay, CountryPack, Guarded, PastPrice, PriceGuard, PricedDeal, RateBasis, Unequal, inconsistencies,
};

pub(super) const CALCULATIONS: &[Calculation] = &[
    Calculation::new::<Caps>("caps", "The caps of a product on a day, with their sources."),
    Calculation::new::<Breaches>("cap_breaches", "The caps that a deal exceeds, by its all-in rates."),
    Calculation::new::<GuardedPrice>(
        "guarded_price",
        "The price nearest to a target within cap, hurdle, floor and limits on changes.",
    ),
    Calculation::new::<Deals>("inconsistencies", "Deals on the same terms that have different prices."),
];

/// A pack of caps that comes with the library, by its jurisdiction, or one's own.
fn pack(pack: OwnOr<CountryPack>) -> Result<CountryPack> {
    pack.resolve(CountryPack::load, CountryPack::validate)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Caps {
    pack: OwnOr<CountryPack>,
    product: String,
    day: Date,
}

#[derive(Serialize)]
struct CapsAnswer {
    caps: Vec<CapOnDay>,
    notice: String,
}

impl Input for Caps {
    type Answer = CapsAnswer;

    fn answer(self) -> Result<CapsAnswer> {
        let pack = pack(self.pack)?;
        Ok(CapsAnswer { caps: pack.caps_on(&self.product, self.day)?, notice: pack.notice })
    }
}

#[apply(BTreeMap<RateBasis, f64> => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Breaches {
    pack: OwnOr<CountryPack>,
    product: String,
    day: Date,
    /// All-in rates by what they are measured on.
    rates: BTreeMap<RateBasis, f64>,
}

#[derive(Serialize)]
struct BreachesAnswer {
    breaches: Vec<CapBreach>,
}

impl Input for Breaches {
    type Answer = BreachesAnswer;

    fn answer(self) -> Result<BreachesAnswer> {
        Ok(BreachesAnswer { breaches: pack(self.pack)?.breaches(&self.product, self.day, &self.rates)? })
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")], Option<f64> => #[serde(default, deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GuardedPrice {
    guard: PriceGuard,
    target: f64,
    needed: f64,
    cap: Option<f64>,
    #[serde(default)]
    past: Vec<PastPrice>,
    today: Date,
}

impl Input for GuardedPrice {
    type Answer = Guarded;

    fn answer(self) -> Result<Guarded> {
        self.guard.quote(self.target, self.needed, self.cap, &self.past, self.today)
    }
}

#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deal {
    terms: String,
    rate: f64,
    #[serde(default)]
    reason: Option<String>,
}

#[apply(f64 => #[serde(default, deserialize_with = "decimal")])]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deals {
    deals: Vec<Deal>,
    tolerance: f64,
}

#[derive(Serialize)]
struct DealsAnswer {
    unequal: Vec<Unequal>,
}

impl Input for Deals {
    type Answer = DealsAnswer;

    fn answer(self) -> Result<DealsAnswer> {
        let deals = self.deals.iter();
        let deals: Vec<PricedDeal<'_>> =
            deals.map(|deal| PricedDeal { terms: &deal.terms, rate: deal.rate, reason: deal.reason.as_deref() }).collect();
        Ok(DealsAnswer { unequal: inconsistencies(&deals, self.tolerance)? })
    }
}
