//! What alerts have given: rates with intervals, lead times, periods of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::math::wilson_interval;

/// Level of the intervals.
const LEVEL: f64 = 0.95;

/// A share with Wilson's interval at 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertRate {
    /// The share itself.
    pub share: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// One period under its threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodAlerts {
    /// The period.
    pub period: u32,
    /// The threshold; none where the rule would rather have no alerts at all.
    pub threshold: Option<f64>,
    /// Entities at risk.
    pub rows: u64,
    /// Alerts.
    pub alerts: u64,
    /// Alerts per 1,000 entities at risk.
    pub per_1000: f64,
    /// Alerts of the entities at risk.
    pub rate: Option<AlertRate>,
    /// Whether the capacity was held: the interval of the rate does not lie above it. Only for a capacity, per 1,000 or a number.
    pub held: Option<bool>,
    /// Entities with an event within the horizon; none while the horizon has not ended.
    pub events: Option<u64>,
    /// Those of them that alerted.
    pub caught: Option<u64>,
    /// Alerts that had an event, of all alerts.
    pub precision: Option<AlertRate>,
    /// Events that had an alert, of all events.
    pub recall: Option<AlertRate>,
}

/// How long before its event an entity first alerted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeadTime {
    /// Entities with an event that were at risk in a period of the run.
    pub entities: u64,
    /// Those that alerted before it.
    pub warned: u64,
    /// Mean of the periods between first alert and event.
    pub mean: Option<f64>,
    /// Median of the same.
    pub median: Option<f64>,
}

/// All periods of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TunedRun {
    /// Each period that had a threshold.
    pub periods: Vec<PeriodAlerts>,
    /// Entities at risk, summed over the periods.
    pub rows: u64,
    /// Alerts, summed over the periods.
    pub alerts: u64,
    /// Alerts per 1,000 entities at risk.
    pub per_1000: f64,
    /// Different entities that alerted: the fewer, the more often the same ones come back.
    pub alerted_entities: u64,
    /// Alerts that had an event, of all alerts, over the periods whose horizon has ended.
    pub precision: Option<AlertRate>,
    /// Events that had an alert, of all events, over the same periods.
    pub recall: Option<AlertRate>,
    /// How early the alerts came.
    pub lead: LeadTime,
}

/// Tuned thresholds beside a single one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TuneReport {
    /// A threshold for each period.
    pub tuned: TunedRun,
    /// The threshold of the first of these periods, kept for all.
    pub single: TunedRun,
    /// The threshold for the period after the last one, from everything there is; none where the rule would rather have no
    /// alerts at all.
    pub next: Option<f64>,
}

impl LeadTime {
    pub(super) fn of(with_event: &BTreeMap<&str, u32>, first_alert: &BTreeMap<&str, u32>) -> Self {
        let mut leads: Vec<u32> = with_event
            .iter()
            .filter_map(|(entity, event)| event.checked_sub(*first_alert.get(entity)?))
            .filter(|lead| *lead > 0)
            .collect();
        leads.sort_unstable();
        let count = leads.len();
        let sum: u64 = leads.iter().map(|lead| u64::from(*lead)).sum();
        let middle = count.checked_sub(1).and_then(|last| leads.get(last / 2)).zip(leads.get(count / 2));
        LeadTime {
            entities: with_event.len() as u64,
            warned: count as u64,
            mean: (count > 0).then(|| sum as f64 / count as f64),
            median: middle.map(|(low, high)| (f64::from(*low) + f64::from(*high)) / 2.0),
        }
    }
}

pub(super) fn per_1000(alerts: u64, rows: u64) -> f64 {
    if rows == 0 { 0.0 } else { 1_000.0 * alerts as f64 / rows as f64 }
}

pub(super) fn rate(part: u64, of: u64) -> Option<AlertRate> {
    let (low, high) = wilson_interval(part as f64, of as f64, LEVEL)?;
    Some(AlertRate { share: part as f64 / of as f64, low, high })
}
