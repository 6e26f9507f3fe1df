//! Caps of a jurisdiction as dated data. Samples to begin with, not legal advice.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_with::apply;

use crate::data::{Date, decimal, nearest};
use crate::error::{Error, Problem, Problems, Result};
use crate::pricing::money::is_currency;

/// The samples by jurisdiction.
const PACKS: [(&str, &str); 4] = [
    ("CN", include_str!("packs/cn.json")),
    ("EU", include_str!("packs/eu.json")),
    ("UK", include_str!("packs/uk.json")),
    ("US", include_str!("packs/us.json")),
];

/// The caps of a jurisdiction. What the library ships is a sample with the source of every value, not legal advice: whether it is
/// complete, current and meant for a product is for a lawyer to say.
///
/// ```
/// use std::collections::BTreeMap;
/// use scoreline::Date;
/// use scoreline::pricing::{CountryPack, RateBasis};
/// let pack = CountryPack::load("CN")?;
/// let day = Date::parse("2020-09-01")?;
/// let caps = pack.caps_on("private_lending", day)?;
/// assert!((caps[0].limit - 0.154).abs() < 1e-12); // four times the loan prime rate of 3.85 %
/// let all_in = BTreeMap::from([(RateBasis::Simple, 0.17)]);
/// assert_eq!(pack.breaches("private_lending", day, &all_in)?[0].cap.name, caps[0].name);
/// assert!(CountryPack::load("XX").is_err(), "a missing pack is no licence to go without caps");
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountryPack {
    /// Letters of the jurisdiction.
    pub jurisdiction: String,
    /// What a reader must know; says that it is not legal advice.
    pub notice: String,
    /// Currency of the loans that the caps are for, an ISO 4217 code; none when they are for any. A deal in another one is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Published rates that caps refer to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indices: Vec<RateIndex>,
    /// The caps.
    pub caps: Vec<CapRule>,
}

/// A published rate over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateIndex {
    /// Its name.
    pub name: String,
    /// Its values, by rising first day; the last one holds until `until`.
    pub values: Vec<IndexValue>,
    /// The last day for which the values are known; a later day is an error, not the old value.
    pub until: Date,
    /// Who publishes it.
    pub source: String,
}

/// A value of a [`RateIndex`].
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexValue {
    /// First day.
    pub from: Date,
    /// The rate per year.
    pub rate: f64,
}

/// One cap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapRule {
    /// Its name.
    pub name: String,
    /// The products that it is for.
    pub products: Vec<String>,
    /// How high.
    pub limit: CapLimit,
    /// What it is measured on.
    pub basis: RateBasis,
    /// First day in force.
    pub from: Date,
    /// Last day in force; nothing while no end is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Law, clause and where it was read.
    pub source: String,
}

/// How high a cap is.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum CapLimit {
    /// As a number.
    Fixed {
        /// A fraction, above 0.
        limit: f64,
    },
    /// As a multiple of a published rate.
    Multiple {
        /// Name of the [`RateIndex`].
        index: String,
        /// How many times, above 0.
        times: f64,
    },
}

/// What a cap is measured on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateBasis {
    /// Internal rate of return of all costs per period, times the periods of a year.
    Simple,
    /// Internal rate of return of all costs, compounded to a year; the annual percentage rate of the European Union.
    Compound,
    /// The rate of 32 CFR 232.4 (MAPR): a finance charge with fees and insurance that other rates leave out.
    Military,
    /// Interest and fees per day, as a share of the amount.
    Daily,
    /// Interest and fees altogether, as a share of the amount.
    TotalCost,
}

impl RateBasis {
    /// The name used in files and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            RateBasis::Simple => "simple",
            RateBasis::Compound => "compound",
            RateBasis::Military => "military",
            RateBasis::Daily => "daily",
            RateBasis::TotalCost => "total_cost",
        }
    }
}

/// A cap as it stands on a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapOnDay {
    /// Its name.
    pub name: String,
    /// How high, a fraction.
    pub limit: f64,
    /// What it is measured on.
    pub basis: RateBasis,
    /// Law, clause and where it was read.
    pub source: String,
}

/// A cap that a deal exceeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapBreach {
    /// The cap.
    pub cap: CapOnDay,
    /// By how much the deal exceeds it.
    pub excess: f64,
}

