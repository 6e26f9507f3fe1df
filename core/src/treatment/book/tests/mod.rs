//! The checker against an enumerator, on books that are right, broken on purpose, or careless.

mod enumerator;
mod generator;
mod shipped;

use enumerator::{agree, ask, points, row_of};
use generator::{FAULTS, Random, careless, plant, sound};
use proptest::prelude::*;

/// Kinds of axes: tier, flag, number, category, whole number, another category.
const KINDS: [usize; 8] = [0, 1, 2, 3, 4, 5, 1, 2];

#[test]
fn books_split_from_all_states_are_sound() {
    for seed in 0..20 {
        let mut random = Random(seed);
        let book = sound(&KINDS[..5 + random.below(2)], 40 + random.below(20), &mut random);
        assert!(book.rows.len() >= 40);
        assert_eq!(agree(&book), [false; 3]);
        // Any state, not only those that stand for many.
        let table = book.resolve().unwrap();
        let values: Vec<_> = (0..book.axes.len()).map(|axis| points(&book, axis)).collect();
        for _ in 0..500 {
            let state: Vec<_> = values.iter().map(|points| &points[random.below(points.len())]).collect();
            assert_eq!(row_of(&book, &state), [usize::from(ask(&table, &state))], "{state:?}");
        }
    }
}

#[test]
fn two_hundred_planted_faults_are_found() {
    let mut planted = 0;
    for (fault, (name, expected)) in FAULTS.into_iter().enumerate() {
        let mut random = Random(1_000 + fault as u64);
        for _ in 0..19 {
            // Not every book has a place for every fault.
            let broken = (0..1_000).find_map(|_| {
                let book = sound(&KINDS[..5], 40 + random.below(10), &mut random);
                (0..100).find_map(|_| plant(&book, fault, &mut random))
            });
            let found = agree(&broken.unwrap());
            for (kind, expected) in expected.into_iter().enumerate() {
                assert!(expected.is_none_or(|expected| expected == found[kind]), "{name}: {found:?}");
            }
            planted += 1;
        }
    }
    assert!(planted >= 200);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn the_checker_agrees_with_the_enumerator(seed: u64, axes in 1usize..5, rows in 1usize..8, shift in 0usize..6) {
        let kinds: Vec<usize> = (0..axes).map(|i| (i + shift) % 6).collect();
        agree(&careless(&kinds, rows, &mut Random(seed)));
        agree(&sound(&kinds, rows, &mut Random(seed)));
    }

    #[test]
    fn rows_made_of_the_gaps_close_them(seed: u64, axes in 1usize..5, rows in 1usize..5) {
        let mut book = careless(&KINDS[..axes], rows, &mut Random(seed));
        let before = book.check().unwrap();
        prop_assume!(before.more_gaps == 0);
        for gap in &before.gaps {
            let code = book.rows.len();
            book.rows.push(generator::row(code, gap.when.clone()));
        }
        let after = book.check().unwrap();
        prop_assert!(after.gaps.is_empty());
        prop_assert_eq!(after.overlaps, before.overlaps);
    }
}

#[test]
fn large_books_have_small_diagrams() {
    for axes in 6..=8 {
        for seed in 0..6 {
            let book = sound(&KINDS[..axes], 200, &mut Random(seed));
            let report = book.check().unwrap();
            assert!(report.rows == 200 && report.is_sound() && report.nodes < 20_000, "{report:?}");
        }
    }
}
