//! Cuts that people can read: 2500 in place of 2487.31.

use std::cmp::Ordering;

use super::bins::FeatureBins;
use super::config::{BinningConfig, Limits, Trend};
use super::edit::declared;
use super::fit::total;
use super::optimum::{Curve, by_rate, neighbours_hold};
use super::table::{information_value, woe};
use super::{Observed, PeriodCounts, Values};
use crate::error::Result;
use crate::stats::{Cell, Counts};

/// `cuts` of `bins`, each rounded to as few significant digits as possible while
///
/// * the limits hold in every bin, and between all neighbours, where they held, and the trend is kept,
/// * event rate and weight of evidence rise and fall from bin to bin as before,
/// * the ordinary bins keep at least the share 1 − `max_iv_loss` of their information value.
///
/// One digit is taken at a time, first from the cuts with the most, and among those from the one that keeps the most
/// information; each cut goes to one of the two numbers of so many digits around where it was at first. Between two
/// values that follow each other every cut is the same, so many digits are free.
pub(super) fn rounded(
    bins: &FeatureBins,
    cuts: &[f64],
    observed: &Observed<'_>,
    periods: &[PeriodCounts<'_>],
    config: &BinningConfig,
    max_iv_loss: f64,
) -> Result<Vec<f64>> {
    let Values::Numeric { cells, .. } = observed.values else { return Ok(cuts.to_vec()) };
    let all = total(observed)?;
    let held: Vec<(usize, &Cell)> = cells.iter().enumerate().filter(|(_, cell)| cell.counts.total() > 0).collect();
    let mut curve = Curve::new(held.iter().map(|(_, cell)| cell.counts), all, config.objective)?;
    for period in periods {
        curve.add_period(held.iter().map(|(at, _)| period.counts.get(*at).copied().unwrap_or_default()))?;
    }
    let values = held.iter().map(|(_, cell)| cell.value).collect();
    let sample = Sample { values, curve, all, limits: config.limits(all), trend: declared(bins, config) };

    let start = sample.measure(cuts);
    let Some(start) = start.filter(|start| start.moves.len() + 1 == bins.ordinary()) else { return Ok(cuts.to_vec()) };
    let least = start.value * (1.0 - max_iv_loss) - f64::EPSILON * start.value.abs();
    let mut chosen = cuts.to_vec();
    let most = cuts.iter().map(|cut| digits(*cut)).max().unwrap_or(0);
    for level in (1..most).rev() {
        while let Some((place, cut)) = sample.best(cuts, &chosen, level, &start, least) {
            chosen[place] = cut;
        }
    }
    Ok(chosen)
}

/// The training rows of one numeric feature and what its bins must keep.
struct Sample {
    values: Vec<f64>,
    curve: Curve,
    all: Counts,
    limits: Limits,
    trend: Trend,
}

/// What some cuts come to.
struct Measure {
    value: f64,
    /// Whether each bin is within the limits.
    held: Vec<bool>,
    /// Whether all neighbours are, and the trend is kept.
    neighbours: bool,
    /// From bin to bin, how the event rate and the weight of evidence move.
    moves: Vec<[Ordering; 2]>,
}

impl Sample {
    /// `None` when a bin is empty or infinite in value.
    fn measure(&self, cuts: &[f64]) -> Option<Measure> {
        let borders: Vec<usize> = cuts.iter().map(|cut| self.values.partition_point(|value| value < cut)).collect();
        let bins = self.curve.bins(&borders);
        if bins.iter().any(|bin| bin.total() == 0) {
            return None;
        }
        let values: Option<Vec<f64>> = bins.iter().map(|bin| information_value(*bin, self.all, self.limits.smoothing)).collect();
        let woes: Option<Vec<f64>> = bins.iter().map(|bin| woe(*bin, self.all, self.limits.smoothing)).collect();
        let woes = woes?;
        let moves =
            bins.windows(2).zip(woes.windows(2)).map(|(bins, woes)| [by_rate(bins[0], bins[1]), woes[0].total_cmp(&woes[1])]);
        Some(Measure {
            value: values?.iter().sum(),
            held: bins.iter().map(|bin| self.limits.hold(*bin)).collect(),
            neighbours: neighbours_hold(&self.curve, &self.limits, self.trend, &borders),
            moves: moves.collect(),
        })
    }

    /// The cut of more than `level` digits whose rounding to `level` digits keeps the most information, and its place.
    fn best(&self, original: &[f64], now: &[f64], level: usize, start: &Measure, least: f64) -> Option<(usize, f64)> {
        let mut best: Option<(f64, usize, f64)> = None;
        for (place, _) in now.iter().enumerate().filter(|(_, cut)| digits(**cut) > level) {
            for cut in original.get(place).and_then(|cut| around(*cut, level)).into_iter().flatten() {
                let mut tried = now.to_vec();
                tried[place] = cut;
                if !tried.windows(2).all(|pair| pair[0] < pair[1]) {
                    continue;
                }
                let Some(measure) = self.measure(&tried) else { continue };
                let kept = start.held.iter().zip(&measure.held).all(|(before, now)| *now || !before)
                    && (measure.neighbours || !start.neighbours);
                let better = best.is_none_or(|(value, ..)| measure.value > value);
                if kept && measure.moves == start.moves && measure.value >= least && better {
                    best = Some((measure.value, place, cut));
                }
            }
        }
        best.map(|(_, place, cut)| (place, cut))
    }
}

/// Significant digits of the shortest decimal text that reads back as `x`.
fn digits(x: f64) -> usize {
    let text = format!("{:e}", x.abs());
    text.split('e').next().map_or(0, |significand| significand.chars().filter(char::is_ascii_digit).count())
}

/// The greatest number of `digits` significant digits at or below `x` and the least above it, for a finite `x` other
/// than 0. Formatting a float is exact, so the result is the same everywhere.
fn around(x: f64, digits: usize) -> Option<[f64; 2]> {
    let text = format!("{:.*e}", digits - 1, x);
    let (significand, exponent) = text.split_once('e')?;
    let whole: i64 = significand.replace('.', "").parse().ok()?;
    let exponent: i32 = exponent.parse::<i32>().ok()? - i32::try_from(digits - 1).ok()?;
    let number = |whole: i64, exponent: i32| format!("{whole}e{exponent}").parse::<f64>().ok();
    let nearest = number(whole, exponent)?;
    let step = if nearest <= x { 1 } else { -1 };
    let power = text.trim_start_matches('-').split('e').next().is_some_and(|s| s.replace(['.', '0'], "") == "1");
    // Towards 0 from a power of ten the numbers lie ten times closer.
    let other = if power && (step > 0) != (whole > 0) {
        number(whole * 10 + step, exponent - 1)?
    } else {
        number(whole + step, exponent)?
    };
    Some(if step > 0 { [nearest, other] } else { [other, nearest] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binning::{BinEdit, EditRequest, Editor, ObservedCounts, ObservedValues, Split, Trend, VariableBinning};
    use crate::data::WEIGHT_ONE;
    use crate::stats::ValueCounts;
    use proptest::prelude::*;

    fn counts(rows: &[(f64, bool)]) -> ObservedCounts {
        let mut counts = ValueCounts::new(1 << 16);
        let (values, event): (Vec<f64>, Vec<bool>) = rows.iter().copied().unzip();
        counts.observe(&values, &event, &vec![WEIGHT_ONE; rows.len()]);
        ObservedCounts { values: ObservedValues::Number { counts }, special: Vec::new(), missing: Counts::default() }
    }

    fn ask(max_iv_loss: f64) -> EditRequest {
        let edit = BinEdit::Readable { max_iv_loss };
        EditRequest { edit, author: "a".to_owned(), reason: "r".to_owned(), at: None, override_trend: false }
    }

    #[test]
    fn digits_and_neighbours_are_decimal() {
        for (x, n) in [(0.0, 1), (2500.0, 2), (-0.1, 1), (0.1 + 0.2, 17), (1e20, 1), (2487.31, 6)] {
            assert_eq!(digits(x), n, "{x}");
        }
        for (x, n, low, high) in [
            (2487.31, 2, 2400.0, 2500.0),
            (2487.31, 1, 2000.0, 3000.0),
            (0.96, 1, 0.9, 1.0),
            (-0.96, 1, -1.0, -0.9),
            (99.96, 3, 99.9, 100.0),
            (1.04, 1, 1.0, 2.0),
            (-1.04, 2, -1.1, -1.0),
            (1e-300 * 1.5, 1, 1e-300, 2e-300),
        ] {
            assert_eq!(around(x, n), Some([low, high]), "{x}");
        }
    }

    #[test]
    fn a_cut_between_two_values_loses_its_digits_for_nothing() {
        let rows: Vec<(f64, bool)> =
            (0..400).map(|i| (if i % 2 == 0 { 17.318 } else { 24.796 }, i % 8 < 3 && i % 2 == 0 || i % 40 == 1)).collect();
        let observed = counts(&rows);
        let config = BinningConfig::default();
        let bins = observed.bin("x", &config).unwrap();
        assert_eq!(bins.split, Split::Numeric { cuts: vec![24.796] });
        let mut editor = Editor::new(observed, bins, config).unwrap();
        let after = editor.apply(ask(0.0)).unwrap();
        assert_eq!(after.split, Split::Numeric { cuts: vec![20.0] });
        assert_eq!(after.bins[0].label, "(-inf, 20)");
        assert_eq!(after.edits[0].iv_before, after.edits[0].iv_after);
    }

    #[test]
    fn the_settings_ask_for_readable_cuts_and_forced_ones_stay() {
        let rows: Vec<(f64, bool)> =
            (0..2_000).map(|i| (f64::from(i) * 1.7 + 0.31, (i * 37) % 2_000 < 1_600 - i * 3 / 4)).collect();
        let observed = counts(&rows);
        let exact = BinningConfig { max_bins: 6, ..BinningConfig::default() };
        let config = BinningConfig { readable: Some(0.01), ..exact.clone() };
        let exact = observed.bin("x", &exact).unwrap();
        let bins = observed.bin("x", &config).unwrap();
        let Split::Numeric { cuts } = &bins.split else { panic!("numbers") };
        assert!(cuts.iter().map(|cut| digits(*cut)).sum::<usize>() <= 3 * cuts.len(), "{cuts:?}");
        assert!(bins.iv >= 0.99 * exact.iv && bins.iv < exact.iv);
        assert_eq!((bins.edits[0].iv_before, bins.edits[0].iv_after), (exact.iv, bins.iv));
        assert_eq!(bins.certificate.bound, exact.certificate.bound);
        assert!(!bins.certificate.optimal && bins.certificate.gap > exact.certificate.gap);
        let forced = VariableBinning { cuts: Some(vec![1000.31]), ..VariableBinning::default() };
        let config = BinningConfig { variables: [("x".to_owned(), forced)].into(), ..config };
        assert_eq!(observed.bin("x", &config).unwrap().split, Split::Numeric { cuts: vec![1000.31] });
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// The promise, checked against the rows themselves.
        #[test]
        fn limits_trend_and_loss_are_kept(seed in 0..1_000u64, loss in prop_oneof![Just(0.0), Just(0.01), Just(0.2)], falling: bool) {
            let rows: Vec<(f64, bool)> = (0..3_000u64).map(|i| {
                let u = (i.wrapping_mul(2_654_435_761).wrapping_add(seed * 7_919) % 100_003) as f64 / 100_003.0;
                let v = (i.wrapping_mul(40_503).wrapping_add(seed * 104_729) % 10_007) as f64 / 10_007.0;
                let x = if falling { -u } else { u };
                (x * 1234.5678 + 77.7, v < 0.05 + 0.4 * u)
            }).collect();
            let observed = counts(&rows);
            let config = BinningConfig { trend: if falling { Trend::Decreasing } else { Trend::Increasing }, ..BinningConfig::default() };
            let bins = observed.bin("x", &config).unwrap();
            prop_assume!(bins.ordinary() > 2);
            let mut editor = Editor::new(observed, bins.clone(), config.clone()).unwrap();
            let after = editor.apply(ask(loss)).unwrap();
            let (Split::Numeric { cuts: before }, Split::Numeric { cuts }) = (&bins.split, &after.split) else { panic!("numbers") };
            let (sum, least) = (|x: &[f64]| x.iter().map(|cut| digits(*cut)).sum::<usize>(), bins.iv * (1.0 - loss));
            prop_assert!(sum(cuts) <= sum(before) && after.iv >= least - 1e-12);
            if loss == 0.2 {
                prop_assert!(sum(cuts) < sum(before));
            }
            let woe: Vec<f64> = after.bins[..cuts.len() + 1].iter().map(|bin| bin.woe).collect();
            let strict = woe.windows(2).all(|pair| pair[0] != pair[1] && (pair[0] < pair[1]) == falling);
            prop_assert!(strict);
            for (k, bin) in after.bins[..cuts.len() + 1].iter().enumerate() {
                let (low, high) = (if k == 0 { f64::MIN } else { cuts[k - 1] }, cuts.get(k).copied().unwrap_or(f64::MAX));
                let inside: Vec<&(f64, bool)> = rows.iter().filter(|(x, _)| *x >= low && *x < high).collect();
                prop_assert_eq!(bin.events, inside.iter().filter(|row| row.1).count() as f64);
                prop_assert_eq!(bin.events + bin.non_events, inside.len() as f64);
                prop_assert!(inside.len() as f64 >= 0.05 * rows.len() as f64);
            }
        }
    }
}