impl CountryPack {
    /// The jurisdictions of which samples are shipped.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        PACKS.iter().map(|(name, _)| *name).collect()
    }

    /// A sample.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when there is none for the jurisdiction.
    pub fn load(jurisdiction: &str) -> Result<Self> {
        let names = CountryPack::names();
        let found = PACKS.iter().find(|(name, _)| *name == jurisdiction).ok_or_else(|| {
            let remedy = format!("bring a pack of your own, or name one of the samples ({})", nearest(jurisdiction, &names));
            Error::config(Problem::new("there is no pack of this jurisdiction", remedy).field("jurisdiction"))
        })?;
        CountryPack::from_json(found.1)
    }

    /// Reads and checks a pack.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn from_json(text: &str) -> Result<Self> {
        let pack: CountryPack = serde_json::from_str(text).map_err(|error| {
            let what = format!("no pack of caps: line {}, column {}", error.line(), error.column());
            Error::config(Problem::new(what, "correct the file; every member has its fixed name").field("pack"))
        })?;
        pack.validate()?;
        Ok(pack)
    }

    /// Checks names, numbers, days and sources.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let written = |text: &str| !text.trim().is_empty();
        problems.require(written(&self.jurisdiction), "jurisdiction", "a jurisdiction is needed", "give its letters");
        problems.require(written(&self.notice), "notice", "a notice is needed", "say what the pack is, and that it is no advice");
        let iso = self.currency.as_deref().is_none_or(is_currency);
        problems.require(iso, "currency", "not an ISO 4217 code", "use three capital letters, for example EUR");
        let mut known = BTreeSet::new();
        for (at, index) in self.indices.iter().enumerate() {
            let place = format!("indices[{at}]");
            problems.require(known.insert(index.name.as_str()), &place, "the index stands twice", "name it once");
            problems.require(written(&index.source), &place, "an index needs a source", "say who publishes it");
            let rising = index.values.windows(2).all(|pair| pair[0].from < pair[1].from);
            let last = index.values.last().is_some_and(|last| last.from <= index.until);
            problems.require(rising && last, &place, "values by rising first day were expected, none after `until`", "sort them");
            let rates = index.values.iter().all(|value| value.rate > 0.0 && value.rate <= 1.0);
            problems.require(rates, &place, "a rate lies outside (0, 1]", "write fractions per year, not percent");
        }
        problems.require(!self.caps.is_empty(), "caps", "a pack needs caps", "declare them with their sources");
        for (at, cap) in self.caps.iter().enumerate() {
            let place = format!("caps[{at}]");
            problems.require(written(&cap.name), &place, "a cap needs a name", "give it a short one");
            problems.require(written(&cap.source), &place, "a cap needs a source", "name law and clause");
            problems.require(!cap.products.is_empty(), &place, "a cap needs products", "name those that it is for");
            let days = cap.until.is_none_or(|until| cap.from <= until);
            problems.require(days, &place, "the cap ends before it begins", "correct the days");
            match &cap.limit {
                CapLimit::Fixed { limit } => {
                    let usable = *limit > 0.0 && *limit <= 100.0;
                    problems.require(usable, &place, "the limit must lie in (0, 100]", "write a fraction, not percent");
                }
                CapLimit::Multiple { index, times } => {
                    let usable = known.contains(index.as_str()) && *times > 0.0 && *times <= 100.0;
                    problems.require(
                        usable,
                        &place,
                        "a known index and a multiple in (0, 100] were expected",
                        "declare the index",
                    );
                }
            }
        }
        problems.into_result()
    }

    /// The caps of a product on a day, in the order of the pack.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the pack does not know the product, has no cap for it on that day or
    /// no value of an index: a gap in the file is not a gap in the law.
    pub fn caps_on(&self, product: &str, day: Date) -> Result<Vec<CapOnDay>> {
        let products: BTreeSet<&str> = self.caps.iter().flat_map(|cap| &cap.products).map(String::as_str).collect();
        let refused = |what: String, remedy: String, field: &str| Error::config(Problem::new(what, remedy).field(field));
        if !products.contains(product) {
            let known: Vec<&str> = products.into_iter().collect();
            let remedy = format!("use one of the products of the pack ({}), or declare its caps", nearest(product, &known));
            return Err(refused("the pack has no such product".to_owned(), remedy, "product"));
        }
        let in_force = |cap: &&CapRule| {
            let then = cap.from <= day && cap.until.is_none_or(|until| day <= until);
            then && cap.products.iter().any(|one| one == product)
        };
        let limit = |limit: &CapLimit| match limit {
            CapLimit::Fixed { limit } => Ok(*limit),
            CapLimit::Multiple { index, times } => Ok(times * self.index_on(index, day)?),
        };
        let on_day = |cap: &CapRule| {
            Ok(CapOnDay { name: cap.name.clone(), limit: limit(&cap.limit)?, basis: cap.basis, source: cap.source.clone() })
        };
        let found: Vec<CapOnDay> = self.caps.iter().filter(in_force).map(on_day).collect::<Result<_>>()?;
        if found.is_empty() {
            let what = format!("the pack has no cap of this product on {day}");
            return Err(refused(what, "add the cap of that day with its source, or correct the day".to_owned(), "day"));
        }
        Ok(found)
    }

    /// The value of an index on a day.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when there is none.
    pub fn index_on(&self, index: &str, day: Date) -> Result<f64> {
        let found = self.indices.iter().find(|one| one.name == index).filter(|one| day <= one.until);
        let value = found.and_then(|one| one.values.iter().rev().find(|value| value.from <= day));
        value.map(|value| value.rate).ok_or_else(|| {
            let what = format!("the pack has no value of {index} on {day}");
            Error::config(Problem::new(what, "add the value of that day with its source, or correct the day").field("indices"))
        })
    }

    /// The caps that a deal exceeds, by its all-in rates. A rate that equals the cap is within it.
    ///
    /// # Errors
    /// As [`CountryPack::caps_on`]; [`InvalidData`](crate::ErrorCode::InvalidData) when a rate that a cap is measured on is
    /// missing or not finite.
    pub fn breaches(&self, product: &str, day: Date, rates: &BTreeMap<RateBasis, f64>) -> Result<Vec<CapBreach>> {
        let mut breaches = Vec::new();
        for cap in self.caps_on(product, day)? {
            let rate = rates.get(&cap.basis).copied().filter(|rate| rate.is_finite()).ok_or_else(|| {
                let what = format!("the cap '{}' is measured on another rate than those given", cap.name);
                Error::data(Problem::new(what, "pass the rate of this basis").field(cap.basis.name()))
            })?;
            if rate > cap.limit {
                breaches.push(CapBreach { excess: rate - cap.limit, cap });
            }
        }
        Ok(breaches)
    }
}
