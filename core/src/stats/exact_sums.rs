//! A fixed-length row of exact sums: a gradient, an information matrix.

use serde::{Deserialize, Serialize};

use super::exact_sum::ExactSum;
use super::summary::Summary;
use crate::error::{Error, Problem, Result};

/// As many exact sums as were asked for, added to and merged entry by entry.
///
/// ```
/// use scoreline::stats::ExactSums;
/// let mut sums = ExactSums::new(2);
/// sums.add_all(&[0.1, 1e300]).unwrap();
/// sums.add_all(&[0.2, -1e300]).unwrap();
/// assert_eq!(sums.values(), [0.1 + 0.2, 0.0]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExactSums {
    sums: Vec<ExactSum>,
}

impl ExactSums {
    /// `count` sums of nothing.
    #[must_use]
    pub fn new(count: usize) -> Self {
        ExactSums { sums: vec![ExactSum::default(); count] }
    }

    /// Adds one value to each sum.
    ///
    /// # Errors
    /// [`Incompatible`](crate::ErrorCode::Incompatible) unless there is one value for each sum; nothing is then added.
    pub fn add_all(&mut self, values: &[f64]) -> Result<()> {
        self.same_length(values.len())?;
        self.sums.iter_mut().zip(values).for_each(|(sum, &x)| sum.add(x));
        Ok(())
    }

    /// The sums, each rounded once.
    #[must_use]
    pub fn values(&self) -> Vec<f64> {
        self.sums.iter().map(ExactSum::value).collect()
    }

    /// Number of sums.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sums.len()
    }

    /// Whether there are no sums at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sums.is_empty()
    }

    fn same_length(&self, length: usize) -> Result<()> {
        if self.sums.len() == length {
            return Ok(());
        }
        Err(Error::incompatible(Problem::new(
            format!("{} sums were expected, {length} given", self.sums.len()),
            "combine summaries of the same training only",
        )))
    }
}

impl Summary for ExactSums {
    fn merge(&mut self, other: &Self) -> Result<()> {
        self.same_length(other.sums.len())?;
        self.sums.iter_mut().zip(&other.sums).for_each(|(mine, theirs)| mine.add_sum(theirs));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;

    #[test]
    fn merges_entry_by_entry_and_refuses_other_lengths() {
        let (mut a, mut b) = (ExactSums::new(2), ExactSums::new(2));
        a.add_all(&[1.0, 1e20]).unwrap();
        b.add_all(&[2.0, 1.0]).unwrap();
        b.add_all(&[3.0, -1e20]).unwrap();
        a.merge(&b).unwrap();
        assert_eq!(a.values(), [6.0, 1.0]);
        assert_eq!(a.merge(&ExactSums::new(3)).unwrap_err().code(), ErrorCode::Incompatible);
        assert_eq!(a.add_all(&[1.0]).unwrap_err().code(), ErrorCode::Incompatible);
        assert_eq!(a.values(), [6.0, 1.0]);
        let text = serde_json::to_string(&a).unwrap();
        assert_eq!(serde_json::from_str::<ExactSums>(&text).unwrap(), a);
    }
}
