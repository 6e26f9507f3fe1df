//! Profiles of made-up tables in which everything that can be found occurs, and the laws of merging.

use proptest::prelude::*;

use super::*;
use crate::data::{Code, Column, Date, Field, Kind, Schema, Special};
use crate::error::ErrorCode;

fn batch<'a>(columns: Vec<(&str, Column<'a>)>) -> Batch<'a> {
    let rows = columns.first().map_or(0, |(_, column)| column.len());
    columns.into_iter().fold(Batch::new(rows), |batch, (name, column)| batch.with(name, column).unwrap())
}

fn numbers(values: impl IntoIterator<Item = f64>) -> Column<'static> {
    Column::numbers(values.into_iter().collect::<Vec<f64>>())
}

fn days(values: impl IntoIterator<Item = i32>) -> Column<'static> {
    Column::Date { values: values.into_iter().collect::<Vec<i32>>().into(), validity: None }
}

fn of(columns: Vec<(&str, Column<'_>)>, config: &ProfileConfig) -> Profile {
    profile(&[batch(columns)], config, Threads::One).unwrap()
}

fn kinds<'a>(profile: &'a Profile, column: &'a str) -> Vec<&'static str> {
    profile.findings_of(column).map(|finding| finding.kind.name()).collect()
}

/// Codes found among numbers.
fn codes(values: &[f64]) -> Vec<f64> {
    let found = of(vec![("x", numbers(values.iter().copied()))], &ProfileConfig::default());
    let mut codes: Vec<f64> = found
        .findings
        .iter()
        .filter_map(|finding| match &finding.kind {
            FindingKind::SentinelCode { code: Code::Number(x) } => Some(*x),
            _ => None,
        })
        .collect();
    codes.sort_by(f64::total_cmp);
    codes
}

/// `values` and each of the codes five times.
fn with(values: impl IntoIterator<Item = f64>, added: &[f64]) -> Vec<f64> {
    values.into_iter().chain(added.iter().flat_map(|code| [*code; 5])).collect()
}

fn upto(count: i32) -> impl Iterator<Item = f64> {
    (0..500).map(move |i| f64::from(i % count))
}

#[test]
fn codes_are_found_where_they_stand_apart() {
    assert_eq!(codes(&with(upto(14), &[96.0, 98.0])), [96.0, 98.0]);
    assert_eq!(codes(&with(upto(80), &[-9.0, -8.0, -7.0])), [-9.0, -8.0, -7.0]);
    assert_eq!(codes(&with(upto(40).map(|x| x * 1_000.5), &[-999.0])), [-999.0]);
    assert_eq!(codes(&with(upto(500), &[9_999.0])), [9_999.0]);
    assert_eq!(codes(&with(upto(20).map(|x| x - 10.0), &[-9_999.0])), [-9_999.0]);
    assert_eq!(codes(&with(upto(14), &[-9.0, 99.0])), [-9.0, 99.0]);
    assert_eq!(codes(&with(upto(20), &[-1.0])), [-1.0]);
    assert_eq!(codes(&with(upto(20).map(|x| x / 8.0), &[-1.0])), [-1.0]);
}

#[test]
fn ordinary_values_are_no_codes() {
    // A percentage that reaches 99, ages, small changes of either sign, money around 999, a tail, and a single row.
    assert_eq!(codes(&with(upto(100), &[96.0, 98.0, 99.0])), [0.0; 0]);
    assert_eq!(codes(&with(upto(12).map(|x| x - 6.0), &[-9.0])), [0.0; 0]);
    assert_eq!(codes(&with(upto(9).map(|x| x - 2.0), &[])), [0.0; 0]);
    assert_eq!(codes(&with(upto(500).map(|x| x * 10.0), &[999.0])), [0.0; 0]);
    assert_eq!(codes(&with(upto(30), &[40.0, 58.0, 77.0])), [0.0; 0]);
    assert_eq!(codes(&upto(14).chain([98.0]).collect::<Vec<_>>()), [0.0; 0]);
    // Extreme, repeated and far away, but no code.
    assert_eq!(codes(&with(upto(14), &[250.0])), [0.0; 0]);
    assert_eq!(codes(&with([], &[-9.0, 1.0])), [0.0; 0]);
}

/// Numbers that share cells hide no code, and change none.
#[test]
fn codes_are_exact_beyond_the_limit_of_distinct_values() {
    let config = ProfileConfig { max_distinct: 64, ..ProfileConfig::default() };
    let values = with((0..5_000).map(|i| f64::from(i) + 0.37), &[-9_999.0, 99_999.0]);
    let found = of(vec![("x", numbers(values))], &config);
    let column = found.column("x").unwrap();
    assert!(!column.distinct.exact && column.distinct.count <= 64);
    let expected =
        |code: f64| found.findings.iter().any(|one| one.kind == FindingKind::SentinelCode { code: Code::Number(code) });
    assert!(expected(-9_999.0) && expected(99_999.0));
    assert_eq!((column.numbers.as_ref().unwrap().minimum, column.numbers.as_ref().unwrap().maximum), (-9_999.0, 99_999.0));
}

#[test]
fn declared_codes_are_no_suspects() {
    let mut field = Field::new("x", Kind::Number);
    field.missing = vec![Code::Number(-9.0)];
    field.special = vec![Special { code: Code::Number(-8.0), name: "no file".into() }];
    let config = ProfileConfig { schema: Some(Schema { fields: vec![field] }), ..ProfileConfig::default() };
    let found = of(vec![("x", numbers(with(upto(50), &[-9.0, -8.0])))], &config);
    let column = found.column("x").unwrap();
    assert_eq!((column.missing, column.coded, column.numbers.as_ref().unwrap().minimum), (5, 5, 0.0));
    assert_eq!(kinds(&found, "x"), [""; 0]);
}

#[test]
fn fillers_among_days_and_words_among_levels() {
    let ordinary = (0..300).map(|i| 15_000 + i);
    let filler = Date::parse("9999-12-31").unwrap().days();
    let words = ["red", "green", "blue", "n/a", " ", "Unknown"];
    let found = of(
        vec![
            ("opened", days(ordinary.clone().chain([filler; 4]).chain([-25_567; 2]))),
            ("colour", Column::text((0..306).map(|i| Some(words[i % 6])))),
        ],
        &ProfileConfig::default(),
    );
    let codes: Vec<(Option<&str>, &Code)> = found
        .findings
        .iter()
        .filter_map(|one| match &one.kind {
            FindingKind::SentinelCode { code } => Some((one.column.as_deref(), code)),
            _ => None,
        })
        .collect();
    let text = |text: &str| Code::Text(text.to_owned());
    for (column, code) in [
        ("opened", text("9999-12-31")),
        ("opened", text("1900-01-01")),
        ("colour", text("n/a")),
        ("colour", text(" ")),
        ("colour", text("Unknown")),
    ] {
        assert!(codes.contains(&(Some(column), &code)), "{column}");
    }
    assert_eq!(codes.len(), 5);
}

#[test]
fn figures_of_a_column_are_those_of_its_rows() {
    let found =
        of(vec![("x", numbers((0..200).map(|i| if i < 50 { f64::NAN } else { f64::from(i) })))], &ProfileConfig::default());
    let column = found.column("x").unwrap();
    assert_eq!((column.missing, column.missing_share, column.distinct), (50, 0.25, Tallied { count: 150, exact: true }));
    let facts = column.numbers.as_ref().unwrap();
    assert_eq!((facts.minimum, facts.maximum, facts.quantile(0.5), facts.percentiles.len()), (50.0, 199.0, 124.0, 101));
    // Definition 1 of Hyndman and Fan by counting.
    for (percent, value) in facts.percentiles.iter().enumerate() {
        let least = (50..200).find(|x| (x - 49) * 100 >= percent as i32 * 150).unwrap();
        assert_eq!(*value, f64::from(least), "{percent}");
    }
}

#[test]
fn quality_of_single_columns() {
    let text = |levels: &'static [&'static str]| Column::text((0..200).map(|i| Some(levels[i % levels.len()])));
    let names: Vec<String> = (0..200).map(|i| format!("k{i}")).collect();
    let config = ProfileConfig {
        expected: vec![
            Expected { column: "age".into(), minimum: Some(18.0), maximum: Some(90.0), ..Expected::default() },
            Expected { column: "job".into(), levels: Some(vec!["a".into()]), ..Expected::default() },
            Expected { column: "gone".into(), minimum: Some(0.0), ..Expected::default() },
        ],
        as_of: Some(Date::from_days(20_000)),
        decision_date: Some("decided".into()),
        known_after: vec!["recovered".into()],
        ..ProfileConfig::default()
    };
    let found = of(
        vec![
            ("age", numbers((0..200).map(|i| f64::from(i % 100)))),
            ("copy", numbers((0..200).map(|i| f64::from(i % 100)))),
            ("one", numbers([7.0; 200])),
            ("none", numbers([f64::NAN; 200])),
            ("rare", numbers((0..200).map(|i| if i < 60 { f64::from(i) } else { f64::NAN }))),
            ("ratio", numbers((0..200).map(|i| if i == 3 { f64::INFINITY } else { f64::from(i) + 0.5 }))),
            ("digits", text(&["1", "2", " 3.5"])),
            ("mixed", text(&["1", "2", "high"])),
            ("when", text(&["2024-01-31", "2024-02-29"])),
            ("job", text(&["a", "b"])),
            ("key", Column::text(names.iter().map(|name| Some(name.as_str())))),
            ("decided", days((0..200).map(|i| 19_900 + i))),
            ("paid", days((0..200).map(|i| 19_900 + i + i32::from(i < 20)))),
            ("recovered", numbers((0..200).map(|i| f64::from(i % 7)))),
        ],
        &config,
    );
    for (column, expected) in [
        ("age", vec!["above_maximum", "below_minimum"]),
        ("copy", vec!["duplicate_column"]),
        ("one", vec!["constant"]),
        ("none", vec!["empty"]),
        ("rare", vec!["mostly_missing"]),
        ("ratio", vec!["infinite"]),
        ("digits", vec!["numbers_in_text"]),
        ("mixed", vec!["numbers_in_text"]),
        ("when", vec!["dates_in_text"]),
        ("job", vec!["unexpected_level"]),
        ("key", vec!["identifier"]),
        ("decided", vec!["future_date"]),
        ("paid", vec!["after_decision", "future_date"]),
        ("recovered", vec!["known_after_outcome"]),
        ("gone", vec!["column_absent"]),
    ] {
        assert_eq!(kinds(&found, column), expected, "{column}");
    }
    let share = |column: &str| found.findings_of(column).next().map(|one| one.share);
    assert_eq!((share("age"), share("mixed"), share("rare"), share("job")), (Some(0.09), Some(0.67), Some(0.7), Some(0.5)));
    assert_eq!(found.column("copy").unwrap().same_as.as_deref(), Some("age"));
    // Levels that might name single rows are not listed.
    let key = found.column("key").unwrap().levels.as_ref().unwrap();
    assert_eq!((key.top.len(), key.unlisted), (0, 200));
    assert!(found.findings.iter().all(|one| !one.what.is_empty() && !one.remedy.is_empty() && (0.0..=1.0).contains(&one.share)));
    assert!(found.findings.is_sorted_by_key(|one| one.severity));
}

