//! The log-likelihood around a point: what one pass leaves behind, and all that the choice of variables needs.

use ndarray::Array2;

use crate::error::{Convergence, Error, Result};
use crate::math::{Cholesky, DependentColumn};

use super::information::Information;

/// The log-likelihood, its gradient and the Fisher information at coefficients β, for given variables.
///
/// At the null model (all coefficients 0) the information is a multiple of the Gram matrix, so that correlations and
/// variance inflation come from it. At the optimum of all variables
/// `ℓ(b) ≈ ℓ + g·(b − β) − ½ (b − β)·I·(b − β)` is the least-squares approximation of Lawless and Singhal (1978) and of
/// Wang and Leng (2007): the likelihood of every subset of the variables without another pass over the data. It
/// misses the refitted likelihood by terms of third order in the coefficients that are set to 0.
///
/// ```
/// use scoreline::model::Quadratic;
/// // Weight, log-likelihood, gradient (intercept, x), information (upper triangle by rows).
/// let sums = [100.0, -60.0, 0.0, 0.0, 20.0, 0.0, 5.0];
/// let full = Quadratic::new(vec!["x".into()], vec![-0.5, -0.8], &sums)?;
/// let without = full.optimum(&[])?;                       // the best model that leaves x out
/// assert_eq!(without.beta, [-0.5]);
/// assert!((2.0 * (-60.0 - without.log_likelihood) - 0.8 * 0.8 * 5.0).abs() < 1e-12); // its Wald chi²
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Quadratic {
    pub(super) variables: Vec<String>,
    /// Intercept first.
    pub(super) beta: Vec<f64>,
    pub(super) rows: f64,
    pub(super) log_likelihood: f64,
    pub(super) gradient: Vec<f64>,
    pub(super) information: Array2<f64>,
}

/// The maximum of a [`Quadratic`] over some of its variables, the others being 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimum {
    /// Intercept, then the chosen variables in the order asked for.
    pub beta: Vec<f64>,
    /// Log-likelihood there.
    pub log_likelihood: f64,
}

impl Quadratic {
    /// Reads the sums of a pass (see [`Information::width`]) at coefficients `beta`, intercept first.
    ///
    /// # Errors
    /// [`Internal`](crate::ErrorCode::Internal) unless the sums are finite and as many as the variables need.
    pub fn new(variables: Vec<String>, beta: Vec<f64>, sums: &[f64]) -> Result<Self> {
        let p = variables.len() + 1;
        if beta.len() != p || sums.len() != Information::width(p - 1) || sums.iter().any(|sum| !sum.is_finite()) {
            return Err(Error::internal("the sums of a Newton pass are malformed"));
        }
        let mut triangle = sums[2 + p..].iter();
        let mut information = Array2::zeros((p, p));
        for j in 0..p {
            for (k, &sum) in (j..p).zip(&mut triangle) {
                information[[j, k]] = sum;
                information[[k, j]] = sum;
            }
        }
        Ok(Quadratic { variables, beta, rows: sums[0], log_likelihood: sums[1], gradient: sums[2..2 + p].to_vec(), information })
    }

    /// The variables, in the order of the coefficients after the intercept.
    #[must_use]
    pub fn variables(&self) -> &[String] {
        &self.variables
    }

    /// Where the approximation touches, intercept first.
    #[must_use]
    pub fn beta(&self) -> &[f64] {
        &self.beta
    }

    /// Weight of the rows.
    #[must_use]
    pub fn rows(&self) -> f64 {
        self.rows
    }

    /// Log-likelihood at [`beta`](Self::beta).
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// Largest absolute component of the gradient.
    #[must_use]
    pub fn steepness(&self) -> f64 {
        self.gradient.iter().fold(0.0_f64, |largest, g| largest.max(g.abs()))
    }

    /// The same function with the variables outside `kept` held where they are: at the null model, the null model of
    /// the kept ones. Positions outside the variables are ignored.
    #[must_use]
    pub fn subset(&self, kept: &[usize]) -> Quadratic {
        let kept: Vec<usize> = kept.iter().copied().filter(|&j| j < self.variables.len()).collect();
        let at = with_intercept(&kept);
        Quadratic {
            variables: kept.iter().map(|&j| self.variables[j].clone()).collect(),
            beta: at.iter().map(|&j| self.beta[j]).collect(),
            rows: self.rows,
            log_likelihood: self.log_likelihood,
            gradient: at.iter().map(|&j| self.gradient[j]).collect(),
            information: Array2::from_shape_fn((at.len(), at.len()), |(j, k)| self.information[[at[j], at[k]]]),
        }
    }

    /// What remains when `part` of the rows is taken away; both at the same point.
    ///
    /// # Errors
    /// [`Internal`](crate::ErrorCode::Internal) when the points differ.
    pub fn without(&self, part: &Quadratic) -> Result<Quadratic> {
        if self.beta != part.beta || self.variables != part.variables {
            return Err(Error::internal("the folds of a pass were taken at different points"));
        }
        Ok(Quadratic {
            variables: self.variables.clone(),
            beta: self.beta.clone(),
            rows: self.rows - part.rows,
            log_likelihood: self.log_likelihood - part.log_likelihood,
            gradient: self.gradient.iter().zip(&part.gradient).map(|(all, part)| all - part).collect(),
            information: &self.information - &part.information,
        })
    }

