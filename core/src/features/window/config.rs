//! What is asked: features over the dated events of one entity, as plain data.

use serde::{Deserialize, Serialize};

use crate::data::{Field, Kind, Sensitivity};

/// The most window features of a set.
pub const MAX_WINDOWS: usize = 512;
/// The most events that an aggregate may keep of one entity.
pub const MAX_KEPT: usize = 100_000;

/// Features over dated events: where the events come from, and what is computed of them as of a date.
///
/// ```
/// use scoreline::features::window::EventSet;
/// let set: EventSet = serde_json::from_str(r#"{
///   "sources": [{
///     "name": "transactions", "date": "date",
///     "fields": [{"name": "amount", "kind": "number", "unit": "EUR"}, {"name": "type", "kind": "category"}]
///   }],
///   "windows": [{
///     "name": "inflow_90d", "source": "transactions", "aggregate": {"type": "sum", "of": "amount"},
///     "window": {"type": "days", "days": 90}, "filter": "type = 'credit'"
///   }]
/// }"#).unwrap();
/// assert!(set.validate().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventSet {
    /// The tables of events; at most 16.
    pub sources: Vec<EventSource>,
    /// The features, in the order of the results; at most 512.
    pub windows: Vec<WindowFeature>,
}

impl EventSet {
    /// The features as a schema takes them: numbers, with what is said of them.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let field = |feature: &WindowFeature| Field {
            unit: feature.unit.clone(),
            description: feature.description.clone(),
            sensitivity: feature.sensitivity.clone(),
            ..Field::new(&feature.name, Kind::Number)
        };
        self.windows.iter().map(field).collect()
    }
}

/// A table of dated events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventSource {
    /// Name, as features call it.
    pub name: String,
    /// Column with the calendar day of the event.
    pub date: String,
    /// Column with the day on which the event became known, where that can be later than the event. An event counts from
    /// the later of both days on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// Column with the key of an event, text or a whole number; needed to find duplicates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What happens to an event whose key was seen before among the events of the same entity. The keys of the last
    /// `max_kept` events are known.
    #[serde(default)]
    pub duplicates: Duplicates,
    /// What happens when the events of an entity do not come in the order of the days on which they became known.
    #[serde(default)]
    pub unsorted: Unsorted,
    /// What happens to an event that became known later than `max_delay` days after its own day.
    #[serde(default)]
    pub late: Late,
    /// The currency that amounts are in: a category column and its level. An event of another currency is an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Decimals to which numbers are rounded (half to even) before they are added, 0 to 9: sums are then exact. Numbers
    /// must lie within ±2⁵³ of the last decimal: ±9·10¹¹ with four. Default 4.
    #[serde(default = "four")]
    pub decimals: u32,
    /// The most events of an entity that are kept for aggregates that need each of them: quantiles, distinct and top
    /// counts, last events. The latest ones stay, and the result says when there were more. Default 10,000.
    #[serde(default = "ten_thousand")]
    pub max_kept: usize,
    /// The columns that features and filters read.
    pub fields: Vec<Field>,
}

fn four() -> u32 {
    4
}

fn ten_thousand() -> usize {
    10_000
}

/// The currency of amounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Currency {
    /// A category column.
    pub column: String,
    /// The level that every event must have, such as `EUR`.
    pub code: String,
}

/// What happens to a second event with the same key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duplicates {
    /// Both count.
    #[default]
    Keep,
    /// The first one counts.
    First,
    /// It is an error.
    Refuse,
}

/// What happens to events out of order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unsorted {
    /// They are put in order.
    #[default]
    Sort,
    /// It is an error.
    Refuse,
}

/// What happens to late events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Late {
    /// They count from the day on which they became known.
    #[default]
    Keep,
    /// They never count.
    Drop {
        /// Days between the event and its publication that are not late.
        max_delay: u32,
    },
    /// They are an error.
    Refuse {
        /// Days between the event and its publication that are not late.
        max_delay: u32,
    },
}

