//! Reference values of `tests/golden`, for tests.

use serde_json::Value;

/// The case `id` of `tests/golden/ldp_calibration.json`.
pub(super) fn case(id: &str) -> Value {
    cases().into_iter().find(|case| case["id"] == id).unwrap()
}

/// All cases of `tests/golden/ldp_calibration.json`.
pub(super) fn cases() -> Vec<Value> {
    let text = include_str!("../../../tests/golden/ldp_calibration.json");
    let file: Value = serde_json::from_str(text).unwrap();
    file["cases"].as_array().unwrap().clone()
}

/// The numbers of an array.
pub(super) fn numbers(array: &Value) -> Vec<f64> {
    array.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}
