//! Concentration of a book: shares by key, effective numbers, caps on single names and groups, and who may still have more.

mod allot;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use allot::{AllotCap, Allotment};

use crate::error::{Error, Problem, Problems, Result};
use crate::stats::ExactSum;

/// The largest amount.
const MAX_AMOUNT: f64 = 1e15;

/// An exposure, or a request for one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exposure {
    /// Who: a client, a company. Exposures of one key add up.
    pub key: String,
    /// The group that is capped together: a group of connected clients, an industry, a region. A key has one group or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Amount, 0 or more, in the currency of the caller.
    pub amount: f64,
}

/// Caps on shares of the total.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConcentrationCaps {
    /// Largest share of one key, in (0, 1]; any, when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub single: Option<f64>,
    /// Largest share of one group, in (0, 1]; any, when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<f64>,
    /// The total that shares are of when exposures grow.
    pub total: CapTotal,
    /// The most by which all exposures together may grow; any, when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<f64>,
}

/// The total that the shares of growing exposures are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapTotal {
    /// The total as it is: what is granted does not make room for more.
    #[default]
    Fixed,
    /// The total with what is granted.
    Growing,
}

impl ConcentrationCaps {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        for (field, cap) in [("caps.single", self.single), ("caps.group", self.group)] {
            let inside = cap.is_none_or(|cap| cap > 0.0 && cap <= 1.0);
            problems.require(inside, field, "must lie above 0 and not above 1", "give a share, for example 0.25");
        }
        let budget = self.budget.is_none_or(|budget| (0.0..=MAX_AMOUNT).contains(&budget));
        problems.require(budget, "caps.budget", "must lie between 0 and 10^15", "give an amount, or leave it out");
        problems.into_result()
    }
}

/// One key or group of a book.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExposureShare {
    /// The key or the name of the group.
    pub key: String,
    /// Its exposures together.
    pub amount: f64,
    /// Its share of the total, in [0, 1].
    pub share: f64,
}

/// How concentrated a book is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concentration {
    /// All exposures together, in the currency of the caller.
    pub total: f64,
    /// Every key, in the order of bytes.
    pub keys: Vec<ExposureShare>,
    /// Every group, in the order of bytes.
    pub groups: Vec<ExposureShare>,
    /// Herfindahl–Hirschman index Σ share², in (0, 1]: 1 when one key holds everything.
    pub hhi: f64,
    /// Effective number 1 / HHI: as many keys of equal size are as concentrated.
    pub effective: f64,
    /// (HHI − 1/n) / (1 − 1/n) over n keys, in [0, 1]: 0 when all are of one size; none for a single key.
    pub normalised: Option<f64>,
}

/// How much more exposure a key may take until its share reaches a cap.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headroom {
    /// With the total as it is: cap · total − exposure, at least 0.
    pub fixed: f64,
    /// When the increase is part of the total: (cap · total − exposure) / (1 − cap), at least 0; none when the cap is 1,
    /// which no increase reaches.
    pub growing: Option<f64>,
}

/// Keys and groups above their caps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breaches {
    /// Keys above the cap of a single key, in the order of bytes.
    pub single: Vec<String>,
    /// Groups above the cap of a group.
    pub group: Vec<String>,
}

/// The exposures of a book by key and group.
///
/// ```
/// use scoreline::limit::{Book, ConcentrationCaps, Exposure};
/// let exposure = |key: &str, group: &str, amount| Exposure { key: key.into(), group: Some(group.into()), amount };
/// let book = Book::new([exposure("a", "steel", 35.0), exposure("b", "steel", 25.0), exposure("c", "food", 40.0)])?;
/// let caps = ConcentrationCaps { single: Some(0.36), ..ConcentrationCaps::default() };
/// assert_eq!(book.breaches(&caps)?.single, ["c"]);
/// assert_eq!(book.headroom("b", 0.3)?.fixed, 5.0);
/// assert!((book.concentration().effective - 1.0 / 0.345).abs() < 1e-12);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Book {
    keys: BTreeMap<String, (Option<String>, ExactSum)>,
    groups: BTreeMap<String, ExactSum>,
    total: ExactSum,
}

