//! Groups of entities that share a phone, a device or an address, as they were known on a day.
//!
//! A record says that an entity was first seen with a value of an attribute. Two entities are linked when they share a value;
//! groups are what links connect (union–find). Everything is told **as of** a day: a record seen later, or a bad date known
//! later, cannot matter. A value that more than `max_shared` entities share on that day, such as the number of a switchboard, joins nobody
//! from the day on which it became one, and is reported.
//!
//! A value can thus also cease to join. All days are answered in one walk over time that adds links and takes them back
//! (offline dynamic connectivity by halving the days, D. Eppstein 1994, with a union–find that can undo): *n* records
//! and *d* different days take about *n* · log *d* · log *n* steps, whatever the number of queries.

mod forest;
mod read;
#[cfg(test)]
mod tests;
mod walk;

use serde::{Deserialize, Serialize};

pub use read::{LinkColumns, LinkForm};

use crate::data::Date;
use crate::error::{Error, Problem, Problems, Result};

/// The most records of a call.
pub const MAX_LINK_RECORDS: usize = u32::MAX as usize - 1;

/// That an entity was seen with a value. Texts are compared byte by byte: bring phone numbers and addresses into one form first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkRecord<'a> {
    /// Who: a customer, an application, a company.
    pub entity: &'a str,
    /// What kind of value: `phone`, `device`, `address`. Values of different attributes never meet.
    pub attribute: &'a str,
    /// The value; `None` when it is not known, which joins nobody.
    pub value: Option<&'a str>,
    /// The day on which the entity was first seen with the value.
    pub seen: Date,
    /// The day on which the entity became known as bad, if it did. It counts from that day or from `seen`, whichever is later;
    /// of several records of an entity, the earliest.
    pub bad_since: Option<Date>,
}

/// How links are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinkSettings {
    /// The most entities that may share a value which joins them, 2 or more; 20 unless told otherwise.
    pub max_shared: u32,
}

impl Default for LinkSettings {
    fn default() -> Self {
        LinkSettings { max_shared: 20 }
    }
}

impl LinkSettings {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when `max_shared` is below 2.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(self.max_shared >= 2, "max_shared", "a value must be shared by two to join them", "set it to 2 or more");
        problems.into_result()
    }
}

/// Whose group is asked for, and as of which day (that day included).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkQuery<'a> {
    /// The entity.
    pub entity: &'a str,
    /// What was known at the end of this day counts.
    pub as_of: Date,
}

/// The group of an entity as known on a day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LinkGroup<'a> {
    /// The first of its entities in the order of bytes: a name for the group that does not depend on the order of records.
    pub group: &'a str,
    /// Number of entities, this one included; 1 when nothing is shared.
    pub size: u32,
    /// The first day on which any of its entities was seen.
    pub first_seen: Date,
    /// Number of entities known as bad, this one included.
    pub bad: u32,
    /// Number of other entities known as bad.
    pub bad_others: u32,
    /// `bad / size`, in [0, 1].
    pub bad_share: f64,
    /// `bad_others / (size − 1)`, in [0, 1]; `None` when the entity is alone.
    pub bad_share_others: Option<f64>,
    /// Number of different values that two or more of its entities share.
    pub shared_values: u32,
}

/// A value that too many entities share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LinkHub<'a> {
    /// What kind of value.
    pub attribute: &'a str,
    /// The value.
    pub value: &'a str,
    /// Number of entities that share it on the latest day asked for.
    pub entities: u32,
    /// The day from which on it joins nobody.
    pub since: Date,
}

/// Groups, query by query, and the values that join nobody.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinkReport<'a> {
    /// One for each query, in order; `None` when the entity was not seen by that day.
    pub groups: Vec<Option<LinkGroup<'a>>>,
    /// Values beyond `max_shared` on the latest day asked for, by attribute and value.
    pub hubs: Vec<LinkHub<'a>>,
}

/// The groups of the entities and days in `queries`.
///
/// The result does not depend on the order of the records, and records of a later day change nothing.
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) for settings out of range,
/// [`InvalidData`](crate::ErrorCode::InvalidData) for more than [`MAX_LINK_RECORDS`] records.
///
/// ```
/// use scoreline::Date;
/// use scoreline::features::links::{LinkQuery, LinkRecord, LinkSettings, links};
/// let day = |text| Date::parse(text);
/// let seen = |entity, value, seen| LinkRecord { entity, attribute: "phone", value: Some(value), seen, bad_since: None };
/// let records = [
///     LinkRecord { bad_since: Some(day("2026-05-01")?), ..seen("ann", "555-1", day("2026-01-10")?) },
///     seen("bob", "555-1", day("2026-03-01")?),
/// ];
/// let ask = |as_of| LinkQuery { entity: "bob", as_of };
/// let report = links(&records, &[ask(day("2026-04-01")?), ask(day("2026-06-01")?)], &LinkSettings::default())?;
/// let (april, june) = (report.groups[0].unwrap(), report.groups[1].unwrap());
/// assert_eq!((april.group, april.size, april.bad_others), ("ann", 2, 0));
/// assert_eq!((june.bad_others, june.bad_share_others), (1, Some(1.0)));
/// # Ok::<(), scoreline::Error>(())
/// ```
pub fn links<'a>(records: &[LinkRecord<'a>], queries: &[LinkQuery<'_>], settings: &LinkSettings) -> Result<LinkReport<'a>> {
    settings.validate()?;
    if records.len() > MAX_LINK_RECORDS {
        let problem = Problem::new("there are too many records", "pass at most 4,294,967,294");
        return Err(Error::data(problem.field("records")));
    }
    Ok(walk::Timeline::new(records, settings.max_shared).report(queries))
}

/// The entities seen by the end of a day, in the order of bytes.
#[must_use]
pub fn entities_seen<'a>(records: &[LinkRecord<'a>], as_of: Date) -> Vec<&'a str> {
    let mut names: Vec<&str> = records.iter().filter(|record| record.seen <= as_of).map(|record| record.entity).collect();
    names.sort_unstable();
    names.dedup();
    names
}
