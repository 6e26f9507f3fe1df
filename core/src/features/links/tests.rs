//! Laws of links: they equal a search from scratch, know no order and no future.

use proptest::prelude::*;

use super::*;
use crate::data::{Batch, Column};

const ENTITIES: [&str; 9] = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
const ATTRIBUTES: [&str; 2] = ["phone", "device"];
const VALUES: [&str; 6] = ["1", "2", "3", "4", "5", "6"];

fn record() -> impl Strategy<Value = LinkRecord<'static>> {
    let bad = prop::option::weighted(0.2, 0..14i32);
    (0..ENTITIES.len(), 0..2usize, prop::option::weighted(0.95, 0..VALUES.len()), 0..14i32, bad).prop_map(
        |(entity, attribute, value, seen, bad)| LinkRecord {
            entity: ENTITIES[entity],
            attribute: ATTRIBUTES[attribute],
            value: value.map(|value| VALUES[value]),
            seen: Date::from_days(seen),
            bad_since: bad.map(Date::from_days),
        },
    )
}

fn every_query() -> Vec<LinkQuery<'static>> {
    let days = (-1..16).rev();
    days.flat_map(|day| ENTITIES.map(|entity| LinkQuery { entity, as_of: Date::from_days(day) })).collect()
}

/// Who holds a value by a day, each once.
fn holders(records: &[LinkRecord<'static>], attribute: &str, value: &str, day: Date) -> Vec<&'static str> {
    let mut held: Vec<&str> = records
        .iter()
        .filter(|r| r.seen <= day && r.attribute == attribute && r.value == Some(value))
        .map(|r| r.entity)
        .collect();
    held.sort_unstable();
    held.dedup();
    held
}

/// The answer by looking at everything again.
fn search(records: &[LinkRecord<'static>], query: &LinkQuery<'_>, max_shared: usize) -> Option<LinkGroup<'static>> {
    let day = query.as_of;
    let known: Vec<_> = records.iter().filter(|r| r.seen <= day).collect();
    let own = known.iter().find(|r| r.entity == query.entity)?.entity;
    let values: Vec<Vec<&str>> = ATTRIBUTES
        .iter()
        .flat_map(|attribute| VALUES.iter().map(|value| holders(records, attribute, value, day)))
        .filter(|held| (2..=max_shared).contains(&held.len()))
        .collect();
    let mut group = vec![own];
    loop {
        let touched: Vec<&str> = values.iter().filter(|held| held.iter().any(|e| group.contains(e))).flatten().copied().collect();
        let before = group.len();
        group.extend(touched);
        group.sort_unstable();
        group.dedup();
        if group.len() == before {
            break;
        }
    }
    let is_bad = |entity: &str| known.iter().any(|r| r.entity == entity && r.bad_since.is_some_and(|since| since <= day));
    let bad = group.iter().filter(|entity| is_bad(entity)).count() as u32;
    let bad_others = bad - u32::from(is_bad(own));
    let others = group.len() as u32 - 1;
    Some(LinkGroup {
        group: group[0],
        size: group.len() as u32,
        first_seen: known.iter().filter(|r| group.contains(&r.entity)).map(|r| r.seen).min()?,
        bad,
        bad_others,
        bad_share: f64::from(bad) / f64::from(others + 1),
        bad_share_others: (others > 0).then(|| f64::from(bad_others) / f64::from(others)),
        shared_values: values.iter().filter(|held| group.contains(&held[0])).count() as u32,
    })
}

proptest! {
    #[test]
    fn every_day_equals_a_search_from_scratch(records in prop::collection::vec(record(), 0..40), max_shared in 2..5u32) {
        let queries = every_query();
        let report = links(&records, &queries, &LinkSettings { max_shared }).unwrap();
        for (query, found) in queries.iter().zip(&report.groups) {
            prop_assert_eq!(found, &search(&records, query, max_shared as usize), "{:?}", query);
        }
        let last = Date::from_days(15);
        let hubs: Vec<u32> = report.hubs.iter().map(|hub| hub.entities).collect();
        let expected: Vec<u32> = ["device", "phone"].iter()
            .flat_map(|attribute| VALUES.iter().map(|value| holders(&records, attribute, value, last).len() as u32))
            .filter(|held| *held > max_shared).collect();
        prop_assert_eq!(hubs, expected);
    }

    #[test]
    fn the_order_of_records_changes_nothing(
        (records, shuffled) in prop::collection::vec(record(), 0..40).prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle()))
    ) {
        let settings = LinkSettings { max_shared: 3 };
        prop_assert_eq!(links(&records, &every_query(), &settings).unwrap(), links(&shuffled, &every_query(), &settings).unwrap());
    }

    #[test]
    fn what_is_known_later_changes_nothing(records in prop::collection::vec(record(), 0..40), day in 0..14i32) {
        let as_of = Date::from_days(day);
        let queries = ENTITIES.map(|entity| LinkQuery { entity, as_of });
        let settings = LinkSettings { max_shared: 3 };
        let then: Vec<_> = records.iter().filter(|r| r.seen <= as_of)
            .map(|r| LinkRecord { bad_since: r.bad_since.filter(|since| *since <= as_of), ..*r }).collect();
        prop_assert_eq!(links(&records, &queries, &settings).unwrap(), links(&then, &queries, &settings).unwrap());
    }

    #[test]
    fn other_days_asked_change_no_answer(records in prop::collection::vec(record(), 0..40), day in 0..14i32) {
        let as_of = Date::from_days(day);
        let settings = LinkSettings { max_shared: 2 };
        let one = links(&records, &ENTITIES.map(|entity| LinkQuery { entity, as_of }), &settings).unwrap();
        let queries = every_query();
        let all = links(&records, &queries, &settings).unwrap();
        let same: Vec<_> = queries.iter().zip(all.groups).filter(|(query, _)| query.as_of == as_of).map(|(_, group)| group).collect();
        prop_assert_eq!(one.groups, same);
    }
}

