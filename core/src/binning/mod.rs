//! Stage 4: bins, weight of evidence and information value.
//!
//! Bins of the highest information value for a monotone trend are found exactly, from the convex hull of the
//! cumulative counts and a dynamic programme, and so are bins of any order. Whether the trend turns is, where that is left
//! open, decided by the Schwarz criterion. Every result carries a [`Certificate`] of how good it is.

mod bins;
mod category;
mod choose;
mod config;
pub mod continuous;
mod edit;
mod fit;
mod hull;
mod lookup;
pub mod multiclass;
mod observe;
mod optimum;
mod ordered;
mod readable;
mod report;
mod table;
mod transform;

pub use bins::{Bin, Certificate, FeatureBins, Split};
pub use config::{BinningConfig, Direction, Placement, Shape, Trend, VariableBinning};
pub use edit::{BinEdit, EditPreview, EditRecord, EditRequest, Editor, with_readable_cuts};
pub(crate) use fit::tabulate;
pub use fit::{PeriodCounts, bin, bin_over_time};
pub use lookup::Lookup;
pub(crate) use observe::Counter;
pub use observe::{ObservedCounts, ObservedValues, SpecialCounts, observe};
pub(crate) use optimum::{Row, best_row, by_rate, checked_sum};
pub use ordered::{Movement, Optimality, Tallied};
pub use report::{BinReport, BinRow, BinTotals, IvBand, QualityFlag};
pub use table::{Objective, Prior, Smoothing, information_value, woe};
pub use transform::transform;

use crate::stats::{Cell, Counts};

/// What was counted of one feature over the training rows.
#[derive(Debug, Clone, Copy)]
pub struct Observed<'a> {
    /// Rows with an ordinary value.
    pub values: Values<'a>,
    /// Name and counts of each special code, in the order the field declares them.
    pub special: &'a [(&'a str, Counts)],
    /// Rows without a value.
    pub missing: Counts,
}

/// What was counted of the ordinary values: events and non-events, or another [`Tally`](crate::stats::Tally).
#[derive(Debug, Clone, Copy)]
pub enum Values<'a, T = Counts> {
    /// Numbers (days as days since 1970-01-01).
    Numeric {
        /// Distinct values, rising.
        cells: &'a [Cell<T>],
        /// Whether each cell is one value; false when values share cells.
        exact: bool,
    },
    /// Levels of a category, each once, in any order (flags as `false` and `true`).
    Category {
        /// Levels and their counts.
        levels: &'a [(&'a str, T)],
    },
}
