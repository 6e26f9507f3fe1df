//! The limits of single tiers and of neighbours, as the programme over cells takes them.

use std::cmp::Ordering;

use super::config::{CutConfig, CutMethod, CutObjective};
use crate::binning::{Row, by_rate, information_value};
use crate::data::WEIGHT_UNIT;
use crate::math::two_proportions;
use crate::stats::Counts;

/// The limits in the units of [`Counts`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) both_classes: bool,
    pub(super) share: u64,
    pub(super) rows: u64,
    pub(super) events: u64,
    pub(super) rising: bool,
    pub(super) max_p_value: f64,
}

impl Limits {
    /// Nothing but that a tier is not empty.
    pub(super) const NONE: Limits =
        Limits { both_classes: false, share: 0, rows: 0, events: 0, rising: false, max_p_value: f64::INFINITY };

    pub(super) fn new(config: &CutConfig, all: Counts) -> Self {
        let units = |rows: f64| (rows / WEIGHT_UNIT).ceil() as u64;
        let iv = matches!(config.method, CutMethod::Optimum { objective: CutObjective::Iv {}, .. });
        Limits {
            both_classes: iv,
            // The factor keeps a tier of exactly the least share when the product is rounded.
            share: (config.min_share * all.total() as f64 * (1.0 - 1e-12)).ceil() as u64,
            rows: units(config.min_rows),
            events: units(config.min_events),
            rising: matches!(config.method, CutMethod::Optimum { .. }),
            max_p_value: config.max_p_value.unwrap_or(f64::INFINITY),
        }
    }

    /// The same limits one after the other, each with the name under which it is set.
    pub(super) fn one_by_one(self) -> [(&'static str, Limits); 6] {
        let both = Limits { both_classes: self.both_classes, ..Limits::NONE };
        let share = Limits { share: self.share, ..both };
        let rows = Limits { rows: self.rows, ..share };
        let events = Limits { events: self.events, ..rows };
        let rising = Limits { rising: self.rising, ..events };
        [
            ("method.objective", both),
            ("min_share", share),
            ("min_rows", rows),
            ("min_events", events),
            ("method", rising),
            ("max_p_value", self),
        ]
    }

    /// Whether a tier with these counts is allowed.
    pub(super) fn hold(&self, tier: Counts) -> bool {
        let total = tier.total();
        let classes = !self.both_classes || (tier.events > 0 && tier.non_events > 0);
        total > 0 && classes && total >= self.share.max(self.rows) && tier.events >= self.events
    }

    /// Whether two tiers may be neighbours, the better one first.
    pub(super) fn part(&self, better: Counts, worse: Counts) -> bool {
        let rising = !self.rising || by_rate(better, worse) == Ordering::Less;
        rising && (self.max_p_value.is_infinite() || p_value(better, worse).is_some_and(|p| p <= self.max_p_value))
    }
}

/// The p-value of the difference of two event rates.
pub(super) fn p_value(a: Counts, b: Counts) -> Option<f64> {
    two_proportions(in_rows(a), in_rows(b))
}

/// Events and non-events in rows.
pub(super) fn in_rows(counts: Counts) -> (f64, f64) {
    (counts.events as f64 * WEIGHT_UNIT, counts.non_events as f64 * WEIGHT_UNIT)
}

impl CutObjective {
    /// What a tier adds.
    pub(super) fn value(self, tier: Counts, all: Counts) -> f64 {
        let share = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        match self {
            CutObjective::Iv {} => information_value(tier, all, 0.0).unwrap_or(0.0),
            CutObjective::Ks {} => 0.5 * (share(tier.non_events, all.non_events) - share(tier.events, all.events)).abs(),
            CutObjective::Profit { margin, lgd } => {
                let earned = tier.non_events as f64 * margin - tier.events as f64 * lgd;
                earned.max(0.0) / all.total() as f64
            }
        }
    }
}

/// Tiers as a row of neighbours over the borders of cells, best first.
pub(super) struct Tiers<'a> {
    /// What was counted before each border.
    pub(super) borders: &'a [Counts],
    pub(super) limits: Limits,
    pub(super) objective: CutObjective,
}

impl Row for Tiers<'_> {
    type Bin = Counts;

    const HIGHEST: f64 = 1.0;

    fn bin(&self, from: usize, to: usize) -> Option<(Counts, f64)> {
        let tier = between(self.borders, from, to);
        let all = between(self.borders, 0, self.borders.len() - 1);
        self.limits.hold(tier).then(|| (tier, self.objective.value(tier, all)))
    }

    fn step(&self, better: &Counts, worse: &Counts) -> Option<f64> {
        self.limits.part(*better, *worse).then_some(1.0)
    }
}

/// What was counted from border `from` to border `to`; nothing when there is no such border.
pub(super) fn between(borders: &[Counts], from: usize, to: usize) -> Counts {
    let (Some(from), Some(to)) = (borders.get(from), borders.get(to)) else { return Counts::default() };
    Counts { non_events: to.non_events.saturating_sub(from.non_events), events: to.events.saturating_sub(from.events) }
}
