use super::*;
use crate::data::{Code, Field, Kind, Schema, Special, Value};
use crate::expr::{BLOCK, BlockColumn, Scratch};
use crate::features::{Feature, FeaturePlan};

fn line(points: &[(f64, f64)]) -> Curve {
    Curve::Linear { points: points.iter().map(|&(x, score)| CurvePoint { x, score }).collect() }
}

const WEIGHTS: [(&str, f64); 6] =
    [("size", 20.0), ("industry", 15.0), ("credit", 25.0), ("growth", 20.0), ("relationship", 10.0), ("leverage", 10.0)];

/// The corporate client card of the bank's source, with curves that give back what they are given.
fn corporate(missing: MissingFactor) -> (ExpertCard, FeaturePlan) {
    let factor = |(name, weight): (&str, f64)| Factor::new(name, name, weight, line(&[(0.0, 0.0), (100.0, 100.0)]));
    let schema = Schema { fields: WEIGHTS.iter().map(|(name, _)| Field::new(*name, Kind::Number)).collect() };
    (ExpertCard { factors: WEIGHTS.map(factor).into(), missing }, FeaturePlan::new(&schema, &[]).unwrap())
}

fn score(missing: MissingFactor, values: [f64; 6]) -> f64 {
    let (card, plan) = corporate(missing);
    let value = |slot: usize| if values[slot].is_nan() { Value::Missing } else { Value::Number(values[slot]) };
    ExpertTable::new(&card, &plan).unwrap().score(value)
}

/// Cases `weighted_*` of tests/golden/corporate.json.
#[test]
fn the_corporate_card_reproduces_its_source() {
    let card = MissingFactor::Renormalise;
    let near = |values, expected: f64| {
        let found = score(card, values);
        assert!((found - expected).abs() <= 1e-12, "{found} {expected}");
    };
    near([80.0, 70.0, 90.0, 60.0, 50.0, 40.0], 70.0);
    near([40.0, 50.0, 55.0, 45.0, 30.0, 20.0], 43.25);
    near([100.0; 6], 100.0);
    near([80.0, 70.0, 90.0, f64::NAN, 50.0, 40.0], 72.5);
}

#[test]
fn a_missing_factor_means_what_the_card_or_the_factor_says() {
    let values = [80.0, 70.0, 90.0, f64::NAN, 50.0, 40.0];
    assert_eq!(score(MissingFactor::Neutral { score: 50.0 }, values), 68.0); // 58 + 0.2 · 50
    assert_eq!(score(MissingFactor::Worst, values), 58.0);
    assert!(score(MissingFactor::Refuse, values).is_nan());
    assert!(score(MissingFactor::Renormalise, [f64::NAN; 6]).is_nan());
    assert_eq!(score(MissingFactor::Worst, [f64::NAN; 6]), 0.0);
    let (mut card, plan) = corporate(MissingFactor::Refuse);
    card.factors[3].missing = Some(MissingFactor::Neutral { score: 10.0 });
    let value = |slot: usize| if values[slot].is_nan() { Value::Missing } else { Value::Number(values[slot]) };
    assert_eq!(ExpertTable::new(&card, &plan).unwrap().score(value), 60.0);
}

#[test]
fn contributions_add_up_and_gaps_are_named() {
    let (card, plan) = corporate(MissingFactor::Renormalise);
    let table = ExpertTable::new(&card, &plan).unwrap();
    let values = [80.0, 70.0, 90.0, f64::NAN, 50.0, 40.0];
    let value = |slot: usize| if values[slot].is_nan() { Value::Missing } else { Value::Number(values[slot]) };
    let explained = table.explain(value);
    assert_eq!(explained.score, Some(72.5));
    let sum: f64 = explained.factors.iter().map(|factor| factor.contribution).sum();
    assert!((sum - 72.5).abs() < 1e-12);
    assert_eq!(explained.factors[0].contribution, 20.0); // 20 · 80 / 80
    let missing: Vec<&str> = explained.factors.iter().filter(|f| f.points.is_none()).map(|f| f.name.as_str()).collect();
    assert_eq!(missing, ["growth"]);
    let nothing = table.explain(|_| Value::Missing);
    assert!(nothing.score.is_none() && nothing.factors.iter().all(|factor| factor.contribution == 0.0));
}

