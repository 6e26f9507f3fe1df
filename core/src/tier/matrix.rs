//! The score tier beside a second opinion, such as a bureau score: a table of tiers.

use serde::{Deserialize, Serialize};

use super::letter::{ByTier, RiskTier};
use crate::error::Problems;

/// The most columns of a matrix.
const MAX_COLUMNS: usize = 32;

/// The tier by score tier (row) and by the band of a second measure (column), the best column first. It stands between the
/// score cuts and the evidence of rules, and may be better or worse than the score tier.
///
/// ```
/// use scoreline::tier::{Measured, RiskTier, TierDay, TierPolicy};
/// let policy: TierPolicy = serde_json::from_str(r#"{
///     "direction": "a_is_best", "cuts": [0.01, 0.05, 0.2],
///     "matrix": {"by": "bureau_score", "bands": [700, 600], "missing_column": 2,
///                "rows": {"A": ["A","A","B"], "B": ["A","B","C"], "C": ["B","C","D"], "D": ["C","D","D"]}}
/// }"#)?;
/// let table = policy.resolve()?;
/// let tier = |bureau| table.assign(Measured { bureau, ..Measured::pd(0.02) }, &TierDay::default(), |_, _| None).tier;
/// assert_eq!([720.0, 650.0, 590.0, f64::NAN].map(tier).map(RiskTier::letter), ['A', 'B', 'C', 'C']);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierMatrix {
    /// Expression of the second measure, a number.
    pub by: String,
    /// Borders between the columns, one fewer than there are columns. Falling borders say that more is better, and a value at
    /// the first border or above has the first column; rising borders say that less is better, and a value below the first
    /// border has the first column.
    pub bands: Vec<f64>,
    /// Column of a missing value, 0 for the first.
    pub missing_column: usize,
    /// Tiers by column, for each score tier; they never improve to the right or from A to D.
    pub rows: ByTier<Vec<RiskTier>>,
}

impl TierMatrix {
    pub(super) fn check(&self, problems: &mut Problems) {
        let columns = self.bands.len() + 1;
        problems.require(!self.by.trim().is_empty(), "tier.matrix.by", "an expression is needed", "name the second measure");
        problems.require(
            (2..=MAX_COLUMNS).contains(&columns),
            "tier.matrix.bands",
            "2 to 32 columns are needed",
            "give the borders between them",
        );
        let strict = |order: fn(&f64, &f64) -> bool| self.bands.windows(2).all(|pair| matches!(pair, [x, y] if order(x, y)));
        problems.require(
            self.bands.iter().all(|x| x.is_finite()) && (strict(f64::lt) || strict(f64::gt)),
            "tier.matrix.bands",
            "the borders must be finite and rise or fall strictly",
            "let them rise where less is better, fall where more is better",
        );
        problems.require(
            self.missing_column < columns,
            "tier.matrix.missing_column",
            "there is no such column",
            "count the columns from 0",
        );
        problems.require(
            self.rows.iter().all(|(_, row)| row.len() == columns && row.is_sorted()),
            "tier.matrix.rows",
            "every row needs one tier a column, never improving to the right",
            "list the best column first",
        );
        let above = |better: &[RiskTier], worse: &[RiskTier]| better.iter().zip(worse).all(|(x, y)| x <= y);
        let ByTier { a, b, c, d } = &self.rows;
        problems.require(
            above(a, b) && above(b, c) && above(c, d),
            "tier.matrix.rows",
            "a worse score tier has a better tier in some column",
            "let every column go from good to bad",
        );
    }

    pub(super) fn resolve(&self) -> MatrixTable {
        MatrixTable {
            bands: self.bands.clone(),
            // One border has no order of its own: more is better, as with scores.
            more_is_better: self.bands.is_sorted_by(|x, y| x >= y),
            missing: self.missing_column,
            rows: self.rows.clone(),
        }
    }
}

/// A resolved [`TierMatrix`].
#[derive(Debug, Clone, PartialEq)]
pub(super) struct MatrixTable {
    bands: Vec<f64>,
    more_is_better: bool,
    missing: usize,
    rows: ByTier<Vec<RiskTier>>,
}

impl MatrixTable {
    /// Column of a value, which is missing when it is NaN.
    #[inline]
    pub(super) fn column(&self, value: f64) -> usize {
        if value.is_nan() {
            return self.missing;
        }
        let worse = |&band: &f64| if self.more_is_better { value < band } else { value >= band };
        self.bands.iter().filter(|&band| worse(band)).count()
    }

    /// The tier of a score tier in a column; the score tier itself in a column that does not exist.
    #[inline]
    pub(super) fn tier(&self, score_tier: RiskTier, column: usize) -> RiskTier {
        self.rows.get(score_tier).get(column).copied().unwrap_or(score_tier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(bands: Vec<f64>, rows: [&str; 4]) -> TierMatrix {
        let row = |text: &str| text.bytes().map(|b| RiskTier::from_index(usize::from(b - b'A')).unwrap()).collect();
        TierMatrix { by: "x".into(), bands, missing_column: 2, rows: rows.map(row).into() }
    }

    fn problems(matrix: &TierMatrix) -> usize {
        let mut problems = Problems::default();
        matrix.check(&mut problems);
        problems.into_result().map_or_else(|error| error.problems().len(), |()| 0)
    }

    #[test]
    fn borders_may_rise_or_fall_and_a_border_belongs_as_with_scores_and_pds() {
        let rows = ["AAB", "ABC", "BCD", "CDD"];
        let column = |bands: [f64; 2], x: f64| matrix(bands.to_vec(), rows).resolve().column(x);
        assert_eq!([701.0, 700.0, 699.0, 600.0, 599.0, f64::NAN].map(|x| column([700.0, 600.0], x)), [0, 0, 1, 1, 2, 2]);
        assert_eq!([0.009, 0.01, 0.049, 0.05, f64::NAN].map(|x| column([0.01, 0.05], x)), [0, 1, 1, 2, 2]);
        assert_eq!(problems(&matrix(vec![700.0, 600.0], rows)), 0);
    }

    #[test]
    fn a_matrix_never_improves_to_the_right_or_downwards() {
        let good = ["AAB", "ABC", "BCD", "CDD"];
        assert_eq!(problems(&matrix(vec![1.0, 1.0], good)), 1);
        assert_eq!(problems(&matrix(vec![1.0, f64::NAN], good)), 1);
        assert_eq!(problems(&matrix(vec![1.0], good)), 2, "too many tiers a row, and no third column");
        assert_eq!(problems(&matrix(vec![2.0, 1.0], ["AAB", "ABA", "BCD", "CDD"])), 2);
        assert_eq!(problems(&matrix(vec![2.0, 1.0], ["AAB", "BCD", "ABC", "CDD"])), 1);
    }
}
