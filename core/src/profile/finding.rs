//! What was found: typed, with the share of rows, the reason in words and a remedy.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::data::{Code, Kind};

/// One thing that should be looked at. No data value is shown but codes that are suspects and names of frequent levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The column; absent when the finding is about whole rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What was found.
    pub kind: FindingKind,
    /// How much it matters.
    pub severity: Severity,
    /// Share of the rows concerned, in [0, 1]; 1 when it concerns the column as a whole.
    pub share: f64,
    /// The finding in words, a sentence without its subject.
    pub what: String,
    /// What can be done about it.
    pub remedy: String,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A model built on the data as they are is likely to be wrong.
    Critical,
    /// To be settled before the column is used.
    Warning,
    /// Good to know.
    Note,
}

impl Severity {
    /// The name used in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Critical => "critical",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum FindingKind {
    /// No row holds a value.
    Empty,
    /// Every value is the same.
    Constant,
    /// More values are missing than [`ProfileConfig::max_missing`](super::ProfileConfig::max_missing) allows.
    MostlyMissing,
    /// Infinite numbers.
    Infinite,
    /// The same content as another column, row by row.
    DuplicateColumn {
        /// The other column.
        of: String,
    },
    /// Rows that are equal to an earlier row in every column.
    DuplicateRows,
    /// Every value occurs once: it names rows.
    Identifier,
    /// Numbers or days below what is expected.
    BelowMinimum,
    /// Numbers or days above what is expected.
    AboveMaximum,
    /// Levels other than those expected.
    UnexpectedLevel,
    /// Days after today.
    FutureDate,
    /// A value that probably stands for "not known".
    SentinelCode {
        /// The value: a number, a level, or a day as `YYYY-MM-DD`.
        code: Code,
    },
    /// Text that reads as numbers.
    NumbersInText,
    /// Text that reads as days.
    DatesInText,
    /// Values of several kinds.
    MixedKinds {
        /// The kinds, the most frequent first.
        kinds: Vec<Kind>,
    },
    /// Another kind than the schema declares.
    KindMismatch {
        /// As declared.
        declared: Kind,
        /// As found.
        found: Kind,
    },
    /// A column that the schema or a setting names is not in the table.
    ColumnAbsent,
    /// The column alone orders the outcomes too well.
    PredictsAlone {
        /// Area under the ROC curve of the column by itself, in [0.5, 1].
        auc: f64,
    },
    /// The information value is too high.
    HighInformation {
        /// Information value over at most 20 groups.
        iv: f64,
    },
    /// Whether the value is missing predicts the outcome too well.
    MissingnessPredicts {
        /// Area under the ROC curve of the missing-indicator by itself, in [0.5, 1].
        auc: f64,
    },
    /// Many rows of one sort all have the same, rarer, outcome.
    DecidesOutcome,
    /// Declared as known only once the outcome is.
    KnownAfterOutcome,
    /// Days after the day of the decision.
    AfterDecision,
    /// The kind is another than before.
    KindChanged {
        /// As before.
        before: Kind,
        /// As now.
        after: Kind,
    },
    /// The column is new.
    ColumnNew,
    /// The column is gone.
    ColumnGone,
    /// Levels that were not there before.
    LevelsNew {
        /// The levels.
        levels: Vec<String>,
    },
    /// Levels that were there before and are not now.
    LevelsGone {
        /// The levels.
        levels: Vec<String>,
    },
    /// Values outside the range of before.
    RangeMoved,
    /// Another share of missing values.
    MissingMoved {
        /// Share before, in [0, 1].
        before: f64,
        /// Share now, in [0, 1].
        after: f64,
    },
    /// The distribution moved.
    Shift {
        /// Population stability index over tenths of the earlier table, at least 0.
        psi: f64,
    },
}

impl FindingKind {
    /// The name used in files.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            FindingKind::Empty => "empty",
            FindingKind::Constant => "constant",
            FindingKind::MostlyMissing => "mostly_missing",
            FindingKind::Infinite => "infinite",
            FindingKind::DuplicateColumn { .. } => "duplicate_column",
            FindingKind::DuplicateRows => "duplicate_rows",
            FindingKind::Identifier => "identifier",
            FindingKind::BelowMinimum => "below_minimum",
            FindingKind::AboveMaximum => "above_maximum",
            FindingKind::UnexpectedLevel => "unexpected_level",
            FindingKind::FutureDate => "future_date",
            FindingKind::SentinelCode { .. } => "sentinel_code",
            FindingKind::NumbersInText => "numbers_in_text",
            FindingKind::DatesInText => "dates_in_text",
            FindingKind::MixedKinds { .. } => "mixed_kinds",
            FindingKind::KindMismatch { .. } => "kind_mismatch",
            FindingKind::ColumnAbsent => "column_absent",
            FindingKind::PredictsAlone { .. } => "predicts_alone",
            FindingKind::HighInformation { .. } => "high_information",
            FindingKind::MissingnessPredicts { .. } => "missingness_predicts",
            FindingKind::DecidesOutcome => "decides_outcome",
            FindingKind::KnownAfterOutcome => "known_after_outcome",
            FindingKind::AfterDecision => "after_decision",
            FindingKind::KindChanged { .. } => "kind_changed",
            FindingKind::ColumnNew => "column_new",
            FindingKind::ColumnGone => "column_gone",
            FindingKind::LevelsNew { .. } => "levels_new",
            FindingKind::LevelsGone { .. } => "levels_gone",
            FindingKind::RangeMoved => "range_moved",
            FindingKind::MissingMoved { .. } => "missing_moved",
            FindingKind::Shift { .. } => "shift",
        }
    }
}

impl Finding {
    /// A finding about a column as a whole; for a part of its rows see [`Finding::of_rows`].
    pub(super) fn new(
        column: &str,
        kind: FindingKind,
        severity: Severity,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Finding { column: Some(column.to_owned()), kind, severity, share: 1.0, what: what.into(), remedy: remedy.into() }
    }

    /// The same about `part` of `rows` rows.
    pub(super) fn of_rows(mut self, part: u64, rows: u64) -> Self {
        self.share = share(part, rows);
        self
    }
}

/// The worst first, then by column, then by kind.
pub(super) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let by = |one: &Finding| (one.severity, one.column.clone(), one.kind.name());
        by(a).cmp(&by(b)).then(b.share.total_cmp(&a.share))
    });
}

/// A part of a whole; 0 of nothing.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// A share for readers.
pub(super) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent > 0.0 && percent < 0.01 { "less than 0.01 %".to_owned() } else { format!("{percent:.2} %") }
}
