//! Memory: a tier changes only when the measure says so clearly, for long enough, and not all the way at once.

use serde::{Deserialize, Serialize};

use super::letter::RiskTier;
use super::measure::Measure;
use crate::data::Date;
use crate::error::Problems;

/// How reluctantly a tier changes. Strong rules do not wait for any of it.
///
/// The tier improves when the measure passes the border of `enter`, worsens when it passes that of `exit`, and stays in
/// between; each as far as its borders support. Agencies act alike: a rating moves only beyond a threshold, then part of the
/// way (E. Altman and H. Rijken, "The effects of rating through the cycle on rating stability, rating timeliness and default
/// prediction performance", 2005: past 1.8 notches, 70 % of the way down and 60 % up).
///
/// ```
/// use scoreline::tier::{Held, Hysteresis, Measure, Measured, RiskTier, Standing, TierDay, TierPolicy};
/// use scoreline::Date;
/// let mut policy = TierPolicy { measure: Measure::Score, ..TierPolicy::from_cuts([700.0, 640.0, 580.0]) };
/// policy.hysteresis = Some(Hysteresis::band(policy.measure, policy.cuts, 10.0));
/// let table = policy.resolve()?;
/// let (was, today) = (Standing { tier: RiskTier::B, since: Date::parse("2026-01-01")? }, Date::parse("2026-02-01")?);
/// let retier = |score| table.retier(Some(was), today, Measured::score(score), &TierDay::default(), |_, _| None);
/// let (close, clear) = (retier(705.0)?, retier(712.0)?);
/// assert_eq!((close.tier(), close.indicated, close.held), (RiskTier::B, RiskTier::A, Held::Band));
/// assert_eq!((clear.tier(), clear.since), (RiskTier::A, today));
/// # Ok::<(), scoreline::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hysteresis {
    /// Borders of A, B and C for a tier that improves: each as strict as its cut, or stricter.
    pub enter: [f64; 3],
    /// Borders of A, B and C for a tier that worsens: each as lenient as its cut, or more so.
    pub exit: [f64; 3],
    /// How a tier improves.
    #[serde(default)]
    pub upgrade: Move,
    /// How a tier worsens.
    #[serde(default)]
    pub downgrade: Move,
}

/// How a tier moves once the measure has passed a border.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Move {
    /// Days for which the tier must have been held before it may move this way.
    pub dwell_days: u32,
    /// Share of the way that one move goes, in (0, 1]: of the tiers between, rounded to the nearest, half up, at least one.
    pub share: f64,
}

impl Default for Move {
    fn default() -> Self {
        Move { dwell_days: 0, share: 1.0 }
    }
}

impl Move {
    /// Tiers moved for a way of 0 to 3 tiers.
    fn steps(self) -> [u8; 4] {
        [0, 1, 2, 3].map(|way| if way == 0 { 0 } else { ((f64::from(way) * self.share + 0.5).floor() as u8).clamp(1, way) })
    }
}

impl Hysteresis {
    /// Borders at the same distance on both sides of each cut: points of the score, or, for PDs, the factor 1 + `width` by
    /// which the PD must lie below or above the cut.
    #[must_use]
    pub fn band(measure: Measure, cuts: [f64; 3], width: f64) -> Self {
        let (enter, exit) = match measure {
            Measure::Pd => (cuts.map(|cut| cut / (1.0 + width)), cuts.map(|cut| cut * (1.0 + width))),
            Measure::Score => (cuts.map(|cut| cut + width), cuts.map(|cut| cut - width)),
        };
        Hysteresis { enter, exit, upgrade: Move::default(), downgrade: Move::default() }
    }

    pub(super) fn check(&self, measure: Measure, cuts: [f64; 3], problems: &mut Problems) {
        measure.check(problems, "tier.hysteresis.enter", self.enter);
        measure.check(problems, "tier.hysteresis.exit", self.exit);
        let beyond = |borders: [f64; 3]| borders.into_iter().zip(cuts).map(|(border, cut)| measure.beyond(cut, border));
        problems.require(
            beyond(self.enter).all(|distance| distance <= 0.0) && beyond(self.exit).all(|distance| distance >= 0.0),
            "tier.hysteresis",
            "a cut must lie between its borders",
            "let enter be as strict as the cut or stricter, and exit as lenient or more so",
        );
        for (place, way) in [("tier.hysteresis.upgrade", self.upgrade), ("tier.hysteresis.downgrade", self.downgrade)] {
            let usable = way.share > 0.0 && way.share <= 1.0;
            problems.require(usable, place, "the share of the way must lie in (0, 1]", "use 1 for the whole way");
        }
    }
}

