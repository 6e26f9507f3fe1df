//! What amounts are spent on, how evenly, and how that shifts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::month::{check_amount, total};
use crate::error::{Error, Problem, Result};
use crate::math::ln;
use crate::stats::ExactSum;

/// One category of a mix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryShare {
    /// The category.
    pub category: String,
    /// Its amounts together, in the currency of the caller.
    pub amount: f64,
    /// Its share of the total, in [0, 1].
    pub share: f64,
}

/// How amounts spread over categories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryMix {
    /// All amounts together, in the currency of the caller.
    pub total: f64,
    /// Every category, in the order of bytes.
    pub shares: Vec<CategoryShare>,
    /// Entropy −Σ p ln p in nats (Shannon 1948): 0 for a single category.
    pub entropy: f64,
    /// Entropy over its greatest value, ln of the number of categories with an amount (Pielou 1966), in [0, 1]: 1 when all are
    /// alike, 0 for a single category.
    pub evenness: f64,
    /// Herfindahl index Σ p², in (0, 1]: 1 for a single category.
    pub herfindahl: f64,
}

/// How the shares of one category changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareChange {
    /// The category.
    pub category: String,
    /// Share in the first period, in [0, 1].
    pub before: f64,
    /// Share in the second period, in [0, 1].
    pub after: f64,
}

/// How a mix changed between two periods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareShift {
    /// Total variation distance ½ Σ |p − q|, in [0, 1]: the share of the money that goes elsewhere.
    pub distance: f64,
    /// Every category of either period, in the order of bytes.
    pub changes: Vec<ShareChange>,
}

/// The mix of amounts by category. Amounts of one category add up; the order does not matter.
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) with the row of an amount that is missing, negative or beyond 10¹⁵;
/// [`InsufficientData`](crate::ErrorCode::InsufficientData) when nothing is above 0.
///
/// ```
/// use scoreline::features::stability::category_mix;
/// let mix = category_mix([("rent", 600.0), ("food", 200.0), ("rent", 0.0), ("travel", 200.0)])?;
/// assert_eq!(mix.shares[1].share, 0.6);
/// assert_eq!(mix.herfindahl, 0.44);
/// # Ok::<(), scoreline::Error>(())
/// ```
pub fn category_mix<'a>(amounts: impl IntoIterator<Item = (&'a str, f64)>) -> Result<CategoryMix> {
    let mut sums: BTreeMap<&str, ExactSum> = BTreeMap::new();
    for (row, (category, amount)) in amounts.into_iter().enumerate() {
        check_amount("amount", row, amount)?;
        if amount < 0.0 {
            let problem = Problem::new("an amount of 0 or more was expected", "pass outflows as positive amounts");
            return Err(Error::data(problem.field("amount").row(row)));
        }
        sums.entry(category).or_default().add(amount);
    }
    let sums: Vec<(&str, f64)> = sums.into_iter().map(|(category, sum)| (category, sum.value())).collect();
    let whole = total(sums.iter().map(|(_, amount)| *amount));
    if whole <= 0.0 {
        let problem = Problem::new("no category has an amount above 0", "pass a period with amounts");
        return Err(Error::insufficient(problem.field("amount")));
    }
    let share =
        |&(category, amount): &(&str, f64)| CategoryShare { category: category.to_owned(), amount, share: amount / whole };
    let shares: Vec<CategoryShare> = sums.iter().map(share).collect();
    let present: Vec<f64> = shares.iter().map(|one| one.share).filter(|share| *share > 0.0).collect();
    let entropy = total(present.iter().map(|p| -p * ln(*p))).max(0.0);
    let evenness = if present.len() > 1 { (entropy / ln(present.len() as f64)).min(1.0) } else { 0.0 };
    let herfindahl = total(present.iter().map(|p| p * p));
    Ok(CategoryMix { total: whole, shares, entropy, evenness, herfindahl })
}

/// How the mix shifts from one period to another.
///
/// ```
/// use scoreline::features::stability::{category_mix, share_shift};
/// let before = category_mix([("rent", 60.0), ("food", 40.0)])?;
/// let after = category_mix([("rent", 60.0), ("games", 40.0)])?;
/// assert_eq!(share_shift(&before, &after).distance, 0.4);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[must_use]
pub fn share_shift(before: &CategoryMix, after: &CategoryMix) -> ShareShift {
    let mut pairs: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    before.shares.iter().for_each(|one| pairs.entry(&one.category).or_default().0 = one.share);
    after.shares.iter().for_each(|one| pairs.entry(&one.category).or_default().1 = one.share);
    let distance = total(pairs.values().map(|(before, after)| (after - before).abs())) / 2.0;
    let change = |(category, (before, after)): (&str, _)| ShareChange { category: category.to_owned(), before, after };
    ShareShift { distance: distance.min(1.0), changes: pairs.into_iter().map(change).collect() }
}
