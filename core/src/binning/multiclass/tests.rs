//! Bins for several classes against all bins there are, the bins for events, and another library.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::ErrorCode;
use crate::binning::{BinningConfig, Movement, Observed, Split, Tallied, Values, information_value};
use crate::data::{Column, Field, Kind, Value, WEIGHT_ONE};
use crate::stats::{Cell, ClassCounts, Counts, Tally};

fn counts(weights: &[u64]) -> ClassCounts {
    weights.iter().map(|n| n * WEIGHT_ONE).collect()
}

fn cells(table: &[Vec<u64>]) -> Vec<Cell<ClassCounts>> {
    table.iter().enumerate().map(|(i, weights)| Cell { value: i as f64, counts: counts(weights) }).collect()
}

fn numeric(cells: &[Cell<ClassCounts>]) -> Tallied<'_, ClassCounts> {
    Tallied { values: Values::Numeric { cells, exact: true }, special: &[], missing: ClassCounts::default() }
}

fn sum(cells: &[Cell<ClassCounts>]) -> ClassCounts {
    let mut sum = ClassCounts::default();
    cells.iter().for_each(|cell| sum.add(&cell.counts));
    sum
}

/// By the definitions in words.
fn objective(bins: &[ClassCounts], all: &ClassCounts, objective: MulticlassObjective) -> f64 {
    let total = all.weight() as f64;
    let one = |bin: &ClassCounts, class: usize| match objective {
        MulticlassObjective::Iv => information_value(bin.against_rest(class), all.against_rest(class), 0.5).unwrap() / 3.0,
        MulticlassObjective::Js if bin.of(class) == 0 => 0.0,
        MulticlassObjective::Js => {
            let rate = bin.of(class) as f64 / bin.weight() as f64;
            bin.of(class) as f64 / total * crate::math::ln(rate / (all.of(class) as f64 / total))
        }
    };
    bins.iter().flat_map(|bin| (0..3).map(move |class| one(bin, class))).sum()
}

