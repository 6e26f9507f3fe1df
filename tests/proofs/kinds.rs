//! Kinds of cards and what a training can do beyond a plain one: segments, offsets, boosted tables, calibration, periods,
//! bins made by hand, few cases.

use scoreline::binning::{BinEdit, BinningConfig, EditRequest, Editor, observe};
use scoreline::data::Labels;
use scoreline::model::{BoostConfig, CalibrationConfig, CalibrationLevel, SmallBankConfig};
use scoreline::pipeline::{PeriodConfig, PeriodUnit, SegmentConfig};
use scoreline::{ErrorCode, Pipeline, PipelineConfig, Scorer, Threads, Value};
use scoreline_tests::{Frame, GERMAN, SEGMENTED, SYNTHETIC};

fn fit(frame: &Frame, config: PipelineConfig) -> Pipeline {
    scoreline::fit(&[frame.batch()], config, Threads::All).unwrap()
}

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1.0), "{found} is not {expected}");
}

/// Each card of a segmented training is the card of its rows alone.
#[test]
fn a_segment_has_the_card_of_its_rows() {
    let mut config = SYNTHETIC.config();
    config.segments = vec![SegmentConfig { name: "online".into(), when: "channel = 'web'".into() }];
    let frame = SYNTHETIC.frame();
    let whole = fit(&frame, config.clone());
    config.segments.clear();
    let batch = frame.batch();
    let channel = batch.column("channel").unwrap();
    for (card, online) in whole.cards().zip([true, false]) {
        let rows: Vec<usize> =
            (0..frame.rows()).filter(|&row| (channel.value(row) == Value::Category("web")) == online).collect();
        let alone = fit(&frame.take(&rows), config.clone());
        assert_eq!(card.bins, alone.bins);
        let (together, apart) = (card.model.logistic().unwrap(), alone.model.logistic().unwrap());
        for (a, b) in together.beta().iter().zip(apart.beta()) {
            near(*a, b, 1e-9);
        }
        assert_eq!(card.segment, online.then_some("online"));
    }
}

#[test]
fn a_constant_offset_moves_the_intercept_and_nothing_else() {
    let frame = GERMAN.frame();
    let plain = fit(&frame, GERMAN.config());
    let shifted = fit(&frame, PipelineConfig { offset: Some("0.5 + 0.2".into()), ..GERMAN.config() });
    let (plain, shifted) = (plain.model.logistic().unwrap(), shifted.model.logistic().unwrap());
    near(shifted.intercept.value, plain.intercept.value - 0.7, 1e-9);
    for (a, b) in shifted.coefficients.iter().zip(&plain.coefficients) {
        near(a.value, b.value, 1e-8);
        near(a.standard_error, b.standard_error, 1e-8);
    }
    near(shifted.log_likelihood, plain.log_likelihood, 1e-10);
}

/// With the model's own log-odds as offset there is nothing left to learn.
#[test]
fn the_model_itself_as_offset_leaves_nothing() {
    let frame = GERMAN.frame();
    let config = PipelineConfig { split: None, ..GERMAN.config() };
    let plain = fit(&frame, config.clone());
    let scorer = Scorer::new(&plain).unwrap();
    let scores = scorer.score_batch(&frame.batch(), Threads::One).unwrap();
    let odds: Vec<f64> = scores.pd.iter().map(|pd| scoreline::math::logit(*pd)).collect();
    let mut with = config.clone();
    with.schema.fields.push(scoreline::Field::new("prior", scoreline::Kind::Number));
    with.candidates = Some(plain.bins.iter().map(|bins| bins.feature.clone()).collect());
    with.offset = Some("prior".into());
    with.model.selection.signs = scoreline::model::Action::Flag;
    let again = fit(&frame.clone().with("prior", odds), with);
    let left = again.model.logistic().unwrap();
    assert!(left.beta().iter().all(|beta| beta.abs() < 1e-7), "{:?}", left.beta());
}

