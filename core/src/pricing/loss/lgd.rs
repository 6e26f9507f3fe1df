//! Loss given default from what secures a claim, what it costs and how long it takes; guarantees by substitution.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use crate::data::decimal;
use crate::error::{Error, Problem, Problems, Result};
use crate::math::{exp, ln};
use crate::pricing::capital::Seniority;

/// One piece of collateral.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collateral {
    /// Its value today, in the currency of the exposure.
    pub value: f64,
    /// Share that is taken off for falling prices and a forced sale, in [0, 1].
    pub haircut: f64,
    /// Claims of others that are paid from it first.
    #[serde(default)]
    pub prior_claims: f64,
    /// Cost of the sale, a share of what it brings, in [0, 1].
    #[serde(default)]
    pub cost_rate: f64,
    /// Months from default to payment.
    #[serde(default)]
    pub months: f64,
}

/// What a claim without collateral brings.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnsecuredRecovery {
    /// Share of a senior claim, in [0, 1].
    pub senior: f64,
    /// Share of a subordinated claim, in [0, 1].
    pub subordinated: f64,
    /// Months from default to payment.
    #[serde(default)]
    pub months: f64,
}

/// How a claim is recovered.
///
/// ```
/// use scoreline::pricing::capital::Seniority;
/// use scoreline::pricing::loss::{Collateral, Recovery, UnsecuredRecovery};
/// let house = Collateral { value: 100.0, haircut: 0.3, prior_claims: 10.0, cost_rate: 0.05, months: 24.0 };
/// let recovery = Recovery {
///     ead: 80.0, collateral: vec![house], seniority: Seniority::Senior,
///     unsecured: UnsecuredRecovery { senior: 0.4, subordinated: 0.1, months: 12.0 },
///     discount_rate: 0.1, fixed_cost: 1.0, floor: 0.05, lgd_above_one: false,
/// };
/// // The house brings (70 - 10) x 0.95 = 57, worth 57 / 1.21 today; of the other 23 come 9.2, worth 9.2 / 1.1.
/// let want = 1.0 - (57.0 / 1.21 + 9.2 / 1.1 - 1.0) / 80.0;
/// assert!((recovery.lgd()?.lgd - want).abs() < 1e-15);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// Exposure at default, above 0.
    pub ead: f64,
    /// What secures it, in the order in which it pays.
    #[serde(default)]
    pub collateral: Vec<Collateral>,
    /// Rank of what the collateral leaves.
    #[serde(default)]
    pub seniority: Seniority,
    /// What the rest brings.
    pub unsecured: UnsecuredRecovery,
    /// Rate per year at which recoveries are discounted to the day of default, at least 0.
    #[serde(default)]
    pub discount_rate: f64,
    /// Cost of the workout that does not depend on what comes, an amount on the day of default.
    #[serde(default)]
    pub fixed_cost: f64,
    /// Least LGD, in [0, 1].
    #[serde(default)]
    pub floor: f64,
    /// Declares that a loss of more than the exposure is meant.
    #[serde(default)]
    pub lgd_above_one: bool,
}

/// A loss given default with what it is made of: `lgd` = 1 − `collateral` − `unsecured` + `fixed_cost`, raised to the floor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Lgd {
    /// Loss given default, a fraction of the exposure.
    pub lgd: f64,
    /// Discounted recovery from collateral after its costs, a fraction of the exposure.
    pub collateral: f64,
    /// Discounted recovery of the rest.
    pub unsecured: f64,
    /// Fixed cost.
    pub fixed_cost: f64,
    /// Whether the floor was above what came out.
    pub floored: bool,
}

impl Recovery {
    /// The loss given default. Each piece of collateral pays what it brings after haircut, prior claims and cost, at most what
    /// is still owed; the rest is recovered by rank; all is discounted by (1 + rate)^(−months/12).
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every field out of range, and when the loss is above 1 and that
    /// is not declared.
    pub fn lgd(&self) -> Result<Lgd> {
        self.check()?;
        let growth = ln(1.0 + self.discount_rate);
        let discounted = |amount: f64, months: f64| amount * exp(-growth * months / 12.0);
        let (mut owed, mut brought) = (self.ead, 0.0);
        for one in &self.collateral {
            let net = (one.value * (1.0 - one.haircut) - one.prior_claims).max(0.0) * (1.0 - one.cost_rate);
            let paid = net.min(owed);
            owed -= paid;
            brought += discounted(paid, one.months);
        }
        let share = match self.seniority {
            Seniority::Senior => self.unsecured.senior,
            Seniority::Subordinated => self.unsecured.subordinated,
        };
        let rest = discounted(owed * share, self.unsecured.months);
        let lgd = ((self.ead - brought - rest + self.fixed_cost) / self.ead).max(0.0);
        if lgd > 1.0 && !self.lgd_above_one {
            let problem =
                Problem::new("the loss is more than the exposure", "lower `fixed_cost`, or set `lgd_above_one` when it is meant");
            return Err(Error::config(problem.field("lgd")));
        }
        Ok(Lgd {
            lgd: lgd.max(self.floor),
            collateral: brought / self.ead,
            unsecured: rest / self.ead,
            fixed_cost: self.fixed_cost / self.ead,
            floored: lgd < self.floor,
        })
    }