    /// The maximum over the variables at positions `kept`, all others being 0.
    ///
    /// # Errors
    /// [`NotConverged`](crate::ErrorCode::NotConverged) naming the variable that the others repeat.
    pub fn optimum(&self, kept: &[usize]) -> Result<Optimum> {
        let linear = self.linear();
        let at = with_intercept(kept);
        if at.iter().any(|&j| j >= linear.len()) {
            return Err(Error::internal("a variable beyond those of the pass was asked for"));
        }
        let block = Array2::from_shape_fn((at.len(), at.len()), |(j, k)| self.information[[at[j], at[k]]]);
        let cholesky = Cholesky::decompose(&block).map_err(|found| self.subset(kept).dependent(&found, 0))?;
        let rhs: Vec<f64> = at.iter().map(|&j| linear[j]).collect();
        let beta = cholesky.solve(&rhs);
        // ℓ(b) = ℓ(0) + c·b − ½ b·I·b, which is ℓ(0) + ½ c·b at the optimum b.
        let gain: f64 = rhs.iter().zip(&beta).map(|(c, b)| c * b).sum();
        Ok(Optimum { log_likelihood: self.at_zero(&linear) + gain / 2.0, beta })
    }

    /// The value at any coefficients, intercept first.
    #[must_use]
    pub fn value(&self, beta: &[f64]) -> f64 {
        let step: Vec<f64> = beta.iter().zip(&self.beta).map(|(b, at)| b - at).collect();
        let mut value = self.log_likelihood;
        for (j, (s, g)) in step.iter().zip(&self.gradient).enumerate() {
            let bend: f64 = self.information.row(j).iter().zip(&step).map(|(i, s)| i * s).sum();
            value += s * (g - bend / 2.0);
        }
        value
    }

    /// Correlations of the variables, weighted by the curvature of each row: at the null model the plain ones. A
    /// constant variable correlates with nothing.
    #[must_use]
    pub fn correlation(&self) -> Array2<f64> {
        let centred = self.centred();
        let n = centred.nrows();
        let scale: Vec<f64> =
            (0..n).map(|j| if self.varies(j, &centred) { centred[[j, j]].sqrt() } else { f64::INFINITY }).collect();
        Array2::from_shape_fn((n, n), |(j, k)| if j == k { 1.0 } else { centred[[j, k]] / (scale[j] * scale[k]) })
    }

    /// Whether the variable at position `j` has more than one value, within rounding.
    pub(super) fn varies(&self, j: usize, centred: &Array2<f64>) -> bool {
        centred[[j, j]] > crate::math::PIVOT_TOLERANCE * self.information[[j + 1, j + 1]]
    }

    /// Variance inflation factors 1 / (1 − R²) of the variables at positions `kept`: the diagonal of the inverse of
    /// their correlation matrix.
    ///
    /// # Errors
    /// [`NotConverged`](crate::ErrorCode::NotConverged) naming the variable that the others repeat.
    pub fn vif(&self, kept: &[usize]) -> Result<Vec<f64>> {
        self.vif_or(kept).map_err(|found| self.subset(kept).dependent(&found, 1))
    }

    pub(super) fn vif_or(&self, kept: &[usize]) -> std::result::Result<Vec<f64>, DependentColumn> {
        let all = self.correlation();
        let own = Array2::from_shape_fn((kept.len(), kept.len()), |(j, k)| all[[kept[j], kept[k]]]);
        Cholesky::decompose(&own).map(|cholesky| cholesky.inverse().diag().to_vec())
    }

    /// The information of the variables after the intercept is estimated too.
    pub(super) fn centred(&self) -> Array2<f64> {
        let i = &self.information;
        let n = self.variables.len();
        Array2::from_shape_fn((n, n), |(j, k)| i[[j + 1, k + 1]] - i[[j + 1, 0]] * i[[0, k + 1]] / i[[0, 0]])
    }

    /// The gradient at coefficients of 0.
    pub(super) fn linear(&self) -> Vec<f64> {
        let bend = |j: usize| self.information.row(j).iter().zip(&self.beta).map(|(i, b)| i * b).sum::<f64>();
        self.gradient.iter().enumerate().map(|(j, g)| g + bend(j)).collect()
    }

    /// The value at coefficients of 0.
    fn at_zero(&self, linear: &[f64]) -> f64 {
        // ℓ(0) = ℓ − g·β − ½ β·I·β with c = g + I·β.
        self.log_likelihood - self.gradient.iter().zip(linear).zip(&self.beta).map(|((g, c), b)| (g + c) / 2.0 * b).sum::<f64>()
    }

    /// The error that names what the failed decomposition found. `first` is the variable position of its column 0,
    /// counted from the intercept.
    fn dependent(&self, found: &DependentColumn, first: usize) -> Error {
        let convergence = Convergence { iterations: 0, gradient: self.steepness() };
        Error::not_converged(convergence, super::trouble::dependent(self, found, first))
    }
}

/// Positions of the intercept and of the variables in the full matrix.
pub(super) fn with_intercept(kept: &[usize]) -> Vec<usize> {
    std::iter::once(0).chain(kept.iter().map(|&j| j + 1)).collect()
}
