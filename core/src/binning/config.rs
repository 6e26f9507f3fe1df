//! What is asked of the bins.

mod limits;
#[cfg(test)]
mod tests;
mod trend;
mod variable;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(super) use limits::Limits;
pub use trend::{Direction, Shape, Trend};
pub use variable::VariableBinning;

use super::table::{Objective, Prior, Smoothing};
use crate::data::Code;
use crate::error::{Problems, Result};

/// The limits that the bins of one feature keep.
///
/// ```
/// use scoreline::binning::{BinningConfig, Trend, VariableBinning};
/// let mut config = BinningConfig { max_bins: 4, trend: Trend::Decreasing, ..BinningConfig::default() };
/// let age = VariableBinning { trend: Some(Trend::Valley), ..VariableBinning::default() };
/// config.variables.insert("age".to_owned(), age);
/// assert!(config.validate().is_ok());
/// assert_eq!(config.of("age").trend, Trend::Valley);
/// let wrong = BinningConfig { max_bins: 1, min_share: 2.0, ..BinningConfig::default() };
/// assert_eq!(wrong.validate().unwrap_err().problems().len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BinningConfig {
    /// The most ordinary bins, 2 to 20; special codes and the missing bin come on top. Default 8.
    pub max_bins: usize,
    /// The least number of ordinary bins, 1 to `max_bins`. Default 1: a feature that says nothing within the limits
    /// has one bin. Above 1, limits that cannot be met together are an error that names the tightest one.
    pub min_bins: usize,
    /// The least share of all rows (missing ones included) that an ordinary bin holds, 0 to 0.5. Default 0.05.
    pub min_share: f64,
    /// The least share of all rows of a level of a category, 0 to 0.5: rarer levels stay together, as their own event
    /// rates are mostly noise. Default 0.01; with 0 every level is grouped by its own event rate.
    pub min_level_share: f64,
    /// The largest share of all rows that one of several ordinary bins holds, above `min_share` up to 1. Default 1.
    pub max_share: f64,
    /// The least weight of rows with the event in an ordinary bin, above 0. Default 5: below that the
    /// standard error of a weight of evidence, √(1/events + 1/non-events), exceeds 0.45.
    pub min_events: f64,
    /// The least weight of rows without the event in an ordinary bin, above 0. Default 5.
    pub min_non_events: f64,
    /// The least difference of the event rates of neighbouring bins, 0 to 1. Default 0: they only have to differ.
    pub min_rate_difference: f64,
    /// The largest p-value between neighbouring bins, above 0 up to 1: of the two-sided z test for the difference of
    /// two proportions with pooled variance, with weights counted as rows. Default none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_p_value: Option<f64>,
    /// What the bins make as large as possible. Default [`Objective::InformationValue`].
    pub objective: Objective,
    /// How the event rate moves from one numeric bin to the next. Default [`Trend::Auto`].
    pub trend: Trend,
    /// Whether the event rates of neighbouring bins must have the same order in each period of
    /// [`bin_over_time`](super::bin_over_time). A period without rows in one of two neighbours says nothing about them.
    /// Default false.
    pub stable: bool,
    /// Which weight of evidence rows without a value get. Default [`Placement::Own`].
    pub missing: Placement,
    /// Which weight of evidence the special codes get. Default [`Placement::Own`].
    pub special: Placement,
    /// Rows added to the events and to the non-events of every bin when its weight of evidence is taken, 0 to 1000;
    /// the totals are not adjusted. Default 0.5 (Jeffreys). With 0 the weight of evidence is strict, and a bin
    /// that holds one class only is an error.
    pub smoothing: f64,
    /// How the added rows, twice `smoothing`, divide into events and non-events. Default [`Prior::Even`].
    pub prior: Prior,
    /// The largest share of a feature's information value that rounding its cuts to readable numbers may cost, 0 to
    /// below 1; with 0 only digits that cost nothing go. See [`with_readable_cuts`](super::with_readable_cuts). Forced cuts
    /// stay. Default none: cuts are exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readable: Option<f64>,
    /// Settings of single features by name, in place of the ones above.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, VariableBinning>,
}

