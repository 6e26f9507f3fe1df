use super::*;
use crate::data::{Code, WEIGHT_ONE};
use crate::error::ErrorCode;
use proptest::prelude::*;

fn field(kind: Kind) -> Field {
    let code = if kind == Kind::Category { Code::Text("none".to_owned()) } else { Code::Number(-9.0) };
    Field { special: vec![Special { code, name: "no file".to_owned() }], ..Field::new("x", kind) }
}

fn one(events: u64, non_events: u64) -> Counts {
    Counts { non_events: non_events * WEIGHT_ONE, events: events * WEIGHT_ONE }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    /// Every row is in the bin where a record would be.
    #[test]
    fn counting_bins_agrees_with_placing_each_row(
        rows in prop::collection::vec((prop_oneof![Just(f64::NAN), Just(-9.0), (-5..5i32).prop_map(f64::from)], any::<bool>(), 0..3u64, any::<bool>()), 1..80),
        cuts in prop::collection::btree_set(-12..12i32, 0..4),
    ) {
        let cuts: Vec<f64> = cuts.into_iter().map(|cut| f64::from(cut) / 2.0).collect();
        let field = field(Kind::Number);
        let labels = Labels {
            event: rows.iter().map(|row| row.1).collect(),
            weight: rows.iter().map(|row| row.2).collect(),
            test: rows.iter().map(|row| row.3).collect(),
        };
        let column = Column::numbers(rows.iter().map(|row| row.0).collect::<Vec<_>>());
        let seen = observe(&field, &column, &labels, 4096, Threads::One).unwrap();
        let split = Split::Numeric { cuts };
        let mut naive = vec![Counts::default(); split.bins() + 2];
        for (x, event, weight, _) in rows.iter().filter(|row| !row.3) {
            let bin = if x.is_nan() { split.bins() + 1 } else if *x == -9.0 { split.bins() } else { split.find(Value::Number(*x)).unwrap().0 };
            naive[bin].add_row(*event, *weight);
        }
        prop_assert_eq!(seen.counts(&split).unwrap(), naive);
    }
}

#[test]
fn levels_outside_all_groups_are_counted_where_unseen_ones_go() {
    let column = Column::text([Some("a"), Some("b"), Some("z"), Some("none"), None, Some("a")]);
    let labels = Labels { event: vec![true, false, true, true, false, false], weight: vec![WEIGHT_ONE; 6], test: vec![false; 6] };
    let seen = observe(&field(Kind::Category), &column, &labels, 4096, Threads::One).unwrap();
    let split = Split::Category { groups: vec![vec!["a".to_owned()], vec!["b".to_owned()]], unseen: 1 };
    assert_eq!(seen.counts(&split).unwrap(), [one(1, 1), one(1, 1), one(1, 0), one(0, 1)]);
    assert_eq!(seen.counts(&Split::Numeric { cuts: vec![] }).unwrap_err().code(), ErrorCode::InvalidData);
    let text = serde_json::to_string(&seen).unwrap();
    assert_eq!(serde_json::from_str::<ObservedCounts>(&text).unwrap(), seen);
}

#[test]
fn threads_and_merges_change_nothing() {
    let rows = TASK * 2 + 17;
    let x: Vec<f64> = (0..rows).map(|i| ((i * 7919) % 10_007) as f64 / 8.0).collect();
    let event: Vec<bool> = (0..rows).map(|i| i % 7 == 0).collect();
    let labels = Labels { event, weight: vec![WEIGHT_ONE; rows], test: vec![false; rows] };
    let field = field(Kind::Number);
    let whole = observe(&field, &Column::numbers(x.clone()), &labels, 1000, Threads::One).unwrap();
    assert_eq!(observe(&field, &Column::numbers(x.clone()), &labels, 1000, Threads::Count(3)).unwrap(), whole);
    let mut parts = (0..2).map(|side| {
        let test = (0..rows).map(|i| i % 2 == side).collect();
        observe(&field, &Column::numbers(x.clone()), &Labels { test, ..labels.clone() }, 1000, Threads::One).unwrap()
    });
    let mut merged = parts.next().unwrap();
    merged.merge(&parts.next().unwrap()).unwrap();
    assert_eq!(merged, whole);
}

#[test]
fn what_does_not_fit_is_refused() {
    let labels = Labels { event: vec![true; 2], weight: vec![1; 2], test: vec![false; 2] };
    let number = field(Kind::Number);
    let run = |field: &Field, column: Column<'_>| observe(field, &column, &labels, 16, Threads::One).unwrap_err();
    assert_eq!(run(&number, Column::numbers(vec![1.0])).code(), ErrorCode::InvalidData);
    assert_eq!(run(&number, Column::text([None, None])).code(), ErrorCode::InvalidData);
    let infinite = run(&number, Column::numbers(vec![1.0, f64::INFINITY]));
    assert_eq!((infinite.code(), infinite.problems()[0].row), (ErrorCode::InvalidData, Some(1)));
    let seen = |field: &Field, column| observe(field, &column, &labels, 16, Threads::One).unwrap();
    let mut levels = seen(&field(Kind::Category), Column::text([Some("a"), None]));
    assert_eq!(levels.merge(&seen(&number, Column::numbers(vec![1.0, 2.0]))).unwrap_err().code(), ErrorCode::Incompatible);
}