    fn check(&self) -> Result<()> {
        let mut problems = Problems::default();
        let above = self.ead > 0.0 && self.ead <= 1e15;
        problems.require(above, "ead", "must be an amount above 0, at most 1e15", "pass the exposure at default");
        let amount = |value: f64| (0.0..=1e15).contains(&value);
        let share = |value: f64| (0.0..=1.0).contains(&value);
        let months = |value: f64| (0.0..=1_200.0).contains(&value);
        for (at, one) in self.collateral.iter().enumerate() {
            let place = |name: &str| format!("collateral[{at}].{name}");
            let amounts = "must be an amount, at least 0, at most 1e15";
            problems.require(amount(one.value), &place("value"), amounts, "leave worthless collateral out");
            problems.require(amount(one.prior_claims), &place("prior_claims"), amounts, "pass 0 for none");
            problems.require(share(one.haircut), &place("haircut"), "must lie in [0, 1]", "write a fraction, not percent");
            problems.require(share(one.cost_rate), &place("cost_rate"), "must lie in [0, 1]", "write a fraction, not percent");
            problems.require(months(one.months), &place("months"), "must lie in [0, 1200]", "pass months");
        }
        for (place, value) in [
            ("unsecured.senior", self.unsecured.senior),
            ("unsecured.subordinated", self.unsecured.subordinated),
            ("floor", self.floor),
            ("discount_rate", self.discount_rate),
        ] {
            problems.require(share(value), place, "must lie in [0, 1]", "write a fraction, not percent");
        }
        problems.require(months(self.unsecured.months), "unsecured.months", "must lie in [0, 1200]", "pass months");
        let cost = (0.0..=self.ead.max(0.0)).contains(&self.fixed_cost);
        problems.require(cost, "fixed_cost", "must lie between 0 and the exposure", "leave a hopeless claim alone");
        problems.into_result()
    }
}

/// A guarantee of part of an exposure.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guarantee {
    /// Share of the exposure that is covered, in (0, 1].
    pub share: f64,
    /// PD of the guarantor, in [0, 1].
    pub pd: f64,
    /// LGD of a claim on the guarantor, in [0, 1].
    pub lgd: f64,
}

/// A part of an exposure with the PD and LGD that count for it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Protected {
    /// Share of the exposure.
    pub share: f64,
    /// PD that counts.
    pub pd: f64,
    /// LGD that counts.
    pub lgd: f64,
    /// The guarantee, by its place; none for what stays with the obligor.
    pub guarantee: Option<usize>,
}

/// Splits an exposure into covered parts, which take PD and LGD of their guarantor, and the rest (CRE32.24–32.26). A guarantee
/// whose guarantor has no lower expected loss than the obligor is not used (CRE32.22: recognition is a choice). The shares of
/// the parts add up to 1, and no part counts double default.
///
/// ```
/// use scoreline::pricing::loss::{Guarantee, substitute};
/// let state = Guarantee { share: 0.8, pd: 0.0005, lgd: 0.45 };
/// let parts = substitute(0.03, 0.6, &[state])?;
/// let loss: f64 = parts.iter().map(|part| part.share * part.pd * part.lgd).sum();
/// assert!((loss - (0.8 * 0.0005 * 0.45 + 0.2 * 0.03 * 0.6)).abs() < 1e-15);
/// # Ok::<(), scoreline::Error>(())
/// ```
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every number out of range, and when the shares add up to more than 1.
pub fn substitute(pd: f64, lgd: f64, guarantees: &[Guarantee]) -> Result<Vec<Protected>> {
    let fraction = "write a fraction, not percent";
    let mut problems = Problems::default();
    problems.require((0.0..=1.0).contains(&pd), "pd", "must lie in [0, 1]", fraction);
    problems.require((0.0..=1.0).contains(&lgd), "lgd", "must lie in [0, 1]", fraction);
    for (at, one) in guarantees.iter().enumerate() {
        let place = |name: &str| format!("guarantees[{at}].{name}");
        problems.require(one.share > 0.0 && one.share <= 1.0, &place("share"), "must lie in (0, 1]", fraction);
        problems.require((0.0..=1.0).contains(&one.pd), &place("pd"), "must lie in [0, 1]", fraction);
        problems.require((0.0..=1.0).contains(&one.lgd), &place("lgd"), "must lie in [0, 1]", fraction);
    }
    let covered: f64 = guarantees.iter().map(|one| one.share).sum();
    problems.require(
        covered.is_nan() || covered <= 1.0 + 1e-12,
        "guarantees",
        "the shares add up to more than 1",
        "give each part to one guarantor",
    );
    problems.into_result()?;
    let (mut left, mut parts) = (1.0, Vec::with_capacity(guarantees.len() + 1));
    for (at, one) in guarantees.iter().enumerate() {
        if one.pd * one.lgd < pd * lgd {
            let share = one.share.min(left);
            left -= share;
            parts.push(Protected { share, pd: one.pd, lgd: one.lgd, guarantee: Some(at) });
        }
    }
    if left > 0.0 {
        parts.push(Protected { share: left, pd, lgd, guarantee: None });
    }
    Ok(parts)
}
