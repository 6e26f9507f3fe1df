//! Weight of evidence and information value of one bin.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::data::WEIGHT_UNIT;
use crate::math::ln;
use crate::stats::Counts;

/// What the bins make as large as possible: a measure of how far apart the distributions of events and non-events over
/// the bins lie. With g and b the shares of all non-events and of all events in a bin, a bin adds what is given below
/// (the divergences of optbinning's documentation). All are convex and positively homogeneous in (g, b).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// (g − b)·ln(g/b), the information value (Jeffreys' divergence).
    #[default]
    InformationValue,
    /// ½·(g·ln(g/m) + b·ln(b/m)) with m = (g + b)/2, the Jensen–Shannon divergence; in all at most ln 2.
    JensenShannon,
    /// ½·(√g − √b)², the Hellinger discrepancy; in all at most 1.
    Hellinger,
}

impl Objective {
    /// At least what a bin that holds both classes adds, from fewer steps: ln x ≤ (x − 1)/√x for x ≥ 1.
    pub(super) fn at_most(self, bin: Counts, all: Counts) -> f64 {
        match self {
            Objective::InformationValue => {
                let good = bin.non_events as f64 / all.non_events as f64;
                let bad = bin.events as f64 / all.events as f64;
                (good - bad) * (good - bad) / (good * bad).sqrt() * (1.0 + 1e-12)
            }
            Objective::JensenShannon | Objective::Hellinger => self.value(bin, all),
        }
    }

    /// What a bin that holds both classes adds.
    pub(super) fn value(self, bin: Counts, all: Counts) -> f64 {
        let good = bin.non_events as f64 / all.non_events as f64;
        let bad = bin.events as f64 / all.events as f64;
        match self {
            Objective::InformationValue => (good - bad) * ln(good / bad),
            Objective::JensenShannon => {
                let middle = 0.5 * (good + bad);
                let part = |share: f64| if share > 0.0 { share * ln(share / middle) } else { 0.0 };
                // Rounding must not turn the value of equal shares negative.
                (0.5 * (part(good) + part(bad))).max(0.0)
            }
            Objective::Hellinger => {
                let difference = good.sqrt() - bad.sqrt();
                0.5 * difference * difference
            }
        }
    }
}

/// How added rows divide into events and non-events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prior {
    /// Half and half: a bin of few rows is pulled towards even odds (Jeffreys for a half of a row each).
    #[default]
    Even,
    /// As all rows do: a bin of few rows is pulled towards a weight of evidence of 0.
    Overall,
}

/// What is added to the counts of a bin when its weight of evidence is taken.
///
/// A plain number stands for as many rows in each class:
///
/// ```
/// use scoreline::{binning::{Prior, Smoothing, woe}, stats::Counts};
/// let (bin, all) = (Counts { non_events: 1 << 20, events: 0 }, Counts { non_events: 950 << 20, events: 50 << 20 });
/// assert!(woe(bin, all, 0.5).unwrap() < -1.8); // one good row, and a bad score
/// let shrunk = Smoothing { rows: 5.0, prior: Prior::Overall };
/// assert!((woe(bin, all, shrunk).unwrap() - (10.5f64 / 9.5).ln()).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Smoothing {
    /// Half of the rows that are added.
    pub rows: f64,
    /// How they divide.
    pub prior: Prior,
}

impl From<f64> for Smoothing {
    fn from(rows: f64) -> Self {
        Smoothing { rows, prior: Prior::Even }
    }
}

impl Smoothing {
    /// The rows that are added to non-events and to events.
    fn added(self, all: Counts) -> (f64, f64) {
        match self.prior {
            Prior::Even => (self.rows, self.rows),
            Prior::Overall => {
                let total = rows(all.non_events) + rows(all.events);
                (2.0 * self.rows * rows(all.non_events) / total, 2.0 * self.rows * rows(all.events) / total)
            }
        }
    }

    /// Odds of a non-event in the bin, as a share of each class; rises with the weight of evidence.
    fn odds(self, bin: Counts, all: Counts) -> f64 {
        let (non_events, events) = self.added(all);
        let good = (rows(bin.non_events) + non_events) / rows(all.non_events);
        let bad = (rows(bin.events) + events) / rows(all.events);
        good / bad
    }

    /// Compares the weights of evidence of two bins that hold both classes, the higher first: as event rates compare.
    /// Values that may be equal after rounding are equal.
    pub(super) fn order(self, a: Counts, b: Counts, all: Counts) -> Ordering {
        let ratio = self.odds(b, all) / self.odds(a, all) - 1.0;
        if ratio.abs() < 1e-13 { Ordering::Equal } else { ratio.total_cmp(&0.0) }
    }
}

