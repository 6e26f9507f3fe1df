//! The tier policy in the form that assigns tiers without allocating.

use super::hysteresis::{Held, Memory, Standing};
use super::letter::{ByTier, RiskTier};
use super::matrix::MatrixTable;
use super::measure::Measure;
use super::policy::{StrongEffect, TierPolicy, thousandths};
use super::rules::{BitSums, MAX_RULES, OnMissing, RuleHits, RuleKind, RuleSet, TierTold};
use crate::data::Date;
use crate::error::{Error, Problem, Result};

/// A resolved [`TierPolicy`]; see [`TierPolicy::resolve`].
#[derive(Debug, Clone, PartialEq)]
pub struct TierTable {
    measure: Measure,
    cuts: [f64; 3],
    memory: Memory,
    matrix: Option<MatrixTable>,
    strong: RuleSet,
    /// Strong rules that decline.
    decline: u64,
    /// Strong rules below whose tier no case may lie better, by that tier.
    floors: ByTier<u64>,
    /// Strong rules beyond whose tier no case may rise, by that tier.
    ceilings: ByTier<u64>,
    /// Strong rules from whose last day on an upgrade waits.
    overrides: u64,
    weak: RuleSet,
    /// Points of each weak rule in thousandths.
    points: BitSums,
    /// Weak rules that share a cap in thousandths. A rule without a group is alone without a cap.
    groups: Vec<(u64, u64)>,
    /// Weak rules without a group.
    free: u64,
    per_notch: u64,
    max_notches: u8,
    overlays: RuleSet,
    /// What each overlay costs.
    overlay_notches: BitSums,
    /// Last days of weak rules.
    weak_until: Vec<Option<Date>>,
    /// First and last days of overlays.
    overlay_days: Vec<(Date, Date)>,
}

/// What is known of a case besides its rules.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// PD per year in [0, 1]; NaN when there is none.
    pub pd: f64,
    /// Score points, higher is safer; NaN when there are none.
    pub score: f64,
    /// Value of the second measure of the [`TierMatrix`](super::TierMatrix); NaN when missing.
    pub bureau: f64,
}

impl Measured {
    /// A case of which only the PD is known.
    #[must_use]
    pub const fn pd(pd: f64) -> Self {
        Measured { pd, score: f64::NAN, bureau: f64::NAN }
    }

    /// A case of which only the score is known.
    #[must_use]
    pub const fn score(score: f64) -> Self {
        Measured { pd: f64::NAN, score, bureau: f64::NAN }
    }
}

/// What of a policy is in force on a day; see [`TierTable::on`]. The default is for policies without dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierDay {
    weak: u64,
    overlays: u64,
    expired: u64,
}

impl Default for TierDay {
    fn default() -> Self {
        TierDay { weak: u64::MAX, overlays: 0, expired: 0 }
    }
}

/// A tier and how it came about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TierResult {
    /// The risk tier.
    pub tier: RiskTier,
    /// The tier by the cuts alone.
    pub score_tier: RiskTier,
    /// Tiers that weak evidence and overlays asked for, before the worst tier stopped them.
    pub notches: u8,
    /// A strong rule declines.
    pub decline: bool,
    /// A person must look: a rule asks for it because an input is missing, or what the cuts compare is missing.
    pub refer: bool,
    /// What the cuts compare is missing.
    pub unmeasured: bool,
    /// Strong rules.
    pub strong: RuleHits,
    /// Weak rules.
    pub weak: RuleHits,
    /// Overlays in force.
    pub overlays: RuleHits,
    /// Overlays that would hit, had they not ended before.
    pub expired: u64,
    /// By how much the measure (PD, or score points) misses the next better border: that of its cut, or for an account with a
    /// tier that of an upgrade. 0 or less when only memory and rules stand in between; NaN in tier A.
    pub to_better: f64,
    /// By how much the measure may worsen before it passes the next worse border; 0 or less when it has passed it and only
    /// memory holds the tier; NaN in tier D.
    pub to_worse: f64,
}

