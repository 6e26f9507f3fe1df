//! How far a case lies from what is usual, field by field, by figures that a few odd cases do not move.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};
use crate::math::median;
use crate::stats::ExactSum;

/// The standard deviation of a normal distribution over its median absolute deviation, 1 / Φ⁻¹(¾).
const NORMAL_MAD: f64 = 1.482_602_218_505_602;
/// The same over its mean absolute deviation, √(π/2).
const NORMAL_MEAN: f64 = 1.253_314_137_315_500_3;

/// What the spread of a field was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutlierBasis {
    /// 1.4826 times the median absolute deviation from the median.
    Median,
    /// 1.2533 times the mean absolute deviation from the median, where more than half of the values are the same.
    Mean,
    /// All values are the same, or there are none: the field says nothing.
    Constant,
}

/// What is usual in one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutlierField {
    /// Name of the field.
    pub name: String,
    /// Its median; 0 when there are no values.
    pub centre: f64,
    /// Its spread, as a standard deviation; 0 where it is constant.
    pub spread: f64,
    /// What the spread was taken from.
    pub basis: OutlierBasis,
}

/// How far a case lies from what is usual.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutlierScore {
    /// The greatest |value − median| / spread over the fields.
    pub score: f64,
    /// The index of that field; the first of equal ones.
    pub field: usize,
}

/// What is usual in several fields (the modified z score of Iglewicz and Hoaglin 1993, who call more than 3.5 an outlier).
///
/// ```
/// use scoreline::features::fraud::OutlierModel;
/// let amount = [10.0, 12.0, 11.0, 9.0, 13.0, f64::NAN];
/// let hour = [9.0, 9.0, 9.0, 9.0, 10.0, 9.0];
/// let model = OutlierModel::fit(&[("amount", &amount[..]), ("hour", &hour[..])])?;
/// let odd = model.score(&[400.0, 9.0]).unwrap();
/// assert_eq!(odd.field, 0);
/// assert!((odd.score - 389.0 / 1.4826022185056018).abs() < 1e-9);
/// assert_eq!(model.score(&[f64::NAN, f64::NAN]), None);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutlierModel {
    /// The fields, in the order of the values of a case.
    pub fields: Vec<OutlierField>,
}

impl OutlierModel {
    /// What is usual in these columns. Missing values (NaN) and infinite ones do not count; the order of the rows does not matter.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) without columns, and when two have the same name.
    pub fn fit(columns: &[(&str, &[f64])]) -> Result<Self> {
        let again = |(at, (name, _)): (usize, &(&str, &[f64]))| columns.iter().take(at).any(|(other, _)| other == name);
        if columns.is_empty() || columns.iter().enumerate().any(again) {
            let problem = Problem::new("columns of different names were expected", "pass each column once");
            return Err(Error::data(problem.field("columns")));
        }
        Ok(OutlierModel { fields: columns.iter().map(|(name, values)| OutlierField::fit(name, values)).collect() })
    }

    /// How far a case lies from what is usual; `None` when no field with a spread has a value. Values beyond the fields do not
    /// count.
    #[must_use]
    pub fn score(&self, values: &[f64]) -> Option<OutlierScore> {
        let mut farthest: Option<OutlierScore> = None;
        for (field, (value, usual)) in values.iter().zip(&self.fields).enumerate() {
            if let Some(score) = usual.score(*value).filter(|score| farthest.is_none_or(|far| *score > far.score)) {
                farthest = Some(OutlierScore { score, field });
            }
        }
        farthest
    }
}

impl OutlierField {
    fn fit(name: &str, values: &[f64]) -> Self {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let centre = median(&sorted).unwrap_or(0.0);
        let mut sum = ExactSum::default();
        for value in &mut sorted {
            *value = (*value - centre).abs();
            sum.add(*value);
        }
        let mean = NORMAL_MEAN * sum.value() / sorted.len().max(1) as f64;
        sorted.sort_unstable_by(f64::total_cmp);
        let deviation = NORMAL_MAD * median(&sorted).unwrap_or(0.0);
        let (spread, basis) = if deviation > 0.0 && deviation.is_finite() {
            (deviation, OutlierBasis::Median)
        } else if mean > 0.0 && mean.is_finite() {
            (mean, OutlierBasis::Mean)
        } else {
            (0.0, OutlierBasis::Constant)
        };
        OutlierField { name: name.to_owned(), centre, spread, basis }
    }

    /// How far a value lies from what is usual; `None` when it is missing or the field says nothing.
    fn score(&self, value: f64) -> Option<f64> {
        (self.spread > 0.0 && value.is_finite()).then(|| ((value - self.centre) / self.spread).abs())
    }
}
