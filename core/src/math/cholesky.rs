//! Cholesky decomposition in plain ordered loops: no kernel chosen by the processor.

use ndarray::Array2;

/// A pivot must exceed this share of its diagonal entry. The share is 1 − R² of the variable given those
/// before it, so a column that the others explain to 12 digits counts as collinear.
pub const PIVOT_TOLERANCE: f64 = 1e-12;

/// The lower triangle L with A = L·Lᵀ, for a symmetric positive definite A.
///
/// ```
/// use ndarray::array;
/// use scoreline::math::Cholesky;
/// let a = array![[4.0, 2.0], [2.0, 5.0]];
/// let factor = Cholesky::new(&a).unwrap();
/// assert_eq!(factor.solve(&[8.0, 12.0]), [1.0, 2.0]);
/// assert!(Cholesky::new(&array![[1.0, 2.0], [2.0, 1.0]]).is_none());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Cholesky {
    lower: Array2<f64>,
}

/// A column of the matrix that those before it explain, so that no decomposition exists.
///
/// ```
/// use ndarray::array;
/// use scoreline::math::Cholesky;
/// let found = Cholesky::decompose(&array![[4.0, 6.0], [6.0, 9.0]]).unwrap_err();
/// assert_eq!((found.column, found.weights), (1, vec![1.5])); // column 1 is 1.5 times column 0
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct DependentColumn {
    /// Position of the column.
    pub column: usize,
    /// Weights of the columns before it in the combination that gives it; not finite when the matrix is not.
    pub weights: Vec<f64>,
}

impl Cholesky {
    /// Decomposes `a`, of which only the lower triangle is read. `None` when `a` is not square, not finite, or not
    /// positive definite by more than [`PIVOT_TOLERANCE`].
    #[must_use]
    pub fn new(a: &Array2<f64>) -> Option<Self> {
        Cholesky::decompose(a).ok()
    }

    /// Decomposes `a` like [`Cholesky::new`].
    ///
    /// # Errors
    /// The first column that is a linear combination of those before it.
    pub fn decompose(a: &Array2<f64>) -> Result<Self, DependentColumn> {
        let n = a.nrows();
        if a.ncols() != n {
            return Err(DependentColumn { column: n.min(a.ncols()), weights: Vec::new() });
        }
        let mut lower = Array2::zeros((n, n));
        for i in 0..n {
            for j in 0..=i {
                let mut sum = a[[i, j]];
                for k in 0..j {
                    sum -= lower[[i, k]] * lower[[j, k]];
                }
                if i > j {
                    lower[[i, j]] = sum / lower[[j, j]];
                } else if sum > PIVOT_TOLERANCE * a[[i, i]] && sum.is_finite() {
                    lower[[i, i]] = sum.sqrt();
                } else {
                    // A·w = a over the columns before i, of which L·y = a is already solved: y is row i of L.
                    let mut weights: Vec<f64> = (0..i).map(|k| lower[[i, k]]).collect();
                    solve_transposed(&lower, &mut weights);
                    return Err(DependentColumn { column: i, weights });
                }
            }
        }
        Ok(Cholesky { lower })
    }

    /// Number of rows of A.
    #[must_use]
    pub fn size(&self) -> usize {
        self.lower.nrows()
    }

    /// The x with A·x = `rhs`. Entries that `rhs` lacks count as NaN; surplus entries are ignored.
    #[must_use]
    pub fn solve(&self, rhs: &[f64]) -> Vec<f64> {
        let n = self.size();
        let mut x: Vec<f64> = rhs.iter().copied().chain(std::iter::repeat(f64::NAN)).take(n).collect();
        for i in 0..n {
            for k in 0..i {
                x[i] -= self.lower[[i, k]] * x[k];
            }
            x[i] /= self.lower[[i, i]];
        }
        solve_transposed(&self.lower, &mut x);
        x
    }

    /// A⁻¹, exactly symmetric. Its diagonal holds the variances of estimates whose information matrix is A.
    #[must_use]
    pub fn inverse(&self) -> Array2<f64> {
        let n = self.size();
        let mut inverse = Array2::zeros((n, n));
        for column in 0..n {
            let mut unit = vec![0.0; n];
            unit[column] = 1.0;
            let solved = self.solve(&unit);
            for row in column..n {
                inverse[[row, column]] = solved[row];
                inverse[[column, row]] = solved[row];
            }
        }
        inverse
    }
}

