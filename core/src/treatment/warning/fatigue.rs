//! How tiring alerts are: the same entities again and again, and alerts that nothing follows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::record::{Periods, WarningRecord};
use super::report::{AlertRate, per_1000, rate};
use crate::error::{Error, Problem, Result};

/// Who alerted how often, and for what.
///
/// ```
/// use scoreline::treatment::warning::{FatigueReport, WarningRecord};
/// let record = |entity, period, severity, event| WarningRecord { entity, period, severity, event };
/// let history = [
///     record("a", 1, 9.0, None), record("a", 2, 9.0, None), record("a", 3, 9.0, None), // calls three times for nothing
///     record("b", 1, 0.0, Some(3)), record("b", 2, 8.0, Some(3)),                      // once, and rightly
/// ];
/// let report = FatigueReport::of(&history, 5.0, 1)?;
/// assert_eq!((report.alerts, report.repeats, report.alerted_entities, report.never_bad), (4, 2, 2, 1));
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FatigueReport {
    /// Entities that were at risk in some period.
    pub entities: u64,
    /// Alerts: records at risk whose severity reaches the threshold.
    pub alerts: u64,
    /// Alerts per 1,000 records at risk.
    pub per_1000: f64,
    /// Alerts whose entity had alerted before, at most the given number of periods earlier.
    pub repeats: u64,
    /// Those of all alerts.
    pub repeat_share: Option<AlertRate>,
    /// How many entities had how many alerts, from none on; numbers that no entity had are left out.
    pub by_alerts: Vec<AlertCount>,
    /// Entities that alerted at least once.
    pub alerted_entities: u64,
    /// Those of them that had no event up to the end of what was observed.
    pub never_bad: u64,
    /// Those of all entities that alerted.
    pub never_bad_share: Option<AlertRate>,
}

/// Entities with the same number of alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertCount {
    /// Alerts of each of them.
    pub alerts: u64,
    /// How many they are.
    pub entities: u64,
}

/// What is known of an entity so far.
#[derive(Default)]
struct Seen {
    alerts: u64,
    last: Option<u32>,
    bad: bool,
}

impl FatigueReport {
    /// The report of a history: an alert is a severity of at least `threshold` of an entity at risk, which may also be a level; it
    /// repeats one of the same entity up to `within` periods before, 1 or more.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when `threshold` is not a number or `within` is 0;
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with the row of an entity that stands twice in a period or has two events.
    pub fn of(records: &[WarningRecord<'_>], threshold: f64, within: u32) -> Result<Self> {
        if threshold.is_nan() || within == 0 {
            let what = "a threshold and a number of periods of 1 or more were expected";
            return Err(Error::config(Problem::new(what, "correct them").field("fatigue")));
        }
        let book = Periods::new(records)?;
        let mut entities: BTreeMap<&str, Seen> = BTreeMap::new();
        let (mut rows, mut repeats) = (0u64, 0u64);
        for (&period, at_risk) in &book.periods {
            rows += at_risk.len() as u64;
            for record in at_risk {
                let seen = entities.entry(record.entity).or_default();
                seen.bad |= record.event.is_some();
                if record.severity >= threshold {
                    repeats += u64::from(seen.last.is_some_and(|last| period - last <= within));
                    seen.alerts += 1;
                    seen.last = Some(period);
                }
            }
        }
        let mut by_alerts: BTreeMap<u64, u64> = BTreeMap::new();
        for seen in entities.values() {
            *by_alerts.entry(seen.alerts).or_default() += 1;
        }
        let alerts = entities.values().map(|seen| seen.alerts).sum();
        let alerted = || entities.values().filter(|seen| seen.alerts > 0);
        let (alerted_entities, never_bad) = (alerted().count() as u64, alerted().filter(|seen| !seen.bad).count() as u64);
        Ok(FatigueReport {
            entities: entities.len() as u64,
            alerts,
            per_1000: per_1000(alerts, rows),
            repeats,
            repeat_share: rate(repeats, alerts),
            by_alerts: by_alerts.into_iter().map(|(alerts, entities)| AlertCount { alerts, entities }).collect(),
            alerted_entities,
            never_bad,
            never_bad_share: rate(never_bad, alerted_entities),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(entity: &'static str, period: u32, severity: f64, event: Option<u32>) -> WarningRecord<'static> {
        WarningRecord { entity, period, severity, event }
    }

    /// Counted by hand.
    #[test]
    fn a_history_of_five() {
        let mut history = vec![
            // Alerts in 1, 2, 5 and 6: 2 and 6 follow within one period, 5 within three. Never bad.
            record("often", 1, 3.0, None),
            record("often", 2, 3.0, None),
            record("often", 3, 2.9, None),
            record("often", 5, 4.0, None),
            record("often", 6, 3.0, None),
            // Alerts in 1 and 3; goes bad in 4, and its record in 4 is no longer at risk.
            record("right", 1, 3.5, Some(4)),
            record("right", 2, 1.0, Some(4)),
            record("right", 3, 9.0, Some(4)),
            record("right", 4, 9.0, Some(4)),
            // Never alerts: one is quiet, one is unknown, one goes bad without a word.
            record("quiet", 1, 0.0, None),
            record("unknown", 1, f64::NAN, None),
            record("missed", 2, 1.0, Some(3)),
            // Bad before anything was seen of it: not in the report at all.
            record("gone", 5, 9.0, Some(5)),
        ];
        let count = |alerts, entities| AlertCount { alerts, entities };
        for (within, repeats) in [(1, 2), (2, 3), (3, 4), (9, 4)] {
            let report = FatigueReport::of(&history, 3.0, within).unwrap();
            assert_eq!((report.entities, report.alerts, report.repeats), (5, 6, repeats), "{within}");
            assert_eq!(report.by_alerts, [count(0, 3), count(2, 1), count(4, 1)]);
            assert_eq!((report.alerted_entities, report.never_bad), (2, 1));
            assert_eq!(report.repeat_share.unwrap().share, repeats as f64 / 6.0);
            assert_eq!((report.never_bad_share.unwrap().share, report.per_1000), (0.5, 6_000.0 / 11.0));
            history.reverse();
        }
        let none = FatigueReport::of(&history, 99.0, 1).unwrap();
        assert_eq!((none.alerts, none.repeat_share, none.never_bad_share), (0, None, None));
        assert!(FatigueReport::of(&history, f64::NAN, 1).is_err() && FatigueReport::of(&history, 1.0, 0).is_err());
        history.push(history[0]);
        assert_eq!(FatigueReport::of(&history, 1.0, 1).unwrap_err().problems()[0].row, Some(13));
        assert_eq!(FatigueReport::of(&[], 1.0, 1).unwrap().by_alerts, []);
    }
}
