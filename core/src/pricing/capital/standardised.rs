//! Standardised risk weights: dated tables with the clause of each number, and loans split at a share of the property.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use crate::data::{Date, decimal};
use crate::error::{Error, Problem, Problems, Result};

/// The tables that come with the library.
const TABLES: &str = include_str!("standardised.json");

/// One risk weight.
#[apply(f64 => #[serde(deserialize_with = "decimal")], Option<f64> => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardisedWeight {
    /// Exposure class, for example `corporate`.
    pub class: String,
    /// What tells the weights of a class apart, for example a range of ratings or `sme`; `ltv` in tables by loan to value.
    pub bucket: String,
    /// Risk weight as a fraction: 0.75 is 75 %.
    pub weight: f64,
    /// Greatest loan to value that it is for; nothing for all above. Only in tables by loan to value, in rising order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to_ltv: Option<f64>,
    /// Where in the source it stands.
    pub clause: String,
}

/// Risk weights in force from a day on. A bank's own table has the same form, with its own source.
///
/// ```
/// use scoreline::Date;
/// use scoreline::pricing::capital::StandardisedTable;
/// let basel = StandardisedTable::on("basel3", Date::parse("2026-11-22")?)?;
/// assert_eq!(basel.weight("retail", "transactor")?.weight, 0.45);
/// assert_eq!(basel.weight_by_ltv("residential", 0.8)?.weight, 0.30);
/// assert_eq!(basel.weight("corporate", "unrated")?.k(), 0.08); // eight per cent of the exposure
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardisedTable {
    /// Its name.
    pub name: String,
    /// First day in force.
    pub from: Date,
    /// Last day in force; nothing while no end is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Law or standard.
    pub source: String,
    /// The weights.
    pub weights: Vec<StandardisedWeight>,
}

impl StandardisedWeight {
    /// The capital that the weight asks for, 8 % of the weighted exposure (RBC20.1), a share of the exposure.
    #[must_use]
    pub fn k(&self) -> f64 {
        self.weight / 12.5
    }
}

impl StandardisedTable {
    /// Every table that comes with the library: `basel3`.
    ///
    /// # Errors
    /// [`Internal`](crate::ErrorCode::Internal) when the shipped file is broken, which a test excludes.
    pub fn all() -> Result<Vec<StandardisedTable>> {
        serde_json::from_str(TABLES).map_err(|_| Error::internal("the shipped weights are not of the expected form"))
    }

    /// The table of that name in force on `date`.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when there is none: a gap is not a weight of zero.
    pub fn on(name: &str, date: Date) -> Result<StandardisedTable> {
        let mut named = StandardisedTable::all()?.into_iter().filter(|one| one.name == name);
        let found = named.find_map(|one| one.in_force(date).ok());
        found.ok_or_else(|| not_in_force(date))
    }

    /// The table itself when it is in force on `date`, the first and the last day included.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) otherwise.
    pub fn in_force(self, date: Date) -> Result<StandardisedTable> {
        let holds = self.from <= date && self.until.is_none_or(|until| date <= until);
        if holds { Ok(self) } else { Err(not_in_force(date)) }
    }