/// What became of the tier of an account; see [`TierTable::retier`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Retiering {
    /// The new tier and its evidence.
    pub result: TierResult,
    /// First day from which the wait before a next move counts: that of the new tier, or the last of an override.
    pub since: Date,
    /// The tier before; `None` at the first time.
    pub previous: Option<RiskTier>,
    /// The tier that measure and rules indicate, without memory.
    pub indicated: RiskTier,
    /// Why the tier is not the indicated one.
    pub held: Held,
    /// A strong rule made the tier worse than it would be otherwise.
    pub forced: bool,
}

impl Retiering {
    /// The new tier.
    #[must_use]
    pub const fn tier(&self) -> RiskTier {
        self.result.tier
    }

    /// Whether there was a tier, and it is another one now.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.previous.is_some_and(|previous| previous != self.result.tier)
    }
}

/// What the rules say, before cuts and memory.
struct Evidence {
    result: TierResult,
    floor: RiskTier,
    ceiling: RiskTier,
    column: usize,
}

impl TierTable {
    /// For a policy that was validated.
    pub(super) fn new(policy: &TierPolicy) -> Self {
        let mut decline = 0;
        let mut overrides = 0;
        let mut floors = [0u64; 4];
        let mut ceilings = [0u64; 4];
        for (i, rule) in policy.strong.iter().take(MAX_RULES).enumerate() {
            let bit = 1 << i;
            match rule.effect {
                StrongEffect::Decline {} => decline |= bit,
                StrongEffect::Floor { tier } => floors[tier.index()] |= bit,
                StrongEffect::Ceiling { tier } => ceilings[tier.index()] |= bit,
                StrongEffect::Override { tier } => {
                    floors[tier.index()] |= bit;
                    overrides |= bit;
                }
            }
        }
        let weak = || policy.weak.iter().take(MAX_RULES);
        let members = |name: Option<&str>| {
            weak().enumerate().filter(|(_, rule)| rule.group.as_deref() == name).fold(0, |bits, (i, _)| bits | 1 << i)
        };
        TierTable {
            measure: policy.measure,
            cuts: policy.cuts,
            memory: Memory::new(policy.hysteresis.as_ref(), policy.cuts),
            matrix: policy.matrix.as_ref().map(super::TierMatrix::resolve),
            strong: RuleSet::new(policy.strong.iter().map(|rule| rule.on_missing)),
            decline,
            floors: floors.into(),
            ceilings: ceilings.into(),
            overrides,
            weak: RuleSet::new(weak().map(|_| OnMissing::NoHit)),
            points: BitSums::new(&weak().map(|rule| thousandths(rule.points).unwrap_or(0)).collect::<Vec<_>>()),
            groups: policy.groups.iter().map(|g| (members(Some(&g.name)), thousandths(g.cap).unwrap_or(0))).collect(),
            free: members(None),
            per_notch: thousandths(policy.points_per_notch).unwrap_or(u64::MAX),
            max_notches: policy.max_notches,
            overlays: RuleSet::new(policy.overlays.iter().map(|overlay| overlay.on_missing)),
            overlay_notches: BitSums::new(&policy.overlays.iter().map(|overlay| overlay.notches.into()).collect::<Vec<_>>()),
            weak_until: weak().map(|rule| rule.until).collect(),
            overlay_days: policy.overlays.iter().map(|overlay| (overlay.from, overlay.until)).collect(),
        }
    }

    /// What is in force on a day. A policy without dates needs none.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when a day is needed and none is given.
    pub fn on(&self, as_of: Option<Date>) -> Result<TierDay> {
        if self.overlay_days.is_empty() && self.weak_until.iter().all(Option::is_none) {
            return Ok(TierDay::default());
        }
        let day = as_of.ok_or_else(|| {
            let what = "the day is needed: overlays and rules of the tier policy are dated";
            Error::data(Problem::new(what, "pass as_of").field("as_of"))
        })?;
        let bits =
            |held: &mut dyn Iterator<Item = bool>| held.enumerate().fold(0, |bits, (i, holds)| bits | u64::from(holds) << i);
        Ok(TierDay {
            weak: bits(&mut self.weak_until.iter().map(|until| until.is_none_or(|until| day <= until))),
            overlays: bits(&mut self.overlay_days.iter().map(|(from, until)| *from <= day && day <= *until)),
            expired: bits(&mut self.overlay_days.iter().map(|(_, until)| *until < day)),
        })
    }

