//! What is asked wrongly is refused with the place, the reason and a remedy; what cannot be learnt says why.

use scoreline::{Error, ErrorCode, Field, Kind, PipelineConfig, Schema, Threads, Trainer, Value};
use scoreline_tests::{Frame, GERMAN, SYNTHETIC};
use serde_json::{Value as Json, json};

fn config(edit: impl Fn(&mut Json)) -> scoreline::Result<PipelineConfig> {
    let mut json: Json = serde_json::from_str(&scoreline_tests::text(SYNTHETIC.config)).unwrap();
    edit(&mut json);
    PipelineConfig::from_json(&json.to_string())
}

fn fit(frame: &Frame, config: PipelineConfig) -> Error {
    let error = scoreline::fit(&[frame.batch()], config, Threads::One).unwrap_err();
    assert!(error.problems().iter().all(|problem| !problem.what.is_empty() && !problem.remedy.is_empty()), "{error}");
    error
}

fn small() -> (PipelineConfig, Schema) {
    let schema = Schema { fields: vec![Field::new("x", Kind::Number), Field::new("c", Kind::Category)] };
    (PipelineConfig::new(schema.clone(), "y"), schema)
}

fn table(rows: &[(f64, &str, f64)]) -> Frame {
    let (_, schema) = small();
    let cells: Vec<Vec<Value<'_>>> = rows.iter().map(|(x, c, _)| vec![Value::Number(*x), Value::Category(c)]).collect();
    Frame::new(&schema, &cells).with("y", rows.iter().map(|row| row.2).collect())
}

fn expect(error: &Error, code: ErrorCode, field: Option<&str>, row: Option<u64>) {
    assert_eq!((error.code(), error.problems()[0].field.as_deref(), error.problems()[0].row), (code, field, row), "{error}");
}

#[test]
fn tables_that_nothing_can_be_learnt_from() {
    let (config, _) = small();
    let error = scoreline::fit(&[], config.clone(), Threads::One).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InsufficientData, "no batch: {error}");
    assert_eq!(fit(&table(&[]), config.clone()).code(), ErrorCode::InsufficientData, "no row");
    assert_eq!(fit(&table(&[(1.0, "a", 1.0)]), config.clone()).code(), ErrorCode::InsufficientData, "one row");
    for class in [0.0, 1.0] {
        let rows: Vec<_> = (0..100).map(|i| (f64::from(i), "a", class)).collect();
        let error = fit(&table(&rows), config.clone());
        expect(&error, ErrorCode::InsufficientData, Some("y"), None);
    }
    let constant: Vec<_> = (0..400).map(|i| (7.0, "a", f64::from(i % 2))).collect();
    assert_eq!(fit(&table(&constant), config.clone()).code(), ErrorCode::InsufficientData, "constant features");
    let missing: Vec<_> = (0..400).map(|i| (f64::NAN, "a", f64::from(i % 2))).collect();
    assert_eq!(fit(&table(&missing), config).code(), ErrorCode::InsufficientData, "nothing but missing values");
}

#[test]
fn targets_and_weights_that_are_not_what_they_should_be() {
    let (config, _) = small();
    let mut rows: Vec<_> = (0..400).map(|i| (f64::from(i), "a", f64::from(i % 2))).collect();
    rows[17].2 = 2.0;
    expect(&fit(&table(&rows), config.clone()), ErrorCode::InvalidData, Some("y"), Some(17));
    rows[17].2 = f64::NAN;
    expect(&fit(&table(&rows), config.clone()), ErrorCode::InvalidData, Some("y"), Some(17));
    rows[17].2 = 1.0;
    let mut weighted = config.clone();
    weighted.weight = Some("w".into());
    for weight in [-1.0, f64::NAN, f64::INFINITY, 2e6] {
        let mut weights = vec![1.0; 400];
        weights[399] = weight;
        expect(&fit(&table(&rows).with("w", weights), weighted.clone()), ErrorCode::InvalidData, Some("w"), Some(399));
    }
    expect(&fit(&table(&rows), weighted.clone()), ErrorCode::InvalidData, Some("w"), None);
    assert_eq!(fit(&table(&rows).with("w", vec![0.0; 400]), weighted).code(), ErrorCode::InsufficientData, "all weights are 0");
}