#[test]
fn a_value_that_becomes_a_hub_lets_its_entities_go() {
    let held = |entity, seen| LinkRecord {
        entity,
        attribute: "phone",
        value: Some("switchboard"),
        seen: Date::from_days(seen),
        bad_since: None,
    };
    let records = [held("c", 3), held("a", 1), held("b", 2)];
    let sizes = |day| {
        let report =
            links(&records, &[LinkQuery { entity: "a", as_of: Date::from_days(day) }], &LinkSettings { max_shared: 2 }).unwrap();
        (report.groups[0].map(|group| (group.size, group.shared_values)), report.hubs.len())
    };
    assert_eq!([0, 1, 2, 3].map(sizes), [(None, 0), (Some((1, 0)), 0), (Some((2, 1)), 0), (Some((1, 0)), 1)]);
    assert!(links(&records, &[], &LinkSettings { max_shared: 1 }).unwrap_err().to_string().contains("max_shared"));
    assert_eq!(entities_seen(&records, Date::from_days(2)), ["a", "b"]);
}

/// A chain of shared phones, asked on each of its days: the worst case for an approach that starts anew each day.
#[test]
fn many_days_stay_near_linear() {
    const N: usize = 20_000;
    let names: Vec<String> = (0..N).map(|i| format!("{i:06}")).collect();
    let mut records = Vec::new();
    for (i, name) in names.iter().enumerate() {
        for value in [i, i + 1] {
            let value = Some(names[value % N].as_str());
            records.push(LinkRecord {
                entity: name,
                attribute: "phone",
                value,
                seen: Date::from_days(i as i32),
                bad_since: None,
            });
        }
    }
    let queries: Vec<_> =
        names.iter().enumerate().map(|(i, entity)| LinkQuery { entity, as_of: Date::from_days(i as i32) }).collect();
    let report = links(&records, &queries, &LinkSettings::default()).unwrap();
    for (i, group) in report.groups.iter().enumerate() {
        assert_eq!(group.map(|group| (group.group, group.size as usize)), Some((names[0].as_str(), i + 1)));
    }
}

#[test]
fn both_forms_of_a_table_read_alike() {
    let days = || Column::Date { values: vec![1, 2].into(), validity: None };
    let wide = Batch::new(2)
        .with("who", Column::text([Some("a"), Some("b")]))
        .and_then(|batch| batch.with("seen", days()))
        .and_then(|batch| batch.with("phone", Column::text([Some("1"), None])))
        .unwrap();
    let columns = |form| LinkColumns { entity: "who".into(), seen: "seen".into(), bad_since: None, form };
    let records = columns(LinkForm::Wide { attributes: vec!["phone".into()] }).records(&wide).unwrap();
    let long = Batch::new(2)
        .with("who", Column::text([Some("a"), Some("b")]))
        .and_then(|batch| batch.with("seen", days()))
        .and_then(|batch| batch.with("kind", Column::text([Some("phone"), Some("phone")])))
        .and_then(|batch| batch.with("held", Column::text([Some("1"), None])))
        .unwrap();
    let form = LinkForm::Long { attribute: "kind".into(), value: "held".into() };
    assert_eq!(columns(form.clone()).records(&long).unwrap(), records);
    assert_eq!((records[0].value, records[1].value), (Some("1"), None));

    let nameless = Batch::new(1)
        .with("who", Column::text([None]))
        .and_then(|batch| batch.with("seen", Column::Date { values: vec![1].into(), validity: None }))
        .and_then(|batch| batch.with("phone", Column::text([Some("1")])))
        .unwrap();
    let error = columns(LinkForm::Wide { attributes: vec!["phone".into()] }).records(&nameless).unwrap_err();
    assert_eq!((error.problems()[0].field.as_deref(), error.problems()[0].row), (Some("who"), Some(0)));
    assert!(columns(LinkForm::Wide { attributes: vec!["who".into()] }).records(&wide).is_err());
    assert!(columns(LinkForm::Wide { attributes: vec![] }).records(&wide).is_err());
}
