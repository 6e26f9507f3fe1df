//! Histories: who was how bad in which period, and what became of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Problem, Result};

/// An entity in a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WarningRecord<'a> {
    /// Who.
    pub entity: &'a str,
    /// The number of the period, counting up.
    pub period: u32,
    /// A figure that is higher for what is worse. A missing one (NaN) never alerts.
    pub severity: f64,
    /// The period in which the event happens to the entity; none when it has not happened up to the end of what was observed.
    /// The same in all records of an entity. Records in that period and after it do not count: there is nothing left to warn of.
    pub event: Option<u32>,
}

/// The records that are at risk, by period.
pub(super) struct Periods<'a> {
    pub(super) periods: BTreeMap<u32, Vec<WarningRecord<'a>>>,
}

impl<'a> Periods<'a> {
    pub(super) fn new(records: &[WarningRecord<'a>]) -> Result<Self> {
        let mut events: BTreeMap<&str, Option<u32>> = BTreeMap::new();
        let mut seen: BTreeSet<(u32, &str)> = BTreeSet::new();
        let mut periods: BTreeMap<u32, Vec<WarningRecord<'a>>> = BTreeMap::new();
        for (row, record) in records.iter().enumerate() {
            let place = |what: &str, remedy: &str| Error::data(Problem::new(what, remedy).field("entity").row(row));
            if !seen.insert((record.period, record.entity)) {
                return Err(place("the entity stands twice in the period", "pass one record an entity and period"));
            }
            if *events.entry(record.entity).or_insert(record.event) != record.event {
                return Err(place("the entity has another event in an earlier row", "give each entity one event or none"));
            }
            let group = periods.entry(record.period).or_default();
            if record.event.is_none_or(|event| record.period < event) {
                group.push(*record);
            }
        }
        Ok(Periods { periods })
    }
}
