//! Expert cards in a pipeline: figures of their source, mixtures computed another way, and what is refused.

use scoreline::decision::Outcome;
use scoreline::features::ProtectedUse;
use scoreline::math::ln;
use scoreline::model::Blend;
use scoreline::tier::{ClientClass, RiskTier};
use scoreline::{ErrorCode, Labels, Pipeline, PipelineConfig, Scorer, Threads, Value};
use scoreline_tests::{BLENDED, CORPORATE, text};
use serde_json::{Value as Json, json};

use crate::records::{loaded, today};

/// The bank's card and its cut-offs, with curves that give back what they are given.
#[test]
fn the_weighted_card_reproduces_its_source() {
    let golden: Json = serde_json::from_str(&text("tests/golden/corporate.json")).unwrap();
    for case in golden["cases"].as_array().unwrap() {
        let weights = case["inputs"]["weights"].as_object().unwrap();
        let (mut fields, mut factors) = (Vec::new(), Vec::new());
        for (name, weight) in weights {
            fields.push(json!({"name": name, "kind": "number"}));
            let curve = json!({"type": "linear", "points": [{"x": 0, "score": 0}, {"x": 100, "score": 100}]});
            factors.push(json!({"name": name, "input": name, "weight": weight.as_f64().unwrap() * 100.0, "curve": curve}));
        }
        let config = json!({
            "schema": {"fields": fields}, "target": "",
            "expert": {
                "card": {"factors": factors}, "classes": {},
                "blend": {"weight": 1, "anchors": [{"score": 80, "pd": 0.01}, {"score": 40, "pd": 0.1}]}
            }
        });
        let config = PipelineConfig::from_json(&config.to_string()).unwrap();
        let scorer = Scorer::new(&Pipeline::expert_only(&config).unwrap()).unwrap();
        let scores = &case["inputs"]["scores"];
        let row: Vec<Value<'_>> =
            weights.keys().map(|name| scores[name].as_f64().map_or(Value::Missing, Value::Number)).collect();
        let decision = scorer.decide(&row, None).unwrap();
        let (found, expected) = (decision.expert_score.unwrap(), case["expected"]["total"].as_f64().unwrap());
        assert!((found - expected).abs() <= 1e-12, "{}: {found}", case["id"]);
        if let Some(grade) = case["expected"]["grade"].as_str() {
            assert_eq!(decision.client_class.unwrap().to_string(), grade, "{}", case["id"]);
        }
    }
}

fn with_weight(pipeline: &Pipeline, weight: f64) -> Scorer {
    let mut changed = pipeline.clone();
    let expert = changed.expert.as_mut().unwrap();
    expert.blend = Some(Blend { weight, ..expert.blend.unwrap() });
    Scorer::new(&changed).unwrap()
}

/// The blend lies on the log-odds scale between its two parts, in PD and in points, and reaches both.
#[test]
fn a_mixture_is_that_of_its_parts() {
    let model = loaded(BLENDED);
    let (statistical, expert) = (with_weight(&model.pipeline, 0.0), with_weight(&model.pipeline, 1.0));
    let frame = BLENDED.frame();
    let decide = |scorer: &Scorer| scorer.decide_batch(&frame.batch(), today(), Threads::One).unwrap();
    let (mixed, statistical, expert) = (decide(&model.scorer), decide(&statistical), decide(&expert));
    let log_odds = |pd: f64| ln(pd / (1.0 - pd));
    let anchors = model.pipeline.expert.as_ref().unwrap().blend.unwrap().anchors;
    let line = |score: f64| {
        let [a, b] = anchors;
        log_odds(a.pd) + (log_odds(b.pd) - log_odds(a.pd)) * (score - a.score) / (b.score - a.score)
    };
    let (mut without, mut differ) = (0, 0);
    for row in 0..mixed.rows() {
        let score = mixed.expert_score[row];
        if score.is_nan() {
            without += 1;
            assert_eq!((mixed.pd[row], mixed.score[row]), (statistical.pd[row], statistical.score[row]), "row {row}");
            assert_eq!(expert.pd[row], statistical.pd[row], "row {row}");
            continue;
        }
        assert!((log_odds(expert.pd[row]) - line(score)).abs() < 1e-9, "row {row}");
        let eta = 0.6 * log_odds(statistical.pd[row]) + 0.4 * log_odds(expert.pd[row]);
        assert!((log_odds(mixed.pd[row]) - eta).abs() < 1e-9, "row {row}");
        // Whole points: two of the three were rounded as a sum.
        let points = 0.6 * statistical.score[row] + 0.4 * expert.score[row];
        assert!((mixed.score[row] - points).abs() <= 1.0 && mixed.score[row].fract() == 0.0, "row {row}");
        differ += u32::from((mixed.pd[row] - statistical.pd[row]).abs() > 0.01);
    }
    assert!(without > 50 && differ > 1_000, "{without} {differ}");
    assert!(mixed.client_class.iter().all(|&class| class == scoreline::pipeline::NONE), "no classes were asked for");
}

