//! Recency, frequency and monetary value in fifths.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};

/// Parts that a figure is cut into.
const FIFTHS: usize = 5;

/// The scores of a customer, 1 the worst fifth to 5 the best; none where the figure is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RfmScore {
    /// Of how recent the last purchase is.
    pub recency: Option<u8>,
    /// Of how often the customer buys.
    pub frequency: Option<u8>,
    /// Of how much is spent.
    pub monetary: Option<u8>,
}

impl RfmScore {
    /// The three digits, for example `545`; none when one of them is.
    #[must_use]
    pub fn code(self) -> Option<String> {
        Some(format!("{}{}{}", self.recency?, self.frequency?, self.monetary?))
    }
}

/// Where the fifths of the three figures begin (Hughes 1994). Learnt once, it scores new customers.
///
/// The score of a value is 1 + ⌊5 · (customers that are worse) / (customers)⌋, so equal values always have equal scores, whatever
/// that makes of the sizes of the fifths, and the order of the rows does not matter.
///
/// ```
/// use scoreline::segment::Rfm;
/// let days = [3.0, 40.0, 100.0, 200.0, 300.0];   // since the last purchase
/// let orders = [9.0, 1.0, 1.0, 1.0, 2.0];
/// let spent = [900.0, 40.0, f64::NAN, 60.0, 10.0];
/// let rfm = Rfm::fit(&days, &orders, &spent)?;
/// assert_eq!(rfm.score(3.0, 9.0, 900.0).code().as_deref(), Some("554"));   // four amounts make no fifth fifth
/// assert_eq!(rfm.score(40.0, 1.0, 40.0).code().as_deref(), Some("412"));
/// assert_eq!(rfm.score(100.0, 1.0, f64::NAN).code(), None);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rfm {
    /// The least value of score 2, 3, 4 and 5; equal ones where a tie jumps over a score, and none for scores that no one has.
    /// Of days with a minus, so that more is better.
    recency: Vec<f64>,
    frequency: Vec<f64>,
    monetary: Vec<f64>,
}

impl Rfm {
    /// Learns the fifths of days since the last purchase (fewer are better), number and amount of purchases (more are better).
    /// Missing values (NaN) do not count in their figure.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the columns differ in length, or with the row of an infinite value;
    /// [`InsufficientData`](crate::ErrorCode::InsufficientData) when a figure has no values.
    pub fn fit(recency: &[f64], frequency: &[f64], monetary: &[f64]) -> Result<Self> {
        if frequency.len() != recency.len() || monetary.len() != recency.len() {
            let what = "recency, frequency and monetary differ in length";
            return Err(Error::data(Problem::new(what, "pass one of each a customer").field("recency")));
        }
        let nearer: Vec<f64> = recency.iter().map(|days| -days).collect();
        Ok(Rfm {
            recency: bounds("recency", &nearer)?,
            frequency: bounds("frequency", frequency)?,
            monetary: bounds("monetary", monetary)?,
        })
    }

    /// The scores of a customer; NaN for what is missing.
    #[must_use]
    pub fn score(&self, recency: f64, frequency: f64, monetary: f64) -> RfmScore {
        RfmScore {
            recency: fifth(&self.recency, -recency),
            frequency: fifth(&self.frequency, frequency),
            monetary: fifth(&self.monetary, monetary),
        }
    }
}

/// The least value of each score above 1: the first of which `score − 1` fifths of all values are smaller.
fn bounds(name: &str, values: &[f64]) -> Result<Vec<f64>> {
    if let Some(row) = values.iter().position(|value| value.is_infinite()) {
        let problem = Problem::new("a finite number was expected", "correct it, or pass nothing when it is missing");
        return Err(Error::data(problem.field(name).row(row)));
    }
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    if sorted.is_empty() {
        let problem = Problem::new("every value is missing", "leave the figure out, or pass its values");
        return Err(Error::insufficient(problem.field(name)));
    }
    // Adding 0 makes −0 the same number as 0 for the order too.
    sorted.iter_mut().for_each(|value| *value += 0.0);
    sorted.sort_unstable_by(f64::total_cmp);
    let mut found = Vec::with_capacity(FIFTHS - 1);
    for (smaller, pair) in (1..).zip(sorted.windows(2)) {
        let [before, value] = pair else { continue };
        if before < value {
            let score = 1 + FIFTHS * smaller / sorted.len();
            found.resize(score - 1, *value);
        }
    }
    Ok(found)
}

fn fifth(bounds: &[f64], value: f64) -> Option<u8> {
    (!value.is_nan()).then(|| 1 + bounds.partition_point(|bound| *bound <= value) as u8)
}
