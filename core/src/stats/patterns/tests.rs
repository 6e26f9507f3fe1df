use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::error::ErrorCode;

type Row = (Vec<u8>, bool, u64);

fn observe(patterns: &mut Patterns, rows: &[Row]) {
    let columns: Vec<Vec<u8>> = (0..patterns.codes.len()).map(|j| rows.iter().map(|row| row.0[j]).collect()).collect();
    let codes: Vec<&[u8]> = columns.iter().map(Vec::as_slice).collect();
    let event: Vec<bool> = rows.iter().map(|row| row.1).collect();
    let weight: Vec<u64> = rows.iter().map(|row| row.2).collect();
    patterns.observe(&codes, &event, &weight).unwrap();
}

/// By the definition: count every different row, and keep those of smallest hash.
fn naive(variables: usize, capacity: usize, rows: &[Row]) -> Vec<(Vec<u8>, Counts)> {
    let mut all: BTreeMap<Vec<u8>, Counts> = BTreeMap::new();
    for (codes, event, weight) in rows.iter().filter(|row| row.2 > 0) {
        all.entry(codes.clone()).or_default().add_row(*event, *weight);
    }
    let key = |codes: &[u8]| hash(&(0..variables).map(|j| vec![codes[j]]).collect::<Vec<_>>(), 1)[0];
    let mut sorted: Vec<(Vec<u8>, Counts)> = all.into_iter().collect();
    sorted.sort_by_key(|(codes, _)| key(codes));
    sorted.truncate(capacity);
    sorted
}

fn rows(variables: usize) -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((prop::collection::vec(0..3u8, variables), any::<bool>(), 0..4u64), 0..200)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_merge_tree_ends_at_the_patterns_of_smallest_hash(
        (variables, rows) in (0..11usize).prop_flat_map(|variables| (Just(variables), rows(variables))),
        capacity in prop_oneof![1..9usize, 10..300usize],
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..80),
    ) {
        let mut parts: Vec<Patterns> = Vec::new();
        let mut rest = &rows[..];
        let mut picks = picks.iter().cycle();
        while !rest.is_empty() {
            let (part, left) = rest.split_at(1 + picks.next().unwrap().index(rest.len()));
            // Some parts grow by a second block instead of a merge.
            if parts.is_empty() || part.len() % 3 > 0 {
                parts.push(Patterns::new(variables, capacity));
            }
            observe(parts.last_mut().unwrap(), part);
            rest = left;
        }
        while parts.len() > 1 {
            let taken = parts.swap_remove(picks.next().unwrap().index(parts.len()));
            let into = picks.next().unwrap().index(parts.len());
            parts[into].merge(&taken).unwrap();
        }
        let merged = parts.pop().unwrap_or_else(|| Patterns::new(variables, capacity));
        let expected = naive(variables, capacity, &rows);
        prop_assert_eq!(merged.counts().to_vec(), expected.iter().map(|(_, counts)| *counts).collect::<Vec<_>>());
        for j in 0..variables {
            prop_assert_eq!(merged.codes()[j].clone(), expected.iter().map(|(codes, _)| codes[j]).collect::<Vec<_>>());
        }
        let weight: u64 = rows.iter().map(|row| row.2).sum();
        prop_assert_eq!(merged.seen().total(), weight);
        let text = serde_json::to_string(&merged).unwrap();
        prop_assert_eq!(serde_json::from_str::<Patterns>(&text).unwrap(), merged);
    }

    #[test]
    fn the_folds_of_a_pattern_add_up_to_it(rows in rows(2), folds in 1..7u32, seed in any::<u64>(), scale in prop_oneof![Just(1), Just(ROW), Just(ROW * 5000 + 1)]) {
        let rows: Vec<Row> = rows.into_iter().map(|(codes, event, weight)| (codes, event, weight * scale)).collect();
        let mut patterns = Patterns::new(2, 1000);
        observe(&mut patterns, &rows);
        let mut whole = vec![Counts::default(); patterns.len()];
        for fold in 0..folds {
            whole.iter_mut().zip(patterns.fold(fold, folds, seed)).for_each(|(sum, counts)| sum.add(counts));
        }
        prop_assert_eq!(&whole, patterns.counts());
    }
}

