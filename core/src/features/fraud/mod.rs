//! Inputs of rules against fraud: matches with lists, and how far a case lies from what is usual.
//!
//! What else such rules rest on is elsewhere. **Velocity** is a window over events: how many applications, and how many different
//! devices, in how many days.
//!
//! ```
//! use scoreline::{Date, Value};
//! use scoreline::features::window::{DatedEvent, EventSet, WindowPlan};
//! let set: EventSet = serde_json::from_str(r#"{
//!   "sources": [{"name": "applications", "date": "date", "fields": [{"name": "device", "kind": "category"}]}],
//!   "windows": [
//!     {"name": "applications_7d", "source": "applications", "aggregate": {"type": "count"}, "window": {"type": "days", "days": 7}},
//!     {"name": "devices_30d", "source": "applications", "aggregate": {"type": "distinct", "of": "device"},
//!      "window": {"type": "days", "days": 30}}
//!   ]
//! }"#)?;
//! let plan = WindowPlan::new(&set)?;
//! let mut state = plan.state();
//! for (day, device) in [("2026-02-20", "d1"), ("2026-03-01", "d2"), ("2026-03-02", "d2")] {
//!     let fields = [Value::Category(device)];
//!     let event = DatedEvent { date: Date::parse(day)?, published: None, id: Value::Missing, fields: &fields[..] };
//!     plan.advance(&mut state, "applications", &event)?;
//! }
//! assert_eq!(plan.read(&state, Date::parse("2026-03-03")?)?.values, [2.0, 2.0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Shared phones, devices and addresses are in [`links`](super::links). An **identity check** that is missing is no passed check:
//! as a strong rule it refers.
//!
//! ```
//! use scoreline::tier::{Measured, TierDay, TierPolicy};
//! let policy: TierPolicy = serde_json::from_str(r#"{
//!   "direction": "a_is_best", "cuts": [0.01, 0.04, 0.12],
//!   "strong": [
//!     {"code": "F1", "when": "NOT identity_confirmed", "effect": {"type": "decline"}, "on_missing": "refer",
//!      "reason": "The identity could not be confirmed"},
//!     {"code": "F2", "when": "on_fraud_list", "effect": {"type": "floor", "tier": "D"}, "on_missing": "refer",
//!      "reason": "Known from an earlier fraud"}
//!   ]
//! }"#)?;
//! let nobody_checked = policy.resolve()?.assign(Measured::pd(0.005), &TierDay::default(), |_kind, rule| (rule == 1).then_some(false));
//! assert!(nobody_checked.refer && !nobody_checked.decline);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod list;
mod outlier;
#[cfg(test)]
mod tests;

pub use list::{ListEntry, ListForm, ListMatch, MatchList};
pub use outlier::{OutlierBasis, OutlierField, OutlierModel, OutlierScore};
