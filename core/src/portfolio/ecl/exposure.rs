//! The loss of one exposure over scenarios.

use std::collections::BTreeSet;
use std::iter::repeat_n;

use serde::{Deserialize, Serialize};
use serde_with::apply;

use super::loss::{EclResult, EclTerms, ScenarioLoss, weighted_loss};
use super::staging::{StagingPolicy, StagingResult};
use crate::data::decimal;
use crate::error::{Problems, Result};
use crate::math::{exp, exp_m1, ln, ln_1p};
use crate::portfolio::conditional_pd;
use crate::pricing::MAX_MONTHS;

const YEAR: u32 = 12;

/// How the losses of a book are found: stages, and scenarios of the economy.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EclPolicy {
    /// When credit risk has increased significantly.
    #[serde(default)]
    pub staging: StagingPolicy,
    /// The scenarios; their weights add up to 1.
    pub scenarios: Vec<EclScenario>,
    /// Correlation of the exposures with the state of the economy, in (0, 1); see [`conditional_pd`].
    pub rho: f64,
    /// Periods of a year in which losses are counted: 1, 2, 3, 4, 6 or 12.
    pub periods_per_year: u32,
}

/// A path that the economy may take.
#[apply(f64 => #[serde(deserialize_with = "decimal")], Vec<f64> => #[serde(default, deserialize_with = "decimal")])]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EclScenario {
    /// Its name.
    pub name: String,
    /// Its probability, in [0, 1].
    pub weight: f64,
    /// The state of the economy in each year from now on; below 0 is bad. In later years PDs are the average ones.
    pub states: Vec<f64>,
    /// Added to every LGD, which stays within [0, 1].
    #[serde(default)]
    pub lgd_added: f64,
}

/// An exposure as it stands today.
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EclExposure {
    /// PD per year through the cycle, in (0, 1].
    pub pd: f64,
    /// The PD per year that was expected for today when the loan was made, in (0, 1).
    pub pd_origination: f64,
    /// Loss given default, in [0, 1].
    pub lgd: f64,
    /// Exposure at default now, an amount of at least 0.
    pub ead: f64,
    /// Effective interest rate per year, in [−0.5, 10].
    pub eir: f64,
    /// Months left, 1 to [`MAX_MONTHS`]; for revolving credit those of its behavioural life.
    pub months: u32,
    /// Repaid as a whole at the end, instead of in equal instalments at the effective interest rate.
    #[serde(default)]
    pub bullet: bool,
    /// Days past due, at least 0.
    #[serde(default)]
    pub days: f64,
    /// On a watch list.
    #[serde(default)]
    pub watched: bool,
    /// Declared credit-impaired.
    #[serde(default)]
    pub impaired: bool,
}

/// The losses of an exposure over all scenarios.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExposureLoss {
    /// Its stage, and why.
    #[serde(flatten)]
    pub staging: StagingResult,
    /// PD of the remaining life as expected when the loan was made.
    pub pd_expected: f64,
    /// PD of the remaining life now, weighted over the scenarios.
    pub pd_now: f64,
    /// Expected loss from defaults within twelve months, weighted.
    pub twelve_months: f64,
    /// Expected loss from defaults over the whole life, weighted.
    pub lifetime: f64,
    /// The loss that the stage asks for, weighted: the allowance.
    pub ecl: f64,
    /// The loss that the stage asks for in each scenario.
    pub scenarios: Vec<f64>,
}

