//! Reference values of `tests/golden/special_functions.json`, for tests.

use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    cases: std::collections::BTreeMap<String, Vec<Case>>,
}

#[derive(Deserialize)]
struct Case {
    x: Vec<f64>,
    value: f64,
}

/// |got / want − 1|.
pub(crate) fn relative(got: f64, want: f64) -> f64 {
    if got == want { 0.0 } else { (got / want - 1.0).abs() }
}

/// Compares `function` with every value of the family `name`.
pub(crate) fn check(name: &str, tolerance: f64, function: impl Fn(&[f64]) -> f64) {
    let text = include_str!("../../../tests/golden/special_functions.json");
    let golden: Golden = serde_json::from_str(text).unwrap();
    let cases = &golden.cases[name];
    assert!(cases.len() >= 10);
    for case in cases {
        let got = function(&case.x);
        assert!(relative(got, case.value) <= tolerance, "{name}{:?}: {got:e} is not {:e}", case.x, case.value);
    }
}