#[test]
fn folds_are_of_even_size_and_depend_on_the_seed() {
    let rows: Vec<Row> = (0..20_000u32).map(|i| (vec![(i % 251) as u8, (i / 251) as u8], i % 3 == 0, ROW)).collect();
    let mut patterns = Patterns::new(2, 1 << 20);
    observe(&mut patterns, &rows);
    // Rows of one pattern spread as well: the same rows a hundred times over.
    let mut repeated = Patterns::new(2, 1 << 20);
    (0..200).for_each(|_| observe(&mut repeated, &rows[..100]));
    for patterns in [patterns, repeated] {
        for fold in 0..5 {
            let total: u64 = patterns.fold(fold, 5, 1).iter().map(|counts| counts.total()).sum();
            assert!((3_750..4_250).contains(&(total / ROW)), "{fold}: {}", total / ROW);
        }
        assert_ne!(patterns.fold(0, 5, 1), patterns.fold(0, 5, 2));
    }
}

/// The kept patterns are a sample that the codes do not steer: half of the different rows hold half of the events.
#[test]
fn beyond_the_capacity_a_random_share_is_kept() {
    let rows: Vec<Row> = (0..40_000u32).map(|i| (vec![(i % 200) as u8, (i / 200) as u8], i % 4 == 0, ROW)).collect();
    let mut patterns = Patterns::new(2, 20_000);
    observe(&mut patterns, &rows);
    assert_eq!((patterns.len(), patterns.kept_share()), (20_000, 0.5));
    let events: u64 = patterns.counts().iter().map(|counts| counts.events).sum();
    assert!((4_800..5_200).contains(&(events / ROW)), "{}", events / ROW);
    let low = patterns.codes()[1].iter().filter(|&&code| code < 100).count();
    assert!((9_800..10_200).contains(&low), "{low}");
}

/// Two different rows with one hash stay two patterns.
#[test]
fn equal_hashes_do_not_join_different_rows() {
    let one = |code: u8| Patterns {
        capacity: 9,
        seen: Counts { non_events: 0, events: 1 },
        hashes: vec![7],
        codes: vec![vec![code]],
        counts: vec![Counts { non_events: 0, events: 1 }],
    };
    let (mut a, mut b) = (one(1), one(2));
    a.merge(&one(2)).unwrap();
    b.merge(&one(1)).unwrap();
    assert_eq!(a, b);
    assert_eq!(a.codes(), [[1, 2]]);
}

#[test]
fn refuses_other_set_ups_and_damaged_files() {
    let mut patterns = Patterns::new(2, 8);
    observe(&mut patterns, &[(vec![1, 2], true, 3), (vec![2, 1], false, 4)]);
    for other in [Patterns::new(3, 8), Patterns::new(2, 9)] {
        assert_eq!(patterns.clone().merge(&other).unwrap_err().code(), ErrorCode::Incompatible);
    }
    assert_eq!(patterns.observe(&[&[1]], &[true], &[1]).unwrap_err().code(), ErrorCode::Incompatible);
    assert_eq!(patterns.observe(&[&[1], &[1, 2]], &[true], &[1]).unwrap_err().code(), ErrorCode::Incompatible);
    let good = serde_json::to_string(&patterns).unwrap();
    let swapped = |a: &str, b: &str| good.replace(a, "#").replace(b, a).replace('#', b);
    for bad in [
        swapped("[1,2]", "[2,1]"),
        good.replace("\"capacity\":8", "\"capacity\":1"),
        good.replacen("\"events\":3", "\"events\":2", 1),
        good.replace("[[1,2],[2,1]]", "[[1,2],[2]]").replace("[[2,1],[1,2]]", "[[2,1],[1]]"),
    ] {
        assert!(bad != good && serde_json::from_str::<Patterns>(&bad).is_err(), "{bad}");
    }
}