    /// The tier by the cuts alone. What is not a number is worst.
    #[inline]
    #[must_use]
    pub fn score_tier(&self, score: f64, pd: f64) -> RiskTier {
        self.measure.tier(&self.cuts, self.pick(score, pd))
    }

    /// The best tier that a score and a PD allow, whatever the second measure is and if no rule hits.
    #[must_use]
    pub fn best_tier(&self, score: f64, pd: f64) -> RiskTier {
        let score_tier = self.score_tier(score, pd);
        self.matrix.as_ref().map_or(score_tier, |matrix| matrix.tier(score_tier, 0))
    }

    #[inline]
    fn pick(&self, score: f64, pd: f64) -> f64 {
        match self.measure {
            Measure::Pd => pd,
            Measure::Score => score,
        }
    }

    /// The tier of a case that has none yet. `rule` gives the condition of each rule by its kind and its index in the policy;
    /// `None` means that an input is missing. Without what the cuts compare (NaN) the tier is D and is referred.
    #[must_use]
    pub fn assign(&self, measured: Measured, day: &TierDay, rule: impl Fn(RuleKind, usize) -> Option<bool>) -> TierResult {
        self.assign_told(measured, day, self.ask(rule))
    }

    #[inline]
    pub(crate) fn assign_told(&self, measured: Measured, day: &TierDay, told: TierTold) -> TierResult {
        let evidence = self.evidence(measured, day, told);
        let tier = self.first(&evidence);
        self.with_distances(TierResult { tier, ..evidence.result }, measured, &self.cuts, &self.cuts)
    }

    /// The tier that follows the one that an account has, or its first tier.
    ///
    /// # Errors
    /// [`InvalidData`](crate::ErrorCode::InvalidData) when the account has its tier since a day after `today`.
    pub fn retier(
        &self,
        standing: Option<Standing>,
        today: Date,
        measured: Measured,
        day: &TierDay,
        rule: impl Fn(RuleKind, usize) -> Option<bool>,
    ) -> Result<Retiering> {
        self.retier_told(standing, today, measured, day, self.ask(rule))
    }

    /// What the conditions of all rules say.
    fn ask(&self, rule: impl Fn(RuleKind, usize) -> Option<bool>) -> TierTold {
        TierTold {
            strong: self.strong.ask(|i| rule(RuleKind::Strong, i)),
            weak: self.weak.ask(|i| rule(RuleKind::Weak, i)),
            overlays: self.overlays.ask(|i| rule(RuleKind::Overlay, i)),
        }
    }

    #[inline(always)]
    pub(crate) fn retier_told(
        &self,
        standing: Option<Standing>,
        today: Date,
        measured: Measured,
        day: &TierDay,
        told: TierTold,
    ) -> Result<Retiering> {
        let evidence = self.evidence(measured, day, told);
        let indicated = self.first(&evidence);
        let restarts = evidence.result.strong.hits & self.overrides != 0;
        let Some(standing) = standing else {
            let result = TierResult { tier: indicated, ..evidence.result };
            return Ok(Retiering {
                result: self.with_distances(result, measured, &self.cuts, &self.cuts),
                since: today,
                previous: None,
                indicated,
                held: Held::No,
                forced: evidence.floor > self.measured(&evidence, &self.cuts, measured),
            });
        };
        let days = u32::try_from(i64::from(today.days()) - i64::from(standing.since.days())).map_err(|_| {
            let what = "the tier is held since a day after the day of the run";
            Error::data(Problem::new(what, "run on a later day, or correct the day").field("since"))
        })?;
        let memory = &self.memory;
        let up = self.measured(&evidence, &memory.enter, measured);
        let down = self.measured(&evidence, &memory.exit, measured);
        let (free, held) = memory.follow(standing.tier, days, up, down, evidence.ceiling);
        let tier = free.max(evidence.floor);
        let result = TierResult { tier, ..evidence.result };
        Ok(Retiering {
            result: self.with_distances(result, measured, &memory.enter, &memory.exit),
            since: if restarts || tier != standing.tier { today } else { standing.since },
            previous: Some(standing.tier),
            indicated,
            held: match held {
                _ if tier == indicated => Held::No,
                Held::No | Held::Band if evidence.ceiling == indicated && tier < indicated => Held::Ceiling,
                // It moved, but the border of the indicated tier is another than its cut.
                Held::No => Held::Band,
                held => held,
            },
            forced: evidence.floor > free,
        })
    }