#[test]
fn curves_run_through_their_points_and_stay_between_them() {
    let falling = line(&[(0.2, 100.0), (0.5, 70.0), (0.9, 0.0)]);
    for (x, expected) in [(-1.0, 100.0), (0.2, 100.0), (0.35, 85.0), (0.5, 70.0), (0.7, 35.0), (0.9, 0.0), (7.0, 0.0)] {
        let found = falling.score(Value::Number(x)).unwrap();
        assert!((found - expected).abs() < 1e-12, "{x}: {found}");
    }
    assert_eq!((falling.best(), falling.worst()), (100.0, 0.0));
    let steps = Curve::Steps { cuts: vec![1.0, 3.0], scores: vec![10.0, 60.0, 90.0] };
    assert_eq!([0.9, 1.0, 2.9, 3.0].map(|x| steps.score(Value::Number(x)).unwrap()), [10.0, 60.0, 60.0, 90.0]);
    assert_eq!(steps.score(Value::Flag(true)), Some(60.0));
    let levels = Curve::Levels { scores: [("a".to_owned(), 5.0), ("".to_owned(), 7.0)].into(), other: 1.0 };
    let found = ["a", "", "A"].map(|level| levels.score(Value::Category(level)).unwrap());
    assert_eq!((found, levels.worst(), levels.best()), ([5.0, 7.0, 1.0], 1.0, 7.0));
    assert_eq!(levels.score(Value::Number(1.0)), None);
    assert_eq!(steps.score(Value::Category("a")), None);
}

