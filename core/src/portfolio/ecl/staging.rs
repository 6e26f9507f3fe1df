//! In which stage an exposure is, and why.

use serde::{Deserialize, Serialize};
use serde_with::apply;

use crate::data::decimal;
use crate::error::{Error, Problem, Problems, Result};

/// The stage of an exposure under IFRS 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// No significant increase in credit risk: losses of twelve months.
    One,
    /// A significant increase: losses of the life.
    Two,
    /// Credit-impaired.
    Three,
}

impl Stage {
    /// Every stage, in rising order.
    pub const ALL: [Stage; 3] = [Stage::One, Stage::Two, Stage::Three];

    /// 1, 2 or 3.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The name used in files and answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Stage::One => "one",
            Stage::Two => "two",
            Stage::Three => "three",
        }
    }
}

/// Why an exposure is in its stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageReason {
    /// Nothing speaks for another one.
    NoIncrease,
    /// Credit risk is low, so an increase is not looked for (5.5.10).
    LowRisk,
    /// The PD of the remaining life rose beyond both thresholds (5.5.9).
    Pd,
    /// It is on a watch list.
    WatchList,
    /// It is late by more than the limit of stage 2 (5.5.11; may be rebutted).
    PastDue,
    /// It is late by more than the limit of stage 3 (B5.5.37; may be rebutted), or declared credit-impaired.
    Impaired,
}

impl StageReason {
    /// Every reason.
    pub const ALL: [StageReason; 6] = [
        StageReason::NoIncrease,
        StageReason::LowRisk,
        StageReason::Pd,
        StageReason::WatchList,
        StageReason::PastDue,
        StageReason::Impaired,
    ];

    /// The name used in files and answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            StageReason::NoIncrease => "no_increase",
            StageReason::LowRisk => "low_risk",
            StageReason::Pd => "pd",
            StageReason::WatchList => "watch_list",
            StageReason::PastDue => "past_due",
            StageReason::Impaired => "impaired",
        }
    }
}

/// When credit risk has increased significantly. PDs are those of the remaining life: now, and as it was expected when the loan was
/// made.
///
/// ```
/// use scoreline::portfolio::{Stage, StageReason, StagingPolicy};
/// let policy = StagingPolicy { ratio: 2.0, increase: 0.005, ..StagingPolicy::default() };
/// let risen = policy.stage(0.01, 0.021, 0.0, false, false)?;
/// assert_eq!((risen.stage, risen.reason), (Stage::Two, StageReason::Pd));
/// assert_eq!(policy.stage(0.01, 0.012, 31.0, false, false)?.reason, StageReason::PastDue);
/// # Ok::<(), scoreline::Error>(())
/// ```
#[apply(f64 => #[serde(deserialize_with = "decimal")])]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StagingPolicy {
    /// The PD must be at least this many times what was expected; above 1.
    pub ratio: f64,
    /// And it must be higher by at least this; at least 0.
    pub increase: f64,
    /// Below this PD per year credit risk is low, and no increase is looked for; 0 to look always.
    pub low_risk: f64,
    /// Later than this many days: stage 2. The standard presumes 30.
    pub days_stage_2: f64,
    /// Later than this many days: stage 3. The standard presumes 90.
    pub days_stage_3: f64,
}

impl Default for StagingPolicy {
    fn default() -> Self {
        StagingPolicy { ratio: 2.0, increase: 0.005, low_risk: 0.0, days_stage_2: 30.0, days_stage_3: 90.0 }
    }
}

/// A stage with its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StagingResult {
    /// The stage.
    pub stage: Stage,
    /// Why, the first that applies from the worst stage on.
    pub reason: StageReason,
}

impl StagingPolicy {
    /// Checks the thresholds.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let place = "staging.ratio";
        problems.require(self.ratio > 1.0 && self.ratio.is_finite(), place, "must be above 1", "use for example 2");
        let share = "write a fraction, not percent";
        problems.require((0.0..1.0).contains(&self.increase), "staging.increase", "must lie in [0, 1)", share);
        problems.require((0.0..1.0).contains(&self.low_risk), "staging.low_risk", "must lie in [0, 1)", share);
        let days = self.days_stage_2 >= 0.0 && self.days_stage_2 < self.days_stage_3 && self.days_stage_3.is_finite();
        problems.require(
            days,
            "staging.days",
            "the days of stage 2 must be fewer than those of stage 3",
            "the standard has 30 and 90",
        );
        problems.into_result()
    }

    /// The stage of an exposure: the PD of its remaining life as expected at the start and now, days past due, whether it is on a
    /// watch list, and whether it is declared credit-impaired. Both thresholds of the PD must be passed.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`StagingPolicy::validate`];
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when a PD lies outside [0, 1] or the days are negative.
    pub fn stage(&self, pd_expected: f64, pd_now: f64, days: f64, watched: bool, impaired: bool) -> Result<StagingResult> {
        self.validate()?;
        for (field, pd) in [("pd_expected", pd_expected), ("pd_now", pd_now)] {
            if !(0.0..=1.0).contains(&pd) {
                return Err(Error::data(Problem::new("must lie in [0, 1]", "pass a fraction, not percent").field(field)));
            }
        }
        if !(days >= 0.0 && days.is_finite()) {
            return Err(Error::data(Problem::new("must be at least 0", "use 0 when nothing is late").field("days")));
        }
        Ok(self.decide(pd_expected, pd_now, pd_now, days, watched, impaired))
    }

    /// The stage by figures that were checked. `pd_year` is the PD per year: whether risk is low is a question of today (5.5.10), not
    /// of the length of the life.
    pub(super) fn decide(
        &self,
        pd_expected: f64,
        pd_now: f64,
        pd_year: f64,
        days: f64,
        watched: bool,
        impaired: bool,
    ) -> StagingResult {
        let (stage, reason) = if impaired || days > self.days_stage_3 {
            (Stage::Three, StageReason::Impaired)
        } else if days > self.days_stage_2 {
            (Stage::Two, StageReason::PastDue)
        } else if watched {
            (Stage::Two, StageReason::WatchList)
        } else if pd_year < self.low_risk {
            (Stage::One, StageReason::LowRisk)
        } else if pd_now >= self.ratio * pd_expected && pd_now - pd_expected >= self.increase {
            (Stage::Two, StageReason::Pd)
        } else {
            (Stage::One, StageReason::NoIncrease)
        };
        StagingResult { stage, reason }
    }
}
