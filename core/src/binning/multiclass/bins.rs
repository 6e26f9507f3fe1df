//! The fitted bins of one feature for a target with several classes.

use serde::{Deserialize, Serialize};

use super::super::bins::Split;
use super::super::config::Direction;
use super::super::lookup::Lookup;
use super::super::ordered::Optimality;
use super::config::MulticlassObjective;
use crate::data::{Column, Special, Value};

/// The bins of one feature: ordinary bins, one bin for each declared special code, and last the missing bin, which always
/// exists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MulticlassBins {
    /// Name of the feature.
    pub feature: String,
    /// Names of the classes, in the order of all lists by class.
    pub classes: Vec<String>,
    /// Which values belong to which ordinary bin.
    pub split: Split,
    /// The bins: ordinary, special, missing.
    pub bins: Vec<MulticlassBin>,
    /// Information value of each class against all others, over all bins.
    pub iv_by_class: Vec<f64>,
    /// Their mean.
    pub iv: f64,
    /// Jensen–Shannon divergence over all bins, see [`MulticlassObjective::Js`].
    pub js: f64,
    /// What the ordinary bins maximise.
    pub objective: MulticlassObjective,
    /// How good the ordinary bins are.
    pub certificate: Optimality,
    /// How the rate of each class moves over the ordinary bins; absent where it turns, and for a single bin.
    pub trends: Vec<Option<Direction>>,
}

/// One bin with what was counted in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MulticlassBin {
    /// For readers: `[12, 24)`, `{A11, A12}`, `special: no file`, `missing`.
    pub label: String,
    /// Weight of the rows, in rows.
    pub count: f64,
    /// Share of all rows, by weight.
    pub share: f64,
    /// Weight of the rows of each class, in rows.
    pub counts: Vec<f64>,
    /// Each class as a share of the bin, in [0, 1]; 0 for an empty bin.
    pub rates: Vec<f64>,
    /// Weight of evidence of each class as the event against all others, see [`woe`](super::super::woe()): positive where
    /// the class is rarer than in the whole. 0 for an empty bin.
    pub woe: Vec<f64>,
    /// What the bin adds to [`MulticlassBins::iv`].
    pub iv: f64,
    /// What the bin adds to [`MulticlassBins::js`].
    pub js: f64,
}

impl MulticlassBins {
    /// The index of the bin of `value`, and whether training saw nothing of the sort: a level in no group, or a special
    /// code or missing value whose bin is empty. `special` are the codes declared for the field, as in training.
    #[must_use]
    pub fn code(&self, value: Value<'_>, special: &[Special]) -> (u8, bool) {
        self.split.code(value, special, |code| self.bins.get(code).is_none_or(|bin| bin.count == 0.0))
    }

    /// The weight of evidence of class `class` (an index into [`MulticlassBins::classes`]) for each row; 0 for a class
    /// that does not exist.
    ///
    /// The values are taken as they stand; [`Field::check`](crate::Field::check) refuses those that mean nothing before.
    #[must_use]
    pub fn transform(&self, class: usize, column: &Column<'_>, special: &[Special]) -> Vec<f64> {
        let codes = Lookup::of(&self.split, special).codes_of(column);
        let woe = |code: u8| self.bins.get(usize::from(code)).and_then(|bin| bin.woe.get(class)).copied();
        codes.into_iter().map(|code| woe(code).unwrap_or(0.0)).collect()
    }
}
