//! Laws, and an example worked by hand.

use proptest::prelude::*;

use super::*;
use crate::pricing::FtpPoint;

fn cents(minor: i64) -> Money {
    Money::new(minor, 2).unwrap()
}

fn book(amounts: &[(f64, i64, i64)]) -> Vec<RepricingBucket> {
    let bucket =
        |&(months, assets, liabilities)| RepricingBucket { months, assets: cents(assets), liabilities: cents(liabilities) };
    amounts.iter().map(bucket).collect()
}

/// Exact, in units of 1/24 of a basis point of a cent: half months, and whole basis points.
fn by_hand(amounts: &[(f64, i64, i64)], points: i64, horizon: i64) -> f64 {
    let one = |&(months, assets, liabilities): &(f64, i64, i64)| {
        let halves = (2 * horizon - (2.0 * months) as i64).max(0);
        i128::from(assets - liabilities) * i128::from(points) * i128::from(halves)
    };
    amounts.iter().map(one).sum::<i128>() as f64 / 240_000.0
}

/// One-year gap of −15 million: with rates up by one percent, interest income falls by 150,000 a year (A. Saunders and M. Cornett,
/// "Financial Institutions Management", chapter on the repricing model, where all that is repriced within the year counts in full).
#[test]
fn the_textbook_gap() {
    let million = 100_000_000;
    let found = repricing_gap(&book(&[(0.0, 155 * million, 170 * million)]), &RateShift::Parallel { shift: 0.01 }, 12).unwrap();
    assert_eq!((found.gap, found.change), (cents(-15 * million), cents(-15_000_000)));
}

#[test]
fn what_is_repriced_at_or_after_the_horizon_does_not_count() {
    let late = book(&[(12.0, 500, 0), (36.0, 0, 900)]);
    let found = repricing_gap(&late, &RateShift::Buckets { shifts: vec![0.5, -0.5] }, 12).unwrap();
    assert_eq!((found.change, found.margin_change), (cents(0), Some(0.0)));
    assert_eq!(repricing_gap(&late, &RateShift::Buckets { shifts: vec![0.5, -0.5] }, 24).unwrap().change, cents(250));
    let no_assets = book(&[(1.0, 0, 900)]);
    assert_eq!(repricing_gap(&no_assets, &RateShift::Parallel { shift: 0.1 }, 12).unwrap().margin_change, None);
}

#[test]
fn curves_move_each_bucket_by_their_difference() {
    let curve = |rates: [f64; 2]| FtpCurve {
        points: vec![FtpPoint { months: 0, rate: rates[0] }, FtpPoint { months: 12, rate: rates[1] }],
    };
    let buckets = book(&[(0.0, 100_000, 0), (1.5, 0, 240_000), (9.0, 640_000, 0)]);
    let tilt = RateShift::Curves { before: curve([0.03, 0.03]), after: curve([0.01, 0.05]) };
    let found = repricing_gap(&buckets, &tilt, 12).unwrap();
    for (row, want) in found.rows.iter().zip([-0.02, -0.015, 0.01]) {
        assert!((row.shift - want).abs() < 1e-15);
    }
    assert_eq!(found.rows.iter().map(|row| row.change).collect::<Vec<_>>(), [cents(-2_000), cents(3_150), cents(1_600)]);
    let up = RateShift::Curves { before: curve([0.03, 0.04]), after: curve([0.05, 0.06]) };
    assert_eq!(repricing_gap(&buckets, &up, 12).unwrap().change, cents(2_000 - 4_200 + 3_200));
}

#[test]
fn every_fault_is_named() {
    let mut buckets = book(&[(3.0, 1, 1), (2.0, -1, 1), (f64::NAN, 1, 1)]);
    buckets[2].liabilities = Money::new(1, 0).unwrap();
    let error = repricing_gap(&buckets, &RateShift::Buckets { shifts: vec![2.0] }, 0).unwrap_err();
    let places: Vec<_> = error.problems().iter().map(|one| (one.field.clone().unwrap(), one.row)).collect();
    let at = |field: &str, row| (field.to_owned(), row);
    let wanted = [
        at("horizon", None),
        at("shift.shifts", None),
        at("shift.shifts", None),
        at("months", Some(1)),
        at("assets", Some(1)),
        at("months", Some(2)),
        at("liabilities", Some(2)),
    ];
    assert_eq!((error.code(), places), (crate::ErrorCode::InvalidData, wanted.to_vec()));
    let shift = RateShift::Parallel { shift: 0.01 };
    assert!(repricing_gap(&[], &shift, 12).is_err());
    for large in [i64::MAX, EXACT / 2 + 1] {
        assert!(repricing_gap(&book(&[(0.0, large, 0), (1.0, large, 0)]), &shift, 12).is_err());
    }
    let empty = FtpCurve { points: vec![] };
    let bad = RateShift::Curves { before: empty.clone(), after: empty };
    assert_eq!(repricing_gap(&book(&[(0.0, 1, 0)]), &bad, 12).unwrap_err().problems().len(), 2);
    // The largest book, the largest shift and the longest horizon still have a change.
    let found = repricing_gap(&book(&[(0.0, EXACT - 1, 0)]), &RateShift::Parallel { shift: 1.0 }, MAX_MONTHS).unwrap();
    assert!((found.change.minor() - (EXACT - 1) * 100).abs() <= 64 && found.margin_change == Some(1.0));
}

proptest! {
    #[test]
    fn a_parallel_shift_is_shift_times_gap_times_time(
        amounts in prop::collection::vec((0i64..1_000_000_000_000, 0i64..1_000_000_000_000), 1..12),
        points in -500i64..500, horizon in 1i64..60,
    ) {
        let amounts: Vec<_> = amounts.iter().enumerate().map(|(at, (a, l))| (at as f64 * 3.5, *a, *l)).collect();
        let shift = |by: i64| RateShift::Parallel { shift: by as f64 / 10_000.0 };
        let found = repricing_gap(&book(&amounts), &shift(points), horizon as u32).unwrap();
        let half_a_cent_each = 0.5 * amounts.len() as f64 + 1e-3;
        prop_assert!((found.change.minor() as f64 - by_hand(&amounts, points, horizon)).abs() <= half_a_cent_each);
        prop_assert_eq!(found.rows.iter().map(|row| row.change.minor()).sum::<i64>(), found.change.minor());
        prop_assert_eq!(found.rows.last().unwrap().cumulative, found.gap);
        prop_assert_eq!(found.gap.minor(), amounts.iter().map(|(_, a, l)| a - l).sum::<i64>());
        // The other way round, and the other side of the book: exactly the opposite.
        let change = |amounts: &[(f64, i64, i64)], points: i64| {
            repricing_gap(&book(amounts), &shift(points), horizon as u32).unwrap().change.minor()
        };
        prop_assert_eq!(change(&amounts, -points), -found.change.minor());
        let turned: Vec<_> = amounts.iter().map(|(months, a, l)| (*months, *l, *a)).collect();
        prop_assert_eq!(change(&turned, points), -found.change.minor());
        // The same, bucket by bucket.
        let each = RateShift::Buckets { shifts: vec![points as f64 / 10_000.0; amounts.len()] };
        prop_assert_eq!(repricing_gap(&book(&amounts), &each, horizon as u32).unwrap(), found);
        let matched: Vec<_> = amounts.iter().map(|(months, a, _)| (*months, *a, *a)).collect();
        let even = repricing_gap(&book(&matched), &shift(points), horizon as u32).unwrap();
        prop_assert!(even.change.minor() == 0 && even.rows.iter().all(|row| row.gap.minor() == 0 && row.change.minor() == 0));
    }
}