#[test]
fn columns_that_are_absent_or_of_another_kind() {
    let (config, _) = small();
    let rows: Vec<_> = (0..400).map(|i| (f64::from(i), "a", f64::from(i % 2))).collect();
    expect(&fit(&table(&rows).without("x"), config.clone()), ErrorCode::InvalidData, Some("x"), None);
    expect(&fit(&table(&rows).without("y"), config.clone()), ErrorCode::InvalidData, Some("y"), None);
    expect(&fit(&table(&rows).without("c").with("c", vec![1.0; 400]), config.clone()), ErrorCode::InvalidData, Some("c"), None);
    let mut infinite = rows.clone();
    infinite[5].0 = f64::INFINITY;
    expect(&fit(&table(&infinite), config), ErrorCode::InvalidData, Some("x"), Some(5));
}

#[test]
fn a_message_never_shows_a_value() {
    let (config, _) = small();
    let mut rows: Vec<_> = (0..400).map(|i| (f64::from(i), "a", f64::from(i % 2))).collect();
    rows[3].2 = 8_675_309.0;
    assert!(!fit(&table(&rows), config).to_string().contains("8675309"));
    let scorer = SYNTHETIC.load().scorer().unwrap();
    let mut row = scorer.record();
    row[scorer.field("amount").unwrap()] = Value::Category("Erika Mustermann");
    assert!(!scorer.decide(&row, crate::records::today()).unwrap_err().to_string().contains("Erika"));
}

#[test]
fn protected_fields_need_a_permit_on_record() {
    let refused = |edit: fn(&mut Json)| Trainer::new(config(edit).unwrap()).unwrap_err();
    let candidate = refused(|json| json["candidates"] = json!(["income", "sex"]));
    expect(&candidate, ErrorCode::InvalidConfig, Some("sex"), None);
    let rule = refused(|json| json["decision"]["rules"][0]["when"] = json!("sex = 'f'"));
    assert!(rule.to_string().contains("protected"), "{rule}");
    let feature = refused(|json| {
        json["features"] = json!([{"name": "s", "expression": "CASE WHEN sex = 'f' THEN 1 ELSE 0 END"}]);
        json["candidates"] = json!(["income", "s"]);
        json["tier"]["strong"] = json!([]);
        json["tier"]["weak"] = json!([]);
    });
    assert!(feature.to_string().contains("protected"), "{feature}");
    let limit = refused(|json| json["limit"]["candidates"][1]["rule"]["amount"] = json!("CASE WHEN sex = 'f' THEN 1 ELSE 2 END"));
    assert!(limit.to_string().contains("protected"), "{limit}");

    let permitted = config(|json| {
        json["candidates"] = json!(["utilisation", "income", "sex"]);
        json["protected_use"] = json!([{"field": "sex", "author": "compliance", "reason": "test of the permit"}]);
        json["model"] = json!({"min_iv": 0.0, "selection": {"forced_in": ["sex"]}});
    });
    let pipeline = scoreline::fit(&[SYNTHETIC.frame().batch()], permitted.unwrap(), Threads::One).unwrap();
    assert!(pipeline.bins.iter().any(|bins| bins.feature == "sex"));
    assert_eq!(pipeline.protected_use[0].author, "compliance");
    // The permit is part of the file: without it the file does not load.
    let mut without = pipeline.clone();
    without.protected_use.clear();
    assert_eq!(scoreline::Artefact::new(&without).unwrap_err().code(), ErrorCode::InvalidConfig);
}

