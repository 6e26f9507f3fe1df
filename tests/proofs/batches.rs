//! Running: the same line for a record, for a batch, for any size, order, encoding and number of threads.

use proptest::prelude::*;
use scoreline::{Decisions, Scorer, Threads, Value};
use scoreline_tests::random::Random;
use scoreline_tests::{BLENDED, CORPORATE, Frame, GERMAN, MODELS, Record, SEGMENTED, SYNTHETIC, as_line, cells};

use crate::records::{loaded, record, today};

/// A line a row: the decision, or the error with its row left out.
fn lines(scorer: &Scorer, decisions: &Decisions) -> Vec<String> {
    let line = |row: usize| match decisions.get(row).unwrap() {
        Ok(decision) => scorer.answer(&decision).canonical(),
        Err(error) => {
            assert_eq!(error.problems()[0].row, Some(row as u64));
            format!("{} {}", error.code().number(), error.problems()[0].field.as_deref().unwrap_or_default())
        }
    };
    (0..decisions.rows()).map(line).collect()
}

fn single(scorer: &Scorer, row: &Vec<Value<'_>>) -> String {
    match scorer.decide(row, today()) {
        Ok(decision) => scorer.answer(&decision).canonical(),
        Err(error) => format!("{} {}", error.code().number(), error.problems()[0].field.as_deref().unwrap_or_default()),
    }
}

fn decide(scorer: &Scorer, frame: &Frame, threads: Threads) -> Vec<String> {
    lines(scorer, &scorer.decide_batch(&frame.batch(), today(), threads).unwrap())
}

/// 40,000 rows of the made-up model, enough for several tasks, some with a value that is refused.
fn many() -> Frame {
    let mut random = Random::new(7);
    let rows: Vec<usize> = (0..40_000).map(|_| random.below(6_000) as usize).collect();
    let frame = SYNTHETIC.frame().take(&rows);
    let amount: Vec<f64> = frame.numbers("amount").iter().map(|x| if random.chance(2) { f64::INFINITY } else { *x }).collect();
    frame.without("amount").with("amount", amount)
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let model = loaded(SYNTHETIC);
    let frame = many();
    let one = decide(&model.scorer, &frame, Threads::One);
    assert!(one.iter().any(|line| line == "2 amount"), "some rows are refused");
    for threads in [2, 8] {
        assert!(decide(&model.scorer, &frame, Threads::from_count(threads)) == one, "{threads} threads");
    }
    let scores = |threads| {
        let scores = model.scorer.score_batch(&frame.batch(), threads).unwrap();
        let bits = |column: &[f64]| column.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        (bits(&scores.score), bits(&scores.pd), scores.tier.clone(), scores.status.clone())
    };
    let one = scores(Threads::One);
    assert!(one == scores(Threads::from_count(2)) && one == scores(Threads::from_count(8)));
}

/// Scores are the first parts of decisions; only a field that scores do not need can make them differ.
#[test]
fn scores_agree_with_decisions() {
    let model = loaded(SYNTHETIC);
    let frame = many();
    let batch = frame.batch();
    let decisions = model.scorer.decide_batch(&batch, today(), Threads::One).unwrap();
    let scores = model.scorer.score_batch(&batch, Threads::One).unwrap();
    for row in (0..frame.rows()).filter(|row| decisions.status[*row] == 0) {
        let same = scores.score[row].to_bits() == decisions.score[row].to_bits()
            && scores.pd[row].to_bits() == decisions.pd[row].to_bits()
            && scores.tier[row] == decisions.tier[row];
        assert!(same, "row {row}");
    }
}

#[test]
fn the_place_of_a_row_and_the_size_of_its_batch_change_nothing() {
    let model = loaded(SYNTHETIC);
    let frame = many();
    let all = decide(&model.scorer, &frame, Threads::One);
    for (start, rows) in [(0, 1), (39_999, 1), (5, 1_023), (1_024, 1_024), (3, 1_025), (16_000, 16_385), (0, 0)] {
        let part = decide(&model.scorer, &frame.slice(start..start + rows), Threads::from_count(2));
        assert!(part == all[start..start + rows], "{rows} rows from {start}");
    }
    let order = Random::new(3).order(frame.rows());
    let permuted = decide(&model.scorer, &frame.take(&order), Threads::from_count(8));
    assert!(order.iter().zip(&permuted).all(|(&row, line)| *line == all[row]));
}

