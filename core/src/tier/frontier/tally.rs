//! What is counted in the tiers of one setting.

use super::config::FrontierConfig;
use super::history::{Entity, Histories, Point, between};
use crate::data::Date;
use crate::error::Result;
use crate::stats::Counts;
use crate::tier::{After, MigrationMatrix, RiskTier};

/// The counts of a setting.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) upgrades: u64,
    pub(super) downgrades: u64,
    /// Tiers moved, two for a move from A to C.
    pub(super) notches: u64,
    pub(super) flip_flops: u64,
    /// Tiers between the tier and the indicated one, over all rows.
    pub(super) distance: u64,
    /// Entities in the alarm tiers when their event comes.
    pub(super) alarmed: u64,
    /// Entities whose lead is shorter than without memory.
    pub(super) delayed: u64,
    /// Days by which those leads are shorter.
    pub(super) delay_days: u64,
    /// Days between alarm and event.
    pub(super) lead_days: u64,
    /// Rows in the alarm tiers of entities without an event, and all their rows.
    pub(super) false_alarms: (u64, u64),
    /// Rows by tier and by whether the event comes before the next row.
    pub(super) outcomes: [Counts; 4],
    pub(super) migration: MigrationMatrix,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The entity has a next row: at this place among the points.
    Row(usize),
    /// Its event came first.
    Event,
    /// It left the book.
    Gone,
    /// The last day of the book.
    End,
}

impl Tally {
    /// Counts `tiers` against those `indicated` without memory, both in the order of the points.
    pub(super) fn new(
        config: &FrontierConfig,
        histories: &Histories,
        tiers: &[RiskTier],
        indicated: &[RiskTier],
    ) -> Result<Self> {
        let mut tally = Tally {
            upgrades: 0,
            downgrades: 0,
            notches: 0,
            flip_flops: 0,
            distance: tiers.iter().zip(indicated).map(|(one, other)| one.index().abs_diff(other.index()) as u64).sum(),
            alarmed: 0,
            delayed: 0,
            delay_days: 0,
            lead_days: 0,
            false_alarms: (0, 0),
            outcomes: [Counts::default(); 4],
            migration: MigrationMatrix::new(RiskTier::ALL.len())?,
        };
        for entity in histories.entities() {
            let of = |tiers: &'_ [RiskTier]| -> Vec<RiskTier> {
                tiers.iter().skip(entity.start).take(entity.points.len()).copied().collect()
            };
            let own = of(tiers);
            tally.moves(&entity, &own, config.window_days);
            if let Some(event) = entity.event {
                let lead = |tiers| lead(&entity, tiers, config.alarm, event);
                tally.detect(lead(&own), lead(&of(indicated)));
            } else {
                let alarms = own.iter().filter(|tier| **tier >= config.alarm).count();
                tally.false_alarms.0 += alarms as u64;
                tally.false_alarms.1 += own.len() as u64;
            }
            for ((at, point), tier) in entity.points.iter().enumerate().zip(&own) {
                let next = next(&entity, at, histories);
                if let (Some(event), Some(counts)) =
                    (outcome(&entity, point, next, histories), tally.outcomes.get_mut(tier.index()))
                {
                    counts.add_row(event, 1);
                }
                if let Some(after) = after(next, &own) {
                    tally.migration.add(tier.index(), after)?;
                }
            }
        }
        Ok(tally)
    }

    /// An event with its leads: under the setting, and without memory. That memory may hold a bad tier for longer is no merit.
    fn detect(&mut self, lead: Option<u64>, immediate: Option<u64>) {
        let days = lead.unwrap_or(0);
        let delay = immediate.unwrap_or(0).saturating_sub(days);
        self.alarmed += u64::from(lead.is_some());
        self.lead_days += days;
        self.delayed += u64::from(delay > 0);
        self.delay_days += delay;
    }

    fn moves(&mut self, entity: &Entity<'_>, tiers: &[RiskTier], window_days: u32) {
        // The tier that the last move left, and its day.
        let mut left: Option<(RiskTier, Date)> = None;
        for (pair, point) in tiers.windows(2).zip(entity.points.iter().skip(1)) {
            let &[before, tier] = pair else { continue };
            if before == tier {
                continue;
            }
            *(if tier < before { &mut self.upgrades } else { &mut self.downgrades }) += 1;
            self.notches += before.index().abs_diff(tier.index()) as u64;
            let undone = left.is_some_and(|(left, day)| left == tier && between(day, point.day) <= u64::from(window_days));
            self.flip_flops += u64::from(undone);
            left = Some((before, point.day));
        }
    }
}

/// Days from the first row since which the entity is at `alarm` or worse up to its event; none when it is better in the end.
fn lead(entity: &Entity<'_>, tiers: &[RiskTier], alarm: RiskTier, event: Date) -> Option<u64> {
    let points = entity.points.iter().zip(tiers);
    points.rev().take_while(|(_, tier)| **tier >= alarm).last().map(|(point, _)| between(point.day, event))
}

pub(super) fn next(entity: &Entity<'_>, at: usize, histories: &Histories) -> Next {
    match entity.points.get(at + 1) {
        Some(_) => Next::Row(at + 1),
        None if entity.event.is_some() => Next::Event,
        None if entity.points.get(at).is_some_and(|point| point.day < histories.days.1) => Next::Gone,
        None => Next::End,
    }
}

/// Whether the event came before the next row; none when nobody could know.
fn outcome(entity: &Entity<'_>, point: &Point, next: Next, histories: &Histories) -> Option<bool> {
    match next {
        Next::Event => Some(true),
        Next::Row(at) => entity.points.get(at).filter(|next| next.day <= histories.observed_until).map(|_| false),
        Next::Gone | Next::End => (point.day < histories.observed_until).then_some(false),
    }
}

/// Where the row went; none on the last day of the book, unless the event followed.
pub(super) fn after(next: Next, tiers: &[RiskTier]) -> Option<After> {
    match next {
        Next::Row(at) => tiers.get(at).copied().map(After::from),
        Next::Event => Some(After::Defaulted {}),
        Next::Gone => Some(After::Withdrawn {}),
        Next::End => None,
    }
}