/// The score of a boosted card is the sum of the points that the file shows, pairs included.
#[test]
fn a_boosted_card_is_a_table_of_points() {
    let pipeline = SEGMENTED.load().pipeline().clone();
    assert!(pipeline.cards().any(|card| !card.scorecard.pairs.is_empty()), "no card has pairs");
    let scorer = Scorer::new(&pipeline).unwrap();
    let frame = SEGMENTED.frame();
    let batch = frame.batch();
    let scores = scorer.score_batch(&batch, Threads::All).unwrap();
    for row in (0..frame.rows()).step_by(37) {
        let record: Vec<Value<'_>> =
            pipeline.schema.fields.iter().map(|field| batch.column(&field.name).unwrap().value(row)).collect();
        let explanation = scorer.explain(&record[..]).unwrap();
        let card = pipeline.cards().find(|card| card.segment == explanation.segment.as_deref()).unwrap();
        let code = |name: &String| explanation.variables.iter().find(|v| v.feature == *name).unwrap().bin;
        let mains: f64 = explanation.variables.iter().map(|variable| variable.points).sum();
        let pairs = card.scorecard.pairs.iter().map(|pair| pair.points_at(code(&pair.features[0]), code(&pair.features[1])));
        let points = pairs.fold(mains, |sum, points| sum + points);
        near(scores.score[row], points, 1e-12);
        assert_eq!(explanation.pairs.len(), card.scorecard.pairs.len());
        let costs = explanation.variables.iter().map(|variable| variable.cost);
        let cost = costs.chain(explanation.pairs.iter().map(|pair| pair.cost)).sum::<f64>();
        near(explanation.base_score - cost + explanation.beside, points, 1e-9);
        let boosted = card.model.boosted().unwrap();
        let codes: Vec<u8> = explanation.variables.iter().map(|variable| variable.bin).collect();
        near(scores.pd[row], pipeline.calibration.apply(boosted.log_odds(&codes)), 1e-12);
        assert_eq!(scorer.decide(&record[..], Some(scoreline::Date::parse("2026-11-21").unwrap())).unwrap().pd, scores.pd[row]);
    }
}

/// On data with an effect of two fields together, boosting sees what a logistic card cannot.
#[test]
fn a_boosted_card_finds_what_two_fields_say_together() {
    let text = r#"{"schema": {"fields": [{"name": "a", "kind": "number"}, {"name": "b", "kind": "number"}]},
        "target": "target", "model": {"min_iv": 0}, "boost": {}}"#;
    let config = PipelineConfig::from_json(text).unwrap();
    let mut random = scoreline_tests::random::Random::new(7);
    let (mut rows, mut target) = (Vec::new(), Vec::new());
    for _ in 0..8_000 {
        let (a, b) = (random.below(100), random.below(100));
        let risk = if (a < 50) == (b < 50) { 35 } else { 8 };
        rows.push(vec![Value::Number(a as f64), Value::Number(b as f64)]);
        target.push(f64::from(u8::from(random.below(100) < risk)));
    }
    let frame = Frame::new(&config.schema, &rows).with("target", target);
    let pipeline = fit(&frame, config.clone());
    assert_eq!(pipeline.scorecard.pairs.len(), 1);
    assert!(pipeline.training.development.auc.unwrap() > 0.68, "{:?}", pipeline.training.development);
    let plain = scoreline::fit(&[frame.batch()], PipelineConfig { boost: None, ..config }, Threads::All);
    assert!(plain.map_or(0.5, |plain| plain.training.development.auc.unwrap()) < 0.55);
}

/// The mean PD of the rows trained on becomes the long-run rate.
#[test]
fn calibration_meets_the_long_run_rate() {
    let level = CalibrationLevel::LongRun { rate: 0.05 };
    let calibration = Some(CalibrationConfig { level, ..CalibrationConfig::default() });
    let pipeline = fit(&GERMAN.frame(), PipelineConfig { calibration, ..GERMAN.config() });
    let (sum, rows) = pipeline.tiers.iter().fold((0.0, 0.0), |(sum, rows), tier| (sum + tier.pd * tier.rows, rows + tier.rows));
    near(sum / rows, 0.05, 1e-6);
    let plain = fit(&GERMAN.frame(), GERMAN.config());
    assert_eq!(plain.training.development.auc, pipeline.training.development.auc, "a calibration keeps the order");
}

#[test]
fn stable_bins_keep_their_order_in_every_year() {
    let mut config = SYNTHETIC.config();
    config.period = Some(PeriodConfig { column: "applied".into(), by: PeriodUnit::Year });
    config.binning.stable = true;
    config.split = None;
    config.weight = None;
    let frame = SYNTHETIC.frame();
    let batch = frame.batch();
    let pipeline = fit(&frame, config);
    let year = |row: usize| match batch.column("applied").unwrap().value(row) {
        Value::Date(day) => day.to_string()[..4].to_owned(),
        _ => panic!("a day is missing"),
    };
    let target = frame.numbers("target");
    let mut years: Vec<String> = (0..frame.rows()).map(year).collect();
    let of_row = years.clone();
    years.sort();
    years.dedup();
    assert!(years.len() > 1);
    let mut compared = 0;
    for bins in pipeline.bins.iter().filter(|bins| batch.column(&bins.feature).is_ok() && bins.ordinary() > 1) {
        let column = batch.column(&bins.feature).unwrap();
        let field = pipeline.schema.fields.iter().find(|field| field.name == bins.feature).unwrap();
        if !matches!(bins.split, scoreline::binning::Split::Numeric { .. }) {
            continue;
        }
        let direction = bins.bins[0].event_rate < bins.bins[1].event_rate;
        for year in &years {
            let mut counts = vec![[0.0; 2]; bins.bins.len()];
            for row in (0..frame.rows()).filter(|&row| of_row[row] == *year) {
                let (code, _) = bins.code(field.check(column.value(row)).unwrap(), &field.special);
                counts[usize::from(code)][usize::from(target[row] == 1.0)] += 1.0;
            }
            let rates: Vec<f64> =
                counts[..bins.ordinary()].iter().filter(|c| c[0] + c[1] > 0.0).map(|c| c[1] / (c[0] + c[1])).collect();
            assert!(rates.windows(2).all(|pair| (pair[0] < pair[1]) == direction), "{} in {year}: {rates:?}", bins.feature);
            compared += 1;
        }
    }
    assert!(compared > 4, "{compared}");
}