/// Weight of evidence: ln(share of all non-events in the bin / share of all events in the bin), so that a
/// positive value is good (Siddiqi, *Credit Risk Scorecards*; other libraries use the opposite sign).
///
/// The rows of `smoothing` are added to both counts of the bin, and the totals stay as they are. An empty bin says
/// nothing and gets 0. `None` when the value would be infinite: one class is absent and nothing is added.
///
/// ```
/// use scoreline::{binning::woe, stats::Counts};
/// let (bin, all) = (Counts { non_events: 30, events: 10 }, Counts { non_events: 100, events: 100 });
/// assert!((woe(bin, all, 0.0).unwrap() - 3f64.ln()).abs() < 1e-15);
/// ```
#[must_use]
pub fn woe(bin: Counts, all: Counts, smoothing: impl Into<Smoothing>) -> Option<f64> {
    if bin.total() == 0 {
        return Some(0.0);
    }
    let value = ln(smoothing.into().odds(bin, all));
    value.is_finite().then_some(value)
}

/// What the bin adds to the information value: (share of non-events − share of events) × weight of evidence.
///
/// The information value measures what was seen, so the counts are not smoothed; only where one class is
/// absent, and the strict value would be infinite, the smoothed weight of evidence is used. `None` when that
/// is infinite too.
#[must_use]
pub fn information_value(bin: Counts, all: Counts, smoothing: impl Into<Smoothing>) -> Option<f64> {
    if bin.events > 0 && bin.non_events > 0 {
        return Some(Objective::InformationValue.value(bin, all));
    }
    let difference = rows(bin.non_events) / rows(all.non_events) - rows(bin.events) / rows(all.events);
    Some(difference * woe(bin, all, smoothing)?)
}

/// A weight in rows.
pub(super) fn rows(units: u64) -> f64 {
    units as f64 * WEIGHT_UNIT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::WEIGHT_ONE;

    fn counts(non_events: u64, events: u64) -> Counts {
        Counts { non_events: non_events * WEIGHT_ONE, events: events * WEIGHT_ONE }
    }

    /// UCI Statlog German credit: levels, goods, bads, strict WoE, WoE with 0.5 added, IV. The IV of the
    /// first is published (0.6660115034, R package scorecard and others).
    #[test]
    fn german_credit_gives_the_published_figures() {
        let all = counts(700, 300);
        let checking = [
            (139, 135, -0.8180987056949413, -0.8182048994455389),
            (164, 105, -0.40139178272052856, -0.4030982430978982),
            (49, 14, 0.4054651081081644, 0.3805261597609123),
            (348, 46, 1.1762632228981758, 1.1668880572200644),
        ];
        let foreign = [(667, 296, -0.03486726879564027, -0.03580568855057916), (33, 4, 1.262915339959386, 1.1601701816675432)];
        for (table, published) in [(&checking[..], 0.6660115034), (&foreign[..], 0.04387741201028898)] {
            let mut value = 0.0;
            for &(good, bad, strict, smoothed) in table {
                let bin = counts(good, bad);
                assert!((woe(bin, all, 0.0).unwrap() - strict).abs() < 1e-12);
                assert!((woe(bin, all, 0.5).unwrap() - smoothed).abs() < 1e-12);
                value += information_value(bin, all, 0.5).unwrap();
            }
            assert!((value - published).abs() < 1e-10);
        }
    }

    #[test]
    fn the_quick_bound_of_a_value_is_not_below_it() {
        let all = counts(1_000, 500);
        for (good, bad) in [(1, 400), (900, 1), (2, 1), (200, 100), (201, 100), (100, 51), (7, 9)] {
            for objective in [Objective::InformationValue, Objective::JensenShannon, Objective::Hellinger] {
                let bin = counts(good, bad);
                assert!(objective.at_most(bin, all) >= objective.value(bin, all));
            }
        }
    }

    #[test]
    fn bins_of_one_class_need_smoothing_and_empty_bins_say_nothing() {
        let all = counts(700, 300);
        assert_eq!(woe(counts(10, 0), all, 0.0), None);
        assert_eq!(information_value(counts(0, 10), all, 0.0), None);
        assert!(woe(counts(10, 0), all, 0.5).unwrap() > 0.0);
        assert!(information_value(counts(0, 10), all, 0.5).unwrap() > 0.0);
        assert_eq!(woe(counts(0, 0), all, 0.5), Some(0.0));
        assert_eq!(information_value(counts(0, 0), all, 0.0), Some(0.0));
    }
}
