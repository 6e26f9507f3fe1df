//! Products: one loan quoted in one call, a catalogue matched with a need, the ladder.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::input::OwnOr;
use super::{Calculation, Input};
use crate::data::{Date, Field, Kind, Schema, Value};
use crate::error::{Error, Problem, Problems, Result};
use crate::pricing::{
    Catalogue, CountryPack, CreditRisk, Matched, Need, NextProduct, PastPrice, Product, QuoteRequest, Quoted, RankBy,
    Unreachable, quote,
};

pub(super) const CALCULATIONS: &[Calculation] = &[
    Calculation::new::<Asked>("quote", "A loan priced to the hurdle under the law of the day, or why it has no legal price."),
    Calculation::new::<Matching>("match_products", "Offers for a need, the best first, and why the other products are none."),
    Calculation::new::<Ladder>("next_products", "The products that a customer may have next."),
    Calculation::new::<Reach>("unreachable_products", "The products of a catalogue that can never be offered on a day."),
];

/// What a quote rests on besides the product.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    need: Need,
    risk: CreditRisk,
    packs: Vec<OwnOr<CountryPack>>,
    day: Date,
    #[serde(default)]
    past: BTreeMap<String, Vec<PastPrice>>,
}

impl Request {
    fn on<T>(self, work: impl FnOnce(&QuoteRequest<'_>) -> Result<T>) -> Result<T> {
        let Request { need, risk, packs, day, past } = self;
        work(&QuoteRequest { need: &need, risk: &risk, packs: &resolved(packs)?, day, past: &past })
    }
}

fn resolved(packs: Vec<OwnOr<CountryPack>>) -> Result<Vec<CountryPack>> {
    packs.into_iter().map(|pack| pack.resolve(CountryPack::load, CountryPack::validate)).collect()
}

/// A record by field: numbers or decimal texts, texts, days, flags, `null` where missing.
type Profile = BTreeMap<String, Json>;

/// A profile as a record of the schema; fields that are not there are missing.
fn on_record<T>(schema: &Schema, profile: &Profile, work: impl FnOnce(&[Value<'_>]) -> Result<T>) -> Result<T> {
    let mut problems = Problems::default();
    let mut record = vec![Value::Missing; schema.fields.len()];
    for (name, cell) in profile {
        let Some(place) = problems.absorb("profile", schema.find(name)) else { continue };
        let field = schema.fields.get(place).ok_or_else(|| Error::internal("a field without a place"))?;
        if let (Some(value), Some(place)) = (problems.absorb("profile", value(field, cell)), record.get_mut(place)) {
            *place = value;
        }
    }
    problems.into_data()?;
    work(&record)
}

fn value<'a>(field: &Field, cell: &'a Json) -> Result<Value<'a>> {
    match (field.kind, cell) {
        (_, Json::Null) => Ok(Value::Missing),
        (Kind::Number, Json::Number(number)) => Ok(number.as_f64().map_or(Value::Missing, Value::Number)),
        (Kind::Flag, Json::Bool(flag)) => Ok(Value::Flag(*flag)),
        (Kind::Number | Kind::Date | Kind::Category, Json::String(text)) => field.parse(text),
        _ => Err(Error::data(
            Problem::new(
                "the value is not of the kind of its field",
                "pass numbers or texts, days as YYYY-MM-DD, true or false, null",
            )
            .field(field.name.as_str()),
        )),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    product: Product,
    request: Request,
}

impl Input for Asked {
    type Answer = Quoted;

    fn answer(self) -> Result<Quoted> {
        self.request.on(|request| quote(&self.product, request))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matching {
    catalogue: Catalogue,
    profile: Profile,
    request: Request,
    rank: RankBy,
}

impl Input for Matching {
    type Answer = Matched;

    fn answer(self) -> Result<Matched> {
        let matcher = self.catalogue.resolve()?;
        self.request.on(|request| {
            on_record(&self.catalogue.schema, &self.profile, |record| matcher.match_products(record, request, self.rank))
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ladder {
    catalogue: Catalogue,
    #[serde(default)]
    held: Option<String>,
    profile: Profile,
}

#[derive(Serialize)]
struct LadderAnswer {
    products: Vec<NextProduct>,
}

impl Input for Ladder {
    type Answer = LadderAnswer;

    fn answer(self) -> Result<LadderAnswer> {
        let matcher = self.catalogue.resolve()?;
        let next = |record: &[Value<'_>]| matcher.next_products(self.held.as_deref(), record);
        Ok(LadderAnswer { products: on_record(&self.catalogue.schema, &self.profile, next)? })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reach {
    catalogue: Catalogue,
    packs: Vec<OwnOr<CountryPack>>,
    day: Date,
}

#[derive(Serialize)]
struct ReachAnswer {
    unreachable: Vec<Unreachable>,
}

impl Input for Reach {
    type Answer = ReachAnswer;

    fn answer(self) -> Result<ReachAnswer> {
        Ok(ReachAnswer { unreachable: self.catalogue.unreachable(&resolved(self.packs)?, self.day)? })
    }
}