    /// Checks a table of one's own.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(!self.source.trim().is_empty(), "source", "a table needs a source", "cite the law or decision");
        let ordered = self.until.is_none_or(|until| self.from <= until);
        problems.require(ordered, "until", "ends before it begins", "correct `from` or `until`");
        for (at, one) in self.weights.iter().enumerate() {
            let place = format!("weights[{at}]");
            problems.require(
                (0.0..=12.5).contains(&one.weight),
                &place,
                "must lie in [0, 12.5]",
                "write a fraction: 0.75 is 75 %",
            );
            let named = ![&one.class, &one.bucket, &one.clause].iter().any(|text| text.trim().is_empty());
            problems.require(named, &place, "class, bucket and clause are needed", "name them");
            let before = self.weights.iter().take(at).rfind(|other| other.class == one.class && other.bucket == one.bucket);
            let distinct = before.is_none_or(|before| match (before.up_to_ltv, one.up_to_ltv) {
                (Some(lower), Some(upper)) => lower < upper,
                (Some(_), None) => true,
                (None, _) => false,
            });
            problems.require(distinct, &place, "stands there twice, or its bounds do not rise", "order them by `up_to_ltv`");
            let bound = one.up_to_ltv.is_none_or(|bound| bound > 0.0 && bound.is_finite());
            problems.require(bound, &place, "the loan to value must be above 0", "write a fraction: 0.8 is 80 %");
        }
        problems.into_result()
    }

    /// The weight of a bucket of a class.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the table has none, with the classes or buckets it has.
    pub fn weight(&self, class: &str, bucket: &str) -> Result<&StandardisedWeight> {
        let known = self.weights.iter().filter(|one| one.up_to_ltv.is_none() && one.bucket != "ltv");
        self.find(class, |one| one.bucket == bucket && one.bucket != "ltv", known.map(|one| one.bucket.as_str()))
    }

    /// The weight of a loan of that share of the value of the property.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the class has no weights by loan to value, or `ltv` is not above 0.
    pub fn weight_by_ltv(&self, class: &str, ltv: f64) -> Result<&StandardisedWeight> {
        if !(ltv > 0.0 && ltv.is_finite()) {
            let problem = Problem::new("a finite share above 0 was expected", "pass a fraction: 0.8 is 80 %");
            return Err(Error::data(problem.field("ltv")));
        }
        let within = |one: &StandardisedWeight| one.bucket == "ltv" && one.up_to_ltv.is_none_or(|bound| ltv <= bound);
        self.find(class, within, ["ltv"].into_iter())
    }

    fn find<'a>(
        &self,
        class: &str,
        holds: impl Fn(&StandardisedWeight) -> bool,
        buckets: impl Iterator<Item = &'a str>,
    ) -> Result<&StandardisedWeight> {
        let mut of_class = self.weights.iter().filter(|one| one.class == class);
        if let Some(found) = of_class.clone().find(|one| holds(one)) {
            return Ok(found);
        }
        if of_class.next().is_none() {
            let mut classes: Vec<&str> = self.weights.iter().map(|one| one.class.as_str()).collect();
            classes.dedup();
            let problem = Problem::new("the table has no such class", format!("use one of {}", classes.join(", ")));
            return Err(Error::data(problem.field("class")));
        }
        let mut buckets: Vec<&str> = buckets.collect();
        buckets.sort_unstable();
        buckets.dedup();
        let problem = Problem::new("the class has no weight for this bucket", format!("use one of {}", buckets.join(", ")));
        Err(Error::data(problem.field("bucket")))
    }
}

fn not_in_force(date: Date) -> Error {
    let what = format!("no table of that name is in force on {date}");
    Error::config(Problem::new(what, "use `basel3` from 2023-01-01 on, or a table of your own").field("table"))
}

/// A loan split at a share of the value of the property: a low weight up to there, that of the borrower above (CRE20.83 and,
/// for commercial property, CRE20.86: 20 % or 60 %, up to 55 % of the value).
///
/// ```
/// use scoreline::pricing::capital::LoanSplit;
/// let loan = LoanSplit {
///     loan: 70_000.0, value: 100_000.0, senior: 0.0, pari_passu: 10_000.0,
///     secured_weight: 0.20, secured_share: 0.55, counterparty_weight: 0.75,
/// };
/// assert!((loan.secured()? - 48_125.0).abs() < 1e-9); // the example of CRE20.83
/// # Ok::<(), scoreline::Error>(())
/// ```
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoanSplit {
    /// The bank's loan.
    pub loan: f64,
    /// Value of the property.
    pub value: f64,
    /// Claims of others that go before.
    pub senior: f64,
    /// Claims of others of the same rank.
    pub pari_passu: f64,
    /// Weight of the secured part.
    pub secured_weight: f64,
    /// Share of the value up to which the loan counts as secured.
    pub secured_share: f64,
    /// Weight of an unsecured loan to the borrower.
    pub counterparty_weight: f64,
}

impl LoanSplit {
    /// The part of the loan that gets the secured weight.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with every field out of range.
    pub fn secured(&self) -> Result<f64> {
        let mut problems = Problems::default();
        for (name, amount) in [("loan", self.loan), ("value", self.value)] {
            problems.require(amount > 0.0 && amount.is_finite(), name, "a finite amount above 0 is needed", "pass the amount");
        }
        for (name, amount) in [("senior", self.senior), ("pari_passu", self.pari_passu)] {
            problems.require(
                amount >= 0.0 && amount.is_finite(),
                name,
                "a finite amount, at least 0, is needed",
                "pass 0 for none",
            );
        }
        for (name, weight) in [("secured_weight", self.secured_weight), ("counterparty_weight", self.counterparty_weight)] {
            problems.require((0.0..=12.5).contains(&weight), name, "must lie in [0, 12.5]", "write a fraction: 0.75 is 75 %");
        }
        let share = self.secured_share > 0.0 && self.secured_share <= 1.0;
        problems.require(share, "secured_share", "must lie in (0, 1]", "Basel uses 0.55");
        problems.into_result()?;
        let left = (self.secured_share * self.value - self.senior).max(0.0);
        Ok(self.loan.min(left - left * self.pari_passu / (self.pari_passu + self.loan)))
    }

    /// The weight of the whole loan.
    ///
    /// # Errors
    /// As [`LoanSplit::secured`].
    pub fn weight(&self) -> Result<f64> {
        let secured = self.secured()?;
        Ok((self.secured_weight * secured + self.counterparty_weight * (self.loan - secured)) / self.loan)
    }
}
