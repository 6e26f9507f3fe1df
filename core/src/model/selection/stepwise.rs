//! Stepwise search on the quadratic approximation: each step costs the square of the number of variables.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::math::{PIVOT_TOLERANCE, ln};
use crate::model::config::{Criterion, Direction};
use crate::model::inference::two_sided;
use crate::model::quadratic::Quadratic;

/// One step of a stepwise search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The variable that moved.
    pub variable: String,
    /// Whether it entered; otherwise it left.
    pub entered: bool,
    /// Twice the log-likelihood that the variable is worth beside the others at that moment (one degree of freedom).
    pub chi2: f64,
    /// Probability of so much by chance.
    pub p: f64,
}

/// The normal equations of the approximation with some variables swept in (Goodnight 1979): coefficients and variances of
/// those inside, and what each of those outside would gain.
#[derive(Debug, Clone)]
pub(super) struct Swept {
    /// Intercept, variables, and the right side as last row and column.
    a: Array2<f64>,
    diagonal: Vec<f64>,
    inside: Vec<bool>,
}

impl Swept {
    /// Only the intercept is inside.
    pub(super) fn new(quadratic: &Quadratic) -> Self {
        let p = quadratic.variables.len() + 1;
        let linear = quadratic.linear();
        let mut a = Array2::zeros((p + 1, p + 1));
        for j in 0..p {
            for k in 0..p {
                a[[j, k]] = quadratic.information[[j, k]];
            }
            a[[j, p]] = linear[j];
            a[[p, j]] = linear[j];
        }
        let diagonal = quadratic.information.diag().to_vec();
        let mut swept = Swept { a, diagonal, inside: vec![false; p - 1] };
        swept.sweep(0, 1.0);
        swept
    }

    /// Moves variable `j` in or out.
    pub(super) fn toggle(&mut self, j: usize) {
        let sign = if self.inside[j] { -1.0 } else { 1.0 };
        self.sweep(j + 1, sign);
        self.inside[j] = !self.inside[j];
    }

    /// Moves in every variable that `wanted` names.
    pub(super) fn enter(&mut self, wanted: impl Fn(usize) -> bool) {
        for j in 0..self.inside.len() {
            if !self.inside[j] && wanted(j) {
                self.toggle(j);
            }
        }
    }

    /// Positions of the variables inside.
    pub(super) fn kept(&self) -> Vec<usize> {
        (0..self.inside.len()).filter(|&j| self.inside[j]).collect()
    }

    /// The variable inside of least chi², the last of equal ones, with its chi²; forced ones do not count.
    pub(super) fn weakest(&self, forced: &[bool]) -> Option<(usize, f64)> {
        let free = self.kept().into_iter().filter(|&j| !forced[j]).map(|j| (j, self.chi2(j)));
        free.reduce(|a, b| if b.1 <= a.1 { b } else { a })
    }

    pub(super) fn inside(&self, j: usize) -> bool {
        self.inside[j]
    }

    /// The coefficient of a variable inside.
    pub(super) fn coefficient(&self, j: usize) -> f64 {
        let last = self.a.nrows() - 1;
        self.a[[j + 1, last]]
    }

    /// Twice the log-likelihood that entering or leaving changes; 0 for a variable that those inside explain.
    pub(super) fn chi2(&self, j: usize) -> f64 {
        let last = self.a.nrows() - 1;
        let (linear, pivot) = (self.a[[j + 1, last]], self.a[[j + 1, j + 1]]);
        if !self.inside[j] && pivot <= 1e2 * PIVOT_TOLERANCE * self.diagonal[j + 1] { 0.0 } else { linear * linear / pivot.abs() }
    }

    fn sweep(&mut self, at: usize, sign: f64) {
        let pivot = self.a[[at, at]];
        let row: Vec<f64> = self.a.row(at).iter().map(|x| x / pivot).collect();
        let column = self.a.column(at).to_owned();
        let n = row.len();
        for j in (0..n).filter(|&j| j != at) {
            for k in (0..n).filter(|&k| k != at) {
                self.a[[j, k]] -= column[j] * row[k];
            }
            self.a[[j, at]] = sign * row[j];
            self.a[[at, j]] = sign * row[j];
        }
        self.a[[at, at]] = -1.0 / pivot;
    }
}

/// Searches among the variables with `allowed`; those with `forced` are always inside.
pub(super) fn search(
    quadratic: &Quadratic,
    allowed: &[bool],
    forced: &[bool],
    direction: Direction,
    criterion: Criterion,
) -> (Swept, Vec<Step>) {
    let variables = quadratic.variables.len();
    let (enter, leave) = thresholds(criterion, quadratic.rows);
    let mut swept = Swept::new(quadratic);
    swept.enter(|j| forced[j] || (allowed[j] && direction == Direction::Backward));
    let mut steps = Vec::new();
    // In exact arithmetic no set occurs twice, as every pair of steps raises the likelihood; the bound is for rounding.
    while steps.len() < 4 * variables + 4 {
        let strongest = (0..variables).filter(|&j| !swept.inside(j) && allowed[j]).map(|j| (j, swept.chi2(j)));
        let strongest = strongest.reduce(|a, b| if b.1 > a.1 { b } else { a });
        let (j, chi2) = match (swept.weakest(forced), strongest) {
            (Some((j, chi2)), _) if direction != Direction::Forward && chi2 < leave => (j, chi2),
            (_, Some((j, chi2))) if direction != Direction::Backward && chi2 > enter => (j, chi2),
            _ => break,
        };
        steps.push(Step { variable: quadratic.variables[j].clone(), entered: !swept.inside(j), chi2, p: two_sided(chi2.sqrt()) });
        swept.toggle(j);
    }
    (swept, steps)
}

/// The chi² above which a variable enters and below which one leaves.
pub(super) fn thresholds(criterion: Criterion, rows: f64) -> (f64, f64) {
    match criterion {
        Criterion::PValue { enter, leave } => {
            let chi2 = |p: f64| {
                let z = crate::math::norm_inv(1.0 - p / 2.0);
                z * z
            };
            (chi2(enter), chi2(leave))
        }
        Criterion::Aic => (2.0, 2.0),
        Criterion::Bic => (ln(rows), ln(rows)),
    }
}
