//! Minimal data: what a pipeline says it reads is all it reads, and it reads all of it; protected fields stay out however
//! deep they are hidden.

use proptest::prelude::*;
use scoreline::pipeline::{FieldUse, Purpose};
use scoreline::tier::{RiskTier, Standing};
use scoreline::{Date, PipelineConfig, Scorer, Threads, Trainer, Value};
use scoreline_tests::{BLENDED, CORPORATE, MODELS, SEGMENTED, SYNTHETIC, as_line, cells, text};
use serde_json::{Value as Json, json};

use crate::records::{loaded, record, today};

fn names(needed: &[FieldUse]) -> Vec<&str> {
    needed.iter().map(|one| one.field.as_str()).collect()
}

fn line(scorer: &Scorer, row: &[Value<'_>]) -> String {
    let decided = match scorer.decide(row, today()) {
        Ok(decision) => serde_json::to_string(&scorer.answer(&decision)).unwrap(),
        Err(error) => error.to_string(),
    };
    // Where accounts are reviewed, that is a decision too.
    let standing = Standing { tier: RiskTier::B, since: Date::from_days(20_000) };
    match today().map(|day| scorer.review(row, Some(standing), day)) {
        Some(Ok(review)) => decided + &scorer.review_answer(&review).canonical(),
        Some(Err(_)) | None => decided,
    }
}

/// Fields that are not listed may hold anything of their kind, or nothing: no byte of the decision changes.
#[test]
fn no_other_field_changes_a_decision() {
    for model in MODELS {
        let model = loaded(model);
        let needed = model.scorer.minimal_data();
        let needed = names(&needed);
        let fields = &model.pipeline.schema.fields;
        let idle: Vec<usize> = (0..fields.len()).filter(|&at| !needed.contains(&fields[at].name.as_str())).collect();
        if idle.is_empty() {
            continue;
        }
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(96));
        let records = (record(&model.pipeline), record(&model.pipeline), prop::collection::vec(any::<bool>(), fields.len()));
        runner
            .run(&records, |(record, other, missing)| {
                let whole = as_line(&model.scorer, &record, today()).unwrap();
                let (mut row, other) = (cells(&model.scorer, &record).unwrap(), cells(&model.scorer, &other).unwrap());
                let answer = line(&model.scorer, &row);
                for &at in &idle {
                    row[at] = if missing[at] { Value::Missing } else { other[at] };
                }
                prop_assert_eq!(&line(&model.scorer, &row), &answer);
                let changed = fields.iter().zip(&row).map(|(field, cell)| (field.name.clone(), scoreline_tests::Cell::of(*cell)));
                prop_assert_eq!(&as_line(&model.scorer, &changed.collect(), today()).unwrap(), &whole);
                Ok(())
            })
            .unwrap();
    }
}

/// Each field that is listed changes some decision: the value of another row, or none, in its place.
#[test]
fn every_listed_field_changes_some_decision() {
    for model in MODELS {
        let (frame, model) = (model.frame(), loaded(model));
        let batch = frame.batch();
        let fields = &model.pipeline.schema.fields;
        let rows = 400.min(batch.rows());
        let columns: Vec<_> = fields.iter().map(|field| batch.column(&field.name).unwrap()).collect();
        for needed in model.scorer.minimal_data() {
            let at = model.scorer.field(&needed.field).unwrap();
            let changes = (0..rows).any(|row| {
                let mut cells: Vec<Value<'_>> = columns.iter().map(|column| column.value(row)).collect();
                let before = line(&model.scorer, &cells);
                [columns[at].value((row + 7) % rows), columns[at].value((row + 31) % rows), Value::Missing].into_iter().any(
                    |other| {
                        cells[at] = other;
                        line(&model.scorer, &cells) != before
                    },
                )
            });
            assert!(changes, "{} is listed and changes nothing", needed.field);
        }
    }
}

/// Two ways to the same fields: what the scorer checks, and what each part reads.
#[test]
fn the_list_is_what_a_record_must_hold() {
    for model in MODELS {
        let model = loaded(model);
        let required: Vec<&str> =
            model.scorer.required().iter().map(|&at| model.pipeline.schema.fields[at].name.as_str()).collect();
        let needed = model.pipeline.minimal_data().unwrap();
        assert_eq!(names(&needed), required);
        assert!(needed.iter().all(|one| !one.purposes.is_empty() && one.purposes.is_sorted_by(|a, b| a < b)));
    }
}

