use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;

fn answered(name: &str, input: &Value) -> Value {
    serde_json::from_str(&calculate(name, &input.to_string()).unwrap()).unwrap()
}

/// Every number of an input as decimal text, where a number is not a count.
fn as_texts(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => number.as_f64().map_or(Value::Null, |value| Value::String(value.to_string())),
        Value::Array(items) => items.iter().map(as_texts).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), as_texts(value))).collect(),
        other => other.clone(),
    }
}

fn loan() -> Value {
    json!({
        "months": 36, "balance": {"type": "equal_instalment"}, "pd": {"type": "yearly", "pd": 0.03}, "prepayment": 0.1, "lgd": 0.6,
        "funding": 0.032, "opex": 0.015, "origination": 0.003, "capital": 0.08, "capital_benefit": 0.025, "tax": 0.25,
    })
}

fn book() -> Value {
    let loan = |pd: f64| json!({"pd": pd, "pd_origination": 0.01, "lgd": 0.4, "ead": 1000.5, "eir": 0.05, "months": 30, "days": 0.5, "bullet": true});
    json!({
        "policy": {"staging": {"low_risk": 0.001}, "rho": 0.15, "periods_per_year": 12, "scenarios": [
            {"name": "base", "weight": 0.75}, {"name": "bad", "weight": 0.25, "states": [-1.5, -0.5], "lgd_added": 0.1}]},
        "exposures": [loan(0.012), loan(1.2), loan(0.05)],
    })
}

/// An exposure that is refused is in no total and harms no other.
#[test]
fn a_book_answers_row_by_row() {
    let answer = answered("ifrs9_book", &book());
    assert_eq!(answer["rows"][1]["error"]["problems"][0]["field"], json!("pd"));
    assert_eq!(answer["rows"][1]["error"]["problems"][0]["row"], json!(1));
    assert_eq!((&answer["rows"][0]["stage"], &answer["rows"][2]["reason"]), (&json!("one"), &json!("pd")));
    let figure = |value: &Value| value.as_str().unwrap().parse::<f64>().unwrap();
    let [first, last] = [0, 2].map(|row| figure(&answer["rows"][row]["ecl"]));
    assert_eq!(figure(&answer["totals"]["ecl"]), first + last);
    assert_eq!(
        answer["totals"]["stages"][1],
        json!({"stage": "two", "exposures": 1, "ead": "1000.5",
        "twelve_months": answer["rows"][2]["twelve_months"], "lifetime": answer["rows"][2]["lifetime"],
        "ecl": answer["rows"][2]["ecl"]})
    );
    assert_eq!(answer["totals"]["scenarios"][1]["name"], json!("bad"));
}

