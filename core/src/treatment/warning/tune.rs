//! Thresholds of a severity, from the past only, and what they would have caught.
//!
//! The threshold of a period rests on what was known before it: for a capacity on the severities of the period before, since they
//! drift; for a cost on all periods whose horizon had ended. So nothing that happens in a period or later can change its threshold.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::record::{Periods, WarningRecord};
use super::report::{LeadTime, PeriodAlerts, TuneReport, TunedRun, per_1000, rate};
use crate::error::{Error, Problem, Problems, Result};

/// How a threshold is chosen, and what counts as caught.
///
/// ```
/// use scoreline::treatment::warning::{TuneConfig, TuneRule, WarningRecord};
/// // Ten entities over four periods; entity 9 gets worse and has its event in period 4.
/// let names: Vec<String> = (0..10).map(|entity| entity.to_string()).collect();
/// let records: Vec<_> = (0..4).flat_map(|period| (0..10).map(move |entity| (entity, period))).map(|(entity, period)| {
///     let severity = if entity == 9 { 5.0 + f64::from(period) } else { entity as f64 / 2.0 };
///     WarningRecord { entity: &names[entity], period, severity, event: (entity == 9).then_some(4) }
/// }).collect();
/// let config = TuneConfig { rule: TuneRule::Capacity { per_1000: 100.0 }, horizon: 1, observed_until: 4 };
/// let report = config.tune(&records)?;
/// let last = report.tuned.periods.last().unwrap();
/// assert_eq!((last.period, last.alerts, last.events, last.caught), (3, 1, Some(1), Some(1)));
/// assert_eq!(report.tuned.lead.median, Some(3.0)); // the first alert, in period 1, came three periods before the event
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TuneConfig {
    /// What the threshold is to meet.
    pub rule: TuneRule,
    /// Periods within which an event counts as caught by an alert, 1 or more.
    pub horizon: u32,
    /// The last period up to which events are known.
    pub observed_until: u32,
}

/// What a threshold is to meet. An entity alerts when its severity reaches the threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum TuneRule {
    /// As many alerts as people can look at: the lowest threshold that would not have given more in the period before. It
    /// holds as far as the severities do not drift from one period to the next.
    Capacity {
        /// Alerts per 1,000 entities at risk, above 0 up to 1,000.
        per_1000: f64,
    },
    /// The same for a fixed number of alerts, however large the book is.
    Alerts {
        /// Alerts a period, 1 or more.
        per_period: u32,
    },
    /// The least cost over the earlier periods whose horizon had ended; of equal ones the highest threshold.
    Cost {
        /// What a record with an event within the horizon and no alert costs, above 0.
        missed: f64,
        /// What an alert without an event costs, above 0.
        false_alarm: f64,
    },
}

impl TuneRule {
    /// The most alerts among so many entities at risk; none for a cost.
    fn capacity(self, rows: u64) -> Option<f64> {
        match self {
            TuneRule::Capacity { per_1000 } => Some(per_1000 * rows as f64 / 1_000.0),
            TuneRule::Alerts { per_period } => Some(f64::from(per_period)),
            TuneRule::Cost { .. } => None,
        }
    }
}

