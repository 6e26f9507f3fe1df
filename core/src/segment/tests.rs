//! Segments against scikit-learn, published figures and brute force.

use proptest::prelude::*;

use super::*;
use crate::data::{Batch, Column, Field, Kind, Schema, Sensitivity, Value};
use crate::error::ErrorCode;
use crate::features::{FeaturePlan, ProtectedUse};
use crate::parallel::Threads;

#[derive(serde::Deserialize)]
struct Golden {
    fields: Vec<String>,
    means: Vec<f64>,
    sds: Vec<f64>,
    kmeans: Vec<GoldenClusters>,
    adjusted_rand: Vec<GoldenRand>,
}

#[derive(serde::Deserialize)]
struct GoldenClusters {
    clusters: usize,
    inertia: f64,
    centres: Vec<Vec<f64>>,
    labels: String,
}

#[derive(serde::Deserialize)]
struct GoldenRand {
    first: Vec<usize>,
    second: Vec<usize>,
    adjusted_rand: f64,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("../../../tests/golden/segment.json")).unwrap()
}

/// Columns of the South German Credit data.
fn credit(fields: &[String]) -> Vec<Vec<f64>> {
    let text = include_str!("../../../tests/data/south_german_credit.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let places: Vec<usize> =
        fields.iter().map(|field| reader.headers().unwrap().iter().position(|name| name == field).unwrap()).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    places.iter().map(|&at| rows.iter().map(|row| row[at].parse().unwrap()).collect()).collect()
}

fn named<'a>(fields: &'a [String], columns: &'a [Vec<f64>]) -> Vec<(&'a str, &'a [f64])> {
    fields.iter().map(String::as_str).zip(columns.iter().map(Vec::as_slice)).collect()
}

#[test]
fn clusters_are_those_of_scikit_learn() {
    let golden = golden();
    let columns = credit(&golden.fields);
    let data = named(&golden.fields, &columns);
    for case in &golden.kmeans {
        let config = KMeansConfig { clusters: case.clusters, starts: 1_000, seed: 3, missing: KMeansMissing::Refuse };
        let model = config.fit(&data, Threads::Count(2)).unwrap();
        for (at, field) in model.fields.iter().enumerate() {
            assert!((field.mean - golden.means[at]).abs() < 1e-12 * field.mean);
            assert!((field.sd - golden.sds[at]).abs() < 1e-12 * field.sd);
        }
        assert!((model.inertia - case.inertia).abs() < 1e-9 * case.inertia, "{} {}", model.inertia, case.inertia);
        for (centre, expected) in model.centres.iter().flatten().zip(case.centres.iter().flatten()) {
            assert!((centre - expected).abs() < 1e-9);
        }
        let values: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let labels = model.assign(&values).unwrap();
        let expected: Vec<usize> = case.labels.bytes().map(|digit| usize::from(digit - b'0')).collect();
        assert_eq!(labels, expected);
        assert_eq!(model.sizes.iter().sum::<u64>(), 1_000);
        assert_eq!(config.fit(&data, Threads::One).unwrap(), model, "threads change nothing");
        let text = serde_json::to_string(&model).unwrap();
        assert_eq!(serde_json::from_str::<KMeans>(&text).unwrap(), model);
        // A centre in the units of the fields is the mean of its rows.
        let mean = |cluster: usize, column: &[f64]| {
            let of: Vec<f64> = column.iter().zip(&labels).filter(|(_, label)| **label == cluster).map(|(x, _)| *x).collect();
            of.iter().sum::<f64>() / of.len() as f64
        };
        for (cluster, centre) in model.centre_values().iter().enumerate() {
            assert!(
                centre.iter().zip(&columns).all(|(value, column)| (value - mean(cluster, column)).abs() < 1e-9 * value.abs())
            );
        }
    }
}