#[test]
fn numbers_and_decimal_texts_are_the_same_input() {
    let inputs = [
        ("lifetime_price", json!({"terms": loan(), "hurdle": 0.12})),
        ("take_up", json!({"curve": {"type": "logit", "intercept": 2.0, "slope": -25.5}, "rate": 0.12})),
        (
            "cap_breaches",
            json!({"pack": "US", "product": "consumer_credit_covered_borrower", "day": "2026-11-21", "rates": {"military": 0.37}}),
        ),
        ("ifrs9_book", book()),
        (
            "repricing_gap",
            json!({"buckets": [{"months": 1.5, "assets": "10.00", "liabilities": "4.00"}], "shift": {"type": "parallel",
                "shift": 0.01}, "horizon": 12}),
        ),
        ("conditional_matrix", json!({"average": [[0.9, 0.08, 0.02], [0.1, 0.8, 0.1]], "rho": 0.1, "z": -1.5})),
        ("schedule", json!({"principal": "1000.00", "rate": 0.12, "periods": 12, "repayment": {"type": "equal_instalment"}})),
    ];
    for (name, input) in inputs {
        let texts = as_texts(&input);
        assert_ne!(texts, input);
        match (calculate(name, &input.to_string()), calculate(name, &texts.to_string())) {
            (Ok(a), Ok(b)) => assert_eq!(a, b),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn fractions_of_an_answer_are_texts_that_read_back_as_the_same_double() {
    let answer = answered("lifetime_price", &json!({"terms": loan(), "hurdle": 0.12}));
    let terms: crate::pricing::LifetimeTerms = serde_json::from_value(loan()).unwrap();
    let rate = crate::pricing::Lifetime::new(&terms, 0.12).unwrap().break_even_rate().unwrap().rate().unwrap();
    let text = answer["solution"]["rate"].as_str().unwrap();
    assert_eq!(text.parse::<f64>().unwrap().to_bits(), rate.to_bits());
    assert_eq!(answer["at"]["rate"], answer["solution"]["rate"]);
    // What one calculation gives, the next one takes.
    let at = answered("lifetime_return", &json!({"terms": loan(), "hurdle": "0.12", "rate": text}));
    assert_eq!(at["at"], answer["at"]);
    assert_eq!(at["months"].as_array().unwrap().len(), 36);
    // Small ones are written out, and counts stay numbers.
    let tiny = answered("capm_hurdle", &json!({"risk_free": "0.00000001", "beta": 0, "premium": 0.06}));
    assert_eq!(tiny["hurdle"], "0.00000001");
}

#[test]
fn the_members_of_an_answer_stand_as_they_are_declared() {
    let split = r#"{"loan":1000,"value":1000,"senior":0,"pari_passu":0,"secured_weight":0.25,"secured_share":0.5,
        "counterparty_weight":0.75}"#;
    assert_eq!(calculate("loan_split", split).unwrap(), r#"{"weight":"0.5","secured":"500"}"#);
}

#[test]
fn what_is_refused_is_named_by_its_place_and_not_repeated() {
    let at = |name: &str, input: &str| {
        let error = calculate(name, input).unwrap_err();
        let problem = error.problems()[0].clone();
        assert!(!error.to_string().contains("4711"), "{error}");
        (error.code().name(), problem.field.unwrap_or_default(), problem.what)
    };
    let refused = at("capm_hurdle", r#"{"risk_free": "four 4711", "beta": 1, "premium": 0.06}"#);
    assert_eq!((refused.0, refused.1.as_str()), ("invalid_data", "risk_free"));
    assert!(refused.2.contains("a decimal as text was expected"), "{}", refused.2);
    assert!(at("capm_hurdle", r#"{"risk_free": [4711], "beta": 1, "premium": 0}"#).2.contains("expected a number"));
    assert!(at("capm_hurdle", r#"{"beta": 1, "premium": 0.06}"#).2.contains("missing field `risk_free`"));
    assert!(at("capm_hurdle", r#"{"beta": 1, "beta": 2}"#).2.contains("duplicate field `beta`"));
    assert!(at("capm_hurdle", r#"{"betta": 1}"#).2.contains("unknown field `betta`"));
    assert!(at("capm_hurdle", r#"{"risk_free": 0, "beta": 1, "premium": 0} x"#).2.contains("trailing characters"));
    assert_eq!(at("lifetime_price", r#"{"terms": {"months": 4711.5}}"#).1, "terms.months");
    assert_eq!(
        at("xirr", r#"{"flows": [{"date": "2026-01-01", "amount": -1}, {"date": "4711", "amount": 2}]}"#).1,
        "flows[1].date"
    );
    assert!(at("schedule", r#"{"repayment": {"type": "x4711"}}"#).2.contains("expected one of"));
    assert_eq!(
        at("captial", "{}"),
        ("invalid_config", "calculation".to_owned(), "there is no calculation of this name".to_owned())
    );
    // A figure out of range is the calculation's own error.
    let year = r#"{"hurdle": 0.12, "loan": {"rate": 0.1, "funding": 0.03, "opex": 0, "fees": 0, "expected_loss": 0.01, "capital": 0,
        "capital_benefit": 0, "tax": 1, "funding_base": "ead"}}"#;
    let fields: BTreeSet<String> =
        calculate("raroc", year).unwrap_err().problems().iter().filter_map(|problem| problem.field.clone()).collect();
    assert_eq!(fields, ["capital", "tax"].map(str::to_owned).into());
}

#[test]
fn lines_are_answered_in_their_order_and_harm_no_other() {
    let line =
        |at: u32| format!("{{\"risk_free\": 0.0{at}, \"beta\": {}, \"premium\": 0.05}}", if at % 7 == 3 { "null" } else { "1" });
    let inputs: Vec<String> = (10..1_000).map(line).collect();
    let one = calculate_lines("capm_hurdle", &inputs.join("\n"), Threads::One).unwrap();
    assert_eq!(one, calculate_lines("capm_hurdle", &inputs.join("\n"), Threads::Count(5)).unwrap());
    let lines: Vec<&str> = one.lines().collect();
    assert_eq!(lines.len(), inputs.len());
    for (line, input) in lines.iter().zip(&inputs) {
        match calculate("capm_hurdle", input) {
            Ok(answer) => assert_eq!(*line, format!("{{\"answer\":{answer}}}")),
            Err(_) => {
                assert!(line.starts_with(r#"{"error":{"code":2,"name":"invalid_data","problems":[{"field":"beta","row":null"#))
            }
        }
    }
    assert!(calculate_lines("capm_hurdle", "\n", Threads::One).unwrap().starts_with("{\"error\""), "an empty line is no input");
    assert_eq!(calculate_lines("capm_hurdle", "", Threads::One).unwrap(), "");
}

#[test]
fn names_stand_for_one_calculation_each() {
    let names: BTreeSet<&str> = all().map(|calculation| calculation.name).collect();
    assert_eq!(names.len(), all().count());
    assert!(all().all(|calculation| calculation.about.ends_with('.')));
}

#[test]
fn columns_give_what_single_inputs_give() {
    let year = json!({"hurdle": 0.12, "loan": {"rate": 0.1, "funding": 0.03, "opex": 0.0, "fees": 0.0, "expected_loss": 0.01,
        "capital": 0.08, "capital_benefit": 0.02, "tax": 0.25, "funding_base": "ead"}});
    let exposure = json!({"framework": "basel3", "exposure": {"class": "other_retail", "pd": 0.01, "lgd": 0.45}});
    let life = json!({"terms": loan(), "hurdle": 0.12});
    let inside = |input: &Value, part: &str, figure: &str, value: f64| {
        let mut input = input.clone();
        input[part][figure] = json!(value);
        input
    };
    type Case<'a> = (&'a str, &'a Value, &'a str, &'a str, &'a [f64], &'a [&'a str]);
    let cases: [Case<'_>; 4] = [
        ("raroc", &year, "loan", "rate", &[0.05, 0.1, 0.2, f64::NAN], &["raroc", "eva", "break_even_rate", "net_income"]),
        ("raroc", &year, "loan", "capital", &[0.0, 0.08, 2.0], &["raroc", "break_even_rate"]),
        ("irb_capital", &exposure, "exposure", "pd", &[0.01, 0.3, -1.0], &["k", "risk_weight", "expected_loss", "correlation"]),
        ("lifetime_price", &life, "terms", "lgd", &[0.1, 0.6, 1.5], &["rate", "raroc"]),
    ];
    for (name, input, part, figure, values, wanted) in cases {
        let columns = calculate_columns(name, &input.to_string(), &[(figure, values)], Threads::Count(2)).unwrap();
        for (row, value) in values.iter().enumerate() {
            let single = calculate(name, &inside(input, part, figure, *value).to_string());
            assert_eq!(columns.status[row] == 0, single.is_ok(), "{name} {value}");
            let Ok(single) = single else {
                assert!(columns.errors.iter().any(|(at, error)| *at == row && error.problems()[0].row == Some(row as u64)));
                assert!(columns.numbers.iter().all(|(_, column)| column[row].is_nan() || column[row] == 0.0));
                continue;
            };
            let single: Value = serde_json::from_str(&single).unwrap();
            let place = if name == "lifetime_price" { &single["at"] } else { &single };
            for (figure, column) in columns.numbers.iter().filter(|(figure, _)| wanted.contains(figure)) {
                assert_eq!(column[row].to_string(), place[*figure].as_str().unwrap(), "{name} {figure} {value}");
            }
        }
    }
}

#[test]
fn columns_that_do_not_fit_are_refused() {
    let base = json!({"framework": "basel3", "exposure": {"class": "other_retail", "pd": 0.01, "lgd": 0.45}}).to_string();
    let field = |name: &str, columns: &[(&str, &[f64])]| {
        let error = calculate_columns(name, &base, columns, Threads::One).unwrap_err();
        (error.code().name(), error.problems()[0].field.clone().unwrap_or_default())
    };
    assert_eq!(field("irb_capital", &[]), ("invalid_data", "columns".to_owned()));
    assert_eq!(field("irb_capital", &[("pdd", &[0.1])]), ("invalid_data", "pdd".to_owned()));
    assert_eq!(field("irb_capital", &[("pd", &[0.1]), ("pd", &[0.2])]), ("invalid_data", "pd".to_owned()));
    assert_eq!(field("irb_capital", &[("pd", &[0.1]), ("lgd", &[0.2, 0.3])]), ("invalid_data", "lgd".to_owned()));
    assert_eq!(field("capm_hurdle", &[("beta", &[0.1])]), ("invalid_config", "calculation".to_owned()));
}