impl Book {
    /// The book of these exposures; their order does not matter.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with the row of an amount that is negative, not a number or beyond
    /// 10¹⁵, and of a key that has another group before; [`InsufficientData`](crate::ErrorCode::InsufficientData) when
    /// nothing is above 0.
    pub fn new(exposures: impl IntoIterator<Item = Exposure>) -> Result<Self> {
        let mut book = Book { keys: BTreeMap::new(), groups: BTreeMap::new(), total: ExactSum::default() };
        for (row, exposure) in exposures.into_iter().enumerate() {
            book.join(&exposure).map_err(|error| error.at_row(row))?;
            book.grow(&exposure.key, exposure.amount);
        }
        if book.total.value() <= 0.0 {
            let problem = Problem::new("no exposure is above 0", "pass a book with exposures");
            return Err(Error::insufficient(problem.field("amount")));
        }
        Ok(book)
    }

    /// Makes the key of an exposure known, without its amount.
    fn join(&mut self, exposure: &Exposure) -> Result<()> {
        if !(0.0..=MAX_AMOUNT).contains(&exposure.amount) {
            let problem = Problem::new("an amount between 0 and 10^15 was expected", "correct or leave out the exposure");
            return Err(Error::data(problem.field("amount")));
        }
        let (group, _) = self.keys.entry(exposure.key.clone()).or_insert_with(|| (exposure.group.clone(), ExactSum::default()));
        if *group != exposure.group {
            let problem = Problem::new("the key has another group in an earlier row", "give each key one group");
            return Err(Error::data(problem.field("group")));
        }
        if let Some(group) = group {
            self.groups.entry(group.clone()).or_default();
        }
        Ok(())
    }

    /// Adds to a known key.
    fn grow(&mut self, key: &str, amount: f64) {
        if let Some((group, sum)) = self.keys.get_mut(key) {
            sum.add(amount);
            if let Some(group) = group.as_ref().and_then(|group| self.groups.get_mut(group)) {
                group.add(amount);
            }
            self.total.add(amount);
        }
    }

    /// How concentrated the book is.
    #[must_use]
    pub fn concentration(&self) -> Concentration {
        let total = self.total.value();
        let one = |(key, amount): (&String, f64)| ExposureShare { key: key.clone(), amount, share: amount / total };
        let keys: Vec<ExposureShare> = self.keys.iter().map(|(key, (_, sum))| one((key, sum.value()))).collect();
        let mut squares = ExactSum::default();
        keys.iter().for_each(|key| squares.add(key.share * key.share));
        let (hhi, count) = (squares.value(), keys.len() as f64);
        Concentration {
            total,
            groups: self.groups.iter().map(|(group, sum)| one((group, sum.value()))).collect(),
            hhi,
            effective: 1.0 / hhi,
            normalised: (keys.len() > 1).then(|| ((hhi - 1.0 / count) / (1.0 - 1.0 / count)).clamp(0.0, 1.0)),
            keys,
        }
    }

    /// Keys and groups whose share is above the cap.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`ConcentrationCaps::validate`].
    pub fn breaches(&self, caps: &ConcentrationCaps) -> Result<Breaches> {
        caps.validate()?;
        let total = self.total.value();
        let above = |sum: &ExactSum, cap: Option<f64>| cap.is_some_and(|cap| beyond(sum.value(), cap * total));
        let single = self.keys.iter().filter(|(_, (_, sum))| above(sum, caps.single)).map(|(key, _)| key.clone()).collect();
        let group = self.groups.iter().filter(|(_, sum)| above(sum, caps.group)).map(|(group, _)| group.clone()).collect();
        Ok(Breaches { single, group })
    }

    /// How much more a key may take until its share reaches `cap`; a key that is not in the book has nothing yet.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) unless the cap lies in (0, 1].
    pub fn headroom(&self, key: &str, cap: f64) -> Result<Headroom> {
        ConcentrationCaps { single: Some(cap), ..ConcentrationCaps::default() }.validate()?;
        let has = self.keys.get(key).map_or(0.0, |(_, sum)| sum.value());
        Ok(Headroom::new(has, self.total.value(), cap))
    }
}

impl Headroom {
    fn new(has: f64, total: f64, cap: f64) -> Self {
        let room = (cap * total - has).max(0.0);
        Headroom { fixed: room, growing: (cap < 1.0).then(|| room / (1.0 - cap)) }
    }
}

/// Whether an amount is above a bound by more than the rounding of the bound: 0.3 · 100 is 30 in binary, and 0.35 · 100 is not
/// 35.
fn beyond(amount: f64, bound: f64) -> bool {
    amount > bound * (1.0 + 1e-12)
}
