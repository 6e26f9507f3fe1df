//! Weight of evidence and information value of one bin.

use crate::data::WEIGHT_UNIT;
use crate::math::ln;
use crate::stats::Counts;

/// Weight of evidence: ln(share of all non-events in the bin / share of all events in the bin), so that a
/// positive value is good (Siddiqi, *Credit Risk Scorecards*; other libraries use the opposite sign).
///
/// `smoothing` rows are added to both counts of the bin, and the totals stay as they are. An empty bin says
/// nothing and gets 0. `None` when the value would be infinite: one class is absent and `smoothing` is 0.
///
/// ```
/// use scoreline::{binning::woe, stats::Counts};
/// let (bin, all) = (Counts { non_events: 30, events: 10 }, Counts { non_events: 100, events: 100 });
/// assert!((woe(bin, all, 0.0).unwrap() - 3f64.ln()).abs() < 1e-15);
/// ```
#[must_use]
pub fn woe(bin: Counts, all: Counts, smoothing: f64) -> Option<f64> {
    if bin.total() == 0 {
        return Some(0.0);
    }
    let good = (rows(bin.non_events) + smoothing) / rows(all.non_events);
    let bad = (rows(bin.events) + smoothing) / rows(all.events);
    let value = ln(good / bad);
    value.is_finite().then_some(value)
}

/// What the bin adds to the information value: (share of non-events − share of events) × weight of evidence.
///
/// The information value measures what was seen, so the counts are not smoothed; only where one class is
/// absent, and the strict value would be infinite, the smoothed weight of evidence is used. `None` when that
/// is infinite too.
#[must_use]
pub fn information_value(bin: Counts, all: Counts, smoothing: f64) -> Option<f64> {
    if bin.events > 0 && bin.non_events > 0 {
        return Some(strict_value(bin, all));
    }
    let difference = rows(bin.non_events) / rows(all.non_events) - rows(bin.events) / rows(all.events);
    Some(difference * woe(bin, all, smoothing)?)
}

/// The information value of a bin that holds both classes.
pub(super) fn strict_value(bin: Counts, all: Counts) -> f64 {
    let good = bin.non_events as f64 / all.non_events as f64;
    let bad = bin.events as f64 / all.events as f64;
    (good - bad) * ln(good / bad)
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