/// Candidates that are not listed are all unprotected ones.
#[test]
fn protected_fields_are_no_candidates_by_themselves() {
    let pipeline = GERMAN.load().pipeline().clone();
    let considered: Vec<&String> = pipeline
        .bins
        .iter()
        .map(|bins| &bins.feature)
        .chain(pipeline.training.dropped.iter().map(|dropped| &dropped.feature))
        .collect();
    for protected in ["age", "personal_status_sex", "foreign_worker"] {
        assert!(!considered.iter().any(|name| *name == protected), "{protected}");
    }
    assert!(considered.len() >= 17);
}

#[test]
fn a_wrong_expression_says_where() {
    for (when, position) in [
        ("utilisation > ", 15),
        ("utilisaton > 1", 1),
        ("utilisation > 1 AND jobb = 'x'", 21),
        ("job > 'a'", 1),
        ("DELETE FROM x", 1),
    ] {
        let error = Trainer::new(config(|json| json["tier"]["strong"][2]["when"] = json!(when)).unwrap()).unwrap_err();
        let problem = &error.problems()[0];
        assert_eq!(error.code(), ErrorCode::InvalidConfig);
        assert!(problem.field.as_deref().unwrap().contains("S-OVER"), "{error}");
        assert_eq!(problem.position, Some(position), "{when}: {error}");
    }
    let error = Trainer::new(config(|json| json["decision"]["rules"][1]["when"] = json!("score + 1")).unwrap()).unwrap_err();
    assert!(error.to_string().contains("P-SCORE") && error.to_string().contains("flag"), "{error}");
}

#[test]
fn several_problems_are_told_at_once() {
    let error = Trainer::new(
        config(|json| {
            json["tier"]["strong"][0]["when"] = json!("nonsense = 1");
            json["tier"]["weak"][1]["when"] = json!("income >");
            json["decision"]["rules"][2]["when"] = json!("1 + 1");
            json["pricing"]["lgd"] = json!(45);
            json["limit"]["step"] = json!(0);
        })
        .unwrap(),
    )
    .unwrap_err();
    assert_eq!(error.problems().len(), 5, "{error}");
    let error = Trainer::new(
        config(|json| {
            json["binning"]["max_bins"] = json!(1);
            json["scaling"]["pdo"] = json!(-20);
            json["split"]["test_share"] = json!(1.5);
            json["capacity"] = json!(1);
        })
        .unwrap(),
    )
    .unwrap_err();
    assert_eq!(error.problems().len(), 4, "{error}");
}

#[test]
fn a_configuration_of_another_form_says_where() {
    let error = PipelineConfig::from_json("{\n  \"schema\": {\"fields\": []},\n  \"targt\": \"y\"\n}").unwrap_err();
    assert!(error.to_string().contains("line 3") && error.to_string().contains("targt"), "{error}");
    assert_eq!(config(|json| json["pricing"]["colour"] = json!(1)).unwrap_err().code(), ErrorCode::InvalidConfig);
    assert_eq!(
        config(|json| json["pricing"]["caps"][0]["from"] = json!("2020-02-30")).unwrap_err().code(),
        ErrorCode::InvalidConfig
    );
}

/// A gap between the caps of the file is a gap in the file, not in the law.
#[test]
fn a_day_without_a_declared_cap_is_refused() {
    let scorer = SYNTHETIC.load().scorer().unwrap();
    let row = scorer.record();
    for day in [None, Some("2020-06-30"), Some("2014-12-31")] {
        let day = day.map(|day| scoreline::Date::parse(day).unwrap());
        expect(&scorer.decide(&row, day).unwrap_err(), ErrorCode::InvalidData, Some("as_of"), None);
        let frame = Frame::new(scorer.schema(), std::slice::from_ref(&row));
        expect(&scorer.decide_batch(&frame.batch(), day, Threads::One).unwrap_err(), ErrorCode::InvalidData, Some("as_of"), None);
    }
    for day in ["2015-01-01", "2019-12-31", "2021-01-01", "2100-01-01"] {
        assert!(scorer.decide(&row, Some(scoreline::Date::parse(day).unwrap())).is_ok(), "{day}");
    }
}
