//! The same price for the same risk on the same terms, unless a reason is declared.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};

/// A deal as the check of consistency sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PricedDeal<'a> {
    /// What makes risk and terms the same, for example `B|36|unsecured`.
    pub terms: &'a str,
    /// The rate per year.
    pub rate: f64,
    /// Why the rate may differ, for example a campaign; a declared reason is compared with deals of the same reason.
    pub reason: Option<&'a str>,
}

/// Deals on the same terms and for the same reason that have different prices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unequal {
    /// What is the same.
    pub terms: String,
    /// The declared reason.
    pub reason: Option<String>,
    /// The lowest rate.
    pub lowest: f64,
    /// The highest rate.
    pub highest: f64,
    /// The deals, by their place.
    pub deals: Vec<usize>,
}

/// Groups of deals whose rates differ by more than `tolerance`, in the order of their terms.
///
/// ```
/// use scoreline::pricing::{PricedDeal, inconsistencies};
/// let deal = |terms, rate, reason| PricedDeal { terms, rate, reason };
/// let deals = [deal("B|36", 0.08, None), deal("B|36", 0.09, None), deal("B|36", 0.07, Some("spring")), deal("C|36", 0.12, None)];
/// let found = inconsistencies(&deals, 1e-9)?;
/// assert_eq!((found.len(), &found[0].deals[..]), (1, &[0, 1][..]));
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) with the row of a rate that is not finite, or for a tolerance below 0.
pub fn inconsistencies(deals: &[PricedDeal<'_>], tolerance: f64) -> Result<Vec<Unequal>> {
    if !(tolerance >= 0.0 && tolerance.is_finite()) {
        return Err(Error::data(Problem::new("must be finite, at least 0", "use for example 0.0001").field("tolerance")));
    }
    let mut groups: BTreeMap<(&str, Option<&str>), Vec<usize>> = BTreeMap::new();
    for (row, deal) in deals.iter().enumerate() {
        if !deal.rate.is_finite() {
            let problem = Problem::new("a finite rate was expected", "pass a fraction per year").field("rate");
            return Err(Error::data(problem).at_row(row));
        }
        groups.entry((deal.terms, deal.reason)).or_default().push(row);
    }
    let unequal = groups.into_iter().filter_map(|((terms, reason), rows)| {
        let rates = || rows.iter().filter_map(|&row| deals.get(row)).map(|deal| deal.rate);
        let (lowest, highest) = (rates().fold(f64::INFINITY, f64::min), rates().fold(f64::NEG_INFINITY, f64::max));
        let differs = highest - lowest > tolerance;
        differs.then(|| Unequal { terms: terms.to_owned(), reason: reason.map(str::to_owned), lowest, highest, deals: rows })
    });
    Ok(unequal.collect())
}