impl EclPolicy {
    /// Checks every figure.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.absorb("ecl", self.staging.validate());
        problems.require(self.rho > 0.0 && self.rho < 1.0, "ecl.rho", "must lie in (0, 1)", "use for example 0.15");
        let periods = [1, 2, 3, 4, 6, 12].contains(&self.periods_per_year);
        problems.require(periods, "ecl.periods_per_year", "must be 1, 2, 3, 4, 6 or 12", "use 12 for months");
        let total: f64 = self.scenarios.iter().map(|one| one.weight).sum();
        let weights = self.scenarios.iter().all(|one| one.weight >= 0.0) && (total - 1.0).abs() <= 1e-9;
        let what = "weights of at least 0 that add up to 1 were expected";
        problems.require(weights, "ecl.scenarios", what, "scale the weights");
        let names: BTreeSet<&str> = self.scenarios.iter().map(|one| one.name.trim()).collect();
        let named = names.len() == self.scenarios.len() && !names.contains("");
        problems.require(named, "ecl.scenarios", "each scenario needs a name of its own", "name it, for example `downturn`");
        for (at, scenario) in self.scenarios.iter().enumerate() {
            let place = |field: &str| format!("ecl.scenarios[{at}].{field}");
            let states = scenario.states.iter().all(|z| (-40.0..=40.0).contains(z));
            let remedy = "pass standard deviations; bad is negative";
            problems.require(states, &place("states"), "states from -40 to 40 were expected", remedy);
            let lgd = (-1.0..=1.0).contains(&scenario.lgd_added);
            problems.require(lgd, &place("lgd_added"), "must lie in [-1, 1]", "write a fraction, not percent");
        }
        problems.into_result()
    }

    /// The stage and the losses of an exposure. In each scenario its loss is that of [`EclTerms`]: the PD per year is that of the
    /// scenario's state in that year ([`conditional_pd`]), spread evenly over the months, and the exposure of a period is the balance
    /// before its payment, which falls due at its end. The PDs that a significant increase is looked for in are those of the remaining
    /// life, now over all scenarios (5.5.9, 5.5.4). Losses are weighted, not PDs (5.5.17(a)).
    ///
    /// A last period that is not whole has the PD of its months, and is discounted from its end as a whole one would be.
    ///
    /// ```
    /// use scoreline::portfolio::{EclExposure, EclPolicy, EclScenario, Stage, StagingPolicy};
    /// let scenario = |name: &str, weight, states: &[f64], lgd_added| {
    ///     EclScenario { name: name.into(), weight, states: states.to_vec(), lgd_added }
    /// };
    /// let policy = EclPolicy {
    ///     staging: StagingPolicy::default(),
    ///     scenarios: vec![scenario("base", 0.7, &[], 0.0), scenario("downturn", 0.3, &[-2.0, -1.0], 0.1)],
    ///     rho: 0.15,
    ///     periods_per_year: 12,
    /// };
    /// let loan = EclExposure {
    ///     pd: 0.02, pd_origination: 0.015, lgd: 0.45, ead: 100_000.0, eir: 0.06, months: 36, bullet: false, days: 0.0,
    ///     watched: false, impaired: false,
    /// };
    /// let found = policy.exposure(&loan)?;
    /// assert_eq!((found.staging.stage, found.ecl), (Stage::One, found.twelve_months));
    /// assert!(found.scenarios[1] > 2.0 * found.scenarios[0]);
    /// let late = policy.exposure(&EclExposure { days: 45.0, ..loan })?;
    /// assert_eq!((late.staging.stage, late.ecl), (Stage::Two, found.lifetime));
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`EclPolicy::validate`];
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with every figure of the exposure that is out of range.
    pub fn exposure(&self, exposure: &EclExposure) -> Result<ExposureLoss> {
        self.validate()?;
        let mut problems = Problems::default();
        exposure.check(&mut problems);
        problems.into_data()?;
        self.loss(exposure)
    }

    /// The losses of an exposure that was checked, under a policy that was checked.
    pub(super) fn loss(&self, exposure: &EclExposure) -> Result<ExposureLoss> {
        let mut terms = EclTerms {
            hazards: Vec::new(),
            lgd: Vec::new(),
            ead: exposure.balances(self.periods_per_year),
            eir: exposure.eir,
            periods_per_year: self.periods_per_year,
        };
        let mut losses = Vec::with_capacity(self.scenarios.len());
        for scenario in &self.scenarios {
            terms.hazards = self.hazards(exposure, &scenario.states)?;
            terms.lgd = vec![(exposure.lgd + scenario.lgd_added).clamp(0.0, 1.0)];
            losses.push(terms.loss()?);
        }
        let weighted = |figure: &dyn Fn(&EclResult) -> f64| {
            let pairs = self.scenarios.iter().zip(&losses);
            let pairs: Vec<_> = pairs.map(|(one, loss)| ScenarioLoss { weight: one.weight, loss: figure(loss) }).collect();
            weighted_loss(&pairs)
        };
        let pd_expected = -exp_m1(ln_1p(-exposure.pd_origination) * years(exposure.months));
        let pd_now = weighted(&|loss| loss.cumulative_pd)?.min(1.0);
        let EclExposure { pd, days, watched, impaired, .. } = *exposure;
        let staging = self.staging.decide(pd_expected, pd_now, pd, days, watched, impaired);
        Ok(ExposureLoss {
            staging,
            pd_expected,
            pd_now,
            twelve_months: weighted(&|loss| loss.twelve_months)?,
            lifetime: weighted(&|loss| loss.lifetime)?,
            ecl: weighted(&|loss| loss.of(staging.stage))?,
            scenarios: losses.iter().map(|loss| loss.of(staging.stage)).collect(),
        })
    }

    /// The share of those alive that default in each period.
    fn hazards(&self, exposure: &EclExposure, states: &[f64]) -> Result<Vec<f64>> {
        let step = YEAR / self.periods_per_year;
        let mut hazards = Vec::with_capacity(exposure.months.div_ceil(step) as usize);
        let mut states = states.iter();
        for start in (0..exposure.months).step_by(YEAR as usize) {
            let pd = match states.next() {
                Some(z) if exposure.pd < 1.0 => conditional_pd(exposure.pd, self.rho, *z)?,
                _ => exposure.pd,
            };
            let months = (exposure.months - start).min(YEAR);
            let hazard = |months: u32| -exp_m1(ln_1p(-pd) * years(months));
            hazards.extend(repeat_n(hazard(step), (months / step) as usize));
            if !months.is_multiple_of(step) {
                hazards.push(hazard(months % step));
            }
        }
        Ok(hazards)
    }
}

