//! How concentrated obligors or exposures are in the grades of a scale, by the ECB's measures.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};
use crate::math::{ln, norm_cdf};

/// Concentration over K grades (ECB, *Instructions for reporting the validation results of internal models*, 2019, 2.5.5.3).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeConcentration {
    /// Coefficient of variation √(K Σ (R − 1/K)²) of the shares R: 0 when all grades hold the same.
    pub cv: f64,
    /// Herfindahl index 1 + ln((CV² + 1)/K) / ln K: 0 when all grades hold the same, 1 when one holds everything. It is not
    /// the sum of the squared shares.
    pub herfindahl: f64,
}

/// Whether grades are more concentrated than they were when the model was approved.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConcentrationTest {
    /// As it was.
    pub initial: GradeConcentration,
    /// As it is.
    pub current: GradeConcentration,
    /// 1 − Φ(√(K − 1) (CV − CV₀) / √(CV² (½ + CV²))): small when the concentration rose. None when the current coefficient of
    /// variation is 0.
    pub p_value: Option<f64>,
}

/// The concentration of weights, such as numbers of obligors or exposures, over the grades.
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) when a weight is negative or not finite;
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) for fewer than two grades or no weight above 0.
///
/// ```
/// use scoreline::tier::grade_concentration;
/// let found = grade_concentration(&[0.02, 0.08, 0.15, 0.45, 0.18, 0.08, 0.04])?;
/// assert!((found.herfindahl - 0.33130612973).abs() < 1e-10);
/// # Ok::<(), scoreline::Error>(())
/// ```
pub fn grade_concentration(weights: &[f64]) -> Result<GradeConcentration> {
    if let Some(grade) = weights.iter().position(|weight| !(*weight >= 0.0 && weight.is_finite())) {
        let problem = Problem::new("a finite weight of 0 or more was expected", "correct the weight of the grade");
        return Err(Error::data(problem.field("grades").row(grade)));
    }
    let total: f64 = weights.iter().sum();
    if weights.len() < 2 || !(total > 0.0 && total.is_finite()) {
        let problem = Problem::new("two grades or more and a weight above 0 are needed", "pass the weight of each grade");
        return Err(Error::insufficient(problem.field("grades")));
    }
    let grades = weights.len() as f64;
    let squares: f64 = weights.iter().map(|weight| weight / total - 1.0 / grades).map(|away| away * away).sum();
    let cv = (grades * squares).sqrt();
    Ok(GradeConcentration { cv, herfindahl: (1.0 + ln((cv * cv + 1.0) / grades) / ln(grades)).clamp(0.0, 1.0) })
}

/// Tests whether the concentration over the same grades rose.
///
/// # Errors
/// As [`grade_concentration`]; [`InvalidData`](crate::ErrorCode::InvalidData) when the numbers of grades differ.
pub fn concentration_test(initial: &[f64], current: &[f64]) -> Result<ConcentrationTest> {
    if initial.len() != current.len() {
        let problem = Problem::new("the same grades were expected", "pass one weight a grade, 0 for an empty one");
        return Err(Error::data(problem.field("grades")));
    }
    let steps = (current.len() as f64 - 1.0).max(0.0).sqrt();
    let (initial, current) = (grade_concentration(initial)?, grade_concentration(current)?);
    let square = current.cv * current.cv;
    let z = steps * (current.cv - initial.cv) / (square * (0.5 + square)).sqrt();
    Ok(ConcentrationTest { initial, current, p_value: z.is_finite().then(|| norm_cdf(-z)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_concentration() {
        let file: serde_json::Value = serde_json::from_str(include_str!("../../../../tests/golden/tiering.json")).unwrap();
        let cases = file["cases"].as_array().unwrap().iter();
        let mut seen = 0;
        for case in cases.filter(|case| case["id"].as_str().unwrap().starts_with("ecb_concentration")) {
            let list = |name: &str| serde_json::from_value::<Vec<f64>>(case["inputs"][name].clone()).unwrap();
            let found = concentration_test(&list("initial_shares"), &list("current_shares")).unwrap();
            let figures = [
                ("cv_initial", Some(found.initial.cv)),
                ("cv_current", Some(found.current.cv)),
                ("hi_initial", Some(found.initial.herfindahl)),
                ("hi_current", Some(found.current.herfindahl)),
                ("p_value", found.p_value),
            ];
            for (name, value) in figures {
                let want = case["expected"][name].as_f64();
                assert_eq!(value.is_some(), want.is_some(), "{name}");
                assert!((value.unwrap_or(0.0) - want.unwrap_or(0.0)).abs() < 1e-12, "{name}");
            }
            seen += 1;
        }
        assert_eq!(seen, 2);
    }

    #[test]
    fn the_ends_of_the_index() {
        let end = |weights: &[f64]| grade_concentration(weights).unwrap().herfindahl;
        assert!(end(&[5.0; 9]).abs() < 1e-15 && (end(&[0.0, 3.0, 0.0]) - 1.0).abs() < 1e-15);
        for bad in [&[1.0][..], &[0.0, 0.0], &[1.0, -1.0], &[1.0, f64::NAN]] {
            assert!(grade_concentration(bad).is_err());
        }
        assert!(concentration_test(&[1.0, 2.0], &[1.0, 2.0, 3.0]).is_err());
    }
}
