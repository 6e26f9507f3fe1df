//! A decision on one record allocates nothing.
#![allow(clippy::unwrap_used)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell as Counter;

use scoreline::{Date, Scorer, Value};
use scoreline_tests::{MODELS, Record, ReviewVectors, Vectors, cells, path};

thread_local! {
    static ALLOCATIONS: Counter<u64> = const { Counter::new(0) };
}

/// Counts what each thread asks for.
struct Counting;

fn count() {
    let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
}

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn allocations(action: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.with(Counter::get);
    action();
    ALLOCATIONS.with(Counter::get) - before
}

fn decide(scorer: &Scorer, row: &Vec<Value<'_>>, day: Option<Date>) -> u64 {
    allocations(|| {
        std::hint::black_box(scorer.decide(std::hint::black_box(row), day)).unwrap();
    })
}

#[test]
fn the_counter_counts() {
    assert!(allocations(|| drop(std::hint::black_box(vec![1u8; 100]))) >= 1);
    assert_eq!(allocations(|| _ = std::hint::black_box([1u8; 100])), 0);
}

/// From the first record on: nothing is prepared behind the scenes.
#[test]
fn no_case_of_the_vectors_allocates() {
    for name in ["decide", "synthetic", "synthetic_2018", "blended", "corporate"] {
        let vectors = Vectors::read(name);
        let model = MODELS.into_iter().find(|model| model.artefact == vectors.artefact).unwrap();
        let scorer = model.load().scorer().unwrap();
        for case in &vectors.cases {
            let Ok(row) = cells(&scorer, &case.record) else { continue };
            if scorer.decide(&row, vectors.day()).is_ok() {
                assert_eq!(decide(&scorer, &row, vectors.day()), 0, "{name}: {}", case.name);
            }
        }
        let fresh = model.load().scorer().unwrap();
        let empty = Record::new();
        assert_eq!(decide(&fresh, &cells(&fresh, &empty).unwrap(), vectors.day()), 0, "the first record of {name}");
    }
}

#[test]
fn no_review_allocates() {
    let vectors = ReviewVectors::read("nightly");
    let scorer = scoreline::Artefact::load(path(&vectors.artefact)).unwrap().scorer().unwrap();
    for case in &vectors.cases {
        let Ok(row) = cells(&scorer, &case.record) else { continue };
        if scorer.review(&row, case.standing(), case.day()).is_ok() {
            let (standing, day) = (case.standing(), case.day());
            let count = allocations(|| {
                std::hint::black_box(scorer.review(std::hint::black_box(&row), standing, day)).unwrap();
            });
            assert_eq!(count, 0, "{}", case.name);
        }
    }
}

/// Levels of every length, seen or not.
#[test]
fn long_and_unseen_levels_do_not_allocate() {
    let day = Some(Date::parse("2026-11-21").unwrap());
    for model in MODELS {
        let scorer = model.load().scorer().unwrap();
        for level in ["", "1", "salaried", "Künstler", &"x".repeat(10_000)] {
            let categories = scorer
                .schema()
                .fields
                .iter()
                .map(|field| if field.kind == scoreline::Kind::Category { Value::Category(level) } else { Value::Missing });
            assert_eq!(decide(&scorer, &categories.collect(), day), 0);
        }
    }
}
