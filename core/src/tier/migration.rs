//! From which tier to which: migration matrices, and how stable they are.

use serde::{Deserialize, Serialize};

use super::letter::RiskTier;
use crate::error::{Error, Problem, Result};
use crate::math::norm_cdf;
use crate::stats::Summary;

/// The most grades of a matrix.
const MAX_GRADES: usize = 100;

/// Where a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum After {
    /// In a grade: 0 for the best.
    Grade {
        /// Its index.
        grade: usize,
    },
    /// Not rated any more: paid back, sold, or without data.
    Withdrawn {},
    /// In default.
    Defaulted {},
}

impl From<RiskTier> for After {
    fn from(tier: RiskTier) -> Self {
        After::Grade { grade: tier.index() }
    }
}

/// How many cases went from each grade to each grade, best grade first. Matrices of parts of a book merge exactly.
///
/// ```
/// use scoreline::tier::{After, MigrationMatrix, RiskTier::{A, B, C, D}};
/// let moves = [(A, A.into()), (A, B.into()), (B, B.into()), (C, D.into()), (C, After::Defaulted {}), (D, After::Withdrawn {})];
/// let matrix = MigrationMatrix::of_tiers(moves)?;
/// assert_eq!(matrix.downgraded(), (3, 5));            // A to B, C to D and the default; the withdrawn one does not count
/// assert_eq!(matrix.probabilities()[0], [0.5, 0.5, 0.0, 0.0, 0.0, 0.0].map(Some));
/// assert_eq!(matrix.bandwidths().upper, Some(0.4));   // (1 + 1) / (3 + 2)
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct MigrationMatrix {
    /// Row by row: the grades, the withdrawn, the defaulted.
    rows: Vec<Vec<u64>>,
}

/// How far cases move, relative to how far they could: the matrix weighted bandwidths of the ECB.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bandwidths {
    /// Of the moves to worse grades, in [0, 1]; none when there are none.
    pub upper: Option<f64>,
    /// Of the moves to better grades.
    pub lower: Option<f64>,
}

/// Whether moves to a grade are rarer than those to its neighbour nearer to the diagonal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Monotonicity {
    /// The statistic: above 0 where the nearer grade is more frequent.
    pub z: f64,
    /// Φ(z): small where the farther grade is more frequent than chance explains.
    pub p_value: f64,
}

impl MigrationMatrix {
    /// No case yet.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) unless there are 2 to 100 grades.
    pub fn new(grades: usize) -> Result<Self> {
        if !(2..=MAX_GRADES).contains(&grades) {
            let problem = Problem::new("2 to 100 grades are needed", "give the number of grades without the default grade");
            return Err(Error::config(problem.field("grades")));
        }
        Ok(MigrationMatrix { rows: vec![vec![0; grades + 2]; grades] })
    }

    /// The matrix of four tiers.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when a case ends in a grade that is no tier.
    pub fn of_tiers(moves: impl IntoIterator<Item = (RiskTier, After)>) -> Result<Self> {
        let mut matrix = MigrationMatrix::new(RiskTier::ALL.len())?;
        for (row, (before, after)) in moves.into_iter().enumerate() {
            matrix.add(before.index(), after).map_err(|error| error.at_row(row))?;
        }
        Ok(matrix)
    }

    /// The matrix of given counts: one row a grade before, one column a grade after.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`MigrationMatrix::new`];
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the counts are not square.
    pub fn from_counts(counts: &[Vec<u64>]) -> Result<Self> {
        let mut matrix = MigrationMatrix::new(counts.len())?;
        if let Some(row) = counts.iter().position(|row| row.len() != counts.len()) {
            let problem = Problem::new("as many columns as rows were expected", "pass one count a grade after");
            return Err(Error::data(problem.field("counts").row(row)));
        }
        for (row, counts) in matrix.rows.iter_mut().zip(counts) {
            row.iter_mut().zip(counts).for_each(|(cell, count)| *cell = *count);
        }
        Ok(matrix)
    }

