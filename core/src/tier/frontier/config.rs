//! What is replayed: the policy, the settings of memory, and what counts as a flip-flop and as an alarm.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::data::Date;
use crate::error::{Problems, Result};
use crate::tier::{Hysteresis, Measure, Move, OnMissing, RiskTier, StrongEffect, StrongRule, TierPolicy};

/// The most settings of one run.
const MAX_SETTINGS: usize = 1_000;

/// How tiers follow: one point of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Setting {
    /// At once, as the measure indicates.
    NoMemory {},
    /// By the hysteresis of the policy.
    Policy {},
    /// By [`Hysteresis::band`] and two [`Move`]s.
    Hysteresis {
        /// Half the width of the band: points of the score, or the part of a PD.
        width: f64,
        /// Days before a tier may improve.
        upgrade_dwell_days: u32,
        /// Days before a tier may worsen.
        downgrade_dwell_days: u32,
        /// Share of the way of one move, either way.
        share: f64,
    },
    /// At once, but by the mean of the measure over the last rows: the simplest way to calm a tier. Missing values do not enter.
    Average {
        /// Rows of the entity that are averaged, the present one included; fewer where its history is younger.
        periods: usize,
    },
}

/// In few words, for charts and tables.
impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Setting::NoMemory {} => f.write_str("no memory"),
            Setting::Policy {} => f.write_str("the policy's own"),
            Setting::Hysteresis { width, upgrade_dwell_days, downgrade_dwell_days, share } => {
                write!(f, "band {width}")?;
                let days = [(upgrade_dwell_days, "up"), (downgrade_dwell_days, "down")];
                for (days, way) in days.into_iter().filter(|(days, _)| **days > 0) {
                    write!(f, ", {way} after {days} d")?;
                }
                if *share < 1.0 { write!(f, ", {share} of the way") } else { Ok(()) }
            }
            Setting::Average { periods } => write!(f, "mean of {periods}"),
        }
    }
}

/// The settings that are tried: every combination of the first four lists, and every average. Each list rises strictly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FrontierGrid {
    /// See [`Setting::Hysteresis`]; 0 for no band.
    pub widths: Vec<f64>,
    /// Days before a tier may improve.
    pub upgrade_dwell_days: Vec<u32>,
    /// Days before a tier may worsen.
    pub downgrade_dwell_days: Vec<u32>,
    /// Shares of the way, in (0, 1].
    pub shares: Vec<f64>,
    /// See [`Setting::Average`]; 2 or more.
    pub averages: Vec<usize>,
}

/// No memory only.
impl Default for FrontierGrid {
    fn default() -> Self {
        FrontierGrid {
            widths: vec![0.0],
            upgrade_dwell_days: vec![0],
            downgrade_dwell_days: vec![0],
            shares: vec![1.0],
            averages: Vec::new(),
        }
    }
}

/// A replay of histories under many settings; see [`FrontierConfig::run`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontierConfig {
    /// Cuts and measure, and the hysteresis that is in force, if any. Rules are not evaluated: what strong rules ask for comes
    /// with each row, so the policy may hold none, nor a matrix or overlays.
    pub policy: TierPolicy,
    /// The settings to compare with no memory and with the hysteresis of the policy.
    pub grid: FrontierGrid,
    /// The tier from which on an entity counts as detected: B, C or D.
    #[serde(default = "alarm")]
    pub alarm: RiskTier,
    /// Days within which a move that is undone is a flip-flop.
    #[serde(default = "window_days")]
    pub window_days: u32,
    /// The last day up to which events are known; without it, the last day of the rows or of an event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_until: Option<Date>,
}

fn alarm() -> RiskTier {
    RiskTier::C
}

fn window_days() -> u32 {
    180
}

impl FrontierConfig {
    /// With tier C as alarm, and 180 days for a flip-flop.
    #[must_use]
    pub fn new(policy: TierPolicy, grid: FrontierGrid) -> Self {
        FrontierConfig { policy, grid, alarm: alarm(), window_days: window_days(), observed_until: None }
    }

    /// Checks everything.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem.
    pub fn validate(&self) -> Result<()> {
        let mut problems = Problems::default();
        problems.absorb("frontier.policy", self.policy.validate());
        let policy = &self.policy;
        let bare = policy.matrix.is_none() && policy.strong.is_empty() && policy.weak.is_empty() && policy.overlays.is_empty();
        problems.require(
            bare,
            "frontier.policy",
            "a replay has no inputs of rules, of a matrix or of overlays",
            "leave them out, and give the floors of strong rules with the rows",
        );
        let (what, remedy) = ("only B, C or D is an alarm", "use C, or the tier on which the bank acts");
        problems.require(self.alarm != RiskTier::A, "frontier.alarm", what, remedy);
        self.grid.check(policy, &mut problems);
        problems.into_result()
    }

    /// No memory first, then that of the policy, then the grid.
    pub(super) fn settings(&self) -> Vec<Setting> {
        let own = self.policy.hysteresis.map(|_| Setting::Policy {});
        [Setting::NoMemory {}].into_iter().chain(own).chain(self.grid.settings()).collect()
    }