fn years(months: u32) -> f64 {
    f64::from(months) / f64::from(YEAR)
}

impl EclExposure {
    /// The balance in each period before its payment.
    fn balances(&self, periods_per_year: u32) -> Vec<f64> {
        let periods = self.months.div_ceil(YEAR / periods_per_year) as usize;
        if self.bullet {
            return vec![self.ead; periods];
        }
        // A balance is worth the instalments that are left: their annuity factors, from the end of the life on.
        let discount = exp(ln(1.0 / (1.0 + self.eir)) / f64::from(periods_per_year));
        let mut factor = 0.0;
        let mut balances: Vec<f64> = repeat_n((), periods)
            .map(|()| {
                factor = discount * (1.0 + factor);
                factor
            })
            .collect();
        balances.reverse();
        balances.iter_mut().for_each(|left| *left = self.ead * (*left / factor));
        balances
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        let share = "pass a fraction, not percent";
        problems.require(self.pd > 0.0 && self.pd <= 1.0, "pd", "must lie in (0, 1]", share);
        let before = self.pd_origination > 0.0 && self.pd_origination < 1.0;
        problems.require(before, "pd_origination", "must lie in (0, 1)", share);
        problems.require((0.0..=1.0).contains(&self.lgd), "lgd", "must lie in [0, 1]", share);
        let ead = (0.0..1e15).contains(&self.ead);
        problems.require(ead, "ead", "an amount of at least 0 and below 1e15 was expected", "pass the exposure at default");
        problems.require((-0.5..=10.0).contains(&self.eir), "eir", "must lie in [-0.5, 10]", share);
        let months = (1..=MAX_MONTHS).contains(&self.months);
        problems.require(months, "months", "must lie between 1 and 1,200", "pass the whole months that are left");
        let days = self.days >= 0.0 && self.days.is_finite();
        problems.require(days, "days", "must be at least 0", "use 0 when nothing is late");
    }
}