    /// Counts one case.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) for a grade that the matrix does not have.
    pub fn add(&mut self, before: usize, after: After) -> Result<()> {
        let grades = self.grades();
        let column = match after {
            After::Grade { grade } => Some(grade).filter(|grade| *grade < grades),
            After::Withdrawn {} => Some(grades),
            After::Defaulted {} => Some(grades + 1),
        };
        let cell = self.rows.get_mut(before).zip(column).and_then(|(row, column)| row.get_mut(column));
        match cell {
            Some(cell) => *cell = cell.saturating_add(1),
            None => {
                let what = format!("a grade from 0 to {} was expected", grades - 1);
                return Err(Error::data(Problem::new(what, "give the matrix as many grades as the scale").field("grade")));
            }
        }
        Ok(())
    }

    /// How many grades there are.
    #[must_use]
    pub fn grades(&self) -> usize {
        self.rows.len()
    }

    /// Cases that went from the grade `before` to `after`; 0 for a grade that the matrix does not have.
    #[must_use]
    pub fn count(&self, before: usize, after: After) -> u64 {
        let column = match after {
            After::Grade { grade } if grade >= self.grades() => return 0,
            After::Grade { grade } => grade,
            After::Withdrawn {} => self.grades(),
            After::Defaulted {} => self.grades() + 1,
        };
        self.rows.get(before).and_then(|row| row.get(column)).copied().unwrap_or(0)
    }

    /// The share of each grade before that went to each grade, was withdrawn and defaulted (the last two columns); none for
    /// a grade without cases.
    #[must_use]
    pub fn probabilities(&self) -> Vec<Vec<Option<f64>>> {
        let share = |row: &Vec<u64>| {
            let all: f64 = row.iter().map(|count| *count as f64).sum();
            row.iter().map(|count| (all > 0.0).then(|| *count as f64 / all)).collect()
        };
        self.rows.iter().map(share).collect()
    }

    /// Cases that are worse after than before, defaults included, and all cases that were not withdrawn.
    #[must_use]
    pub fn downgraded(&self) -> (u64, u64) {
        let defaulted = |row: &Vec<u64>| row.last().copied().unwrap_or(0);
        (self.sum(|i, j| j > i) + self.rows.iter().map(defaulted).sum::<u64>(), self.kept())
    }

    /// Cases that are better after than before, and all cases that were not withdrawn.
    #[must_use]
    pub fn upgraded(&self) -> (u64, u64) {
        (self.sum(|i, j| j < i), self.kept())
    }

    fn kept(&self) -> u64 {
        self.sum(|_, _| true) + self.rows.iter().filter_map(|row| row.last()).sum::<u64>()
    }

    /// The cases of the cells of grade to grade that `holds` accepts.
    fn sum(&self, holds: impl Fn(usize, usize) -> bool) -> u64 {
        self.cells().filter(|(i, j, _)| holds(*i, *j)).map(|(_, _, count)| count).sum()
    }

    /// The cells of grade to grade.
    fn cells(&self) -> impl Iterator<Item = (usize, usize, u64)> {
        let grades = self.grades();
        self.rows.iter().enumerate().flat_map(move |(i, row)| row.iter().take(grades).enumerate().map(move |(j, n)| (i, j, *n)))
    }

    /// The matrix weighted bandwidths (ECB, *Instructions for reporting the validation results of internal models*, 2019,
    /// 2.5.5.1): Σ |i − j| n over Σ max(K − i, i − 1) n, over the moves to worse grades and to better ones. Withdrawn and
    /// defaulted cases do not count.
    #[must_use]
    pub fn bandwidths(&self) -> Bandwidths {
        let last = self.grades() - 1;
        let bandwidth = |holds: &dyn Fn(usize, usize) -> bool| {
            let (mut moved, mut possible) = (0u128, 0u128);
            for (i, j, count) in self.cells().filter(|(i, j, _)| holds(*i, *j)) {
                moved += u128::from(count) * i.abs_diff(j) as u128;
                possible += u128::from(count) * (last - i).max(i) as u128;
            }
            (possible > 0).then(|| moved as f64 / possible as f64)
        };
        Bandwidths { upper: bandwidth(&|i, j| j > i), lower: bandwidth(&|i, j| j < i) }
    }

