//! One setting over the histories.

use super::config::{FrontierConfig, Setting};
use super::history::{Entity, Histories};
use crate::error::Result;
use crate::tier::{Measure, Measured, RiskTier, RuleKind, Standing, TierDay, TierTable};

/// A setting that can be replayed.
pub(super) struct Replay {
    table: TierTable,
    measure: Measure,
    /// Rows of which the mean of the measure is taken.
    periods: usize,
}

impl Replay {
    pub(super) fn new(config: &FrontierConfig, setting: Setting) -> Result<Self> {
        let periods = if let Setting::Average { periods } = setting { periods } else { 1 };
        Ok(Replay { table: config.policy_of(setting).resolve()?, measure: config.policy.measure, periods })
    }

    /// The tiers of all entities, in the order of their points.
    pub(super) fn run(&self, histories: &Histories) -> Result<Vec<RiskTier>> {
        let mut tiers = Vec::with_capacity(histories.rows());
        for entity in histories.entities() {
            self.follow(&entity, &mut tiers)?;
        }
        Ok(tiers)
    }

    fn follow(&self, entity: &Entity<'_>, tiers: &mut Vec<RiskTier>) -> Result<()> {
        let mut standing = None;
        for (at, point) in entity.points.iter().enumerate() {
            let value = self.measure_at(entity, at, point.measure);
            let measured = match self.measure {
                Measure::Pd => Measured::pd(value),
                Measure::Score => Measured::score(value),
            };
            let floor = |kind, rule: usize| Some(kind == RuleKind::Strong && rule == point.floor.index());
            let next = self.table.retier(standing, point.day, measured, &TierDay::default(), floor)?;
            standing = Some(Standing { tier: next.tier(), since: next.since });
            tiers.push(next.tier());
        }
        Ok(())
    }

    /// The measure itself, or the mean of what is known of the last rows, added up from the oldest.
    fn measure_at(&self, entity: &Entity<'_>, at: usize, measure: f64) -> f64 {
        if self.periods == 1 {
            return measure;
        }
        let points = entity.points.get((at + 1).saturating_sub(self.periods)..=at).unwrap_or_default();
        let known = points.iter().map(|point| point.measure).filter(|measure| !measure.is_nan());
        let (sum, count) = known.fold((0.0, 0u32), |(sum, count), measure| (sum + measure, count + 1));
        sum / f64::from(count)
    }
}