#[test]
fn what_cannot_be_clustered_is_refused() {
    let config = KMeansConfig { clusters: 3, ..KMeansConfig::default() };
    let code = |config: KMeansConfig, columns: &[(&str, &[f64])]| config.fit(columns, Threads::One).unwrap_err().code();
    let bad = KMeansConfig { clusters: 21, starts: 0, ..config };
    assert_eq!(bad.fit(&[], Threads::One).unwrap_err().problems().len(), 2);
    let x = [1.0, 2.0, 2.0, 1.0];
    assert_eq!(code(config, &[]), ErrorCode::InvalidData);
    assert_eq!(code(config, &[("x", &x), ("x", &x)]), ErrorCode::InvalidData);
    assert_eq!(code(config, &[("x", &x), ("y", &x[..2])]), ErrorCode::InvalidData);
    assert_eq!(code(config, &[("x", &x)]), ErrorCode::InsufficientData, "two different rows, three clusters");
    assert_eq!(code(config, &[("x", &[0.1; 9])]), ErrorCode::InvalidData, "a constant");
    let gap = [1.0, f64::NAN, 5.0, 9.0];
    let error = config.fit(&[("x", &gap)], Threads::One).unwrap_err();
    assert_eq!((error.problems()[0].field.as_deref(), error.problems()[0].row), (Some("x"), Some(1)));
    let mean = KMeansConfig { missing: KMeansMissing::Mean, ..config };
    let model = mean.fit(&[("x", &gap)], Threads::One).unwrap();
    assert_eq!((model.sizes.as_slice(), model.place(&[f64::NAN]).unwrap()), (&[1, 2, 1][..], 1));
    assert!(model.place(&[1.0, 2.0]).is_err() && model.place(&[f64::INFINITY]).is_err());
    assert_eq!(code(mean, &[("x", &[1.0, 2.0, f64::INFINITY, 3.0])]), ErrorCode::InvalidData);
    assert!(serde_json::from_str::<KMeansConfig>(r#"{"cluster": 3}"#).is_err());
}

#[test]
fn adjusted_rand_indices() {
    for case in golden().adjusted_rand {
        let found = adjusted_rand(&case.first, &case.second).unwrap();
        assert!((found - case.adjusted_rand).abs() < 1e-14, "{found} {}", case.adjusted_rand);
        assert_eq!(adjusted_rand(&case.second, &case.first).unwrap(), found);
    }
    // Yeung and Ruzzo 2001, Details of the adjusted Rand index: rows 1 1 0 / 1 2 1 / 0 0 4 give 0.313.
    let table = [[1, 1, 0], [1, 2, 1], [0, 0, 4]];
    let (mut first, mut second) = (vec![], vec![]);
    for (row, counts) in table.iter().enumerate() {
        for (column, &count) in counts.iter().enumerate() {
            first.extend(std::iter::repeat_n(row, count));
            second.extend(std::iter::repeat_n(column, count));
        }
    }
    assert!((adjusted_rand(&first, &second).unwrap() - 0.313).abs() < 5e-4);
    assert!(adjusted_rand(&[0], &[]).is_err() && adjusted_rand(&[], &[]).unwrap() == 1.0);
}

#[test]
fn stable_clusters_come_back_and_those_of_chance_do_not() {
    let golden = golden();
    let columns = credit(&golden.fields);
    let kmeans = |clusters| KMeansConfig { clusters, starts: 5, seed: 1, missing: KMeansMissing::Refuse };
    let config = StabilityConfig { kmeans: kmeans(2), resamples: 30, level: 0.9 };
    let data = named(&golden.fields, &columns);
    let two = config.measure(&data, Threads::Count(2)).unwrap();
    assert_eq!(config.measure(&data, Threads::One).unwrap(), two);
    assert_eq!(two.indices.len(), 30);
    assert!(two.low <= two.mean && two.mean <= two.high && two.high <= 1.0);
    // Three groups far apart, cut into as many and into more than there are.
    let x: Vec<f64> = (0..150).map(|i| f64::from(i % 3 * 1_000 + (i * 37) % 101)).collect();
    let real = StabilityConfig { kmeans: kmeans(3), ..config }.measure(&[("x", &x)], Threads::One).unwrap();
    let more = StabilityConfig { kmeans: kmeans(8), ..config }.measure(&[("x", &x)], Threads::One).unwrap();
    assert_eq!((real.mean, real.low), (1.0, 1.0));
    assert!(more.mean < 0.9, "{}", more.mean);
    let bad = StabilityConfig { kmeans: kmeans(1), resamples: 1, level: 1.0 };
    assert_eq!(bad.measure(&[("x", &x)], Threads::One).unwrap_err().problems().len(), 3);
}

fn plan() -> FeaturePlan {
    let mut sex = Field::new("sex", Kind::Category);
    sex.sensitivity = Sensitivity::Protected { basis: "sex".into() };
    FeaturePlan::new(&Schema { fields: vec![Field::new("x", Kind::Number), Field::new("y", Kind::Number), sex] }, &[]).unwrap()
}

fn layer(name: &str, when: &str, on_missing: LayerMissing) -> Layer {
    Layer { name: name.into(), when: when.into(), on_missing }
}

fn layers(layers: Vec<Layer>) -> LayerConfig {
    LayerConfig { layers, rest: "rest".into(), unknown: "unknown".into(), protected_use: vec![] }
}

#[test]
fn every_problem_of_layers_is_listed() {
    use LayerMissing::Next;
    let bad = LayerConfig {
        rest: "a".into(),
        unknown: " ".into(),
        ..layers(vec![layer("a", "x +", Next), layer("a", "x", Next), layer("b", "z > 1", Next)])
    };
    // an expression, no flag, an unknown field; the second a, the rest that is called a, the unknown without a name
    assert_eq!(LayerRules::new(&plan(), &bad).unwrap_err().problems().len(), 6);
    assert!(LayerRules::new(&plan(), &layers(vec![])).is_err());
    let mut protected = layers(vec![layer("f", "sex = 'f'", Next)]);
    assert_eq!(LayerRules::new(&plan(), &protected).unwrap_err().problems()[0].field.as_deref(), Some("sex"));
    protected.protected_use.push(ProtectedUse { field: "sex".into(), author: "J".into(), reason: "r".into() });
    assert!(LayerRules::new(&plan(), &protected).is_ok());
}

proptest! {
    /// The first that holds wins, whatever comes after; totals add up.
    #[test]
    fn layers_are_what_the_words_say(
        rows in prop::collection::vec((prop::option::of(0u32..5), prop::option::of(0u32..5)), 0..40),
        on_missing in prop::collection::vec(any::<bool>(), 3),
    ) {
        let missing = |at: usize| if on_missing[at] { LayerMissing::Unknown } else { LayerMissing::Next };
        let config = layers(vec![
            layer("high", "x >= 3", missing(0)), layer("both", "x >= 1 AND y >= 1", missing(1)), layer("zero", "y = 0", missing(2)),
        ]);
        let rules = LayerRules::new(&plan(), &config).unwrap();
        let number = |value: Option<u32>| value.map_or(f64::NAN, f64::from);
        let batch = Batch::new(rows.len())
            .with("x", Column::numbers(rows.iter().map(|row| number(row.0)).collect::<Vec<_>>()))
            .and_then(|batch| batch.with("y", Column::numbers(rows.iter().map(|row| number(row.1)).collect::<Vec<_>>())))
            .and_then(|batch| batch.with("sex", Column::Text(vec![None; rows.len()])))
            .unwrap();
        let found = rules.assign_batch(&batch).unwrap();
        for ((x, y), &at) in rows.iter().zip(&found) {
            let record = [Value::Number(number(*x)), Value::Number(number(*y))];
            prop_assert_eq!(rules.assign(&record[..]).unwrap(), at);
            // A part that is false settles an AND, whatever the other is.
            let both = match (x.map(|x| x >= 1), y.map(|y| y >= 1)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
            let told = [x.map(|x| x >= 3), both, y.map(|y| y == 0)];
            let mut expected = "rest";
            for (at, name) in ["high", "both", "zero"].iter().enumerate() {
                if told[at] == Some(true) { expected = name; break }
                if told[at].is_none() && on_missing[at] { expected = "unknown"; break }
            }
            prop_assert_eq!(rules.names()[at].as_str(), expected);
        }
        let totals = rules.totals(&found);
        prop_assert_eq!(totals.len(), 5);
        prop_assert_eq!(totals.iter().map(|one| one.rows).sum::<u64>(), rows.len() as u64);
        if let Some(shares) = totals.iter().map(|one| one.share).sum::<Option<f64>>() {
            prop_assert!((shares - 1.0).abs() < 1e-12);
        }
    }

    /// Against the definition, for every row; new values lie between their neighbours.
    #[test]
    fn fifths_are_those_of_counting(
        rows in prop::collection::vec((0u32..30, prop::option::of(0u32..9), -3i32..3), 1..60), shift in 0usize..60,
    ) {
        let recency: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
        let frequency: Vec<f64> = rows.iter().map(|row| row.1.map_or(f64::NAN, f64::from)).collect();
        let monetary: Vec<f64> = rows.iter().map(|row| f64::from(row.2) * 0.1).collect();
        let Ok(rfm) = Rfm::fit(&recency, &frequency, &monetary) else {
            prop_assert!(frequency.iter().all(|value| value.is_nan()));
            return Ok(());
        };
        let score = |values: &[f64], at: usize, better: bool| {
            let known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
            let worse = known.iter().filter(|value| if better { **value < values[at] } else { **value > values[at] }).count();
            (!values[at].is_nan()).then(|| (1 + 5 * worse / known.len()) as u8)
        };
        for at in 0..rows.len() {
            let found = rfm.score(recency[at], frequency[at], monetary[at]);
            let expected = RfmScore {
                recency: score(&recency, at, false),
                frequency: score(&frequency, at, true),
                monetary: score(&monetary, at, true),
            };
            prop_assert_eq!(found, expected);
        }
        let turn = |values: &[f64]| { let mut turned = values.to_vec(); turned.rotate_left(shift % rows.len()); turned };
        prop_assert_eq!(Rfm::fit(&turn(&recency), &turn(&frequency), &turn(&monetary)).unwrap(), rfm.clone());
        let text = serde_json::to_string(&rfm).unwrap();
        prop_assert_eq!(serde_json::from_str::<Rfm>(&text).unwrap(), rfm);
    }

    /// No row is nearer to another centre, and every centre is the mean of its rows.
    #[test]
    fn lloyd_ends_where_nothing_moves(
        points in prop::collection::vec((-20i32..20, -20i32..20), 12..60), clusters in 2usize..6, seed in any::<u64>(),
    ) {
        let x: Vec<f64> = points.iter().map(|point| f64::from(point.0)).collect();
        let y: Vec<f64> = points.iter().map(|point| f64::from(point.1)).collect();
        let config = KMeansConfig { clusters, starts: 2, seed, missing: KMeansMissing::Refuse };
        let Ok(model) = config.fit(&[("x", &x), ("y", &y)], Threads::One) else { return Ok(()) };
        let labels = model.assign(&[&x, &y]).unwrap();
        let mut inertia = 0.0;
        for cluster in 0..clusters {
            let rows: Vec<usize> = (0..x.len()).filter(|row| labels[*row] == cluster).collect();
            prop_assert_eq!(rows.len() as u64, model.sizes[cluster]);
            let mean = |values: &[f64]| rows.iter().map(|row| values[*row]).sum::<f64>() / rows.len() as f64;
            let centre = &model.centre_values()[cluster];
            prop_assert!((centre[0] - mean(&x)).abs() < 1e-9 && (centre[1] - mean(&y)).abs() < 1e-9);
            inertia += rows.iter().map(|&row| {
                let (a, b) = ((x[row] - mean(&x)) / model.fields[0].sd, (y[row] - mean(&y)) / model.fields[1].sd);
                a * a + b * b
            }).sum::<f64>();
        }
        prop_assert!((inertia - model.inertia).abs() < 1e-9 * (1.0 + inertia));
        let order = model.centres.windows(2).all(|pair| pair[0] <= pair[1]);
        prop_assert!(order);
    }
}

#[test]
fn figures_without_values_are_refused() {
    let some = [1.0, 2.0];
    assert_eq!(Rfm::fit(&some, &some, &[f64::NAN; 2]).unwrap_err().code(), ErrorCode::InsufficientData);
    assert_eq!(Rfm::fit(&some, &some[..1], &some).unwrap_err().code(), ErrorCode::InvalidData);
    let error = Rfm::fit(&some, &[1.0, f64::INFINITY], &some).unwrap_err();
    assert_eq!((error.problems()[0].field.as_deref(), error.problems()[0].row), (Some("frequency"), Some(1)));
    // One value for all: nobody is worse, so everybody is in the first fifth.
    assert_eq!(Rfm::fit(&[7.0; 9], &[7.0; 9], &[7.0; 9]).unwrap().score(7.0, 7.0, 7.0).code().as_deref(), Some("111"));
}
