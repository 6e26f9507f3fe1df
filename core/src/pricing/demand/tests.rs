use proptest::prelude::*;

use super::*;

#[test]
fn golden_take_up() {
    let file: serde_json::Value = serde_json::from_str(include_str!("../../../../tests/golden/raroc.json")).unwrap();
    let all = file["cases"].as_array().unwrap();
    let cases: Vec<_> = all.iter().filter(|case| case["id"].as_str().unwrap().starts_with("takeup")).collect();
    for case in &cases {
        let number = |part: &str, name: &str| case[part][name].as_f64().unwrap();
        let curve = TakeUp::Logit { intercept: number("inputs", "a"), slope: number("inputs", "b") };
        let rate = number("inputs", "rate");
        assert!((curve.share(rate) - number("expected", "takeup")).abs() < 1e-12);
        assert!((curve.elasticity(rate) - number("expected", "elasticity")).abs() < 1e-12);
    }
    assert_eq!(cases.len(), 1);
}

#[test]
fn a_table_is_linear_between_its_points() {
    let point = |rate, share| TakeUpPoint { rate, share };
    let curve = TakeUp::Table { points: vec![point(0.05, 0.8), point(0.10, 0.4), point(0.20, 0.1)] };
    curve.validate().unwrap();
    for (rate, share) in [(0.01, 0.8), (0.05, 0.8), (0.075, 0.6), (0.10, 0.4), (0.15, 0.25), (0.3, 0.1)] {
        assert!((curve.share(rate) - share).abs() < 1e-12, "{rate}");
    }
    assert!((curve.elasticity(0.15) - (-3.0 * 0.15 / 0.25)).abs() < 1e-12);
    let bad = |points: &[TakeUpPoint]| TakeUp::Table { points: points.to_vec() }.validate().is_err();
    assert!(bad(&[]) && bad(&[point(0.1, 0.4), point(0.2, 0.5)]) && bad(&[point(0.1, 1.4)]) && bad(&[point(0.1, 0.4); 2]));
    assert!(TakeUp::Logit { intercept: 0.0, slope: 0.1 }.validate().is_err());
}

#[test]
fn bounds_are_named() {
    let curve = TakeUp::Logit { intercept: 2.0, slope: -25.0 };
    let best = |needed: f64, cap: f64| best_price(&curve, needed, cap, 200, |rate| rate - 0.06).unwrap();
    assert_eq!(best(0.2, 0.15), BestPrice::NoLegalPrice { needed: 0.2, cap: 0.15 });
    let BestPrice::Quote { rung, at_bound: true } = best(0.06, 0.08) else { panic!() };
    assert_eq!(rung.rate, 0.08);
    let BestPrice::Quote { rung, at_bound: true } = best(0.3, 0.36) else { panic!() };
    assert_eq!(rung.rate, 0.3);
    assert!(price_ladder(&curve, 0.0, f64::INFINITY, 10, |rate| rate).is_err());
    assert!(price_ladder(&curve, 0.0, 1.0, 10, |_| f64::NAN).is_err());
}

fn ladders(intercepts: &[f64]) -> Vec<SegmentLadder> {
    let ladder = |(at, intercept): (usize, &f64)| {
        let curve = TakeUp::Logit { intercept: *intercept, slope: -20.0 - 5.0 * at as f64 };
        let rungs = price_ladder(&curve, 0.05, 0.2, 6, |rate| 1000.0 * (rate - 0.06)).unwrap();
        SegmentLadder { segment: format!("S{at}"), offers: 100.0 * (at + 1) as f64, amount: 1000.0, rungs }
    };
    intercepts.iter().enumerate().map(ladder).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Against a fine grid.
    #[test]
    fn no_price_of_a_grid_is_better((intercept, slope) in (-1.0..4.0f64, -60.0..-1.0f64), (cost, cap) in (0.01..0.1f64, 0.12..0.5f64)) {
        let curve = TakeUp::Logit { intercept, slope };
        let BestPrice::Quote { rung, .. } = best_price(&curve, cost, cap, 200, |rate| rate - cost).unwrap() else { panic!() };
        let grid = price_ladder(&curve, cost, cap, 20_000, |rate| rate - cost).unwrap();
        prop_assert!(grid.iter().all(|other| other.expected <= rung.expected + 1e-15));
        prop_assert!(rung.rate >= cost && rung.rate <= cap);
    }

    /// Against every choice of prices: nothing lies above the frontier, and every point is one of the choices.
    #[test]
    fn no_choice_of_prices_lies_above_the_frontier(intercepts in prop::collection::vec(-1.0..4.0f64, 3)) {
        let segments = ladders(&intercepts);
        let frontier = efficient_frontier(&segments).unwrap();
        prop_assert!(frontier.windows(2).all(|pair| pair[0].volume < pair[1].volume && pair[0].profit >= pair[1].profit));
        for a in &segments[0].rungs {
            for b in &segments[1].rungs {
                for c in &segments[2].rungs {
                    let all = [a, b, c].into_iter().zip(&segments);
                    let (volume, profit) = all.fold((0.0, 0.0), |(volume, profit), (rung, segment)| {
                        (volume + segment.offers * segment.amount * rung.share, profit + segment.offers * rung.expected)
                    });
                    let above = frontier.windows(2).find(|pair| pair[0].volume <= volume && volume <= pair[1].volume);
                    let Some([left, right]) = above else { continue };
                    let at = left.profit + (volume - left.volume) / (right.volume - left.volume) * (right.profit - left.profit);
                    prop_assert!(profit <= at + 1e-6 * (1.0 + at.abs()), "{} {}", profit, at);
                }
            }
        }
        let most = frontier[0].profit;
        let best: f64 = segments.iter().map(|one| one.offers * one.rungs.iter().map(|rung| rung.expected).fold(f64::MIN, f64::max)).sum();
        prop_assert!((most - best).abs() < 1e-9 * (1.0 + best.abs()));
    }
}

#[test]
fn a_segment_without_prices_is_named() {
    let mut segments = ladders(&[1.0, 2.0]);
    segments[1].rungs.clear();
    let error = efficient_frontier(&segments).unwrap_err();
    assert_eq!(error.problems()[0].row, Some(1));
    assert_eq!(efficient_frontier(&[]).unwrap().len(), 1);
}