/// One feature over the events of an entity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowFeature {
    /// Name, unique in the set.
    pub name: String,
    /// The table of events.
    pub source: String,
    /// What is computed.
    pub aggregate: Aggregate,
    /// Over which events.
    pub window: Window,
    /// Only events for which this expression over the fields of the source is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// The result when no event counts. Without it counts, sums and months without an event have their own meaning (0, 0,
    /// all months), and all others are missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty: Option<f64>,
    /// Unit of the result, for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What it means, for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What it may be used for, for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Whether the feature may reach score, rule or price: it passes on to the field of the same name.
    #[serde(default, skip_serializing_if = "Sensitivity::is_open")]
    pub sensitivity: Sensitivity,
}

/// What is computed of the events of a window. Events whose number or level `of` is missing do not count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Aggregate {
    /// Number of events.
    Count,
    /// Sum.
    Sum {
        /// A number.
        of: String,
    },
    /// Mean of the events.
    Mean {
        /// A number.
        of: String,
    },
    /// Least number.
    Min {
        /// A number.
        of: String,
    },
    /// Greatest number; of a status that rises with severity, the worst one.
    Max {
        /// A number.
        of: String,
    },
    /// Sample standard deviation of the events (divisor n − 1); missing for fewer than two.
    StandardDeviation {
        /// A number.
        of: String,
    },
    /// Quantile with linear interpolation between the order statistics (type 7 of Hyndman and Fan 1996).
    Quantile {
        /// A number.
        of: String,
        /// 0 to 1.
        p: f64,
    },
    /// Number of different numbers or levels.
    Distinct {
        /// A number or a category.
        of: String,
    },
    /// Slope of the least-squares line through the sums of the months, oldest first, per month; needs a window of two
    /// months or more.
    Trend {
        /// A number.
        of: String,
    },
    /// Coefficient of variation of the sums of the months: their population standard deviation over the absolute value of
    /// their mean; missing when the mean is 0.
    Volatility {
        /// A number.
        of: String,
    },
    /// Days since the last event.
    Recency,
    /// Days since the first event.
    Age,
    /// Completed months since the last event that has the greatest number of all: since the worst status.
    MonthsSinceMax {
        /// A number.
        of: String,
    },
    /// The most months in a row that have an event.
    LongestStreak,
    /// Months in a row up to the date that have an event.
    CurrentStreak,
    /// Months of the window that have no event.
    MonthsWithout,
    /// Share of the sum that falls to events for which a condition is true; missing when the sum is 0.
    Share {
        /// A number.
        of: String,
        /// An expression over the fields of the source.
        part: String,
    },
    /// Share of the sum that falls to the `top` levels with the largest sums; missing unless the sum is positive and none
    /// of the level's sums is negative.
    TopShare {
        /// A number.
        of: String,
        /// A category, for example the counterparty.
        by: String,
        /// How many levels; 1 or more.
        top: u32,
    },
    /// Herfindahl–Hirschman index, the sum of the squared shares of the levels, 0 to 1; missing as
    /// [`TopShare`](Aggregate::TopShare).
    Herfindahl {
        /// A number.
        of: String,
        /// A category.
        by: String,
    },
}

/// Which events count, seen from the as-of date. No event after it ever counts, nor one that became known after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Window {
    /// The last days: day d counts when as-of − lag − days < d ≤ as-of − lag.
    Days {
        /// 1 or more.
        days: u32,
        /// Days before the as-of date at which the window ends; 1 leaves out the date itself.
        #[serde(default)]
        lag: u32,
    },
    /// The last months: from the same day of the month, exclusive (the last day of a shorter month).
    Months {
        /// 1 or more.
        months: u32,
        /// Months before the as-of date at which the window ends.
        #[serde(default)]
        lag: u32,
    },
    /// The last events, by day. Where they divide a day, the smaller numbers of that day count first.
    Events {
        /// 1 or more; at most `max_kept` of the source.
        events: u32,
    },
    /// All events up to the as-of date.
    All,
}
