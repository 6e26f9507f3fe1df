//! The fitted bins of one feature for a continuous target.

use serde::{Deserialize, Serialize};

use super::super::bins::Split;
use super::super::lookup::Lookup;
use super::super::ordered::Optimality;
use super::config::MeanTrend;
use crate::data::{Column, Special, Value};

/// The bins of one feature: ordinary bins (numeric ones by value, category ones by mean), one bin for each declared
/// special code, and last the missing bin, which always exists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContinuousBins {
    /// Name of the feature.
    pub feature: String,
    /// Which values belong to which ordinary bin.
    pub split: Split,
    /// The bins: ordinary, special, missing.
    pub bins: Vec<ContinuousBin>,
    /// Weighted mean of the target over all rows.
    pub mean: f64,
    /// Its weighted standard deviation.
    pub std: f64,
    /// Share of the target's variance that all bins explain, special and missing ones included, in [0, 1].
    pub explained: f64,
    /// Σ |mean of the bin − mean of all| · share over all bins, in the unit of the target: what optbinning reports as the
    /// information value of a continuous target.
    pub iv: f64,
    /// How good the ordinary bins are; the objective is the share of variance they explain.
    pub certificate: Optimality,
    /// How the mean moves over numeric bins; absent for a category and for a single bin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trend: Option<MeanTrend>,
}

/// One bin with what was seen in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContinuousBin {
    /// For readers: `[12, 24)`, `{A11, A12}`, `special: no file`, `missing`.
    pub label: String,
    /// Weight of the rows, in rows.
    pub count: f64,
    /// Share of all rows, by weight.
    pub share: f64,
    /// Weighted mean of the target; that of all rows for an empty bin, which says nothing.
    pub mean: f64,
    /// Weighted standard deviation of the target within the bin (the mean square is divided by the weight).
    pub std: f64,
    /// Least target; absent for an empty bin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Greatest target; absent for an empty bin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// What the bin adds to [`ContinuousBins::explained`].
    pub explained: f64,
    /// What the bin adds to [`ContinuousBins::iv`].
    pub iv: f64,
}

impl ContinuousBins {
    /// The index of the bin of `value`, and whether training saw nothing of the sort: a level in no group, or a special
    /// code or missing value whose bin is empty. `special` are the codes declared for the field, as in training.
    #[must_use]
    pub fn code(&self, value: Value<'_>, special: &[Special]) -> (u8, bool) {
        self.split.code(value, special, |code| self.bins.get(code).is_none_or(|bin| bin.count == 0.0))
    }

    /// The mean of the bin of each row, in the unit of the target.
    ///
    /// The values are taken as they stand; [`Field::check`](crate::Field::check) refuses those that mean nothing before.
    #[must_use]
    pub fn transform(&self, column: &Column<'_>, special: &[Special]) -> Vec<f64> {
        let codes = Lookup::of(&self.split, special).codes_of(column);
        codes.into_iter().map(|code| self.bins.get(usize::from(code)).map_or(self.mean, |bin| bin.mean)).collect()
    }
}