/// Solves Lᵀ·x = x over the first `x.len()` rows of L.
fn solve_transposed(lower: &Array2<f64>, x: &mut [f64]) {
    for i in (0..x.len()).rev() {
        for k in i + 1..x.len() {
            x[i] -= lower[[k, i]] * x[k];
        }
        x[i] /= lower[[i, i]];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use proptest::prelude::*;

    #[test]
    fn inverse_of_the_hilbert_matrix_is_its_table() {
        // Inverse of the 5 × 5 Hilbert matrix, integers by Savage & Lukacs (1954).
        let table = array![
            [25.0, -300.0, 1050.0, -1400.0, 630.0],
            [-300.0, 4800.0, -18900.0, 26880.0, -12600.0],
            [1050.0, -18900.0, 79380.0, -117600.0, 56700.0],
            [-1400.0, 26880.0, -117600.0, 179200.0, -88200.0],
            [630.0, -12600.0, 56700.0, -88200.0, 44100.0]
        ];
        let hilbert = Array2::from_shape_fn((5, 5), |(i, j)| 1.0 / (i + j + 1) as f64);
        let inverse = Cholesky::new(&hilbert).unwrap().inverse();
        for (got, want) in inverse.iter().zip(&table) {
            assert!((got / want - 1.0).abs() < 1e-9, "{got} {want}");
        }
    }

    #[test]
    fn refuses_what_is_not_positive_definite() {
        assert!(Cholesky::new(&array![[1.0, 1.0], [1.0, 1.0]]).is_none());
        assert!(Cholesky::new(&array![[1.0, 1.0 - 1e-14], [1.0 - 1e-14, 1.0]]).is_none());
        assert!(Cholesky::new(&array![[1e-30, 0.0], [0.0, 1e30]]).is_some());
        assert!(Cholesky::new(&array![[0.0]]).is_none());
        assert!(Cholesky::new(&array![[-1.0]]).is_none());
        assert!(Cholesky::new(&array![[f64::NAN]]).is_none());
        assert!(Cholesky::new(&array![[f64::INFINITY]]).is_none());
        assert!(Cholesky::new(&array![[1.0, 0.0]]).is_none());
    }

    #[test]
    fn a_short_right_side_gives_nan_and_no_panic() {
        assert!(Cholesky::new(&array![[4.0, 2.0], [2.0, 3.0]]).unwrap().solve(&[1.0])[1].is_nan());
    }

    #[test]
    fn the_combination_that_fails_is_the_one_that_was_built() {
        // Columns x, y, z = 2x − 3y as the Gram matrix of random-looking vectors.
        let x = [1.0, 2.0, -1.0, 0.5];
        let y = [0.3, -1.0, 2.0, 1.5];
        let z: Vec<f64> = x.iter().zip(&y).map(|(x, y)| 2.0 * x - 3.0 * y).collect();
        let columns: [&[f64]; 3] = [&x, &y, &z];
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let gram = Array2::from_shape_fn((3, 3), |(i, j)| product(columns[i], columns[j]));
        let found = Cholesky::decompose(&gram).unwrap_err();
        assert_eq!(found.column, 2);
        assert!((found.weights[0] - 2.0).abs() < 1e-12 && (found.weights[1] + 3.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn solving_gives_back_what_was_multiplied(
            entries in prop::collection::vec(-3.0..3.0f64, 36), x in prop::collection::vec(-5.0..5.0f64, 6)
        ) {
            // B·Bᵀ + I is positive definite for every B.
            let a = Array2::from_shape_fn((6, 6), |(i, j)| {
                (0..6).map(|k| entries[6 * i + k] * entries[6 * j + k]).sum::<f64>() + f64::from(i == j)
            });
            let rhs: Vec<f64> = (0..6).map(|i| (0..6).map(|j| a[[i, j]] * x[j]).sum()).collect();
            for (got, want) in Cholesky::new(&a).unwrap().solve(&rhs).iter().zip(&x) {
                prop_assert!((got - want).abs() < 1e-9);
            }
        }
    }
}
