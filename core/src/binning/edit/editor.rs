//! A session of binning by hand.

use super::change::{declared, logged, newly_broken, refused, revised};
use super::{BinEdit, EditRecord, EditRequest};
use crate::binning::bins::FeatureBins;
use crate::binning::config::{BinningConfig, Trend};
use crate::binning::observe::ObservedCounts;
use crate::binning::table::rows;
use crate::error::{Error, Problem, Result};

/// Bins under work: edits are tried, made and taken back, and each leaves a record in [`FeatureBins::edits`].
///
/// ```
/// use scoreline::binning::{observe, BinEdit, BinningConfig, EditRequest, Editor, Split};
/// use scoreline::{Batch, Column, Field, Kind, Labels, Threads};
/// let age = Column::numbers((0..400).map(|i| f64::from(i % 40)).collect::<Vec<_>>());
/// let bad = Column::numbers((0..400).map(|i| f64::from(u8::from(i / 40 * 4 < 40 - i % 40))).collect::<Vec<_>>());
/// let labels = Labels::read(&Batch::new(400).with("bad", bad)?, "bad", None, None)?;
/// let counts = observe(&Field::new("age", Kind::Number), &age, &labels, 4096, Threads::One)?;
/// let config = BinningConfig::default();
/// let bins = counts.bin("age", &config)?;
///
/// let mut editor = Editor::new(counts, bins, config)?;
/// let before = editor.bins().iv;
/// let edit = BinEdit::Merge { from: 0, to: 1 };
/// let effect = editor.preview(&edit)?;
/// assert!(effect.bins.iv < before && effect.broken.is_none());
/// let (author, reason) = ("M. Rossi".to_owned(), "the policy treats both alike".to_owned());
/// editor.apply(EditRequest { edit, author, reason, at: None, override_trend: false })?;
/// assert_eq!(editor.bins().edits[0].iv_after, effect.bins.iv);
/// assert!(!editor.bins().certificate.optimal);
/// editor.undo();
/// assert_eq!(editor.bins().iv, before);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Editor {
    observed: ObservedCounts,
    config: BinningConfig,
    trend: Trend,
    /// The states of the bins, the first as they came; never empty.
    states: Vec<FeatureBins>,
    /// The state in use; those behind it were taken back.
    now: usize,
}

/// What an edit would lead to.
#[derive(Debug, Clone, PartialEq)]
pub struct EditPreview {
    /// The bins after the edit; the log is that of before.
    pub bins: FeatureBins,
    /// The first of two neighbours that would go against the declared trend, when there are such: the edit then
    /// needs [`EditRequest::override_trend`].
    pub broken: Option<usize>,
}

impl Editor {
    /// Starts to work on `bins`. `observed` are the counts of their training rows, and `config` the settings they were
    /// made with. The trend that edits keep is the declared one, or, where it was left open, the one that was found.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when settings or bins are not valid,
    /// [`Incompatible`](crate::ErrorCode::Incompatible) when the bins were not counted on these rows.
    pub fn new(observed: ObservedCounts, bins: FeatureBins, config: BinningConfig) -> Result<Self> {
        config.validate()?;
        bins.validate(observed.special.len())?;
        let counts = observed.counts(&bins.split).map_err(|error| error.in_field(&bins.feature))?;
        let same = bins
            .bins
            .iter()
            .zip(&counts)
            .all(|(bin, counts)| bin.events == rows(counts.events) && bin.non_events == rows(counts.non_events));
        if !same {
            let problem = Problem::new(
                "the bins and the counts are of different rows",
                "count the training rows, with the weights, special codes and capacity of the training",
            );
            return Err(Error::incompatible(problem.field(&bins.feature)));
        }
        let config = config.of(&bins.feature);
        let trend = declared(&bins, &config);
        Ok(Editor { observed, config, trend, states: vec![bins], now: 0 })
    }

    /// The bins as they stand.
    #[must_use]
    pub fn bins(&self) -> &FeatureBins {
        &self.states[self.now]
    }

    /// The counts behind the bins.
    #[must_use]
    pub fn observed(&self) -> &ObservedCounts {
        &self.observed
    }

    /// What `edit` would lead to. Nothing is kept.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) when the edit does not fit the bins, changes nothing or leaves
    /// a bin without rows; [`InsufficientData`](crate::ErrorCode::InsufficientData) when it leaves a bin of one class and
    /// nothing is smoothed.
    pub fn preview(&self, edit: &BinEdit) -> Result<EditPreview> {
        let before = self.bins();
        let after = self.observed.with(|observed| revised(before, observed, &[], &self.config, edit));
        let bins = after.map_err(|error| error.in_field(&before.feature))?;
        let broken = newly_broken(before, &bins, self.trend);
        Ok(EditPreview { bins, broken })
    }

    /// Makes an edit and writes it into the log.
    ///
    /// # Errors
    /// As [`Editor::preview`], and [`InvalidConfig`](crate::ErrorCode::InvalidConfig) naming the two bins when the edit
    /// breaks the trend without saying so, or has no author or reason.
    pub fn apply(&mut self, request: EditRequest) -> Result<&FeatureBins> {
        request.validate()?;
        let EditPreview { bins, broken } = self.preview(&request.edit)?;
        if let (Some(first), false) = (broken, request.override_trend) {
            let label = |bin: usize| bins.bins.get(bin).map_or("", |bin| bin.label.as_str());
            let (second, trend) = (first + 1, format!("{:?}", self.trend).to_lowercase());
            let (lower, upper) = (label(first), label(second));
            let what = format!("the step from bin {first} {lower} to bin {second} {upper} would go against the trend ({trend})");
            return Err(refused(&what, "choose another edit, or set override_trend and say why").in_field(&bins.feature));
        }
        let bins = logged(self.bins(), bins, request);
        self.states.truncate(self.now + 1);
        self.states.push(bins);
        self.now += 1;
        Ok(self.bins())
    }

    /// Takes the last edit of this session back and returns its record; `None` when there is none.
    pub fn undo(&mut self) -> Option<EditRecord> {
        let record = self.bins().edits.last().cloned();
        self.now = self.now.checked_sub(1)?;
        record
    }

    /// Makes the edit again that was taken back last; `false` when there is none.
    pub fn redo(&mut self) -> bool {
        let more = self.now + 1 < self.states.len();
        self.now += usize::from(more);
        more
    }

    /// The bins with their log.
    #[must_use]
    pub fn finish(mut self) -> FeatureBins {
        self.states.swap_remove(self.now)
    }
}
