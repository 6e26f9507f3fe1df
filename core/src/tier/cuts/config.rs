//! What is asked of the cuts.

use serde::{Deserialize, Serialize};

use crate::error::{Problems, Result};

/// The most tiers.
const MAX_TIERS: usize = 26;
/// The most candidates: the time grows with their third power.
const MAX_CANDIDATES: usize = 1_000;

/// Cuts of tiers from counted data.
///
/// ```
/// use scoreline::data::WEIGHT_ONE;
/// use scoreline::stats::ValueCounts;
/// use scoreline::tier::cuts::CutConfig;
/// // Eight values of a PD with 1,000 rows and 73 events.
/// let (rows, events) = ([200, 180, 150, 160, 120, 90, 60, 40], [2, 3, 4, 9, 10, 14, 15, 16]);
/// let mut counts = ValueCounts::default();
/// for (place, (rows, events)) in rows.into_iter().zip(events).enumerate() {
///     let pd = 0.01 * (place + 1) as f64;
///     counts.observe(&[pd, pd], &[true, false], &[events * WEIGHT_ONE, (rows - events) * WEIGHT_ONE]);
/// }
/// let config: CutConfig = serde_json::from_str(r#"{
///     "method": {"type": "optimum", "tiers": 4, "objective": {"type": "iv"}},
///     "orientation": "rises_with_risk", "min_rows": 100
/// }"#)?;
/// let found = config.fit(&counts)?;
/// assert_eq!(found.cuts.iter().map(|cut| (cut * 1e3).round()).collect::<Vec<_>>(), [25.0, 45.0, 65.0]);
/// assert!((found.objective.unwrap() - 1.3535123395).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutConfig {
    /// How the cuts come about.
    pub method: CutMethod,
    /// Which end of the values is the risky one.
    pub orientation: Orientation,
    /// Least share of the rows in a tier, 0 to 0.5. Default 0.
    #[serde(default)]
    pub min_share: f64,
    /// Least weight of a tier, in rows. Default 0; a tier is never empty.
    #[serde(default)]
    pub min_rows: f64,
    /// Least weight of the events in a tier, in rows. Default 0.
    #[serde(default)]
    pub min_events: f64,
    /// The largest p-value between neighbouring tiers, above 0 up to 1: of the two-sided z test of two shares with pooled
    /// variance ([`two_proportions`](crate::math::two_proportions)). 0.05 asks for |z| of 1.96 or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_p_value: Option<f64>,
    /// Values are merged to at most as many cells of equal weight before the best cuts are searched, 2 to 1,000; the result
    /// says how many there were. Default 200. The other methods look at every value.
    #[serde(default = "two_hundred")]
    pub candidates: usize,
}

fn two_hundred() -> usize {
    200
}

/// Which end of the values is the risky one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Orientation {
    /// A PD: higher is worse. A value below a cut lies on its better side.
    RisesWithRisk,
    /// A score: higher is better. A value at or above a cut lies on its better side.
    FallsWithRisk,
}

/// How the cuts come about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum CutMethod {
    /// Each tier but the last, best first, is the widest one whose observed event rate stays below its target. The event
    /// rates then rise from tier to tier by themselves: a next tier of no higher rate would have been part of the one before.
    TargetPd {
        /// One target a cut, rising strictly within (0, 1).
        targets: Vec<f64>,
    },
    /// Tiers of given shares of the rows, as near as the values allow.
    Share {
        /// The share of each tier, best first, each above 0, together 1.
        shares: Vec<f64>,
    },
    /// The cuts of highest objective among those under which the event rates rise strictly from tier to tier.
    Optimum {
        /// Tiers, 2 to 26.
        tiers: usize,
        /// What is made as large as possible.
        objective: CutObjective,
    },
}

/// What the best cuts make as large as possible.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum CutObjective {
    /// The information value Σ (g − b)·ln(g/b), with g and b the shares of all non-events and of all events in a tier. A
    /// tier must hold both classes.
    Iv {},
    /// The Kolmogorov–Smirnov distance of the tiers, ½ Σ |g − b|: with rising event rates it is the greatest distance of
    /// the two cumulative shares.
    Ks {},
    /// The profit per row when the tiers that earn something are accepted and the others are declined:
    /// Σ max(0, non-events · margin − events · LGD) / rows, so a tier is accepted while (1 − PD)·margin − PD·LGD > 0.
    Profit {
        /// What a row without the event earns, as a fraction of the exposure, in (0, 10].
        margin: f64,
        /// What a row with the event loses, as a fraction of the exposure, in (0, 1].
        lgd: f64,
    },
}

impl CutMethod {
    /// How many tiers there will be.
    #[must_use]
    pub fn tiers(&self) -> usize {
        match self {
            CutMethod::TargetPd { targets } => targets.len() + 1,
            CutMethod::Share { shares } => shares.len(),
            CutMethod::Optimum { tiers, .. } => *tiers,
        }
    }
}

impl CutConfig {
    /// Nothing asked but the method: no least sizes, no test, 200 candidates.
    #[must_use]
    pub fn new(method: CutMethod, orientation: Orientation) -> Self {
        let (min_share, min_rows, min_events) = (0.0, 0.0, 0.0);
        CutConfig { method, orientation, min_share, min_rows, min_events, max_p_value: None, candidates: two_hundred() }
    }

    /// Checks the ranges.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        let count = (2..=MAX_TIERS).contains(&self.method.tiers());
        problems.require(count, "cuts.method", "2 to 26 tiers are possible", "ask for fewer or more");
        match &self.method {
            CutMethod::TargetPd { targets } => {
                let inside = targets.iter().all(|target| *target > 0.0 && *target < 1.0);
                let rising = targets.windows(2).all(|pair| pair[0] < pair[1]);
                let what = "the targets must rise strictly within (0, 1)";
                problems.require(inside && rising, "cuts.method.targets", what, "list the event rate that each tier stays below");
            }
            CutMethod::Share { shares } => {
                let whole = shares.iter().all(|share| *share > 0.0) && (shares.iter().sum::<f64>() - 1.0).abs() < 1e-9;
                let what = "the shares must be above 0 and add up to 1";
                problems.require(whole, "cuts.method.shares", what, "list one share a tier, best first");
            }
            CutMethod::Optimum { objective: CutObjective::Profit { margin, lgd }, .. } => {
                let ok = *margin > 0.0 && *margin <= 10.0;
                problems.require(ok, "cuts.method.objective.margin", "must lie in (0, 10]", "write a fraction of the exposure");
                let ok = *lgd > 0.0 && *lgd <= 1.0;
                problems.require(ok, "cuts.method.objective.lgd", "must lie in (0, 1]", "write a fraction of the exposure");
            }
            CutMethod::Optimum { .. } => {}
        }
        let share = (0.0..=0.5).contains(&self.min_share);
        problems.require(share, "cuts.min_share", "must lie between 0 and 0.5", "give a share, for example 0.05");
        for (field, rows) in [("cuts.min_rows", self.min_rows), ("cuts.min_events", self.min_events)] {
            problems.require((0.0..=1e12).contains(&rows), field, "must lie between 0 and 10^12", "give a number of rows");
        }
        let test = self.max_p_value.is_none_or(|p| p > 0.0 && p <= 1.0);
        problems.require(test, "cuts.max_p_value", "must lie above 0 and not above 1", "use for example 0.05, or leave it out");
        let candidates = (2..=MAX_CANDIDATES).contains(&self.candidates);
        problems.require(candidates, "cuts.candidates", "must lie between 2 and 1000", "use 200");
        problems.into_result()
    }
}