impl Default for BinningConfig {
    fn default() -> Self {
        BinningConfig {
            max_bins: 8,
            min_bins: 1,
            min_share: 0.05,
            min_level_share: 0.01,
            max_share: 1.0,
            min_events: 5.0,
            min_non_events: 5.0,
            min_rate_difference: 0.0,
            max_p_value: None,
            objective: Objective::InformationValue,
            trend: Trend::Auto,
            stable: false,
            missing: Placement::Own,
            special: Placement::Own,
            smoothing: 0.5,
            prior: Prior::Even,
            readable: None,
            variables: BTreeMap::new(),
        }
    }
}

/// Which weight of evidence a missing value or a special code gets.
///
/// The bin of a joined code stays in the table with its own counts and takes the weight of evidence of the ordinary
/// bin, which is not changed by it; what it adds to the information value is what joining the two bins adds, and can
/// be negative.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Placement {
    /// Its own.
    #[default]
    Own,
    /// That of the ordinary bin whose event rate is nearest; the bin of a code without rows keeps 0.
    Nearest,
    /// That of the ordinary bin with the lowest weight of evidence.
    Riskiest,
    /// That of the ordinary bin of this number or level, as if the value had been this one.
    Like {
        /// The number or level.
        value: Code,
    },
}

impl BinningConfig {
    /// The settings for the feature called `name`: its own ones in place of the general ones.
    #[must_use]
    pub fn of(&self, name: &str) -> BinningConfig {
        let general = BinningConfig { variables: BTreeMap::new(), ..self.clone() };
        self.variables.get(name).map_or_else(|| general.clone(), |own| own.over(&general))
    }

    /// What is added to the counts of a bin when its weight of evidence is taken.
    #[must_use]
    pub fn smoothing(&self) -> Smoothing {
        Smoothing { rows: self.smoothing, prior: self.prior }
    }

    /// Checks every setting.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        self.check("binning", &mut problems);
        for (name, own) in &self.variables {
            own.check(&format!("binning.variables.{name}"), self, &mut problems);
        }
        problems.into_result()
    }

    fn check(&self, place: &str, problems: &mut Problems) {
        let mut require = |ok: bool, field: &str, what: &str, remedy: &str| {
            problems.require(ok, &format!("{place}.{field}"), what, remedy);
        };
        let bins = (2..=20).contains(&self.max_bins);
        require(bins, "max_bins", "must lie between 2 and 20", "use 4 to 8 for a scorecard");
        let least = self.min_bins >= 1 && (self.min_bins <= self.max_bins || !bins);
        require(least, "min_bins", "must lie between 1 and max_bins", "use 1 unless fewer bins are of no use");
        let share = (0.0..=0.5).contains(&self.min_share);
        require(share, "min_share", "must lie between 0 and 0.5", "give a share, for example 0.05");
        let level = (0.0..=0.5).contains(&self.min_level_share);
        require(level, "min_level_share", "must lie between 0 and 0.5", "give a share, for example 0.01");
        let most = self.max_share > 0.0 && self.max_share <= 1.0 && (self.max_share > self.min_share || !share);
        require(most, "max_share", "must lie above min_share and be at most 1", "use 1 for no limit, or for example 0.5");
        for (field, least) in [("min_events", self.min_events), ("min_non_events", self.min_non_events)] {
            let what = "must be above 0 and at most 10^12";
            let remedy = "use 1 or more rows: a bin of one class has no finite weight of evidence";
            require(least > 0.0 && least <= 1e12, field, what, remedy);
        }
        let difference = (0.0..1.0).contains(&self.min_rate_difference);
        require(difference, "min_rate_difference", "must lie from 0 to below 1", "give a difference of rates, for example 0.01");
        let p = self.max_p_value.is_none_or(|p| p > 0.0 && p <= 1.0);
        require(p, "max_p_value", "must be above 0 and at most 1", "use for example 0.05, or leave it out");
        require((0.0..=1_000.0).contains(&self.smoothing), "smoothing", "must lie between 0 and 1000", "use 0.5, or 0 for none");
        let loss = self.readable.is_none_or(|loss| (0.0..1.0).contains(&loss));
        require(loss, "readable", "must lie from 0 to below 1", "use 0.01 for one per cent, or leave it out");
        for (field, placement) in [("missing", &self.missing), ("special", &self.special)] {
            let finite = !matches!(placement, Placement::Like { value: Code::Number(x) } if !x.is_finite());
            require(finite, field, "must be like a finite number or a level", "give a value of the feature");
        }
    }
}