#[test]
fn a_block_has_the_bits_of_its_rows() {
    let mut industry = Field::new("industry", Kind::Category);
    industry.missing = vec![Code::Text("?".into())];
    let mut debt = Field::new("debt", Kind::Number);
    debt.special = vec![Special { code: Code::Number(-9.0), name: "none".into() }];
    let schema = Schema { fields: vec![industry, debt, Field::new("sales", Kind::Number), Field::new("listed", Kind::Flag)] };
    let plan = FeaturePlan::new(&schema, &[Feature::new("debt_ratio", "debt / sales")]).unwrap();
    let mut factors = vec![
        Factor::new(
            "industry",
            "industry",
            100.0 / 3.0,
            Curve::Levels { scores: [("steel".to_owned(), 20.0)].into(), other: 66.6 },
        ),
        Factor::new("debt", "debt_ratio", 100.0 / 3.0, line(&[(0.1, 97.3), (0.7, 31.1), (1.3, 0.7)])),
        Factor::new("listed", "listed", 100.0 / 3.0, Curve::Steps { cuts: vec![0.5], scores: vec![33.3, 77.7] }),
    ];
    factors[2].missing = Some(MissingFactor::Refuse);
    let card = ExpertCard { factors, missing: MissingFactor::Renormalise };
    let table = ExpertTable::new(&card, &plan).unwrap();
    let rows = BLOCK - 5;
    let pick = |row: usize, at: usize| (row * 7_919 + at * 104_729) % 1_009;
    let cell = |row: usize, slot: usize| match (slot, pick(row, slot)) {
        (_, x) if x % 5 == 0 => Value::Missing,
        (0, x) => Value::Category(["steel", "retail", "?"][x % 3]),
        (3, x) => Value::Flag(x % 2 == 0),
        (4, x) => Value::Number(x as f64 / 700.0),
        (_, x) => Value::Number(x as f64),
    };
    let columns: Vec<BlockColumn<'_>> =
        (0..plan.slots()).map(|slot| BlockColumn::of(plan.kind(slot), (0..rows).map(|row| cell(row, slot)))).collect();
    let mut found = vec![1.0; 3];
    table.score_block(rows, |slot| &columns[slot], &mut Scratch::default(), &mut found);
    assert_eq!(found.len(), rows);
    assert!(found.iter().any(|score| score.is_nan()));
    for (row, found) in found.iter().enumerate() {
        let one = table.score(|slot| cell(row, slot));
        assert_eq!(one.to_bits(), found.to_bits(), "row {row}");
        assert!(one.is_nan() || (0.0..=100.0).contains(&one));
    }
    assert_eq!(table.sources(&plan).into_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
}

#[test]
fn every_problem_of_a_card_is_listed() {
    let (mut card, plan) = corporate(MissingFactor::Neutral { score: 101.0 });
    card.factors[0].weight = 15.0;
    let error = card.validate().unwrap_err();
    assert!(error.to_string().contains("they add up to 95"), "{error}");
    assert_eq!(error.problems().len(), 2);

    card.missing = MissingFactor::Worst;
    card.factors[0] = Factor::new(" ", "siz", -1.0, line(&[(0.0, 0.0)]));
    card.factors[1] = Factor::new("credit", "industry", 15.0, line(&[(1.0, 0.0), (1.0, 120.0)]));
    card.factors[3].curve = Curve::Steps { cuts: vec![0.0], scores: vec![1.0] };
    card.factors[4].curve = Curve::Levels { scores: [].into(), other: f64::NAN };
    card.factors[5].curve = line(&[(0.0, 1.0), (f64::NAN, 2.0)]);
    let text = ExpertTable::new(&card, &plan).unwrap_err().to_string();
    for part in [
        "a factor needs a name",
        "must be above 0",
        "two factors have the same name",
        "list at least two points",
        "do not rise",
        "outside 0 to 100",
        "one score more than cuts",
        "list at least one level",
        "there is no name 'siz'; did you mean 'size'?",
        "does not read inputs of kind number",
        "add up to 79",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(ExpertCard { factors: vec![], missing: MissingFactor::Worst }.validate().is_err());
}

#[test]
fn a_blend_lies_between_its_parts_and_anchors_hold() {
    let blend = Blend { weight: 0.4, anchors: [Anchor { score: 30.0, pd: 0.2 }, Anchor { score: 90.0, pd: 0.005 }] };
    blend.validate().unwrap();
    let pd = crate::math::logistic;
    assert!((pd(blend.log_odds(30.0)) - 0.2).abs() < 1e-15 && (pd(blend.log_odds(90.0)) - 0.005).abs() < 1e-15);
    // Half-way between the anchors lie the geometric mean odds.
    let odds = (0.25_f64 * (0.005 / 0.995)).sqrt();
    assert!((pd(blend.log_odds(60.0)) - odds / (1.0 + odds)).abs() < 1e-15);
    assert!((blend.mix(-2.0, 30.0) - (0.6 * -2.0 + 0.4 * crate::math::ln(0.25))).abs() < 1e-15);
    assert_eq!(blend.mix(-2.0, f64::NAN), -2.0);
    assert_eq!(blend.unknown(), blend.log_odds(30.0));
    assert_eq!(Blend { weight: 1.0, ..blend }.mix(7.0, 55.0), blend.log_odds(55.0));
    assert_eq!(Blend { weight: 0.0, ..blend }.mix(7.0, 55.0), 7.0);
    let anchors = |a: (f64, f64), b: (f64, f64)| [a, b].map(|(score, pd)| Anchor { score, pd });
    for bad in [
        anchors((30.0, 0.2), (90.0, 0.2)),
        anchors((30.0, 0.1), (90.0, 0.2)),
        anchors((30.0, 0.2), (30.0, 0.1)),
        anchors((30.0, 0.2), (101.0, 0.1)),
        anchors((30.0, 1.0), (90.0, 0.1)),
        anchors((30.0, f64::NAN), (90.0, 0.1)),
    ] {
        assert!(Blend { weight: 0.5, anchors: bad }.validate().is_err(), "{bad:?}");
    }
    assert!(Blend { weight: 1.1, ..blend }.validate().is_err() && Blend { weight: f64::NAN, ..blend }.validate().is_err());
}

/// τ-b and pairs against their definitions, pair by pair.
#[test]
fn sensitivity_agrees_with_counting_every_pair() {
    let (card, _) = corporate(MissingFactor::Renormalise);
    let clients: Vec<Vec<Option<f64>>> = (0..60_usize)
        .map(|i| (0..6).map(|j| Some(((i * 37 + j * 61 + i * j * 5) % 11 * 10) as f64).filter(|_| (i + j) % 13 != 0)).collect())
        .collect();
    let found = card.sensitivity(&clients, 5.0, &[80.0, 60.0]).unwrap();
    assert_eq!((found.changes.len(), found.rows), (12, 60));
    let scores = |weights: &[f64]| -> Vec<f64> {
        let score = |client: &Vec<Option<f64>>| {
            let known = || client.iter().zip(weights).filter_map(|(points, weight)| points.map(|points| (points, weight)));
            known().map(|(p, w)| p * w).sum::<f64>() / known().map(|(_, w)| w).sum::<f64>()
        };
        clients.iter().map(score).collect()
    };
    let before = scores(&WEIGHTS.map(|(_, weight)| weight));
    for (change, (i, step)) in found.changes.iter().zip((0..6).flat_map(|i| [(i, 5.0), (i, -5.0)])) {
        let mut weights = WEIGHTS.map(|(_, weight)| weight);
        let rest = 100.0 - weights[i];
        weights.iter_mut().for_each(|weight| *weight *= (rest - step) / rest);
        weights[i] = WEIGHTS[i].1 + step;
        assert!((weights.iter().sum::<f64>() - 100.0).abs() < 1e-9);
        assert_eq!((change.factor.as_str(), change.weight), (WEIGHTS[i].0, weights[i]));
        let after = scores(&weights);
        let sign = |a: f64, b: f64| if (a - b).abs() < 1e-9 { 0.0 } else { (a - b).signum() };
        let (mut sum, mut kept, mut one, mut two) = (0.0, 0.0, 0.0, 0.0);
        for a in 0..60 {
            for b in 0..a {
                let (x, y) = (sign(before[a], before[b]), sign(after[a], after[b]));
                sum += x * y;
                kept += f64::from(u8::from(x * y > 0.0));
                one += x * x;
                two += y * y;
            }
        }
        assert!((change.tau.unwrap() - sum / (one * two).sqrt()).abs() < 1e-12);
        assert!((change.order_kept - kept / one).abs() < 1e-12);
        let grade = |x: f64| u8::from(x > 60.0 - 1e-9) + u8::from(x > 80.0 - 1e-9);
        let regraded = before.iter().zip(&after).filter(|(a, b)| grade(**a) != grade(**b)).count();
        assert!((change.regraded - regraded as f64 / 60.0).abs() < 1e-12);
        let largest = before.iter().zip(&after).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!((change.largest - largest).abs() < 1e-9 && change.largest > 0.0);
    }
    assert!(found.changes.iter().any(|change| change.regraded > 0.0 && change.order_kept < 1.0));
}

#[test]
fn sensitivity_of_nothing_is_said_to_keep_everything() {
    let (card, _) = corporate(MissingFactor::Refuse);
    let found = card.sensitivity(&[vec![None; 6]], 5.0, &[]).unwrap();
    assert_eq!((found.rows, found.changes[0].tau, found.changes[0].order_kept), (0, None, 1.0));
    assert!(card.sensitivity(&[vec![None; 5]], 5.0, &[]).is_err());
    assert!(card.sensitivity(&[vec![Some(101.0); 6]], 5.0, &[]).is_err());
    assert!(card.sensitivity(&[], 0.0, &[]).is_err());
    let whole = ExpertCard { factors: vec![Factor::new("one", "one", 100.0, line(&[(0.0, 0.0), (1.0, 1.0)]))], ..card };
    assert!(whole.sensitivity(&[vec![Some(1.0)]], 5.0, &[]).unwrap().changes.is_empty());
}