impl TuneConfig {
    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        match self.rule {
            TuneRule::Capacity { per_1000 } => {
                let inside = per_1000 > 0.0 && per_1000 <= 1_000.0;
                problems.require(inside, "tune.rule.per_1000", "must lie above 0 and not above 1,000", "use for example 20");
            }
            TuneRule::Alerts { per_period } => {
                let some = per_period >= 1;
                problems.require(some, "tune.rule.per_period", "must be 1 or more", "give the alerts that people can look at");
            }
            TuneRule::Cost { missed, false_alarm } => {
                for (field, cost) in [("tune.rule.missed", missed), ("tune.rule.false_alarm", false_alarm)] {
                    let usable = cost > 0.0 && cost <= 1e12;
                    problems.require(usable, field, "must lie above 0 and not above 10^12", "give a cost in any unit");
                }
            }
        }
        problems.require(self.horizon >= 1, "tune.horizon", "must be 1 or more", "give a number of periods");
        problems.into_result()
    }

    /// Walks forward over the periods: a threshold for each from what was known before it, and what it gave.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`TuneConfig::validate`];
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with the row of an entity that stands twice in a period or has two
    /// events; [`InsufficientData`](crate::ErrorCode::InsufficientData) when no period has anything before it to learn from.
    pub fn tune(&self, records: &[WarningRecord<'_>]) -> Result<TuneReport> {
        self.validate()?;
        let book = Periods::new(records)?;
        let mut thresholds: Vec<(u32, Option<f64>)> = Vec::new();
        for &period in book.periods.keys() {
            thresholds.extend(self.threshold(&book, period).map(|threshold| (period, threshold)));
        }
        let Some(&(_, first)) = thresholds.first() else {
            let what = "no period has earlier ones to learn from";
            return Err(Error::insufficient(Problem::new(what, "pass more periods, or a shorter horizon").field("period")));
        };
        let next = book.periods.keys().next_back().and_then(|last| self.threshold(&book, last.saturating_add(1)));
        let single: Vec<(u32, Option<f64>)> = thresholds.iter().map(|(period, _)| (*period, first)).collect();
        Ok(TuneReport { tuned: self.run(&book, &thresholds), single: self.run(&book, &single), next: next.flatten() })
    }

    /// The threshold for a period; `None` when nothing was known before it, `Some(None)` when no alerts are best.
    fn threshold(&self, book: &Periods<'_>, period: u32) -> Option<Option<f64>> {
        let latest = book.periods.range(..period).next_back().map(|(from, _)| *from);
        let known = |from: &u32| match self.rule {
            TuneRule::Capacity { .. } | TuneRule::Alerts { .. } => Some(*from) == latest,
            TuneRule::Cost { .. } => from.saturating_add(self.horizon) < period && self.ended(*from),
        };
        let mut past: Vec<(f64, bool)> = Vec::new();
        let mut rows = 0u64;
        for (_, at_risk) in book.periods.range(..period).filter(|(from, _)| known(from)) {
            rows += at_risk.len() as u64;
            let usable = at_risk.iter().filter(|record| !record.severity.is_nan());
            past.extend(usable.map(|record| (record.severity, self.event(record))));
        }
        if rows == 0 {
            return None;
        }
        past.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let events = past.iter().filter(|(_, event)| *event).count() as u64;
        let (mut best, mut least) = (None, self.cost(0, 0, events));
        let (mut alerts, mut caught) = (0u64, 0u64);
        for (at, &(severity, event)) in past.iter().enumerate() {
            alerts += 1;
            caught += u64::from(event);
            if past.get(at + 1).is_some_and(|next| next.0 == severity) {
                continue;
            }
            if let Some(capacity) = self.rule.capacity(rows) {
                if alerts as f64 > capacity * (1.0 + 1e-12) {
                    break;
                }
                best = Some(severity);
                continue;
            }
            let cost = self.cost(alerts, caught, events);
            if cost < least {
                (best, least) = (Some(severity), cost);
            }
        }
        Some(best)
    }

    fn cost(&self, alerts: u64, caught: u64, events: u64) -> f64 {
        match self.rule {
            TuneRule::Capacity { .. } | TuneRule::Alerts { .. } => 0.0,
            TuneRule::Cost { missed, false_alarm } => {
                missed * events.saturating_sub(caught) as f64 + false_alarm * alerts.saturating_sub(caught) as f64
            }
        }
    }

    /// Whether the event of a record falls within its horizon.
    fn event(&self, record: &WarningRecord<'_>) -> bool {
        record.event.is_some_and(|event| event <= record.period.saturating_add(self.horizon))
    }

    /// Whether all events within the horizon of a period are known.
    fn ended(&self, period: u32) -> bool {
        period.saturating_add(self.horizon) <= self.observed_until
    }

    fn run(&self, book: &Periods<'_>, thresholds: &[(u32, Option<f64>)]) -> TunedRun {
        let mut first_alert: BTreeMap<&str, u32> = BTreeMap::new();
        let mut with_event: BTreeMap<&str, u32> = BTreeMap::new();
        let mut periods = Vec::with_capacity(thresholds.len());
        let (mut known_alerts, mut known_events, mut caught_all) = (0, 0, 0);
        for &(period, threshold) in thresholds {
            let at_risk = book.periods.get(&period).map(Vec::as_slice).unwrap_or_default();
            let (mut alerts, mut events, mut caught) = (0u64, 0u64, 0u64);
            for record in at_risk {
                let alert = threshold.is_some_and(|threshold| record.severity >= threshold);
                let event = self.event(record);
                alerts += u64::from(alert);
                events += u64::from(event);
                caught += u64::from(alert && event);
                if alert {
                    first_alert.entry(record.entity).or_insert(period);
                }
                with_event.extend(record.event.map(|event| (record.entity, event)));
            }
            let ended = self.ended(period);
            if ended {
                (known_alerts, known_events, caught_all) = (known_alerts + alerts, known_events + events, caught_all + caught);
            }
            let rows = at_risk.len() as u64;
            let rate = rate(alerts, rows);
            periods.push(PeriodAlerts {
                period,
                threshold,
                rows,
                alerts,
                per_1000: per_1000(alerts, rows),
                held: self.rule.capacity(rows).zip(rate).map(|(capacity, rate)| rate.low * rows as f64 <= capacity),
                rate,
                events: ended.then_some(events),
                caught: ended.then_some(caught),
                precision: ended.then(|| super::report::rate(caught, alerts)).flatten(),
                recall: ended.then(|| super::report::rate(caught, events)).flatten(),
            });
        }
        let (rows, alerts) = periods.iter().fold((0, 0), |sum, one| (sum.0 + one.rows, sum.1 + one.alerts));
        TunedRun {
            periods,
            rows,
            alerts,
            per_1000: per_1000(alerts, rows),
            alerted_entities: first_alert.len() as u64,
            precision: rate(caught_all, known_alerts),
            recall: rate(caught_all, known_events),
            lead: LeadTime::of(&with_event, &first_alert),
        }
    }
}