    /// For each cell off the diagonal the z test that a move to it is rarer than one to its neighbour nearer to the diagonal
    /// (ECB, as above, 2.5.5.2): z = (q − p) / √((p(1 − p) + q(1 − q) + 2pq) / N) with p the share of the cell, q that of the
    /// neighbour, and N the cases of the row that ended in a grade. None on the diagonal, for a row without cases, and where
    /// both shares are 0.
    #[must_use]
    pub fn monotonicity(&self) -> Vec<Vec<Option<Monotonicity>>> {
        let grades = self.grades();
        let test = |i: usize, j: usize, row: &[u64]| {
            let nearer = match i.cmp(&j) {
                std::cmp::Ordering::Less => j - 1,
                std::cmp::Ordering::Greater => j + 1,
                std::cmp::Ordering::Equal => return None,
            };
            let all: f64 = row.iter().map(|count| *count as f64).sum();
            let p = *row.get(j)? as f64 / all;
            let q = *row.get(nearer)? as f64 / all;
            let z = (q - p) / ((p * (1.0 - p) + q * (1.0 - q) + 2.0 * p * q) / all).sqrt();
            z.is_finite().then(|| Monotonicity { z, p_value: norm_cdf(z) })
        };
        let line = |(i, row): (usize, &Vec<u64>)| {
            let row = row.get(..grades).unwrap_or_default();
            (0..grades).map(|j| test(i, j, row)).collect()
        };
        self.rows.iter().enumerate().map(line).collect()
    }
}

impl Summary for MigrationMatrix {
    fn merge(&mut self, other: &Self) -> Result<()> {
        if self.grades() != other.grades() {
            return Err(Error::incompatible(Problem::new(
                "matrices of different numbers of grades cannot be merged",
                "combine matrices of one scale only",
            )));
        }
        for (cell, more) in self.rows.iter_mut().flatten().zip(other.rows.iter().flatten()) {
            *cell = cell.saturating_add(*more);
        }
        Ok(())
    }
}

/// The stored form.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    counts: Vec<Vec<u64>>,
    withdrawn: Vec<u64>,
    defaulted: Vec<u64>,
}

impl From<MigrationMatrix> for Stored {
    fn from(matrix: MigrationMatrix) -> Self {
        let grades = matrix.grades();
        let column = |at: usize| matrix.rows.iter().filter_map(|row| row.get(at)).copied().collect();
        Stored {
            counts: matrix.rows.iter().map(|row| row.iter().take(grades).copied().collect()).collect(),
            withdrawn: column(grades),
            defaulted: column(grades + 1),
        }
    }
}

impl TryFrom<Stored> for MigrationMatrix {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self> {
        let mut matrix = MigrationMatrix::from_counts(&stored.counts)?;
        let grades = matrix.grades();
        if stored.withdrawn.len() != grades || stored.defaulted.len() != grades {
            let problem = Problem::new("one count a grade was expected", "correct `withdrawn` and `defaulted`");
            return Err(Error::data(problem.field("counts")));
        }
        for (row, more) in matrix.rows.iter_mut().zip(stored.withdrawn.into_iter().zip(stored.defaulted)) {
            row.truncate(grades);
            row.extend([more.0, more.1]);
        }
        Ok(matrix)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::error::ErrorCode;

    fn golden(id: &str) -> serde_json::Value {
        let file: serde_json::Value = serde_json::from_str(include_str!("../../../tests/golden/tiering.json")).unwrap();
        file["cases"].as_array().unwrap().iter().find(|case| case["id"] == id).unwrap().clone()
    }

    fn matrix(case: &serde_json::Value) -> MigrationMatrix {
        MigrationMatrix::from_counts(&serde_json::from_value::<Vec<Vec<u64>>>(case["inputs"]["counts"].clone()).unwrap()).unwrap()
    }

