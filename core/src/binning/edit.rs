//! Binning by hand: what may be changed, who changed it and why, and what it cost.

mod change;
mod editor;

pub(super) use change::declared;
pub use editor::{EditPreview, Editor};

use serde::{Deserialize, Serialize};

use super::bins::{FeatureBins, Split};
use super::config::BinningConfig;
use super::{Observed, PeriodCounts};
use crate::data::Date;
use crate::error::{Problems, Result};

/// One change of the bins of a feature. Bins are counted from 0, as the bins stand before the change.
///
/// ```
/// use scoreline::binning::BinEdit;
/// let edit: BinEdit = serde_json::from_str(r#"{"type": "merge", "from": 1, "to": 2}"#)?;
/// assert_eq!(edit, BinEdit::Merge { from: 1, to: 2 });
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum BinEdit {
    /// Joins ordinary bins, or groups of levels.
    Merge {
        /// The first bin.
        from: usize,
        /// The last bin, itself included; above `from`.
        to: usize,
    },
    /// Divides a numeric bin.
    Split {
        /// The new cut: a value equal to it goes to the upper part.
        at: f64,
    },
    /// Moves a cut without passing its neighbours.
    MoveCut {
        /// The cut, counted from 0: the upper border of the bin of this number.
        cut: usize,
        /// Where it goes.
        to: f64,
    },
    /// Moves levels to another group. A level that training did not see may be placed too. A group that loses all
    /// its levels is dropped, and unseen levels follow the moved ones if they went there.
    MoveLevels {
        /// The levels.
        levels: Vec<String>,
        /// The group they go to; a new one when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<usize>,
    },
    /// Says in which group levels that training did not see are placed.
    PlaceUnseen {
        /// The group.
        to: usize,
    },
    /// Sets the weight of evidence of a bin, special and missing ones included. What was counted, and with it the
    /// information value, stays.
    SetWoe {
        /// The bin.
        bin: usize,
        /// Its weight of evidence; positive is good.
        woe: f64,
    },
    /// Rounds the cuts, each to as few significant digits as the limits, the trend and the loss allow.
    Readable {
        /// The largest share of the ordinary bins' information value that may be lost, in [0, 1).
        max_iv_loss: f64,
    },
}

/// A change with its author and reason: what is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditRequest {
    /// The change.
    pub edit: BinEdit,
    /// Who asks for it.
    pub author: String,
    /// Why, for those who will validate the card.
    pub reason: String,
    /// The day, if it is to be on record; the clock is never read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Date>,
    /// Whether the change may break the monotone trend of numeric bins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub override_trend: bool,
}

/// A change that was made, kept with the bins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditRecord {
    /// What was asked, by whom and why.
    pub request: EditRequest,
    /// Information value of all bins before.
    pub iv_before: f64,
    /// Information value of all bins after.
    pub iv_after: f64,
    /// What was maximised, over the ordinary bins, before.
    pub objective_before: f64,
    /// What was maximised, over the ordinary bins, after.
    pub objective_after: f64,
}

impl EditRequest {
    /// Checks what can be seen without bins.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.require(!self.author.trim().is_empty(), "edit.author", "must not be empty", "name who asks for the change");
        problems.require(!self.reason.trim().is_empty(), "edit.reason", "must not be empty", "say why the bins are changed");
        match &self.edit {
            BinEdit::Merge { from, to } => {
                problems.require(from < to, "edit.to", "must be above edit.from", "name the first and the last bin to join");
            }
            BinEdit::Split { at: number } | BinEdit::MoveCut { to: number, .. } | BinEdit::SetWoe { woe: number, .. } => {
                problems.require(number.is_finite(), "edit", "the number must be finite", "give a finite number");
            }
            BinEdit::MoveLevels { levels, .. } => {
                let mut sorted: Vec<&String> = levels.iter().collect();
                sorted.sort_unstable();
                sorted.dedup();
                let once = sorted.len() == levels.len() && !levels.is_empty();
                problems.require(once, "edit.levels", "must name at least one level, each once", "list the levels to move");
            }
            BinEdit::PlaceUnseen { .. } => {}
            BinEdit::Readable { max_iv_loss } => {
                let share = (0.0..1.0).contains(max_iv_loss);
                problems.require(share, "edit.max_iv_loss", "must lie in [0, 1)", "use 0.01 for one per cent");
            }
        }
        problems.into_result()
    }
}

/// Bins that were just found, with their cuts rounded to as few significant digits as the limits, the trend and the
/// largest share of information value that may be lost (`max_iv_loss`, in [0, 1); 0.01 is one per cent) allow. What it
/// cost stands in [`FeatureBins::edits`], as asked for by the settings. Groups of levels stay as they are. `periods` are
/// those of [`bin_over_time`](super::bin_over_time), if any.
///
/// Days and other numbers that are not read as decimals are better left alone.
///
/// ```
/// use scoreline::binning::{bin, with_readable_cuts, BinningConfig, Observed, Split, Values};
/// use scoreline::stats::{Cell, Counts};
/// let cell = |value: f64, non_events: u64, events: u64| Cell {
///     value,
///     counts: Counts { non_events: non_events << 20, events: events << 20 },
/// };
/// let cells = [cell(1217.3, 60, 40), cell(1873.9, 65, 35), cell(2487.1, 90, 10), cell(3011.7, 95, 5)];
/// let values = Values::Numeric { cells: &cells, exact: true };
/// let observed = Observed { values, special: &[], missing: Counts::default() };
/// let config = BinningConfig { max_bins: 2, ..BinningConfig::default() };
/// let bins = with_readable_cuts(bin("income", &observed, &config)?, &observed, &[], &config, 0.01)?;
/// assert_eq!(bins.split, Split::Numeric { cuts: vec![2000.0] });
/// assert_eq!(bins.edits[0].iv_after, bins.edits[0].iv_before); // no row lies between 2000 and 2487.1
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when `max_iv_loss` is out of range.
pub fn with_readable_cuts(
    bins: FeatureBins,
    observed: &Observed<'_>,
    periods: &[PeriodCounts<'_>],
    config: &BinningConfig,
    max_iv_loss: f64,
) -> Result<FeatureBins> {
    let edit = BinEdit::Readable { max_iv_loss };
    let (author, reason) = ("settings".to_owned(), "binning.readable".to_owned());
    let request = EditRequest { edit, author, reason, at: None, override_trend: false };
    request.validate()?;
    if !matches!(bins.split, Split::Numeric { .. }) {
        return Ok(bins);
    }
    let after = change::revised(&bins, observed, periods, &config.of(&bins.feature), &request.edit)?;
    Ok(if after.split == bins.split { bins } else { change::logged(&bins, after, request) })
}

#[cfg(test)]
mod tests;