#[test]
fn bins_made_by_hand_enter_the_card_with_their_history() {
    let frame = GERMAN.frame();
    let batch = frame.batch();
    let config = PipelineConfig { split: None, ..GERMAN.config() };
    let plain = fit(&frame, config.clone());
    let field = config.schema.fields.iter().find(|field| field.name == "duration").unwrap();
    let labels = Labels::read(&batch, "target", None, None).unwrap();
    let counts = observe(field, batch.column("duration").unwrap(), &labels, 4096, Threads::One).unwrap();
    let bins = plain.bins.iter().find(|bins| bins.feature == "duration").unwrap().clone();
    let mut editor = Editor::new(counts, bins.clone(), config.binning.clone()).unwrap();
    let edit = EditRequest {
        edit: BinEdit::Merge { from: 0, to: 1 },
        author: "risk committee".into(),
        reason: "too few loans".into(),
        at: None,
        override_trend: false,
    };
    editor.apply(edit).unwrap();
    let edited = editor.finish();
    let by_hand = fit(&frame, PipelineConfig { bins: vec![edited.clone()], ..config.clone() });
    let found = by_hand.bins.iter().find(|bins| bins.feature == "duration").unwrap();
    assert_eq!(*found, edited);
    assert_eq!((found.ordinary(), found.edits[0].request.author.as_str()), (bins.ordinary() - 1, "risk committee"));
    // Bins of nothing, and of other rows, are refused.
    let mut stray = edited.clone();
    stray.feature = "durations".into();
    let error = scoreline::Trainer::new(PipelineConfig { bins: vec![stray], ..config.clone() }).unwrap_err();
    assert_eq!((error.code(), error.problems()[0].field.as_deref()), (ErrorCode::InvalidConfig, Some("durations")));
    let half: Vec<usize> = (0..500).collect();
    let error = scoreline::fit(&[frame.take(&half).batch()], PipelineConfig { bins: vec![edited], ..config }, Threads::One);
    assert_eq!(error.unwrap_err().code(), ErrorCode::Incompatible);
}

#[test]
fn few_cases_need_the_mode_for_them() {
    let frame = GERMAN.frame();
    let target = frame.numbers("target").to_vec();
    let mut events = 0;
    let rows: Vec<usize> = (0..frame.rows())
        .filter(|&row| {
            events += usize::from(target[row] == 1.0);
            target[row] == 0.0 && row % 3 == 0 || target[row] == 1.0 && events <= 9
        })
        .collect();
    let few = frame.take(&rows);
    let mut config = PipelineConfig { split: None, tier: None, limit: None, pricing: None, decision: None, ..GERMAN.config() };
    config.binning = BinningConfig { min_events: 1.0, min_non_events: 1.0, ..BinningConfig::default() };
    let error = scoreline::fit(&[few.batch()], config.clone(), Threads::One).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InsufficientData);
    assert!(error.problems()[0].remedy.contains("small_bank"), "{error}");
    config.small_bank = Some(SmallBankConfig::default());
    config.candidates = Some(["status", "duration", "credit_history"].map(String::from).to_vec());
    let pipeline = fit(&few, config);
    // The prior of mean −1 and standard deviation 0.5 bounds what nine events can say.
    let model = pipeline.model.logistic().unwrap();
    for coefficient in &model.coefficients {
        assert!(coefficient.value < 0.0 && coefficient.value > -2.5, "{coefficient:?}");
        assert!(coefficient.standard_error < 0.5, "{coefficient:?}");
    }
}

#[test]
fn boosted_settings_that_contradict_are_refused() {
    let config =
        PipelineConfig { boost: Some(BoostConfig::default()), small_bank: Some(SmallBankConfig::default()), ..GERMAN.config() };
    assert_eq!(config.validate().unwrap_err().code(), ErrorCode::InvalidConfig);
}