#[test]
fn duplicate_rows_are_counted_and_beyond_the_limit_estimated() {
    let values = || (0..4_000).map(|i| f64::from(i % 1_000));
    let all = of(vec![("x", numbers(values()))], &ProfileConfig::default());
    assert_eq!(all.duplicate_rows, Tallied { count: 3_000, exact: true });
    let config = ProfileConfig { max_rows: 100, ..ProfileConfig::default() };
    assert_eq!(of(vec![("x", numbers(values()))], &config).duplicate_rows, Tallied { count: 3_000, exact: false });
    let two = of(vec![("x", numbers(values())), ("y", numbers((0..4_000).map(f64::from)))], &ProfileConfig::default());
    assert_eq!(two.duplicate_rows, Tallied { count: 0, exact: true });
}

/// 1,000 rows, every fifth with the event.
fn leaks(columns: Vec<(&str, Column<'_>)>) -> Profile {
    let target = numbers((0..1_000).map(|i| f64::from(u8::from(i % 5 == 0))));
    let config = ProfileConfig { target: Some("bad".into()), ..ProfileConfig::default() };
    of(columns.into_iter().chain([("bad", target)]).collect(), &config)
}

#[test]
fn columns_that_know_the_outcome() {
    let bad = |i: i32| i % 5 == 0;
    let noise = |i: i32| f64::from(i * 7_919 % 1_000);
    let found = leaks(vec![
        ("balance", numbers((0..1_000).map(|i| noise(i) + if bad(i) { 990.0 } else { 0.0 }))),
        ("collected", numbers((0..1_000).map(|i| if bad(i) { noise(i) } else { f64::NAN }))),
        ("status", Column::text((0..1_000).map(|i| Some(if bad(i) && i % 2 == 0 { "settled" } else { "current" })))),
        ("income", numbers((0..1_000).map(|i| noise(i) + 0.5))),
        ("twin", numbers((0..1_000).map(|i| f64::from(u8::from(bad(i)))))),
        ("sometimes", numbers((0..1_000).map(|i| if i % 3 == 0 { f64::NAN } else { noise(i) + 0.25 }))),
    ]);
    assert!(kinds(&found, "balance").contains(&"predicts_alone") && kinds(&found, "balance").contains(&"high_information"));
    assert!(
        kinds(&found, "collected").contains(&"missingness_predicts") && kinds(&found, "collected").contains(&"decides_outcome")
    );
    assert_eq!(kinds(&found, "status"), ["decides_outcome", "high_information"]);
    assert_eq!(found.findings_of("status").next().unwrap().share, 0.1);
    assert_eq!(kinds(&found, "income"), [""; 0]);
    assert_eq!(kinds(&found, "sometimes"), [""; 0]);
    assert!(kinds(&found, "twin").contains(&"duplicate_column"));
    assert_eq!(found.column("twin").unwrap().same_as.as_deref(), Some("bad"));
    assert_eq!(kinds(&found, "bad"), [""; 0]);
    assert_eq!(found.event_rate, Some(0.2));
    assert_eq!(found.column("collected").unwrap().missing_auc, Some(1.0));
}

/// Every level that occurs once would predict its own row: such levels are judged together.
#[test]
fn names_of_rows_are_no_leaks() {
    let names: Vec<String> = (0..1_000).map(|i| format!("k{i}")).collect();
    let found = leaks(vec![("key", Column::text(names.iter().map(|name| Some(name.as_str()))))]);
    assert_eq!(kinds(&found, "key"), ["identifier"]);
    assert_eq!(found.column("key").unwrap().auc, Some(0.5));
}

#[test]
fn what_is_asked_wrongly_is_refused() {
    let wrong = ProfileConfig {
        max_distinct: 1,
        max_rows: 0,
        top_levels: 0,
        least_level_rows: 0,
        max_missing: f64::NAN,
        max_auc: 0.5,
        max_iv: 0.0,
        expected: vec![Expected { column: "x".into(), minimum: Some(2.0), maximum: Some(1.0), ..Expected::default() }],
        ..ProfileConfig::default()
    };
    assert_eq!(wrong.validate().unwrap_err().problems().len(), 8);
    let x = || batch(vec![("x", numbers([1.0, 2.0]))]);
    let target = ProfileConfig { target: Some("y".into()), ..ProfileConfig::default() };
    let error = profile(&[x()], &target, Threads::One).unwrap_err();
    assert_eq!((error.code(), error.problems()[0].field.as_deref()), (ErrorCode::InvalidData, Some("y")));
    let config = ProfileConfig::default();
    assert_eq!(profile(&[], &config, Threads::One).unwrap_err().code(), ErrorCode::InsufficientData);
    let other = batch(vec![("z", numbers([1.0]))]);
    assert_eq!(profile(&[x(), other], &config, Threads::One).unwrap_err().code(), ErrorCode::Incompatible);
    let empty = of(vec![("x", numbers([]))], &config);
    assert_eq!((empty.rows, empty.findings.len()), (0, 0));
}

#[test]
fn what_moved_between_two_tables() {
    let job = |levels: [&'static str; 4]| Column::text((0..1_000).map(move |i| Some(levels[i % 4])));
    let some = |every: i32| numbers((0..1_000).map(move |i| if i % every == 0 { f64::NAN } else { f64::from(i % 10) }));
    let config = ProfileConfig::default();
    let before = of(
        vec![
            ("age", numbers(upto(50).chain(upto(50)))),
            ("job", job(["a", "b", "c", "c"])),
            ("size", numbers(upto(40).chain(upto(40)))),
            ("some", some(100)),
            ("old", numbers([1.0; 1_000])),
        ],
        &config,
    );
    let after = of(
        vec![
            ("age", numbers(upto(50).chain(upto(50)))),
            ("job", job(["a", "b", "b", "d"])),
            ("size", Column::text((0..1_000).map(|i| Some(["s", "m", "l"][i % 3])))),
            ("some", some(4)),
            ("new", numbers([1.0; 1_000])),
        ],
        &config,
    );
    let found = compare(&before, &after);
    let kinds = |column: &str| -> Vec<&str> {
        found.findings.iter().filter(|one| one.column.as_deref() == Some(column)).map(|one| one.kind.name()).collect()
    };
    assert_eq!(kinds("age"), [""; 0]);
    assert_eq!(kinds("job"), ["levels_new", "shift", "levels_gone"]);
    assert_eq!(kinds("size"), ["kind_changed"]);
    assert_eq!(kinds("some"), ["missing_moved", "shift"]);
    assert_eq!((kinds("old"), kinds("new")), (vec!["column_gone"], vec!["column_new"]));
    let psi = |name: &str| found.columns.iter().find(|one| one.name == name).and_then(|one| one.psi);
    assert_eq!((psi("age"), psi("size")), (Some(0.0), None));
    assert!(compare(&before, &before).findings.is_empty());
    // By hand: a stays at .25, b from .25 to .5, c from .5 to nothing (half a row), the rest from nothing to .25.
    let part = |a: f64, b: f64| (b - a) * crate::math::ln(b / a);
    let expected = part(0.25, 0.5) + part(0.5, 0.0005) + part(0.0005, 0.25);
    assert!((psi("job").unwrap() - expected).abs() < 1e-12);
}

#[test]
fn reports_are_tables() {
    let found = leaks(vec![("a|b", numbers((0..1_000).map(|i| f64::from(i % 9))))]);
    let text = found.to_string();
    assert!(
        text.starts_with("1000 rows, 2 columns, 20.00 % events, ")
            && text.contains("| a\\|b | number | 0.00 % | 9 | 0 | 4 | 8 |")
    );
    let moved = compare(&found, &found).to_string();
    assert!(moved.contains("Nothing was found.") && moved.contains("| a\\|b | 0.00 % | 0.00 % | 0.000 |"));
    let json = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Profile>(&json).unwrap(), found);
}

proptest! {
    /// Any split and order of the rows, and any order of the columns, gives the same bytes.
    #[test]
    fn a_profile_does_not_depend_on_how_rows_come(
        rows in prop::collection::vec((prop_oneof![(-9..40i32).prop_map(f64::from), -5.0..5.0f64, Just(f64::NAN)], "[a-c]{0,1}", any::<bool>(), 0..9i32), 1..120),
        at in 0..120usize,
        limit in 16..60usize,
    ) {
        let config = ProfileConfig { target: Some("y".into()), max_distinct: limit, max_rows: limit, ..ProfileConfig::default() };
        let table = |rows: &[(f64, String, bool, i32)], backward: bool| {
            let mut columns: Vec<(&str, Column<'static>)> = vec![
                ("x", numbers(rows.iter().map(|row| row.0))),
                ("c", Column::Text(rows.iter().map(|row| Some(row.1.clone().into())).collect())),
                ("y", Column::Flag(rows.iter().map(|row| Some(row.2)).collect())),
                ("d", days(rows.iter().map(|row| row.3))),
            ];
            if backward {
                columns.reverse();
            }
            ProfileSummary::observe(&batch(columns), &config, if backward { Threads::Count(2) } else { Threads::One }).unwrap()
        };
        let whole = table(&rows, false);
        let (one, other) = rows.split_at(at.min(rows.len()));
        let mut turned: Vec<_> = other.to_vec();
        turned.reverse();
        let mut merged = table(&turned, true);
        merged.merge(&table(one, false)).unwrap();
        let text = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(&serde_json::to_string(&merged).unwrap(), &text);
        let read: ProfileSummary = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(read.profile().unwrap(), merged.profile().unwrap());
        prop_assert_eq!(whole.profile().unwrap().to_string(), merged.profile().unwrap().to_string());
    }
}