/// The PD of each tier is the mean of the PD that decides, expert share included.
#[test]
fn tiers_rest_on_the_mixed_pd() {
    let model = loaded(BLENDED);
    let config = BLENDED.config();
    let frame = BLENDED.frame();
    let batch = frame.batch();
    let labels = Labels::read(&batch, &config.target, config.weight.as_deref(), config.split.as_ref()).unwrap();
    let scores = model.scorer.score_batch(&batch, Threads::One).unwrap();
    let cuts = config.tier.unwrap().cuts;
    let mut sums = [[0.0; 2]; 4];
    for row in (0..scores.rows()).filter(|&row| !labels.test[row]) {
        let tier = cuts.iter().filter(|&&cut| scores.pd[row] >= cut).count();
        sums[tier][0] += labels.weight[row] as f64 * scores.pd[row];
        sums[tier][1] += labels.weight[row] as f64;
    }
    for (summary, [sum, weight]) in model.pipeline.tiers.iter().zip(sums) {
        assert!(weight > 0.0 && (summary.pd - sum / weight).abs() < 1e-9, "{summary:?}");
    }
}

#[test]
fn an_expert_card_alone_carries_the_whole_decision() {
    let model = loaded(CORPORATE);
    let row = |values: &[(&str, Value<'static>)]| {
        let mut row = model.scorer.record();
        for (name, value) in values {
            row[model.scorer.field(name).unwrap()] = *value;
        }
        row
    };
    let good = [
        ("sales", Value::Number(500.0)),
        ("sales_before", Value::Number(400.0)),
        ("position", Value::Category("leader")),
        ("days_past_due", Value::Number(0.0)),
        ("relationship_years", Value::Number(4.0)),
        ("debt", Value::Number(60.0)),
        ("assets", Value::Number(100.0)),
        ("amount", Value::Number(30_000.0)),
        ("term", Value::Number(24.0)),
    ];
    let decision = model.scorer.decide(&row(&good), today()).unwrap();
    // 20·100 + 15·100 + 25·100 + 20·(50 + 50·0.25/0.3) + 10·75 + 10·50, over 100
    assert!((decision.expert_score.unwrap() - (20.0 + 15.0 + 25.0 + 0.2 * (50.0 + 125.0 / 3.0) + 7.5 + 5.0)).abs() < 1e-9);
    assert_eq!((decision.client_class, decision.tier), (Some(ClientClass::A), Some(RiskTier::A)));
    assert_eq!((decision.outcome, decision.amount.unwrap().to_string().as_str()), (Some(Outcome::Approve), "30000.00"));
    // Points lost, most first: leverage 10 · 50, relationship 10 · 25, growth 20 · 8.3; the others lose none.
    let codes: Vec<&str> =
        decision.reasons.as_slice().iter().map(|&reason| model.scorer.reason(reason).unwrap().code.as_str()).collect();
    assert_eq!(codes, ["leverage", "relationship", "growth"]);
    let unknown = model.scorer.decide(&row(&good[1..]), today()).unwrap();
    assert_eq!((unknown.expert_score, unknown.client_class, unknown.outcome), (None, None, Some(Outcome::Refer)));
    assert!((unknown.pd - 0.06).abs() < 1e-12, "the worse anchor");
    assert!(unknown.score < decision.score);
}

fn refused(config: &Json, what: &str) {
    let error = PipelineConfig::from_json(&config.to_string()).and_then(|config| Pipeline::expert_only(&config)).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidConfig);
    assert!(error.to_string().contains(what), "{what}: {error}");
}

#[test]
fn what_does_not_fit_is_refused() {
    let file: Json = serde_json::from_str(&text(CORPORATE.config)).unwrap();
    let with = |place: &str, value: Json| {
        let mut file = file.clone();
        *file.pointer_mut(place).unwrap() = value;
        file
    };
    refused(&with("/expert/blend/weight", json!(0.9)), "a blend of weight 1");
    refused(&with("/expert", json!(null)), "a blend of weight 1");
    refused(&with("/expert/card/factors/0/weight", json!(25)), "they add up to 105");
    refused(&with("/expert/classes", json!({"a": 50, "b": 60})), "must fall from A to B");
    refused(&with("/expert/blend/anchors/0/pd", json!(0.5)), "does not have the lower PD");
    refused(&with("/expert/card/factors/0/input", json!("expert_score")), "there is no name 'expert_score'");
    refused(&with("/features/0/name", json!("expert_score")), "the name is reserved");
    refused(&with("/expert/card/factors/0/input", json!("position")), "does not read inputs of kind category");

    let mut protected = file.clone();
    protected["schema"]["fields"][4]["sensitivity"] = json!({"type": "protected", "basis": "age"});
    refused(&protected, "may not reach the expert score");
    let mut config = PipelineConfig::from_json(&protected.to_string()).unwrap();
    let permit = |field: &str| ProtectedUse { field: field.into(), author: "A".into(), reason: "allowed".into() };
    config.protected_use = vec![permit("relationship_years")];
    assert!(Pipeline::expert_only(&config).is_ok());

    // Only an expert card that stands alone does without variables; without one nothing is called expert_score.
    let mut pipeline = loaded(CORPORATE).pipeline;
    pipeline.expert.as_mut().unwrap().blend.as_mut().unwrap().weight = 0.5;
    assert!(Scorer::new(&pipeline).unwrap_err().to_string().contains("none where an expert card counts alone"));
    let mut plain = loaded(BLENDED).pipeline;
    plain.expert = None;
    assert!(Scorer::new(&plain).unwrap_err().to_string().contains("there is no name 'expert_score'"));
}
