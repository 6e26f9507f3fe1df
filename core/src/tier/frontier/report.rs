//! The frontier, and the migration of one setting by period.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::config::{FrontierConfig, Setting};
use super::history::{Histories, HistoryRow};
use super::replay::Replay;
use super::tally::{Tally, after, next};
use crate::data::Date;
use crate::error::{Problems, Result};
use crate::math::jeffreys_interval;
use crate::parallel::Threads;
use crate::stats::{Cell, Counts, Summary};
use crate::tier::{ByTier, MigrationMatrix, RiskTier};
use crate::validation::{Discrimination, Orientation};

/// Days of a year, on average.
const YEAR: f64 = 365.25;
/// Level of the intervals of the event rates.
const LEVEL: f64 = 0.95;

/// A book under every setting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontierReport {
    /// Rows before an event.
    pub rows: u64,
    /// Entities with such a row.
    pub entities: u64,
    /// Those of them that have an event.
    pub events: u64,
    /// Years from the first to the last row, summed over the entities.
    pub entity_years: f64,
    /// No memory first, then the hysteresis of the policy, then the grid in its order, then the averages.
    pub settings: Vec<SettingFigures>,
}

/// What a setting gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingFigures {
    /// How tiers followed.
    pub setting: Setting,
    /// The same in words.
    pub label: String,
    /// Changes of tier from a row to the next.
    pub moves: u64,
    /// Those to a better tier.
    pub upgrades: u64,
    /// Those to a worse tier.
    pub downgrades: u64,
    /// Tiers moved: two for a move from A to C. A wider band never raises it, where nothing but the band holds tiers back.
    pub notches: u64,
    /// Moves a year of an entity; none when every entity has one row only.
    pub moves_per_entity_year: Option<f64>,
    /// Moves back to the tier that the move before them had left, within the window.
    pub flip_flops: u64,
    /// The same as a share of the moves; none without a move.
    pub flip_flop_share: Option<f64>,
    /// The same in a hundred years of an entity.
    pub flip_flops_per_100_entity_years: Option<f64>,
    /// Entities that were in the alarm tier or worse on their last row before the event.
    pub alarmed: u64,
    /// Entities with an event that were not.
    pub missed: u64,
    /// Days from the first row since which the tier is the alarm tier or worse without a break up to the event, as mean over
    /// all entities with an event; 0 for a missed one. None without events.
    pub mean_lead_days: Option<f64>,
    /// Entities whose lead is shorter than without memory, missed ones included.
    pub delayed: u64,
    /// By how many days it is shorter, as mean over the entities that are alarmed without memory; 0 for one whose lead is longer,
    /// since to hold every bad tier for ever is no detection. None when there are no such entities.
    pub mean_delay_days: Option<f64>,
    /// The price of long leads: rows at the alarm tier or worse of all rows of entities without an event.
    pub false_alarm_share: Option<f64>,
    /// Rows and events of the next period by tier.
    pub by_tier: ByTier<TierOutcomes>,
    /// How well the tier ranks the events of the next period, in [0, 1]; none without both outcomes.
    pub auc: Option<f64>,
    /// Tiers between the tier and the one that measure and floor indicate, as mean over the rows.
    pub mean_distance: f64,
    /// From each row to the next, over all periods.
    pub migration: MigrationMatrix,
    /// Whether no setting has both no more flip-flops and no longer delay, and less of one.
    pub on_frontier: bool,
}

/// Rows of a tier whose next period is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierOutcomes {
    /// Rows.
    pub rows: u64,
    /// Those whose entity had its event before its next row.
    pub events: u64,
    /// Share of these; none without rows.
    pub rate: Option<f64>,
    /// Lower end of Jeffreys' interval at 95 %.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// A book under one setting: its tiers, and the migration by period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistorySummary {
    /// How tiers followed.
    pub setting: Setting,
    /// From each day to the next row of each entity, by day.
    pub periods: Vec<PeriodMigration>,
    /// All periods together.
    pub all: MigrationMatrix,
    /// The tier of each row, in the order in which they were given; none from the event on.
    pub tiers: Vec<Option<RiskTier>>,
}