/// The tier that an account has, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// The tier.
    pub tier: RiskTier,
    /// First day of it.
    pub since: Date,
}

/// What keeps a tier from being the one that measure and rules indicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// Nothing: it is the indicated one.
    No,
    /// The measure lies between the borders.
    Band,
    /// The tier has not been held for long enough.
    Dwell,
    /// A move goes only part of the way.
    Step,
    /// A strong rule with a ceiling bars the way up, but takes no tier away.
    Ceiling,
}

impl Held {
    /// Every case, in the order of its index.
    pub const ALL: [Held; 5] = [Held::No, Held::Band, Held::Dwell, Held::Step, Held::Ceiling];

    /// Its index in [`Held::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name used in files and answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Held::No => "no",
            Held::Band => "band",
            Held::Dwell => "dwell",
            Held::Step => "step",
            Held::Ceiling => "ceiling",
        }
    }
}

/// A resolved [`Hysteresis`]; without one, every border is the cut itself and nothing waits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Memory {
    pub(super) enter: [f64; 3],
    pub(super) exit: [f64; 3],
    upgrade: Way,
    downgrade: Way,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Way {
    dwell_days: u32,
    steps: [u8; 4],
}

impl Memory {
    pub(super) fn new(hysteresis: Option<&Hysteresis>, cuts: [f64; 3]) -> Self {
        let way = |way: Move| Way { dwell_days: way.dwell_days, steps: way.steps() };
        match hysteresis {
            Some(asked) => {
                Memory { enter: asked.enter, exit: asked.exit, upgrade: way(asked.upgrade), downgrade: way(asked.downgrade) }
            }
            None => Memory { enter: cuts, exit: cuts, upgrade: way(Move::default()), downgrade: way(Move::default()) },
        }
    }

    /// From the tier held for `days` to the one that follows. `up` is the tier that the borders of `enter` support, `down`
    /// that of `exit`, never better than `up`; no upgrade goes beyond `ceiling`.
    #[inline]
    pub(super) fn follow(&self, held: RiskTier, days: u32, up: RiskTier, down: RiskTier, ceiling: RiskTier) -> (RiskTier, Held) {
        let (way, target, kept) = if up < held {
            let target = up.max(ceiling).min(held);
            (self.upgrade, target, if target == up { Held::No } else { Held::Ceiling })
        } else if down > held {
            (self.downgrade, down, Held::No)
        } else {
            return (held, Held::Band);
        };
        if target == held {
            return (held, kept);
        }
        if days < way.dwell_days {
            return (held, Held::Dwell);
        }
        let gap = held.index().abs_diff(target.index());
        let steps = way.steps.get(gap).copied().unwrap_or(0);
        let tier = if target < held { held.better_by(steps) } else { held.worse_by(steps) };
        (tier, if tier == target { kept } else { Held::Step })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_of_the_way_is_rounded_and_at_least_one_tier() {
        let steps = |share| Move { share, ..Move::default() }.steps();
        assert_eq!(steps(1.0), [0, 1, 2, 3]);
        assert_eq!(steps(0.7), [0, 1, 1, 2], "70 % of 2 is 1.4, of 3 is 2.1");
        assert_eq!(steps(0.5), [0, 1, 1, 2], "half of 3 is 1.5, which rounds up");
        assert_eq!(steps(0.01), [0, 1, 1, 1]);
    }

    #[test]
    fn cuts_lie_between_their_borders() {
        let cuts = [0.01, 0.05, 0.2];
        let problems = |hysteresis: Hysteresis| {
            let mut problems = Problems::default();
            hysteresis.check(Measure::Pd, cuts, &mut problems);
            problems.into_result().map_or_else(|error| error.problems().len(), |()| 0)
        };
        let good = Hysteresis::band(Measure::Pd, cuts, 0.25);
        assert_eq!(problems(good), 0);
        assert_eq!(problems(Hysteresis { enter: [0.011, 0.04, 0.1], ..good }), 1);
        assert_eq!(problems(Hysteresis { exit: [0.02, 0.06, 0.19], ..good }), 1);
        assert_eq!(problems(Hysteresis { enter: [0.01, 0.01, 0.2], ..good }), 1);
        assert_eq!(problems(Hysteresis { upgrade: Move { share: 0.0, dwell_days: 0 }, ..good }), 1);
        assert_eq!(problems(Hysteresis { downgrade: Move { share: f64::NAN, dwell_days: 0 }, ..good }), 1);
    }
}