#[test]
fn memory_that_held_other_decisions_is_overwritten_whole() {
    let model = loaded(SYNTHETIC);
    let frame = many();
    let (some, other) = (frame.slice(0..3_000), frame.slice(3_000..6_000));
    let mut decisions = model.scorer.decide_batch(&some.batch(), today(), Threads::One).unwrap();
    model.scorer.decide_batch_into(&other.batch(), today(), Threads::One, &mut decisions).unwrap();
    assert!(lines(&model.scorer, &decisions) == decide(&model.scorer, &other, Threads::One));
}

fn check_batch(rows: &[Record], model: &crate::records::Loaded, infinite: &[usize]) -> Result<(), TestCaseError> {
    let mut cells: Vec<Vec<Value<'_>>> = rows.iter().map(|row| cells(&model.scorer, row).unwrap()).collect();
    for (row, at) in cells.iter_mut().zip(infinite) {
        if let Some(Value::Number(x)) = row.get_mut(*at) {
            *x = f64::NEG_INFINITY;
        }
    }
    let expected: Vec<String> = cells.iter().map(|row| single(&model.scorer, row)).collect();
    let frame = Frame::new(model.scorer.schema(), &cells);
    prop_assert_eq!(&decide(&model.scorer, &frame, Threads::One), &expected);
    prop_assert_eq!(&decide(&model.scorer, &frame.encoded(), Threads::One), &expected);
    Ok(())
}

#[test]
fn a_batch_is_its_records_to_the_last_bit() {
    for (model, cases) in [(GERMAN, 48), (SYNTHETIC, 96), (SEGMENTED, 96), (BLENDED, 48), (CORPORATE, 96)] {
        let model = loaded(model);
        let fields = model.pipeline.schema.fields.len();
        // Places beyond the fields leave the record as it is.
        let rows = (prop::collection::vec(record(&model.pipeline), 1..40), prop::collection::vec(0..10 * fields, 40));
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(cases));
        runner.run(&rows, |(rows, infinite)| check_batch(&rows, &model, &infinite)).unwrap();
    }
}

/// What nothing reads may hold anything, even a value that its field does not allow.
#[test]
fn fields_that_are_not_required_never_matter() {
    for model in MODELS {
        let model = loaded(model);
        let fields = &model.pipeline.schema.fields;
        let idle: Vec<usize> = (0..fields.len()).filter(|field| !model.scorer.required().contains(field)).collect();
        if idle.is_empty() {
            continue;
        }
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(64));
        runner
            .run(&(record(&model.pipeline), record(&model.pipeline)), |(record, other)| {
                let expected = as_line(&model.scorer, &record, today()).unwrap();
                let (cells, other) = (cells(&model.scorer, &record).unwrap(), cells(&model.scorer, &other).unwrap());
                let mut changed = cells.clone();
                idle.iter().for_each(|&field| changed[field] = other[field]);
                prop_assert_eq!(&single(&model.scorer, &changed), &expected);
                idle.iter().for_each(|&field| changed[field] = Value::Number(f64::INFINITY));
                prop_assert_eq!(&single(&model.scorer, &changed), &expected);
                // A batch need not even have the column.
                let frame = idle.iter().fold(Frame::new(model.scorer.schema(), std::slice::from_ref(&cells)), |frame, &field| {
                    frame.without(&fields[field].name)
                });
                prop_assert_eq!(&decide(&model.scorer, &frame, Threads::One)[0], &expected);
                Ok(())
            })
            .unwrap();
    }
}

#[test]
fn every_required_field_matters_to_the_check() {
    for model in MODELS {
        let model = loaded(model);
        for &field in model.scorer.required() {
            let mut row = model.scorer.record();
            row[field] = Value::Number(f64::INFINITY);
            let error = model.scorer.decide(&row, today()).unwrap_err();
            assert_eq!(error.problems()[0].field.as_deref(), Some(model.pipeline.schema.fields[field].name.as_str()));
        }
    }
}
