//! Rules of tags: checked, parsed and evaluated on a day.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::super::derived::{FeaturePlan, ProtectedUse};
use super::{Tag, TagSet};
use crate::data::{Date, Row};
use crate::error::{Error, Problem, Problems, Result};
use crate::expr::Expr;

/// The most rules of a configuration.
pub const MAX_TAG_RULES: usize = 1_024;

/// The most days that a tag lasts or rests: ten years.
const MAX_DAYS: u32 = 3_660;

/// A named rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagRule {
    /// Name of the tag, unique.
    pub name: String,
    /// When it is set: an [expression](crate::expr) over fields and features that yields a flag. A condition that cannot be
    /// told because something is missing does not hold; `… IS NOT FALSE` has it the other way round.
    pub when: String,
    /// Days that the tag lasts after the rule last held, 0 to 3,660; 0 is that day only.
    pub valid_days: u32,
    /// Days after its end during which it cannot be set again, 0 to 3,660.
    #[serde(default)]
    pub cool_down_days: u32,
    /// What it means, for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// The rules of tags, as plain data.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagConfig {
    /// The rules; at most 1,024.
    pub rules: Vec<TagRule>,
    /// Protected fields that the rules may read, on record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protected_use: Vec<ProtectedUse>,
}

/// Rules ready to be evaluated.
///
/// ```
/// use scoreline::{Date, Field, Kind, Schema, Value};
/// use scoreline::features::{FeaturePlan, tags::{TagConfig, TagRule, TagRules, TagSet}};
/// let schema = Schema { fields: vec![Field::new("days_late", Kind::Number)] };
/// let rule = TagRule {
///     name: "late".into(), when: "days_late > 5".into(), valid_days: 30, cool_down_days: 10, description: None,
/// };
/// let plan = FeaturePlan::new(&schema, &[])?;
/// let rules = TagRules::new(&plan, &TagConfig { rules: vec![rule], protected_use: vec![] })?;
/// let late = rules.evaluate(&[Value::Number(9.0)][..], Date::parse("2026-03-01")?, &TagSet::default())?;
/// assert_eq!((late.tags[0].tag.as_str(), late.tags[0].until), ("late", Date::parse("2026-03-31")?));
/// let paid = rules.evaluate(&[Value::Number(0.0)][..], Date::parse("2026-04-01")?, &late)?;
/// assert_eq!(paid.valid().count(), 0);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct TagRules {
    plan: FeaturePlan,
    /// By name.
    rules: BTreeMap<String, Compiled>,
}

#[derive(Debug, Clone)]
struct Compiled {
    when: Expr,
    valid_days: u32,
    cool_down_days: u32,
}

impl TagRules {
    /// Checks and parses every rule over the fields and features of `plan`.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem: names, days out of range, expressions that cannot
    /// be read or yield no flag, protected fields that are not permitted.
    pub fn new(plan: &FeaturePlan, config: &TagConfig) -> Result<Self> {
        let mut problems = Problems::default();
        problems.require(config.rules.len() <= MAX_TAG_RULES, "rules", "there are too many rules", "keep at most 1,024");
        let mut rules = BTreeMap::new();
        let mut slots = BTreeSet::new();
        for (at, rule) in config.rules.iter().enumerate() {
            let place = |part: &str| format!("rules[{at}].{part}");
            problems.require(!rule.name.trim().is_empty(), &place("name"), "a tag needs a name", "give it a short unique name");
            let in_range = |days: u32| days <= MAX_DAYS;
            let remedy = "choose 0 to 3,660";
            problems.require(in_range(rule.valid_days), &place("valid_days"), "more than 3,660 days", remedy);
            problems.require(in_range(rule.cool_down_days), &place("cool_down_days"), "more than 3,660 days", remedy);
            let Some(when) = plan.condition(&rule.when, &place("when"), &mut slots, &mut problems) else { continue };
            let rest = Compiled { when, valid_days: rule.valid_days, cool_down_days: rule.cool_down_days };
            let fresh = rules.insert(rule.name.clone(), rest).is_none();
            problems.require(fresh, &place("name"), "two rules have the same name", "give each tag its own name");
        }
        problems.absorb("rules", plan.refuse_protected(&slots, &config.protected_use, "a tag"));
        problems.into_result()?;
        Ok(TagRules { plan: plan.clone(), rules })
    }

    /// The tags of a record on a day, given those of the evaluation before ([`TagSet::default`] at first). A tag whose rule is
    /// gone lasts until its end.
    ///
    /// Evaluating twice on a day changes nothing more, and neither does an evaluation in between on which no rule holds.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) for a value that its field does not allow, for a day before that of
    /// `before`, and for a set that names a tag twice.
    pub fn evaluate<R: Row + ?Sized>(&self, record: &R, day: Date, before: &TagSet) -> Result<TagSet> {
        if before.as_of.is_some_and(|last| day < last) {
            let problem = Problem::new("the day lies before that of the previous tags", "evaluate days in their order");
            return Err(Error::data(problem.field("as_of")));
        }
        let mut known: BTreeMap<&str, &Tag> = BTreeMap::new();
        for tag in &before.tags {
            if tag.until < tag.since || known.insert(&tag.tag, tag).is_some() {
                let problem = Problem::new("a tag stands twice or ends before it begins", "pass a set as it was returned");
                return Err(Error::data(problem.field("before")));
            }
        }
        let cells = self.plan.cells(record)?;
        let mut tags: BTreeMap<&str, Tag> = BTreeMap::new();
        for (name, rule) in &self.rules {
            let holds = rule.when.holds(&cells) == Some(true);
            if let Some(tag) = rule.step(name, holds, day, known.remove(name.as_str())) {
                tags.insert(name, tag);
            }
        }
        let orphans = known.into_iter().filter(|(_, tag)| day <= tag.until);
        tags.extend(orphans.map(|(name, tag)| (name, tag.clone())));
        Ok(TagSet { as_of: Some(day), tags: tags.into_values().collect() })
    }
}

impl Compiled {
    /// The tag on a day: renewed, lasting, at rest, set anew, or gone.
    fn step(&self, name: &str, holds: bool, day: Date, before: Option<&Tag>) -> Option<Tag> {
        let until = later(day, self.valid_days);
        match before {
            Some(tag) if day <= tag.until => {
                Some(Tag { until: if holds { tag.until.max(until) } else { tag.until }, ..tag.clone() })
            }
            Some(tag) if day <= later(tag.until, self.cool_down_days) => Some(tag.clone()),
            _ => holds.then(|| Tag { tag: name.to_owned(), since: day, until }),
        }
    }
}

fn later(day: Date, days: u32) -> Date {
    Date::from_days(day.days().saturating_add(i32::try_from(days).unwrap_or(i32::MAX)))
}
