//! Losses over twelve months and over the life.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::staging::Stage;
use crate::data::decimal;
use crate::error::{Error, Problem, Problems, Result};

/// What the loss of an exposure rests on, one entry a period until it matures; for revolving credit until the end of its
/// behavioural life (IFRS 9, 5.5.20).
///
/// ECL = Σ DFₜ · (Sₜ₋₁ − Sₜ) · LGDₜ · EADₜ with S the share that has survived and DF at the effective interest rate, from the end of
/// the period.
///
/// ```
/// use scoreline::portfolio::{EclTerms, Stage};
/// // A year of a loan of 1,000,000 with a PD of 0.5 % and an LGD of 25 % (IFRS 9, illustrative example 8).
/// let terms = EclTerms { hazards: vec![0.005], lgd: vec![0.25], ead: vec![1_000_000.0], eir: 0.0, periods_per_year: 1 };
/// let loss = terms.loss()?;
/// assert_eq!((loss.twelve_months, loss.of(Stage::One)), (1250.0, 1250.0));
/// # Ok::<(), scoreline::Error>(())
/// ```
#[apply(f64 => #[serde(deserialize_with = "decimal")], Vec<f64> => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EclTerms {
    /// Share of those alive that default in each period, in [0, 1].
    pub hazards: Vec<f64>,
    /// Loss given default in each period, in [0, 1]; one entry stands for all.
    pub lgd: Vec<f64>,
    /// Exposure at default in each period, an amount of at least 0.
    pub ead: Vec<f64>,
    /// Effective interest rate per year, above −1.
    pub eir: f64,
    /// Periods of a year: 12 for months, 1 for years.
    pub periods_per_year: u32,
}

/// The losses of an exposure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EclResult {
    /// Expected loss from defaults within twelve months.
    pub twelve_months: f64,
    /// Expected loss from defaults over the whole life.
    pub lifetime: f64,
    /// Discounted expected loss of each period.
    pub by_period: Vec<f64>,
    /// Share of the exposure that defaults in each period.
    pub marginal_pd: Vec<f64>,
    /// Share that defaults over the whole life.
    pub cumulative_pd: f64,
    /// What is lost when a credit-impaired exposure has defaulted already: LGD · EAD of the first period.
    pub impaired: f64,
}

impl EclResult {
    /// The loss that a stage asks for: of twelve months in stage 1, of the life in stage 2, LGD · EAD in stage 3 (IFRS 9, 5.5.3
    /// to 5.5.5).
    #[must_use]
    pub const fn of(&self, stage: Stage) -> f64 {
        match stage {
            Stage::One => self.twelve_months,
            Stage::Two => self.lifetime,
            Stage::Three => self.impaired,
        }
    }
}

impl EclTerms {
    /// The losses.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with every problem.
    pub fn loss(&self) -> Result<EclResult> {
        self.check()?;
        let discount = 1.0 / (1.0 + self.eir);
        let step = crate::math::exp(crate::math::ln(discount) / f64::from(self.periods_per_year));
        let mut result = EclResult {
            twelve_months: 0.0,
            lifetime: 0.0,
            by_period: Vec::with_capacity(self.hazards.len()),
            marginal_pd: Vec::with_capacity(self.hazards.len()),
            cumulative_pd: 0.0,
            impaired: 0.0,
        };
        let (mut alive, mut factor) = (1.0, 1.0);
        let lgd = |period: usize| self.lgd.get(period).or(self.lgd.last()).copied().unwrap_or(0.0);
        for (period, (hazard, ead)) in self.hazards.iter().zip(&self.ead).enumerate() {
            factor *= step;
            let failing = alive * hazard;
            let loss = factor * failing * lgd(period) * ead;
            alive -= failing;
            result.marginal_pd.push(failing);
            result.by_period.push(loss);
            result.lifetime += loss;
            if period < self.periods_per_year as usize {
                result.twelve_months += loss;
            }
        }
        result.cumulative_pd = 1.0 - alive;
        result.impaired = lgd(0) * self.ead.first().copied().unwrap_or(0.0);
        if result.lifetime.is_finite() && result.impaired.is_finite() {
            Ok(result)
        } else {
            Err(Error::data(Problem::new("the loss is beyond the range of numbers", "use a larger unit").field("ead")))
        }
    }

    fn check(&self) -> Result<()> {
        let mut problems = Problems::default();
        let periods = self.hazards.len();
        problems.require(periods > 0, "hazards", "a period is needed", "pass one entry for each period");
        let shares = self.hazards.iter().all(|hazard| (0.0..=1.0).contains(hazard));
        problems.require(shares, "hazards", "must lie in [0, 1]", "pass the share of those alive that default");
        let lgd = self.lgd.len() == 1 || self.lgd.len() == periods;
        let usable = lgd && self.lgd.iter().all(|lgd| (0.0..=1.0).contains(lgd));
        problems.require(usable, "lgd", "one LGD in [0, 1], or one for each period, was expected", "pass fractions");
        let ead = self.ead.len() == periods && self.ead.iter().all(|ead| *ead >= 0.0 && ead.is_finite());
        problems.require(ead, "ead", "an amount of at least 0 was expected for each period", "pass the exposure at its start");
        problems.require(self.eir > -1.0 && self.eir <= 10.0, "eir", "must lie in (-1, 10]", "pass a fraction per year");
        let year = (1..=366).contains(&self.periods_per_year);
        problems.require(year, "periods_per_year", "must lie between 1 and 366", "use 12 for months");
        problems.into_data()
    }
}

/// A scenario with its loss.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioLoss {
    /// Its weight; all add up to 1.
    pub weight: f64,
    /// The loss in it.
    pub loss: f64,
}

/// The loss over scenarios: the mean of their losses, weighted with their probabilities (IFRS 9, 5.5.17(a)). Of losses, not of
/// PDs: the loss is not linear in the state of the economy.
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) unless the weights are at least 0 and add up to 1, and the losses are finite.
pub fn weighted_loss(scenarios: &[ScenarioLoss]) -> Result<f64> {
    let total: f64 = scenarios.iter().map(|one| one.weight).sum();
    let weights = scenarios.iter().all(|one| one.weight >= 0.0) && (total - 1.0).abs() <= 1e-9;
    let loss: f64 = scenarios.iter().map(|one| one.weight * one.loss).sum();
    if weights && loss.is_finite() {
        return Ok(loss);
    }
    let what = "weights of at least 0 that add up to 1, and finite losses, were expected";
    Err(Error::data(Problem::new(what, "scale the weights").field("scenarios")))
}

/// Receivables that are equally late, with the share that is lost.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvisionBucket {
    /// Gross amount, at least 0.
    pub gross: f64,
    /// Share that is lost over the life, in [0, 1].
    pub rate: f64,
}

/// The allowances of a provision matrix for trade receivables, one for each bucket (IFRS 9, B5.5.35 and illustrative example 12).
///
/// # Errors
/// [`InvalidData`](crate::ErrorCode::InvalidData) with the place of a bucket that is not usable.
pub fn provision_matrix(buckets: &[ProvisionBucket]) -> Result<Vec<f64>> {
    let allowance = |(at, bucket): (usize, &ProvisionBucket)| {
        let usable = bucket.gross >= 0.0 && bucket.gross.is_finite() && (0.0..=1.0).contains(&bucket.rate);
        if usable {
            return Ok(bucket.gross * bucket.rate);
        }
        let problem = Problem::new("an amount of at least 0 and a share in [0, 1] were expected", "correct the bucket");
        Err(Error::data(problem.field("buckets")).at_row(at))
    };
    buckets.iter().enumerate().map(allowance).collect()
}