    #[test]
    fn bandwidths_are_the_published_ones() {
        for id in ["ecb_mwb", "mathworks_mwb"] {
            let case = golden(id);
            let found = matrix(&case).bandwidths();
            for (name, value) in [("upper_mwb", found.upper), ("lower_mwb", found.lower)] {
                let want = case["expected"][name].as_f64().unwrap();
                assert!((value.unwrap() - want).abs() <= case["tol"].as_f64().unwrap(), "{id} {name}");
            }
        }
    }

    #[test]
    fn golden_monotonicity() {
        let case = golden("ecb_mwb");
        let found = matrix(&case).monotonicity();
        for (i, row) in found.iter().enumerate() {
            for (j, cell) in row.iter().enumerate() {
                let want = |name: &str| case["expected"][name][i][j].as_f64();
                assert_eq!(cell.is_some(), want("z_matrix").is_some());
                if let Some(cell) = cell {
                    assert!((cell.z - want("z_matrix").unwrap()).abs() < 1e-12);
                    assert!((cell.p_value - want("p_matrix").unwrap()).abs() < 1e-12);
                }
            }
        }
    }

    #[test]
    fn grades_that_do_not_exist_are_refused_and_files_round_trip() {
        assert!(MigrationMatrix::new(1).is_err() && MigrationMatrix::new(101).is_err());
        assert!(MigrationMatrix::from_counts(&[vec![1, 2], vec![3]]).is_err());
        let mut matrix = MigrationMatrix::new(3).unwrap();
        for (before, after) in [(3, 0), (0, 3), (0, 4)] {
            let error = matrix.add(before, After::Grade { grade: after }).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidData);
        }
        matrix.add(2, After::Defaulted {}).unwrap();
        matrix.add(0, After::Withdrawn {}).unwrap();
        let text = serde_json::to_string(&matrix).unwrap();
        assert_eq!(text, r#"{"counts":[[0,0,0],[0,0,0],[0,0,0]],"withdrawn":[1,0,0],"defaulted":[0,0,1]}"#);
        assert_eq!(serde_json::from_str::<MigrationMatrix>(&text).unwrap(), matrix);
        assert!(serde_json::from_str::<MigrationMatrix>(&text.replace("[1,0,0]", "[1,0]")).is_err());
        assert_eq!(matrix.bandwidths(), Bandwidths { upper: None, lower: None });
        assert_eq!((matrix.downgraded(), matrix.count(2, After::Defaulted {})), ((1, 1), 1));
        assert!(matrix.merge(&MigrationMatrix::new(4).unwrap()).is_err());
    }

    proptest! {
        #[test]
        fn parts_merge_to_the_whole(
            moves in prop::collection::vec((0usize..4, 0usize..6), 0..200), at in any::<prop::sample::Index>()
        ) {
            let count = |moves: &[(usize, usize)]| {
                let mut matrix = MigrationMatrix::new(4).unwrap();
                for &(before, after) in moves {
                    let after = match after {
                        4 => After::Withdrawn {},
                        5 => After::Defaulted {},
                        grade => After::Grade { grade },
                    };
                    matrix.add(before, after).unwrap();
                }
                matrix
            };
            let (left, right) = moves.split_at(at.index(moves.len() + 1));
            let mut merged = count(right);
            merged.merge(&count(left)).unwrap();
            let whole = count(&moves);
            prop_assert_eq!(&merged, &whole);
            for row in whole.probabilities() {
                let sum: Option<f64> = row.into_iter().sum();
                prop_assert!(sum.is_none_or(|sum| (sum - 1.0).abs() < 1e-12));
            }
            let Bandwidths { upper, lower } = whole.bandwidths();
            prop_assert!([upper, lower].into_iter().flatten().all(|band| band > 0.0 && band <= 1.0));
            prop_assert!(whole.downgraded().0 + whole.upgraded().0 <= whole.downgraded().1);
        }
    }
}