    /// The tier without memory.
    #[inline]
    fn first(&self, evidence: &Evidence) -> RiskTier {
        let measured = self.combine(evidence, evidence.result.score_tier);
        measured.max(evidence.floor).max(evidence.ceiling)
    }

    /// The tier by borders, matrix and weak evidence.
    #[inline]
    fn measured(&self, evidence: &Evidence, borders: &[f64; 3], measured: Measured) -> RiskTier {
        self.combine(evidence, self.measure.tier(borders, self.pick(measured.score, measured.pd)))
    }

    #[inline]
    fn combine(&self, evidence: &Evidence, score_tier: RiskTier) -> RiskTier {
        let base = self.matrix.as_ref().map_or(score_tier, |matrix| matrix.tier(score_tier, evidence.column));
        base.worse_by(evidence.result.notches)
    }

    #[inline]
    fn with_distances(&self, result: TierResult, measured: Measured, enter: &[f64; 3], exit: &[f64; 3]) -> TierResult {
        let value = self.pick(measured.score, measured.pd);
        let tier = result.tier.index();
        let border = |borders: &[f64; 3], at: Option<usize>| at.and_then(|at| borders.get(at)).copied().unwrap_or(f64::NAN);
        TierResult {
            to_better: self.measure.beyond(border(enter, tier.checked_sub(1)), value),
            to_worse: -self.measure.beyond(border(exit, Some(tier)), value),
            ..result
        }
    }

    #[inline(always)]
    fn evidence(&self, measured: Measured, day: &TierDay, told: TierTold) -> Evidence {
        let value = self.pick(measured.score, measured.pd);
        let strong = self.strong.hits(told.strong);
        let weak = self.weak.hits(told.weak).among(day.weak);
        let all = self.overlays.hits(told.overlays);
        let overlays = all.among(day.overlays);
        let notches = (self.notches(weak.hits) + self.overlay_notches.of(overlays.hits)).min(u64::from(u8::MAX)) as u8;
        Evidence {
            result: TierResult {
                tier: RiskTier::D,
                score_tier: self.measure.tier(&self.cuts, value),
                notches,
                decline: strong.hits & self.decline != 0,
                refer: strong.refer != 0 || overlays.refer != 0 || value.is_nan(),
                unmeasured: value.is_nan(),
                strong,
                weak,
                overlays,
                expired: all.among(day.expired).hits,
                to_better: f64::NAN,
                to_worse: f64::NAN,
            },
            floor: worst(&self.floors, strong.hits),
            ceiling: worst(&self.ceilings, strong.hits),
            column: self.matrix.as_ref().map_or(0, |matrix| matrix.column(measured.bureau)),
        }
    }

    /// At most 64 rules of at most 10⁹ thousandths, so no sum can overflow.
    #[inline]
    fn notches(&self, hits: u64) -> u64 {
        let grouped: u64 = self.groups.iter().map(|(members, cap)| self.points.of(hits & members).min(*cap)).sum();
        let whole = (grouped + self.points.of(hits & self.free)) / self.per_notch;
        whole.min(u64::from(self.max_notches))
    }
}

/// The worst tier of the rules that hit; A when none does.
#[inline]
fn worst(by_tier: &ByTier<u64>, hits: u64) -> RiskTier {
    let notches = |(tier, bits): (RiskTier, &u64)| if hits & bits != 0 { tier.index() as u8 } else { 0 };
    RiskTier::A.worse_by(by_tier.iter().map(notches).max().unwrap_or(0))
}