    /// The policy of a setting, with one rule for each tier that a floor can name.
    pub(super) fn policy_of(&self, setting: Setting) -> TierPolicy {
        let hysteresis = match setting {
            Setting::NoMemory {} | Setting::Average { .. } => None,
            Setting::Policy {} => self.policy.hysteresis,
            Setting::Hysteresis { .. } => setting.hysteresis(self.policy.measure, self.policy.cuts),
        };
        let strong = RiskTier::ALL.map(|tier| StrongRule {
            code: format!("floor_{tier}"),
            when: "floor".to_owned(),
            effect: StrongEffect::Floor { tier },
            on_missing: OnMissing::NoHit,
            reason: "the floor that came with the row".to_owned(),
        });
        TierPolicy { hysteresis, strong: strong.into(), ..self.policy.clone() }
    }
}

impl Setting {
    fn hysteresis(self, measure: Measure, cuts: [f64; 3]) -> Option<Hysteresis> {
        let Setting::Hysteresis { width, upgrade_dwell_days, downgrade_dwell_days, share } = self else { return None };
        Some(Hysteresis {
            upgrade: Move { dwell_days: upgrade_dwell_days, share },
            downgrade: Move { dwell_days: downgrade_dwell_days, share },
            ..Hysteresis::band(measure, cuts, width)
        })
    }

    /// Whether it says what no memory says.
    fn is_none(self) -> bool {
        self == Setting::Hysteresis { width: 0.0, upgrade_dwell_days: 0, downgrade_dwell_days: 0, share: 1.0 }
    }

    pub(super) fn check(self, policy: &TierPolicy, problems: &mut Problems) {
        match self {
            Setting::NoMemory {} => {}
            Setting::Policy {} => problems.require(
                policy.hysteresis.is_some(),
                "frontier.setting",
                "the policy has no hysteresis",
                "give it one, or another setting",
            ),
            Setting::Hysteresis { .. } => {
                if let Some(hysteresis) = self.hysteresis(policy.measure, policy.cuts) {
                    hysteresis.check(policy.measure, policy.cuts, problems);
                }
            }
            Setting::Average { periods } => {
                problems.require(periods >= 2, "frontier.setting", "a mean needs two rows or more", "use 2 or more");
            }
        }
    }
}

impl FrontierGrid {
    fn settings(&self) -> Vec<Setting> {
        let mut settings = Vec::new();
        for &width in &self.widths {
            for &upgrade_dwell_days in &self.upgrade_dwell_days {
                for &downgrade_dwell_days in &self.downgrade_dwell_days {
                    let of = |&share: &f64| Setting::Hysteresis { width, upgrade_dwell_days, downgrade_dwell_days, share };
                    settings.extend(self.shares.iter().map(of).filter(|setting| !setting.is_none()));
                }
            }
        }
        settings.extend(self.averages.iter().map(|&periods| Setting::Average { periods }));
        settings
    }

    fn check(&self, policy: &TierPolicy, problems: &mut Problems) {
        const RISE: &str = "the values must rise strictly";
        let mut list = |name: &str, rises: bool| {
            problems.require(rises, &format!("frontier.grid.{name}"), RISE, "sort them and give each once");
        };
        list("widths", self.widths.is_sorted_by(|a, b| a < b));
        list("upgrade_dwell_days", self.upgrade_dwell_days.is_sorted_by(|a, b| a < b));
        list("downgrade_dwell_days", self.downgrade_dwell_days.is_sorted_by(|a, b| a < b));
        list("shares", self.shares.is_sorted_by(|a, b| a < b));
        list("averages", self.averages.is_sorted_by(|a, b| a < b));
        let shares = self.shares.iter().all(|share| *share > 0.0 && *share <= 1.0);
        problems.require(shares, "frontier.grid.shares", "the shares of the way must lie in (0, 1]", "use 1 for the whole way");
        let averages = self.averages.iter().all(|periods| *periods >= 2);
        problems.require(averages, "frontier.grid.averages", "a mean needs two rows or more", "use 2 or more");
        let lists = [self.widths.len(), self.upgrade_dwell_days.len(), self.downgrade_dwell_days.len(), self.shares.len()];
        let settings = lists.into_iter().fold(1usize, usize::saturating_mul).saturating_add(self.averages.len());
        problems.require(settings <= MAX_SETTINGS, "frontier.grid", "more than 1,000 settings", "shorten its lists");
        for (at, width) in self.widths.iter().enumerate() {
            let setting = Setting::Hysteresis { width: *width, upgrade_dwell_days: 0, downgrade_dwell_days: 0, share: 1.0 };
            let mut found = Problems::default();
            setting.check(policy, &mut found);
            let fits = width.is_finite() && *width >= 0.0 && found.into_result().is_ok();
            problems.require(
                fits,
                &format!("frontier.grid.widths[{at}]"),
                "a band of this width does not fit around the cuts",
                "use 0 or more, narrow enough that the borders of neighbours stay apart and PDs within (0, 1)",
            );
        }
    }
}
