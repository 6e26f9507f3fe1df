//! Settings of one feature.

use serde::{Deserialize, Serialize};

use super::{BinningConfig, Placement, Trend};
use crate::binning::table::{Objective, Prior};
use crate::error::Problems;

/// Settings of one feature in place of the general ones, and bins that are fixed beforehand.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VariableBinning {
    /// The cuts of a number, forced exactly as given: rising; a value equal to a cut is in the upper bin. Limits on
    /// the size of a bin are not asked; the number of bins, the trend and the limits between neighbours are, and a cut
    /// that breaks one of them is an error that names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cuts: Option<Vec<f64>>,
    /// The groups of a category, forced exactly as given. Levels in no group are pooled in one more bin, last, where
    /// there are any; otherwise unseen levels go to the group whose weight of evidence is nearest to 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<Vec<String>>>,
    /// See [`BinningConfig::max_bins`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_bins: Option<usize>,
    /// See [`BinningConfig::min_bins`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_bins: Option<usize>,
    /// See [`BinningConfig::min_share`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_share: Option<f64>,
    /// See [`BinningConfig::min_level_share`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_level_share: Option<f64>,
    /// See [`BinningConfig::max_share`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_share: Option<f64>,
    /// See [`BinningConfig::min_events`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_events: Option<f64>,
    /// See [`BinningConfig::min_non_events`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_non_events: Option<f64>,
    /// See [`BinningConfig::min_rate_difference`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_rate_difference: Option<f64>,
    /// See [`BinningConfig::max_p_value`]; 1 lifts a general limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_p_value: Option<f64>,
    /// See [`BinningConfig::objective`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub objective: Option<Objective>,
    /// See [`BinningConfig::trend`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trend: Option<Trend>,
    /// See [`BinningConfig::stable`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stable: Option<bool>,
    /// See [`BinningConfig::missing`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Placement>,
    /// See [`BinningConfig::special`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub special: Option<Placement>,
    /// See [`BinningConfig::smoothing`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smoothing: Option<f64>,
    /// See [`BinningConfig::prior`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prior: Option<Prior>,
    /// See [`BinningConfig::readable`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readable: Option<f64>,
}

impl VariableBinning {
    /// The general settings with these in their place.
    pub(super) fn over(&self, general: &BinningConfig) -> BinningConfig {
        BinningConfig {
            max_bins: self.max_bins.unwrap_or(general.max_bins),
            min_bins: self.min_bins.unwrap_or(general.min_bins),
            min_share: self.min_share.unwrap_or(general.min_share),
            min_level_share: self.min_level_share.unwrap_or(general.min_level_share),
            max_share: self.max_share.unwrap_or(general.max_share),
            min_events: self.min_events.unwrap_or(general.min_events),
            min_non_events: self.min_non_events.unwrap_or(general.min_non_events),
            min_rate_difference: self.min_rate_difference.unwrap_or(general.min_rate_difference),
            max_p_value: self.max_p_value.or(general.max_p_value),
            objective: self.objective.unwrap_or(general.objective),
            trend: self.trend.unwrap_or(general.trend),
            stable: self.stable.unwrap_or(general.stable),
            missing: self.missing.clone().unwrap_or_else(|| general.missing.clone()),
            special: self.special.clone().unwrap_or_else(|| general.special.clone()),
            smoothing: self.smoothing.unwrap_or(general.smoothing),
            prior: self.prior.unwrap_or(general.prior),
            readable: self.readable.or(general.readable),
            variables: general.variables.clone(),
        }
    }

    /// Checks these settings over the general ones.
    pub(super) fn check(&self, place: &str, general: &BinningConfig, problems: &mut Problems) {
        // A general problem is reported once, at its own place.
        let mut before = Problems::default();
        general.check(place, &mut before);
        let known = before.into_result().err().map_or_else(Vec::new, |error| error.problems().to_vec());
        let mut own = Problems::default();
        self.over(general).check(place, &mut own);
        for problem in own.into_result().err().iter().flat_map(|error| error.problems()) {
            if !known.contains(problem) {
                problems.push(problem.clone());
            }
        }
        let both = self.cuts.is_some() && self.groups.is_some();
        problems.require(!both, place, "has cuts and groups", "give cuts for numbers or groups for levels");
        if let Some(cuts) = &self.cuts {
            let rising = cuts.iter().all(|cut| cut.is_finite()) && cuts.windows(2).all(|pair| pair[0] < pair[1]);
            let place = format!("{place}.cuts");
            problems.require(rising, &place, "must be finite and rise strictly", "sort them and remove repetitions");
            problems.require(cuts.len() < 64, &place, "must be fewer than 64", "remove some");
        }
        if let Some(groups) = &self.groups {
            let mut levels: Vec<&String> = groups.iter().flatten().collect();
            levels.sort_unstable();
            let once = levels.windows(2).all(|pair| pair[0] != pair[1]);
            let place = format!("{place}.groups");
            problems.require(once, &place, "hold a level twice", "keep each level in one group");
            let filled = !groups.is_empty() && groups.iter().all(|group| !group.is_empty());
            problems.require(filled, &place, "must not be empty", "remove the empty group");
            problems.require(groups.len() < 64, &place, "must be fewer than 64", "remove some");
        }
    }
}
