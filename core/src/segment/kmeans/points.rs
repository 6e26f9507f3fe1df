//! Standardised rows side by side.

use super::{KMeansField, KMeansMissing};
use crate::error::{Error, Problem, Result};

/// Rows of equal length, one after another.
#[derive(Debug, Clone)]
pub(in crate::segment) struct Points {
    values: Vec<f64>,
    width: usize,
}

impl Points {
    pub(in crate::segment) fn new(fields: &[KMeansField], columns: &[&[f64]], missing: KMeansMissing) -> Result<Self> {
        let rows = columns.first().map_or(0, |column| column.len());
        if columns.len() != fields.len() || columns.iter().any(|column| column.len() != rows) {
            let what = "one column for each field was expected, all of one length";
            return Err(Error::data(Problem::new(what, "pass the columns of the model").field("columns")));
        }
        let mut values = vec![0.0; rows * columns.len()];
        for (at, (field, column)) in fields.iter().zip(columns).enumerate() {
            for (row, (cell, value)) in values.iter_mut().skip(at).step_by(columns.len()).zip(*column).enumerate() {
                *cell = field.standardise(*value, missing).map_err(|error| error.at_row(row))?;
            }
        }
        Ok(Points { values, width: columns.len() })
    }

    /// The rows, in order.
    pub(in crate::segment) fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.values.chunks_exact(self.width)
    }

    /// Number of rows.
    pub(in crate::segment) fn len(&self) -> usize {
        self.values.len() / self.width
    }

    /// These rows, each as often as it is named.
    pub(in crate::segment) fn pick(&self, rows: impl Iterator<Item = usize>) -> Self {
        let values = rows.flat_map(|row| self.row(row).iter().copied()).collect();
        Points { values, width: self.width }
    }

    pub(super) fn row(&self, row: usize) -> &[f64] {
        self.values.get(row * self.width..(row + 1) * self.width).unwrap_or_default()
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }
}

/// The nearest centre, of equally near ones the first, and the squared distance to it.
pub(in crate::segment) fn nearest(centres: &[Vec<f64>], point: &[f64]) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    for (at, centre) in centres.iter().enumerate() {
        let distance = squared(centre, point);
        if distance < best.1 {
            best = (at, distance);
        }
    }
    best
}

pub(super) fn squared(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}