/// The migration that begins on a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodMigration {
    /// The day of the tiers before.
    pub day: Date,
    /// Where the entities were in their next row. Withdrawn are those without one, but for the last day of the book, where only
    /// defaults are known.
    pub matrix: MigrationMatrix,
}

impl FrontierConfig {
    /// Replays histories, in any order of the rows, under every setting.
    ///
    /// ```
    /// use scoreline::tier::frontier::{FrontierConfig, FrontierGrid, HistoryRow};
    /// use scoreline::tier::TierPolicy;
    /// use scoreline::{Date, Threads, Value};
    /// // One company swings about the cut of 5 %, the other rises through it and fails.
    /// let (steady, failing) = ([0.045, 0.055, 0.045, 0.055, 0.045, 0.055], [0.02, 0.03, 0.04, 0.055, 0.07, 0.15]);
    /// let rows = |name, pds: [f64; 6], event| pds.into_iter().enumerate().map(move |(month, measure)| HistoryRow {
    ///     entity: Value::Category(name), day: Date::from_days(30 * month as i32), measure, floor: None, event,
    /// });
    /// let rows: Vec<_> = rows("S", steady, None).chain(rows("F", failing, Some(Date::from_days(180)))).collect();
    /// let grid = FrontierGrid { widths: vec![0.2], averages: vec![3], ..FrontierGrid::default() };
    /// let report = FrontierConfig::new(TierPolicy::from_cuts([0.01, 0.05, 0.2]), grid).run(&rows, Threads::One)?;
    /// let figures: Vec<_> = report.settings.iter().map(|one| (one.flip_flops, one.mean_delay_days)).collect();
    /// // Without memory four of five moves are undone, and the failure is seen first. Band and mean of three both see it a month
    /// // later; the band is calm, the mean is not.
    /// assert_eq!(figures, [(4, Some(0.0)), (0, Some(30.0)), (4, Some(30.0))]);
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`FrontierConfig::validate`];
    /// [`InvalidData`](crate::ErrorCode::InvalidData) for a row without entity, two rows of an entity on a day, two events of an
    /// entity, an event after `observed_until` or an infinite measure;
    /// [`InsufficientData`](crate::ErrorCode::InsufficientData) without rows.
    pub fn run(&self, rows: &[HistoryRow<'_>], threads: Threads) -> Result<FrontierReport> {
        self.validate()?;
        let histories = Histories::new(rows, self.observed_until)?;
        let indicated = Replay::new(self, Setting::NoMemory {})?.run(&histories)?;
        let tallies = threads.map(self.settings(), |setting| {
            let tiers = Replay::new(self, setting)?.run(&histories)?;
            Ok((setting, Tally::new(self, &histories, &tiers, &indicated)?))
        })?;
        let (mut entities, mut events, mut days) = (0, 0, 0);
        for entity in histories.entities() {
            entities += 1;
            events += u64::from(entity.event.is_some());
            days += entity.days();
        }
        let detectable = tallies.first().map_or(0, |(_, immediate)| immediate.alarmed);
        let book = Book { rows: histories.rows() as u64, events, detectable, years: days as f64 / YEAR };
        let beaten = |one: &Tally| {
            tallies.iter().any(|(_, other)| {
                let no_worse = other.flip_flops <= one.flip_flops && other.delay_days <= one.delay_days;
                no_worse && (other.flip_flops < one.flip_flops || other.delay_days < one.delay_days)
            })
        };
        let settings = tallies.iter().map(|(setting, tally)| book.figures(*setting, tally, !beaten(tally))).collect();
        Ok(FrontierReport { rows: book.rows, entities, events, entity_years: book.years, settings })
    }

    /// The tiers of the book under one setting, and the migration by period; the grid does not matter.
    ///
    /// # Errors
    /// As [`FrontierConfig::run`]; [`InvalidConfig`](crate::ErrorCode::InvalidConfig) also for a setting that does not fit the
    /// policy.
    pub fn history(&self, setting: Setting, rows: &[HistoryRow<'_>]) -> Result<HistorySummary> {
        self.validate()?;
        let mut problems = Problems::default();
        setting.check(&self.policy, &mut problems);
        problems.into_result()?;
        let histories = Histories::new(rows, self.observed_until)?;
        let tiers = Replay::new(self, setting)?.run(&histories)?;
        let mut periods: BTreeMap<Date, MigrationMatrix> = BTreeMap::new();
        let mut all = MigrationMatrix::new(RiskTier::ALL.len())?;
        let mut by_row = vec![None; rows.len()];
        for entity in histories.entities() {
            let own = tiers.get(entity.start..).unwrap_or_default();
            for ((at, point), tier) in entity.points.iter().enumerate().zip(own) {
                if let Some(place) = by_row.get_mut(point.row) {
                    *place = Some(*tier);
                }
                let Some(after) = after(next(&entity, at, &histories), own) else { continue };
                let mut one = MigrationMatrix::new(RiskTier::ALL.len())?;
                one.add(tier.index(), after)?;
                all.merge(&one)?;
                match periods.get_mut(&point.day) {
                    Some(matrix) => matrix.merge(&one)?,
                    None => drop(periods.insert(point.day, one)),
                }
            }
        }
        let periods = periods.into_iter().map(|(day, matrix)| PeriodMigration { day, matrix }).collect();
        Ok(HistorySummary { setting, periods, all, tiers: by_row })
    }
}

/// What all settings share.
struct Book {
    rows: u64,
    events: u64,
    /// Entities that are alarmed without memory.
    detectable: u64,
    years: f64,
}

impl Book {
    fn figures(&self, setting: Setting, tally: &Tally, on_frontier: bool) -> SettingFigures {
        let moves = tally.upgrades + tally.downgrades;
        let share = |part: u64, whole: f64| (whole > 0.0).then(|| part as f64 / whole);
        SettingFigures {
            setting,
            label: setting.to_string(),
            moves,
            upgrades: tally.upgrades,
            downgrades: tally.downgrades,
            notches: tally.notches,
            moves_per_entity_year: share(moves, self.years),
            flip_flops: tally.flip_flops,
            flip_flop_share: share(tally.flip_flops, moves as f64),
            flip_flops_per_100_entity_years: share(tally.flip_flops, self.years).map(|rate| 100.0 * rate),
            alarmed: tally.alarmed,
            missed: self.events - tally.alarmed,
            mean_lead_days: share(tally.lead_days, self.events as f64),
            delayed: tally.delayed,
            mean_delay_days: share(tally.delay_days, self.detectable as f64),
            false_alarm_share: share(tally.false_alarms.0, tally.false_alarms.1 as f64),
            by_tier: tally.outcomes.map(outcomes).into(),
            auc: auc(tally.outcomes),
            mean_distance: share(tally.distance, self.rows as f64).unwrap_or(0.0),
            migration: tally.migration.clone(),
            on_frontier,
        }
    }
}

fn outcomes(counts: Counts) -> TierOutcomes {
    let rows = counts.total();
    let (low, high) = match rows {
        0 => (0.0, 1.0),
        _ => jeffreys_interval(counts.events as f64, counts.non_events as f64, LEVEL),
    };
    TierOutcomes { rows, events: counts.events, rate: (rows > 0).then(|| counts.event_rate()), low, high }
}

fn auc(outcomes: [Counts; 4]) -> Option<f64> {
    let cells: Vec<Cell> = outcomes.into_iter().zip([0.0, 1.0, 2.0, 3.0]).map(|(counts, value)| Cell { value, counts }).collect();
    Discrimination::from_cells(&cells, Orientation::HigherIsRiskier).ok().map(|found| found.auc)
}