proptest! {
    #[test]
    fn the_found_bins_are_the_best_of_all(
        table in prop::collection::vec(prop::collection::vec(0u64..9, 3), 2..9), max_bins in 2usize..5, least in 0u64..6,
        js in any::<bool>(), auto in any::<bool>()
    ) {
        let cells: Vec<_> = cells(&table).into_iter().filter(|cell| cell.counts.weight() > 0).collect();
        let all = sum(&cells);
        prop_assume!((0..3).all(|class| all.of(class) > 0));
        let config = MulticlassConfig {
            objective: if js { MulticlassObjective::Js } else { MulticlassObjective::Iv },
            max_bins,
            min_share: 0.0,
            min_level_share: 0.0,
            min_class_count: least as f64,
            trend: if auto { ClassTrend::Monotonic } else { ClassTrend::None },
            smoothing: 0.5,
        };
        let found = bin("x", &["a", "b", "c"], &numeric(&cells), &config).unwrap();
        // The direction of each class, by counting pairs of rows.
        let rising: Vec<bool> = (0..3)
            .map(|class| {
                let (mut above, mut below) = (0u128, 0u128);
                for (i, low) in cells.iter().enumerate() {
                    for high in &cells[i + 1..] {
                        let rest = |cell: &Cell<ClassCounts>| u128::from(cell.counts.weight() - cell.counts.of(class));
                        above += u128::from(high.counts.of(class)) * rest(low);
                        below += u128::from(low.counts.of(class)) * rest(high);
                    }
                }
                above >= below
            })
            .collect();
        let inner = cells.len() - 1;
        let mut best: Option<f64> = None;
        for set in 0u32..1 << inner {
            if set.count_ones() as usize >= max_bins {
                continue;
            }
            let mut bins = vec![ClassCounts::default()];
            for (i, cell) in cells.iter().enumerate() {
                if i > 0 && set >> (i - 1) & 1 == 1 {
                    bins.push(ClassCounts::default());
                }
                bins.last_mut().unwrap().add(&cell.counts);
            }
            let enough = config.least(all.weight()).1;
            let large = bins.iter().all(|bin| (0..3).all(|class| bin.of(class) >= enough));
            let rate = |bin: &ClassCounts, class: usize| bin.of(class) as f64 / bin.weight() as f64;
            let moves = |pair: &[ClassCounts]| {
                (0..3).all(|class| {
                    let (a, b) = (rate(&pair[0], class), rate(&pair[1], class));
                    if rising[class] { a < b } else { a > b }
                })
            };
            if large && (!auto || bins.windows(2).all(moves)) {
                let value = objective(&bins, &all, config.objective);
                best = Some(best.map_or(value, |best| best.max(value)));
            }
        }
        prop_assert!(found.certificate.optimal);
        match best {
            Some(best) => prop_assert!((found.certificate.objective - best).abs() < 1e-12, "{} {best}", found.certificate.objective),
            None => prop_assert_eq!(found.bins.len(), 2),
        }
    }

    /// Two classes are events and non-events: as much information as the bins made for them, when those need no trend.
    #[test]
    fn two_classes_agree_with_events(table in prop::collection::vec((1u64..20, 1u64..20), 3..8), max_bins in 2usize..5) {
        let names: Vec<String> = (0..table.len()).map(|i| format!("L{i}")).collect();
        let events: Vec<(&str, Counts)> = names.iter().map(String::as_str)
            .zip(table.iter().map(|&(g, b)| Counts { non_events: g * WEIGHT_ONE, events: b * WEIGHT_ONE })).collect();
        let classes: Vec<(&str, ClassCounts)> = names.iter().map(String::as_str)
            .zip(table.iter().map(|&(g, b)| counts(&[g, b]))).collect();
        let binary = BinningConfig { max_bins, min_share: 0.0, min_events: 1.0, min_non_events: 1.0, ..BinningConfig::default() };
        let one = Observed { values: Values::Category { levels: &events }, special: &[], missing: Counts::default() };
        let two = Tallied { values: Values::Category { levels: &classes }, special: &[], missing: ClassCounts::default() };
        let expected = crate::binning::bin("x", &one, &binary).unwrap();
        let config = MulticlassConfig { max_bins, min_share: 0.0, ..MulticlassConfig::default() };
        let found = bin("x", &["good", "bad"], &two, &config).unwrap();
        prop_assert!((found.iv - expected.iv).abs() < 1e-9, "{} {}", found.iv, expected.iv);
        prop_assert!((found.iv_by_class[0] - found.iv_by_class[1]).abs() < 1e-12);
        if let (Split::Category { groups: ours, .. }, Split::Category { groups: theirs, .. }) = (&found.split, &expected.split)
            && ours.len() == theirs.len() {
            // The order may be turned around; the weight of evidence of the event is the same bin by bin.
            for (bin, group) in found.bins.iter().zip(ours) {
                let same = theirs.iter().position(|other| other == group);
                prop_assert!(same.is_none_or(|k| (expected.bins[k].woe - bin.woe[1]).abs() < 1e-12));
            }
        }
    }
}