#[test]
fn purposes_are_told_apart() {
    let purposes = |model, field: &str| {
        let needed = loaded(model).scorer.minimal_data();
        needed.into_iter().find(|one| one.field == field).map(|one| one.purposes).unwrap_or_default()
    };
    use Purpose::{DecisionRule, Expert, Limit, Price, Score, Segment, TierRule};
    // The term sets the price and, through the debt service, the limit.
    assert_eq!(purposes(SYNTHETIC, "term"), [Limit, Price]);
    assert_eq!(purposes(SYNTHETIC, "amount"), [Price]);
    assert_eq!(purposes(SYNTHETIC, "applied"), [TierRule, DecisionRule]);
    assert_eq!(purposes(SYNTHETIC, "sex"), []);
    assert_eq!(purposes(SYNTHETIC, "channel"), []);
    assert_eq!(purposes(CORPORATE, "sales"), [Expert, Limit]);
    assert_eq!(purposes(CORPORATE, "sales_before"), [Expert]);
    assert_eq!(purposes(CORPORATE, "debt"), [Expert, TierRule]);
    assert_eq!(purposes(CORPORATE, "amount"), [Price, DecisionRule]);
    assert_eq!(purposes(CORPORATE, "region"), []);
    let any = |model, purpose: Purpose| loaded(model).scorer.minimal_data().iter().any(|one| one.purposes.contains(&purpose));
    assert!(any(SEGMENTED, Segment) && any(SEGMENTED, Score) && !any(SYNTHETIC, Segment));
    assert!(any(BLENDED, Expert) && any(BLENDED, Score) && !any(CORPORATE, Score));
}

fn offset_pipeline() -> Json {
    let mut json: Json = serde_json::from_str(&text(SYNTHETIC.config)).unwrap();
    json["offset"] = json!("0.001 * COALESCE(enquiries, 0)");
    json["candidates"] = json!(["utilisation", "income"]);
    json
}

#[test]
fn an_offset_has_its_own_purpose() {
    let config = PipelineConfig::from_json(&offset_pipeline().to_string()).unwrap();
    let pipeline = scoreline::fit(&[SYNTHETIC.frame().batch()], config, Threads::One).unwrap();
    let needed = pipeline.minimal_data().unwrap();
    let enquiries = needed.iter().find(|one| one.field == "enquiries").unwrap();
    assert_eq!(enquiries.purposes, [Purpose::Offset, Purpose::TierRule]);
}

/// A protected field is refused wherever it would count, through two derived features as directly.
#[test]
fn protected_fields_are_refused_through_features_of_features() {
    type Change = fn(&mut Json);
    let places: [(&str, Change); 7] = [
        ("sex", |json| json["candidates"] = json!(["income", "deep"])),
        ("sex", |json| json["tier"]["strong"][0]["when"] = json!("deep > 0")),
        ("sex", |json| json["decision"]["rules"][0]["when"] = json!("deep > 0")),
        ("sex", |json| json["pricing"]["amount"] = json!("amount + deep")),
        ("sex", |json| json["limit"]["candidates"][1]["rule"]["amount"] = json!("1000 * deep")),
        ("sex", |json| json["offset"] = json!("0.1 * deep")),
        ("sex", |json| json["segments"] = json!([{"name": "one", "when": "deep > 0"}])),
    ];
    for (at, (field, place)) in places.into_iter().enumerate() {
        let mut json: Json = serde_json::from_str(&text(SYNTHETIC.config)).unwrap();
        json["features"].as_array_mut().unwrap().extend([
            json!({"name": "shallow", "expression": "CASE WHEN sex = 'f' THEN 1 ELSE 0 END"}),
            json!({"name": "deep", "expression": "shallow * 2 + 1"}),
        ]);
        // By itself the feature does no harm: nothing reads it.
        assert!(Trainer::new(PipelineConfig::from_json(&json.to_string()).unwrap()).is_ok());
        place(&mut json);
        let config = PipelineConfig::from_json(&json.to_string()).unwrap();
        let error = Trainer::new(config.clone()).map(|_| ()).unwrap_err();
        let found =
            error.problems().iter().any(|one| one.to_string().contains("protected") && one.field.as_deref() == Some(field));
        assert!(found, "place {at}: {error}");
        let mut permitted: Json = serde_json::to_value(&config).unwrap();
        permitted["protected_use"] = json!([{"field": "sex", "author": "compliance", "reason": "test of the permit"}]);
        assert!(Trainer::new(PipelineConfig::from_json(&permitted.to_string()).unwrap()).is_ok(), "place {at}");
    }
}
