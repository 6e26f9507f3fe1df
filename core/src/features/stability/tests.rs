//! Figures by hand and laws.

use proptest::prelude::*;

use super::*;
use crate::ErrorCode;
use crate::features::{Month, MonthlySeries};

fn series(values: Vec<f64>) -> MonthlySeries {
    MonthlySeries::new(Month::parse("2023-04").unwrap(), values).unwrap()
}

#[test]
fn income_by_hand() {
    let found = income_stability(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]).unwrap();
    assert_eq!((found.mean, found.longest_gap, found.share_with_inflow), (5.0, 0, 1.0));
    assert_eq!(found.deviation, (32.0f64 / 7.0).sqrt());
    let none = income_stability(&[0.0; 5]).unwrap();
    assert_eq!((none.variation, none.longest_gap, none.share_with_inflow), (None, 5, 0.0));
    assert_eq!(income_stability(&[1.0]).unwrap_err().code(), ErrorCode::InsufficientData);
    assert_eq!(income_stability(&[1.0, -2.0]).unwrap_err().problems()[0].row, Some(1));
    assert_eq!(income_stability(&[1.0, f64::NAN]).unwrap_err().code(), ErrorCode::InvalidData);
}

#[test]
fn season_and_forecast_by_hand() {
    let short = series(vec![1.0; 23]);
    assert_eq!(seasonality(&short).unwrap_err().code(), ErrorCode::InsufficientData);
    assert_eq!(seasonal_forecast(&short, 1).unwrap_err().code(), ErrorCode::InsufficientData);
    assert_eq!(seasonality(&series(vec![-1.0; 24])).unwrap_err().code(), ErrorCode::InsufficientData);
    assert_eq!(seasonal_forecast(&series(vec![1.0; 24]), 0).unwrap_err().code(), ErrorCode::InvalidConfig);

    // The oldest months that make no whole year do not count: 27 months from April 2023 use July 2023 to June 2025.
    let mut values = vec![10.0; 27];
    values[0] = 1e9;
    let season = seasonality(&series(values)).unwrap();
    assert_eq!((season.index, season.from, season.years), ([1.0; 12], Month::parse("2023-07").unwrap(), 2));

    // Level months: the season is no better than the mean, and says so.
    let level = seasonal_forecast(&series(vec![7.0; 30]), 14).unwrap();
    assert!(!level.beats_naive && level.points.iter().all(|p| (p.low, p.value, p.high) == (7.0, 7.0, 7.0)));
    assert_eq!(level.points[0].month, Month::parse("2025-10").unwrap());

    // Noise without season: last year's month is a worse forecast than the mean.
    let noise: Vec<f64> = (0..24).map(|i| if (i / 12 + i) % 2 == 0 { 8.0 } else { 12.0 }).collect();
    let found = seasonal_forecast(&series(noise), 1).unwrap();
    assert_eq!((found.mean_absolute_error, found.naive_error, found.beats_naive), (4.0, 2.0, false));
}

fn amounts() -> impl Strategy<Value = Vec<(&'static str, f64)>> {
    let names = prop::sample::select(vec!["a", "b", "c", "d", "e"]);
    prop::collection::vec((names, prop_oneof![Just(0.0), 0.01..1e6f64]), 1..30)
        .prop_filter("money", |list| list.iter().any(|(_, amount)| *amount > 0.0))
}

proptest! {
    #[test]
    fn a_mix_adds_up_and_knows_no_order((list, shuffled) in amounts().prop_flat_map(|l| (Just(l.clone()), Just(l).prop_shuffle()))) {
        let mix = category_mix(list.iter().copied()).unwrap();
        prop_assert_eq!(&mix, &category_mix(shuffled).unwrap());
        prop_assert!((mix.shares.iter().map(|one| one.share).sum::<f64>() - 1.0).abs() < 1e-12);
        let present = mix.shares.iter().filter(|one| one.amount > 0.0).count() as f64;
        prop_assert!((0.0..=1.0).contains(&mix.evenness) && mix.entropy <= crate::math::ln(present) + 1e-12);
        prop_assert!(mix.herfindahl >= 1.0 / present - 1e-12 && mix.herfindahl <= 1.0 + 1e-12);
    }

    #[test]
    fn total_variation_is_a_distance(a in amounts(), b in amounts(), c in amounts()) {
        let [a, b, c] = [a, b, c].map(|list| category_mix(list).unwrap());
        let d = |x: &CategoryMix, y: &CategoryMix| share_shift(x, y).distance;
        prop_assert_eq!(d(&a, &a), 0.0);
        prop_assert_eq!(d(&a, &b), d(&b, &a));
        prop_assert!(d(&a, &c) <= d(&a, &b) + d(&b, &c) + 1e-12);
        prop_assert!((0.0..=1.0).contains(&d(&a, &b)));
    }

    #[test]
    fn the_indices_of_a_season_have_mean_one(values in prop::collection::vec(1.0..1e6f64, 24..60)) {
        let season = seasonality(&series(values)).unwrap();
        prop_assert!((season.index.iter().sum::<f64>() - 12.0).abs() < 1e-9);
    }

    #[test]
    fn a_pure_season_is_forecast_without_error(year in prop::collection::vec(0.0..1e6f64, 12), months in 1..30usize) {
        let forecast = seasonal_forecast(&series(year.repeat(3)), months).unwrap();
        prop_assert_eq!(forecast.mean_absolute_error, 0.0);
        prop_assert!(forecast.points.iter().enumerate().all(|(at, point)| point.value == year[at % 12]));
    }
}
