//! Tags: named rules whose result lasts, and cannot come back at once.
//!
//! A tag is set on a day on which its rule holds, and lasts until `valid_days` after the last day on which the rule held. After
//! that it rests: for `cool_down_days` more days it cannot be set again. The state is a [`TagSet`], plain data that the caller keeps
//! between evaluations; the clock is an argument.

mod rules;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use rules::{MAX_TAG_RULES, TagConfig, TagRule, TagRules};

use crate::data::Date;

/// One tag of a customer, still valid or at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// Name of the rule that set it.
    pub tag: String,
    /// First day.
    pub since: Date,
    /// Last day, included: `valid_days` after the rule was last seen to hold.
    pub until: Date,
}

/// The tags of a customer as evaluated on a day. Those that ended are kept while they rest.
///
/// ```
/// use scoreline::features::tags::TagSet;
/// let stored = r#"{"as_of":"2026-03-10","tags":[{"tag":"late","since":"2026-03-01","until":"2026-03-31"}]}"#;
/// let set: TagSet = serde_json::from_str(stored)?;
/// assert_eq!(set.valid().collect::<Vec<_>>(), ["late"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagSet {
    /// Day of the evaluation; `None` before the first.
    pub as_of: Option<Date>,
    /// The tags in the order of bytes, each once.
    pub tags: Vec<Tag>,
}

impl TagSet {
    /// Names of the tags valid on the day of the evaluation, in the order of bytes.
    pub fn valid(&self) -> impl Iterator<Item = &str> {
        let valid = |tag: &&Tag| self.as_of.is_some_and(|day| tag.since <= day && day <= tag.until);
        self.tags.iter().filter(valid).map(|tag| tag.tag.as_str())
    }
}

/// What changed between two tag sets, by name and in the order of bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagDifference {
    /// Valid after, not before.
    pub gained: Vec<String>,
    /// Valid before, not after.
    pub lost: Vec<String>,
    /// Valid in both, whether or not it ended in between.
    pub kept: Vec<String>,
}

/// The tags gained, lost and kept from one evaluation to another, each as valid on its own day.
///
/// ```
/// use scoreline::Date;
/// use scoreline::features::tags::{Tag, TagSet, difference};
/// let day = |text| Date::parse(text);
/// let vip = Tag { tag: "vip".into(), since: day("2026-01-01")?, until: day("2026-01-31")? };
/// let before = TagSet { as_of: Some(day("2026-01-15")?), tags: vec![vip.clone()] };
/// let after = TagSet { as_of: Some(day("2026-02-15")?), tags: vec![vip] };
/// assert_eq!(difference(&before, &after).lost, ["vip"]);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[must_use]
pub fn difference(before: &TagSet, after: &TagSet) -> TagDifference {
    let names = |set: &TagSet| -> std::collections::BTreeSet<String> { set.valid().map(str::to_owned).collect() };
    let (before, after) = (names(before), names(after));
    TagDifference {
        gained: after.difference(&before).cloned().collect(),
        lost: before.difference(&after).cloned().collect(),
        kept: after.intersection(&before).cloned().collect(),
    }
}
