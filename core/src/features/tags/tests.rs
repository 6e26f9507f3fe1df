//! Laws of tags, against a diary that is written day by day.

use proptest::prelude::*;

use super::*;
use crate::data::{Field, Kind, Schema, Sensitivity, Value};
use crate::features::{Feature, FeaturePlan};
use crate::{ErrorCode, Result};

fn plan() -> FeaturePlan {
    let schema = Schema { fields: vec![Field::new("x", Kind::Number)] };
    FeaturePlan::new(&schema, &[Feature::new("twice", "x * 2")]).unwrap()
}

fn rule(name: &str, when: &str, valid_days: u32, cool_down_days: u32) -> TagRule {
    TagRule { name: name.into(), when: when.into(), valid_days, cool_down_days, description: None }
}

fn rules(list: Vec<TagRule>) -> Result<TagRules> {
    TagRules::new(&plan(), &TagConfig { rules: list, protected_use: vec![] })
}

fn on(rules: &TagRules, x: f64, day: i32, before: &TagSet) -> TagSet {
    rules.evaluate(&[Value::Number(x)][..], Date::from_days(day), before).unwrap()
}

/// On which days the tag is valid when the rule holds on `days`, told without tag sets.
fn diary(days: &[(i32, bool)], valid: i32, rest: i32) -> Vec<bool> {
    let (mut last, mut end) = (None::<i32>, None::<i32>);
    let mut found = Vec::new();
    for &(day, holds) in days {
        if last.is_some_and(|last| day > last + valid) {
            end = last.take().map(|last| last + valid);
        }
        if holds && (last.is_some() || end.is_none_or(|end| day > end + rest)) {
            last = Some(day);
        }
        found.push(last.is_some());
    }
    found
}

proptest! {
    #[test]
    fn tags_last_and_rest_as_declared(steps in prop::collection::vec((0..9i32, any::<bool>()), 1..40), valid in 0..12u32, rest in 0..12u32) {
        let rules = rules(vec![rule("t", "twice > 1", valid, rest)]).unwrap();
        let mut day = 0;
        let days: Vec<(i32, bool)> = steps.iter().map(|&(gap, holds)| { day += gap; (day, holds) }).collect();
        let mut set = TagSet::default();
        let mut found = Vec::new();
        for &(day, holds) in &days {
            let next = on(&rules, f64::from(u8::from(holds)), day, &set);
            // Twice on a day is as good as once, and the stored form holds everything.
            prop_assert_eq!(&on(&rules, f64::from(u8::from(holds)), day, &next), &next);
            set = serde_json::from_str(&serde_json::to_string(&next).unwrap()).unwrap();
            prop_assert_eq!(&set, &next);
            found.push(set.valid().count() == 1);
        }
        prop_assert_eq!(found, diary(&days, valid as i32, rest as i32));
    }

    #[test]
    fn a_look_in_between_changes_nothing(steps in prop::collection::vec((1..9i32, any::<bool>()), 1..30), valid in 0..12u32, rest in 0..12u32) {
        let rules = rules(vec![rule("t", "x = 1", valid, rest)]).unwrap();
        let (mut seldom, mut often, mut day) = (TagSet::default(), TagSet::default(), 0);
        for (gap, holds) in steps {
            for _ in 1..gap {
                day += 1;
                often = on(&rules, 0.0, day, &often);
            }
            day += 1;
            let x = f64::from(u8::from(holds));
            (seldom, often) = (on(&rules, x, day, &seldom), on(&rules, x, day, &often));
            prop_assert_eq!(&seldom, &often);
        }
    }

    #[test]
    fn a_difference_adds_up(a in prop::collection::btree_map("[a-f]", (0..20i32, 0..20i32), 0..6), b in prop::collection::btree_map("[a-f]", (0..20i32, 0..20i32), 0..6), days in (0..30i32, 0..30i32)) {
        let set = |map: std::collections::BTreeMap<String, (i32, i32)>, day| TagSet {
            as_of: Some(Date::from_days(day)),
            tags: map.into_iter().map(|(tag, (since, more))| Tag { tag, since: Date::from_days(since), until: Date::from_days(since + more) }).collect(),
        };
        let (a, b) = (set(a, days.0), set(b, days.1));
        let found = difference(&a, &b);
        let sorted = |lists: [&Vec<String>; 2]| { let mut all: Vec<String> = lists.into_iter().flatten().cloned().collect(); all.sort(); all };
        prop_assert_eq!(sorted([&found.gained, &found.kept]), b.valid().collect::<Vec<_>>());
        prop_assert_eq!(sorted([&found.lost, &found.kept]), a.valid().collect::<Vec<_>>());
        let back = difference(&b, &a);
        prop_assert_eq!((&back.gained, &back.lost, &back.kept), (&found.lost, &found.gained, &found.kept));
        let same = difference(&a, &a);
        prop_assert!(same.gained.is_empty() && same.lost.is_empty());
    }
}

#[test]
fn every_problem_of_the_rules_is_told() {
    let error = rules(vec![rule("", "x >", 1, 0), rule("a", "x", 4_000, 4_000), rule("a", "x > 1", 1, 1)]).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidConfig);
    let fields: Vec<_> = error.problems().iter().map(|problem| problem.field.as_deref().unwrap()).collect();
    let expected =
        ["rules[0].name", "rules[0].when", "rules[1].valid_days", "rules[1].cool_down_days", "rules[1].when", "rules[2].name"];
    assert_eq!(fields, expected);
}

#[test]
fn protected_fields_need_permission() {
    let mut sex = Field::new("sex", Kind::Category);
    sex.sensitivity = Sensitivity::Protected { basis: "sex".into() };
    let plan = FeaturePlan::new(&Schema { fields: vec![sex] }, &[]).unwrap();
    let config = TagConfig { rules: vec![rule("t", "sex = 'f'", 1, 0)], protected_use: vec![] };
    assert!(TagRules::new(&plan, &config).unwrap_err().to_string().contains("protected"));
}

#[test]
fn missing_does_not_hold_and_time_does_not_run_back() {
    let rules = rules(vec![rule("known", "x > 0", 5, 0), rule("unless", "(x > 0) IS NOT FALSE", 5, 0)]).unwrap();
    let set = rules.evaluate(&[Value::Missing][..], Date::from_days(9), &TagSet::default()).unwrap();
    assert_eq!(set.valid().collect::<Vec<_>>(), ["unless"]);
    let back = rules.evaluate(&[Value::Missing][..], Date::from_days(8), &set).unwrap_err();
    assert_eq!((back.code(), back.problems()[0].field.as_deref()), (ErrorCode::InvalidData, Some("as_of")));
    let mut twice = set.clone();
    twice.tags.push(set.tags[0].clone());
    assert!(rules.evaluate(&[Value::Missing][..], Date::from_days(9), &twice).is_err());
    assert!(rules.evaluate(&[Value::Flag(true)][..], Date::from_days(9), &set).is_err());
}

#[test]
fn a_tag_outlives_its_rule_until_its_end() {
    let first = rules(vec![rule("old", "x > 0", 5, 100)]).unwrap();
    let set = on(&first, 1.0, 0, &TagSet::default());
    let second = rules(vec![rule("new", "x > 0", 5, 0)]).unwrap();
    assert_eq!(on(&second, 0.0, 5, &set).valid().collect::<Vec<_>>(), ["old"]);
    assert_eq!(on(&second, 0.0, 6, &set).tags, []);
}