/// optbinning 1.0 maximises the sum of the same information values over its candidates; here every month is one.
#[test]
fn more_information_than_optbinning() {
    let golden: Json = serde_json::from_str(include_str!("../../../../tests/golden/binning_targets.json")).unwrap();
    let sample = &golden["multiclass"];
    let x: Vec<f64> = sample["x"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
    let classes = ["none", "one", "two"];
    let target = sample["class"].as_array().unwrap().iter().map(|c| Some(classes[c.as_u64().unwrap() as usize]));
    let (field, column, target) = (Field::new("months", Kind::Number), Column::numbers(&x[..]), Column::text(target));
    let config = MulticlassConfig { max_bins: 5, ..MulticlassConfig::default() };
    let bins = bin_column(&field, &column, &target, None, &config).unwrap();
    assert_eq!(bins.classes, classes);
    assert!(bins.iv >= sample["iv"].as_f64().unwrap(), "{}", bins.iv);
    assert!(bins.certificate.optimal && bins.certificate.gap == Some(0.0));
    let text = serde_json::to_string(&bins).unwrap();
    assert_eq!(serde_json::from_str::<MulticlassBins>(&text).unwrap(), bins);
    let woe = bins.transform(2, &column, &[]);
    let code = |x: f64| usize::from(bins.code(Value::Number(x), &[]).0);
    assert!(woe.iter().zip(&x).all(|(woe, x)| *woe == bins.bins[code(*x)].woe[2]));

    // The classes' own trends: later months are late more often, and lost less often.
    let auto = bin_column(&field, &column, &target, None, &MulticlassConfig { trend: ClassTrend::Monotonic, ..config }).unwrap();
    assert!(auto.split.bins() > 1 && auto.iv <= bins.iv);
    assert_eq!(auto.trends[1..], [Movement::Increasing, Movement::Decreasing]);
}

#[test]
fn levels_are_ordered_along_the_axis_on_which_they_differ_most() {
    // Shares move from the first class to the third; the second is everywhere the same.
    let levels = [("d", [10, 20, 70]), ("b", [55, 20, 25]), ("a", [70, 20, 10]), ("c", [25, 20, 55])]
        .map(|(name, weights)| (name, counts(&weights)));
    let observed = Tallied { values: Values::Category { levels: &levels }, special: &[], missing: ClassCounts::default() };
    let config = MulticlassConfig { max_bins: 2, ..MulticlassConfig::default() };
    let bins = bin("x", &["low", "mid", "high"], &observed, &config).unwrap();
    let Split::Category { mut groups, .. } = bins.split.clone() else { panic!("a category was given") };
    groups.sort();
    assert_eq!(groups, [vec!["a", "b"], vec!["c", "d"]]);
    assert!(bins.iv_by_class[1] < 1e-20 && bins.iv_by_class[0] > 0.5);
}

#[test]
fn bad_input_is_refused_with_the_name_of_the_field() {
    let config = MulticlassConfig::default();
    let full = cells(&[vec![5, 5, 5], vec![9, 1, 2]]);
    let absent = cells(&[vec![5, 0, 5], vec![9, 0, 2]]);
    for (cells, classes, code) in [
        (&full, &["a"][..], ErrorCode::InvalidData),
        (&full, &["a", "b"], ErrorCode::InvalidData),
        (&absent, &["a", "b", "c"], ErrorCode::InsufficientData),
    ] {
        let error = bin("x", classes, &numeric(cells), &config).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(error.problems()[0].field.is_some());
    }
    let wrong = MulticlassConfig { max_bins: 0, min_share: -1.0, min_class_count: f64::NAN, smoothing: 0.0, ..config.clone() };
    assert_eq!(bin("x", &["a", "b", "c"], &numeric(&full), &wrong).unwrap_err().problems().len(), 4);
    let target = Column::text([Some("a"), None]);
    let error = bin_column(&Field::new("x", Kind::Number), &Column::numbers(vec![1.0, 2.0]), &target, None, &config).unwrap_err();
    assert_eq!(error.problems()[0].row, Some(1));
    // A class in the missing bin only: one ordinary bin whose value is smoothed.
    let one = cells(&[vec![5, 5], vec![9, 1]]);
    let observed = Tallied { missing: counts(&[0, 0, 4]), ..numeric(&one) };
    let bins = bin("x", &["a", "b", "c"], &observed, &config).unwrap();
    assert!(bins.split.bins() == 1 && bins.iv.is_finite() && bins.certificate.bound.is_some());
    let text = serde_json::to_string(&bins).unwrap();
    assert_eq!(serde_json::from_str::<MulticlassBins>(&text).unwrap(), bins);
}
